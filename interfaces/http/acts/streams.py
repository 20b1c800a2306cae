"""Acts of clients, organisations and programmes: the same way to the log, guarded each time."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar

from application.intentions import Intention, asked_by, latest_today, require_not_ahead
from application.ports import Receipt, VersionConflict
from application.together import transact_together
from application.transact import Streams, Versioned, transact
from domain.data_kinds import DataKind, data_kind
from domain.entry import event_name
from interfaces.http.acts.journeys import Stale, who_asks
from interfaces.http.context import Here

S = TypeVar("S", bound=Versioned)


class Deed(NamedTuple):
    """An act of one stream: what was asked, who may, and what is decided on the day.

    `also` are other streams in which the same is decided and recorded together with it. `today` is
    which day it is where it is done, None where that is not known.
    """

    stream: str
    intention: Intention
    guard: Callable[[Any], None]
    decide: Callable[[Any, date], tuple[Any, ...]]
    also: Callable[[Any], Iterable[str]] | None = None
    today: date | None = None


def record(here: Here, streams: Streams[S], deed: Deed) -> Receipt:
    """Do an act. Raises what its guard and its decision raise, and Stale with what changed since.

    The day is today where none was given; where nobody knows which day it is there, that of the
    programme where it is latest.
    """
    today = deed.today or latest_today(here.office)
    on = deed.intention.on or today

    def decide(state: S) -> tuple[Any, ...]:
        deed.guard(state)
        require_not_ahead(on, today)
        return deed.decide(state, on)

    def decide_all(states: Mapping[str, S]) -> Mapping[str, tuple[Any, ...]]:
        first = decide(states[deed.stream])
        return {one: deed.decide(state, on) for one, state in states.items()} | {deed.stream: first}

    asked = asked_by(who_asks(here), deed.intention, on)
    # A made id follows from the key, so that the stream too is a part of what was asked.
    request = deed.intention.said_of(deed.stream)
    try:
        if deed.also is not None:
            return transact_together(streams, deed.stream, deed.also, decide_all, asked, request)
        return transact(streams, deed.stream, decide, asked, request)
    except VersionConflict as conflict:
        deed.guard(streams.newest(deed.stream))
        raise Stale(conflict, changed(here, conflict)) from None


def changed(here: Here, conflict: VersionConflict, most: int | None = None) -> list[dict[str, Any]]:
    """Return what was recorded in a stream since the version that the person saw.

    The newest of it alone, where it is more than `most`. Of a client it is what the person is
    shown, and a reading, which is noted.
    """
    told = list(here.office.log.load(conflict.stream, after=conflict.expected))
    kind, _, id_ = conflict.stream.partition(":")
    if kind == "client":
        shown = here.shown_of(id_)
        told = [entry for entry in told if shown.has(data_kind(entry.event))]
    told = told[-(most or 0) :]
    if kind == "client":
        kinds = {of for entry in told if (of := data_kind(entry.event))}
        here.note_readings("changes", [(id_, None)], {id_: kinds | {DataKind.IDENTITY}})
    return [
        {
            "version": entry.version,
            "kind": event_name(type(entry.event)),
            "occurred_on": entry.occurred_on.isoformat(),
            "recorded_at": entry.recorded_at.isoformat(),
            "person": entry.by.person,
            "organisation": {"code": entry.by.organisation, "title": entry.by.organisation},
        }
        for entry in told
    ]
