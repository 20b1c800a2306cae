"""`polku journeys`: which there are, and one of them told under either clock."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from application.case_file import CaseFile, open_case_file
from application.journeys import history
from application.office import Office
from application.operating import OPERATION
from application.plainly import fields_of
from application.views.listing import Case, Wanted
from domain.definition import Phase
from domain.entry import Source, event_name
from domain.journey.state import Status
from interfaces import bootstrap
from interfaces.cli.case_screen import draw_case, draw_history
from interfaces.cli.noting import note_entries, note_reading
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    Refused,
    Screen,
    answer,
    day_of,
    instant_of,
    plain,
    progress,
    so_many,
    table,
)

BEHIND = "its views may only be read here, and nobody has brought them up to date"

commands = typer.Typer(
    no_args_is_help=True, help="Clients' journeys: which there are, and one told line by line."
)


@commands.command("list")
def list_journeys(
    programme: Annotated[str | None, typer.Option(help="Only of this programme (code).")] = None,
    organisation: Annotated[
        str | None, typer.Option(help="Only where this organisation (code) is responsible.")
    ] = None,
    phase: Annotated[Phase | None, typer.Option(help="Only in this phase.")] = None,
    status: Annotated[Status | None, typer.Option(help="Only with this status.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many at most; 0 for all.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List journeys as recorded now, in the order of their ids.

    JSON: found (how many there are), journeys (at most the limit), each with journey, client,
    programme, organisation, status, phase, since (the day of the phase or referral), responsible,
    version, last_recorded_at.
    """
    wanted = Wanted(programme, organisation, phase, status, limit)
    with bootstrap.open_office() as office:
        with progress("Bringing the list up to date") as advance:
            listed = bootstrap.list_journeys(office, wanted, advance)
        _check_known(office, "--programme", programme, listed.programmes)
        _check_known(office, "--organisation", organisation, listed.organisations)
        note_reading(office, "caseload", ((one.client, one.journey) for one in listed.cases))
    if listed.behind:
        typer.echo(f"polku: the list lacks {listed.behind} entries: {BEHIND}", err=True)
    value = {"found": listed.found, "journeys": listed.cases}
    answer(as_json, value, lambda to: _draw_list(to, listed.cases, listed.found))
    if listed.set_aside:
        raise Refused(
            f"{so_many(listed.set_aside, 'journey')} could not be read to the end, so the list may "
            "lack some or show them as they were: `polku projections status` names them, and "
            "`polku journeys show` says what is wrong with one"
        )


def _check_known(office: Office, option: str, code: str | None, used: frozenset[str]) -> None:
    """Raise BadInput for a code that no journey has and no published programme knows."""
    if code is None or code in used:
        return
    known = {*used}
    for name, state in office.programmes.published().items():
        if option == "--programme":
            known.add(name)
        else:
            newest = office.programmes.definition(name, state.versions[-1].number)
            known |= {one.code for one in newest.organisations}
    if code not in known:
        there = ", ".join(sorted(known - {""})) or "none yet; see `polku programmes publish`"
        raise BadInput(f"{option}: {code!r} is not known; there are: {there}")


def _draw_list(to: Screen, shown: Sequence[Case], found: int) -> None:
    drawn = table(
        None,
        "Journey",
        "Client",
        ("Programme", "wrap"),
        ("Organisation", "wrap"),
        ("Status", "wrap"),
        ("Phase", "wrap"),
        "Since",
        ("Responsible", "wrap"),
    )
    for case in shown:
        drawn.add_row(
            case.journey,
            case.client,
            case.programme,
            case.organisation,
            case.status,
            case.phase or "",
            str(case.since or ""),
            case.responsible or "",
        )
    if shown:
        to.print(drawn)
    to.print(f"{found} journeys" if len(shown) == found else f"{len(shown)} of {found} journeys")


@commands.command()
def show(
    journey: Annotated[str, typer.Argument(metavar="ID", help="The journey's id.")],
    as_at: Annotated[
        str | None,
        typer.Option(help="What had happened by this day (included), as 2025-03-01."),
    ] = None,
    known_at: Annotated[
        str | None,
        typer.Option(
            help="What was known by this instant, as 2025-03-01T12:00+02:00; a day, as "
            "2025-03-01, is its end in the programme's time zone."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell a journey: how it stands, what is due, and its history with both clocks.

    JSON: journey, clocks (as_at, known_at, day: the day plan and deadlines are seen from,
    claimed: whether the answer leans on another system's claim of when it knew), client,
    programme, definition_version, organisation, status, phase, since, responsible, plan, services,
    placements, deadlines, reviews (decisions waiting for review after a correction), closing,
    history (version, position, occurred_on, recorded_at, source, person, organisation, event,
    fields, sentence, corrected_by, retracted_by). The fields of an entry-corrected hold, as event,
    the event and fields that stand now.
    """
    day, instant = day_of(as_at, "--as-at"), instant_of(known_at, "--known-at")
    with bootstrap.open_office() as office:
        case = open_case_file(office, journey, as_at=day, known_at=instant)
        known, whose = history(office, journey), case.journey.client
        note_entries(office, "journey-page", journey, known, case.entries, whose, purpose=OPERATION)
    answer(as_json, case_keys(case), lambda to: draw_case(to, case))


def print_history(to: Screen, office: Office, journey: str) -> None:
    """Print the history of a journey line by line, with both clocks."""
    draw_history(to, open_case_file(office, journey))


def case_keys(case: CaseFile) -> dict[str, Any]:
    """Return a journey as JSON has it; `show` documents the keys."""
    state = case.journey
    return {
        "journey": case.id,
        "clocks": {
            "as_at": case.look.as_at,
            "known_at": _in_utc(case.look.known_at),
            "day": case.day,
            "claimed": case.look.claimed,
        },
        "client": state.client,
        "programme": state.programme,
        "definition_version": state.definition_version,
        "organisation": state.organisation,
        "status": state.status,
        "phase": state.stay.phase if state.stay else None,
        "since": state.stay.since if state.stay else None,
        "responsible": state.responsible,
        "plan": [
            {
                **plain(one.step),
                "status": one.status,
                "actual": one.actual,
                "days_late": one.days_late,
            }
            for one in case.plan
        ],
        "services": state.services,
        "placements": state.placements,
        "deadlines": [{**plain(due.deadline), "status": due.status} for due in case.deadlines],
        "reviews": case.doubts,
        "closing": state.closing,
        "history": _history_keys(case),
    }


def _history_keys(case: CaseFile) -> list[dict[str, Any]]:
    return [
        {
            "version": line.entry.version,
            "position": line.entry.position,
            "occurred_on": line.entry.occurred_on,
            "recorded_at": line.entry.recorded_at,
            "source": _source_keys(line.entry.source),
            "person": line.entry.by.person,
            "organisation": line.entry.by.organisation,
            "event": event_name(type(line.entry.event)),
            "fields": fields_of(line.entry.event),
            "sentence": line.sentence,
            "corrected_by": line.corrected_by,
            "retracted_by": line.retracted_by,
        }
        for line in case.lines
    ]


def _source_keys(source: Source | None) -> Any:
    return None if source is None else plain(source)


def _in_utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)
