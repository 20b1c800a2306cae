"""Deadlines follow the entries: working days, pauses, moves, exemptions, corrections."""

import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Period, Span, add_months, days_covered, whole_months
from domain.definition import DeadlineRule, Definition, NoDefinition
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.deadlines import Deadline, DeadlineStatus, deadlines, due_day, overdue
from domain.journey.evolve import fold
from domain.journey.history import History, as_it_happened, look
from domain.journey.state import Pause
from domain.journey.under import under_which
from tests.domain import journeys as j

INTERVIEWED = e.IntakeInterviewHeld(e.Situation())


def of(history: History) -> dict[str, Deadline]:
    found = deadlines(history.in_force, j.definition, j.is_weekday)
    return {d.id: d for d in found}


def test_a_deadline_counts_working_days_from_the_next_day() -> None:
    deadline = of(j.given(j.REFERRED, e.ReferralAccepted()))["interview/2"]
    assert (deadline.opened_on, deadline.due) == (date(2025, 3, 3), date(2025, 3, 17))
    assert deadline.status(date(2025, 3, 17)) is DeadlineStatus.OPEN
    assert deadline.status(date(2025, 3, 18)) is DeadlineStatus.OVERDUE


def test_overdue_is_a_question_to_the_day() -> None:
    found = of(j.given(j.REFERRED, e.ReferralAccepted())).values()
    assert overdue(found, date(2025, 3, 17)) == ()
    assert [d.rule for d in overdue(found, date(2025, 3, 18))] == ["interview"]


@pytest.mark.parametrize(
    ("held", "status"),
    [(date(2025, 3, 17), DeadlineStatus.MET), (date(2025, 3, 18), DeadlineStatus.MET_LATE)],
)
def test_a_deadline_is_met_by_its_event_in_time_or_late(held: date, status: str) -> None:
    history = j.given(j.REFERRED, e.ReferralAccepted(), (INTERVIEWED, held))
    deadline = of(history)["interview/2"]
    assert (deadline.met_by, deadline.met_on) == (3, held)
    assert deadline.status(date(2026, 1, 1)) is status


def test_a_late_entry_meets_the_deadline_on_the_day_it_happened() -> None:
    held, stored = date(2025, 3, 10), date(2025, 4, 20)
    history = j.given(j.REFERRED, e.ReferralAccepted(), (INTERVIEWED, held, stored))
    assert of(history)["interview/2"].status(date(2025, 5, 1)) is DeadlineStatus.MET
    before = look(history.entries, known_at=history.entries[1].recorded_at)
    known = deadlines(before.entries, j.definition, j.is_weekday)
    assert known[0].status(date(2025, 4, 1)) is DeadlineStatus.OVERDUE


def test_a_correction_of_the_day_makes_a_deadline_late() -> None:
    moved = e.EntryCorrected(3, INTERVIEWED, date(2025, 3, 20), Personal("wrong day"))
    history = j.given(j.REFERRED, e.ReferralAccepted(), (INTERVIEWED, date(2025, 3, 10)), moved)
    assert of(history)["interview/2"].status(date(2025, 5, 1)) is DeadlineStatus.MET_LATE


def test_a_pause_stops_the_clock_and_resuming_restarts_it() -> None:
    paused = (e.JourneyPaused(j.WHY), date(2025, 3, 10))
    history = j.given(j.REFERRED, e.ReferralAccepted(), paused)
    standing = of(history)["interview/2"]
    assert standing.due is None
    assert standing.status(date(2025, 6, 1)) is DeadlineStatus.STANDING
    resumed = j.recorded(history, (e.JourneyResumed(),), date(2025, 4, 7))
    # Five working days had passed (4 to 7 March, then 10 is paused): six are left from 7 April.
    assert of(resumed)["interview/2"].due == date(2025, 4, 14)


def test_a_pause_after_the_due_day_changes_nothing() -> None:
    paused = (e.JourneyPaused(j.WHY), date(2025, 3, 20))
    history = j.given(j.REFERRED, e.ReferralAccepted(), paused)
    assert of(history)["interview/2"].status(date(2025, 3, 21)) is DeadlineStatus.OVERDUE


def test_calendar_time_is_prolonged_by_the_days_of_the_pause() -> None:
    rests = (
        Pause(1, date(2025, 1, 10), date(2025, 1, 15)),
        Pause(2, date(2025, 1, 18), date(2025, 1, 20)),
        Pause(3, date(2025, 3, 1), date(2025, 3, 9)),
    )
    opened, span = date(2025, 1, 1), Span(14, "days")
    assert due_day(opened, span, rests[:1], j.is_weekday) == date(2025, 1, 20)
    assert due_day(opened, span, rests, j.is_weekday) == date(2025, 1, 22)


def test_a_day_within_two_pauses_holds_the_clock_once() -> None:
    # So it is where a day was put right: paused on the 5th and again on the 10th, resumed twice.
    rests = (
        Pause(1, date(2025, 3, 5), date(2025, 3, 20)),
        Pause(2, date(2025, 3, 10), date(2025, 3, 20)),
        Pause(3, date(2025, 3, 18), date(2025, 3, 22)),
    )
    opened = date(2025, 3, 1)
    for unit in ("days", "working-days"):
        span = Span(10, unit)
        assert due_day(opened, span, rests[:1], lambda _: True) == date(2025, 3, 26)
        assert due_day(opened, span, rests[:2], lambda _: True) == date(2025, 3, 26)
        assert due_day(opened, span, rests, lambda _: True) == date(2025, 3, 28)


def test_a_resumption_that_is_retracted_joins_two_pauses() -> None:
    pauses = [(10, 12), (20, 24)]
    first, second = (
        ((e.JourneyPaused(j.WHY), date(2025, 3, start)), (e.JourneyResumed(), date(2025, 3, end)))
        for start, end in pauses
    )
    service = (e.ServiceProposed("c1", "course"), date(2025, 3, 3))
    history = j.given(j.REFERRED, e.ReferralAccepted(), service, *first, *second)
    assert of(history)["answer/3"].due == date(2025, 3, 19)
    retracted = j.recorded(history, (e.EntryRetracted(5, j.WHY),), date(2025, 3, 25))
    # It rested from 10 to 23 March, 14 days.
    assert of(retracted)["answer/3"].due == date(2025, 3, 31)


def test_a_rule_that_no_pause_stops() -> None:
    rule = DeadlineRule(
        *("law", j.title("By law"), Span(3, "months"), ("referral-accepted",), ("plan-agreed",)),
        basis="an act",
        pausable=False,
    )
    history = j.given(j.REFERRED, e.ReferralAccepted(), e.JourneyPaused(j.WHY))
    definition = j.definition(deadlines=(rule,))
    found = deadlines(history.in_force, lambda _: definition, j.is_weekday)
    assert found[0].due == date(2025, 6, 3)


def test_exempt_and_moved() -> None:
    history = j.given(j.REFERRED, e.ReferralAccepted())
    exempt = j.recorded(history, (e.DeadlineExempted("interview/2", "illness"),), j.DAY)
    assert of(exempt)["interview/2"].status(date(2026, 1, 1)) is DeadlineStatus.EXEMPT
    later = e.DeadlineMoved("interview/2", date(2025, 5, 1), j.WHY)
    moved = of(j.recorded(history, (later,), j.DAY))["interview/2"]
    assert (moved.due, moved.moved and moved.moved.reason) == (date(2025, 5, 1), "because")


MARCH = [date(2025, 3, day) for day in range(1, 32)]
PAUSED, RESUMED = e.JourneyPaused(j.WHY), e.JourneyResumed()


def moved_to(due: date) -> e.DeadlineMoved:
    return e.DeadlineMoved("interview/2", due, j.WHY)


@pytest.mark.parametrize(
    ("on", "to", "due"),
    [
        (6, 12, 22),  # before the pause: it has four days left when the journey goes on
        (10, 12, 20),  # within it: the clock stands on that day
        (10, 20, 20),
        (10, 28, 28),  # whoever moves it within a pause knows of the pause
        (19, 27, 27),
        (20, 27, 27),
        (25, 12, 20),  # looking back: nothing was due while the clock stood
        (25, 20, 20),
    ],
)
def test_a_moved_deadline_is_due_on_its_day_unless_the_clock_stands_on_it(
    on: int, to: int, due: int
) -> None:
    """Moved within a pause, it was put off by the rest of that pause, too."""
    paused, goes_on = (PAUSED, date(2025, 3, 10)), (RESUMED, date(2025, 3, 20))
    moved = (moved_to(date(2025, 3, to)), date(2025, 3, on))
    told = sorted([paused, moved, goes_on], key=lambda one: one[1])
    deadline = of(j.given(j.REFERRED, e.ReferralAccepted(), *told))["interview/2"]
    assert deadline.due == date(2025, 3, due)


def test_a_pause_that_began_on_the_day_of_the_move_and_after_it_holds_the_clock() -> None:
    day, goes_on = date(2025, 3, 10), (RESUMED, date(2025, 3, 20))
    first = (moved_to(date(2025, 3, 12)), day)
    after = j.given(j.REFERRED, e.ReferralAccepted(), first, (PAUSED, day), goes_on)
    assert of(after)["interview/2"].due == date(2025, 3, 21)


def test_a_deadline_that_was_moved_within_a_pause_stands_until_the_journey_goes_on() -> None:
    paused = (PAUSED, date(2025, 3, 10))
    for to in (date(2025, 3, 12), date(2025, 6, 1)):
        history = j.given(
            j.REFERRED, e.ReferralAccepted(), paused, (moved_to(to), date(2025, 3, 11))
        )
        deadline = of(history)["interview/2"]
        assert (deadline.due, deadline.status(to)) == (None, DeadlineStatus.STANDING)


days_of_march = st.sampled_from(MARCH[3:])
stretches = st.lists(days_of_march, min_size=2, max_size=6, unique=True).map(sorted)


@given(turns=stretches, on=days_of_march, to=days_of_march)
def test_no_moved_deadline_is_due_before_its_day_or_while_the_clock_stands(
    turns: list[date], on: date, to: date
) -> None:
    told: list[tuple[Any, date]] = [
        (RESUMED if place % 2 else PAUSED, day) for place, day in enumerate(turns)
    ]
    told = sorted([*told, (moved_to(to), on)], key=lambda one: one[1])
    due = of(j.given(j.REFERRED, e.ReferralAccepted(), *told))["interview/2"].due
    lasts = turns[-1] if len(turns) % 2 else None
    rests = list(zip(turns[::2], turns[1::2], strict=False))
    if due is None:
        assert lasts is not None
        return
    assert due >= to
    assert not any(start <= due < end for start, end in rests)
    assert lasts is None or due < lasts
    if not any(start <= max(to, on) and end > min(to, on) for start, end in rests):
        assert due == to


def test_each_proposal_has_its_own_deadline_met_by_its_own_answer() -> None:
    history = j.given(
        j.REFERRED,
        e.ServiceProposed("c1", "course"),
        (e.ServiceProposed("c2", "course"), date(2025, 3, 5)),
        (e.ServiceAccepted("c2"), date(2025, 3, 6)),
    )
    assert of(history)["answer/2"].met_by is None
    assert of(history)["answer/3"].met_by == 4


def of_rules(*rules: tuple[str, str, str], events: tuple[Any, ...]) -> dict[str, int | None]:
    """Return by which entry each deadline is met, of rules by id, starting and ending event."""
    definition = j.definition(
        deadlines=tuple(
            DeadlineRule(id_, j.title(id_), Span(1, "months"), (starts,), (ends,), "basis")
            for id_, starts, ends in rules
        )
    )
    history = j.given(j.REFERRED, e.ReferralAccepted(), *events)
    found = deadlines(history.in_force, lambda _version: definition, j.is_weekday)
    return {one.id: one.met_by for one in found}


PLAN = ("plan", "competence-review-completed", "plan-agreed")
AGREED = e.PlanAgreed(j.CLIENT_SIGNS)
COMPLETED = e.CompetenceReviewCompleted((), ())
FEEDBACK = e.FeedbackGiven("client", "feedback", 1, ())


def test_which_of_two_of_a_day_was_written_down_first_says_nothing() -> None:
    """Who agreed the plan on the day the review was completed was overdue a month later."""
    assert of_rules(PLAN, events=(COMPLETED, AGREED)) == {"plan/3": 4}
    assert of_rules(PLAN, events=(AGREED, COMPLETED)) == {"plan/4": 3}
    before = (AGREED, date(2025, 3, 2))
    assert of_rules(PLAN, events=(before, COMPLETED)) == {"plan/4": None}


def test_what_was_written_down_before_meets_as_many_as_what_was_after() -> None:
    rule = ("feedback", "service-completed", "feedback-given")
    done = [e.ServiceCompleted(one, "course", "done") for one in ("c1", "c2")]
    assert of_rules(rule, events=(*done, FEEDBACK)) == {"feedback/3": 5, "feedback/4": 5}
    assert of_rules(rule, events=(FEEDBACK, *done)) == {"feedback/4": 3, "feedback/5": 3}


def test_an_answer_to_one_request_of_a_day_is_none_to_the_next() -> None:
    rule = ("handover", "handover-requested", "handover-declined")
    asked, no = e.HandoverRequested("state", j.WHY), e.HandoverDeclined(j.WHY)
    assert of_rules(rule, events=(asked, no, asked)) == {"handover/3": 4, "handover/5": None}


def test_it_is_none_either_where_the_first_was_asked_earlier_and_recorded_late() -> None:
    rule = ("handover", "handover-requested", "handover-declined")
    asked, no = e.HandoverRequested("state", j.WHY), e.HandoverDeclined(j.WHY)
    first = (asked, date(2025, 3, 1))
    assert of_rules(rule, events=(first, no, asked)) == {"handover/3": 4, "handover/5": None}
    assert of_rules(rule, events=(no, asked, first)) == {"handover/5": 3, "handover/4": None}


def test_a_service_that_was_proposed_and_completed_on_a_day_was_not_proposed_next() -> None:
    rule = ("next", "service-completed", "service-proposed")
    own, other = (e.ServiceProposed(one, "course") for one in ("c1", "c2"))
    done = e.ServiceCompleted("c1", "course", "done")
    assert of_rules(rule, events=(own, done)) == {"next/4": None}
    assert of_rules(rule, events=(own, other, done)) == {"next/5": 4}


def test_an_end_before_a_reopening_of_the_same_day_meets_nothing_after_it() -> None:
    rule = ("review", "plan-agreed", "journey-closed")
    closed, opened = e.JourneyClosed("cancelled", "unknown"), e.JourneyReopened(j.WHY)
    assert of_rules(rule, events=(closed, opened, AGREED)) == {"review/5": None}


def test_a_meeting_of_the_day_of_the_start_meets_one_point_of_the_calendar_alone() -> None:
    held = e.FollowUpHeld(e.EmploymentStatus.EMPLOYED)
    for events in ((held, STARTED), (STARTED, held)):
        met = [d.met_by for d in of(j.given(j.REFERRED, *events)).values() if d.met_by]
        assert len(met) == 1


STARTED = e.PlacementStarted("p1")


def test_follow_ups_are_due_after_a_placement_and_met_one_each() -> None:
    started = (e.PlacementStarted("p1"), date(2024, 1, 31))
    history = j.given((j.REFERRED, date(2024, 1, 1)), started)
    follow_up = of(history)["one-month/2"]
    assert follow_up.due == date(2024, 2, 29)
    held = e.FollowUpHeld(e.EmploymentStatus.EMPLOYED, point="one-month")
    met = of(j.recorded(history, (held,), date(2024, 2, 29)))["one-month/2"]
    assert met.status(date(2024, 3, 1)) is DeadlineStatus.MET


def test_what_was_open_at_the_end_lapses() -> None:
    closed = (e.JourneyClosed("cancelled", "unknown"), date(2025, 3, 5))
    deadline = of(j.given(j.REFERRED, e.ReferralAccepted(), closed))["interview/2"]
    assert deadline.status(date(2026, 1, 1)) is DeadlineStatus.LAPSED
    assert not deadline.missed(date(2026, 1, 1))


def test_what_had_passed_at_the_end_was_missed() -> None:
    closed = (e.JourneyClosed("cancelled", "unknown"), date(2026, 3, 5))
    deadline = of(j.given(j.REFERRED, e.ReferralAccepted(), closed))["interview/2"]
    assert deadline.status(date(2026, 4, 1)) is DeadlineStatus.LAPSED
    assert deadline.missed(date(2026, 4, 1))


def test_what_begins_with_the_end_is_due_after_it() -> None:
    rule = DeadlineRule(
        *("report", j.title("Report"), Span(1, "weeks"), ("journey-closed",)),
        *(("feedback-given",), "agreement"),
    )
    definition = j.definition(deadlines=(rule,))
    closed = (e.JourneyClosed("completed", "employment"), date(2025, 3, 5))
    history = j.given(j.REFERRED, e.ReferralAccepted(), closed)
    (report,) = deadlines(history.in_force, lambda _: definition, j.is_weekday)
    assert (report.due, report.status(date(2025, 3, 13))) == (
        date(2025, 3, 12),
        DeadlineStatus.OVERDUE,
    )


def test_a_deadline_opens_under_the_version_the_journey_was_under() -> None:
    adopted = e.DefinitionAdopted(2, j.WHY)
    history = j.given(j.REFERRED, adopted, e.ReferralAccepted())
    without = j.definition(2, deadlines=(), follow_up=())
    found = deadlines(history.in_force, lambda v: without if v == 2 else j.DEFINITION, j.is_weekday)
    assert found == ()


def test_a_version_adopted_before_the_day_of_the_referral_stands_for_what_opens_after_it() -> None:
    later = j.DAY + timedelta(days=5)
    adopted, foreign = e.DefinitionAdopted(2, j.WHY), e.DefinitionAdopted(0, j.WHY)
    accepted = (e.ReferralAccepted(), later)
    without = j.definition(2, deadlines=(), follow_up=())

    def found(*events: Any) -> tuple[Deadline, ...]:
        history = j.given((j.REFERRED, later), *events)
        version = fold(as_it_happened(history.in_force)).definition_version
        under = under_which(history.entries)[history.version]
        assert (under.programme, under.version) == (j.REFERRED.programme, version)
        definitions = {0: without, 1: j.DEFINITION, 2: without}
        return deadlines(history.in_force, definitions.__getitem__, j.is_weekday)

    assert found((adopted, j.DAY), accepted) == ()
    assert found((foreign, j.DAY), accepted)
    assert found(accepted)
    assert found((adopted, j.DAY), (j.REFERRED, later), accepted)  # it begins anew


def of_this_system(version: int) -> Definition:
    if version == 0:
        raise NoDefinition(version)
    return j.definition(version)


def test_a_newer_version_can_be_what_is_due() -> None:
    rule = replace(
        j.DEFINITION.deadlines[0], starts=("referral-made",), ends=("definition-adopted",)
    )
    one = j.definition(deadlines=(rule,))
    adopted = (e.DefinitionAdopted(2, Personal("why")), date(2025, 3, 17))
    history = j.given(j.REFERRED, e.ReferralAccepted(), adopted)
    (deadline,) = deadlines(history.in_force, lambda _version: one, j.is_weekday)
    assert (deadline.met_by, deadline.met_on) == (3, date(2025, 3, 17))
    assert deadline.status(date(2026, 1, 1)) is DeadlineStatus.MET


def test_a_version_of_another_system_opens_none_and_a_later_one_does() -> None:
    foreign = replace(j.REFERRED, definition_version=0)
    proposed = e.ServiceProposed("c1", "coaching")
    opened = (foreign, e.ReferralAccepted(), e.DefinitionAdopted(1, j.WHY), proposed)
    history = j.given(*opened)
    found = deadlines(history.in_force, of_this_system, j.is_weekday)
    assert found
    assert {d.opened_by for d in found} <= {3, 4}
    before = j.given(*opened[:2])
    assert deadlines(before.in_force, of_this_system, j.is_weekday) == ()


def test_a_version_that_is_not_there_yet_leaves_what_was_due() -> None:
    referred = j.given(j.REFERRED, e.ReferralAccepted())
    history = j.given(j.REFERRED, e.ReferralAccepted(), e.DefinitionAdopted(0, j.WHY))
    found = deadlines(history.in_force, of_this_system, j.is_weekday)
    assert found == deadlines(referred.in_force, of_this_system, j.is_weekday)
    assert found


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 11, 30), 3, date(2025, 2, 28)),
        (date(2025, 3, 3), -3, date(2024, 12, 3)),
    ],
)
def test_months_at_the_end_of_a_month(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2024, 3, 3), date(2025, 3, 2), 11),
        (date(2024, 3, 3), date(2025, 3, 3), 12),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2025, 3, 3), date(2025, 3, 2), 0),
    ],
)
def test_whole_months(start: date, end: date, months: int) -> None:
    assert whole_months(start, end) == months


def test_days_that_two_periods_share_count_once() -> None:
    periods = [
        Period(date(2025, 1, 1), date(2025, 1, 10)),
        Period(date(2025, 1, 5), date(2025, 1, 12)),
        Period(date(2025, 2, 1)),
    ]
    assert days_covered(periods, date(2025, 1, 3), date(2025, 2, 2)) == 10 + 2


def test_of_very_much_that_is_told_of_one_day_each_is_not_compared_with_each():
    def calls_for(count: int) -> int:
        both = [
            (e.ServiceProposed(f"c{n}", "coaching", "school"), e.ServiceAccepted(f"c{n}"))
            for n in range(count)
        ]
        history = j.given(j.REFERRED, *(event for two in both for event in two))
        calls: list[object] = []
        sys.setprofile(lambda _frame, _what, of: calls.append(of))
        try:
            found = deadlines(history.in_force, j.definition, j.is_weekday)
        finally:
            sys.setprofile(None)
        assert [one.met_by for one in found] == [*range(3, 2 * count + 2, 2)]
        return len(calls)

    assert calls_for(200) < 3 * calls_for(100)
