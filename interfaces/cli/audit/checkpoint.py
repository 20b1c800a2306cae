"""`polku audit checkpoint`: what the log is now, signed, to be kept where nobody can change it."""

from base64 import b64encode
from pathlib import Path
from typing import Annotated

import typer

from interfaces import bootstrap
from interfaces.cli.terminal import AsJson, BadInput, Screen, answer


def checkpoint(
    out: Annotated[
        Path | None, typer.Option(help="A file that it is added to as well; made where needed.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Sign how many entries the log has, and the hash over all of them.

    Keep it elsewhere: `polku audit verify --checkpoint FILE` then shows that the log was not
    changed since. It is in the form of a signed note (C2SP tlog-checkpoint), is kept in the
    database too, and is copied to the witness that POLKU_LEDGER_WITNESS names.

    JSON: number, origin, size, root (base64), note, keys (public ones that signed), local_key (the
    file of this machine's key, null where POLKU_LEDGER_KEY is set), witness (null: there is none).
    """
    given = bootstrap.give_out_checkpoint()
    if given.local_key is not None:
        typer.echo(
            f"polku: POLKU_LEDGER_KEY is not set: this is signed with the key of this machine, "
            f"{given.local_key}, which is for development and proves nothing to others",
            err=True,
        )
    if out is not None:
        _add(out, given.note)
    witness = bootstrap.copy_to_witness(given.note)
    value = {
        "number": given.number,
        "origin": given.said.origin,
        "size": given.said.size,
        "root": b64encode(given.said.root).decode(),
        "note": given.note,
        "keys": list(given.keys),
        "local_key": None if given.local_key is None else str(given.local_key),
        "witness": witness,
    }

    def draw(to: Screen) -> None:
        to.print(given.note, end="", soft_wrap=True)

    answer(as_json, value, draw)


def _add(out: Path, note: str) -> None:
    try:
        bootstrap.add_checkpoint(out, note)
    except OSError as error:
        raise BadInput(
            f"--out: the checkpoint is signed and kept, but {out} cannot be written "
            f"({error.strerror}): put it right and run `polku audit checkpoint` again"
        ) from error
