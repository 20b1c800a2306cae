"""`polku export xes|ocel|csv|cloudevents`: journeys for the tools of others, pseudonymous."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from application.evaluation.asking import Moment
from application.evaluation.reading import instant_asked
from application.evaluation.told_journeys import Origin
from application.office import Office
from interfaces import bootstrap
from interfaces.cli.clocks import AsAt, KnownAt
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    Refused,
    answer,
    day_of,
    instant_of,
    progress,
    so_many,
)
from interfaces.exports.files import NotWritten, check_free, write_whole
from interfaces.exports.forms import Passing, Writing, writing

Programme: TypeAlias = Annotated[
    str | None, typer.Option(help="Only journeys of this programme, by its code.")
]
Out: TypeAlias = Annotated[
    Path | None,
    typer.Option(help="The file to write; there must be none yet. By default polku.xes and so on."),
]

_KEYS = """JSON: file, format, programme, as_at, known_at, position (of the log), ledger_root,
journeys, events, bytes."""


class OcelForm(StrEnum):
    """In which of its forms an object-centric log is written."""

    JSON = "json"
    SQLITE = "sqlite"


def _written_as(form: str, file: str, title: str, note: str) -> Callable[..., None]:
    """Return the command that writes journeys in a form, by default into a file of that name."""

    def command(
        programme: Programme = None,
        as_at: AsAt = None,
        known_at: KnownAt = None,
        out: Out = None,
        as_json: AsJson = False,
    ) -> None:
        _export(form, out or Path(file), (programme, as_at, known_at), as_json)

    command.__doc__ = f"{title}\n\nNothing personal goes in. {note}\n\n{_KEYS}"
    return command


xes = _written_as(
    "xes",
    "polku.xes",
    "Write journeys as XES (IEEE 1849-2016), for process mining: a trace for each journey.",
    "An event's time is the day it happened; corrections are applied.",
)
csv = _written_as(
    "csv",
    "polku.csv",
    "Write journeys as one table in CSV: a line for each entry, a column for each field.",
    "Entries are told as they happened; corrections are applied.",
)
cloudevents = _written_as(
    "cloudevents",
    "polku.cloudevents.jsonl",
    "Write every entry of journeys as a CloudEvent (1.0), one a line in JSON.",
    "Entries are told as they were recorded; corrections are among them.",
)


def ocel(
    form: Annotated[
        OcelForm, typer.Option("--format", help="As JSON, or as a SQLite database.")
    ] = OcelForm.JSON,
    programme: Programme = None,
    as_at: AsAt = None,
    known_at: KnownAt = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Write journeys as OCEL 2.0: events in relation to journeys, clients, services and so on.

    Nothing personal goes in. An event's time is the day it happened; corrections are applied.

    JSON: file, format, programme, as_at, known_at, position (of the log), ledger_root,
    journeys, events, bytes.
    """
    named = out or Path(f"polku.ocel.{form.value}")
    _export(f"ocel-{form.value}", named, (programme, as_at, known_at), as_json)


def _export(
    form: str, out: Path, asked: tuple[str | None, str | None, str | None], as_json: bool
) -> None:
    passing = Passing()
    try:
        check_free(out)
        with bootstrap.open_office(inline=False) as office:
            origin = bootstrap.origin_of(office, asked[0], _moment(office, *asked))
            with progress("Reading the log") as advance:
                cases = bootstrap.whole_journeys(office, origin.position, advance)
                write = writing(form, origin, cases, passing)
                size = write_whole(out, lambda part: _known(write, part, passing, origin, office))
    except NotWritten as error:
        raise Refused(str(error)) from error
    value = {
        "file": str(out),
        "format": form,
        "programme": origin.programme,
        "as_at": origin.moment.as_at,
        "known_at": origin.moment.known_at,
        "position": origin.position,
        "ledger_root": origin.root,
        "journeys": passing.journeys,
        "events": passing.events,
        "bytes": size,
    }
    said = f"{out}: {so_many(passing.journeys, 'journey')}, {so_many(passing.events, 'event')}"
    answer(as_json, value, lambda to: to.print(said))


def _known(write: Writing, part: Path, passing: Passing, origin: Origin, office: Office) -> None:
    """Write, and refuse a programme that nobody knows: there would be nothing in the file."""
    write(part)
    programme = origin.programme
    if programme and not passing.journeys and not office.programmes.state(programme).versions:
        raise BadInput(f"there is no programme {programme!r}, as `polku programmes list` has it")


def _moment(
    office: Office, programme: str | None, as_at: str | None, known_at: str | None
) -> Moment:
    known = instant_asked(office, programme, instant_of(known_at, "--known-at"))
    return Moment(day_of(as_at, "--as-at"), known)
