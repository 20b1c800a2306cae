"""Single cells, read as texts, codes, numbers and days."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from application.importing.language import (
    REFUSE,
    Coded,
    Column,
    Constant,
    Day,
    Instant,
    Number,
    Shift,
)
from application.importing.policies import (
    CellForm,
    Cells,
    Read,
    Refused,
    Remark,
    Surroundings,
    cell_reader,
)
from application.importing.shapes import NOTHING, UNREADABLE, Misfit, fitted, wanted
from application.importing.texts import Instants, Moments, number
from domain.calendar import add_months
from domain.entry import Personal
from domain.wording import written

MOST = 2**53
"""The greatest whole number that every reader of JSON understands."""


def column(said: Column, kind: type[Any], around: Surroundings) -> Read:
    """Read a cell's text."""
    form = CellForm(
        said.path,
        said.at,
        _text_parser(kind),
        _missing_or("code-unknown", said.path, f"it is not {wanted(kind)}"),
        lambda value: fitted(value, kind),
        said.missing,
        REFUSE,
    )
    return cell_reader(form, around)


def _text_parser(kind: type[Any]) -> Callable[[str], Any]:
    if kind is str:
        return str
    if kind is Personal:
        return Personal
    if issubclass(kind, Enum):
        codes = {str(one.value): one for one in kind}
        return lambda text: codes.get(text, UNREADABLE)
    raise Misfit(f"a column's text does not fit: {wanted(kind)} is wanted")


def coded(said: Coded, kind: type[Any], around: Surroundings) -> Read:
    """Read a cell by a code table."""
    codes = {code: _meaning(said, one, kind, around) for code, one in said.codes.items()}
    form = CellForm(
        said.path,
        said.at,
        lambda text: codes.get(text, UNREADABLE),
        _missing_or("code-unknown", said.path, f"the code table {said.table} does not have it"),
        lambda value: fitted(value, kind),
        said.missing,
        said.unknown,
    )
    return cell_reader(form, around)


def _meaning(said: Coded, one: Constant, kind: type[Any], around: Surroundings) -> Any:
    """Return what a code stands for; what does not fit is noted where the code table says it."""
    if one.value is None:
        return NOTHING
    try:
        return fitted(one.value, kind)
    except Misfit as misfit:
        of = f"in {said.at.field} (line {said.at.line})"
        around.faults.append((one.at, f"{of} the code cannot be read: {misfit}"))
        return NOTHING


def amount(said: Number, kind: type[Any], around: Surroundings) -> Read:
    """Read a cell as a number."""
    form = CellForm(
        said.path,
        said.at,
        _number_parser(said, kind, around.decimal),
        _missing_or("number-unreadable", said.path, f"{wanted(kind)}{_bounds(said)} is wanted"),
        lambda value: fitted(value, kind),
        said.missing,
        said.unknown,
    )
    return cell_reader(form, around)


def _number_parser(said: Number, kind: type[Any], decimal: str) -> Callable[[str], Any]:
    if kind not in (int, float, Decimal):
        raise Misfit(f"a number does not fit: {wanted(kind)} is wanted")

    def parse(text: str) -> Any:
        value = number(text, decimal)
        if value is None or (kind is int and not _whole(value)):
            return UNREADABLE
        low = said.least is not None and value < Decimal(str(said.least))
        high = said.most is not None and value > Decimal(str(said.most))
        return UNREADABLE if low or high else kind(value)

    return parse


def _whole(value: Decimal) -> bool:
    return value == int(value) and abs(value) <= MOST


def _bounds(said: Number) -> str:
    low = "" if said.least is None else f" of at least {written(said.least)}"
    return (
        low
        if said.most is None
        else f"{low}{' and' if low else ' of'} at most {written(said.most)}"
    )


def day(said: Day, around: Surroundings) -> Read:
    """Read a cell as a day, shifted as the mapping says."""
    moments = Moments(said.formats)
    doubts, path = around.doubts, said.path

    def parse(text: str) -> Any:
        moment = moments.read(text)
        if moment is None:
            return UNREADABLE
        if moment.ambiguous:
            doubts.append(_ambiguous(path, text, moment.when.date()))
        return moment.when.date()

    def fixed(_cells: Cells) -> Any:
        return said.fixed

    form = _day_form(said, parse, lambda value: fitted(value, date))
    read = cell_reader(form, around) if said.fixed is None else fixed
    for shift in said.shifts:
        read = _shifted(read, shift, said.path, around)
    return read


def _ambiguous(path: str, text: str, read_as: date) -> Remark:
    message = f"more than one format fits; it was read as {read_as}"
    return Remark("date-ambiguous", path, text, message)


def _day_form(
    said: Day | Instant, parse: Callable[[str], Any], convert: Callable[[Any], Any]
) -> CellForm:
    formats = " or ".join(said.formats)
    unread = _missing_or("date-unreadable", said.path, f"a day as {formats} is wanted", "date")
    return CellForm(said.path, said.at, parse, unread, convert, said.missing, said.unknown)


def _shifted(read: Read, shift: Shift, path: str, around: Surroundings) -> Read:
    count = _count(shift, around)
    add = _ADD[shift.unit]

    def shifted(cells: Cells) -> Any:
        start = read(cells)
        length = NOTHING if start is NOTHING else count(cells)
        if length is NOTHING:
            return NOTHING
        try:
            return add(start, shift.sign * length)
        except (OverflowError, ValueError):
            message = f"{start} shifted by {length} {shift.unit} is no day of the calendar"
            raise Refused(Remark("date-out-of-range", path, str(start), message)) from None

    return shifted


def _count(shift: Shift, around: Surroundings) -> Read:
    if isinstance(shift.amount, Constant):
        value = fitted(shift.amount.value, Decimal)
        return lambda _cells: value
    return amount(shift.amount, Decimal, around)


# A part of a day counts as none.
_ADD: dict[str, Callable[[date, Decimal], date]] = {
    "days": lambda start, count: start + timedelta(days=int(count)),
    "weeks": lambda start, count: start + timedelta(days=int(count * 7)),
    "fortnights": lambda start, count: start + timedelta(days=int(count * 14)),
    "months": lambda start, count: add_months(start, int(count)),
}


def instant(said: Instant, around: Surroundings) -> Read:
    """Read a cell as an instant: a pair of the instant (UTC) and its day in the zone."""
    instants = Instants(said.formats, around.zone)
    doubts, path = around.doubts, said.path

    def parse(text: str) -> Any:
        found = instants.read(text)
        if found is None:
            return UNREADABLE
        if found.ambiguous:
            doubts.append(_ambiguous(path, text, found.day))
        return found.at, found.day

    def convert(_value: Any) -> Any:
        raise Misfit("an instant has no stand-in: refuse or omit it")

    return cell_reader(_day_form(said, parse, convert), around)


def _missing_or(
    unknown: str, path: str, message: str, missing: str | None = None
) -> Callable[[str], Remark]:
    what = missing or unknown.split("-", 1)[0]

    def said(text: str) -> Remark:
        if text:
            return Remark(unknown, path, text, message)
        return Remark(f"{what}-missing", path, "", f"{path} is empty")

    return said
