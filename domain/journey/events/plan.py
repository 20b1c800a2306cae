"""A client's plan: drafted, agreed, revised, and its steps reached or given up."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from domain.entry import Personal
from domain.journey.events.shared import Signatory


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A line of the plan: a goal, the service that leads there, and by when."""

    id: str
    goal: Personal
    by: date
    service: str | None = None


@dataclass(frozen=True, slots=True)
class PlanDrafted:
    """A plan was drafted, or drafted again before it was agreed."""

    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True)
class PlanAgreed:
    """The drafted plan was agreed and signed."""

    signatories: tuple[Signatory, ...]


@dataclass(frozen=True, slots=True)
class PlanRevised:
    """An agreed plan was replaced by another, for a reason."""

    steps: tuple[PlanStep, ...]
    signatories: tuple[Signatory, ...]
    reason: Personal


@dataclass(frozen=True, slots=True)
class PlanStepReached:
    """A step of the plan was reached."""

    step: str


@dataclass(frozen=True, slots=True)
class PlanStepDropped:
    """A step of the plan was given up."""

    step: str
    reason: Personal


PlanEvent: TypeAlias = PlanDrafted | PlanAgreed | PlanRevised | PlanStepReached | PlanStepDropped
