"""The course of a journey in any phase, and its end."""

from datetime import date
from typing import NamedTuple

from domain.definition import Phase


class Stay(NamedTuple):
    """A phase and the day it was entered."""

    entry: int
    phase: Phase
    since: date


class Handover(NamedTuple):
    """A handover that has been asked for and not answered."""

    entry: int
    on: date
    to_organisation: str


class Feedback(NamedTuple):
    """Feedback that was given."""

    entry: int
    on: date
    respondent: str
    questionnaire: str


class Pause(NamedTuple):
    """A rest of the journey, from the day it began to the day it went on (not included)."""

    entry: int
    start: date
    end: date | None = None


class Adjustment(NamedTuple):
    """A deadline lifted (`due` None) or moved to another day, on the day `on`."""

    entry: int
    on: date
    deadline: str
    due: date | None
    reason: str


class Closing(NamedTuple):
    """How and when the journey ended."""

    entry: int
    on: date
    end_state: str
    destination: str


class Reviewed(NamedTuple):
    """A decision that somebody looked at again after a correction."""

    entry: int
    correction: int
    decision: int | None
    deadline: str | None
    upheld: bool
