"""Ways to ask for each act: what could be said in its fields, as the state and definition have it.

There is no rule here. A way is put to the act's own decision, which says whether it can be
(`application.possible`). Fields that come from a closed set are filled from the state (references,
steps, deadlines ...) and from the definition (codes); what a person writes freely is made up.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from domain.definition import Coded, FactValue, Phase, codes
from domain.entry import Personal
from domain.facts import FACTS, EmploymentStatus
from domain.journey import events as e
from domain.journey.act import Act
from domain.journey.deadlines import deadlines
from domain.journey.facts import facts_of, values
from domain.journey.history import History
from domain.journey.reliance import doubts
from domain.journey.state import MoneyKind
from domain.policy import RuleOutcome, unmet
from domain.wording import Wording, said

Fields: TypeAlias = Mapping[str, Any]
NOTHING: Fields = MappingProxyType({})


class Asked(NamedTuple):
    """The journey, the circumstances, and the versions of the definition that are published."""

    history: History
    act: Act
    versions: tuple[int, ...]


def _silent(_attempt: int) -> Fields:
    return NOTHING


class Way(NamedTuple):
    """One way to ask for an act.

    `fields` is what makes it this way and no other. Any of the `codes` goes with it, and so does
    any of `optional`, or nothing; one that ends in * stands for all that begin so. `free` makes up
    the rest, at a second attempt something else: to repeat what was recorded records nothing, and
    says little about what could be. `none` says that there is nothing to choose from, where the
    value is no more than a stand-in. `unchanged` marks a way that says what was recorded already:
    the decision need only not refuse it. `requirements` are those of a phase that are not met.
    """

    fields: Fields = NOTHING
    codes: Mapping[str, tuple[Any, ...]] = NOTHING
    optional: Mapping[str, tuple[Any, ...]] = NOTHING
    free: Callable[[int], Fields] = _silent
    none: Wording | None = None
    unchanged: bool = False
    requirements: tuple[RuleOutcome, ...] = ()

    def whole(self, attempt: int) -> dict[str, Any]:
        """Return every field of the act, as its decision takes them."""
        known = {name: some for name, some in self.codes.items() if not _begins(some)}
        first = {name: _first(name, some) for name, some in known.items()}
        return {**self.free(attempt), **first, **self.fields}


Ways: TypeAlias = Iterable[Way]

_SEVERAL = frozenset({"needs"})
"""Fields that take any number of the codes."""


def _begins(some: tuple[Any, ...]) -> bool:
    return any(str(value).endswith("*") for value in some)


def _first(name: str, some: tuple[Any, ...]) -> Any:
    return some[:1] if name in _SEVERAL else next(iter(some), "")


_WORDS = ("as agreed", "as talked over")


def _texts(*names: str) -> Callable[[int], Fields]:
    return lambda attempt: {name: Personal(_WORDS[attempt]) for name in names}


def _words(attempt: int) -> str:
    return _WORDS[attempt]


def _sorted(coded: Iterable[Coded]) -> tuple[str, ...]:
    return tuple(c.code for c in coded)


def _each(name: str, among: Iterable[Any], none: Wording, **rest: Any) -> Ways:
    """Return a way for each value of a field; one with a stand-in where there is none."""
    ways = [Way({name: value}, **rest) for value in among]
    return ways or (Way({name: ""}, none=none, **rest),)


# Referral


def _refer(asked: Asked) -> Ways:
    act = asked.act
    known = next(
        (x.event for x in asked.history.entries if isinstance(x.event, e.ReferralMade)), None
    )
    client = known.client if known else "client"
    none = said("no organisation takes part in the programme on the day")
    return _each(
        "to_organisation",
        _participants(act),
        none,
        codes={"channel": _sorted(act.definition.channels)},
        optional={"service_line": _sorted(act.definition.service_lines)},
        free=lambda n: {
            "client": client,
            "from_organisation": act.by.organisation,
            "existing_plan": Personal(_words(n)),
        },
    )


def _participants(act: Act) -> list[str]:
    return [p.code for p in act.definition.organisations if p.takes_part(act.on)]


def _assess(asked: Asked) -> Ways:
    return (Way(free=lambda attempt: {"given": _other_facts(asked) if attempt else {}}),)


def _other_facts(asked: Asked) -> dict[str, FactValue]:
    """Return facts other than those known, so that there is something to judge anew."""
    act, journey = asked.act, asked.history.journey
    rules = act.definition.rules_in_force(act.on, journey.organisation)
    known = values(facts_of(asked.history.at(act.on), act.on))
    newest = [x.event for x in asked.history.in_force if isinstance(x.event, e.EligibilityAssessed)]
    known |= {fact.name: fact.value for fact in (newest[-1].facts if newest else ())}
    names = sorted({name for rule in rules for name in rule.needs})
    return {name: _other(name, known.get(name), act) for name in names}


def _other(name: str, known: FactValue, act: Act) -> FactValue:
    fact = FACTS[name]
    listed: Iterable[str] = fact.values
    if fact.listed_in is not None:
        listed = sorted(codes(getattr(act.definition, fact.listed_in)))
    match fact.type:
        case "bool":
            return not known
        case "int":
            return (known if isinstance(known, int) else 0) + 1
        case "date":
            return act.on - timedelta(days=1) if known == act.on.isoformat() else act.on
        case "codes":
            return () if known else tuple(listed)[:1]
        case "str":
            return next(
                (code for code in listed if code != known), f"not {known}" if not listed else None
            )


def _assign(asked: Asked) -> Ways:
    none = said("no organisation takes part in the programme on the day")
    return _each("organisation", _participants(asked.act), none, free=_person(asked, "person"))


def _person(asked: Asked, name: str) -> Callable[[int], Fields]:
    person = asked.act.by.person
    return lambda attempt: {name: (person, f"{person}, or another")[attempt]}


# Intake and competence review


def _interview(_asked: Asked) -> Ways:
    situation = e.Situation(EmploymentStatus.UNEMPLOYED)
    return (Way(free=lambda n: {"situation": situation, "note": Personal(_words(n))}),)


def _needs(asked: Asked) -> Ways:
    definition = asked.act.definition
    return (
        Way(
            codes={"needs": _sorted(definition.needs)},
            optional={"service_line": _sorted(definition.service_lines)},
            free=_texts("note"),
        ),
    )


def _start_review(asked: Asked) -> Ways:
    methods = _sorted(asked.act.definition.review_methods)
    return (Way(codes={"method": methods}, free=_person(asked, "assessor")),)


def _answers(attempt: int) -> Fields:
    return {"answers": (e.Answer("1", float(attempt)),)}


_NO_QUESTIONNAIRE = said("the definition has no questionnaire")


def _self_assess(asked: Asked) -> Ways:
    ways = [
        Way({"questionnaire": q.code, "questionnaire_version": q.version}, free=_answers)
        for q in asked.act.definition.questionnaires
    ]
    stand_in = Way(
        {"questionnaire": "", "questionnaire_version": 1}, free=_answers, none=_NO_QUESTIONNAIRE
    )
    return ways or (stand_in,)


def _record_competence(asked: Asked) -> Ways:
    ways = []
    for frame in asked.act.definition.frames:
        if frame.concepts:
            concepts = _sorted(frame.concepts)
            ways.append(
                Way(codes={"concept": concepts, "level": frame.levels}, free=_texts("evidence"))
            )
        if frame.uri_prefix is not None:
            begin = frame.uri_prefix
            named = {"concept": (f"{begin}*",), "level": frame.levels}
            ways.append(Way(codes=named, free=_of_prefix(begin)))
    none = said("the definition has no frame of competences")
    return ways or (Way({"concept": "", "level": ""}, none=none),)


def _of_prefix(prefix: str) -> Callable[[int], Fields]:
    return lambda attempt: {"concept": f"{prefix}{attempt}"}


def _complete_review(_asked: Asked) -> Ways:
    def free(attempt: int) -> Fields:
        return {"strengths": (Personal(_words(attempt)),), "development_needs": ()}

    return (Way(free=free),)


# Team and plan


def _join(asked: Asked) -> Ways:
    by = asked.act.by

    def free(attempt: int) -> Fields:
        return {"person": by.person, "organisation": by.organisation, "role": _words(attempt)}

    return (Way(free=free),)


def _leave(asked: Asked) -> Ways:
    members = dict.fromkeys((m.person, m.organisation) for m in asked.history.journey.team)
    ways = [Way({"person": person, "organisation": place}) for person, place in members]
    by = asked.act.by
    return ways or (Way(free=lambda _: {"person": by.person, "organisation": by.organisation}),)


def _steps(asked: Asked, attempt: int) -> tuple[e.PlanStep, ...]:
    return (e.PlanStep("1", Personal(_words(attempt)), asked.act.on),)


def _signatories(asked: Asked, attempt: int) -> tuple[e.Signatory, ...]:
    client, worker = asked.history.journey.client, asked.act.by.person
    return (e.Signatory(client, "client"), e.Signatory(worker, ("case-worker", "worker")[attempt]))


def _draft(asked: Asked) -> Ways:
    return (Way(free=lambda n: {"steps": _steps(asked, n)}),)


def _agree(asked: Asked) -> Ways:
    return (Way(free=lambda n: {"signatories": _signatories(asked, n)}),)


def _revise(asked: Asked) -> Ways:
    def free(attempt: int) -> Fields:
        return {
            "steps": _steps(asked, attempt),
            "signatories": _signatories(asked, attempt),
            "reason": Personal(_words(attempt)),
        }

    return (Way(free=free),)


def _each_step(*texts: str) -> Callable[[Asked], Ways]:
    def ways(asked: Asked) -> Ways:
        plan = asked.history.journey.plan
        steps = [course.step.id for course in plan.steps] if plan else []
        return _each("step", steps, said("the plan has no steps"), free=_texts(*texts))

    return ways


# Training and services


def _each_service(free: Callable[[int], Fields] = _silent) -> Callable[[Asked], Ways]:
    none = said("no service was proposed or started yet")

    def ways(asked: Asked) -> Ways:
        references = [course.reference for course in asked.history.journey.services]
        return _each("reference", references, none, free=free)

    return ways


_NO_SERVICE = said("the definition has no services")


def _new(code: str, taken: Iterable[str]) -> str:
    """Return a reference that the journey does not have."""
    names, number = set(taken), 1
    while f"{code}-{number}" in names:
        number += 1
    return f"{code}-{number}"


def _propose_service(asked: Asked) -> Ways:
    journey = asked.history.journey
    reference = _new("service", (s.reference for s in journey.services))
    steps = tuple(course.step.id for course in journey.plan.steps) if journey.plan else ()
    services = [service.code for service in asked.act.definition.services]
    return _each(
        "service",
        services,
        _NO_SERVICE,
        optional={"step": steps},
        free=lambda _: {"reference": reference},
    )


def _start_service(asked: Asked) -> Ways:
    known = [course.reference for course in asked.history.journey.services]
    for reference in known:
        yield Way({"reference": reference})
    new = _new("service", known)
    services = [service.code for service in asked.act.definition.services]
    yield from _each("service", services, _NO_SERVICE, free=lambda _: {"reference": new})


def _hours(attempt: int) -> Fields:
    return {"hours": 1.0 + attempt}


def _result(attempt: int) -> Fields:
    return {"result": _words(attempt)}


def _certificate(asked: Asked) -> Ways:
    body = asked.act.by.organisation
    return (Way(free=lambda n: {"title": _words(n), "awarding_body": body}),)


# Placement

_NO_PLACEMENT = said("no placement was proposed yet")


def _propose_placement(asked: Asked) -> Ways:
    reference = _new("placement", (p.reference for p in asked.history.journey.placements))
    forms = asked.act.definition.placement_forms
    return (
        Way(codes={"form": forms}, free=lambda n: {"reference": reference, "employer": _words(n)}),
    )


def _each_placement(free: Callable[[int], Fields] = _silent) -> Callable[[Asked], Ways]:
    def ways(asked: Asked) -> Ways:
        return _each("reference", _placements(asked), _NO_PLACEMENT, free=free)

    return ways


def _placements(asked: Asked) -> list[str]:
    return [placement.reference for placement in asked.history.journey.placements]


def _agree_placement(asked: Asked) -> Ways:
    def free(attempt: int) -> Fields:
        return {"signatories": _signatories(asked, attempt)}

    return _each("reference", _placements(asked), _NO_PLACEMENT, free=free)


def _money(asked: Asked) -> Callable[[int], Fields]:
    act = asked.act

    def free(attempt: int) -> Fields:
        return {
            "amount": Decimal("0.01"),
            "currency": "EUR",
            "payer": f"{act.by.organisation}{' again' * attempt}",
            "start": act.on,
            "end": act.on,
        }

    return free


def _grant(asked: Asked) -> Ways:
    return _each("reference", _placements(asked), _NO_PLACEMENT, free=_money(asked))


def _pay(asked: Asked) -> Ways:
    awarded = [m for m in asked.history.journey.money if m.kind is MoneyKind.GRANT_AWARDED]
    grants = dict.fromkeys((m.reference, m.currency) for m in awarded)
    free = _money(asked)
    ways = [Way({"reference": place, "currency": money}, free=free) for place, money in grants]
    return ways or _grant(asked)


def _advise(_asked: Asked) -> Ways:
    return (Way(free=lambda n: {"employer": _WORDS[0], "topic": _words(n)}),)


# Follow-up


def _follow_up(asked: Asked) -> Ways:
    points = tuple(point.id for point in asked.act.definition.follow_up)
    free = lambda n: {"status": EmploymentStatus.UNKNOWN, "note": Personal(_words(n))}  # noqa: E731
    return (Way(optional={"point": points}, free=free),)


def _period(asked: Asked) -> Ways:
    return (Way(free=lambda n: {"start": asked.act.on, "kind": _words(n)}),)


# Any phase


def _phases(asked: Asked) -> Ways:
    """Return the phases, each as it is, and with what is not met overridden."""
    act = asked.act
    known = values(facts_of(asked.history.at(act.on), act.on))
    for rule in act.definition.phases:
        not_met = unmet(rule.requires, known)
        yield Way({"phase": rule.phase}, requirements=not_met)
        if not_met:
            override = tuple(outcome.id for outcome in not_met)
            yield Way({"phase": rule.phase, "override": override}, free=_texts("reason"))
    if not act.definition.phases:
        yield Way({"phase": Phase.INTAKE}, none=said("the definition has no phases"))


def _request(asked: Asked) -> Ways:
    none = said("no organisation takes part in the programme on the day")
    return _each("to_organisation", _participants(asked.act), none, free=_texts("reason"))


def _accept_handover(asked: Asked) -> Ways:
    return (Way(free=_person(asked, "person")),)


def _feedback(asked: Asked) -> Ways:
    ways = [
        Way(
            {"respondent": who, "questionnaire": q.code, "questionnaire_version": q.version},
            free=_answers,
        )
        for q in asked.act.definition.questionnaires
        for who in q.respondents
    ]
    stand_in = Way(
        {"respondent": "", "questionnaire": "", "questionnaire_version": 1},
        free=_answers,
        none=_NO_QUESTIONNAIRE,
    )
    return ways or (stand_in,)


def _deadlines(asked: Asked) -> list[str]:
    act = asked.act
    every = deadlines(asked.history.in_force, act.definition_of, act.is_working_day)
    return [deadline.id for deadline in every]


_NO_DEADLINE = said("nothing has fallen due yet")


def _exempt(asked: Asked) -> Ways:
    reasons = _sorted(asked.act.definition.exemption_reasons)
    free = _texts("note")
    return _each("deadline", _deadlines(asked), _NO_DEADLINE, codes={"reason": reasons}, free=free)


def _move(asked: Asked) -> Ways:
    day: date = max(asked.act.on, asked.act.today)

    def free(attempt: int) -> Fields:
        return {"due": day + timedelta(days=1 + attempt), "reason": Personal(_words(attempt))}

    return _each("deadline", _deadlines(asked), _NO_DEADLINE, free=free)


def _adopt(asked: Asked) -> Ways:
    none = said("no version of the definition is published")
    return _each("definition_version", asked.versions, none, free=_texts("reason"))


def _correct(asked: Asked) -> Ways:
    """Return each entry said again as it stands: what can be said instead is for a person."""
    in_force = {x.version: x for x in asked.history.in_force}
    for entry in asked.history.entries:
        said_now = in_force.get(entry.version, entry).event
        if isinstance(said_now, e.EntryCorrected):
            target = in_force.get(said_now.entry)
            said_now = target.event if target is not None else said_now.event
        yield Way(
            {"entry": entry.version},
            free=_as_it_stands(said_now),
            unchanged=True,
        )


def _as_it_stands(event: e.JourneyEvent) -> Callable[[int], Fields]:
    return lambda attempt: {"event": event, "reason": Personal(_words(attempt))}


def _retract(asked: Asked) -> Ways:
    entries = (entry.version for entry in asked.history.entries)
    return _each("entry", entries, said("nothing was recorded yet"), free=_texts("reason"))


def _review(asked: Asked) -> Ways:
    act = asked.act
    found = doubts(asked.history, act.definition_of, act.is_working_day)
    waiting = dict.fromkeys((d.correction, d.entry, d.deadline) for d in found)
    for correction, entry, deadline in waiting:
        yield Way(
            {"correction": correction, "entry": entry, "deadline": deadline},
            codes={"upheld": (True, False)},
            free=_texts("reason"),
        )


def _close(asked: Asked) -> Ways:
    for end in asked.act.definition.end_states:
        for destination in end.destinations:
            yield Way({"end_state": end.code, "destination": destination}, free=_texts("reason"))


def _with(*texts: str) -> Callable[[Asked], Ways]:
    return lambda _asked: (Way(free=_texts(*texts)),)


WAYS: Mapping[str, Callable[[Asked], Ways]] = MappingProxyType(
    {
        "refer": _refer,
        "assess-eligibility": _assess,
        "accept-referral": _with(),
        "decline-referral": _with("reason"),
        "assign-case-worker": _assign,
        "hold-intake-interview": _interview,
        "define-service-needs": _needs,
        "start-competence-review": _start_review,
        "submit-self-assessment": _self_assess,
        "record-competence": _record_competence,
        "complete-competence-review": _complete_review,
        "join-team": _join,
        "leave-team": _leave,
        "draft-plan": _draft,
        "agree-plan": _agree,
        "revise-plan": _revise,
        "reach-step": _each_step(),
        "drop-step": _each_step("reason"),
        "propose-service": _propose_service,
        "accept-service": _each_service(),
        "decline-service": _each_service(_texts("reason")),
        "start-service": _start_service,
        "record-attendance": _each_service(_hours),
        "interrupt-service": _each_service(_texts("reason")),
        "complete-service": _each_service(_result),
        "award-certificate": _certificate,
        "propose-placement": _propose_placement,
        "agree-placement": _agree_placement,
        "start-placement": _each_placement(),
        "review-placement": _each_placement(_texts("note")),
        "end-placement": _each_placement(_texts("reason")),
        "award-grant": _grant,
        "pay-grant": _pay,
        "grant-wage-subsidy": _grant,
        "advise-employer": _advise,
        "hold-follow-up": _follow_up,
        "record-employment-period": _period,
        "record-unemployment-period": _period,
        "record-benefit-period": _period,
        "enter-phase": _phases,
        "request-handover": _request,
        "accept-handover": _accept_handover,
        "decline-handover": _with("reason"),
        "give-feedback": _feedback,
        "exempt-deadline": _exempt,
        "move-deadline": _move,
        "pause": _with("reason"),
        "resume": _with(),
        "adopt-definition": _adopt,
        "correct": _correct,
        "retract": _retract,
        "review-decision": _review,
        "close": _close,
        "reopen": _with("reason"),
    }
)
"""The ways to ask for each act, by its code."""

NO_WAY: Mapping[str, Wording] = MappingProxyType(
    {
        "correct": said("nothing was recorded yet"),
        "review-decision": said("no decision waits for review"),
        "close": said("the definition has no end states"),
    }
)
"""What is missing where there is no way at all to ask for an act."""
