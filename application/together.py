"""Deciding on several streams of one kind at once: all is recorded, or nothing.

It is for what concerns two clients who are one person. As everywhere, each stream's version is
checked under the log's lock: whoever comes in between has all of it decided anew.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from application.ports import Destroying, Receipt, VersionConflict
from application.transact import TRIES, Asked, S, Streams, append_of, check_seen

Also = Callable[[S], Iterable[str]]
"""Which other streams are decided on, by the state of the first."""

DecideAll = Callable[[Mapping[str, S]], Mapping[str, tuple[Any, ...]]]
"""Decides on the states of streams; returns the events of each, by the stream."""


def transact_together(
    streams: Streams[S],
    stream: str,
    also: Also[S],
    decide: DecideAll[S],
    asked: Asked,
    request: str = "",
    destroying: Destroying | None = None,
) -> Receipt:
    """Decide on a stream and others, and append what was decided for each, or record nothing.

    The version seen is that of the first stream. The receipt is that of the first stream of which
    something is recorded, and the key is kept with it. Raises what the decision raises,
    VersionConflict where the stream is not at the version that the person saw, and KeyReused.
    """
    conflict: VersionConflict | None = None
    for _ in range(TRIES):
        known = None if asked.key is None else streams.log.answer(asked.key, request)
        if known is not None:
            return known
        since = streams.forgotten
        first = streams.newest(stream)
        check_seen(stream, asked, first)
        states = {stream: first, **{one: streams.newest(one) for one in also(first)}}
        decided = decide(states)
        if not any(decided.values()) and asked.key is None:
            return Receipt(stream, first.version, 0, ())
        try:
            return _appended(streams, states, decided, asked, request, destroying, since)
        except VersionConflict as raced:
            conflict = raced
    assert conflict is not None  # noqa: S101 - only a conflict goes on with the loop
    raise conflict


def _appended(
    streams: Streams[S],
    states: Mapping[str, S],
    decided: Mapping[str, tuple[Any, ...]],
    asked: Asked,
    request: str,
    destroying: Destroying | None,
    since: int,
) -> Receipt:
    """Append the events of all streams in one transaction. Raises VersionConflict, KeyReused."""
    answering = next((stream for stream in states if decided.get(stream)), next(iter(states)))
    alone, appends = replace(asked, key=None), []
    for stream, state in states.items():
        as_asked = asked if stream == answering else alone
        append = append_of(stream, state, decided.get(stream, ()), as_asked, request)
        if destroying is not None and append.events:
            append, destroying = replace(append, destroying=destroying), None
        appends.append(streams.drafted(append, state))
    stored = streams.log.append_all(appends, together=True)
    receipts = [one for one in stored if isinstance(one, Receipt)]
    for receipt in receipts:
        if not receipt.repeated:
            streams.append(receipt.stream, states[receipt.stream], receipt.entries, since=since)
    return next(receipt for receipt in receipts if receipt.stream == answering)
