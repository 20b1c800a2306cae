"""`polku audit difference`: what differs in a journey between two moments, on either clock."""

from datetime import date, datetime
from typing import Annotated, Any, TypeAlias

import typer

from application.audit.difference import Difference, EntryDiffers, difference
from application.case_file import see
from application.journeys import history
from domain.entry import event_name
from interfaces import bootstrap
from interfaces.cli.noting import note_entries
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    Screen,
    answer,
    day_of,
    instant_of,
    plain,
    so_many,
)


def told_difference(
    journey: Annotated[str, typer.Argument(metavar="ID", help="The journey's id.")],
    as_at: Annotated[
        str | None,
        typer.Option(
            metavar="DAY..DAY",
            help="What had happened by each day (included); an end that is left out is now.",
        ),
    ] = None,
    known_at: Annotated[
        str | None,
        typer.Option(
            metavar="INSTANT..INSTANT",
            help="What was known by each instant; an end that is left out is now. A day is its "
            "end in the programme's time zone.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what differs in a journey from one moment to another.

    JSON: journey, since and until (as_at, known_at), entries: version, event, how (added,
    corrected, retracted, not-yet: it has not happened by the second day, not-known: it was not
    known by the second instant), before and after (the day it happened by each moment), changed
    (field, before, after); state (field, before, after).
    """
    moments = _moments(as_at, known_at)
    with bootstrap.open_office() as office:
        one, other = (see(office, journey, as_at=day, known_at=known) for day, known in moments)
        differs = difference(one, other)
        told = [x for each in differs.entries for x in (each.before, each.after) if x]
        note_entries(office, "audit-difference", journey, history(office, journey), told)
    since, until = ({"as_at": day, "known_at": known} for day, known in moments)
    value = {
        "journey": journey,
        "since": since,
        "until": until,
        "entries": [_keys(x) for x in differs.entries],
        "state": differs.state,
    }
    answer(as_json, value, lambda to: _draw(to, value))


_Moment: TypeAlias = tuple[date | None, datetime | date | None]
"""The day and the instant asked about; None is now."""


def _moments(as_at: str | None, known_at: str | None) -> tuple[_Moment, _Moment]:
    """Return the two moments. Raises BadInput where both are now, or a text names none."""
    days = [day_of(text, "--as-at") for text in _ends(as_at, "--as-at")]
    instants = [instant_of(text, "--known-at") for text in _ends(known_at, "--known-at")]
    if not any((*days, *instants)):
        raise BadInput(
            "give two moments with --as-at or --known-at, as 2025-02-01..2025-03-01: "
            "between now and now nothing differs"
        )
    return (days[0], instants[0]), (days[1], instants[1])


def _ends(text: str | None, option: str) -> tuple[str | None, str | None]:
    if text is None:
        return None, None
    first, between, last = text.partition("..")
    if not between:
        raise BadInput(
            f"{option}: {text!r} is not two moments; write them as 2025-02-01..2025-03-01"
        )
    return first or None, last or None


def _keys(one: EntryDiffers) -> dict[str, Any]:
    there = one.after or one.before
    return {
        "version": one.version,
        "event": event_name(type(there.event)) if there else None,
        "how": one.how.value,
        "before": one.before.occurred_on if one.before else None,
        "after": one.after.occurred_on if one.after else None,
        "changed": plain(one.changed),
    }


_SIGN = {Difference.ADDED.value: "+", Difference.CORRECTED.value: "~"}


def _draw(to: Screen, value: dict[str, Any]) -> None:
    entries, state = value["entries"], plain(value["state"])
    for one in entries:
        what = one["event"].replace("-", " ")
        day, how = one["after"] or one["before"], one["how"].replace("-", " ")
        to.print(f"{_SIGN.get(one['how'], '-')} entry {one['version']} ({day}): {what}, {how}")
        for x in one["changed"]:
            to.print(f"    {x['field']}: {x['before']} -> {x['after']}")
    many = so_many(len(entries), "entry differs", "entries differ")
    to.print(
        f"{many}, and {so_many(len(state), 'field')} of the state{':' if state else '.'}",
        style="bold",
    )
    for x in state:
        to.print(f"  {x['field']}: {x['before']} -> {x['after']}")
