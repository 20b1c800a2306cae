"""`polku export`: what is held, written out for others to read."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from application.same_person import ids_of
from application.scope import Purpose
from application.subject_copied import SubjectCopy, as_json
from application.subject_copy import subject_copy
from domain.wording import Tongue
from interfaces import bootstrap
from interfaces.cli import export_events
from interfaces.cli.language import Language
from interfaces.cli.noting import note_reading
from interfaces.cli.terminal import AsJson, BadInput, Refused, answer, progress, so_many
from interfaces.subject_page import page

commands = typer.Typer(no_args_is_help=True, help="Write out what is held.")
commands.command("xes")(export_events.xes)
commands.command("ocel")(export_events.ocel)
commands.command("csv")(export_events.csv)
commands.command("cloudevents")(export_events.cloudevents)


class Form(StrEnum):
    """In which form a copy is written."""

    JSON = "json"
    HTML = "html"


@commands.callback()
def _export() -> None:
    """Keep the name of the command before what it is asked for."""


@commands.command("subject")
def subject(
    client: Annotated[str, typer.Argument(help="The client's id.")],
    out: Annotated[Path, typer.Option(help="The file to write; there must be none yet.")],
    form: Annotated[
        Form | None,
        typer.Option(
            "--format",
            help="For a program, or for a person to read; by default as the file's name ends.",
        ),
    ] = None,
    language: Annotated[
        Language | None, typer.Option(help="By default the client's own, where it is known.")
    ] = None,
    as_json_: AsJson = False,
) -> None:
    """Write the copy that a client has a right to: all that is held about them, and who read it.

    Of a client who was merged it is the person's, under all ids. Ends with 1 where a journey is
    missing because it cannot be read; the copy says so.

    JSON: client, file, format, language, entries (how many are in it), readings, journeys_unread.
    """
    form = form or _form_of(out)
    copy, spoken = _copied(client, language)
    _write(out, _text(copy, form, bootstrap.tongue(spoken)))
    entries = _entries(copy)
    told = {
        "client": client,
        "file": str(out),
        "format": form.value,
        "language": spoken.value,
        "entries": entries,
        "readings": len(copy.readings),
        "journeys_unread": copy.unread,
    }
    said = (
        f"{out}: {so_many(entries, 'entry', 'entries')}, {so_many(len(copy.readings), 'reading')}. "
        "Keep it safe: it names a person"
    )
    answer(as_json_, told, lambda to: to.print(said))
    if copy.unread:
        raise Refused(
            f"the copy is without {so_many(copy.unread, 'journey')} that could not be read: `polku "
            "projections status` names what a view could not take, and `polku journeys show` says "
            "what is wrong with a journey; mend that, and copy again"
        )


def _copied(client: str, language: Language | None) -> tuple[SubjectCopy, Language]:
    """Return the copy, and the language it speaks, once who read it is noted. Raises BadInput."""
    with bootstrap.open_office() as office:
        with progress("Bringing the views up to date") as advance:
            bootstrap.catch_up(office, advance)
        views = bootstrap.views_of(office)
        known = office.clients.newest(f"client:{client}").registered
        if known is None:
            raise BadInput(f"there is no client {client!r}: see `polku journeys list`")
        spoken = language or next((x for x in Language if x == known.language), Language.ENGLISH)
        tongue = bootstrap.tongue(spoken)
        journeys = bootstrap.journeys_of_clients(office, strict=False)(client)
        copy = subject_copy(office, client, journeys, views.readings, tongue=tongue)
        read = ((one, None) for one in ids_of(office.clients, client))
        note_reading(office, "client-copy", read, Purpose.OWN_DATA)
    return copy, spoken


def _text(copy: SubjectCopy, form: Form, tongue: Tongue) -> str:
    if form is Form.HTML:
        return page(copy, tongue)
    return json.dumps(as_json(copy), ensure_ascii=False, indent=1) + "\n"


def _entries(copy: SubjectCopy) -> int:
    """Count the entries in a copy: of all ids, of all journeys, and of organisations."""
    others = (*(one.entries for one in copy.merged), *(one.entries for one in copy.journeys))
    mistaken = (one.entries for one in copy.by_mistake)
    own = len(copy.entries) + len(copy.by_organisations)
    return own + sum(map(len, (*others, *mistaken)))


@commands.command("parquet")
def parquet(
    folder: Annotated[Path, typer.Argument(help="The folder to make; there must be none yet.")],
    as_json_: AsJson = False,
) -> None:
    """Write all that was recorded as Parquet tables for other tools, without who the clients are.

    A folder a table, and dictionary.md (and .json) that says what each column means. JSON: folder,
    position (of the last entry in it), ledger_root (there).
    """
    with bootstrap.open_office(inline=False) as office, progress("Writing the archive") as advance:
        position, root = bootstrap.export_archive(office, folder, advance)
    told = {"folder": str(folder), "position": position, "ledger_root": root}
    said = f"{folder}: {so_many(position, 'entry', 'entries')}; dictionary.md says what is in it"
    answer(as_json_, told, lambda to: to.print(said))


def _form_of(out: Path) -> Form:
    """Return the form that a file's name says; one without an ending is a page. Raises BadInput."""
    ending = out.suffix.lower()
    try:
        return _FORMS[ending]
    except KeyError:
        raise BadInput(
            f"--format: {out.name} does not say which form is wanted, {ending} is none; "
            "end the name with .html or .json, or say --format"
        ) from None


_FORMS = {"": Form.HTML, ".html": Form.HTML, ".htm": Form.HTML, ".json": Form.JSON}


def _write(out: Path, text: str) -> None:
    """Write a file that only its owner reads, whole, where there is none yet. Raises Refused."""
    from interfaces.exports.files import NotWritten, write_texts, write_whole

    try:
        write_whole(out, write_texts([text]))
    except NotWritten as error:
        raise Refused(str(error)) from error
