"""`polku audit history`: all that was recorded of a journey, a client, a programme ..."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from application.audit.history import Order, StreamKind, Traced, Trail, UnknownStream, trail
from application.journeys import history as history_of_journey
from application.of_whom import Read, beside_openings, besides
from application.office import Office
from application.scope import Purpose
from domain.data_kinds import named_client
from domain.entry import event_name
from interfaces import bootstrap
from interfaces.cli.marked import marked
from interfaces.cli.noting import note_reading
from interfaces.cli.terminal import AsJson, BadInput, Screen, answer, plain, so_many, table


def history(
    kind: Annotated[StreamKind, typer.Argument(help="What it is the history of.")],
    id_: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Its id or code; of accesses, the id of the journey opened."
        ),
    ],
    order: Annotated[
        Order, typer.Option(help="As it was recorded, or as it happened.")
    ] = Order.RECORDED,
    as_json: AsJson = False,
) -> None:
    """Tell all that was recorded, with both clocks, and what became of each entry.

    JSON: kind, id, version (how many entries), order, entries: version (the order recorded), place
    (the order it happened, from 1), position, event, fields, sentence, occurred_on, stands_on (the
    day by what is known now; null where it was retracted), recorded_at, known_at (what another
    system claims, else recorded_at), person, organisation, source, correlation, under (programme
    and version of the definition in force for it), corrected_by, retracted_by.
    """
    with bootstrap.open_office() as office:
        try:
            found = trail(office, kind, id_)
        except UnknownStream as error:
            raise BadInput(str(error)) from error
        note_reading(office, "audit-history", _read(office, found), Purpose.AUDIT)
    told = found.traced(found.ordered(order))
    value = {
        "kind": kind,
        "id": id_,
        "version": len(told),
        "order": order,
        "entries": [_keys(one) for one in told],
    }
    answer(as_json, value, lambda to: _draw(to, found, told))


def _read(office: Office, found: Trail) -> Iterable[Read]:
    """Return of whom the history tells: that of an organisation, of those who have its seats."""
    match found.kind:
        case StreamKind.JOURNEY:
            known = history_of_journey(office, found.id)
            return [(None, found.id), *besides(found.id, known, found.entries)]
        case StreamKind.ACCESS:
            opened = ((found.id, entry.position) for entry in found.entries)
            return [(None, found.id), *beside_openings(office, opened)]
        case StreamKind.CLIENT:
            others = (named_client(entry.event) for entry in found.entries)
            return [(found.id, None), *((one, None) for one in others if one)]
        case StreamKind.ORGANISATION | StreamKind.PROGRAMME:
            events = [entry.event for entry in found.entries]
            told = [(getattr(x, "client", None), getattr(x, "journey", None)) for x in events]
            return [one for one in told if any(one)]
        case StreamKind.REPORT:
            return []  # numbers, and nobody


def _keys(one: Traced) -> dict[str, Any]:
    from application.plainly import fields_of

    entry = one.entry
    return {
        "version": entry.version,
        "place": one.place,
        "position": entry.position,
        "event": event_name(type(entry.event)),
        "fields": fields_of(entry.event),
        "sentence": one.sentence,
        "occurred_on": entry.occurred_on,
        "stands_on": one.stands_on,
        "recorded_at": entry.recorded_at,
        "known_at": entry.known_at,
        "person": entry.by.person,
        "organisation": entry.by.organisation,
        "source": None if entry.source is None else plain(entry.source),
        "correlation": entry.correlation,
        "under": one.under,
        "corrected_by": one.corrected_by,
        "retracted_by": one.retracted_by,
    }


def _draw(to: Screen, found: Trail, told: tuple[Traced, ...]) -> None:
    drawn = table(
        f"{found.kind.value.capitalize()} {found.id}: {so_many(len(told), 'entry', 'entries')}",
        ("#", "right"),
        ("Place", "right"),
        "Happened",
        "Recorded (UTC)",
        ("By", "wrap"),
        "Under",
        ("What", "wrap"),
    )
    for one in told:
        entry = one.entry
        drawn.add_row(
            str(entry.version),
            str(one.place),
            _happened(one),
            entry.recorded_at.strftime("%Y-%m-%d %H:%M"),
            f"{entry.by.person} ({entry.by.organisation})",
            f"{one.under.programme} {one.under.version}" if one.under else "",
            marked(one.sentence, one.entry.source, one.corrected_by, one.retracted_by),
            style="dim" if one.retracted_by else "",
        )
    to.print(drawn)


def _happened(one: Traced) -> str:
    day = one.entry.occurred_on
    if one.stands_on is None:
        return f"{day}\nnever"
    return str(day) if one.stands_on == day else f"{day}\nin fact {one.stands_on}"
