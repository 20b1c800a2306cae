"""Values that events of several phases carry. They are stored within events."""

from dataclasses import dataclass
from datetime import date

from domain.entry import Personal
from domain.facts import EmploymentStatus

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
class Signatory:
    """Who signed, in which role ("client", "case-worker", "employer" ...)."""

    person: str
    role: str
