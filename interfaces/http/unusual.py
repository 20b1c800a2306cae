"""Readings that somebody should look into, for those who audit."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from application.accesses import of_person
from application.unusual import unusual_of
from interfaces.http.audit import ReadingsQuery, ReadingTold, reading_told
from interfaces.http.clocks import Told
from interfaces.http.context import Asking
from interfaces.http.paging import place_of
from interfaces.http.reading import require

router = APIRouter(tags=["access"])

UNUSUAL_SINCE = timedelta(days=30)
"""How far back unusual readings are looked for where nobody says from which day on."""


class UnusualTold(ReadingTold):
    """One reading that is out of the usual."""

    why: list[str]
    """Why: opened-out-of-scope, odd-hours, many-clients, own-name or own-address."""


class UnusualReadings(Told):
    """Readings that somebody should look into, in the order of time."""

    items: list[UnusualTold]
    """What was found, a page of it."""
    next: str | None
    """The cursor of what follows; null at the end."""


@router.get("/audit/access/unusual", summary="Readings that somebody should look into")
def list_unusual(asked: Annotated[ReadingsQuery, Query()], here: Asking) -> UnusualReadings:
    """Tell the readings that are out of the usual, with the reasons, in the order of time.

    Without `since`, those of the last 30 days.
    """
    require(here, "audit-access")
    place, wanted = place_of(here, asked.cursor), of_person(here.office, asked.wanted())
    if wanted.since is None:
        last = wanted.until or here.office.log.now().date()
        wanted = replace(wanted, since=last - UNUSUAL_SINCE)
    views = here.parts.views
    odd = unusual_of(here.office, wanted, here.parts.usual, views.readings, head=place.head)
    told, following = place.page(odd, asked.limit)
    here.note_readings(
        "audit-access", dict.fromkeys((one.reading.client, one.reading.journey) for one in told)
    )
    return UnusualReadings(
        items=[
            UnusualTold(**reading_told(one.reading).model_dump(), why=[w.value for w in one.why])
            for one in told
        ],
        next=following,
    )
