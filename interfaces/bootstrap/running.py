"""How Polku runs here: the settings of the environment, its clock, what it says of itself."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from interfaces.bootstrap.unusable import BadSetting

if TYPE_CHECKING:
    from application.unusual import Thresholds
    from infrastructure.settings import Settings


def settings() -> Settings:
    """Return the settings of the environment. Raises BadSetting."""
    from infrastructure import settings as all_settings

    try:
        return all_settings.read_settings()
    except all_settings.BadSetting as error:
        raise BadSetting(str(error)) from error


def now() -> datetime:
    """Return the present instant (UTC) by the real clock."""
    from infrastructure.clock import utc_now

    return utc_now()


def usual(given: Settings | None = None) -> Thresholds:
    """Return what is usual of readings, as the settings say."""
    from application.unusual import Thresholds

    given = given or settings()
    return Thresholds(
        begins=given.unusual_begins,
        ends=given.unusual_ends,
        clients=given.unusual_clients,
        minutes=given.unusual_minutes,
        time_zone=given.unusual_time_zone,
    )


def set_up_logging(given: Settings | None = None) -> None:
    """Write messages about Polku's own running as the settings say. Raises BadSetting."""
    from infrastructure import logging

    given = given or settings()
    logging.set_up_when_needed(given.log_level, given.log_format)


def log_as(level: str, form: str) -> None:
    """Write messages from a level up ("debug" ...), for a person or a program ("json")."""
    from infrastructure import logging

    logging.set_up(level, "json" if form == "json" else "console")


def note_failure(error: BaseException) -> None:
    """Write where an unexpected error came from, for whoever looks for the fault in Polku."""
    from infrastructure.logging import messages

    with suppress(BadSetting):
        set_up_logging()
        messages().debug("command-failed", failure=error)
