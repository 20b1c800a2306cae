"""The decisions to merge two client ids of one person, and to split them again.

Each is decided on both clients, and gives the events of both streams by their ids: they are
recorded together, or not at all.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from domain.client import Client
from domain.entry import Personal
from domain.erasure import refuse_if_held
from domain.refusals import IllegalTransition, InvalidField
from domain.same_person import ClientsMerged, ClientsSplit, MergeEvent
from domain.wording import Wording, said

Decided = Mapping[str, tuple[MergeEvent, ...]]
"""The events of each client's stream, by the client's id; empty where nothing is to be recorded."""


class Side(NamedTuple):
    """One of the two clients: the id, and how the client stands."""

    id: str
    state: Client


def merge(
    surviving: Side, merged: Side, others: Iterable[Client] = (), *, ground: str, reason: Personal
) -> Decided:
    """Merge a client into another: both ids are one person's, who goes by the surviving one.

    `others` are how further ids of either person stand: a legal hold is on the person.

    Nothing where it is so already. Raises InvalidField without a ground or a reason, or where both
    are the same id, and IllegalTransition for a client who is not registered, was erased, is under
    a legal hold, or is merged with others in a way that leaves no single id to go by.
    """
    _require_said(ground, reason)
    if surviving.id == merged.id:
        raise InvalidField("merged", said("a client cannot be merged with itself: name the other"))
    if merged.state.same.into == surviving.id:
        return {}
    act = said("merge {merged} into {surviving}", merged=merged.id, surviving=surviving.id)
    for side in (surviving, merged):
        _require_there(side, act)
    _require_free(surviving, merged, act)
    for state in (surviving.state, merged.state, *others):
        refuse_if_held(state.keeping, act)
    return {
        surviving.id: (ClientsMerged(merged.id, True, ground, reason),),
        merged.id: (ClientsMerged(surviving.id, False, ground, reason),),
    }


def split(
    surviving: Side, merged: Side, others: Iterable[Client] = (), *, ground: str, reason: Personal
) -> Decided:
    """Split a client from the one that it was merged into: they are two persons after all.

    `others` are how further ids of the person stand: who is split off could be erased alone.

    Nothing where it is done already. Raises InvalidField without a ground or a reason, and
    IllegalTransition where they were never merged, were erased, or are under a legal hold.
    """
    _require_said(ground, reason)
    act = said("split {merged} from {surviving}", merged=merged.id, surviving=surviving.id)
    if merged.state.same.into != surviving.id:
        if surviving.id in merged.state.same.parted:
            return {}
        raise _never_merged(merged, act)
    for side in (surviving, merged):
        _require_not_erased(side, act)
    for state in (surviving.state, merged.state, *others):
        refuse_if_held(state.keeping, act)
    return {
        surviving.id: (ClientsSplit(merged.id, ground, reason),),
        merged.id: (ClientsSplit(surviving.id, ground, reason),),
    }


def _require_said(ground: str, reason: Personal) -> None:
    for field, text in (("ground", ground), ("reason", str(reason))):
        if not text.strip():
            raise InvalidField(field, said("must not be empty"))


def _require_there(side: Side, act: Wording) -> None:
    if side.state.registered is None:
        raise IllegalTransition(
            state=said("no client is registered under the id {client}", client=side.id),
            act=act,
            missing=said("register the client first"),
        )
    _require_not_erased(side, act)
    if side.state.nameless:
        raise IllegalTransition(
            state=said("who {client} is was erased", client=side.id),
            act=act,
            missing=said("nobody can tell any more whether they are one person"),
        )


def _require_not_erased(side: Side, act: Wording) -> None:
    if side.state.keeping.erased:
        raise IllegalTransition(
            state=said("the data of {client} was erased", client=side.id),
            act=act,
            missing=said("there is nothing left to go by"),
        )


def _require_free(surviving: Side, merged: Side, act: Wording) -> None:
    """Refuse chains and cycles: each person goes by one id, and all others point to it."""
    for side in (surviving, merged):
        into = side.state.same.into
        if into is not None:
            raise IllegalTransition(
                state=said("{client} is merged into {into}", client=side.id, into=into),
                act=act,
                missing=said("name {into} in its place, or split them first", into=into),
            )
    taken_in = merged.state.same.taken_in
    if taken_in:
        raise IllegalTransition(
            state=said(
                "{client} has taken in {others}", client=merged.id, others=", ".join(taken_in)
            ),
            act=act,
            missing=said(
                "merge {surviving} into {client}, or split them first",
                surviving=surviving.id,
                client=merged.id,
            ),
        )


def _never_merged(merged: Side, act: Wording) -> IllegalTransition:
    into = merged.state.same.into
    if into is not None:
        state = said("{client} is merged into {into}", client=merged.id, into=into)
    else:
        state = said("{client} is not merged into another client", client=merged.id)
    missing = said("name a client that is merged, and the one that it is merged into")
    return IllegalTransition(state=state, act=act, missing=missing)
