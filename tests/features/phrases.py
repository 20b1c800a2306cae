"""What people say that somebody does, and how their words become an act."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from pytest_bdd import parsers

from tests.features.words import DAY, NAME, Table, day
from tests.features.world import Asking, World

SLOTS = {
    "client": rf"{NAME}(?: in {NAME})?",
    "who": NAME,
    "other": NAME,
    "people": rf"{NAME}(?:(?:, | and ){NAME})*",
    "amount": r"\d+(?:\.\d\d)?",
    "to_day": DAY,
    "known_day": DAY,
    "version": r"\d+",
    "phase": "intake|competence review|training|placement|follow-up",
}
"""What a slot of a phrase can hold; any words where nothing is said here."""

Doing = Callable[[World, Asking, dict[str, str], Table | None], None]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with slots, as "accepts {client}'s referral", and what is done at it."""

    words: str
    do: Doing
    form: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that was understood: who does what, and when."""

    phrase: Phrase
    slots: dict[str, str]
    asking: Asking

    def happen(self, world: World, table: Table | None) -> None:
        self.phrase.do(world, self.asking, self.slots, table)


SENTENCE = re.compile(
    rf"(?P<who>{NAME}) (?P<does>.+?) on (?P<on>{DAY})"
    rf"(?:, because (?P<reason>.+?))?(?:, recorded only on (?P<recorded>{DAY}))?"
)


def phrase(words: str, do: Doing) -> Phrase:
    form = ""
    for text, slot in re.findall(r"([^{]*)(?:\{(\w+)\})?", words):
        form += re.escape(text) + (f"(?P<{slot}>{SLOTS.get(slot, '.+?')})" if slot else "")
    return Phrase(words, do, re.compile(form))


def understood(text: str, phrases: Iterable[Phrase]) -> tuple[Phrase, dict[str, str]]:
    """The one phrase that the text is, and what stands in its slots."""
    found = [(p, match.groupdict()) for p in phrases if (match := p.form.fullmatch(text))]
    assert found, f"nobody says {text!r} here; known:" + "".join(f"\n  {p.words}" for p in phrases)
    assert len(found) == 1, f"{text!r} can mean {[p.words for p, _ in found]}"
    return found[0]


def said(sentence: str, phrases: Iterable[Phrase]) -> Said:
    """Understand who does what, when and why, and on which day it is recorded."""
    match = SENTENCE.fullmatch(sentence)
    assert match, f"{sentence!r} does not say who does what on which day"
    who, does, on, reason, recorded = match.groups()
    does = re.sub(r"\b(her|his) own\b", f"{who}'s", does)
    phrase, slots = understood(does, phrases)
    return Said(phrase, slots, Asking(who, day(on), reason, day(recorded) if recorded else None))


def spoken(form: str) -> parsers.re:
    """A step by the form of its words."""
    return parsers.re(form)


def _day(text: str | None) -> date | None:
    return day(text) if text else None


DAYS = dict.fromkeys(("on", "as_at", "known", "first", "last"), _day)
"""What a step says of days, as days; None where it says nothing."""
