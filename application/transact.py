"""The one way from an intention to the log: load, fold, decide, append at the version seen.

Streams that are used a lot stay folded in memory. That is safe: the log checks the version under
its lock, and before a refusal is believed, or nothing recorded, the stream is read to its end.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from application.ports import (
    Append,
    Drafting,
    EventLog,
    Fresh,
    NotReadable,
    Receipt,
    VersionConflict,
)
from domain.entry import By, Entry


class Versioned(Protocol):
    """A folded stream knows the version it was folded to."""

    @property
    def version(self) -> int:
        """The version of the newest entry, 0 before the first."""
        ...


S = TypeVar("S", bound=Versioned)

TRIES = 100
"""How often an act is decided anew when others write to the same stream at the same moment."""

KEPT = 10_000
"""How many folded streams are kept in memory by default."""

KEPT_ENTRIES = 20_000
"""How many entries they have together at most: some 35 MB, however long the streams are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for an act, on which day it happened, and how a repetition is told.

    `key` is the idempotency key: the same key with the same request gets the first answer.
    `expected_version` is the version the person saw; None takes the stream as it is. `roles` are
    what the person may do.
    """

    by: By
    on: date
    roles: tuple[str, ...] = ()
    key: str | None = None
    expected_version: int | None = None
    correlation: str | None = None
    causation: str | None = None


class Streams(Generic[S]):
    """Folded streams of one kind: a bounded memory of those used last, over the log."""

    def __init__(
        self,
        log: EventLog,
        start: S,
        extend: Callable[[S, Iterable[Entry[Any]]], S],
        kept: int = KEPT,
        inline: Drafting | None = None,
        entries: int = KEPT_ENTRIES,
    ) -> None:
        self.log, self._inline = log, inline
        self._start, self._extend = start, extend
        self._kept, self._most, self._entries = kept, entries, 0
        self._folded: OrderedDict[str, S] = OrderedDict()
        self._forgotten = 0
        self._lock = Lock()

    @property
    def forgotten(self) -> int:
        """How often all was dropped: what was read before is not remembered after."""
        return self._forgotten

    def remembered(self, stream: str) -> S:
        """Return the stream as remembered, which may be behind, or else as the log has it."""
        with self._lock:
            state = self._folded.get(stream)
            if state is not None:
                self._folded.move_to_end(stream)
                return state
        return self.newest(stream)

    def newest(self, stream: str) -> S:
        """Return the stream as the log has it now."""
        with self._lock:
            state, since = self._folded.get(stream, self._start), self._forgotten
        entries = self.log.load(stream, after=state.version)
        return self.append(stream, state, entries, since=since)

    def newest_of(self, streams: Iterable[str]) -> dict[str, S]:
        """Return many streams as the log has them now: it is asked once for all of them."""
        with self._lock:
            states = {stream: self._folded.get(stream, self._start) for stream in streams}
            since = self._forgotten
        if not states:
            return {}
        found = self.log.load_many({stream: state.version for stream, state in states.items()})
        return {
            stream: self.append(stream, state, found[stream], since=since)
            for stream, state in states.items()
        }

    def readable_of(self, streams: Iterable[str]) -> dict[str, S]:
        """Return the same, without those streams that cannot be read."""
        wanted = list(streams)
        try:
            return self.newest_of(wanted)
        except NotReadable:
            found = {}
            for stream in wanted:
                with suppress(NotReadable):
                    found[stream] = self.newest(stream)
            return found

    def append(self, stream: str, state: S, entries: Sequence[Entry[Any]], *, since: int) -> S:
        """Return the state with entries that follow it, and remember it.

        `since` is what `forgotten` was before the state was taken: where all was dropped in
        between, it may tell what was erased, and is not remembered.
        """
        if entries:
            state = self._extend(state, entries)
        if state.version:
            with self._lock:
                if since == self._forgotten:
                    self._remember(stream, state)
        return state

    def _remember(self, stream: str, state: S) -> None:
        known = self._folded.get(stream)
        if known is None or known.version <= state.version:
            self._folded[stream] = state
            self._entries += state.version - (known.version if known is not None else 0)
        self._folded.move_to_end(stream)
        while len(self._folded) > self._kept or self._entries > self._most:
            _, oldest = self._folded.popitem(last=False)
            self._entries -= oldest.version

    def drafted(self, append: Append, state: S) -> Append:
        """Return the append with the rows of inline views as it will leave them."""
        if self._inline is None or not append.events:
            return append
        now, first = self.log.now(), append.expected_version + 1
        entries = tuple(
            Entry(version, fresh.event, fresh.occurred_on, now, append.by, fresh.source)
            for version, fresh in enumerate(append.events, first)
        )
        return replace(append, drafted=self._inline.of(append, state, entries))

    def forget(self) -> None:
        """Drop all that is remembered; the log tells it again."""
        with self._lock:
            self._folded.clear()
            self._entries = 0
            self._forgotten += 1


Decide = Callable[[S], tuple[Any, ...]]

Leaning: TypeAlias = tuple[tuple[str, int], ...]
"""Other streams that a decision leans on, each at the version that it was made on."""


def on_nothing(_state: Any, _events: Any) -> Leaning:
    """Lean on no other stream."""
    return ()


def of_nobody(_state: Any, _events: Any) -> str | None:
    """Speak of no client in what is told why."""
    return None


def nothing_beside(_state: Any, _events: Any) -> tuple[Append, ...]:
    """Record nothing beside what was decided."""
    return ()


def transact(
    streams: Streams[S],
    stream: str,
    decide: Decide[S],
    asked: Asked,
    request: str = "",
    leans: Callable[[S, tuple[Any, ...]], Leaning] = on_nothing,
    beside: Callable[[S, tuple[Any, ...]], tuple[Append, ...]] = nothing_beside,
    speaks_of: Callable[[S, tuple[Any, ...]], str | None] = of_nobody,
) -> Receipt:
    """Decide on the stream's state and append what was decided, or record nothing.

    `request` is the digest of what was asked (`digest_of`), `leans` says which other streams the
    decision leans on, `beside` what is recorded in others together with it, and `speaks_of` of
    which client its reason tells (`Append`). Raises what the decision raises, VersionConflict where
    the stream is not at the version the person saw, and KeyReused.
    """
    since, state = streams.forgotten, streams.remembered(stream)
    for _ in range(TRIES):
        try:
            check_seen(stream, asked, state)
            events = decide(state)
            leaning_on = leans(state, events)
        except Exception:
            newest = streams.newest(stream)
            if newest.version != state.version:
                state = newest
                continue
            repeated = _answered(streams.log, asked, request)
            if repeated is None:
                raise
            return repeated
        if not events:
            newest = streams.newest(stream)
            if newest.version != state.version:
                state = newest
                continue
            if asked.key is None:
                return Receipt(stream, state.version, 0, ())
        try:
            told_of = speaks_of(state, events)
            append = append_of(
                stream, state, events, asked, request, leaning_on=leaning_on, speaks_of=told_of
            )
            others = beside(state, events) if events else ()
            return _recorded(streams, state, append, others, since)
        except VersionConflict:
            state = streams.newest(stream)
    raise VersionConflict(stream, state.version, streams.newest(stream).version)


def _recorded(
    streams: Streams[S], state: S, append: Append, beside: Sequence[Append], since: int
) -> Receipt:
    """Append all or nothing, and remember the first; return its answer.

    Raises VersionConflict and KeyReused.
    """
    append = streams.drafted(append, state)
    if beside:
        first = streams.log.append_all([append, *beside], together=True)[0]
        assert isinstance(first, Receipt)  # noqa: S101 - together, a refusal is raised
    else:
        first = streams.log.append(append)
    if not first.repeated:
        streams.append(append.stream, state, first.entries, since=since)
    return first


def append_of(
    stream: str,
    state: Versioned,
    events: Iterable[Any],
    asked: Asked,
    request: str,
    *,
    leaning_on: Leaning = (),
    speaks_of: str | None = None,
) -> Append:
    """Return what the log is asked to append for events that were decided on a state."""
    return Append(
        stream=stream,
        expected_version=state.version,
        events=tuple(Fresh(event, asked.on) for event in events),
        by=asked.by,
        key=asked.key,
        request=request,
        correlation=asked.correlation,
        causation=asked.causation,
        leaning_on=leaning_on,
        speaks_of=speaks_of,
    )


def digest_of(*asked: object) -> str:
    """Return the SHA-256 (hex) of a request: the same values give the same digest."""
    return hashlib.sha256(repr(_canonical(asked)).encode()).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, Mapping):
        return sorted((str(key), _canonical(item)) for key, item in value.items())
    if isinstance(value, tuple | list):
        return [_canonical(item) for item in value]
    return value


def check_seen(stream: str, asked: Asked, state: Versioned) -> None:
    """Raise VersionConflict unless the state is at the version that the person saw."""
    seen = asked.expected_version
    if seen is not None and seen != state.version:
        raise VersionConflict(stream, seen, state.version)


def _answered(log: EventLog, asked: Asked, request: str) -> Receipt | None:
    return None if asked.key is None else log.answer(asked.key, request)
