"""`polku evaluate compare`: two groups of journeys by what came of them."""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import typer

from application.evaluation.comparison import Comparison, Counted, Design, compared
from application.evaluation.differences import Estimate
from application.evaluation.followed import TRAITS, Followed
from application.evaluation.funnels import Kind
from application.evaluation.happenings import happening
from application.evaluation.outcomes import outcome
from application.evaluation.standardising import Stratum
from application.evaluation.suppression import THRESHOLD
from interfaces.cli.evaluate.asking import (
    AsAt,
    KnownAt,
    OfProgramme,
    Threshold,
    check_trait,
    journeys_asked,
    meant,
    say_moment,
)
from interfaces.cli.terminal import AsJson, BadInput, Screen, answer, day_of, table


class _Groups(NamedTuple):
    """What tells the groups apart: into the first (True), the second, or neither (None)."""

    names: tuple[str, str]
    design: Design
    is_first: Callable[[Followed], bool | None]


def told_comparison(
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
    as_json: AsJson = False,
) -> None:
    """Compare two groups of journeys by what came of them, with limits, and say what it proves not.

    JSON: programme, outcome, clocks (as_at, known_at, claimed), is_share, sides (name, known,
    missing, estimate: value, low, high), difference (the first's less the second's: value, low,
    high), strata_by, standardised (means, difference, compared, strata: categories, counts, means,
    weight, left_out), withheld, threshold, cautions.
    """
    groups = _groups(treated, since, by)
    for trait in standardise or ():
        check_trait("--standardise", trait)
    what = meant("--outcome", of, outcome)
    asked = journeys_asked(programme, as_at, known_at)
    strata_by = tuple(dict.fromkeys(standardise or ()))
    people = []
    for one in asked.journeys:
        is_first, values = groups.is_first(one), what.values(one, asked.day)
        stratum = tuple(TRAITS[trait](one) for trait in strata_by)
        if is_first is not None:
            known = [None] if values is None else values
            people += [Counted(is_first, stratum, value) for value in known]
    found = compared(
        people,
        groups.names,
        is_share=what.kind is Kind.SHARE,
        design=groups.design,
        strata_by=strata_by,
        threshold=threshold,
    )
    value = {"programme": programme, "outcome": of, "clocks": asked.clocks, **_keys(found)}
    answer(as_json, value, lambda to: _draw(to, found, value))


def _keys(found: Comparison) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Comparison.__dataclass_fields__}


def _groups(treated: str | None, since: str | None, by: str | None) -> _Groups:
    if sum(x is not None for x in (treated, since, by)) != 1:
        raise BadInput("say one of --treated, --since and --by: it tells the two groups apart")
    if treated is not None:
        had = meant("--treated", treated, happening)
        names = (treated, f"no {treated}")
        return _Groups(names, Design.TREATED, lambda one: any(True for _ in had.days(one.entries)))
    day = day_of(since, "--since")
    if day is not None:
        names = (f"since {day}", f"before {day}")
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

    return _Groups((first, second or "all others"), Design.TRAIT, is_first)


def _draw(to: Screen, found: Comparison, value: dict[str, Any]) -> None:
    to.print(f"{value['outcome']}: {'share' if found.is_share else 'mean'}, limits of 95 %.")
    say_moment(to, value["clocks"], found.threshold)
    right = ["Known", "Not known", "Share" if found.is_share else "Mean", "From", "To"]
    drawn = table(None, ("Group", "wrap"), *((name, "right") for name in right))
    for side in found.sides:
        known = "withheld" if side.known is None else f"{side.known:,}"
        drawn.add_row(side.name, known, f"{side.missing:,}", *_three(side.estimate, found))
    drawn.add_row("difference", "", "", *_three(found.difference, found))
    alike = found.standardised
    if alike is not None:
        drawn.add_row("difference, standardised", "", "", *_three(alike.difference, found))
    to.print(drawn)
    if alike is not None:
        _draw_strata(to, alike.strata, found)
    for caution in found.cautions:
        to.print(caution)


def _draw_strata(to: Screen, strata: tuple[Stratum, ...], found: Comparison) -> None:
    right = ["First", "Second", "First's", "Second's", "Weight"]
    drawn = table(
        None,
        (", ".join(found.strata_by), "wrap"),
        *((name, "right") for name in right),
        ("Left out", "wrap"),
    )
    for one in strata:
        drawn.add_row(
            ", ".join("not known" if x is None else x for x in one.categories),
            *(("", "") if one.counts is None else (f"{x:,}" for x in one.counts)),
            *("" if x is None else _number(x, found) for x in one.means),
            "" if one.weight is None else f"{one.weight:.3f}",
            one.left_out,
        )
    to.print(drawn)


def _three(estimate: Estimate | None, found: Comparison) -> list[str]:
    if estimate is None:
        return ["", "", ""]
    three = (estimate.value, estimate.low, estimate.high)
    return ["" if x is None else _number(x, found) for x in three]


def _number(number: float, found: Comparison) -> str:
    return f"{number:.1%}" if found.is_share else f"{number:,.2f}"
