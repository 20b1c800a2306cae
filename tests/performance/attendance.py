"""The work that all contenders do: a client's attendance is recorded, one small event.

The event says on which service the client was, for how many hours, on which day, and who says so
for whom. The rule is that a day has from 0 to 24 hours; the state keeps their sum.
"""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

FIRST_DAY = date(2024, 12, 2)
PERSON, ORGANISATION = "case-worker-7", "oulu"
REFERENCE = "career-coaching-1"
CLIENT, PROGRAMME = "client-4711", "duunipolku"


class Attendance(NamedTuple):
    """What is recorded of one day."""

    day: date
    hours: float


def attendance(number: int) -> Attendance:
    """Return the attendance that is the stream's `number`th; no two days of a stream are alike."""
    return Attendance(FIRST_DAY + timedelta(number % 200), 1.0 + number // 200 % 80 * 0.25)


def check(hours: float) -> None:
    """Raise ValueError for hours that no day has."""
    if not 0 < hours <= 24:
        raise ValueError(f"{hours} hours: a day has from 0 to 24")


def stream_id(number: int) -> UUID:
    """Return the id of a stream, the same for every contender."""
    return uuid5(NAMESPACE_URL, f"/journeys/{number}")
