"""Numbers drawn by chance, the same ones each time, and all that there are."""

import random
from collections.abc import Iterator


def chance(seed: int) -> random.Random:
    """Return what draws; whoever names the same seed draws the same."""
    return random.Random(seed)  # noqa: S311 - nothing here is secret


def ways(number: int, places: int) -> Iterator[tuple[int, ...]]:
    """Yield every way in which so many can be in so many places."""
    if places == 1:
        yield (number,)
        return
    for first in range(number + 1):
        for rest in ways(number - first, places - 1):
            yield (first, *rest)
