"""What an answer over HTTP says, in the words of a feature: lists line by line, a page by heads."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from tests.features.served import ServedWorld
from tests.features.words import told

Line = Callable[[ServedWorld, Mapping[str, Any]], Mapping[str, Any]]
Said = Mapping[str, Any]


def _day(text: str | None) -> date | None:
    """The day of a day or of an instant, as ISO 8601 writes it."""
    return datetime.fromisoformat(text).date() if text else None


def _title(coded: Said | None) -> str:
    return coded["title"] if coded else ""


def _client(one: Said) -> str:
    return one["client"]["given_name"] or "nobody registered"


def _case(_world: ServedWorld, one: Said) -> Said:
    due = one["next_deadline"] or {"title": "", "due": None, "days_left": None, "overdue": False}
    return {
        "client": _client(one),
        "programme": _title(one["programme"]),
        "organisation": _title(one["organisation"]),
        "status": _title(one["status"]),
        "phase": _title(one["phase"]),
        "days": one["phase_days"],
        "responsible": one["responsible"],
        "waits_for": ", ".join(map(_title, one["waiting"])),
        "next": due["title"],
        "due": _day(due["due"]),
        "days_left": due["days_left"],
        "overdue": due["overdue"],
        "reviews": one["reviews"],
        "last": one["last"]["title"],
        "last_on": _day(one["last"]["occurred_on"]),
    }


def _deadline(_world: ServedWorld, one: Said) -> Said:
    return {
        "client": _client(one),
        "deadline": one["title"],
        "due": _day(one["due"]),
        "days_left": one["days_left"],
        "overdue": one["overdue"],
        "because": one["basis"],
        "responsible": one["responsible"],
    }


def _new(world: ServedWorld, one: Said) -> Said:
    return {
        "client": world.name_of(one["client"]["id"]),
        "what": one["sentence"],
        "by": world.name_of(one["by"]["person"]),
        "happened_on": _day(one["occurred_on"]),
        "recorded_on": _day(one["recorded_at"]),
    }


def entry(world: ServedWorld, one: Said) -> Said:
    """A line of a history, and of what changed meanwhile."""
    return {
        "entry": one["version"],
        "what": one["sentence"],
        "by": world.name_of(one["person"]),
        "organisation": _title(one["organisation"]),
        "happened_on": _day(one["occurred_on"]),
        "recorded_on": _day(one["recorded_at"]),
        "corrected_by": one["corrected_by"],
    }


def _act(_world: ServedWorld, one: Said) -> Said:
    return {
        "act": one["title"],
        "possible": one["possible"],
        "allowed": one["permitted"],
        "with": "; ".join(_choice(choice) for choice in one["choices"]),
        "missing": " | ".join(
            part
            for lacking in one["missing"]
            for part in (lacking["missing"], *(r["why"] for r in lacking["requirements"]))
        ),
    }


def _choice(choice: Said) -> str:
    return ", ".join(f"{name} {', '.join(map(str, some))}" for name, some in choice.items())


def _responsibility(_world: ServedWorld, one: Said) -> Said:
    return {
        "from": _day(one["since"]),
        "until": _day(one["until"]),
        "person": one["person"],
        "organisation": one["organisation"]["code"],
    }


def _hit(world: ServedWorld, one: Said) -> Said:
    return {
        "client": world.name_of(one["id"]),
        "shown": one["given_name"] or "nothing",
        "born": _day(one["born"]),
    }


def _reading(world: ServedWorld, one: Said) -> Said:
    return {
        "who": world.name_of(one["person"]),
        "as": one["role"],
        "organisation": one["organisation"],
        "for": one["purpose"],
        "what": one["what"],
        "client": world.name_of(one["client"]),
        "on": _day(one["at"]),
    }


def _use(_world: ServedWorld, one: Said) -> Said:
    return {
        "who": one["person"],
        "what": _title(one["what"]),
        "on": _day(one["at"]),
        "ground": one["ground"],
        "left": "; ".join(map(_title, one["kinds"])),
    }


def _opening(_world: ServedWorld, one: Said) -> Said:
    return {
        "who": one["person"],
        "organisation": one["organisation"],
        "because": one["reason"],
        "on": _day(one["opened_on"]),
        "until": _day(one["until"]),
    }


def _place(_world: ServedWorld, one: Said) -> Said:
    return {
        "organisation": _title(one["organisation"]),
        "standing": _title(one["standing"]),
        "clients": one["journeys"],
        "overdue": one["overdue"],
    }


def _decision(_world: ServedWorld, one: Said) -> Said:
    again = {x["asking"]: x["said"] for x in one["again"]}
    from_ = sorted({entry for fact in one["facts"] for entry in fact["entries"]})
    return {
        "entry": one["entry"],
        "kind": one["kind"].replace("-", " "),
        "yes": one["holds"],
        "known": ", ".join(str(x["version"]) for x in one["known"]),
        "rules_then": ", ".join(x["outcome"] for x in one["rules"]),
        "facts_from": ", ".join(map(str, from_)),
        "with_todays_knowledge": again["todays-knowledge"],
        "with_todays_rule": again["todays-rule"],
    }


def _correction(_world: ServedWorld, one: Said) -> Said:
    (changed,) = one["changed"]
    return {
        "entry": one["entry"],
        "of": one["target"],
        "field": changed["field"],
        "was": changed["before"],
        "is": changed["after"],
        "because": one["reason"],
        "by": one["person"],
        "leaned_on_it": "; ".join(
            f"{x['kind']}: {x['became']}".replace("-", " ") for x in one["leaned"]
        ),
    }


LINES: Mapping[str, Line] = {
    "decisions": _decision,
    "corrections": _correction,
    "caseload": _case,
    "deadlines": _deadline,
    "news": _new,
    "history": entry,
    "acts": _act,
    "responsibility": _responsibility,
    "register": _hit,
    "readings": _reading,
    "openings": _opening,
    "uses": _use,
    "board": _place,
    "calendar": lambda _world, one: {**one, "day": _day(one["day"])},
}


def lines(world: ServedWorld, kind: str) -> list[SimpleNamespace]:
    """The lines of the list that was answered last."""
    found = answered(world, kind)["places" if kind == "board" else "items"]
    return [SimpleNamespace(**LINES[kind](world, one)) for one in found]


def answered(world: ServedWorld, kind: str) -> Any:
    """What was answered last, which is of the kind."""
    assert world.answer is not None, "nobody asked anything"
    assert world.answer.kind == kind, f"{world.answer.who} asked for the {world.answer.kind}"
    return world.answer.told


# The page of a journey


def _page_line(one: Said) -> Said:
    return {
        "deadline": one["title"],
        "due": _day(one["due"]),
        "days_left": one["days_left"],
        "status": _title(one["status"]),
        "met": _day(one["met_on"]),
        "because": one["basis"],
    }


def _step(one: Said) -> Said:
    return {
        "step": one["id"],
        "goal": one["goal"],
        "service": _title(one["service"]),
        "by": _day(one["by"]),
        "status": _title(one["status"]),
    }


def _handover(one: Said) -> Said:
    return {
        "to": _title(one["to_organisation"]),
        "asked_on": _day(one["requested_on"]),
        "because": one["reason"],
        "brief": one["brief"],
        "outcome": _title(one["outcome"]),
        "answered_on": _day(one["answered_on"]),
    }


PARTS: Mapping[str, tuple[Callable[[Said], Iterable[Said]], Callable[[Said], Said]]] = {
    "deadlines": (lambda page: page["deadlines"], _page_line),
    "plan": (lambda page: page["plan"]["steps"], _step),
    "handovers": (lambda page: page["handovers"], _handover),
}


def part(page: Said, name: str) -> list[SimpleNamespace]:
    """The lines of a part of a page."""
    find, line = PARTS[name]
    return [SimpleNamespace(**line(one)) for one in find(page)]


def _answering(page: Said) -> str:
    one = page["responsible"]
    since = told(_day(one["since"])) if one else ""
    return f"{one['person']} of {_title(one['organisation'])} since {since}" if one else "nobody"


def _plan(world: ServedWorld, page: Said) -> str:
    plan = page["plan"]
    if plan is None:
        return "none"
    if plan["agreed_on"] is None:
        return "drafted"
    signed = ", ".join(world.name_of(one["person"]) for one in plan["signatories"])
    return f"agreed on {told(_day(plan['agreed_on']))}, signed by {signed}"


def _service(one: Said) -> str:
    absences = f", {one['absences']} absence" if one["absences"] else ""
    hours = f", {one['hours']:g} hours" if one["hours"] else ""
    return f"{_title(one['service'])}: {_title(one['status'])}{hours}{absences}"


HEADS: Mapping[str, Callable[[ServedWorld, Said], str]] = {
    "client": lambda _, page: page["client"]["given_name"],
    "programme": lambda _, page: _title(page["definition"]["programme"]),
    "status": lambda _, page: _title(page["status"]),
    "organisation": lambda _, page: _title(page["organisation"]),
    "responsible": lambda _, page: _answering(page),
    "phase": lambda _, page: _title(page["phase"]) or "none",
    "eligible": lambda _, page: told(page["eligibility"]["eligible"]),
    "eligible because": lambda _, page: "; ".join(
        rule["title"] for rule in page["eligibility"]["rules"]
    ),
    "situation": lambda _, page: page["situation"] or "nobody asked",
    "needs": lambda _, page: ", ".join(map(_title, page["needs"])) or "none",
    "plan": _plan,
    "services": lambda _, page: "; ".join(map(_service, page["services"])) or "none",
    "team": lambda _, page: "; ".join(
        f"{one['person']} of {_title(one['organisation'])}"
        for one in page["team"]
        if one["until"] is None
    ),
    "waits for review": lambda _, page: (
        "; ".join(one["said"] for one in page["reviews"]) or "nothing"
    ),
    "withheld": lambda _, page: "; ".join(one["kind"]["code"] for one in page["withheld"]),
    "seen from": lambda _, page: told(_day(page["clocks"]["day"])),
}


def head(world: ServedWorld, name: str) -> str:
    """What the page that was answered last says under a head."""
    assert name in HEADS, f"a page has no {name!r} here; it has: {', '.join(HEADS)}"
    return HEADS[name](world, answered(world, "page"))
