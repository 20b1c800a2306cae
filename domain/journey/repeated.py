"""Which decision guards an event: what is corrected must be what could have been recorded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from domain.definition import Definition
from domain.journey import (
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
from domain.journey.evolve import fold
from domain.journey.history import (
    History,
    JourneyEntry,
    as_it_happened,
    history_of,
    state_of,
)
from domain.journey.state import Journey
from domain.refusals import InvalidField
from domain.wording import Wording, said

DECISIONS: Mapping[type, Callable[..., Events]] = MappingProxyType(
    {
        e.ReferralMade: referral.refer,
        e.ReferralAccepted: referral.accept_referral,
        e.ReferralDeclined: referral.decline_referral,
        e.CaseWorkerAssigned: referral.assign_case_worker,
        e.IntakeInterviewHeld: intake.hold_intake_interview,
        e.ServiceNeedsDefined: intake.define_service_needs,
        e.CompetenceReviewStarted: review.start_competence_review,
        e.SelfAssessmentSubmitted: review.submit_self_assessment,
        e.CompetenceRecorded: review.record_competence,
        e.CompetenceReviewCompleted: review.complete_competence_review,
        e.TeamMemberJoined: team.join_team,
        e.TeamMemberLeft: team.leave_team,
        e.PlanDrafted: plan.draft_plan,
        e.PlanAgreed: plan.agree_plan,
        e.PlanRevised: plan.revise_plan,
        e.PlanStepReached: plan.reach_step,
        e.PlanStepDropped: plan.drop_step,
        e.ServiceProposed: services.propose_service,
        e.ServiceAccepted: services.accept_service,
        e.ServiceDeclined: services.decline_service,
        e.ServiceStarted: services.start_service,
        e.AttendanceRecorded: services.record_attendance,
        e.ServiceInterrupted: services.interrupt_service,
        e.ServiceCompleted: services.complete_service,
        e.CertificateAwarded: services.award_certificate,
        e.PlacementProposed: placement.propose_placement,
        e.PlacementAgreed: placement.agree_placement,
        e.PlacementStarted: placement.start_placement,
        e.PlacementReviewed: placement.review_placement,
        e.PlacementEnded: placement.end_placement,
        e.GrantAwarded: placement.award_grant,
        e.GrantPaid: placement.pay_grant,
        e.WageSubsidyGranted: placement.grant_wage_subsidy,
        e.EmployerAdvised: placement.advise_employer,
        e.FollowUpHeld: follow_up.hold_follow_up,
        e.EmploymentPeriodRecorded: follow_up.record_employment_period,
        e.UnemploymentPeriodRecorded: follow_up.record_unemployment_period,
        e.BenefitPeriodRecorded: follow_up.record_benefit_period,
        e.HandoverRequested: handover.request_handover,
        e.HandoverAccepted: handover.accept_handover,
        e.HandoverDeclined: handover.decline_handover,
        e.FeedbackGiven: course.give_feedback,
        e.DeadlineExempted: course.exempt_deadline,
        e.DeadlineMoved: course.move_deadline,
        e.JourneyPaused: course.pause,
        e.JourneyResumed: course.resume,
        e.DefinitionAdopted: course.adopt_definition,
        e.JourneyClosed: ending.close,
        e.JourneyReopened: ending.reopen,
    }
)
"""The decision that records each kind of event, with the event's fields as its own."""

DECIDED = (e.EligibilityAssessed, e.PhaseEntered)
"""What rules decided: only its day can be corrected, else it is retracted and decided anew."""

_NOT_ASKED = {
    e.ReferralMade: ("programme", "definition_version"),
    e.ServiceCompleted: ("service",),
    e.HandoverAccepted: ("organisation",),
}


def check_correction(
    history: History, act: Act, recorded: JourneyEntry, event: e.JourneyEvent, happened: date
) -> None:
    """Raise what the decision would, asked about what had happened before.

    `recorded` is the entry in force now. Imported entries are another system's claims: they passed
    no guard, and their corrections pass none.
    """
    if isinstance(event, DECIDED) and event != recorded.event:
        raise InvalidField("event", said("rules decided this: retract it and decide anew"))
    if isinstance(event, e.ReferralMade):
        _check_referral(history, recorded, event, happened)
    if recorded.source is None:
        corrected = recorded._replace(event=event, occurred_on=happened)
        ask_again(history, act, corrected)
        if happened != recorded.occurred_on and _agree(history.in_force):
            _check_order(history, corrected)


def ask_again(history: History, act: Act, entry: JourneyEntry) -> None:
    """Ask the decision that guards an event again, about what had happened before it.

    The act gives what holds for the journey; who acts, and on which day, the entry says. Raises
    what the decision refuses; nothing is asked of what rules decided.
    """
    if not isinstance(entry.event, DECIDED):
        act = replace(act, definition=_recorded_under(history, act, entry))
        ask_of(before(history, entry.occurred_on, entry.version), act, entry)


def _recorded_under(history: History, act: Act, entry: JourneyEntry) -> Definition:
    """Return the definition that an entry is under: that of its day, as known when recorded.

    Its codes are of that one: another that was adopted since may have them no more. Where the
    journey was in another programme then, it is that of its day as known now: the versions of the
    other one are none of this.
    """
    if isinstance(entry.event, e.VERSION_NAMING):
        return act.definition_under(entry.event.definition_version)
    known = history_of(x for x in history.entries if x.version < entry.version)
    if known.journey.programme != act.definition.programme:  # retracted since, and made anew
        known = history
    versions = (known.at(entry.occurred_on).definition_version, known.journey.definition_version)
    return act.definition_under(next(filter(None, versions), act.definition.version))


def ask_of(history: History, act: Act, entry: JourneyEntry) -> None:
    """Ask the decision that guards an event, of a history as it is given; as `ask_again` does.

    Of what rules decided, only whether it could be decided is asked, not what the rules say.
    """
    event = entry.event
    then = replace(act, by=entry.by, on=entry.occurred_on, named=_named(history, entry))
    match event:
        case e.EligibilityAssessed():
            referral.assess_eligibility(history, then)
        case e.PhaseEntered():
            _ask_phase(history, then, event)
        case _ if type(event) in DECISIONS:
            if isinstance(event, e.HandoverAccepted):
                then = replace(then, by=replace(entry.by, organisation=event.organisation))
            DECISIONS[type(event)](history, then, **_asked(event))


def _named(history: History, entry: JourneyEntry) -> frozenset[str]:
    """Return what an entry named as it was recorded, which older programs took in any letters."""
    match (history.entry(entry.version) or entry).event:
        case e.PlanAgreed(signed) | e.PlacementAgreed(_, signed):
            return frozenset(one.person for one in signed)
        case e.PlanRevised(steps, signed):
            return frozenset({*(one.id for one in steps), *(one.person for one in signed)})
        case e.PlanDrafted(steps):
            return frozenset(one.id for one in steps)
        case e.ServiceProposed(name) | e.ServiceStarted(name) | e.PlacementProposed(name):
            return frozenset({name})
        case _:
            return frozenset()


def _ask_phase(history: History, act: Act, event: e.PhaseEntered) -> None:
    """Ask whether a phase could be entered, whatever is not met: rules tell that.

    Where requirements were overridden, it must still be somebody's to override them.
    """
    definition = act.definition
    rule = definition.phase(event.phase)
    every = tuple(one.id for one in rule.requires) if rule else ()
    if not event.overridden:
        phases = tuple(replace(x, requires=()) for x in definition.phases)
        definition = replace(definition, phases=phases)
    roles = definition.override_roles
    why = event.reason if event.overridden else e.NOTHING_SAID
    act = replace(act, definition=definition, roles=roles)
    course.enter_phase(history, act, phase=event.phase, override=every, reason=why)


def _asked(event: e.JourneyEvent) -> dict[str, Any]:
    silent = _NOT_ASKED.get(type(event), ())
    return {f.name: getattr(event, f.name) for f in fields(event) if f.name not in silent}


def before(history: History, day: date, version: int) -> History:
    """Return the history as it had happened before an entry (its version), were it of the day."""
    others = (x for x in as_it_happened(history.in_force) if x.version != version)
    in_force = tuple(x for x in others if (x.occurred_on, x.version) < (day, version))
    return History(history.entries, in_force, fold(in_force))


def _check_order(history: History, corrected: JourneyEntry) -> None:
    """Raise InvalidField where an entry would happen after what undid it, or before what it undid.

    The journey would then stand in one place by the order recorded, in another by the days.
    """
    version, day = corrected.version, corrected.occurred_on
    in_force = [corrected if x.version == version else x for x in history.in_force]
    if _agree(in_force):
        return
    swapped = [
        x
        for x in in_force
        if (x.version < version and x.occurred_on > day)
        or (x.version > version and x.occurred_on < day)
    ]
    at_odds = (x for x in swapped if _agree([y for y in in_force if y is not x]))
    other = next(at_odds, next(iter(swapped), None))
    if other is not None:
        raise InvalidField("occurred_on", _lies_beyond(other, day))


def _lies_beyond(other: JourneyEntry, day: date) -> Wording:
    named = {"happened": day, "version": other.version, "occurred_on": other.occurred_on}
    if other.occurred_on < day:
        return said("{happened} lies after entry {version}, {occurred_on}", **named)
    return said("{happened} lies before entry {version}, {occurred_on}", **named)


def _agree(in_force: Sequence[JourneyEntry]) -> bool:
    """Whether the journey stands where it does in the order recorded and as it happened."""
    return _stands(state_of(in_force)) == _stands(fold(as_it_happened(in_force)))


def _stands(journey: Journey) -> tuple[object, ...]:
    """Return where a journey stands, in whose hands it is, how far all is, and what is due when."""
    return (
        *(journey.status, journey.organisation, journey.responsible, journey.closing),
        *(journey.definition_version, journey.handover, journey.stay, journey.pauses),
        *(journey.review, journey.plan, {a.deadline: a.due for a in journey.adjustments}),
        {(s.reference, s.status) for s in journey.services},
        {(p.reference, p.status) for p in journey.placements},
        {(m.person, m.organisation, m.role) for m in journey.present_team()},
    )


def _check_referral(
    history: History, recorded: JourneyEntry, event: e.ReferralMade, happened: date
) -> None:
    before = recorded.event
    if not isinstance(before, e.ReferralMade):
        return
    for name in ("programme", "definition_version"):
        if getattr(event, name) != getattr(before, name):
            raise InvalidField(
                f"event.{name}", said("a journey keeps its programme, and adopts another version")
            )
    follow = [
        x
        for x in history.in_force
        if x.version > recorded.version
        and not isinstance(x.event, e.EntryCorrected | e.EntryRetracted)
    ]
    first = min(follow, key=lambda x: x.occurred_on, default=None)
    if first is not None and recorded.source is None and happened > first.occurred_on:
        raise InvalidField(
            "occurred_on",
            said(
                "{happened} lies after entry {version}, {occurred_on}",
                happened=happened,
                version=first.version,
                occurred_on=first.occurred_on,
            ),
        )
