"""Municipal payments of labour-market subsidy that were avoided."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from application.evaluation.payments import NoShare, NoSum
from application.evaluation.payments_shown import PaymentsShown, shown
from application.evaluation.reckoning import payments_of
from application.evaluation.suppression import THRESHOLD
from interfaces.evaluations.reading import OfJourneys, Source, given


@dataclass(frozen=True, slots=True)
class PaymentsAsked:
    """Of which journeys, and what a day costs in euros (None: what the definition says).

    Numbers below `threshold` are withheld; single clients are told only where all is shown.
    """

    of: OfJourneys
    per_day: Decimal | None = None
    threshold: int = THRESHOLD

    def check(self) -> None:
        """Do nothing: whatever is said can be asked."""


class Avoided(NamedTuple):
    """The payments, and the answer as JSON has it."""

    found: PaymentsShown
    told: dict[str, Any]


def avoided(source: Source, asked: PaymentsAsked) -> Avoided:
    """Reckon the payments avoided. Raises NotPublished, and CannotEvaluate."""
    programme = asked.of.programme
    day, instant = asked.of.clocks(source.office)
    with given("programme", NoShare), given("per_day", NoSum):
        reckoned = payments_of(
            source.office,
            programme,
            day,
            instant,
            asked.per_day,
            source.on_progress,
            source.journeys_of,
        )
    found = shown(reckoned, asked.threshold)
    told = {
        "programme": programme,
        "as_at": found.day,
        "known_at": instant,
        "until": found.until,
        "threshold": found.threshold,
        "terms": found.terms,
        "groups": found.groups,
        "clients": found.clients,
        "unknown": found.unknown,
    }
    return Avoided(found, told)
