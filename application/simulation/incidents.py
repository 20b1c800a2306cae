"""What comes between: handovers, pauses, moved deadlines, new versions of the definition."""

from datetime import timedelta

from application.simulation import texts
from application.simulation.correcting import mistake
from application.simulation.population import takers_of
from application.simulation.reviewing import drop_step, join_team, leave_team
from application.simulation.starting import assign
from application.simulation.way import Acts, Way
from domain.definition import codes
from domain.entry import By
from domain.journey import course, handover
from domain.journey.deadlines import DeadlineStatus
from domain.journey.state import Status

OCCASIONS = 3
"""How often in a way there is an occasion, about: the rates are of journeys."""


def something(way: Way) -> Acts:
    """Let come between what comes: mostly nothing."""
    rates = way.rates
    happening = (
        (rates.recorded_wrongly, mistake),
        (rates.handed_over, hand_over),
        (rates.new_case_worker, assign),
        (rates.deadline_moved, move_deadline),
        (rates.deadline_exempted, exempt_deadline),
        (rates.step_dropped, drop_step),
        (0.15, join_team),
        (0.08, leave_team),
        (rates.paused, pause),
    )
    for share, acts in happening:
        if way.chance(share / OCCASIONS) and way.is_(Status.OPEN):
            yield from acts(way)
    yield from adopt(way)


def hand_over(way: Way) -> Acts:
    """Ask another organisation to take over; it does, or it does not."""
    others = [p for p in takers_of(way.definition, way.day) if p.code != way.journey.organisation]
    if not others:
        return
    to = way.rng.choice(others).code
    yield from way.do(
        handover.request_handover,
        to_organisation=to,
        reason=way.text(texts.HANDOVER),
        brief=way.text(texts.BRIEF),
    )
    way.wait(2, 14)
    by = way.setting.staff.anybody(way.rng, to)
    if way.chance(way.rates.handover_declined):
        reason = way.text(texts.HANDOVER_DECLINED)
        yield from way.do(handover.decline_handover, by=by, reason=reason)
    else:
        yield from way.do(handover.accept_handover, by=by, person=by.person)


def pause(way: Way) -> Acts:
    """Let the journey rest; it goes on later or, now and then, nobody takes it up again."""
    length = way.rng.randint(15, 90)
    until = way.day + timedelta(days=length)
    reason = way.text(texts.PAUSED)
    yield from way.do(course.pause, reason=reason, until=until if way.chance(0.7) else None)
    if way.chance(0.08):
        way.forgotten = True
        return
    way.wait(max(5, length - 7), length + 10)
    yield from way.do(course.resume)


def move_deadline(way: Way) -> Acts:
    """Move a deadline that is open or overdue, at somebody's wish."""
    due = _waiting(way)
    if due is not None:
        yield from way.do(
            course.move_deadline,
            deadline=due,
            due=way.day + timedelta(days=way.rng.randint(5, 25)),
            reason=way.text(texts.MOVED),
        )


def exempt_deadline(way: Way) -> Acts:
    """Lift a deadline that is open or overdue, for a reason of the definition."""
    reasons, due = way.definition.exemption_reasons, _waiting(way)
    if due is not None and reasons:
        reason = way.rng.choice(reasons).code
        note = way.text(texts.EXEMPTED)
        yield from way.do(course.exempt_deadline, deadline=due, reason=reason, note=note)


def _waiting(way: Way) -> str | None:
    statuses = (DeadlineStatus.OPEN, DeadlineStatus.OVERDUE)
    waiting = [d.id for d in way.deadlines() if d.status(way.day) in statuses]
    return way.rng.choice(waiting) if waiting else None


def adopt(way: Way) -> Acts:
    """Go on under the newest version of the definition in force, where the team wants it."""
    newest = way.setting.current(way.day)
    if newest.version <= way.definition.version or not way.chance(way.rates.adopts_new_version):
        return
    if way.is_(Status.OPEN) and _fits(way):
        yield from way.do(
            course.adopt_definition,
            definition_version=newest.version,
            reason=way.text(texts.ADOPTED),
        )


def _fits(way: Way) -> bool:
    """Say whether the newest version still knows the phase and the organisation."""
    newest = way.setting.current(way.day)
    known = way.phase is None or newest.phase(way.phase) is not None
    return known and way.journey.organisation in codes(newest.organisations)


def lead_of(way: Way) -> By:
    """Return who leads the organisation that is responsible."""
    return way.setting.staff.lead(way.journey.organisation)
