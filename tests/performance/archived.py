"""Writing the archive of a real log, stored many times: beside the rows alone, by pyarrow."""

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from infrastructure.archive import ParquetArchive
from tests.performance.ours import opened
from tests.performance.verifying import Verifying

PAGE = 50_000

ROW = pa.schema(
    {
        "position": pa.int64(), "stream": pa.string(), "version": pa.int64(), "name": pa.string(),
        "schema_version": pa.int32(), "occurred_on": pa.string(), "recorded_at": pa.int64(),
        "source_recorded_at": pa.int64(), "source": pa.string(), "actor": pa.string(),
        "organisation": pa.string(), "correlation": pa.string(), "causation": pa.string(),
        "body": pa.binary(),
    }
)  # fmt: skip


class Archived(Verifying):
    """A real log, stored so many times that writing its archive takes a while."""

    def archive(self) -> int:
        """Write the archive from nothing, by as many processes as it takes; return its position."""
        with tempfile.TemporaryDirectory() as folder:
            return ParquetArchive(Path(folder) / "archive", self.log.database).catch_up()

    def rows_alone(self) -> int:
        """Write the rows as they are stored into one file: nothing is decoded, split or hidden."""
        last, done = self.log.position(), 0
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rows.parquet"
            with pq.ParquetWriter(file, ROW, compression="zstd", compression_level=1) as out:
                for after in range(0, last, PAGE):
                    asked = {"after": after, "until": after + PAGE, "limit": PAGE}
                    rows = self.log.database.rows(self.log._statements.page, asked)
                    out.write_table(pa.table([*zip(*rows, strict=True)], schema=ROW))
                    done += len(rows)
        return done


def archived(where: dict[str, Any]) -> Archived:
    """A log to write the archive of."""
    return Archived(opened(where))
