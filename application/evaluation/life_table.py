"""Days taken together, so that no row of a curve tells of few, and what is reckoned of the rows.

A share reckoned of each day's numbers tells the order in which some ended and others were censored
among days that are told together: 25 at risk, of whom 5 end and 5 are censored, leave 79.2 % where
one was censored before the five ended, and 78.3 % where two were. So what is told is reckoned of
the told rows alone, and says nothing that they do not: by the life table, in which those censored
in a row count as at risk for half of it, and those who end are spread evenly over its days (S. J.
Cutler and F. Ederer, Journal of Chronic Diseases 8 (1958), 699-712).
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from application.evaluation.survival import (
    CENSORED,
    Day,
    RestrictedMean,
    Stay,
    Step,
    days_of,
    within_followed,
)


class Whose(NamedTuple):
    """A stay, and whose it is. `part`: in which part of all of them, where each part is told."""

    person: Hashable
    stay: Stay
    part: int = 0


class Stretch(NamedTuple):
    """Days told together: `at_risk` as they began, what ended how often on them, how many left."""

    days: float
    at_risk: int
    ended: Mapping[int, int]
    censored: int

    def as_day(self) -> Day:
        """Return it as one day, on which those censored were at risk for half of it."""
        return Day(self.days, self.at_risk - self.censored / 2, self.ended, self.censored)


_Ends: TypeAlias = dict[tuple[int, int], set[Hashable]]
"""Who came to each way to end, by part and way."""


def last_days(whose: Iterable[Whose], threshold: int) -> list[float]:
    """Return the last day of each stretch: in each part each number is 0 or of enough persons.

    The last stretch takes in those before it until that holds of it, too.
    """
    by_day: dict[float, _Ends] = {}
    for person, stay, part in whose:
        by_day.setdefault(stay.days, {}).setdefault((part, stay.ended), set()).add(person)
    stretches: list[list[float]] = []
    current: list[float] = []
    those: _Ends = {}
    for day in sorted(by_day):
        current.append(day)
        _take_in(those, by_day[day])
        if _enough(those, threshold):
            stretches.append(current)
            current, those = [], {}
    while current and not _enough(those, threshold) and stretches:
        before = stretches.pop()
        current = before + current
        for day in before:
            _take_in(those, by_day[day])
    return [one[-1] for one in ([*stretches, current] if current else stretches)]


def _take_in(those: _Ends, others: _Ends) -> None:
    for ended, some in others.items():
        those.setdefault(ended, set()).update(some)


def _enough(those: _Ends, threshold: int) -> bool:
    return all(len(some) >= threshold for some in those.values())


def last_days_within(whose: Sequence[Whose], threshold: int, edges: Sequence[float]) -> list[float]:
    """Return the same of stretches none of which goes over an edge.

    Up to each edge, from the one before, the numbers must be 0 or of enough.
    """
    found, before = [], -1.0
    for edge in edges:
        found += last_days((x for x in whose if before < x.stay.days <= edge), threshold)
        before = edge
    return found


def stretches_of(stays: Iterable[Stay], last: Sequence[float]) -> Iterator[Stretch]:
    """Yield what happened up to and on each of the last days."""
    days = days_of(stays)
    at_risk = days[0].at_risk if days else 0
    place = 0
    for day in last:
        ended: dict[int, int] = {}
        censored = 0
        while place < len(days) and days[place].days <= day:
            for how, number in days[place].ended.items():
                ended[how] = ended.get(how, 0) + number
            censored += days[place].censored
            place += 1
        yield Stretch(day, int(at_risk), ended, censored)
        at_risk -= sum(ended.values()) + censored


def moments_of(
    groups: Mapping[str, Sequence[Stay]], last: Sequence[float]
) -> list[dict[str, tuple[float, int]]]:
    """Return how many of each group were at risk and ended in each stretch, for a log-rank test."""
    those = {
        name: [one.as_day() for one in stretches_of(stays, last)] for name, stays in groups.items()
    }
    return [
        {name: (days[place].at_risk, days[place].ends) for name, days in those.items()}
        for place in range(len(last))
    ]


def mean_of_table(steps: Sequence[Step], until: float) -> RestrictedMean:
    """Return the mean days without it, of the first `until` days: the area under straight lines.

    Its variance is by the delta method of Greenwood's. Raises ValueError where nobody was followed
    for so long.
    """
    within_followed(steps, until)
    areas, own = [], []
    before, share = 0.0, 1.0
    for step in steps:
        width = step.days - before
        part = min(1.0, max(0.0, until - before) / width) if width else 1.0
        at_end = share + (step.share - share) * part
        areas.append(width * part * (share + at_end) / 2)
        own.append(width * part * part * step.share / 2)
        before, share = step.days, step.share
    variance, beyond = 0.0, sum(areas)
    for step, area, half in zip(steps, areas, own, strict=True):
        beyond -= area
        left = step.at_risk - step.ended
        weight = beyond + half
        variance += weight**2 * step.ended / (step.at_risk * left) if left else 0.0
    return RestrictedMean(until, sum(areas), variance)


def awaited_alone(stays: Iterable[Stay], awaited: int) -> list[Stay]:
    """Return stays as if what competes censored them: then rates of the one way are compared."""
    return [Stay(days, ended if ended == awaited else CENSORED) for days, ended in stays]
