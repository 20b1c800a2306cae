"""Which organisations have opened their journeys to another, by the agreements in force today.

Asked with every request. Today is the day at the organisation that has signed: an agreement begins
and ends at midnight there.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from threading import Lock
from zoneinfo import ZoneInfo

from application.local_time import day_at
from application.transact import Streams
from domain.organisation.state import Organisation

FRESH_FOR = 5.0
"""Seconds for which what was found is taken as it is: an agreement counts that much later.

But no longer than the day lasts: what ends with it is open to nobody on the next.
"""

PREFIX = "organisation:"

NOBODY: frozenset[str] = frozenset()


class Partners:
    """The partners of each organisation by the agreements in force.

    An agreement opens the journeys of the organisation in whose stream it stands, as that one has
    signed it, to its partners in it: nobody opens another's journeys by signing alone. All are
    read, once in a while and by one thread, while the others go on with what was known. `zones`
    gives the time zones of organisations; where it gives none, days are those of UTC.
    """

    def __init__(
        self,
        organisations: Streams[Organisation],
        seconds: Callable[[], float],
        fresh_for: float = FRESH_FOR,
        zones: Callable[[], Mapping[str, ZoneInfo]] = dict,
    ) -> None:
        self._organisations, self._seconds, self._fresh_for = organisations, seconds, fresh_for
        self._zones = zones
        self._known: Mapping[str, frozenset[str]] | None = None
        self._until = 0.0
        self._reading = Lock()

    def of(self, organisation: str) -> frozenset[str]:
        """Return those that have opened their journeys to the organisation, today."""
        known = self._known
        if known is None:
            with self._reading:
                known = self._known if self._known is not None else self._read()
        elif self._seconds() >= self._until and self._reading.acquire(blocking=False):
            try:
                known = self._read()
            finally:
                self._reading.release()
        return known.get(organisation, NOBODY)

    def remembered(self, organisation: str) -> frozenset[str] | None:
        """Return what `of` does where it is known without reading, else None."""
        known = self._known
        if known is None or self._seconds() >= self._until:
            return None
        return known.get(organisation, NOBODY)

    def _read(self) -> Mapping[str, frozenset[str]]:
        log = self._organisations.log
        names = log.streams(PREFIX)
        states = {name.removeprefix(PREFIX): self._organisations.newest(name) for name in names}
        began, at, zones = self._seconds(), log.now(), self._zones()
        self._known = partners_at(states, at, zones)
        self._until = began + min(self._fresh_for, _left_of_day(at, zones.values()))
        return self._known


def _left_of_day(at: datetime, zones: Iterable[ZoneInfo]) -> float:
    """Return how many seconds are left until the next midnight in one of the zones, or in UTC."""
    everywhere: set[tzinfo] = {UTC, *zones}
    return min((_next_day(at, zone) - at).total_seconds() for zone in everywhere)


def _next_day(at: datetime, zone: tzinfo) -> datetime:
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone)


def partners_at(
    organisations: Mapping[str, Organisation], at: datetime, zones: Mapping[str, ZoneInfo]
) -> Mapping[str, frozenset[str]]:
    """Return for each organisation those that have opened their journeys to it at an instant."""
    found: dict[str, set[str]] = {}
    for code, state in organisations.items():
        day = day_at(code, at, zones)
        for agreement in state.agreements.values():
            partners = agreement.signed.partners
            if code in partners and agreement.holds_on(day):
                for partner in partners:
                    found.setdefault(partner, set()).add(code)
    return {code: frozenset(opened - {code}) for code, opened in found.items()}
