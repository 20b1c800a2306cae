"""Whole numbers as other tools take them."""

from typing import Final

_BEYOND: Final = 2**63


def has_room(number: int) -> bool:
    """Whether a whole number fits the 64 bits, sign and all, that other tools have for one."""
    return -_BEYOND <= number < _BEYOND
