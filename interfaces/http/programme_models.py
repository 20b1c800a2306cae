"""What a programme and a version of its definition are told as."""

from datetime import date

from interfaces.http.clocks import Told
from interfaces.http.journey_models import Coded


class TargetTold(Told):
    """What the programme, or one organisation of it, means to reach, of a measure."""

    id: str
    """Its id, stable for programs."""
    measure: str
    """What is measured."""
    value: float
    """The value to reach."""
    organisation: str | None
    """The organisation that it is set for; null: for all."""


class VersionTold(Told):
    """One version of a definition, and from when it is in force."""

    version: int
    """The number of the version."""
    effective_from: date
    """The first day on which it counts."""
    digest: str
    """SHA-256 (hex) of the definition's text."""


class TakingPart(Told):
    """An organisation that runs the programme with the others; `until` is the day it left."""

    organisation: str
    """The organisation, by its code."""
    since: date
    """The first day."""
    until: date | None
    """The day of leaving (excluded); null while it takes part."""


class ProgrammeTold(Told):
    """A programme with its versions, the oldest first."""

    code: str
    """The code, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    country: str
    """The country, as a code of ISO 3166."""
    current: int | None
    """The version in force today; null before the first is, and after the end."""
    closed_on: date | None
    """The day from which no client is referred; null while it is open."""
    versions: list[VersionTold]
    """The versions that are published."""
    organisations: list[TakingPart]
    """The organisations that take part."""
    targets: list[TargetTold]
    """What the programme is to reach."""


class Programmes(Told):
    """Programmes in the order of their codes."""

    items: list[ProgrammeTold]
    """What was found, a page of it."""
    next: str | None
    """The cursor of what follows; null at the end."""


class Participating(Told):
    """An organisation as the definition names it, with what it does there."""

    code: str
    """The code, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    roles: list[str]
    """In which roles it takes part."""
    since: date | None
    """The first day; null: from the start."""
    until: date | None
    """The day from which it takes part no more; null where it is open."""


class RuleText(Told):
    """A rule in CEL over facts, and its ground."""

    id: str
    """Its id, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    text: str
    """The rule as it is worded, in CEL."""
    basis: str
    """The legal or agreed ground."""
    reference: str | None
    """Where the ground can be read; null where nothing is said."""
    needs: list[str]
    """The facts that it asks for."""


class EligibilityRule(RuleText):
    """A rule of eligibility, in force from a day until another (excluded), in some places."""

    since: date
    """The first day."""
    until: date | None
    """The day from which it is in force no more; null where it is open."""
    only: list[str]
    """The organisations that it holds for alone; none: for all."""
    never: list[str]
    """The organisations that it does not hold for."""


class PhaseTold(Told):
    """A phase: from which it can be entered, and what it requires."""

    code: str
    """The code, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    after: list[str]
    """The phases of which one comes before."""
    requires: list[RuleText]
    """The rules that must be met to enter it."""


class ServiceOffered(Told):
    """A service of the catalogue."""

    code: str
    """The code, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    phases: list[str]
    """The phases that it belongs to."""
    providers: list[str]
    """The organisations that provide it."""
    basis: str | None
    """The legal or agreed ground; null where none is said."""
    since: date | None
    """The first day on which it is offered; null: from the start."""
    until: date | None
    """The day from which it is offered no more; null where it is open."""


class SpanTold(Told):
    """A length of time; `unit` is working-days, days, weeks or months."""

    count: int
    """How many."""
    unit: str
    """Of what: days, working days, weeks, months."""


class DeadlineRuleTold(Told):
    """What is due, how long after which event, and which event meets it."""

    id: str
    """Its id, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    span: SpanTold
    """How long."""
    starts: list[str]
    """The events that start the clock."""
    ends: list[str]
    """The events that meet it."""
    basis: str
    """The legal or agreed ground."""
    pausable: bool
    """Whether a pause holds the clock."""


class PointTold(Told):
    """A follow-up that is due a span after an event."""

    id: str
    """Its id, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    span: SpanTold
    """How long."""
    after: str
    """The event from which it is counted."""


class FrameTold(Told):
    """A frame that competences are recorded in, with its levels."""

    code: str
    """The code, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    levels: list[str]
    """The levels, from the lowest."""
    concepts: list[Coded]
    """The competences of the frame; empty where they are named by URI."""
    uri_prefix: str | None
    """How the URI of each competence begins; null where they are listed."""


class QuestionnaireTold(Told):
    """A questionnaire, and who answers it."""

    code: str
    """The code, stable for programs."""
    version: int
    """The number of the version."""
    title: str
    """What it is called, in the language that was asked for."""
    respondents: list[str]
    """Who answers it."""


class EndStateTold(Told):
    """A way for a journey to end, and the destinations that go with it."""

    code: str
    """The code, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    destinations: list[str]
    """Where a client can go."""


class DefinitionPage(Told):
    """One version of a programme: every code that an act of its journeys can name, with titles."""

    programme: str
    """The code of the programme."""
    version: int
    """The number of the version."""
    title: str
    """What it is called, in the language that was asked for."""
    summary: str
    """What it is about."""
    effective_from: date
    """The first day on which it counts."""
    effective_until: date | None
    """The day from which it counts no more; null where none is set."""
    country: str
    """The country, as a code of ISO 3166."""
    digest: str
    """SHA-256 (hex) of the definition's text."""
    organisations: list[Participating]
    """The organisations that take part."""
    channels: list[Coded]
    """The ways a client can come."""
    service_lines: list[Coded]
    """The service lines."""
    eligibility: list[EligibilityRule]
    """The rules of eligibility, with the days and places in which each is in force."""
    phases: list[PhaseTold]
    """The phases, in order."""
    services: list[ServiceOffered]
    """The services that clients can be guided into."""
    needs: list[Coded]
    """The needs that a client can be found to have."""
    frames: list[FrameTold]
    """The frames of competences."""
    review_methods: list[Coded]
    """How competences are reviewed."""
    placement_forms: list[str]
    """The forms of placements."""
    follow_up: list[PointTold]
    """The calendar of follow-ups."""
    deadlines: list[DeadlineRuleTold]
    """What can fall due, and how long after what."""
    exemption_reasons: list[Coded]
    """The reasons for which a deadline can be lifted."""
    end_states: list[EndStateTold]
    """How a journey can end."""
    questionnaires: list[QuestionnaireTold]
    """The questionnaires."""
    disadvantages: list[Coded]
    """What puts a client at a disadvantage, as evaluation counts it."""
    override_roles: list[str]
    """The roles that can override a requirement."""
