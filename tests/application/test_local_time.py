"""Days and instants where a programme is run: the end of a day, also where the clock is changed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from application.local_time import day_at, instant_meant, zones_of
from application.office import Office

HELSINKI, ROME = ZoneInfo("Europe/Helsinki"), ZoneInfo("Europe/Rome")
LAST_OF_ALL = datetime.max.replace(tzinfo=UTC)
FIRST_OF_ALL = datetime.min.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        (date(2025, 3, 29), HELSINKI, datetime(2025, 3, 29, 21, 59, 59, 999999, UTC)),
        (date(2025, 3, 30), HELSINKI, datetime(2025, 3, 30, 20, 59, 59, 999999, UTC)),
        (date(2025, 10, 26), ROME, datetime(2025, 10, 26, 22, 59, 59, 999999, UTC)),
        (date(2024, 2, 29), ROME, datetime(2024, 2, 29, 22, 59, 59, 999999, UTC)),
    ],
)
def test_a_day_ends_where_the_programme_is_run(day: date, zone: ZoneInfo, end: datetime) -> None:
    assert instant_meant(day, zone) == end


@pytest.mark.parametrize("zone", [HELSINKI, ROME, UTC])
def test_an_instant_is_in_utc_whatever_its_own_offset(zone: ZoneInfo) -> None:
    """So the same question has the same bytes, and a page that says UTC is right."""
    meant = instant_meant(datetime(2025, 3, 1, 12, 0, 30, tzinfo=UTC).astimezone(zone), ROME)
    assert meant is not None
    assert meant.isoformat() == "2025-03-01T12:00:30+00:00"


@pytest.mark.parametrize("given", [date.min, date.max, FIRST_OF_ALL, LAST_OF_ALL])
@pytest.mark.parametrize("zone", [HELSINKI, ZoneInfo("America/Adak")])
def test_the_ends_of_all_days_are_instants_that_have_a_day_everywhere(
    given: date | datetime, zone: ZoneInfo
) -> None:
    meant = instant_meant(given, zone)
    assert meant is not None
    assert meant.astimezone(zone).year in {1, 9999}


def test_an_organisation_is_where_the_programme_is_run_that_names_it(memory_office: Office) -> None:
    zones = zones_of(memory_office.programmes)
    assert zones["city"] == HELSINKI
    at = datetime(2024, 2, 28, 22, 30, tzinfo=UTC)
    assert day_at("city", at, zones) == date(2024, 2, 29)
    assert day_at("stranger", at, zones) == date(2024, 2, 28)
