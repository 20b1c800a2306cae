"""Journeys as evaluation counts them: as they happened, up to a day, by what was known.

What a client was like is what was said at the start: by the first interview, else by the first
assessment of eligibility, else by the register. What was never said is None, and is not guessed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from application.evaluation.asking import Moment
from application.evaluation.persons import known_of
from application.evaluation.told_facts import beginning_of_spell
from application.ports import Recorded
from domain.calendar import whole_months
from domain.client import Client, age_on
from domain.entry import Entry
from domain.journey import events as e
from domain.journey.history import History, JourneyEntry, look
from domain.journey.state import Journey
from domain.wording import said


class Followed(NamedTuple):
    """A journey at a moment: its entries in force as they happened, its state, its client.

    `started_on` is the day of the acceptance, else of the referral. `claimed` says that what was
    known leans on another system's claims.
    """

    id: str
    entries: tuple[JourneyEntry, ...]
    journey: Journey
    client: Client
    started_on: date
    claimed: bool

    @property
    def history(self) -> History:
        """The journey as a history of what is in force."""
        return History(self.entries, self.entries, self.journey)

    @property
    def person(self) -> str:
        """The id that the client goes by, as far as it was known: after a merge one for all."""
        return self.client.same.into or self.journey.client


def followed(recorded: Iterable[Recorded], programme: str, moment: Moment) -> list[Followed]:
    """Return the journeys of a programme that had begun by the moment, in the order of ids."""
    streams = _streams(recorded, moment.known_at)
    found = []
    for stream in sorted(streams):
        kind, _, name = stream.partition(":")
        if kind == "journey" and _is_of(programme, streams[stream]):
            one = _at(name, streams[stream], streams, moment)
            if one is not None and one.journey.programme == programme:
                found.append(one)
    return found


def _streams(
    recorded: Iterable[Recorded], known_at: datetime | None
) -> dict[str, list[Entry[Any]]]:
    streams: dict[str, list[Entry[Any]]] = {}
    for stream, entry in recorded:
        if stream.startswith("client:"):
            if known_at is None or entry.known_at <= known_at:
                streams.setdefault(stream, []).append(entry)
        elif stream.startswith("journey:"):
            streams.setdefault(stream, []).append(entry)
    return streams


def _is_of(programme: str, entries: Iterable[Entry[Any]]) -> bool:
    """Whether anything in the stream speaks of the programme, also in a correction."""
    events = (getattr(x.event, "event", x.event) for x in entries)
    return any(isinstance(x, e.ReferralMade) and x.programme == programme for x in events)


def _at(
    name: str,
    entries: Sequence[JourneyEntry],
    streams: Mapping[str, list[Entry[Any]]],
    moment: Moment,
) -> Followed | None:
    seen = look(entries, as_at=moment.as_at, known_at=moment.known_at)
    referral = seen.journey.referral
    if referral is None:
        return None
    client = known_of(seen.journey.client, lambda of: streams.get(f"client:{of}", ()))
    started_on = referral.accepted_on or referral.on
    return Followed(name, seen.entries, seen.journey, client, started_on, seen.claimed)


# What a client was like at the start


def age_group(one: Followed) -> str | None:
    """Return the age group that the structural funds report by, by the age at the start."""
    age = age_on(one.client, one.started_on)
    year = one.client.registered.birth_year if one.client.registered else None
    if age is None and year is not None:
        age = one.started_on.year - year
    if age is None:
        return None
    return next(name for least, name in _AGES if age >= least)


_AGES = (
    (55, said("55 and over")),
    (30, said("30 to 54")),
    (18, said("18 to 29")),
    (-1_000, said("under 18")),
)


def education(one: Followed) -> str | None:
    """Return the level of education in the three groups of ISCED 2011 that are reported."""
    level = _told(one, "education", "education_isced")
    if level is None:
        return None
    return "ISCED 0-2" if level <= 2 else "ISCED 3-4" if level <= 4 else "ISCED 5-8"


def unemployment(one: Followed) -> str | None:
    """Return for how long the client was unemployed at the start, in groups."""
    since = _told(one, "unemployed_since", "unemployed_since")
    if isinstance(since, str):
        since = date.fromisoformat(since)
    days = (since,) if since else _began(one)
    groups = {_group(whole_months(day, one.started_on)) for day in days}
    return groups.pop() if len(groups) == 1 else None


def _group(months: int) -> str:
    return next(name for least, name in _MONTHS if months >= least)


_MONTHS = (
    (24, said("24 months and over")),
    (12, said("12 to 23 months")),
    (6, said("6 to 11 months")),
    (-1_000, said("under 6 months")),
)


def _told(one: Followed, said: str, fact: str) -> Any:
    first = next((x for x in one.entries if isinstance(x.event, e.IntakeInterviewHeld)), None)
    told = getattr(first.event.situation, said) if first else None  # type: ignore[union-attr]
    return _fact(one, fact) if told is None else told


def _fact(one: Followed, name: str) -> Any:
    facts = (
        fact
        for entry in one.entries
        if isinstance(entry.event, e.EligibilityAssessed)
        for fact in entry.event.facts
    )
    return next((fact.value for fact in facts if fact.name == name), None)


def _began(one: Followed) -> tuple[date, ...]:
    """Return the days between which the spell began whose days a verdict was the first to tell.

    Where none tells its days, that whose months one was the first to tell.
    """
    verdicts = [(x, x.event) for x in one.entries if isinstance(x.event, e.EligibilityAssessed)]
    for name, spell in (("days_unemployed", {}), ("months_unemployed", {"unemployed": True})):
        for entry, verdict in verdicts:
            told = {x.name: x.value for x in verdict.facts if x.name == name}
            began = beginning_of_spell({**spell, **told}, entry.occurred_on)
            if began is not None:
                return began
    return ()


def gender(one: Followed) -> str | None:
    """Return the gender as registered, in words where it is of the vocabulary."""
    from application.vocabulary import said_where_known  # noqa: PLC0415 - no report waits for it

    found = _registered(one, "gender")
    return None if found is None else said_where_known("gender", found)


def _registered(one: Followed, name: str) -> str | None:
    found: str | None = getattr(one.client.registered, name, None)
    return found


TRAITS: Mapping[str, Callable[[Followed], str | None]] = MappingProxyType(
    {
        "organisation": lambda one: one.journey.organisation or None,
        "referred-to": lambda one: (
            one.journey.referral.to_organisation if one.journey.referral else None
        ),
        "gender": gender,
        "age": age_group,
        "education": education,
        "unemployment": unemployment,
        "municipality": lambda one: (
            _told(one, "municipality", "municipality") or _registered(one, "municipality")
        ),
        "channel": lambda one: one.journey.referral.channel if one.journey.referral else None,
        "service-line": lambda one: (
            one.journey.referral.service_line if one.journey.referral else None
        ),
        "definition": lambda one: str(one.journey.definition_version),
    }
)
"""By what journeys can be told apart; the organisation is the one that is responsible for them."""


def grouped(those: Iterable[Followed], trait: str | None) -> Iterator[tuple[str | None, Followed]]:
    """Yield each journey with its group; without a trait all are in the group "all"."""
    for one in those:
        yield (TRAITS[trait](one) if trait else "all"), one
