"""Under which version of its programme's definition a journey was, entry by entry."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from domain.journey.events import (
    VERSION_NAMING,
    DefinitionAdopted,
    EligibilityAssessed,
    EntryCorrected,
    EntryRetracted,
    JourneyEvent,
    PhaseEntered,
    ReferralMade,
)
from domain.journey.history import JourneyEntry, as_it_happened, effective


class Under(NamedTuple):
    """The version of a programme's definition that was in force on the day of an entry."""

    programme: str
    version: int


_TELLING = (*VERSION_NAMING, EntryCorrected, EntryRetracted)
"""What says, or may change, under which version of a definition a journey goes on."""


def under_which(entries: Sequence[JourneyEntry]) -> dict[int, Under]:
    """Return, by the version of an entry, what a journey was under on the day of the entry.

    It is what was known as it was recorded: a correction counts from its own entry on. An entry may
    be about a day before another version was adopted. A verdict, and an entry into a phase, name
    their own.
    """
    return _of_each(entries, lambda x: (x.event, x.occurred_on))


def of_whose_codes(entries: Sequence[JourneyEntry]) -> dict[int, Under]:
    """Return, by the version of an entry, of which version the codes are that it tells.

    It is as in `under_which`; but a correction tells what happened on another day than its own.
    """
    return _of_each(entries, _told)


def _told(entry: JourneyEntry) -> tuple[JourneyEvent, date]:
    event = entry.event
    if isinstance(event, EntryCorrected):
        return event.event, event.occurred_on
    return event, entry.occurred_on


def _of_each(
    entries: Sequence[JourneyEntry], told: Callable[[JourneyEntry], tuple[JourneyEvent, date]]
) -> dict[int, Under]:
    found: dict[int, Under] = {}
    since: list[tuple[date, Under]] = []
    for index, entry in enumerate(entries, 1):
        if isinstance(entry.event, _TELLING):
            since = _since(entries[:index]) or since
        if since:
            found[entry.version] = _on(since, *told(entry))
    return found


def _on(since: Sequence[tuple[date, Under]], event: JourneyEvent, day: date) -> Under:
    if isinstance(event, EligibilityAssessed | PhaseEntered):
        return Under(since[0][1].programme, event.definition_version)
    by_then = [under for from_, under in since if from_ <= day]
    return by_then[-1] if by_then else since[0][1]


def _since(entries: Sequence[JourneyEntry]) -> list[tuple[date, Under]]:
    """Return what the entries put a journey under, as it happened: from which day on.

    What was adopted before the day of the referral that opened the journey stands.
    """
    found: list[tuple[date, Under]] = []
    programme, early = "", list[tuple[date, int]]()
    for entry in as_it_happened(effective(entries)):
        match entry.event:
            case ReferralMade():
                opens, programme = not programme and entry.version == 1, entry.event.programme
                if opens and early:
                    found += [(day, Under(programme, version)) for day, version in early]
                    continue
            case DefinitionAdopted() if programme:
                pass
            case DefinitionAdopted(definition_version=version) if version:
                early.append((entry.occurred_on, version))
                continue
            case _:
                continue
        found.append((entry.occurred_on, Under(programme, entry.event.definition_version)))
    return found
