"""Measure what evaluators ask of a log: `python -m tests.performance.archiving URL FOLDER`.

The archive is written anew, and asked in a process that has just begun: the stock per phase on each
of 365 days, and all that the ESF+ indicators are counted from, by gender and organisation. Beside
it PostgreSQL is asked by plain SQL over the table of events. Then the eligibility of all journeys
is judged again by what the archive has of it, a programme after another. Peak memory is that of
this process and its helpers.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from application.evaluation.asking import Asked, Moment
from application.evaluation.eligibility import eligibility_again
from application.evaluation.what_if import Question
from application.office import Office
from application.programmes import Programmes
from infrastructure.archive import ParquetArchive
from infrastructure.database import Database
from infrastructure.definitions import load_definition, shipped_definitions
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.working_days import working_days_of
from tests.performance.plain_sql import PARTICIPANTS, STOCK_OF_ROWS
from tests.performance.played import NotTheSame
from tests.performance.served import resident_mb

EVENTS_PER_SECOND, STOCK_SECONDS, ESF_SECONDS, MEMORY_MB = 200_000.0, 5.0, 5.0, 4_000.0
WHAT_IF_SECONDS = 60.0
LOOK_SECONDS = 0.2
"""How often memory is looked at."""

STOCK = """
SELECT day, phase, sum(journeys)::BIGINT AS journeys
FROM stock(DATE '2025-01-01', DATE '2025-12-31') GROUP BY day, phase ORDER BY day, phase
"""

_LONG = "months_unemployed > if(age_at_start < 25, 6, 12)"
_COUNTS = {
    "EECO01": "true",
    "EECO02": "status_at_start = 'unemployed'",
    "EECO03": f"status_at_start = 'unemployed' AND {_LONG}",
    "EECO04": "status_at_start = 'inactive'",
    "EECO05": "status_at_start = 'employed'",
    "EECO06": "age_at_start < 18",
    "EECO07": "age_at_start BETWEEN 18 AND 29",
    "EECO08": "age_at_start >= 55",
    "EECO09": "education <= 2",
    "EECO10": "education BETWEEN 3 AND 4",
    "EECO11": "education >= 5",
    "EECO12": "list_contains(disadvantages, 'disability')",
    "EECO13": "list_contains(disadvantages, 'third-country')",
    "EECO14": "list_contains(disadvantages, 'migrant')",
    "EECO15": "list_contains(disadvantages, 'minority')",
    "EECO16": "list_contains(disadvantages, 'homeless')",
    "EECO17": "list_contains(disadvantages, 'rural')",
    "EECR01": "status_at_start = 'inactive' AND status_at_leaving = 'unemployed'",
    "EECR02": "status_at_leaving = 'in-training'",
    "EECR03": "certificates > 0",
    "EECR04": "status_at_start != 'employed' AND status_at_leaving = 'employed'",
    "EECR05": "status_at_start != 'employed' AND status_after_six_months = 'employed'",
    "EECR06": "status_at_start = 'employed' AND status_after_six_months = 'employed'",
}

ESF = f"""
SELECT gender, organisation, {
    ", ".join(f'count(*) FILTER ({who}) AS "{code}"' for code, who in _COUNTS.items())
}, count(*) FILTER (left_on IS NOT NULL AND status_at_leaving IS NULL) AS missing
FROM esf_participants GROUP BY GROUPING SETS ((), (gender), (organisation), (gender, organisation))
ORDER BY ALL
"""


def measure(url: str, folder: Path) -> dict[str, Any]:
    """Write, ask and judge; return the figures."""
    with _peak() as peak, open_log(url) as log:
        archive = ParquetArchive(folder, log.database)
        begun = time.perf_counter()
        position = archive.catch_up()
        seconds = time.perf_counter() - begun
        stock, days = _asked(archive, STOCK)
        esf, groups = _asked(archive, ESF)
        judged, journeys = _what_if(log, archive)
    return {
        "events": position,
        "write_events_per_second": position / seconds,
        "bytes": sum(path.stat().st_size for path in folder.glob("*/*.parquet")),
        "stock_seconds": stock,
        "stock_rows": days,
        "stock_sql_seconds": _by_sql(url, STOCK_OF_ROWS),
        "esf_seconds": esf,
        "esf_rows": groups,
        "esf_sql_seconds": _by_sql(url, PARTICIPANTS),
        "what_if_seconds": sum(judged.values()),
        "what_if_seconds_each": judged,
        "what_if_journeys": journeys,
        "memory_mb": peak[0],
    }


@contextmanager
def _peak() -> Iterator[list[float]]:
    """Note the most memory that this process and its helpers hold."""
    peak, over = [resident_mb(os.getpid())], threading.Event()

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            try:
                peak[0] = max(peak[0], resident_mb(os.getpid()))
            except (OSError, ValueError):
                continue  # a helper has just ended

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield peak
    finally:
        over.set()
        watch.join()


def _what_if(log: SqlEventLog, archive: ParquetArchive) -> tuple[dict[str, float], int]:
    """Judge each programme's journeys by its own definition; return the seconds, how many in all.

    Raises NotTheSame where a verdict comes out otherwise than it was recorded.
    """
    seconds, journeys = {}, 0
    office = Office(log, Programmes(log, load_definition), working_days_of)
    texts = shipped_definitions()
    for code in sorted(office.programmes.published()):
        begun = time.perf_counter()
        question = Question(load_definition(texts[code], code))
        total = eligibility_again(office, archive, question).tallies[0]
        seconds[code] = time.perf_counter() - begun
        journeys += total.journeys
        if total.would_be != total.eligible:
            raise NotTheSame(f"{code}: {total.eligible} were eligible, {total.would_be} would be")
    return seconds, journeys


def _by_sql(url: str, sql: str) -> float:
    """Return the seconds that the database takes for a question, asked twice, the second time."""
    database = Database(url)
    try:
        for _ in range(2):
            begun = time.perf_counter()
            database.rows(sql, {})
            seconds = time.perf_counter() - begun
        return seconds
    finally:
        database.close()


def _asked(archive: ParquetArchive, sql: str) -> tuple[float, int]:
    """Ask at a moment, opening included, twice; return the second time's seconds, and its rows."""
    for _ in range(2):
        begun = time.perf_counter()
        with archive.at(Moment(date(2026, 1, 1))) as asked:
            rows = _rows(asked, sql)
        seconds = time.perf_counter() - begun
    return seconds, rows


def _rows(asked: Asked, sql: str) -> int:
    return len(asked.ask(sql).rows)


def main() -> int:
    """Measure, and print the figures as JSON."""
    url, folder = sys.argv[1:]
    print(json.dumps(measure(url, Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
