"""The HMIS sample: where it lies, and the log that it makes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from application.importing.bringing import bring_in
from application.importing.report import Report
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.mapping_files import read_mapping
from infrastructure.tables import read_tables

SAMPLE = Path(__file__).parents[2] / ".." / "shared" / "data" / "hmis-csv-sample.zip"

WHERE_IT_IS = pytest.mark.skipif(
    not SAMPLE.exists() and not os.environ.get("CI"),
    reason="the sample export is not beside the project; with CI set this is a failure",
)


@contextmanager
def brought_in() -> Iterator[tuple[SqlEventLog, Report]]:
    """Give a log in memory with the whole sample, to be read only, and the report of it."""
    mapping = read_mapping("hmis-csv")
    with open_log("sqlite://") as log:
        yield log, bring_in(log, mapping, read_tables(SAMPLE, mapping))
