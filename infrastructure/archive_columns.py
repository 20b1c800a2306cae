"""Stored events as columns: bodies of one kind are decoded together, and become arrays of Arrow.

Only what `application.evaluation.tables` keeps is decoded; a personal text is skipped, sealed or
not, and never becomes a value of this process.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from functools import cache
from itertools import accumulate, chain
from operator import attrgetter
from types import GenericAlias, NoneType
from typing import Any, NamedTuple, TypeAlias, get_args, get_origin

import msgspec
import pyarrow as pa

from application.evaluation.tables import Kept, is_json, kept

DECIMALS = pa.decimal128(38, 4)
WHOLE_DIGITS = 33
WHOLE_LIMIT = 2**63
NOTHING = msgspec.Raw(b"null")


class _NoPandas:
    """Says that there is no pandas."""

    @staticmethod
    def find_spec(name: str, _path: Any = None, _target: Any = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def _leave_pandas_out() -> None:
    """Have pyarrow do without pandas: where it is installed, the first array waits to load it.

    That takes longer than to archive 100,000 entries, in every process; pyarrow looks once.
    """
    if "pandas" in sys.modules:
        return
    none = _NoPandas()
    sys.meta_path.insert(0, none)
    try:
        pa.array([], pa.int64())
    finally:
        sys.meta_path.remove(none)


_leave_pandas_out()

Build: TypeAlias = Callable[[Sequence[Any]], pa.Array]
"""Makes an array of decoded values."""


class Form(NamedTuple):
    """How the fields of a class are decoded and built: both in the order of its kept fields."""

    decode: Callable[[bytes], list[Any]]
    fields: tuple[str, ...]
    schema: pa.Schema
    builds: tuple[Build, ...]

    def columns(self, bodies: Sequence[bytes]) -> list[pa.Array]:
        """Return the columns of bodies of the class, one for each kept field."""
        found = self.decode(b"[%b]" % b",".join(bodies))
        return [
            build([*map(attrgetter(field), found)])
            for field, build in zip(self.fields, self.builds, strict=True)
        ]


@cache
def form_of(cls: Any) -> Form:
    """Return how the bodies of a class of events become columns."""
    every = kept(cls)
    return Form(
        msgspec.json.Decoder(GenericAlias(list, (_struct(cls),))).decode,
        tuple(one.field for one in every),
        pa.schema([(one.column, arrow_type(one.hint)) for one in every]),
        tuple(_build(one.hint) for one in every),
    )


@cache
def _struct(cls: Any) -> Any:
    """Make what a class is decoded into: its kept fields in the form that is quickest to build."""
    return msgspec.defstruct(cls.__name__, [_field(one) for one in kept(cls)], gc=False)


def _field(one: Kept) -> tuple[str, Any, Any]:
    if _kind(one.hint) is None:
        return one.field, msgspec.Raw, NOTHING
    return one.field, _decoded(one.hint) | None, None


def _decoded(hint: Any) -> Any:
    kind = _kind(hint)
    if kind in (date, Decimal) or _is_code(kind):
        return str
    if isinstance(kind, type) and is_dataclass(kind):
        return _struct(kind)
    if get_origin(kind) is tuple:
        return GenericAlias(list, (_decoded(get_args(kind)[0]),))
    return kind


def _kind(hint: Any) -> Any:
    """Return a type without "or none"; None for one whose values stay JSON."""
    if is_json(hint):
        return None
    if isinstance(hint, type) or get_origin(hint) is tuple:
        return hint
    (kind,) = (kind for kind in get_args(hint) if kind is not NoneType)
    return kind


_SCALARS = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    str: pa.string(),
    date: pa.date32(),
    Decimal: DECIMALS,
    None: pa.string(),
}


def arrow_type(hint: Any) -> pa.DataType:
    """Return Arrow's type for a field's type."""
    kind = _kind(hint)
    if get_origin(kind) is tuple:
        return pa.list_(arrow_type(get_args(kind)[0]))
    if isinstance(kind, type) and is_dataclass(kind):
        return pa.struct([(one.column, arrow_type(one.hint)) for one in kept(kind)])
    return _SCALARS[str if _is_code(kind) else kind]


def _is_code(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)


def _build(hint: Any) -> Build:
    kind = _kind(hint)
    if get_origin(kind) is tuple:
        return _build_lists(_build(get_args(kind)[0]))
    if isinstance(kind, type) and is_dataclass(kind):
        return _build_structs(kind)
    type_ = arrow_type(hint)
    return _SPECIAL.get(kind) or (lambda values: pa.array(values, type_))


def _texts(values: Sequence[msgspec.Raw | None]) -> pa.Array:
    return pa.array([_json(value) for value in values], pa.string())


def _json(value: msgspec.Raw | None) -> str | None:
    return None if value is None or value == NOTHING else bytes(value).decode()


def days(values: Sequence[str | None]) -> pa.Array:
    """Return the days of ISO 8601 texts."""
    return pa.array(values, pa.string()).cast(pa.date32())


def _amounts(values: Sequence[str | None]) -> pa.Array:
    try:
        return pa.array(values, pa.string()).cast(DECIMALS)
    except pa.ArrowInvalid:  # more than four decimals, or more digits than anybody has
        return pa.array([_amount(value) for value in values], DECIMALS)


def _amount(text: str | None) -> Decimal | None:
    value = Decimal(text or "NaN")
    if not value.is_finite() or value.adjusted() >= WHOLE_DIGITS:
        return None
    with localcontext(prec=60):
        return value.quantize(Decimal("0.0001"))


def _whole(values: Sequence[int | None]) -> pa.Array:
    try:
        return pa.array(values, pa.int64())
    except (OverflowError, pa.ArrowInvalid):  # what another system wrote; no count is so large
        fit = [v if v is not None and -WHOLE_LIMIT <= v < WHOLE_LIMIT else None for v in values]
        return pa.array(fit, pa.int64())


_SPECIAL: Mapping[Any, Build] = {date: days, Decimal: _amounts, int: _whole, None: _texts}


def _build_lists(inner: Build) -> Build:
    def build(values: Sequence[Any]) -> pa.Array:
        lists = [value or () for value in values]
        ends = [0, *accumulate(map(len, lists))]
        none = pa.array([value is None for value in values], pa.bool_())
        flat = inner([*chain.from_iterable(lists)])
        return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), flat, mask=none)

    return build


def _build_structs(cls: Any) -> Build:
    every = kept(cls)
    getters = [(attrgetter(one.field), _build(one.hint)) for one in every]
    fields = [pa.field(one.column, arrow_type(one.hint)) for one in every]

    def build(values: Sequence[Any]) -> pa.Array:
        none = pa.array([value is None for value in values], pa.bool_())
        arrays = [
            inner([None if value is None else get(value) for value in values])
            for get, inner in getters
        ]
        return pa.StructArray.from_arrays(arrays, fields=fields, mask=none)

    return build
