"""A case file as the page of a journey: composed once, in the language that was asked for."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from application.case_file import CaseFile, Due
from application.disclosure import WHOLE, Shown
from application.questions import MOST
from application.sentences.words import situation_said
from domain.client import Client
from domain.definition import DESTINATIONS
from domain.journey import events as e
from domain.journey.deadlines import DeadlineStatus
from domain.journey.plan import StepProgress
from domain.journey.reliance import Doubt
from domain.journey.state import Journey, Status, Stay
from domain.policy import Outcome
from domain.wording import Tongue, in_words, said, titled
from interfaces.http import journey_models as m
from interfaces.http.clocks import used
from interfaces.http.speaking import Speaking
from interfaces.http.withheld import withheld_told

_TO_DO = frozenset({DeadlineStatus.OPEN, DeadlineStatus.OVERDUE})


def page_of(
    case: CaseFile, client: Client | None, tongue: Tongue, shown: Shown = WHOLE
) -> m.JourneyPage:
    """Return the page, as far as it is shown; `client` as registered, None for no names."""
    journey, say = case.journey, Speaking(case, tongue)
    parts = {
        **_support(case, say),
        **_records(journey, say),
        "phases": _phases(journey.stays, case.day, say),
        "deadlines": [deadline_told(due, case.day, say) for due in case.deadlines],
        "reviews": [_review(one, case, say) for one in case.doubts if _is_shown(one, case, shown)],
        "handovers": list(_handovers(case, say)),
    }
    arrival = _arrival(case, say)
    withheld = withheld_told(shown, tongue, {*parts, *arrival})
    parts = shown.fields(parts)
    lists = {name: part for name, part in parts.items() if isinstance(part, list)}
    return m.JourneyPage.model_construct(
        id=case.id,
        version=case.version,
        clocks=used(case),
        client=client_link(journey.client, client) if journey.client else None,
        status=say.code("status", journey.status.value),
        is_open=journey.status not in {Status.CLOSED, Status.DECLINED, Status.NOT_BEGUN},
        organisation=say.maybe("organisation", journey.organisation),
        responsible=_responsible(journey, say),
        phase=_phase(journey.stay, case.day, say) if journey.stay else None,
        definition=_definition(case, say),
        **shown.fields(arrival),
        **{name: part[-MOST:] if name in lists else part for name, part in parts.items()},
        counts={name: len(part) for name, part in lists.items()},
        closing=_closing(journey, say),
        withheld=withheld,
    )


def _is_shown(doubt: Doubt, case: CaseFile, shown: Shown) -> bool:
    """Whether both the entry that was corrected and the decision that leaned on it are shown."""
    of = shown.entries(case.known)
    spoken_of = (case.known.entry(n) for n in (doubt.corrected, doubt.entry) if n is not None)
    return all(of(entry) for entry in spoken_of if entry is not None)


def client_link(client: str, known: Client | None) -> m.ClientLink:
    """Return a client in a few words."""
    registered = known.registered if known else None
    if known is None or registered is None:
        return m.ClientLink.model_construct(
            id=client, given_name=None, family_name=None, born=None, goes_by=None
        )
    born = registered.date_of_birth.text
    return m.ClientLink.model_construct(
        id=client,
        given_name=registered.given_name.text,
        family_name=registered.family_name.text,
        born=date.fromisoformat(born) if born else None,
        goes_by=known.same.into,
    )


def _responsible(journey: Journey, say: Speaking) -> m.Answering | None:
    one = journey.responsible
    return one and m.Answering.model_construct(
        person=one.person,
        organisation=say.title("organisation", one.organisation),
        since=one.since,
        entry=one.entry,
    )


def _phase(stay: Stay, until: date, say: Speaking) -> m.Standing:
    coded = say.title("phase", stay.phase.value)
    return m.Standing.model_construct(
        code=coded.code,
        title=coded.title,
        since=stay.since,
        days=(until - stay.since).days,
        entry=stay.entry,
    )


def _phases(stays: tuple[Stay, ...], day: date, say: Speaking) -> list[m.Standing]:
    ends = [stay.since for stay in stays[1:]] + [day]
    return [_phase(stay, end, say) for stay, end in zip(stays, ends, strict=True)] if stays else []


def _definition(case: CaseFile, say: Speaking) -> m.DefinitionTold:
    journey, definition = case.journey, case.definition
    code = definition.programme if definition else journey.programme
    title = say.text(titled(definition.title)) if definition else code
    return m.DefinitionTold.model_construct(
        programme=m.Coded.model_construct(code=code, title=title),
        version=definition.version if definition else journey.definition_version,
        published=definition is not None,
        effective_from=definition.effective_from if definition else None,
    )


def _arrival(case: CaseFile, say: Speaking) -> dict[str, Any]:
    journey = case.journey
    told = journey.told.situation if journey.told else None
    return {
        "referral": _referral(journey, say),
        "eligibility": _eligibility(case, say),
        "situation": say.text(situation_said(told, case.words)) if told else "",
        "needs": [say.title("need", code) for code in journey.needs.needs] if journey.needs else [],
    }


def _referral(journey: Journey, say: Speaking) -> m.ReferralTold | None:
    made = journey.referral
    return made and m.ReferralTold.model_construct(
        entry=made.entry,
        on=made.on,
        from_organisation=say.title("organisation", made.from_organisation),
        to_organisation=say.title("organisation", made.to_organisation),
        channel=say.title("channel", made.channel),
        service_line=say.maybe("service-line", made.service_line),
        accepted_on=made.accepted_on,
    )


def _eligibility(case: CaseFile, say: Speaking) -> m.EligibilityTold | None:
    verdict = case.journey.eligibility
    if verdict is None:
        return None
    events = (x.event for x in case.look.entries if x.version == verdict.entry)
    rules = [r for x in events if isinstance(x, e.EligibilityAssessed) for r in x.rules]
    failed = [rule for rule in rules if rule.outcome is not Outcome.MET]
    return m.EligibilityTold.model_construct(
        entry=verdict.entry,
        on=verdict.on,
        eligible=verdict.eligible,
        definition_version=verdict.definition_version,
        reasons=[say.text(rule.why(say.title("rule", rule.title).title)) for rule in failed],
        rules=[
            m.RuleTold.model_construct(
                id=rule.id,
                title=say.title("rule", rule.title).title,
                outcome=rule.outcome.value,
                basis=rule.basis,
                text=rule.text,
                missing=list(rule.missing),
            )
            for rule in rules
        ],
    )


def _support(case: CaseFile, say: Speaking) -> dict[str, Any]:
    journey = case.journey
    return {
        "team": [
            m.MemberTold.model_construct(
                person=one.person,
                organisation=say.title("organisation", one.organisation),
                role=one.role,
                since=one.since,
                until=one.until,
                entry=one.entry,
            )
            for one in journey.team
        ],
        "plan": _plan(case, say),
        "services": [
            m.ServiceTold.model_construct(
                reference=one.reference,
                service=say.title("service", one.service),
                provider=say.maybe("organisation", one.provider),
                step=one.step,
                status=say.code("service-status", one.status.value),
                proposed_on=one.proposed_on,
                started_on=one.started_on,
                ended_on=one.ended_on,
                hours=one.hours,
                absences=one.absences,
                result=one.result,
                entry=one.entry,
            )
            for one in journey.services
        ],
        "placements": [
            m.PlacementTold.model_construct(
                reference=one.reference,
                employer=one.employer,
                form=say.code("placement-form", one.form),
                status=say.code("placement-status", one.status.value),
                proposed_on=one.proposed_on,
                agreed_on=one.agreed_on,
                started_on=one.started_on,
                ended_on=one.ended_on,
                reviews=one.reviews,
                entry=one.entry,
            )
            for one in journey.placements
        ],
    }


def _plan(case: CaseFile, say: Speaking) -> m.PlanTold | None:
    plan = case.journey.plan
    return plan and m.PlanTold.model_construct(
        entry=plan.entry,
        drafted_on=plan.drafted_on,
        agreed_on=plan.agreed_on,
        revision=plan.revision,
        signatories=[
            m.SignatoryTold.model_construct(person=one.person, role=one.role)
            for one in plan.signatories
        ],
        steps=[_step(one, say) for one in case.plan],
    )


def _step(one: StepProgress, say: Speaking) -> m.StepTold:
    return m.StepTold.model_construct(
        id=one.step.id,
        goal=str(one.step.goal),
        service=say.maybe("service", one.step.service),
        by=one.step.by,
        status=say.code("step-status", one.status.value),
        actual=one.actual,
        days_late=one.days_late,
    )


def _records(journey: Journey, say: Speaking) -> dict[str, Any]:
    return {
        "competences": [
            m.CompetenceTold.model_construct(
                concept=say.title("concept", one.concept),
                level=one.level,
                on=one.on,
                validated_by=one.validated_by,
                entry=one.entry,
            )
            for one in journey.competences
        ],
        "certificates": [
            m.CertificateTold.model_construct(
                title=one.title,
                awarding_body=one.awarding_body,
                eqf_level=one.eqf_level,
                on=one.on,
                entry=one.entry,
            )
            for one in journey.certificates
        ],
        "money": [
            m.MoneyTold.model_construct(
                kind=say.code("money", one.kind.value),
                reference=one.reference,
                amount=one.amount,
                currency=one.currency,
                payer=say.title("organisation", one.payer),
                start=one.period.start,
                end=one.period.end,
                entry=one.entry,
            )
            for one in journey.money
        ],
        "follow_ups": [
            m.FollowUpTold.model_construct(
                on=one.on,
                status=say.code("employment", one.status.value),
                point=say.maybe("point", one.point),
                entry=one.entry,
            )
            for one in journey.follow_ups
        ],
        "periods": [
            m.PeriodTold.model_construct(
                of=say.code("period", one.of.value),
                kind=one.kind,
                start=one.period.start,
                end=one.period.end,
                paid_days=one.paid_days,
                entry=one.entry,
            )
            for one in journey.periods
        ],
        "pauses": [
            m.PauseTold.model_construct(since=one.start, until=one.end, entry=one.entry)
            for one in journey.pauses
        ],
    }


def deadline_told(due: Due, day: date, say: Speaking) -> m.DeadlineTold:
    """Return a deadline as it stands on the day."""
    one = due.deadline
    left = (one.due - day).days if one.due is not None and due.status in _TO_DO else None
    return m.DeadlineTold.model_construct(
        id=one.id,
        title=say.title("deadline", one.rule).title,
        basis=one.basis,
        opened_on=one.opened_on,
        opened_by=one.opened_by,
        due=one.due,
        days_left=left,
        status=say.code("deadline-status", due.status.value),
        met_on=one.met_on,
        met_by=one.met_by,
        exempt=say.maybe("exemption", one.exempt.reason if one.exempt else None),
        moved_on=one.moved.on if one.moved else None,
    )


def _review(doubt: Doubt, case: CaseFile, say: Speaking) -> m.ReviewTold:
    what = (
        said("the deadline {deadline}", deadline=case.words.deadline(doubt.deadline))
        if doubt.deadline
        else said(
            "the decision of entry {entry} ({kind})",
            entry=doubt.entry,
            kind=in_words("event", doubt.kind),
        )
    )
    sentence = said(
        "Entry {corrected} was changed by entry {correction}: review {what}, which relied on it",
        corrected=doubt.corrected,
        correction=doubt.correction,
        what=what,
    )
    return m.ReviewTold.model_construct(
        correction=doubt.correction,
        corrected=doubt.corrected,
        kind=doubt.kind,
        entry=doubt.entry,
        deadline=doubt.deadline,
        said=say.text(sentence),
    )


def _handovers(case: CaseFile, say: Speaking) -> Iterable[m.HandoverTold]:
    """Yield the handovers asked for, each with the first answer that followed it."""
    entries = case.look.entries
    for index, entry in enumerate(entries):
        asked = entry.event
        if not isinstance(asked, e.HandoverRequested):
            continue
        answers = (
            x
            for x in entries[index + 1 :]
            if isinstance(x.event, e.HandoverAccepted | e.HandoverDeclined | e.HandoverRequested)
        )
        answer = next(answers, None)
        if answer is not None and isinstance(answer.event, e.HandoverRequested):
            answer = None
        accepted = answer is not None and isinstance(answer.event, e.HandoverAccepted)
        outcome = "waiting" if answer is None else "accepted" if accepted else "declined"
        yield m.HandoverTold.model_construct(
            entry=entry.version,
            requested_on=entry.occurred_on,
            to_organisation=say.title("organisation", asked.to_organisation),
            reason=str(asked.reason),
            brief=str(asked.brief),
            outcome=say.code("handover", outcome),
            answered_on=answer.occurred_on if answer else None,
            answered_by=answer.by.person if answer else None,
        )


def _closing(journey: Journey, say: Speaking) -> m.ClosingTold | None:
    one = journey.closing
    if one is None:
        return None
    known: Callable[[str, str], m.Coded] = (
        say.code if one.destination in DESTINATIONS else say.title
    )
    return m.ClosingTold.model_construct(
        on=one.on,
        end_state=say.title("end-state", one.end_state),
        destination=known("destination", one.destination),
        entry=one.entry,
    )
