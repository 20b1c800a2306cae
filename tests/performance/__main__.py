"""Measure Polku beside what one would pick instead: `make bench`.

Ends with 0 when all was measured; whether a target is reached is said, not enforced.
"""

import argparse
import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.performance.databases import Places, postgresql
from tests.performance.outcome import SECTIONS, Numbers, Outcome
from tests.performance.report import as_plain, show
from tests.performance.rival_environment import ROOT, NoRival, rival_python
from tests.performance.session import Session

RIVALRY = {"append", "read"}
"""Sections in which the rival with an environment of its own takes part."""

SAMPLE = ROOT.parent / "shared" / "data" / "hmis-csv-sample.zip"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write the JSON that was asked for."""
    asked = _asked(arguments)
    defaults = Numbers()
    numbers = Numbers(
        rounds=asked.rounds or defaults.rounds,
        seconds=asked.seconds or defaults.seconds,
        streams=asked.streams or defaults.streams,
        read_streams=asked.streams or defaults.read_streams,
    )
    begun = time.monotonic()
    tell = _teller(Console(stderr=True))
    with tempfile.TemporaryDirectory(prefix="polku-bench-", dir=asked.folder) as folder:
        outcome = _measure(Path(folder), numbers, asked.source, asked.only, tell)
    conditions = _conditions(numbers, outcome.played, time.monotonic() - begun)
    width = None if sys.stdout.isatty() else 170
    show(Console(width=width), outcome, _sentence(conditions))
    if asked.json:
        plain = as_plain(outcome, conditions)
        asked.json.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")
    return 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.performance", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there as well")
    parser.add_argument(
        "--only", type=_sections, default=SECTIONS, metavar="SECTION,...",
        help=f"measure these alone: {', '.join(SECTIONS)}",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, help="rounds of each figure, five by default")
    parser.add_argument("--seconds", type=float, help="length of one run of one contender")
    parser.add_argument("--streams", type=int, help="how many streams there are")
    parser.add_argument("--source", type=Path, default=SAMPLE, help="the zip of the HMIS sample")
    parser.add_argument("--folder", type=Path, help="a folder on the disk that is to be measured")
    return parser.parse_args(arguments)


def _sections(text: str) -> tuple[str, ...]:
    asked = tuple(text.split(","))
    unknown = [name for name in asked if name not in SECTIONS]
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no {unknown[0]}, but: {', '.join(SECTIONS)}")
    return asked


def _measure(
    folder: Path,
    numbers: Numbers,
    source: Path,
    only: Collection[str],
    tell: Callable[[str], None],
) -> Outcome:
    missing, rival = [], None
    if not RIVALRY.isdisjoint(only):
        try:
            rival = rival_python()
        except NoRival as reason:
            missing.append(f"eventsourcing_sqlalchemy was not measured: {reason}")
    if "import" in only and not source.exists():
        missing.append(f"the import was not measured: there is no {source.name}; say --source FILE")
    with postgresql(folder / "server") as server:
        places = Places(folder, server)
        try:
            session = Session(places, rival, numbers, tell)
            outcome = session.measure(source if source.exists() else None, only)
        finally:
            places.drop()
    outcome.missing += missing
    return outcome


def _teller(console: Console) -> Callable[[str], None]:
    """Say what is being measured: over and over in one line where a person looks."""
    told = [""]
    counted = [0]
    begun = time.monotonic()

    def tell(what: str) -> None:
        counted[0] = counted[0] + 1 if told[0] == what else 1
        if console.is_terminal:
            elapsed = time.monotonic() - begun
            line = f"{elapsed:4.0f} s  {what}, round {counted[0]}"
            console.file.write(f"\r\x1b[K{line}")
            console.file.flush()
        elif told[0] != what:
            console.print(f"{time.monotonic() - begun:4.0f} s  {what}", highlight=False)
        told[0] = what

    return tell


def _conditions(numbers: Numbers, played: int, seconds: float) -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "sqlite": sqlite3.sqlite_version,
        "eventsourcing": version("eventsourcing"),
        "sqlalchemy": version("sqlalchemy"),
        "psycopg": version("psycopg"),
        "rounds": numbers.rounds,
        "seconds_per_run": numbers.seconds,
        "streams": numbers.streams,
        "tiny_events_read": numbers.read_streams * numbers.read_length,
        "real_events_read": played,
        "took_seconds": round(seconds),
    }


def _sentence(conditions: dict[str, Any]) -> str:
    said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in conditions.items())
    return f"\nMedians of {conditions['rounds']} interleaved rounds. {said}."


if __name__ == "__main__":
    sys.exit(main())
