"""Ways to put right what was recorded, and to look again at what relied on it."""

from collections.abc import Callable

from application.candidates.way import Asked, Fields, Way, Ways, each, texts, words
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.reliance import doubts
from domain.wording import said


def correct(asked: Asked) -> Ways:
    """Return each entry said again as it stands: what can be said instead is for a person."""
    in_force = {x.version: x for x in asked.history.in_force}
    for entry in asked.history.entries:
        said_now = in_force.get(entry.version, entry).event
        if isinstance(said_now, e.EntryCorrected):
            target = in_force.get(said_now.entry)
            said_now = target.event if target is not None else said_now.event
        yield Way(
            {"entry": entry.version},
            free=_as_it_stands(said_now),
            unchanged=True,
        )


def _as_it_stands(event: e.JourneyEvent) -> Callable[[int], Fields]:
    return lambda attempt: {"event": event, "reason": Personal(words(attempt))}


def retract(asked: Asked) -> Ways:
    """Return each entry, to be taken back."""
    entries = (entry.version for entry in asked.history.entries)
    return each("entry", entries, said("nothing was recorded yet"), free=texts("reason"))


def review(asked: Asked) -> Ways:
    """Return each decision that waits for review, upheld or not."""
    act = asked.act
    found = doubts(asked.history, act.definition_of, act.is_working_day)
    waiting = dict.fromkeys((d.correction, d.entry, d.deadline) for d in found)
    for correction, entry, deadline in waiting:
        yield Way(
            {"correction": correction, "entry": entry, "deadline": deadline},
            codes={"upheld": (True, False)},
            free=texts("reason"),
        )
