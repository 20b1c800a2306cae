"""CloudEvents 1.0 in JSON, one a line: every entry as it was recorded, corrections too.

The names of attributes follow the standard's rules (lower-case letters and digits, at most 20);
`recordedtime`, `sequence`, `partitionkey`, `correlationid` and `causationid` are extensions that it
documents. `time` is the day on which it happened, `source` the log, `id` the position in it.
"""

from collections.abc import Iterable, Iterator
from re import compile as pattern
from typing import Any
from urllib.parse import quote

from application.evaluation.pseudonymous import as_json, told
from application.evaluation.told_journeys import CaseSeen, Origin
from domain.journey.history import JourneyEntry
from interfaces.exports.days import instant, midnight

DIGITS = 19
"""Of a position in `sequence`, which is a text that must sort as the positions do."""

_ENDS = (plane + end for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
_NOT_ALLOWED = pattern(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{''.join(map(chr, _ENDS))}]")
"""Characters that no attribute may have: a text of another system, read amiss, has some."""


def cloud_events(origin: Origin, entries: Iterable[tuple[CaseSeen, JourneyEntry]]) -> Iterator[str]:
    """Yield the events line by line, a journey after the other."""
    for case, entry in entries:
        yield as_json(_event(case, entry, origin)) + "\n"


def _event(case: CaseSeen, entry: JourneyEntry, origin: Origin) -> dict[str, Any]:
    name, version = origin.shape_of(type(entry.event))
    said = {
        "specversion": "1.0",
        "id": str(entry.position),
        "source": quote(origin.log, safe="/:.-_~") or "polku",
        "type": f"polku.{name}.v{version}",
        "subject": f"journey/{quote(case.id, safe='')}",
        "time": midnight(entry.occurred_on),
        "datacontenttype": "application/json",
        "dataschema": f"urn:polku:event:{name}:v{version}",
        "recordedtime": instant(entry.recorded_at),
        "knowntime": instant(entry.known_at),
        "claimed": entry.claimed,
        "sequence": f"{entry.position:0{DIGITS}d}",
        "partitionkey": case.id,
        "streamversion": entry.version,
        "programme": case.journey.programme or None,
        "actor": entry.by.person,
        "organisation": entry.by.organisation,
        "importedfrom": entry.source.name if entry.source else None,
        "correlationid": entry.correlation,
        "causationid": entry.causation,
        "data": told(entry.event),
    }
    return {key: _allowed(value) for key, value in said.items() if value is not None}


def _allowed(value: Any) -> Any:
    """Return the value of an attribute as the standard lets it be; what is in `data` is JSON."""
    return _NOT_ALLOWED.sub("�", value) if isinstance(value, str) else value
