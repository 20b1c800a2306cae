"""A client's plan, and what came of its steps."""

from datetime import date
from typing import NamedTuple

from domain.journey.events import PlanStep, Signatory
from domain.journey.state.quickly import quickly_changed


@quickly_changed
class StepCourse(NamedTuple):
    """A step of the plan, and what came of it."""

    step: PlanStep
    reached: int | None = None
    reached_on: date | None = None
    dropped: int | None = None
    dropped_on: date | None = None

    @property
    def open(self) -> bool:
        """Whether the step is neither reached nor dropped."""
        return self.reached is None and self.dropped is None


@quickly_changed
class Plan(NamedTuple):
    """The plan as drafted, agreed and revised; `revision` counts the agreed ones from 1."""

    entry: int
    drafted_on: date
    steps: tuple[StepCourse, ...]
    revision: int = 0
    agreed: int | None = None
    agreed_on: date | None = None
    signatories: tuple[Signatory, ...] = ()

    def step(self, step_id: str) -> StepCourse | None:
        """Return the step with the id."""
        return next((s for s in self.steps if s.step.id == step_id), None)
