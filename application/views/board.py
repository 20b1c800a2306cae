"""The organisation board: where each journey stood from when to when, and what it owed by when."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import NamedTuple

from application.views.caseload import reckoned
from application.views.course import Evening, course, standing
from application.views.rows import ObligationRow, SpanRow
from application.views.view import Rules, View
from domain.journey import events as e
from domain.journey.deadlines import Deadline, deadlines
from domain.journey.ending import ENDED
from domain.journey.history import History
from domain.journey.state import Status

_ENDED = frozenset(status.value for status in ENDED)
"""Where a journey stands that has ended."""


class _Place(NamedTuple):
    organisation: str
    standing: str
    phase_since: date | None

    def beyond(self, other: "_Place | None") -> str | None:
        """Return the organisation of a neighbouring place, as a span names it; None where same."""
        if other is None:
            return None
        both_ended = _ENDED.issuperset((self.standing, other.standing))
        return other.organisation if both_ended or other.organisation != self.organisation else None


def board_rows(journey_id: str, history: History, rules: Rules) -> Iterable[NamedTuple]:
    """Return the spans of a journey, which join without a hole, and its deadlines' fates.

    A journey that ended stands in "closed" or "declined" from that day on.
    """
    spans = _spans(journey_id, history, rules)
    return (*spans, *(_obligations(spans[-1], history, rules) if spans else ()))


BOARD: View[History] = View(
    name="board",
    shape=7,
    kind="journey",
    inline=False,
    tables=(SpanRow, ObligationRow),
    rows=board_rows,
)
"""Journeys by organisation and standing on any day, flow by week, and what was overdue."""


def _spans(journey_id: str, history: History, rules: Rules) -> list[SpanRow]:
    days = rules.once(course, history)
    stays = [(place, next(same).day) for place, same in groupby(days, _place)]
    places = [place for place, _ in stays]
    untils = [*(since for _, since in stays[1:]), None]
    around = zip([None, *places], [*places[1:], None], strict=False)
    rows = []
    spanned = zip(stays, untils, around, strict=False)
    for number, ((place, since), until, (before, after)) in enumerate(spanned, start=1):
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
                came_from=place.beyond(before),
                went_to=place.beyond(after),
            )
        )
    return rows


def _place(evening: Evening) -> _Place:
    journey = evening.journey
    stay = journey.stay if journey.status is Status.OPEN else None
    since = stay.since if stay else None
    return _Place(journey.organisation, standing(journey), since)


def _obligations(last: SpanRow, history: History, rules: Rules) -> Iterable[ObligationRow]:
    """Yield what a journey owed, in each stretch of days by what had happened by then.

    What is put off, or opened anew, was overdue before as if it were not. So until the day of each
    such turn deadlines are counted without it; what was never overdue until then needs no row.
    """
    known = rules.once(reckoned, history)
    turns = sorted({x.occurred_on for x in history.in_force if type(x.event) in _TURNING})
    if known.clocks is None or not turns:
        return (_obligation(last, deadline, date.min) for deadline in known.deadlines)
    rows: list[ObligationRow] = []
    for since, until in pairwise((date.min, *turns)):
        then = [x for x in history.in_force if x.occurred_on < until]
        owed = [_obligation(last, d, since, until) for d in deadlines(then, *known.clocks)]
        rows += [one for one in owed if _was_overdue(one)]
    return (*rows, *(_obligation(last, deadline, turns[-1]) for deadline in known.deadlines))


_TURNING = frozenset({e.DeadlineMoved, e.DeadlineExempted, e.JourneyReopened})
"""What says from its day on something else of a deadline than until then."""


def _obligation(
    last: SpanRow, deadline: Deadline, since: date, until: date | None = None
) -> ObligationRow:
    lifted = deadline.exempt.on if deadline.exempt else None
    settled = [deadline.met_on, lifted, deadline.lapsed_on, until]
    return ObligationRow(
        owner=last.owner,
        deadline=deadline.id,
        programme=last.programme,
        organisation=last.organisation,
        opened_on=max(deadline.opened_on, since),
        due=deadline.due,
        settled_on=min((day for day in settled if day is not None), default=None),
    )


def _was_overdue(one: ObligationRow) -> bool:
    """Whether there is a day on which a deadline that was settled had been overdue."""
    if one.due is None or one.settled_on is None:
        return False
    return max(one.opened_on, one.due + timedelta(days=1)) < one.settled_on
