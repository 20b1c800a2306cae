"""What a file says in English where it is used, and once in another language: grounds, notes."""

from collections.abc import Callable

from domain.definition import Title
from infrastructure.marked_yaml import Place, values_of
from infrastructure.rules import nearest

SAID = ("basis", "source", "note", "levels")
"""The keys of texts that can be said in another language."""


def read_texts(place: Place, read: Callable[[Place], Title], within: Place) -> tuple[Title, ...]:
    """Read texts with what they say in another language; `within` is the file that uses them.

    One that is there twice is noted, and one that the file does not use: it would never be said.
    """
    used = {*values_of(within.node, SAID)}
    lines: dict[str, int] = {}
    found = []
    for item in place.items():
        title = read(item)
        at = item.child("en")
        if title.en in lines:
            at.fault("duplicate-text", f"this text stands in line {lines[title.en]} already")
        elif title.en and title.en not in used:
            at.fault(
                "unused-text",
                f"nothing under {', '.join(SAID[:-1])} or {SAID[-1]} says this, letter by letter"
                f"{nearest(title.en, used)}",
            )
        lines.setdefault(title.en, at.line)
        found.append(title)
    return tuple(found)
