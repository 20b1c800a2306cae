"""Streams folded for views: many at once, and each by itself where one cannot be read.

What cannot be read or folded becomes a `Poisoned` stream, which stops no other one. Where the
database serves nobody, that is raised: it is no fault of the stream that was being read.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from application.views.folding import FOLDS, Fold, kind_of, told
from infrastructure.database import serves_nobody
from infrastructure.log_tables import Row
from infrastructure.row_reader import RowReader, streams_of

CHUNK = 200
"""Streams that are loaded at a time."""

_STREAM = itemgetter(1)


class Folded(NamedTuple):
    """A stream folded up to an entry: its version and place, and when it was recorded (UTC)."""

    state: Any
    version: int
    position: int
    recorded_at: datetime


class Poisoned(NamedTuple):
    """A stream that cannot be read or folded, up to its newest entry; `error` tells no values."""

    version: int
    position: int
    error: str


Outcome: TypeAlias = Folded | Poisoned

Load: TypeAlias = Callable[[Sequence[str]], Sequence[Row]]
"""Returns the rows of whole streams, one stream after the other."""


def by_stream(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return rows of the events table by their stream."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[1], []).append(row)
    return found


def fold_each(reader: RowReader, rows: Sequence[Row]) -> Iterator[tuple[str, Outcome]]:
    """Fold streams, the rows of which follow each other: all of each, from its first entry.

    Where entries make rows of their own, those given may be the new ones alone. One
    stream after the other, so that who is done with one lets go of it before the next is read.
    """
    page = streams_of(rows)
    for stream, some in groupby(rows, _STREAM):
        fold = FOLDS[kind_of(stream)]
        yield stream, _folded(reader, fold, fold.start, list(some), page)


def _folded(
    reader: RowReader,
    fold: Fold,
    state: Any,
    rows: Sequence[Row],
    page: Collection[str] | None = None,
) -> Outcome:
    try:
        entries = list(reader.entries(rows, page))
        state = fold.extend(state, entries)
    except Exception as error:
        if serves_nobody(error):
            raise
        position, _, version, *_ = rows[-1]
        return Poisoned(version, position, told(error))
    last = entries[-1]
    return Folded(state, last.version, last.position, last.recorded_at)


class FoldedStreams:
    """A bounded memory of folded streams, carried on by the entries of a batch."""

    def __init__(self, reader: RowReader, load: Load, kept: int) -> None:
        self._reader, self._load, self._kept = reader, load, kept
        self._folded: OrderedDict[str, Folded] = OrderedDict()
        self._to_forget = False

    def forget(self) -> None:
        """Have all that is folded dropped before the next entries; any thread may call this."""
        self._to_forget = True

    def _forget_if_asked(self) -> None:
        if self._to_forget:
            self._to_forget = False
            self._folded.clear()

    def brought(self, streams: Mapping[str, Sequence[Row]]) -> dict[str, Outcome]:
        """Return streams folded up to the last of the rows given for each, at least."""
        self._forget_if_asked()
        found: dict[str, Outcome] = {}
        whole: list[Row] = []
        cold: list[str] = []
        for stream, rows in streams.items():
            known = self._folded.get(stream)
            if known is not None and known.version >= rows[-1][2]:
                found[stream] = known
            elif known is not None and known.version >= rows[0][2] - 1:
                later = [row for row in rows if row[2] > known.version]
                fold = FOLDS[kind_of(stream)]
                found[stream] = _folded(self._reader, fold, known.state, later)
            elif rows[0][2] == 1:
                whole += rows
            else:
                cold.append(stream)
        found.update(fold_each(self._reader, whole))
        found.update(self.loaded(cold))
        self._remember(found)
        return found

    def loaded(self, streams: Sequence[str]) -> dict[str, Outcome]:
        """Return streams as the log has them, folded anew."""
        found: dict[str, Outcome] = {}
        for begin in range(0, len(streams), CHUNK):
            found.update(fold_each(self._reader, self._load(streams[begin : begin + CHUNK])))
        self._remember(found)
        return found

    def _remember(self, found: Mapping[str, Outcome]) -> None:
        for stream, outcome in found.items():
            self._folded.pop(stream, None)
            if isinstance(outcome, Folded) and not FOLDS[kind_of(stream)].adds:
                self._folded[stream] = outcome
        while len(self._folded) > self._kept:
            self._folded.popitem(last=False)
