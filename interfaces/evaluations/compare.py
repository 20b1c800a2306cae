"""Two groups of journeys by what came of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from application.evaluation.comparison import Comparison, Counted, Design, compared
from application.evaluation.followed import TRAITS, Followed
from application.evaluation.funnels import Kind
from application.evaluation.happenings import Happening, happening
from application.evaluation.outcomes import Outcome, outcome
from application.evaluation.suppression import THRESHOLD
from application.vocabulary import said_where_known
from domain.wording import said
from interfaces.evaluations.reading import (
    CannotEvaluate,
    OfJourneys,
    Read,
    Source,
    check_trait,
    journeys_asked,
    meant,
    unseen,
)


class Groups(NamedTuple):
    """What tells the groups apart as at a day: the first (True), the second, or neither (None).

    `trait` is what journeys are told apart by, where it may not be known of some; `happenings` are
    what the first had.
    """

    names: tuple[str, str]
    design: Design
    is_first: Callable[[Followed, date], bool | None]
    trait: Callable[[Followed], str | None] = lambda _: ""
    happenings: tuple[Happening, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonAsked:
    """By which outcome, and one of `treated`, `since` and `by`, which tells the groups apart.

    `standardise` are traits that are evened out. Numbers below `threshold` are withheld.
    """

    of: OfJourneys
    outcome: str
    treated: str | None = None
    since: date | None = None
    by: str | None = None
    standardise: tuple[str, ...] = ()
    threshold: int = THRESHOLD

    def check(self) -> None:
        """Raise CannotEvaluate for what cannot be asked."""
        self.groups()
        self.what()

    def groups(self) -> Groups:
        """Return the two groups. Raises CannotEvaluate."""
        if sum(x is not None for x in (self.treated, self.since, self.by)) != 1:
            one = said("say one of treated, since and by: it tells the two groups apart")
            raise CannotEvaluate("by", one)
        if self.treated is not None:
            had = meant("treated", self.treated, happening)
            names = (self.treated, said("no {event}", event=self.treated))
            return Groups(
                names,
                Design.TREATED,
                lambda one, last: any(True for _ in had.days(one.entries, last)),
                happenings=(had,),
            )
        day = self.since
        if day is not None:
            names = (said("since {day}", day=day), said("before {day}", day=day))
            return Groups(names, Design.BEFORE_AFTER, lambda one, _: one.started_on >= day)
        return _by_trait(str(self.by))

    def what(self) -> Outcome:
        """Return what is compared. Raises CannotEvaluate for what cannot be asked."""
        for trait in self.standardise:
            check_trait("standardise", trait)
        return meant("outcome", self.outcome, outcome)


class Compared(NamedTuple):
    """The comparison, and the answer as JSON has it."""

    found: Comparison
    told: dict[str, Any]


def compare(source: Source, asked: ComparisonAsked) -> Compared:
    """Compare two groups by what came of them. Raises CannotEvaluate."""
    groups, what = asked.groups(), asked.what()
    read = journeys_asked(source, asked.of)
    strata_by = tuple(dict.fromkeys(asked.standardise))
    found = compared(
        _people(read, groups, what, strata_by),
        groups.names,
        is_share=what.kind is Kind.SHARE,
        is_count=what.kind is Kind.RATE,
        design=groups.design,
        strata_by=strata_by,
        threshold=asked.threshold,
        ungrouped=_ungrouped(read, groups, what),
    )
    keys = {name: getattr(found, name) for name in Comparison.__dataclass_fields__}
    told = {"programme": asked.of.programme, "outcome": asked.outcome, "clocks": read.clocks}
    never = unseen(read, (*what.happenings, *groups.happenings))
    return Compared(found, {**told, "unseen": never, **keys})


def _people(read: Read, groups: Groups, what: Outcome, strata_by: tuple[str, ...]) -> list[Counted]:
    """Return the journeys of either group with their values; None where it is not known."""
    people, last = [], read.followed_until
    for one in read.journeys:
        is_first, values = groups.is_first(one, last), what.values(one, last)
        if is_first is not None:
            stratum = tuple(TRAITS[trait](one) for trait in strata_by)
            known = [None] if values is None else values
            people += [Counted(is_first, stratum, value, one.person) for value in known]
    return people


def _ungrouped(read: Read, groups: Groups, what: Outcome) -> int:
    """Return of how many journeys that count it is not known in which group they are."""
    unknown = (one for one in read.journeys if groups.trait(one) is None)
    return sum(what.values(one, read.followed_until) != [] for one in unknown)


def _by_trait(by: str) -> Groups:
    trait, _, values = by.partition("=")
    check_trait("by", trait)
    first, dots, second = values.partition("..")
    if not first or (dots and not second):
        form = said(
            "{by!r}: write the trait with one value or two, such as gender=female..male", by=by
        )
        raise CannotEvaluate("by", form)
    if first == second:
        twice = said("{value!r} is named twice: the groups would be one", value=first)
        raise CannotEvaluate("by", twice)

    def is_first(one: Followed, _: date) -> bool | None:
        found = TRAITS[trait](one)
        if found is None or not second:
            return None if found is None else found == first
        return {first: True, second: False}.get(found)

    if trait == "gender":
        first, second = said_where_known(trait, first), said_where_known(trait, second)
    names = (first, second or said("all others"))
    return Groups(names, Design.TRAIT, is_first, TRAITS[trait])
