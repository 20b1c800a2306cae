"""The languages in which a command writes what people read elsewhere."""

from enum import StrEnum


class Language(StrEnum):
    """A language of pages."""

    ENGLISH = "en"
    FINNISH = "fi"
    ITALIAN = "it"
