"""How the words of an act on a journey become the fields of its decision."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from inspect import signature
from typing import Any, get_type_hints

from application import journeys
from domain.entry import Personal, event_name
from domain.facts import FACTS
from domain.journey import (
    course,
    follow_up,
    handover,
    placement,
    referral,
    services,
    team,
)
from domain.journey import events as e
from domain.journey.history import JourneyEntry, effective, find
from tests.features.phrases import Doing
from tests.features.words import Table, build, code, day, listed, pairs, rows, value
from tests.features.world import Asking, World

Fields = dict[str, Any]
Decision = Callable[..., Any]

Reading = Callable[[World, dict[str, str], Table | None], Fields]

FACT_TYPES = {"bool": bool, "int": int, "str": str, "date": date, "codes": tuple[str, ...]}


def typed(decision: Decision, said: dict[str, str]) -> Fields:
    """The fields of a decision, read from words."""
    hints = get_type_hints(decision)
    unknown = said.keys() - hints.keys()
    assert not unknown, f"{decision.__name__} takes no {unknown}; it takes {sorted(hints)}"
    return {name: value(hints[name], text, name) for name, text in said.items()}


def reasoned(decision: Decision, asking: Asking) -> dict[str, str]:
    """The reason that was said; an empty one where a reason is needed and none was said."""
    name = "absence_reason" if decision is services.record_attendance else "reason"
    if asking.reason is not None:
        return {name: asking.reason}
    asked_for = signature(decision).parameters.get(name)
    needed = asked_for is not None and asked_for.default is asked_for.empty
    return {name: ""} if needed else {}


def plainly(decision: Decision, **fixed: Any) -> Doing:
    """Take a decision: slots and a table of fields and values are what is asked."""

    def do(world: World, asking: Asking, slots: dict[str, str], table: Table | None) -> None:
        said = {**_but_client(slots), **pairs(table), **reasoned(decision, asking)}
        world.act(asking, slots["client"], decision, **{**typed(decision, said), **fixed})

    return do


def by_rows(decision: Decision) -> Doing:
    """Take a decision once for each row of a table."""

    def do(world: World, asking: Asking, slots: dict[str, str], table: Table | None) -> None:
        for row in rows(table or ()):
            said = typed(decision, {**_but_client(slots), **row})
            world.act(asking, slots["client"], decision, **said)

    return do


def reading(decision: Decision, read: Reading) -> Doing:
    """Take a decision whose slots and table are read in a way of their own."""

    def do(world: World, asking: Asking, slots: dict[str, str], table: Table | None) -> None:
        given = read(world, slots, table)
        said = typed(decision, reasoned(decision, asking))
        world.act(asking, slots["client"], decision, **{**said, **given})

    return do


def referring(world: World, asking: Asking, slots: dict[str, str], table: Table | None) -> None:
    own = {"from_organisation": world.person(asking.who).organisation}
    said = {**own, **_but_client(slots), **pairs(table)}
    world.refer(asking, slots["client"], **typed(referral.refer, said))


def assessing(world: World, asking: Asking, slots: dict[str, str], table: Table | None) -> None:
    given = {name: value(FACT_TYPES[FACTS[name].type], v) for name, v in pairs(table).items()}
    world.assess(asking, slots["client"], given)


def taking_case(world: World, asking: Asking, slots: dict[str, str], _table: Table | None) -> None:
    person = world.person(slots.get("who", asking.who))
    given = {"person": person.by.person, "organisation": person.organisation}
    world.act(asking, slots["client"], referral.assign_case_worker, **given)


def interview(_world: World, _slots: dict[str, str], table: Table | None) -> Fields:
    said = pairs(table)
    note = Personal(said.pop("note", None))
    return {"situation": build(e.Situation, said), "note": note}


def followed_up(_world: World, _slots: dict[str, str], table: Table | None) -> Fields:
    said = pairs(table)
    told = {f.name for f in fields(e.Situation)} & said.keys()
    situation = build(e.Situation, {name: said.pop(name) for name in told}) if told else None
    return {"situation": situation, **typed(follow_up.hold_follow_up, said)}


def answers(world: World, slots: dict[str, str], table: Table | None) -> Fields:
    """Questions with their answers; a number is a value on a scale, "score of x" a score."""
    given = [(question, answer) for question, answer in table or ()]
    scores = [
        e.Score(code(q.removeprefix("score of ")), float(a))
        for q, a in given
        if q.startswith("score of ")
    ]
    answers = [_answer(q, a) for q, a in given if not q.startswith("score of ")]
    known = {q.code: q.version for q in world.definition().questionnaires}
    name = code(slots["questionnaire"])
    found = {
        "questionnaire": name,
        "questionnaire_version": known.get(name, 1),
        "answers": tuple(answers),
    }
    if "respondent" in slots:
        return {**found, "respondent": code(slots["respondent"])}
    return {**found, "scores": tuple(scores)}


def _answer(question: str, answer: str) -> e.Answer:
    if answer.replace(".", "").isdigit():
        return e.Answer(code(question), float(answer))
    return e.Answer(code(question), None, Personal(answer))


def joining(world: World, asking: Asking, slots: dict[str, str], _table: Table | None) -> None:
    by = world.person(asking.who).by
    given = {"person": by.person, "organisation": by.organisation, "role": code(slots["role"])}
    world.act(asking, slots["client"], team.join_team, **given)


def leaving(world: World, asking: Asking, slots: dict[str, str], _table: Table | None) -> None:
    by = world.person(asking.who).by
    given = {"person": by.person, "organisation": by.organisation}
    world.act(asking, slots["client"], team.leave_team, **given)


def steps(table: Table | None) -> tuple[e.PlanStep, ...]:
    found = []
    for number, row in enumerate(rows(table or ()), start=1):
        said = {"id": str(number), **row}
        found.append(build(e.PlanStep, said))
    return tuple(found)


def _signed(world: World, people: str) -> tuple[e.Signatory, ...]:
    signed = [world.person(name) for name in listed(people)]
    return tuple(e.Signatory(p.by.person, code(p.role)) for p in signed)


def signatures(world: World, slots: dict[str, str], _table: Table | None) -> Fields:
    given: Fields = {"signatories": _signed(world, slots["people"])}
    if "reference" in slots:
        given["reference"] = code(slots["reference"])
    return given


def draft(_world: World, _slots: dict[str, str], table: Table | None) -> Fields:
    return {"steps": steps(table)}


def revision(world: World, slots: dict[str, str], table: Table | None) -> Fields:
    return {"steps": steps(table), "signatories": _signed(world, slots["people"])}


def proposal(world: World, slots: dict[str, str], table: Table | None) -> Fields:
    said = {"reference": slots["service"], "service": slots["service"], **pairs(table)}
    return typed(services.propose_service, said)


def unproposed(world: World, slots: dict[str, str], table: Table | None) -> Fields:
    said = {"reference": slots["service"], "service": slots["service"], **pairs(table)}
    return typed(services.start_service, said)


def placed(world: World, slots: dict[str, str], table: Table | None) -> Fields:
    said = {"reference": slots["employer"], **_but_client(slots), **pairs(table)}
    return typed(placement.propose_placement, said)


def _but_client(slots: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in slots.items() if name != "client"}


def money(decision: Decision) -> Reading:
    def read(_world: World, slots: dict[str, str], table: Table | None) -> Fields:
        said = _dated({**_but_client(slots), **pairs(table)})
        return {**typed(decision, said), "currency": "EUR"}

    return read


def periods(decision: Decision) -> Doing:
    def do(world: World, asking: Asking, slots: dict[str, str], table: Table | None) -> None:
        for row in rows(table or ()):
            world.act(asking, slots["client"], decision, **typed(decision, _dated(row)))

    return do


def _dated(said: dict[str, str]) -> dict[str, str]:
    return {{"from": "start", "to": "end"}.get(name, name): text for name, text in said.items()}


def entering(_world: World, slots: dict[str, str], _table: Table | None) -> Fields:
    given = typed(course.enter_phase, {"phase": slots["phase"]})
    if "override" in slots:
        given["override"] = tuple(code(name) for name in listed(slots["override"]))
    return given


def taking_over(world: World, asking: Asking, slots: dict[str, str], _table: Table | None) -> None:
    person = world.person(asking.who).by.person
    world.act(asking, slots["client"], handover.accept_handover, person=person)


def deadline(world: World, slots: dict[str, str], table: Table | None) -> Fields:
    """A deadline by its rule: the newest that it opened."""
    rule = code(slots["deadline"])
    due = [one.deadline for one in world.case(slots["client"]).deadlines]
    found = [d.id for d in due if d.rule == rule]
    given: Fields = {"deadline": found[-1] if found else rule}
    if "to_day" in slots:
        return {**given, "due": day(slots["to_day"])}
    given["reason"] = code(slots["exemption"])
    return {**given, "note": Personal(pairs(table).get("note"))}


def entry_named(world: World, client: str, words: str) -> JourneyEntry:
    """The newest entry of a kind, by the words of its event: "intake interview held"."""
    found = [x for x in world.entries(client) if event_name(type(x.event)) == code(words)]
    assert found, f"{client} has no entry {words!r}"
    return found[-1]


def correction(world: World, slots: dict[str, str], table: Table | None) -> Fields:
    """What an entry should have said: what it says now, with the changes of the table."""
    entries = world.entries(slots["client"])
    target = named = entry_named(world, slots["client"], slots["entry"])
    while isinstance(target.event, e.EntryCorrected):
        target = entries[target.event.entry - 1]
    event: Any = (find(effective(entries), target.version) or target).event
    said = pairs(table)
    happened = said.pop("happened_on", None)
    if isinstance(event, e.IntakeInterviewHeld):
        event = replace(event, situation=_changed(event.situation, said))
    else:
        event = _changed(event, said)
    occurred_on = day(happened) if happened else None
    return {"entry": named.version, "event": event, "occurred_on": occurred_on}


def _changed(record: Any, said: dict[str, str]) -> Any:
    hints = get_type_hints(type(record))
    return replace(record, **{n: value(hints[n], text, n) for n, text in said.items()})


def entry_of(world: World, slots: dict[str, str], _table: Table | None) -> Fields:
    return {"entry": entry_named(world, slots["client"], slots["entry"]).version}


def judgement(upheld: bool) -> Reading:
    def read(world: World, slots: dict[str, str], _table: Table | None) -> Fields:
        journey = world.journey(slots["client"])
        waiting = [
            d
            for d in journeys.doubts_in(world.office, journeys.history(world.office, journey))
            if code(slots["decision"]) in (d.kind, (d.deadline or "").partition("/")[0]) and d.open
        ]
        assert waiting, f"no {slots['decision']} waits for review"
        doubt = waiting[-1]
        found = {"correction": doubt.correction, "entry": doubt.entry, "deadline": doubt.deadline}
        return {**found, "upheld": upheld}

    return read


def adoption(_world: World, slots: dict[str, str], _table: Table | None) -> Fields:
    return {"definition_version": int(slots["version"])}
