"""What the parts of a definition are made of: titles, codes, periods and spans."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

from domain.calendar import Span, Unit
from domain.definition import Coded, Title
from infrastructure.marked_yaml import Keys, Place, bounded, shortened
from infrastructure.rules import nearest

T = TypeVar("T")

LONGEST_SPAN = {"working-days": 26_000, "days": 36_525, "weeks": 5_218, "months": 1_200}
"""About a hundred years: a longer span is a slip, and would lead out of the calendar."""

_SPAN = re.compile(r"(-?[0-9]+) (working-day|day|week|month)s?")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the parts of one file need to know of each other while they are read.

    `language` is that of the place (None where the country is not known), `organisations` those of
    the programme with the day from which each takes part (None: from the start), `providers` who
    can provide a service, `codes` the codes of the parts that rules name, `events` the names of all
    events of a journey.
    """

    language: str | None
    since: date | None
    until: date | None
    organisations: Mapping[str, date | None]
    providers: Collection[str]
    phases: tuple[str, ...]
    codes: Mapping[str, Collection[str]]
    events: Collection[str]

    @property
    def first_day(self) -> date:
        """The definition's first day, and any day at all where the file does not say it."""
        return self.since or date.min


def each(
    place: Place, key: str, read: Callable[[Place, Reading], T], reading: Reading
) -> tuple[T, ...]:
    """Read a list of parts; one whose `key` ("code", "id") was there before is noted.

    A key of two names ("code version") tells parts apart by both.
    """
    lines: dict[str, int] = {}
    found = []
    for item in place.items():
        found.append(read(item, reading))
        name = item.child(key.split(maxsplit=1)[0])
        word = " ".join(item.child(part).word() for part in key.split()).strip()
        if word in lines:
            name.fault("duplicate-code", f"{word!r} stands in line {lines[word]} already")
        elif word:
            lines[word] = name.line
    return tuple(found)


def read_title(place: Place, reading: Reading) -> Title:
    """Read a title in English and in the language of the place."""
    languages = ("en", reading.language) if reading.language else ("en", "fi", "it")
    keys = place.keys((), languages)
    if not place.given or place.is_single():
        return Title("", "", "")
    for language in languages if reading.language else ("en",):
        if language not in keys.places:
            missing = keys[language]
            missing.fault("missing-title", f"there is no title in the language {language!r}")
    local = reading.language or "en"
    return Title(keys["en"].text(), keys[local].text(), local)


def read_coded(place: Place, reading: Reading) -> Coded:
    """Read a code with its title."""
    keys = place.keys(("code", "title"), ("assumed",))
    return Coded(keys["code"].code(), read_title(keys["title"], reading), keys["assumed"].flag())


def one_of(place: Place, known: Collection[str], code: str, what: str) -> str:
    """Read a code that must be among the known ones; an empty text where it is not."""
    word = place.code()
    if word and word not in known:
        place.fault(code, f"there is no {what} {word!r}{nearest(word, known)}")
        return ""
    return word


def some(place: Place) -> tuple[str, ...]:
    """Read a list of codes, at least one."""
    not_empty(place)
    return tuple(item.code() for item in place.items())


def positive(place: Place) -> int:
    """Read a whole number of at least 1."""
    number = place.whole_number()
    if number is not None and number < 1:
        place.fault("bad-number", f"a whole number of at least 1 is wanted, not {number}")
    return number or 0


def read_period(keys: Keys) -> tuple[date | None, date | None]:
    """Read `from` and `until` (excluded; null: open) and note them where they are reversed."""
    since = keys["from"].day() if keys["from"].node is not None else None
    until = None if keys["until"].null() else keys["until"].day()
    if since is not None and until is not None and until <= since:
        keys["until"].fault(
            "dates-reversed", f"it ends on {until}, not after its first day, {since}"
        )
        return since, None
    return since, until


def read_period_within(keys: Keys, reading: Reading) -> tuple[date | None, date | None]:
    """Read `from` and `until`, and note a time that shares no day with the definition's own."""
    since, until = read_period(keys)
    if until is not None and reading.since is not None and until <= reading.since:
        keys["until"].fault(
            "dates-outside",
            f"it ends on {until}, but the definition begins on {reading.since}: leave it out, or "
            "correct the day",
        )
    note_late(keys, since, reading)
    return since, until


def note_late(keys: Keys, since: date | None, reading: Reading) -> None:
    """Note what begins only when the definition's time is over."""
    if since is not None and reading.until is not None and since >= reading.until:
        keys["from"].fault(
            "dates-outside",
            f"it begins on {since}, but the definition ends on {reading.until}: leave it out, or "
            "correct the day",
        )


def read_span(place: Place) -> Span:
    """Read a span such as `10 working-days` or `3 months`."""
    word = place.word()
    found = _SPAN.fullmatch(word)
    if place.node is None or found is None:
        if place.node is not None:
            place.fault(
                "bad-span",
                f"write a span such as 10 working-days or 3 months, not {shortened(word)}",
            )
        return Span(1, "days")
    unit = cast("Unit", f"{found[2]}s")
    count = bounded(found[1])
    if count is None or count > LONGEST_SPAN[unit]:
        most = f"{LONGEST_SPAN[unit]} {unit}"
        place.fault("bad-span", f"a span is at most {most}, not {shortened(word)}")
        return Span(1, "days")
    if count < 1:
        place.fault("bad-span", f"a span is at least 1 {found[2]}, not {shortened(found[1])}")
        return Span(1, "days")
    return Span(count, unit)


def not_empty(place: Place) -> None:
    """Note a list that holds nothing."""
    if place.node is not None and place.is_empty_list():
        place.fault("missing-value", "the list is empty: name at least one")
