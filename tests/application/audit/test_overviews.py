"""Overviews over all journeys: how what is looked for is spread, and down to the entries."""

import statistics
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.accesses import record_opening
from application.audit.corrections import corrections
from application.audit.overviews import (
    OverviewKind,
    Window,
    entries_found,
    overview,
    position_before,
)
from application.audit.spread import Quantiles, quantiles
from application.journeys import history
from application.plainly import worded
from application.ports import Append, Destroying, Fresh
from application.questions import BadCursor
from domain.definition import Phase
from domain.entry import Personal, Source
from domain.erasure import ClientErased
from domain.journey import events as e
from infrastructure.event_log import open_log
from tests.application.conftest import asked, publish_trial
from tests.domain import journeys as j

WHY = Personal("because")


class Clock:
    now = datetime(2025, 3, 3, 12, tzinfo=UTC)

    def __call__(self):
        return self.now

    def put(self, day):
        self.now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def office(database_url, office_of, clock):
    with open_log(database_url, clock=clock) as log:
        publish_trial(log)
        yield office_of(log)


def recorded(office, journey, *happened, by=j.WORKER, source=None):
    version = len(office.log.load(f"journey:{journey}"))
    fresh = tuple(Fresh(event, day, source) for event, day in happened)
    office.log.append(Append(f"journey:{journey}", version, fresh, by))


@pytest.fixture
def busy(office, clock):
    """Two journeys of two organisations, with something of each kind."""
    overridden = e.PhaseEntered(Phase.INTAKE, 1, (), ("eligible",), WHY)
    recorded(office, "a", (j.REFERRED, j.DAY), (e.ReferralAccepted(), j.DAY), (overridden, j.DAY))
    record_opening(office, "a", WHY, asked())
    clock.put(j.DAY + timedelta(days=30))
    interview = e.IntakeInterviewHeld(e.Situation())
    recorded(office, "a", (interview, j.DAY + timedelta(days=20)))
    recorded(office, "b", (j.REFERRED, j.DAY + timedelta(days=30)), by=j.STATE)
    recorded(office, "b", (e.ReferralAccepted(), j.DAY + timedelta(days=28)), by=j.STATE)
    recorded(office, "a", (e.EntryRetracted(3, WHY), clock.now.date()))
    recorded(office, "a", (e.EntryCorrected(4, interview, j.DAY, WHY), clock.now.date()))
    clock.put(j.DAY + timedelta(days=60))
    return office


def looked(office, kind, window=Window()):  # noqa: B008 - a frozen value
    found = overview(office, kind, window, first=10)
    spread = {x.organisation: (x.found, x.among, x.what) for x in found.distributions}
    return spread, [(x.stream, x.entry, x.days) for x in found.entries]


def test_overridden_requirements_are_found(busy):
    spread, entries = looked(busy, OverviewKind.OVERRIDES)
    assert spread == dict.fromkeys((None, "city"), (1, 1, {"eligible": 1}))
    assert entries == [("journey:a", 3, None)]


def test_openings_out_of_scope_are_found_with_their_reason(busy):
    spread, entries = looked(busy, OverviewKind.OPENINGS)
    assert (spread[None][0], entries) == (1, [("access:a", 1, None)])
    (one,) = entries_found(busy, OverviewKind.OPENINGS, Window())
    assert (one.reason, one.by) == ("because", j.WORKER)


def test_a_reason_that_was_erased_is_not_told_as_one_that_nobody_gave(busy):
    streams, erased = ("client:client-1", "journey:a"), ClientErased("art-17", ("a",))
    fresh = (Fresh(erased, j.DAY),)
    busy.log.append(Append(streams[0], 0, fresh, j.WORKER, destroying=Destroying(streams)))
    for kind in (OverviewKind.OVERRIDES, OverviewKind.CORRECTIONS):
        assert {one.reason for one in entries_found(busy, kind, Window())} == {"(erased)"}
    put_right = corrections(busy, history(busy, "a"))
    assert [worded(one.reason) for one in put_right] == ["(erased)"] * 2
    (late, *_) = entries_found(busy, OverviewKind.LATE, Window())
    assert late.reason == ""


def test_what_was_put_right_is_found_by_what_it_was(busy):
    spread, entries = looked(busy, OverviewKind.CORRECTIONS)
    what = {"entry-retracted": 1, "intake-interview-held": 1}
    assert spread == {None: (2, 8, what), "city": (2, 6, what), "state": (0, 2, {})}
    assert [entry for _, entry, _ in entries] == [5, 6]


def test_late_recording_is_told_in_days_by_organisation(busy):
    found = overview(busy, OverviewKind.LATE, Window(), first=10)
    days = {x.organisation: x.days for x in found.distributions}
    assert days == {
        None: Quantiles(0, 0, 10, 10, 10),
        "city": Quantiles(0, 0, 10, 10, 10),
        "state": Quantiles(0, 0, 2, 2, 2),
    }
    assert [(x.stream, x.entry, x.days, x.what) for x in found.entries] == [
        ("journey:a", 4, 10, ("intake-interview-held",)),
        ("journey:b", 2, 2, ("referral-accepted",)),
    ]


def test_what_another_system_claims_to_have_known_is_not_late(office):
    claimed = datetime(2024, 5, 3, tzinfo=UTC)
    source = Source("registry", "d" * 64, "cases", 1, "7", claimed)
    recorded(office, "x", (j.REFERRED, date(2024, 5, 1)), source=source)
    found = overview(office, OverviewKind.LATE, Window())
    assert found.distributions[0].days == Quantiles(2, 2, 2, 2, 2)


def test_missed_deadlines_are_found_journey_by_journey(busy):
    """Ten working days for the interview: b's was not held, a's was corrected into time."""
    spread, entries = looked(busy, OverviewKind.MISSED_DEADLINES)
    assert spread[None] == (1, 2, {"interview": 1})
    due = date(2025, 4, 14)
    assert entries == [("journey:b", 2, (j.DAY + timedelta(days=60) - due).days)]
    assert looked(busy, OverviewKind.MISSED_DEADLINES, Window(until=date(2025, 4, 11)))[1] == []


def test_a_window_is_of_the_days_of_the_recording(busy):
    first, later = j.DAY, j.DAY + timedelta(days=30)
    kind = OverviewKind.CORRECTIONS
    assert looked(busy, kind, Window(until=later - timedelta(days=1)))[0][None][:2] == (0, 3)
    assert looked(busy, kind, Window(since=later, until=later))[0][None][:2] == (2, 5)
    assert position_before(busy.log, datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert looked(busy, kind, Window(since=first))[0][None][:2] == (2, 8)


@pytest.mark.parametrize("kind", OverviewKind)
def test_entries_follow_behind_a_cursor(busy, kind):
    every = list(entries_found(busy, kind, Window()))
    assert every
    for number, one in enumerate(every, 1):
        assert list(entries_found(busy, kind, Window(), one.after)) == every[number:]
    with pytest.raises(BadCursor):
        list(entries_found(busy, kind, Window(), "nonsense"))


@pytest.mark.parametrize("kind", OverviewKind)
def test_an_overview_can_be_of_the_log_as_it_was(busy, kind):
    window = Window(head=busy.log.position())
    before = looked(busy, kind, Window())
    days = (j.DAY + timedelta(days=n) for n in (20, 35))
    for journey, day in zip("ab", days, strict=True):
        held = e.IntakeInterviewHeld(e.Situation())
        recorded(busy, journey, (held, day), (e.EntryRetracted(2, WHY), day))
    record_opening(busy, "b", WHY, asked())
    recorded(busy, "c", (e.PhaseEntered(Phase.INTAKE, 1, (), ("eligible",), WHY), j.DAY))
    assert looked(busy, kind, window) == before
    assert looked(busy, kind, Window()) != before


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_quantiles_are_days_that_there_were(days):
    found = quantiles(Counter(days))
    assert (found.least, found.most) == (min(days), max(days))
    assert found.median == statistics.median_low(days)
    assert {found.ninety, found.ninety_nine} <= set(days)
    assert list(found) == sorted(found)
