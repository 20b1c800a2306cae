"""The caseload: one row a journey, the keys it is reached by, and what is due in it.

Where a journey stands is told as recorded, as its page tells it; deadlines are counted from the
days on which things happened. Nothing here asks the clock: whether something is overdue is a
question to the day on which it is asked.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from application.scope import keys_of
from application.views.rows import CaseRow, DueReachRow, DueRow, ReachRow, RecentRow, place_of
from application.views.view import Rules, View
from domain.calendar import IsWorkingDay
from domain.definition import Definition
from domain.entry import event_name
from domain.journey.deadlines import (
    Deadline,
    DefinitionOf,
    deadlines,
    versions_named,
    versions_there,
)
from domain.journey.ending import ENDED
from domain.journey.events import ReferralMade
from domain.journey.history import REVISING, History, history_of
from domain.journey.reliance import doubts
from domain.journey.state import Journey, Status

_WAITING = "waiting:"

_TOLD_BY_THE_CASE = ("journey:", "client:")
"""Keys that need no row of their own."""


def waiting_key(organisation: str) -> str:
    """Return the key of the journeys that wait for an organisation: a list's, held by nobody."""
    return f"{_WAITING}{organisation}"


def asked_to_take(case: CaseRow) -> frozenset[str]:
    """Return the organisations of which somebody is to take a journey that goes on.

    The responsible one, until it has accepted the referral and one of its people answers for the
    journey; and the one asked to take over, until it answers. A board tells something else: there
    "referred" (what it counts as waiting) are those not accepted, "waiting" those before the first
    phase, whoever answers for them.
    """
    is_nobodys = case.responsible is None or case.status == Status.REFERRED
    if not case.is_open or (not is_nobodys and case.handover_to is None):
        return frozenset()
    asked = {case.handover_to, case.organisation if is_nobodys else None}
    return frozenset(one for one in asked if one)


class Clocks(NamedTuple):
    """What the deadlines of a journey are counted by: its definitions, and working days."""

    definition_of: DefinitionOf
    is_working_day: IsWorkingDay


def clocks_of(history: History, rules: Rules) -> Clocks | None:
    """Return what a journey's deadlines are counted by.

    None where no referral is in force, or where no version is published that the journey was under,
    as where it came from another system: then nothing is due.
    """
    if history.journey.referral is None:
        return None
    programme, definition = history.journey.programme, rules.definition

    def definition_of(version: int) -> Definition:
        # Not by the rules, which remember what is made here: memory let go of at once is cheaper
        # than a round of garbage.
        return definition(programme, version)

    first = next(versions_there(versions_named(history.in_force), definition_of), None)
    return None if first is None else Clocks(definition_of, rules.working_days(first.country))


def clocks_of_reviews(history: History, rules: Rules) -> Clocks | None:
    """Return what the decisions that wait for review are asked by.

    Those of a journey whose referral was retracted wait as well, under what it was referred to.
    """
    clocks = clocks_of(history, rules)
    if clocks is not None or history.journey.referral is not None:
        return clocks
    referred = [x for x in history.entries if isinstance(x.event, ReferralMade)]
    return clocks_of(history_of(referred[:1]), rules)


def deadlines_by(clocks: Clocks | None, history: History) -> tuple[Deadline, ...]:
    """Return the deadlines of a journey; none where there is nothing to count them by."""
    return () if clocks is None else deadlines(history.in_force, *clocks)


class Reckoned(NamedTuple):
    """What several views ask of a journey: how its deadlines are counted, and all of them."""

    clocks: Clocks | None
    deadlines: tuple[Deadline, ...]


def reckoned(history: History, rules: Rules) -> Reckoned:
    """Return the deadlines of a journey, and what they are counted by."""
    clocks = clocks_of(history, rules)
    return Reckoned(clocks, deadlines_by(clocks, history))


def caseload_rows(journey_id: str, history: History, rules: Rules) -> Iterable[NamedTuple]:
    """Return the row of a journey, a row for each of its keys, and one for each open deadline.

    A journey whose referral was retracted has a row without client or programme, which stands as
    what is left of it says: it has not begun, and is not open, where nobody took it. An auditor
    finds it, and so does who still answers for it; who opens it out of scope can take the slip
    back.
    """
    if not history.entries:
        return ()
    journey, (_, every) = history.journey, rules.once(reckoned, history)
    waiting = [d for d in every if d.met_on is None and d.exempt is None and d.lapsed_on is None]
    dated = [d for d in waiting if d.due is not None]
    first = min(dated, key=_due, default=None)
    exempt = len([d for d in every if d.exempt is not None])
    case = _case(journey_id, history, first, exempt, _open_doubts(history, rules))
    reaches = _reaches(case, journey)
    recents = [RecentRow(*reach[:5], case.position) for reach in reaches]
    dues = [_due_row(case, deadline) for deadline in waiting]
    return (case, *reaches, *recents, *dues, *_due_reaches(reaches, dues))


CASELOAD: View[History] = View(
    name="caseload",
    shape=14,
    kind="journey",
    inline=True,
    tables=(CaseRow, ReachRow, RecentRow, DueRow, DueReachRow),
    rows=caseload_rows,
)
"""Where every journey stands, who answers for it, and what is due: written with the entries."""


def _due(deadline: Deadline) -> date:
    return deadline.due or date.max


def _case(
    journey_id: str, history: History, first: Deadline | None, exempt: int, waiting_for_review: int
) -> CaseRow:
    journey, last = history.journey, history.entries[-1]
    stay, responsible = journey.stay, journey.responsible
    is_open = journey.status not in ENDED
    asked = journey.handover if is_open else None
    return CaseRow(
        owner=journey_id,
        client=journey.client,
        programme=journey.programme,
        definition_version=journey.definition_version,
        organisation=journey.organisation,
        status=journey.status.value,
        is_open=is_open,
        phase=stay.phase.value if stay else None,
        phase_since=stay.since if stay else None,
        responsible=responsible.person if responsible else None,
        responsible_organisation=responsible.organisation if responsible else None,
        since=responsible.since if responsible else None,
        next_deadline=first.id if first else None,
        next_due=first.due if first else None,
        exempt=exempt,
        doubts=waiting_for_review,
        last_event=event_name(type(last.event)),
        last_on=last.occurred_on,
        last_recorded_at=last.recorded_at,
        version=last.version,
        position=last.position,
        handover_to=asked.to_organisation if asked else None,
    )


def _open_doubts(history: History, rules: Rules) -> int:
    """Count the decisions that wait for review, which only a correction can have called for."""
    if REVISING.isdisjoint([type(x.event) for x in history.entries]):
        return 0
    clocks = clocks_of_reviews(history, rules)
    return 0 if clocks is None else sum(doubt.open for doubt in doubts(history, *clocks))


def _reaches(case: CaseRow, journey: Journey) -> list[ReachRow]:
    due = case.next_due or date.max
    # Where no phase was entered yet, the time since the referral is what a worker waits for.
    since = case.phase_since or (journey.referral.on if journey.referral else date.max)
    place = place_of(case.status, case.phase)
    keys = sorted(keys_of(case.owner, journey))
    # What has no other key, a retracted referral, keeps a row all the same: an auditor finds it.
    listed = [k for k in keys if not k.startswith(_TOLD_BY_THE_CASE)] or keys
    listed += map(waiting_key, sorted(asked_to_take(case)))
    return [
        ReachRow(case.owner, key, case.is_open, case.programme, place, due, since, case.client)
        for key in listed
    ]


def _due_reaches(reaches: list[ReachRow], dues: list[DueRow]) -> Iterable[DueReachRow]:
    keys = [reach.key for reach in reaches if not reach.key.startswith(_WAITING)] if dues else ()
    return [
        DueReachRow(due.owner, key, due.deadline, due.due or date.max)
        for due in dues
        for key in keys
    ]


def _due_row(case: CaseRow, deadline: Deadline) -> DueRow:
    return DueRow(
        owner=case.owner,
        deadline=deadline.id,
        rule=deadline.rule,
        title_en=deadline.title.en,
        title_local=deadline.title.local,
        basis=deadline.basis,
        organisation=case.organisation,
        responsible=case.responsible,
        opened_on=deadline.opened_on,
        due=deadline.due,
    )
