"""What changed in my scope since a position of the log."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Query
from pydantic import Field

from application.changes import Change, changes
from application.disclosure import ALWAYS
from application.ports import TextNotReadable
from application.sentences import sentence
from application.views.rows import ClientRow
from domain.data_kinds import DataKind
from domain.entry import event_name
from domain.wording import Tongue, in_language, titled
from interfaces.http.caseload_rows import client_link
from interfaces.http.clocks import Question, Told
from interfaces.http.context import Asking, Here
from interfaces.http.journey_models import AINO, ClientLink, Coded
from interfaces.http.reading import Limit, require, tongue_of

router = APIRouter(tags=["changes"])

Known: TypeAlias = Mapping[str, ClientRow | None]
"""Clients as registered, by id."""

Position = Annotated[int, Field(ge=0, le=2**62)]


class ChangesQuery(Question):
    """From where on changes are wanted."""

    after: Position | None = None
    """A position of the log, as `next` says it; without it the answer says where to begin."""
    limit: Limit = 50


class Doer(Told):
    """Who recorded an entry, and for which organisation."""

    person: str
    """Who it is, as identity tells."""
    organisation: Coded = Field(examples=[{"code": "kuopio", "title": "Kuopio"}])
    """The organisation, and what it is called."""


class ChangeTold(Told):
    """An entry of a journey in scope."""

    position: int
    """The entry's place in the one order of the log."""
    journey: str
    """The id of the journey."""
    client: ClientLink | None = Field(examples=[AINO])
    """The client, by name; null where the referral was retracted."""
    programme: Coded | None = Field(examples=[{"code": "duunipolku", "title": "Duunipolku"}])
    """The programme, and what it is called; null where the referral was retracted."""
    version: int
    """The version of the journey after it."""
    kind: str
    """The name of the event, such as intake-interview-held."""
    sentence: str
    """What happened, in words."""
    occurred_on: date
    """The day it happened, as a person said."""
    recorded_at: datetime
    """The instant (UTC) at which it was stored."""
    by: Doer
    """Who recorded it."""


class ChangesTold(Told):
    """Some of what changed, in the order recorded."""

    items: list[ChangeTold]
    """What was found, a page of it."""
    next: int
    """The position to go on after; keep it, also where there is nothing yet."""
    more: bool
    """Whether to ask again at once: a request looks through a bounded part of the log, so that
    there may be nothing in it, and more to come."""
    unread: int
    """How many entries of this part of the log, of anybody's journeys, could not be read and are
    missing: `GET /journeys?stale=true` has those of yours that are behind. The live feed passes
    over them, too."""


@router.get("/changes", summary="What changed since I last looked")
def list_changes(asked: Annotated[ChangesQuery, Query()], here: Asking) -> ChangesTold:
    """Tell the entries of journeys in scope that were recorded after a position."""
    require(here, "changes")
    after = here.office.log.position() if asked.after is None else asked.after
    found = changes(here.office, here.scope, after, asked.limit, here.is_shown)
    tongue, known = tongue_of(here), clients_of(here, found.items)
    own = here.own_changes(found.items)
    told = [_told_if_readable(one, tongue, known) for one in own]
    items = [one for one in told if one is not None]
    read = [x for x, one in zip(found.items, told, strict=True) if one is not None]
    of_whom = dict.fromkeys((one.client or None, one.journey) for one in read)
    beside = here.beside_changes(read)
    here.note_readings("changes", of_whom, kinds_of(read), beside=beside)
    return ChangesTold.model_construct(
        items=items,
        next=found.next,
        more=found.more,
        unread=found.unread + len(told) - len(items),
    )


def _told_if_readable(one: Change, tongue: Tongue, known: Known) -> ChangeTold | None:
    try:
        return change_told(one, tongue, known)
    except TextNotReadable:
        return None


def kinds_of(found: Iterable[Change]) -> dict[str, set[DataKind]]:
    """Return the kinds that changes tell, with their clients, by the id of the journey."""
    kinds: dict[str, set[DataKind]] = {}
    for one in found:
        kinds.setdefault(one.journey, {*ALWAYS}).update([one.kind] if one.kind else [])
    return kinds


def clients_of(here: Here, found: Iterable[Change]) -> Known:
    """Return the clients of changes as registered, by id: whoever may see changes may see them."""
    return here.parts.views.clients(sorted({one.client for one in found if one.client}))


def change_told(one: Change, tongue: Tongue, known: Known) -> ChangeTold:
    """Return a change in a language, with its client as known. Raises TextNotReadable."""
    entry, words = one.entry, one.words(tongue)
    organisation = entry.by.organisation
    return ChangeTold.model_construct(
        position=entry.position,
        journey=one.journey,
        client=client_link(one.client, known.get(one.client)) if one.client else None,
        programme=_programme(one, tongue),
        version=entry.version,
        kind=event_name(type(entry.event)),
        sentence=sentence(entry.event, words),
        occurred_on=entry.occurred_on,
        recorded_at=entry.recorded_at,
        by=Doer.model_construct(
            person=entry.by.person,
            organisation=Coded.model_construct(
                code=organisation, title=words.organisation(organisation)
            ),
        ),
    )


def _programme(one: Change, tongue: Tongue) -> Coded | None:
    code = one.state.programme
    title = in_language(titled(one.definition.title), tongue) if one.definition else code
    return Coded.model_construct(code=code, title=title) if code else None
