"""What people do beside a journey: with programmes, agreements and the needs of employers."""

import re
from typing import Any

from application import organisations, programmes
from domain.organisation import decisions
from domain.organisation.events import Duty, OrganisationKind
from tests.features.acting import Decision, reasoned, typed
from tests.features.phrases import Doing, phrase
from tests.features.words import Table, code, day, pairs, rows
from tests.features.world import Asking, World


def _organised(decision: Decision) -> Doing:
    """An act of an organisation; "from" and "until" are its first and last day."""

    def do(world: World, asking: Asking, slots: dict[str, str], table: Table | None) -> None:
        said = {**slots, **pairs(table), **reasoned(decision, asking)}
        organisation = code(said.pop("organisation"))
        _act(world, asking, organisation, decision, typed(decision, said))

    return do


def _act(
    world: World, asking: Asking, organisation: str, decision: Decision, fields: dict[str, Any]
) -> None:
    asked = world.asked(asking)
    world.last = organisations.act(world.organisations, organisation, asked, decision, **fields)


def _register(world: World, asking: Asking, _slots: dict[str, str], table: Table | None) -> None:
    for row in rows(table or ()):
        fields = {"name": row["name"], "kind": OrganisationKind(code(row["kind"]))}
        _act(world, asking, code(row.get("code", row["name"])), decisions.register, fields)


def _sign(world: World, asking: Asking, slots: dict[str, str], table: Table | None) -> None:
    duties = tuple(Duty(code(row["partner"]), code(row["does"])) for row in rows(table or ()))
    partners = tuple(dict.fromkeys(duty.partner for duty in duties))
    fields: dict[str, Any] = {
        "agreement": code(slots["agreement"]),
        "partners": partners,
        "duties": duties,
        "start": day(slots["to_day"]),
    }
    _act(world, asking, code(slots["organisation"]), decisions.sign_agreement, fields)


def _end(world: World, asking: Asking, slots: dict[str, str], _table: Table | None) -> None:
    fields = {
        "agreement": code(slots["agreement"]),
        "last_day": day(slots["to_day"]),
        "reason": asking.reason or "",
    }
    _act(world, asking, code(slots["organisation"]), decisions.end_agreement, fields)


def _fill(world: World, asking: Asking, slots: dict[str, str], _table: Table | None) -> None:
    journey = world.journey(slots["client"])
    fields = {"need": code(slots["need"]), "reference": journey, "journey": journey}
    _act(world, asking, code(slots["organisation"]), decisions.fill_need, fields)


def _seat(decision: Decision) -> Doing:
    def do(world: World, asking: Asking, slots: dict[str, str], _table: Table | None) -> None:
        journey = world.journey(slots["client"])
        fields: dict[str, Any] = {"offering": code(slots["offering"]), "reference": journey}
        if decision is decisions.reserve_seat:
            fields |= {"client": world.clients[slots["client"]], "journey": journey}
        else:
            fields["reason"] = code(asking.reason or "")
        _act(world, asking, code(slots["organisation"]), decision, fields)

    return do


def _revise(world: World, asking: Asking, slots: dict[str, str], table: Table | None) -> None:
    """The text of the newest version, with its number, its first day, and what is new in it."""
    text = world.office.programmes.state(world.programme).versions[-1].definition
    text = re.sub(r"(?m)^version: \d+", f"version: {slots['version']}", text)
    since = day(slots["to_day"]).isoformat()
    text = re.sub(r"(?m)^effective: \{from: [\d-]+", f"effective: {{from: {since}", text)
    for row in rows(table or ()):
        part = next(name for name in ("service", "organisation") if name in row)
        item = f"  - {{code: {code(row.pop(part))}, {_described(row)}}}\n"
        text = text.replace(f"\n{part}s:\n", f"\n{part}s:\n{item}")
    world.publish(text, asking, revised=True)


def _described(row: dict[str, str]) -> str:
    local = {"title_in_finnish": "fi", "title_in_italian": "it"}
    titles = {"en": row.pop("title"), **{local[n]: row.pop(n) for n in local if n in row}}
    said = ", ".join(f"{language}: {text!r}" for language, text in titles.items())
    return f"title: {{{said}}}, " + ", ".join(f"{name}: [{text}]" for name, text in row.items())


def _join(world: World, asking: Asking, _slots: dict[str, str], table: Table | None) -> None:
    for (name,) in table or ():
        asked = world.asked(asking)
        programmes.join(world.office.programmes, world.programme, asked, code(name))


def _leave(world: World, asking: Asking, slots: dict[str, str], _table: Table | None) -> None:
    asked = world.asked(asking)
    organisation, reason = code(slots["organisation"]), asking.reason or ""
    programmes.leave(world.office.programmes, world.programme, asked, organisation, reason)


def _targets(world: World, asking: Asking, _slots: dict[str, str], table: Table | None) -> None:
    for row in rows(table or ()):
        said = {"target": code(row["target"]), "measure": code(row["measure"])}
        place = code(row["organisation"]) if "organisation" in row else None
        programmes.set_target(
            world.office.programmes,
            world.programme,
            world.asked(asking),
            **said,
            value=float(row["value"]),
            organisation=place,
        )


OTHER_ACTS = tuple(
    phrase(words, do)
    for words, do in {
        "registers these organisations": _register,
        "signs the agreement {agreement} of {organisation}, in force from {to_day},": _sign,
        "ends the agreement {agreement} of {organisation} after {to_day},": _end,
        "revises the programme as version {version}, in force from {to_day}, with": _revise,
        "publishes the need {need} of {organisation}": _organised(decisions.publish_need),
        "fills the need {need} of {organisation} with {client}": _fill,
        "withdraws the need {need} of {organisation}": _organised(decisions.withdraw_need),
        "publishes the offering {offering} of {organisation}": _organised(
            decisions.publish_offering
        ),
        "keeps a seat in {offering} of {organisation} for {client}": _seat(decisions.reserve_seat),
        "sets the seat of {client} in {offering} of {organisation} free": _seat(
            decisions.release_seat
        ),
        "lets these organisations join the programme": _join,
        "lets {organisation} leave the programme": _leave,
        "sets these targets": _targets,
    }.items()
)
