"""A key of personal data as it is stored, whose it is, and what it is bound to."""

from typing import NamedTuple

from infrastructure.kept_keys import KeyUse


class KeyRow(NamedTuple):
    """A key as it is stored: the row of `client_keys`. `wrapped` is None when it is destroyed."""

    id: bytes
    owner: str
    kind: str
    wrapped: bytes | None
    master: str
    made_at: int
    destroyed_at: int | None = None
    about: str | None = None

    @property
    def use(self) -> KeyUse:
        """What of the owner's data the key seals."""
        return KeyUse(self.kind, self.about)


def owner_of(stream: str) -> str | None:
    """Return the stream whose keys a stream's personal data is sealed with; None: nobody's.

    Who opened a journey, and why, is sealed with the journey's own keys.
    """
    kind, _, of = stream.partition(":")
    if kind == "access":
        return f"journey:{of}"
    return stream if kind in {"client", "journey"} else None


def bound_to(key_id: bytes, owner: str, use: KeyUse) -> bytes:
    """Return what a wrapped key is bound to: it unwraps in its own row alone."""
    place = (owner, use.kind) if use.about is None else (owner, use.kind, use.about)
    return b"polku-key.v1\0" + key_id + "".join(f"\0{one}" for one in place).encode()
