"""What is said of a row that is refused or doubtful, and what to do with a value not there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, NamedTuple, TypeAlias

from application.importing.language import OMIT, At, Condition, Policy, StreamOf
from application.importing.shapes import NOTHING, UNREADABLE

Cells: TypeAlias = list[str]
Read: TypeAlias = Callable[[Cells], Any]
Cell: TypeAlias = Callable[[Cells], str]
Convert: TypeAlias = Callable[[Any], Any]


class Remark(NamedTuple):
    """Something to report of a row: a code, the column and its value, and a sentence."""

    code: str
    column: str
    value: str
    message: str


class Refused(Exception):
    """A row cannot be brought in."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.message)
        self.remark = remark


class Unbindable(Exception):
    """Something in the mapping does not go with the tables at hand; `at` says where."""

    def __init__(self, at: At, message: str) -> None:
        super().__init__(message)
        self.at, self.message = at, message


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the expressions of one table lean on.

    `cell` finds a column (raises Unbindable), `stream` the id of a client or journey that a row
    opened; `doubts` takes what is doubtful in the row being read, `faults` what is wrong with the
    mapping.
    """

    cell: Callable[[str, At], Cell]
    stream: Callable[[StreamOf], Read]
    doubts: list[Remark]
    decimal: str
    zone: tzinfo
    faults: list[tuple[At, str]]


@dataclass(frozen=True, slots=True)
class CellForm:
    """How one cell is read: `parse` gives UNREADABLE where the text is not known.

    `said` says what is missing (of an empty text) or not known; `convert` makes the stand-in of
    a policy fit.
    """

    path: str
    at: At
    parse: Callable[[str], Any]
    said: Callable[[str], Remark]
    convert: Convert
    missing: Policy | None
    unknown: Policy


def cell_reader(form: CellForm, around: Surroundings) -> Read:
    """Return what reads one cell by its form and its policies."""
    cell, parse = around.cell(form.path, form.at), form.parse
    if_missing = _stand_in(form.missing or OMIT, form, around, doubt_omitted=False)
    if_unknown = _stand_in(form.unknown, form, around, doubt_omitted=True)

    def read(cells: Cells) -> Any:
        text = cell(cells)
        if not text:
            return if_missing(text)
        value = parse(text)
        return if_unknown(text) if value is UNREADABLE else value

    return read


def _stand_in(
    policy: Policy, form: CellForm, around: Surroundings, *, doubt_omitted: bool
) -> Callable[[str], Any]:
    value = NOTHING if policy.value is None else form.convert(policy.value)
    said, doubts = form.said, around.doubts

    def refuse(text: str) -> Any:
        raise Refused(said(text))

    def doubt(text: str) -> Any:
        doubts.append(said(text))
        return value

    def accept(_text: str) -> Any:
        return value

    if policy.act == "refuse":
        return refuse
    doubtful = policy.act == "doubtful-as" or (policy.act == "omit" and doubt_omitted)
    return doubt if doubtful else accept


def conditions(said: Iterable[Condition], around: Surroundings) -> Callable[[Cells], bool]:
    """Return what tells whether all conditions hold of a row."""
    each = [_condition(one, around.cell(one.path, one.at)) for one in said]
    if len(each) == 1:
        return each[0]
    return lambda cells: all(holds(cells) for holds in each)


def _condition(said: Condition, cell: Cell) -> Callable[[Cells], bool]:
    values, negated = said.values, said.negated
    return lambda cells: (cell(cells) in values) is not negated
