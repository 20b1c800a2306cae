"""The ids of the clients and journeys that records of another system open.

They are always the same in a log, so that an import can be repeated. They stand in exports and stay
when a client is erased, and a record's own id may be a personal identity code: so they are made
with a secret of the log, and nobody can try codes on them.
"""

from collections.abc import Callable
from typing import TypeAlias
from uuid import NAMESPACE_URL, uuid5

from application.ports import EventLog

IdOf: TypeAlias = Callable[[str, str, str], str]
"""Returns the id that a record opens: by kind of stream, table and record."""

KINDS = ("client", "journey")


def ids_in(log: EventLog, source: str, *, storing: bool = True) -> IdOf:
    """Return what names the streams of a source's records in a log.

    What an older program brought in keeps the id that it has there, which was made of the record
    alone: else it would come in once more, also what was erased since. `storing`: see `id_for`.
    """
    known = {stream for kind in KINDS for stream in log.streams(f"{kind}:")}

    def id_of(kind: str, table: str, record: str) -> str:
        told = f"polku:{source}/{kind}/{table}/{record}"
        if known and f"{kind}:{(before := id_before(told))}" in known:
            return before
        return log.id_for(told, storing=storing)

    return id_of


def id_before(told: str) -> str:
    """Return the id that an older program gave to what a text tells."""
    return str(uuid5(NAMESPACE_URL, told))
