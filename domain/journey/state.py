"""The state of a journey: what decisions ask about, and what a page shows.

Every record names the `entry` (version) it came from, so that a decision can say what it leaned
on. All are named tuples, not dataclasses, because a log of millions of entries is folded through
them and a changed copy of a tuple costs a third.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from domain.calendar import Period
from domain.definition import Phase
from domain.journey.events import EmploymentStatus, PlanStep, Signatory, Situation

R = TypeVar("R")


def quickly_changed(record: type[R]) -> type[R]:
    """Give named tuples a `_replace` that costs half: whole logs are folded through it."""
    named: Any = record
    places = {name: place for place, name in enumerate(named._fields)}
    make = tuple.__new__

    def _replace(self: Any, **changes: object) -> Any:
        values = [*self]
        for name, value in changes.items():
            values[places[name]] = value
        return make(named, values)

    named._replace = _replace
    return record


class Status(StrEnum):
    """Where a journey stands as a whole."""

    NOT_BEGUN = "not-begun"
    REFERRED = "referred"
    DECLINED = "declined"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


@quickly_changed
class Referral(NamedTuple):
    """Where the client came from, by which channel and service line."""

    entry: int
    on: date
    from_organisation: str
    to_organisation: str
    channel: str
    service_line: str | None
    has_plan: bool
    has_need_definition: bool
    accepted: int | None = None
    accepted_on: date | None = None


class Eligibility(NamedTuple):
    """The last verdict on eligibility."""

    entry: int
    on: date
    eligible: bool
    definition_version: int


class Responsible(NamedTuple):
    """The person who answers for the journey."""

    entry: int
    person: str
    organisation: str
    since: date


class Stay(NamedTuple):
    """A phase and the day it was entered."""

    entry: int
    phase: Phase
    since: date


class Told(NamedTuple):
    """The client's situation as told on a day; what was not asked anew stands as told before.

    `earlier` are the entries that said what still stands.
    """

    entry: int
    on: date
    situation: Situation
    earlier: tuple[int, ...] = ()

    @property
    def entries(self) -> tuple[int, ...]:
        """All entries that the situation was told in."""
        return (*self.earlier, self.entry)


class Needs(NamedTuple):
    """The service needs as last defined."""

    entry: int
    on: date
    needs: tuple[str, ...]
    service_line: str | None


@quickly_changed
class Review(NamedTuple):
    """A competence review; `completed` is the entry that finished it."""

    entry: int
    started_on: date
    method: str
    assessor: str
    completed: int | None = None
    completed_on: date | None = None


class Competence(NamedTuple):
    """A competence that was found; the newest record of a concept stands."""

    entry: int
    on: date
    concept: str
    level: str
    validated_by: str | None


class SelfAssessment(NamedTuple):
    """A self-assessment that was handed in."""

    entry: int
    on: date
    questionnaire: str
    questionnaire_version: int


class Member(NamedTuple):
    """A member of the team; `until` is the day of leaving."""

    entry: int
    person: str
    organisation: str
    role: str
    since: date
    until: date | None = None


@quickly_changed
class StepCourse(NamedTuple):
    """A step of the plan, and what came of it."""

    step: PlanStep
    reached: int | None = None
    reached_on: date | None = None
    dropped: int | None = None
    dropped_on: date | None = None

    @property
    def open(self) -> bool:
        """Whether the step is neither reached nor dropped."""
        return self.reached is None and self.dropped is None


@quickly_changed
class Plan(NamedTuple):
    """The plan as drafted, agreed and revised; `revision` counts the agreed ones from 1."""

    entry: int
    drafted_on: date
    steps: tuple[StepCourse, ...]
    revision: int = 0
    agreed: int | None = None
    agreed_on: date | None = None
    signatories: tuple[Signatory, ...] = ()

    def step(self, step_id: str) -> StepCourse | None:
        """Return the step with the id."""
        return next((s for s in self.steps if s.step.id == step_id), None)


class ServiceStatus(StrEnum):
    """Where a service of the client stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    STARTED = "started"
    INTERRUPTED = "interrupted"
    COMPLETED = "completed"


@quickly_changed
class ServiceCourse(NamedTuple):
    """One service of the client; `hours` attended so far, `absences` counted."""

    entry: int
    reference: str
    service: str
    provider: str | None
    status: ServiceStatus
    step: str | None = None
    proposed_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    hours: float = 0.0
    absences: int = 0
    result: str | None = None
    started: int | None = None
    ended: int | None = None


class Certificate(NamedTuple):
    """A certificate that was awarded."""

    entry: int
    on: date
    title: str
    awarding_body: str
    eqf_level: int | None


class PlacementStatus(StrEnum):
    """Where a placement stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    STARTED = "started"
    ENDED = "ended"


@quickly_changed
class Placement(NamedTuple):
    """One placement with an employer."""

    entry: int
    reference: str
    employer: str
    form: str
    status: PlacementStatus
    proposed_on: date | None = None
    agreed_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    reviews: int = 0
    agreed: int | None = None
    started: int | None = None
    ended: int | None = None


class MoneyKind(StrEnum):
    """What an amount of money is."""

    GRANT_AWARDED = "grant-awarded"
    GRANT_PAID = "grant-paid"
    WAGE_SUBSIDY = "wage-subsidy"


class Money(NamedTuple):
    """An amount for a placement and the period it is for."""

    entry: int
    kind: MoneyKind
    reference: str
    amount: Decimal
    currency: str
    payer: str
    period: Period


class Advice(NamedTuple):
    """Advice that an employer was given."""

    entry: int
    on: date
    employer: str
    topic: str


class FollowUp(NamedTuple):
    """A follow-up that was held, and for which point of the calendar."""

    entry: int
    on: date
    status: EmploymentStatus
    point: str | None


class PeriodKind(StrEnum):
    """What a recorded period is a period of."""

    EMPLOYMENT = "employment"
    UNEMPLOYMENT = "unemployment"
    BENEFIT = "benefit"


class RecordedPeriod(NamedTuple):
    """A period of work, unemployment or benefit; `kind` as the source codes it."""

    entry: int
    of: PeriodKind
    period: Period
    kind: str
    paid_days: int | None


class Handover(NamedTuple):
    """A handover that has been asked for and not answered."""

    entry: int
    on: date
    to_organisation: str


class Feedback(NamedTuple):
    """Feedback that was given."""

    entry: int
    on: date
    respondent: str
    questionnaire: str


class Pause(NamedTuple):
    """A rest of the journey, from the day it began to the day it went on (not included)."""

    entry: int
    start: date
    end: date | None = None


class Adjustment(NamedTuple):
    """A deadline lifted (`due` None) or moved to another day, on the day `on`."""

    entry: int
    on: date
    deadline: str
    due: date | None
    reason: str


class Closing(NamedTuple):
    """How and when the journey ended."""

    entry: int
    on: date
    end_state: str
    destination: str


class Reviewed(NamedTuple):
    """A decision that somebody looked at again after a correction."""

    entry: int
    correction: int
    decision: int | None
    deadline: str | None
    upheld: bool


@quickly_changed
class Journey(NamedTuple):
    """All that a journey's effective entries say, folded. The default is the state before any."""

    client: str = ""
    programme: str = ""
    definition_version: int = 0
    status: Status = Status.NOT_BEGUN
    organisation: str = ""
    referral: Referral | None = None
    eligibility: Eligibility | None = None
    responsible: Responsible | None = None
    stays: tuple[Stay, ...] = ()
    interviewed: int | None = None
    told: Told | None = None
    needs: Needs | None = None
    review: Review | None = None
    self_assessments: tuple[SelfAssessment, ...] = ()
    competences: tuple[Competence, ...] = ()
    team: tuple[Member, ...] = ()
    plan: Plan | None = None
    services: tuple[ServiceCourse, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    placements: tuple[Placement, ...] = ()
    money: tuple[Money, ...] = ()
    advice: tuple[Advice, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    periods: tuple[RecordedPeriod, ...] = ()
    handover: Handover | None = None
    feedback: tuple[Feedback, ...] = ()
    pauses: tuple[Pause, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    closing: Closing | None = None
    reviewed: tuple[Reviewed, ...] = ()

    @property
    def stay(self) -> Stay | None:
        """The phase the journey is in, None before the first."""
        return self.stays[-1] if self.stays else None

    def stays_on(self, day: date) -> tuple[Stay, ...]:
        """Return the phases the journey was in on the day: two where it went from one to another.

        A day before the first phase belongs to none.
        """
        ends = [stay.since for stay in self.stays[1:]] + [date.max]
        return tuple(
            stay for stay, end in zip(self.stays, ends, strict=False) if stay.since <= day <= end
        )

    def service(self, reference: str) -> ServiceCourse | None:
        """Return the client's service with the reference."""
        for service in self.services:  # whole logs are folded through it: no generator is made
            if service.reference == reference:
                return service
        return None

    def placement(self, reference: str) -> Placement | None:
        """Return the placement with the reference."""
        return next((p for p in self.placements if p.reference == reference), None)

    def present_team(self) -> tuple[Member, ...]:
        """Return the members who have not left."""
        return tuple(m for m in self.team if m.until is None)


BEFORE = Journey()
"""The state before the first entry."""
