"""Placements with employers: proposed, agreed, begun, reviewed, ended; with money and advice."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from application.simulation import texts
from application.simulation.names import EMPLOYERS
from application.simulation.reviewing import reach_step, signatories
from application.simulation.way import Acts, Way
from domain.definition import PLACEMENT_FORMS, Phase
from domain.entry import Personal
from domain.journey import follow_up, placement
from domain.journey.events import Signatory, UnemploymentPeriodRecorded
from domain.journey.state import Placement, PlacementStatus

NO_JOB = ("work-try-out", "internship-with-grant")
"""Forms in which the client works without being employed."""


def place(way: Way) -> Acts:
    """Find the client a place with an employer, and let it begin or come to nothing."""
    forms = [form for form in PLACEMENT_FORMS if form in way.definition.placement_forms]
    if not forms:
        return
    form = _form(way, forms)
    reference, employer = way.reference("p"), _employer(way)
    way.wait(2, 18)
    yield from _propose(way, reference, employer, form)
    way.wait(2, 12)
    signing = (*signatories(way), Signatory(f"manager@{employer}", "employer"))
    yield from way.do(placement.agree_placement, reference=reference, signatories=signing)
    yield from _pay_for(way, reference, form)
    if way.chance(way.rates.employer_advised):
        yield from advise(way)
    way.wait(2, 15)
    if way.chance(way.rates.placement_comes_to_nothing):
        reason = way.text(texts.NOTHING_CAME)
        yield from way.do(placement.end_placement, reference=reference, reason=reason)
        return
    yield from way.do(placement.start_placement, reference=reference)
    yield from _begin_work(way, form)


def _form(way: Way, forms: list[str]) -> str:
    if "wage-subsidised-work" in forms and way.chance(way.rates.wage_subsidised):
        return "wage-subsidised-work"
    weights = [2.5 if form in (*NO_JOB, "open-labour-market") else 1.0 for form in forms]
    return way.rng.choices(forms, weights)[0]


def _employer(way: Way) -> str:
    return f"{way.rng.choice(EMPLOYERS)}-{way.rng.randint(1, 30)}"


def _propose(way: Way, reference: str, employer: str, form: str) -> Acts:
    tutor = way.rng.choice(("foreman", "owner", "shift leader"))
    yield from way.do(
        placement.propose_placement,
        reference=reference,
        employer=employer,
        form=form,
        hours_per_week=float(way.rng.choice((20, 25, 30, 37.5, 38))),
        tutor=Personal(tutor) if way.chance(0.5) else Personal(),
    )


def _pay_for(way: Way, reference: str, form: str) -> Acts:
    start = way.day + timedelta(days=10)
    if form == "internship-with-grant":
        yield from award_grant(way, reference, start)
    elif form == "wage-subsidised-work":
        yield from way.do(
            placement.grant_wage_subsidy,
            reference=reference,
            amount=Decimal(way.rng.randrange(3000, 9000, 100)),
            currency="EUR",
            payer=_payer(way),
            start=start,
            end=start + timedelta(days=180),
        )


def award_grant(way: Way, reference: str, start: date) -> Acts:
    """Award a grant, and pay it month by month as far as the placement goes."""
    months, monthly = way.rng.randint(2, 4), Decimal(way.rng.randrange(400, 620, 20))
    payer = _payer(way)
    yield from way.do(
        placement.award_grant,
        reference=reference,
        amount=monthly * months,
        currency="EUR",
        payer=payer,
        start=start,
        end=start + timedelta(days=30 * months - 1),
    )
    for month in range(months):
        first = start + timedelta(days=30 * month)
        pay = _pay(reference, monthly, payer, first)
        way.put_off((first - way.day).days + 30 + way.rng.randint(1, 12), pay)


def _pay(reference: str, amount: Decimal, payer: str, first: date) -> Callable[[Way], Acts]:
    def acts(way: Way) -> Acts:
        course = way.journey.placement(reference)
        if course is None or course.started_on is None:
            return
        if course.ended_on is not None and course.ended_on < first:
            return
        yield from way.do(
            placement.pay_grant,
            reference=reference,
            amount=amount,
            currency="EUR",
            payer=payer,
            start=first,
            end=first + timedelta(days=29),
        )

    return acts


def _payer(way: Way) -> str:
    funders = [p.code for p in way.definition.organisations if "funder" in p.roles]
    return way.rng.choice(funders) if funders else way.journey.organisation


def _begin_work(way: Way, form: str) -> Acts:
    """Record the period of work that begins, and the end of the spell without work."""
    if form in NO_JOB:
        return
    yield from way.do(follow_up.record_employment_period, start=way.day, kind=form)
    yield from end_spell(way)


def end_spell(way: Way) -> Acts:
    """Record that the spell of unemployment, if one was recorded, ended the day before."""
    spells = [x.event for x in way.history.in_force]
    lasting = [s for s in spells if isinstance(s, UnemploymentPeriodRecorded) and s.end is None]
    if lasting and lasting[-1].start < way.day:
        yield from way.do(
            follow_up.record_unemployment_period,
            start=lasting[-1].start,
            end=way.day - timedelta(days=1),
            kind=lasting[-1].kind,
        )


def running(way: Way) -> Placement | None:
    """Return the placement that is running, if one is."""
    started = PlacementStatus.STARTED
    return next((p for p in way.journey.placements if p.status is started), None)


def accompany(way: Way) -> Acts:
    """Review the running placement once or twice, and end it where it is for a time."""
    course = running(way)
    if course is None:
        return
    for _ in range(way.rng.randint(1, 2)):
        way.wait(12, 35)
        note = way.text(texts.PLACEMENT_NOTES)
        yield from way.do(placement.review_placement, reference=course.reference, note=note)
    if course.form in NO_JOB or way.leaves_in is Phase.PLACEMENT:
        way.wait(15, 60)
        yield from end(way)
    if way.chance(0.7):
        yield from reach_step(way, None)


def end(way: Way) -> Acts:
    """End the running placement."""
    course = running(way)
    if course is not None:
        reason = way.text(texts.PLACEMENT_ENDED)
        yield from way.do(placement.end_placement, reference=course.reference, reason=reason)


def advise(way: Way) -> Acts:
    """Advise the employer of the newest placement."""
    courses = way.journey.placements
    if courses:
        yield from way.do(
            placement.advise_employer,
            employer=courses[-1].employer,
            topic=way.rng.choice(texts.ADVICE),
        )


def grant(way: Way) -> Acts:
    """Award a grant for the newest placement, where one is needed to go on."""
    courses = way.journey.placements
    if courses:
        yield from award_grant(way, courses[-1].reference, way.day)
