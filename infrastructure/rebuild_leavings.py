"""Tables that a rebuild leaves behind: dropped by whoever holds the lock of the view's rebuild.

PostgreSQL drops no table that somebody still reads: a backup reads all of them, for hours perhaps.
What cannot be dropped now is left to who keeps the views, who looks for it time and again.
"""

from typing import Any

from application.views.view import View
from infrastructure.logging import messages
from infrastructure.projection_lock import locks_of
from infrastructure.projection_registry import Standing
from infrastructure.projections import Projections

SHORTLY, PATIENTLY = 1, 10
"""Seconds that readers of tables are waited for: by who has other work, and by who has not."""

_STILL_READ = "55P03"
"""PostgreSQL's code for a lock that could not be had in time."""


def lock_of(view: str) -> str:
    """Return the name of the lock that whoever rebuilds a view holds."""
    return f"rebuild-{view}"


class StillRead(Exception):
    """What an earlier rebuild of a view left cannot be dropped: another program reads it."""

    def __init__(self, view: str) -> None:
        super().__init__(
            f"the tables that an earlier rebuild of the view {view} left are still read by another "
            "program, a backup perhaps: do it again when that has ended"
        )
        self.view = view


def clear(
    projections: Projections, view: View[Any], standing: Standing, seconds: int | None = None
) -> None:
    """Drop the tables of a view that are neither read nor being built any more.

    Only for who holds the lock of the view's rebuild. Raises StillRead where somebody reads them
    for longer than so many seconds, by default `PATIENTLY`.
    """
    if standing.building is None and standing.retired is None:
        return
    try:
        _clear(projections, view, standing, PATIENTLY if seconds is None else seconds)
    except Exception as error:
        if getattr(error, "sqlstate", None) != _STILL_READ:
            raise
        raise StillRead(view.name) from error


def _clear(projections: Projections, view: View[Any], standing: Standing, seconds: int) -> None:
    with projections.writing() as cursor:
        if not projections.database.is_sqlite:  # there nobody is waited for
            cursor.execute(f"SET LOCAL lock_timeout = '{seconds}s'")
        for generation in (standing.building, standing.retired):
            if generation:
                projections.tables(view, generation).drop(cursor)
        projections.registry.build(cursor, view.name, None)
        projections.registry.dropped(cursor, view.name)


def clear_if_unread(
    projections: Projections, view: View[Any], standing: Standing, seconds: int | None = None
) -> None:
    """Do as `clear`; where somebody still reads the tables, they stay for another time."""
    try:
        clear(projections, view, standing, seconds)
    except StillRead:
        messages().warning("tables-left", view=view.name)


def clear_left_behind(projections: Projections) -> None:
    """Drop what rebuilds left behind that were killed, or whose tables were still read."""
    locks = locks_of(projections.database)
    try:
        for name, standing in projections.registry.read().items():
            left = standing.building is not None or standing.retired is not None
            if left and name in projections.views and locks.take(lock_of(name)):
                now = projections.registry.read()[name]  # it may have ended in between
                clear_if_unread(projections, projections.views[name], now, SHORTLY)
    finally:
        locks.close()
