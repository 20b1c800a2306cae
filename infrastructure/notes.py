"""Signed notes and checkpoints as they are written: their forms, and none of their signatures.

The forms are those of C2SP: signed-note and tlog-checkpoint (https://c2sp.org). A note is text and
one or more signatures over it. A checkpoint is a note whose text says of which log it is (the
*origin*), how many entries it had, and the root of its tree. What is read has one way to be
written, byte by byte; anything else is refused.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

MOST_BYTES: Final = 1 << 20
MOST_SIGNATURES: Final = 100
MOST_ENTRIES: Final = (1 << 63) - 1

_DASH: Final = "\u2014 "
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class BadNote(ValueError):
    """A note, a checkpoint or a key is not what it should be; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: its origin, how many entries it has, and the root over them.

    `extensions` are further lines, which no proof covers.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the text of its note. Raises BadNote for what no checkpoint may hold."""
        root = base64.b64encode(self.root).decode()
        text = "".join(f"{x}\n" for x in (self.origin, self.size, root, *self.extensions))
        if read_checkpoint(text) != self:
            raise BadNote("a line of the checkpoint holds a line break")
        return text


def read_checkpoint(text: str) -> Checkpoint:
    """Return what the text of a note says of a log. Raises BadNote."""
    check_text(text)
    origin, size, root, *extensions = [*text[:-1].split("\n"), "", ""]
    extensions = extensions[:-2]
    if not (origin and size and root and all(extensions)):
        raise BadNote("a checkpoint has a line each for its origin, its size and its root")
    if not _SIZE.fullmatch(size) or int(size) > MOST_ENTRIES:
        raise BadNote(f"the size of the checkpoint is {size[:30]!r}, which is no count of entries")
    digest = from_base64(root, "the root of the checkpoint")
    if len(digest) != sha256().digest_size:
        raise BadNote(f"the root of the checkpoint has {len(digest)} bytes, not 32")
    return Checkpoint(origin, int(size), digest, tuple(extensions))


@dataclass(frozen=True, slots=True)
class Signature:
    """A line under a note: the name of who signed, the id of the key (4 bytes), and the rest."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends with a line break, and the signatures over it."""

    text: str
    signatures: tuple[Signature, ...]

    def written(self) -> str:
        """Return the note as it is stored and sent."""
        lines = (
            f"{_DASH}{one.name} {base64.b64encode(one.key_id + one.value).decode()}\n"
            for one in self.signatures
        )
        return f"{self.text}\n{''.join(lines)}"


def read_note(written: bytes | str) -> Note:
    """Return the parts of a note, none of them verified. Raises BadNote."""
    text, gap, lines = _decoded(written).rpartition("\n\n")
    if not gap or not lines:
        raise BadNote("the note has no signatures: they follow its last empty line")
    if not lines.endswith("\n"):
        raise BadNote("the last line of the note is cut off")
    check_text(text + "\n")
    signatures = tuple(_read_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise BadNote(f"the note has more than {MOST_SIGNATURES} signatures")
    return Note(text + "\n", signatures)


def _read_signature(line: str) -> Signature:
    name, gap, value = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not gap or not is_name(name):
        raise BadNote(f"this line of the note is no signature: {line[:60]!r}")
    signed = from_base64(value, f"the signature of {name}")
    if len(signed) <= 4:
        raise BadNote(f"the signature of {name} is too short")
    return Signature(name, signed[:4], signed[4:])


def _decoded(written: bytes | str) -> str:
    if len(written) > MOST_BYTES:
        raise BadNote(f"the note has more than {MOST_BYTES} bytes")
    try:
        return written.decode() if isinstance(written, bytes) else written
    except UnicodeDecodeError:
        raise BadNote("the note is not written in UTF-8") from None


def check_text(text: str) -> None:
    """Raise BadNote for what cannot be the text of a note."""
    if not text.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]", text):
        raise BadNote("the text of a note has lines that end, and no control characters")


def is_name(name: str) -> bool:
    """Say whether somebody may sign under a name: no spaces, no plus, no control characters."""
    plain = not re.search(r"[\x00-\x20+\ud800-\udfff]", name)
    return bool(name) and plain and not any(letter.isspace() for letter in name)


def from_base64(text: str, what: str) -> bytes:
    """Decode the one form that base64 has for some bytes. Raises BadNote for any other."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote(f"{what} is not base64") from None
    if base64.b64encode(found).decode() != text:
        raise BadNote(f"{what} is not base64 in its one form")
    return found
