"""A mapping as values: which row of which table becomes which event of which stream.

A mapping is written as YAML; `infrastructure.mapping_files` reads it and documents the text form.
"""

from collections.abc import Mapping as Readonly
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple, TypeAlias

from domain.faults import Fault


class NoMapping(Exception):
    """There is no such mapping; the message names those that come with Polku."""


class MappingFaults(Exception):
    """A mapping cannot be used, alone or with the tables at hand; `faults` has at least one."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = sorted(faults)


class At(NamedTuple):
    """Where in the mapping something is said: its line (from 1) and its field."""

    line: int
    field: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What to do with a value that is missing, or that the mapping does not know.

    refuse: the row is refused. omit: the field is left out. as: `value` stands in for it.
    doubtful-as: the same, and the report says so.
    """

    act: Literal["refuse", "omit", "as", "doubtful-as"]
    value: Any = None


REFUSE = Policy("refuse")
OMIT = Policy("omit")


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value for every row."""

    at: At
    value: Any


@dataclass(frozen=True, slots=True)
class Column:
    """A cell's text: `path` is a column, or `Parent.Column` by a join. `missing`: an empty cell.

    A `missing` of None omits where the event's field may be left out, and refuses where not.
    """

    at: At
    path: str
    missing: Policy | None = None


@dataclass(frozen=True, slots=True)
class Coded:
    """A cell looked up in a code table; a code that stands for None says nothing.

    Each of `codes` says where it stands in the mapping: it may fit one field, and not another one.
    """

    at: At
    path: str
    table: str
    codes: Readonly[str, Constant]
    missing: Policy | None = None
    unknown: Policy = REFUSE


@dataclass(frozen=True, slots=True)
class Number:
    """A cell read as a number, within bounds (both included)."""

    at: At
    path: str
    least: float | None = None
    most: float | None = None
    missing: Policy | None = None
    unknown: Policy = REFUSE


@dataclass(frozen=True, slots=True)
class Shift:
    """A length of time to add to a day: `sign` times so many days, weeks or months."""

    unit: Literal["days", "weeks", "fortnights", "months"]
    amount: "Constant | Number"
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Day:
    """A cell read as a day by the first format that fits, then shifted.

    Where the rows say no day, `fixed` is the one for all of them, and no cell is read.
    """

    at: At
    path: str
    formats: tuple[str, ...]
    shifts: tuple[Shift, ...] = ()
    missing: Policy | None = None
    unknown: Policy = REFUSE
    fixed: date | None = None


@dataclass(frozen=True, slots=True)
class Instant:
    """A cell read as an instant; a text without a zone is in the mapping's time zone.

    A day without a time is its midnight.
    """

    at: At
    path: str
    formats: tuple[str, ...]
    missing: Policy | None = None
    unknown: Policy = REFUSE


@dataclass(frozen=True, slots=True)
class Year:
    """The year of a day, less a number (the year of birth from an age)."""

    at: At
    day: Day
    less: Number | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Texts put together, in order; it says nothing as soon as one part says nothing."""

    at: At
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class First:
    """The first of several that says something."""

    at: At
    choices: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class StreamOf:
    """The id of the client or journey that this row (`parent` None) or a parent's row opened."""

    at: At
    kind: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Fields:
    """A value that has fields of its own, such as a situation."""

    at: At
    fields: Readonly[str, "Expression"]


@dataclass(frozen=True, slots=True)
class Given:
    """A value where all conditions hold; else nothing is said."""

    at: At
    when: tuple["Condition", ...]
    then: "Expression"


@dataclass(frozen=True, slots=True)
class Several:
    """A list of values; those that say nothing are left out."""

    at: At
    items: tuple["Expression", ...]


Expression: TypeAlias = (
    Constant
    | Column
    | Coded
    | Number
    | Day
    | Instant
    | Year
    | Joined
    | First
    | StreamOf
    | Given
    | Fields
    | Several
)

Severity: TypeAlias = Literal["refuse", "doubtful", "ignore"]

CHECKS = ("recorded-before-happened", "in-the-future", "before-journey-start", "after-journey-end")
"""What can be doubted of a day; see `application.importing.doubts`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a cell: one of `values` (or none of them, where `negated`).

    An empty cell is the value "".
    """

    at: At
    path: str
    values: frozenset[str]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class RowDoubt:
    """Rows of which `when` holds are doubtful, or refused, with a code and a sentence."""

    at: At
    code: str
    when: tuple[Condition, ...]
    message: str
    severity: Literal["doubtful", "refuse"] = "doubtful"


@dataclass(frozen=True, slots=True)
class EventRule:
    """A row makes this event where all conditions hold; `shape` is the event's class."""

    at: At
    name: str
    shape: type[Any]
    occurred_on: Day
    fields: Readonly[str, Expression]
    when: tuple[Condition, ...] = ()
    checks: Readonly[str, Severity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """What a row brings to one stream.

    `kind` is "client" or "journey". `parent` names the join to the row that opened the stream;
    with None each row opens a stream of its own, for `organisation` (None: the mapping's). With
    `by` the rows with the same value in these columns share one, and the first of them opens it.
    """

    at: At
    kind: str
    parent: str | None
    events: tuple[EventRule, ...]
    organisation: Expression | None = None
    by: "Columns" = ()


Columns: TypeAlias = tuple[str, ...]
"""The columns whose cells together name something."""

ROW_NUMBER: Columns = ()
"""The key of a table whose rows have no id: the number of the row in its file."""


class Join(NamedTuple):
    """A row's parent: the row of `table` whose key is in the cells of `columns`."""

    table: str
    columns: Columns
    at: At


@dataclass(frozen=True, slots=True)
class TableRule:
    """A table of the source; without parts it is only looked up."""

    at: At
    name: str
    file: str | None
    key: Columns
    parents: Readonly[str, Join] = field(default_factory=dict)
    recorded_at: Instant | None = None
    parts: tuple[Part, ...] = ()
    doubts: tuple[RowDoubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """How the tables are written."""

    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping. `source` names the other system, `time_zone` is an IANA name.

    `extracted` is the day the tables were made: a constant, or a column of a table with one row;
    without it the day of the import, in the time zone, counts.
    """

    file: str
    digest: str
    source: str
    person: str
    organisation: str
    time_zone: str
    tables: tuple[TableRule, ...]
    checks: Readonly[str, Severity] = field(default_factory=dict)
    form: Form = field(default_factory=Form)
    extracted: "Constant | Extracted | None" = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """The day the tables were made, as the first row of a table says."""

    at: At
    table: str
    day: Day
