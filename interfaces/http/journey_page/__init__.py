"""A case file as the page of a journey: composed once, in the language that was asked for."""

from datetime import date

from application.case_file import CaseFile
from application.disclosure import WHOLE, Shown
from application.questions import MOST
from domain.client import Client
from domain.journey.state import Status
from domain.wording import Tongue
from interfaces.http import journey_models as m
from interfaces.http.clocks import used
from interfaces.http.journey_page import standing, waiting
from interfaces.http.journey_page.arrival import arrival
from interfaces.http.journey_page.records import records
from interfaces.http.journey_page.support import support
from interfaces.http.speaking import Speaking
from interfaces.http.withheld import doubts_shown, withheld_told


def page_of(
    case: CaseFile, client: Client | None, tongue: Tongue, shown: Shown = WHOLE
) -> m.JourneyPage:
    """Return the page, as far as it is shown; `client` as registered, None for no names."""
    journey, say = case.journey, Speaking(case, tongue)
    parts = {
        **support(case, say),
        **records(journey, say),
        "phases": standing.phases(journey.stays, case.day, say),
        "deadlines": [waiting.deadline(due, case.day, say) for due in case.deadlines],
        "reviews": [
            waiting.review(one, case, say) for one in doubts_shown(case.doubts, case.known, shown)
        ],
        "handovers": list(waiting.handovers(case, say)),
    }
    came = arrival(case, say)
    withheld = withheld_told(shown, tongue, {*parts, *came})
    parts = shown.fields(parts)
    lists = {name: part for name, part in parts.items() if isinstance(part, list)}
    return m.JourneyPage.model_construct(
        id=case.id,
        version=case.version,
        clocks=used(case),
        client=_client(journey.client, client) if journey.client else None,
        status=say.code("status", journey.status.value),
        is_open=journey.status not in {Status.CLOSED, Status.DECLINED, Status.NOT_BEGUN},
        organisation=say.maybe("organisation", journey.organisation),
        responsible=standing.responsible(journey, say),
        phase=standing.phase(journey.stay, case.day, say) if journey.stay else None,
        definition=standing.definition(case, say),
        **shown.fields(came),
        **{name: part[-MOST:] if name in lists else part for name, part in parts.items()},
        counts={name: len(part) for name, part in lists.items()},
        closing=standing.closing(journey, say),
        withheld=withheld,
    )


def _client(client: str, known: Client | None) -> m.ClientLink:
    registered = known.registered if known else None
    if known is None or registered is None:
        return m.ClientLink(id=client, given_name=None, family_name=None, born=None, goes_by=None)
    born = registered.date_of_birth.text
    return m.ClientLink(
        id=client,
        given_name=registered.given_name.text,
        family_name=registered.family_name.text,
        born=date.fromisoformat(born) if born else None,
        goes_by=known.same.into,
    )
