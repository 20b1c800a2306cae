"""Measure Polku with a million journeys on PostgreSQL: `make bench-large`.

The log is made by the bulk form of the simulator, the views are caught up, and eight clients ask
the service for pages of journeys drawn by chance. Takes some twenty minutes and 40 GB of disk.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from rich.console import Console

from application.scope import Role
from infrastructure import schema
from interfaces.http.identity_development import LocalKey, local_key, sign
from tests.application.simulated import SHIPPED
from tests.performance.bulk import FAMILIES, GIVEN, WINDOW, WORKERS_EACH, Made, multiply, template
from tests.performance.databases import Places, postgresql
from tests.performance.http_load import Answer, Asker, load, request
from tests.performance.large_report import show
from tests.performance.outcome import Numbers
from tests.performance.served import NotServed, Polku
from tests.performance.session import Session
from tests.performance.verdicts import verdicts

CLIENTS = 8
TOKEN_SECONDS = 86_400.0
BESIDE = ("real", "long", "bundle")
"""Sections of `make bench` that are measured here as well."""


class Owner(NamedTuple):
    """Who answers for the journeys of a template: the person as played, and the organisation."""

    journey: str
    person: str
    organisation: str


class Question(NamedTuple):
    """What is asked, and which journeys' keepers ask it."""

    title: str
    make: Callable[[random.Random, Owner, int], tuple[str, str, dict[str, Any] | None]]


def _mine(_: random.Random, __: Owner, ___: int) -> tuple[str, str, None]:
    return "GET", "/journeys?whose=mine", None


def _organisation(_: random.Random, __: Owner, ___: int) -> tuple[str, str, None]:
    return "GET", "/journeys?whose=organisation", None


def _page(_: random.Random, owner: Owner, copy: int) -> tuple[str, str, None]:
    return "GET", f"/journeys/{owner.journey}-{copy}", None


def _timeline(_: random.Random, owner: Owner, copy: int) -> tuple[str, str, None]:
    return "GET", f"/journeys/{owner.journey}-{copy}/timeline", None


def _as_at(chance: random.Random, owner: Owner, copy: int) -> tuple[str, str, None]:
    spread = (WINDOW.last - WINDOW.first).days
    day = WINDOW.first + timedelta(chance.randrange(spread // 2, spread))
    return "GET", f"/journeys/{owner.journey}-{copy}?as_at={day}&known_at={day}", None


def _search(chance: random.Random, _: Owner, __: int) -> tuple[str, str, dict[str, Any]]:
    given, family = chance.choice(GIVEN), chance.choice(FAMILIES)
    if chance.random() < 0.5:
        at = chance.randrange(1, len(family))
        family = family[:at] + family[at + 1 :]
    return "POST", "/clients/search", {"name": f"{given} {family}"}


QUESTIONS = (
    Question("caseload page, my clients", _mine),
    Question("caseload page, my organisation", _organisation),
    Question("client search, half of them with a slip", _search),
    Question("journey page", _page),
    Question("timeline", _timeline),
    Question("journey as at a day, as known on it", _as_at),
)


class Large:
    """A service on a large log, and the people who ask it."""

    def __init__(self, server: Polku, owners: Sequence[Owner], copies: int, key: LocalKey) -> None:
        self._server, self._owners, self._copies, self._key = server, owners, copies, key
        self._tokens: dict[tuple[str, str], str] = {}
        self.statuses: Counter[int] = Counter()

    def askers(self, question: Question, seed: int) -> list[Asker]:
        """Return the clients who ask a question, each of journeys drawn by chance."""
        chances = [random.Random(seed * 100 + n) for n in range(CLIENTS)]  # noqa: S311 - no secret
        return [self._asker(question, chance) for chance in chances]

    def _asker(self, question: Question, chance: random.Random) -> Asker:
        def ask() -> bytes:
            owner, copy = chance.choice(self._owners), chance.randrange(1, self._copies + 1)
            person = f"{owner.person}-{copy // WORKERS_EACH}"
            method, path, body = question.make(chance, owner, copy)
            headers = {"authorization": f"Bearer {self._token(person, owner.organisation)}"}
            said = b"" if body is None else json.dumps(body).encode()
            return request(method, path, headers, said)

        def heard(answer: Answer) -> None:
            self.statuses[answer.status] += 1
            if answer.status != 200:
                raise NotServed(f"{question.title}: {answer.status} {answer.body[:500]!r}")

        return Asker(ask, heard)

    def _token(self, person: str, organisation: str) -> str:
        known = self._tokens.get((person, organisation))
        if known is None:
            known = self._tokens[person, organisation] = sign(
                self._key, Role.CASE_WORKER, organisation, person=person, seconds=TOKEN_SECONDS
            )
        return known

    def measure(self, question: Question, rounds: int, seconds: float) -> dict[str, Any]:
        """Ask for a while, after once that does not count; return the worst round's figures."""
        load(self._server.port, self.askers(question, 0), seconds)
        runs = [
            load(self._server.port, self.askers(question, n), seconds) for n in range(1, rounds + 1)
        ]
        p99s = sorted(run.percentile_ms(99) for run in runs)
        return {
            "what": question.title,
            "p50_ms": sorted(run.percentile_ms(50) for run in runs)[rounds // 2],
            "p99_ms": p99s[rounds // 2],
            "p99_most_ms": p99s[-1],
            "per_second": sorted(run.rate for run in runs)[rounds // 2],
        }


def owners(rows: Sequence[tuple[Any, ...]]) -> list[Owner]:
    """Return who answered for each played journey at the end."""
    found: dict[str, Owner] = {}
    for row in rows:
        stream, name, body = row[1], row[3], row[13]
        if name in {"case-worker-assigned", "handover-accepted"}:
            told = json.loads(body)
            journey = stream.removeprefix("journey:")
            found[journey] = Owner(journey, told["person"], told["organisation"])
    return sorted(found.values())


def main() -> int:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.performance.large", description=__doc__)
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=100, help="played of each programme")
    parser.add_argument("--programme", help="play this one alone, so that all journeys are of it")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2, help="processes that answer")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of one round")
    parser.add_argument("--folder", type=Path, help="a folder on the disk that is to be measured")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there as well")
    asked = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 150)
    with tempfile.TemporaryDirectory(prefix="polku-large-", dir=asked.folder) as folder:
        found = _measure(Path(folder), asked, console)
    show(console, found)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


def _measure(folder: Path, asked: argparse.Namespace, console: Console) -> dict[str, Any]:
    codes = (asked.programme,) if asked.programme else SHIPPED
    rows = template(folder / "template.db", asked.clients, codes)
    with postgresql(folder / "server") as at:
        places = Places(folder, at)
        server = Polku(places, "postgresql", asked.workers)
        try:
            made, seconds = _made(server, rows, asked.journeys, console)
            key = local_key(folder / "development-key.json")
            played = owners(rows)
            copies = made.journeys // len({r[1] for r in rows if r[1].startswith("journey:")})
            server.start()
            large = Large(server, played, copies, key)
            figures = [_asked(large, q, asked, console) for q in QUESTIONS]
            memory = server.memory_mb()
            server.stop()
            return {
                "archive": _archived(server.url, folder / "archive", console),
                "bench": _beside(places, asked, console),
                "journeys": made.journeys,
                "events": made.entries,
                "catch_up_events_per_second": made.entries / seconds,
                "questions": figures,
                "memory_mb": memory,
                "conditions": {
                    "clients": CLIENTS,
                    "workers": asked.workers,
                    "rounds": asked.rounds,
                },
            }
        finally:
            server.stop()
            places.drop()


def _made(
    server: Polku, rows: Sequence[tuple[Any, ...]], journeys: int, console: Console
) -> tuple[Made, float]:
    schema.upgrade_url(server.url)
    begun = time.monotonic()
    made = multiply(server.url.replace("+psycopg", ""), rows, journeys)
    seconds = time.monotonic() - begun
    console.print(f"{made.journeys:,} journeys, {made.entries:,} events made in {seconds:,.0f} s")
    begun = time.monotonic()
    server.settle()
    seconds = time.monotonic() - begun
    console.print(f"all views caught up in {seconds:,.0f} s")
    _let_rest(server.url.replace("+psycopg", ""))
    return made, seconds


def _archived(url: str, folder: Path, console: Console) -> dict[str, Any]:
    """Measure the archive in a process of its own, whose memory is its own."""
    asked = [sys.executable, "-m", "tests.performance.archiving", url, str(folder)]
    done = subprocess.run(asked, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    console.print(f"archive written with {found['write_events_per_second']:,.0f} events/s")
    return found


def _beside(places: Places, asked: argparse.Namespace, console: Console) -> list[dict[str, Any]]:
    """Measure what needs no million journeys, on PostgreSQL, as `make bench` does."""
    entries = min(Numbers().bundled[0], 20 * asked.journeys)
    numbers = Numbers(
        rounds=asked.rounds,
        played_clients=asked.clients,
        bundled=(entries, Numbers().bundled[1]),
    )
    told = Session(places, None, numbers, lambda _what: None, ("postgresql",)).measure(None, BESIDE)
    console.print("replay, a client's own copy and a bundle measured")
    return [one._asdict() for one in verdicts(told.figures) if one.reached is not None]


def _let_rest(url: str) -> None:
    """Have done what the database does by itself in the minutes after so much was written."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _asked(
    large: Large, question: Question, asked: argparse.Namespace, console: Console
) -> dict[str, Any]:
    figure = large.measure(question, asked.rounds, asked.seconds)
    console.print(f"{question.title}: p99 {figure['p99_ms']:.1f} ms")
    return figure


if __name__ == "__main__":
    sys.exit(main())
