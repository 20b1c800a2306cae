"""Ways to ask for each act: what could be said in its fields, as the state and definition have it.

There is no rule here. A way is put to the act's own decision, which says whether it can be
(`application.possible`). Fields that come from a closed set are filled from the state (references,
steps, deadlines ...) and from the definition (codes); what a person writes freely is made up.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from application.candidates import (
    corrections,
    course,
    follow_up,
    intake,
    placement,
    plan,
    referral,
    review,
    services,
)
from application.candidates.way import Asked, Fields, Way, Ways, texts, texts_at_will
from domain.wording import Wording, said

__all__ = ["NO_WAY", "WAYS", "Asked", "Fields", "Way"]


def _with(*names: str) -> Callable[[Asked], Ways]:
    return lambda _asked: (Way(free=texts(*names)),)


WAYS: Mapping[str, Callable[[Asked], Ways]] = MappingProxyType(
    {
        "refer": referral.refer,
        "assess-eligibility": referral.assess,
        "accept-referral": _with(),
        "decline-referral": _with("reason"),
        "assign-case-worker": referral.assign,
        "hold-intake-interview": intake.interview,
        "define-service-needs": intake.needs,
        "start-competence-review": review.start_review,
        "submit-self-assessment": review.self_assess,
        "record-competence": review.record_competence,
        "complete-competence-review": review.complete_review,
        "join-team": plan.join,
        "leave-team": plan.leave,
        "draft-plan": plan.draft,
        "agree-plan": plan.agree,
        "revise-plan": plan.revise,
        "reach-step": plan.each_step(),
        "drop-step": plan.each_step("reason"),
        "propose-service": services.propose_service,
        "accept-service": services.each_service(),
        "decline-service": services.each_service(texts("reason")),
        "start-service": services.start_service,
        "record-attendance": services.each_service(services.hours),
        "interrupt-service": services.each_service(texts("reason")),
        "complete-service": services.each_service(services.result),
        "award-certificate": services.certificate,
        "propose-placement": placement.propose_placement,
        "agree-placement": placement.agree_placement,
        "start-placement": placement.each_placement(),
        "review-placement": placement.each_placement(texts_at_will("note")),
        "end-placement": placement.each_placement(texts_at_will("reason")),
        "award-grant": placement.grant,
        "pay-grant": placement.pay,
        "grant-wage-subsidy": placement.grant,
        "advise-employer": placement.advise,
        "hold-follow-up": follow_up.follow_up,
        "record-employment-period": follow_up.period,
        "record-unemployment-period": follow_up.period,
        "record-benefit-period": follow_up.period,
        "enter-phase": course.phases,
        "request-handover": course.request,
        "accept-handover": course.accept_handover,
        "decline-handover": _with("reason"),
        "give-feedback": course.feedback,
        "exempt-deadline": course.exempt,
        "move-deadline": course.move,
        "pause": _with("reason"),
        "resume": _with(),
        "adopt-definition": course.adopt,
        "correct": corrections.correct,
        "retract": corrections.retract,
        "review-decision": corrections.review,
        "close": course.close,
        "reopen": _with("reason"),
    }
)
"""The ways to ask for each act, by its code."""

NO_WAY: Mapping[str, Wording] = MappingProxyType(
    {
        "correct": said("nothing was recorded yet"),
        "review-decision": said("no decision waits for review"),
        "close": said("the definition has no end states"),
    }
)
"""What is missing where there is no way at all to ask for an act."""
