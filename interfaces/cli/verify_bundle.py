r"""Verify a bundle that `polku audit bundle` made, without Polku: Python 3.11 and `cryptography`.

Proven is: each entry stands in the log of the checkpoint (RFC 9162; the leaf is "polku-entry/1\n"
and a line for each column); they are of one stream, its versions from 1 on; the keeper of the key
signed that there were no more, and the other files. Have the key from the keeper: the one inside
proves nothing to you. It ends with 0 if all is proven, 1 if not, 2 if the file is no bundle.
"""

import argparse
import base64
import json
import re
import struct
import sys
import zlib
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

PROVEN, SIGNED = "entries.json", "signed-contents.txt"
FILES = ("README.txt", "checkpoint.txt", PROVEN, "index.html", "keys.txt", "verify_bundle.py")
COLUMNS = (
    *("position", "stream", "version", "name", "schema_version", "occurred_on", "recorded_at"),
    *("source_recorded_at", "source", "actor", "organisation", "correlation", "causation", "body"),
)
MOST_BYTES = 32 << 20  # of the bundle, and of each file in it
NOTE = re.compile(r"([^\x00-\x1f]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")
Keys = dict[tuple[str, bytes], bytes]


class Fault(Exception):
    """Something is not proven."""


class NoBundle(Fault):
    """What was given is no bundle, or no key."""


def verify(data: bytes, given: Keys | None = None) -> tuple[str, list[dict[str, Any]]]:
    """Return what is proven, and the entries: by the given keys, else by those inside."""
    files, stream = unpack(data), None
    keys = given or read_keys(files["keys.txt"].decode(errors="replace"))
    origin, size, root = signed(files["checkpoint.txt"], keys, "the checkpoint")
    entries, last = parsed(files[PROVEN]), 0
    for version, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or set(entry) != {*COLUMNS, "proof"}:
            raise Fault(f"entry {version} does not have the columns of an entry, and a proof")
        leaf, position, stream = leaf_of(entry), entry["position"], entries[0]["stream"]
        if entry["stream"] != stream or entry["version"] != version:
            raise Fault(f"in the place of version {version} of {stream!a:.80} is another entry")
        if not isinstance(position, int) or not last < position <= size:
            raise Fault(f"entry {version} cannot stand at position {position!a:.80}")
        if not is_in(leaf, position - 1, size - 1, entry["proof"], root):
            raise Fault(f"entry {version} (position {position}) is not in the log as it is here")
        last = position
    digests = "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in FILES)
    of, count, digest = signed(files[SIGNED], keys, SIGNED, "/bundle")
    if (of, count) != (f"{origin}/bundle", len(entries)) or not entries:
        raise Fault(f"there are {len(entries)} entries, and {count} were signed")
    if digest != sha256(digests.encode()).digest():
        raise Fault(f"one of these files is not as it was signed: {', '.join(FILES)}")
    return f"{count} entries, all that {stream!a} had in the {size} of {origin!a}", entries


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files of a bundle: a zip file of one form, so that nobody reads others in it."""
    files, whole, listed = dict[str, bytes](), b"", b""
    with suppress(struct.error, zlib.error):
        for name in map(str.encode, sorted((*FILES, SIGNED))):
            at, n, inflate = len(whole), len(name), zlib.decompressobj(-15)
            packed = data[at + 30 + n :][: struct.unpack_from("<L", data, at + 18)[0]]
            files[name.decode()] = file = inflate.decompress(packed, MOST_BYTES)
            head = struct.pack("<2LH4L", 20, 8, 33, zlib.crc32(file), len(packed), len(file), n)
            listed += b"PK\1\2\x14\3" + head + struct.pack("<3H2L", 0, 0, 0, 0o644 << 16, at) + name
            whole += b"PK\3\4" + head + name + packed * (inflate.eof and not inflate.unused_data)
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 7, 7, len(listed), len(whole), 0)
        if len(data) <= MOST_BYTES and whole + listed + end == data:
            return files
    raise NoBundle("the file does not hold what a bundle holds, and no more")


def parsed(written: bytes) -> list[Any]:
    """Return the entries of a file that is written in the one form it can have."""
    with suppress(ValueError, TypeError, RecursionError):
        entries = json.loads(written)
        if ("[\n" + ",\n".join(map(json.dumps, entries)) + "\n]\n").encode() == written:
            return list(entries)
    raise Fault(f"{PROVEN} is not a list in JSON, with a line for each entry as Python writes it")


def decoded(text: Any) -> bytes:
    """Return the bytes that are written in base64; none where it is not that."""
    with suppress(ValueError, TypeError):
        return base64.b64decode(text, validate=True)
    return b""


def read_keys(text: str) -> Keys:
    """Return the keys of words of the form name+id+key."""
    keys: Keys = {}
    for word in text.split() or ["nothing"]:
        name, key_id, public = [*word.split("+", 2), "", ""][:3]
        key = decoded(public) or b"\0"
        real = sha256(name.encode(errors="replace") + b"\n" + key).digest()[:4]
        if not name or real.hex() != key_id or {1: 33, 6: 1313}.get(key[0]) != len(key):
            raise NoBundle(f"this is no key of the form name+id+key: {word[:80]!a}")
        keys[name, real] = key
    return keys


def signed(note: bytes, keys: Keys, what: str, of: str = "") -> tuple[str, int, bytes]:
    """Return the origin, size and root that a known key of it signed (c2sp.org/signed-note)."""
    text, _, lines = note.decode(errors="replace").rpartition("\n\n")
    found, signatures = NOTE.fullmatch(text + "\n"), lines.split("\n")
    if not found or signatures.pop() or any(line.count(" ") != 2 for line in signatures):
        raise Fault(f"{what} is not a signed note of a log")
    said = (found[1], int(found[2]), decoded(found[3]))
    parts = [(name, decoded(value)) for _, name, value in (x.split(" ") for x in signatures)]
    known = [(name, keys[name, x[:4]], x[4:]) for name, x in parts if (name, x[:4]) in keys]
    if not known or any(said[0] != name + of for name, *_ in known):
        raise Fault(f"{what} is not signed by a key that is known, or is of another log")
    if not all(is_signature(said, *one) for one in known):
        raise Fault(f"{what} is not what was signed: a signature is false")
    return said


def is_signature(said: tuple[str, int, bytes], name: str, key: bytes, signature: bytes) -> bool:
    """Say whether a key signed it: the text (Ed25519), or as a cosignature (ML-DSA-44)."""
    origin, size, root = said  # Ed25519 is kind 1, ML-DSA-44 is 6
    with suppress(InvalidSignature, ValueError):
        if key[0] == 1:
            text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
            ed25519.Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature, text.encode())
        else:
            from cryptography.hazmat.primitives.asymmetric import mldsa  # old ones do not have it

            mine, theirs = (bytes((len(one.encode()),)) + one.encode() for one in (name, origin))
            message = b"subtree/v1\n\0" + mine + signature[:8] + theirs + size.to_bytes(16) + root
            mldsa.MLDSA44PublicKey.from_public_bytes(key[1:]).verify(signature[8:], message)
        return True
    return False


def leaf_of(entry: dict[str, Any]) -> bytes:
    """Return the hash that the log's tree has of an entry, from its columns."""
    leaf = b"\x00polku-entry/1\n"
    for name, value in [(one, entry[one]) for one in COLUMNS]:
        data = decoded(value.get("base64")) if isinstance(value, dict) else b""
        if value == {"base64": base64.b64encode(data).decode()}:
            leaf += b"b%d:%b\n" % (len(data), data)
        elif isinstance(value, str):
            data = value.encode(errors="surrogatepass")
            leaf += b"t%d:%b\n" % (len(data), data)
        elif value is None or type(value) is int:
            leaf += b"-\n" if value is None else b"i%d\n" % value
        else:
            raise Fault(f"{name} of an entry is nothing that is stored")
    return sha256(leaf).digest()


def is_in(node: bytes, at: int, last: int, proof: Any, root: bytes) -> bool:
    """Say whether the proof shows the leaf at an index, of the last one (RFC 9162, 2.1.3.2)."""
    for other in map(decoded, proof if isinstance(proof, list) else [None]):
        if not last or len(other) != 32:
            return False
        right = bool(at & 1 or at == last)
        node = sha256(b"\x01" + (other + node if right else node + other)).digest()
        while right and at and not at & 1:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    return not last and node == root


def main(arguments: list[str]) -> int:
    """Say what is proven of the bundle that is named; return how to end."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    asked.add_argument("bundle", help="the file")
    asked.add_argument("--key", help="the log's key, or several with spaces between")
    asked.add_argument("--show", action="store_true", help="print the entries that are proven")
    given = asked.parse_args(arguments)
    try:
        with Path(given.bundle).open("rb") as file:
            keys = None if given.key is None else read_keys(given.key)
            said, found = verify(file.read(MOST_BYTES + 1), keys)
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing is proven
        sys.stderr.write(f"NOT PROVEN: {error!s:.999}\n")
        return 1 if type(error) is Fault else 2
    sys.stdout.writelines(json.dumps({x: e[x] for x in COLUMNS}) + "\n" for e in found * given.show)
    own = "by the key you gave" if keys else "by the key INSIDE: compare it with that of the keeper"
    sys.stdout.write(f"PROVEN: {said}, {own}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
