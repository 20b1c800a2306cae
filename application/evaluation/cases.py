"""What comes of playing a journey again under another definition, beside what was recorded."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from application.evaluation.verdicts_again import Answer, FirstDay
from domain.definition import Title
from domain.journey.deadlines import DeadlineStatus
from domain.wording import Wording


class Change(StrEnum):
    """What another definition would have meant for a client, beside what was decided.

    `IN`: would have been let in. `OUT`: would not. `SOONER`, `LATER`: let in both times, and it
    could have been on an earlier, or a later day. `SAME`: no difference that the facts tell.
    `UNTOLD`: cannot be told. `NOT_JUDGED`: no verdict was made here that could be put to rules.
    """

    IN = "in"
    OUT = "out"
    SOONER = "sooner"
    LATER = "later"
    SAME = "same"
    UNTOLD = "untold"
    NOT_JUDGED = "not-judged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A recorded verdict on eligibility, and what the other definition's rules say of its facts."""

    entry: int
    on: date
    organisation: str
    recorded: bool
    replayed: Answer


@dataclass(frozen=True, slots=True)
class PhaseAgain:
    """A phase that was entered, and whether it could have been; None: that cannot be told."""

    entry: int
    on: date
    phase: str
    possible: bool | None
    why: Wording


@dataclass(frozen=True, slots=True)
class DeadlineAgain:
    """A deadline that is missed under one definition and not under the other.

    Its id and title, its status and its last day in time as recorded, and as replayed; None where
    there is none.
    `missed` says that it would have been missed, and was not; else it is the other way round.
    """

    deadline: str
    title: Title | None
    recorded: DeadlineStatus | None
    due: date | None
    replayed: DeadlineStatus | None
    replayed_due: date | None
    missed: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One journey under both definitions. Organisation and days are those of the newest verdict.

    Verdicts stand in the order of the days that they are about, as far as these were put right.
    `possible` is the first day on which the recorded rules would have said yes, `replayed_possible`
    that of the other ones; None where there is none, or nothing tells it.
    """

    journey: str
    client: str
    organisation: str
    change: Change
    verdicts: tuple[Verdict, ...] = ()
    possible: FirstDay | None = None
    replayed_possible: FirstDay | None = None
    phases: tuple[PhaseAgain, ...] = ()
    deadlines: tuple[DeadlineAgain, ...] = ()

    @property
    def newest(self) -> Verdict | None:
        """The verdict about the last day: one told late, about a day before, undoes none."""
        return self.verdicts[-1] if self.verdicts else None

    @property
    def eligible(self) -> bool:
        """Whether the client was let in by the newest verdict."""
        return self.newest is not None and self.newest.recorded

    @property
    def would_be_eligible(self) -> bool | None:
        """Whether the client would have been let in; None where it cannot be told."""
        return None if self.newest is None else self.newest.replayed.eligible

    @property
    def days_sooner(self) -> int | None:
        """By how many days it could have been sooner; less than 0: later. None: nothing tells."""
        if self.possible is None or self.replayed_possible is None:
            return None
        return (self.possible.day - self.replayed_possible.day).days

    @property
    def touched(self) -> bool:
        """Whether anything would have been otherwise."""
        moved = self.change in {Change.IN, Change.OUT, Change.SOONER, Change.LATER}
        return moved or bool(self.deadlines) or any(x.possible is False for x in self.phases)

    @property
    def untold(self) -> bool:
        """Whether it cannot be told of the client, or of a phase, what would have been."""
        return self.change is Change.UNTOLD or any(x.possible is None for x in self.phases)


def change_of(case: Case) -> Change:
    """Return what the other definition would have meant, by the verdicts and first days."""
    would = case.would_be_eligible
    if would is None:
        return Change.UNTOLD
    if would is not case.eligible:
        return Change.IN if would else Change.OUT
    days = case.days_sooner if would else None
    if not days:
        return Change.SAME
    return Change.SOONER if days > 0 else Change.LATER
