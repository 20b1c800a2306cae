"""What a programme and a version of its definition are told as."""

from datetime import date

from interfaces.http.clocks import Told
from interfaces.http.journey_models import Coded


class TargetTold(Told):
    """What the programme, or one organisation of it, means to reach, of a measure."""

    id: str
    measure: str
    value: float
    organisation: str | None


class VersionTold(Told):
    """One version of a definition, and from when it is in force."""

    version: int
    effective_from: date
    digest: str
    """SHA-256 (hex) of the definition's text."""


class TakingPart(Told):
    """An organisation that runs the programme with the others; `until` is the day it left."""

    organisation: str
    since: date
    until: date | None


class ProgrammeTold(Told):
    """A programme with its versions, the oldest first."""

    code: str
    title: str
    country: str
    current: int | None
    """The version in force today; null before the first is, and after the end."""
    closed_on: date | None
    versions: list[VersionTold]
    organisations: list[TakingPart]
    targets: list[TargetTold]


class Programmes(Told):
    """Every programme, in the order of the codes."""

    items: list[ProgrammeTold]


class Participating(Told):
    """An organisation as the definition names it, with what it does there."""

    code: str
    title: str
    roles: list[str]
    since: date | None
    until: date | None


class RuleText(Told):
    """A rule in CEL over facts, and its ground."""

    id: str
    title: str
    text: str
    basis: str
    reference: str | None
    needs: list[str]
    """The facts that it asks for."""


class EligibilityRule(RuleText):
    """A rule of eligibility, in force from a day until another (excluded), in some places."""

    since: date
    until: date | None
    only: list[str]
    never: list[str]


class PhaseTold(Told):
    """A phase: from which it can be entered, and what it requires."""

    code: str
    title: str
    after: list[str]
    requires: list[RuleText]


class ServiceOffered(Told):
    """A service of the catalogue."""

    code: str
    title: str
    phases: list[str]
    providers: list[str]
    basis: str | None
    since: date | None
    until: date | None


class SpanTold(Told):
    """A length of time; `unit` is working-days, days, weeks or months."""

    count: int
    unit: str


class DeadlineRuleTold(Told):
    """What is due, how long after which event, and which event meets it."""

    id: str
    title: str
    span: SpanTold
    starts: list[str]
    ends: list[str]
    basis: str
    pausable: bool


class PointTold(Told):
    """A follow-up that is due a span after an event."""

    id: str
    title: str
    span: SpanTold
    after: str


class FrameTold(Told):
    """A frame that competences are recorded in, with its levels."""

    code: str
    title: str
    levels: list[str]
    concepts: list[Coded]
    uri_prefix: str | None


class QuestionnaireTold(Told):
    """A questionnaire, and who answers it."""

    code: str
    version: int
    title: str
    respondents: list[str]


class EndStateTold(Told):
    """A way for a journey to end, and the destinations that go with it."""

    code: str
    title: str
    destinations: list[str]


class DefinitionPage(Told):
    """One version of a programme: every code that an act of its journeys can name, with titles."""

    programme: str
    version: int
    title: str
    summary: str
    effective_from: date
    effective_until: date | None
    country: str
    digest: str
    organisations: list[Participating]
    channels: list[Coded]
    service_lines: list[Coded]
    eligibility: list[EligibilityRule]
    phases: list[PhaseTold]
    services: list[ServiceOffered]
    needs: list[Coded]
    frames: list[FrameTold]
    review_methods: list[Coded]
    placement_forms: list[str]
    follow_up: list[PointTold]
    deadlines: list[DeadlineRuleTold]
    exemption_reasons: list[Coded]
    end_states: list[EndStateTold]
    questionnaires: list[QuestionnaireTold]
    disadvantages: list[Coded]
    override_roles: list[str]
