"""What a journey says of the facts that rules may use, and which entry says it."""

from datetime import date
from typing import TypeAlias

from domain.calendar import add_months, days_covered, whole_months
from domain.definition import Facts, FactValue, Rule
from domain.journey.events import EmploymentStatus, FactUsed
from domain.journey.state import Journey, PeriodKind, ServiceStatus

Known: TypeAlias = dict[str, tuple[FactValue, int | None]]
"""Facts by name: the value and the entry (version) it came from."""

_BEGUN = (ServiceStatus.STARTED, ServiceStatus.INTERRUPTED, ServiceStatus.COMPLETED)


def facts_of(journey: Journey, on: date, given: Facts | None = None) -> Known:
    """Return every fact of the catalogue that is known on the day.

    `given` are facts that the person who decides states, or that the client's register says; they
    come before what the journey's entries tell.
    """
    known: Known = {
        **_referral(journey),
        **_situation(journey, on),
        **_review(journey),
        **_plan(journey),
        **_services(journey),
        **_placements(journey),
    }
    for name, value in (given or {}).items():
        if value is not None:
            known[name] = (value, None)
    since = known.get("unemployed_since")
    if given and since is not None and given.get("unemployed_since") is not None:
        known |= {k: v for k, v in _spell(since[0], None, on).items() if given.get(k) is None}
    return known


def values(known: Known) -> dict[str, FactValue]:
    """Return the facts without where they came from, as rules take them."""
    return {name: value for name, (value, _) in known.items()}


def used(known: Known, rules: tuple[Rule, ...]) -> tuple[FactUsed, ...]:
    """Return the facts that the rules name, as an event stores them."""
    names = sorted({name for rule in rules for name in rule.needs})
    return tuple(
        FactUsed(name, _stored(known[name][0]), known[name][1]) for name in names if name in known
    )


def _stored(value: FactValue) -> bool | int | float | str | tuple[str, ...] | None:
    return value.isoformat() if isinstance(value, date) else value


def _referral(journey: Journey) -> Known:
    known: Known = {
        "accepted": (False, None),
        "case_worker_assigned": (journey.responsible is not None, None),
    }
    if journey.responsible is not None:
        known["case_worker_assigned"] = (True, journey.responsible.entry)
    if journey.eligibility is not None:
        known["eligible"] = (journey.eligibility.eligible, journey.eligibility.entry)
    referral = journey.referral
    if referral is not None:
        known |= {
            "accepted": (referral.accepted is not None, referral.accepted),
            "channel": (referral.channel, referral.entry),
            "from_organisation": (referral.from_organisation, referral.entry),
            "has_employment_plan": (referral.has_plan, referral.entry),
            "has_need_definition": (referral.has_need_definition, referral.entry),
        }
        if referral.service_line is not None:
            known["service_line"] = (referral.service_line, referral.entry)
    needs = journey.needs
    known["needs_defined"] = (needs is not None, needs.entry if needs else None)
    if needs is not None and needs.service_line is not None:
        known["service_line"] = (needs.service_line, needs.entry)
    return known


def _situation(journey: Journey, on: date) -> Known:
    told = journey.told
    known: Known = {"interview_held": (told is not None, told.entry if told else None)}
    known |= _spells(journey, on)
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
    known |= {name: (value, told.entry) for name, value in stated.items() if value is not None}
    if situation.employment not in (None, EmploymentStatus.UNKNOWN):
        unemployed = situation.employment is EmploymentStatus.UNEMPLOYED
        known["employment_status"] = (str(situation.employment), told.entry)
        known["unemployed"] = (unemployed, told.entry)
        if not unemployed:
            known |= _spell(None, told.entry, on)
    if situation.unemployed_since is not None:
        known |= _spell(situation.unemployed_since, told.entry, on)
    return known


def _spell(since: FactValue, entry: int | None, on: date) -> Known:
    if not isinstance(since, date):
        return {"days_unemployed": (0, entry), "months_unemployed": (0, entry)}
    return {
        "unemployed": (since <= on, entry),
        "unemployed_since": (since, entry),
        "days_unemployed": (max(0, (on - since).days + 1), entry),
        "months_unemployed": (whole_months(since, on), entry),
    }


def _spells(journey: Journey, on: date) -> Known:
    spells = [p for p in journey.periods if p.of is PeriodKind.UNEMPLOYMENT]
    if not spells:
        return {}
    first = add_months(on, -16)
    days = days_covered((s.period for s in spells), first, on)
    newest = max(spells, key=lambda s: (s.period.start, s.entry))
    known: Known = {"days_unemployed_of_last_16_months": (days, newest.entry)}
    lasts = newest.period.end is None or newest.period.end >= on
    if newest.period.start <= on and lasts:
        known |= _spell(newest.period.start, newest.entry, on)
    return known


def _review(journey: Journey) -> Known:
    review, handed_in, found = journey.review, journey.self_assessments, journey.competences
    return {
        "review_started": (review is not None, review.entry if review else None),
        "review_completed": (
            review is not None and review.completed is not None,
            review.completed if review else None,
        ),
        "self_assessment_submitted": (bool(handed_in), handed_in[-1].entry if handed_in else None),
        "competences_recorded": (len(found), found[-1].entry if found else None),
    }


def _plan(journey: Journey) -> Known:
    plan, team = journey.plan, journey.present_team()
    joined = max((m.entry for m in team), default=None)
    agreed = plan.agreed if plan else None
    kept = [s for s in plan.steps if s.dropped is None] if plan and agreed else []
    signed = plan is not None and any(s.role == "client" for s in plan.signatories)
    return {
        "team_size": (len(team), joined),
        "team_organisations": (len({m.organisation for m in team}), joined),
        "plan_agreed": (agreed is not None, agreed),
        "plan_steps": (len(kept), agreed),
        "client_signed_plan": (signed, agreed),
    }


def _services(journey: Journey) -> Known:
    begun = [s for s in journey.services if s.status in _BEGUN]
    done = [s for s in begun if s.status is ServiceStatus.COMPLETED]
    awarded = journey.certificates
    return {
        "services_started": (len(begun), begun[-1].entry if begun else None),
        "services_completed": (len(done), done[-1].ended if done else None),
        "certificates": (len(awarded), awarded[-1].entry if awarded else None),
    }


def _placements(journey: Journey) -> Known:
    def of(entries: list[int]) -> tuple[FactValue, int | None]:
        return bool(entries), entries[-1] if entries else None

    placements, follow_ups = journey.placements, journey.follow_ups
    respondents = tuple(dict.fromkeys(f.respondent for f in journey.feedback))
    grants = [m.entry for m in journey.money if m.kind == "grant-awarded"]
    return {
        "placement_agreed": of([p.agreed for p in placements if p.agreed is not None]),
        "placement_started": of([p.started for p in placements if p.started is not None]),
        "placement_ended": of([p.ended for p in placements if p.ended is not None]),
        "grant_awarded": of(grants),
        "employer_advised": of([a.entry for a in journey.advice]),
        "follow_ups_held": (len(follow_ups), follow_ups[-1].entry if follow_ups else None),
        "feedback_given": (
            respondents,
            journey.feedback[-1].entry if journey.feedback else None,
        ),
    }
