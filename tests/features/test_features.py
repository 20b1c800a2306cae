"""Every feature that needs no steps of its own, on both databases."""

from pathlib import Path

from pytest_bdd import scenarios

from tests.features.asked import OVER_HTTP

FEATURES = Path(__file__).parents[2] / "features"
ON_THEIR_OWN = {"follow-me.feature", "tampered-row.feature", "what-if.feature", *OVER_HTTP}

scenarios(*(f.name for f in FEATURES.glob("*.feature") if f.name not in ON_THEIR_OWN))
