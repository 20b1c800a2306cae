"""That two client ids are one person's: one event in the own stream of each, recorded together.

Nothing is rewritten by it. Journeys keep the id that they were referred under, entries stay in the
stream that they were made in, and each stream has its own keys, so that a split finds everything
where it was. Order: events (stored formats), state, evolve. The decisions are in `domain.merging`.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias

from domain.entry import Personal


@dataclass(frozen=True, slots=True)
class ClientsMerged:
    """The client of this stream and `other` are one person.

    `survives` says whether it is this stream's id that the person goes by from now on, `ground` on
    which ground they were merged, as a code or an article of law: no names.
    """

    other: str
    survives: bool
    ground: str
    reason: Personal


@dataclass(frozen=True, slots=True)
class ClientsSplit:
    """The client of this stream and `other` are two persons after all."""

    other: str
    ground: str
    reason: Personal


MergeEvent: TypeAlias = ClientsMerged | ClientsSplit


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Which other ids a client has.

    `into` is the id that this one was merged into, `taken_in` are those that were merged into this
    one, `parted` those that were, and were split from it again. Merges are flat: an id that others
    were merged into is merged into none.
    """

    into: str | None = None
    taken_in: tuple[str, ...] = ()
    parted: tuple[str, ...] = ()

    @property
    def merged(self) -> bool:
        """Whether the person has another id beside this one."""
        return self.into is not None or bool(self.taken_in)


ALONE = SamePerson()


def evolve(state: SamePerson, event: MergeEvent) -> SamePerson:
    """Return which other ids there are after one more event."""
    other = event.other
    taken_in = tuple(one for one in state.taken_in if one != other)
    parted = tuple(one for one in state.parted if one != other)
    match event:
        case ClientsMerged(survives=True):
            return replace(state, taken_in=(*taken_in, other), parted=parted)
        case ClientsMerged():
            return replace(state, into=other, parted=parted)
        case ClientsSplit():
            into = None if state.into == other else state.into
            return SamePerson(into, taken_in, (*parted, other))
