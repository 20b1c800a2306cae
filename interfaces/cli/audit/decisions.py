"""`polku audit decisions`: what was known when a decision was made, and would it be again."""

from typing import Annotated, Any

import typer
from rich.table import Table

from application.audit.decisions import Decided, decisions
from application.audit.rerun import Again
from application.case_file import Seen, seen_at
from application.journeys import history
from domain.entry import event_name
from domain.journey.events import FactUsed
from domain.policy import RuleOutcome
from interfaces import bootstrap
from interfaces.cli.noting import note_entries
from interfaces.cli.terminal import AsJson, BadInput, Screen, answer, plain, table


def told_decisions(
    journey: Annotated[str, typer.Argument(metavar="ID", help="The journey's id.")],
    entry: Annotated[
        int | None, typer.Option(min=1, help="Only the decision that this entry (number) is.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show decisions as they were made: what was known, the rules, the facts; and asked again.

    JSON: journey, decisions: entry, event, sentence, holds (whether it said yes), occurred_on,
    recorded_at, person, organisation, under, known (exactly the entries that were there: version,
    event, counted, sentence, occurred_on, recorded_at), rules (id, title, outcome, basis, text,
    missing), facts (name, value, entries, outside), stands_on, again (asking, differs, said,
    version, rules, facts): whether today's knowledge, today's rule, or both would decide otherwise;
    differs is null where it cannot be told, and said says why.
    """
    with bootstrap.open_office() as office:
        found = history(office, journey)
        seen = seen_at(office, journey, found)
        made = list(decisions(office, found, entry))
        if entry is not None and not made:
            raise BadInput(f"--entry: entry {entry} of {journey} is no decision")
        known = [x for one in made for x, _ in one.known]
        note_entries(office, "audit-decisions", journey, found, known)
    value = {"journey": journey, "decisions": [_keys(one, seen) for one in made]}
    answer(as_json, value, lambda to: _draw(to, made, seen))


def _keys(one: Decided, seen: Seen) -> dict[str, Any]:
    entry = one.entry
    return {
        "entry": entry.version,
        "event": event_name(type(entry.event)),
        "sentence": seen.lines_of([entry])[0].sentence,
        "holds": one.holds,
        "occurred_on": entry.occurred_on,
        "recorded_at": entry.recorded_at,
        "person": entry.by.person,
        "organisation": entry.by.organisation,
        "under": one.under,
        "known": _known(one, seen),
        "rules": one.rules,
        "facts": _facts(one.facts, one.outside),
        "stands_on": one.stands_on,
        "again": [_again(x) for x in one.again],
    }


def _again(one: Again) -> dict[str, Any]:
    told = {**plain(one), "facts": _facts(one.facts, one.outside)}
    del told["outside"]
    return told


def _known(one: Decided, seen: Seen) -> list[dict[str, Any]]:
    told = seen.lines_of(entry for entry, _ in one.known)
    return [
        {
            "version": line.entry.version,
            "event": event_name(type(line.entry.event)),
            "counted": counted,
            "sentence": line.sentence,
            "occurred_on": line.entry.occurred_on,
            "recorded_at": line.entry.recorded_at,
        }
        for line, (_, counted) in zip(told, one.known, strict=True)
    ]


def _facts(facts: tuple[FactUsed, ...], outside: frozenset[str]) -> list[dict[str, Any]]:
    return [{**plain(x), "outside": not x.entries and x.name in outside} for x in facts]


def _draw(to: Screen, made: list[Decided], seen: Seen) -> None:
    for one in made:
        keys = _keys(one, seen)
        to.print(
            f"Entry {keys['entry']} of {keys['occurred_on']}: {keys['sentence']}", style="bold"
        )
        under = f"{one.under.programme}, version {one.under.version}" if one.under else "none"
        to.print(f"By {keys['person']} ({keys['organisation']}); definition: {under}.")
        _draw_known(to, keys["known"])
        for part in (_rules(one.rules), _facts_drawn(keys["facts"])):
            if part.row_count:
                to.print(part)
        for again in one.again:
            asking = again.asking.value.replace("-", " ").replace("todays", "today's")
            to.print(f"With {asking}: {again.said}", style="bold red" if again.differs else "")
        to.print()
    if not made:
        to.print("Nothing was decided.")


def _draw_known(to: Screen, known: list[dict[str, Any]]) -> None:
    drawn = table("Known then", ("#", "right"), "Happened", "Recorded (UTC)", ("What", "wrap"))
    for x in known:
        recorded = x["recorded_at"].strftime("%Y-%m-%d %H:%M")
        sentence = x["sentence"] if x["counted"] else f"{x['sentence']} [retracted]"
        drawn.add_row(str(x["version"]), str(x["occurred_on"]), recorded, sentence)
    to.print(drawn if known else "Nothing was known then.")


def _rules(rules: tuple[RuleOutcome, ...]) -> Table:
    drawn = table("Rules", ("Rule", "wrap"), "Says", ("Text", "wrap"), ("Basis", "wrap"))
    for rule in rules:
        drawn.add_row(rule.title, rule.outcome.value, rule.text, rule.basis)
    return drawn


def _facts_drawn(facts: list[dict[str, Any]]) -> Table:
    drawn = table("Facts", "Fact", ("Value", "wrap"), ("From", "wrap"))
    for fact in facts:
        entries = ", ".join(f"entry {version}" for version in fact["entries"])
        came = entries or ("stated, or the register" if fact["outside"] else "no entry")
        drawn.add_row(fact["name"], str(fact["value"]), came)
    return drawn
