"""Kinds of personal data: what consent is given to, and what is kept for how long.

Every event that says something about a person is of one kind, whole.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, get_args

from domain import client as c
from domain.consent import ConsentGiven, ConsentWithdrawn
from domain.erasure import ErasureEvent
from domain.journey import events as e
from domain.kinds import DataKind as DataKind  # noqa: PLC0414 - asked for here, too
from domain.same_person import ClientsMerged, ClientsSplit, MergeEvent

_OF: Mapping[DataKind, Iterable[type]] = {
    DataKind.IDENTITY: (c.ClientRegistered, *get_args(ErasureEvent), *get_args(MergeEvent)),
    DataKind.CONTACT: (c.ContactDetailsChanged,),
    DataKind.COURSE: (
        *(e.ReferralMade, e.ReferralAccepted, e.ReferralDeclined, e.CaseWorkerAssigned),
        *(e.TeamMemberJoined, e.TeamMemberLeft, e.PhaseEntered),
        *(e.HandoverRequested, e.HandoverAccepted, e.HandoverDeclined),
        *(e.DeadlineExempted, e.DeadlineMoved, e.JourneyPaused, e.JourneyResumed),
        *(e.DefinitionAdopted, e.EntryRetracted, e.DecisionReviewed),
        *(e.JourneyClosed, e.JourneyReopened, ConsentGiven, ConsentWithdrawn),
    ),
    DataKind.SITUATION: (e.EligibilityAssessed, e.IntakeInterviewHeld, e.ServiceNeedsDefined),
    DataKind.COMPETENCES: (
        *(e.CompetenceReviewStarted, e.SelfAssessmentSubmitted),
        *(e.CompetenceRecorded, e.CompetenceReviewCompleted),
    ),
    DataKind.PLAN: (
        *(e.PlanDrafted, e.PlanAgreed, e.PlanRevised, e.PlanStepReached, e.PlanStepDropped),
    ),
    DataKind.SERVICES: (
        *(e.ServiceProposed, e.ServiceAccepted, e.ServiceDeclined, e.ServiceStarted),
        *(e.AttendanceRecorded, e.ServiceInterrupted, e.ServiceCompleted, e.CertificateAwarded),
    ),
    DataKind.PLACEMENTS: (
        *(e.PlacementProposed, e.PlacementAgreed, e.PlacementStarted, e.PlacementReviewed),
        *(e.PlacementEnded, e.GrantAwarded, e.GrantPaid, e.WageSubsidyGranted, e.EmployerAdvised),
    ),
    DataKind.FOLLOW_UP: (
        *(e.FollowUpHeld, e.EmploymentPeriodRecorded, e.UnemploymentPeriodRecorded),
        *(e.BenefitPeriodRecorded, e.FeedbackGiven),
    ),
}

KIND_OF: Mapping[type, DataKind] = MappingProxyType(
    {event: kind for kind, events in _OF.items() for event in events}
)
"""The kind of data of each class of events. A correction is of the kind of what it corrects."""


def data_kind(event: Any) -> DataKind | None:
    """Return the kind of data of an event; None of one that says nothing about a person."""
    if isinstance(event, e.EntryCorrected):
        return KIND_OF.get(type(event.event))
    return KIND_OF.get(type(event))


def named_client(event: Any) -> str | None:
    """Return the id of the client whom an event names, for its texts speak of that one, too.

    It need not be the client of the stream: a referral may turn out to be another's, and two ids
    not to be one person's.
    """
    match event:
        case e.EntryCorrected():
            return named_client(event.event)
        case e.ReferralMade():
            return event.client
        case ClientsMerged() | ClientsSplit():
            return event.other
        case _:
            return None
