"""A journey in a log with others, its ledger in ten lines, and bundles of it to be attacked."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from application.audit.bundle import LONG_AGO, Bundle, bundle
from application.office import Office
from domain.merkle import Subtree, inclusion_proof, leaf_hash, root_of
from infrastructure.log_tables import ENTRY
from infrastructure.notes import Checkpoint
from infrastructure.settings import Settings
from infrastructure.signing import Signer, sign
from interfaces import bootstrap
from interfaces.cli import verify_bundle
from tests.interfaces.conftest import Clock, bring_journey, live_journey, publish_shipped

ORIGIN = "polku.example/log"
SCRIPT = Path(verify_bundle.__file__).read_text(encoding="utf-8")


def ed25519_key(name: str = ORIGIN, seed: bytes = b"1" * 32) -> Signer:
    return Signer(name, ed25519.Ed25519PrivateKey.from_private_bytes(seed))


def quantum_key(name: str = ORIGIN) -> Signer:
    return Signer(name, mldsa.MLDSA44PrivateKey.from_seed_bytes(b"3" * 32))


def signing() -> Settings:
    """Settings that say with which key the log is signed; the same key each time."""
    key = ed25519.Ed25519PrivateKey.from_private_bytes(b"1" * 32)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Settings(database_url="sqlite://", ledger_origin=ORIGIN, ledger_key=SecretStr(pem))


@dataclass
class Signing:
    """The keys of a log."""

    signers: Sequence[Signer]
    origin: str = ORIGIN

    def keys(self) -> list[str]:
        return [one.verifier.vkey() for one in self.signers]

    def sign(self, origin: str, size: int, root: bytes) -> str:
        return sign(Checkpoint(origin, size, root).text(), self.signers).written()


def leaf(row: Sequence[Any]) -> bytes:
    """The hash of a row, as it was agreed, written down once more."""
    parts = [b"polku-entry/1\n"]
    for value in row:
        match value:
            case None:
                parts.append(b"-\n")
            case int():
                parts.append(f"i{value}\n".encode())
            case str():
                parts.append(f"t{len(value.encode())}:{value}\n".encode())
            case bytes():
                parts.append(b"b%d:" % len(value) + value + b"\n")
    return leaf_hash(b"".join(parts))


class PlainLedger:
    """The tree over given rows, computed anew whenever it is asked."""

    def __init__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self.all = list(rows)
        self.leaves = [leaf(row) for row in rows]
        self.checkpoint = ""
        self.subtree: Subtree = cache(
            lambda level, at: root_of(self.leaves[at << level : (at + 1) << level])
        )

    def signed(self, signing: Signing) -> "PlainLedger":
        size, root = len(self.leaves), root_of(self.leaves)
        self.checkpoint = signing.sign(signing.origin, size, root)
        return self

    def check_out(self) -> tuple[int, str]:
        return len(self.leaves), self.checkpoint

    def proofs(self, positions: Sequence[int], size: int) -> list[tuple[bytes, ...]]:
        return [inclusion_proof(position - 1, size, self.subtree) for position in positions]

    def rows(self, stream: str, until: int) -> list[tuple[Any, ...]]:
        return [row for row in self.all[:until] if row[1] == stream]


def stored_rows(office: Office) -> list[tuple[Any, ...]]:
    """All rows of a log, as they are stored."""
    log: Any = office.log
    columns = ", ".join(column.name for column in ENTRY)
    found = log.database.rows(f"SELECT {columns} FROM events ORDER BY position", {})
    return [tuple(bytes(x) if isinstance(x, memoryview) else x for x in row) for row in found]


@dataclass
class World:
    """An open office with journeys in it, its rows, and what makes bundles of them."""

    office: Office
    rows: list[tuple[Any, ...]]

    def bundle(self, journey: str = "j-1", ledger: Any = None, signing: Any = None) -> Bundle:
        keys = signing or Signing([ed25519_key()])
        tree = (ledger or PlainLedger(self.rows)).signed(keys)
        return bundle(self.office, tree, keys, journey, SCRIPT)


@contextmanager
def opened() -> Iterator[World]:
    """A log in memory with the journeys j-1, and x-1 of another system, between other entries."""
    clock = Clock()
    settings = Settings(database_url="sqlite://")
    with bootstrap.open_office(settings, clock=clock, inline=False) as office:
        publish_shipped(office, "etela-savo")
        live_journey(office, clock)
        bring_journey(office)
        yield World(office, stored_rows(office))


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip file in the form that a bundle has."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as into:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            into.writestr(info, data)
    return made.getvalue()


def with_entries(data: bytes, alter: Callable[[list[dict[str, Any]]], Any]) -> bytes:
    """A bundle whose entries somebody has altered, written again in their one form."""
    files = files_of(data)
    entries = json.loads(files["entries.json"])
    alter(entries)
    files["entries.json"] = written(entries)
    return packed(files)


def written(entries: list[Any]) -> bytes:
    """Entries in the one form that is verified."""
    return ("[\n" + ",\n".join(map(json.dumps, entries)) + "\n]\n").encode()
