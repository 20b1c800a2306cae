"""What is reckoned of a programme's journeys: payments avoided, and flows of unemployment."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain

from application.evaluation.asking import Moment
from application.evaluation.flows import Flows, Spell, flows
from application.evaluation.followed import TRAITS, Followed
from application.evaluation.payments import Payments, client_payments, payments, terms_of
from application.evaluation.periods import spells_of
from application.evaluation.reading import JourneysOf, Progress, followed_until, read
from application.office import Office
from domain.definition import Definition


def payments_of(
    office: Office,
    programme: str,
    day: date,
    known_at: datetime | None,
    per_day: Decimal | None,
    on_progress: Progress,
    journeys_of: JourneysOf | None = None,
) -> Payments:
    """Return the municipal payments avoided by a day. Raises NotPublished, NoShare or NoSum.

    Days after the one on which all this was known have not been: nobody was at work on them.
    """
    versions = _in_force(office, programme, day)
    definition = versions[-1]
    terms = terms_of(definition, per_day)
    persons = _by_person(read(office, programme, Moment(day, known_at), on_progress, journeys_of))
    until = followed_until(office, programme, day, known_at)
    found = [
        client_payments(journeys, person, _municipality(definition, person, journeys), terms, until)
        for person, journeys in persons.items()
    ]
    return payments([one for one in found if one is not None], versions, terms, day, until)


def _municipality(definition: Definition, person: str, journeys: Sequence[Followed]) -> str:
    """Return where a client lives by the register, or as told; else where those who serve them are.

    That is the organisation responsible, or where it is of no municipality the one that they were
    referred to. The journey that was accepted first comes first; but of a person with several ids,
    what is said of where they live under the one they go by.
    """
    by_start = sorted(journeys, key=_accepted_first)
    own_first = sorted(by_start, key=lambda one: one.journey.client != person)
    places = {place.code: place.municipality for place in definition.organisations}
    found = chain(
        (x.client.registered.municipality for x in own_first if x.client.registered),
        (TRAITS["municipality"](one) for one in own_first),
        (places.get(code) for one in by_start for code in _serving(one)),
    )
    return next(filter(None, found), "")


def _accepted_first(one: Followed) -> tuple[date, str]:
    referral = one.journey.referral
    return (referral and referral.accepted_on) or date.max, one.id


def _serving(one: Followed) -> tuple[str, ...]:
    referral = one.journey.referral
    return (one.journey.organisation, *((referral.to_organisation,) if referral else ()))


def flows_of(
    office: Office,
    programme: str,
    day: date,
    known_at: datetime | None,
    months: int,
    on_progress: Progress,
    journeys_of: JourneysOf | None = None,
) -> Flows:
    """Return the flows into and out of long unemployment by a day. Raises NotPublished.

    Months that were not over when all this was known are not counted.
    """
    since = _in_force(office, programme, day)[0].effective_from
    persons = _by_person(read(office, programme, Moment(day, known_at), on_progress, journeys_of))
    told = (
        Spell(person, spell)
        for person, journeys in persons.items()
        for spell in spells_of([one.journey for one in journeys])
    )
    return flows(told, since, followed_until(office, programme, day, known_at), months)


def _by_person(those: Iterable[Followed]) -> dict[str, list[Followed]]:
    persons: dict[str, list[Followed]] = {}
    for one in those:
        persons.setdefault(one.person, []).append(one)
    return persons


def _in_force(office: Office, programme: str, day: date) -> list[Definition]:
    """Return the versions of a definition that came into force by a day, the newest last.

    One that another of the same day replaced never was.
    """
    office.programmes.check_published(programme)
    newest = office.programmes.current(programme, day)
    came = {
        one.effective_from: one.number
        for one in office.programmes.state(programme).versions
        if one.effective_from < newest.effective_from
    }
    return [*(office.programmes.definition(programme, number) for number in came.values()), newest]
