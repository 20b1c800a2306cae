"""How what an auditor looks for is spread: how many, of which kinds, and how many days."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Quantiles(NamedTuple):
    """Days by nearest rank: the least, half of all at most, 90 and 99 of 100 at most, the most."""

    least: int
    median: int
    ninety: int
    ninety_nine: int
    most: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """How what was looked for is spread in an organisation; in all where it is None.

    `found` of `among`: of all entries that could be such. `what` counts the codes. `days` are those
    of all of `among` for what was recorded late, else of what was found; None where there are none.
    """

    organisation: str | None
    found: int
    among: int
    what: Mapping[str, int]
    days: Quantiles | None


@dataclass(slots=True)
class Tally:
    """Counts what was found, of those among which is looked."""

    found: int = 0
    among: int = 0
    what: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)

    def add(self, what: Iterable[str], days: int | None, *, found: bool) -> None:
        """Count one of those among which is looked, with its codes and its days."""
        self.among += 1
        self.found += found
        self.what.update(what if found else ())
        if days is not None:
            self.days[days] += 1

    def told(self, organisation: str | None) -> Distribution:
        """Return what was counted, as that of an organisation."""
        days = quantiles(self.days) if self.days else None
        what = dict(sorted(self.what.items()))
        return Distribution(organisation, self.found, self.among, what, days)


def quantiles(days: Mapping[int, int]) -> Quantiles:
    """Return the quantiles of days that are counted, by nearest rank; there must be one."""
    every, known = sum(days.values()), sorted(days.items())

    def at(percent: int) -> int:
        rank, passed = -(-every * percent // 100), 0
        for value, count in known:
            passed += count
            if passed >= rank:
                return value
        return known[-1][0]

    return Quantiles(known[0][0], at(50), at(90), at(99), known[-1][0])
