"""The log, opened for acts and questions, and the views that stand on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from interfaces.bootstrap.databases import plainly
from interfaces.bootstrap.files import read_definition, working_days
from interfaces.bootstrap.running import settings

if TYPE_CHECKING:
    from application.office import Office
    from application.ports import Drafting
    from application.programmes import Programmes
    from application.views.view import Rules, View
    from infrastructure.projection_lock import Locks
    from infrastructure.projections import Projections
    from infrastructure.settings import Settings


HELPERS = 4
"""Processes that help at most to rebuild the views of a large log."""


@contextmanager
def open_office(
    given: Settings | None = None,
    *,
    clock: Callable[[], datetime] | None = None,
    inline: bool = True,
) -> Iterator[Office]:
    """Open all that acts and questions need, on the database of the settings.

    `clock` gives the instants (aware) that entries are recorded at; by default the real one. Where
    much is written at once, `inline` is False and `catch_up` brings in the views afterwards.
    Raises BadSetting, NoDatabase or Unusable.
    """
    from application.office import Office
    from application.programmes import Programmes
    from infrastructure.clock import utc_now
    from infrastructure.event_log import open_log

    given = given or settings()
    with (
        plainly(given),
        open_log(
            given.database_url,
            clock=clock or utc_now,
            views=_views() if inline else (),
            masters=given.master_keys,
        ) as log,
    ):
        log.keys.check()
        programmes = Programmes(log, read_definition)
        office = Office(log, programmes, working_days, _drafting(programmes) if inline else None)
        log.keys.when_destroyed(office.forget)
        if inline:
            projections_of(office).begin_if_allowed()
        yield office


@contextmanager
def open_locks(office: Office) -> Iterator[Locks]:
    """Give locks of an office's database, to be alone with some work; they are given back."""
    from infrastructure.projection_lock import locks_of

    log: Any = office.log
    locks = locks_of(log.database)
    try:
        yield locks
    finally:
        locks.close()


def projections_of(office: Office) -> Projections:
    """Return the views of an office's log, to keep them and to ask where they stand."""
    from application.programmes import Programmes
    from infrastructure.projections import Projections

    log: Any = office.log
    rules = _rules(Programmes(log, read_definition))
    return Projections(log, _views(), rules, helpers=HELPERS)


def _views() -> tuple[View[Any], ...]:
    from application.views import VIEWS

    return VIEWS


def _drafting(programmes: Programmes) -> Drafting:
    from application.views.inline import Inline

    return Inline(_views(), _rules(programmes))


def _rules(programmes: Programmes) -> Rules:
    from application.views.view import Rules

    return Rules(programmes.definition, working_days)
