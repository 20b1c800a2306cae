"""The key of this machine that signs checkpoints where none is set: made on first use."""

import stat
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infrastructure.log_keys import KEY, LogKeys
from infrastructure.notes import BadNote
from infrastructure.own_secrets import make_once
from infrastructure.settings import BadSetting, Settings
from infrastructure.signing import read_signers

READABLE_BY_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def local_log_keys(given: Settings) -> LogKeys:
    """Return the key of this machine for this log, which only this user can read.

    It is for development: whoever may do anything on the machine can sign with it. Raises
    BadSetting.
    """
    file = given.ledger_key_file
    try:
        make_once(file, _make)
        if file.stat().st_mode & READABLE_BY_OTHERS:
            raise BadSetting(f"others can read the log's key {file}: chmod 600 {file}")
        pem = file.read_text(encoding="ascii")
        return LogKeys(given.ledger_origin, read_signers(given.ledger_origin, pem))
    except (BadNote, UnicodeDecodeError) as error:
        raise BadSetting(f"{file} holds no key of the log: delete it, and one is made") from error
    except OSError as error:
        raise BadSetting(
            f"the log's key {file} cannot be read or made ({error.strerror}): set {KEY}"
        ) from error


def _make() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
