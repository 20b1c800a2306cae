"""The state of a journey: what decisions ask about, and what a page shows.

Every record names the `entry` (version) it came from, so that a decision can say what it leaned
on. All are named tuples, not dataclasses, because a log of millions of entries is folded through
them and a changed copy of a tuple costs a third. Each room has the records of one part of a
journey, as `domain.journey.events` has its events; others import them from here.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeVar

from domain.journey.state.course import (
    Adjustment,
    Closing,
    Feedback,
    Handover,
    Pause,
    Reviewed,
    Stay,
)
from domain.journey.state.follow_up import (
    FollowUp,
    PeriodKind,
    RecordedPeriod,
    periods_in_force,
    periods_that_hold,
    recorded_period,
)
from domain.journey.state.intake import Needs, Told, WorkTold
from domain.journey.state.placement import Advice, Money, MoneyKind, Placement, PlacementStatus
from domain.journey.state.plan import Plan, StepCourse
from domain.journey.state.quickly import quickly_changed
from domain.journey.state.referral import Acceptance, Eligibility, Referral, Responsible
from domain.journey.state.review import Competence, Review, SelfAssessment
from domain.journey.state.services import Certificate, ServiceCourse, ServiceStatus
from domain.journey.state.team import Member

__all__ = [
    "BEFORE",
    "Acceptance",
    "Adjustment",
    "Advice",
    "Certificate",
    "Closing",
    "Competence",
    "Eligibility",
    "Feedback",
    "FollowUp",
    "Handover",
    "Journey",
    "Member",
    "Money",
    "MoneyKind",
    "Needs",
    "Pause",
    "PeriodKind",
    "Placement",
    "PlacementStatus",
    "Plan",
    "RecordedPeriod",
    "Referral",
    "Responsible",
    "Review",
    "Reviewed",
    "SelfAssessment",
    "ServiceCourse",
    "ServiceStatus",
    "Status",
    "Stay",
    "StepCourse",
    "Told",
    "WorkTold",
    "periods_in_force",
    "periods_that_hold",
    "recorded_period",
]

Course = TypeVar("Course", ServiceCourse, Placement)


class Status(StrEnum):
    """Where a journey stands as a whole."""

    NOT_BEGUN = "not-begun"
    REFERRED = "referred"
    DECLINED = "declined"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


@quickly_changed
class Journey(NamedTuple):
    """All that a journey's effective entries say, folded. The default is the state before any.

    `early` is an acceptance that happened before any referral did.
    """

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
    early: Acceptance | None = None
    work_told: tuple[WorkTold, ...] = ()

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
        return next((s for s in self.services if s.reference == reference), None)

    def with_service(self, service: ServiceCourse) -> "Journey":
        """Return the journey with a service in the place of what was known of it, or at the end."""
        return self._replace(services=_with(self.services, service))

    def placement(self, reference: str) -> Placement | None:
        """Return the placement with the reference."""
        return next((p for p in self.placements if p.reference == reference), None)

    def with_placement(self, placement: Placement) -> "Journey":
        """Return the journey with a placement in place of what was known of it, or at the end."""
        return self._replace(placements=_with(self.placements, placement))

    def present_team(self) -> tuple[Member, ...]:
        """Return the members who have not left."""
        return tuple(m for m in self.team if m.until is None)


def _with(courses: tuple[Course, ...], course: Course) -> tuple[Course, ...]:
    by_reference = {one.reference: one for one in courses}
    by_reference[course.reference] = course
    return tuple(by_reference.values())


BEFORE = Journey()
"""The state before the first entry."""
