"""The full report of a programme from the command line, start included, beside a plain script."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from infrastructure import schema
from tests.performance import ours
from tests.performance.contenders import REPORT_ANEW, SCRIPT, START
from tests.performance.databases import Places
from tests.performance.played import played
from tests.performance.rival_environment import ROOT

PROGRAMME = "duunipolku"
POLKU = str(Path(sys.executable).with_name("polku"))


class NotReported(Exception):
    """A command did not end as it should."""


class Spent(NamedTuple):
    """The seconds of a process, by the clock and of processors."""

    clock: float
    processors: float


class Reported:
    """A programme that was played, and the commands that report it."""

    def __init__(self, places: Places, kind: str, source: str) -> None:
        """Take the SQLite file in which it was played; for PostgreSQL it is copied."""
        self._archive = places.folder / f"archive-{kind}"
        where = {"kind": "sqlite", "name": source}
        if kind == "postgresql":
            where = places.fresh(kind, "reported")
            copy = played(where)
            copy.copy(source)
            copy.close()
        self._url = ours.url_of(where)
        schema.upgrade_url(self._url)

    def command(self, code: str) -> Sequence[str]:
        """Return what a contender runs."""
        if code == START.code:
            return [sys.executable, "-c", "import duckdb"]
        if code == SCRIPT.code:
            module = "tests.performance.plain_report"
            return [sys.executable, "-m", module, self._url, PROGRAMME]
        return [POLKU, "report", "--programme", PROGRAMME]

    def said(self, code: str, *more: str) -> str:
        """Return what a contender's command prints. Raises NotReported."""
        environment = {"POLKU_DATABASE_URL": self._url, "POLKU_ARCHIVE": str(self._archive)}
        done = subprocess.run(
            [*self.command(code), *more],
            cwd=ROOT,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotReported(f"{code}: {done.stderr}")
        return done.stdout

    def spent(self, code: str) -> Spent:
        """Run a contender's command to its end. The archive is there, but for who writes it."""
        if code == REPORT_ANEW.code:
            shutil.rmtree(self._archive, ignore_errors=True)
        before, begun = _children(), time.perf_counter()
        self.said(code)
        return Spent(time.perf_counter() - begun, _children() - before)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
