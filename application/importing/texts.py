"""Cells read as days, instants and numbers. Each distinct text is parsed once."""

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import NamedTuple

ISO_DAY, ISO_INSTANT = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"

_ISO_LOOKS = {
    ISO_DAY: (10, re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)),
    ISO_INSTANT: (19, re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)),
}
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_MOST_DIGITS = 30


class Moment(NamedTuple):
    """A text read by the formats: the first reading, and whether another gives another day."""

    when: datetime
    ambiguous: bool


class Moments:
    """Reads texts as moments by a list of formats, as in `datetime.strptime`."""

    def __init__(self, formats: tuple[str, ...]) -> None:
        self._formats = formats
        self._known: dict[str, Moment | None] = {}

    def read(self, text: str) -> Moment | None:
        """Return the moment, None where no format fits."""
        try:
            return self._known[text]
        except KeyError:
            moment = self._known[text] = _moment(text, self._formats)
            return moment


def _moment(text: str, formats: tuple[str, ...]) -> Moment | None:
    readings = [when for form in formats if (when := _parsed(text, form))]
    if len(readings) > 1:
        return Moment(readings[0], len({when.date() for when in readings}) > 1)
    return Moment(readings[0], ambiguous=False) if readings else None


def _parsed(text: str, form: str) -> datetime | None:
    # The two common forms are told by their look: strptime takes fifty times as long.
    if form in _ISO_LOOKS:
        length, pattern = _ISO_LOOKS[form]
        if len(text) != length or not pattern.fullmatch(text):
            return None
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007  the mapping's zone is put in later
    except ValueError:
        return None


class InstantRead(NamedTuple):
    """An instant (UTC), its day in the zone, and whether another format gives another day."""

    at: datetime
    day: date
    ambiguous: bool


class Instants:
    """Reads texts as instants (UTC); a text without a zone is in `zone`."""

    def __init__(self, formats: tuple[str, ...], zone: tzinfo) -> None:
        self._formats, self._zone = formats, zone
        self._known: dict[str, InstantRead | None] = {}

    def read(self, text: str) -> InstantRead | None:
        """Return the instant, None where no format fits."""
        try:
            return self._known[text]
        except KeyError:
            instant = self._known[text] = self._parse(text)
            return instant

    def _parse(self, text: str) -> InstantRead | None:
        moment = _moment(text, self._formats)
        if moment is None:
            return None
        when = moment.when if moment.when.tzinfo else moment.when.replace(tzinfo=self._zone)
        try:
            day = when.astimezone(self._zone).date()
            return InstantRead(when.astimezone(UTC), day, moment.ambiguous)
        except OverflowError:  # the first or the last day of the calendar, across a zone
            return None


def number(text: str, decimal: str) -> Decimal | None:
    """Return the number that a text is, with `decimal` as its decimal mark; None if it is none."""
    if decimal != ".":
        if "." in text:
            return None
        text = text.replace(decimal, ".")
    if len(text) > _MOST_DIGITS or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text)
