"""The views that cross streams: asked, kept, followed and made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from interfaces.bootstrap.log import open_office, projections_of
from interfaces.bootstrap.unusable import Unusable

if TYPE_CHECKING:
    from threading import Event

    from application.office import Office
    from application.questions import SetAside, Views, ViewStatus
    from application.views.listing import Listing, Wanted
    from infrastructure.keeping import KeepingThread
    from infrastructure.projections import Projections
    from infrastructure.rebuilding import Rebuilt
    from infrastructure.settings import Settings


def views_of(office: Office) -> Views:
    """Return what answers questions that cross streams."""
    from infrastructure.view_queries import ViewQueries

    return ViewQueries(projections_of(office))


def journeys_of_clients(office: Office, *, strict: bool = True) -> Callable[[str], Iterable[str]]:
    """Return a look-up of all journeys that a client was ever referred by, as the log has them now.

    One whose referral was retracted is among them. Raises as `with_retracted` does.
    """
    from application.erasing import with_retracted
    from infrastructure.keeping import bring_up_to_date
    from infrastructure.view_queries import ViewQueries

    projections = projections_of(office)
    views = ViewQueries(projections)

    def journeys_of(client: str) -> list[str]:
        bring_up_to_date(projections)
        return [row.owner for row in views.journeys_of(client)]

    return with_retracted(office, journeys_of, strict=strict)


def catch_up(office: Office, on_progress: Callable[[int, int], None]) -> None:
    """Bring the views to where the log is now, or wait for whoever keeps them."""
    from infrastructure.keeping import bring_up_to_date

    bring_up_to_date(projections_of(office), on_progress)


def list_journeys(
    office: Office, wanted: Wanted, on_progress: Callable[[int, int], None]
) -> Listing:
    """Return the list of journeys as the log has them now.

    Where the database may only be read, it is as the views stand.
    """
    from infrastructure.case_listing import listing
    from infrastructure.keeping import bring_up_to_date

    projections = projections_of(office)
    bring_up_to_date(projections, on_progress)
    return listing(projections, wanted)


@contextmanager
def keep_views(office: Office) -> Iterator[KeepingThread]:
    """Keep the views in a thread of this process: those that no other process keeps."""
    from infrastructure.keeping import KeepingThread

    thread = KeepingThread(projections_of(office))
    thread.start()
    try:
        yield thread
    finally:
        thread.stop()


@contextmanager
def open_projections(given: Settings | None = None) -> Iterator[Projections]:
    """Open the views of the database of the settings. Raises BadSetting, NoDatabase or Unusable."""
    with open_office(given, inline=False) as office:
        yield projections_of(office)


def view_statuses(projections: Projections) -> tuple[list[ViewStatus], list[SetAside]]:
    """Return how each view stands, and what they set aside."""
    from infrastructure import view_standing

    return view_standing.statuses(projections), view_standing.set_aside(projections)


def follow_log(
    projections: Projections,
    stop: Event,
    *,
    once: bool,
    on_progress: Callable[[int, int], None],
) -> bool:
    """Keep the views until `stop` is set, or `once` only until they are where the log is now.

    Return whether they came there.
    """
    from infrastructure.keeping import Keeping

    keeping = Keeping(projections, stop)
    if once:
        return keeping.catch_up(on_progress)
    keeping.run()
    return True


def rebuild_views(
    projections: Projections,
    names: Sequence[str],
    stop: Event,
    on_progress: Callable[[int, int], None],
) -> list[Rebuilt]:
    """Rebuild views beside the live ones, compare and switch.

    Raises Unusable where another process rebuilds one, or still reads what an earlier rebuild left,
    or where `stop` was set.
    """
    from infrastructure.keeping import rebuilt
    from infrastructure.rebuild_leavings import StillRead
    from infrastructure.rebuilding import BeingRebuilt, Cancelled

    views = [projections.views[name] for name in names]
    try:
        return rebuilt(projections, views, stop, on_progress)
    except (BeingRebuilt, StillRead) as error:
        raise Unusable(str(error)) from error
    except Cancelled as error:
        raise Unusable("the rebuild was stopped; the views are as they were") from error
