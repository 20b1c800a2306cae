"""`polku simulate`: clients to play with, whose whole journeys are acted out."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

import typer

from application import programmes
from application.office import Office
from application.simulation import casting, run
from application.simulation.casting import CannotSimulate, Cast
from application.simulation.days import VirtualClock, Window
from application.simulation.profiles import PROFILES
from application.simulation.run import Played
from application.transact import Asked
from domain.entry import By
from interfaces import bootstrap
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    Refused,
    Screen,
    answer,
    day_of,
    progress,
    so_many,
)

PLAYING = "demo"
"""The lock of who plays clients, in days that are past."""

FIRST, LAST = date(2025, 1, 7), date(2026, 6, 30)
"""The days that are played where nothing else is said: the same every time, as the seed is."""


def simulate(
    programme: Annotated[str, typer.Option(help="The programme's code, as duunipolku.")],
    clients: Annotated[int, typer.Option(min=1, help="How many clients are referred.")] = 100,
    seed: Annotated[
        int, typer.Option(min=0, help="The same seed on the same window gives the same log.")
    ] = 7,
    from_: Annotated[
        str | None, typer.Option("--from", help=f"First day that is played; {FIRST} if not given.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help=f"Last day that is played; {LAST} if not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play whole journeys of fictitious clients, from referral to follow-up.

    Each act goes the way that a case worker's act goes. The log is written with the clock of the
    days that are played: they must be past, the log must hold nothing from after the first of
    them, and no journey or client that was not simulated; a seed that was played before is not
    played again. A programme that comes with Polku is published first, where it is not. Ends with
    2 where the log or the days cannot be taken, and with 1 where an act was refused, which is a
    fault of the simulation, or where another process is playing clients there: the log has one
    clock.

    JSON: programme, seed, from, until, published (whether the definition was published now),
    clients, journeys, entries, stands (status and phase, with the number of journeys), refused
    (journey, act, on, message).
    """
    window = window_of(from_, until)
    clock = VirtualClock(window.first)
    cast = Cast(programme, clients, seed, PROFILES.get(programme))
    with bootstrap.open_office(clock=clock, inline=False) as office:
        with alone(office):
            published, played = play(office, clock, [cast], window)
        with progress("Bringing the views up to date") as advance:
            bootstrap.catch_up(office, advance)
        value = _summary(office, cast, window, played, published=bool(published))
    answer(as_json, value, lambda to: _draw(to, value))
    if played.refusals:
        raise typer.Exit(1)


def window_of(from_: str | None, until: str | None) -> Window:
    """Return the days that are played; none of them is still to come. Raises BadInput."""
    today = bootstrap.now().date()
    last = day_of(until, "--until") or min(LAST, today)
    window = Window(day_of(from_, "--from") or FIRST, last)
    if window.last > today:
        raise BadInput(
            f"--until: {window.last} is still to come, and nobody can set the log's clock ahead: "
            f"end by today, {today}"
        )
    if window.last < window.first and until is None:
        raise BadInput(f"--from: {window.first} lies after the last day, {last}: give --until too")
    if window.last < window.first:
        raise BadInput(f"--until: {window.last} lies before the first day, {window.first}")
    return window


@contextmanager
def alone(office: Office) -> Iterator[None]:
    """Play by the one clock of the log. Raises Refused while another process does.

    Its entries would all be recorded at the last instant of the other's, as if known that late.
    """
    with bootstrap.open_locks(office) as locks:
        if not locks.take(PLAYING):
            raise Refused(
                f"another process is playing clients in {bootstrap.database()}, whose clock the "
                f"log goes by: wait until it is done, and run `polku simulate` again"
            )
        yield


def play(
    office: Office, clock: VirtualClock, casts: Sequence[Cast], window: Window
) -> tuple[list[str], Played]:
    """Publish what is not published, and play; return the codes published now.

    Raises BadInput, with nothing published, where the log cannot take it.
    """
    texts = bootstrap.shipped_definitions()
    known = office.programmes.published()
    missing = [cast.programme for cast in casts if cast.programme not in known]
    for code in missing:
        if code not in texts:
            names = ", ".join(sorted({*texts, *known}))
            raise BadInput(f"--programme: {code!r} is not a programme here; there are: {names}")
    try:
        unpublished = {code: bootstrap.read_definition(texts[code], code) for code in missing}
        casting.check(office, casts, window, unpublished)
        for code in missing:
            publish(office, code, texts[code], window.first)
        with progress("Playing " + ", ".join(cast.programme for cast in casts)) as advance:
            on_day = _told(advance, window)
            return missing, run.simulate(office, clock, casts, window, on_day)
    except CannotSimulate as error:
        raise BadInput(str(error)) from error


def publish(office: Office, code: str, text: str, on: date) -> None:
    """Publish a definition that comes with Polku."""
    organisation = bootstrap.read_definition(text, code).organisations[0].code
    asked = Asked(By("simulation", organisation), on)
    programmes.publish(office.programmes, asked, text, f"{code}.yaml")


def _told(advance: Callable[[int, int], None], window: Window) -> Callable[[date, int], None]:
    return lambda day, _entries: advance((day - window.first).days, window.days)


def _summary(
    office: Office, cast: Cast, window: Window, played: Played, *, published: bool
) -> dict[str, Any]:
    journeys = [history.journey for history in run.histories(office, played).values()]
    stands = Counter((j.status.value, j.stay.phase.value if j.stay else None) for j in journeys)
    return {
        "programme": cast.programme,
        "seed": cast.seed,
        "from": window.first,
        "until": window.last,
        "published": published,
        "clients": played.clients,
        "journeys": len(played.journeys),
        "entries": played.entries,
        "stands": [
            {"status": status, "phase": phase, "journeys": count}
            for (status, phase), count in sorted(stands.items(), key=str)
        ],
        "refused": [
            {"journey": r.journey, "act": r.act, "on": r.on, "message": r.message}
            for r in played.refusals
        ],
    }


def _draw(to: Screen, value: dict[str, Any]) -> None:
    if value["published"]:
        to.print(f"Published {value['programme']}, as it comes with Polku.")
    to.print(
        f"{so_many(value['clients'], 'client')} of {value['programme']}, {value['from']} to "
        f"{value['until']}: {so_many(value['entries'], 'entry', 'entries')} (seed {value['seed']})."
    )
    for row in value["stands"]:
        phase = f" in {row['phase']}" if row["phase"] else ""
        to.print(f"  {row['journeys']:>5}  {row['status']}{phase}")
    for refused in value["refused"]:
        to.print(f"refused: {refused['journey']}: {refused['message']}", soft_wrap=True)
    to.print(f"See them: polku journeys list --programme {value['programme']}")
