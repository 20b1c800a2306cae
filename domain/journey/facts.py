"""What a journey says of the facts that rules may use, and which entry says it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeAlias

from domain.calendar import Period, add_months, days_covered, whole_months
from domain.definition import Facts, FactValue, Rule
from domain.facts import FACTS
from domain.journey.events import EmploymentStatus, FactUsed
from domain.journey.state import Journey, MoneyKind, ServiceStatus
from domain.journey.working_life import Spell, working_life

Known: TypeAlias = dict[str, tuple[FactValue, tuple[int, ...]]]
"""Facts by name: the value and the entries (versions) that it came from."""

SPELL = frozenset({"unemployed", "unemployed_since", "days_unemployed", "months_unemployed"})
"""The facts that tell of the spell of unemployment that lasts."""

WORKING_LIFE = SPELL | {"employment_status"}
"""Facts of the present status and spell: they end together, where either is stated to be over."""

_DAYS = "days_unemployed_of_last_16_months"
_BEGINNING = ("unemployed_since", "days_unemployed")
"""The facts that tell on which day the spell began."""

_BEGUN = (ServiceStatus.STARTED, ServiceStatus.INTERRUPTED, ServiceStatus.COMPLETED)


def facts_of(journey: Journey, on: date, given: Facts | None = None) -> Known:
    """Return every fact of the catalogue that is known on the day.

    `given` are facts that the person who decides states, or that the client's register says; they
    come before what the journey's entries tell.
    """
    stated = {name: value for name, value in (given or {}).items() if value is not None}
    known: Known = {
        **_referral(journey),
        **_situation(journey),
        **_working_life(journey, on, stated),
        **_review(journey),
        **_plan(journey),
        **_services(journey),
        **_placements(journey),
    }
    known = _still_true(known, stated)
    if "unemployed_since" in stated:
        known |= _spell(stated["unemployed_since"], (), on)
    return known | {name: (value, ()) for name, value in stated.items()}


def _still_true(known: Known, stated: Facts) -> Known:
    """Return what is known from entries without what they told of working life before it changed.

    Whom they tell unemployed may be stated to be at work since, or the other way round: the status
    and the spell that they tell are over then, and what is not stated of them nobody knows.
    """
    unemployed = _stated_unemployed(stated)
    told, _ = known.get("unemployed", (unemployed, ()))
    if unemployed is None or told == unemployed:
        return known
    lasting = {name: fact for name, fact in known.items() if name not in WORKING_LIFE}
    return lasting | {"unemployed": (unemployed, ())}


def _stated_unemployed(stated: Facts) -> FactValue:
    """Return whether somebody is stated to be unemployed; that a spell lasts, or none, tells it."""
    status, unemployed = stated.get("employment_status"), stated.get("unemployed")
    if unemployed is not None:
        return unemployed
    if status not in (None, EmploymentStatus.UNKNOWN):
        return status == EmploymentStatus.UNEMPLOYED
    if any(stated.get(name) for name in SPELL):
        return True
    return False if stated.get("days_unemployed") == 0 else None


def values(known: Known) -> dict[str, FactValue]:
    """Return the facts without where they came from, as rules take them."""
    return {name: value for name, (value, _) in known.items()}


def used(known: Known, rules: tuple[Rule, ...]) -> tuple[FactUsed, ...]:
    """Return the facts that the rules name, as an event stores them.

    Where nobody knows what a rule asks of working life, as it was stated that what was told of it
    is over, that is stored with them: the rule leaned on it. So is a spell that is stated, where it
    is counted with others.
    """
    needed = {name for rule in rules for name in rule.needs}
    if _DAYS in needed and _DAYS in known:
        needed |= set([name for name in _BEGINNING if _is_stated(name, known)][:1])
    if WORKING_LIFE & needed - known.keys() and _is_stated("unemployed", known):
        needed.add("unemployed")
    names = sorted(needed & known.keys())
    return tuple(FactUsed(name, stored(known[name][0]), known[name][1]) for name in names)


def _is_stated(name: str, known: Known) -> bool:
    """Whether a fact is known, and from no entry."""
    return name in known and not known[name][1]


def stored(value: FactValue) -> bool | int | float | str | tuple[str, ...] | None:
    """Return the value of a fact as an event stores it: a day as ISO 8601 writes it."""
    return value.isoformat() if isinstance(value, date) else value


def restored(name: str, value: Any) -> FactValue:
    """Return the value of a fact as rules take it, of what is stored or JSON."""
    if isinstance(value, str):
        known = FACTS.get(name)
        return date.fromisoformat(value) if known is not None and known.type == "date" else value
    return tuple(value) if isinstance(value, list) else value


def _entries(*versions: int | None) -> tuple[int, ...]:
    return tuple(sorted({version for version in versions if version is not None}))


def _happened(*versions: int | None) -> tuple[FactValue, tuple[int, ...]]:
    """Return whether any of the entries is there, and which."""
    found = _entries(*versions)
    return bool(found), found


def _referral(journey: Journey) -> Known:
    referral, responsible, needs = journey.referral, journey.responsible, journey.needs
    known: Known = {
        "accepted": _happened(referral.accepted if referral else None),
        "case_worker_assigned": _happened(responsible.entry if responsible else None),
        "needs_defined": _happened(needs.entry if needs else None),
    }
    if journey.eligibility is not None:
        known["eligible"] = (journey.eligibility.eligible, (journey.eligibility.entry,))
    if referral is not None:
        said: dict[str, FactValue] = {
            "channel": referral.channel,
            "from_organisation": referral.from_organisation,
            "has_employment_plan": referral.has_plan,
            "has_need_definition": referral.has_need_definition,
            "service_line": referral.service_line,
        }
        known |= {n: (v, (referral.entry,)) for n, v in said.items() if v is not None}
    if needs is not None and needs.service_line is not None:
        known["service_line"] = (needs.service_line, (needs.entry,))
    return known


def _situation(journey: Journey) -> Known:
    told = journey.told
    known: Known = {"interview_held": _happened(journey.interviewed)}
    if told is None:
        return known
    situation = told.situation
    stated: dict[str, FactValue] = {
        "education_isced": situation.education,
        "municipality": situation.municipality,
        "student_in_last_phase": situation.student_in_last_phase,
        "finished_vocational_school": situation.finished_vocational_school,
        "threatened_by_unemployment": situation.threatened_by_unemployment,
        "unemployed_after_measure": situation.unemployed_after_measure,
        "at_risk_of_structural_unemployment": situation.at_risk_of_structural_unemployment,
        "needs_more_guidance": situation.needs_more_guidance,
        "disadvantages": situation.disadvantages,
    }
    known |= {name: (value, told.entries) for name, value in stated.items() if value is not None}
    return known


def spell(since: FactValue, on: date) -> dict[str, FactValue]:
    """Return what the first day of a spell of unemployment tells of a day; None: there is none."""
    if not isinstance(since, date):
        return {"days_unemployed": 0, "months_unemployed": 0}
    return {
        "unemployed": since <= on,
        "unemployed_since": since,
        "days_unemployed": max(0, (on - since).days + 1),
        "months_unemployed": whole_months(since, on),
    }


def _spell(since: FactValue, entries: tuple[int, ...], on: date) -> Known:
    return {name: (value, entries) for name, value in spell(since, on).items()}


def _working_life(journey: Journey, on: date, stated: Facts) -> Known:
    told = working_life(journey, on)
    known = _days_of_last_16_months(told.spells, on, _stated_since(stated, on))
    if told.status is not None:
        known["employment_status"] = (str(told.status), told.of_status)
    if told.unemployed is not None:
        known["unemployed"] = (told.unemployed, told.of_status)
    if told.unemployed is False:
        known |= _spell(None, told.of_status, on)
    elif told.since is not None:
        known |= _spell(told.since, told.of_spell, on)
    return known


def _days_of_last_16_months(spells: Sequence[Spell], on: date, stated: date | None) -> Known:
    """Return the days of all spells that were recorded or told, and of the one that is stated."""
    if not spells:
        return {}
    periods = [one.period for one in spells]
    if stated is not None:
        periods.append(Period(stated))
    days = days_covered(periods, add_months(on, -16), on)
    return {_DAYS: (days, _entries(*(entry for one in spells for entry in one.entries)))}


def _stated_since(stated: Facts, on: date) -> date | None:
    """Return the first day of the spell that is stated to last, as far as that tells it."""
    since, days = (stated.get(name) for name in _BEGINNING)
    if isinstance(since, date):
        return since
    if isinstance(days, int) and 0 < days <= on.toordinal():
        return date.fromordinal(on.toordinal() - days + 1)
    return None


def _review(journey: Journey) -> Known:
    review, handed_in, found = journey.review, journey.self_assessments, journey.competences
    return {
        "review_started": _happened(review.entry if review else None),
        "review_completed": _happened(review.completed if review else None),
        "self_assessment_submitted": _happened(*(s.entry for s in handed_in)),
        "competences_recorded": _count(c.entry for c in found),
    }


def _count(versions: Iterable[int | None]) -> tuple[FactValue, tuple[int, ...]]:
    counted = list(versions)
    return len(counted), _entries(*counted)


def _plan(journey: Journey) -> Known:
    plan, team = journey.plan, journey.present_team()
    joined = _entries(*(m.entry for m in team))
    agreed = _entries(plan.agreed) if plan else ()
    kept = [s for s in plan.steps if s.dropped is None] if plan and agreed else []
    signed = plan is not None and any(s.role == "client" for s in plan.signatories)
    return {
        "team_size": (len(team), joined),
        "team_organisations": (len({m.organisation for m in team}), joined),
        "plan_agreed": (bool(agreed), agreed),
        "plan_steps": (len(kept), agreed),
        "client_signed_plan": (signed, agreed),
    }


def _services(journey: Journey) -> Known:
    begun = [s for s in journey.services if s.status in _BEGUN]
    done = [s for s in begun if s.status is ServiceStatus.COMPLETED]
    return {
        "services_started": _count(s.started or s.entry for s in begun),
        "services_completed": _count(s.ended for s in done),
        "certificates": _count(c.entry for c in journey.certificates),
    }


def _placements(journey: Journey) -> Known:
    placements = journey.placements
    respondents = tuple(dict.fromkeys(f.respondent for f in journey.feedback))
    grants = [m.entry for m in journey.money if m.kind is MoneyKind.GRANT_AWARDED]
    return {
        "placement_agreed": _happened(*(p.agreed for p in placements)),
        "placement_started": _happened(*(p.started for p in placements)),
        "placement_ended": _happened(*(p.ended for p in placements)),
        "grant_awarded": _happened(*grants),
        "employer_advised": _happened(*(a.entry for a in journey.advice)),
        "follow_ups_held": _count(f.entry for f in journey.follow_ups),
        "feedback_given": (respondents, _entries(*(f.entry for f in journey.feedback))),
    }
