"""Whole numbers as other tools take them."""

from typing import Final

WHOLE: Final = 2**63
"""From here on, and below the same beneath 0, a whole number has no room in other tools' types."""
