"""What is behind a report, as JSON has it: for commands and for the API alike."""

from collections.abc import Iterable
from typing import Any

from application.evaluation.opening import Behind
from application.evaluation.verifying import Verified
from application.plainly import plain
from application.ports import EventLog
from domain.entry import Entry, event_name


def opened_told(found: Iterable[Behind]) -> dict[str, Any]:
    """Return the journeys behind a figure, and the entries of each."""
    return {"journeys": [_behind(one) for one in found]}


def verified_told(found: Verified) -> dict[str, Any]:
    """Return what came of computing a report again."""
    figures = [{**plain(one), "agrees": one.agrees} for one in found.figures]
    return {"stands": found.stands, **plain(found), "figures": figures}


def issue_told(log: EventLog, id_: str) -> dict[str, Any] | None:
    """Return when and by whom a report was issued, and how often it was restated; None: never."""
    entries = log.load(f"report:{id_}")
    if not entries:
        return None
    first = entries[0]
    return {
        "on": first.occurred_on,
        "recorded_at": first.recorded_at,
        "person": first.by.person,
        "organisation": first.by.organisation,
        "restated": len(entries) - 1,
    }


def _behind(one: Behind) -> dict[str, Any]:
    return {**plain(one), "entries": [_entry(entry) for entry in one.entries]}


def _entry(entry: Entry[Any]) -> dict[str, Any]:
    return {
        "version": entry.version,
        "position": entry.position,
        "event": event_name(type(entry.event)),
        "occurred_on": entry.occurred_on,
        "recorded_at": entry.recorded_at,
        "person": entry.by.person,
        "organisation": entry.by.organisation,
    }
