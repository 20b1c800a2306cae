"""CSV, as RFC 4180 has it: a line for each entry, a column for each field that any event has.

The columns are the same for every log. A field of several values is in JSON. No spreadsheet takes a
text for a formula (`cells`).
"""

from collections.abc import Iterable, Iterator
from typing import Any

from application.evaluation.pseudonymous import attributes, values
from application.evaluation.told_journeys import CaseSeen, Origin
from domain.journey.events import KINDS
from domain.journey.history import REVISING, JourneyEntry
from interfaces.exports.cells import line
from interfaces.exports.days import instant

ENVELOPE = (
    *("journey", "client", "programme", "activity", "occurred_on", "recorded_at", "known_at"),
    *("claimed", "actor", "actor_organisation", "source", "version", "position"),
)
"""The columns of every entry. `client` and `programme` are those of the journey; after a merge the
client is the id that the person goes by."""

FIELDS = tuple(
    dict.fromkeys(
        one.name
        for kind in KINDS.values()
        if kind not in REVISING
        for one in attributes(kind)
        if one.name not in ENVELOPE
    )
)
"""The columns of what events say; one name stands for the fields of that name in all of them."""


def csv_table(origin: Origin, cases: Iterable[CaseSeen]) -> Iterator[str]:
    """Yield the table line by line, its header first."""
    yield line((*ENVELOPE, *FIELDS))
    for case in cases:
        for entry in case.entries:
            yield line(_cells(case, entry, origin))


def _cells(case: CaseSeen, entry: JourneyEntry, origin: Origin) -> list[Any]:
    said = {one.name: _cell(value) for one, value in values(entry.event)}
    envelope = (
        case.id,
        case.person,
        case.journey.programme,
        origin.shape_of(type(entry.event))[0],
        entry.occurred_on.isoformat(),
        instant(entry.recorded_at),
        instant(entry.known_at),
        _cell(entry.claimed),
        entry.by.person,
        entry.by.organisation,
        entry.source.name if entry.source else "",
        entry.version,
        entry.position,
    )
    return [*envelope, *(said.get(name, "") for name in FIELDS)]


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
