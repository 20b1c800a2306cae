"""Who is measured, on which database, and what each is made to be.

Every contender works in a process of its own (`worker.py`), so that none pays for another's memory
or threads. This module imports nothing but the standard library: the rivals' environment reads it.
"""

from dataclasses import dataclass

DATABASES = ("sqlite", "postgresql")

MOST_THREADS = 32
"""For as many the rivals' pools have room."""

LENGTH = 8
"""Entries that each stream has before the measuring begins."""


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
LIBRARY = Contender("library", "eventsourcing's own module", "library:plain")
CACHED = Contender("library-cached", "the same, with its aggregate cache", "library:cached")
SQLALCHEMY = Contender(
    "sqlalchemy", "eventsourcing_sqlalchemy", "library_on_sqlalchemy:plain", rival=True
)
BARE = Contender("bare", "the rows alone, by the bare driver", "bare:rows")
IMPORT = Contender("import", "Polku, bringing histories in", "bringing_in:importing")

WRITERS = (OURS, COLD, ACT, LIBRARY, CACHED, SQLALCHEMY, BARE)
READERS = (OURS, LIBRARY, SQLALCHEMY)


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
    Target("read", "sqlite", 1, LIBRARY.code, 5.0),
    Target("read", "postgresql", 1, LIBRARY.code, 5.0),
    Target("replay", "sqlite", 1, LIBRARY.code, 5.0),
    Target("load", "sqlite", 1, LIBRARY.code, 5.0),
    Target("load", "postgresql", 1, LIBRARY.code, 5.0),
)

IMPORT_ROWS_PER_SECOND = 10_000
"""At least so many rows a second of the HMIS sample, on SQLite."""
