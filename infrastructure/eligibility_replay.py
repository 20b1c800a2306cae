"""Eligibility of all journeys under another definition, by several processes side by side.

Each takes a range of streams. It reads the rows in the order of the log, stretch by stretch: they
lie together on the disk, and a stream's rows do not. Read are referrals, verdicts and corrections
alone; the few streams where a referral or a verdict was corrected are read whole. Nothing personal
is opened.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from itertools import pairwise
from multiprocessing import get_context
from typing import Any, NamedTuple

from sqlalchemy import bindparam, literal_column, select

from application.evaluation.eligibility import Outcome, Rules, summed, tallied
from application.evaluation.what_if import Tally
from domain.journey.events import EligibilityAssessed, EntryCorrected, ReferralMade
from infrastructure.database import Database
from infrastructure.definitions import load_definition
from infrastructure.entry_rows import Row, RowReader
from infrastructure.event_log import SqlEventLog
from infrastructure.log_tables import ENTRY, Statements, events, stream_of_row
from infrastructure.registered_events import registered_events

FIRST, AFTER = "journey:", "journey;"
STRETCH = 200_000
"""Positions of the log that are read at a time."""

MANY = 100_000
"""Entries from which on several processes are worth their start."""

SAMPLED = 1024
"""Entries whose streams say where to cut."""

_BEGUN, _VERDICT = "referral-made", "eligibility-assessed"
_REVISING = ("entry-corrected", "entry-retracted")
_READ = (_BEGUN, _VERDICT, *_REVISING)


_STREAM_AT = select(events.c.stream).where(events.c.position == bindparam("at"))
_ROWS = (
    select(*ENTRY)
    .where(events.c.position > bindparam("after"), events.c.position <= bindparam("last"))
    .where(events.c.name.in_([literal_column(f"'{name}'") for name in _READ]))
    .where(stream_of_row >= bindparam("since"), stream_of_row < bindparam("until"))
    .order_by(events.c.position)
)


class Asked(NamedTuple):
    """What each process is told: where the log is, up to which position, and the definition."""

    url: str
    head: int
    definition: str
    since: date


def judge_all(
    log: SqlEventLog, definition: str, since: date, on_progress: Callable[[int, int], None]
) -> tuple[int, tuple[Tally, ...]]:
    """Judge all journeys of a log as it is now, by as many processes as are worth it.

    Return its position, and the tallies.
    """
    head, url = log.position(), log.database.url.render_as_string(hide_password=False)
    processes = (os.cpu_count() or 1) if head >= MANY else 1
    asked = Asked(url, head, definition, since)
    return head, eligibility(asked, processes, on_progress)


def eligibility(
    asked: Asked,
    processes: int,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> tuple[Tally, ...]:
    """Judge all journeys again by so many processes; return the tallies, the first in all."""
    cuts = _cuts(asked, processes)
    shares = [(asked, since, until) for since, until in pairwise([FIRST, *cuts, AFTER])]
    if len(shares) == 1:
        return _judged(*shares[0])
    with ProcessPoolExecutor(len(shares), get_context("spawn")) as pool:
        waiting = [pool.submit(_judged, *share) for share in shares]
        parts = []
        for done in as_completed(waiting):
            parts.append(done.result())
            on_progress(len(parts), len(shares))
        return summed(parts)


def _cuts(asked: Asked, many: int) -> list[str]:
    """Return streams that cut the journeys into about as many ranges of as many entries."""
    if many == 1:
        return []
    database = Database(asked.url)
    try:
        step = max(1, asked.head // SAMPLED)
        statements = Statements(is_sqlite=database.is_sqlite)
        one = statements.text(_STREAM_AT)
        found = {
            row[0]
            for position in range(1, asked.head + 1, step)
            for row in database.rows(one, {"at": position})
        }
    finally:
        database.close()
    streams = sorted(stream for stream in found if FIRST < stream < AFTER)
    places = {len(streams) * n // many for n in range(1, many)}
    return sorted({streams[place] for place in places if place < len(streams)})


def _judged(asked: Asked, since: str, until: str) -> tuple[Tally, ...]:
    database = Database(asked.url)
    try:
        share = _Share(database, asked, since, until)
        return tallied(share.outcomes())
    finally:
        database.close()


class _Revised:
    """Which streams have a referral or a verdict that was corrected or retracted."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader
        self._counting: dict[str, int] = {}
        """Of each stream the versions of what counts, a bit for each."""
        self.streams: set[str] = set()

    def see(self, rows: Sequence[Row]) -> None:
        """Take in rows in the order of the log: an entry comes before what corrects it."""
        counting, revising = self._counting, []
        for row in rows:
            if row[3] in _REVISING:
                revising.append(row)
            else:
                counting[row[1]] = counting.get(row[1], 0) | 1 << row[2]
        for row, entry in zip(revising, self._reader.entries(revising), strict=True):
            event = entry.event
            if counting.get(row[1], 0) >> event.entry & 1 or _tells_what_counts(event):
                self.streams.add(row[1])


def _tells_what_counts(event: object) -> bool:
    return isinstance(event, EntryCorrected) and isinstance(
        event.event, ReferralMade | EligibilityAssessed
    )


class _Share:
    """A range of streams, judged again."""

    def __init__(self, database: Database, asked: Asked, since: str, until: str) -> None:
        self._database, self._asked = database, asked
        self._range = {"since": since, "until": until}
        self._statements = Statements(is_sqlite=database.is_sqlite)
        self._reader = RowReader(registered_events())
        self._rules = Rules(load_definition(asked.definition, "the definition"), asked.since)
        self._named = f'"{self._rules.other.programme}"'.encode()
        self._revised = _Revised(self._reader)

    def outcomes(self) -> Iterator[Outcome | str]:
        """Yield what comes of each journey of the programme."""
        begun: dict[str, tuple[date, str]] = {}
        newest: dict[str, Outcome] = {}
        revised = self._revised.streams
        for rows in self._stretches():
            self._revised.see(rows)
            self._begin(begun, [row for row in rows if row[3] == _BEGUN and self._named in row[13]])
            verdicts = [
                row for row in rows if row[3] == _VERDICT and row[1] in begun and row[8] is None
            ]
            for row, entry in zip(verdicts, self._reader.entries(verdicts), strict=True):
                newest[row[1]] = self._rules.judge(entry, begun[row[1]][0])
        yield from self._whole(sorted(revised))
        for stream, (_, place) in begun.items():
            if stream not in revised:
                yield newest.get(stream, place)

    def _begin(self, begun: dict[str, tuple[date, str]], rows: Sequence[Row]) -> None:
        for row, entry in zip(rows, self._reader.entries(rows), strict=True):
            event: ReferralMade = entry.event
            if self._rules.is_of(event):
                begun.setdefault(row[1], (entry.occurred_on, event.to_organisation))

    def _whole(self, streams: Sequence[str]) -> Iterator[Outcome | str]:
        for stream in streams:
            rows = self._database.rows(self._statements.load, {"stream": stream, "after": 0})
            known = [row for row in rows if row[0] <= self._asked.head]
            outcome = self._rules.outcome(list(self._reader.entries(known)))
            if outcome is not None:
                yield outcome

    def _stretches(self) -> Iterator[list[Any]]:
        statement = self._statements.text(_ROWS)
        for after in range(0, self._asked.head, STRETCH):
            until = min(after + STRETCH, self._asked.head)
            asked = {"after": after, "last": until, **self._range}
            yield self._database.rows(statement, asked)
