"""The import of the HMIS sample, from its file to the last commit, into a fresh log."""

from pathlib import Path
from typing import Any

from application.importing.bringing import bring_in
from infrastructure.event_log import SqlEventLog
from infrastructure.mapping_files import read_mapping
from infrastructure.tables import read_tables
from tests.performance.ours import opened


class Importing:
    """Brings a source in; what is counted are the source's rows."""

    def __init__(self, log: SqlEventLog) -> None:
        self.log = log
        self._mapping = read_mapping("hmis-csv")

    def bring_in(self, source: str) -> int:
        """Bring the source into the log; return how many rows it has."""
        report = bring_in(self.log, self._mapping, read_tables(Path(source), self._mapping))
        return report.rows

    def close(self) -> None:
        self.log.close()


def importing(where: dict[str, Any]) -> Importing:
    """A fresh log that a source is brought into."""
    return Importing(opened(where))
