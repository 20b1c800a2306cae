"""What a row is known by, and what cannot stand there."""

from application.importing.binding import BoundPart, BoundTable, named
from application.importing.policies import Refused, Remark
from application.importing.tables import Row
from domain.texts import unfit


def record_of(table: BoundTable, row: Row, seen: dict[str, int]) -> str:
    """Return a row's own id, or its number; `seen` are those before it. Raises Refused."""
    if table.key is None:
        return str(row.number)
    record, column = table.key(row.cells), named(table.rule.key)
    if not record:
        raise Refused(Remark("record-missing", column, "", "the row has no id of its own"))
    check_line(record, "the row's id", column)
    first = seen.setdefault(record, row.number)
    if first != row.number:
        message = f"row {first} has the same id; only the first of them is read"
        raise Refused(Remark("duplicate-record", column, record, message))
    return record


def asked_of(table: BoundTable) -> str:
    """Return the columns that say which events a row is for."""
    events = (bound.rule for part in table.parts for bound in part.events)
    return named(tuple(dict.fromkeys(one.path for event in events for one in event.when)))


def check_line(text: str, what: str, column: str) -> None:
    """Raise Refused for a text that cannot stand in one line."""
    wrong = unfit(text, one_line=True)
    if wrong is not None:
        raise Refused(Remark("text-unfit", column, text, f"{what}: {wrong}"))


def shared_by(part: BoundPart, row: Row) -> str:
    """Return what names a stream that rows share; empty where each has its own. Raises Refused."""
    if part.by is None:
        return ""
    columns, value = named(part.part.by), part.by(row.cells)
    if not value:
        message = f"the {part.part.kind} is told by this, and the row does not say it"
        raise Refused(Remark("value-missing", columns, "", message))
    check_line(value, f"what tells the {part.part.kind}", columns)
    return f"{columns}={value}"
