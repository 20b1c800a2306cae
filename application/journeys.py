"""What people do with journeys: any act of `domain.journey`, and any question to the history.

The decision of an act is a function of the domain (`intake.hold_intake_interview` ...); its name
and its keyword fields are the request. What an act needs beside the stream, the definition in
force and the working days of the place, is brought here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeAlias

from application.acts import named
from application.journey_clients import facts_of_register, on_clients, spoken_of, with_register
from application.office import KIND, Office, act_of, journey_of
from application.ports import Append, Receipt
from application.transact import Asked, digest_of, nothing_beside, transact
from application.views.caseload import clocks_of_reviews
from application.views.view import Rules
from domain.definition import Facts
from domain.journey import referral
from domain.journey.act import Act, Events, on_its_day
from domain.journey.events import HandoverRequested, ReferralMade
from domain.journey.history import History
from domain.journey.reliance import Doubt, doubts
from domain.programme.state import Programme
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import in_words, said

P = ParamSpec("P")


Beside: TypeAlias = Callable[[History, Events], tuple[Append, ...]]


Decision: TypeAlias = Callable[Concatenate[History, Act, P], Events]


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
    else:
        definition = office.programmes.definition(*begun)
    act = on_its_day(history, act_of(office, asked, definition))
    events = doing.decision(history, act, **doing.fields)
    if any(isinstance(event, ReferralMade | HandoverRequested) for event in events):
        handed_to_who_is_there(office.programmes.state(definition.programme), asked.on, events)
    return events


def handed_to_who_is_there(programme: Programme, on: date, events: Events) -> None:
    """Raise InvalidField where a journey would go to an organisation that left by the day.

    So it does where a client would be referred to a programme that has closed: anew, too, after a
    referral was retracted. Who is there is said by the journey's own version of the definition; who
    left since, is not.
    """
    for event in events:
        if isinstance(event, ReferralMade):
            _check_goes_on(programme, event.programme, on)
        if isinstance(event, ReferralMade | HandoverRequested):
            _check_takes_part(programme, event.to_organisation, on)


def _check_goes_on(programme: Programme, code: str, on: date) -> None:
    closed_on = programme.closed_on
    if closed_on is not None and on >= closed_on:
        closed = said("{programme} closed on {closed_on}", programme=code, closed_on=closed_on)
        raise InvalidField("programme", closed)


def _check_takes_part(programme: Programme, organisation: str, on: date) -> None:
    left = programme.left_on(organisation, on)
    if left is not None:
        raise InvalidField(
            "to_organisation",
            said("{organisation} left the programme on {end}", organisation=organisation, end=left),
        )


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


def rules_of(office: Office) -> Rules:
    """Return what folding a stream into rows of views needs."""
    return Rules(office.programmes.definition, office.working_days)


def doubts_in(office: Office, found: History) -> tuple[Doubt, ...]:
    """Return the decisions that relied on entries corrected since.

    None where nothing is published that the journey was ever under.
    """
    clocks = clocks_of_reviews(found, rules_of(office))
    return () if clocks is None else doubts(found, *clocks)
