"""Journeys of a programme as at a day, as known at an instant, and what is reckoned of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from application.evaluation.flows import Flows, flows
from application.evaluation.payments import (
    ClientPayments,
    Payments,
    client_payments,
    payments,
    terms_of,
)
from application.evaluation.periods import spells_of
from application.journeys import KIND, Office, today_in
from application.programmes import NotPublished
from application.same_person import ids_of
from domain.calendar import Period
from domain.definition import Definition
from domain.journey.events import ReferralMade
from domain.journey.history import Look, look
from domain.wording import said

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of: a programme, as at a day (None: today), as known at an instant."""

    programme: str
    as_at: date | None = None
    known_at: datetime | None = None


def definition_asked(office: Office, asked: Asking) -> tuple[Definition, date]:
    """Return the definition in force on the day asked for, and that day. Raises NotPublished."""
    versions = office.programmes.state(asked.programme).versions
    if not versions:
        raise NotPublished(said("{programme} was never published here", programme=asked.programme))
    newest = office.programmes.definition(asked.programme, versions[-1].number)
    day = asked.as_at or today_in(office, newest.country)
    return office.programmes.current(asked.programme, day), day


def looks_at(
    office: Office, asked: Asking, day: date, on_progress: Progress
) -> Iterator[tuple[str, Look]]:
    """Yield the journeys of the programme as they were; each is read for itself."""
    streams = office.log.streams(f"{KIND}:")
    for number, stream in enumerate(streams, 1):
        entries = office.log.load(stream)
        if any(_is_of(entry.event, asked.programme) for entry in entries):
            found = look(entries, as_at=day, known_at=asked.known_at)
            if found.journey.programme == asked.programme:
                yield stream.removeprefix(f"{KIND}:"), found
        on_progress(number, len(streams))


def _is_of(event: object, programme: str) -> bool:
    return isinstance(event, ReferralMade) and event.programme == programme


def payments_of(
    office: Office, asked: Asking, per_day: Decimal | None, on_progress: Progress
) -> Payments:
    """Return the municipal payments avoided. Raises NotPublished or NoTerms."""
    definition, day = definition_asked(office, asked)
    terms = terms_of(definition, per_day)
    persons: dict[str, dict[str, Look]] = {}
    for journey, seen in looks_at(office, asked, day, on_progress):
        persons.setdefault(_person(office, seen), {})[journey] = seen
    found: list[ClientPayments] = []
    for person, journeys in persons.items():
        place = _municipality(office, definition, person, next(iter(journeys.values())))
        one = client_payments(journeys, person, place, terms, day)
        if one is not None:
            found.append(one)
    return payments(found, definition, terms, day)


def _person(office: Office, seen: Look) -> str:
    """Return the id that a journey's client goes by: after a merge there is one for all."""
    client = seen.journey.client
    return ids_of(office.clients, client)[0] if client else ""


def _municipality(office: Office, definition: Definition, client: str, seen: Look) -> str:
    """Return where a client lives by the register, else where the organisation responsible is."""
    known = office.clients.newest(f"client:{client}").registered if client else None
    if known is not None and known.municipality:
        return known.municipality
    places = {one.code: one.municipality for one in definition.organisations}
    return places.get(seen.journey.organisation) or ""


def flows_of(office: Office, asked: Asking, months: int, on_progress: Progress) -> Flows:
    """Return the flows into and out of long unemployment. Raises NotPublished."""
    definition, day = definition_asked(office, asked)
    spells: dict[tuple[str, date], Period] = {}
    for _, seen in looks_at(office, asked, day, on_progress):
        for spell in spells_of(seen.journey):
            known = (_person(office, seen), spell.start)
            if known not in spells or spells[known].end is None:
                spells[known] = spell
    return flows(spells.values(), definition.effective_from, day, months)
