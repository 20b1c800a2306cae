"""Every act that people can ask for, by the name that interfaces use for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from domain.definition import Phase
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
from domain.journey.act import Events

ANY = None


@dataclass(frozen=True, slots=True)
class JourneyAct:
    """An act of a journey: its code, its decision, and the phase it mostly belongs to."""

    code: str
    decision: Callable[..., Events]
    phase: Phase | None = ANY


JOURNEY_ACTS: Mapping[str, JourneyAct] = MappingProxyType(
    {
        act.code: act
        for act in (
            JourneyAct("refer", referral.refer),
            JourneyAct("assess-eligibility", referral.assess_eligibility),
            JourneyAct("accept-referral", referral.accept_referral),
            JourneyAct("decline-referral", referral.decline_referral),
            JourneyAct("assign-case-worker", referral.assign_case_worker),
            JourneyAct("hold-intake-interview", intake.hold_intake_interview, Phase.INTAKE),
            JourneyAct("define-service-needs", intake.define_service_needs, Phase.INTAKE),
            JourneyAct(
                "start-competence-review", review.start_competence_review, Phase.COMPETENCE_REVIEW
            ),
            JourneyAct(
                "submit-self-assessment", review.submit_self_assessment, Phase.COMPETENCE_REVIEW
            ),
            JourneyAct("record-competence", review.record_competence, Phase.COMPETENCE_REVIEW),
            JourneyAct(
                "complete-competence-review",
                review.complete_competence_review,
                Phase.COMPETENCE_REVIEW,
            ),
            JourneyAct("join-team", team.join_team),
            JourneyAct("leave-team", team.leave_team),
            JourneyAct("draft-plan", plan.draft_plan),
            JourneyAct("agree-plan", plan.agree_plan),
            JourneyAct("revise-plan", plan.revise_plan),
            JourneyAct("reach-step", plan.reach_step),
            JourneyAct("drop-step", plan.drop_step),
            JourneyAct("propose-service", services.propose_service, Phase.TRAINING),
            JourneyAct("accept-service", services.accept_service, Phase.TRAINING),
            JourneyAct("decline-service", services.decline_service, Phase.TRAINING),
            JourneyAct("start-service", services.start_service, Phase.TRAINING),
            JourneyAct("record-attendance", services.record_attendance, Phase.TRAINING),
            JourneyAct("interrupt-service", services.interrupt_service, Phase.TRAINING),
            JourneyAct("complete-service", services.complete_service, Phase.TRAINING),
            JourneyAct("award-certificate", services.award_certificate, Phase.TRAINING),
            JourneyAct("propose-placement", placement.propose_placement, Phase.PLACEMENT),
            JourneyAct("agree-placement", placement.agree_placement, Phase.PLACEMENT),
            JourneyAct("start-placement", placement.start_placement, Phase.PLACEMENT),
            JourneyAct("review-placement", placement.review_placement, Phase.PLACEMENT),
            JourneyAct("end-placement", placement.end_placement, Phase.PLACEMENT),
            JourneyAct("award-grant", placement.award_grant, Phase.PLACEMENT),
            JourneyAct("pay-grant", placement.pay_grant, Phase.PLACEMENT),
            JourneyAct("grant-wage-subsidy", placement.grant_wage_subsidy, Phase.PLACEMENT),
            JourneyAct("advise-employer", placement.advise_employer, Phase.PLACEMENT),
            JourneyAct("hold-follow-up", follow_up.hold_follow_up, Phase.FOLLOW_UP),
            JourneyAct("record-employment-period", follow_up.record_employment_period),
            JourneyAct("record-unemployment-period", follow_up.record_unemployment_period),
            JourneyAct("record-benefit-period", follow_up.record_benefit_period),
            JourneyAct("enter-phase", course.enter_phase),
            JourneyAct("request-handover", handover.request_handover),
            JourneyAct("accept-handover", handover.accept_handover),
            JourneyAct("decline-handover", handover.decline_handover),
            JourneyAct("give-feedback", course.give_feedback),
            JourneyAct("exempt-deadline", course.exempt_deadline),
            JourneyAct("move-deadline", course.move_deadline),
            JourneyAct("pause", course.pause),
            JourneyAct("resume", course.resume),
            JourneyAct("adopt-definition", course.adopt_definition),
            JourneyAct("correct", corrections.correct),
            JourneyAct("retract", corrections.retract),
            JourneyAct("review-decision", corrections.review_decision),
            JourneyAct("close", ending.close),
            JourneyAct("reopen", ending.reopen),
        )
    }
)
"""Every act of a journey by its code."""


def decision_of(code: str) -> Callable[..., Any]:
    """Return the decision of an act. Raises KeyError for a code that is none."""
    return JOURNEY_ACTS[code].decision
