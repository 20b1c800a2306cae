"""The acts of a batch as they came, and what may become of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from application.client_scope import JourneysOf
from application.intentions import Intention, UnknownClient, Who
from application.journeys import UnknownJourney
from application.office import Office
from application.permissions import CLIENT_ACTS, NotAllowed
from application.ports import KeyReused, Receipt, VersionConflict
from application.programmes import NotPublished
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import Wording, said

MOST = 500
"""How many acts a batch has at most."""


class UnknownReference(Exception):
    """An act names an item that no other act is called by, or that is no such thing.

    `field` is where it is named, as of an `InvalidField`; "" where it says of what the act is.
    """

    def __init__(self, name: str, why: Wording, field: str) -> None:
        super().__init__(why)
        self.name, self.field = name, field


class ReferenceFailed(Exception):
    """An act names what another act was to make, and that one was refused.

    `field` is where it is named, as of an `InvalidField`; "" where it says of what the act is.
    """

    def __init__(self, name: str, item: int, field: str) -> None:
        super().__init__(
            said(
                "act {item}, called {name}, was refused: see there, and ask for both again",
                item=item,
                name=name,
            )
        )
        self.name, self.item, self.field = name, item, field


class NotRecorded(Exception):
    """An act that could be done was not, because another of the batch was refused."""

    def __init__(self) -> None:
        super().__init__(said("another act of the batch was refused, so none was recorded"))


REFUSALS = (
    *(IllegalTransition, InvalidField, VersionConflict, KeyReused, NotAllowed, NotPublished),
    *(UnknownJourney, UnknownClient, UnknownReference, ReferenceFailed),
)
"""What may become of an act that is not done. Anything else is no outcome, but a fault."""


@dataclass(frozen=True, slots=True)
class Item:
    """One act of a batch: what is asked, of which client or journey, and what it is called.

    `of` is the id of the journey or the client, a new one where the act makes it, or a reference.
    `said` is the digest of what was asked, as it came, and of what its references stand for.
    """

    intention: Intention
    of: str
    said: str
    name: str | None = None

    @property
    def kind(self) -> str:
        """What the act is of: "client" or "journey"."""
        return "client" if self.intention.code in CLIENT_ACTS else "journey"


Outcome: TypeAlias = Receipt | Exception
"""What became of an act: a receipt, or why it was refused."""


@dataclass(frozen=True, slots=True)
class Broken:
    """An item of a batch that is no act: what is wrong with it, and what it is called."""

    error: Exception
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Who asks for which acts. `journeys_of` a client are looked up where a permission needs it.

    `key` is what all keys begin with that stand for the batch as a whole; None: each is an act's.
    The items are in the order in which they are done; `places` says where each stands as they came.
    """

    office: Office
    who: Who
    items: Sequence[Item | Broken]
    journeys_of: JourneysOf
    key: str | None = None
    places: Sequence[int] = range(MOST)

    def require_same(self, outcomes: Iterable[Outcome]) -> None:
        """Raise KeyReused where the batch's own key was used for another batch.

        What is recorded of it is then nothing, also of acts in places that the other did not have.
        """
        for one in outcomes:
            if self.key and isinstance(one, KeyReused) and one.key.startswith(self.key):
                raise one


def keys_of(items: Sequence[Item | Broken]) -> list[str | None]:
    """Return the key of each act; None for what is none."""
    return [None if isinstance(item, Broken) else item.intention.key for item in items]
