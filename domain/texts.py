"""What may stand in a text: nothing that nobody sees, and that makes it look like another.

Control characters command terminals and break lines of files; marks of direction have a name or an
id read backwards. No database stores half a character, and PostgreSQL no NUL.
"""

import re

from domain.refusals import InvalidField
from domain.wording import Wording, said

_TURNING = r"\u202a-\u202e\u2066-\u2069"
"""Marks that turn the direction of writing."""

NOT_IN_TEXTS = rf"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f{_TURNING}"
"""What stands in no text, as regular expressions write it within brackets."""

NOT_IN_LINES = rf"\u0000-\u001f\u007f-\u009f\u2028\u2029{_TURNING}"
"""What stands in no text of one line, as a name: breaks of lines, too."""

_NOT_IN_IDS = rf"{NOT_IN_LINES}\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
ID = rf"^[^\s{_NOT_IN_IDS}]+$"
"""The ids that can be given, as a pattern: no spaces, and nothing that nobody sees."""

KNOWN_ID, KNOWN_NAME = r"^[^\s\u0000-\u001f]+$", r"^[^\u0000]+$"
"""Ids and references of what is there already, as patterns: older programs gave them otherwise."""

TEXT, LINE, MAYBE_LINE = f"^[^{NOT_IN_TEXTS}]*$", f"^[^{NOT_IN_LINES}]+$", f"^[^{NOT_IN_LINES}]*$"
"""The texts that can stand as they are, as patterns; `MAYBE_LINE` can be empty."""

UNFIT_TEXT = said("leave out control characters, and marks that turn the direction of writing")
UNFIT_LINE = said(
    "give one line, without control characters or marks that turn the direction of writing"
)
UNFIT_ID = said("give an id of one line, without anything that nobody sees")

_AROUND = re.compile(f"^[{_TURNING}]+|[{_TURNING}]+$")
_HALVES = r"\ud800-\udfff"
_IN_TEXTS = re.compile(f"[{NOT_IN_TEXTS}{_HALVES}]")
_IN_IDS = re.compile(f"[{_NOT_IN_IDS}{_HALVES}]")
_IN_LINES = re.compile(f"[{NOT_IN_LINES}{_HALVES}]")


def unfit(text: str, *, one_line: bool) -> Wording | None:
    """Return what a text should be that cannot stand as it is; None where it can."""
    if (_IN_LINES if one_line else _IN_TEXTS).search(text) is None:
        return None
    return UNFIT_LINE if one_line else UNFIT_TEXT


def check_text(field: str, text: str | None, *, one_line: bool) -> None:
    """Raise InvalidField for a text that cannot stand as it is."""
    wrong = unfit(text, one_line=one_line) if text else None
    if wrong is not None:
        raise InvalidField(field, wrong)


def check_id(field: str, text: str) -> None:
    """Raise InvalidField for an id with what nobody sees, which only what is there may have."""
    if _IN_IDS.search(text) is not None:
        raise InvalidField(field, UNFIT_ID)


def without_marks_around(text: str) -> str:
    """Return a text without marks of direction at its ends: telephones put them around a number."""
    return _AROUND.sub("", text)
