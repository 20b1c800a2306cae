"""The service: all that the API is made of, opened together and looked at for its readiness."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from interfaces.bootstrap.audit import bundling, ledger_root
from interfaces.bootstrap.evaluation import open_evaluating
from interfaces.bootstrap.keys import clearing, keys_left
from interfaces.bootstrap.log import open_office, projections_of
from interfaces.bootstrap.running import usual
from interfaces.bootstrap.views import keep_views

if TYPE_CHECKING:
    from application.office import Office
    from application.questions import Views
    from infrastructure.access_spool import AccessSpool
    from infrastructure.keeping import KeepingThread
    from infrastructure.settings import Settings
    from interfaces.http.parts import Check, HttpSettings, Parts


def http_settings(given: Settings) -> HttpSettings:
    """Return how the service is run, as the settings say."""
    from interfaces.http.parts import HttpSettings

    return HttpSettings(
        body_bytes=given.body_bytes,
        requests_per_minute=given.requests_per_minute,
        burst=given.burst,
        threads=given.threads,
        tls=given.tls,
    )


@contextmanager
def open_service(
    given: Settings, *, clock: Callable[[], datetime] | None = None
) -> Iterator[Parts]:
    """Open all that the API is made of, with its views kept and its readings recorded meanwhile.

    What is read only once is read before it is open: no question has to wait for it. `clock` gives
    the instants that entries are recorded at. Raises NoDatabase or Unusable.
    """
    from application.local_time import zones_of
    from application.partners import Partners
    from infrastructure.access_spool import AccessSpool
    from infrastructure.translations import translations
    from infrastructure.view_queries import ViewQueries
    from interfaces.http.identity import identifier
    from interfaces.http.parts import Parts

    with (
        open_office(given, clock=clock) as office,
        AccessSpool(office.log, given.readings_folder) as spool,
        keep_views(office) as keeping,
        open_evaluating(office, given) as evaluating,
    ):
        _read_beforehand(office)
        views = ViewQueries(projections_of(office))
        zones = partial(zones_of, office.programmes)
        partners = Partners(office.organisations, time.monotonic, zones=zones)
        identify = identifier(given, partners.of, partners.remembered)
        yield Parts(
            office=office,
            organisations=office.organisations,
            views=views,
            accesses=spool,
            identify=identify,
            translations=translations,
            working=lambda: keeping.works,
            checks=lambda: _checks(given, office.log, views, keeping, spool),
            recognise=identify.at_once,
            root_at=ledger_root(office),
            usual=usual(given),
            left=keys_left(office),
            clear=clearing(office),
            bundle=bundling(office, given),
            evaluating=evaluating,
        )


def _read_beforehand(office: Office) -> None:
    """Read the definitions, the languages, and the holidays of the years that are mostly asked."""
    from infrastructure.translations import LANGUAGES, translations
    from infrastructure.working_days import read_holidays

    office.programmes.read_all()
    for language in LANGUAGES:
        translations(language)
    this_year = office.log.now().year
    read_holidays(range(this_year - 1, this_year + 2))


def _checks(
    given: Settings, log: Any, views: Views, keeping: KeepingThread, spool: AccessSpool
) -> list[Check]:
    from infrastructure import readiness
    from interfaces.http.parts import Check

    looks = {
        "database": lambda: readiness.database(log),
        "migrations": lambda: readiness.migrations(log),
        "projections": lambda: readiness.projections(views, keeping, given.ready_lag_seconds),
        "access-spool": lambda: readiness.access_spool(spool, given.readings_folder),
    }
    found = readiness.looked_at(looks)
    also = readiness.looked_at({"projections": lambda: readiness.set_aside(views)})
    return [Check(part, not said, said or also.get(part, "")) for part, said in found.items()]
