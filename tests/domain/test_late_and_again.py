"""Late recording, repetition, corrections that could not be, and the way back from a slip."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.definition import Definition, NoDefinition, Phase
from domain.entry import Personal, Source, event_name
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
    repeated,
    review,
    services,
    team,
)
from domain.journey import events as e
from domain.journey.act import on_its_day
from domain.journey.deadlines import DeadlineStatus, deadlines
from domain.journey.facts import facts_of, stored
from domain.journey.history import History, history_of, look
from domain.journey.reliance import doubts
from domain.journey.state import ServiceStatus, Status
from domain.refusals import IllegalTransition, InvalidField
from tests.domain import journeys as j


def day(number: int) -> date:
    """So many days after the referral."""
    return j.DAY + timedelta(days=number)


OPEN = (j.REFERRED, e.ReferralAccepted())
IN_TRAINING = (*OPEN, e.PhaseEntered(Phase.TRAINING, 1))
PAUSED = (e.JourneyPaused(j.WHY), day(10))
CLOSED = (e.JourneyClosed("completed", "employment"), day(20))
TOLD = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2024, 1, 1))
INTERVIEW = {"situation": TOLD}


@pytest.mark.parametrize("since", [PAUSED, CLOSED])
def test_what_happened_before_a_pause_or_the_end_is_recorded_after_it(since: Any) -> None:
    history = j.given(*IN_TRAINING, (e.ServiceStarted("c1", "course"), day(1)), since)
    last = since[1]
    assert intake.hold_intake_interview(history, j.act(last), **INTERVIEW)
    assert services.record_attendance(history, j.act(day(5)), reference="c1", hours=3.0)
    assert services.award_certificate(history, j.act(day(9)), title="T", awarding_body="B")
    with pytest.raises(IllegalTransition, match=r"resume|reopen"):
        intake.hold_intake_interview(history, j.act(last + timedelta(days=1)), **INTERVIEW)


def test_attendance_of_a_day_within_a_service_that_ended() -> None:
    ended = (e.ServiceCompleted("c1", "course", "passed"), day(8))
    history = j.given(*IN_TRAINING, (e.ServiceStarted("c1", "course"), day(1)), ended)
    assert services.record_attendance(history, j.act(day(8)), reference="c1", hours=3.0)
    with pytest.raises(InvalidField, match="the service ended on 2025-03-11"):
        services.record_attendance(history, j.act(day(9)), reference="c1", hours=3.0)


def test_a_service_is_used_in_the_phase_of_its_day() -> None:
    history = j.given(*IN_TRAINING, (e.PhaseEntered(Phase.PLACEMENT, 1), day(10)))
    fields = {"reference": "c1", "service": "course"}
    assert services.propose_service(history, j.act(day(10)), **fields)
    with pytest.raises(IllegalTransition, match="in placement"):
        services.propose_service(history, j.act(day(11)), **fields)


def test_what_is_told_late_does_not_put_itself_before_what_was_told_since() -> None:
    now = (e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.EMPLOYED)), day(9))
    history = j.given(*OPEN, now, (e.IntakeInterviewHeld(TOLD), day(2), day(12)))
    assert history.journey.told is not None
    assert history.journey.told.situation.employment is e.EmploymentStatus.EMPLOYED


def test_a_verdict_about_an_earlier_day_leans_on_nothing_later() -> None:
    history = j.given(*OPEN, (e.IntakeInterviewHeld(TOLD), day(9)))
    (early,) = referral.assess_eligibility(history, j.act(day(3)))
    (late,) = referral.assess_eligibility(history, j.act(day(9)))
    assert isinstance(early, e.EligibilityAssessed)
    assert isinstance(late, e.EligibilityAssessed)
    assert (early.eligible, late.eligible) == (False, True)
    assert early.rules[0].missing == ("months_unemployed",)


AUTUMN = date(2025, 9, 8)
HANDED_OVER = (
    (e.ReferralAccepted(), AUTUMN),
    (e.HandoverRequested("state", j.WHY), AUTUMN + timedelta(days=20)),
    (e.HandoverAccepted("state", "worker-2"), AUTUMN + timedelta(days=20)),
)
"""From a place where the first day of unemployment is enough to one where it must be a year."""


def test_a_verdict_about_a_day_before_a_handover_is_by_the_rules_of_the_place_of_then() -> None:
    history = j.given((j.REFERRED, AUTUMN), *HANDED_OVER)
    stated = {"unemployed": True, "months_unemployed": 3}
    days = [AUTUMN + timedelta(days=n) for n in (10, 20)]
    found = [referral.assess_eligibility(history, j.act(on), given=stated)[0] for on in days]
    assert [(x.organisation, x.eligible) for x in found] == [("city", True), ("state", False)]


@pytest.mark.parametrize("there", [True, False])
def test_a_verdict_about_a_day_before_another_version_was_adopted_is_under_the_first(
    there: bool,
) -> None:
    """Where there is no such version here, as of a journey that was brought in, by the newest."""
    no_rule = j.definition(2, eligibility=())
    versions = {1: j.DEFINITION, 2: no_rule} if there else {2: no_rule}

    def definition_of(version: int) -> Definition:
        if version not in versions:
            raise NoDefinition("trial", version)
        return versions[version]

    history = j.given(*OPEN, (e.DefinitionAdopted(2, j.WHY), day(9)))
    stated = {"months_unemployed": 3}
    acts = [j.act(day(n), definition=no_rule, definition_of=definition_of) for n in (3, 9)]
    found = [
        referral.assess_eligibility(history, on_its_day(history, act), given=stated)[0]
        for act in acts
    ]
    first = (1, False) if there else (2, True)
    assert [(x.definition_version, x.eligible) for x in found] == [first, (2, True)]


def test_a_phase_entered_before_another_version_was_adopted_is_as_the_first_says() -> None:
    open_to_all = [replace(one, requires=()) for one in j.DEFINITION.phases]
    newer = j.definition(2, phases=tuple(open_to_all), override_roles=("nobody",))
    versions = {1: j.DEFINITION, 2: newer}
    history = j.given(*OPEN, (e.DefinitionAdopted(2, j.WHY), day(9)))
    early, late = (
        on_its_day(
            history,
            j.act(
                day(n), definition=newer, definition_of=versions.__getitem__, roles=("team-lead",)
            ),
        )
        for n in (3, 9)
    )
    with pytest.raises(IllegalTransition, match="the requirements of intake are not met"):
        course.enter_phase(history, early, phase=Phase.INTAKE)
    overridden = {"override": ("eligible",), "reason": j.WHY}
    (first,) = course.enter_phase(history, early, phase=Phase.INTAKE, **overridden)
    assert (first.definition_version, first.overridden) == (1, ("eligible",))
    assert course.enter_phase(history, late, phase=Phase.INTAKE) == (
        e.PhaseEntered(Phase.INTAKE, 2),
    )


def test_an_entry_is_corrected_in_the_codes_of_the_version_of_its_day() -> None:
    newer = j.definition(2, needs=j.coded("housing"), channels=j.coded("online"))
    versions = {1: j.DEFINITION, 2: newer}
    defined = e.ServiceNeedsDefined(("language",))
    late = e.ServiceNeedsDefined(("housing",))
    adopted = (e.DefinitionAdopted(2, j.WHY), day(9))
    history = j.given(
        *OPEN, (defined, day(1)), adopted, (late, day(10)), (defined, day(2), day(10))
    )
    act = j.act(day(20), definition=newer, definition_of=versions.__getitem__)

    def corrects(entry: int, event: Any) -> Any:
        return corrections.correct(history, act, entry=entry, event=event, reason=j.WHY)

    assert corrects(1, replace(j.REFERRED, from_organisation="school"))
    assert corrects(3, replace(defined, note=j.WHY))
    assert corrects(5, replace(late, note=j.WHY))
    assert corrects(6, replace(defined, note=j.WHY))
    with pytest.raises(InvalidField, match="known: job-search, language"):
        corrects(3, late)
    with pytest.raises(InvalidField, match="known: job-search, language"):
        corrects(6, late)
    with pytest.raises(InvalidField, match="known: housing"):
        corrects(5, defined)


def test_an_entry_of_another_programme_is_corrected_in_the_codes_of_the_one_it_is_in_now() -> None:
    newer = j.definition(2, needs=j.coded("housing"))
    versions = {1: j.DEFINITION, 2: newer}
    elsewhere = replace(j.REFERRED, programme="other", definition_version=2)
    defined = e.ServiceNeedsDefined(("language",))
    history = j.given(
        elsewhere,
        (e.ReferralAccepted(), day(1)),
        (defined, day(2)),
        (e.EntryRetracted(1, j.WHY), day(3)),
        (j.REFERRED, day(0), day(3)),
    )
    act = j.act(day(20), definition_of=versions.__getitem__)

    def corrects(event: Any) -> Any:
        return corrections.correct(history, act, entry=3, event=event, reason=j.WHY)

    assert corrects(replace(defined, note=j.WHY))
    with pytest.raises(InvalidField, match="known: job-search, language"):
        corrects(e.ServiceNeedsDefined(("housing",)))


def test_a_partial_situation_told_at_a_follow_up_leaves_the_rest() -> None:
    told = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2024, 1, 1), education=3)
    again = e.Situation(municipality="kuopio")
    held = e.FollowUpHeld(e.EmploymentStatus.UNEMPLOYED, situation=again)
    journey = j.given(*OPEN, e.IntakeInterviewHeld(told), held).journey
    assert journey.told is not None
    assert journey.told.situation == replace(told, municipality="kuopio")
    assert journey.told.entries == (3, 4)


BEFORE_THAT = [
    (CLOSED, ending.reopen, {"reason": j.WHY}, "the journey was closed"),
    (
        (e.ServiceProposed("c1", "course"), day(9)),
        services.accept_service,
        {"reference": "c1"},
        "proposed",
    ),
    (
        (e.TeamMemberJoined("p", "o", "r"), day(9)),
        team.leave_team,
        {"person": "p", "organisation": "o"},
        "p joined",
    ),
    (
        (e.CaseWorkerAssigned("w", "city"), day(9)),
        referral.assign_case_worker,
        {"person": "v", "organisation": "city"},
        "w became responsible",
    ),
]


@pytest.mark.parametrize(("happened", "decision", "fields", "said"), BEFORE_THAT)
def test_nothing_happens_before_what_it_follows(
    happened: Any, decision: Callable[..., Any], fields: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidField, match=said) as refused:
        decision(j.given(*IN_TRAINING, happened), j.act(day(5)), **fields)
    assert refused.value.field == "occurred_on"


MOVED = e.DeadlineMoved("interview/2", date(2025, 6, 2), j.WHY)
EXEMPTED = e.DeadlineExempted("interview/2", "illness")
PROPOSED = (e.ServiceProposed("c1", "course"), day(1))
REOPENED = (
    (e.JourneyClosed("completed", "employment"), day(3)),
    (e.JourneyReopened(j.WHY), day(9)),
)
ASKED = (e.HandoverRequested("state", j.WHY), day(2))
AGREED = ((e.PlanDrafted(j.STEPS), day(8)), (e.PlanAgreed(j.CLIENT_SIGNS), day(9)))
REVIEWED = (
    (e.CompetenceReviewStarted("talks", "w"), day(1)),
    (e.CompetenceReviewCompleted((), ()), day(9)),
)
GONE = (
    (e.TeamMemberJoined("p", "o", "r"), day(1)),
    (e.TeamMemberLeft("p", "o"), day(9)),
)
END = {"end_state": "completed", "destination": "employment"}
LIFTING = {"deadline": "interview/2", "reason": "illness"}
MOVING = {"deadline": "interview/2", "due": date(2025, 7, 1), "reason": j.WHY}
ASKING = {"to_organisation": "state", "reason": j.WHY}

UNDONE_SINCE = [
    (((MOVED, day(9)),), course.exempt_deadline, LIFTING, "it was moved or lifted"),
    (((EXEMPTED, day(9)),), course.move_deadline, MOVING, "it was moved or lifted"),
    (REOPENED, ending.close, END, "the journey was reopened"),
    (REOPENED, course.pause, {"reason": j.WHY}, "the journey was reopened"),
    ((PAUSED, (e.JourneyResumed(), day(12))), ending.close, END, "a pause ended"),
    (
        ((e.DefinitionAdopted(2, j.WHY), day(9)),),
        course.adopt_definition,
        {"definition_version": 1, "reason": j.WHY},
        "a definition was adopted",
    ),
    (
        (ASKED, (e.HandoverDeclined(j.WHY), day(9))),
        handover.request_handover,
        ASKING,
        "a handover was answered",
    ),
    (AGREED, plan.drop_step, {"step": "s1", "reason": j.WHY}, "it was drafted"),
    (
        REVIEWED,
        review.start_competence_review,
        {"method": "talks", "assessor": "v"},
        "a review was completed",
    ),
    (GONE, team.join_team, {"person": "p", "organisation": "o", "role": "s"}, "p left"),
    (
        (PROPOSED, (e.ServiceAccepted("c1"), day(9))),
        services.start_service,
        {"reference": "c1"},
        "it was accepted",
    ),
    (
        (PROPOSED, (e.ServiceAccepted("c1"), day(9))),
        services.decline_service,
        {"reference": "c1", "reason": j.WHY},
        "it was accepted",
    ),
]


@pytest.mark.parametrize(("happened", "decision", "fields", "said"), UNDONE_SINCE)
def test_nothing_is_dated_before_what_would_have_undone_it_since(
    happened: Any, decision: Callable[..., Any], fields: dict[str, Any], said: str
) -> None:
    history = j.given(*IN_TRAINING, *happened)
    with pytest.raises(InvalidField, match=said) as refused:
        decision(history, j.act(day(5)), **fields)
    assert refused.value.field == "occurred_on"
    assert decision(history, j.act(day(20)), **fields)


def test_a_handover_is_not_accepted_before_somebody_became_responsible_since() -> None:
    assigned = (e.CaseWorkerAssigned("w", "city"), day(9))
    history = j.given(*OPEN, ASKED, assigned)
    with pytest.raises(InvalidField, match="w became responsible"):
        handover.accept_handover(history, j.act(day(5), by=j.STATE), person="v")
    assert handover.accept_handover(history, j.act(day(9), by=j.STATE), person="v")


def test_a_referral_is_not_declined_before_the_journey_was_reopened() -> None:
    history = j.given(j.REFERRED, *REOPENED)
    with pytest.raises(InvalidField, match="the journey was reopened"):
        referral.decline_referral(history, j.act(day(5)), reason=j.WHY)
    assert referral.decline_referral(history, j.act(day(9)), reason=j.WHY)


def test_what_was_attended_is_among_the_hours_that_a_completion_says() -> None:
    ended = (e.ServiceCompleted("c1", "course", "passed", 30.0), day(8))
    late = (e.AttendanceRecorded("c1", 6.0), day(5), day(9))
    absent = (e.AttendanceRecorded("c1", 0.0, "ill"), day(8))
    history = j.given(*IN_TRAINING, (e.ServiceStarted("c1", "course"), day(1)), ended, late, absent)
    (service,) = history.journey.services
    assert (service.hours, service.absences) == (30.0, 1)


def test_a_second_plan_of_a_day_replaced_by_the_first_is_recorded() -> None:
    history = j.given(*OPEN, e.PlanDrafted(j.STEPS), e.PlanDrafted(j.STEPS[1:]))
    events = plan.draft_plan(history, j.act(), steps=j.STEPS)
    assert events == (e.PlanDrafted(j.STEPS),)
    assert plan.draft_plan(j.recorded(history, events, j.DAY), j.act(), steps=j.STEPS) == ()


def test_repeating_what_was_corrected_since_does_not_undo_the_correction() -> None:
    history = j.given(*OPEN, e.IntakeInterviewHeld(TOLD))
    right = e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.EMPLOYED))
    events = corrections.correct(history, j.act(), entry=3, event=right, reason=j.WHY)
    corrected = j.recorded(history, events, j.DAY)
    assert intake.hold_intake_interview(corrected, j.act(), **INTERVIEW) == ()


def test_another_result_in_place_of_the_one_recorded_is_refused() -> None:
    done = e.ServiceCompleted("c1", "course", "passed")
    history = j.given(*IN_TRAINING, e.ServiceStarted("c1", "course"), done)
    again = {"reference": "c1", "result": "passed"}
    assert services.complete_service(history, j.act(), **again) == ()
    with pytest.raises(IllegalTransition, match="correct entry 5 if it is wrong"):
        services.complete_service(history, j.act(), reference="c1", result="failed")


def test_a_benefit_is_recorded_once_beside_another_from_the_same_day() -> None:
    benefits = {"subsidy": {"start": j.DAY, "kind": "subsidy", "paid_days": 1}}
    benefits |= {"housing": {"start": j.DAY, "kind": "housing"}}
    history = j.given(*OPEN)
    for fields in benefits.values():
        events = follow_up.record_benefit_period(history, j.act(day(1)), **fields)
        history = j.recorded(history, events, day(1))
    for fields in benefits.values():
        assert follow_up.record_benefit_period(history, j.act(day(1)), **fields) == ()
    assert len(history.journey.periods) == len(benefits)


def test_a_placement_that_came_to_nothing_does_not_start() -> None:
    agreed = e.PlacementAgreed("p1", j.CLIENT_SIGNS)
    proposed = e.PlacementProposed("p1", "firm", "work-try-out")
    history = j.given(*OPEN, proposed, agreed, e.PlacementEnded("p1"))
    with pytest.raises(IllegalTransition, match="came to nothing"):
        placement.start_placement(history, j.act(), reference="p1")


def due(history: History) -> Any:
    (found,) = deadlines(history.in_force, j.definition, j.is_weekday)
    return found


def test_a_journey_closed_in_a_pause_and_reopened_runs_again() -> None:
    history = j.given(*OPEN, (e.JourneyPaused(j.WHY), day(4)), (CLOSED[0], day(11)))
    reopened = ending.reopen(history, j.act(day(18)), reason=j.WHY)
    after = j.recorded(history, reopened, day(18))
    assert after.journey.status is Status.OPEN
    assert due(after).status(day(400)) is DeadlineStatus.OVERDUE


def test_a_journey_closed_before_it_was_accepted_is_reopened_to_be_accepted() -> None:
    history = j.given(j.REFERRED, (e.JourneyClosed("cancelled", "unknown"), day(1)))
    after = j.recorded(history, ending.reopen(history, j.act(day(2)), reason=j.WHY), day(2))
    assert after.journey.status is Status.REFERRED
    assert referral.accept_referral(after, j.act(day(3))) == (e.ReferralAccepted(),)


def test_a_moved_deadline_rests_with_the_journey() -> None:
    moved = (e.DeadlineMoved("interview/2", day(30), j.WHY), day(2))
    history = j.given(*OPEN, moved, (e.JourneyPaused(j.WHY), day(5)))
    assert due(history).status(day(300)) is DeadlineStatus.STANDING
    resumed = j.recorded(history, (e.JourneyResumed(),), day(15))
    assert due(resumed).due == day(40)


WRONG = [
    (e.AttendanceRecorded("c1", -5.0), e.AttendanceRecorded("c1", 2.0), "hours"),
    (e.AttendanceRecorded("zzz", 2.0), e.AttendanceRecorded("c1", 2.0), "reference"),
    (e.ServiceNeedsDefined(("gold",)), e.ServiceNeedsDefined(("language",)), "needs"),
]


@pytest.mark.parametrize(("wrong", "said", "field"), WRONG)
def test_a_correction_says_what_could_have_been_recorded(
    wrong: e.JourneyEvent, said: e.JourneyEvent, field: str
) -> None:
    history = j.given(*IN_TRAINING, e.ServiceStarted("c1", "course"), said)
    with pytest.raises(InvalidField) as refused:
        corrections.correct(history, j.act(), entry=5, event=wrong, reason=j.WHY)
    assert refused.value.field == field


ENDED_AGAIN = [
    ((PAUSED, (e.JourneyResumed(), day(12))), 4, day(14), "after entry 5"),
    (REOPENED, 4, day(12), "after entry 5"),
    ((ASKED, (e.HandoverDeclined(j.WHY), day(9))), 4, day(12), "after entry 5"),
    (((MOVED, day(4)), (EXEMPTED, day(9))), 4, day(12), "after entry 5"),
    (REVIEWED, 4, day(12), "after entry 5"),
    (
        ((e.CaseWorkerAssigned("w", "city"), day(5)), (e.CaseWorkerAssigned("v", "city"), day(9))),
        *(5, day(4), "before entry 4"),
    ),
]


@pytest.mark.parametrize(("happened", "entry", "on", "said"), ENDED_AGAIN)
def test_no_correction_puts_an_entry_on_the_other_side_of_what_undid_it(
    happened: Any, entry: int, on: date, said: str
) -> None:
    history = j.given(*IN_TRAINING, *happened)
    recorded = history.entry(entry)
    assert recorded is not None
    fields = {"entry": entry, "event": recorded.event, "reason": j.WHY}
    with pytest.raises(InvalidField, match=said):
        corrections.correct(history, j.act(day(20)), occurred_on=on, **fields)
    nearer = recorded.occurred_on + timedelta(days=1)
    assert corrections.correct(history, j.act(day(20)), occurred_on=nearer, **fields)


def test_what_rules_decided_is_not_rewritten_by_hand() -> None:
    history = j.given(*OPEN, j.eligible())
    no = e.EligibilityAssessed(1, "city", False, (), ())
    with pytest.raises(InvalidField, match="retract it and decide anew"):
        corrections.correct(history, j.act(), entry=3, event=no, reason=j.WHY)


def test_a_referral_keeps_its_programme_and_lies_before_what_follows() -> None:
    history = j.given(j.REFERRED, (e.ReferralAccepted(), day(3)))
    other = replace(j.REFERRED, programme="nonsense")
    with pytest.raises(InvalidField, match="keeps its programme"):
        corrections.correct(history, j.act(), entry=1, event=other, reason=j.WHY)
    fields = {"entry": 1, "event": j.REFERRED, "reason": j.WHY}
    with pytest.raises(InvalidField, match="lies after entry 2"):
        corrections.correct(history, j.act(day(9)), occurred_on=day(4), **fields)
    assert corrections.correct(history, j.act(day(9)), occurred_on=day(3), **fields)


def test_a_resumption_is_not_moved_before_its_pause() -> None:
    history = j.given(*OPEN, (e.JourneyPaused(j.WHY), day(5)), (e.JourneyResumed(), day(9)))
    fields = {"entry": 4, "event": e.JourneyResumed(), "reason": j.WHY}
    with pytest.raises(IllegalTransition, match="only a paused journey"):
        corrections.correct(history, j.act(day(9)), occurred_on=day(4), **fields)


def test_a_claim_of_another_system_is_corrected_without_its_guards() -> None:
    source = Source("other", "0" * 64, "t.csv", 1, "r1")
    claim = j.entry(2, e.AttendanceRecorded("x", 1.0))._replace(source=source)
    history = History().extended([j.entry(1, j.REFERRED), claim])
    right = e.AttendanceRecorded("x", 2.0)
    assert corrections.correct(history, j.act(), entry=2, event=right, reason=j.WHY)


def test_what_came_in_late_from_another_system_stands_by_its_day_and_can_be_corrected() -> None:
    source = Source("other", "0" * 64, "t.csv", 1, "r1")
    happened: list[tuple[Any, date]] = [
        (j.REFERRED, day(4)),
        (e.ServiceCompleted("s1", "course", "done"), day(9)),
        (e.ServiceStarted("s1", "course"), day(5)),
        (e.ReferralAccepted(), day(3)),
    ]
    told = [
        j.entry(version, event, on)._replace(source=source)
        for version, (event, on) in enumerate(happened, start=1)
    ]
    for pieces in ([told], [told[:1], told[1:3], told[3:]]):
        history = History()
        for piece in pieces:
            history = history.extended(piece)
        assert history == history_of(told)
        assert look(told).journey == history.journey
        service = history.journey.service("s1")
        assert service
        assert service.status is ServiceStatus.COMPLETED
        assert history.journey.status is Status.OPEN, "the opener stays first"
        right = e.ServiceStarted("s1", "course", "school")
        assert corrections.correct(history, j.act(day(20)), entry=3, event=right, reason=j.WHY)
        assert history.extended([j.entry(5, e.ServiceInterrupted("s1", j.WHY), day(8))]) == (
            history_of([*told, j.entry(5, e.ServiceInterrupted("s1", j.WHY), day(8))])
        )


@pytest.mark.parametrize("own", [False, True])
def test_what_another_system_told_stands_by_its_day_also_where_its_referral_was_taken_back(
    own: bool,
) -> None:
    """What was next in the order recorded stood first, or all in that order after an own act."""
    source = Source("other", "0" * 64, "t.csv", 1, "r1")
    told = [
        j.entry(1, j.REFERRED, day(4))._replace(source=source),
        *([j.entry(2, e.ReferralAccepted(), day(4))] if own else []),
    ]
    for event, on in ((e.ServiceCompleted("s1", "course", "done"), 9), (STARTED, 5)):
        told.append(j.entry(len(told) + 1, event, day(on))._replace(source=source))
    told.append(j.entry(len(told) + 1, e.EntryRetracted(1, j.WHY), day(20)))
    history = history_of(told)
    service = history.journey.service("s1")
    assert service
    assert service.status is ServiceStatus.COMPLETED
    late = j.entry(len(told) + 1, e.ServiceInterrupted("s1", j.WHY), day(8))
    assert history.extended([late]) == history_of([*told, late])
    after = history.extended([late]).journey.service("s1")
    assert after
    assert after.status is ServiceStatus.COMPLETED


STARTED = e.ServiceStarted("s1", "course")


def test_a_plan_is_not_drafted_again_before_the_day_of_the_draft_that_stands() -> None:
    """It stood on the page as the newer draft, and by the days it was the older of the two."""
    history = j.given(j.REFERRED, e.ReferralAccepted(), (e.PlanDrafted(j.STEPS), day(9)))
    other = j.STEPS[:1]
    with pytest.raises(InvalidField, match="drafted only on 2025-03-12"):
        plan.draft_plan(history, j.act(day(5)), steps=other)
    assert plan.draft_plan(history, j.act(day(9)), steps=other) == (e.PlanDrafted(other),)


SIGNED = (e.Signatory("client-1", "client"), e.Signatory("work\u00ader", "case-worker"))


def drafted(step: str) -> e.PlanDrafted:
    return e.PlanDrafted((replace(j.STEPS[0], id=step),))


@pytest.mark.parametrize(
    ("told", "other"),
    [
        (drafted("s\u007f1"), drafted("s\u007f2")),
        (
            e.ServiceProposed("c\u007f1", "course", "school"),
            e.ServiceProposed("c\u007f2", "course", "school"),
        ),
        (e.PlanAgreed(SIGNED), e.PlanAgreed((*SIGNED, e.Signatory("o\u00adther", "employer")))),
        (e.ServiceStarted("c\u007f1", "course"), e.ServiceStarted("c\u007f2", "course")),
    ],
)
def test_what_older_programs_let_an_entry_name_stays_as_it_is_put_right(
    told: Any, other: Any
) -> None:
    """An entry whose day alone was wrong could not be corrected, and no guard let it be again."""
    history = j.given(*IN_TRAINING, e.PlanDrafted(j.STEPS), (told, day(5)))
    right = {"entry": 5, "occurred_on": day(6), "reason": j.WHY}
    assert corrections.correct(history, j.act(day(9)), event=told, **right)
    with pytest.raises(InvalidField, match=r"nobody sees|control characters"):
        corrections.correct(history, j.act(day(9)), event=other, **right)
    entry = history.entries[-1]
    then = history_of(history.entries[:-1])
    repeated.ask_of(then, j.act(day(9)), entry)  # as an audit asks it: it raises nothing


def test_a_step_that_goes_by_an_old_id_is_kept_by_it_as_the_plan_is_revised() -> None:
    history = j.given(*OPEN, drafted("s\u007f1"), (e.PlanAgreed(j.CLIENT_SIGNS), day(5)))
    kept, new = drafted("s\u007f1").steps, drafted("s\u007f2").steps
    said = {"signatories": j.CLIENT_SIGNS, "reason": j.WHY}
    assert plan.revise_plan(history, j.act(day(6)), steps=kept, **said)
    with pytest.raises(InvalidField, match="control characters"):
        plan.revise_plan(history, j.act(day(6)), steps=(*kept, *new), **said)


def found(history: History) -> set[tuple[str, int | None]]:
    return {(d.kind, d.entry) for d in doubts(history, j.definition, j.is_weekday) if d.open}


def test_what_a_decision_leant_on_in_a_journey_that_came_in_several_runs_goes_by_the_days() -> None:
    """By the order recorded a service was over that goes on by the days, until that was undone."""
    source = Source("other", "0" * 64, "t.csv", 1, "r1")
    told: list[tuple[Any, date]] = [
        (j.REFERRED, day(0)),
        (e.ReferralAccepted(), day(0)),
        (e.ServiceStarted("c1", "coaching"), day(14)),
        (e.ServiceCompleted("c1", "coaching", "done"), day(9)),
    ]
    entries = [
        j.entry(version, event, on)._replace(source=source)
        for version, (event, on) in enumerate(told, start=1)
    ]
    known = facts_of(history_of(entries).at(day(20)), day(20))
    used = tuple(e.FactUsed(name, stored(value), by) for name, (value, by) in known.items())
    entries.append(j.entry(5, e.EligibilityAssessed(1, "city", True, used, ()), day(20)))
    undone = j.entry(6, e.EntryRetracted(4, j.WHY), day(30))
    then = history_of([*entries, undone])
    assert facts_of(then.at(day(20)), day(20)).keys() == {*known, "eligible"}
    assert not found(then)


def retracted(history: History, entry: int) -> History:
    return j.recorded(history, (e.EntryRetracted(entry, j.WHY),), j.DAY)


def verdict(*entries: int) -> e.EligibilityAssessed:
    return e.EligibilityAssessed(1, "city", True, (e.FactUsed("team_size", 2, entries),), ())


def test_every_entry_that_a_count_came_from_is_leaned_on() -> None:
    spells = [
        e.UnemploymentPeriodRecorded(date(2024, m, 1), date(2024, m, 20), "spell") for m in (2, 9)
    ]
    told = j.given(*OPEN, *spells)
    known = facts_of(told.journey, j.DAY)
    assert known["days_unemployed_of_last_16_months"] == (40, (3, 4))
    history = j.recorded(told, (verdict(3, 4),), j.DAY)
    assert found(retracted(history, 3)) == {("eligibility-assessed", 5)}


@pytest.mark.parametrize(
    ("ground", "decision"),
    [
        (e.HandoverAccepted("state", "w"), j.eligible()),
        (e.DefinitionAdopted(2, j.WHY), j.eligible()),
        (e.PhaseEntered(Phase.INTAKE, 1), e.PhaseEntered(Phase.TRAINING, 1)),
    ],
)
def test_a_decision_stands_on_its_place_version_and_phase(ground: Any, decision: Any) -> None:
    history = j.given(*OPEN, ground, decision)
    assert (event_name(type(decision)), 4) in found(retracted(history, 3))


def test_another_client_shakes_every_verdict_and_another_channel_none() -> None:
    history = j.given(*OPEN, j.eligible())
    for wrong, shaken in (({"client": "other"}, True), ({"channel": "line-1"}, False)):
        event = replace(j.REFERRED, **wrong)
        events = corrections.correct(history, j.act(), entry=1, event=event, reason=j.WHY)
        doubted = found(j.recorded(history, events, j.DAY))
        assert (("eligibility-assessed", 3) in doubted) is shaken


def test_a_note_put_right_shakes_nothing() -> None:
    history = j.given(*OPEN, e.IntakeInterviewHeld(TOLD), verdict(3))
    right = e.IntakeInterviewHeld(TOLD, Personal("a better note"))
    events = corrections.correct(history, j.act(), entry=3, event=right, reason=j.WHY)
    assert found(j.recorded(history, events, j.DAY)) == set()


def test_what_settled_a_doubt_and_was_retracted_settles_it_no_more() -> None:
    history = j.given(*OPEN, e.IntakeInterviewHeld(TOLD), verdict(3))
    history = retracted(history, 3)
    again = j.recorded(history, (verdict(),), j.DAY)
    assert ("eligibility-assessed", 4) not in found(again)
    assert ("eligibility-assessed", 4) in found(retracted(again, 6))


def test_references_that_go_in_a_circle_end() -> None:
    history = j.given(j.REFERRED, e.EntryRetracted(2, j.WHY), e.EntryRetracted(2, j.WHY))
    assert found(history) == set()


def test_of_a_paused_journey_somebody_else_can_become_responsible() -> None:
    history = j.given(*OPEN, PAUSED)
    fields = {"person": "w2", "organisation": "city"}
    assert referral.assign_case_worker(history, j.act(day(12)), **fields)


def test_a_service_of_the_client_is_one_whatever_is_recorded_late() -> None:
    history = j.given(*IN_TRAINING, (e.ServiceProposed("c1", "course"), day(1)))
    for decision, number in ((services.accept_service, 2), (services.start_service, 3)):
        events = decision(history, j.act(day(number)), reference="c1")
        history = j.recorded(history, events, day(number), late=5)
    assert [s.status for s in history.journey.services] == [ServiceStatus.STARTED]
    assert course.pause(history, j.act(day(30)), reason=j.WHY)


def test_a_client_is_referred_anew_on_no_day_before_what_was_told_of_the_referral_retracted():
    history = j.given(
        j.REFERRED,
        (e.ReferralAccepted(), j.DAY + timedelta(days=2)),
        (e.EntryRetracted(1, j.WHY), j.DAY + timedelta(days=9)),
    )
    told = {"client": "c-2", "from_organisation": "school", "to_organisation": "state"}
    with pytest.raises(InvalidField, match="lies before entry 2") as refused:
        referral.refer(history, j.act(j.DAY), **told, channel="walk-in")
    assert refused.value.field == "occurred_on"
    day = j.DAY + timedelta(days=2)
    anew = j.recorded(history, referral.refer(history, j.act(day), **told, channel="walk-in"), day)
    assert (anew.journey.status, anew.journey.organisation) == ("referred", "state")
    assert corrections.retract(anew, j.act(day), entry=2, reason=j.WHY)
    with pytest.raises(IllegalTransition, match="referred once"):  # it would hold beside this one
        corrections.retract(anew, j.act(day), entry=3, reason=j.WHY)
