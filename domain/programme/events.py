"""What happens to a programme: stored formats, a change of shape needs a new version."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ProgrammePublished:
    """The programme began with its first version.

    `definition` is the whole text of the definition, `digest` its SHA-256 (hex).
    """

    version: int
    effective_from: date
    definition: str
    digest: str


@dataclass(frozen=True, slots=True)
class ProgrammeRevised:
    """A further version of the definition, in force from a day on (included)."""

    version: int
    effective_from: date
    definition: str
    digest: str


@dataclass(frozen=True, slots=True)
class OrganisationJoined:
    """An organisation (its code) came to run the programme with the others."""

    organisation: str


@dataclass(frozen=True, slots=True)
class OrganisationLeft:
    """An organisation no longer runs the programme."""

    organisation: str
    reason: str


@dataclass(frozen=True, slots=True)
class TargetSet:
    """What the programme, or one organisation of it, means to reach.

    `target` is its id: a later one under the same id takes the place of the one before. `value`
    is a number or a share (0 to 1), as the measure says.
    """

    target: str
    measure: str
    value: float
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeClosed:
    """The programme ended: nothing more is revised, joined or set."""

    reason: str


ProgrammeEvent: TypeAlias = (
    ProgrammePublished
    | ProgrammeRevised
    | OrganisationJoined
    | OrganisationLeft
    | TargetSet
    | ProgrammeClosed
)
