"""Follow-ups by the calendar of the definition, and the feedback of all sides."""

from application.simulation import texts
from application.simulation.placing import running
from application.simulation.way import Acts, Way
from domain.entry import Personal
from domain.journey import course, follow_up
from domain.journey.deadlines import Deadline
from domain.journey.events import EmploymentStatus
from domain.journey.state import Status

_AFTERWARDS = (
    EmploymentStatus.UNEMPLOYED,
    EmploymentStatus.STUDENT,
    EmploymentStatus.IN_MEASURE,
    EmploymentStatus.EMPLOYED,
)


def follow(way: Way) -> Acts:
    """Hold the follow-ups of the calendar about the day each is due; some are missed."""
    for due in _points_due(way):
        if due.due is None or not way.is_(Status.OPEN):
            return
        way.wait_until(due.due)
        if way.chance(way.rates.follow_up_held):
            way.wait(-9, 12)
            if way.chance(0.6):
                way.wait_until(max(due.opened_on, way.day))
            yield from hold(way, due.rule)


def _points_due(way: Way) -> list[Deadline]:
    points = {point.id for point in way.definition.follow_up}
    ahead = [d for d in way.deadlines() if d.rule in points and d.met_on is None and d.due]
    by_rule = {d.rule: d for d in ahead}
    return sorted(by_rule.values(), key=lambda d: (str(d.due), d.id))[:3]


def hold(way: Way, point: str | None = None) -> Acts:
    """Hold a follow-up, at a point of the calendar or between."""
    status = EmploymentStatus.EMPLOYED if running(way) else way.rng.choice(_AFTERWARDS)
    needs = [need.code for need in way.definition.needs]
    support = (way.rng.choice(needs),) if needs and way.chance(0.2) else ()
    note = way.rng.choice(texts.FOLLOW_UP)
    yield from way.do(
        follow_up.hold_follow_up,
        status=status,
        support_needed=support,
        point=point,
        note=Personal(note) if note else Personal(),
    )


def hold_one(way: Way) -> Acts:
    """Hold a follow-up that no calendar asked for."""
    way.wait(5, 20)
    yield from hold(way)


def give_feedback(way: Way, respondent: str) -> Acts:
    """Record the feedback of the client, an employer or the network, if they are ever asked."""
    asked = way.questionnaires(respondent) or way.questionnaires(respondent, assesses=True)
    if not asked:
        return
    questionnaire = way.rng.choice(asked)
    yield from way.do(
        course.give_feedback,
        respondent=respondent,
        questionnaire=questionnaire.code,
        questionnaire_version=questionnaire.version,
        answers=way.answers(texts.REMARKS),
    )


def feedback_later(way: Way, respondent: str, days: int) -> None:
    """Have feedback that was given today recorded some days from now."""
    given_on = way.day

    def acts(way: Way) -> Acts:
        asked = way.questionnaires(respondent) or way.questionnaires(respondent, assesses=True)
        if not asked:
            return
        questionnaire = way.rng.choice(asked)
        yield from way.do(
            course.give_feedback,
            on=given_on,
            respondent=respondent,
            questionnaire=questionnaire.code,
            questionnaire_version=questionnaire.version,
            answers=way.answers(texts.REMARKS),
        )

    way.put_off(days, acts)
