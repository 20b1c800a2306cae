"""Ways to refer a client, to judge the referral, and to say who works on it."""

from collections.abc import Iterable
from datetime import date, timedelta

from application.candidates.way import Asked, Way, Ways, codes_of, each, participants, person, words
from domain.definition import Definition, FactValue, codes
from domain.entry import Personal
from domain.facts import FACTS
from domain.journey import events as e
from domain.journey.facts import facts_of, values
from domain.journey.referral import rules_of_the_day
from domain.wording import said


def refer(asked: Asked) -> Ways:
    """Return each organisation that a client can be referred to."""
    act = asked.act
    known = next(
        (x.event for x in asked.history.entries if isinstance(x.event, e.ReferralMade)), None
    )
    client = known.client if known else "client"
    none = said("no organisation takes part in the programme on the day")
    return each(
        "to_organisation",
        participants(act),
        none,
        codes={"channel": codes_of(act.definition.channels)},
        optional={"service_line": codes_of(act.definition.service_lines)},
        free=lambda n: {
            "client": client,
            "from_organisation": act.by.organisation,
            "existing_plan": Personal(words(n)),
        },
    )


def assess(asked: Asked) -> Ways:
    """Return the one way to judge eligibility: as known, then by other facts."""
    return (Way(free=lambda attempt: {"given": _other_facts(asked) if attempt else {}}),)


def _other_facts(asked: Asked) -> dict[str, FactValue]:
    """Return facts other than those known, so that there is something to judge anew."""
    act = asked.act
    _, rules = rules_of_the_day(asked.history, act)
    known = values(facts_of(asked.history.at(act.on), act.on))
    newest = [x.event for x in asked.history.in_force if isinstance(x.event, e.EligibilityAssessed)]
    known |= {fact.name: fact.value for fact in (newest[-1].facts if newest else ())}
    names = sorted({name for rule in rules for name in rule.needs})
    return {name: _other(name, known.get(name), act.on, act.definition) for name in names}


def _other(name: str, known: FactValue, on: date, definition: Definition) -> FactValue:
    fact = FACTS[name]
    listed: Iterable[str] = fact.values
    if fact.listed_in is not None:
        listed = sorted(codes(getattr(definition, fact.listed_in)))
    match fact.type:
        case "bool":
            return not known
        case "int":
            return (known if isinstance(known, int) else 0) + 1
        case "date":
            return on - timedelta(days=1) if known == on.isoformat() else on
        case "codes":
            return () if known else tuple(listed)[:1]
        case "str":
            return next(
                (code for code in listed if code != known), f"not {known}" if not listed else None
            )


def assign(asked: Asked) -> Ways:
    """Return each organisation that a case worker can be of."""
    none = said("no organisation takes part in the programme on the day")
    return each("organisation", participants(asked.act), none, free=person(asked, "person"))
