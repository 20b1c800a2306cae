"""What is said to people, kept as a template and its values, so that any language can say it.

A `Wording` is the English text: it equals it, prints as it and sorts with it. It carries the
template (the msgid of translation) and the values too, which may be wordings themselves. The edge
says it in the language that a person reads (`in_language`).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from domain.definition import Title


class Tongue(Protocol):
    """How a language translates, and how it writes days, numbers and sums of money.

    The first four are those of the standard library's `gettext.NullTranslations`.
    """

    @property
    def language(self) -> str:
        """The ISO 639-1 code of the language."""
        ...

    def gettext(self, message: str, /) -> str:
        """Return the translation of a message, or the message."""
        ...

    def pgettext(self, context: str, message: str, /) -> str:
        """Return the translation of a message that means different things by context."""
        ...

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        """Return the translation of a message in the form that goes with the number."""
        ...

    def day(self, day: date, /) -> str:
        """Return a day as the language writes it."""
        ...

    def number(self, number: float | Decimal, /) -> str:
        """Return a number as the language writes it."""
        ...

    def money(self, amount: Decimal, currency: str, /) -> str:
        """Return a sum of money, with the ISO 4217 code of its currency."""
        ...


class English:
    """The language that everything is written in; days as ISO 8601."""

    language = "en"

    def gettext(self, message: str, /) -> str:
        """Return the message."""
        return message

    def pgettext(self, _context: str, message: str, /) -> str:
        """Return the message."""
        return message

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        """Return the first message for one, else the second."""
        return one if number == 1 else many

    def day(self, day: date, /) -> str:
        """Return the day as 2025-03-01."""
        return day.isoformat()

    def number(self, number: float | Decimal, /) -> str:
        """Return the number without noughts at its end."""
        if -1_000_000 < number < 1_000_000:
            return f"{number:.12g}"
        return f"{number:.4f}".rstrip("0").rstrip(".")

    def money(self, amount: Decimal, currency: str, /) -> str:
        """Return the sum as 1,250.50 EUR."""
        return f"{amount:,.2f} {currency}"


ENGLISH: Tongue = English()

_NOTHING: Mapping[str, Any] = {}


class Wording(str):
    """A text in English, with the template and the values that it was made of.

    `context` tells apart words that are one in English and not elsewhere; `many` is the template
    for more than one, where `values["n"]` decides.
    """

    template: str
    values: Mapping[str, Any]
    context: str
    many: str

    def __new__(
        cls,
        text: str,
        template: str = "",
        values: Mapping[str, Any] = _NOTHING,
        context: str = "",
        many: str = "",
    ) -> "Wording":
        """Return the text with what it was made of."""
        self = super().__new__(cls, text)
        self.template, self.values = template or text, values
        self.context, self.many = context, many
        return self


class Named(Wording):
    """A title of a definition: in English, and in the language of the place."""

    stands_for: Title


class Listed(tuple[Any, ...]):
    """Several values in one place of a template.

    `{known}` writes them with commas, `{known:or}` and `{known:and}` with the word before the last,
    `{known:;}` with semicolons.
    """

    __slots__ = ()

    def __format__(self, link: str) -> str:
        """Return the values as one text, in English."""
        return linked((str(item) for item in self), link, ENGLISH)


class _Told(str):
    __slots__ = ()

    def __format__(self, _form: str) -> str:
        return str(self)


def written(number: float) -> str:
    """Return a number that somebody gave, digit for digit: not rounded, and never as 1e+06."""
    return f"{Decimal(str(number)):f}".removesuffix(".0")


def said(template: str, /, **values: Any) -> Wording:
    """Return the text that the template (as for `str.format`) gives with the values."""
    return Wording(template.format(**values), template, values) if values else Wording(template)


def counted(one: str, many: str, n: int, /, **values: Any) -> Wording:
    """Return one template or the other as a number asks; they write the number as `{n}`."""
    values["n"] = n
    text = (one if n == 1 else many).format(**values)
    return Wording(text, one, values, many=many)


def coded(kind: str, code: str) -> Wording:
    """Return a code of the vocabulary ("phase", "destination" ...), in English as it stands."""
    return Wording(code, plain(code), context=kind)


def in_words(kind: str, code: str) -> Wording:
    """Return a code of the vocabulary as words, in English too."""
    return Wording(plain(code), context=kind)


def titled(title: Title) -> Wording:
    """Return a title of a definition: in the language of the place, else in English."""
    named = Named(title.en)
    named.stands_for = title
    return named


def called(kind: str, code: str, title: Title | None) -> Wording:
    """Return a code of the vocabulary that a definition may call otherwise.

    In English it is the code, as acts take it; in other languages it is called by its title there.
    """
    if title is None:
        return coded(kind, code)
    named = Named(code)
    named.stands_for = title
    return named


def worded(text: str, texts: Iterable[Title]) -> str:
    """Return a ground, a source or a note; of `texts` it is what is said in another language."""
    return next((titled(title) for title in texts if title.en == text), text)


def wording_of(error: BaseException) -> str:
    """Return what an error says, as a wording where it is one."""
    first = error.args[0] if error.args else ""
    return first if isinstance(first, Wording) else str(error)


def in_language(text: str, tongue: Tongue) -> str:
    """Return the text as the language says it; a text that is no wording stays as it is."""
    if not isinstance(text, Wording) or tongue.language == "en":
        return str(text)
    if isinstance(text, Named):
        title = text.stands_for
        return title.local if title.language == tongue.language else title.en
    pattern = _pattern(text, tongue)
    if not text.values:
        return pattern
    return pattern.format(**{name: _told(value, tongue) for name, value in text.values.items()})


_HYPHENED = {
    "work-try-out": "work try-out",
    "self-employment-or-start-up": "self-employment or start-up",
    "social-co-operative": "social co-operative",
    "self-employed": "self-employed",
    "self-employment": "self-employment",
}
"""Codes with a hyphen that belongs to the word."""


def plain(code: str) -> str:
    """Return a code of the vocabulary as words: "ended-early" is "ended early"."""
    return _HYPHENED.get(code, code.replace("-", " "))


def _pattern(text: Wording, tongue: Tongue) -> str:
    if text.many:
        return tongue.ngettext(text.template, text.many, text.values["n"])
    if text.context:
        return tongue.pgettext(text.context, text.template)
    return tongue.gettext(text.template) if text.template else ""


def _told(value: Any, tongue: Tongue) -> Any:
    match value:
        case str():
            return in_language(value, tongue)
        case Listed():
            return _ListedIn(value, tongue)
        case bool() | int():
            return value
        case float() | Decimal():
            return _Told(tongue.number(value))
        case date():
            return _Told(tongue.day(value))
        case _:
            return value


class _ListedIn:
    """Several values as another language writes them."""

    def __init__(self, items: Listed, tongue: Tongue) -> None:
        self.items, self.tongue = items, tongue

    def __format__(self, link: str) -> str:
        told = (str(_told(item, self.tongue)) for item in self.items)
        return linked(told, link, self.tongue)


def linked(items: Iterable[str], link: str, tongue: Tongue) -> str:
    """Return texts as one: with a mark between them, or with commas and a word before the last.

    `link` is the mark, a comma where it is empty, or the English word ("and", "or").
    """
    if not link.isalpha():
        return f"{link or ','} ".join(items)
    *first, last = [*items] or [""]
    if not first:
        return last
    word = tongue.pgettext("list", link)
    if tongue.language == "it" and word == "e" and _BEGINS_WITH_E.match(last):
        word = "ed"
    return f"{', '.join(first)} {word} {last}"


_BEGINS_WITH_E = re.compile(r"\W*(?!ed)[eèé]", re.IGNORECASE)
"""What is said after "ed" and not after "e", but for what begins with "ed" itself."""
