"""What people do with journeys: any act of `domain.journey`, and any question to the history.

The decision of an act is a function of the domain (`intake.hold_intake_interview` ...); its name
and its keyword fields are the request. What an act needs beside the stream, the definition in
force and the working days of the place, is brought here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any, Concatenate, ParamSpec, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from application.acts import named
from application.clients import clients_of
from application.ports import Append, Drafting, EventLog, Receipt, VersionConflict
from application.programmes import Programmes
from application.transact import (
    Asked,
    Leaning,
    Streams,
    append_of,
    check_seen,
    digest_of,
    nothing_beside,
    transact,
)
from domain.calendar import IsWorkingDay
from domain.client import Client, age_on
from domain.definition import Definition, Facts, FactValue
from domain.journey import referral
from domain.journey.act import Act, Events
from domain.journey.deadlines import Deadline, deadlines, versions_there
from domain.journey.ending import goes_on_for, told_after_the_end
from domain.journey.events import (
    DefinitionAdopted,
    HandoverRequested,
    ReferralMade,
)
from domain.journey.history import History, JourneyEntry, Look, look, told_why_of
from domain.journey.reliance import Doubt, doubts
from domain.programme.state import Programme
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import in_words, said

P = ParamSpec("P")
Beside: TypeAlias = Callable[[History, Events], tuple[Append, ...]]
Decision: TypeAlias = Callable[Concatenate[History, Act, P], Events]

KIND = "journey"

TIME_ZONES: Mapping[str, str] = {"FI": "Europe/Helsinki", "IT": "Europe/Rome"}
"""Where it is which day, by the country of a programme; UTC elsewhere."""


class WorkingDays(Protocol):
    """Gives the calendar of working days of a country (ISO 3166-1 alpha-2)."""

    def __call__(self, country: str) -> IsWorkingDay:
        """Return the calendar of the country."""
        ...


def _extended(history: History, entries: Iterable[JourneyEntry]) -> History:
    return history.extended(entries)


@dataclass(frozen=True, slots=True)
class Office:
    """All that acts on journeys and questions about them need, put together once.

    `inline` makes the rows that are written with the entries; None: the views follow behind.
    """

    log: EventLog
    programmes: Programmes
    working_days: WorkingDays
    inline: Drafting | None = None
    histories: Streams[History] = field(init=False)
    clients: Streams[Client] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the histories used last."""
        histories = Streams(self.log, History(), _extended, inline=self.inline)
        object.__setattr__(self, "histories", histories)
        object.__setattr__(self, "clients", clients_of(self.log, self.inline))

    def forget(self) -> None:
        """Drop what is remembered of journeys and clients; the log tells it again."""
        self.histories.forget()
        self.clients.forget()


@dataclass(frozen=True, slots=True)
class Doing:
    """One act: the journey, who asks, the decision, its fields.

    `guard` raises where the person may not do it, whenever it is decided. `said` is the digest of
    what was asked where the fields do not tell it: a day that was left out is today's each time.
    `beside` says what is recorded in other streams together with what is decided.
    """

    journey: str
    asked: Asked
    decision: Callable[..., Events]
    fields: Mapping[str, Any]
    programme: str | None = None
    guard: Callable[[History], None] | None = None
    said: str = ""
    beside: Beside = nothing_beside

    @property
    def request(self) -> str:
        """The digest of what is asked."""
        return self.said or digest_of(
            self.decision.__qualname__,
            self.journey,
            self.programme,
            self.fields,
            self.asked.on,
            self.asked.by,
        )


def act(
    office: Office,
    journey: str,
    asked: Asked,
    decision: Decision[P],
    *_: P.args,
    **fields: P.kwargs,
) -> Receipt:
    """Do one act of a journey: `act(office, id, asked, intake.hold_intake_interview, ...)`.

    Raises IllegalTransition or InvalidField where the decision refuses, VersionConflict, KeyReused.
    """
    return do(office, Doing(journey, asked, decision, fields))


def refer(office: Office, journey: str, asked: Asked, programme: str, **fields: Any) -> Receipt:
    """Refer a client to a programme, under the version of its definition in force that day.

    The fields are those of `domain.journey.referral.refer`. Raises NotPublished where no
    version was in force.
    """
    return do(office, Doing(journey, asked, referral.refer, fields, programme))


def assess_eligibility(
    office: Office, journey: str, asked: Asked, given: Facts | None = None
) -> Receipt:
    """Judge eligibility by the rules of the day and place, with what the client register says.

    `given` are facts that the assessor states; they come before those of the register.
    """
    return do(office, assessment(office, journey, asked, given or {}))


def assessment(office: Office, journey: str, asked: Asked, given: Facts) -> Doing:
    """Return the assessment as one act of many; the register is asked when it is decided."""
    decision = with_register(partial(facts_of_register, office))
    return Doing(journey, asked, decision, {"given": given})


def with_register(facts_of: Callable[[str, date], Facts]) -> Callable[..., Events]:
    """Return the decision on eligibility; `facts_of` a client on a day come from the register."""

    def assess_eligibility(history: History, act: Act, *, given: Facts | None = None) -> Events:
        stated = {**facts_of(history.journey.client, act.on), **(given or {})}
        return referral.assess_eligibility(history, act, given=stated)

    return assess_eligibility


def facts_of_register(office: Office, client: str, day: date) -> dict[str, FactValue]:
    """Return the facts that the register knows of a client on the day."""
    return facts_known(office.clients.newest(named("client", client)), day) if client else {}


def facts_known(client: Client, day: date) -> dict[str, FactValue]:
    """Return the facts that a client's particulars tell on the day."""
    facts: dict[str, FactValue] = {"age": age_on(client, day)}
    if client.registered is not None:
        facts["municipality"] = client.registered.municipality
    return {name: value for name, value in facts.items() if value is not None}


def do(office: Office, doing: Doing) -> Receipt:
    """Do one act. Raises what `act` raises."""
    return transact(
        office.histories,
        named(KIND, doing.journey),
        lambda history: decided(office, history, doing),
        doing.asked,
        doing.request,
        leans=partial(on_clients, office),
        beside=doing.beside,
        speaks_of=spoken_of,
    )


def act_all(office: Office, doings: Sequence[Doing]) -> list[Receipt | Exception]:
    """Do many acts, in order, in as few transactions as can be; one answer each.

    One act's refusal leaves the others be.
    """
    answers: list[Receipt | Exception] = []
    for wave in _waves(doings):
        answers += _act_wave(office, wave)
    return answers


def _waves(doings: Sequence[Doing]) -> Iterator[list[Doing]]:
    """Cut the acts so that each journey is at most once in a wave."""
    wave: list[Doing] = []
    journeys: set[str] = set()
    for doing in doings:
        if doing.journey in journeys:
            yield wave
            wave, journeys = [], set()
        wave.append(doing)
        journeys.add(doing.journey)
    if wave:
        yield wave


def _act_wave(office: Office, wave: Sequence[Doing]) -> list[Receipt | Exception]:
    answers: list[Receipt | Exception | None] = []
    appends, places, since = [], [], office.histories.forgotten
    for doing in wave:
        try:
            stream = named(KIND, doing.journey)
            before = office.histories.remembered(stream)
            check_seen(stream, doing.asked, before)
            events = decided(office, before, doing)
            leaning_on = on_clients(office, before, events)
        except Exception:  # noqa: BLE001 - `_again` believes a refusal only of the newest state
            events = ()
        if not events or doing.beside is not nothing_beside:
            answers.append(_again(office, doing))
            continue
        request = doing.request if doing.asked.key else ""
        append = append_of(stream, before, events, doing.asked, request)
        append = replace(append, leaning_on=leaning_on, speaks_of=spoken_of(before, events))
        appends.append(office.histories.drafted(append, before))
        places.append((len(answers), before))
        answers.append(None)
    stored = office.log.append_all(appends) if appends else []
    for (place, before), answer in zip(places, stored, strict=True):
        answers[place] = answer
        if isinstance(answer, Receipt) and not answer.repeated:
            office.histories.append(answer.stream, before, answer.entries, since=since)
        elif isinstance(answer, VersionConflict):
            answers[place] = _again(office, wave[place])
    return [answer for answer in answers if answer is not None]


def _again(office: Office, doing: Doing) -> Receipt | Exception:
    try:
        return do(office, doing)
    except Exception as refusal:  # noqa: BLE001 - the answer of this act, not of the others
        return refusal


def decided(office: Office, history: History, doing: Doing) -> Events:
    """Return what the act would record on the history, whoever was erased: see `on_clients`.

    Raises what `act` raises.
    """
    asked = doing.asked
    if doing.guard is not None:
        doing.guard(history)
    begun = journey_of(history)
    if begun is None and not doing.programme:
        raise IllegalTransition(
            state=said("there is no journey {journey}", journey=doing.journey),
            act=in_words("act", doing.decision.__name__.replace("_", "-")),
            missing=said("refer the client first"),
        )
    if begun is None:
        definition = office.programmes.current(str(doing.programme), asked.on)
        _check_referrable(office, definition, doing)
    else:
        definition = office.programmes.definition(*begun)
    events = doing.decision(history, act_of(office, asked, definition), **doing.fields)
    if any(isinstance(event, HandoverRequested) for event in events):
        handed_to_who_is_there(office.programmes.state(definition.programme), asked.on, events)
    return events


def handed_to_who_is_there(programme: Programme, on: date, events: Events) -> None:
    """Raise InvalidField where a journey would be handed to an organisation that left by the day.

    Who is there is said by the journey's own version of the definition; who left since, is not.
    """
    for event in events:
        if isinstance(event, HandoverRequested):
            _check_takes_part(programme, event.to_organisation, on)


def on_clients(
    office: Office, history: History, events: Events, known: dict[str, Client] | None = None
) -> Leaning:
    """Return the streams of the clients who must not be erased when the events are recorded.

    Raises IllegalTransition where a journey of an erased client would begin, or go on again. Nor is
    anything told of such a client in words: what is recorded after an erasure would lie under keys
    that it has not destroyed. `known` are clients who were asked for already, and takes more.
    """
    known = {} if known is None else known

    def is_erased(client: str) -> bool:
        if client not in known:
            known[client] = office.clients.newest(named("client", client))
        return known[client].keeping.erased

    for event in events:
        client = goes_on_for(history, event)
        if client and is_erased(client):
            raise IllegalTransition(
                state=said("the data of client {client} was erased", client=client),
                act=said("begin or reopen a journey"),
                missing=said("register the person under a new id, and refer that client"),
            )
        for one in told_after_the_end(history, event):
            if is_erased(one):
                raise IllegalTransition(
                    state=said("the data of client {client} was erased", client=one),
                    act=said("record what tells of the client in words"),
                    missing=said("leave the history as it is"),
                )
    return tuple((named("client", one), state.version) for one, state in known.items())


def spoken_of(history: History, events: Events) -> str | None:
    """Return the stream of the client of whom it is told why a referral is put right."""
    told_of = (told_why_of(history, event) for event in events)
    return next((named("client", one) for one in told_of if one is not None), None)


def journey_of(history: History) -> tuple[str, int] | None:
    """Return the programme and the definition's version that a journey is under.

    A journey whose referral was retracted stays under what it was referred to, so that the slip
    can be undone; None before any referral.
    """
    journey = history.journey
    if journey.programme:
        return journey.programme, journey.definition_version
    made = (x.event for x in history.entries if isinstance(x.event, ReferralMade))
    first = next(made, None)
    return None if first is None else (first.programme, first.definition_version)


def _check_referrable(office: Office, definition: Definition, doing: Doing) -> None:
    programme = office.programmes.state(definition.programme)
    if programme.closed_on is not None and doing.asked.on >= programme.closed_on:
        raise InvalidField(
            "programme",
            said(
                "{programme} closed on {closed_on}",
                programme=definition.programme,
                closed_on=programme.closed_on,
            ),
        )
    _check_takes_part(programme, str(doing.fields.get("to_organisation")), doing.asked.on)


def _check_takes_part(programme: Programme, organisation: str, on: date) -> None:
    left = programme.left_on(organisation, on)
    if left is not None:
        raise InvalidField(
            "to_organisation",
            said("{organisation} left the programme on {end}", organisation=organisation, end=left),
        )


def today_in(office: Office, country: str) -> date:
    """Return which day it is in a country by the log's clock; in UTC where it is not known."""
    return office.log.now().astimezone(ZoneInfo(TIME_ZONES.get(country, "UTC"))).date()


def today_of(office: Office, history: History) -> date:
    """Return which day it is where the journey's programme is run."""
    begun = journey_of(history)
    return today_in(office, office.programmes.definition(*begun).country if begun else "")


def act_of(office: Office, asked: Asked, definition: Definition) -> Act:
    """Return the circumstances of an act, as its decision is given them."""
    return Act(
        asked.by,
        asked.on,
        today_in(office, definition.country),
        definition,
        definitions_of(office, definition.programme),
        office.working_days(definition.country),
        asked.roles,
    )


def definitions_of(office: Office, programme: str) -> Callable[[int], Definition]:
    """Return a look-up of the versions of a programme's definition."""
    return partial(office.programmes.definition, programme)


class UnknownJourney(LookupError):
    """There is no journey with the id."""

    def __init__(self, journey: str) -> None:
        super().__init__(
            said("there is no journey {journey!r}: see `polku journeys list`", journey=journey)
        )
        self.journey = journey


def history(office: Office, journey: str) -> History:
    """Return the journey's history as the log has it now. Raises UnknownJourney."""
    found = office.histories.newest(named(KIND, journey))
    if not found.entries:
        raise UnknownJourney(journey)
    return found


def journey_at(
    office: Office,
    journey: str,
    *,
    as_at: date | None = None,
    known_at: datetime | None = None,
) -> Look:
    """Return the journey as at a day, as known at an instant, both, or as it is now.

    Raises UnknownJourney.
    """
    return look(history(office, journey).entries, as_at=as_at, known_at=known_at)


def deadlines_of(
    office: Office, in_force: Sequence[JourneyEntry], programme: str
) -> tuple[Deadline, ...]:
    """Return the deadlines that the entries of a journey opened."""
    country = country_of(office, programme, in_force)
    days = office.working_days(country)
    return deadlines(in_force, definitions_of(office, programme), days)


def country_of(office: Office, programme: str, entries: Sequence[JourneyEntry]) -> str:
    """Return the country of the first definition there is that the entries were made under."""
    naming = (e.event for e in entries if isinstance(e.event, ReferralMade | DefinitionAdopted))
    versions = (event.definition_version for event in naming)
    there = versions_there(versions, definitions_of(office, programme))
    return next((definition.country for definition in there), "")


def doubts_of(office: Office, journey: str) -> tuple[Doubt, ...]:
    """Return the decisions that relied on entries corrected since. Raises UnknownJourney."""
    found = history(office, journey)
    begun = journey_of(found)
    if begun is None:
        return ()
    days = office.working_days(office.programmes.definition(*begun).country)
    return doubts(found, definitions_of(office, begun[0]), days)
