"""Measure the archive of a log: `python -m tests.performance.archiving URL FOLDER`.

It is written anew, and asked in a process that has just begun: the stock per phase on each of 365
days, and all that the ESF+ indicators are counted from, by gender and organisation. Peak memory is
that of this process, and of the largest helper.
"""

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from application.evaluation.asking import Asked, Moment
from infrastructure.archive import ParquetArchive
from infrastructure.database import Database

EVENTS_PER_SECOND, STOCK_SECONDS, ESF_SECONDS, MEMORY_MB = 200_000.0, 5.0, 5.0, 4_000.0

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
    """Write and ask; return the figures."""
    database = Database(url)
    archive = ParquetArchive(folder, database)
    begun = time.perf_counter()
    position = archive.catch_up()
    seconds = time.perf_counter() - begun
    stock, days = _asked(archive, STOCK)
    esf, groups = _asked(archive, ESF)
    return {
        "events": position,
        "write_events_per_second": position / seconds,
        "bytes": sum(path.stat().st_size for path in folder.glob("*/*.parquet")),
        "stock_seconds": stock,
        "stock_rows": days,
        "esf_seconds": esf,
        "esf_rows": groups,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "helper_memory_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


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
