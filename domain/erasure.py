"""What becomes of a client's data: legal holds, erasure, and the end of its keeping.

The events are entries of the client's own stream, and name nobody: to erase is to destroy keys,
which is done together with the event. Order: events, state, evolve, decisions.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from domain.entry import Personal
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import Wording, said

# Events


@dataclass(frozen=True, slots=True)
class LegalHoldPlaced:
    """The client's data must be kept, whatever else says that it should go.

    `hold` is its id, `basis` what obliges to it (a law, a court's file number): no names.
    """

    hold: str
    basis: str
    reason: Personal


@dataclass(frozen=True, slots=True)
class LegalHoldReleased:
    """A legal hold ended."""

    hold: str
    reason: Personal


@dataclass(frozen=True, slots=True)
class ClientErased:
    """All keys of the client's personal data were destroyed, with this entry.

    `ground` says why, as a code or an article of law: no names. `journeys` are the ids of those
    whose keys went, too.
    """

    ground: str
    journeys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataErased:
    """The keys of some kinds of the client's data were destroyed: their time was over.

    `kinds` are those of `domain.data_kinds`, `programme` and `definition_version` say by whose
    retention.
    """

    kinds: tuple[str, ...]
    basis: str
    programme: str
    definition_version: int
    journeys: tuple[str, ...]


ErasureEvent: TypeAlias = LegalHoldPlaced | LegalHoldReleased | ClientErased | DataErased

# State


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold that is in force."""

    hold: str
    basis: str
    reason: Personal


@dataclass(frozen=True, slots=True)
class Keeping:
    """Whether a client's data is held, and what of it was erased.

    `gone` are kinds of data, each with the day it was decided last: what came later is there.
    """

    holds: tuple[Hold, ...] = ()
    erased: bool = False
    gone: tuple[tuple[str, date], ...] = ()

    def gone_since(self, kind: str, day: date) -> bool:
        """Whether the kind was erased on the day or later."""
        return any(one == kind and on >= day for one, on in self.gone)


NOTHING_DECIDED = Keeping()

# Evolve


def evolve(state: Keeping, event: ErasureEvent, on: date) -> Keeping:
    """Return what holds after one more event, decided on a day."""
    match event:
        case LegalHoldPlaced():
            held = Hold(event.hold, event.basis, event.reason)
            return replace(state, holds=(*_others(state, event.hold), held))
        case LegalHoldReleased():
            return replace(state, holds=_others(state, event.hold))
        case ClientErased():
            return replace(state, erased=True)
        case DataErased():
            gone = {**dict(state.gone), **dict.fromkeys(event.kinds, on)}
            return replace(state, gone=tuple(gone.items()))


def _others(state: Keeping, hold: str) -> tuple[Hold, ...]:
    return tuple(one for one in state.holds if one.hold != hold)


# Decisions

END_KEEPING = said("erase what need not be kept any longer")
"""What is not done under a legal hold, as a refusal says it."""


def place_hold(state: Keeping, *, hold: str, basis: str, reason: Personal) -> tuple[Any, ...]:
    """Place a legal hold; nothing where it is in force already.

    Raises InvalidField without an id or a basis, IllegalTransition for a client who is erased, and
    where a hold of that id is in force on another basis, or for another reason.
    """
    _require("hold", hold)
    _require("basis", basis)
    act = said("place a legal hold")
    if state.erased:
        raise IllegalTransition(
            state=said("the client's data was erased"),
            act=act,
            missing=said("there is nothing left to hold"),
        )
    wanted = Hold(hold, basis, reason)
    if wanted in state.holds:
        return ()
    if any(one.hold == hold for one in state.holds):
        raise IllegalTransition(
            state=said("the same id stands for something else"),
            act=act,
            missing=said("use a new id"),
        )
    return (LegalHoldPlaced(hold, basis, reason),)


def release_hold(state: Keeping, *, hold: str, reason: Personal) -> tuple[Any, ...]:
    """Release a legal hold. Raises IllegalTransition where there is none of that id."""
    if all(one.hold != hold for one in state.holds):
        raise IllegalTransition(
            state=said("no legal hold {hold!r} is in force", hold=hold),
            act=said("release the legal hold"),
            missing=said("name one that is in force"),
        )
    return (LegalHoldReleased(hold, reason),)


def erase(
    state: Keeping, *, ground: str, journeys: Sequence[str], not_ended: Sequence[str], left: bool
) -> tuple[Any, ...]:
    """Erase a client whose journeys are these; nothing where it is done already.

    All of them must have ended: who is being served is not erased. `left` says whether keys or
    journeys are left: those of a client who is erased already (of what others recorded at the same
    moment) go without asking again. Raises InvalidField without a ground, and IllegalTransition
    under a legal hold or where journeys have not ended.
    """
    _require("ground", ground)
    if state.erased:
        return (ClientErased(ground, tuple(journeys)),) if left else ()
    refuse_if_held(state, said("erase the client"))
    if not_ended:
        raise IllegalTransition(
            state=said("these journeys have not ended: {journeys}", journeys=", ".join(not_ended)),
            act=said("erase the client"),
            missing=said("close them first"),
        )
    return (ClientErased(ground, tuple(journeys)),)


def end_keeping(
    state: Keeping, event: DataErased, *, last_ended_on: date, left: Collection[str]
) -> tuple[Any, ...]:
    """Erase kinds of data whose time is over, those that did not go since the last journey ended.

    `left` are kinds with a key that is not destroyed: more of them was recorded since.

    Raises IllegalTransition under a legal hold.
    """
    kinds = tuple(
        kind for kind in event.kinds if kind in left or not state.gone_since(kind, last_ended_on)
    )
    if state.erased or not kinds:
        return ()
    refuse_if_held(state, END_KEEPING)
    return (replace(event, kinds=kinds),)


class UnderLegalHold(IllegalTransition):
    """A legal hold is in force. It tells the reason of the hold, which is personal."""


def refuse_if_held(state: Keeping, act: str) -> None:
    """Raise UnderLegalHold, which names the first hold, where one is in force."""
    if state.holds:
        raise UnderLegalHold(
            state=_in_force(state.holds[0]), act=act, missing=said("wait until it is released")
        )


def _in_force(held: Hold) -> Wording:
    reason = str(held.reason).strip()
    if not reason:
        return said("the legal hold {hold} is in force ({basis})", hold=held.hold, basis=held.basis)
    return said(
        "the legal hold {hold} is in force ({basis}: {reason})",
        hold=held.hold,
        basis=held.basis,
        reason=reason,
    )


def refuse_if_another_is_held(state: Keeping, client: str) -> None:
    """Raise IllegalTransition where another, of whom a client's data tells, is under a legal hold.

    It does not tell the reason of that hold: the other need not be known to who is refused.
    """
    if state.holds:
        raise IllegalTransition(
            state=said(
                "what is told here of client {client} is under the legal hold {hold}",
                client=client,
                hold=state.holds[0].hold,
            ),
            act=said("erase the client"),
            missing=said("wait until it is released"),
        )


def _require(field: str, text: str) -> None:
    if not text.strip():
        raise InvalidField(field, said("must not be empty"))
