"""Days and instants where a programme is run."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from application.journeys import TIME_ZONES
from domain.definition import Definition


def zone_of(definition: Definition | None) -> ZoneInfo:
    """Return the time zone of a programme; UTC where its country is not known."""
    return ZoneInfo(TIME_ZONES.get(definition.country if definition else "", "UTC"))


def instant_meant(known_at: datetime | date | None, zone: ZoneInfo) -> datetime | None:
    """Return the instant that is meant: of a day its end, in the time zone of the programme."""
    if known_at is None or isinstance(known_at, datetime):
        return known_at
    after = datetime.combine(known_at + timedelta(days=1), time(), zone)
    return after.astimezone(UTC) - timedelta(microseconds=1)
