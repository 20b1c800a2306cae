"""A journey in one file that anybody can verify: its entries, their proofs, and who signed.

The bundle is a zip file. `entries.json` has every stored column of each entry, and the proof that
the entry is in the log; `checkpoint.txt` is the signed root of the log. `signed-contents.txt` is a
signed note, too: it says how many entries the journey had then, and binds every other file, so that
no page and no last entry can be exchanged or left out. Its form is that of a checkpoint, because
every kind of key can sign one: the origin with "/bundle", the count, and a digest of the digests.
The zip file has one form, too, in which no other reader can find another page.

`interfaces/cli/verify_bundle.py` reads it, and shares no code with this: what one of them gets
wrong, the other finds.
"""

import json
import zipfile
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from textwrap import fill
from typing import Any, Final, Protocol

from application.audit.bundle_page import page
from application.case_file import Line, open_case_file
from application.journeys import history
from application.office import KIND, Office
from domain.wording import ENGLISH, Tongue, in_language, said

COLUMNS: Final = (
    "position",
    "stream",
    "version",
    "name",
    "schema_version",
    "occurred_on",
    "recorded_at",
    "source_recorded_at",
    "source",
    "actor",
    "organisation",
    "correlation",
    "causation",
    "body",
)
"""The columns of a stored entry, in the order in which the log has them."""

MOST_BYTES: Final = 32 << 20
"""What a verifier takes: of a whole bundle, and of each file in it."""

UNIX: Final = 3
"""The system that every file in it is said to be made on: a bundle has one form everywhere."""

LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The day of every file in it: when a bundle was made says nothing."""


class TooLarge(Exception):
    """A journey has more entries than a bundle can hold."""


class NotProven(Exception):
    """A bundle cannot be made: something is not proven, or cannot be signed."""


class Ledger(Protocol):
    """The tree over the log, and the rows that it was made of."""

    def check_out(self) -> tuple[int, str]:
        """Give out a checkpoint of the log as it is now: of how many entries, and the signed note.

        Raises where the tree does not go on from the checkpoints that were given out before.
        """
        ...

    def proofs(self, positions: Sequence[int], size: int) -> Sequence[Sequence[bytes]]:
        """Return the inclusion proof of each entry in the tree of the first `size` entries."""
        ...

    def rows(self, stream: str, until: int) -> Sequence[tuple[Any, ...]]:
        """Return a stream's rows up to a position, as they are stored, in the order of versions."""
        ...


class Signing(Protocol):
    """The keys of the log, and what they sign."""

    @property
    def origin(self) -> str:
        """The name of the log."""
        ...

    def keys(self) -> Sequence[str]:
        """Return the public keys, as verifiers take them."""
        ...

    def sign(self, origin: str, size: int, root: bytes) -> str:
        """Return a signed note in the form of a checkpoint."""
        ...


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was made: the file, of how many entries, in the log of how many."""

    data: bytes
    entries: int
    size: int
    origin: str
    keys: tuple[str, ...]


def bundle(
    office: Office,
    ledger: Ledger,
    signing: Signing,
    journey: str,
    verifier: str,
    tongue: Tongue = ENGLISH,
) -> Bundle:
    """Return the bundle of a journey as the log has it now, to be read in a language.

    `verifier` is the text of the script that verifies it. Raises UnknownJourney, TooLarge, and what
    the ledger raises.
    """
    history(office, journey)  # raises before anything is signed
    size, checkpoint = ledger.check_out()
    rows = ledger.rows(f"{KIND}:{journey}", size)
    lines = open_case_file(
        office, journey, tongue=tongue
    ).lines  # read last, so that no row is without its line
    proofs = ledger.proofs([row[0] for row in rows], size)
    keys = tuple(signing.keys())
    files = {
        "README.txt": _readme(journey, signing.origin, keys, tongue),
        "checkpoint.txt": checkpoint,
        "entries.json": _entries(rows, proofs),
        "index.html": page(journey, _told(lines, rows), signing.origin, size, keys, tongue),
        "keys.txt": "".join(f"{key}\n" for key in keys),
        "verify_bundle.py": verifier,
    }
    data = _packed(files, signing, len(rows))
    return Bundle(data, len(rows), size, signing.origin, keys)


def _told(lines: Sequence[Line], rows: Sequence[tuple[Any, ...]]) -> list[tuple[Line, int]]:
    """Return the lines of the entries that are in the bundle, each with its position."""
    positions = {row[2]: row[0] for row in rows}
    return [(one, positions[one.entry.version]) for one in lines if one.entry.version in positions]


def _entries(rows: Sequence[tuple[Any, ...]], proofs: Sequence[Sequence[bytes]]) -> str:
    """Return the entries as JSON, in the one form that is verified: each in a line of its own."""
    entries = (
        {
            **{name: _stored(value) for name, value in zip(COLUMNS, row, strict=True)},
            "proof": [b64encode(node).decode() for node in proof],
        }
        for row, proof in zip(rows, proofs, strict=True)
    )
    return "[\n" + ",\n".join(map(json.dumps, entries)) + "\n]\n"


def _stored(value: Any) -> Any:
    return {"base64": b64encode(value).decode()} if isinstance(value, bytes) else value


def _packed(texts: Mapping[str, str], signing: Signing, entries: int) -> bytes:
    """Return the files as a zip file, with the note that binds them."""
    files = {name: text.encode() for name, text in texts.items()}
    digests = "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    digest = sha256(digests.encode()).digest()
    note = signing.sign(f"{signing.origin}/bundle", entries, digest)
    files["signed-contents.txt"] = note.encode()
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            info.create_system = UNIX
            into.writestr(info, data)
    if max(made.tell(), *map(len, files.values())) > MOST_BYTES:
        raise TooLarge(
            f"the journey has {entries} entries, which is more than a bundle of {MOST_BYTES} bytes "
            "holds: let the auditor run `polku audit verify` on the database itself"
        )
    return made.getvalue()


LETTERS = 100
"""How many letters a line of the note has at most."""

_WHOLE: Final[dict[str, Any]] = {"break_long_words": False, "break_on_hyphens": False}

_README: Final = """{what}

{needs}

    python -m pip install cryptography
    python verify_bundle.py {bundle} --key '{key}'

{trust}

{keys}
{contents}

{files}"""
"""The note on how to verify it; what a shell is given is the same in every language."""

_IN_HERE: Final = {
    "entries.json": said(
        "every entry with all its stored columns, and its proof. This is what is proven. Bytes are "
        "in base64; instants are microseconds since 1970 in UTC."
    ),
    "checkpoint.txt": said("the root of the log, and its size, signed (c2sp.org/tlog-checkpoint)"),
    "signed-contents.txt": said(
        "how many entries the journey had then, and a digest over all other files, signed in the "
        "same form. That there were no more is what the keeper of the key says; the rest the "
        "proofs show."
    ),
    "keys.txt": said("the keys of the log"),
    "index.html": said(
        "the journey to be read: made by Polku from the entries, and signed with them, but not "
        "itself proven. `--show` prints the entries that are."
    ),
    "verify_bundle.py": said("what verifies all this"),
}


def _readme(journey: str, origin: str, keys: Sequence[str], tongue: Tongue) -> str:
    def say(text: str) -> str:
        return fill(in_language(text, tongue), LETTERS, **_WHOLE)

    return _README.format(
        what=say(
            said(
                "The journey {journey} as the log {origin} has it, with the proof.",
                journey=journey,
                origin=origin,
            )
        ),
        needs=say(
            said("To verify it you need Python 3.11 or later, and the package `cryptography`:")
        ),
        bundle=say(said("THE-BUNDLE.zip")),
        key=say(said("THE KEY OF THE LOG")),
        trust=say(
            said(
                "Have the key, and verify_bundle.py, from whoever keeps the log, or from somebody "
                "who watches it; not from this file alone: whoever could forge the entries could "
                "put another key and another script in. The keys in here are:"
            )
        ),
        keys="".join(f"    {key}\n" for key in keys),
        contents=say(said("What is in here:")),
        files="".join(_file(name, in_language(of, tongue)) for name, of in _IN_HERE.items()),
    )


def _file(name: str, of: str) -> str:
    """Return what is said of a file in here, in lines behind its name."""
    behind = " " * 23
    return (
        fill(of, LETTERS, initial_indent=f"  {name:<21}", subsequent_indent=behind, **_WHOLE) + "\n"
    )
