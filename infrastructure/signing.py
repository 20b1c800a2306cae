"""Keys, and what they sign: a note that somebody has put their name to, and who it was.

Two kinds of key sign, as C2SP has it (https://c2sp.org: signed-note, tlog-cosignature). Ed25519
(0x01) signs the text. ML-DSA-44 (0x06, against quantum computers) signs the origin, size and root
of a checkpoint in the form of a cosignature, with an instant; extension lines are not in it, so a
checkpoint that has some is neither signed nor believed by such a key. When keys are changed, the
old and the new one both sign for a while, and a reader may know either.
"""

import base64
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Protocol, cast

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from infrastructure.notes import (
    BadNote,
    Note,
    Signature,
    check_text,
    from_base64,
    is_name,
    read_checkpoint,
)

try:
    from cryptography.hazmat.primitives.asymmetric import mldsa
except ImportError:  # a cryptography from before ML-DSA: such keys are refused in plain words
    mldsa = None  # type: ignore[assignment]

ED25519: Final = 0x01
ML_DSA_44: Final = 0x06
KEY_SIZES: Final = {ED25519: 32, ML_DSA_44: 1312}
SIGNATURE_SIZES: Final = {ED25519: 64, ML_DSA_44: 8 + 2420}
"""Bytes of a public key, and of a signature with its instant."""

LATEST: Final = (1 << 63) - 1
"""The last instant that a signature of ML-DSA-44 may have, in seconds since 1970."""

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)


class _PublicKey(Protocol):
    def verify(self, signature: bytes, data: bytes) -> None: ...
    def public_bytes_raw(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Verifier:
    """A key that tells whether a signature is of its owner: the owner's name, kind, public key."""

    name: str
    kind: int
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of the digest of name, kind and key."""
        return sha256(self.name.encode() + b"\n" + bytes((self.kind,)) + self.key).digest()[:4]

    def vkey(self) -> str:
        """Return the key as it is handed to readers: `name+id+key`."""
        public = base64.b64encode(bytes((self.kind,)) + self.key).decode()
        return f"{self.name}+{self.key_id.hex()}+{public}"

    def check(self, text: str, signature: bytes) -> None:
        """Raise BadNote where a signature is not this key's over the text."""
        message, value = text.encode(), signature
        if len(signature) != SIGNATURE_SIZES[self.kind]:
            raise BadNote(f"the signature of {self.name} has a wrong length")
        if self.kind == ML_DSA_44:
            message, value = _cosigned(self.name, text, signature[:8]), signature[8:]
        try:
            self._public_key().verify(value, message)
        except InvalidSignature:
            raise BadNote(f"the signature of {self.name} is not of this text") from None

    def _public_key(self) -> _PublicKey:
        try:
            if self.kind == ED25519:
                return ed25519.Ed25519PublicKey.from_public_bytes(self.key)
            if mldsa is not None:
                return cast("_PublicKey", mldsa.MLDSA44PublicKey.from_public_bytes(self.key))
        except (UnsupportedAlgorithm, ValueError) as error:
            raise BadNote(f"the key of {self.name} cannot be used: {error}") from error
        raise BadNote(f"the key of {self.name} is of ML-DSA-44, which cryptography here has not")


def read_verifier(vkey: str) -> Verifier:
    """Return the key of the text `name+id+key`. Raises BadNote."""
    name, key_id, public = [*vkey.strip().split("+", 2), "", ""][:3]
    if not is_name(name) or not re.fullmatch(r"[0-9a-f]{8}", key_id):
        raise BadNote(f"{vkey[:60]!r} is no verifier key: it has the form name+id+key")
    kind, key = (blob := from_base64(public, f"the key of {name}"))[:1], blob[1:]
    if not kind or len(key) != KEY_SIZES.get(kind[0]):
        raise BadNote(f"the key of {name} is neither of Ed25519 nor of ML-DSA-44")
    verifier = Verifier(name, kind[0], key)
    if verifier.key_id.hex() != key_id:
        raise BadNote(f"the key of {name} does not have the id {key_id}: it was altered, or cut")
    return verifier


class Signer:
    """A key that signs, with the name of whose it is."""

    def __init__(self, name: str, key: Any) -> None:
        if not is_name(name):
            raise BadNote(f"{name!r} cannot sign: a name has no spaces and no plus")
        if isinstance(key, ed25519.Ed25519PrivateKey):
            kind = ED25519
        elif mldsa is not None and isinstance(key, mldsa.MLDSA44PrivateKey):
            kind = ML_DSA_44
        else:
            raise BadNote(f"the key of {name} is neither of Ed25519 nor of ML-DSA-44")
        self._key = key
        self.verifier = Verifier(name, kind, key.public_key().public_bytes_raw())

    def sign(self, text: str, at: int = 0) -> Signature:
        """Return the signature over the text of a note, which a reader can verify. Raises BadNote.

        `at` (seconds since 1970) goes into signatures of ML-DSA-44, and says that the log was not
        larger then; 0 says nothing.
        """
        check_text(text)
        of = self.verifier
        if of.kind == ED25519:
            return Signature(of.name, of.key_id, self._key.sign(text.encode()))
        instant = at.to_bytes(8, "big")
        signed: bytes = self._key.sign(_cosigned(of.name, text, instant))
        return Signature(of.name, of.key_id, instant + signed)


def read_signers(name: str, pem: str) -> tuple[Signer, ...]:
    r"""Return all private keys of a PEM text, the one of today first. Raises BadNote.

    In a value of the environment, `\n` may stand for the line breaks.
    """
    blocks = [found.group() for found in _PEM.finditer(pem.replace("\\n", "\n"))]
    if not blocks:
        raise BadNote("there is no private key in it: a PEM text begins with -----BEGIN")
    return tuple(Signer(name, _private_key(block)) for block in blocks)


def _private_key(block: str) -> Any:
    try:
        return serialization.load_pem_private_key(block.encode(), password=None)
    except TypeError:
        raise BadNote("the private key is locked with a password: store it without") from None
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadNote("the private key cannot be read: it is cut, or of another kind") from error


def sign(text: str, signers: Iterable[Signer], at: int = 0) -> Note:
    """Return the text as a note that all of them have signed. Raises BadNote."""
    return Note(text, tuple(signer.sign(text, at) for signer in signers))


def verify(note: Note, known: Collection[Verifier]) -> tuple[Verifier, ...]:
    """Return whose signatures stand under the note, of those who are known.

    Signatures of others are passed over. Raises BadNote where nobody who is known has signed, and
    where one signature of somebody known is wrong.
    """
    by_id = {(one.name, one.key_id): one for one in known}
    found: dict[Verifier, None] = {}
    for signature in note.signatures:
        verifier = by_id.get((signature.name, signature.key_id))
        if verifier is not None:
            verifier.check(note.text, signature.value)
            found[verifier] = None
    if not found:
        names = ", ".join(sorted({f"{x.name} ({x.key_id.hex()})" for x in note.signatures}))
        raise BadNote(f"nobody who is known has signed: the signatures are of {names}")
    return tuple(found)


def _cosigned(name: str, text: str, instant: bytes) -> bytes:
    """Return what an ML-DSA-44 key signs of a checkpoint (tlog-cosignature, `cosigned_message`)."""
    said = read_checkpoint(text)
    if said.extensions:
        raise BadNote(f"the signature of {name} does not cover the checkpoint's extension lines")
    if int.from_bytes(instant, "big") > LATEST:
        raise BadNote(f"the signature of {name} has an instant that cannot be")
    mine, origin = _with_length(name), _with_length(said.origin)
    start, end = bytes(8), said.size.to_bytes(8, "big")
    return b"subtree/v1\n\0" + mine + instant + origin + start + end + said.root


def _with_length(text: str) -> bytes:
    size = len(text.encode())
    if size > 255:
        raise BadNote("a name or an origin that ML-DSA-44 signs has at most 255 bytes")
    return bytes((size,)) + text.encode()
