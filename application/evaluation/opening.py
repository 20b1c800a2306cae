"""What is behind a figure: the journeys that were counted, and the entries behind each.

For those alone who may see the journeys: whoever asks says which these are.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from application.evaluation.asking import Asked
from application.evaluation.figures import together
from application.evaluation.issuing import entries_of, here_at, opened
from application.evaluation.preparing import CannotReport, Desk, Prepared
from application.evaluation.report import Key
from application.evaluation.reporting import Unit, units
from application.evaluation.wanted import Breakdown
from domain.entry import Entry
from domain.indicators import Indicator
from domain.journey.history import look
from domain.wording import said


@dataclass(frozen=True, slots=True)
class Behind:
    """A journey behind a figure.

    `counts` says whether its unit counts and `has` what it has, both None where it is not known; of
    several units it is what they come to, as those of one unit with several rows do (`counting`).
    `each` is what each of its units has that counts, the least first and those last of which it is
    not known: of a figure of rows these are what it is made of. `entries` are those that counted at
    the moment of the question.
    """

    journey: str
    client: str | None
    counts: bool | None
    has: Any
    each: tuple[Any, ...]
    entries: tuple[Entry[Any], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A figure: its indicator, and the group in a breakdown (both empty: in all)."""

    indicator: str
    by: Breakdown = ()
    key: Key = ()


def behind(
    desk: Desk, prepared: Prepared, place: Place, may_see: Callable[[str], bool]
) -> tuple[Behind, ...]:
    """Return the journeys behind a figure, by id: those that count, or of which it is not known.

    Journeys that may not be seen are left out. Raises CannotReport for an indicator that the
    report has not got, and BadIndicator.
    """
    indicator = chosen(prepared, place.indicator)
    with opened(desk, prepared) as asked:
        found = units_at(desk, prepared, asked, indicator, place)
        seen: dict[str, list[Unit]] = {}
        for unit in found:
            for journey in journeys_of(asked, prepared.question.programme, unit):
                seen.setdefault(journey, []).append(unit)
    return tuple(
        Behind(journey, *_come_to(own, indicator), _entries(desk, prepared, journey))
        for journey, own in sorted(seen.items())
        if may_see(journey)
    )


def _come_to(
    own: Sequence[Unit], indicator: Indicator
) -> tuple[str | None, bool | None, Any, tuple[Any, ...]]:
    """Return whose the units of a journey are, whether they count, what they have, and each has."""
    by_unit: dict[Any, list[Unit]] = {}
    for unit in own:
        by_unit.setdefault(unit.unit, []).append(unit)
    told = [_of_rows(rows, indicator) for rows in by_unit.values()]
    each = sorted((has for counts, has in told if counts), key=lambda has: (has is None, has or 0))
    return own[0].client, *_of_rows(own, indicator), tuple(each)


def _of_rows(rows: Sequence[Unit], indicator: Indicator) -> tuple[bool | None, Any]:
    """Return whether rows count, and what they have; one row has it as it stands."""
    if len(rows) == 1:
        return rows[0].counts, rows[0].has
    return together([(row.counts, row.has) for row in rows], indicator.measure)


def chosen(prepared: Prepared, id_: str) -> Indicator:
    """Return the indicator of a report by its id. Raises CannotReport."""
    found = next((one for one in prepared.indicators if one.id == id_), None)
    if found is None:
        known = ", ".join(one.id for one in prepared.indicators)
        raise CannotReport(
            said("there is no indicator {id}; there are: {known}", id=id_, known=known)
        )
    return found


def units_at(
    desk: Desk,
    prepared: Prepared,
    asked: Asked,
    indicator: Indicator,
    place: Place,
    *,
    every: bool = False,
) -> list[Unit]:
    """Return the rows that count, or may count, in a figure; `every`: all that are in its group."""
    here = here_at(desk, prepared, asked)
    found = units(here, indicator, place.by, every=every)
    return [unit for unit in found if unit.key == place.key]


def journeys_of(asked: Asked, programme: str, unit: Unit) -> Iterable[str]:
    """Return the journey of a row, or the journeys of its client where it has none of its own."""
    if unit.journey is not None:
        return (unit.journey,)
    sql = "SELECT journey FROM journeys WHERE programme = ? AND client = ? ORDER BY journey"
    return [row[0] for row in asked.ask(sql, (programme, unit.client)).rows]


def clients_of(asked: Asked, unit: Unit) -> Iterable[str]:
    """Return the ids of the client of a row: the one that the person goes by, and those merged."""
    if unit.client is None:
        return ()
    sql = "SELECT client FROM clients WHERE goes_by = ? ORDER BY client"
    return [unit.client, *(row[0] for row in asked.ask(sql, (unit.client,)).rows)]


def _entries(desk: Desk, prepared: Prepared, journey: str) -> tuple[Entry[Any], ...]:
    entries = entries_of(desk.office, prepared, journey)
    return look(entries, as_at=prepared.as_at, known_at=prepared.question.known_at).entries
