"""What the demo shows, looked up: who is where, what is overdue, one history, what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from application.accesses import READINGS
from application.office import Office, definitions_of
from application.simulation.days import Window
from application.views.overview import (
    Known,
    Late,
    Standing,
    known_journeys,
    late_on,
    most_telling,
    standings,
    telling_day,
)
from application.views.targets import Reached, courses_of, reached
from domain.calendar import add_months
from domain.definition import Definition

MORE, ENOUGH = "ali", 30
"""Of which programme more clients could be played, and in how many days at least."""

PAGE = 1024
"""How many entries are looked through at a time for the newest act."""

LONGEST = 8
"""How many of the longest overdue deadlines are shown."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is seen of one programme."""

    definition: Definition
    standings: tuple[Standing, ...]
    late: tuple[Late, ...]
    reached: tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """What is seen on a day: the pages of the programmes, and one journey to tell.

    `more` is the seed and the days of a simulation that the log could take next, where there is
    one.
    """

    day: date
    entries: int
    pages: tuple[Page, ...]
    told: Known | None
    told_day: date
    more: tuple[int, Window] | None


def glance(office: Office, least: date, programmes: Sequence[str], today: date) -> Glance:
    """Look at the programmes of the log as at its newest entry's day, at the `least` day or later.

    `today` is the real one: what could be simulated next ends by then.
    """
    day = max(least, newest_day(office))
    journeys = known_journeys(office.log.read())
    pages = [_page(office, code, journeys.get(code, []), day) for code in programmes]
    told = most_telling(known for code in programmes for known in journeys.get(code, []))
    told_day = telling_day(told.history.entries) if told else day
    more = _more(office, day, today)
    return Glance(day, office.log.position(), tuple(pages), told, told_day, more)


def newest_day(office: Office) -> date:
    """Return the day of the newest entry that is no reading: to look at it makes no demo older."""
    until, step = office.log.position(), 1
    while until:
        after = max(0, until - step)
        recorded = office.log.read(after=after, until=until)
        acts = [one for one in recorded if not one.stream.startswith(f"{READINGS}:")]
        if acts:
            return acts[-1].entry.recorded_at.date()
        until, step = after, min(2 * step, PAGE)
    return date.min


def _more(office: Office, day: date, today: date) -> tuple[int, Window] | None:
    """Return a seed that was not played, and up to three months that are past and still free.

    There are none once somebody has looked: that is recorded, and then the log's clock is there.
    """
    first = day + timedelta(days=1)
    if office.log.now().date() >= first:
        return None
    last = min(add_months(first, 3) - timedelta(days=1), today)
    if (last - first).days < ENOUGH:
        return None
    seeds = (seed for seed in count(8) if not office.log.streams(f"journey:{MORE}-{seed}-"))
    return next(seeds), Window(first, last)


def _page(office: Office, code: str, journeys: Sequence[Known], day: date) -> Page:
    definition = office.programmes.current(code, day)
    days = office.working_days(definition.country)
    late = late_on(journeys, day, definitions_of(office, code), days)
    outcome = reached(definition.targets, courses_of(journeys))
    return Page(definition, tuple(standings(journeys, late)), tuple(late), tuple(outcome))


def keys_of(seen: Glance) -> dict[str, Any]:
    """Return what is seen, as the command's JSON has it."""
    told = seen.told
    return {
        "day": seen.day,
        "programmes": [_page_keys(page) for page in seen.pages],
        "history": told
        and {"journey": told.id, "day": seen.told_day, "entries": told.history.version},
        "next": next_commands(seen),
    }


def _page_keys(page: Page) -> dict[str, Any]:
    return {
        "code": page.definition.programme,
        "standings": [
            {"organisation": s.organisation, **s.counts, "overdue": s.overdue}
            for s in page.standings
        ],
        "overdue": len(page.late),
        "longest_overdue": [
            {
                "journey": late.journey,
                "organisation": late.organisation,
                "deadline": late.deadline.rule,
                "due": late.deadline.due,
                "days": late.days,
            }
            for late in page.late[:LONGEST]
        ],
        "targets": [
            {
                "id": r.target.id,
                "measure": r.target.measure,
                "organisation": r.target.organisation,
                "target": r.target.value,
                "reached": r.value,
                "counted": r.of,
                "met": r.met,
                "because": r.because or None,
            }
            for r in page.reached
        ],
    }


def next_commands(seen: Glance) -> list[str]:
    """Return commands that go on from what is seen, and work in this order.

    Days that are past can be played only before somebody looks: to look is recorded, as of now.
    """
    journey = seen.told.id if seen.told else "ID"
    day = seen.told_day
    looking = [
        f"polku journeys show {journey}",
        f"polku journeys show {journey} --as-at {day}",
        f"polku journeys show {journey} --as-at {day} --known-at {day}",
        "polku journeys list --programme duunipolku --organisation tampere --phase placement",
        "polku programmes show etela-savo",
    ]
    if seen.more is None:
        return looking
    seed, days = seen.more
    played = f"polku simulate --programme {MORE} --clients 50 --seed {seed}"
    return [f"{played} --from {days.first} --until {days.last}", *looking]
