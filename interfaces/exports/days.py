"""Days and instants as the formats of other tools take them."""

from datetime import UTC, date, datetime


def midnight(day: date) -> str:
    """Return a day as an instant, for formats that know no days.

    It is the beginning of the day in UTC: so every tool that reads it tells the same day.
    """
    return f"{day.isoformat()}T00:00:00Z"


def instant(moment: datetime) -> str:
    """Return an instant as RFC 3339 has it, in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
