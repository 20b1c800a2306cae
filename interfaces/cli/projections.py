"""`polku projections`: how the views stand, keeping them, and making them anew."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import Annotated, Any

import typer

from application.questions import SetAside, ViewStatus
from interfaces import bootstrap
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    Screen,
    answer,
    plain,
    progress,
    so_many,
    table,
)

commands = typer.Typer(
    no_args_is_help=True,
    help="The views that cross journeys: how they stand, keeping them, rebuilding one.",
)


@commands.command()
def status(as_json: AsJson = False) -> None:
    """Say how far each view has come, and what it could not take.

    Ends with 1 where a view has set something aside, or its rows are of another program's shape.

    JSON: views (name, shape, generation, state: new, live, rebuilding, outdated or newer, position,
    lag_events, lag_seconds, quarantined, runner: null where nobody keeps it), set_aside (view,
    owner, version, since, error).
    """
    with bootstrap.open_projections() as views:
        found, aside = bootstrap.view_statuses(views)
    answer(as_json, {"views": found, "set_aside": aside}, lambda to: _draw(to, found, aside))
    if aside or any(view.state in ("outdated", "newer") for view in found):
        raise typer.Exit(1)


def _draw(to: Screen, found: Sequence[ViewStatus], aside: Sequence[SetAside]) -> None:
    drawn = table(
        None,
        "View",
        "State",
        ("Version", "right"),
        ("Position", "right"),
        ("Behind", "right"),
        ("Seconds", "right"),
        ("Set aside", "right"),
        ("Kept by", "wrap"),
    )
    for view in found:
        drawn.add_row(
            view.name,
            view.state,
            f"{view.shape}.{view.generation}",
            f"{view.position:,}",
            f"{view.lag_events:,}",
            f"{view.lag_seconds:.1f}",
            str(view.quarantined),
            view.runner or "nobody",
        )
    if found:
        to.print(drawn)
    else:
        to.print("No views yet: `polku projections run --once` makes them.")
    for one in aside:
        to.print(
            f"set aside: {one.view} of {one.owner} at version {one.version}, "
            f"since {one.since:%Y-%m-%d %H:%M} UTC: {one.error}",
            soft_wrap=True,
        )
    if aside:
        to.print("A program that can take them takes them in: `polku projections run --once`.")


@commands.command()
def run(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Only until the views are where the log is now.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Keep the views until it is stopped (Ctrl-C, SIGTERM); the batch that runs is finished.

    Views that another process keeps are left to it, until it ends. What had been set aside is tried
    once more at the start.

    JSON: views, set_aside, as `status` gives them, at the end.
    """
    with bootstrap.open_projections() as views, _stopped_by_signals() as stop:
        with progress("Bringing the views up to date") as advance:
            there = bootstrap.follow_log(views, stop, once=once, on_progress=advance)
        found, aside = bootstrap.view_statuses(views)
    answer(as_json, {"views": found, "set_aside": aside}, lambda to: _draw(to, found, aside))
    if not there or (once and aside):
        raise typer.Exit(1)


@commands.command()
def rebuild(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="Views, or `all`; see `status`.")
    ],
    as_json: AsJson = False,
) -> None:
    """Make a view anew from the log, beside the live one, and switch to it.

    Reading and writing go on meanwhile. The new rows are compared with the old ones, which must be
    equal where the program makes rows of the same shape; where some differ, the new ones hold, and
    it ends with 1. Ctrl-C or SIGTERM before the switch leaves everything as it was.

    JSON: rebuilt (view, generation, position, rows, seconds, quarantined, compared: null where the
    old rows were of another shape, else owners, differing, first: owner, table, columns).
    """
    with bootstrap.open_projections() as views, _stopped_by_signals() as stop:
        known = list(views.views)
        wanted = known if names == ["all"] else list(dict.fromkeys(names))
        for name in wanted:
            if name not in known:
                raise BadInput(f"NAME: there is no view {name!r}; there are: {', '.join(known)}")
        with progress("Rebuilding " + ", ".join(wanted)) as advance:
            rebuilt = bootstrap.rebuild_views(views, wanted, stop, advance)
    answer(as_json, {"rebuilt": rebuilt}, lambda to: _draw_rebuilt(to, rebuilt))
    if any(one.compared is not None and one.compared.differing for one in rebuilt):
        raise typer.Exit(1)


def _draw_rebuilt(to: Screen, rebuilt: Sequence[Any]) -> None:
    for one in rebuilt:
        to.print(
            f"{one.view}: {so_many(one.rows, 'row')} made of the log up to position "
            f"{one.position:,} in {one.seconds:.1f} s, now generation {one.generation}."
        )
        if one.quarantined:
            to.print(f"  {so_many(one.quarantined, 'owner')} set aside: polku projections status")
        if one.compared is None:
            to.print("  There were no rows of this shape to compare with.")
        elif not one.compared.differing:
            to.print(f"  Equal to the rows before, of {so_many(one.compared.owners, 'owner')}.")
        else:
            to.print(f"  {_difference(one.compared)}", soft_wrap=True)


def _difference(compared: Any) -> str:
    first = plain(compared.first)
    where = ", ".join(first["columns"]) or "rows are missing"
    return (
        f"The rows before were wrong for {compared.differing:,} of "
        f"{so_many(compared.owners, 'owner')}; the first is {first['owner']}, in "
        f"{first['table']}: {where}. The new rows hold."
    )


@contextmanager
def _stopped_by_signals() -> Iterator[Event]:
    """Give what is set when the process is asked to stop; a second time it stops at once."""
    stop = Event()

    def asked(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
