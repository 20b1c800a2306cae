"""Master keys: they wrap the keys of the clients' data, and are kept apart from the database.

A key is 32 random bytes in base64. Where several are given, the first wraps, and the others unwrap
what they wrapped before a rotation. Without any, Polku is in development: a key is made on first
use beside the database, and that is said.
"""

import base64
import binascii
import stat
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.ports import TextNotReadable
from infrastructure.logging import messages
from infrastructure.own_secrets import make_once

BYTES = 32
NONCE_BYTES = 12

READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class UnusableMasterKey(TextNotReadable, ValueError):
    """A master key cannot be used, or the one that is needed is not there.

    The message says what to do, and nothing of the key.
    """


class MasterKeys:
    """The master keys at hand: the first wraps, all unwrap."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Raise UnusableMasterKey where there is none, or one of another length."""
        if not keys or any(len(key) != BYTES for key in keys):
            raise UnusableMasterKey(f"a master key is {BYTES} bytes in base64: make one anew")
        self._by_id = {sha256(b"polku-master.v1" + key).hexdigest()[:16]: key for key in keys}
        self._ciphers = {name: AESGCM(key) for name, key in self._by_id.items()}
        self.newest = next(iter(self._by_id))
        """The id of the key that wraps: it tells nothing of the key."""

    @property
    def known(self) -> frozenset[str]:
        """The ids of the keys at hand."""
        return frozenset(self._by_id)

    def wrap(self, key: bytes, of: bytes, random: Callable[[int], bytes] = token_bytes) -> bytes:
        """Return a key wrapped by the newest master key; `of` says whose key it is."""
        nonce = random(NONCE_BYTES)
        return nonce + self._ciphers[self.newest].encrypt(nonce, key, of)

    def unwrap(self, wrapped: bytes, of: bytes, master: str) -> bytes:
        """Return the key that the named master key wrapped. Raises UnusableMasterKey."""
        cipher = self._ciphers.get(master)
        if cipher is None:
            raise UnusableMasterKey(
                f"personal data is sealed under the master key {master}, which is not at hand: "
                "add it to those of POLKU_MASTER_KEY or POLKU_MASTER_KEY_FILE"
            )
        try:
            return cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], of)
        except (InvalidTag, ValueError) as error:  # ValueError: too short
            raise UnusableMasterKey(
                f"a key in the table client_keys was altered: the master key {master} does not "
                "open it; restore the table from a backup"
            ) from error

    def texts(self) -> str:
        """Return the keys in the form in which they are read."""
        return "\n".join(base64.b64encode(key).decode() for key in self._by_id.values())


def master_keys_in(text: str, where: str) -> MasterKeys:
    """Return the keys of a text, one a line or parted by commas. Raises UnusableMasterKey."""
    written = text.replace(",", "\n").split()
    try:
        keys = [base64.b64decode(one, validate=True) for one in written]
        return MasterKeys(keys)
    except (binascii.Error, ValueError) as error:
        raise UnusableMasterKey(
            f"{where} holds no master key: write {BYTES} random bytes in base64, "
            "one key a line, the newest first (`openssl rand -base64 32` makes one)"
        ) from error


def master_keys_of_file(file: Path, name: str) -> MasterKeys:
    """Return the keys of a file that this user alone can read. Raises UnusableMasterKey."""
    try:
        if file.stat().st_mode & READABLE_BY_OTHERS:
            raise UnusableMasterKey(f"others can read the master key {file}: chmod 600 {file}")
        return master_keys_in(file.read_text(encoding="utf-8"), str(file))
    except OSError as error:
        raise UnusableMasterKey(
            f"the master key {file} cannot be read ({error.strerror}): set {name} to a file that "
            "can be"
        ) from error


def local_master_keys(file: Path) -> MasterKeys:
    """Return the development key of the file, which is made on first use, for this user alone.

    Raises UnusableMasterKey.
    """
    try:
        if make_once(file, _make):
            messages().warning(
                "development-master-key-made",
                file=str(file),
                hint="whoever has this file can read all personal data, and without it nobody "
                "can: for real clients set POLKU_MASTER_KEY_FILE to a key kept elsewhere",
            )
    except OSError as error:
        raise UnusableMasterKey(
            f"the master key {file} cannot be made ({error.strerror}): set POLKU_MASTER_KEY or "
            "POLKU_MASTER_KEY_FILE"
        ) from error
    return master_keys_of_file(file, "POLKU_MASTER_KEY_FILE")


def _make() -> bytes:
    return base64.b64encode(token_bytes(BYTES)) + b"\n"
