"""Values that are made once and looked up again."""

from collections.abc import Callable
from typing import Final, TypeVar

MOST_KNOWN: Final = 16384
"""Values that are kept, where nothing else is said."""

K = TypeVar("K")
V = TypeVar("V")


class Known(dict[K, V]):
    """Values by what they are made of; all are forgotten when there are `most` of them."""

    def __init__(self, make: Callable[[K], V], most: int = MOST_KNOWN) -> None:
        super().__init__()
        self._make_value = make
        self._most = most

    def __missing__(self, key: K) -> V:
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._make_value(key)
        return value
