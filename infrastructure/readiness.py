"""Whether what the service stands on is as it should be, part by part."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from application.questions import Views
from infrastructure import schema
from infrastructure.access_spool import AccessSpool
from infrastructure.event_log import SqlEventLog
from infrastructure.keeping import KeepingThread
from infrastructure.logging import messages


def looked_at(looks: Mapping[str, Callable[[], str]]) -> dict[str, str]:
    """Return what is wrong with each part; an empty text where nothing is."""
    return {part: _tried(part, look) for part, look in looks.items()}


def _tried(part: str, look: Callable[[], str]) -> str:
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - whatever it is, the part is not ready
        messages().warning("not-ready", part=part, failure=error)
        return "it does not answer: see the log of the service"


def database(log: SqlEventLog) -> str:
    """Ask the database something, and where it took no entry last, have it write something.

    Raises the driver's error where it does not answer, or takes nothing: its disk is full, it may
    only be read, or its file is another one.
    """
    log.database.check_file()
    log.position()
    log.check_writing()
    return ""


def migrations(log: SqlEventLog) -> str:
    """Say where the tables are not those of this program."""
    found = schema.status_of(log.database)
    if found.state is schema.State.CURRENT:
        return ""
    return str(schema.SchemaOutOfStep(found, "POLKU_DATABASE_URL"))


def projections(views: Views, keeping: KeepingThread, lag_seconds: float) -> str:
    """Say which views are further behind than they may be."""
    late = [one for one in views.statuses() if one.lag_seconds > lag_seconds]
    if late:
        told = ", ".join(f"{one.name} by {one.lag_seconds:.0f} seconds" for one in late)
        return f"behind the log: {told}; see `polku projections status`"
    return "" if keeping.works else "the projector of this process does not work"


def set_aside(views: Views) -> str:
    """Say how many streams views could not take; all others are told, so it stops no request."""
    many = {one.name: one.quarantined for one in views.statuses() if one.quarantined}
    if not many:
        return ""
    told = ", ".join(f"{number} of {name}" for name, number in many.items())
    return f"set aside: {told}; see `polku projections status`"


def access_spool(spool: AccessSpool, folder: Path) -> str:
    """Say where no reading can be noted. Raises NotNoted where the last one could not be, nor can.

    Such as on a disk that is full.
    """
    if os.access(folder, os.W_OK | os.X_OK):
        spool.check_noting()
        return ""
    return "readings cannot be noted: let the service write to the folder POLKU_ACCESS_FOLDER"
