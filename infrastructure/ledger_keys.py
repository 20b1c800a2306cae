"""The keys that checkpoints are signed with: from a setting, or made for this machine."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infrastructure.notes import BadNote
from infrastructure.signing import Signer, read_signers

READABLE_BY_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class UnusableLedgerKey(Exception):
    """The key that signs checkpoints cannot be used. The message says what to do."""


def signers_of(name: str, key: str) -> tuple[Signer, ...]:
    """Return the private keys of a PEM text, or of the file that holds it; today's first.

    Raises UnusableLedgerKey.
    """
    try:
        pem = key if key.lstrip().startswith("-----BEGIN") else _read(Path(key))
        return read_signers(name, pem)
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableLedgerKey(
            f"POLKU_LEDGER_KEY: the file {key} cannot be read ({error}); "
            "name a file of PEM keys, or give the PEM text itself"
        ) from error
    except BadNote as error:
        raise UnusableLedgerKey(f"POLKU_LEDGER_KEY: {error}") from error


def local_signers(name: str, file: Path) -> tuple[Signer, ...]:
    """Return the key of this machine, which is made on first use, for this user alone.

    Raises UnusableLedgerKey.
    """
    try:
        if not file.exists():
            _make(file)
    except OSError as error:
        raise UnusableLedgerKey(
            f"the ledger's key {file} cannot be made ({error.strerror}): set POLKU_LEDGER_KEY"
        ) from error
    return signers_of(name, str(file))


def _read(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    if file.stat().st_mode & READABLE_BY_OTHERS:
        raise UnusableLedgerKey(f"others can read the ledger's key {file}: chmod 600 {file}")
    return text


def _make(file: Path) -> None:
    """Write a key beside the file, and link it there: whoever is first, all read the same."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_name(f".{file.name}.{token_hex(8)}")
    written = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(written, "wb") as to:
            to.write(pem)
            to.flush()
            os.fsync(to.fileno())
        with suppress(FileExistsError):
            os.link(beside, file)
    finally:
        beside.unlink()
