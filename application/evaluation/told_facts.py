"""What facts that were recorded tell of each other, and of other days than that they were told for.

Nothing is guessed. A spell of unemployment tells of every day since it began; what is counted up to
one day (the days of 16 months) tells of that day alone; all else is taken to have been so before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import NamedTuple

from domain.calendar import latest_start
from domain.definition import Facts, FactValue
from domain.facts import FACTS, EmploymentStatus
from domain.journey import events as e
from domain.journey.facts import SPELL, WORKING_LIFE, spell
from domain.journey.history import JourneyEntry
from domain.journey.state import periods_that_hold, recorded_period

Told = dict[str, FactValue]

_OF_THE_DAY = WORKING_LIFE | {"age", "days_unemployed_of_last_16_months"}


def completed(facts: Facts, on: date) -> Told:
    """Return the facts of a day with what follows from them by what the catalogue says of each."""
    told: Told = {name: value for name, value in facts.items() if value is not None}
    return {**_following(told, on), **told}


def _following(told: Told, on: date) -> Told:
    since, days, months = (told.get(n) for n in ("unemployed_since", *_LENGTHS))
    if isinstance(since, date):
        return spell(since, on)
    if isinstance(days, int) and days > _MOST_DAYS:
        return {"unemployed": True}
    if isinstance(days, int) and days > 0:
        return spell(date.fromordinal(on.toordinal() - days + 1), on)
    if isinstance(months, int) and months > 0:
        return {"unemployed": True}
    status = told.get("employment_status")
    unemployed = told.get("unemployed", status and status == EmploymentStatus.UNEMPLOYED)
    if unemployed is False or days == 0:
        return {"unemployed": False, **spell(None, on)}
    return {} if unemployed is None else {"unemployed": unemployed}


_LENGTHS = ("days_unemployed", "months_unemployed")

_MOST_DAYS, _MOST_MONTHS = 36_525, 1_200
"""Longer than a century is a slip, and tells of no day."""


class Began(NamedTuple):
    """The first and the last day on which a spell can have begun: the same where one is told."""

    earliest: date
    latest: date


def beginning_of_spell(facts: Facts, on: date) -> Began | None:
    """Return when the spell that lasts on the day began, as far as its length in months tells it.

    None where there is no spell, or nothing tells how long it is.
    """
    told = completed(facts, on)
    since, months = told.get("unemployed_since"), told.get("months_unemployed")
    if isinstance(since, date):
        return Began(since, since) if since <= on else None
    least = 0 if told.get("unemployed") is True else 1
    if isinstance(months, int) and least <= months <= _MOST_MONTHS:
        after = latest_start(on, months + 1)
        return Began(after + timedelta(days=1), latest_start(on, months))
    return None


def on_another_day(facts: Facts, told_for: date, on: date) -> Told:
    """Return what the facts of one day tell of another, before or after it."""
    if on == told_for:
        return completed(facts, on)
    began = beginning_of_spell(facts, told_for)
    told: Told = {n: v for n, v in facts.items() if v is not None and n not in _OF_THE_DAY}
    if began is not None and on >= began.latest:
        told |= spell(began.latest, on)
        if "employment_status" in facts:
            told["employment_status"] = facts["employment_status"]
    return told


def told_later(in_force: Sequence[JourneyEntry], day: date) -> Told:
    """Return the facts of a day that only later entries tell: the first interview after it.

    A spell counts where it had begun by the day; of a period of unemployment that holds the day,
    too; of two records of one start the newer says until when.
    """
    told: Told = {}
    ends = _ends_of_spells(in_force)
    for entry in in_force:
        event = entry.event
        if isinstance(event, e.UnemploymentPeriodRecorded):
            end = ends[event.start]
            if event.start <= day and (end is None or day <= end):
                told = {**spell(event.start, day), **told}
        elif isinstance(event, e.IntakeInterviewHeld) and entry.occurred_on >= day:
            return {**told, **_of_situation(event.situation, day)}
    return told


def _ends_of_spells(in_force: Iterable[JourneyEntry]) -> dict[date, date | None]:
    """Return the last day of each recorded spell by its first; None: it lasts."""
    recorded = (
        recorded_period(entry.version, entry.event)
        for entry in in_force
        if isinstance(entry.event, e.UnemploymentPeriodRecorded)
    )
    return {one.period.start: one.period.end for one in periods_that_hold(recorded)}


def with_later(facts: Facts, later: Facts) -> Told:
    """Return facts with what was told later beside them; of another spell than theirs nothing."""
    known: Told = {name: value for name, value in facts.items() if value is not None}
    another = any(later.get(name, value) != value for name, value in known.items() if name in SPELL)
    return {n: v for n, v in later.items() if not (another and n in SPELL)} | known


def _of_situation(situation: e.Situation, day: date) -> Told:
    said = {f.name: getattr(situation, f.name) for f in fields(situation)}
    told = {n: v for n, v in said.items() if n in FACTS and v is not None and n not in SPELL}
    told["education_isced"] = situation.education
    if situation.unemployed_since is not None and situation.unemployed_since <= day:
        told |= spell(situation.unemployed_since, day)
    return {name: value for name, value in told.items() if value is not None}
