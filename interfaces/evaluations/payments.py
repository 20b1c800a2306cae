"""Municipal payments of labour-market subsidy that were avoided."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from application.evaluation.payments import NoTerms, Payments
from application.evaluation.reckoning import payments_of
from application.journeys import Office
from interfaces.evaluations.reading import Advance, OfJourneys, given
from interfaces.evaluations.reckoned import asking


@dataclass(frozen=True, slots=True)
class PaymentsAsked:
    """Of which journeys, and what a day costs in euros (None: what the definition says)."""

    of: OfJourneys
    per_day: Decimal | None = None


class Avoided(NamedTuple):
    """The payments, and the answer as JSON has it."""

    found: Payments
    told: dict[str, Any]


def avoided(office: Office, asked: PaymentsAsked, on_progress: Advance) -> Avoided:
    """Reckon the payments avoided. Raises NotPublished, and CannotEvaluate without terms."""
    at = asking(office, asked.of)
    with given("per_day", NoTerms):
        found = payments_of(office, at, asked.per_day, on_progress)
    told = {
        "programme": at.programme,
        "as_at": found.day,
        "known_at": at.known_at,
        "terms": found.terms,
        "groups": found.groups,
        "clients": found.clients,
        "unknown": found.unknown,
    }
    return Avoided(found, told)
