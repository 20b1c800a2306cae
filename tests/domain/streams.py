"""Histories to test with: entries made from events, and any events that hypothesis can think of."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any, get_args, get_type_hints

from hypothesis import strategies as st

from domain.entry import By, Entry
from domain.refusals import IllegalTransition, InvalidField

DAY = date(2024, 3, 1)
IDS = st.sampled_from(["a", "b", "c"])
DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31))


def entry(version: int, event: Any, day: date = DAY) -> Entry[Any]:
    """An entry that was recorded on the day it happened."""
    recorded_at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Entry(version, event, day, recorded_at, By("person", "organisation"))


def entries(*events: Any, day: date = DAY) -> list[Entry[Any]]:
    return [entry(version, event, day) for version, event in enumerate(events, start=1)]


def histories(union: Any) -> st.SearchStrategy[list[Entry[Any]]]:
    """Any sequence of the union's events, lawful or not, over few ids so that they meet."""
    event = st.one_of(*(_builds(cls) for cls in get_args(union)))
    dated = st.lists(st.tuples(event, DAYS), max_size=12)
    return dated.map(lambda es: [entry(v, e, day) for v, (e, day) in enumerate(es, start=1)])


def lived(fold: Callable[[Any], Any], acts: Iterable[Callable[[Any], Any]]) -> list[Entry[Any]]:
    """The history of acts done one after another, each twice; a refused one leaves nothing."""
    history: list[Entry[Any]] = []
    for act in acts:
        state = fold(history)
        try:
            events = act(state)
        except (IllegalTransition, InvalidField):
            continue
        history += [entry(len(history) + n, e) for n, e in enumerate(events, start=1)]
        assert act(fold(history)) == (), "a retry records nothing"
    return history


def _builds(cls: type) -> st.SearchStrategy[Any]:
    ids = {name: IDS for name, hint in get_type_hints(cls).items() if hint is str}
    return st.builds(cls, **ids)
