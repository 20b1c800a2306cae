"""How long something takes, group by group: curves, medians, means and a test, fit to be shown.

A day on which one client came to it is a small number, too. Under a threshold, days are therefore
taken together until of each way to end, and of those censored, there were none or enough; a group
of which a number must be withheld is shown without its curve. Enough are persons: one can have
several stays. All together are told on fewer days, on which that holds of each group: else their
row less those of the others would tell of few of one. All that is told is reckoned of the rows as
they are told (`life_table`); the test of those of all together.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

from application.evaluation.competing import Incidence, aalen_johansen
from application.evaluation.life_table import (
    Stretch,
    Whose,
    awaited_alone,
    last_days,
    last_days_within,
    mean_of_table,
    moments_of,
    stretches_of,
)
from application.evaluation.published import TOTAL, Counts, Key
from application.evaluation.suppression import THRESHOLD, suppress
from application.evaluation.survival import (
    AWAITED,
    CENSORED,
    Day,
    LogRank,
    Median,
    RestrictedMean,
    Stay,
    Step,
    days_of,
    kaplan_meier,
    log_rank,
    log_rank_of,
    median,
    restricted_mean,
)

ALL = "all"
"""The group of all together."""


class Shown(NamedTuple):
    """A row of a curve: what happened since the row before, up to and on this day.

    `at_risk` are those at risk as it began. `share` is of those to whom nothing has come yet.
    """

    days: float
    at_risk: int
    ended: Mapping[str, int]
    censored: int
    share: float
    low: float
    high: float


class Reached(NamedTuple):
    """A row of an incidence: the share that has come to it first by this day."""

    days: float
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Group:
    """How long it took in one group; all but the name is None or empty where it is withheld.

    `ended` counts by what ended a stay. The median is that of the days until anything ended it:
    where days are taken together, it and its limits are the last of such days.
    `incidence` is by what ended a stay, and only where something competes.
    """

    name: str | None
    withheld: bool
    stays: int | None = None
    ended: Mapping[str, int] | None = None
    censored: int | None = None
    median: Median | None = None
    mean: RestrictedMean | None = None
    curve: tuple[Shown, ...] = ()
    incidence: Mapping[str, tuple[Reached, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Curves:
    """All groups, all together first, and whether they differ by what was waited for.

    `stays` is how many there are in all, None where it is withheld; then no group is named.
    """

    ends: tuple[str, ...]
    groups: tuple[Group, ...]
    log_rank: LogRank | None
    threshold: int
    stays: int | None = None


def curves(
    groups: Mapping[str | None, Sequence[Stay]],
    ends: Sequence[str],
    *,
    threshold: int = THRESHOLD,
    mean_until: float | None = None,
    persons: Mapping[str | None, Sequence[str]] = MappingProxyType({}),
) -> Curves:
    """Return what is to be shown of groups; `ends` names what ended a stay: 1 is the first.

    `persons` says of each stay whose it is; without it each is another's. The means are of the
    first `mean_until` days; None: of as many as every group was followed for. Where it is withheld
    how many there are in all, no group is named: each has one at least, and four of fewer than five
    have one each, as five of five have.
    """
    named: dict[str | None, Sequence[Stay]] = {
        ALL: [stay for stays in groups.values() for stay in stays]
    }
    named.update(groups if len(groups) > 1 else {})
    whose = {name: _whose(stays, persons.get(name)) for name, stays in groups.items()}
    everyone = [one for some in whose.values() for one in some]
    numbers = _numbers_hidden(whose, threshold)
    if (TOTAL, TOTAL) in numbers:
        return Curves(tuple(ends), (Group(ALL, withheld=True),), None, threshold)
    hidden = _hidden(whose, numbers)
    open_ = {name: stays for name, stays in named.items() if stays and name not in hidden}
    until = mean_until if mean_until is not None else _followed_by_all(open_.values())
    shown_of = {name: stays for name, stays in open_.items() if name != ALL}
    edges = _edges(whose, shown_of, threshold)
    told_of = {name: last_days_within(whose[name], threshold, edges) for name in shown_of}
    told_of[ALL] = _edges_of_all(whose, shown_of, edges, threshold)
    shown = [
        _group(
            everyone if name == ALL else whose[name],
            name,
            ends,
            None if threshold <= 1 else told_of[name],
            until,
        )
        if name in open_
        else Group(name, withheld=bool(stays), stays=None if stays else 0)
        for name, stays in named.items()
    ]
    tested = {str(name): awaited_alone(stays, AWAITED) for name, stays in shown_of.items()}
    test = _test(tested, threshold, edges) if len(tested) > 1 else None
    return Curves(tuple(ends), tuple(shown), test, threshold, len(everyone))


def _edges(
    whose: Mapping[str | None, Sequence[Whose]], shown: Collection[str | None], threshold: int
) -> list[float]:
    """Return the last days of stretches in which there are none or enough of each group shown."""
    each = enumerate(name for name in whose if name in shown)
    return last_days(
        [one._replace(part=part) for part, name in each for one in whose[name]], threshold
    )


def _edges_of_all(
    whose: Mapping[str | None, Sequence[Whose]],
    shown: Collection[str | None],
    edges: Sequence[float],
    threshold: int,
) -> list[float]:
    """Return those of the edges on which all together are told: of those not shown, too."""
    parts = []
    for part, (name, some) in enumerate(whose.items(), 1):
        for one in some:
            place = bisect_left(edges, one.stay.days)
            days = edges[place] if place < len(edges) else one.stay.days
            stay = one.stay._replace(days=days)
            parts.append(Whose(one.person, stay, part if name in shown else 0))
    return last_days(parts, threshold)


def _test(
    groups: Mapping[str, Sequence[Stay]], threshold: int, edges: Sequence[float]
) -> LogRank | None:
    """Return the test; None where all days are taken together: there is no pace then."""
    if threshold <= 1:
        return log_rank(groups)
    return log_rank_of(moments_of(groups, edges)) if len(edges) > 1 else None


def _whose(stays: Sequence[Stay], persons: Sequence[str] | None) -> list[Whose]:
    those: Iterable[Hashable] = (object() for _ in stays) if persons is None else persons
    return [*map(Whose, those, stays)]


def _numbers_hidden(groups: Mapping[str | None, Sequence[Whose]], threshold: int) -> frozenset[Key]:
    """Return the numbers (place of the group, end) that are too small, or would give one away."""
    cells: Counter[Key] = Counter()
    persons: dict[Key, set[Hashable]] = {}
    for place, stays in enumerate(groups.values()):
        for person, stay, _ in stays:
            for key in product((str(place), TOTAL), (str(stay.ended), TOTAL)):
                cells[key] += 1
                persons.setdefault(key, set()).add(person)
    behind = {key: len(those) for key, those in persons.items()}
    (hidden,) = suppress([Counts("stays", ("group", "end"), cells, persons=behind)], threshold)
    return hidden


def _hidden(groups: Iterable[str | None], numbers: Iterable[Key]) -> set[str | None]:
    """Return the groups of which a number is withheld: of these nothing is told."""
    names = {str(place): name for place, name in enumerate(groups)}
    return {ALL if place is None else names[place] for place, _ in numbers}


def _followed_by_all(groups: Iterable[Sequence[Stay]]) -> float:
    return min((max(stay.days for stay in stays) for stays in groups), default=0)


def _group(
    whose: Sequence[Whose],
    name: str | None,
    ends: Sequence[str],
    last: Sequence[float] | None,
    until: float,
) -> Group:
    """Return the group as it is told on the `last` days of stretches; None: on each day."""
    stays = [one.stay for one in whose]
    each = days_of(stays)
    stretches = list(stretches_of(stays, [day.days for day in each] if last is None else last))
    days = each if last is None else [one.as_day() for one in stretches]
    steps = kaplan_meier(days)
    counts = Counter(stay.ended for stay in stays)
    followed = steps[-1].share == 0 or until <= steps[-1].days
    mean = restricted_mean if last is None else mean_of_table
    return Group(
        name,
        withheld=False,
        stays=len(stays),
        ended={what: counts[number] for number, what in enumerate(ends, 1)},
        censored=counts[CENSORED],
        median=median(steps),
        mean=mean(steps, until) if followed else None,
        curve=tuple(map(_shown, stretches, steps, [ends] * len(steps))),
        incidence=_incidences(days, ends) if len(ends) > 1 else None,
    )


def _shown(stretch: Stretch, step: Step, ends: Sequence[str]) -> Shown:
    return Shown(
        step.days,
        stretch.at_risk,
        {what: stretch.ended.get(number, 0) for number, what in enumerate(ends, 1)},
        stretch.censored,
        step.share,
        step.low,
        step.high,
    )


def _incidences(days: Sequence[Day], ends: Sequence[str]) -> dict[str, tuple[Reached, ...]]:
    return {
        what: tuple(map(_reached, aalen_johansen(days, number)))
        for number, what in enumerate(ends, 1)
    }


def _reached(one: Incidence) -> Reached:
    return Reached(one.days, one.share, one.low, one.high)
