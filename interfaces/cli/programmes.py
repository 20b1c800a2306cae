"""`polku programmes`: service models as data, checked and published."""

import getpass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from application import programmes as application
from application.local_time import zone_of
from application.office import Office
from application.transact import Asked
from domain.definition import Definition
from domain.entry import By
from domain.faults import DefinitionFaults
from domain.programme.state import Programme, Version
from interfaces import bootstrap
from interfaces.cli.definition_screen import draw_definition
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    Screen,
    answer,
    day_of,
    decided_on,
    plain,
    table,
)

commands = typer.Typer(
    no_args_is_help=True, help="Service models as data: look at them, check them, publish them."
)

Code: TypeAlias = Annotated[str, typer.Argument(help="The programme's code, as duunipolku.")]


@commands.command("list")
def list_programmes(as_json: AsJson = False) -> None:
    """List the programmes, published ones and those that come with Polku.

    JSON: programmes, each with code, title (en, local, language; null where it is not published),
    published, in_force (the version in force today, or null), closed_on, organisations (how
    many run it), versions (number, effective_from, digest).
    """
    with bootstrap.open_office() as office:
        known = office.programmes.published()
        rows = [_row(office, code, state) for code, state in known.items()]
    unpublished = sorted(set(bootstrap.shipped_definitions()) - set(known))
    rows += [_row_of_shipped(code) for code in unpublished]
    answer(as_json, {"programmes": rows}, lambda to: _draw_list(to, rows))


def _row(office: Office, code: str, state: Programme) -> dict[str, Any]:
    newest = office.programmes.definition(code, state.versions[-1].number)
    today = office.log.now().astimezone(zone_of(newest)).date()
    current = state.current(today)
    return {
        "code": code,
        "title": plain(newest.title),
        "published": True,
        "in_force": current.number if current and state.closed_on is None else None,
        "closed_on": plain(state.closed_on),
        "organisations": len(newest.organisations),
        "versions": [_version_keys(version) for version in state.versions],
    }


def _row_of_shipped(code: str) -> dict[str, Any]:
    nothing: dict[str, Any] = {"title": None, "in_force": None, "closed_on": None}
    return {"code": code, **nothing, "published": False, "organisations": None, "versions": []}


def _version_keys(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "effective_from": version.effective_from.isoformat(),
        "digest": version.digest,
    }


def _draw_list(to: Screen, rows: list[dict[str, Any]]) -> None:
    drawn = table(
        None, "Code", ("Title", "wrap"), ("Organisations", "right"), "Versions", ("Now", "wrap")
    )
    for row in rows:
        title = row["title"]
        versions = ", ".join(f"{v['number']} from {v['effective_from']}" for v in row["versions"])
        names = f"{title['en']} / {title['local']}" if title else ""
        count = "" if row["organisations"] is None else str(row["organisations"])
        drawn.add_row(row["code"], names, count, versions, _standing(row))
    to.print(drawn)


def _standing(row: dict[str, Any]) -> str:
    if not row["published"]:
        return f"not published: `polku programmes publish {row['code']}`"
    if row["closed_on"]:
        return f"closed on {row['closed_on']}"
    return f"version {row['in_force']} in force" if row["in_force"] else "not in force yet"


@commands.command()
def show(
    code: Code,
    version: Annotated[
        int | None, typer.Option(min=1, help="Which version; by default the one in force today.")
    ] = None,
    text: Annotated[
        bool, typer.Option("--text", help="Print the definition's text exactly as published.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what a published programme says: rules, phases, services, deadlines, targets.

    `polku programmes show CODE --text | sha256sum` gives the digest. JSON: definition (every part
    by the names of the file, the digest among them), versions (number, effective_from, digest),
    text (only with --text).
    """
    with bootstrap.open_office() as office:
        state = _published(office, code)
        definition = _asked_version(office, code, state, version)
    published = state.numbered(definition.version)
    said = published.definition if text and published else None
    if said is not None and not as_json:
        typer.echo(said.encode(), nl=False)
        return
    value: dict[str, Any] = {
        "definition": definition,
        "versions": [_version_keys(one) for one in state.versions],
    }
    if said is not None:
        value["text"] = said
    answer(as_json, value, lambda to: draw_definition(to, definition, state))


def _published(office: Office, code: str) -> Programme:
    state = office.programmes.state(code)
    if state.versions:
        return state
    if code in bootstrap.shipped_definitions():
        raise BadInput(f"{code} is not published: run `polku programmes publish {code}`")
    raise BadInput(f"there is no programme {code!r}: see `polku programmes list`")


def _asked_version(office: Office, code: str, state: Programme, version: int | None) -> Definition:
    newest = office.programmes.definition(code, state.versions[-1].number)
    if version is not None:
        return office.programmes.definition(code, version)
    today = office.log.now().astimezone(zone_of(newest)).date()
    current = state.current(today)
    return newest if current is None else office.programmes.definition(code, current.number)


@commands.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Definition files, in YAML.")],
    as_json: AsJson = False,
) -> None:
    """Check definition files: name file, line and field of every fault.

    Needs no database. Ends with 1 where there is a fault. JSON: files (file, ok, faults: line,
    field, code, message), faults (how many in all).
    """
    found = {file: bootstrap.check_definition(file) for file in files}
    count = sum(len(faults) for faults in found.values())
    value = {
        "files": [
            {
                "file": str(file),
                "ok": not faults,
                "faults": [
                    {"line": f.line, "field": f.field, "code": f.code, "message": f.message}
                    for f in faults
                ],
            }
            for file, faults in found.items()
        ],
        "faults": count,
    }

    def draw(to: Screen) -> None:
        for file, faults in found.items():
            for fault in faults:
                to.print(str(fault), soft_wrap=True)
            if not faults:
                to.print(f"{file}: good", soft_wrap=True)

    answer(as_json, value, draw)
    if count:
        raise typer.Exit(1)


@commands.command()
def publish(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILE_OR_CODE",
            help="A definition file, or the code of a programme that comes with Polku.",
        ),
    ],
    by: Annotated[
        str | None, typer.Option(help="Who publishes it; by default your name on this computer.")
    ] = None,
    organisation: Annotated[
        str | None,
        typer.Option(help="For which organisation; by default the first of the definition."),
    ] = None,
    on: Annotated[
        str | None, typer.Option(help="The day it was decided, as 2025-03-01; by default today.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Publish a programme's first version, or revise it by the next; journeys keep theirs.

    The same text again records nothing. JSON: programme, version, effective_from, digest,
    recorded (false where it was published already), position (of the entry, or null).
    """
    text, origin = _text_of(what)
    with bootstrap.open_office() as office:
        definition = bootstrap.read_definition(text, origin)
        asked = _asked(office, definition, by, organisation, day_of(on, "--on"))
        state = office.programmes.state(definition.programme)
        first = definition.version == 1 or not state.versions
        act = application.publish if first else application.revise
        receipt = act(office.programmes, asked, text, origin)
    value = {
        "programme": definition.programme,
        "version": definition.version,
        "effective_from": definition.effective_from,
        "digest": definition.digest,
        "recorded": bool(receipt.entries),
        "position": receipt.position if receipt.entries else None,
    }
    answer(as_json, value, lambda to: to.print(_said(definition, bool(receipt.entries))))


def _said(definition: Definition, recorded: bool) -> str:
    what = f"{definition.programme}, version {definition.version}"
    if not recorded:
        return f"{what} was published already: nothing was recorded"
    return f"published {what}, from {definition.effective_from} on (digest {definition.digest})"


def _text_of(what: str) -> tuple[str, str]:
    """Return a definition's text, and its name in faults. Raises BadInput."""
    shipped = bootstrap.shipped_definitions()
    if what in shipped:
        return shipped[what], f"{what}.yaml"
    file = Path(what)
    if not file.is_file():
        codes = ", ".join(sorted(shipped))
        raise BadInput(f"{what!r} is neither a file nor a programme that comes with Polku: {codes}")
    try:
        return file.read_bytes().decode("utf-8"), str(file)
    except (OSError, UnicodeDecodeError):
        raise DefinitionFaults(tuple(bootstrap.check_definition(file))) from None


def _asked(
    office: Office,
    definition: Definition,
    by: str | None,
    organisation: str | None,
    on: date | None,
) -> Asked:
    codes = [participant.code for participant in definition.organisations]
    if organisation is not None and organisation not in codes:
        known = ", ".join(codes)
        raise BadInput(
            f"--organisation: {organisation!r} does not take part; those that do: {known}"
        )
    today = office.log.now().astimezone(zone_of(definition)).date()
    return Asked(By(by or _name_here(), organisation or codes[0]), decided_on(on, today))


def _name_here() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise BadInput("--by: this computer does not say who you are; give your name") from None
