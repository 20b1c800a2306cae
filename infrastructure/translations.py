"""The languages Polku speaks: messages translated in locale/*.po, days and numbers by Babel.

English is the language that messages are written in; it has no file.
"""

from datetime import date
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from domain.wording import ENGLISH

LANGUAGES = ("en", "fi", "it")
"""ISO 639-1 codes; each but English has a file in `LOCALE`."""

LOCALE = Path(__file__).parent / "locale"


class UnknownLanguage(LookupError):
    """A language was asked for that Polku does not speak."""

    def __init__(self, language: str) -> None:
        super().__init__(f"there is no translation to {language!r}: ask for one of {LANGUAGES}")


class Spoken(GNUTranslations):
    """A language: the translations of its catalogue, and how it writes days, numbers and money.

    It is a `domain.wording.Tongue`, and what any user of `gettext` takes.
    """

    def __init__(self, language: str, catalogue: Catalog) -> None:
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        super().__init__(compiled)
        self.language = language
        self._locale = Locale.parse(language)
        self._day = self._locale.datetime_skeletons["yMd"]

    def day(self, day: date, /) -> str:
        """Return a day in figures: 1.3.2025 in Finnish, 01/03/2025 in Italian."""
        return ENGLISH.day(day) if self.language == "en" else self._day.apply(day, self._locale)

    def number(self, number: float | Decimal, /) -> str:
        """Return a number without noughts at its end: 12,5 in Finnish."""
        if self.language == "en":
            return ENGLISH.number(number)
        tiny = -0.000001 < number < 0.000001  # it would be told as 0
        return format_decimal(
            number, format="#,##0.######", locale=self._locale, decimal_quantization=not tiny
        )

    def money(self, amount: Decimal, currency: str, /) -> str:
        """Return a sum with two decimals and the ISO 4217 code of its currency."""
        if self.language == "en":
            return ENGLISH.money(amount, currency)
        return format_currency(
            amount, currency, "#,##0.00 ¤¤", locale=self._locale, currency_digits=False
        )


@cache
def translations(language: str) -> Spoken:
    """Return the language of the code ("en", "fi", "it"), read once. Raises UnknownLanguage."""
    if language not in LANGUAGES:
        raise UnknownLanguage(language)
    return Spoken(language, catalogue(language))


def catalogue(language: str) -> Catalog:
    """Return the messages of a language with their translations; none for English."""
    file = LOCALE / f"{language}.po"
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as stream:
        return read_po(stream, locale=language)
