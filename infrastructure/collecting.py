"""Looking for garbage less often while much is made that stays for a while.

What is folded is let go of by itself: to look through all of it time and again costs as much as
folding it.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

MUCH_THAT_STAYS = (100_000, 50, 100)
"""When to look for garbage then, as `gc.set_threshold` takes it."""

_change = threading.Lock()
_before: list[tuple[int, int, int]] = []


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Have the process look for garbage rarely; the last of those who asked puts it back."""
    with _change:
        _before.append(gc.get_threshold())
        gc.set_threshold(*MUCH_THAT_STAYS)
    try:
        yield
    finally:
        with _change:
            first, *others = _before
            _before[:] = [first] * len(others)
            if not others:
                gc.set_threshold(*first)
