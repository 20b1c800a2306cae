"""What targets and reference values count: a closed list, so that each can be computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

ON_TO_WORK = frozenset({"employment", "self-employment"})
"""Destinations that count as work."""

ONWARD = ON_TO_WORK | {"education-or-training", "other-measure"}
"""Destinations that count as a follow-up path."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a target or a reference value counts, in which unit, and which way is better."""

    unit: Literal["count", "share", "euros", "days"]
    better: Literal["more", "less"]
    meaning: str


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "clients": Measure("count", "more", "clients whose referral was accepted"),
        "young-unemployed-or-threatened": Measure(
            "share",
            "more",
            "of clients: under 30, and unemployed or threatened by it, at the start",
        ),
        "follow-up-path": Measure(
            "share", "more", "of closed journeys: on to work, education or another measure"
        ),
        "employment": Measure("share", "more", "of closed journeys: on to work or self-employment"),
        "plans-agreed": Measure("share", "more", "of clients: a plan was agreed"),
        "placements": Measure("count", "more", "placements that started"),
        "accompanied": Measure(
            "share", "more", "of clients whose placement started: a follow-up was held since"
        ),
        "certificates": Measure("count", "more", "certificates awarded"),
        "self-assessments": Measure("count", "more", "self-assessments that clients submitted"),
        "feedback": Measure("share", "more", "of closed journeys: the client gave feedback"),
        "days-to-interview": Measure(
            "days", "less", "median days from the accepted referral to the intake interview"
        ),
        "days-to-plan": Measure(
            "days", "less", "median days from the accepted referral to the agreed plan"
        ),
        "days-unemployed": Measure("days", "less", "median days of a spell of unemployment"),
        "payments-avoided": Measure("euros", "more", "municipal share of benefits not paid"),
        "co-payment-share": Measure(
            "share",
            "less",
            "of a benefit: what the municipality pays from a number of paid days on",
        ),
        "benefit-per-day": Measure("euros", "less", "paid for one day of a benefit"),
        "adoptions": Measure("count", "more", "organisations that took a product over"),
    }
)
