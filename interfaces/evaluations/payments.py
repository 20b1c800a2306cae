"""Municipal payments of labour-market subsidy that were avoided."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from application.evaluation.payments import NoTerms, Payments
from application.evaluation.reckoning import payments_of
from interfaces.evaluations.reading import OfJourneys, Source, given


@dataclass(frozen=True, slots=True)
class PaymentsAsked:
    """Of which journeys, and what a day costs in euros (None: what the definition says)."""

    of: OfJourneys
    per_day: Decimal | None = None


class Avoided(NamedTuple):
    """The payments, and the answer as JSON has it."""

    found: Payments
    told: dict[str, Any]


def avoided(source: Source, asked: PaymentsAsked) -> Avoided:
    """Reckon the payments avoided. Raises NotPublished, and CannotEvaluate without terms."""
    programme = asked.of.programme
    day, instant = asked.of.clocks(source.office)
    with given("per_day", NoTerms):
        found = payments_of(
            source.office,
            programme,
            day,
            instant,
            asked.per_day,
            source.on_progress,
            source.journeys_of,
        )
    told = {
        "programme": programme,
        "as_at": found.day,
        "known_at": instant,
        "terms": found.terms,
        "groups": found.groups,
        "clients": found.clients,
        "unknown": found.unknown,
    }
    return Avoided(found, told)
