"""What an organisation's stream tells: the state, and how each entry changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar, assert_never

from domain.entry import Entry
from domain.organisation.events import (
    AgreementEnded,
    AgreementSigned,
    Duty,
    EmployerNeedFilled,
    EmployerNeedPublished,
    EmployerNeedWithdrawn,
    OfferingPublished,
    OrganisationEvent,
    OrganisationRegistered,
    SeatReleased,
    SeatReserved,
)

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement as signed, and its last day where it was ended before its time."""

    signed: AgreementSigned
    last_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the agreement holds on the day."""
        ends = [end for end in (self.signed.end, self.last_day) if end is not None]
        return self.signed.start <= day and all(day <= end for end in ends)


@dataclass(frozen=True, slots=True)
class Need:
    """An employer's need as published, what filled it, and when the rest was withdrawn."""

    published: EmployerNeedPublished
    filled: Mapping[str, EmployerNeedFilled] = field(default_factory=dict)
    withdrawn_on: date | None = None

    @property
    def open(self) -> int:
        """How many openings are still to be filled."""
        if self.withdrawn_on is not None:
            return 0
        return self.published.openings - sum(f.openings for f in self.filled.values())


@dataclass(frozen=True, slots=True)
class Offering:
    """An offering as published, the seats reserved in it, and the references released."""

    published: OfferingPublished
    seats: Mapping[str, SeatReserved] = field(default_factory=dict)
    released: frozenset[str] = frozenset()

    @property
    def held(self) -> list[SeatReserved]:
        """The seats that are reserved and not released."""
        return [s for reference, s in self.seats.items() if reference not in self.released]

    @property
    def free(self) -> int:
        """How many seats are free."""
        return self.published.seats - len(self.held)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as the stream tells, with everything by its id."""

    version: int = 0
    registered: OrganisationRegistered | None = None
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    needs: Mapping[str, Need] = field(default_factory=dict)
    offerings: Mapping[str, Offering] = field(default_factory=dict)


UNKNOWN = Organisation()


def duties_on(state: Organisation, day: date) -> tuple[Duty, ...]:
    """Return who does what on the day, by the agreements that hold then, each duty once."""
    held = [a.signed.duties for a in state.agreements.values() if a.holds_on(day)]
    return tuple(dict.fromkeys(duty for duties in held for duty in duties))


def evolve(state: Organisation, entry: Entry[OrganisationEvent]) -> Organisation:
    """Return the organisation after one more entry. Total: what names nothing changes nothing."""
    state = replace(state, version=entry.version)
    match entry.event:
        case OrganisationRegistered() as event:
            return replace(state, registered=event)
        case AgreementSigned() | AgreementEnded() as event:
            return replace(state, agreements=_agreements(state.agreements, event))
        case EmployerNeedPublished() | EmployerNeedFilled() | EmployerNeedWithdrawn() as event:
            return replace(state, needs=_needs(state.needs, event, entry.occurred_on))
        case OfferingPublished() | SeatReserved() | SeatReleased() as event:
            return replace(state, offerings=_offerings(state.offerings, event))
        case never:
            assert_never(never)


def fold(
    entries: Iterable[Entry[OrganisationEvent]], state: Organisation = UNKNOWN
) -> Organisation:
    """Return the organisation after the entries, from `state` on."""
    for entry in entries:
        state = evolve(state, entry)
    return state


def _agreements(
    known: Mapping[str, Agreement], event: AgreementSigned | AgreementEnded
) -> Mapping[str, Agreement]:
    match event:
        case AgreementSigned():
            return {**known, event.agreement: Agreement(event)}
        case AgreementEnded():
            there = known.get(event.agreement)
            return _put(known, event.agreement, there and replace(there, last_day=event.last_day))


def _needs(
    known: Mapping[str, Need],
    event: EmployerNeedPublished | EmployerNeedFilled | EmployerNeedWithdrawn,
    day: date,
) -> Mapping[str, Need]:
    there = known.get(event.need)
    match event:
        case EmployerNeedPublished():
            there = Need(event)
        case EmployerNeedFilled():
            there = there and replace(there, filled={**there.filled, event.reference: event})
        case EmployerNeedWithdrawn():
            there = there and replace(there, withdrawn_on=day)
    return _put(known, event.need, there)


def _offerings(
    known: Mapping[str, Offering], event: OfferingPublished | SeatReserved | SeatReleased
) -> Mapping[str, Offering]:
    there = known.get(event.offering)
    match event:
        case OfferingPublished():
            there = Offering(event)
        case SeatReserved():
            there = there and replace(there, seats={**there.seats, event.reference: event})
        case SeatReleased():
            there = there and replace(there, released=there.released | {event.reference})
    return _put(known, event.offering, there)


def _put(known: Mapping[str, V], key: str, value: V | None) -> Mapping[str, V]:
    return known if value is None else {**known, key: value}
