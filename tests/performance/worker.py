"""The process in which one contender works: it takes orders as JSON lines and answers so.

    python -m tests.performance.worker ours:tiny '{"kind": "sqlite", "name": "/tmp/x/ours.db"}'

It imports nothing but the standard library and the contender, so that it runs in the rivals'
environment too.
"""

import gc
import importlib
import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

Where = dict[str, Any]
"""The database: `kind` (sqlite, postgresql), `name` (a file, or the database's name), and for
PostgreSQL `host`, `port`, `user` and `password`."""


class Working(Protocol):
    """What a contender does."""

    def settings(self) -> dict[str, str]:
        """Return what the database says of its durability, on the contender's own connection."""
        ...

    def seed(self, streams: int, length: int) -> None:
        """Make the streams, with so many entries each."""
        ...

    def act(self, stream: int) -> None:
        """Load the stream, decide, and append one event, durably."""
        ...

    def stored(self) -> int:
        """Count the events in the database."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


def run(working: Working, streams: int, threads: int, seconds: float) -> dict[str, Any]:
    """Act for so many seconds by so many threads, each on streams of its own, one after another."""
    gate = threading.Barrier(threads + 1)
    spans: list[list[float]] = [[] for _ in range(threads)]
    failures: list[str] = []
    until = [0.0]

    def work(number: int) -> None:
        mine = range(number, streams, threads)
        gate.wait()
        _act_until(working, mine, until[0], spans[number], failures)

    team = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for one in team:
        one.start()
    gc.collect()
    begun = time.perf_counter()
    until[0] = begun + seconds
    gate.wait()
    for one in team:
        one.join()
    return _measured(time.perf_counter() - begun, spans, failures)


def _act_until(
    working: Working, mine: Sequence[int], until: float, spans: list[float], failures: list[str]
) -> None:
    clock = time.perf_counter
    at = 0
    before = clock()
    while before < until:
        try:
            working.act(mine[at])
        except Exception as error:  # noqa: BLE001 - a failure is a figure too
            failures.append(f"{type(error).__name__}: {error}")
        after = clock()
        spans.append(after - before)
        before = after
        at = (at + 1) % len(mine)


def _measured(seconds: float, spans: list[list[float]], failures: list[str]) -> dict[str, Any]:
    every = sorted(span for one in spans for span in one)
    done = len(every) - len(failures)
    return {
        "done": done,
        "rate": done / seconds,
        "p50_ms": _percentile(every, 0.50) * 1000,
        "p99_ms": _percentile(every, 0.99) * 1000,
        "failed": len(failures),
        "failure": failures[0] if failures else None,
    }


def _percentile(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def timed(work: Callable[[], int]) -> dict[str, Any]:
    """Do the work once; it says how many events or rows it was."""
    gc.collect()
    begun = time.perf_counter()
    done = work()
    return {"done": done, "rate": done / (time.perf_counter() - begun)}


class Desk:
    """Takes the orders of the bench for one contender."""

    def __init__(self, working: Any) -> None:
        self._working, self._streams = working, 0

    def seed(self, streams: int, length: int) -> dict[str, Any]:
        self._streams = streams
        self._working.seed(streams, length)
        return self._working.settings()

    def run(self, threads: int, seconds: float) -> dict[str, Any]:
        return run(self._working, self._streams, threads, seconds)

    def time(self, task: str) -> dict[str, Any]:
        """Time a task that goes over all there is: read, decode, replay, load, fold."""
        return timed(getattr(self._working, task))

    def bring_in(self, source: str) -> dict[str, Any]:
        """Time an import."""
        return timed(lambda: self._working.bring_in(source))

    def copy(self, source: str) -> dict[str, Any]:
        """Have a played log copied; answer how many bytes an event takes."""
        self._working.copy(source)
        return {"bytes": self._working.bytes_on_disk() / self._working.stored()}

    def multiply(self, source: str, journeys: int) -> dict[str, Any]:
        """Have a played log stored many times, for so many journeys, or as many entries.

        Answer how many events there are.
        """
        self._working.multiply(source, journeys)
        return self.stored()

    def stored(self) -> dict[str, Any]:
        return {"stored": self._working.stored()}


def make(made_by: str, where: Where) -> Any:
    """Make the contender that `module:function` under tests.performance makes."""
    module, function = made_by.split(":")
    made = importlib.import_module(f"tests.performance.{module}")
    return getattr(made, function)(where)


def main() -> None:
    """Answer each order (`{"do": name, ...}`) with one line, until the input ends."""
    made_by, where = sys.argv[1:]
    working = make(made_by, json.loads(where))
    desk = Desk(working)
    try:
        for line in sys.stdin:
            order = json.loads(line)
            answer = getattr(desk, order.pop("do"))(**order)
            print(json.dumps(answer), flush=True)
    finally:
        working.close()


if __name__ == "__main__":
    main()
