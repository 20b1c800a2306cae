"""Rows that are written with the entries themselves: what I wrote I find at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from application.ports import Append, Drafted
from application.views.folding import FOLDS, kind_of, owner_of, told
from application.views.view import Rules, View
from domain.entry import Entry


class Inline:
    """Makes the rows of inline views as an append will leave them, before it is appended.

    A row that cannot be made never refuses an act: its owner is set aside.
    """

    def __init__(self, views: Iterable[View[Any]], rules: Rules) -> None:
        self._rules = rules
        self._views: dict[str, list[View[Any]]] = {}
        for view in views:
            if view.inline:
                self._views.setdefault(view.kind, []).append(view)

    def of(self, append: Append, before: Any, entries: Sequence[Entry[Any]]) -> tuple[Drafted, ...]:
        """Return the rows of the stream's owner after the entries, which follow the state."""
        kind, owner = kind_of(append.stream), owner_of(append.stream)
        views = self._views.get(kind)
        if not views:
            return ()
        try:
            after = FOLDS[kind].extend(before, entries)
        except Exception as error:  # noqa: BLE001 - whatever it is, the act goes on
            return tuple(_failed(view, owner, error) for view in views)
        afresh = self._rules.afresh()  # else the last history would stay, whoever is erased
        return tuple(_draft(view, owner, after, afresh) for view in views)


def _draft(view: View[Any], owner: str, state: Any, rules: Rules) -> Drafted:
    try:
        made = tuple(view.rows(owner, state, rules))
    except Exception as error:  # noqa: BLE001 - whatever it is, the act goes on
        return _failed(view, owner, error)
    return Drafted(view.name, view.shape, owner, made)


def _failed(view: View[Any], owner: str, error: Exception) -> Drafted:
    return Drafted(view.name, view.shape, owner, None, told(error))
