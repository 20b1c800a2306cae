"""What the journeys of a caseload are told as."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from interfaces.http.clocks import Told, listed
from interfaces.http.journey_models import AINO, ClientLink, Coded


@listed
class NextDeadline(TypedDict):
    """The deadline that is due first."""

    id: str
    """The id of the deadline, as on the page of the journey."""
    title: str
    """What it is called, in the language that was asked for."""
    due: date
    """The last day in time."""
    days_left: int
    """Days up to `due`, negative where they are over."""
    overdue: bool
    """Whether the last day in time is over, on the day of the clocks."""


@listed
class LastEntry(TypedDict):
    """The newest entry of a journey."""

    kind: str
    """The name of the event, such as intake-interview-held."""
    title: str
    """The same in words."""
    occurred_on: date
    """The day it happened, as a person said."""
    recorded_at: datetime
    """The instant (UTC) at which it was stored."""


@listed
class CaseTold(TypedDict):
    """A journey in the caseload."""

    journey: str
    """The id of the journey."""
    version: int
    """The version of the newest entry."""
    client: Annotated[ClientLink | None, Field(examples=[AINO])]
    """The client, by name; null where the referral was retracted."""
    programme: Annotated[
        Coded | None, Field(examples=[{"code": "duunipolku", "title": "Duunipolku"}])
    ]
    """The programme, and what it is called; null where the referral was retracted."""
    organisation: Coded
    """The organisation, and what it is called."""
    status: Coded
    """How it stands."""
    is_open: bool
    """Whether the journey goes on."""
    phase: Coded | None
    """The phase, and what it is called; null before the first."""
    phase_since: date | None
    """The day it came into the phase; null before the first."""
    phase_days: int | None
    """Days in the phase; null before the first."""
    responsible: str | None
    """Who answers for the journey; null where nobody does yet."""
    responsible_since: date | None
    """Since which day somebody answers for it; null where nobody does yet."""
    handover_to: Annotated[Coded | None, Field(examples=[{"code": "kuopio", "title": "Kuopio"}])]
    """The organisation that was asked to take over and has not answered yet; null: none was."""
    waiting: Annotated[list[Coded], Field(examples=[[{"code": "kuopio", "title": "Kuopio"}]])]
    """The organisations of which somebody is to take the journey: the one that it was referred to
    or that has nobody answering for it, and the one that was asked to take over."""
    next_deadline: NextDeadline | None
    """What is due next; null where nothing is."""
    exempt: int
    """How many deadlines were lifted."""
    reviews: int
    """How many decisions wait for review after a correction."""
    last: LastEntry | None
    """The newest entry; null where it is withheld."""
    day: date
    """The day it is seen from, where its programme is run."""
    stale_since: datetime | None
    """Since when this list could not take its newest entries (its page tells them); null where it
    has them all."""
    withheld: list[str]
    """The fields that are not shown because the client has not consented that you see them."""


class ListClocks(Told):
    """Which moment a list speaks of; a day of `known_at` ends where each programme is run."""

    as_at: date | None
    """What had happened by this day counts; null: all that is recorded."""
    known_at: datetime | date | None
    """What was known by this instant (UTC) counts; null: what is known now."""
    claimed: bool
    """Whether a journey of the page leans on another system's claim of when it knew something."""


class Caseload(Told):
    """Some of the journeys of a caseload."""

    clocks: ListClocks
    """Which moment the answer speaks of."""
    items: list[CaseTold]
    """What was found, a page of it."""
    next: str | None
    """The cursor of what follows; null at the end. With clocks, or with `shared`, a page may have
    fewer than asked for, or none, and not be the last."""
    position: int
    """How far the list had come in the log."""
    unread: int
    """How many journeys could not be read to the end, whosever they are: they are found as they
    were, with `stale_since`, or not at all. With clocks: how many of those that this page looked at
    are missing."""
