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


def register(
    state: Organisation, *, name: str, kind: OrganisationKind, municipality: str | None = None
) -> tuple[OrganisationEvent, ...]:
    """Register an organisation under its code."""
    event = OrganisationRegistered(name, kind, municipality)
    if state.registered == event:
        return ()
    if state.registered is not None:
        raise IllegalTransition(
            state=f"{state.registered.name} ({state.registered.kind}) is registered by this code",
            act=f"register {name}",
            missing="choose another code",
        )
    if not name.strip():
        raise InvalidField("name", "an organisation needs a name")
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
    act = f"sign the agreement {agreement}"
    event = AgreementSigned(agreement, partners, duties, start, end)
    there = state.agreements.get(agreement)
    if there is not None:
        return _same(there.signed, event, act)
    _check_registered(state, act)
    _check_days(start, end)
    if len(set(partners)) < 2:
        raise InvalidField("partners", "an agreement needs two partners at least")
    strangers = sorted({duty.partner for duty in duties} - set(partners))
    if strangers:
        raise InvalidField("duties", f"{', '.join(strangers)}: no partner of this agreement")
    return (event,)


def end_agreement(
    state: Organisation, *, agreement: str, last_day: date, reason: str
) -> tuple[OrganisationEvent, ...]:
    """End an agreement before its time; nothing where it was ended already."""
    there = state.agreements.get(agreement)
    if there is None:
        raise _not_there(f"the agreement {agreement}", "end")
    if there.last_day is not None:
        return ()
    if there.signed.end is not None and last_day > there.signed.end:
        raise InvalidField("last_day", f"the agreement ends on {there.signed.end} already")
    if last_day < there.signed.start:
        raise InvalidField("last_day", f"the agreement holds from {there.signed.start} only")
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
    act = f"publish the need {need}"
    event = EmployerNeedPublished(need, occupation, competences, openings, kind, by)
    there = state.needs.get(need)
    if there is not None:
        return _same(there.published, event, act)
    _check_registered(state, act)
    _check_at_least_one("openings", openings)
    if not occupation.strip():
        raise InvalidField("occupation", "say which occupation is needed, by code or name")
    return (event,)


def fill_need(
    state: Organisation, *, need: str, reference: str, openings: int = 1, journey: str | None = None
) -> tuple[OrganisationEvent, ...]:
    """Fill openings of a need. Raises IllegalTransition where fewer are open."""
    act = f"fill {openings} of the need {need}"
    there = state.needs.get(need)
    if there is None:
        raise _not_there(f"the need {need}", "fill")
    event = EmployerNeedFilled(need, reference, openings, journey)
    if reference in there.filled:
        return _same(there.filled[reference], event, act)
    _check_at_least_one("openings", openings)
    if openings > there.open:
        raise IllegalTransition(
            state="it was withdrawn"
            if there.withdrawn_on
            else f"{there.open} of {there.published.openings} are open",
            act=act,
            missing="publish a further need if the employer looks for more people",
        )
    return (event,)


def withdraw_need(state: Organisation, *, need: str, reason: str) -> tuple[OrganisationEvent, ...]:
    """Withdraw what is still open of a need; nothing where it was withdrawn already."""
    there = state.needs.get(need)
    if there is None:
        raise _not_there(f"the need {need}", "withdraw")
    if there.withdrawn_on is not None:
        return ()
    if there.open == 0:
        raise IllegalTransition(
            state="all its openings are filled",
            act=f"withdraw the need {need}",
            missing="nothing is left to withdraw",
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
    act = f"publish the offering {offering}"
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
    act = f"reserve a seat in {offering}"
    there = state.offerings.get(offering)
    if there is None:
        raise _not_there(f"the offering {offering}", "reserve a seat in")
    event = SeatReserved(offering, reference, client, journey)
    if reference in there.seats and reference not in there.released:
        return _same(there.seats[reference], event, act)
    problem = _seat_refused(there, reference, client)
    if problem is not None:
        raise IllegalTransition(state=problem[0], act=act, missing=problem[1])
    return (event,)


def _seat_refused(offering: Offering, reference: str, client: str) -> tuple[str, str] | None:
    if reference in offering.released:
        return f"the seat {reference} was released", "reserve under a new reference"
    own = next((s.reference for s in offering.held if s.client == client), None)
    if own is not None:
        return f"the client holds the seat {own} in it", "release that one first, or keep it"
    if offering.free <= 0:
        return f"it is full ({offering.published.seats} seats)", "release a seat or offer another"
    return None


def release_seat(
    state: Organisation, *, offering: str, reference: str, reason: str
) -> tuple[OrganisationEvent, ...]:
    """Set a reserved seat free; nothing where it is free already."""
    there = state.offerings.get(offering)
    if there is None or reference not in there.seats:
        raise _not_there(f"the seat {reference} in {offering}", "release")
    if reference in there.released:
        return ()
    return (SeatReleased(offering, reference, reason),)


def _same(
    there: OrganisationEvent, asked: OrganisationEvent, act: str
) -> tuple[OrganisationEvent, ...]:
    if there == asked:
        return ()
    raise IllegalTransition(
        state="the same id stands for something else", act=act, missing="use a new id"
    )


def _not_there(what: str, act: str) -> IllegalTransition:
    return IllegalTransition(
        state="nothing of that id was recorded", act=f"{act} {what}", missing="look up its id"
    )


def _check_registered(state: Organisation, act: str) -> None:
    if state.registered is None:
        raise IllegalTransition(
            state="the organisation is not registered", act=act, missing="register it first"
        )


def _check_days(start: date, end: date | None) -> None:
    if end is not None and end < start:
        raise InvalidField("end", f"{end} lies before the start, {start}")


def _check_at_least_one(name: str, count: int) -> None:
    if count < 1:
        raise InvalidField(name, f"{count} is too few: one at least")
