"""What the page of a journey and its timeline are made of, for the documentation of the API.

Each room has the parts that a part of the page is made of, and is imported from here.
"""

from interfaces.http.clocks import ClocksUsed, Told
from interfaces.http.journey_models.arrival import EligibilityTold, ReferralTold, RuleTold
from interfaces.http.journey_models.records import (
    CertificateTold,
    CompetenceTold,
    FollowUpTold,
    MoneyTold,
    PeriodTold,
)
from interfaces.http.journey_models.shared import AINO, ClientLink, Coded, Withheld
from interfaces.http.journey_models.standing import (
    Answering,
    ClosingTold,
    DefinitionTold,
    PauseTold,
    Standing,
)
from interfaces.http.journey_models.support import (
    MemberTold,
    PlacementTold,
    PlanTold,
    ServiceTold,
    SignatoryTold,
    StepTold,
)
from interfaces.http.journey_models.timeline import LineTold, SourceTold, Timeline
from interfaces.http.journey_models.waiting import DeadlineTold, HandoverTold, ReviewTold

__all__ = [
    "AINO",
    "Answering",
    "CertificateTold",
    "ClientLink",
    "ClosingTold",
    "Coded",
    "CompetenceTold",
    "DeadlineTold",
    "DefinitionTold",
    "EligibilityTold",
    "FollowUpTold",
    "HandoverTold",
    "JourneyPage",
    "LineTold",
    "MemberTold",
    "MoneyTold",
    "PauseTold",
    "PeriodTold",
    "PlacementTold",
    "PlanTold",
    "ReferralTold",
    "ReviewTold",
    "RuleTold",
    "ServiceTold",
    "SignatoryTold",
    "SourceTold",
    "Standing",
    "StepTold",
    "Timeline",
    "Withheld",
]


class JourneyPage(Told):
    """A journey as it stands at the moment of the clocks."""

    id: str
    """The id of the journey."""
    version: int
    """The version of the newest entry: what `If-Match` of an act names. Also the ETag."""
    clocks: ClocksUsed
    """Which moment the answer speaks of."""
    client: ClientLink | None
    """The client, by name; null before the referral."""
    status: Coded
    """How it stands."""
    is_open: bool
    """Whether the journey goes on."""
    organisation: Coded | None
    """The organisation that answers for the journey; null before the referral."""
    responsible: Answering | None
    """Who answers for the journey; null where nobody does yet."""
    phase: Standing | None
    """The phase, and what it is called; null before the first."""
    phases: list[Standing]
    """The phases, in order."""
    definition: DefinitionTold
    """The definition that it is under."""
    referral: ReferralTold | None
    """The referral; null where the journey began without one."""
    eligibility: EligibilityTold | None
    """The last verdict on eligibility; null where there is none."""
    situation: str
    """The client's situation as told last, in words; empty where nobody asked."""
    needs: list[Coded]
    """The client's needs for service."""
    team: list[MemberTold]
    """The client's team, those who left included."""
    plan: PlanTold | None
    """The client's plan; null where there is none yet."""
    competences: list[CompetenceTold]
    """The competences that were found."""
    services: list[ServiceTold]
    """The client's services."""
    certificates: list[CertificateTold]
    """The certificates that were awarded."""
    placements: list[PlacementTold]
    """The placements with employers."""
    money: list[MoneyTold]
    """Grants and subsidies."""
    follow_ups: list[FollowUpTold]
    """The follow-ups that were held."""
    periods: list[PeriodTold]
    """Periods of work, unemployment and benefit."""
    pauses: list[PauseTold]
    """When the journey rested."""
    deadlines: list[DeadlineTold]
    """What is due, was met or was lifted."""
    reviews: list[ReviewTold]
    """The decisions that wait for review after a correction."""
    handovers: list[HandoverTold]
    """The handovers that were asked for."""
    counts: dict[str, int]
    """How many there are of each list of the page, which has the newest 200 at most."""
    closing: ClosingTold | None
    """How it ended; null while it goes on."""
    withheld: list[Withheld]
    """The kinds of data that are withheld; empty where the whole is shown."""
