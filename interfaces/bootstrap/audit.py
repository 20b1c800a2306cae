"""The ledger over the log: checkpoints given out, audits, bundles that prove themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from interfaces.bootstrap.databases import plainly
from interfaces.bootstrap.files import tongue
from interfaces.bootstrap.running import now, settings
from interfaces.bootstrap.unusable import BadSetting, Unusable, UnusableInput

if TYPE_CHECKING:
    from application.audit.bundle import Bundle
    from application.audit.sampling import RootAt
    from application.office import Office
    from infrastructure.auditing import Given
    from infrastructure.ledger_audit import Audited
    from infrastructure.settings import Settings


class AuditAsked(NamedTuple):
    """What an audit is asked, as `infrastructure.auditing.Asked` has it."""

    checkpoints: Sequence[Path]
    keys: Sequence[str]
    since: int
    jobs: int
    state: Path | None


def ledger_root(office: Office) -> RootAt:
    """Return what tells the root (hex) of the log's ledger at a position."""
    from infrastructure.ledger_tree import StoredTree

    log: Any = office.log
    tree = StoredTree(log.database)
    return lambda position: tree.root(position).hex()


def audit_log(asked: AuditAsked, on_progress: Callable[[int, int], None]) -> Audited:
    """Recompute the log from its rows, and hold it against its ledger and checkpoints.

    Raises UnusableInput for a file or a key, BadSetting, NoDatabase or Unusable.
    """
    from infrastructure import auditing
    from infrastructure import settings as all_settings
    from infrastructure.notes import BadNote

    given = settings()
    try:
        with plainly(given):
            return auditing.audit(given, auditing.Asked(*asked), on_progress)
    except all_settings.BadSetting as error:
        raise BadSetting(str(error)) from error
    except (auditing.UnusableFile, BadNote) as error:
        raise UnusableInput(str(error)) from error


def give_out_checkpoint() -> Given:
    """Sign a checkpoint of the log as it is now, and keep it.

    Raises BadSetting, NoDatabase or Unusable.
    """
    from infrastructure import auditing, checkpoints
    from infrastructure import settings as all_settings

    given = settings()
    try:
        with plainly(given):
            return auditing.give_out(given, now())
    except all_settings.BadSetting as error:
        raise BadSetting(str(error)) from error
    except checkpoints.NoCheckpoint as error:
        raise Unusable(str(error)) from error


def add_checkpoint(out: Path, note: str) -> None:
    """Add a checkpoint to a file, whole or not at all. Raises OSError."""
    from infrastructure.checkpoints import add_to

    add_to(out, note)


def copy_to_witness(note: str) -> str | None:
    """Copy a checkpoint to the witness of the settings, and return which that is, if any.

    Raises Unusable where the witness has not got it.
    """
    from infrastructure.checkpoints import WitnessFailed, copy_to_witness

    witness = settings().ledger_witness
    if witness is not None:
        try:
            copy_to_witness(witness, note)
        except WitnessFailed as error:
            raise Unusable(str(error)) from error
    return witness


def bundle_journey(
    office: Office, journey: str, given: Settings | None = None, language: str = "en"
) -> Bundle:
    """Return a journey with its proofs in one file, which was verified as anybody would verify it.

    Its checkpoint is given out and kept as that of `give_out_checkpoint`. Raises BadSetting,
    Unusable where something is not proven, and as `application.audit.bundle.bundle`.
    """
    from application.audit.bundle import bundle
    from infrastructure import settings as all_settings
    from infrastructure.auditing import log_keys
    from infrastructure.checkpoints import NoCheckpoint, issue
    from infrastructure.ledger_proofs import BrokenLedger, StoredLedger
    from interfaces.cli import verify_bundle

    log: Any = office.log
    script = Path(verify_bundle.__file__).read_text(encoding="utf-8")
    try:
        keys = log_keys(given or settings())
        ledger = StoredLedger(
            log.database, lambda: issue(log.database, keys.origin, keys.signers, now())
        )
        made = bundle(office, ledger, keys, journey, script, tongue(language))
        verify_bundle.verify(made.data, verify_bundle.read_keys(" ".join(made.keys)))
    except all_settings.BadSetting as error:
        raise BadSetting(str(error)) from error
    except (BrokenLedger, NoCheckpoint) as error:
        raise Unusable(str(error)) from error
    except verify_bundle.Fault as error:
        raise Unusable(f"no bundle was made: {error}; `polku audit verify` says more") from error
    return made


def bundling(office: Office, given: Settings) -> Callable[[str, str], Bundle]:
    """Return what makes bundles for the API, as `bundle_journey`; it raises NotProven instead."""
    from application.audit.bundle import NotProven

    def made(journey: str, language: str) -> Bundle:
        try:
            return bundle_journey(office, journey, given, language)
        except (BadSetting, Unusable) as error:
            raise NotProven(str(error)) from error

    return made
