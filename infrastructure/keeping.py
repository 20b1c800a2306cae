"""Keeping the views: catching up once, or following the log until asked to stop."""

import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from application.views.view import View
from infrastructure.database import may_only_read
from infrastructure.event_log import POLL_SECONDS
from infrastructure.logging import messages
from infrastructure.projections import Projections
from infrastructure.projector import Projector, is_kept
from infrastructure.rebuild_leavings import SHORTLY, StillRead, clear_left_behind
from infrastructure.rebuilding import BeingRebuilt, Cancelled, Rebuild, Rebuilt

FAR = 20_000
"""Entries that are sooner folded in the order of the streams, where they are much of the log."""

TRY_AGAIN_SECONDS = 1.0
"""How long until what another process holds, or what failed, is tried again."""

LOOK_SECONDS = 60.0
"""How often it is looked for tables that rebuilds left behind, while the views are kept."""

Advance = Callable[[int, int], None]
"""Called with how many entries are done, and how many there are."""


def _nothing(_done: int, _all: int) -> None:
    return


class Keeping:
    """Keeps all views that nobody else keeps; `stop` may be set by any thread."""

    def __init__(self, projections: Projections, stop: threading.Event | None = None) -> None:
        self._all = projections
        self._projector = Projector(projections)
        self._waiting = projections.log.waiting(POLL_SECONDS)
        self.stop = stop or threading.Event()
        self.works = False
        self._taken: set[str] = set()
        self._looked = time.monotonic()

    def wake(self) -> None:
        """End a wait, after `stop` was set."""
        self._waiting.close()

    def catch_up(self, on_progress: Advance = _nothing) -> bool:
        """Bring all views to where the log is now, also those that another process keeps.

        Return whether they came there; False where it was stopped, or where only a newer program
        could.
        """
        target = self._all.log.position()
        try:
            self._take_over()
            since = self._position()
            while not self.stop.is_set():
                moved = self._step(on_progress)
                on_progress(max(0, min(self._position(), target) - since), target - since)
                if not moved and self._position() >= target:
                    return not self._all.newer()
                if not moved:
                    self.stop.wait(POLL_SECONDS)
                    self._take_over()
        finally:
            self._close()
        return False

    def run(self) -> None:
        """Follow the log until `stop` is set; what fails is told in the log and tried again."""
        tried = 0.0
        try:
            while not self.stop.is_set():
                try:
                    self._all.log.keys.look_for_destroyed()  # whatever else fails
                    if time.monotonic() - tried >= TRY_AGAIN_SECONDS:
                        self._take_over()
                        tried = time.monotonic()
                    moved = self._step(_nothing)
                    self.works = True
                except Exception as error:  # noqa: BLE001 - the database may come back
                    self.works = False
                    messages().error("projector-failed", failure=error)
                    self.stop.wait(TRY_AGAIN_SECONDS)
                    continue
                if not moved:
                    self._waiting.wait()
        finally:
            self.works = False
            try:
                self._close()
            except Exception as error:  # noqa: BLE001 - the database is away, and tells it later
                messages().warning("projector-not-signed-off", failure=error)

    def _take_over(self) -> None:
        """Take what is free, and put in order what whoever had it left behind.

        Where that fails, it is done when views are looked for next.
        """
        self._all.begin()
        self._taken |= self._projector.take_over()
        if self._taken:
            self._clear_left_behind()
            self._projector.retry()
            self._taken.clear()
        elif self._projector.held and time.monotonic() - self._looked >= LOOK_SECONDS:
            self._clear_left_behind()

    def _clear_left_behind(self) -> None:
        self._looked = time.monotonic()
        clear_left_behind(self._all)

    def _step(self, on_progress: Advance) -> int:
        """Apply a batch, or rebuild what is better rebuilt; return how many entries were passed."""
        wanted = self._better_rebuilt()
        if wanted and self._rebuild(wanted, on_progress):
            return 1
        return self._projector.step()

    def _better_rebuilt(self) -> list[View[Any]]:
        """Return views whose rows are of an older shape, or that lie far back."""
        standings, head = self._all.registry.read(), None
        found = []
        for name in sorted(self._projector.held & standings.keys()):
            view, standing = self._all.views[name], standings[name]
            if standing.shape < view.shape:
                found.append(view)
            elif is_kept(view, standing):
                head = self._all.log.position() if head is None else head
                lag = head - standing.position
                if lag > FAR and lag > head // 4:
                    found.append(view)
        return found

    def _rebuild(self, views: list[View[Any]], on_progress: Advance) -> bool:
        names = frozenset(view.name for view in views)
        rebuild = Rebuild(
            self._all,
            views,
            stop=self.stop,
            on_progress=on_progress,
            between=lambda: self._go_on(names),
            patience=SHORTLY,  # all entries wait for it
        )
        try:
            rebuild.run()
        except BeingRebuilt:  # another process does: then they come there without us
            return False
        except StillRead as error:  # it is begun again, until the reader has ended
            messages().warning("tables-left", view=error.view)
            return False
        except Cancelled:
            return False
        except BrokenProcessPool as error:  # a helper died, for want of memory perhaps
            messages().warning("projector-helpers-died", failure=error)
            self._all.helpers = 0
            return False
        return True

    def _go_on(self, but: Collection[str]) -> None:
        """Do what cannot wait for a rebuild, which takes minutes where the log is long.

        What is in the memory of this process of who was erased by another one is forgotten.
        """
        self._all.log.keys.look_for_destroyed()
        self._projector.step(but)

    def _position(self) -> int:
        """Return how far the view has come that lies furthest back, of those it can keep."""
        standings = self._all.registry.read()
        mine = standings.keys() & self._all.views.keys() - self._all.newer()
        return min((standings[name].position for name in mine), default=self._all.log.position())

    def _close(self) -> None:
        self._waiting.close()
        self._projector.close()


def rebuilt(
    projections: Projections, views: Sequence[View[Any]], stop: threading.Event, advance: Advance
) -> list[Rebuilt]:
    """Rebuild views beside the live ones; where a helper process died, once more without any.

    Raises BeingRebuilt and Cancelled.
    """
    try:
        return Rebuild(projections, views, stop=stop, on_progress=advance).run()
    except BrokenProcessPool as error:  # for want of memory perhaps
        messages().warning("projector-helpers-died", failure=error)
        projections.helpers = 0
    return Rebuild(projections, views, stop=stop, on_progress=advance).run()


class KeepingThread:
    """Keeps the views in a thread of this process, as a server does."""

    def __init__(self, projections: Projections) -> None:
        self._keeping = Keeping(projections)
        self._thread = threading.Thread(target=self._keeping.run, name="projector", daemon=True)

    @property
    def works(self) -> bool:
        """Whether it runs, and what it did last did not fail."""
        return self._thread.is_alive() and self._keeping.works

    def start(self) -> None:
        """Begin to keep the views."""
        self._thread.start()

    def stop(self) -> None:
        """Have it finish its batch and let go of the views; return when it has."""
        self._keeping.stop.set()
        self._keeping.wake()
        self._thread.join()


def bring_up_to_date(projections: Projections, on_progress: Advance = _nothing) -> bool:
    """Bring all views to where the log is now, where they are not there.

    Return False where the database may only be read: then they stay where they are.
    """
    standings, head = projections.registry.read(), projections.log.position()
    there = [
        name in standings and is_kept(view, standings[name]) and standings[name].position >= head
        for name, view in projections.views.items()
    ]
    try:
        return all(there) or Keeping(projections).catch_up(on_progress)
    except Exception as error:
        if not may_only_read(error):
            raise
        return False
