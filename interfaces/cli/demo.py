"""`polku demo`: clients of five service models in one database, and what to see there."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from application.office import Office
from application.simulation.casting import Cast
from application.simulation.days import VirtualClock, Window
from application.simulation.profiles import PROFILES
from application.simulation.run import Played
from interfaces import bootstrap
from interfaces.cli.demo_glance import Glance, glance, keys_of, newest_day
from interfaces.cli.demo_pages import draw
from interfaces.cli.simulate import FIRST, LAST, PLAYING, play
from interfaces.cli.terminal import AsJson, Refused, answer, progress, so_many

CLIENTS = {"duunipolku": 870, "etela-savo": 420, "askel": 240, "follow-me": 200, "ali": 160}
"""How many clients of each model are played: those of Duunipolku are what it means to reach."""

SEED = 7

WINDOW = Window(FIRST, LAST)

DONE_WITHIN = 21
"""Days before the end of the window within which the demo's newest entry lies, when it is whole."""


@dataclass(frozen=True, slots=True)
class _Done:
    """What this run did: None of it where the demo was there already."""

    played: Played | None
    seconds: float


def demo(
    share: Annotated[
        float, typer.Option(min=0.01, max=1, help="Play only a part of the clients, as 0.1.")
    ] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Set up a database, play clients of five service models, and show what became of them.

    A database that holds the demo already is shown as it is; one that holds anything else is left
    alone, with a word on what to do.

    JSON: database, played (null where the demo was there already; else journeys, entries,
    seconds, refused), day (the rest is as at that day), programmes (code, standings, overdue,
    longest_overdue, targets), history (journey, day, entries: what the history told line by line
    is about), next (commands).
    """
    if bootstrap.status().state == "empty":
        bootstrap.upgrade()
    clock = VirtualClock(FIRST)
    with bootstrap.open_office(clock=clock, inline=False) as office:
        done = _set_up(office, clock, share)
        with progress("Bringing the views up to date") as advance:
            bootstrap.catch_up(office, advance)
        seen = glance(office, LAST, list(CLIENTS), bootstrap.now().date())
        value = {"database": bootstrap.database(), "played": _keys(done), **keys_of(seen)}
        answer(as_json, value, lambda to: draw(to, office, seen, _opening(done, seen)))
    if done.played is not None and done.played.refusals:
        raise typer.Exit(1)


def casts_of(share: float) -> list[Cast]:
    """Return who is played: the given part of the demo's clients."""
    return [
        Cast(code, max(1, round(count * share)), SEED, PROFILES.get(code))
        for code, count in CLIENTS.items()
    ]


def _set_up(office: Office, clock: VirtualClock, share: float) -> _Done:
    """Set up the demo where it is not there yet. Raises Refused, too, while another process does.

    Half of it would be taken for one that was broken off.
    """
    with bootstrap.open_locks(office) as locks:
        begun_elsewhere = bool(office.log.position())
        if locks.is_taken(PLAYING) if begun_elsewhere else not locks.take(PLAYING):
            raise Refused(
                f"another process is setting up the demo, or playing clients, in "
                f"{bootstrap.database()}: wait until it is done, and run `polku demo` again"
            )
        return _set_up_alone(office, clock, share)


def _set_up_alone(office: Office, clock: VirtualClock, share: float) -> _Done:
    if office.log.position():
        _check_is_demo(office)
        return _Done(None, 0.0)
    begun = time.perf_counter()
    _, played = play(office, clock, casts_of(share), WINDOW)
    return _Done(played, time.perf_counter() - begun)


def _check_is_demo(office: Office) -> None:
    database = bootstrap.database()
    elsewhere = "POLKU_DATABASE_URL=sqlite:///demo.db polku demo"
    if not _began_as_demo(office):
        raise Refused(
            f"{database} holds entries that are not the demo's; they were left alone: "
            f"set up the demo elsewhere, with {elsewhere}"
        )
    newest = newest_day(office)
    played = [office.log.streams(f"journey:{code}-{SEED}-") for code in CLIENTS]
    if not all(played) or (LAST - newest).days > DONE_WITHIN:
        raise Refused(
            f"the demo in {database} was broken off on {newest}: "
            f"delete that database and run `polku demo` again, or set it up with {elsewhere}"
        )


def _began_as_demo(office: Office) -> bool:
    first = next(iter(office.log.read(until=1))).entry
    at_the_start = first.recorded_at == VirtualClock(FIRST)()
    return at_the_start and set(CLIENTS) <= set(office.programmes.published())


def _keys(done: _Done) -> dict[str, Any] | None:
    if done.played is None:
        return None
    return {
        "journeys": len(done.played.journeys),
        "entries": done.played.entries,
        "seconds": round(done.seconds, 1),
        "refused": [
            {"journey": r.journey, "act": r.act, "on": r.on, "message": r.message}
            for r in done.played.refusals
        ],
    }


def _opening(done: _Done, seen: Glance) -> Sequence[str]:
    where = bootstrap.database()
    if done.played is None:
        held = so_many(seen.entries, "entry", "entries")
        return (f"{where} holds the demo already: {held}. Here is what is in it.",)
    journeys, entries = len(done.played.journeys), done.played.entries
    lines = [
        f"{journeys:,} journeys of five service models were played into {where}:",
        f"{entries:,} entries in {done.seconds:.0f} s, each by the way of a case worker's act.",
        f"The days are {FIRST} to {LAST}; the people are fictitious, and the rates made up.",
    ]
    lines += [f"refused: {r.journey}, {r.act}: {r.message}" for r in done.played.refusals]
    return lines
