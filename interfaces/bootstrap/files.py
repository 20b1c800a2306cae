"""Files that people write or that come with Polku: definitions, indicators, holidays, wording."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.calendar import IsWorkingDay
    from domain.definition import Definition
    from domain.faults import Fault
    from domain.wording import Tongue


def shipped_definitions() -> dict[str, str]:
    """Return the texts of the definitions that come with Polku, by the programme's code."""
    from infrastructure.definitions import shipped_definitions

    return shipped_definitions()


def read_definition(text: str, origin: str) -> Definition:
    """Return the definition that a text describes; `origin` names it in faults.

    Raises DefinitionFaults.
    """
    from infrastructure.definitions import load_definition

    return load_definition(text, origin)


def definition_in(file: Path) -> Definition:
    """Return the definition of a file. Raises DefinitionFaults: file, line and field of each."""
    from infrastructure.definitions import definition_text, load_definition

    return load_definition(definition_text(file), str(file))


def check_definition(file: Path) -> list[Fault]:
    """Return every fault of a definition file; none: it is good."""
    from infrastructure.definitions import check

    return check(file)


def check_indicators(file: Path) -> list[Fault]:
    """Return every fault of a file of indicators, its SQL tried; none: it is good."""
    from infrastructure.indicator_trials import check

    return check(file)


def working_days(country: str) -> IsWorkingDay:
    """Return what says whether a day is a working day in the country (ISO 3166-1).

    Raises ValueError for a country whose holidays are not known.
    """
    from infrastructure.working_days import working_days_of

    return working_days_of(country)


def tongue(language: str) -> Tongue:
    """Return how a language ("en", "fi", "it") says things."""
    from infrastructure.translations import translations

    return translations(language)
