"""A decision as it was made: what was known, by which rule, and whether it would be made again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from application.acts import named
from application.audit.rerun import (
    Again,
    Asking,
    ask_guards,
    ask_rules,
    facts_used,
    given_again,
    known_then,
    known_today,
    outside,
    place_known_since,
    ruled_by,
)
from application.journey_clients import facts_known, facts_of_register
from application.office import Office, act_of, today_in
from application.programmes import NotPublished
from application.transact import Asked
from domain.client import NOTHING_SAID, UNKNOWN, Client, fold
from domain.definition import Definition, Facts
from domain.journey import events as e
from domain.journey.facts import restored
from domain.journey.history import History, JourneyEntry
from domain.journey.reliance import grounds
from domain.journey.under import Under, under_which
from domain.policy import RuleOutcome, ask
from domain.wording import Wording, said, wording_of

KINDS = (e.EligibilityAssessed, e.PhaseEntered, e.PlanAgreed, e.PlanRevised, e.JourneyClosed)
"""The decisions of a journey that can be looked at as they were made."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with all that it was made on.

    `then` is the history as it was recorded when it was made. `rules` say how each was worded then
    and what it said; there are none where the guards of the act alone decided. `facts` name the
    entries that each came from, `outside` those that came from none: they were stated with the
    decision or told by the register. `stands_on` are the entries it stands on beside its facts.
    `holds` is whether it said yes. `under` is None where no definition was in force.
    """

    entry: JourneyEntry
    then: History
    under: Under | None
    rules: tuple[RuleOutcome, ...]
    facts: tuple[e.FactUsed, ...]
    outside: frozenset[str]
    stands_on: tuple[int, ...]
    holds: bool
    again: tuple[Again, ...]

    @property
    def known(self) -> list[tuple[JourneyEntry, bool]]:
        """Each entry that was there, as it stood then, and whether it counted.

        One that had been retracted by then did not.
        """
        stood = {x.version: x for x in self.then.in_force}
        return [(stood.get(x.version, x), x.version in stood) for x in self.then.entries]


def decisions(office: Office, found: History, entry: int | None = None) -> Iterator[Decided]:
    """Yield the decisions of a journey in the order made, or one alone by its entry (version).

    Each is worked out as it is asked for: to look at one costs a fold of the whole history.
    """
    under = under_which(found.entries)
    for one in found.entries:
        if isinstance(one.event, KINDS) and entry in {None, one.version}:
            yield _decided(office, found, one, under.get(one.version))


def _decided(
    office: Office, found: History, decision: JourneyEntry, under: Under | None
) -> Decided:
    then = known_then(found.entries, decision)
    return Decided(
        decision,
        then,
        under,
        _rules(office, decision, under),
        facts_used(decision),
        frozenset(outside(decision, then)),
        tuple(sorted(_stands_on(decision, then))),
        not isinstance(decision.event, e.EligibilityAssessed) or decision.event.eligible,
        tuple(_again(office, found, decision, then, under)),
    )


def _stands_on(decision: JourneyEntry, then: History) -> frozenset[int]:
    kinds: tuple[type, ...] = _BEFORE.get(type(decision.event), ())
    newest = (x.version for x in reversed(then.in_force) if isinstance(x.event, kinds))
    return grounds(decision, then.in_force) | frozenset(list(newest)[:1])


_BEFORE = {
    e.PlanRevised: (e.PlanAgreed, e.PlanRevised),
    e.JourneyClosed: (e.ReferralAccepted, e.PhaseEntered),
}
"""What a plan that is revised, and the end of a journey, stand on: the newest of these."""


def _definition(office: Office, under: Under | None) -> Definition | None:
    try:
        return office.programmes.definition(*under) if under else None
    except NotPublished:
        return None


def _rules(office: Office, decision: JourneyEntry, under: Under | None) -> tuple[RuleOutcome, ...]:
    """Return what each rule said: as it was recorded, or else by the facts that were recorded."""
    if isinstance(decision.event, e.EligibilityAssessed):
        return decision.event.rules
    definition = _definition(office, under)
    rules = definition and ruled_by(definition, decision, decision.occurred_on)
    known = {fact.name: restored(fact.name, fact.value) for fact in facts_used(decision)}
    return tuple(ask(rule, known) for rule in rules or ())


def _again(
    office: Office,
    found: History,
    decision: JourneyEntry,
    then: History,
    under: Under | None,
) -> Iterator[Again]:
    """Ask the decision again in each way, or say why it cannot be."""
    if decision.source is not None:
        why = said(
            "cannot be asked again: it was brought in from {source}, and passed no rule here",
            source=decision.source.name,
        )
        yield from (Again(asking, None, why) for asking in Asking)
        return
    today = known_today(found.entries, decision, then)
    same, newest = _same(office, decision, under), _newest(office, under)
    for asking, history, definition in (
        (Asking.KNOWLEDGE, today, same),
        (Asking.RULE, then, newest),
        (Asking.BOTH, today, newest),
    ):
        if isinstance(definition, Wording):
            yield Again(asking, None, definition)
        else:
            yield _asked(office, asking, decision, then, history, definition)


def _asked(
    office: Office,
    asking: Asking,
    decision: JourneyEntry,
    then: History,
    history: History,
    definition: Definition,
) -> Again:
    act = act_of(office, Asked(decision.by, decision.occurred_on), definition)
    guarded = ask_guards(asking, decision, history, then, act)
    if not isinstance(decision.event, e.EligibilityAssessed | e.PhaseEntered):
        return guarded
    day = decision.occurred_on if asking is Asking.KNOWLEDGE else act.today
    rules = ruled_by(definition, decision, day, place_known_since(decision, history, then))
    if rules is None:
        why = said("version {version} has no such phase", version=definition.version)
        return Again(asking, True, why, definition.version)
    given: Facts = given_again(decision, then)
    if isinstance(decision.event, e.EligibilityAssessed):
        given = _with_register(office, asking, decision, then, history, given)
    ruled = ask_rules(asking, decision, history, definition, rules, given)
    if guarded.differs and not ruled.differs:
        return replace(ruled, differs=True, said=guarded.said)
    return ruled


def _with_register(
    office: Office,
    asking: Asking,
    decision: JourneyEntry,
    then: History,
    history: History,
    given: Facts,
) -> Facts:
    """Return what a verdict is given from outside, and what the register tells beside.

    Of what was known then, it tells what it knew then; of what is known today, of whose the journey
    is known to be: what it told of another client is left out.
    """
    day, client = decision.occurred_on, then.journey.client
    registered = _client_then(office, client, decision) if client else UNKNOWN
    told_then = facts_known(registered, day)
    if asking is Asking.RULE:
        return {**told_then, **given}
    now = history.journey.client or client
    told_now = facts_of_register(office, now, day)
    if now == client:
        return {**told_now, **given}
    if _birthday_was_erased(registered):
        told_then |= {name: value for name, value in given.items() if name == "age"}
    stated = {name: value for name, value in given.items() if told_then.get(name) != value}
    return {**told_now, **stated}


def _birthday_was_erased(client: Client) -> bool:
    born = client.registered.date_of_birth if client.registered else NOTHING_SAID
    return born.text is None and born.sealed is not None


def _client_then(office: Office, client: str, decision: JourneyEntry) -> Client:
    """Return a client as the register knew the person when a decision was made."""
    stream = named("client", client)
    newest = office.clients.newest(stream)
    if newest.position < decision.position:
        return newest
    return fold(x for x in office.log.load(stream) if x.position < decision.position)


def _same(office: Office, decision: JourneyEntry, under: Under | None) -> Definition | Wording:
    """Return the definition whose rules were asked, or say why they cannot be asked again."""
    definition = _definition(office, under)
    if under is None or definition is None:
        return said("cannot be asked again: the definition of then was never published here")
    event = decision.event
    if isinstance(event, e.EligibilityAssessed):
        rules = definition.rules_in_force(decision.occurred_on, event.organisation)
        if {(x.id, x.text) for x in rules} != {(x.id, x.text) for x in event.rules}:
            return said(
                "cannot be asked again: version {version} has not the rules that were asked",
                version=definition.version,
            )
    return definition


def _newest(office: Office, under: Under | None) -> Definition | Wording:
    """Return the definition that is in force today, or say why there is none."""
    if under is None:
        return said("cannot be asked again: no definition was in force")
    of_then = _definition(office, under)
    try:
        today = today_in(office, of_then.country if of_then else "")
        return office.programmes.current(under.programme, today)
    except NotPublished as error:
        return said("cannot be asked again: {why}", why=wording_of(error))
