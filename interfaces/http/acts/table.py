"""Every act of a journey as the API has it: its body and what it is for."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import create_model

from application.catalogue import JOURNEY_ACTS
from interfaces.http.acts import (
    arrival,
    correcting,
    following,
    going,
    placing,
    planning,
    reviewing,
    serving,
)
from interfaces.http.acts.events import any_of, events_said
from interfaces.http.acts.fields import WITHOUT_SOURCE, Body, given

_WITHOUT_EVENTS: Mapping[str, type[Body]] = {
    "refer": arrival.Refer,
    "assess-eligibility": arrival.AssessEligibility,
    "accept-referral": arrival.AcceptReferral,
    "decline-referral": arrival.DeclineReferral,
    "assign-case-worker": arrival.AssignCaseWorker,
    "hold-intake-interview": arrival.HoldIntakeInterview,
    "define-service-needs": arrival.DefineServiceNeeds,
    "start-competence-review": reviewing.StartCompetenceReview,
    "submit-self-assessment": reviewing.SubmitSelfAssessment,
    "record-competence": reviewing.RecordCompetence,
    "complete-competence-review": reviewing.CompleteCompetenceReview,
    "join-team": planning.JoinTeam,
    "leave-team": planning.LeaveTeam,
    "draft-plan": planning.DraftPlan,
    "agree-plan": planning.AgreePlan,
    "revise-plan": planning.RevisePlan,
    "reach-step": planning.ReachStep,
    "drop-step": planning.DropStep,
    "propose-service": serving.ProposeService,
    "accept-service": serving.AcceptService,
    "decline-service": serving.DeclineService,
    "start-service": serving.StartService,
    "record-attendance": serving.RecordAttendance,
    "interrupt-service": serving.InterruptService,
    "complete-service": serving.CompleteService,
    "award-certificate": serving.AwardCertificate,
    "propose-placement": placing.ProposePlacement,
    "agree-placement": placing.AgreePlacement,
    "start-placement": placing.StartPlacement,
    "review-placement": placing.ReviewPlacement,
    "end-placement": placing.EndPlacement,
    "award-grant": placing.AwardGrant,
    "pay-grant": placing.PayGrant,
    "grant-wage-subsidy": placing.GrantWageSubsidy,
    "advise-employer": placing.AdviseEmployer,
    "hold-follow-up": following.HoldFollowUp,
    "record-employment-period": following.RecordEmploymentPeriod,
    "record-unemployment-period": following.RecordUnemploymentPeriod,
    "record-benefit-period": following.RecordBenefitPeriod,
    "enter-phase": going.EnterPhase,
    "request-handover": going.RequestHandover,
    "accept-handover": going.AcceptHandover,
    "decline-handover": going.DeclineHandover,
    "give-feedback": going.GiveFeedback,
    "exempt-deadline": going.ExemptDeadline,
    "move-deadline": going.MoveDeadline,
    "pause": going.Pause,
    "resume": going.Resume,
    "adopt-definition": going.AdoptDefinition,
    "retract": correcting.Retract,
    "review-decision": correcting.ReviewDecision,
    "close": going.Close,
    "reopen": going.Reopen,
}

EVENTS = events_said({JOURNEY_ACTS[code].decision: body for code, body in _WITHOUT_EVENTS.items()})
"""A body for every event that a correction can name, by its kind."""

_event = correcting.Correct.model_fields["event"]
Correct = create_model(
    "Correct",
    __base__=correcting.Correct,
    __doc__=correcting.Correct.__doc__,
    __cls_kwargs__=WITHOUT_SOURCE,
    event=(
        any_of(EVENTS),
        given(*(_event.examples or ()), description=_event.description),
    ),
)

BODIES: Mapping[str, type[Body]] = MappingProxyType({**_WITHOUT_EVENTS, "correct": Correct})
"""The body of every act of a journey by its code."""


NESTED: Mapping[str, str] = MappingProxyType(
    {"assess-eligibility": "given", "correct": "event.fields"}
)
"""The field of a body whose own fields the decision names without it."""
