"""Named tuples of which a changed copy costs little."""

from typing import Any, TypeVar

R = TypeVar("R")


def quickly_changed(record: type[R]) -> type[R]:
    """Give named tuples a `_replace` that costs half: whole logs are folded through it."""
    named: Any = record
    places = {name: place for place, name in enumerate(named._fields)}
    make = tuple.__new__

    def _replace(self: Any, **changes: object) -> Any:
        values = [*self]
        for name, value in changes.items():
            values[places[name]] = value
        return make(named, values)

    named._replace = _replace
    return record
