"""A programme definition: a service model as values, made from data by infrastructure.

Nothing here reads files or compiles rules; a `Rule` carries a callable that was compiled outside.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from domain.calendar import Span
from domain.kinds import DataKind

if TYPE_CHECKING:
    from domain.indicators import Indicator


class NoDefinition(LookupError):
    """A version of a definition was asked for that there is not, as one of another system's."""


FactValue: TypeAlias = bool | int | float | str | date | tuple[str, ...] | None
Facts: TypeAlias = Mapping[str, FactValue]


class Phase(StrEnum):
    """The five phases of a pathway, in their usual order."""

    INTAKE = "intake"
    COMPETENCE_REVIEW = "competence-review"
    TRAINING = "training"
    PLACEMENT = "placement"
    FOLLOW_UP = "follow-up"


PLACEMENT_FORMS = (
    "open-labour-market",
    "work-try-out",
    "apprenticeship",
    "internship-with-grant",
    "wage-subsidised-work",
    "social-co-operative",
    "temporary-work-agency",
    "self-employment-or-start-up",
    "supported-employment",
)
DESTINATIONS = (
    "employment",
    "self-employment",
    "education-or-training",
    "other-measure",
    "unemployed",
    "inactive",
    "moved-away",
    "other",
    "unknown",
)
END_STATES = ("cancelled", "ended-early", "completed")


@dataclass(frozen=True, slots=True)
class Title:
    """A title in English and in the language of the place (`language` is an ISO 639-1 code)."""

    en: str
    local: str
    language: str


@dataclass(frozen=True, slots=True)
class Coded:
    """A coded value of the definition with its title. `assumed`: not stated by the source."""

    code: str
    title: Title
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Participant:
    """An organisation of the programme and what it does there (role codes).

    It takes part from `since` (None: from the start) until `until` (excluded; None: open).
    """

    code: str
    title: Title
    roles: tuple[str, ...]
    municipality: str | None = None
    since: date | None = None
    until: date | None = None
    assumed: bool = False

    def takes_part(self, day: date) -> bool:
        """Whether the organisation is part of the programme on the day."""
        return _within(day, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in CEL over facts. It says yes, no, or None where a fact it needs is unknown.

    `basis` is the legal or agreed ground, `reference` where to read it, `needs` the facts that the
    text names, `says` the compiled rule.
    """

    id: str
    title: Title
    text: str
    basis: str
    needs: tuple[str, ...]
    says: Callable[[Facts], bool | None] = field(compare=False, repr=False)
    reference: str | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class DatedRule:
    """A rule as it stood from a day (included) until another (excluded; None: open).

    It holds in the organisations of `only`, or in all where `only` is empty, less `never`.
    """

    rule: Rule
    since: date
    until: date | None
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def in_force(self, day: date, organisation: str) -> bool:
        """Whether the rule was in force on the day for the organisation."""
        dated = self.since <= day and (self.until is None or day < self.until)
        placed = not self.only or organisation in self.only
        return dated and placed and organisation not in self.never


@dataclass(frozen=True, slots=True)
class PhaseRule:
    """A phase: from which it can be entered (empty: at the start), and what it requires."""

    phase: Phase
    title: Title
    after: tuple[Phase, ...]
    requires: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the catalogue, the phases it belongs to and who can provide it.

    It is offered from `since` (None: from the start) until `until` (excluded; None: open).
    """

    code: str
    title: Title
    phases: tuple[Phase, ...]
    providers: tuple[str, ...] = ()
    basis: str | None = None
    since: date | None = None
    until: date | None = None
    assumed: bool = False

    def offered(self, day: date) -> bool:
        """Whether the service is offered on the day."""
        return _within(day, self.since, self.until)


@dataclass(frozen=True, slots=True)
class CompetenceFrame:
    """A frame that competences are recorded in (ESCO, or local codes) with its levels."""

    code: str
    title: Title
    levels: tuple[str, ...]
    concepts: tuple[Coded, ...] = ()
    uri_prefix: str | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """What is due, how long after which event, and which event meets it.

    `starts` and `ends` are names of events ("referral-accepted"). `basis` is the ground.
    """

    id: str
    title: Title
    span: Span
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    basis: str
    pausable: bool = True
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class FollowUpPoint:
    """A follow-up that is due a span after an event ("placement-started")."""

    id: str
    title: Title
    span: Span
    after: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a kind of data (`domain.data_kinds`) is kept after a journey's end, by which law."""

    kind: str
    months: int
    basis: str
    assumed: bool = False


FOLLOW_UP_CALENDAR = "follow-up calendar"
"""The basis of what is due by the follow-up calendar of a definition."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the programme means to reach, of a measure in `domain.measures`, in all or in one place.

    `value` is in the measure's unit; a share lies between 0 and 1.
    """

    id: str
    title: Title
    measure: str
    value: float
    organisation: str | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """What a measure is compared with: a law's figure, or what others reach.

    `from_days` is the number of paid days from which a tier holds, where there are tiers.
    """

    id: str
    title: Title
    measure: str
    level: str
    value: float
    basis: str
    from_days: int | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """What an organisation does under the agreement of co-operation, and from when.

    `sees` are the kinds of data that it may see for it without the client's consent, as where a law
    lets it: the duty is the ground then.
    """

    id: str
    title: Title
    organisation: str
    since: date
    until: date | None = None
    assumed: bool = False
    sees: tuple[DataKind, ...] = ()

    def holds(self, day: date) -> bool:
        """Whether the organisation does it on the day."""
        return _within(day, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Body:
    """A body that governs the programme, and which organisations sit in it."""

    code: str
    title: Title
    members: tuple[str, ...]
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire by name and version, and who answers it (client, employer, network ...)."""

    code: str
    version: int
    title: Title
    respondents: tuple[str, ...]
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class EndState:
    """A way for a journey to end, and the destinations that go with it."""

    code: str
    title: Title
    destinations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a programme: everything that decisions of its journeys ask about.

    `timed` is all that can fall due: the deadlines, and the points of the follow-up calendar as
    deadlines. `timing` are the names of the events that open or meet them; `opened` has those that
    an event opens, by the event's name. `texts` are grounds, sources, notes and levels, which stand
    in English elsewhere in it, with what they say in the language of the place.
    """

    programme: str
    version: int
    title: Title
    summary: Title
    effective_from: date
    effective_until: date | None
    country: str
    digest: str
    organisations: tuple[Participant, ...]
    channels: tuple[Coded, ...]
    service_lines: tuple[Coded, ...]
    eligibility: tuple[DatedRule, ...]
    phases: tuple[PhaseRule, ...]
    services: tuple[Service, ...]
    needs: tuple[Coded, ...]
    frames: tuple[CompetenceFrame, ...]
    review_methods: tuple[Coded, ...]
    placement_forms: tuple[str, ...]
    follow_up: tuple[FollowUpPoint, ...]
    deadlines: tuple[DeadlineRule, ...]
    exemption_reasons: tuple[Coded, ...]
    end_states: tuple[EndState, ...]
    targets: tuple[Target, ...]
    questionnaires: tuple[Questionnaire, ...]
    override_roles: tuple[str, ...]
    disadvantages: tuple[Coded, ...] = ()
    duties: tuple[Duty, ...] = ()
    bodies: tuple[Body, ...] = ()
    monitoring: tuple[Coded, ...] = ()
    reference_values: tuple[ReferenceValue, ...] = ()
    retention: tuple[Retention, ...] = ()
    indicators: tuple["Indicator", ...] = ()
    texts: tuple[Title, ...] = ()
    timed: tuple[DeadlineRule, ...] = field(init=False, compare=False, repr=False)
    timing: frozenset[str] = field(init=False, compare=False, repr=False)
    opened: Mapping[str, tuple[DeadlineRule, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Work out once what can fall due: every journey asks it, each time it is written to."""
        points = tuple(
            DeadlineRule(p.id, p.title, p.span, (p.after,), ("follow-up-held",), FOLLOW_UP_CALENDAR)
            for p in self.follow_up
        )
        timed = (*self.deadlines, *points)
        object.__setattr__(self, "timed", timed)
        names = frozenset(name for rule in timed for name in (*rule.starts, *rule.ends))
        object.__setattr__(self, "timing", names)
        opened = {name: tuple(rule for rule in timed if name in rule.starts) for name in names}
        object.__setattr__(self, "opened", opened)

    def rules_in_force(self, day: date, organisation: str) -> tuple[Rule, ...]:
        """Return the eligibility rules in force on the day for clients of the organisation."""
        return tuple(r.rule for r in self.eligibility if r.in_force(day, organisation))

    def phase(self, phase: Phase) -> PhaseRule | None:
        """Return what the definition says of the phase, None where it has no such phase."""
        return next((p for p in self.phases if p.phase is phase), None)


def codes(
    values: Iterable[Coded | Service | CompetenceFrame | Participant | EndState | Body],
) -> set[str]:
    """Return the codes of coded values."""
    return {value.code for value in values}


def _within(day: date, since: date | None, until: date | None) -> bool:
    return (since is None or since <= day) and (until is None or day < until)
