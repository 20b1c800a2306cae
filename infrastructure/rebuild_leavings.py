"""Tables that a rebuild leaves behind: dropped by whoever holds the lock of the view's rebuild."""

from typing import Any

from application.views.view import View
from infrastructure.projection_lock import locks_of
from infrastructure.projection_registry import Standing
from infrastructure.projections import Projections


def lock_of(view: str) -> str:
    """Return the name of the lock that whoever rebuilds a view holds."""
    return f"rebuild-{view}"


def clear(projections: Projections, view: View[Any], standing: Standing) -> None:
    """Drop the tables of a view that are neither read nor being built any more.

    Only for who holds the lock of the view's rebuild.
    """
    if standing.building is None and standing.retired is None:
        return
    with projections.writing() as cursor:
        for generation in (standing.building, standing.retired):
            if generation:
                projections.tables(view, generation).drop(cursor)
        projections.registry.build(cursor, view.name, None)
        projections.registry.dropped(cursor, view.name)


def clear_left_behind(projections: Projections) -> None:
    """Drop what rebuilds left behind that were killed."""
    locks = locks_of(projections.database)
    try:
        for name, standing in projections.registry.read().items():
            left = standing.building is not None or standing.retired is not None
            if left and name in projections.views and locks.take(lock_of(name)):
                now = projections.registry.read()[name]  # it may have ended in between
                clear(projections, projections.views[name], now)
    finally:
        locks.close()
