"""How long it takes from one event to another, group by group."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from application.evaluation.curves import Curves, curves
from application.evaluation.followed import grouped
from application.evaluation.happenings import happening
from application.evaluation.spells import Span, stay_of
from application.evaluation.suppression import THRESHOLD
from application.evaluation.survival import Stay
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


@dataclass(frozen=True, slots=True)
class SurvivalAsked:
    """From which event until which, what can come first instead, and by which trait.

    `within`: means are of so many days. Numbers below `threshold` are withheld.
    """

    of: OfJourneys
    begins: str
    until: str
    competing: tuple[str, ...] = ()
    by: str | None = None
    closing_ends: bool = False
    within: float | None = None
    threshold: int = THRESHOLD

    def span(self) -> Span:
        """Return what is measured. Raises CannotEvaluate for what cannot be asked."""
        check_trait("by", self.by)
        span = Span(
            meant("from", self.begins, happening),
            meant("until", self.until, happening),
            tuple(meant("competing", one, happening) for one in self.competing),
            self.closing_ends,
        )
        if len(set(self.ends)) < len(self.ends):
            raise CannotEvaluate("competing", said("what ends it is named twice"))
        return span

    def check(self) -> None:
        """Raise CannotEvaluate for what cannot be asked."""
        self.span()

    @property
    def ends(self) -> list[str]:
        """What ends it: the awaited first, then the competing."""
        return [self.until, *self.competing]


class Survival(NamedTuple):
    """The curves, and the answer as JSON has it."""

    found: Curves
    told: dict[str, Any]


def survival(source: Source, asked: SurvivalAsked) -> Survival:
    """Return how long it takes. Raises CannotEvaluate."""
    span = asked.span()
    read = journeys_asked(source, asked.of)
    groups, persons = _stays(read, span, asked)
    found = curves(
        groups, asked.ends, threshold=asked.threshold, mean_until=asked.within, persons=persons
    )
    begun, least = sum(map(len, groups.values())), asked.threshold
    came = {one for those in persons.values() for one in those}
    others = {one.person for one in read.journeys} - came
    every = len(read.journeys)
    # Where all journeys began, their number is that of those, and tells of nobody else.
    telling = found.stays is not None if every == begun else len(others) >= least
    told = {
        "programme": asked.of.programme,
        "begins": asked.begins,
        "ends": asked.ends,
        "clocks": read.clocks,
        "journeys": every if telling else None,
        "begun": found.stays,
        "threshold": least,
        "unseen": unseen(read, (span.until, *span.competing)),
        "groups": found.groups,
        "log_rank": found.log_rank,
    }
    return Survival(found, told)


def _stays(
    read: Read, span: Span, asked: SurvivalAsked
) -> tuple[dict[str | None, list[Stay]], dict[str | None, list[str]]]:
    """Return the stays of each group, and whose each is.

    The groups are in the order of their names; what is not known comes last.
    """
    groups: dict[str | None, list[Stay]] = {}
    persons: dict[str | None, list[str]] = {}
    for group, one in grouped(read.journeys, asked.by):
        stay = stay_of(one, span, read.followed_until)
        if stay is not None:
            groups.setdefault(group, []).append(stay)
            persons.setdefault(group, []).append(one.person)
    if not groups:
        nobody = said(
            "no journey of {programme} came to {begins}",
            programme=asked.of.programme,
            begins=asked.begins,
        )
        raise CannotEvaluate("from", nobody)
    names = sorted(groups, key=lambda x: (x is None, x or ""))
    return {name: groups[name] for name in names}, persons
