"""What acts on journeys and questions about them stand on, and where and when they are asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

from application.clients import clients_of
from application.organisations import organisations_of
from application.ports import Drafting, EventLog
from application.programmes import Programmes
from application.transact import Asked, Streams
from domain.calendar import IsWorkingDay
from domain.client import Client
from domain.definition import Definition
from domain.journey.act import Act
from domain.journey.deadlines import versions_there
from domain.journey.events import VERSION_NAMING, ReferralMade
from domain.journey.history import History, JourneyEntry
from domain.organisation.state import Organisation

KIND = "journey"

TIME_ZONES: Mapping[str, str] = {"FI": "Europe/Helsinki", "IT": "Europe/Rome"}
"""Where it is which day, by the country of a programme; UTC elsewhere."""


class WorkingDays(Protocol):
    """Gives the calendar of working days of a country (ISO 3166-1 alpha-2)."""

    def __call__(self, country: str) -> IsWorkingDay:
        """Return the calendar of the country."""
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """All that acts on journeys and questions about them need, put together once.

    `inline` makes the rows that are written with the entries; None: the views follow behind.
    """

    log: EventLog
    programmes: Programmes
    working_days: WorkingDays
    inline: Drafting | None = None
    histories: Streams[History] = field(init=False)
    clients: Streams[Client] = field(init=False)
    organisations: Streams[Organisation] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the histories used last."""
        histories = Streams(self.log, History(), History.extended, inline=self.inline)
        object.__setattr__(self, "histories", histories)
        object.__setattr__(self, "clients", clients_of(self.log, self.inline))
        object.__setattr__(self, "organisations", organisations_of(self.log))

    def forget(self) -> None:
        """Drop what is remembered of journeys and clients; the log tells it again."""
        self.histories.forget()
        self.clients.forget()


def journey_of(history: History) -> tuple[str, int] | None:
    """Return the programme and the definition's version that a journey is under.

    A journey whose referral was retracted stays under what it was referred to, so that the slip
    can be undone; None before any referral.
    """
    journey = history.journey
    if journey.programme:
        return journey.programme, journey.definition_version
    made = (x.event for x in history.entries if isinstance(x.event, ReferralMade))
    first = next(made, None)
    return None if first is None else (first.programme, first.definition_version)


def today_in(office: Office, country: str) -> date:
    """Return which day it is in a country by the log's clock; in UTC where it is not known."""
    return office.log.now().astimezone(ZoneInfo(TIME_ZONES.get(country, "UTC"))).date()


def today_of(office: Office, history: History) -> date:
    """Return which day it is where the journey's programme is run."""
    begun = journey_of(history)
    return today_in(office, office.programmes.definition(*begun).country if begun else "")


def act_of(office: Office, asked: Asked, definition: Definition) -> Act:
    """Return the circumstances of an act, as its decision is given them."""
    return Act(
        asked.by,
        asked.on,
        today_in(office, definition.country),
        definition,
        definitions_of(office, definition.programme),
        office.working_days(definition.country),
        asked.roles,
    )


def definitions_of(office: Office, programme: str) -> Callable[[int], Definition]:
    """Return a look-up of the versions of a programme's definition."""
    return partial(office.programmes.definition, programme)


def country_of(office: Office, programme: str, entries: Sequence[JourneyEntry]) -> str:
    """Return the country of the first definition there is that the entries were made under."""
    naming = (e.event for e in entries if isinstance(e.event, VERSION_NAMING))
    versions = (event.definition_version for event in naming)
    there = versions_there(versions, definitions_of(office, programme))
    return next((definition.country for definition in there), "")
