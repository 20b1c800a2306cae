"""Ways to move a journey on in any phase, to hand it over, and to close it."""

from datetime import date, timedelta

from application.candidates.way import (
    NO_QUESTIONNAIRE,
    Asked,
    Fields,
    Way,
    Ways,
    answers,
    codes_of,
    each,
    participants,
    person,
    texts,
    texts_at_will,
    words,
)
from domain.definition import Phase
from domain.entry import Personal
from domain.journey.deadlines import deadlines
from domain.journey.facts import facts_of, values
from domain.policy import unmet
from domain.wording import said


def phases(asked: Asked) -> Ways:
    """Return the phases, each as it is, and with what is not met overridden."""
    act = asked.act
    known = values(facts_of(asked.history.at(act.on), act.on))
    for rule in act.definition.phases:
        not_met = unmet(rule.requires, known)
        yield Way({"phase": rule.phase}, requirements=not_met)
        if not_met:
            override = tuple(outcome.id for outcome in not_met)
            yield Way({"phase": rule.phase, "override": override}, free=texts("reason"))
    if not act.definition.phases:
        yield Way({"phase": Phase.INTAKE}, none=said("the definition has no phases"))


def request(asked: Asked) -> Ways:
    """Return each organisation that could take over."""
    none = said("no organisation takes part in the programme on the day")
    return each("to_organisation", participants(asked.act), none, free=texts("reason"))


def accept_handover(asked: Asked) -> Ways:
    """Return the one way to take over."""
    return (Way(free=person(asked, "person")),)


def feedback(asked: Asked) -> Ways:
    """Return each questionnaire that each respondent can answer."""
    ways = [
        Way(
            {"respondent": who, "questionnaire": q.code, "questionnaire_version": q.version},
            free=answers,
        )
        for q in asked.act.definition.questionnaires
        for who in q.respondents
    ]
    stand_in = Way(
        {"respondent": "", "questionnaire": "", "questionnaire_version": 1},
        free=answers,
        none=NO_QUESTIONNAIRE,
    )
    return ways or (stand_in,)


def _deadlines(asked: Asked) -> list[str]:
    act = asked.act
    every = deadlines(asked.history.in_force, act.definition_of, act.is_working_day)
    return [deadline.id for deadline in every]


_NO_DEADLINE = said("nothing has fallen due yet")


def exempt(asked: Asked) -> Ways:
    """Return each deadline, to be lifted for any reason there is."""
    reasons = codes_of(asked.act.definition.exemption_reasons)
    free = texts_at_will("note")
    return each("deadline", _deadlines(asked), _NO_DEADLINE, codes={"reason": reasons}, free=free)


def move(asked: Asked) -> Ways:
    """Return each deadline, to be put off until tomorrow or later."""
    day: date = max(asked.act.on, asked.act.today)

    def free(attempt: int) -> Fields:
        return {"due": day + timedelta(days=1 + attempt), "reason": Personal(words(attempt))}

    return each("deadline", _deadlines(asked), _NO_DEADLINE, free=free)


def adopt(asked: Asked) -> Ways:
    """Return each published version of the definition."""
    none = said("no version of the definition is published")
    return each("definition_version", asked.versions, none, free=texts("reason"))


def close(asked: Asked) -> Ways:
    """Return each end state with each of its destinations."""
    for end in asked.act.definition.end_states:
        for destination in end.destinations:
            way = {"end_state": end.code, "destination": destination}
            yield Way(way, free=texts_at_will("reason"))
