"""The bulk form of the simulator: played journeys, multiplied within PostgreSQL.

Some hundreds of clients are played through the same functions that a case worker's act takes. Each
of their entries is then stored many times, for other clients with other names and other case
workers. Copies of an entry follow each other in the log, so that a journey's entries lie as far
apart as they can: the worst that a real log could be, too.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from application.simulation.days import Window
from infrastructure import schema
from infrastructure.ledger_filling import cover_rows
from infrastructure.log_tables import ENTRY
from tests.application.simulated import SHIPPED, casts, stage
from tests.performance.played import open_rows_in

WINDOW = Window(date(2025, 1, 7), date(2025, 10, 15))
"""Short enough that most journeys are still under way, with some twenty entries each."""

SHARED = ("programme:", "organisation:")
"""Streams of which there is one, however many clients there are."""

WORKERS_EACH = 25
"""Copies that share their case workers: so many clients of a template have the same."""

_BEGINNINGS = (
    *("Aalto", "Haapa", "Harju", "Heikki", "Hiekka", "Iso", "Joki", "Kallio", "Kangas", "Kari"),
    *("Kettu", "Kivi", "Korpi", "Koski", "Kuusi", "Lahti", "Lampi", "Lehti", "Leppä", "Mäki"),
    *("Mansikka", "Metsä", "Myllys", "Niemi", "Niitty", "Ojan", "Pelto", "Pihla", "Raja", "Ranta"),
    *("Rauta", "Saari", "Salmi", "Salo", "Suo", "Tammi", "Tuomi", "Uusi", "Vaara", "Virta"),
)
_ENDINGS = (
    *("nen", "la", "lainen", "nainen", "maa", "luoma", "joki", "lahti", "mäki", "niemi", "perä"),
    *("ranta", "saari", "koski", "vuori", "kangas", "aho", "oja", "salo", "järvi"),
)
FAMILIES = tuple(a + b for a, b in product(_BEGINNINGS, _ENDINGS))
GIVEN = tuple(
    a + b
    for a, b in product(
        ("Ai", "An", "Ee", "Ei", "He", "Il", "Jo", "Kai", "Lee", "Ma", "Mi", "Noo", "Ol", "Ta"),
        ("no", "ni", "va", "la", "mi", "ri", "sa", "ka", "ja", "na", "vi", "tta"),
    )
)
"""Names made of parts, as a million people have more of them than the simulation knows."""


class Made(NamedTuple):
    """What was made."""

    journeys: int
    entries: int


def template(file: Path, clients: int, codes: Sequence[str] = SHIPPED) -> list[tuple[Any, ...]]:
    """Play so many clients of each programme into a new SQLite file; return its rows, not sealed.

    The server makes the copies, and it has no keys.
    """
    url = f"sqlite:///{file}"
    schema.upgrade_url(url)
    with stage(url) as on:
        on.play(casts(clients, codes=codes), WINDOW)
    return open_rows_in(str(file))


def multiply(url: str, rows: Sequence[tuple[Any, ...]], journeys: int) -> Made:
    """Store the rows' journeys so many times in a fresh, migrated PostgreSQL database."""
    played = len({row[1] for row in rows if row[1].startswith("journey:")})
    copies = -(-journeys // played)
    with psycopg.connect(url) as connection:
        connection.execute("SET synchronous_commit = off")
        _copy_template(connection, rows)
        connection.execute("ALTER TABLE events DROP CONSTRAINT events_stream_version")
        connection.execute("ALTER TABLE events DROP CONSTRAINT events_pkey")
        for statement in _multiplying(copies):
            connection.execute(statement)
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute("ALTER TABLE events ADD PRIMARY KEY (position)")
        connection.execute(
            "ALTER TABLE events ADD CONSTRAINT events_stream_version UNIQUE (stream, version)"
        )
        cover_rows(connection.cursor(), is_sqlite=False)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE events")
        found = connection.execute("SELECT count(*) FROM events").fetchone()
    return Made(played * copies, found[0] if found else 0)


def _copy_template(connection: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    connection.execute("CREATE TEMPORARY TABLE template (LIKE events)")
    columns = ", ".join(column.name for column in ENTRY)
    with connection.cursor().copy(f"COPY template ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute(
        "ALTER TABLE template ADD COLUMN own text, ADD COLUMN rank bigint, ADD COLUMN before bigint"
    )
    connection.execute(
        "UPDATE template SET own = regexp_replace(stream, '^(journey|client):(client-)?', '') "
        "WHERE stream LIKE 'journey:%' OR stream LIKE 'client:%'"
    )


def _multiplying(copies: int) -> Iterator[str]:
    """Give the statements that make positions dense and write each entry so many times."""
    yield (
        "UPDATE template t SET rank = o.rank, before = o.before FROM (SELECT position, "
        "row_number() OVER (ORDER BY position) AS rank, coalesce(sum(CASE WHEN own IS NULL "
        f"THEN 1 ELSE {copies} END) OVER (ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING "
        "AND 1 PRECEDING), 0) AS before FROM template) o WHERE o.position = t.position"
    )
    yield _insert("t.own IS NULL", "1", own=False)
    yield _insert("t.own IS NOT NULL", str(copies), own=True)


def _insert(where: str, copies: str, *, own: bool) -> str:
    told = "convert_from(t.body, 'UTF8')"
    if own:
        told = (
            f"replace({told}, 'client-' || t.own || '\"', 'client-' || t.own || '-' || k || '\"')"
        )
        told = rf"""regexp_replace({told}, '("person":"(?!client-)[^"]*)"',
            '\1-' || (k / {WORKERS_EACH}) || '"', 'g')"""
        told = f"CASE WHEN t.name = 'client-registered' THEN {_renamed(told)} ELSE {told} END"
    return f"""INSERT INTO events
        SELECT t.before + k, {"t.stream || '-' || k" if own else "t.stream"}, t.version, t.name,
            t.schema_version, t.occurred_on, t.recorded_at, t.source_recorded_at, t.source,
            {f"t.actor || '-' || (k / {WORKERS_EACH})" if own else "t.actor"}, t.organisation,
            t.correlation, t.causation, convert_to({told}, 'UTF8')
        FROM template t, generate_series(1, {copies}) AS k WHERE {where} ORDER BY t.position, k"""


def _renamed(told: str) -> str:
    """Give the copy a name, a day of birth and an id of its own.

    Some names are common and most are rare, as with people; the year of birth stays.
    """
    text = told
    for field, found, given in (
        ("given_name", '[^"]*', _chosen(GIVEN, 13, 2)),
        ("family_name", '[^"]*', _chosen(FAMILIES, 7, 3)),
        ("local_id", '[^"]*', "t.rank || '-' || k"),
        ("date_of_birth", r"-\d\d-\d\d", f"to_char(date '2001-01-01' + {_day()}, '-MM-DD')"),
    ):
        before = f'"{field}":{{"text":"'
        kept = r"\d{4}" if field == "date_of_birth" else ""
        text = rf"""regexp_replace({text}, '({before}{kept}){found}"', '\1' || {given} || '"')"""
    return text


def _chosen(names: Sequence[str], seed: int, skew: int) -> str:
    count = len(names)
    return f"({_array(names)})[1 + ({count} * power({_drawn(seed)}, {skew}))::int % {count}]"


def _day() -> str:
    return f"({_drawn(3)} * 364)::int"


def _drawn(seed: int) -> str:
    """Give a number between 0 and 1 that hangs on the copy only."""
    return f"(abs(hashint8extended(t.rank * 1000003 + k, {seed})) % 1000000 / 1000000.0)"


def _array(texts: Sequence[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{text}'" for text in texts) + "]"
