"""The keys that a log signs its checkpoints with: from a file, or from the environment itself."""

from collections.abc import Sequence
from pathlib import Path

from infrastructure.notes import BadNote, Checkpoint
from infrastructure.settings import BadSetting, Settings, variable
from infrastructure.signing import Signer, read_signers, sign

KEY, ORIGIN = variable("ledger_key"), variable("ledger_origin")


class LogKeys:
    """The keys of a log, which sign in its name (`application.audit.bundle.Signing`).

    While keys are changed there are two, and both sign.
    """

    def __init__(self, origin: str, signers: Sequence[Signer]) -> None:
        self.origin, self._signers = origin, tuple(signers)

    @property
    def signers(self) -> tuple[Signer, ...]:
        """The private keys, that of today first."""
        return self._signers

    def keys(self) -> list[str]:
        """Return the public keys, as verifiers take them."""
        return [signer.verifier.vkey() for signer in self._signers]

    def sign(self, origin: str, size: int, root: bytes) -> str:
        """Return a note that says the root of a log of some size, signed. Raises BadNote."""
        return sign(Checkpoint(origin, size, root).text(), self._signers).written()


def read_log_keys(given: Settings) -> LogKeys:
    """Return the keys of the settings. Raises BadSetting, which says how to make one."""
    if given.ledger_key is None:
        raise BadSetting(
            f"{KEY} is not set, so nothing can be signed: make a key with `openssl genpkey "
            "-algorithm ed25519 -out log-key.pem`, and write its file there"
        )
    value = given.ledger_key.get_secret_value()
    try:
        pem = value if value.lstrip().startswith("-----") else _read(value)
        return LogKeys(given.ledger_origin, read_signers(given.ledger_origin, pem))
    except BadNote as error:
        raise BadSetting(f"{KEY} or {ORIGIN}: {error}") from error


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise BadSetting(f"{KEY}: the file {file[:200]!r} cannot be read: {error}") from error
