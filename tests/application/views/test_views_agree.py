"""One journey in all views: where it stands, in whose hands it is, and what is due next.

The caseload tells it as recorded, the board and responsibility as it happened, and its page either
way: of today they must say the same.
"""

import random
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from application.views import BOARD, CASELOAD, RESPONSIBILITY
from application.views.caseload import clocks_of, deadlines_by
from application.views.rows import CaseRow, ObligationRow, ResponsibilityRow, SpanRow
from domain.journey import corrections, referral
from domain.journey.ending import ENDED
from domain.journey.history import History, history_of, look
from domain.journey.state import Journey
from domain.refusals import IllegalTransition, InvalidField
from tests.application.views.drawn import RULES, rows
from tests.domain import journeys as j

AT_LAST = date(2099, 1, 1)
ENDS = {status.value for status in ENDED}


def put_right(history: History, drawn: random.Random) -> History:
    """Correct or retract an entry, which may have happened on any day around."""
    last = max(x.occurred_on for x in history.entries) + timedelta(days=3)
    target = drawn.choice(history.in_force)
    moved = min(last, target.occurred_on + timedelta(days=drawn.randint(-9, 9)))
    now = j.act(last, roles=("team-lead",))
    try:
        if drawn.random() < 0.3:
            events = corrections.retract(history, now, entry=target.version, reason=j.WHY)
        else:
            said: Any = {"entry": target.version, "event": target.event, "occurred_on": moved}
            events = corrections.correct(history, now, **said, reason=j.WHY)
    except (IllegalTransition, InvalidField):
        return history
    return j.recorded(history, events, last)


def referred_anew(history: History, drawn: random.Random) -> History:
    """Retract the referral, and refer the client to another organisation, on any day around."""
    last = max(x.occurred_on for x in history.entries) + timedelta(days=3)
    now = j.act(last, roles=("team-lead",))
    events = corrections.retract(history, now, entry=1, reason=j.WHY)
    without = j.recorded(history, events, last)
    day = j.DAY + timedelta(days=drawn.randint(0, (last - j.DAY).days))
    told = {"client": "client-2", "from_organisation": "school", "to_organisation": "state"}
    try:
        anew = referral.refer(without, j.act(day), **told, channel="walk-in")
    except (IllegalTransition, InvalidField):
        return without
    return j.recorded(without, anew, day, late=(last - day).days)


def worked_on(seed: int, length: int, times: int) -> History:
    history, drawn = j.lawful(seed, length), random.Random(seed)  # noqa: S311
    for _ in range(times):
        does = referred_anew if drawn.random() < 0.1 else put_right
        history = does(history, drawn)
    return history


def brought_in(seed: int, length: int, days: int) -> History:
    """A journey of another system, whose referral is dated after some of what followed it."""
    referred, *others = j.lawful(seed, length).entries
    late = referred._replace(occurred_on=referred.occurred_on + timedelta(days=days))
    return history_of((late, *others))


SEEDS, LENGTHS = st.integers(0, 10**6), st.integers(1, 90)
HISTORIES = st.one_of(
    st.builds(worked_on, SEEDS, LENGTHS, st.integers(0, 6)),
    st.builds(brought_in, SEEDS, LENGTHS, st.integers(0, 60)),
)


def by_page(history: History, journey: Journey) -> dict[str, Any]:
    stay, who = journey.stay, journey.responsible
    due = (
        (d.due, d.id)
        for d in deadlines_by(clocks_of(history, RULES), history)
        if d.met_on is None and d.exempt is None and d.lapsed_on is None and d.due is not None
    )
    return {
        "status": journey.status.value,
        "phase": (stay.phase.value, stay.since) if stay else None,
        "organisation": journey.organisation,
        "person": who.person if who else None,
        "due": min(due, default=(None, None))[0],
    }


def by_caseload(history: History) -> dict[str, Any]:
    (case,) = rows(CASELOAD, history)[CaseRow]
    return {
        "status": case.status,
        "phase": (case.phase, case.phase_since) if case.phase else None,
        "organisation": case.organisation,
        "person": case.responsible,
        "due": case.next_due,
    }


def by_board(history: History) -> dict[str, Any]:
    found = rows(BOARD, history)
    *_, span = found[SpanRow]
    owed = [one for one in found.get(ObligationRow, ()) if one.settled_on is None and one.due]
    return {
        "status": span.standing,
        "organisation": span.organisation,
        "due": min((one.due for one in owed), default=None),
    }


@settings(deadline=None, max_examples=300)
@given(HISTORIES)
def test_all_views_say_the_same_of_a_journey(history: History) -> None:
    page = by_page(history, history.journey)
    assert by_caseload(history) == page
    if history.journey.referral is None:
        assert not rows(BOARD, history)
        return
    happened = look(history.entries, as_at=AT_LAST)
    then = History(happened.entries, happened.entries, happened.journey)
    assert by_page(then, happened.journey) == page
    standing = page["status"]
    if standing == "open":
        standing = page["phase"][0] if page["phase"] else "waiting"
    assert by_board(history) == {
        "status": standing,
        "organisation": page["organisation"],
        "due": page["due"],
    }
    answering = [
        (row.person, row.organisation)
        for row in rows(RESPONSIBILITY, history).get(ResponsibilityRow, ())
        if row.until is None
    ]
    hands = (page["person"], page["organisation"])
    assert answering == ([] if page["status"] in ENDS else [hands])
