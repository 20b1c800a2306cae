"""What each person adds to a figure: so that what changed it can be looked for person by person.

A person has one id, or several that were merged or are merged by now, and the journeys of these in
the programme. What is nobody's, as an employer's openings, is told by an organisation.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from statistics import median
from typing import Any, NamedTuple, TypeAlias

from application.acts import named
from application.evaluation.asking import Asked
from application.evaluation.counting import columns_of
from application.evaluation.figures import together
from application.evaluation.issuing import here_at
from application.evaluation.preparing import Desk, Prepared
from application.evaluation.put_in import Here
from application.evaluation.report import Place
from application.evaluation.reporting import Unit, units
from application.evaluation.showing import texts_of
from application.evaluation.wanted import Breakdown
from domain.indicators import Indicator

Streams: TypeAlias = frozenset[str]
"""The streams that tell of one person, or of what is nobody's."""


class Looked(NamedTuple):
    """A figure that is looked at, and what of it.

    `every`: also who is in its group and does not count, as where there is a group since, or none
    any more. `persons`: also how many persons count, as where a figure is withheld.
    """

    place: Place
    every: bool
    persons: bool


class Whose:
    """Whose each row of a figure is."""

    def __init__(self, programme: str, moments: Iterable[Asked]) -> None:
        """Take who is known of at any of the moments."""
        self._of: dict[str, set[str]] = {}
        for asked in moments:
            sql = "SELECT journey, client FROM journeys WHERE programme = ? AND client IS NOT NULL"
            for journey, client in asked.ask(sql, (programme,)).rows:
                self._join(named("journey", journey), named("client", client))
            sql = "SELECT client, goes_by FROM clients WHERE goes_by IS NOT NULL"
            for client, goes_by in asked.ask(sql).rows:
                self._join(named("client", client), named("client", goes_by))
        self._whole: dict[int, Streams] = {}

    def _join(self, one: str, other: str) -> None:
        here, there = (self._of.setdefault(stream, {stream}) for stream in (one, other))
        if here is not there:
            few, many = sorted((here, there), key=len)
            many |= few
            self._of |= dict.fromkeys(few, many)

    def of(self, unit: Unit) -> Streams:
        """Return the streams that a row is told by; none where nobody knows."""
        if unit.journey is not None:
            return self._streams(named("journey", unit.journey))
        if unit.client is not None:
            return self._streams(named("client", unit.client))
        return frozenset({named("organisation", unit.organisation)} if unit.organisation else ())

    def _streams(self, stream: str) -> Streams:
        found = self._of.setdefault(stream, {stream})
        return self._whole.setdefault(id(found), frozenset(found))


Adds: TypeAlias = dict[Streams, Hashable]
"""What each person adds to a figure."""


def added(
    desk: Desk,
    prepared: Prepared,
    asked: Asked,
    looked: Collection[Looked],
    whose: Whose,
) -> dict[Place, Adds]:
    """Return what each person adds to figures at a moment, and so what they come to."""
    here = here_at(desk, prepared, asked)
    indicators = {one.id: one for one in prepared.indicators}
    of_indicator: dict[str, list[Looked]] = defaultdict(list)
    for one in looked:
        of_indicator[one.place[0]].append(one)
    there = [indicators[id_] for id_ in of_indicator if id_ in indicators]
    asked.expect(*texts_of(there, [one.place[1] for one in looked]))
    found: dict[Place, Adds] = {one.place: {} for one in looked}
    for indicator in there:
        found |= dict(_of_indicator(here, indicator, of_indicator[indicator.id], whose))
    return found


def _of_indicator(
    here: Here, indicator: Indicator, looked: Collection[Looked], whose: Whose
) -> Iterator[tuple[Place, Adds]]:
    """Yield what each person adds to each figure of an indicator, asked once for all breakdowns."""
    tables: dict[Breakdown, dict[Any, Looked]] = defaultdict(dict)
    for one in looked:
        _, by, key = one.place
        tables[by][key] = one
    names = columns_of(tables)
    at = {by: [names.index(name) for name in by] for by in tables}
    rows: dict[Place, dict[Streams, list[Unit]]] = {x.place: defaultdict(list) for x in looked}
    every = any(one.every for one in looked)
    for unit in units(here, indicator, names, every=every):
        for by, wanted in tables.items():
            mine = wanted.get(tuple(unit.key[n] for n in at[by]))
            if mine is not None and (mine.every or unit.counts is not False):
                rows[mine.place][whose.of(unit)].append(unit)
    for one in looked:
        persons = rows[one.place].items()
        adds = {who: _adds(own, indicator.measure, one) for who, own in persons}
        yield one.place, {who: what for who, what in adds.items() if what is not None}


def _adds(own: Iterable[Unit], measure: str, looked: Looked) -> Hashable | None:
    """Return what the rows of a person add; None: nothing."""
    of_unit: dict[Any, list[Unit]] = defaultdict(list)
    for unit in own:
        of_unit[unit.unit].append(unit)
    counted, missing, has = [], [], []
    for rows in of_unit.values():
        counts, what = together([(unit.counts, unit.has) for unit in rows], measure)
        if counts is None or (counts and what is None):
            missing.append(rows[0].client)
        elif counts:
            counted.append(rows[0].client)
            has.append(what)
    told: tuple[Hashable, ...] = (len(counted), len(missing), _comes_to(has, measure))
    if looked.persons:
        told += (len({*counted}), len({*missing}))
    if looked.every:
        return (*told, len(of_unit))
    return told if counted or missing else None


def _comes_to(has: list[Any], measure: str) -> Hashable:
    if measure == "count":
        return None
    return tuple(sorted(has)) if measure == "median" else sum(has)


def idle(before: Adds, now: Adds, differing: Collection[Streams]) -> frozenset[Streams]:
    """Return those without whose change a median would be the same, one by one and together."""
    without = frozenset(x for x in differing if _median(before, now, {x}) == _median({}, now, ()))
    same = _median(before, now, without) == _median({}, now, ())
    return without if same else frozenset()


def _median(before: Adds, now: Adds, as_before: Collection[Streams]) -> Any:
    adds: list[Any] = [what for who, what in now.items() if who not in as_before]
    adds += [before[who] for who in as_before if who in before]
    has = [one for what in adds for one in what[2]]
    return len(has), sum(what[1] for what in adds), median(has) if has else None
