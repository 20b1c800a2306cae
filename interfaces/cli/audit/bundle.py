"""`polku audit bundle`: a journey and its proofs in one file, for somebody who has no Polku."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from application.audit.bundle import TooLarge
from application.journeys import history
from interfaces import bootstrap
from interfaces.cli.language import Language
from interfaces.cli.noting import note_entries
from interfaces.cli.terminal import AsJson, BadInput, Refused, Screen, answer, so_many


def bundle(
    journey: Annotated[str, typer.Argument(help="The journey's id.")],
    out: Annotated[
        Path, typer.Option(help="The file to write (a zip file); it must not be there yet.")
    ],
    language: Annotated[Language, typer.Option(help="Of its page.")] = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Write a journey's entries, their proofs and the signed checkpoint into one file.

    It holds personal data: hand it to whoever may have them. Its README says how it is verified,
    without Polku; it was verified so before it was written.

    JSON: journey, file, sha256 (of the file), entries, size (of the log then), origin (of the
    log), keys (that signed).
    """
    if out.exists():
        raise BadInput(f"--out: {str(out)!r} is there already; name another file")
    with bootstrap.open_office() as office:
        try:
            made = bootstrap.bundle_journey(office, journey, language=language.value)
        except TooLarge as error:
            raise Refused(str(error)) from error
        known = history(office, journey)
        note_entries(office, "audit-bundle", journey, known, known.entries)
    _write(out, made.data)
    value = {
        "journey": journey,
        "file": str(out),
        "sha256": sha256(made.data).hexdigest(),
        "entries": made.entries,
        "size": made.size,
        "origin": made.origin,
        "keys": made.keys,
    }

    def draw(to: Screen) -> None:
        entries = so_many(made.entries, "entry", "entries")
        to.print(f"{out}: {entries} of journey {journey}, proven in the log {made.origin}")
        to.print("Tell whoever gets it the key by another way:")
        for key in made.keys:
            to.print(f"  {key}")

    answer(as_json, value, draw)


def _write(out: Path, data: bytes) -> None:
    from interfaces.exports.files import NotWritten, write_bytes, write_whole

    try:
        write_whole(out, write_bytes(data))
    except NotWritten as error:
        raise BadInput(f"--out: {error}") from error
