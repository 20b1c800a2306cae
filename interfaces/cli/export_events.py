"""`polku export xes|ocel|csv|cloudevents`: journeys for the tools of others, pseudonymous."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from application.evaluation import told_journeys as application
from application.evaluation.told_journeys import Asked, Case, CaseSeen, Origin
from application.journeys import Office
from application.local_time import instant_meant, zone_of
from domain.definition import Definition
from interfaces import bootstrap
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    Refused,
    answer,
    counted,
    day_of,
    instant_of,
    progress,
)
from interfaces.exports.files import NotWritten, check_free, write_texts, write_whole

Programme: TypeAlias = Annotated[
    str | None, typer.Option(help="Only journeys of this programme, by its code.")
]
AsAt: TypeAlias = Annotated[
    str | None, typer.Option(metavar="DAY", help="What had happened by this day.")
]
KnownAt: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="INSTANT", help="What was known by this instant, or this day's end."),
]
Out: TypeAlias = Annotated[
    Path | None,
    typer.Option(help="The file to write; there must be none yet. By default polku.xes and so on."),
]


class OcelForm(StrEnum):
    """In which of its forms an object-centric log is written."""

    JSON = "json"
    SQLITE = "sqlite"


@dataclass
class Passing:
    """Counts what passes on its way into a file."""

    journeys: int = 0
    events: int = 0

    def seen(self, cases: Iterable[CaseSeen]) -> Iterator[CaseSeen]:
        """Yield the journeys, counted with their entries."""
        for case in cases:
            self.journeys += 1
            self.events += len(case.entries)
            yield case

    def recorded(self, entries: Iterable[tuple[CaseSeen, Any]]) -> Iterator[tuple[CaseSeen, Any]]:
        """Yield the entries, counted with the journeys that they are of."""
        last = None
        for case, entry in entries:
            self.journeys += case is not last
            self.events += 1
            last = case
            yield case, entry


Writing: TypeAlias = Callable[[Origin, Iterable[Case], Passing], Callable[[Path], None]]
"""Returns what writes journeys into a file."""


def xes(
    programme: Programme = None,
    as_at: AsAt = None,
    known_at: KnownAt = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Write journeys as XES (IEEE 1849-2016), for process mining: a trace for each journey.

    Nothing personal goes in. An event's time is the day it happened; corrections are applied.

    JSON: file, format, programme, as_at, known_at, position (of the log), ledger_root, journeys,
    events, bytes.
    """
    from interfaces.exports.xes import xes

    asked = (programme, as_at, known_at)
    _export("xes", out or Path("polku.xes"), asked, _texts(xes), as_json)


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

    JSON: file, format, programme, as_at, known_at, position (of the log), ledger_root, journeys,
    events, bytes.
    """
    from interfaces.exports.ocel_json import ocel_json
    from interfaces.exports.ocel_sqlite import ocel_sqlite

    def database(origin: Origin, cases: Iterable[Case], passing: Passing) -> Any:
        return ocel_sqlite(origin, passing.seen(application.seen(cases, origin.asked)))

    writing = _texts(ocel_json) if form is OcelForm.JSON else database
    named = out or Path(f"polku.ocel.{form.value}")
    _export(f"ocel-{form.value}", named, (programme, as_at, known_at), writing, as_json)


def csv(
    programme: Programme = None,
    as_at: AsAt = None,
    known_at: KnownAt = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Write journeys as one table in CSV: a line for each entry, a column for each field.

    Nothing personal goes in. Entries are told as they happened; corrections are applied.

    JSON: file, format, programme, as_at, known_at, position (of the log), ledger_root, journeys,
    events, bytes.
    """
    from interfaces.exports.csv_table import csv_table

    asked = (programme, as_at, known_at)
    _export("csv", out or Path("polku.csv"), asked, _texts(csv_table), as_json)


def cloudevents(
    programme: Programme = None,
    as_at: AsAt = None,
    known_at: KnownAt = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Write every entry of journeys as a CloudEvent (1.0), one a line in JSON.

    Nothing personal goes in. Entries are told as they were recorded; corrections are among them.

    JSON: file, format, programme, as_at, known_at, position (of the log), ledger_root, journeys,
    events, bytes.
    """
    from interfaces.exports.cloud_events import cloud_events

    def lines(origin: Origin, cases: Iterable[Case], passing: Passing) -> Any:
        recorded = passing.recorded(application.recorded(cases, origin.asked))
        return write_texts(cloud_events(origin, recorded))

    named = out or Path("polku.cloudevents.jsonl")
    _export("cloudevents", named, (programme, as_at, known_at), lines, as_json)


def _texts(form: Callable[[Origin, Iterable[CaseSeen]], Iterator[str]]) -> Writing:
    def writing(origin: Origin, cases: Iterable[Case], passing: Passing) -> Any:
        return write_texts(form(origin, passing.seen(application.seen(cases, origin.asked))))

    return writing


def _export(
    form: str,
    out: Path,
    asked: tuple[str | None, str | None, str | None],
    writing: Writing,
    as_json: bool,
) -> None:
    passing = Passing()
    try:
        check_free(out)
        with bootstrap.open_office(inline=False) as office:
            origin = bootstrap.origin_of(office, moment(office, *asked))
            with progress("Reading the log") as advance:
                cases = bootstrap.whole_journeys(office, origin.position, advance)
                write = writing(origin, cases, passing)
                size = write_whole(out, lambda part: _known(write, part, passing, origin, office))
    except NotWritten as error:
        raise Refused(str(error)) from error
    value = {
        "file": str(out),
        "format": form,
        "programme": origin.asked.programme,
        "as_at": origin.asked.as_at,
        "known_at": origin.asked.known_at,
        "position": origin.position,
        "ledger_root": origin.root,
        "journeys": passing.journeys,
        "events": passing.events,
        "bytes": size,
    }
    said = f"{out}: {counted(passing.journeys, 'journey')}, {counted(passing.events, 'event')}"
    answer(as_json, value, lambda to: to.print(said))


def _known(
    write: Callable[[Path], None], part: Path, passing: Passing, origin: Origin, office: Office
) -> None:
    """Write, and refuse a programme that nobody knows: there would be nothing in the file."""
    write(part)
    programme = origin.asked.programme
    if programme and not passing.journeys and not office.programmes.state(programme).versions:
        raise BadInput(f"there is no programme {programme!r}, as `polku programmes list` has it")


def moment(office: Office, programme: str | None, as_at: str | None, known_at: str | None) -> Asked:
    """Return what options ask for; a day's end is that of the programme's time zone.

    Raises BadInput.
    """
    zone = zone_of(_newest(office, programme) if programme else None)
    known = instant_meant(instant_of(known_at, "--known-at"), zone)
    return Asked(programme, day_of(as_at, "--as-at"), known)


def _newest(office: Office, programme: str) -> Definition | None:
    versions = office.programmes.state(programme).versions
    return office.programmes.definition(programme, versions[-1].number) if versions else None
