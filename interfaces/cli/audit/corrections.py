"""`polku audit corrections`: what was put right, why, by whom, and what had leaned on it."""

from typing import Annotated, Any

import typer

from application.audit.corrections import Correction, corrections
from application.journeys import history
from application.plainly import worded
from domain.entry import event_name
from interfaces import bootstrap
from interfaces.cli.noting import note_entries
from interfaces.cli.terminal import AsJson, Screen, answer, plain


def told_corrections(
    journey: Annotated[str, typer.Argument(metavar="ID", help="The journey's id.")],
    as_json: AsJson = False,
) -> None:
    """Show what was put right field by field, why, by whom, and what leaned on it meanwhile.

    JSON: journey, corrections: entry, event, target (the entry whose meaning it changes), changed
    (field, before, after), reason, person, organisation, occurred_on, recorded_at, holds, leaned:
    kind, entry, deadline, became (waiting, upheld, not-upheld, corrected, retracted, decided-anew),
    by (the entry that settled it).
    """
    with bootstrap.open_office() as office:
        known = history(office, journey)
        found = list(corrections(office, known))
        note_entries(office, "audit-corrections", journey, known, [one.entry for one in found])
    value = {"journey": journey, "corrections": [_keys(one) for one in found]}
    answer(as_json, value, lambda to: _draw(to, value["corrections"]))


def _keys(one: Correction) -> dict[str, Any]:
    entry = one.entry
    return {
        "entry": entry.version,
        "event": event_name(type(entry.event)),
        "target": one.target,
        "changed": plain(one.changed),
        "reason": worded(one.reason),
        "person": entry.by.person,
        "organisation": entry.by.organisation,
        "occurred_on": entry.occurred_on,
        "recorded_at": entry.recorded_at,
        "holds": one.holds,
        "leaned": [
            {
                "kind": x.doubt.kind,
                "entry": x.doubt.entry,
                "deadline": x.doubt.deadline,
                "became": x.became.value,
                "by": x.by.version if x.by else None,
            }
            for x in one.leaned
        ],
    }


def _draw(to: Screen, found: Any) -> None:
    for one in found:
        what = one["event"].removeprefix("entry-")
        taken = "" if one["holds"] else " (taken back since)"
        title = f"Entry {one['target']} was {what} by entry {one['entry']}{taken}: {one['reason']}"
        to.print(title, style="bold")
        to.print(f"By {one['person']} ({one['organisation']}) on {one['occurred_on']}.")
        for x in one["changed"]:
            to.print(f"  {x['field']}: {x['before']} -> {x['after']}")
        for x in one["leaned"]:
            decision = f"entry {x['entry']}: " if x["entry"] else ""
            what = f"{decision}{x['kind'].replace('-', ' ')}"
            by = f" (entry {x['by']})" if x["by"] else ""
            to.print(f"  leaned on it: {what}; {x['became'].replace('-', ' ')}{by}")
        to.print()
    if not found:
        to.print("Nothing was corrected or retracted.")
