"""`polku clients`: holding a client's data, erasing it, and merging who is one person."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer

from application import erasing, merging
from application.erasing import Certificate
from application.intentions import latest_today
from application.office import Office
from application.transact import Asked
from domain.entry import By, Personal
from domain.erasure import UnderLegalHold
from interfaces import bootstrap
from interfaces.cli.noting import note_reading
from interfaces.cli.terminal import AsJson, Screen, answer, day_of, decided_on, plain

commands = typer.Typer(
    no_args_is_help=True,
    help="A client's personal data: legal holds, erasure, and merging two ids of one person.",
)

Client = Annotated[str, typer.Argument(help="The client's id.")]
Person = Annotated[str, typer.Option("--by", help="Who decided it, by an id.")]
Organisation = Annotated[str, typer.Option(help="For which organisation, by its code.")]
OnDay = Annotated[str | None, typer.Option("--on", help="The day it was decided; today without.")]
HoldId = Annotated[str, typer.Option("--hold", help="The id of the legal hold.")]
Merged = Annotated[str, typer.Option("--merged", help="The id that is merged into the client's.")]
Ground = Annotated[str, typer.Option(help="On which ground: a code or an article; no names.")]
Why = Annotated[str, typer.Option(help="Why, in a sentence; it is sealed.")]


def _asked(office: Office, by: str, organisation: str, on: str | None) -> Asked:
    """Return who asks, on which day. Raises BadInput for a day that lies ahead."""
    return Asked(By(by, organisation), decided_on(day_of(on, "--on"), latest_today(office)))


@contextmanager
def _office_for(*clients: str) -> Iterator[Office]:
    """Open the office for an act on clients; that somebody is told why they are held is noted."""
    with bootstrap.open_office() as office:
        try:
            yield office
        except UnderLegalHold:
            note_reading(office, "changes", [(client, None) for client in clients])
            raise


@commands.command()
def hold(
    client: Client,
    hold: HoldId,
    basis: Annotated[str, typer.Option(help="The law or file number that obliges; no names.")],
    by: Person,
    organisation: Organisation,
    reason: Why = "",
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Place a legal hold: until it is released, nothing of the client is erased.

    JSON: client, hold, version, position.
    """
    with bootstrap.open_office() as office:
        asked = _asked(office, by, organisation, on)
        said = Personal(reason or None)
        done = erasing.place_hold(office, client, asked, hold=hold, basis=basis, reason=said)
    value = {"client": client, "hold": hold, "version": done.version, "position": done.position}
    answer(as_json, value, lambda to: to.print(f"The data of {client} is held under {hold}."))


@commands.command()
def release(
    client: Client,
    hold: HoldId,
    by: Person,
    organisation: Organisation,
    reason: Why = "",
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Release a legal hold.

    JSON: client, hold, version, position.
    """
    with bootstrap.open_office() as office:
        asked = _asked(office, by, organisation, on)
        said = Personal(reason or None)
        done = erasing.release_hold(office, client, asked, hold=hold, reason=said)
    value = {"client": client, "hold": hold, "version": done.version, "position": done.position}
    answer(as_json, value, lambda to: to.print(f"{hold} holds the data of {client} no longer."))


@commands.command()
def erase(
    client: Client,
    ground: Ground,
    by: Person,
    organisation: Organisation,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Destroy the keys of all personal data of a client, for good, and print the certificate.

    Refused under a legal hold (on another, too, of whom the client's data tells), and while a
    journey of the client goes on. Run again, it finishes what was broken off, erases what others
    recorded meanwhile, and prints the certificate once more.

    JSON: client, erased_at, occurred_on, by, ground, kinds (null: all), journeys, also (other ids
    of the same person, erased with it), position, keys_destroyed (by kind of data), cleared,
    remains.
    """
    with _office_for(client) as office:
        asked = _asked(office, by, organisation, on)
        done = erasing.erase(
            office,
            client,
            asked,
            ground=ground,
            journeys_of=bootstrap.journeys_of_clients(office),
            left=bootstrap.keys_left(office),
            clear=bootstrap.clearing(office),
        )
    answer(as_json, plain(done), lambda to: draw_certificate(to, done))


@commands.command()
def merge(
    client: Client,
    merged: Merged,
    ground: Ground,
    reason: Why,
    by: Person,
    organisation: Organisation,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Merge another client into this one: both ids are one person's, who goes by this one.

    Nothing of either is changed, and `polku clients split` undoes it. Refused under a legal hold.

    JSON: client, merged, version, position.
    """
    with _office_for(client, merged) as office:
        asked, said = _asked(office, by, organisation, on), Personal(reason)
        done = merging.merge(office, client, asked, merged=merged, ground=ground, reason=said)
    value = {"client": client, "merged": merged, "version": done.version, "position": done.position}
    answer(as_json, value, lambda to: to.print(f"{merged} goes by {client} from now on."))


@commands.command()
def split(
    client: Client,
    merged: Merged,
    ground: Ground,
    reason: Why,
    by: Person,
    organisation: Organisation,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Split a client who was merged into this one: they are two persons after all.

    What was recorded since the merge stays where it is. Refused under a legal hold.

    JSON: client, merged, version, position.
    """
    with _office_for(client, merged) as office:
        asked, said = _asked(office, by, organisation, on), Personal(reason)
        done = merging.split(office, client, asked, merged=merged, ground=ground, reason=said)
    value = {"client": client, "merged": merged, "version": done.version, "position": done.position}
    answer(as_json, value, lambda to: to.print(f"{merged} and {client} are two persons again."))


def draw_certificate(to: Screen, done: Certificate) -> None:
    """Print a certificate for a person to read, and to keep."""
    kinds = "all personal data" if done.kinds is None else ", ".join(done.kinds)
    lines: list[tuple[str, Any]] = [
        ("Certificate of erasure", ""),
        ("client", done.client),
        ("erased", kinds),
        ("when", f"{_instant(done.erased_at)}, decided on {done.occurred_on}"),
        ("by", f"{done.by.person} ({done.by.organisation})"),
        ("ground", done.ground),
        ("journeys", ", ".join(done.journeys) or "none"),
        ("also", ", ".join(done.also) or "no other id"),
        ("entry", f"position {done.position} of the log"),
        ("keys", ", ".join(f"{k} {n}" for k, n in done.keys_destroyed.items()) or "none"),
        ("cleared", "; ".join(done.cleared)),
        ("remains", "; ".join(done.remains)),
    ]
    for name, said in lines:
        to.print(f"{name:<9} {said}" if said else name, soft_wrap=True)


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
