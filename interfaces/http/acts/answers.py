"""What an act is answered with: what was recorded, and where it stands now."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from fastapi import Response
from pydantic import Field
from pydantic_core import to_json

from application.ports import Receipt
from domain.entry import event_name
from interfaces.http.clocks import Told

REPLAYED = "Idempotency-Replayed"


class EntryMade(Told):
    """An entry that was recorded."""

    version: int = Field(examples=[8])
    """Its number in the history."""
    kind: str = Field(examples=["intake-interview-held"])
    """What happened."""
    occurred_on: date = Field(examples=["2025-03-03"])
    """The day it happened, as a person said."""
    recorded_at: datetime = Field(examples=["2025-03-04T07:15:30.120000Z"])
    """The instant (UTC) at which it was stored."""


class Recorded(Told):
    """What an act recorded: no entries where it had taken effect before."""

    version: int = Field(examples=[8])
    """The version after the act: what `If-Match` of the next names."""
    position: int = Field(examples=[40213])
    """The log's position of the newest entry, to wait for in lists."""
    entries: list[EntryMade]
    """What was recorded."""
    links: dict[str, str] = Field(
        examples=[{"self": "/journeys/j-1", "acts": "/journeys/j-1/acts"}]
    )
    """Where to go on."""


class JourneyRecorded(Recorded):
    """What an act recorded of a journey."""

    journey: str = Field(examples=["j-1"])
    """The id of the journey."""


class ClientRecorded(Recorded):
    """What an act recorded of a client."""

    client: str = Field(examples=["c-1042"])
    """The id of the client."""


class OrganisationRecorded(Recorded):
    """What an act recorded of an organisation."""

    organisation: str = Field(examples=["kuopio"])
    """The code of the organisation."""


class ProgrammeRecorded(Recorded):
    """What an act recorded of a programme."""

    programme: str = Field(examples=["duunipolku"])
    """The code of the programme."""


class ReportRecorded(Recorded):
    """What an act recorded of an issued report."""

    report: str = Field(examples=["0f8b6c1de4a27d03b5f9a61c7e2d4480"])
    """The id of the report, by which it is verified."""


def path_to(kind: str, id_: str) -> str:
    """Return the address of a journey, a client, an organisation or a programme."""
    return f"/{kind}s/{quote(id_, safe=':~')}"


def told(receipt: Receipt) -> dict[str, Any]:
    """Return what was recorded, as answers have it."""
    kind, _, id_ = receipt.stream.partition(":")
    here = path_to(kind, id_)
    links = {"self": here}
    if kind == "journey":
        links |= {"timeline": f"{here}/timeline", "acts": f"{here}/acts"}
    return {
        kind: id_,
        "version": receipt.version,
        "position": receipt.position,
        "entries": [
            {
                "version": entry.version,
                "kind": event_name(type(entry.event)),
                "occurred_on": entry.occurred_on,
                "recorded_at": entry.recorded_at,
            }
            for entry in receipt.entries
        ],
        "links": links,
    }


def status_of(receipt: Receipt) -> int:
    """Return 201 where something was recorded, 200 where it had taken effect already."""
    return 201 if receipt.entries else 200


def answer(receipt: Receipt, more: Mapping[str, Any] | None = None) -> Response:
    """Return the answer to an act that was recorded, or had taken effect already."""
    body = told(receipt) | dict(more or {})
    headers = {"ETag": f'"{receipt.version}"', "Location": body["links"]["self"]}
    if receipt.repeated:
        headers[REPLAYED] = "true"
    return Response(to_json(body), status_of(receipt), headers, media_type="application/json")


_HEADERS = {
    "ETag": {"description": "The version after the act.", "schema": {"type": "string"}},
    "Location": {"description": "What the act was of.", "schema": {"type": "string"}},
    REPLAYED: {
        "description": "true where this is the first answer, given again.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}


def answers_of(model: type[Recorded]) -> dict[int | str, dict[str, Any]]:
    """Return the answers of an act for its description."""
    return {
        201: {"model": model, "description": "Recorded.", "headers": _HEADERS},
        200: {
            "model": model,
            "description": "It had taken effect already: nothing was recorded.",
            "headers": _HEADERS,
        },
    }
