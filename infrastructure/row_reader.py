"""Makes entries of rows of the events table.

This is the hot path of reading, so values that repeat (who, on which day) are made once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import repeat
from typing import Any

import msgspec

from application.ports import NotReadable, Recorded, Unread
from domain.entry import By, Entry, Source
from infrastructure.entry_rows import EPOCH, MICROSECOND, recorded_at, to_source
from infrastructure.event_names import (
    EventNames,
    Opening,
    UnknownEvent,
    UnreadableEvent,
    UnreadableText,
)
from infrastructure.kept_keys import Key
from infrastructure.keys import Keys
from infrastructure.known import Known
from infrastructure.log_tables import Row
from infrastructure.sealing import DoesNotOpen, bound_to, opened

SEALED = b'"sealed":"'
"""What is in every body with a sealed text in it."""
SEALED_TEXT = SEALED.decode()
"""What is in every source whose record is sealed."""

_days = Known(date.fromisoformat)
_who: Known[tuple[str, str], By] = Known(lambda pair: By(*pair))

AT_ONCE = 100
"""Rows that are made entries at once, where no text is opened."""


def _came_from(source: str | None, claimed: int | None) -> Source | None:
    return None if source is None else to_source(source, claimed)


class RowReader:
    """Reads rows of the events table as entries."""

    def __init__(self, names: EventNames, keys: Keys | None = None) -> None:
        """Take what decodes, and the keys that open; without them, what is sealed stays so."""
        self._names, self._keys = names, keys
        self._decoders: Known[tuple[str, int], tuple[Callable[[bytes], Any], Opening | None]]
        self._decoders = Known(self._decoder)

    def _decoder(self, shape: tuple[str, int]) -> tuple[Callable[[bytes], Any], Opening | None]:
        opening = None if self._keys is None else self._names.opening(*shape)
        return self._names.decoder(*shape), opening

    def recorded(self, rows: Sequence[Row]) -> Iterator[Recorded]:
        """Yield the rows' entries, each with its stream. Raises as `entries` does."""
        make = tuple.__new__
        for row, entry in zip(rows, self.entries(rows), strict=True):
            yield make(Recorded, (row[1], entry))

    def readable(self, rows: Sequence[Row], unread: Unread) -> Iterator[Recorded]:
        """Yield the entries that can be read, each with its stream; tell of the others.

        A text that does not open is told of by whoever asks for it.
        """
        done = 0
        while done < len(rows):
            try:
                for one in self.recorded(rows[done:]):
                    done += 1
                    yield one
            except NotReadable:
                unread(rows[done][0])
                done += 1

    def entries(
        self, rows: Sequence[Row], page: Collection[str] | None = None
    ) -> Iterator[Entry[Any]]:
        """Yield the rows' entries. Raises UnreadableEvent or UnknownEvent, saying where.

        `page` are the streams that are read one after the other, of which these rows are some: the
        keys of all of them are fetched at once. A text that does not open raises UnreadableText
        when it is asked for.
        """
        if self._keys is not None:
            yield from self._by_turns(rows, page)
            return
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            try:
                found = self._at_once(some)
            except Exception:
                yield from self._by_turns(some)  # gives those before the one that it raises for
                raise
            yield from found

    def _at_once(self, rows: Sequence[Row]) -> Iterable[Entry[Any]]:
        """Return the entries of rows of which no text is opened: a column at a time costs less."""
        (
            positions, _, versions, names, schemas, days, micros, claimed, sources,
            actors, organisations, correlations, causations, bodies,
        ) = zip(*rows, strict=True)  # fmt: skip
        decoders = map(self._decoders.__getitem__, zip(names, schemas, strict=True))
        events = [decode(body) for (decode, _), body in zip(decoders, bodies, strict=True)]
        came_from = sources
        if any(sources):
            came_from = tuple(map(_came_from, sources, claimed))
        columns = zip(
            versions,
            events,
            map(_days.__getitem__, days),
            [EPOCH + since * MICROSECOND for since in micros],
            map(_who.__getitem__, zip(actors, organisations, strict=True)),
            came_from,
            positions,
            correlations,
            causations,
            strict=True,
        )
        return list(map(tuple.__new__, repeat(Entry), columns))

    def _by_turns(
        self, rows: Sequence[Row], page: Collection[str] | None = None
    ) -> Iterator[Entry[Any]]:
        # Nearly every entry that is read passes here, so: tuple.__new__, no call that can be saved,
        # and one entry at a time, because a list of them sets the garbage collector to work.
        make, decoders = tuple.__new__, self._decoders
        days, who, since, instant, keys = _days, _who, 0, EPOCH, self._keys
        try:
            for (
                position, stream, version, name, schema, day, micros, claimed, source,
                actor, organisation, correlation, causation, body,
            ) in rows:  # fmt: skip
                decode, opening = decoders[name, schema]
                if keys is not None and opening is not None and SEALED in body:
                    page = page or streams_of(rows)
                    event = opening(body, Opener(keys, page, stream, version, position))
                else:
                    event = decode(body)
                came_from = None
                if source is not None:
                    open_ = None
                    if keys is not None and SEALED_TEXT in source:
                        page = page or streams_of(rows)
                        open_ = Opener(keys, page, stream, version, position)
                    came_from = to_source(source, claimed, open_)
                if micros != since:  # entries that were stored together follow each other
                    since, instant = micros, EPOCH + micros * MICROSECOND
                yield make(Entry, (
                    version, event, days[day], instant, who[actor, organisation], came_from,
                    position, correlation, causation,
                ))  # fmt: skip
        except Exception:
            for row in rows:
                self._try(row)
            raise

    def _try(self, row: Row) -> None:
        position, stream, version, name, schema, day, micros, claimed, source, *_, body = row
        opens = None
        if self._keys is not None:
            opens = Opener(self._keys, {stream}, stream, version, position)
        where = _where(position, version, stream)
        try:
            self._names.decode(name, schema, body)
        except UnknownEvent as error:
            raise UnknownEvent(f"{where}: {error}") from error
        except UnreadableEvent as error:
            raise UnreadableEvent(f"{where}: {error}") from error
        opening = None if opens is None else self._names.opening(name, schema)
        if opening is not None and opens is not None:
            opening(bytes(body), opens)
        recorded_at(position, micros)
        try:
            date.fromisoformat(day)
            if source is not None:
                to_source(source, claimed, opens)
        except (msgspec.MsgspecError, TypeError, ValueError, OverflowError) as error:
            raise UnreadableEvent(f"{where}: its day or source cannot be read: {error}") from error


def streams_of(rows: Iterable[Row]) -> frozenset[str]:
    """Return the streams that rows are of."""
    return frozenset([row[1] for row in rows])


class Opener:
    """Opens the fields of an entry; its key comes with those of the streams read with it."""

    __slots__ = ("_keys", "_place", "_streams")

    def __init__(
        self, keys: Keys, streams: Collection[str], stream: str, version: int, position: int
    ) -> None:
        self._keys, self._streams = keys, streams
        self._place = position, version, stream

    def __call__(self, path: str, form: str) -> str | None:
        """Return the text of a sealed form in a field; None where its key is destroyed.

        Raises UnreadableText, saying where, and UnusableMasterKey.
        """
        _, version, stream = self._place
        try:
            return opened(form, bound_to(stream, version) + path, self._key_of)
        except DoesNotOpen as error:
            raise UnreadableText(f"{_where(*self._place)}: {error}") from error

    def _key_of(self, key_id: bytes) -> Key | None:
        return self._keys.opening(key_id, self._streams)


def _where(position: int, version: int, stream: str) -> str:
    return f"position {position} of the log (version {version} of {stream})"
