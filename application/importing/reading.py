"""Expressions of a mapping, made into functions from a row's cells to a value.

All is looked up once, against the headers at hand; reading a row then only calls functions.
"""

from collections.abc import Callable
from collections.abc import Mapping as Readonly
from dataclasses import is_dataclass
from datetime import date
from typing import Any

from application.importing import cells as single
from application.importing.language import (
    OMIT,
    At,
    Coded,
    Column,
    Constant,
    Day,
    Expression,
    Fields,
    First,
    Given,
    Instant,
    Joined,
    Number,
    Several,
    StreamOf,
    Year,
)
from application.importing.policies import (
    Cells,
    Read,
    Refused,
    Remark,
    Surroundings,
    Unbindable,
    conditions,
)
from application.importing.shapes import (
    NOTHING,
    REQUIRED,
    FieldShape,
    Misfit,
    fields_of,
    fitted,
    wanted,
)
from domain.entry import Personal, event_name
from domain.texts import unfit


def event_reader(
    shape: type[Any], at: At, fields: Readonly[str, Expression], around: Surroundings
) -> Read:
    """Return what makes an event (or a value within one) of a row; faults go to `around`."""
    known = fields_of(shape)
    for name in fields.keys() - known.keys():
        message = f"{event_name(shape)} has no field {name!r}; it has {', '.join(known) or 'none'}"
        around.faults.append((fields[name].at, message))
    reads = [_checked(fields.get(own.name), own, at, around) for own in known.values()]

    def read(cells: Cells) -> Any:
        return shape(*[one(cells) for one in reads])

    return read


def _checked(expression: Expression | None, own: FieldShape, at: At, around: Surroundings) -> Read:
    try:
        return _field_reader(expression, own, at, around)
    except Unbindable as unbindable:
        around.faults.append((unbindable.at, unbindable.message))
        return lambda _cells: NOTHING


def _field_reader(
    expression: Expression | None, own: FieldShape, at: At, around: Surroundings
) -> Read:
    absent = own.absent
    if expression is None:
        if absent is REQUIRED:
            raise Unbindable(at, f"the field {own.name!r} is missing: {wanted(own.kind)}")
        return lambda _cells: absent
    read = reader(expression, own.kind, own.item, around)
    if own.coded:
        read = _converted(read, lambda code: code.value)
    if own.a_day:
        read = _converted(read, _day_as(Personal))
    if own.kind in (str, Personal) or own.item in (str, Personal):
        read = _fit(read, own, expression)
    if isinstance(expression, Constant):
        return read
    if absent is REQUIRED:
        return _required(read, own.name, expression)

    def optional(cells: Cells) -> Any:
        value = read(cells)
        return absent if value is NOTHING else value

    return optional


def _fit(read: Read, own: FieldShape, expression: Expression) -> Read:
    """Return what refuses texts that cannot stand as they are."""
    columns = columns_of(expression)

    def fit(cells: Cells) -> Any:
        value = read(cells)
        for text in value if isinstance(value, tuple) else (value,):
            wrong = None if text is NOTHING else unfit(str(text), one_line=own.one_line)
            if wrong is not None:
                raise Refused(Remark("text-unfit", columns, str(text), f"{own.name}: {wrong}"))
        return value

    return fit


def _required(read: Read, name: str, expression: Expression) -> Read:
    policies = (getattr(expression, "missing", None), getattr(expression, "unknown", None))
    if OMIT in policies:
        raise Unbindable(expression.at, f"{name} must be there: `omit` would leave it out")
    code = "code-missing" if isinstance(expression, Coded) else "value-missing"
    missing = Remark(code, columns_of(expression), "", f"{name} must be there; the row has none")

    def required(cells: Cells) -> Any:
        value = read(cells)
        if value is NOTHING:
            raise Refused(missing)
        return value

    return required


def reader(
    expression: Expression, kind: type[Any], item: type[Any] | None, around: Surroundings
) -> Read:
    """Return what reads a value of the kind, or NOTHING. Raises Unbindable."""
    try:
        return _reader(expression, kind, item, around)
    except Misfit as misfit:
        raise Unbindable(expression.at, str(misfit)) from None


def _reader(  # noqa: PLR0911  one line for each form of expression
    expression: Expression, kind: type[Any], item: type[Any] | None, around: Surroundings
) -> Read:
    match expression:
        case Column():
            return single.column(expression, kind, around)
        case Coded():
            return single.coded(expression, kind, around)
        case Number():
            return single.amount(expression, kind, around)
        case Day():
            return _converted(single.day(expression, around), _day_as(kind))
        case Year():
            return _year(expression, kind, around)
        case Joined():
            return _joined(expression, kind, around)
        case First(choices=choices):
            return _first([reader(one, kind, item, around) for one in choices])
        case StreamOf():
            return _converted(around.stream(expression), _text_as(kind))
        case _:
            return _composed(expression, kind, item, around)


def _composed(
    expression: Expression, kind: type[Any], item: type[Any] | None, around: Surroundings
) -> Read:
    match expression:
        case Constant(value=value):
            constant = fitted(value, kind)
            return lambda _cells: constant
        case Given():
            return _given(expression, kind, item, around)
        case Fields(fields=fields) if is_dataclass(kind) and kind is not Personal:
            return event_reader(kind, expression.at, fields, around)
        case Several(items=items) if item is not None:
            return _several([reader(one, item, None, around) for one in items])
        case _:
            raise Misfit(f"it does not fit: {wanted(kind)} is wanted")


def day_reader(said: Day, around: Surroundings) -> Read:
    """Return what reads a day, or NOTHING; what is wrong with it goes to the faults."""
    try:
        return reader(said, date, None, around)
    except Unbindable as unbindable:
        around.faults.append((unbindable.at, unbindable.message))
        return lambda _cells: NOTHING


def columns_of(expression: Expression | None) -> str:
    """Return the columns that an expression reads, as a finding names them."""
    match expression:
        case Column() | Coded() | Number() | Day() | Instant():
            return expression.path
        case Year(day=day):
            return day.path
        case Given(then=then):
            return columns_of(then)
        case Joined(parts=inner) | First(choices=inner) | Several(items=inner):
            return ", ".join(filter(None, map(columns_of, inner)))
        case _:
            return ""


def _converted(read: Read, convert: Callable[[Any], Any] | None) -> Read:
    if convert is None:
        return read

    def converted(cells: Cells) -> Any:
        value = read(cells)
        return value if value is NOTHING else convert(value)

    return converted


def _text_as(kind: type[Any]) -> Callable[[Any], Any] | None:
    if kind not in (str, Personal):
        raise Misfit(f"a text does not fit: {wanted(kind)} is wanted")
    return Personal if kind is Personal else None


def _day_as(kind: type[Any]) -> Callable[[Any], Any] | None:
    if kind is date:
        return None
    if kind is Personal:
        return lambda day: Personal(day.isoformat())
    if kind is str:
        return date.isoformat
    raise Misfit(f"a day does not fit: {wanted(kind)} is wanted")


def _year(said: Year, kind: type[Any], around: Surroundings) -> Read:
    if kind is not int:
        raise Misfit(f"a year does not fit: {wanted(kind)} is wanted")
    day = single.day(said.day, around)
    less: Read = single.amount(said.less, int, around) if said.less else lambda _cells: 0

    def year(cells: Cells) -> Any:
        start, years = day(cells), less(cells)
        return NOTHING if start is NOTHING or years is NOTHING else start.year - years

    return year


def _joined(said: Joined, kind: type[Any], around: Surroundings) -> Read:
    parts = [reader(one, str, None, around) for one in said.parts]

    def joined(cells: Cells) -> Any:
        texts = [part(cells) for part in parts]
        return NOTHING if NOTHING in texts else "".join(texts)

    return _converted(joined, _text_as(kind))


def _given(said: Given, kind: type[Any], item: type[Any] | None, around: Surroundings) -> Read:
    holds, then = conditions(said.when, around), reader(said.then, kind, item, around)
    return lambda cells: then(cells) if holds(cells) else NOTHING


def _first(choices: list[Read]) -> Read:
    def first(cells: Cells) -> Any:
        for choice in choices:
            value = choice(cells)
            if value is not NOTHING:
                return value
        return NOTHING

    return first


def _several(items: list[Read]) -> Read:
    def several(cells: Cells) -> Any:
        return tuple(value for item in items if (value := item(cells)) is not NOTHING)

    return several
