"""How the views stand: for `polku projections status`, for health, and to wait for a position."""

import time
from contextlib import closing
from datetime import UTC

from application.questions import SetAside, ViewStatus
from infrastructure.entry_rows import recorded_at, to_instant, to_micros
from infrastructure.projection_lock import locks_of
from infrastructure.projection_registry import Standing
from infrastructure.projections import Projections
from infrastructure.projector import lock_of
from infrastructure.rebuild_leavings import lock_of as lock_of_rebuild

SHORTEST_WAIT, LONGEST_WAIT = 0.005, 0.05
"""Seconds between two looks at where the views stand."""


def statuses(projections: Projections) -> list[ViewStatus]:
    """Return how each view stands, those of other programs too.

    States: "new" (no tables yet), "live", "rebuilding", "outdated" (rows of an older program's
    shape) and "newer" (of a newer program's). Raises UnreadableEvent.
    """
    head = projections.log.position()
    asides = projections.registry.many_aside()
    with closing(locks_of(projections.database)) as locks:
        return [
            ViewStatus(
                name=name,
                shape=standing.shape,
                generation=standing.generation,
                state=_state(projections, standing, rebuilt=locks.is_taken(lock_of_rebuild(name))),
                position=standing.position,
                lag_events=max(0, head - standing.position),
                lag_seconds=_seconds_behind(projections, standing),
                quarantined=asides.get(name, 0),
                runner=standing.runner if locks.is_taken(lock_of(name)) else None,
            )
            for name, standing in projections.registry.read().items()
        ]


def _state(projections: Projections, standing: Standing, *, rebuilt: bool) -> str:
    view = projections.views.get(standing.name)
    if standing.building is not None and rebuilt:
        return "rebuilding"
    if not standing.generation:
        return "new"
    if view is None or view.shape == standing.shape:
        return "live"
    return "outdated" if standing.shape < view.shape else "newer"


def _seconds_behind(projections: Projections, standing: Standing) -> float:
    """Return how long ago the first entry was recorded that the view has not taken; 0 for none.

    Raises UnreadableEvent.
    """
    next_ = projections.page(standing.position, 1)
    if not next_:
        return 0.0
    first = to_micros(recorded_at(next_[0][0], next_[0][6]))
    return max(0.0, (projections.now() - first) / 1e6)


def set_aside(projections: Projections) -> list[SetAside]:
    """Return the owners that views could not take."""
    return [
        SetAside(one.view, one.owner, one.version, to_instant(one.since).astimezone(UTC), one.error)
        for one in projections.registry.asides()
    ]


def wait_for(projections: Projections, position: int, seconds: float) -> bool:
    """Wait until every view has come to the position; False where the time ran out."""
    until, pause = time.monotonic() + seconds, SHORTEST_WAIT
    while not _reached(projections, position):
        left = until - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(pause, left))
        pause = min(2 * pause, LONGEST_WAIT)
    return True


def _reached(projections: Projections, position: int) -> bool:
    standings = projections.registry.read()
    return all(
        name in standings and standings[name].position >= position for name in projections.views
    )
