"""What people ask of Polku in the course of a day, and what clients do on their own way."""

from collections.abc import Callable
from typing import Any

from icalendar import Calendar

from domain.journey import events as e
from domain.journey import plan, services
from tests.features.acts import ACTS
from tests.features.phrases import Doing, phrase
from tests.features.served import Answer, ServedWorld
from tests.features.words import Table, code, day, pairs
from tests.features.world import Asking

Slots = dict[str, str]
Where = Callable[[ServedWorld, Asking, Slots], str]
Given = Callable[[ServedWorld, Slots, Table | None], dict[str, Any]]


def _nothing(_world: ServedWorld, _slots: Slots, _table: Table | None) -> dict[str, Any]:
    return {}


def _asking(kind: str, where: Where, given: Given = _nothing, method: str = "GET") -> Doing:
    """Ask a question, and keep the answer; what it is about is said by slots and a table."""

    def do(world: ServedWorld, asking: Asking, slots: Slots, table: Table | None) -> None:
        named = "json" if method == "POST" else "params"
        more = {named: given(world, slots, table)}
        found = world.asks(asking, where(world, asking, slots), method, **more)
        world.answer = Answer(kind, asking.who, found.json())

    return do


def _at(path: str) -> Where:
    def where(world: ServedWorld, _asking: Asking, slots: Slots) -> str:
        client = slots.get("client", "")
        journey = world.journeys.get(client, "no-journey")
        person = world.clients.get(client, "nobody")
        return path.format(journey=journey, client=person, code=code(slots.get("place", "")))

    return where


def _clocks(_world: ServedWorld, slots: Slots, _table: Table | None) -> dict[str, Any]:
    said = {"as_at": slots.get("to_day"), "known_at": slots.get("known_day")}
    return {name: day(text).isoformat() for name, text in said.items() if text}


def _open_page(world: ServedWorld, asking: Asking, slots: Slots, _table: Table | None) -> None:
    """Look at a client's page as it is now: what is done next is done on what it shows."""
    client = slots["client"]
    found = world.asks(asking, _at("/journeys/{journey}")(world, asking, slots))
    world.pages[asking.who, client] = found.headers["ETag"]
    world.kept[asking.who, client, asking.on] = found.json()
    world.answer = Answer("page", asking.who, found.json())


def _news(world: ServedWorld, asking: Asking, _slots: Slots, _table: Table | None) -> None:
    """Ask what is new since one asked last; the first time one is told from where on."""
    after = world.looked.get(asking.who)
    found = world.asks(asking, "/changes", params={} if after is None else {"after": after})
    told = found.json()
    assert not told["more"], "a feature has not so much that is new"
    world.looked[asking.who] = told["next"]
    world.answer = Answer("news", asking.who, told)


def _calendar(world: ServedWorld, asking: Asking, _slots: Slots, _table: Table | None) -> None:
    found = world.asks(asking, f"/calendar/{world.person(asking.who).by.person}.ics")
    told = [
        {
            "summary": str(event["summary"]),
            "day": event.decoded("dtstart").isoformat(),
            "because": str(event["description"]),
        }
        for event in Calendar.from_ical(found.content).walk("VEVENT")
    ]
    world.answer = Answer("calendar", asking.who, {"items": told, "text": found.text})


def _whose(whose: str) -> Given:
    return lambda _world, _slots, _table: {"whose": whose}


def _of_lists(world: ServedWorld, _slots: Slots, _table: Table | None) -> dict[str, Any]:
    """Wait until the lists that follow behind have come to what was written last."""
    return {"wait_for": world.office.log.position()}


def _readings(world: ServedWorld, slots: Slots, _table: Table | None) -> dict[str, Any]:
    """What was noted is recorded within a second: here it is not waited for."""
    parts = world.service.parts
    parts.accesses.flush()  # type: ignore[attr-defined]
    assert parts.views.wait_for(world.office.log.position(), 10)
    return {"client": world.clients[slots["client"]], "limit": 200}


def _uses(world: ServedWorld, slots: Slots, table: Table | None) -> dict[str, Any]:
    return {"limit": _readings(world, slots, table)["limit"]}


def _copied(world: ServedWorld, slots: Slots, table: Table | None) -> dict[str, Any]:
    _readings(world, slots, table)
    return {}


def _writing(path: str, fields: Callable[[Asking, Slots], dict[str, Any]], kind: str) -> Doing:
    """Do an act of a client, on the particulars as they are now, and keep the answer."""

    def do(world: ServedWorld, asking: Asking, slots: Slots, _table: Table | None) -> None:
        where = _at("/clients/{client}")(world, asking, slots)
        version = f'"{world.asks(asking, where).json()["version"]}"'
        headers = {"Idempotency-Key": f"{asking.who}-{world.recorded()}", "If-Match": version}
        said = fields(asking, slots)
        found = world.asks(asking, f"{where}/{path}", "POST", json=said, headers=headers)
        world.answer = Answer(kind, asking.who, found.json())

    return do


def _both(path: str) -> Doing:
    """Merge another client into one, or split them."""

    def do(world: ServedWorld, asking: Asking, slots: Slots, table: Table | None) -> None:
        merged = world.clients[slots["other"]]
        said = {"merged": merged, "ground": slots["basis"], "reason": asking.reason}
        _writing(path, lambda _asking, _slots: said, "merge")(world, asking, slots, table)

    return do


def _consent(path: str, fields: Callable[[Slots], dict[str, Any]]) -> Doing:
    """Give or withdraw consent."""
    return _writing(
        path, lambda _, slots: {"organisation": code(slots["place"])} | fields(slots), "consent"
    )


def _held(asking: Asking, slots: Slots) -> dict[str, Any]:
    basis = {"basis": slots["basis"]} if "basis" in slots else {}
    return {"hold": slots["words"], "reason": asking.reason, **basis}


def _sought(_world: ServedWorld, slots: Slots, _table: Table | None) -> dict[str, Any]:
    name, _, born = slots["words"].partition(" born ")
    return {"name": name, "born": day(born).isoformat()} if born else {"name": name}


def _reason(world: ServedWorld, asking: Asking, slots: Slots, _table: Table | None) -> None:
    path = f"/journeys/{world.journey(slots['client'])}/openings"
    found = world.asks(asking, path, "POST", json={"reason": asking.reason or ""})
    world.answer = Answer("opening", asking.who, found.json())


def _contact(world: ServedWorld, asking: Asking, slots: Slots, table: Table | None) -> None:
    """Change how a client is reached, on the particulars as they are now."""
    path = _at("/clients/{client}")(world, asking, slots)
    version = f'"{world.asks(asking, path).json()["version"]}"'
    headers = {"Idempotency-Key": f"{asking.who}-{world.recorded()}", "If-Match": version}
    world.asks(asking, f"{path}/contact-details", "POST", json=pairs(table), headers=headers)


def _confirm(world: ServedWorld, asking: Asking, slots: Slots, _table: Table | None) -> None:
    """Sign the drafted plan, as oneself and for oneself alone."""
    signed = (e.Signatory(world.person(asking.who).by.person, "client"),)
    world.act(asking, slots["client"], plan.agree_plan, signatories=signed)


def _own_service(decision: Callable[..., Any]) -> Doing:
    def do(world: ServedWorld, asking: Asking, slots: Slots, _table: Table | None) -> None:
        said = {"reason": asking.reason} if asking.reason else {}
        reference = code(slots["reference"])
        world.act(asking, slots["client"], decision, reference=reference, **said)

    return do


_OWN = {
    "confirms {client}'s plan": _confirm,
    "accepts {client}'s service {reference}": _own_service(services.accept_service),
    "declines {client}'s service {reference}": _own_service(services.decline_service),
    "changes {client}'s contact details": _contact,
    "lets {place} see {client}'s {words}": _consent(
        "consents", lambda slots: {"kinds": [code(slots["words"])]}
    ),
    "takes back what {place} may see of {client}": _consent("consent-withdrawals", lambda _: {}),
}

_KEEPING = {
    "holds {client}'s data under {words} by {basis}": _writing(
        "legal-holds",
        lambda asking, slots: _held(asking, slots) | {"basis": slots["basis"]},
        "hold",
    ),
    "releases {client}'s data from {words}": _writing("legal-hold-releases", _held, "hold"),
    "merges {other} into {client} by {basis}": _both("merges"),
    "splits {other} from {client} by {basis}": _both("splits"),
    "erases {client} by {basis}": _writing(
        "erasures", lambda _, slots: {"ground": slots["basis"]}, "certificate"
    ),
}

_QUESTIONS = {
    "opens the caseload": _asking("caseload", _at("/journeys")),
    "opens the caseload of the whole organisation": _asking(
        "caseload", _at("/journeys"), _whose("organisation")
    ),
    "opens the list of what others share": _asking("caseload", _at("/journeys"), _whose("shared")),
    "opens the list of who waits to be taken": _asking(
        "caseload", _at("/journeys"), _whose("waiting")
    ),
    "opens {client}'s page": _open_page,
    "opens {client}'s page as at {to_day}": _asking("page", _at("/journeys/{journey}"), _clocks),
    "opens {client}'s page as known on {known_day}": _asking(
        "page", _at("/journeys/{journey}"), _clocks
    ),
    "opens {client}'s page as at {to_day}, as known on {known_day}": _asking(
        "page", _at("/journeys/{journey}"), _clocks
    ),
    "reads {client}'s history": _asking("history", _at("/journeys/{journey}/timeline")),
    "opens {client}'s particulars": _asking("particulars", _at("/clients/{client}")),
    "asks what can be done for {client}": _asking("acts", _at("/journeys/{journey}/acts")),
    "asks what is due": _asking("deadlines", _at("/deadlines")),
    "asks what is new": _news,
    "gets the calendar": _calendar,
    "asks who answered for {client}": _asking(
        "responsibility", _at("/journeys/{journey}/responsibility"), _of_lists
    ),
    "looks for {words} in the register": _asking(
        "register", _at("/clients/search"), _sought, "POST"
    ),
    "looks at the board of the programme {place}": _asking(
        "board", _at("/boards/programmes/{code}"), _of_lists
    ),
    "looks at the board of the organisation {place}": _asking(
        "board", _at("/boards/organisations/{code}"), _of_lists
    ),
    "opens {client}'s journey with a reason": _reason,
    "asks who read {client}'s data": _asking("readings", _at("/audit/access"), _readings),
    "asks how {client}'s case was decided": _asking(
        "decisions", _at("/audit/journeys/{journey}/decisions")
    ),
    "asks what was put right of {client}'s": _asking(
        "corrections", _at("/audit/journeys/{journey}/corrections")
    ),
    "asks who used {client}'s data": _asking("uses", _at("/clients/{client}/access"), _uses),
    "gets the copy of {client}'s data": _asking("copy", _at("/clients/{client}/copy"), _copied),
    "asks who opened journeys with a reason": _asking("openings", _at("/audit/openings")),
}

SERVED = (
    *ACTS,
    *(phrase(words, do) for part in (_OWN, _KEEPING, _QUESTIONS) for words, do in part.items()),
)
"""All that can be said where people ask over HTTP."""

OVER_HTTP = tuple(
    f"{name}.feature"
    for name in (
        "case-workers-day",
        "two-workers-one-client",
        "handover-and-back",
        "late-entry-and-correction",
        "clients-own-plan",
        "opening-with-a-reason",
        "contested-refusal",
        "consent-during-a-handover",
        "a-data-subjects-copy",
        "a-data-subjects-rights",
        "a-legal-hold",
        "one-person-two-records",
    )
)
"""The features in which all is done and asked over HTTP."""
