"""Numbers drawn by chance, the same ones each time."""

import random


def chance(seed: int) -> random.Random:
    """Return what draws; whoever names the same seed draws the same."""
    return random.Random(seed)  # noqa: S311 - nothing here is secret
