"""What the folds of views are given in tests: drawn histories, and the small programme's rules."""

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from application.programmes import NotPublished
from application.views.view import Rules, View, by_table
from domain.definition import Definition
from domain.journey.events import EntryRetracted
from domain.journey.history import History, history_of
from tests.domain import journeys as j


def published(programme: str, version: int) -> Definition:
    if programme != j.DEFINITION.programme:
        raise NotPublished(programme)
    return j.definition(version)


RULES = Rules(published, lambda _country: j.is_weekday)


def _lawful(drawn: tuple[int, int]) -> History:
    return j.lawful(*drawn, correcting=True)


HISTORIES = st.tuples(st.integers(0, 10**6), st.integers(1, 90)).map(_lawful)
"""Lawful journeys with late corrections and retractions in them."""


def rows(view: View[Any], history: Any, owner: str = "j-1") -> dict[type[Any], list[Any]]:
    return by_table(view.rows(owner, history, RULES))


def in_pieces(history: History, sizes: Iterable[int]) -> History:
    """The same history, read piece by piece, as a projector reads it."""
    grown, rest = History(), list(history.entries)
    for size in sizes:
        grown, rest = grown.extended(rest[:size]), rest[size:]
    return grown.extended(rest)


def retracting_the_last(history: History) -> History:
    last = history.entries[-1]
    return j.recorded(history, (EntryRetracted(last.version, j.WHY),), last.occurred_on)


def whole(history: History) -> History:
    return history_of(history.entries)
