"""The rows of the caseload: one journey, its keys, and what is due in it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from application.office import Office, definitions_of
from application.programmes import Programmes
from application.scope import EVERYTHING, Purpose, Role, Scope, keys_of, may_see
from application.views import CASELOAD
from application.views.caseload import asked_to_take, waiting_key
from application.views.rows import CaseRow, DueReachRow, DueRow, ReachRow, RecentRow
from domain.journey import events as e
from domain.journey.deadlines import DeadlineStatus, deadlines
from domain.journey.history import History
from infrastructure.event_log import open_log
from tests.application.conftest import publish_trial, read_definition
from tests.application.views.drawn import (
    HISTORIES,
    in_pieces,
    retracting_the_last,
    rows,
    whole,
)
from tests.domain import journeys as j

ACCEPTED = (j.REFERRED, e.ReferralAccepted(), e.CaseWorkerAssigned("worker-1", "city"))


@pytest.fixture(scope="module")
def trial() -> Iterator[Office]:
    with open_log("sqlite://") as log:
        publish_trial(log)
        yield Office(log, Programmes(log, read_definition), lambda _country: j.is_weekday)


def case_of(history: History) -> CaseRow:
    (case,) = rows(CASELOAD, history)[CaseRow]
    return case


def test_a_case_says_where_the_journey_stands_and_who_answers_for_it() -> None:
    later = j.DAY + timedelta(days=9)
    case = case_of(j.given(*ACCEPTED, (e.PhaseEntered(j.Phase.INTAKE, 1), later)))
    assert (case.client, case.programme, case.definition_version) == ("client-1", "trial", 1)
    assert (case.organisation, case.status, case.is_open) == ("city", "open", True)
    assert (case.phase, case.phase_since) == ("intake", later)
    assert (case.responsible, case.responsible_organisation) == ("worker-1", "city")
    assert (case.since, case.last_event, case.last_on) == (j.DAY, "phase-entered", later)
    assert (case.version, case.stale_since) == (4, None)


def test_the_next_deadline_is_the_earliest_that_is_open() -> None:
    proposed = e.ServiceProposed("c1", "coaching")
    history = j.given(*ACCEPTED, (proposed, j.DAY + timedelta(days=2)))
    case = case_of(history)
    due = j.DAY + timedelta(days=14)
    assert (case.next_deadline, case.next_due) == ("interview/2", due)
    assert [d.deadline for d in rows(CASELOAD, history)[DueRow]] == ["interview/2", "answer/4"]


def test_a_deadline_that_a_pause_holds_is_due_on_no_day_yet() -> None:
    history = j.given(*ACCEPTED, (e.JourneyPaused(j.WHY), j.DAY + timedelta(days=1)))
    (due,) = rows(CASELOAD, history)[DueRow]
    assert (due.deadline, due.due) == ("interview/2", None)
    assert case_of(history).next_due is None
    assert {reach.due for reach in rows(CASELOAD, history)[DueReachRow]} == {j.date.max}


def test_what_was_lifted_is_counted_and_due_no_more() -> None:
    history = j.given(*ACCEPTED, e.DeadlineExempted("interview/2", "illness"))
    assert DueRow not in rows(CASELOAD, history)
    assert (case_of(history).exempt, case_of(history).next_due) == (1, None)


def test_a_journey_of_a_programme_that_nobody_published_has_a_case_without_deadlines() -> None:
    foreign = replace(j.REFERRED, programme="elsewhere")
    history = j.given(foreign, *ACCEPTED[1:], e.EntryRetracted(3, j.WHY))
    assert DueRow not in rows(CASELOAD, history)
    assert (case_of(history).programme, case_of(history).doubts) == ("elsewhere", 0)


def test_a_journey_whose_referral_was_retracted_is_nobodys_and_not_open() -> None:
    history = j.given(j.REFERRED, e.EntryRetracted(1, j.WHY))
    case = case_of(history)
    assert (case.client, case.organisation, case.is_open) == ("", "", False)
    assert case.status == "not-begun"
    assert {reach.key for reach in rows(CASELOAD, history)[ReachRow]} == {"journey:j-1"}


def test_what_a_retracted_referral_puts_in_doubt_waits_for_review() -> None:
    """A review of it is possible, and a list of another moment counts it."""
    history = j.given(j.REFERRED, j.eligible(), e.EntryRetracted(1, j.WHY))
    assert case_of(history).doubts == 1
    reviewed = e.DecisionReviewed(3, 2, None, True, j.WHY)
    assert case_of(history.extended([j.entry(4, reviewed)])).doubts == 0


HANDOVER = e.HandoverRequested("state", j.WHY)


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ((j.REFERRED,), {"city"}),
        ((j.REFERRED, e.ReferralDeclined(j.WHY)), set()),
        (ACCEPTED[:2], {"city"}),
        ((*ACCEPTED[:2], e.JourneyPaused(j.WHY)), {"city"}),
        (ACCEPTED, set()),
        ((*ACCEPTED, HANDOVER), {"state"}),
        ((*ACCEPTED[:2], HANDOVER), {"city", "state"}),
        ((*ACCEPTED, HANDOVER, e.HandoverDeclined(j.WHY)), set()),
        ((*ACCEPTED, HANDOVER, e.HandoverAccepted("state", "worker-2")), set()),
        ((*ACCEPTED, HANDOVER, e.JourneyClosed("completed", "unknown", j.WHY)), set()),
        ((*ACCEPTED, HANDOVER, e.EntryRetracted(4, j.WHY)), set()),
        ((*ACCEPTED, e.EntryRetracted(2, j.WHY)), {"city"}),
        ((j.REFERRED, e.EntryRetracted(1, j.WHY)), set()),
    ],
)
def test_a_journey_waits_for_whoever_is_asked_to_take_it(told, asked) -> None:
    history = j.given(*told)
    made = rows(CASELOAD, history)
    (case,) = made[CaseRow]
    assert asked_to_take(case) == asked
    for table in (ReachRow, RecentRow):
        keys = {row.key for row in made[table] if row.key.startswith("waiting:")}
        assert keys == set(map(waiting_key, asked))
    assert not [row for row in made.get(DueReachRow, []) if row.key.startswith("waiting:")]
    wanted = "state" if "state" in asked else None
    assert case.handover_to == wanted


@settings(deadline=None)
@given(HISTORIES)
def test_nobody_sees_a_journey_because_it_waits(history: History) -> None:
    journey = history.journey
    (case,) = rows(CASELOAD, history)[CaseRow]
    asked = asked_to_take(case)
    assert not any(key.startswith("waiting:") for key in keys_of("j-1", journey))
    for organisation in asked:  # who is asked sees it by another key
        scope = Scope("somebody", Role.CASE_WORKER, organisation, Purpose.SERVICE)
        assert waiting_key(organisation) not in scope.keys
        assert may_see(scope, keys_of("j-1", journey))


def test_a_stream_without_entries_has_no_rows() -> None:
    assert rows(CASELOAD, History()) == {}


def test_a_correction_that_shakes_a_decision_is_a_doubt_until_it_is_reviewed() -> None:
    verdict = e.EligibilityAssessed(1, "city", True, (e.FactUsed("unemployed", True, (3,)),), ())
    situation = e.Situation(e.EmploymentStatus.UNEMPLOYED)
    said = e.IntakeInterviewHeld(situation)
    now = e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.EMPLOYED))
    told = (*ACCEPTED[:2], said, verdict, e.EntryCorrected(3, now, j.DAY, j.WHY))
    assert case_of(j.given(*told)).doubts == 1
    assert case_of(j.given(*told, e.DecisionReviewed(5, 4, None, True, j.WHY))).doubts == 0


@settings(deadline=None)
@given(HISTORIES, st.lists(st.integers(1, 9)))
def test_rows_lived_through_equal_rows_made_in_one_go(history: History, sizes: list[int]) -> None:
    assert rows(CASELOAD, in_pieces(history, sizes)) == rows(CASELOAD, whole(history))


def _scopes(history: History) -> list[Scope]:
    one = Scope("somebody", Role.CASE_WORKER, "nowhere", Purpose.SERVICE)
    return [
        *(replace(one, organisation=code) for code in ("city", "state", "health", "school", "")),
        replace(one, partners=frozenset({"state"})),
        replace(one, opened=frozenset({"j-1"})),
        replace(one, role=Role.CLIENT, client=history.journey.client or None),
        replace(one, role=Role.CLIENT, client="client-2"),
        replace(one, role=Role.PROGRAMME_MANAGER, programmes=frozenset({"trial"})),
        replace(one, role=Role.PROGRAMME_MANAGER, programmes=frozenset({"other"})),
        replace(one, role=Role.EVALUATOR),
    ]


@settings(deadline=None)
@given(HISTORIES)
def test_who_may_see_a_journey_finds_it_by_its_rows_and_nobody_else(history: History) -> None:
    made = rows(CASELOAD, history)
    (case,) = made[CaseRow]
    by_rows = {reach.key for reach in made.get(ReachRow, [])}
    by_rows |= {f"journey:{case.owner}", f"client:{case.client}"}
    for scope in _scopes(history):
        assert may_see(scope, keys_of("j-1", history.journey)) == bool(scope.keys & by_rows)
        assert EVERYTHING not in by_rows


@settings(deadline=None)
@given(history=HISTORIES)
def test_the_next_due_day_is_that_of_the_earliest_open_deadline(
    trial: Office, history: History
) -> None:
    journey = history.journey
    begun = journey.referral is not None
    definition_of = definitions_of(trial, journey.programme)
    every = deadlines(history.in_force, definition_of, trial.working_days("FI")) if begun else ()
    waiting = [d for d in every if d.status(j.date.min) is DeadlineStatus.OPEN]
    case = case_of(history)
    assert case.next_due == min((d.due for d in waiting), default=None)
    assert case.exempt == sum(d.exempt is not None for d in every)
    for reach in rows(CASELOAD, history).get(ReachRow, []):
        assert reach.due == (case.next_due or j.date.max)


@settings(deadline=None)
@given(HISTORIES)
def test_retracting_the_last_entry_leaves_the_rows_before_it(history: History) -> None:
    assume(history.version > 1)
    before = j.history_of(history.entries[:-1])
    after = rows(CASELOAD, retracting_the_last(history))
    assert _but_last(after) == _but_last(rows(CASELOAD, before))


def _but_last(made):
    newest = {"version": 0, "position": 0, "last_event": "", "last_on": j.DAY, "doubts": 0}
    newest["last_recorded_at"] = None
    return {
        table: [row._replace(**{k: v for k, v in newest.items() if k in row._fields}) for row in of]
        for table, of in made.items()
    }
