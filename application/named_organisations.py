"""What organisations are called for who reads of a person: as their programmes call them."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress

from application.acts import named
from application.office import KIND, Office, journey_of
from application.organisations import registered_names
from application.programmes import NotPublished
from domain.definition import Definition, NoDefinition
from domain.wording import Tongue, in_language, titled


def named_organisations(
    office: Office, codes: Collection[str], journeys: Iterable[str], tongue: Tongue
) -> dict[str, str]:
    """Return names of organisations by their codes, in a language; nothing of who has none.

    The definitions of the journeys say them, each in its version, and then in newer and older ones;
    what they do not, the organisations' own registrations.
    """
    found: dict[str, str] = {}
    for definition in _definitions(office, journeys):
        for one in definition.organisations:
            if one.code in codes:
                found.setdefault(one.code, in_language(titled(one.title), tongue))
    return registered_names(office.organisations, {*codes}.difference(found)) | found


def _definitions(office: Office, journeys: Iterable[str]) -> Iterator[Definition]:
    begun = (journey_of(office.histories.newest(named(KIND, one))) for one in journeys)
    under = dict.fromkeys(one for one in begun if one is not None)
    for programme, version in under:
        with suppress(NotPublished, NoDefinition):
            yield office.programmes.definition(programme, version)
    for programme in dict.fromkeys(programme for programme, _ in under):
        yield from office.programmes.versions(programme)
