"""Who a journey's client is: one person under all ids, as far as it was known."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from domain.client import UNKNOWN, Client, ClientEvent, ClientRegistered, fold
from domain.entry import Entry

Told = Callable[[str], Iterable[Entry[ClientEvent]]]
"""Returns what was recorded of a client's id, and counts; nothing of one that is not known."""


def known_of(name: str, told: Told) -> Client:
    """Return a client; of a person with several ids what is known under any of them.

    That under the id that the person goes by comes first.
    """

    def known(of: str) -> Client:
        return fold(told(of), UNKNOWN)

    own = known(name)
    if not own.same.merged:
        return own
    goes_by = known(own.same.into) if own.same.into else own
    those = (goes_by, *map(known, sorted(goes_by.same.taken_in)))
    registered = [one.registered for one in those if one.registered is not None]
    return replace(own, registered=_together(registered))


def _together(those: Sequence[ClientRegistered]) -> ClientRegistered | None:
    """Return what several registrations say of one person, the first that says it."""
    if not those:
        return None
    born = next((one for one in those if one.birth_year is not None), those[0])
    return replace(
        those[0],
        gender=next((one.gender for one in those if one.gender is not None), None),
        municipality=next((x.municipality for x in those if x.municipality is not None), None),
        language=next((one.language for one in those if one.language is not None), None),
        birth_year=born.birth_year,
        date_of_birth=born.date_of_birth,
    )
