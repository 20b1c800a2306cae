"""`polku evaluate compare`: two groups of journeys by what came of them."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple

import typer

from application.evaluation.comparison import Comparison, Counted, Design, compared
from application.evaluation.followed import TRAITS, Followed
from application.evaluation.funnels import Kind
from application.evaluation.happenings import happening
from application.evaluation.outcomes import Outcome, outcome
from application.evaluation.suppression import THRESHOLD
from domain.wording import said
from interfaces.cli.evaluate.asking import (
    AsAt,
    KnownAt,
    OfProgramme,
    Read,
    Threshold,
    check_trait,
    journeys_asked,
    meant,
)
from interfaces.cli.evaluate.compare_screen import draw
from interfaces.cli.evaluate.speaking import InLanguage, Speaker
from interfaces.cli.language import Language
from interfaces.cli.terminal import AsJson, BadInput, answer, day_of


class _Groups(NamedTuple):
    """What tells the groups apart: into the first (True), the second, or neither (None)."""

    names: tuple[str, str]
    design: Design
    is_first: Callable[[Followed], bool | None]


def told_comparison(  # noqa: PLR0913, PLR0917 - an option each
    programme: OfProgramme,
    of: Annotated[
        str,
        typer.Option(
            "--outcome",
            metavar="WHAT",
            help="A share: EVENT, EVENT:CODE, within:DAYS:EVENT. A mean: days:EVENT..EVENT, "
            "answer:QUESTION, change:QUESTION..QUESTION. Or measure:NAME.",
        ),
    ],
    treated: Annotated[
        str | None,
        typer.Option(metavar="EVENT", help="Those to whom this happened, against the others."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Those who began on this day or later, against before."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="TRAIT=VALUE[..VALUE]",
            help="Those with one value against those with the other, or all others: gender=f..m.",
        ),
    ] = None,
    standardise: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TRAIT",
            help="Even out: age, education, unemployment ...; as often as needed.",
        ),
    ] = None,
    threshold: Threshold = THRESHOLD,
    as_at: AsAt = None,
    known_at: KnownAt = None,
    language: InLanguage = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Compare two groups of journeys by what came of them, with limits, and say what it proves not.

    JSON: programme, outcome, clocks (as_at, known_at, claimed), is_share, sides (name, known,
    missing, estimate: value, low, high), difference (the first's less the second's: value, low,
    high), strata_by, standardised (means, difference, compared, strata: categories, counts, means,
    weight, left_out), withheld, threshold, cautions.
    """
    groups = _groups(treated, since, by)
    strata_by = tuple(dict.fromkeys(standardise or ()))
    for trait in strata_by:
        check_trait("--standardise", trait)
    what = meant("--outcome", of, outcome)
    asked = journeys_asked(programme, as_at, known_at)
    found = compared(
        _people(asked, groups, what, strata_by),
        groups.names,
        is_share=what.kind is Kind.SHARE,
        design=groups.design,
        strata_by=strata_by,
        threshold=threshold,
    )
    value = {"programme": programme, "outcome": of, "clocks": asked.clocks, **_keys(found)}
    answer(as_json, value, lambda to: draw(Speaker(to, language), found, value))


def _people(asked: Read, groups: _Groups, what: Outcome, strata_by: Sequence[str]) -> list[Counted]:
    """Return the journeys of either group with their values; None where it is not known."""
    people = []
    for one in asked.journeys:
        is_first, values = groups.is_first(one), what.values(one, asked.day)
        if is_first is not None:
            stratum = tuple(TRAITS[trait](one) for trait in strata_by)
            known = [None] if values is None else values
            people += [Counted(is_first, stratum, value) for value in known]
    return people


def _keys(found: Comparison) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Comparison.__dataclass_fields__}


def _groups(treated: str | None, since: str | None, by: str | None) -> _Groups:
    if sum(x is not None for x in (treated, since, by)) != 1:
        raise BadInput("say one of --treated, --since and --by: it tells the two groups apart")
    if treated is not None:
        had = meant("--treated", treated, happening)
        names = (treated, said("no {event}", event=treated))
        return _Groups(names, Design.TREATED, lambda one: any(True for _ in had.days(one.entries)))
    day = day_of(since, "--since")
    if day is not None:
        names = (said("since {day}", day=day), said("before {day}", day=day))
        return _Groups(names, Design.BEFORE_AFTER, lambda one: one.started_on >= day)
    return _by_trait(str(by))


def _by_trait(by: str) -> _Groups:
    trait, _, values = by.partition("=")
    check_trait("--by", trait)
    first, dots, second = values.partition("..")
    if not first or (dots and not second):
        raise BadInput(f"--by: {by!r}: write the trait with one value or two, such as gender=f..m")

    def is_first(one: Followed) -> bool | None:
        found = TRAITS[trait](one)
        if found is None or not second:
            return None if found is None else found == first
        return {first: True, second: False}.get(found)

    return _Groups((first, second or said("all others")), Design.TRAIT, is_first)
