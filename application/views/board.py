"""The organisation board: where each journey stood from when to when, and what it owed by when."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple

from application.views.caseload import reckoned
from application.views.course import Evening, course, standing
from application.views.rows import ObligationRow, SpanRow
from application.views.view import Rules, View
from domain.journey.deadlines import Deadline
from domain.journey.history import History
from domain.journey.state import Status


class _Place(NamedTuple):
    organisation: str
    standing: str
    phase_since: date | None


def board_rows(journey_id: str, history: History, rules: Rules) -> Iterable[NamedTuple]:
    """Return the spans of a journey, which join without a hole, and its deadlines' fates.

    A journey that ended stands in "closed" or "declined" from that day on.
    """
    spans = _spans(journey_id, history, rules)
    every = rules.once(reckoned, history).deadlines if spans else ()
    return (*spans, *(_obligation(spans[-1], deadline) for deadline in every))


BOARD: View[History] = View(
    name="board",
    shape=1,
    kind="journey",
    inline=False,
    tables=(SpanRow, ObligationRow),
    rows=board_rows,
)
"""Journeys by organisation and standing on any day, flow by week, and what was overdue."""


def _spans(journey_id: str, history: History, rules: Rules) -> list[SpanRow]:
    days = rules.once(course, history)
    stays = [(place, next(same).day) for place, same in groupby(days, _place)]
    here = [place.organisation for place, _ in stays]
    untils = [*(since for _, since in stays[1:]), None]
    rows = []
    for number, ((place, since), until) in enumerate(zip(stays, untils, strict=False), start=1):
        before, after = here[max(0, number - 2)], here[min(number, len(here) - 1)]
        rows.append(
            SpanRow(
                owner=journey_id,
                number=number,
                programme=history.journey.programme,
                organisation=place.organisation,
                standing=place.standing,
                since=since,
                until=until,
                phase_since=place.phase_since,
                came_from=before if before != place.organisation else None,
                went_to=after if after != place.organisation else None,
            )
        )
    return rows


def _place(evening: Evening) -> _Place:
    journey = evening.journey
    stay = journey.stay if journey.status is Status.OPEN else None
    since = stay.since if stay else None
    return _Place(journey.organisation, standing(journey), since)


def _obligation(last: SpanRow, deadline: Deadline) -> ObligationRow:
    lifted = deadline.exempt.on if deadline.exempt else None
    settled = [day for day in (deadline.met_on, lifted, deadline.lapsed_on) if day is not None]
    return ObligationRow(
        owner=last.owner,
        deadline=deadline.id,
        programme=last.programme,
        organisation=last.organisation,
        opened_on=deadline.opened_on,
        due=deadline.due,
        settled_on=min(settled, default=None),
    )
