"""Mistakes and what is done about them: corrections, retractions, and decisions looked at again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from application.simulation import texts
from application.simulation.way import Acts, Way
from domain.journey import corrections, follow_up, referral
from domain.journey import events as e
from domain.journey.history import JourneyEntry, find
from domain.journey.reliance import Doubt, doubts
from domain.journey.state import Status


def correct_later(
    entry: int, event: e.JourneyEvent, reasons: tuple[str, ...]
) -> Callable[[Way], Acts]:
    """Return the acts that say what an entry should have said, and review what had relied on it."""

    def acts(way: Way) -> Acts:
        if find(way.history.in_force, entry) is None:
            return
        yield from way.do(corrections.correct, entry=entry, event=event, reason=way.text(reasons))
        yield from _look_again(way)

    return acts


def _look_again(way: Way) -> Acts:
    """Review some of the decisions that relied on what was wrong; others wait, or are forgotten."""
    correction = way.history.version
    judged_anew = (Status.OPEN, Status.PAUSED)
    for doubt in _open_doubts(way, correction):
        if not way.chance(way.rates.doubts_reviewed):
            continue
        if doubt.kind == "eligibility-assessed" and way.journey.status in judged_anew:
            yield from _judge_anew(way)
        elif doubt in _open_doubts(way, correction):
            yield from _review(way, doubt)


def _open_doubts(way: Way, correction: int) -> list[Doubt]:
    found = doubts(way.history, way.setting.version, way.setting.days)
    return [doubt for doubt in found if doubt.open and doubt.correction == correction]


def _judge_anew(way: Way) -> Acts:
    rules = way.definition.rules_in_force(way.day, way.journey.organisation)
    needs = {name for rule in rules for name in rule.needs}
    stated = way.person.facts(way.day)
    given = {name: value for name, value in stated.items() if name in needs}
    yield from way.do(referral.assess_eligibility, given=given)


def _review(way: Way, doubt: Doubt) -> Acts:
    upheld = way.chance(0.85)
    yield from way.do(
        corrections.review_decision,
        correction=doubt.correction,
        entry=doubt.entry,
        deadline=doubt.deadline,
        upheld=upheld,
        reason=way.text(texts.REVIEWED if upheld else texts.NOT_UPHELD),
    )


def mistake(way: Way) -> Acts:
    """Record something wrongly, and notice it later: another day, other hours, another client."""
    yield from way.rng.choice((_wrong_client, _wrong_day, _wrong_hours))(way)


def _wrong_client(way: Way) -> Acts:
    start = way.day - timedelta(days=way.rng.randint(3, 30))
    yield from way.do(follow_up.record_employment_period, start=start, kind="part-time")
    entry = way.history.version

    def retract(way: Way) -> Acts:
        yield from way.do(corrections.retract, entry=entry, reason=way.text(texts.MISTAKEN))
        yield from _look_again(way)

    way.put_off(way.rng.randint(1, 20), retract)


def _wrong_day(way: Way) -> Acts:
    """Put right that the interview, or the needs, were a day or a week before what was recorded."""
    kinds = (e.IntakeInterviewHeld, e.ServiceNeedsDefined)
    entry = next((x for x in way.history.in_force if isinstance(x.event, kinds)), None)
    referred = way.journey.referral
    if entry is None or referred is None:
        return
    earlier = entry.occurred_on - timedelta(days=way.rng.choice((1, 2, 7)))
    since = getattr(getattr(entry.event, "situation", None), "unemployed_since", None)
    if earlier < (referred.accepted_on or referred.on) or (since is not None and earlier < since):
        return
    yield from way.do(
        corrections.correct,
        entry=entry.version,
        event=entry.event,
        occurred_on=earlier,
        reason=way.text(texts.WRONG_DAY),
    )
    yield from _look_again(way)


def _wrong_hours(way: Way) -> Acts:
    found: list[JourneyEntry] = [
        entry for entry in way.history.in_force if isinstance(entry.event, e.AttendanceRecorded)
    ]
    attended = [entry for entry in found if getattr(entry.event, "hours", 0)]
    if not attended:
        return
    entry = way.rng.choice(attended)
    if not isinstance(entry.event, e.AttendanceRecorded):
        return
    right = replace(entry.event, hours=float(way.rng.choice((2, 3, 5, 7))))
    yield from way.do(
        corrections.correct, entry=entry.version, event=right, reason=way.text(texts.WRONG_HOURS)
    )
