"""Every event of a journey. These are stored formats: a change of shape needs a new version.

Who did it, for which organisation, and both clocks are in the entry (`domain.entry.Entry`).
A field of type `Personal` holds words or names that point to a person, and can be sealed. Coded
facts (a situation, a score, a reason's code) stand under the client's pseudonymous id, because
evaluation counts them; a plain `str` is a code or a stable id. Days are dates in the place of the
programme. Each room tells one part of a journey, as the rooms of its decisions do, and has the
union of its events. Others import the events from here: this is the one list of all that can be
recorded of a journey.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TypeAlias, get_args

from domain.entry import Personal, event_name
from domain.facts import EmploymentStatus
from domain.journey.events.corrections import CorrectionEvent, DecisionReviewed, EntryRetracted
from domain.journey.events.course import (
    CourseEvent,
    DeadlineExempted,
    DeadlineMoved,
    DefinitionAdopted,
    FeedbackGiven,
    HandoverAccepted,
    HandoverDeclined,
    HandoverRequested,
    JourneyPaused,
    JourneyResumed,
    PhaseEntered,
)
from domain.journey.events.ending import EndingEvent, JourneyClosed, JourneyReopened
from domain.journey.events.follow_up import (
    BenefitPeriodRecorded,
    EmploymentPeriodRecorded,
    FollowUpEvent,
    FollowUpHeld,
    PeriodRecorded,
    UnemploymentPeriodRecorded,
)
from domain.journey.events.intake import IntakeEvent, IntakeInterviewHeld, ServiceNeedsDefined
from domain.journey.events.placement import (
    EmployerAdvised,
    GrantAwarded,
    GrantPaid,
    PlacementAgreed,
    PlacementEnded,
    PlacementEvent,
    PlacementProposed,
    PlacementReviewed,
    PlacementStarted,
    WageSubsidyGranted,
)
from domain.journey.events.plan import (
    PlanAgreed,
    PlanDrafted,
    PlanEvent,
    PlanRevised,
    PlanStep,
    PlanStepDropped,
    PlanStepReached,
)
from domain.journey.events.referral import (
    CaseWorkerAssigned,
    EligibilityAssessed,
    ReferralAccepted,
    ReferralDeclined,
    ReferralEvent,
    ReferralMade,
)
from domain.journey.events.review import (
    CompetenceRecorded,
    CompetenceReviewCompleted,
    CompetenceReviewStarted,
    ReviewEvent,
    Score,
    SelfAssessmentSubmitted,
)
from domain.journey.events.services import (
    AttendanceRecorded,
    CertificateAwarded,
    ServiceAccepted,
    ServiceCompleted,
    ServiceDeclined,
    ServiceEvent,
    ServiceInterrupted,
    ServiceProposed,
    ServiceStarted,
)
from domain.journey.events.shared import NOTHING_SAID, Answer, FactUsed, Signatory, Situation
from domain.journey.events.team import TeamEvent, TeamMemberJoined, TeamMemberLeft

__all__ = [
    "KINDS",
    "NOTHING_SAID",
    "VERSION_NAMING",
    "Answer",
    "AttendanceRecorded",
    "BenefitPeriodRecorded",
    "CaseWorkerAssigned",
    "CertificateAwarded",
    "CompetenceRecorded",
    "CompetenceReviewCompleted",
    "CompetenceReviewStarted",
    "DeadlineExempted",
    "DeadlineMoved",
    "DecisionReviewed",
    "DefinitionAdopted",
    "EligibilityAssessed",
    "EmployerAdvised",
    "EmploymentPeriodRecorded",
    "EmploymentStatus",
    "EntryCorrected",
    "EntryRetracted",
    "FactUsed",
    "FeedbackGiven",
    "FollowUpHeld",
    "GrantAwarded",
    "GrantPaid",
    "HandoverAccepted",
    "HandoverDeclined",
    "HandoverRequested",
    "IntakeInterviewHeld",
    "JourneyClosed",
    "JourneyEvent",
    "JourneyPaused",
    "JourneyReopened",
    "JourneyResumed",
    "PeriodRecorded",
    "PhaseEntered",
    "PlacementAgreed",
    "PlacementEnded",
    "PlacementProposed",
    "PlacementReviewed",
    "PlacementStarted",
    "PlanAgreed",
    "PlanDrafted",
    "PlanRevised",
    "PlanStep",
    "PlanStepDropped",
    "PlanStepReached",
    "ReferralAccepted",
    "ReferralDeclined",
    "ReferralMade",
    "Score",
    "SelfAssessmentSubmitted",
    "ServiceAccepted",
    "ServiceCompleted",
    "ServiceDeclined",
    "ServiceInterrupted",
    "ServiceNeedsDefined",
    "ServiceProposed",
    "ServiceStarted",
    "Signatory",
    "Situation",
    "TeamMemberJoined",
    "TeamMemberLeft",
    "UnemploymentPeriodRecorded",
    "WageSubsidyGranted",
]


@dataclass(frozen=True, slots=True)
class EntryCorrected:
    """What an entry should have said, and on which day it happened."""

    entry: int
    event: "JourneyEvent"
    occurred_on: date
    reason: Personal = field(default=NOTHING_SAID)


JourneyEvent: TypeAlias = (
    ReferralEvent
    | IntakeEvent
    | ReviewEvent
    | TeamEvent
    | PlanEvent
    | ServiceEvent
    | PlacementEvent
    | FollowUpEvent
    | CourseEvent
    | EntryCorrected
    | CorrectionEvent
    | EndingEvent
)

VERSION_NAMING = (ReferralMade, DefinitionAdopted)
"""Events that say under which version of its programme's definition a journey goes on."""

KINDS: Mapping[str, type] = MappingProxyType(
    {event_name(kind): kind for kind in get_args(JourneyEvent)}
)
"""Every kind of event of a journey, by name."""
