"""Eligibility of all journeys under another definition, in one reading of the log.

Rows are read in the order of the log, stretch by stretch: they lie together on the disk, and a
stream's rows do not. While the database looks for the next stretch, this one is judged. Read are
referrals, verdicts and corrections alone; the few streams where a referral or a verdict was
corrected are read whole. Nothing personal is opened.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from typing import NamedTuple

from sqlalchemy import bindparam, literal_column, select

from application.evaluation.eligibility import Outcome, Rules, tallied
from application.evaluation.what_if import Tally
from application.programmes import Programmes
from domain.journey.events import EligibilityAssessed, EntryCorrected, ReferralMade
from infrastructure.definitions import load_definition
from infrastructure.entry_rows import RowReader
from infrastructure.event_log import SqlEventLog
from infrastructure.log_statements import Statements
from infrastructure.log_tables import ENTRY, Row, events
from infrastructure.reading_ahead import ahead
from infrastructure.registered_events import registered_events

STRETCH = 200_000
"""Positions of the log that are read at a time."""

_REFERRED, _VERDICT = "referral-made", "eligibility-assessed"
_REVISING = ("entry-corrected", "entry-retracted")
_READ = (_REFERRED, _VERDICT, *_REVISING)


_ROWS = (
    select(*ENTRY)
    .where(events.c.position > bindparam("after"), events.c.position <= bindparam("last"))
    .where(events.c.name.in_([literal_column(f"'{name}'") for name in _READ]))
    .order_by(events.c.position)
)


def judge_all(
    log: SqlEventLog,
    definition: str,
    since: date,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> tuple[int, tuple[Tally, ...]]:
    """Judge all journeys of a log again as it is now, from a day on by a definition's text.

    Return its position, and the tallies, the first in all.
    """
    head = log.position()
    other = load_definition(definition, "the definition")
    recorded = partial(Programmes(log, load_definition).definition, other.programme)
    judged = _Judged(log, head, Rules(other, since, recorded))
    return head, tallied(judged.outcomes(on_progress))


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


class _Referral(NamedTuple):
    """The day of a client's referral, and the organisation that it was made to."""

    on: date
    place: str


class _Judged:
    """The journeys of a log up to a position, judged again."""

    def __init__(self, log: SqlEventLog, head: int, rules: Rules) -> None:
        self._database, self._head, self._rules = log.database, head, rules
        self._statements = Statements(is_sqlite=log.database.is_sqlite)
        self._reader = RowReader(registered_events())
        self._named = f'"{rules.other.programme}"'.encode()
        self._revised = _Revised(self._reader)

    def outcomes(self, on_progress: Callable[[int, int], None]) -> Iterator[Outcome | str]:
        """Yield what comes of each journey of the programme."""
        begun: dict[str, _Referral] = {}
        newest: dict[str, tuple[date, Outcome]] = {}
        revised = self._revised.streams
        with closing(ahead(self._stretches())) as stretches:
            for until, rows in stretches:
                self._revised.see(rows)
                self._begin(begun, rows)
                self._judge(newest, begun, rows)
                on_progress(until, self._head)
        yield from self._whole(sorted(revised))
        for stream, referral in begun.items():
            if stream not in revised:
                yield newest[stream][1] if stream in newest else referral.place

    def _begin(self, begun: dict[str, _Referral], rows: Sequence[Row]) -> None:
        made = [row for row in rows if row[3] == _REFERRED and self._named in row[13]]
        for row, entry in zip(made, self._reader.entries(made), strict=True):
            event: ReferralMade = entry.event
            if self._rules.is_of(event):
                begun.setdefault(row[1], _Referral(entry.occurred_on, event.to_organisation))

    def _judge(
        self,
        newest: dict[str, tuple[date, Outcome]],
        begun: Mapping[str, _Referral],
        rows: Sequence[Row],
    ) -> None:
        """Judge what was decided here, of each journey about the last day.

        What came from elsewhere (`source`) was not.
        """
        verdicts = [row for row in rows if row[3] == _VERDICT and row[1] in begun and not row[8]]
        for row, entry in zip(verdicts, self._reader.entries(verdicts), strict=True):
            stream, day = row[1], entry.occurred_on
            if stream not in newest or newest[stream][0] <= day:
                newest[stream] = day, self._rules.judge(entry, begun[stream].on)

    def _whole(self, streams: Sequence[str]) -> Iterator[Outcome | str]:
        for stream in streams:
            rows = self._database.rows(self._statements.load, {"stream": stream, "after": 0})
            known = [row for row in rows if row[0] <= self._head]
            outcome = self._rules.outcome(list(self._reader.entries(known)))
            if outcome is not None:
                yield outcome

    def _stretches(self) -> Iterator[tuple[int, Sequence[Row]]]:
        """Yield the rows of each stretch, with the position where it ends."""
        statement = self._statements.text(_ROWS)
        for after in range(0, self._head, STRETCH):
            until = min(after + STRETCH, self._head)
            yield until, self._database.rows(statement, {"after": after, "last": until})
