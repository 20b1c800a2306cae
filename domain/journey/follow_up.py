"""Follow-up: how the client fares afterwards, and every period of work and of benefit."""

from datetime import date

from domain.entry import Personal
from domain.journey import events as e
from domain.journey.act import (
    Act,
    Events,
    require_begun,
    require_code,
    require_period,
    require_text,
    unless_recorded,
)
from domain.journey.history import History
from domain.journey.intake import check_situation
from domain.refusals import InvalidField
from domain.wording import said


def hold_follow_up(
    history: History,
    act: Act,
    *,
    status: e.EmploymentStatus,
    support_needed: tuple[str, ...] = (),
    point: str | None = None,
    situation: e.Situation | None = None,
    note: Personal = e.NOTHING_SAID,
) -> Events:
    """Record a follow-up, at a point of the calendar or between; also after the journey's end."""
    require_begun(history.journey, act, said("hold a follow-up"))
    if point is not None:
        require_code("point", point, [p.id for p in act.definition.follow_up])
    if situation is not None:
        check_situation(situation, act)
    event = e.FollowUpHeld(status, support_needed, point, situation, note)
    return unless_recorded(history, act, event)


def record_employment_period(
    history: History,
    act: Act,
    *,
    start: date,
    end: date | None = None,
    kind: str,
    paid_days: int | None = None,
) -> Events:
    """Record a period of work, both days included."""
    _check(history, act, said("record a period of work"), start, end, kind, paid_days)
    return unless_recorded(history, act, e.EmploymentPeriodRecorded(start, end, kind, paid_days))


def record_unemployment_period(
    history: History,
    act: Act,
    *,
    start: date,
    end: date | None = None,
    kind: str,
    paid_days: int | None = None,
) -> Events:
    """Record a period of unemployment, both days included."""
    _check(history, act, said("record a period of unemployment"), start, end, kind, paid_days)
    event = e.UnemploymentPeriodRecorded(start, end, kind, paid_days)
    return unless_recorded(history, act, event)


def record_benefit_period(
    history: History,
    act: Act,
    *,
    start: date,
    end: date | None = None,
    kind: str,
    paid_days: int | None = None,
) -> Events:
    """Record a period on a benefit, both days included, with the days paid in it."""
    _check(history, act, said("record a period on a benefit"), start, end, kind, paid_days)
    return unless_recorded(history, act, e.BenefitPeriodRecorded(start, end, kind, paid_days))


def _check(
    history: History,
    act: Act,
    what: str,
    start: date,
    end: date | None,
    kind: str,
    paid_days: int | None,
) -> None:
    require_begun(history.journey, act, what)
    require_text("kind", kind)
    require_period(start, end)
    if start > act.today:
        raise InvalidField(
            "start", said("{start} lies ahead of today, {today}", start=start, today=act.today)
        )
    if paid_days is not None and paid_days < 0:
        raise InvalidField("paid_days", said("cannot be less than nothing"))
    last = act.today if end is None else end
    if paid_days is not None and paid_days > (last - start).days + 1:
        raise InvalidField(
            "paid_days",
            said("{paid_days} are more than the days of the period", paid_days=paid_days),
        )
