"""What a programme means to reach, against what came of it: each measure counted from journeys.

Counted as it happened: corrections applied, by the day things occurred. A journey of which it is
not known is counted as missing, and a share is of the others. What cannot be told from journeys
alone is said to be not measured here; no number is made up for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from application.evaluation.periods import spells_of
from application.views.overview import Known
from domain.client import Client, age_on
from domain.definition import Target
from domain.journey import events as e
from domain.journey.evolve import fold
from domain.journey.history import JourneyEntry, as_it_happened
from domain.journey.state import Journey
from domain.measures import MEASURES, ON_TO_WORK, ONWARD

NOT_KNOWN = "unknown"
"""The destination of a client of whom nobody knows where it was."""

_AT_STAKE = (e.EmploymentStatus.UNEMPLOYED, e.EmploymentStatus.LAID_OFF)


@dataclass(frozen=True, slots=True)
class Course:
    """What one journey adds to the measures.

    `organisation` is where the client was referred to. `young_at_stake` says whether the client was
    under 30, and unemployed or threatened by it, at the start; None where that is not known.
    `destination` is None where the journey has not ended.
    """

    organisation: str
    accepted_on: date | None
    interview_on: date | None
    plan_on: date | None
    young_at_stake: bool | None
    destination: str | None
    placements: int
    accompanied: bool
    certificates: int
    self_assessments: int
    client_feedback: bool
    spells: tuple[int, ...]

    @property
    def on_to_work(self) -> bool | None:
        """Whether the journey ended in work; None where nobody knows where it ended."""
        return self._ended_in(ON_TO_WORK)

    @property
    def onward(self) -> bool | None:
        """Whether it ended in a follow-up path; None where nobody knows where it ended."""
        return self._ended_in(ONWARD)

    def _ended_in(self, destinations: frozenset[str]) -> bool | None:
        return None if self.destination == NOT_KNOWN else self.destination in destinations


@dataclass(frozen=True, slots=True)
class Reached:
    """A target and what came of it, in the unit of its measure.

    `value` is None where nothing can be said; `because` says why. `of` is the number of journeys
    (or spells) that were counted, `missing` of those of which it is not known. `met` is None where
    `value` is.
    """

    target: Target
    value: float | None
    of: int
    met: bool | None
    because: str = ""
    missing: int = 0


class Counted(NamedTuple):
    """What journeys come to, of how many, and of how many it is not known."""

    value: float | None
    of: int
    missing: int = 0


Count: TypeAlias = Callable[[Sequence[Course]], Counted]


def courses_of(journeys: Iterable[Known]) -> list[Course]:
    """Return what each journey adds."""
    return [_course(known) for known in journeys]


def reached(targets: Iterable[Target], courses: Sequence[Course]) -> list[Reached]:
    """Return each target with what came of it, in the whole programme or its organisation."""
    return [_reached(target, courses) for target in targets]


def _reached(target: Target, courses: Sequence[Course]) -> Reached:
    count = _COUNTS.get(target.measure)
    if count is None:
        because = _NOT_MEASURED.get(target.measure, "not measured here")
        return Reached(target, None, 0, None, because)
    place = target.organisation
    value, of, missing = count([c for c in courses if place in (None, c.organisation)])
    if value is None:
        return Reached(target, None, of, None, "nothing to count yet", missing)
    more = MEASURES[target.measure].better == "more"
    met = value >= target.value if more else value <= target.value
    return Reached(target, value, of, met, missing=missing)


def _course(known: Known) -> Course:
    entries = as_it_happened(known.history.in_force)
    journey = fold(entries)
    referral = journey.referral
    return Course(
        organisation=referral.to_organisation if referral else "",
        accepted_on=referral.accepted_on if referral else None,
        interview_on=_first(entries, e.IntakeInterviewHeld),
        plan_on=_first(entries, e.PlanAgreed),
        young_at_stake=_young_at_stake(entries, journey, known.client),
        destination=journey.closing.destination if journey.closing else None,
        placements=sum(placement.started is not None for placement in journey.placements),
        accompanied=_accompanied(journey),
        certificates=len(journey.certificates),
        self_assessments=len(journey.self_assessments),
        client_feedback=any(given.respondent == "client" for given in journey.feedback),
        spells=_ended_spells(journey),
    )


def _accompanied(journey: Journey) -> bool:
    """Whether a follow-up was held since the first placement started, on its first day or later."""
    started = min((one.started_on for one in journey.placements if one.started_on), default=None)
    return started is not None and any(one.on >= started for one in journey.follow_ups)


def _first(entries: Iterable[JourneyEntry], kind: type) -> date | None:
    return next((entry.occurred_on for entry in entries if isinstance(entry.event, kind)), None)


def _young_at_stake(
    entries: Sequence[JourneyEntry], journey: Journey, client: Client
) -> bool | None:
    age = _age(client, journey)
    if age is None or age >= 30:
        return None if age is None else False
    told = (x.event.situation for x in entries if isinstance(x.event, e.IntakeInterviewHeld))
    first = next(told, e.Situation())
    stated = {
        fact.name: fact.value
        for entry in entries
        if isinstance(entry.event, e.EligibilityAssessed)
        for fact in entry.event.facts
    }
    at_stake, threatened = stated.get("unemployed"), stated.get("threatened_by_unemployment")
    if first.employment not in (None, e.EmploymentStatus.UNKNOWN):
        at_stake = first.employment in _AT_STAKE
    if first.threatened_by_unemployment is not None:
        threatened = first.threatened_by_unemployment
    return _either(at_stake, threatened)


def _either(*known: Any) -> bool | None:
    """Whether one of them is true; None where none is, and one is not known."""
    return True if any(known) else None if None in known else False


def _age(client: Client, journey: Journey) -> int | None:
    if journey.referral is None:
        return None
    age = age_on(client, journey.referral.on)
    year = client.registered.birth_year if client.registered else None
    return journey.referral.on.year - year if age is None and year is not None else age


def _ended_spells(journey: Journey) -> tuple[int, ...]:
    """Return the days of each spell of unemployment that has ended, as flows and reports count."""
    return tuple((one.end - one.start).days + 1 for one in spells_of([journey]) if one.end)


def _clients(courses: Sequence[Course]) -> list[Course]:
    return [course for course in courses if course.accepted_on is not None]


def _closed(courses: Sequence[Course]) -> list[Course]:
    return [course for course in courses if course.destination is not None]


def _share(of: Sequence[Course], those: Callable[[Course], bool | None]) -> Counted:
    answers = [those(course) for course in of]
    known = [answer for answer in answers if answer is not None]
    share = sum(known) / len(known) if known else None
    return Counted(share, len(known), len(answers) - len(known))


def _sum(courses: Sequence[Course], number: Callable[[Course], int]) -> Counted:
    return Counted(float(sum(map(number, courses))), len(courses))


def _median(days: Iterable[int]) -> Counted:
    counted = list(days)
    return Counted(float(median(counted)) if counted else None, len(counted))


def _days_to(courses: Sequence[Course], until: Callable[[Course], date | None]) -> Counted:
    dated = [(course.accepted_on, until(course)) for course in courses]
    return _median((end - start).days for start, end in dated if start and end)


def _placed(courses: Sequence[Course]) -> list[Course]:
    return [course for course in _clients(courses) if course.placements]


_COUNTS: Mapping[str, Count] = MappingProxyType(
    {
        "clients": lambda all_: _sum(_clients(all_), lambda _: 1),
        "young-unemployed-or-threatened": lambda all_: _share(
            _clients(all_), lambda c: c.young_at_stake
        ),
        "follow-up-path": lambda all_: _share(_closed(all_), lambda c: c.onward),
        "employment": lambda all_: _share(_closed(all_), lambda c: c.on_to_work),
        "plans-agreed": lambda all_: _share(_clients(all_), lambda c: c.plan_on is not None),
        "placements": lambda all_: _sum(all_, lambda c: c.placements),
        "accompanied": lambda all_: _share(_placed(all_), lambda c: c.accompanied),
        "certificates": lambda all_: _sum(all_, lambda c: c.certificates),
        "self-assessments": lambda all_: _sum(all_, lambda c: c.self_assessments),
        "feedback": lambda all_: _share(_closed(all_), lambda c: c.client_feedback),
        "days-to-interview": lambda all_: _days_to(all_, lambda c: c.interview_on),
        "days-to-plan": lambda all_: _days_to(all_, lambda c: c.plan_on),
        "days-unemployed": lambda all_: _median(d for c in all_ for d in c.spells),
    }
)

_NOT_MEASURED: Mapping[str, str] = MappingProxyType(
    {
        "payments-avoided": "not measured here: `polku evaluate payments` reckons it",
        "co-payment-share": "not measured here: it is a rule of law, not a result",
        "benefit-per-day": "not measured here: it is a sum of law, not a result",
        "adoptions": "not measured here: it is recorded outside the journeys",
    }
)
