"""What a journey's record says, line by line, in the words of a case worker."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from domain.journey.history import Look
from domain.journey.state import Journey, MoneyKind, PeriodKind, ServiceCourse
from tests.features.words import told


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(parts) or "none"


def _responsible(journey: Journey) -> str:
    now = journey.responsible
    return f"{now.person} of {now.organisation} since {told(now.since)}" if now else "nobody"


def _phases(journey: Journey) -> str:
    return _listed(f"{stay.phase} since {told(stay.since)}" for stay in journey.stays)


def _plan(journey: Journey) -> str:
    plan = journey.plan
    if plan is None:
        return "none"
    if plan.agreed_on is None:
        return f"drafted on {told(plan.drafted_on)}"
    signed = ", ".join(s.person for s in plan.signatories)
    return f"revision {plan.revision}, agreed on {told(plan.agreed_on)}, signed by {signed}"


def _service(course: ServiceCourse) -> str:
    hours = f", {course.hours:g} hours" if course.hours else ""
    times = "1 absence" if course.absences == 1 else f"{course.absences} absences"
    absent = f", {times}" if course.absences else ""
    return f"{course.service} {course.status}{hours}{absent}"


def _review(journey: Journey) -> str:
    review = journey.review
    if review is None:
        return "none"
    done = f", completed on {told(review.completed_on)}" if review.completed_on else ""
    return f"{review.method} with {review.assessor} since {told(review.started_on)}{done}"


def _competences(journey: Journey) -> str:
    return _listed(
        f"{c.concept} {c.level}{f', validated by {c.validated_by}' if c.validated_by else ''}"
        for c in sorted(journey.competences, key=lambda c: c.concept)
    )


def _team(journey: Journey) -> str:
    return _listed(f"{m.person} of {m.organisation} as {m.role}" for m in journey.present_team())


def _money(kind: MoneyKind) -> Callable[[Journey], str]:
    def read(journey: Journey) -> str:
        found = [m for m in journey.money if m.kind is kind]
        total = sum((m.amount for m in found), Decimal(0))
        return _listed(
            [f"{total} {found[0].currency} by {', '.join({m.payer: 0 for m in found})}"]
            if found
            else []
        )

    return read


def _periods(of: PeriodKind) -> Callable[[Journey], str]:
    def read(journey: Journey) -> str:
        found = [p for p in journey.periods if p.of is of]
        return _listed(
            f"{p.kind} from {told(p.period.start)}"
            f"{f' to {told(p.period.end)}' if p.period.end else ''}"
            f"{f', {p.paid_days} days paid' if p.paid_days is not None else ''}"
            for p in found
        )

    return read


def _paid_days(journey: Journey) -> str:
    return str(sum(p.paid_days or 0 for p in journey.periods if p.of is PeriodKind.BENEFIT))


def _end(journey: Journey) -> str:
    end = journey.closing
    return f"{end.end_state} into {end.destination} on {told(end.on)}" if end else "none"


def _told_of(field: str) -> Callable[[Journey], str]:
    def read(journey: Journey) -> str:
        return told(getattr(journey.told.situation, field)) if journey.told else "not told"

    return read


READERS: Mapping[str, Callable[[Journey], str]] = {
    "status": lambda j: j.status,
    "programme": lambda j: j.programme,
    "definition": lambda j: f"version {j.definition_version}",
    "organisation": lambda j: j.organisation,
    "responsible": _responsible,
    "came from": lambda j: j.referral.from_organisation if j.referral else "",
    "channel": lambda j: j.referral.channel if j.referral else "",
    "service line": lambda j: (j.referral and j.referral.service_line) or "none",
    "employment plan": lambda j: told(j.referral.has_plan) if j.referral else "",
    "service definition": lambda j: told(j.referral.has_need_definition) if j.referral else "",
    "eligible": lambda j: told(j.eligibility.eligible) if j.eligibility else "not assessed",
    "phase": lambda j: j.stay.phase if j.stay else "none",
    "phases": _phases,
    "employment": _told_of("employment"),
    "unemployed since": _told_of("unemployed_since"),
    "education": _told_of("education"),
    "disadvantages": _told_of("disadvantages"),
    "needs": lambda j: told(j.needs.needs) if j.needs else "none",
    "review": _review,
    "competences": _competences,
    "self-assessments": lambda j: _listed(s.questionnaire for s in j.self_assessments),
    "team": _team,
    "plan": _plan,
    "services": lambda j: _listed(map(_service, j.services)),
    "certificates": lambda j: _listed(
        f"{c.title} of {c.awarding_body}{f', EQF {c.eqf_level}' if c.eqf_level else ''}"
        for c in j.certificates
    ),
    "placements": lambda j: _listed(f"{p.form} with {p.employer} {p.status}" for p in j.placements),
    "grant awarded": _money(MoneyKind.GRANT_AWARDED),
    "grant paid": _money(MoneyKind.GRANT_PAID),
    "wage subsidy": _money(MoneyKind.WAGE_SUBSIDY),
    "advice to employers": lambda j: _listed(f"{a.employer} on {a.topic}" for a in j.advice),
    "follow-ups": lambda j: _listed(f"{told(f.on)} {f.status}" for f in j.follow_ups),
    "work": _periods(PeriodKind.EMPLOYMENT),
    "unemployment": _periods(PeriodKind.UNEMPLOYMENT),
    "benefits": _periods(PeriodKind.BENEFIT),
    "paid days of benefit": _paid_days,
    "handover asked of": lambda j: j.handover.to_organisation if j.handover else "nobody",
    "feedback": lambda j: _listed(f"{f.respondent} by {f.questionnaire}" for f in j.feedback),
    "end": _end,
}


def line(look: Look, name: str) -> str:
    """What the record says under a heading."""
    assert name in READERS, f"the record has no line {name!r}; it has: {', '.join(READERS)}"
    return str(READERS[name](look.journey))
