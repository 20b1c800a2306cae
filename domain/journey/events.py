"""Every event of a journey. These are stored formats: a change of shape needs a new version.

Who did it, for which organisation, and both clocks are in the entry (`domain.entry.Entry`).
A field of type `Personal` holds words or names that point to a person, and can be sealed. Coded
facts (a situation, a score, a reason's code) stand under the client's pseudonymous id, because
evaluation counts them; a plain `str` is a code or a stable id. Days are dates in the place of the
programme. The file is long because it is the one list of all that can be recorded of a journey.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias, get_args

from domain.definition import Phase
from domain.entry import Personal, event_name
from domain.facts import EmploymentStatus as EmploymentStatus  # noqa: PLC0414 - a stored shape says it
from domain.policy import RuleOutcome

NOTHING_SAID = Personal()


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A fact that a decision leaned on, and the entries (versions) that it came from.

    `entries` is empty for a fact from outside the journey, and where none says so. A day is an ISO
    8601 text.
    """

    name: str
    value: bool | int | float | str | tuple[str, ...] | None
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of the client's situation; None where nobody asked or nobody knows.

    `education` is the highest level by ISCED 2011 (0 to 8), `languages` are ISO 639 codes.
    """

    employment: EmploymentStatus | None = None
    unemployed_since: date | None = None
    education: int | None = None
    languages: tuple[str, ...] = ()
    municipality: str | None = None
    student_in_last_phase: bool | None = None
    finished_vocational_school: bool | None = None
    threatened_by_unemployment: bool | None = None
    unemployed_after_measure: bool | None = None
    at_risk_of_structural_unemployment: bool | None = None
    needs_more_guidance: bool | None = None
    disadvantages: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a questionnaire: a number on its scale, a text, or neither (no answer)."""

    question: str
    value: float | None = None
    text: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class Score:
    """A score computed from answers, on the questionnaire's own scale."""

    scale: str
    value: float


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A line of the plan: a goal, the service that leads there, and by when."""

    id: str
    goal: Personal
    by: date
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signed, in which role ("client", "case-worker", "employer" ...)."""

    person: str
    role: str


# Referral


@dataclass(frozen=True, slots=True)
class ReferralMade:
    """A client was referred to a programme: the journey begins."""

    client: str
    programme: str
    definition_version: int
    from_organisation: str
    to_organisation: str
    channel: str
    service_line: str | None = None
    existing_plan: Personal = NOTHING_SAID
    need_definition: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class ReferralAccepted:
    """The organisation took the client in."""


@dataclass(frozen=True, slots=True)
class ReferralDeclined:
    """The organisation did not take the client in, for a reason."""

    reason: Personal


@dataclass(frozen=True, slots=True)
class EligibilityAssessed:
    """The rules in force on the day, in the place, were put to the facts.

    Each rule is kept as it was worded then, with its outcome and legal basis.
    """

    definition_version: int
    organisation: str
    eligible: bool
    facts: tuple[FactUsed, ...]
    rules: tuple[RuleOutcome, ...]


@dataclass(frozen=True, slots=True)
class CaseWorkerAssigned:
    """A person became responsible for the journey."""

    person: str
    organisation: str


# Intake


@dataclass(frozen=True, slots=True)
class IntakeInterviewHeld:
    """The first interview was held."""

    situation: Situation
    note: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class ServiceNeedsDefined:
    """What the client needs, in codes of the definition."""

    needs: tuple[str, ...]
    service_line: str | None = None
    note: Personal = NOTHING_SAID


# Competence review


@dataclass(frozen=True, slots=True)
class CompetenceReviewStarted:
    """A competence review began, by a method of the definition."""

    method: str
    assessor: str


@dataclass(frozen=True, slots=True)
class SelfAssessmentSubmitted:
    """The client answered a self-assessment."""

    questionnaire: str
    questionnaire_version: int
    answers: tuple[Answer, ...]
    scores: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True)
class CompetenceRecorded:
    """A competence was found: an ESCO URI or a code of a frame, its level and its evidence."""

    concept: str
    level: str
    evidence: Personal = NOTHING_SAID
    validated_by: str | None = None


@dataclass(frozen=True, slots=True)
class CompetenceReviewCompleted:
    """The competence review was finished."""

    strengths: tuple[Personal, ...]
    development_needs: tuple[Personal, ...]


# Team and plan


@dataclass(frozen=True, slots=True)
class TeamMemberJoined:
    """A person of a partner joined the client's team."""

    person: str
    organisation: str
    role: str


@dataclass(frozen=True, slots=True)
class TeamMemberLeft:
    """A person left the client's team."""

    person: str
    organisation: str


@dataclass(frozen=True, slots=True)
class PlanDrafted:
    """A plan was drafted, or drafted again before it was agreed."""

    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True)
class PlanAgreed:
    """The drafted plan was agreed and signed."""

    signatories: tuple[Signatory, ...]


@dataclass(frozen=True, slots=True)
class PlanRevised:
    """An agreed plan was replaced by another, for a reason."""

    steps: tuple[PlanStep, ...]
    signatories: tuple[Signatory, ...]
    reason: Personal


@dataclass(frozen=True, slots=True)
class PlanStepReached:
    """A step of the plan was reached."""

    step: str


@dataclass(frozen=True, slots=True)
class PlanStepDropped:
    """A step of the plan was given up."""

    step: str
    reason: Personal


# Training and services. `reference` tells one service of the client from another.


@dataclass(frozen=True, slots=True)
class ServiceProposed:
    """A service was proposed to the client."""

    reference: str
    service: str
    provider: str | None = None
    step: str | None = None
    reason: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class ServiceAccepted:
    """The client accepted the service."""

    reference: str


@dataclass(frozen=True, slots=True)
class ServiceDeclined:
    """The service was declined, by the client or by the provider."""

    reference: str
    reason: Personal


@dataclass(frozen=True, slots=True)
class ServiceStarted:
    """The service began."""

    reference: str
    service: str
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class AttendanceRecorded:
    """The client was there for so many hours, or was absent for a coded reason."""

    reference: str
    hours: float
    absence_reason: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceInterrupted:
    """The service ended before its time."""

    reference: str
    reason: Personal


@dataclass(frozen=True, slots=True)
class ServiceCompleted:
    """The service was carried through; `hours` in all, where they are known."""

    reference: str
    service: str
    result: str
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class CertificateAwarded:
    """A certificate was awarded; `eqf_level` of the European Qualifications Framework, 1 to 8."""

    title: str
    awarding_body: str
    competences: tuple[str, ...] = ()
    eqf_level: int | None = None


# Placement


@dataclass(frozen=True, slots=True)
class PlacementProposed:
    """A placement with an employer was proposed; `form` is one of the vocabulary's forms."""

    reference: str
    employer: str
    form: str
    hours_per_week: float | None = None
    tutor: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class PlacementAgreed:
    """The placement was agreed and signed."""

    reference: str
    signatories: tuple[Signatory, ...]


@dataclass(frozen=True, slots=True)
class PlacementStarted:
    """The client began at the employer's."""

    reference: str


@dataclass(frozen=True, slots=True)
class PlacementReviewed:
    """How the placement goes was talked over with client, employer or tutor."""

    reference: str
    note: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class PlacementEnded:
    """The placement ended."""

    reference: str
    reason: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class GrantAwarded:
    """A grant for a placement was awarded: an amount in all, for a period (both days included)."""

    reference: str
    amount: Decimal
    currency: str
    payer: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class GrantPaid:
    """A part of a grant was paid, for a period (both days included)."""

    reference: str
    amount: Decimal
    currency: str
    payer: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class WageSubsidyGranted:
    """A wage subsidy was granted to the employer, for a period (both days included)."""

    reference: str
    amount: Decimal
    currency: str
    payer: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class EmployerAdvised:
    """The employer was advised, for instance on the law of taking on such a person."""

    employer: str
    topic: str


# Follow-up


@dataclass(frozen=True, slots=True)
class FollowUpHeld:
    """The client was met or called afterwards; `point` is a point of the follow-up calendar."""

    status: EmploymentStatus
    support_needed: tuple[str, ...] = ()
    point: str | None = None
    situation: Situation | None = None
    note: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class EmploymentPeriodRecorded:
    """A period of work, both days included; `end` None while it lasts."""

    start: date
    end: date | None
    kind: str
    paid_days: int | None = None


@dataclass(frozen=True, slots=True)
class UnemploymentPeriodRecorded:
    """A period of unemployment, both days included; `end` None while it lasts."""

    start: date
    end: date | None
    kind: str
    paid_days: int | None = None


@dataclass(frozen=True, slots=True)
class BenefitPeriodRecorded:
    """A period on a benefit, both days included, with the days paid in it."""

    start: date
    end: date | None
    kind: str
    paid_days: int | None = None


# Any phase


@dataclass(frozen=True, slots=True)
class PhaseEntered:
    """The journey entered a phase; requirements that were not met are overridden with a reason."""

    phase: Phase
    definition_version: int
    facts: tuple[FactUsed, ...] = ()
    overridden: tuple[str, ...] = ()
    reason: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class HandoverRequested:
    """The responsible organisation asked another to take over."""

    to_organisation: str
    reason: Personal
    brief: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class HandoverAccepted:
    """The other organisation took over; `person` is responsible from now on."""

    organisation: str
    person: str


@dataclass(frozen=True, slots=True)
class HandoverDeclined:
    """The other organisation did not take over."""

    reason: Personal


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    """Feedback of the client, an employer or the network."""

    respondent: str
    questionnaire: str
    questionnaire_version: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class DeadlineExempted:
    """A deadline was lifted, for a reason of the definition's list."""

    deadline: str
    reason: str
    note: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class DeadlineMoved:
    """A deadline was moved to another day."""

    deadline: str
    due: date
    reason: Personal


@dataclass(frozen=True, slots=True)
class JourneyPaused:
    """The journey rests and its clocks stand still; `until` is a hope, not an end."""

    reason: Personal
    until: date | None = None


@dataclass(frozen=True, slots=True)
class JourneyResumed:
    """The journey goes on and its clocks run again."""


@dataclass(frozen=True, slots=True)
class DefinitionAdopted:
    """The journey goes on under another version of its programme's definition."""

    definition_version: int
    reason: Personal


@dataclass(frozen=True, slots=True)
class EntryRetracted:
    """An entry should never have been recorded: nothing of it holds."""

    entry: int
    reason: Personal


@dataclass(frozen=True, slots=True)
class DecisionReviewed:
    """Somebody looked again at a decision that had relied on a fact corrected since.

    `entry` is the decision's entry, or None for a deadline (then `deadline` names it).
    """

    correction: int
    entry: int | None
    deadline: str | None
    upheld: bool
    reason: Personal


# End


@dataclass(frozen=True, slots=True)
class JourneyClosed:
    """The journey ended, in an end state of the definition, with a destination."""

    end_state: str
    destination: str
    reason: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class JourneyReopened:
    """A closed journey was opened again."""

    reason: Personal


@dataclass(frozen=True, slots=True)
class EntryCorrected:
    """What an entry should have said, and on which day it happened."""

    entry: int
    event: "JourneyEvent"
    occurred_on: date
    reason: Personal = field(default=NOTHING_SAID)


JourneyEvent: TypeAlias = (
    ReferralMade
    | ReferralAccepted
    | ReferralDeclined
    | EligibilityAssessed
    | CaseWorkerAssigned
    | IntakeInterviewHeld
    | ServiceNeedsDefined
    | CompetenceReviewStarted
    | SelfAssessmentSubmitted
    | CompetenceRecorded
    | CompetenceReviewCompleted
    | TeamMemberJoined
    | TeamMemberLeft
    | PlanDrafted
    | PlanAgreed
    | PlanRevised
    | PlanStepReached
    | PlanStepDropped
    | ServiceProposed
    | ServiceAccepted
    | ServiceDeclined
    | ServiceStarted
    | AttendanceRecorded
    | ServiceInterrupted
    | ServiceCompleted
    | CertificateAwarded
    | PlacementProposed
    | PlacementAgreed
    | PlacementStarted
    | PlacementReviewed
    | PlacementEnded
    | GrantAwarded
    | GrantPaid
    | WageSubsidyGranted
    | EmployerAdvised
    | FollowUpHeld
    | EmploymentPeriodRecorded
    | UnemploymentPeriodRecorded
    | BenefitPeriodRecorded
    | PhaseEntered
    | HandoverRequested
    | HandoverAccepted
    | HandoverDeclined
    | FeedbackGiven
    | DeadlineExempted
    | DeadlineMoved
    | JourneyPaused
    | JourneyResumed
    | DefinitionAdopted
    | EntryCorrected
    | EntryRetracted
    | DecisionReviewed
    | JourneyClosed
    | JourneyReopened
)


KINDS: Mapping[str, type] = MappingProxyType(
    {event_name(kind): kind for kind in get_args(JourneyEvent)}
)
"""Every kind of event of a journey, by name."""
