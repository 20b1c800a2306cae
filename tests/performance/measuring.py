"""Interleaved measuring: one short run of each contender after another, again and again.

What the machine does meanwhile hits all alike, and a ratio is taken within each round.
"""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from tests.performance.contenders import Contender
from tests.performance.rival_environment import ROOT

PATIENCE_SECONDS = 180
"""After so long without an answer a contender is taken to be stuck, and ended."""


class WorkerFailed(Exception):
    """A contender's process ended before its time."""


class Worker:
    """A contender's process, as the bench sees it."""

    def __init__(self, contender: Contender, where: dict[str, Any], python: Path) -> None:
        self.contender = contender
        self.settings: dict[str, str] = {}
        self.seeded = self.acknowledged = 0
        command = [
            str(python),
            "-m",
            "tests.performance.worker",
            contender.made_by,
            json.dumps(where),
        ]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )

    def ask(self, do: str, **order: Any) -> dict[str, Any]:
        """Have an order carried out. Raises WorkerFailed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        patience = threading.Timer(PATIENCE_SECONDS, self._process.kill)
        patience.start()
        try:
            self._process.stdin.write(json.dumps({"do": do, **order}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            patience.cancel()
        if not line:
            raise WorkerFailed(f"{self.contender.title} ended, or was stuck, at {do!r}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def seed(self, streams: int, length: int) -> None:
        """Have the streams made."""
        self.settings = self.ask("seed", streams=streams, length=length)
        self.seeded = self.ask("stored")["stored"]

    def run(self, threads: int, seconds: float) -> dict[str, Any]:
        """Have the work done for so long."""
        answer = self.ask("run", threads=threads, seconds=seconds)
        self.acknowledged += answer["done"]
        return answer

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        finally:
            self._process.stdout.close()


@dataclass
class Figure:
    """What one contender did in one task: the rate (per second) of each round, in their order."""

    task: str
    database: str
    threads: int
    contender: str
    rates: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    failed: int = 0
    failure: str | None = None

    @property
    def rate(self) -> float:
        """The median rate, per second."""
        return median(self.rates) if self.rates else 0.0

    def add(self, answer: dict[str, Any]) -> None:
        """Note a round."""
        self.rates.append(answer["rate"])
        if "p50_ms" in answer:
            self.p50_ms.append(answer["p50_ms"])
            self.p99_ms.append(answer["p99_ms"])
            self.failed += answer["failed"]
            self.failure = self.failure or answer["failure"]


class Ratio(NamedTuple):
    """How many times as fast: the median over the rounds, and the least and the most of them."""

    middle: float
    least: float
    most: float


def ratio(ours: Figure, theirs: Figure) -> Ratio:
    """Compare two figures round by round."""
    each = [a / b for a, b in zip(ours.rates, theirs.rates, strict=True) if b]
    return Ratio(median(each), min(each), max(each)) if each else Ratio(0.0, 0.0, 0.0)


Figures = list[Figure]
OnRound = Callable[[str], None]


def interleave(
    task: str,
    database: str,
    threads: int,
    workers: Sequence[Worker],
    rounds: int,
    once: Callable[[Worker], dict[str, Any]],
    on_round: OnRound,
) -> Figures:
    """Measure each worker once a round; each round begins with another one."""
    figures = [Figure(task, database, threads, w.contender.code) for w in workers]
    for number in range(rounds):
        on_round(f"{task} on {database}, {threads} thread{'s' * (threads > 1)}")
        for at in range(len(workers)):
            chosen = (at + number) % len(workers)
            figures[chosen].add(once(workers[chosen]))
    return figures


def found(
    figures: Iterable[Figure], task: str, database: str, threads: int, contender: str
) -> Figure | None:
    """Return the figure of a contender's task, if it was measured."""
    wanted = (task, database, threads, contender)
    return next(
        (f for f in figures if (f.task, f.database, f.threads, f.contender) == wanted), None
    )


def python_of(contender: Contender, rival: Path | None) -> Path | None:
    """Return the Python that the contender needs; None where there is none."""
    return rival if contender.rival else Path(sys.executable)
