"""What a client lets another organisation see, and for how long: on the client's own stream.

A consent counts on its days (`start` and `until`, both included). It can be withdrawn: that counts
from the moment it is recorded, whatever day it is said to have happened on, because nobody can
take back what was shown before. Order: events (stored formats), state, evolve, decisions.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeAlias

from domain.entry import Entry
from domain.kinds import DataKind
from domain.refusals import InvalidField
from domain.wording import said

# Events


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """The client lets an organisation see kinds of data, from a day until another (included)."""

    organisation: str
    kinds: tuple[DataKind, ...]
    start: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """The client takes back what the organisation was let see of these kinds, from now on."""

    organisation: str
    kinds: tuple[DataKind, ...]


ConsentEvent: TypeAlias = ConsentGiven | ConsentWithdrawn

# State


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent as it stands: `kinds` are those that it still covers, `withdrawn` those it did.

    `entry` is the version of the client's stream that says so; each kind that was withdrawn goes
    with the instant (UTC) from which it was.
    """

    entry: int
    organisation: str
    kinds: tuple[DataKind, ...]
    start: date
    until: date | None
    recorded_at: datetime
    withdrawn: tuple[tuple[DataKind, datetime], ...] = ()

    def counts(self, day: date) -> bool:
        """Whether the day is one of the consent's days."""
        return self.start <= day and (self.until is None or day <= self.until)


Consents: TypeAlias = tuple[Consent, ...]


def covering(consents: Consents, organisation: str, day: date) -> Consents:
    """Return the consents that let the organisation see something on the day, as it is now."""
    own = (one for one in consents if one.organisation == organisation)
    return tuple(one for one in own if one.kinds and one.counts(day))


# Evolve


def with_consent(consents: Consents, event: ConsentEvent, entry: Entry[Any]) -> Consents:
    """Return the consents after one more entry of them."""
    if isinstance(event, ConsentGiven):
        given = Consent(
            entry.version,
            event.organisation,
            event.kinds,
            event.start,
            event.until,
            entry.recorded_at,
        )
        return (*consents, given)
    return tuple(_without(one, event, entry.recorded_at) for one in consents)


def _without(one: Consent, event: ConsentWithdrawn, at: datetime) -> Consent:
    taken = [kind for kind in one.kinds if kind in event.kinds]
    if one.organisation != event.organisation or not taken:
        return one
    return replace(
        one,
        kinds=tuple(kind for kind in one.kinds if kind not in taken),
        withdrawn=(*one.withdrawn, *((kind, at) for kind in taken)),
    )


# Decisions


def give_consent(
    consents: Consents,
    *,
    on: date,
    organisation: str,
    kinds: Iterable[DataKind],
    start: date | None = None,
    until: date | None = None,
) -> tuple[ConsentEvent, ...]:
    """Let an organisation see kinds of data, from a day (that of the act where none is named).

    Nothing where the same is in force already. Raises InvalidField without a kind, and
    where the last day lies before the first.
    """
    wanted = _in_order(kinds)
    if not wanted:
        raise InvalidField("kinds", said("name at least one kind of data"))
    first = start or on
    if until is not None and until < first:
        raise InvalidField(
            "until", said("the last day lies before the first, {start}", start=first)
        )
    event = ConsentGiven(organisation, wanted, first, until)
    known = (ConsentGiven(x.organisation, x.kinds, x.start, x.until) for x in consents)
    return () if event in known else (event,)


def withdraw_consent(
    consents: Consents, *, organisation: str, kinds: Iterable[DataKind] | None = None
) -> tuple[ConsentEvent, ...]:
    """Take back what an organisation was let see: the kinds named, or all of them.

    Nothing where none of it is given, or it was withdrawn before.
    """
    given = {kind for one in consents if one.organisation == organisation for kind in one.kinds}
    named = given if kinds is None else given & set(kinds)
    return (ConsentWithdrawn(organisation, _in_order(named)),) if named else ()


def _in_order(kinds: Iterable[DataKind]) -> tuple[DataKind, ...]:
    wanted = set(kinds)
    return tuple(kind for kind in DataKind if kind in wanted)
