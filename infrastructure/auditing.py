"""`polku audit checkpoint` and `polku audit verify`: the ledger with its checkpoints and files."""

import json
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from infrastructure import schema
from infrastructure.audit_faults import Fault, Wrong
from infrastructure.checkpoints import claim_of, issue, notes_in
from infrastructure.database import Database
from infrastructure.kept_checkpoints import (
    KeptKey,
    kept_with_keys,
    keys_out_of_step,
    out_of_step,
    readable,
)
from infrastructure.ledger_audit import Audit, Audited, Claim, NotOfThisLog, Verified
from infrastructure.local_log_key import local_log_keys
from infrastructure.log_keys import LogKeys, read_log_keys
from infrastructure.notes import BadNote, Checkpoint, read_note
from infrastructure.settings import Settings
from infrastructure.signing import Verifier, read_verifier


class UnusableFile(Exception):
    """A file that was given with an audit cannot be used. The message names it and says why."""


@dataclass(frozen=True, slots=True)
class Given:
    """A checkpoint that was given out; `local_key` is the file of this machine's own key, if used.

    `keys` are the public ones that have signed it.
    """

    number: int
    said: Checkpoint
    note: str
    keys: Sequence[str]
    local_key: Path | None


def _opened(given: Settings) -> Database:
    """Open the database. Raises SchemaOutOfStep where its tables are not this program's."""
    database = Database(given.database_url)
    try:
        schema.check(database)
    except BaseException:
        database.close()
        raise
    return database


def log_keys(given: Settings) -> LogKeys:
    """Return the keys that sign: those of the settings, else this machine's. Raises BadSetting."""
    return local_log_keys(given) if given.ledger_key is None else read_log_keys(given)


def give_out(given: Settings, at: datetime) -> Given:
    """Sign a checkpoint of the log as it is now, and keep it.

    Raises BadSetting, NoCheckpoint or SchemaOutOfStep.
    """
    with closing(_opened(given)) as database:
        keys = log_keys(given)
        issued = issue(database, given.ledger_origin, keys.signers, at)
        local = given.ledger_key_file if given.ledger_key is None else None
        return Given(issued.number, issued.said, issued.note, keys.keys(), local)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an audit is asked: which checkpoints of outside, from where on, by how many processes.

    `keys` are public keys of the log that the auditor knows; where there are some, no other is
    believed. `state` is the file in which the audit notes how far it is, until it is done.
    """

    checkpoints: Sequence[Path] = ()
    keys: Sequence[str] = ()
    since: int = 0
    jobs: int = 1
    state: Path | None = None


def audit(given: Settings, asked: Asked, on_progress: Callable[[int, int], None]) -> Audited:
    """Audit the log of the settings.

    Raises UnusableFile, BadNote (for a public key), BadSetting or SchemaOutOfStep.
    """
    outside = [one for file in asked.checkpoints for one in _notes(file)]
    believed = [read_verifier(key) for key in asked.keys]
    with closing(_opened(given)) as database:
        own, keys = kept_with_keys(database)
        known = believed or _known(given, keys)
        notes = [*outside, *((one.name, one.note) for one in own)]
        claims, faults = _claims(notes, given.ledger_origin, known)
        odd = (*out_of_step(own), *keys_out_of_step(keys, own))
        faults += [Fault(0, Wrong.CHECKPOINT, said) for said in odd]
        auditing = Audit(database, claims, asked.since, asked.jobs, on_progress)
        if asked.state is not None:
            _go_on(auditing, asked.state)
        found = auditing.run()
        if asked.state is not None:
            asked.state.unlink(missing_ok=True)  # done: the next audit is of all again
    found.faults += faults
    return found


def _known(given: Settings, keys: Sequence[KeptKey]) -> list[Verifier]:
    known = list(readable(keys))
    if given.ledger_key is not None:
        known += [signer.verifier for signer in read_log_keys(given).signers]
    return known


def _notes(file: Path) -> list[tuple[str, str]]:
    """Return a name and the note of each checkpoint in a file. Raises UnusableFile."""
    try:
        notes = list(notes_in(file.read_text(encoding="utf-8")))
        for note in notes:
            read_note(note)
    except OSError as error:
        raise UnusableFile(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UnusableFile(f"{file} cannot be read: it is no text in UTF-8") from error
    except BadNote as error:
        raise UnusableFile(f"{file} cannot be read as a checkpoint: {error}") from error
    if not notes:
        raise UnusableFile(f"{file} holds no checkpoint")
    if len(notes) == 1:
        return [(f"the checkpoint of {file}", notes[0])]
    return [(f"checkpoint {n} of {file}", note) for n, note in enumerate(notes, 1)]


def _claims(
    notes: Sequence[tuple[str, str]], origin: str, known: Sequence[Verifier]
) -> tuple[list[Claim], list[Fault]]:
    claims, faults = [], []
    for name, note in notes:
        try:
            claims.append(claim_of(name, note, origin, known))
        except BadNote as error:
            said = f"{name} cannot be believed: {error}"
            faults.append(Fault(0, Wrong.CHECKPOINT, said))
    return claims, faults


def _go_on(auditing: Audit, file: Path) -> None:
    """Go on from where the file says, and note in it how far the audit comes."""
    try:
        noted = json.loads(file.read_text(encoding="utf-8"))
        verified = Verified(int(noted["position"]), bytes.fromhex(noted["root"]))
        auditing.go_on_from(verified)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as error:
        raise UnusableFile(f"{file} cannot be read: delete it to begin anew") from error
    except NotOfThisLog as error:
        raise UnusableFile(
            f"{file} is of an audit of another log, or this one was changed since: delete it to "
            "begin anew"
        ) from error

    def note(verified: Verified) -> None:
        said = {"position": verified.position, "root": verified.root.hex()}
        beside = file.with_name(f".{file.name}.{token_hex(8)}.new")  # another audit has its own
        try:
            beside.write_text(json.dumps(said) + "\n", encoding="utf-8")
            beside.replace(file)
        except OSError as error:
            with suppress(OSError):  # it need not be there: its name may be too long
                beside.unlink()
            raise UnusableFile(f"{file} cannot be written: {error.strerror}") from error

    auditing.on_verified = note
