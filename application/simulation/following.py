"""Follow-ups by the calendar of the definition, and the feedback of all sides."""

from datetime import date, timedelta

from application.simulation import texts
from application.simulation.placing import NO_JOB, running
from application.simulation.way import Acts, Way
from domain.entry import Personal
from domain.journey import course, follow_up
from domain.journey.deadlines import Deadline
from domain.journey.events import EmploymentStatus
from domain.journey.state import Status

MOST = 5
"""How many follow-ups are tried for one client before the journey is brought to an end."""


def follow(way: Way) -> Acts:
    """Hold the follow-ups of the calendar about the day each is due; some are missed."""
    missed: set[str] = set()
    for _ in range(MOST):
        due = _next_point(way, missed)
        if due is None or due.due is None or not way.is_(Status.OPEN):
            return
        way.wait_until(max(due.opened_on, due.due + timedelta(days=way.rng.randint(-9, 8))))
        if way.chance(way.rates.follow_up_held):
            yield from hold(way, due.rule)
        else:
            missed.add(due.id)


def _next_point(way: Way, missed: set[str]) -> Deadline | None:
    points = {point.id for point in way.definition.follow_up}
    settled = [d for d in way.deadlines() if d.rule in points and d.due and d.id not in missed]
    ahead = [d for d in settled if not (d.met_on or d.exempt or d.lapsed_on)]
    return min(ahead, key=lambda d: (str(d.due), d.id), default=None)


def hold(way: Way, point: str | None = None) -> Acts:
    """Hold a follow-up, at a point of the calendar or between."""
    status = _status(way)
    needs = [need.code for need in way.definition.needs]
    support = (way.rng.choice(needs),) if needs and way.chance(0.2) else ()
    note = way.rng.choice(texts.FOLLOW_UP[status])
    yield from way.do(
        follow_up.hold_follow_up,
        status=status,
        support_needed=support,
        point=point,
        note=Personal(note) if note else Personal(),
    )


def _status(way: Way) -> EmploymentStatus:
    course_ = running(way)
    if course_ is None:
        return way.rng.choice(tuple(texts.FOLLOW_UP))
    in_measure = course_.form in NO_JOB
    return EmploymentStatus.IN_MEASURE if in_measure else EmploymentStatus.EMPLOYED


def hold_one(way: Way) -> Acts:
    """Hold a follow-up that no calendar asked for."""
    way.wait(5, 20)
    yield from hold(way)


def give_feedback(way: Way, respondent: str, on: date | None = None) -> Acts:
    """Record the feedback of the client, an employer or the network, if they are ever asked.

    `on` is the day it was given, today where none is said.
    """
    asked = way.questionnaires(respondent) or way.questionnaires(respondent, assesses=True)
    if not asked:
        return
    questionnaire = way.rng.choice(asked)
    yield from way.do(
        course.give_feedback,
        on=on,
        respondent=respondent,
        questionnaire=questionnaire.code,
        questionnaire_version=questionnaire.version,
        answers=way.answers(texts.REMARKS),
    )


def feedback_later(way: Way, respondent: str, days: int) -> None:
    """Have feedback that was given today recorded some days from now."""
    given_on = way.day
    way.put_off(days, lambda later: give_feedback(later, respondent, given_on))
