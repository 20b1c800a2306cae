"""How a client fared afterwards."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.calendar import Period
from domain.journey import events as e


class FollowUp(NamedTuple):
    """A follow-up that was held, and for which point of the calendar."""

    entry: int
    on: date
    status: e.EmploymentStatus
    point: str | None


class PeriodKind(StrEnum):
    """What a recorded period is a period of."""

    EMPLOYMENT = "employment"
    UNEMPLOYMENT = "unemployment"
    BENEFIT = "benefit"


class RecordedPeriod(NamedTuple):
    """A period of work, unemployment or benefit; `kind` as the source codes it."""

    entry: int
    of: PeriodKind
    period: Period
    kind: str
    paid_days: int | None

    @property
    def which(self) -> tuple[PeriodKind, date, str]:
        """What records of one period have in common: what it is of, its first day, which benefit.

        Work or unemployment that is recorded once more may be of another kind. Who is on two
        benefits from one day has two periods.
        """
        benefit = self.kind if self.of is PeriodKind.BENEFIT else ""
        return self.of, self.period.start, benefit


_RECORDS = {
    e.EmploymentPeriodRecorded: PeriodKind.EMPLOYMENT,
    e.UnemploymentPeriodRecorded: PeriodKind.UNEMPLOYMENT,
    e.BenefitPeriodRecorded: PeriodKind.BENEFIT,
}


def recorded_period(version: int, event: e.PeriodRecorded) -> RecordedPeriod:
    """Return the period that an event records, in the entry of this version."""
    period = Period(event.start, event.end)
    return RecordedPeriod(version, _RECORDS[type(event)], period, event.kind, event.paid_days)


def periods_in_force(
    periods: Iterable[RecordedPeriod], of: PeriodKind
) -> tuple[RecordedPeriod, ...]:
    """Return the periods of a kind by their first day; of two records of one the newer holds.

    An end is recorded as the same period once more, with its last day.
    """
    return tuple(
        sorted(
            (one for one in periods_that_hold(periods) if one.of is of),
            key=lambda period: period.period.start,
        )
    )


def periods_that_hold(periods: Iterable[RecordedPeriod]) -> tuple[RecordedPeriod, ...]:
    """Return the periods in the order recorded; of two records of one the newer holds."""
    recorded = sorted(periods, key=lambda period: period.entry)
    newest = {one.which: one for one in recorded}
    return tuple(one for one in recorded if newest[one.which] is one)
