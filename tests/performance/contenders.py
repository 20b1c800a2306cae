"""Who is measured, on which database, and what each is made to be.

Every contender works in a process of its own (`worker.py`), so that none pays for another's memory
or threads. This module imports nothing but the standard library: the rivals' environment reads it.
"""

from dataclasses import dataclass, replace

DATABASES = ("sqlite", "postgresql")

MOST_THREADS = 32
"""For as many the rivals' pools have room."""

LENGTH = 8
"""Entries that each stream has before the measuring begins."""

DURABILITY = {
    "sqlite": {"journal_mode": "PRAGMA journal_mode", "synchronous": "PRAGMA synchronous"},
    "postgresql": {"fsync": "SHOW fsync", "synchronous_commit": "SHOW synchronous_commit"},
}
"""What each contender asks its own connection, to say how durable its acts are."""

BYTES_ON_DISK = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables",
}
"""What tables and their indexes take in all."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do the work: `made_by` is `module:function` under tests.performance."""

    code: str
    title: str
    made_by: str
    rival: bool = False
    """Whether it needs the environment of its own, `.venv-rival`."""


OURS = Contender("ours", "Polku", "ours:tiny")
COLD = Contender("ours-cold", "Polku, no stream kept in memory", "ours:cold")
ACT = Contender("ours-act", "Polku, a whole act: record_attendance, with a key", "ours:whole_act")
UNPROVEN = Contender("ours-unproven", "Polku, without its ledger", "verifying:without_ledger")
LIBRARY = Contender("library", "eventsourcing's own module", "library:plain")
CACHED = Contender("library-cached", "the same, with its aggregate cache", "library:cached")
SQLALCHEMY = Contender(
    "sqlalchemy", "eventsourcing_sqlalchemy", "library_on_sqlalchemy:plain", rival=True
)
BARE = Contender("bare", "the rows alone, by the bare driver", "bare:rows")
IMPORT = Contender("import", "Polku, bringing histories in", "bringing_in:importing")

WRITERS = (OURS, COLD, ACT, LIBRARY, CACHED, SQLALCHEMY, BARE)
PROVEN = (replace(OURS, title="Polku, with its ledger"), UNPROVEN)
READERS = (OURS, LIBRARY, SQLALCHEMY)
PLAYED = (replace(OURS, made_by="played:played"), replace(LIBRARY, made_by="library_played:played"))
"""Who keeps a real log: played by the simulation, with all kinds of events."""

PROJECTED = (
    replace(OURS, title="Polku, all views", made_by="projecting:projected"),
    replace(
        LIBRARY,
        title="eventsourcing's ProjectionRunner, the caseload alone",
        made_by="library_projection:projected",
    ),
)
"""Who keeps views of a real log. The library's runner works on PostgreSQL only."""

VERIFIED = Contender("ours", "Polku, a real log verified", "verifying:verifying")

LONG = Contender("long", "Polku, one long stream", "ours:whole_act")

ARCHIVE = Contender("archive", "Polku, the archive of a real log", "archived:archived")

REPORT = Contender("report", "Polku, the full report", "")
REPORT_ANEW = Contender("report-anew", "Polku, and the whole archive written before it", "")
SCRIPT = Contender("script", "pandas over the table of events, three of its seven figures", "")
START = Contender("start", "a bare Python that imports duckdb", "")
REPORTERS = (REPORT, REPORT_ANEW, SCRIPT, START)
"""Commands, each a process of its own each time (`reported.py`)."""

BUNDLE = Contender("bundle", "Polku, a journey and its proofs in one file", "bundled:bundled")
BUNDLE_MS = {"bundle": 200.0, "verify_bundle": 1000.0}
"""How long it may take to make a bundle, and to verify it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A promise: our rate is to be at least `least` times the rival's."""

    task: str
    database: str
    threads: int
    rival: str
    least: float


TARGETS = (
    Target("append", "postgresql", 32, LIBRARY.code, 8.0),
    Target("append", "sqlite", 32, LIBRARY.code, 4.0),
    Target("append", "postgresql", 1, LIBRARY.code, 1.0),
    Target("append", "sqlite", 1, LIBRARY.code, 1.0),
    Target("real-decode", "sqlite", 1, LIBRARY.code, 5.0),
    Target("real-decode", "postgresql", 1, LIBRARY.code, 5.0),
    Target("real-replay", "sqlite", 1, LIBRARY.code, 8.0),
    Target("real-replay", "postgresql", 1, LIBRARY.code, 8.0),
)

REPLAYED_PER_SECOND = 300_000
"""At least so many events of a real log a second, from rows in memory to journeys, by one core."""

PROJECTION_TIMES, PROJECTION_EVENTS_PER_SECOND = 20.0, 50_000
"""How many times the library's runner the views are kept, and how fast on PostgreSQL at least."""

HTTP_TIMES, HTTP_P99_TIMES = 1.0, 1.5
"""How many acts over HTTP for each of the plain way's at least, and how many times its p99 at most,
with 32 clients."""

ARCHIVED_PER_SECOND, REPORT_MS = 200_000, 1000.0
"""How many events a second are written into the archive at least, and how long a full report of 870
clients takes at most, start included."""

COPIED_PER_SECOND = 500
"""At least so many entries a second in a client's own copy: one of 500 entries in a second."""

FIELDS_PER_SECOND = 100_000
"""At least so many personal texts a second, sealed and opened."""

IMPORT_ROWS_PER_SECOND = 10_000
"""At least so many rows a second of the HMIS sample, on SQLite."""

LEDGER_TIMES, VERIFIED_PER_SECOND = 0.9, 300_000
"""How many appends with the ledger for each without at least, by the most threads, and how many
events a second are verified by all cores."""
