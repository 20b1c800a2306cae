"""What the page of a journey and its timeline are made of, for the documentation of the API."""

from datetime import date, datetime
from decimal import Decimal

from interfaces.http.clocks import ClocksUsed, Told


class Coded(Told):
    """A code, stable for programs, and its title in the language that was asked for."""

    code: str
    title: str


class ClientLink(Told):
    """A client in a few words; the names are null where nobody registered them."""

    id: str
    given_name: str | None
    family_name: str | None
    born: date | None


class Standing(Told):
    """A phase and since when; `days` up to the day of the clocks."""

    code: str
    title: str
    since: date
    days: int
    entry: int


class Answering(Told):
    """The person who answers for a journey, and for which organisation."""

    person: str
    organisation: Coded
    since: date
    entry: int


class ReferralTold(Told):
    """Where the client came from, and when the referral was accepted."""

    entry: int
    on: date
    from_organisation: Coded
    to_organisation: Coded
    channel: Coded
    service_line: Coded | None
    accepted_on: date | None


class RuleTold(Told):
    """What one rule said of the facts: `outcome` is met, not-met or unknown."""

    id: str
    title: str
    outcome: str
    basis: str
    """The legal or agreed ground."""
    text: str
    """The rule as it was worded, in CEL."""
    missing: list[str]
    """The facts that were not known."""


class EligibilityTold(Told):
    """The last verdict on eligibility, with every rule that was asked."""

    entry: int
    on: date
    eligible: bool
    definition_version: int
    reasons: list[str]
    """Why not, in words; empty where the client is eligible."""
    rules: list[RuleTold]


class MemberTold(Told):
    """A member of the client's team; `until` is the day of leaving."""

    person: str
    organisation: Coded
    role: str
    since: date
    until: date | None
    entry: int


class SignatoryTold(Told):
    """Who signed, in which role."""

    person: str
    role: str


class StepTold(Told):
    """A step of the plan, planned against actual on the day of the clocks."""

    id: str
    goal: str
    service: Coded | None
    by: date
    status: Coded
    actual: date | None
    days_late: int | None
    """Negative where it was early; null where it is still ahead."""


class PlanTold(Told):
    """The client's plan; `revision` counts those agreed, from 1, and is 0 for a draft."""

    entry: int
    drafted_on: date
    agreed_on: date | None
    revision: int
    signatories: list[SignatoryTold]
    steps: list[StepTold]


class ServiceTold(Told):
    """One service of the client, with the hours attended and the absences so far."""

    reference: str
    service: Coded
    provider: Coded | None
    step: str | None
    status: Coded
    proposed_on: date | None
    started_on: date | None
    ended_on: date | None
    hours: float
    absences: int
    result: str | None
    entry: int


class PlacementTold(Told):
    """One placement with an employer."""

    reference: str
    employer: str
    form: Coded
    status: Coded
    proposed_on: date | None
    agreed_on: date | None
    started_on: date | None
    ended_on: date | None
    reviews: int
    entry: int


class MoneyTold(Told):
    """An amount for a placement, as a decimal text, and the days it is for (both included)."""

    kind: Coded
    reference: str
    amount: Decimal
    currency: str
    payer: Coded
    start: date
    end: date | None
    entry: int


class PeriodTold(Told):
    """A period of work, unemployment or benefit, both days included; `end` null while it lasts."""

    of: Coded
    kind: str
    start: date
    end: date | None
    paid_days: int | None
    entry: int


class CompetenceTold(Told):
    """A competence that was found."""

    concept: Coded
    level: str
    on: date
    validated_by: str | None
    entry: int


class CertificateTold(Told):
    """A certificate that was awarded; `eqf_level` is 1 to 8."""

    title: str
    awarding_body: str
    eqf_level: int | None
    on: date
    entry: int


class FollowUpTold(Told):
    """A follow-up that was held, and for which point of the follow-up calendar."""

    on: date
    status: Coded
    point: Coded | None
    entry: int


class PauseTold(Told):
    """A rest of the journey; `until` is the day it went on."""

    since: date
    until: date | None
    entry: int


class DeadlineTold(Told):
    """What is due and why, and how it stands on the day of the clocks."""

    id: str
    title: str
    basis: str
    """The legal or agreed ground."""
    opened_on: date
    opened_by: int
    """The entry that opened it."""
    due: date | None
    """The last day in time; null while a pause holds the clock."""
    days_left: int | None
    """Days up to `due`, negative where they are over; null where nothing is to be done."""
    status: Coded
    met_on: date | None
    met_by: int | None
    exempt: Coded | None
    """Why it was lifted, by a reason of the definition."""
    moved_on: date | None
    """The day on which somebody moved it."""


class ReviewTold(Told):
    """A decision that leaned on an entry corrected since, and waits for somebody's review."""

    correction: int
    corrected: int
    kind: str
    entry: int | None
    deadline: str | None
    said: str
    """In words: which entry changed, and what leans on it."""


class HandoverTold(Told):
    """A handover that was asked for: `outcome` is waiting, accepted or declined."""

    entry: int
    requested_on: date
    to_organisation: Coded
    reason: str
    brief: str
    outcome: Coded
    answered_on: date | None
    answered_by: str | None


class ClosingTold(Told):
    """How and when the journey ended."""

    on: date
    end_state: Coded
    destination: Coded
    entry: int


class DefinitionTold(Told):
    """The version of the programme's definition that the journey is under."""

    programme: Coded
    version: int
    published: bool
    """False where the journey came from another system and nobody published the programme."""
    effective_from: date | None


class JourneyPage(Told):
    """A journey as it stands at the moment of the clocks."""

    id: str
    version: int
    """The version of the newest entry: what `If-Match` of an act names. Also the ETag."""
    clocks: ClocksUsed
    client: ClientLink | None
    """Null before the referral."""
    status: Coded
    is_open: bool
    organisation: Coded | None
    """The organisation that answers for the journey."""
    responsible: Answering | None
    phase: Standing | None
    phases: list[Standing]
    definition: DefinitionTold
    referral: ReferralTold | None
    eligibility: EligibilityTold | None
    situation: str
    """The client's situation as told last, in words; empty where nobody asked."""
    needs: list[Coded]
    team: list[MemberTold]
    plan: PlanTold | None
    competences: list[CompetenceTold]
    services: list[ServiceTold]
    certificates: list[CertificateTold]
    placements: list[PlacementTold]
    money: list[MoneyTold]
    follow_ups: list[FollowUpTold]
    periods: list[PeriodTold]
    pauses: list[PauseTold]
    deadlines: list[DeadlineTold]
    reviews: list[ReviewTold]
    handovers: list[HandoverTold]
    closing: ClosingTold | None


class SourceTold(Told):
    """The other system that an entry was imported from."""

    name: str
    table: str
    row: int
    record: str
    digest: str
    recorded_at: datetime | None
    """The instant at which that system claims to have stored it."""


class LineTold(Told):
    """One entry of the history, as a person reads it."""

    version: int
    position: int
    kind: str
    """The name of the event, such as intake-interview-held."""
    sentence: str
    occurred_on: date
    """The day it happened, as a person said."""
    recorded_at: datetime
    """The instant (UTC) at which it was stored."""
    person: str
    organisation: Coded
    source: SourceTold | None
    corrected_by: int | None
    """The entry (version) that corrected this one, as far as known at the clocks."""
    retracted_by: int | None


class Timeline(Told):
    """Entries of a journey in the order recorded."""

    journey: str
    version: int
    clocks: ClocksUsed
    items: list[LineTold]
    next: str | None
    """The cursor of what follows; null at the end."""
