"""What can be asked of an organisation: each act returns the events to record.

Repeating an act that has taken effect returns none. Every act raises IllegalTransition where the
state does not allow it, and InvalidField for a value that cannot be.
"""

from datetime import date

from domain.organisation.events import (
    AgreementEnded,
    AgreementSigned,
    Duty,
    EmployerNeedFilled,
    EmployerNeedPublished,
    EmployerNeedWithdrawn,
    NeedKind,
    OfferingPublished,
    OrganisationEvent,
    OrganisationKind,
    OrganisationRegistered,
    SeatReleased,
    SeatReserved,
)
from domain.organisation.state import Offering, Organisation
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import Listed, coded, counted, said


def register(
    state: Organisation, *, name: str, kind: OrganisationKind, municipality: str | None = None
) -> tuple[OrganisationEvent, ...]:
    """Register an organisation under its code."""
    event = OrganisationRegistered(name, kind, municipality)
    if state.registered == event:
        return ()
    if state.registered is not None:
        raise IllegalTransition(
            state=said(
                "{name} ({kind}) is registered by this code",
                name=state.registered.name,
                kind=coded("organisation-kind", state.registered.kind),
            ),
            act=said("register {name}", name=name),
            missing=said("choose another code"),
        )
    if not name.strip():
        raise InvalidField("name", said("an organisation needs a name"))
    return (event,)


def sign_agreement(
    state: Organisation,
    *,
    agreement: str,
    partners: tuple[str, ...],
    duties: tuple[Duty, ...],
    start: date,
    end: date | None = None,
) -> tuple[OrganisationEvent, ...]:
    """Sign who does what from a day on; each duty is one of a partner's."""
    act = said("sign the agreement {agreement}", agreement=agreement)
    event = AgreementSigned(agreement, partners, duties, start, end)
    there = state.agreements.get(agreement)
    if there is not None:
        return _same(there.signed, event, act)
    _check_registered(state, act)
    _check_days(start, end)
    if len(set(partners)) < 2:
        raise InvalidField("partners", said("an agreement needs two partners at least"))
    strangers = sorted({duty.partner for duty in duties} - set(partners))
    if strangers:
        raise InvalidField(
            "duties", said("{strangers}: no partner of this agreement", strangers=Listed(strangers))
        )
    return (event,)


def end_agreement(
    state: Organisation, *, agreement: str, last_day: date, reason: str
) -> tuple[OrganisationEvent, ...]:
    """End an agreement before its time, or one that was ended on an earlier day still.

    Nothing where it was ended on that day already. An ended agreement goes on no longer than was
    said.
    """
    act = said("end the agreement {agreement}", agreement=agreement)
    there = state.agreements.get(agreement)
    if there is None:
        raise _not_there(act)
    if there.last_day == last_day:
        return ()
    if there.last_day is not None and last_day > there.last_day:
        raise IllegalTransition(
            state=said("its last day is {last_day} already", last_day=there.last_day),
            act=act,
            missing=said("sign a new agreement for the days after that"),
        )
    if there.signed.end is not None and last_day > there.signed.end:
        raise InvalidField(
            "last_day", said("the agreement ends on {end} already", end=there.signed.end)
        )
    if last_day < there.signed.start:
        raise InvalidField(
            "last_day", said("the agreement holds from {start} only", start=there.signed.start)
        )
    return (AgreementEnded(agreement, last_day, reason),)


def publish_need(
    state: Organisation,
    *,
    need: str,
    occupation: str,
    openings: int,
    kind: NeedKind,
    competences: tuple[str, ...] = (),
    by: date | None = None,
) -> tuple[OrganisationEvent, ...]:
    """Publish that an employer needs people."""
    act = said("publish the need {need}", need=need)
    event = EmployerNeedPublished(need, occupation, competences, openings, kind, by)
    there = state.needs.get(need)
    if there is not None:
        return _same(there.published, event, act)
    _check_registered(state, act)
    _check_at_least_one("openings", openings)
    if not occupation.strip():
        raise InvalidField("occupation", said("say which occupation is needed, by code or name"))
    return (event,)


def fill_need(
    state: Organisation, *, need: str, reference: str, openings: int = 1, journey: str | None = None
) -> tuple[OrganisationEvent, ...]:
    """Fill openings of a need. Raises IllegalTransition where fewer are open."""
    act = said("fill {openings} of the need {need}", openings=openings, need=need)
    there = state.needs.get(need)
    if there is None:
        raise _not_there(said("fill the need {need}", need=need))
    event = EmployerNeedFilled(need, reference, openings, journey)
    if reference in there.filled:
        return _same(there.filled[reference], event, act)
    _check_at_least_one("openings", openings)
    if openings > there.open:
        raise IllegalTransition(
            state=said("it was withdrawn")
            if there.withdrawn_on
            else said(
                "{open} of {openings} are open", open=there.open, openings=there.published.openings
            ),
            act=act,
            missing=said("publish a further need if the employer looks for more people"),
        )
    return (event,)


def withdraw_need(state: Organisation, *, need: str, reason: str) -> tuple[OrganisationEvent, ...]:
    """Withdraw what is still open of a need; nothing where it was withdrawn already."""
    there = state.needs.get(need)
    if there is None:
        raise _not_there(said("withdraw the need {need}", need=need))
    if there.withdrawn_on is not None:
        return ()
    if there.open == 0:
        raise IllegalTransition(
            state=said("all its openings are filled"),
            act=said("withdraw the need {need}", need=need),
            missing=said("nothing is left to withdraw"),
        )
    return (EmployerNeedWithdrawn(need, reason),)


def publish_offering(
    state: Organisation,
    *,
    offering: str,
    service: str,
    seats: int,
    start: date,
    end: date,
    place: str,
) -> tuple[OrganisationEvent, ...]:
    """Publish that a service is held on given days with so many seats."""
    act = said("publish the offering {offering}", offering=offering)
    event = OfferingPublished(offering, service, seats, start, end, place)
    there = state.offerings.get(offering)
    if there is not None:
        return _same(there.published, event, act)
    _check_registered(state, act)
    _check_at_least_one("seats", seats)
    _check_days(start, end)
    return (event,)


def reserve_seat(
    state: Organisation,
    *,
    offering: str,
    reference: str,
    client: str,
    journey: str | None = None,
) -> tuple[OrganisationEvent, ...]:
    """Reserve a seat for a client. Raises IllegalTransition where the offering is full."""
    act = said("reserve a seat in {offering}", offering=offering)
    there = state.offerings.get(offering)
    if there is None:
        raise _not_there(said("reserve a seat in the offering {offering}", offering=offering))
    event = SeatReserved(offering, reference, client, journey)
    if reference in there.seats and reference not in there.released:
        return _same(there.seats[reference], event, act)
    problem = _seat_refused(there, reference, client)
    if problem is not None:
        raise IllegalTransition(state=problem[0], act=act, missing=problem[1])
    return (event,)


def _seat_refused(offering: Offering, reference: str, client: str) -> tuple[str, str] | None:
    if reference in offering.released:
        state = said("the seat {reference} was released", reference=reference)
        return state, said("reserve under a new reference")
    own = next((s.reference for s in offering.held if s.client == client), None)
    if own is not None:
        state = said("the client holds the seat {seat} in it", seat=own)
        return state, said("release that one first, or keep it")
    if offering.free <= 0:
        seats = offering.published.seats
        state = counted("it is full ({n} seat)", "it is full ({n} seats)", seats)
        return state, said("release a seat or offer another")
    return None


def release_seat(
    state: Organisation, *, offering: str, reference: str, reason: str
) -> tuple[OrganisationEvent, ...]:
    """Set a reserved seat free; nothing where it is free already."""
    there = state.offerings.get(offering)
    if there is None or reference not in there.seats:
        raise _not_there(
            said(
                "release the seat {reference} in {offering}", reference=reference, offering=offering
            )
        )
    if reference in there.released:
        return ()
    return (SeatReleased(offering, reference, reason),)


def _same(
    there: OrganisationEvent, asked: OrganisationEvent, act: str
) -> tuple[OrganisationEvent, ...]:
    if there == asked:
        return ()
    raise IllegalTransition(
        state=said("the same id stands for something else"), act=act, missing=said("use a new id")
    )


def _not_there(act: str) -> IllegalTransition:
    return IllegalTransition(
        state=said("nothing of that id was recorded"), act=act, missing=said("look up its id")
    )


def _check_registered(state: Organisation, act: str) -> None:
    if state.registered is None:
        raise IllegalTransition(
            state=said("the organisation is not registered"),
            act=act,
            missing=said("register it first"),
        )


def _check_days(start: date, end: date | None) -> None:
    if end is not None and end < start:
        raise InvalidField(
            "end", said("{end} lies before the start, {start}", end=end, start=start)
        )


def _check_at_least_one(name: str, count: int) -> None:
    if count < 1:
        raise InvalidField(name, said("{count} is too few: one at least", count=count))
