"""JSON as others write it, in which no object may have a field twice.

Readers of JSON mostly take the last of two and say nothing, and another program may have taken the
first: so who sent it and who checked it could mean two things by one text.
"""

import json
from collections import Counter
from typing import Any, TypeAlias

from domain.wording import said

Way: TypeAlias = tuple[str | int, ...]
"""The names and places on the way to a field, from the outermost one on."""


class GivenTwice(ValueError):
    """A field is given more than once in one object: `way` leads to it."""

    def __init__(self, way: Way) -> None:
        super().__init__(said("{field} is given more than once: say which is meant", field=way[-1]))
        self.way = way


def read_json(text: str | bytes) -> Any:
    """Return the value of a JSON text.

    Raises GivenTwice, ValueError for what is no JSON, and RecursionError where it is too deep.
    """
    try:
        return json.loads(text, object_pairs_hook=_each_once)
    except _Twice:
        raise GivenTwice(_way_to_twice(json.loads(text, object_pairs_hook=_Pairs), ())) from None


class _Twice(Exception):
    """Some object has a field twice."""


class _Pairs(list[tuple[str, Any]]):
    """The fields of an object as they were written."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice
    return found


def _way_to_twice(value: Any, way: Way) -> Way:
    """Return the way to the first field that is given twice; none where there is none."""
    if isinstance(value, _Pairs):
        twice = [name for name, times in Counter(name for name, _ in value).items() if times > 1]
        if twice:
            return (*way, twice[0])
        inner: list[tuple[str | int, Any]] = list(value)
    else:
        inner = list(enumerate(value)) if isinstance(value, list) else []
    return next((found for at, one in inner if (found := _way_to_twice(one, (*way, at)))), ())
