"""What each act refuses, in words, and what a lawful no is."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.definition import Participant, Phase, Service
from domain.entry import Personal
from domain.journey import (
    corrections,
    course,
    ending,
    follow_up,
    handover,
    intake,
    placement,
    plan,
    referral,
    review,
    services,
    team,
)
from domain.journey import events as e
from domain.journey.facts import facts_of
from domain.journey.history import History
from domain.journey.plan import StepStatus, progress
from domain.journey.state import Status
from domain.policy import Outcome
from domain.refusals import IllegalTransition, InvalidField
from tests.domain import journeys as j

OPEN = (j.REFERRED, e.ReferralAccepted())
IN_TRAINING = (*OPEN, e.PhaseEntered(Phase.TRAINING, 1))
PLANNED = (*OPEN, e.PlanDrafted(j.STEPS), e.PlanAgreed(j.CLIENT_SIGNS))
PLACED = (
    *OPEN,
    e.PlacementProposed("p1", "firm", "work-try-out"),
    e.PlacementAgreed("p1", j.CLIENT_SIGNS),
    e.PlacementStarted("p1"),
)
CLOSED = (*OPEN, e.JourneyClosed("completed", "employment"))
SOON = j.DAY + timedelta(days=3)
MONEY = {
    "reference": "p1",
    "amount": Decimal(100),
    "currency": "EUR",
    "payer": "state",
    "start": j.DAY,
    "end": j.DAY,
}
FEEDBACK = {
    "respondent": "client",
    "questionnaire": "feedback",
    "questionnaire_version": 1,
    "answers": (e.Answer("q", 1.0),),
}
REFERRAL = {
    "client": "client-1",
    "from_organisation": "state",
    "to_organisation": "city",
    "channel": "walk-in",
}
UNKNOWN_STEP = (e.PlanStep("s1", Personal("a goal"), j.DAY, "flying"),)
NAMELESS_STEP = (e.PlanStep("s1", Personal(" "), j.DAY),)
TWIN_STEPS = (e.PlanStep("s", Personal("a"), j.DAY), e.PlanStep("s", Personal("b"), j.DAY))


@pytest.mark.parametrize(
    ("happened", "decision", "fields", "said"),
    [
        ((), referral.accept_referral, {}, "not-begun; refer the client first"),
        ((j.REFERRED,), intake.hold_intake_interview, {"situation": e.Situation()}, "accept the"),
        (CLOSED, referral.assess_eligibility, {}, "is closed; reopen the journey first"),
        (CLOSED, referral.refer, REFERRAL, "referred once"),
        (CLOSED, course.pause, {"reason": j.WHY}, "reopen"),
        (OPEN, course.resume, {}, "only a paused journey"),
        (OPEN, ending.reopen, {"reason": j.WHY}, "it goes on already"),
        (
            OPEN,
            referral.assign_case_worker,
            {"person": "w", "organisation": "state"},
            "a handover that the other organisation accepts",
        ),
        (OPEN, course.enter_phase, {"phase": Phase.TRAINING}, "after competence-review"),
        (OPEN, course.enter_phase, {"phase": Phase.INTAKE}, r"eligible is not known.*\[eligible\]"),
        (
            (*OPEN, e.PhaseEntered(Phase.TRAINING, 1)),
            course.enter_phase,
            {"phase": Phase.INTAKE},
            "only be the first",
        ),
        (
            OPEN,
            review.complete_competence_review,
            {"strengths": (), "development_needs": ()},
            "start one first",
        ),
        (
            (*OPEN, e.CompetenceReviewStarted("talks", "a")),
            review.start_competence_review,
            {"method": "talks", "assessor": "b"},
            "complete that one first",
        ),
        (OPEN, plan.agree_plan, {"signatories": j.CLIENT_SIGNS}, "draft a plan first"),
        (OPEN, plan.reach_step, {"step": "s1"}, "no plan was agreed"),
        (PLANNED, plan.draft_plan, {"steps": j.STEPS[1:]}, "revise the agreed plan"),
        ((*PLANNED, e.PlanStepDropped("s1", j.WHY)), plan.reach_step, {"step": "s1"}, "new id"),
        (
            (*PLANNED, e.PlanStepReached("s1")),
            plan.drop_step,
            {"step": "s1", "reason": j.WHY},
            "was reached on 2025-03-03",
        ),
        (OPEN, team.leave_team, {"person": "x", "organisation": "y"}, "x of y is not in the team"),
        (
            OPEN,
            services.propose_service,
            {"reference": "c1", "service": "course"},
            "entered no phase; it belongs to training",
        ),
        (
            (*IN_TRAINING, e.ServiceDeclined("c1", j.WHY)),
            services.start_service,
            {"reference": "c1"},
            "c1 is declined; it would have to be accepted",
        ),
        (
            OPEN,
            services.accept_service,
            {"reference": "c1"},
            "no service waits for an answer; propose a service first",
        ),
        (
            (*IN_TRAINING, e.ServiceDeclined("c1", j.WHY)),
            services.accept_service,
            {"reference": "c1"},
            "c1 is declined; it would have to be proposed",
        ),
        (
            (*OPEN, e.HandoverRequested("state", j.WHY)),
            handover.request_handover,
            {"to_organisation": "nowhere", "reason": Personal("")},
            r"State office \(state\) has been asked on 2025-03-03; wait for their answer",
        ),
        (
            (*IN_TRAINING, e.ServiceProposed("c1", "course")),
            services.propose_service,
            {"reference": "c1", "service": "coaching"},
            "give another reference",
        ),
        (OPEN, placement.start_placement, {"reference": "p9"}, "no placement 'p9' here"),
        (PLACED, placement.pay_grant, MONEY, "0 EUR were awarded and 0 paid"),
        (OPEN, handover.accept_handover, {"person": "w"}, "request one first"),
        (
            (*OPEN, e.HandoverRequested("state", j.WHY)),
            handover.accept_handover,
            {"person": "w"},
            r"State office \(state\) was asked, not City \(city\)",
        ),
        (OPEN, corrections.retract, {"entry": 7, "reason": j.WHY}, "entries 1 to 2"),
        (
            (*OPEN, (e.IntakeInterviewHeld(e.Situation()), SOON)),
            course.exempt_deadline,
            {"deadline": "interview/2", "reason": "illness"},
            "it was met on 2025-03-06",
        ),
    ],
)
def test_an_act_that_the_state_does_not_allow(
    happened: tuple[Any, ...], decision: Callable[..., Any], fields: dict[str, Any], said: str
) -> None:
    with pytest.raises((IllegalTransition, InvalidField), match=said):
        decision(j.given(*happened), j.act(SOON), **fields)


@pytest.mark.parametrize(
    ("happened", "decision", "fields", "field", "said"),
    [
        ((), referral.refer, {**REFERRAL, "channel": "fax"}, "channel", "known: line-1, walk-in"),
        ((), referral.refer, {**REFERRAL, "to_organisation": "mars"}, "to_organisation", "known"),
        ((), referral.refer, {**REFERRAL, "client": ""}, "client", "must not be empty"),
        ((), referral.refer, {**REFERRAL, "service_line": "x"}, "service_line", "line-2"),
        (
            (j.REFERRED,),
            referral.decline_referral,
            {"reason": Personal()},
            "reason",
            "must not be empty",
        ),
        (
            OPEN,
            intake.hold_intake_interview,
            {"situation": e.Situation(education=9)},
            "situation.education",
            "0 to 8",
        ),
        (
            OPEN,
            intake.hold_intake_interview,
            {"situation": e.Situation(unemployed_since=date(2026, 1, 1))},
            "situation.unemployed_since",
            "after the interview",
        ),
        (OPEN, intake.define_service_needs, {"needs": ()}, "needs", "at least one"),
        (OPEN, intake.define_service_needs, {"needs": ("gold",)}, "needs", "'gold'"),
        (OPEN, review.record_competence, {"concept": "x", "level": "low"}, "concept", "no frame"),
        (OPEN, review.record_competence, {"concept": "welding", "level": "9"}, "level", "high"),
        (
            OPEN,
            course.give_feedback,
            {**FEEDBACK, "respondent": "network"},
            "questionnaire",
            "answered by",
        ),
        (
            OPEN,
            course.give_feedback,
            {**FEEDBACK, "questionnaire_version": 2},
            "questionnaire_version",
            "versions",
        ),
        (OPEN, course.give_feedback, {**FEEDBACK, "answers": ()}, "answers", "at least one"),
        (
            OPEN,
            course.give_feedback,
            {**FEEDBACK, "answers": (e.Answer("q"), e.Answer("q"))},
            "answers",
            "twice: q",
        ),
        (OPEN, plan.draft_plan, {"steps": ()}, "steps", "at least one"),
        (OPEN, plan.draft_plan, {"steps": TWIN_STEPS}, "steps", "same id"),
        (OPEN, plan.draft_plan, {"steps": UNKNOWN_STEP}, "steps[0].service", "'flying'"),
        (OPEN, plan.draft_plan, {"steps": NAMELESS_STEP}, "steps[0].goal", "empty"),
        (
            (*OPEN, e.PlanDrafted(j.STEPS)),
            plan.agree_plan,
            {"signatories": (e.Signatory("w", "case-worker"),)},
            "signatories",
            "the client must be",
        ),
        (PLANNED, plan.reach_step, {"step": "s9"}, "step", "its steps: s1, s2"),
        (
            (*IN_TRAINING, e.ServiceStarted("c1", "course")),
            services.record_attendance,
            {"reference": "c1", "hours": 25.0},
            "hours",
            "not a number of hours",
        ),
        (
            (*IN_TRAINING, e.ServiceStarted("c1", "course")),
            services.record_attendance,
            {"reference": "c1", "hours": float("nan")},
            "hours",
            "not a number",
        ),
        (
            (*IN_TRAINING, e.ServiceStarted("c1", "course")),
            services.record_attendance,
            {"reference": "c1", "hours": 0.0},
            "absence_reason",
            "say why",
        ),
        (IN_TRAINING, services.start_service, {"reference": "c1"}, "service", "name the service"),
        (
            OPEN,
            services.award_certificate,
            {"title": "T", "awarding_body": "B", "eqf_level": 9},
            "eqf_level",
            "1 to 8",
        ),
        (
            OPEN,
            placement.propose_placement,
            {"reference": "p", "employer": "f", "form": "slavery"},
            "form",
            "known",
        ),
        (PLACED, placement.award_grant, {**MONEY, "amount": Decimal(0)}, "amount", "above"),
        (PLACED, placement.award_grant, {**MONEY, "amount": Decimal("NaN")}, "amount", "above"),
        (PLACED, placement.award_grant, {**MONEY, "currency": "euro"}, "currency", "4217"),
        (PLACED, placement.award_grant, {**MONEY, "end": date(2024, 1, 1)}, "end", "before"),
        (
            OPEN,
            follow_up.hold_follow_up,
            {"status": e.EmploymentStatus.EMPLOYED, "point": "never"},
            "point",
            "one-month",
        ),
        (
            OPEN,
            follow_up.record_benefit_period,
            {"start": j.DAY, "kind": "k", "paid_days": -1},
            "paid_days",
            "less than nothing",
        ),
        (
            OPEN,
            handover.request_handover,
            {"to_organisation": "city", "reason": j.WHY},
            "to_organisation",
            "responsible already",
        ),
        (
            OPEN,
            course.move_deadline,
            {"deadline": "interview/2", "due": date(2025, 1, 1), "reason": j.WHY},
            "due",
            "opened only on",
        ),
        (
            OPEN,
            course.exempt_deadline,
            {"deadline": "interview/2", "reason": "lazy"},
            "reason",
            "illness",
        ),
        (
            OPEN,
            course.pause,
            {"reason": j.WHY, "until": date(2025, 1, 1)},
            "until",
            "before the pause begins",
        ),
        (
            OPEN,
            ending.close,
            {"end_state": "cancelled", "destination": "employment"},
            "destination",
            "known: unknown",
        ),
        (OPEN, ending.close, {"end_state": "x", "destination": "unknown"}, "end_state", "known"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_field(
    happened: tuple[Any, ...],
    decision: Callable[..., Any],
    fields: dict[str, Any],
    field: str,
    said: str,
) -> None:
    with pytest.raises(InvalidField, match=said) as refused:
        decision(j.given(*happened), j.act(SOON), **fields)
    assert refused.value.field == field


@pytest.mark.parametrize("on", [j.DAY - timedelta(days=1), j.DAY + timedelta(days=900)])
def test_a_day_before_the_referral_or_ahead_of_today(on: date) -> None:
    now = j.act(on, today=j.DAY + timedelta(days=5))
    with pytest.raises(InvalidField) as refused:
        services.award_certificate(j.given(*OPEN), now, title="T", awarding_body="B")
    assert refused.value.field == "occurred_on"


def judged(on: date, organisation: str, unemployed_since: date | None) -> e.EligibilityAssessed:
    referred = e.ReferralMade("c", "trial", 1, "state", organisation, "walk-in")
    history = j.given((referred, date(2025, 3, 3)))
    given = {"unemployed_since": unemployed_since} if unemployed_since else None
    (event,) = referral.assess_eligibility(history, j.act(on), given=given)
    assert isinstance(event, e.EligibilityAssessed)
    return event


@pytest.mark.parametrize(
    ("on", "organisation", "eligible"),
    [
        (date(2025, 8, 31), "city", False),
        (date(2025, 9, 1), "city", True),
        (date(2025, 9, 1), "state", False),
    ],
)
def test_the_rule_in_force_that_day_in_that_place_judges(
    on: date, organisation: str, eligible: bool
) -> None:
    verdict = judged(on, organisation, date(2025, 6, 1))
    assert verdict.eligible is eligible
    assert verdict.organisation == organisation
    assert [r.outcome for r in verdict.rules] == [Outcome.MET if eligible else Outcome.NOT_MET]


def test_a_fact_that_nobody_knows_is_not_a_no_but_says_what_is_missing() -> None:
    verdict = judged(j.DAY, "city", None)
    assert not verdict.eligible
    assert verdict.rules[0].outcome is Outcome.UNKNOWN
    assert verdict.rules[0].missing == ("months_unemployed",)


def test_a_service_is_used_only_while_it_is_offered() -> None:
    course_ = Service("course", j.title("Course"), (Phase.TRAINING,), since=SOON)
    definition = j.definition(services=(course_,))
    fields = {"reference": "c1", "service": "course"}
    history = j.given(*IN_TRAINING)
    with pytest.raises(IllegalTransition, match="course is offered from 2025-03-06"):
        services.propose_service(history, j.act(definition=definition), **fields)
    assert services.propose_service(history, j.act(SOON, definition=definition), **fields)


def test_only_organisations_that_take_part_that_day_are_asked() -> None:
    left = Participant("state", j.title("State"), (), until=SOON)
    definition = j.definition(organisations=(j.DEFINITION.organisations[0], left))
    fields = {"to_organisation": "state", "reason": j.WHY}
    assert handover.request_handover(j.given(*OPEN), j.act(definition=definition), **fields)
    with pytest.raises(InvalidField, match="to_organisation"):
        handover.request_handover(j.given(*OPEN), j.act(SOON, definition=definition), **fields)


def test_nobody_is_referred_to_a_programme_after_its_end() -> None:
    ended = j.definition(effective_until=SOON)
    with pytest.raises(InvalidField, match="the programme ended on 2025-03-06"):
        referral.refer(j.given(), j.act(SOON, definition=ended), **REFERRAL)
    assert referral.refer(j.given(), j.act(definition=ended), **REFERRAL)


def test_a_declined_referral_is_an_event_with_its_reason() -> None:
    events = referral.decline_referral(j.given(j.REFERRED), j.act(), reason=j.WHY)
    assert events == (e.ReferralDeclined(j.WHY),)


def not_ready() -> History:
    return j.given(*OPEN, e.PhaseEntered(Phase.INTAKE, 1))


def test_a_requirement_is_overridden_by_who_may_with_a_reason_in_the_event() -> None:
    fields = {"phase": Phase.COMPETENCE_REVIEW, "override": ("interviewed", "other")}
    lead = j.act(SOON, roles=("team-lead",))
    (event,) = course.enter_phase(not_ready(), lead, **fields, reason=j.WHY)
    assert event == e.PhaseEntered(
        Phase.COMPETENCE_REVIEW,
        1,
        (e.FactUsed("interview_held", False),),
        ("interviewed",),
        j.WHY,
    )


def test_an_override_needs_the_role_and_the_reason() -> None:
    fields = {"phase": Phase.COMPETENCE_REVIEW, "override": ("interviewed",)}
    with pytest.raises(IllegalTransition, match="the role team-lead"):
        course.enter_phase(not_ready(), j.act(SOON), **fields, reason=j.WHY)
    with pytest.raises(InvalidField, match="reason"):
        course.enter_phase(not_ready(), j.act(SOON, roles=("team-lead",)), **fields)


def test_an_override_of_what_is_met_is_not_kept() -> None:
    history = j.recorded(not_ready(), (e.IntakeInterviewHeld(e.Situation()),), j.DAY)
    phase = Phase.COMPETENCE_REVIEW
    (event,) = course.enter_phase(
        history, j.act(SOON), phase=phase, override=("interviewed",), reason=j.WHY
    )
    assert isinstance(event, e.PhaseEntered)
    assert (event.overridden, event.reason) == ((), Personal())


def test_responsibility_passes_without_a_gap() -> None:
    assigned = e.CaseWorkerAssigned("worker-1", "city")
    history = j.given(*OPEN, assigned, (e.HandoverRequested("state", j.WHY), SOON))
    assert history.journey.responsible is not None
    assert history.journey.responsible.person == "worker-1"
    events = handover.accept_handover(history, j.act(SOON, by=j.STATE), person="worker-2")
    after = j.recorded(history, events, SOON).journey
    assert after.responsible is not None
    assert (after.responsible.person, after.responsible.since) == ("worker-2", SOON)
    assert (after.organisation, after.handover) == ("state", None)


def test_planned_against_actual_at_any_date() -> None:
    history = j.given(*PLANNED, (e.PlanStepReached("s1"), date(2025, 6, 12)))
    (first, second) = progress(history.journey, date(2025, 9, 4))
    assert (first.status, first.actual, first.days_late) == (
        StepStatus.REACHED_LATE,
        date(2025, 6, 12),
        10,
    )
    assert (second.status, second.days_late) == (StepStatus.OVERDUE, 3)
    assert progress(history.journey, date(2025, 9, 1))[1].status is StepStatus.AHEAD


def test_a_step_still_open_at_the_end_was_not_reached() -> None:
    closed = (e.JourneyClosed("completed", "employment"), date(2025, 5, 1))
    history = j.given(*PLANNED, closed)
    assert [p.status for p in progress(history.journey, date(2026, 1, 1))] == [
        StepStatus.NOT_REACHED,
        StepStatus.NOT_REACHED,
    ]
    assert progress(history.journey, date(2026, 1, 1))[0].days_late is None


def test_a_revised_plan_keeps_what_came_of_the_steps_that_stay() -> None:
    history = j.given(
        *PLANNED, e.PlanStepReached("s1"), e.PlanRevised(j.STEPS[:1], j.CLIENT_SIGNS, j.WHY)
    )
    plan_now = history.journey.plan
    assert plan_now is not None
    assert plan_now.revision == 2
    assert [(c.step.id, c.reached_on) for c in plan_now.steps] == [("s1", j.DAY)]


def test_grants_are_paid_up_to_what_was_awarded() -> None:
    history = j.given(*PLACED, e.GrantAwarded(**{**MONEY, "amount": Decimal(150)}))
    paid = placement.pay_grant(history, j.act(SOON), **MONEY)
    assert paid == (e.GrantPaid(**MONEY),)
    history = j.recorded(history, paid, SOON)
    with pytest.raises(IllegalTransition, match="150 EUR were awarded and 100 paid"):
        placement.pay_grant(history, j.act(SOON), **{**MONEY, "end": SOON})


def test_follow_ups_and_periods_go_on_after_the_end() -> None:
    history = j.given(*CLOSED)
    held = follow_up.hold_follow_up(history, j.act(SOON), status=e.EmploymentStatus.EMPLOYED)
    assert len(held) == 1
    after = j.recorded(history, held, SOON)
    assert after.journey.status is Status.CLOSED
    assert after.journey.follow_ups[0].on == SOON


def test_facts_tell_from_which_entry_they_came() -> None:
    spell = e.UnemploymentPeriodRecorded(date(2024, 1, 1), date(2024, 12, 31), "spell")
    history = j.given(*OPEN, e.IntakeInterviewHeld(e.Situation(education=3)), spell)
    known = facts_of(history.journey, j.DAY, {"age": 28, "municipality": None})
    assert known["education_isced"] == (3, (3,))
    assert known["age"] == (28, ())
    assert known["accepted"] == (True, (2,))
    assert known["days_unemployed_of_last_16_months"] == (366, (4,))
    assert "municipality" not in known


def test_a_spell_whose_end_was_recorded_counts_until_then() -> None:
    """The end is recorded as the same period once more: the first record of it holds no longer."""
    lasts = e.UnemploymentPeriodRecorded(date(2024, 3, 1), None, "spell")
    ended = e.UnemploymentPeriodRecorded(date(2024, 3, 1), date(2024, 3, 31), "spell")
    history = j.given(*OPEN, lasts, ended)
    known = facts_of(history.journey, j.DAY)
    assert known["days_unemployed_of_last_16_months"] == (31, (4,))
    assert "days_unemployed" not in known


def test_a_spell_counts_from_its_first_day() -> None:
    situation = e.Situation(e.EmploymentStatus.UNEMPLOYED, unemployed_since=j.DAY)
    history = j.given(*OPEN, e.IntakeInterviewHeld(situation))
    known = facts_of(history.journey, j.DAY)
    assert known["days_unemployed"] == (1, (3,))
    assert known["months_unemployed"] == (0, (3,))
    assert facts_of(history.journey, date(2026, 3, 2))["months_unemployed"] == (11, (3,))
    assert facts_of(history.journey, date(2026, 3, 3))["months_unemployed"] == (12, (3,))
