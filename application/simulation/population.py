"""Who comes: fictitious persons, drawn until they fit the client group, or on purpose do not."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from application.simulation.names import NAMES, OTHER_LANGUAGES
from application.simulation.rates import Rates
from domain.calendar import add_months, whole_months, whole_years
from domain.client import Particulars
from domain.definition import Definition, Facts, FactValue, Participant
from domain.journey.events import EmploymentStatus, Situation
from domain.policy import Eligible, judge

TRIES = 60
"""How many persons are drawn at most until one fits."""


@dataclass(frozen=True, slots=True)
class Referring:
    """How a client is referred: fields of the referral, on which day."""

    on: date
    from_organisation: str
    to_organisation: str
    channel: str
    service_line: str | None
    with_plan: bool
    with_needs: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A client, and how things stand with him or her on the day of the referral."""

    particulars: Particulars
    situation: Situation
    days_of_16_months: int

    def age(self, on: date) -> int:
        """Return the age in whole years."""
        born = self.particulars.date_of_birth
        return whole_years(born, on) if born else 0

    def facts(self, on: date) -> dict[str, FactValue]:
        """Return what the person, or who knows the person, can state on the day."""
        said = self.situation
        since = said.unemployed_since
        return {
            "employment_status": str(said.employment) if said.employment else None,
            "unemployed": said.employment is EmploymentStatus.UNEMPLOYED,
            "unemployed_since": since,
            "days_unemployed": (on - since).days + 1 if since else 0,
            "months_unemployed": whole_months(since, on) if since else 0,
            "days_unemployed_of_last_16_months": self.days_of_16_months,
            "unemployed_after_measure": said.unemployed_after_measure,
            "threatened_by_unemployment": said.threatened_by_unemployment,
            "at_risk_of_structural_unemployment": said.at_risk_of_structural_unemployment,
            "education_isced": said.education,
            "student_in_last_phase": said.student_in_last_phase,
            "finished_vocational_school": said.finished_vocational_school,
            "needs_more_guidance": said.needs_more_guidance,
            "disadvantages": said.disadvantages,
        }


def draw_person(
    rng: Random, definition: Definition, rates: Rates, referring: Referring, local_id: str
) -> Person:
    """Draw a person who fits the client group of the day and place; some do not, and are referred.

    Where the programme wants young people without work, about that share of them is.
    """
    fits = rng.random() >= rates.outside_the_group
    young = None if rates.young is None else rng.random() < rates.young
    person = _drawn(rng, definition, rates, referring, local_id)
    for _ in range(TRIES):
        fitting = _eligible(definition, referring, person) == fits
        if fitting and young in (None, _young(person, referring.on)):
            break
        person = _drawn(rng, definition, rates, referring, local_id)
    return person


def _eligible(definition: Definition, referring: Referring, person: Person) -> bool:
    on = referring.on
    facts: Facts = {
        **person.facts(on),
        "age": person.age(on),
        "municipality": person.particulars.municipality,
        "channel": referring.channel,
        "service_line": referring.service_line,
        "from_organisation": referring.from_organisation,
        "has_employment_plan": referring.with_plan,
        "has_need_definition": referring.with_needs,
    }
    rules = definition.rules_in_force(on, referring.to_organisation)
    return isinstance(judge(rules, facts), Eligible)


def _young(person: Person, on: date) -> bool:
    situation = person.situation
    without = situation.employment is EmploymentStatus.UNEMPLOYED
    at_stake = without or situation.threatened_by_unemployment
    return person.age(on) < 30 and bool(at_stake)


def _drawn(
    rng: Random, definition: Definition, rates: Rates, referring: Referring, local_id: str
) -> Person:
    born = _birthday(rng, rates, referring.on)
    situation = _situation(rng, definition, rates, referring.on, born)
    municipality = _municipality(rng, definition, referring)
    return Person(
        _particulars(rng, definition.country, born, municipality, local_id),
        situation,
        _days_of_16_months(rng, situation, referring.on),
    )


def _birthday(rng: Random, rates: Rates, on: date) -> date:
    youngest, oldest, _ = rng.choices(rates.ages, [band[2] for band in rates.ages])[0]
    age = rng.randint(youngest, oldest)
    return add_months(on, -12 * age) - timedelta(days=rng.randrange(365))


def _particulars(
    rng: Random, country: str, born: date, municipality: str | None, local_id: str
) -> Particulars:
    names = NAMES.get(country, NAMES["FI"])
    female = rng.random() < 0.5
    foreign = rng.random() < 0.12
    return Particulars(
        given_name=rng.choice(names.women if female else names.men),
        family_name=rng.choice(names.families),
        date_of_birth=born,
        local_id=local_id,
        municipality=municipality,
        language=rng.choice(OTHER_LANGUAGES) if foreign else names.language,
        gender="female" if female else "male",
    )


def _municipality(rng: Random, definition: Definition, referring: Referring) -> str | None:
    """Return where the person lives: mostly where the organisation is, else in the area."""
    there = [p for p in definition.organisations if p.municipality and p.takes_part(referring.on)]
    own = next((p.municipality for p in there if p.code == referring.to_organisation), None)
    if own is not None and rng.random() < 0.97:
        return own
    return rng.choice(there).municipality if there else None


def _situation(
    rng: Random, definition: Definition, rates: Rates, on: date, born: date
) -> Situation:
    status = rng.choices([s for s, _ in rates.statuses], [w for _, w in rates.statuses])[0]
    without = status is EmploymentStatus.UNEMPLOYED
    laid_off = status is EmploymentStatus.LAID_OFF
    student = status is EmploymentStatus.STUDENT
    working_age = on - timedelta(days=max(1, (on - add_months(born, 12 * 17)).days))
    since = max(working_age, on - timedelta(days=_spell(rng))) if without else None
    threatened = laid_off or (not without and rng.random() < 0.45)
    codes = [coded.code for coded in definition.disadvantages]
    count = min(len(codes), rng.choices((0, 1, 2), (0.15, 0.6, 0.25))[0])
    return Situation(
        employment=status,
        unemployed_since=since,
        education=rng.choices((1, 2, 3, 4, 5, 6, 7), (4, 22, 46, 6, 5, 12, 5))[0],
        student_in_last_phase=student and rng.random() < 0.7,
        finished_vocational_school=not student and rng.random() < 0.45,
        threatened_by_unemployment=threatened,
        unemployed_after_measure=without and rng.random() < 0.15,
        at_risk_of_structural_unemployment=without and rng.random() < 0.3,
        needs_more_guidance=rng.random() < 0.4,
        disadvantages=tuple(rng.sample(codes, count)) if codes else None,
    )


def _spell(rng: Random) -> int:
    """Return days without work so far: half of the spells are under nine months, a few are long."""
    return min(3600, max(1, round(rng.lognormvariate(5.55, 1.05))))


def _days_of_16_months(rng: Random, situation: Situation, on: date) -> int:
    most = (on - add_months(on, -16)).days + 1
    since = situation.unemployed_since
    lasting = min(most, (on - since).days + 1) if since else 0
    before = rng.choice((0, 0, 0, 30, 60, 120, 200))
    return min(most, lasting + before)


def draw_referring(
    rng: Random, definition: Definition, rates: Rates, takers: list[Participant], on: date
) -> Referring:
    """Draw by which way, from where and to which organisation somebody is referred."""
    taking_part = [p for p in definition.organisations if p.takes_part(on)]
    to = rng.choices(takers, weights_of(definition, takers))[0]
    referrers = [p for p in taking_part if "referrer" in p.roles] or [to]
    lines = definition.service_lines
    return Referring(
        on,
        rng.choice(referrers).code,
        to.code,
        rng.choice(definition.channels).code if definition.channels else "own-contact",
        rng.choice(lines).code if lines else None,
        rng.random() < rates.comes_with_plan,
        rng.random() < rates.comes_with_needs,
    )


def takers_of(definition: Definition, on: date) -> list[Participant]:
    """Return the organisations that take clients in on the day.

    Those that have a target of clients; else those that stand in a place; else all that neither
    employ, pay, advise nor provide. What the rest do is done beside them.
    """
    present = [p for p in definition.organisations if p.takes_part(on)]
    wanted = {t.organisation for t in definition.targets if t.measure == "clients"}
    beside = {"employer", "provider", "funder", "adviser", "exchange-partner", "tutor"}
    return (
        [p for p in present if p.code in wanted]
        or [p for p in present if p.municipality or "state-office" in p.roles]
        or [p for p in present if not beside & set(p.roles)]
        or present
        or list(definition.organisations)
    )


def weights_of(definition: Definition, takers: list[Participant]) -> list[float]:
    """Return how many clients each is meant to take, as its target says, else all alike."""
    aims = {t.organisation: t.value for t in definition.targets if t.measure == "clients"}
    return [aims.get(taker.code, 1.0) for taker in takers]
