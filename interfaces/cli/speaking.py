"""How commands of evaluators say what they found, in the language that is asked for."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import wraps
from types import MappingProxyType
from typing import Annotated, Any, ParamSpec, TypeAlias

import typer
from rich.table import Table

from application.programmes import NotPublished
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import ENGLISH, Tongue, Wording, in_language, said, wording_of
from interfaces import bootstrap
from interfaces.cli.language import Language
from interfaces.cli.terminal import BadInput, Refused, Screen, table

InLanguage: TypeAlias = Annotated[
    Language, typer.Option("--language", help="The language of what is printed.")
]

P = ParamSpec("P")

_NO_NAMES: Mapping[str, str] = MappingProxyType({})

WITHHELD = "·"
"""Stands in a table for a small number that is withheld."""


def tongue_of(language: Language) -> Tongue:
    """Return how a language says things."""
    return ENGLISH if language is Language.ENGLISH else bootstrap.tongue(language)


def refusing(command: Callable[P, None]) -> Callable[P, None]:
    """Return a command that says in its language, too, why something is not done.

    It has an option `language`. Raises BadInput and Refused.
    """

    @wraps(command)
    def spoken(*given: P.args, **named: P.kwargs) -> None:
        tongue = tongue_of(Language(str(named["language"])))
        try:
            command(*given, **named)
        except (BadInput, NotPublished, InvalidField) as error:
            raise BadInput(in_language(wording_of(error), tongue)) from error
        except (Refused, IllegalTransition) as error:
            raise Refused(in_language(wording_of(error), tongue)) from error

    return spoken


class Speaker:
    """Prints on a screen in one language: texts, numbers, shares and days as people write them.

    `names` are what codes are called; in English codes stand as they are, as options take them.
    """

    def __init__(
        self, to: Screen, language: Language, names: Mapping[str, str] = _NO_NAMES
    ) -> None:
        self._to, self._tongue, self._names = to, tongue_of(language), names

    @property
    def tongue(self) -> Tongue:
        """How the language says things."""
        return self._tongue

    def line(self, text: str, style: str | None = None) -> None:
        """Print a sentence; a person's screen breaks it into lines."""
        self._to.print(self.text(text), style=style, soft_wrap=True)

    def show(self, drawn: Table) -> None:
        """Print a table."""
        self._to.print(drawn)

    def text(self, text: str) -> str:
        """Return a text in the language."""
        return in_language(text, self._tongue)

    def called(self, code: str) -> str:
        """Return what a code is called in the language; one without a name as it is."""
        name = code if self._tongue.language == "en" else self._names.get(code, code)
        return self.text(name)

    def table(self, *columns: str | tuple[str, str], title: str | None = None) -> Table:
        """Return an empty table with its headings in the language (`terminal.table`)."""
        told = ((x, "") if isinstance(x, str) else x for x in columns)
        return table(
            None if title is None else self.text(title),
            *((self.text(heading), how) for heading, how in told),
        )

    def number(self, number: float | None, digits: int = 0) -> str:
        """Return a number; what is withheld (None) as its sign."""
        if number is None:
            return WITHHELD
        if self._tongue.language == "en":
            return f"{number:,.{digits}f}"
        return self._tongue.number(round(number, digits) if digits else round(number))

    def euros(self, sum_: Decimal | None) -> str:
        """Return a sum of euros with its cents; what is withheld (None) as its sign."""
        if sum_ is None:
            return WITHHELD
        return self._tongue.money(sum_, "EUR").removesuffix("EUR").rstrip()

    def plainly(self, number: float) -> str:
        """Return a number with the decimals that it has, and no more."""
        return self._tongue.number(number)

    def share(self, share: float | None) -> str:
        """Return a share in per cent, with one decimal; what is withheld (None) as its sign."""
        if share is None:
            return WITHHELD
        if self._tongue.language == "en":
            return f"{share:.1%}"
        return f"{self._tongue.number(round(100 * share, 1))} %"

    def day(self, day: date) -> str:
        """Return a day as the language writes it."""
        return self._tongue.day(day)


def say_moment(speaker: Speaker, clocks: Mapping[str, Any], threshold: int) -> None:
    """Print what an answer rests on: `clocks` are as_at, known_at and claimed."""
    speaker.line(_moment(speaker, clocks))
    if clocks["claimed"]:
        speaker.line(said("When it was known is partly what another system claims."))
    say_withheld(speaker, threshold)


def say_unseen(speaker: Speaker, unseen: Sequence[str]) -> None:
    """Print which of the events that were asked for no entry is."""
    for event in unseen:
        speaker.line(said("No entry is {event}: the code may be written otherwise.", event=event))


def say_withheld(speaker: Speaker, threshold: int) -> None:
    """Print which numbers an answer withholds."""
    if threshold > 1:
        speaker.line(
            said(
                "Numbers below {threshold}, and what would give them away, are withheld.",
                threshold=threshold,
            )
        )


def _moment(speaker: Speaker, clocks: Mapping[str, Any]) -> Wording:
    day, known = speaker.day(clocks["as_at"]), clocks["known_at"]
    if known is None:
        return said("What had happened by {day}.", day=day)
    instant = f"{known:%Y-%m-%d %H:%M}"
    return said(
        "What had happened by {day}, as known at {instant} (UTC).", day=day, instant=instant
    )
