"""A programme at a glance, folded from the log."""

from collections import Counter
from collections.abc import Iterator

import pytest

from application.office import definitions_of
from application.views import overview
from application.views.overview import Known, known_journeys, late_on, standings, stands_in
from domain.journey import events as e
from domain.journey.deadlines import DeadlineStatus, deadlines
from domain.journey.history import look
from domain.journey.state import Status
from tests.application.simulated import WINDOW, Stage, casts, stage

CODES = ["askel", "etela-savo"]


@pytest.fixture(scope="module")
def played() -> Iterator[Stage]:
    with stage() as on:
        on.play(casts(70, codes=CODES))
        yield on


@pytest.fixture(scope="module")
def journeys(played: Stage) -> dict[str, list[Known]]:
    return known_journeys(played.log.read())


def test_every_journey_is_there_once_with_its_client(journeys: dict[str, list[Known]]) -> None:
    assert list(journeys) == CODES
    for code, found in journeys.items():
        assert len(found) == len({known.id for known in found}) > 60
        for known in found:
            assert known.journey.programme == code
            assert known.client.registered is not None


def test_standings_count_each_journey_where_it_stands(journeys: dict[str, list[Known]]) -> None:
    found = journeys["askel"]
    rows = standings(found, [])
    assert sum(row.journeys for row in rows) == len(found)
    by_place: Counter[str] = Counter()
    for row in rows:
        by_place.update(row.counts)
    assert by_place["closed"] == sum(k.journey.status is Status.CLOSED for k in found)
    assert by_place["paused"] == sum(k.journey.status is Status.PAUSED for k in found)
    assert set(by_place) >= {"intake", "training", "closed"}
    assert {stands_in(k.journey) for k in found} == set(by_place)


def test_late_names_every_deadline_that_is_overdue_that_day(
    played: Stage, journeys: dict[str, list[Known]]
) -> None:
    office, found = played.office, journeys["etela-savo"]
    days = office.working_days("FI")
    definition_of = definitions_of(office, "etela-savo")
    late = late_on(found, WINDOW.last, definition_of, days)
    expected = {
        (known.id, deadline.id)
        for known in found
        for deadline in deadlines(known.history.in_force, definition_of, days)
        if deadline.status(WINDOW.last) is DeadlineStatus.OVERDUE
    }
    assert {(one.journey, one.deadline.id) for one in late} == expected
    assert [one.days for one in late] == sorted((one.days for one in late), reverse=True)
    rows = standings(found, late)
    assert sum(row.overdue for row in rows) == len(late) > 0


def test_the_journey_to_tell_shows_a_day_on_which_less_was_known(
    journeys: dict[str, list[Known]],
) -> None:
    told = overview.most_telling(known for found in journeys.values() for known in found)
    assert told is not None
    kinds = {type(entry.event) for entry in told.history.entries}
    assert e.EntryCorrected in kinds
    assert kinds & {e.HandoverAccepted, e.JourneyResumed}
    entries = told.history.entries
    day = overview.telling_day(entries)
    known = [entry for entry in entries if entry.recorded_at.date() <= day]
    today, then = look(entries, as_at=day), look(known, as_at=day)
    assert today.journey.told is not None
    assert then.journey.told is not None
    assert today.journey.told.situation != then.journey.told.situation


def test_nothing_is_told_of_an_empty_log() -> None:
    assert known_journeys([]) == {}
    assert overview.most_telling([]) is None
    assert standings([], []) == []
