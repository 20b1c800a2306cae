"""Keys at hand, so that a text is opened without asking the database."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MOST: Final = 10_000
"""Keys, and owners of keys, of a generation; of both they take some 40 MB."""


class Key(NamedTuple):
    """A key at hand: its id, its cipher, and the secret that its nonces come from."""

    id: bytes
    cipher: AESGCM
    nonces: bytes


class KeyUse(NamedTuple):
    """What of a stream's data a key seals: one kind.

    `about` is the stream of a client whom the texts name; None for those that name no other.
    """

    kind: str
    about: str | None = None


class _Generation(NamedTuple):
    """Keys by their ids (None: destroyed), and of each owner the newest for each use."""

    by_id: dict[bytes, Key | None]
    of_owner: dict[str, dict[KeyUse, Key]]


class KeptKeys:
    """Keys that were asked for last, in two generations.

    When the younger one is full it becomes the older, and what was older is let go. So what one
    thread reads at a time, however much that is, stays at hand while others read theirs. Who puts
    something in must be alone; to look needs no lock.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._generations = _Generation({}, {}), _Generation({}, {})

    def by_id(self, key_id: bytes) -> Key | None:
        """Return a key by its id, None where it is destroyed. Raises KeyError."""
        younger, older = self._generations
        return younger.by_id[key_id] if key_id in younger.by_id else older.by_id[key_id]

    def of_owner(self, owner: str) -> dict[KeyUse, Key] | None:
        """Return the newest keys of an owner by their use; None where they are not known."""
        younger, older = self._generations
        found = younger.of_owner.get(owner)
        return older.of_owner.get(owner) if found is None else found

    def put(
        self, keys: Mapping[bytes, Key | None], owners: Mapping[str, dict[KeyUse, Key]]
    ) -> None:
        """Put keys in by their ids, and owners with all that they have."""
        younger, _ = self._generations
        if len(younger.by_id) + len(younger.of_owner) > self._most:
            self._generations = _Generation({}, {}), younger
            younger, _ = self._generations
        younger.by_id.update(keys)
        younger.of_owner.update(owners)
