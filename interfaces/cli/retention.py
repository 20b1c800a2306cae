"""`polku retention`: what need not be kept any longer, and erasing it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Annotated, NamedTuple

import typer

from application import retention
from application.intentions import latest_day, latest_today
from application.office import Office
from application.retention import CarriedOut, Due, Looked
from application.transact import Asked
from application.views.listing import Wanted
from domain.entry import By
from interfaces import bootstrap
from interfaces.cli.noting import note_reading
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    Refused,
    Screen,
    answer,
    day_of,
    progress,
    so_many,
    table,
)

commands = typer.Typer(
    no_args_is_help=True,
    help="Personal data whose time is over, by the retention of each programme's definition.",
)

AsAt = Annotated[
    str | None, typer.Option("--as-at", help="What is due by this day; today without.")
]


@commands.command("due")
def list_due(as_at: AsAt = None, as_json: AsJson = False) -> None:
    """List the kinds of clients' data that need not be kept any longer.

    Ends with 1 where something may be due of which an entry cannot be read.

    JSON: as_at, due (client, kind, ended_on, due_on, programme, definition_version, basis,
    journeys, held_by: the legal holds that stop it, also: other ids of the same person), unread
    (clients of whom an entry cannot be read: nothing of theirs is listed).
    """
    with bootstrap.open_office() as office:
        day = day_of(as_at, "--as-at") or _today(office)
        listed = _due(office, day)
    found = listed.due
    value = {"as_at": day, "due": found, "unread": listed.unread}
    answer(as_json, value, lambda to: _draw(to, found, day))
    if listed.of_anybody:
        raise Refused(_of_anybody(listed.of_anybody))
    _refuse_unread(listed.unread)


@commands.command("carry-out")
def carry_out(
    by: Annotated[str, typer.Option("--by", help="Who decided it, by an id.")],
    organisation: Annotated[str, typer.Option(help="For which organisation, by its code.")],
    as_at: AsAt = None,
    as_json: AsJson = False,
) -> None:
    """Erase what is due, for good: the keys of those kinds of data are destroyed.

    What is under a legal hold stays. A run that was broken off can be run again. Of a client of
    whom an entry cannot be read nothing is erased, and it ends with 1; nothing of anybody where
    nobody knows whose the entry is.

    JSON: as_at, erased (client, kinds, programme, basis, journeys, position), held (as due), unread
    (as due).
    """
    with bootstrap.open_office() as office:
        today = _today(office)
        day = day_of(as_at, "--as-at") or today
        if day > today:
            raise BadInput(f"--as-at: {day} lies ahead of today, {today}: nothing is due by it yet")
        listed = _due(office, day)
        if listed.of_anybody:
            raise Refused(f"nothing is erased: {_of_anybody(listed.of_anybody)}")
        found = listed.due
        asked = Asked(By(by, organisation), today)
        look = Looked(bootstrap.journeys_of_clients(office), bootstrap.kinds_left(office))
        done = [*retention.carry_out(office, found, asked, day, look)]
        bootstrap.clearing(office)([])
    held = [one for one in found if one.held_by]
    value = {"as_at": day, "erased": done, "held": held, "unread": listed.unread}
    answer(as_json, value, lambda to: _draw_done(to, done, held))
    _refuse_unread(listed.unread)


def _today(office: Office) -> date:
    """Return the day of today by which something is due.

    Where a clock ran ahead when an entry was recorded, the log's stands there until it has come so
    far: what was erased by it would be gone years before its time.
    """
    return min(latest_today(office), latest_day(bootstrap.now()))


class _Listed(NamedTuple):
    """What is due, the clients of whom that cannot be told, and journeys of nobody knows whom."""

    due: list[Due]
    unread: list[str]
    of_anybody: frozenset[str]


def _due(office: Office, day: date) -> _Listed:
    with progress("Bringing the list up to date") as advance:
        listed = bootstrap.list_journeys(office, Wanted(limit=0), advance)
    journeys: dict[str, list[str]] = {}
    for case in listed.cases:
        journeys.setdefault(case.client, []).append(case.journey)
    of_anybody, unread = retention.of_anybody(office, journeys), list[str]()
    if "" in journeys:
        journeys[""] = [one for one in journeys[""] if one not in of_anybody]
    left = bootstrap.kinds_left(office)
    found = [*retention.due(office, journeys, day, left, unread.append)]
    read = ((client, None) for one in found for client in (one.client, *one.also))
    note_reading(office, "retention", read)
    return _Listed(found, unread, of_anybody)


def _of_anybody(journeys: Collection[str]) -> str:
    return (
        f"nobody knows whose {', '.join(sorted(journeys))} is, which cannot be read, so any "
        "client's data may have to be kept for it: `polku journeys show` says what is wrong; mend "
        "that first"
    )


def _refuse_unread(clients: Collection[str]) -> None:
    """Raise Refused where it cannot be told of clients whether something is due."""
    if clients:
        raise Refused(
            f"nothing is told or erased of {', '.join(sorted(clients))}, of whom an entry cannot "
            "be read: `polku projections status` and `polku journeys show` say what is wrong"
        )


def _draw(to: Screen, found: Sequence[Due], day: date) -> None:
    if not found:
        to.print(f"Nothing is due by {day}.")
        return
    drawn = table(None, "Client", "Kind", "Ended", "Due", "Programme", ("Basis", "wrap"), "Held by")
    for one in found:
        held = ", ".join(one.held_by)
        drawn.add_row(
            *(one.client, one.kind, str(one.ended_on), str(one.due_on), one.programme),
            *(one.basis, held),
        )
    to.print(drawn)


def _draw_done(to: Screen, done: Sequence[CarriedOut], held: Sequence[Due]) -> None:
    for one in done:
        to.print(f"{one.client}: {', '.join(one.kinds)} ({one.basis})", soft_wrap=True)
    to.print(f"Erased kinds of data of {so_many(len({one.client for one in done}), 'client')}.")
    if held:
        to.print(f"Held: {', '.join(sorted({one.client for one in held}))}.", soft_wrap=True)
