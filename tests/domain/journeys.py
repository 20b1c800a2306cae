"""A small programme and lawful journeys to test with: given what happened, when somebody acts."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from domain.calendar import Span
from domain.definition import (
    Coded,
    CompetenceFrame,
    DatedRule,
    DeadlineRule,
    Definition,
    EndState,
    Facts,
    FollowUpPoint,
    Participant,
    Phase,
    PhaseRule,
    Questionnaire,
    Rule,
    Service,
    Title,
)
from domain.entry import By, Entry, Personal
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
from domain.journey.act import Act, Events
from domain.journey.history import History, history_of
from domain.refusals import IllegalTransition, InvalidField

DAY = date(2025, 3, 3)  # a Monday
WORKER = By("worker-1", "city")
STATE = By("worker-2", "state")


def title(text: str) -> Title:
    return Title(text, text, "fi")


def coded(*codes: str) -> tuple[Coded, ...]:
    return tuple(Coded(code, title(code)) for code in codes)


def rule(name: str, fact: str, says: Callable[[Facts], bool | None]) -> Rule:
    return Rule(name, title(name), fact, f"basis of {name}", (fact,), says)


def fact_is_true(fact: str) -> Callable[[Facts], bool | None]:
    def says(facts: Facts) -> bool | None:
        value = facts.get(fact)
        return None if value is None else bool(value)

    return says


def months_at_least(count: int) -> Callable[[Facts], bool | None]:
    def says(facts: Facts) -> bool | None:
        months = facts.get("months_unemployed")
        return None if months is None else int(str(months)) >= count

    return says


def definition(version: int = 1, **changed: Any) -> Definition:
    """Return a definition with two organisations and all phases; one rule changes in September."""
    year = rule("unemployed-a-year", "months_unemployed", months_at_least(12))
    first_day = rule("unemployed-a-year", "unemployed", fact_is_true("unemployed"))
    interviewed = rule("interviewed", "interview_held", fact_is_true("interview_held"))
    planned = rule("planned", "plan_agreed", fact_is_true("plan_agreed"))
    eligible = rule("eligible", "eligible", fact_is_true("eligible"))
    phases = [
        PhaseRule(Phase.INTAKE, title("Intake"), (), (eligible,)),
        PhaseRule(Phase.COMPETENCE_REVIEW, title("Review"), (Phase.INTAKE,), (interviewed,)),
        PhaseRule(Phase.TRAINING, title("Training"), (Phase.COMPETENCE_REVIEW,), (planned,)),
        PhaseRule(Phase.PLACEMENT, title("Placement"), (Phase.TRAINING,), (planned,)),
        PhaseRule(Phase.FOLLOW_UP, title("Follow-up"), (Phase.PLACEMENT,), ()),
    ]
    interview = DeadlineRule(
        "interview",
        title("First interview"),
        Span(10, "working-days"),
        ("referral-accepted",),
        ("intake-interview-held",),
        "ten working days",
    )
    answer = DeadlineRule(
        "answer",
        title("Answer of the provider"),
        Span(14, "days"),
        ("service-proposed",),
        ("service-accepted", "service-declined"),
        "two weeks",
    )
    values: dict[str, Any] = {
        "programme": "trial",
        "version": version,
        "title": title("Trial"),
        "summary": title("A programme to test with"),
        "effective_from": date(2025, 1, 1),
        "effective_until": None,
        "country": "FI",
        "digest": f"{version:064x}",
        "organisations": (
            Participant("city", title("City"), ("municipality",), "city"),
            Participant("state", title("State office"), ("state-office",)),
        ),
        "channels": coded("walk-in", "line-1"),
        "service_lines": coded("line-1", "line-2"),
        "eligibility": (
            DatedRule(year, date(2025, 1, 1), date(2025, 9, 1)),
            DatedRule(year, date(2025, 9, 1), None, only=("state",)),
            DatedRule(first_day, date(2025, 9, 1), None, never=("state",)),
        ),
        "phases": tuple(phases),
        "services": (
            Service("course", title("Course"), (Phase.TRAINING,)),
            Service("coaching", title("Coaching"), (Phase.COMPETENCE_REVIEW, Phase.TRAINING)),
        ),
        "needs": coded("language", "job-search"),
        "frames": (CompetenceFrame("own", title("Own"), ("low", "high"), coded("welding")),),
        "review_methods": coded("talks"),
        "placement_forms": ("work-try-out", "internship-with-grant"),
        "follow_up": (
            FollowUpPoint("one-month", title("One month"), Span(1, "months"), "placement-started"),
        ),
        "deadlines": (interview, answer),
        "exemption_reasons": coded("illness"),
        "end_states": (
            EndState("completed", title("Completed"), ("employment", "unemployed")),
            EndState("cancelled", title("Cancelled"), ("unknown",)),
        ),
        "targets": (),
        "questionnaires": (
            Questionnaire("own-view", 1, title("Own view"), ("client",)),
            Questionnaire("feedback", 1, title("Feedback"), ("client", "employer")),
        ),
        "override_roles": ("team-lead",),
        "texts": (
            Title("ten working days", "kymmenen työpäivää", "fi"),
            Title("basis of eligible", "edellytysten peruste", "fi"),
            Title("basis of unemployed-a-year", "vuoden peruste", "fi"),
        ),
    }
    return Definition(**{**values, **changed})


DEFINITION = definition()


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


def act(on: date = DAY, **changed: Any) -> Act:
    values: dict[str, Any] = {
        "by": WORKER,
        "on": on,
        "today": max(on, DAY) + timedelta(days=400),
        "definition": DEFINITION,
        "definition_of": definition,
        "is_working_day": is_weekday,
        "roles": (),
    }
    return Act(**{**values, **changed})


def entry(version: int, event: Any, on: date = DAY, recorded: date | None = None) -> Entry[Any]:
    """An entry recorded at noon UTC of the day it happened, or of the day given."""
    at = datetime.combine(recorded or on, time(12), UTC) + timedelta(microseconds=version)
    return Entry(version, event, on, at, WORKER)


def given(*happened: Any) -> History:
    """A history of events on `DAY`, or of (event, day) or (event, day, day recorded)."""
    entries = []
    for version, one in enumerate(happened, start=1):
        event, *days = one if isinstance(one, tuple) else (one,)
        entries.append(entry(version, event, *days))
    return history_of(entries)


def recorded(history: History, events: Events, on: date, late: int = 0) -> History:
    """The history with the events appended, recorded so many days after they happened."""
    entries = [
        entry(history.version + n, event, on, on + timedelta(days=late))
        for n, event in enumerate(events, start=1)
    ]
    return history.extended(entries)


REFERRED = e.ReferralMade("client-1", "trial", 1, "state", "city", "walk-in", "line-1")
STEPS = (
    e.PlanStep("s1", Personal("a trade"), date(2025, 6, 2), "course"),
    e.PlanStep("s2", Personal("a job"), date(2025, 9, 1)),
)
CLIENT_SIGNS = (e.Signatory("client-1", "client"), e.Signatory("worker-1", "case-worker"))
WHY = Personal("because")


def eligible(on: date = DAY) -> e.EligibilityAssessed:
    return e.EligibilityAssessed(1, "city", True, (), ())


ACTS: tuple[tuple[Callable[..., Events], dict[str, Any]], ...] = (
    (referral.assess_eligibility, {"given": {"unemployed_since": date(2025, 2, 1)}}),
    (referral.assess_eligibility, {"given": {"unemployed_since": date(2023, 1, 1)}}),
    (referral.accept_referral, {}),
    (course.move_deadline, {"deadline": "interview/4", "due": date(2026, 1, 1), "reason": WHY}),
    (course.exempt_deadline, {"deadline": "interview/4", "reason": "illness"}),
    (referral.decline_referral, {"reason": WHY}),
    (referral.assign_case_worker, {"person": "worker-1", "organisation": "city"}),
    (
        intake.hold_intake_interview,
        {"situation": e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2023, 1, 1))},
    ),
    (intake.define_service_needs, {"needs": ("language",), "service_line": "line-2"}),
    (course.enter_phase, {"phase": Phase.INTAKE}),
    (course.enter_phase, {"phase": Phase.COMPETENCE_REVIEW}),
    (review.start_competence_review, {"method": "talks", "assessor": "worker-1"}),
    (
        review.submit_self_assessment,
        {
            "questionnaire": "own-view",
            "questionnaire_version": 1,
            "answers": (e.Answer("q1", 3.0),),
        },
    ),
    (review.record_competence, {"concept": "welding", "level": "high"}),
    (review.complete_competence_review, {"strengths": (), "development_needs": ()}),
    (team.join_team, {"person": "nurse-1", "organisation": "health", "role": "health"}),
    (team.leave_team, {"person": "nurse-1", "organisation": "health"}),
    (plan.draft_plan, {"steps": STEPS}),
    (plan.agree_plan, {"signatories": CLIENT_SIGNS}),
    (course.enter_phase, {"phase": Phase.TRAINING}),
    (plan.revise_plan, {"steps": STEPS[1:], "signatories": CLIENT_SIGNS, "reason": WHY}),
    (plan.reach_step, {"step": "s1"}),
    (plan.drop_step, {"step": "s2", "reason": WHY}),
    (services.propose_service, {"reference": "c1", "service": "coaching", "provider": "school"}),
    (services.accept_service, {"reference": "c1"}),
    (services.decline_service, {"reference": "c1", "reason": WHY}),
    (services.start_service, {"reference": "c1"}),
    (services.start_service, {"reference": "c2", "service": "course"}),
    (services.record_attendance, {"reference": "c1", "hours": 6.0}),
    (services.record_attendance, {"reference": "c2", "hours": 0.0, "absence_reason": "ill"}),
    (services.interrupt_service, {"reference": "c2", "reason": WHY}),
    (services.complete_service, {"reference": "c1", "result": "passed", "hours": 30.0}),
    (services.award_certificate, {"title": "Welder", "awarding_body": "school", "eqf_level": 4}),
    (course.enter_phase, {"phase": Phase.PLACEMENT}),
    (
        placement.propose_placement,
        {"reference": "p1", "employer": "firm", "form": "work-try-out", "hours_per_week": 30.0},
    ),
    (placement.agree_placement, {"reference": "p1", "signatories": CLIENT_SIGNS}),
    (placement.start_placement, {"reference": "p1"}),
    (placement.review_placement, {"reference": "p1"}),
    (placement.end_placement, {"reference": "p1"}),
    (
        placement.award_grant,
        {
            "reference": "p1",
            "amount": Decimal(500),
            "currency": "EUR",
            "payer": "partnership",
            "start": DAY,
            "end": DAY,
        },
    ),
    (
        placement.pay_grant,
        {
            "reference": "p1",
            "amount": Decimal(200),
            "currency": "EUR",
            "payer": "partnership",
            "start": DAY,
            "end": DAY,
        },
    ),
    (
        placement.grant_wage_subsidy,
        {
            "reference": "p1",
            "amount": Decimal(900),
            "currency": "EUR",
            "payer": "state",
            "start": DAY,
            "end": DAY,
        },
    ),
    (placement.advise_employer, {"employer": "firm", "topic": "contract"}),
    (course.enter_phase, {"phase": Phase.FOLLOW_UP}),
    (
        follow_up.hold_follow_up,
        {"status": e.EmploymentStatus.EMPLOYED, "point": "one-month"},
    ),
    (follow_up.record_employment_period, {"start": DAY, "kind": "full-time"}),
    (follow_up.record_unemployment_period, {"start": DAY, "end": DAY, "kind": "spell"}),
    (follow_up.record_benefit_period, {"start": DAY, "kind": "subsidy", "paid_days": 20}),
    (handover.request_handover, {"to_organisation": "state", "reason": WHY}),
    (handover.accept_handover, {"person": "worker-2"}),
    (handover.decline_handover, {"reason": WHY}),
    (
        course.give_feedback,
        {
            "respondent": "client",
            "questionnaire": "feedback",
            "questionnaire_version": 1,
            "answers": (e.Answer("q1", 5.0),),
        },
    ),
    (course.pause, {"reason": WHY}),
    (course.resume, {}),
    (course.adopt_definition, {"definition_version": 2, "reason": WHY}),
    (ending.close, {"end_state": "completed", "destination": "employment"}),
    (ending.reopen, {"reason": WHY}),
)
"""One call of every act but corrections, with fields that can be right."""

CORRECTIONS: tuple[tuple[Callable[..., Events], dict[str, Any]], ...] = (
    *((corrections.retract, {"entry": n, "reason": WHY}) for n in (2, 5, 9)),
    (
        corrections.correct,
        {
            "entry": 4,
            "event": e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.EMPLOYED)),
            "reason": WHY,
        },
    ),
    (
        corrections.correct,
        {"entry": 1, "event": REFERRED, "occurred_on": DAY - timedelta(days=3), "reason": WHY},
    ),
)


RARE = (
    referral.decline_referral,
    course.pause,
    handover.decline_handover,
    services.decline_service,
    services.interrupt_service,
    ending.close,
)
"""Acts after which little else can be done: they are drawn seldom, so that journeys go far."""


def lawful(
    seed: int,
    length: int,
    *,
    correcting: bool = False,
    late: tuple[int, ...] = (),
    on_each: Callable[..., None] | None = None,
) -> History:
    """A history of acts drawn at random, each on the same day or later; refused ones leave nothing.

    With `late`, each is recorded one of so many days after it happened.
    `on_each(history, act, decision, fields, events)` sees every act that was done.
    """
    drawn = random.Random(seed)  # noqa: S311 - a test draws at random, and again the same
    every = (*ACTS, *CORRECTIONS) if correcting else ACTS
    history, day, place = given(REFERRED), DAY, 0
    for _ in range(length):
        decision, fields = every[place % len(every)]
        place += 1
        if drawn.random() < 0.25:
            decision, fields = drawn.choice(every)
        if decision in RARE and drawn.random() < 0.8:
            continue
        by = STATE if decision in (handover.accept_handover, handover.decline_handover) else WORKER
        on = day - timedelta(days=drawn.choice(late)) if late else day
        now = act(on, by=by, roles=("team-lead",))
        try:
            events = decision(history, now, **fields)
        except (IllegalTransition, InvalidField):
            continue
        history = recorded(history, events, on, late=(day - on).days)
        if on_each is not None:
            on_each(history, now, decision, fields, events)
        day += timedelta(days=drawn.choice((0, 0, 1, 3, 14)))
    return history
