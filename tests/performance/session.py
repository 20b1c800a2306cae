"""The order of the bench: who is measured when, with which numbers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.performance.contenders import (
    BUNDLE,
    BUNDLE_MS,
    DATABASES,
    IMPORT,
    LENGTH,
    LONG,
    PLAYED,
    PROJECTED,
    READERS,
    VERIFIED,
    WRITERS,
    Contender,
)
from tests.performance.databases import Places
from tests.performance.measuring import Figure, Figures, Worker, interleave, python_of
from tests.performance.played import play
from tests.performance.sealing_fields import rates
from tests.performance.served import CLIENTS, JOURNEYS_EACH, SERVED, Served


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much is measured. The defaults take some six minutes on two cores."""

    rounds: int = 5
    seconds: float = 0.7
    streams: int = 1000
    threads: tuple[int, ...] = (1, 8, 32)
    read_streams: int = 1000
    read_length: int = 20
    played_clients: int = 150
    """Of each programme, in the real log, of which the library keeps the caseload as well."""
    long: int = 5000
    """Entries of the one long stream."""
    verified: int = 400_000
    """Entries of the log that is verified."""
    copied: int = 500
    """Entries of the client whose own copy is made."""
    projected_journeys: int = 20_000
    """In the log that all views are made of at full speed."""
    bundled: tuple[int, int] = (1_000_000, 200)
    """Entries of the log that a journey is bundled from, and of the journey."""
    served_seconds: float = 3.0
    """How long the clients of one server ask."""


@dataclass
class Outcome:
    """All that came of the bench."""

    figures: Figures = field(default_factory=list)
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    bytes_an_event: dict[str, float] = field(default_factory=dict)
    """What a real event takes on disk, by "database contender"."""
    played: int = 0
    """Entries of the real log."""
    long: int = 0
    """Entries of the long stream."""
    copied: int = 0
    """Entries of the client whose own copy is made."""
    multiplied: int = 0
    """Entries of the real log when it was stored many times."""
    missing: list[str] = field(default_factory=list)
    """Acknowledged work that is not in the database, and contenders that could not be measured."""


Tell = Callable[[str], None]


class Session:
    """Measures all contenders on both databases."""

    def __init__(self, places: Places, rival: Path | None, numbers: Numbers, tell: Tell) -> None:
        self._places, self._rival, self._numbers, self._tell = places, rival, numbers, tell
        self.outcome = Outcome()

    def measure(self, source: Path | None) -> Outcome:
        """Measure writing, reading and, where the source is there, importing."""
        for kind in DATABASES:
            self._write(kind)
        for kind in DATABASES:
            self._read(kind)
        self._seal()
        played = self._play()
        for kind in DATABASES:
            self._read_played(kind, played)
            self._load_long(kind)
            self._verify(kind, played)
            self._bundle(kind)
        self._project(played)
        for kind in DATABASES:
            self._serve(kind)
        if source is not None:
            for kind in DATABASES:
                self._import(kind, source)
        return self.outcome

    def _write(self, kind: str) -> None:
        numbers = self._numbers
        with self._at_work(kind, "w", WRITERS, numbers.streams, LENGTH) as workers:
            self._tell(f"warming up on {kind}")
            for worker in workers:
                self.outcome.settings[f"{kind} {worker.contender.code}"] = worker.settings
                for threads in (1, max(numbers.threads)):
                    worker.run(threads, numbers.seconds / 2)
            for threads in numbers.threads:

                def once(worker: Worker, threads: int = threads) -> dict[str, object]:
                    return worker.run(threads, numbers.seconds)

                self._interleave("append", kind, threads, workers, once)
            for worker in workers:
                self._count(kind, worker)

    def _count(self, kind: str, worker: Worker) -> None:
        stored = worker.ask("stored")["stored"] - worker.seeded
        if stored != worker.acknowledged:
            self.outcome.missing.append(
                f"{worker.contender.title} on {kind}: {worker.acknowledged:,} acknowledged, "
                f"{stored:,} stored"
            )

    def _read(self, kind: str) -> None:
        numbers = self._numbers
        made = (numbers.read_streams, numbers.read_length)
        with self._at_work(kind, "r", READERS, *made) as workers:
            for task in ("read", "decode", "replay", "load"):
                self._over_all(task, kind, workers)

    def _seal(self) -> None:
        """Measure sealing and opening personal texts, which no database takes part in."""
        figures: dict[tuple[str, str], Figure] = {}
        for _ in range(self._numbers.rounds):
            self._tell("sealing and opening texts")
            for task, code, rate in rates():
                figure = Figure(f"fields-{task}", "memory", 1, code)
                figures.setdefault((task, code), figure).rates.append(rate)
        self.outcome.figures += figures.values()

    def _play(self) -> str:
        self._tell("playing a real log")
        file = str(self._places.fresh("sqlite", "played")["name"])
        self.outcome.played = play(Path(file), self._numbers.played_clients)
        return file

    def _read_played(self, kind: str, source: str) -> None:
        with self._at_work(kind, "p", PLAYED) as workers:
            self._tell(f"copying the real log into {kind}")
            for worker in workers:
                answer = worker.ask("copy", source=source)
                self.outcome.bytes_an_event[f"{kind} {worker.contender.code}"] = answer["bytes"]
            for task in ("read", "decode", "replay"):
                self._over_all(task, kind, workers, f"real-{task}")

    def _load_long(self, kind: str) -> None:
        self.outcome.long = self._numbers.long
        with self._at_work(kind, "l", (LONG,), 1, self._numbers.long) as workers:
            self._over_all("fold", kind, workers)
        self.outcome.copied = self._numbers.copied
        with self._at_work(kind, "c", (LONG,), 1, self._numbers.copied) as workers:
            self._over_all("subject_copy", kind, workers)

    def _verify(self, kind: str, source: str) -> None:
        with self._at_work(kind, "a", (VERIFIED,)) as workers:
            self._tell(f"storing the real log many times in {kind}")
            for worker in workers:
                worker.ask("multiply", source=source, journeys=self._numbers.verified)
            for task in ("verify", "hash_alone"):
                self._over_all(task, kind, workers)

    def _bundle(self, kind: str) -> None:
        self._tell(f"storing a large log in {kind}")
        with self._at_work(kind, "b", (BUNDLE,), *self._numbers.bundled) as workers:
            for task in BUNDLE_MS:
                self._over_all(task, kind, workers)

    def _project(self, played: str) -> None:
        """Measure keeping views: of a real log, of many times it, and of the real one by both."""
        for kind in DATABASES:
            with self._at_work(kind, "v", PROJECTED[:1]) as workers:
                self._copy(workers, played)
                for task in ("catch_up", "follow"):
                    self._over_all(task, kind, workers, f"views-{task}")
        with self._at_work("postgresql", "m", PROJECTED[:1]) as workers:
            for worker in workers:
                self._tell("storing the real log many times")
                journeys = self._numbers.projected_journeys
                answer = worker.ask("multiply", source=played, journeys=journeys)
                self.outcome.multiplied = answer["stored"]
            self._over_all("catch_up", "postgresql", workers, "views-large")
        with self._at_work("postgresql", "s", PROJECTED) as workers:
            self._copy(workers, played)
            self._over_all("catch_up", "postgresql", workers, "views-small")

    def _copy(self, workers: Sequence[Worker], source: str) -> None:
        for worker in workers:
            self._tell(f"copying a log for {worker.contender.title}")
            worker.ask("copy", source=source)

    def _serve(self, kind: str) -> None:
        """Measure a write act over HTTP, each server by turns."""
        servers: list[Served] = []
        try:
            for make in SERVED:
                servers.append(make(self._places, kind))
                servers[-1].seed(CLIENTS * JOURNEYS_EACH)
                servers[-1].start()
                servers[-1].load(self._numbers.served_seconds)  # before it counts
            figures = [Figure("http", kind, CLIENTS, server.code) for server in servers]
            for number in range(self._numbers.rounds):
                self._tell(f"write acts over HTTP on {kind}")
                for at in range(len(servers)):
                    chosen = (at + number) % len(servers)
                    figures[chosen].add(servers[chosen].run(self._numbers.served_seconds))
            self.outcome.figures += figures
        finally:
            for server in servers:
                server.stop()

    def _over_all(self, task: str, kind: str, workers: Sequence[Worker], name: str = "") -> None:
        """Time a task that goes over all there is; once before it counts."""
        for worker in workers:
            worker.ask("time", task=task)

        def once(worker: Worker) -> dict[str, object]:
            return worker.ask("time", task=task)

        self._interleave(name or task, kind, 1, workers, once)

    def _import(self, kind: str, source: Path) -> None:
        figure = Figure("import", kind, 1, IMPORT.code)
        for number in range(self._numbers.rounds):
            self._tell(f"import into {kind}")
            with self._at_work(kind, f"i{number}", (IMPORT,)) as workers:
                figure.add(workers[0].ask("bring_in", source=str(source)))
        self.outcome.figures.append(figure)

    def _interleave(
        self,
        task: str,
        kind: str,
        threads: int,
        workers: Sequence[Worker],
        once: Callable[[Worker], dict[str, object]],
    ) -> None:
        rounds = self._numbers.rounds
        made = interleave(task, kind, threads, workers, rounds, once, self._tell)
        self.outcome.figures += made

    @contextmanager
    def _at_work(
        self, kind: str, name: str, chosen: Sequence[Contender], streams: int = 0, length: int = 0
    ) -> Iterator[list[Worker]]:
        workers: list[Worker] = []
        try:
            for contender in chosen:
                python = python_of(contender, self._rival)
                if python is not None:
                    where = self._places.fresh(kind, f"{name}-{contender.code}")
                    workers.append(Worker(contender, where, python))
            for worker in workers if streams else ():
                worker.seed(streams, length)
            yield workers
        finally:
            for worker in workers:
                worker.close()
