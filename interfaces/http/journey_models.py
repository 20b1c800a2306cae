"""What the page of a journey and its timeline are made of, for the documentation of the API."""

from datetime import date, datetime
from decimal import Decimal

from interfaces.http.clocks import ClocksUsed, Told


class Coded(Told):
    """A code, stable for programs, and its title in the language that was asked for."""

    code: str
    """The code, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""


class Withheld(Told):
    """A kind of data that is not shown to the one who asks, and why."""

    kind: Coded
    """The kind of data, and what it is called."""
    fields: list[str]
    """The fields of the answer that are empty because of it; none where entries are left out."""
    reason: str
    """Why it is not shown, in words."""


class ClientLink(Told):
    """A client in a few words; the names are null where nobody registered them."""

    id: str
    """Its id, stable for programs."""
    given_name: str | None
    """The given name; null where nobody registered it."""
    family_name: str | None
    """The family name; null where nobody registered it."""
    born: date | None
    """The day of birth; null where nobody told it."""
    goes_by: str | None
    """The id that the person goes by, where this one was merged into it; else null."""


AINO = {
    "id": "c-1042",
    "given_name": "Aino",
    "family_name": "Mäkinen",
    "born": "1991-05-17",
    "goes_by": None,
}
"""A client, as the examples of answers have one."""


class Standing(Told):
    """A phase and since when; `days` up to the day of the clocks."""

    code: str
    """The code, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    since: date
    """The first day."""
    days: int
    """Days in it, up to the day of the clocks."""
    entry: int
    """The entry (version) that says so."""


class Answering(Told):
    """The person who answers for a journey, and for which organisation."""

    person: str
    """Who it is, as identity tells."""
    organisation: Coded
    """The organisation, and what it is called."""
    since: date
    """Since which day."""
    entry: int
    """The entry (version) that says so."""


class ReferralTold(Told):
    """Where the client came from, and when the referral was accepted."""

    entry: int
    """The entry (version) that says so."""
    on: date
    """The day it happened."""
    from_organisation: Coded
    """The organisation that referred the client."""
    to_organisation: Coded
    """The organisation that is asked to take the client."""
    channel: Coded
    """The way the client came."""
    service_line: Coded | None
    """The service line; null where none was said."""
    accepted_on: date | None
    """The day it was accepted; null where it was not."""


class RuleTold(Told):
    """What one rule said of the facts: `outcome` is met, not-met or unknown."""

    id: str
    """Its id, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    outcome: str
    """met, not-met or unknown."""
    basis: str
    """The legal or agreed ground."""
    text: str
    """The rule as it was worded, in CEL."""
    missing: list[str]
    """The facts that were not known."""


class EligibilityTold(Told):
    """The last verdict on eligibility, with every rule that was asked."""

    entry: int
    """The entry (version) that says so."""
    on: date
    """The day it happened."""
    eligible: bool
    """Whether the client is eligible."""
    definition_version: int
    """The version of the definition whose rules were asked."""
    reasons: list[str]
    """Why not, in words; empty where the client is eligible."""
    rules: list[RuleTold]
    """Every rule that was asked."""


class MemberTold(Told):
    """A member of the client's team; `until` is the day of leaving."""

    person: str
    """Who it is, as identity tells."""
    organisation: Coded
    """The organisation, and what it is called."""
    role: str
    """In which role."""
    since: date
    """The first day."""
    until: date | None
    """The day of leaving; null while the person is in the team."""
    entry: int
    """The entry (version) that says so."""


class SignatoryTold(Told):
    """Who signed, in which role."""

    person: str
    """Who it is, as identity tells."""
    role: str
    """In which role the person signed."""


class StepTold(Told):
    """A step of the plan, planned against actual on the day of the clocks."""

    id: str
    """Its id, stable for programs."""
    goal: str
    """What the step is to reach, in the client's words."""
    service: Coded | None
    """The service; null where it is none of the definition."""
    by: date
    """The day by which it is planned."""
    status: Coded
    """How it stands."""
    actual: date | None
    """The day it was reached; null where it was not yet."""
    days_late: int | None
    """Negative where it was early; null where it is still ahead."""


class PlanTold(Told):
    """The client's plan; `revision` counts those agreed, from 1, and is 0 for a draft."""

    entry: int
    """The entry (version) that says so."""
    drafted_on: date
    """The day of the draft."""
    agreed_on: date | None
    """The day of the agreement; null where there is none."""
    revision: int
    """How many times it was agreed; 0 for a draft."""
    signatories: list[SignatoryTold]
    """Who signed."""
    steps: list[StepTold]
    """The steps, in order."""


class ServiceTold(Told):
    """One service of the client, with the hours attended and the absences so far."""

    reference: str
    """What it is referred to by, in later acts."""
    service: Coded
    """The service; null where it is none of the definition."""
    provider: Coded | None
    """Who provides it; null where nobody said."""
    step: str | None
    """The step of the plan that it serves; null where it serves none."""
    status: Coded
    """How it stands."""
    proposed_on: date | None
    """The day it was proposed; null where it was not."""
    started_on: date | None
    """The day it began; null where it did not yet."""
    ended_on: date | None
    """The day it ended; null where it did not yet."""
    hours: float
    """The hours attended so far."""
    absences: int
    """How many times the client was absent."""
    result: str | None
    """What came of it; null where nothing was said."""
    entry: int
    """The entry (version) that says so."""


class PlacementTold(Told):
    """One placement with an employer."""

    reference: str
    """What it is referred to by, in later acts."""
    employer: str
    """The employer."""
    form: Coded
    """The form of the placement, and what it is called."""
    status: Coded
    """How it stands."""
    proposed_on: date | None
    """The day it was proposed; null where it was not."""
    agreed_on: date | None
    """The day of the agreement; null where there is none."""
    started_on: date | None
    """The day it began; null where it did not yet."""
    ended_on: date | None
    """The day it ended; null where it did not yet."""
    reviews: int
    """How many reviews were held."""
    entry: int
    """The entry (version) that says so."""


class MoneyTold(Told):
    """An amount for a placement, as a decimal text, and the days it is for (both included)."""

    kind: Coded
    """Of which kind."""
    reference: str
    """What it is referred to by, in later acts."""
    amount: Decimal
    """The amount, as a decimal text."""
    currency: str
    """The currency, as a code of ISO 4217."""
    payer: Coded
    """The organisation that pays."""
    start: date
    """The first day."""
    end: date | None
    """The last day (included); null while it lasts."""
    entry: int
    """The entry (version) that says so."""


class PeriodTold(Told):
    """A period of work, unemployment or benefit, both days included; `end` null while it lasts."""

    of: Coded
    """Work, unemployment or benefit."""
    kind: str
    """Of which kind."""
    start: date
    """The first day."""
    end: date | None
    """The last day (included); null while it lasts."""
    paid_days: int | None
    """How many days were paid; null where nobody said."""
    entry: int
    """The entry (version) that says so."""


class CompetenceTold(Told):
    """A competence that was found."""

    concept: Coded
    """The competence."""
    level: str
    """The level, of its frame."""
    on: date
    """The day it was found."""
    validated_by: str | None
    """Who validated it; null where nobody did."""
    entry: int
    """The entry (version) that says so."""


class CertificateTold(Told):
    """A certificate that was awarded; `eqf_level` is 1 to 8."""

    title: str
    """What it is called, in the language that was asked for."""
    awarding_body: str
    """Who awarded it."""
    eqf_level: int | None
    """The level of the European Qualifications Framework, 1 to 8; null where nobody said."""
    on: date
    """The day it happened."""
    entry: int
    """The entry (version) that says so."""


class FollowUpTold(Told):
    """A follow-up that was held, and for which point of the follow-up calendar."""

    on: date
    """The day it happened."""
    status: Coded
    """How it stands."""
    point: Coded | None
    """The point of the follow-up calendar; null where it was for none."""
    entry: int
    """The entry (version) that says so."""


class PauseTold(Told):
    """A rest of the journey; `until` is the day it went on."""

    since: date
    """The first day."""
    until: date | None
    """The day it went on; null while it rests."""
    entry: int
    """The entry (version) that says so."""


class DeadlineTold(Told):
    """What is due and why, and how it stands on the day of the clocks."""

    id: str
    """Its id, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    basis: str
    """The legal or agreed ground."""
    opened_on: date
    """The day from which it is counted."""
    opened_by: int
    """The entry that opened it."""
    due: date | None
    """The last day in time; null while a pause holds the clock."""
    days_left: int | None
    """Days up to `due`, negative where they are over; null where nothing is to be done."""
    status: Coded
    """How it stands."""
    met_on: date | None
    """The day it was met; null where it was not."""
    met_by: int | None
    """The entry (version) that met it; null where none did."""
    exempt: Coded | None
    """Why it was lifted, by a reason of the definition."""
    moved_on: date | None
    """The day on which somebody moved it."""


class ReviewTold(Told):
    """A decision that leaned on an entry corrected since, and waits for somebody's review."""

    correction: int
    """The entry (version) that corrected or retracted another."""
    corrected: int
    """The entry (version) that was corrected or retracted."""
    kind: str
    """The name of the event that decided."""
    entry: int | None
    """The entry (version) that decided; null where it is a deadline."""
    deadline: str | None
    """The deadline whose course hung on it; null where it is a decision."""
    said: str
    """In words: which entry changed, and what leans on it."""


class HandoverTold(Told):
    """A handover that was asked for: `outcome` is waiting, accepted or declined."""

    entry: int
    """The entry (version) that says so."""
    requested_on: date
    """The day it was asked for."""
    to_organisation: Coded
    """The organisation that is asked to take the client."""
    reason: str
    """Why, as the person said."""
    brief: str
    """What the one who takes over should know."""
    outcome: Coded
    """waiting, accepted or declined, and what it is called."""
    answered_on: date | None
    """The day of the answer; null while it waits."""
    answered_by: str | None
    """Who answered; null while it waits."""


class ClosingTold(Told):
    """How and when the journey ended."""

    on: date
    """The day it happened."""
    end_state: Coded
    """How it ended."""
    destination: Coded
    """Where the client went."""
    entry: int
    """The entry (version) that says so."""


class DefinitionTold(Told):
    """The version of the programme's definition that the journey is under."""

    programme: Coded
    """The programme, and what it is called."""
    version: int
    """The number of the version."""
    published: bool
    """False where the journey came from another system and nobody published the programme."""
    effective_from: date | None
    """The first day on which it counts; null where it is not published."""


class JourneyPage(Told):
    """A journey as it stands at the moment of the clocks."""

    id: str
    """The id of the journey."""
    version: int
    """The version of the newest entry: what `If-Match` of an act names. Also the ETag."""
    clocks: ClocksUsed
    """Which moment the answer speaks of."""
    client: ClientLink | None
    """Null before the referral."""
    status: Coded
    """How it stands."""
    is_open: bool
    """Whether the journey goes on."""
    organisation: Coded | None
    """The organisation that answers for the journey."""
    responsible: Answering | None
    """Who answers for the journey; null where nobody does yet."""
    phase: Standing | None
    """The phase, and what it is called."""
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
    """How many reviews were held."""
    handovers: list[HandoverTold]
    """The handovers that were asked for."""
    counts: dict[str, int]
    """How many there are of each list of the page, which has the newest 200 at most."""
    closing: ClosingTold | None
    """How it ended; null while it goes on."""
    withheld: list[Withheld]
    """The kinds of data that are withheld; empty where the whole is shown."""


class SourceTold(Told):
    """The other system that an entry was imported from."""

    name: str
    """The name of the other system."""
    table: str
    """The table that it came from."""
    row: int
    """The row of the table, from 1."""
    record: str
    """The record in the other system."""
    digest: str
    """The digest of what it was made from."""
    recorded_at: datetime | None
    """The instant at which that system claims to have stored it."""


class LineTold(Told):
    """One entry of the history, as a person reads it."""

    version: int
    """Its number in the history."""
    position: int
    """The position in the log."""
    kind: str
    """The name of the event, such as intake-interview-held."""
    sentence: str
    """What happened, in words."""
    occurred_on: date
    """The day it happened, as a person said."""
    recorded_at: datetime
    """The instant (UTC) at which it was stored."""
    person: str
    """Who it is, as identity tells."""
    organisation: Coded
    """The organisation, and what it is called."""
    source: SourceTold | None
    """The other system that it was imported from; null where it was recorded here."""
    corrected_by: int | None
    """The entry (version) that corrected this one, as far as known at the clocks."""
    retracted_by: int | None
    """The entry (version) that retracted this one, as far as known at the clocks."""


class Timeline(Told):
    """Entries of a journey in the order recorded."""

    journey: str
    """The id of the journey."""
    version: int
    """The version of the newest entry."""
    clocks: ClocksUsed
    """Which moment the answer speaks of."""
    items: list[LineTold]
    """What was found, a page of it."""
    next: str | None
    """The cursor of what follows; null at the end."""
    withheld: list[Withheld]
    """The kinds of data whose entries are left out; empty where the whole is shown."""
