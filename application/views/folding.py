"""What streams fold to, by their kind: the states that the rows of views are made from."""

import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from application.views.readings import Noted, noted
from domain import client
from domain.entry import Entry
from domain.journey import events as e
from domain.journey.history import History


@dataclass(frozen=True, slots=True)
class Fold:
    """How streams of a kind are folded: from `start`, by adding entries that follow.

    `adds` says whether entries make rows of their own, which need nothing of the entries before:
    then rows are added for new entries alone, and nothing that is folded is kept in memory.
    """

    start: Any
    extend: Callable[[Any, Iterable[Entry[Any]]], Any]
    adds: bool = False


MOVING = frozenset(
    {
        *(e.ReferralMade, e.ReferralAccepted, e.ReferralDeclined, e.DefinitionAdopted),
        *(e.CaseWorkerAssigned, e.PhaseEntered, e.TeamMemberJoined, e.TeamMemberLeft),
        *(e.HandoverRequested, e.HandoverAccepted, e.HandoverDeclined),
        *(e.JourneyPaused, e.JourneyResumed, e.JourneyClosed, e.JourneyReopened),
        e.DecisionReviewed,
    }
)
"""The events that move a journey from place to place, or from hand to hand, and reviews of
decisions: all that views ask of its state. Other parts of it are not folded for them, as what was
agreed, attended or found out."""


def _journey(history: History, entries: Iterable[Entry[Any]]) -> History:
    return history.extended(entries, MOVING)


def _client(state: client.Client, entries: Iterable[Entry[Any]]) -> client.Client:
    return client.fold(entries, state)


FOLDS: Mapping[str, Fold] = MappingProxyType(
    {
        "journey": Fold(History(), _journey),
        "client": Fold(client.UNKNOWN, _client),
        "readings": Fold(Noted(), noted, adds=True),
    }
)
"""The fold of each kind of streams that views are made from."""


def kind_of(stream: str) -> str:
    """Return the kind of a stream: "journey" of "journey:j-1"."""
    return stream.partition(":")[0]


def owner_of(stream: str) -> str:
    """Return whose stream it is: "j-1" of "journey:j-1"."""
    return stream.partition(":")[2]


HOUSE = ("application.", "domain.", "infrastructure.")


def told(error: BaseException) -> str:
    """Return an exception's type and where it was raised, without its message, which has values."""
    places = [
        (frame.f_globals.get("__name__", ""), line, frame.f_code.co_name)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    ours = [place for place in places if place[0].startswith(HOUSE)] or places
    if not ours:
        return type(error).__name__
    module, line, function = ours[-1]
    return f"{type(error).__name__} in {module}, line {line} ({function})"
