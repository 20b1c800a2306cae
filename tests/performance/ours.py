"""Polku as it is deployed: `application.transact`, or a whole act, on the real log."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import uuid4

from sqlalchemy import URL

from application.journeys import act
from application.office import Office
from application.ports import Append, Fresh, Recorded
from application.programmes import Programmes
from application.subject_copy import subject_copy
from application.transact import Asked, Streams, transact
from domain.entry import By, Entry
from domain.journey import services
from domain.journey.events import (
    AttendanceRecorded,
    ReferralAccepted,
    ReferralMade,
    ServiceStarted,
)
from domain.programme.events import ProgrammePublished
from domain.wording import ENGLISH
from infrastructure import schema
from infrastructure.definitions import digest_of, load_definition, shipped_definitions
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.row_reader import RowReader
from infrastructure.working_days import working_days_of
from interfaces.subject_page import page
from tests.performance.attendance import (
    CLIENT,
    FIRST_DAY,
    ORGANISATION,
    PERSON,
    PROGRAMME,
    REFERENCE,
    attendance,
    check,
    stream_id,
)
from tests.performance.contenders import BYTES_ON_DISK, DURABILITY

SERVICE = "career-coaching"
BY = By(PERSON, ORGANISATION)
ALL = {"after": 0, "until": 2**62, "limit": 2**31}


@dataclass(frozen=True, slots=True)
class Attended:
    """The state that the rivals' aggregate has too."""

    version: int = 0
    hours: float = 0.0
    days: int = 0


def _extend(state: Attended, entries: Iterable[Entry[Any]]) -> Attended:
    version, hours, days = state.version, state.hours, state.days
    for entry in entries:
        version = entry.version
        match entry.event:
            case AttendanceRecorded(hours=of_the_day):
                hours += of_the_day
                days += 1
            case _:
                pass
    return Attended(version, hours, days)


def url_of(where: dict[str, Any]) -> str:
    """Return the URL that a setting would say."""
    if where["kind"] == "sqlite":
        return f"sqlite:///{where['name']}"
    url = URL.create(
        "postgresql",
        where["user"],
        where["password"] or None,
        database=where["name"],
        query={"host": where["host"], "port": where["port"]},
    )
    return url.render_as_string(hide_password=False)


def opened(where: dict[str, Any]) -> SqlEventLog:
    """Open a fresh log."""
    return opened_url(url_of(where))


def opened_url(url: str) -> SqlEventLog:
    """Open a fresh log by its URL."""
    schema.upgrade_url(url)
    return open_log(url)


class Reading:
    """A log that is read."""

    def __init__(self, log: SqlEventLog) -> None:
        self.log = log
        self._rows: list[Any] = []

    def read(self) -> int:
        """Read the whole log from the database into entries with their events."""
        return sum(1 for _ in self.log.read())

    def decode(self) -> int:
        """Turn rows that are in memory into entries with their events, nothing else."""
        return sum(1 for _ in self._in_memory())

    def _in_memory(self) -> Iterator[Recorded]:
        if not self._rows:
            self._rows = self.log.database.rows(self.log._statements.page, ALL)
        return RowReader(self.log.names, self.log.keys).recorded(self._rows)

    def stored(self) -> int:
        return self.log.position()

    def settings(self) -> dict[str, str]:
        return {name: str(self._ask(text)) for name, text in DURABILITY[self._kind].items()}

    def bytes_on_disk(self) -> int:
        return int(self._ask(BYTES_ON_DISK[self._kind]))

    @property
    def _kind(self) -> str:
        return "sqlite" if self.log.database.is_sqlite else "postgresql"

    def _ask(self, text: str) -> Any:
        return self.log.database.rows(text, {})[0][0]

    def close(self) -> None:
        self.log.close()


class Tiny(Reading):
    """`transact` on a state as small as the rivals' aggregate."""

    def __init__(self, log: SqlEventLog, *, kept: int) -> None:
        super().__init__(log)
        # The state keeps no entries, so their number does not bound how many streams are kept.
        self._streams = Streams(log, Attended(), _extend, kept, entries=sys.maxsize)
        self._count = 0

    def seed(self, streams: int, length: int) -> None:
        self._count = streams
        entries = (_REFERRAL, *(_attended(n) for n in range(1, length)))
        _store(self.log, [Append(str(stream_id(n)), 0, entries, BY) for n in range(streams)])

    def act(self, stream: int) -> None:
        name = str(stream_id(stream))
        transact(self._streams, name, self._decide, Asked(BY, FIRST_DAY))

    def _decide(self, state: Attended) -> tuple[AttendanceRecorded, ...]:
        hours = attendance(state.version).hours
        check(hours)
        return (AttendanceRecorded(REFERENCE, hours, None),)

    def replay(self) -> int:
        """Turn rows that are in memory into folded states."""
        streams = groupby(self._in_memory(), attrgetter("stream"))
        return sum(_extend(Attended(), (one.entry for one in mine)).version for _, mine in streams)

    def load(self) -> int:
        """Load every stream from the database and fold it."""
        self._streams.forget()
        return sum(self._streams.newest(str(stream_id(n))).version for n in range(self._count))


class WholeAct(Reading):
    """An act as a case worker's form asks for it: definition, rules of the journey, and a key."""

    def __init__(self, log: SqlEventLog) -> None:
        super().__init__(log)
        self._office = Office(log, Programmes(log, load_definition), working_days_of)

    def seed(self, streams: int, length: int) -> None:
        text = shipped_definitions()[PROGRAMME]
        published = ProgrammePublished(1, FIRST_DAY, text, digest_of(text))
        _store(self.log, [Append(f"programme:{PROGRAMME}", 0, _fresh((published,)), BY)])
        begun = _fresh((ReferralAccepted(), ServiceStarted(REFERENCE, SERVICE, None)))
        entries = (_REFERRAL, *begun, *(_attended(n) for n in range(3, length)))
        _store(self.log, [Append(f"journey:{n}", 0, entries, BY) for n in range(streams)])

    def act(self, stream: int) -> None:
        journey = str(stream)
        version = self._office.histories.remembered(f"journey:{journey}").version
        day, hours = attendance(version)
        asked = Asked(BY, day, key=uuid4().hex)
        act(
            self._office,
            journey,
            asked,
            services.record_attendance,
            reference=REFERENCE,
            hours=hours,
        )

    def fold(self) -> int:
        """Load the first journey from the database and fold it: what a first act has to do."""
        self._office.histories.forget()
        return self._office.histories.newest("journey:0").version

    def subject_copy(self) -> int:
        """Make the page of all that is held about the first client: the copy of one's own data."""
        copy = subject_copy(self._office, CLIENT, ["0"], lambda _key: ())
        assert page(copy, ENGLISH)
        return len(copy.journeys[0].entries)


_REFERRAL = Fresh(ReferralMade(CLIENT, PROGRAMME, 1, "oulu", "oulu", "own-contact"), FIRST_DAY)


def _attended(number: int) -> Fresh:
    day, hours = attendance(number)
    return Fresh(AttendanceRecorded(REFERENCE, hours, None), day)


def _fresh(events: Iterable[Any]) -> tuple[Fresh, ...]:
    return tuple(Fresh(event, FIRST_DAY) for event in events)


def _store(log: SqlEventLog, appends: list[Append]) -> None:
    for first in range(0, len(appends), 200):
        log.append_all(appends[first : first + 200], together=True)


def tiny(where: dict[str, Any]) -> Tiny:
    """Streams stay folded in memory, as they do when Polku runs."""
    return Tiny(opened(where), kept=10_000)


def cold(where: dict[str, Any]) -> Tiny:
    """Every act reads its stream from the log."""
    return Tiny(opened(where), kept=0)


def whole_act(where: dict[str, Any]) -> WholeAct:
    """The acts of the application, with an idempotency key."""
    return WholeAct(opened(where))
