"""How a way begins: the referral and the verdict, the interview and the service needs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from application.simulation import texts
from application.simulation.correcting import correct_later
from application.simulation.way import Acts, Told, Way
from domain.definition import FactValue
from domain.entry import Personal
from domain.journey import follow_up, intake, referral
from domain.journey.events import NOTHING_SAID, IntakeInterviewHeld, Situation
from domain.journey.facts import SPELL


def take_in(way: Way) -> Told:
    """Refer the client, judge eligibility, and take the client in or not."""
    yield from _refer(way)
    way.wait(1, 5)
    if way.chance(way.rates.referral_declined):
        yield from way.do(referral.decline_referral, reason=way.text(texts.DECLINED))
        return False
    if not (yield from _judge(way)):
        if way.chance(0.9):
            yield from way.do(referral.decline_referral, reason=way.text(texts.NOT_IN_GROUP))
        return False
    yield from way.do(referral.accept_referral)
    yield from assign(way)
    return True


def assign(way: Way) -> Acts:
    """Make somebody of the responsible organisation answer for the client."""
    before = way.journey.responsible.person if way.journey.responsible else ""
    by = way.setting.staff.anybody(way.rng, way.journey.organisation, but=before)
    yield from way.do(
        referral.assign_case_worker, by=by, person=by.person, organisation=by.organisation
    )


def _refer(way: Way) -> Acts:
    from_ = way.referring
    yield from way.do(
        referral.refer,
        by=way.setting.staff.anybody(way.rng, from_.from_organisation),
        client=way.client,
        from_organisation=from_.from_organisation,
        to_organisation=from_.to_organisation,
        channel=from_.channel,
        service_line=from_.service_line,
        existing_plan=way.text(texts.EXISTING_PLAN) if from_.with_plan else NOTHING_SAID,
        need_definition=way.text(texts.NEED_DEFINITION) if from_.with_needs else NOTHING_SAID,
    )


def _judge(way: Way) -> Told:
    stated = way.person.facts(way.day)
    known = _needed(way, stated)
    if known and way.chance(way.rates.facts_missing):
        yield from assess(way, {})
        way.wait(2, 9)
        stated = way.person.facts(way.day)
    yield from assess(way, stated)
    return _eligible(way)


def _eligible(way: Way) -> bool:
    return way.journey.eligibility is not None and way.journey.eligibility.eligible


def assess(way: Way, stated: Mapping[str, FactValue]) -> Acts:
    """Put the rules of the day to what is stated, as far as they ask for it."""
    yield from way.do(referral.assess_eligibility, given=_needed(way, stated))


def _needed(way: Way, stated: Mapping[str, FactValue]) -> dict[str, FactValue]:
    rules = way.definition.rules_in_force(way.day, way.journey.organisation)
    needs = {name for rule in rules for name in rule.needs}
    return {name: value for name, value in stated.items() if name in needs}


def interview(way: Way) -> Acts:
    """Hold the intake interview; what is told there is sometimes wrong, and put right later."""
    if way.journey.told is not None:
        return
    way.wait_about(way.rates.days_to_interview)
    right = _grown(way.person.situation, way.day)
    told = _misdated(way, right) if way.chance(way.rates.wrong_date_told) else right
    note = _note(way, texts.INTERVIEW)
    yield from way.do(intake.hold_intake_interview, situation=told, note=note)
    if told != right:
        put_right = correct_later(
            way.history.version, IntakeInterviewHeld(right, note), texts.TOLD_WRONGLY
        )
        way.put_off(way.rng.randint(15, 70), put_right)
    yield from _periods(way, told)
    if way.chance(way.rates.verified_at_interview):
        yield from _verify(way)


def _grown(situation: Situation, on: date) -> Situation:
    since = situation.unemployed_since
    return situation if since is None or since <= on else replace(situation, unemployed_since=on)


def _misdated(way: Way, situation: Situation) -> Situation:
    since = situation.unemployed_since
    if since is None:
        return situation
    wrong = since + timedelta(days=way.rng.choice((-365, -180, -61, -30, 30, 61, 180, 365)))
    return replace(situation, unemployed_since=min(wrong, way.day))


def _note(way: Way, notes: tuple[str, ...]) -> Personal:
    note = way.rng.choice(notes)
    return Personal(note) if note else NOTHING_SAID


def _periods(way: Way, told: Situation) -> Acts:
    since = told.unemployed_since
    if since is None:
        return
    if way.chance(0.8):
        yield from way.do(follow_up.record_unemployment_period, start=since, kind="registered")
    paid = ((way.day - since).days - 30) * 5 // 7
    if paid > 0 and way.chance(0.7):
        kind = "labour-market-subsidy" if way.chance(0.6) else "basic-unemployment-benefit"
        yield from way.do(
            follow_up.record_benefit_period,
            start=since + timedelta(days=30),
            kind=kind,
            paid_days=paid,
        )


def _verify(way: Way) -> Acts:
    """Judge again by what the interview told: now the verdict leans on an entry."""
    stated = way.person.facts(way.day)
    kept = {name: value for name, value in stated.items() if name not in SPELL}
    yield from assess(way, kept)
    if not _eligible(way):
        way.wait(1, 4)
        yield from assess(way, stated)


def define_needs(way: Way) -> Acts:
    """Define what the client needs, in codes of the definition."""
    known = [need.code for need in way.definition.needs]
    if way.journey.needs is not None or not known:
        return
    way.wait(0, 16)
    chosen = way.rng.sample(known, min(len(known), way.rng.randint(1, 3)))
    lines = [line.code for line in way.definition.service_lines]
    line = way.rng.choice(lines) if lines and way.chance(0.4) else None
    yield from way.do(
        intake.define_service_needs,
        needs=tuple(chosen),
        service_line=line,
        note=_note(way, texts.NEEDS),
    )
