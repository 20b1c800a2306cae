"""Entries taken back, and decisions looked at again.

A correction carries any event of a journey, so it stands where all of them are known: beside
`JourneyEvent` in the package.
"""

from dataclasses import dataclass
from typing import TypeAlias

from domain.entry import Personal


@dataclass(frozen=True, slots=True)
class EntryRetracted:
    """An entry should never have been recorded: nothing of it holds."""

    entry: int
    reason: Personal


@dataclass(frozen=True, slots=True)
class DecisionReviewed:
    """Somebody looked again at a decision that had relied on a fact corrected since.

    `entry` is the decision's entry, or None for a deadline (then `deadline` names it).
    """

    correction: int
    entry: int | None
    deadline: str | None
    upheld: bool
    reason: Personal


CorrectionEvent: TypeAlias = EntryRetracted | DecisionReviewed
