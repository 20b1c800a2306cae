"""The order of the bench: who is measured when, with which numbers."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.performance.contenders import (
    ARCHIVE,
    BUNDLE,
    BUNDLE_MS,
    DATABASES,
    IMPORT,
    LENGTH,
    LONG,
    OURS,
    PLAYED,
    PROJECTED,
    PROVEN,
    READERS,
    REPORT,
    REPORTERS,
    VERIFIED,
    WRITERS,
    Contender,
)
from tests.performance.databases import Places
from tests.performance.measuring import Figure, Worker, interleave, python_of
from tests.performance.outcome import REPORTING, SECTIONS, Numbers, Outcome
from tests.performance.played import play
from tests.performance.reported import PROGRAMME, Reported
from tests.performance.sealing_fields import rates
from tests.performance.served import CLIENTS, JOURNEYS_EACH, SERVED, Served

Tell = Callable[[str], None]


class Session:
    """Measures all contenders on both databases."""

    def __init__(
        self,
        places: Places,
        rival: Path | None,
        numbers: Numbers,
        tell: Tell,
        databases: Sequence[str] = DATABASES,
    ) -> None:
        self._places, self._rival, self._numbers, self._tell = places, rival, numbers, tell
        self._databases = databases
        self._played = ""
        self.outcome = Outcome()

    def measure(self, source: Path | None, only: Collection[str] = SECTIONS) -> Outcome:
        """Measure the sections that are asked for; importing, where the source is there."""
        of_database: dict[str, Callable[[str], None]] = {
            "append": self._write,
            "ledger": self._prove,
            "read": self._read,
            "real": self._read_played,
            "long": self._load_long,
            "bundle": self._bundle,
            "archive": self._archive,
            "report": self._report,
            "http": self._serve,
            "import": partial(self._import, source),
        }
        self.outcome.whole = set(SECTIONS) <= set(only)
        of_none = {"fields": self._seal, "views": self._project}
        for name in (one for one in SECTIONS if one in only):
            if name in of_none:
                of_none[name]()
                continue
            for kind in self._databases:
                of_database[name](kind)
        return self.outcome

    def _write(self, kind: str) -> None:
        self._act("append", kind, WRITERS, self._numbers.threads)

    def _prove(self, kind: str) -> None:
        """Measure what the ledger costs an append, and how fast a log is verified."""
        self._act("proven", kind, PROVEN, self._numbers.threads[-1:])
        with self._multiplied(kind, "a", VERIFIED, self._numbers.verified) as workers:
            for task in ("verify", "hash_alone"):
                self._over_all(task, kind, workers)

    def _archive(self, kind: str) -> None:
        with self._multiplied(kind, "h", ARCHIVE, self._numbers.archived) as workers:
            for task in ("archive", "rows_alone"):
                self._over_all(task, kind, workers)

    def _act(self, task: str, kind: str, who: Sequence[Contender], each: Sequence[int]) -> None:
        """Have contenders act by so many threads, and count that all of it is stored."""
        numbers = self._numbers
        with self._at_work(kind, task, who, numbers.streams, LENGTH) as workers:
            self._tell(f"warming up on {kind}")
            for worker in workers:
                self.outcome.settings[f"{kind} {worker.contender.code}"] = worker.settings
                for threads in {1, max(each)}:
                    worker.run(threads, numbers.seconds / 2)
            for threads in each:

                def once(worker: Worker, threads: int = threads) -> dict[str, object]:
                    return worker.run(threads, numbers.seconds)

                self._interleave(task, kind, threads, workers, once)
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
        """Return the file of the real log, which is played when it is first needed."""
        if not self._played:
            self._tell("playing a real log")
            self._played = str(self._places.fresh("sqlite", "played")["name"])
            self.outcome.played = play(Path(self._played), self._numbers.played_clients)
        return self._played

    def _read_played(self, kind: str) -> None:
        source = self._play()
        with self._at_work(kind, "p", PLAYED) as workers:
            self._tell(f"copying the real log into {kind}")
            for worker in workers:
                answer = worker.ask("copy", source=source)
                self.outcome.bytes_an_event[f"{kind} {worker.contender.code}"] = answer["bytes"]
            for task in ("read", "decode", "replay"):
                self._over_all(task, kind, workers, f"real-{task}")
            ours = [worker for worker in workers if worker.contender.code == OURS.code]
            for task in ("bodies_alone", "fold_alone"):
                self._over_all(task, kind, ours)

    def _load_long(self, kind: str) -> None:
        self.outcome.long = self._numbers.long
        with self._at_work(kind, "l", (LONG,), 1, self._numbers.long) as workers:
            self._over_all("fold", kind, workers)
        self.outcome.copied = self._numbers.copied
        with self._at_work(kind, "c", (LONG,), 1, self._numbers.copied) as workers:
            self._over_all("subject_copy", kind, workers)

    @contextmanager
    def _multiplied(
        self, kind: str, name: str, who: Contender, entries: int
    ) -> Iterator[list[Worker]]:
        """Lend a contender with the real log, stored until it has so many entries."""
        source = self._play()
        with self._at_work(kind, name, (who,)) as workers:
            self._tell(f"storing the real log many times in {kind}")
            for worker in workers:
                worker.ask("multiply", source=source, journeys=entries)
            yield workers

    def _report(self, kind: str) -> None:
        """Measure the report of a programme from the command line, each command by turns."""
        file = self._places.folder / "programme.db"
        if not file.exists():
            self._tell("playing a programme")
            play(file, self._numbers.reported, (PROGRAMME,))
        self.outcome.reported = self._numbers.reported
        reported = Reported(self._places, kind, str(file))
        spent = {who.code: [Figure(t, kind, 1, who.code) for t in REPORTING] for who in REPORTERS}
        reported.spent(REPORT.code)  # before it counts: the archive is there, as it mostly is
        for number in range(self._numbers.rounds):
            self._tell(f"reports from {kind}")
            for at in range(len(REPORTERS)):
                who = REPORTERS[(at + number) % len(REPORTERS)]
                for figure, seconds in zip(spent[who.code], reported.spent(who.code), strict=True):
                    figure.rates.append(1 / seconds)
        self.outcome.figures += [one for both in spent.values() for one in both]

    def _bundle(self, kind: str) -> None:
        self._tell(f"storing a large log in {kind}")
        with self._at_work(kind, "b", (BUNDLE,), *self._numbers.bundled) as workers:
            for task in BUNDLE_MS:
                self._over_all(task, kind, workers)

    def _project(self) -> None:
        """Measure keeping views: of a real log, of many times it, and of the real one by both."""
        played = self._play()
        for kind in self._databases:
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

    def _import(self, source: Path | None, kind: str) -> None:
        if source is None:
            return
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
