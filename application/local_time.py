"""Days and instants where a programme is run."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from application.office import TIME_ZONES
from application.programmes import Programmes
from domain.definition import Definition
from domain.faults import DefinitionFaults

FIRST, LAST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)
"""Instants that have a day in every time zone; nothing was recorded before or after."""


def zone_of(definition: Definition | None) -> ZoneInfo:
    """Return the time zone of a programme; UTC where its country is not known."""
    return (definition and zone_known(definition)) or ZoneInfo("UTC")


def zone_known(definition: Definition) -> ZoneInfo | None:
    """Return the time zone of a programme; None where that of its country is not known."""
    return zone_in(definition.country)


def zone_in(country: str) -> ZoneInfo | None:
    """Return the time zone of a country (ISO 3166-1); None where it is not known."""
    name = TIME_ZONES.get(country)
    return None if name is None else ZoneInfo(name)


def zones_of(programmes: Programmes) -> Mapping[str, ZoneInfo]:
    """Return the time zone of each organisation that a published definition names, where known.

    One of several programmes is where the first of them, by its code, is run.
    """
    found: dict[str, ZoneInfo] = {}
    for code, state in programmes.published().items():
        for version in reversed(state.versions):
            with suppress(DefinitionFaults):  # told to whoever asks for it
                definition = programmes.definition(code, version.number)
                zone = zone_known(definition)
                found |= {x.code: zone for x in definition.organisations if zone} | found
    return found


def day_at(organisation: str, at: datetime, zones: Mapping[str, ZoneInfo]) -> date:
    """Return which day it is at an organisation; in UTC where nobody knows its time zone."""
    return at.astimezone(zones.get(organisation, UTC)).date()


def instant_meant(known_at: datetime | date | None, zone: ZoneInfo) -> datetime | None:
    """Return the instant that is meant, in UTC: of a day its end, where the programme is run.

    An instant of no real log is taken as the first or the last that has a day everywhere. Raises
    ValueError for one without a time zone.
    """
    if known_at is None:
        return None
    if isinstance(known_at, datetime):
        if known_at.tzinfo is None:
            raise ValueError("known_at needs a time zone: 2025-03-01T12:00:00+00:00")
        return min(max(known_at, FIRST), LAST).astimezone(UTC)
    if known_at >= LAST.date():
        return LAST
    after = datetime.combine(known_at + timedelta(days=1), time(), zone)
    return max(after.astimezone(UTC) - timedelta(microseconds=1), FIRST)
