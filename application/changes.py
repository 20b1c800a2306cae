"""What changed since a position of the log, for whoever may see it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from application.case_file import versions_met, words_by_entry
from application.disclosure import kind_within
from application.office import KIND, Office, journey_of
from application.ports import NotReadable, Recorded
from application.programmes import NotPublished
from application.scope import Scope, keys_of, may_see
from application.sentences.words import Words, words_of
from domain.data_kinds import DataKind
from domain.definition import Definition
from domain.journey.history import History, JourneyEntry
from domain.journey.state import Journey
from domain.wording import Tongue

SCANNED = 5_000
"""How many entries of the log one request looks through at most."""

FOLDED = 300
"""How many journeys one request folds at most to know who may see them."""

_PREFIX = f"{KIND}:"

WordsIn: TypeAlias = Callable[[Tongue], Callable[[int], Words]]
"""Returns the words of each entry of a journey, by its version, in a language."""

Journeys: TypeAlias = dict[str, tuple[History, WordsIn] | None]
"""Journeys of one request, by stream, with the words of their entries; None: not readable."""


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of a journey, with the keys by which the journey can be reached now.

    `as_of` is the version of the journey that the keys and the state are of. `kind` is the kind of
    data that it tells; None where it says nothing about a person.
    """

    journey: str
    client: str
    keys: frozenset[str]
    entry: JourneyEntry
    state: Journey
    as_of: int
    definition: Definition | None
    kind: DataKind | None
    words_in: WordsIn

    @property
    def position(self) -> int:
        """Return the entry's position in the log."""
        return self.entry.position

    def words(self, tongue: Tongue) -> Words:
        """Return the words of the entry in a language, with the titles of its definition."""
        return self.words_in(tongue)(self.entry.version)


class JourneyNotReadable(NotReadable):
    """A journey cannot be read to the end, so that nobody knows who may see its entries.

    Not raised where its programme cannot be: that is of all its journeys, and nobody who follows is
    to pass over them for it.
    """


@dataclass(frozen=True, slots=True)
class Changes:
    """Some of what changed. `next` is the position to go on after, `more` whether at once.

    `unread` is how many entries were passed over, because they, or others of their journeys, cannot
    be read.
    """

    items: tuple[Change, ...]
    next: int
    more: bool
    unread: int = 0


def changes(
    office: Office, scope: Scope, after: int, limit: int, shown: Callable[[Change], bool]
) -> Changes:
    """Return what changed after the position in journeys of the scope, in the log's order.

    What is not `shown` to the person, though in scope, is left out.

    A request looks through a bounded part of the log: there may be nothing in it, and more to come.
    """
    head = office.log.position()
    if after >= head:  # nobody was handed out a position above it: what comes is not to be missed
        return Changes((), head, more=False)
    found: list[Change] = []
    known: Journeys = {}
    unread: list[int] = []
    last = after
    entries = office.log.read(after=after, until=head, unread=unread.append)
    for recorded in islice(entries, SCANNED):
        if len(found) == limit or len(known) == FOLDED:
            passed = [one for one in unread if one <= last]
            return Changes(tuple(found), last, more=True, unread=len(passed))
        try:
            change = change_of(office, recorded, known)
            if change is not None and may_see(scope, change.keys) and shown(change):
                found.append(change)
        except JourneyNotReadable:
            unread.append(recorded.entry.position)
        last = recorded.entry.position
    last = max([last, *unread])
    return Changes(tuple(found), last, more=last < head, unread=len(unread))


def change_of(office: Office, recorded: Recorded, known: Journeys | None = None) -> Change | None:
    """Return an entry as a change of its journey; None where it is of no journey.

    `known` remembers the journeys of one request, so that each is asked of the log once, and the
    words of its entries, which cost a walk through all of them, are made once. Raises
    JourneyNotReadable.
    """
    stream, entry = recorded
    if not stream.startswith(_PREFIX):
        return None
    if known is None:
        found = _as_far_as(office, stream, entry.version)
        words_in = _words_in(office, found)
    else:
        if stream not in known:  # another process may have ended what this one remembers
            known[stream] = _with_words(office, stream)
        remembered = known[stream]
        if remembered is None:
            raise JourneyNotReadable(stream)
        found, words_in = remembered
    journey = stream.removeprefix(_PREFIX)
    return Change(
        journey,
        found.journey.client,
        keys_of(journey, found.journey),
        entry,
        found.journey,
        found.version,
        _definition(office, found),
        kind_within(found, entry.event),
        words_in,
    )


def is_readable(office: Office, journey: str) -> bool:
    """Whether a journey can be read to the end by now."""
    try:
        _newest(office, f"{_PREFIX}{journey}")
    except JourneyNotReadable:
        return False
    return True


def _with_words(office: Office, stream: str) -> tuple[History, WordsIn] | None:
    try:
        newest = _newest(office, stream)
    except JourneyNotReadable:
        return None
    return newest, _once(_words_in(office, newest))


def _newest(office: Office, stream: str) -> History:
    try:
        return office.histories.newest(stream)
    except NotReadable as error:
        raise JourneyNotReadable(stream) from error


def _as_far_as(office: Office, stream: str, version: int) -> History:
    """Return the history, asking the log only where memory is not as far as the entry.

    A change of scope is an entry too: whoever has come to it has the scope that goes with it.
    """
    try:
        found = office.histories.remembered(stream)
    except NotReadable as error:
        raise JourneyNotReadable(stream) from error
    return found if found.version >= version else _newest(office, stream)


def _words_in(office: Office, found: History) -> WordsIn:
    def words(tongue: Tongue) -> Callable[[int], Words]:
        others = versions_met(office, found.entries)
        said = words_of(_definition(office, found), found.journey, tongue, others)
        return words_by_entry(found.entries, said)

    return words


def _once(words_in: WordsIn) -> WordsIn:
    """Return what makes the words of a language once."""
    made: dict[str, Callable[[int], Words]] = {}

    def words(tongue: Tongue) -> Callable[[int], Words]:
        if tongue.language not in made:
            made[tongue.language] = words_in(tongue)
        return made[tongue.language]

    return words


def _definition(office: Office, found: History) -> Definition | None:
    begun = journey_of(found)
    try:
        return office.programmes.definition(*begun) if begun else None
    except NotPublished:
        return None
