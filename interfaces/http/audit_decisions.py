"""A journey's decisions as they were made, and its corrections with what leaned on them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from application.audit.decisions import Decided, decisions
from application.audit.rerun import Again, Asking
from application.case_file import Seen, seen_at
from domain.entry import event_name
from domain.journey.events import FactUsed
from domain.policy import RuleOutcome
from domain.wording import Tongue, in_language
from interfaces.http.audit_history import UnderTold
from interfaces.http.clocks import Question, Told
from interfaces.http.context import Asking as AskedBy
from interfaces.http.journey_models import RuleTold
from interfaces.http.paging import link_next
from interfaces.http.reading import Cursor, JourneyId, numbered, reach_entries, tongue_of

router = APIRouter(tags=["audit"])

MOST_DECISIONS = 20
"""How many decisions a page has at most: each is asked again, of the whole history."""


class KnownTold(Told):
    """An entry that was there when a decision was made, as it stood then."""

    version: int
    """The number of the entry in its stream, from 1."""
    kind: str
    """What kind of event it is, such as intake-interview-held."""
    counted: bool
    """Whether it counted then; false where it had been retracted."""
    sentence: str
    """What it said then, with the corrections of then, in the language that was asked for."""
    occurred_on: date
    """The day it happened, by what was known then."""
    recorded_at: datetime
    """The instant (UTC) at which the log stored it."""


class FactTold(Told):
    """A fact that a decision leaned on."""

    name: str
    """Its name, as the rules have it."""
    value: bool | int | float | str | list[str] | None
    """What it was; a day as ISO 8601; null where nobody knew."""
    entries: list[int]
    """The entries (versions) that it came from."""
    outside: bool
    """Whether it came from no entry: it was stated with the decision, or told by the register."""


class AgainTold(Told):
    """What would be decided, were it asked again."""

    asking: Asking
    """With what it is asked again: today's knowledge, today's rule, or both."""
    differs: bool | None
    """Whether it would be decided otherwise; null where that cannot be told."""
    said: str
    """What would be decided, or why it cannot be told, in the language that was asked for."""
    version: int | None
    """The version of the definition whose rules were asked; null where none was."""
    rules: list[RuleTold]
    """What each rule said; empty where the guards of the act alone decide."""
    facts: list[FactTold]
    """The facts that the rules were put to."""


class DecidedTold(Told):
    """A decision, and all that it was made on."""

    entry: int
    """The entry (version) that it is."""
    kind: str
    """What was decided, such as eligibility-assessed."""
    sentence: str
    """The decision, in the language that was asked for."""
    holds: bool
    """Whether it said yes."""
    occurred_on: date
    """The day it was made, as it was recorded."""
    recorded_at: datetime
    """The instant (UTC) at which the log stored it."""
    person: str
    """Who recorded it, as identity tells."""
    organisation: str
    """For which organisation (its code)."""
    under: UnderTold | None
    """The definition that was in force for it; null where none was."""
    known: list[KnownTold]
    """Exactly the entries that were there when it was made, in the order recorded."""
    rules: list[RuleTold]
    """Each rule as it was worded then, and what it said; empty where none was asked."""
    facts: list[FactTold]
    """The facts it was made on."""
    stands_on: list[int]
    """The entries (versions) that it stands on beside its facts."""
    again: list[AgainTold]
    """Whether today's knowledge, or today's rule, would decide otherwise."""


class Decisions(Told):
    """A page of a journey's decisions, in the order made."""

    journey: str
    """The id of the journey."""
    items: list[DecidedTold]
    """A page of the decisions."""
    next: str | None
    """The cursor of what follows; null at the end."""


class DecisionsQuery(Question):
    """Which decisions of a journey are wanted."""

    entry: Annotated[int, Field(ge=1, le=2**31)] | None = Field(default=None, examples=[4])
    """Only the decision that this entry (version) is."""
    limit: Annotated[int, Field(ge=1, le=MOST_DECISIONS, description="At most 20.")] = 10
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""


@router.get(
    "/audit/journeys/{journey}/decisions", summary="Decisions as they were made, and asked again"
)
def audit_decisions(
    journey: JourneyId,
    asked: Annotated[DecisionsQuery, Query()],
    here: AskedBy,
    request: Request,
    response: Response,
) -> Decisions:
    """Tell of each decision what was known, the rules and facts, and if it would be made again.

    Decisions are assessments of eligibility, phases entered, plans agreed and revised, and the end.
    """
    skip = numbered(asked.cursor) or 0
    found = reach_entries(here, journey, "audit-decisions")
    every = decisions(here.office, found, asked.entry)
    tongue = tongue_of(here)
    seen = seen_at(here.office, journey, found, tongue=tongue)
    page = list(islice(every, skip, skip + asked.limit + 1))
    following = str(skip + asked.limit) if len(page) > asked.limit else None
    link_next(request, response, following)
    known = [entry for one in page[: asked.limit] for entry, _ in one.known]
    here.note_entries("audit-decisions", journey, found, known)
    return Decisions(
        journey=journey,
        items=[_decided(one, seen, tongue) for one in page[: asked.limit]],
        next=following,
    )


def _decided(one: Decided, seen: Seen, tongue: Tongue) -> DecidedTold:
    entry = one.entry
    return DecidedTold(
        entry=entry.version,
        kind=event_name(type(entry.event)),
        sentence=seen.lines_of([entry])[0].sentence,
        holds=one.holds,
        occurred_on=entry.occurred_on,
        recorded_at=entry.recorded_at.astimezone(UTC),
        person=entry.by.person,
        organisation=entry.by.organisation,
        under=None if one.under is None else UnderTold(**one.under._asdict()),
        known=_known(one, seen),
        rules=[_rule(x, seen, tongue) for x in one.rules],
        facts=_facts(one.facts, one.outside),
        stands_on=list(one.stands_on),
        again=[_again(x, seen, tongue) for x in one.again],
    )


def _known(one: Decided, seen: Seen) -> list[KnownTold]:
    told = seen.lines_of(entry for entry, _ in one.known)
    return [
        KnownTold(
            version=line.entry.version,
            kind=event_name(type(line.entry.event)),
            counted=counted,
            sentence=line.sentence,
            occurred_on=line.entry.occurred_on,
            recorded_at=line.entry.recorded_at.astimezone(UTC),
        )
        for line, (_, counted) in zip(told, one.known, strict=True)
    ]


def _rule(one: RuleOutcome, seen: Seen, tongue: Tongue) -> RuleTold:
    return RuleTold(
        id=one.id,
        title=in_language(seen.words.title("rule", one.title), tongue),
        outcome=one.outcome.value,
        basis=seen.words.text(one.basis),
        text=one.text,
        missing=list(one.missing),
    )


def _facts(facts: Iterable[FactUsed], outside: frozenset[str]) -> list[FactTold]:
    def value(fact: FactUsed) -> Any:
        return list(fact.value) if isinstance(fact.value, tuple) else fact.value

    return [
        FactTold(
            name=fact.name,
            value=value(fact),
            entries=list(fact.entries),
            outside=not fact.entries and fact.name in outside,
        )
        for fact in facts
    ]


def _again(one: Again, seen: Seen, tongue: Tongue) -> AgainTold:
    return AgainTold(
        asking=one.asking,
        differs=one.differs,
        said=in_language(one.said, tongue),
        version=one.version,
        rules=[_rule(x, seen, tongue) for x in one.rules],
        facts=_facts(one.facts, one.outside),
    )
