"""Days and instants as ISO 8601 writes them, within the years that Polku reckons with."""

import re
from datetime import UTC, date, datetime

from domain.wording import said

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Beyond them no day is reckoned: the first and the last of a calendar have no day beside them."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)

_SAY_A_DAY = said("give a day, as 2025-03-01")
_SAY_AN_INSTANT = said("give an instant with its time zone, as 2025-03-01T12:00:00+02:00, or a day")


def is_day(given: object) -> bool:
    """Whether something is written as a day; there may be no such day."""
    return isinstance(given, str) and _DAY.fullmatch(given) is not None


def day_of(given: object) -> date:
    """Return the day that was given. Raises ValueError, in words for a person."""
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    if not isinstance(given, str) or not is_day(given):
        raise ValueError(_SAY_A_DAY)
    try:
        return _within(date.fromisoformat(given))
    except ValueError as error:
        raise ValueError(_no_such_day(error)) from None


def instant_of(given: str) -> datetime:
    """Return the instant (UTC) that was given. Raises ValueError, in words for a person."""
    # A plus sign that was not escaped comes as a space.
    text = re.sub(r" (?=\d{2}:\d{2}$)", "+", given)
    if not _INSTANT.fullmatch(text):
        raise ValueError(_SAY_AN_INSTANT)
    try:
        instant = datetime.fromisoformat(text.upper())
        _within(instant.date())
    except ValueError as error:
        raise ValueError(_no_such_day(error)) from None
    return instant.astimezone(UTC)


class _TooFar(ValueError):
    """A day beyond those that are reckoned with."""


def _within(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _TooFar
    return day


def _no_such_day(error: ValueError) -> str:
    if isinstance(error, _TooFar):
        return said("give a day from {first} to {last}", first=FIRST_DAY, last=LAST_DAY)
    return said("there is no such day or time: look at the calendar")
