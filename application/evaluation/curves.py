"""How long something takes, group by group: curves, medians, means and a test, fit to be shown.

A day on which one client came to it is a small number, too. Under a threshold, days are therefore
taken together until of each way to end, and of those censored, there were none or enough; a group
of which a number must be withheld is shown without its curve. Enough are persons: one can have
several stays.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from application.evaluation.competing import Incidence, aalen_johansen
from application.evaluation.suppression import THRESHOLD, TOTAL, Counts, Key, suppress
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

    `ended` counts by what ended a stay. The median is that of the days until anything ended it: at
    most that many, where days are taken together, as it and its limits are the last of such days.
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
    """All groups, all together first, and whether they differ by what was waited for."""

    ends: tuple[str, ...]
    groups: tuple[Group, ...]
    log_rank: LogRank | None
    threshold: int


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
    first `mean_until` days; None: of as many as every group was followed for.
    """
    named: dict[str | None, Sequence[Stay]] = {
        ALL: [stay for stays in groups.values() for stay in stays]
    }
    named.update(groups if len(groups) > 1 else {})
    whose = {name: _whose(stays, persons.get(name)) for name, stays in groups.items()}
    hidden = _hidden(whose, threshold)
    whose[ALL] = [one for some in whose.values() for one in some]
    open_ = {name: stays for name, stays in named.items() if stays and name not in hidden}
    until = mean_until if mean_until is not None else _followed_by_all(open_.values())
    shown = [
        _group(name, whose[name], ends, threshold, until)
        if name in open_
        else Group(name, withheld=bool(stays), stays=None if stays else 0)
        for name, stays in named.items()
    ]
    tested = {str(name): _awaited(stays) for name, stays in open_.items() if name != ALL}
    test = log_rank(tested) if len(tested) > 1 else None
    return Curves(tuple(ends), tuple(shown), test, threshold)


class _Whose(NamedTuple):
    """A stay, and whose it is."""

    person: Hashable
    stay: Stay


def _whose(stays: Sequence[Stay], persons: Sequence[str] | None) -> list[_Whose]:
    those: Iterable[Hashable] = (object() for _ in stays) if persons is None else persons
    return [*map(_Whose, those, stays)]


def _hidden(groups: Mapping[str | None, Sequence[_Whose]], threshold: int) -> set[str | None]:
    """Return the groups of which a number would be too small, or would give one away."""
    cells: Counter[Key] = Counter()
    persons: dict[Key, set[Hashable]] = {}
    for place, stays in enumerate(groups.values()):
        for person, stay in stays:
            for key in product((str(place), TOTAL), (str(stay.ended), TOTAL)):
                cells[key] += 1
                persons.setdefault(key, set()).add(person)
    behind = {key: len(those) for key, those in persons.items()}
    (hidden,) = suppress([Counts("stays", ("group", "end"), cells, persons=behind)], threshold)
    names = dict(zip(map(str, range(len(groups))), groups, strict=True))
    return {ALL if key[0] is TOTAL else names[key[0]] for key in hidden}


def _followed_by_all(groups: Iterable[Sequence[Stay]]) -> float:
    return min((max(stay.days for stay in stays) for stays in groups), default=0)


def _awaited(stays: Iterable[Stay]) -> list[Stay]:
    """Return stays as if what competes censored them: then rates of the one way are compared."""
    return [Stay(days, ended if ended == AWAITED else CENSORED) for days, ended in stays]


def _group(
    name: str | None, whose: Sequence[_Whose], ends: Sequence[str], threshold: int, until: float
) -> Group:
    stays = [one.stay for one in whose]
    steps = kaplan_meier(stays)
    stretches = _stretches(whose, threshold)
    last_days = {stretch[-1].days for stretch in stretches}
    kept = [step for step in steps if step.days in last_days]
    counts = Counter(stay.ended for stay in stays)
    followed = steps[-1].share == 0 or until <= steps[-1].days
    return Group(
        name,
        withheld=False,
        stays=len(stays),
        ended={what: counts[number] for number, what in enumerate(ends, 1)},
        censored=counts[CENSORED],
        median=median(kept),
        mean=restricted_mean(steps, until) if followed else None,
        curve=tuple(map(_shown, stretches, kept, [ends] * len(kept))),
        incidence=_incidences(stays, ends, last_days) if len(ends) > 1 else None,
    )


def _stretches(whose: Iterable[_Whose], threshold: int) -> list[list[Day]]:
    """Return days taken together so that each number of a stretch is 0 or of enough persons.

    The last stretch takes in those before it until that holds of it, too.
    """
    whose = list(whose)
    persons: dict[float, _Ends] = {}
    for person, stay in whose:
        persons.setdefault(stay.days, {}).setdefault(stay.ended, set()).add(person)
    stretches: list[list[Day]] = []
    current: list[Day] = []
    those: _Ends = {}
    for day in days_of(one.stay for one in whose):
        current.append(day)
        _take_in(those, persons[day.days])
        if _enough(those, threshold):
            stretches.append(current)
            current, those = [], {}
    while current and not _enough(those, threshold) and stretches:
        before = stretches.pop()
        current = before + current
        for day in before:
            _take_in(those, persons[day.days])
    return [*stretches, current] if current else stretches


_Ends: TypeAlias = dict[int, set[Hashable]]
"""Who came to each way to end."""


def _take_in(those: _Ends, others: _Ends) -> None:
    for ended, some in others.items():
        those.setdefault(ended, set()).update(some)


def _enough(those: _Ends, threshold: int) -> bool:
    return all(len(some) >= threshold for some in those.values())


def _ended(days: Iterable[Day]) -> Counter[int]:
    found: Counter[int] = Counter()
    for day in days:
        found.update(day.ended)
    return found


def _shown(stretch: Sequence[Day], step: Step, ends: Sequence[str]) -> Shown:
    ended = _ended(stretch)
    return Shown(
        step.days,
        stretch[0].at_risk,
        {what: ended[number] for number, what in enumerate(ends, 1)},
        sum(day.censored for day in stretch),
        step.share,
        step.low,
        step.high,
    )


def _incidences(
    stays: Sequence[Stay], ends: Sequence[str], days: set[float]
) -> dict[str, tuple[Reached, ...]]:
    return {
        what: tuple(map(_reached, (x for x in aalen_johansen(stays, number) if x.days in days)))
        for number, what in enumerate(ends, 1)
    }


def _reached(one: Incidence) -> Reached:
    return Reached(one.days, one.share, one.low, one.high)
