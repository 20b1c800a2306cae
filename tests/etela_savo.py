"""A client is referred to Mikkeli, in the service model of Etelä-Savo."""

from typing import Any

from application.journeys import refer
from application.office import Office
from application.ports import Receipt
from application.transact import Asked

TO_MIKKELI = {
    "from_organisation": "te-office",
    "to_organisation": "mikkeli",
    "channel": "te-office-referral",
    "service_line": "line-1",
}


def refer_to_mikkeli(
    office: Office, journey: str, asked: Asked, client: str = "c-1", **more: Any
) -> Receipt:
    """Refer a client; `more` are fields beside those of `TO_MIKKELI`, or in their place."""
    fields: dict[str, Any] = TO_MIKKELI | more
    return refer(office, journey, asked, "etela-savo", client=client, **fields)
