"""How columns are stored: as they are asked for, and read back as they were."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infrastructure.archive_encoding import stored_as
from infrastructure.archive_writing import MANY, ArchiveWriter
from infrastructure.database import Database

SCHEMA = pa.schema(
    {
        "position": pa.int64(),
        "journey": pa.string(),
        "phase": pa.string(),
        "occurred_on": pa.date32(),
        "hours": pa.float64(),
        "situation": pa.struct({"since": pa.date32(), "languages": pa.list_(pa.string())}),
    }
)


def test_every_column_is_stored_as_its_values_cost_least_and_read_as_it_was(tmp_path: Path) -> None:
    days = [date(2024, 2, 29), None, date(2025, 1, 1)]
    told = [{"since": day, "languages": ["fi", None]} for day in days[:2]]
    table = pa.table(
        {
            "position": [2**40, None, -3],
            "journey": ["a", "b", None],
            "phase": ["intake", "intake", None],
            "occurred_on": days,
            "hours": [0.5, None, 7.25],
            "situation": [*told, None],
        },
        schema=SCHEMA,
    )
    file = tmp_path / "table.parquet"
    with pq.ParquetWriter(file, SCHEMA, **stored_as(SCHEMA)) as writer:
        writer.write_table(table)
    group = pq.read_metadata(file).row_group(0)
    stored = {
        column.path_in_schema: set(column.encodings) - {"PLAIN", "RLE", "BIT_PACKED"}
        for column in map(group.column, range(group.num_columns))
    }
    assert stored == {
        "position": {"DELTA_BINARY_PACKED"},
        "journey": set(),
        "phase": {"RLE_DICTIONARY"},
        "occurred_on": {"DELTA_BINARY_PACKED"},
        "hours": set(),
        "situation.since": {"DELTA_BINARY_PACKED"},
        "situation.languages.list.element": {"RLE_DICTIONARY"},
    }
    assert pq.read_table(file).equals(table)


@pytest.mark.parametrize(
    ("entries", "helpers", "length"),
    [(10, 2, MANY // 2), (600_000, 2, 300_000), (4_600_000, 2, 766_667), (4_600_000, 1, 920_000)],
)
def test_segments_are_as_long_as_each_other_so_that_no_helper_waits(
    entries: int, helpers: int, length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    writer = ArchiveWriter(tmp_path, Database("sqlite://"), helpers=helpers)
    assert writer._length(entries) == length
