"""The few things the application needs from outside; infrastructure fills them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol, TypeAlias

from domain.access import Answered
from domain.entry import By, Entry, Source
from domain.wording import said


@dataclass(frozen=True, slots=True)
class Fresh:
    """An event that is about to be recorded, with the day it happened."""

    event: Any
    occurred_on: date
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """The rows that one owner will have in a view, which are written with the entries.

    What only the log knows (position, the instant it records at) is filled in as they are written.
    `rows` is None where they could not be made; `error` then says what failed, and no values.
    """

    view: str
    shape: int
    owner: str
    rows: tuple[Any, ...] | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Destroying:
    """Keys that an append destroys with its entry: of the personal data in these streams.

    `kinds` are those of `domain.data_kinds`; None: all, and what is known of past requests, too.
    `read_to` is the position of the log that it was decided at, where it hangs on which journeys
    there are: if one of the streams went on since, one began, or any may have become another
    client's, the append is refused with LogWentOn. `clients` are the ids of whose journeys count
    among those that began; none: everybody's do.
    """

    streams: tuple[str, ...]
    kinds: tuple[str, ...] | None = None
    read_to: int | None = None
    clients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Append:
    """What one command asks the log to append to one stream.

    `expected_version` is the version the decision was made on (0: the stream is new). `key` is the
    caller's idempotency key and `request` the digest of what was asked under it. `events` may be
    empty: then nothing is recorded but the key. `drafted` are rows of views as they will be then,
    `destroying` the keys that go in the same transaction. `leaning_on` are other streams, each at
    the version that was decided on: whoever appended to one since has it decided anew. `speaks_of`
    is the stream of the client of whom it tells why a referral is put right, or a journey opened:
    that can be read no longer than the client's own data, whosever the journey becomes.
    """

    stream: str
    expected_version: int
    events: tuple[Fresh, ...]
    by: By
    key: str | None = None
    request: str = ""
    correlation: str | None = None
    causation: str | None = None
    drafted: tuple[Drafted, ...] = ()
    destroying: Destroying | None = None
    leaning_on: tuple[tuple[str, int], ...] = ()
    speaks_of: str | None = None


class Drafting(Protocol):
    """Makes the rows of views that are written with the entries themselves."""

    def of(self, append: Append, before: Any, entries: Sequence[Entry[Any]]) -> tuple[Drafted, ...]:
        """Return the rows of the stream's owner after the entries, which follow the state.

        Never raises: what cannot be made is said in what is returned.
        """
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """The log's answer: what was stored, and where.

    `version` is the stream's version after the command, `position` the log's position of its last
    entry (0 for an empty stream). `repeated` says that the key had been answered before: then
    `entries` are those of the first answer.
    """

    stream: str
    version: int
    position: int
    entries: tuple[Entry[Any], ...]
    repeated: bool = False


class Recorded(NamedTuple):
    """An entry as it stands in the log's one order, with the stream it belongs to."""

    stream: str
    entry: Entry[Any]


class VersionConflict(Exception):
    """Somebody else appended to the stream in between: read it again and decide again."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(
            said(
                "{stream} is at version {actual}, not {expected} as expected: "
                "read what changed since, then decide again",
                stream=stream,
                actual=actual,
                expected=expected,
            )
        )
        self.stream, self.expected, self.actual = stream, expected, actual


class KeyReused(Exception):
    """An idempotency key came with another request than the first time."""

    def __init__(self, key: str) -> None:
        super().__init__(
            said(
                "the idempotency key {key!r} was used before for another request: use a new key",
                key=key,
            )
        )
        self.key = key


class OutOfStep(Exception):
    """The log was changed by another way than Polku's: it takes nothing until somebody looks."""


class NotReadable(Exception):
    """An entry that was stored cannot be read: by this program, as it is now, or with its keys.

    It is a matter of its own stream. Whoever tells of many leaves that one out, and says so.
    """


class TextNotReadable(NotReadable):
    """A text about a person does not open: it was altered, or its key was, or its key is not there.

    It is raised when the text is asked for: all else of its entry is there.
    """


class LogWentOn(Exception):
    """A journey began or went on since that was read which a decision was made on: decide again."""


class NotNoted(Exception):
    """A reading could not be written down, so the data must not be shown."""


Unread: TypeAlias = Callable[[int], object]
"""Is told the position of an entry that cannot be read, and is passed over."""


class EventLog(Protocol):
    """The one order of everything that was recorded. Appends are durable when they return."""

    def append(self, append: Append) -> Receipt:
        """Append one command's events.

        Raises VersionConflict, KeyReused, or the outside error that kept it from being stored.
        """
        ...

    def append_all(
        self, appends: Sequence[Append], *, together: bool = False
    ) -> list[Receipt | Exception]:
        """Append many commands in one transaction, in order; one answer each.

        One command's refusal leaves the others be, unless `together`: then the first refusal is
        raised and nothing is stored.
        """
        ...

    def load(self, stream: str, *, after: int = 0) -> list[Entry[Any]]:
        """Return the stream's entries with a version above `after`, in order."""
        ...

    def load_many(self, after: Mapping[str, int]) -> dict[str, list[Entry[Any]]]:
        """Return what `load` returns of many streams, each above a version of its own, at once."""
        ...

    def read(
        self, *, after: int = 0, until: int | None = None, unread: Unread | None = None
    ) -> Iterator[Recorded]:
        """Yield all entries in the log's order, positions above `after` up to `until`.

        Raises NotReadable at one that cannot be read; where `unread` is given, it is told instead.
        """
        ...

    def follow(self, *, after: int = 0, unread: Unread | None = None) -> Iterator[Recorded]:
        """Yield all entries in order and wait for new ones, until the iterator is closed.

        Raises NotReadable as `read` does.
        """
        ...

    def streams(self, prefix: str) -> list[str]:
        """Return the ids of the streams that begin so, sorted ("programme:": all programmes)."""
        ...

    def telling_of(self, clients: Sequence[str]) -> list[str]:
        """Return the streams, sorted, that ever told something of clients by name.

        What they told need not be there any more, and the streams may be of other clients.
        """
        ...

    def id_for(self, told: str, *, storing: bool = True) -> str:
        """Return the id of what a text tells: always the same in this log, another in each other.

        It is made with a secret of the log, so that nobody can try texts on it. Unless `storing`,
        none is made for the log that has none yet, and no other process is told the same id.
        """
        ...

    def answer(self, key: str, request: str) -> Receipt | None:
        """Return the first answer given under the key, if any. Raises KeyReused."""
        ...

    def position(self) -> int:
        """Return the position of the newest entry, 0 for an empty log."""
        ...

    def now(self) -> datetime:
        """Return the log's clock (UTC), which never runs backwards."""
        ...


class AccessBook(Protocol):
    """Notes who read what of a client's data."""

    def note(self, answer: Answered) -> None:
        """Note whose data an answer tells, before it is given.

        They are written down at once where the end of the process cannot lose them, and recorded
        in the log a little later, together with others. Raises NotNoted where they could not be
        written down: then the data must not be shown.
        """
        ...
