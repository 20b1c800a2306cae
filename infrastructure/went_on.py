"""Whether journeys went on since a decision on a client's data was made: asked under the lock."""

from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, literal_column, or_, select

from application.ports import Destroying, LogWentOn
from infrastructure.log_statements import NONE, ONE, Statements, json_list
from infrastructure.log_tables import events

TAKING_BACK: Final = "entry-retracted"
"""The stored name of the event that may make a journey another client's, and names nobody."""

NAMING: Final = ("referral-made", "entry-corrected")
"""Stored names of events that may, and then name that client by id: a journey that was nobody's is
referred anew, and a referral is put right."""

MOST: Final = 5000
"""Rows that are looked at under the lock; where there are as many, it is decided anew."""

_STREAM_OF_ROW: Final = events.c.stream.concat(literal_column("''"))
"""The stream of a row that is found by its position. PostgreSQL, which knows no values when it
prepares a statement, would else go through the index of streams as well: of half the log."""


def refuse_where_it_went_on(cursor: Any, statements: Statements, destroying: Destroying) -> None:
    """Raise LogWentOn where a journey began, went on or moved since what was read was read.

    Works within the transaction that destroys, under the log's lock, after its rows are in.
    """
    if destroying.read_to is None:
        return
    cursor.execute(_asked(statements), _given(destroying))
    ids = [msgspec.json.encode(client) for client in destroying.clients]
    found = cursor.fetchall()

    def matters(name: str, stream: str, body: bytes) -> bool:
        """Whether it is one of those journeys, or may have become one."""
        if name == TAKING_BACK or stream in destroying.streams or not ids:
            return True
        return any(id_ in bytes(body) for id_ in ids)

    if len(found) == MOST or any(matters(*row) for row in found):
        raise LogWentOn


def _asked(statements: Statements) -> str:
    stream = events.c.stream
    concerned = or_(
        events.c.version == ONE,
        stream.in_(select(statements.each("owners").c.value)),
        events.c.name.in_(select(statements.each("moving").c.value)),
    )
    return statements.text(
        select(events.c.name, stream, events.c.body)
        .where(events.c.position > bindparam("read_to"))
        .where(bindparam("since") <= _STREAM_OF_ROW, bindparam("until") > _STREAM_OF_ROW, concerned)
        .order_by(events.c.position)
        .limit(literal_column(str(MOST)))
        .offset(NONE)
    )


def _given(destroying: Destroying) -> dict[str, Any]:
    return {
        "read_to": destroying.read_to,
        "since": "journey:",
        "until": "journey;",
        "owners": json_list(destroying.streams),
        "moving": json_list((*NAMING, TAKING_BACK)),
    }
