"""Finding clients by words of their names among a million, through the words that there are.

Names as typed are looked for first, then those that the last word begins, then those a slip of the
hand away, then those with two words in one. What fits less well is looked for only where better
ones leave room, and how many are looked at is bounded.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from application.views.register import deletions, joined, one_slip_apart
from application.views.rows import ClientRow, NameRow
from infrastructure.view_matching import SHORTEST
from infrastructure.view_reading import Snapshot
from infrastructure.view_words import LONGEST

MOST_LOOKED_AT = 500
"""Clients that a search looks at; there may be more who fit."""

ENOUGH = 100
"""Where so many fit, those who fit less well are not looked for."""

MOST_BEGUN = 200
"""Words that a beginning stands for; of one letter there may be more."""

LAST = "\U0010ffff"
"""What sorts after every letter."""


class Named(NamedTuple):
    """A client's id and the folded words of the name."""

    owner: str
    words: str


def named(snapshot: Snapshot, words: Sequence[str]) -> tuple[list[Named], bool]:
    """Return clients with the words in their names, and whether there may be more."""
    found = _having(snapshot, [[word] for word in words])
    if len(found) >= ENOUGH:
        return _bounded(snapshot, found, more=True)
    *whole, last = ([word, *_slips(snapshot, word)] for word in words)
    begun = _begun(snapshot, words[-1])
    if begun:
        found = list(dict.fromkeys(chain(found, _having(snapshot, [*whole, begun]))))
    enough = len(found) >= ENOUGH
    if not enough and any(len(one) > 1 for one in (*whole, last)):
        found = list(dict.fromkeys(chain(found, _having(snapshot, [*whole, last]))))
    if not enough and len(found) < ENOUGH:
        found = list(dict.fromkeys(chain(found, _joined(snapshot, words))))
    return _bounded(snapshot, found, more=enough or len(begun) == MOST_BEGUN)


def _joined(snapshot: Snapshot, words: Sequence[str]) -> Iterator[str]:
    """Yield clients in whose names two neighbouring words are one; the last may be only begun."""
    for some in joined(words):
        *whole, last = ([word, *_slips(snapshot, word)] for word in some)
        yield from _having(snapshot, [*whole, [*last, *_begun(snapshot, some[-1])]])


def _bounded(snapshot: Snapshot, owners: Sequence[str], *, more: bool) -> tuple[list[Named], bool]:
    some = owners[:MOST_LOOKED_AT]
    found = snapshot.tuples(
        f"SELECT owner, sorted_name FROM {snapshot.table(ClientRow)} "
        f"WHERE owner {snapshot.driver.among('owners')}",
        {"owners": snapshot.driver.texts(some)},
    )
    return [Named(*one) for one in found], more or len(owners) > len(some)


def _having(snapshot: Snapshot, sets: Sequence[Sequence[str]]) -> list[str]:
    """Return ids of clients who have a word of each set in their names, more than are needed.

    A client may come twice, by a word and by two in one that begin as it does: telling them apart
    would have the database read them all.
    """
    table, driver = snapshot.table(NameRow), snapshot.driver
    values = {f"words_{number}": driver.texts(words) for number, words in enumerate(sets)}
    conditions = [
        f"n{number}.word {driver.among(f'words_{number}')}" for number in range(len(sets))
    ]
    joined = "".join(
        f" JOIN {table} AS n{number} ON n{number}.owner = n0.owner"
        for number in range(1, len(conditions))
    )
    statement = (
        f"SELECT n0.owner FROM {table} AS n0{joined} WHERE {' AND '.join(conditions)} "
        f"LIMIT {2 * MOST_LOOKED_AT + 1}"
    )
    return [owner for (owner,) in snapshot.tuples(statement, values)]


def _slips(snapshot: Snapshot, word: str) -> list[str]:
    """Return the words of the register that are one slip of the hand from a word."""
    if not SHORTEST <= len(word) <= LONGEST:
        return []
    found = snapshot.tuples(
        f"SELECT DISTINCT word FROM {snapshot.word_forms()} "
        f"WHERE form {snapshot.driver.among('forms')}",
        {"forms": snapshot.driver.texts(sorted(deletions(word)))},
    )
    return [other for (other,) in found if one_slip_apart(word, other)]


def _begun(snapshot: Snapshot, word: str) -> list[str]:
    """Return words of the register that begin with a word, and are longer."""
    value = snapshot.driver.value
    found = snapshot.tuples(
        f"SELECT word FROM {snapshot.word_forms()} WHERE form > {value('since')} "
        f"AND form < {value('until')} AND word = form ORDER BY form LIMIT {MOST_BEGUN}",
        {"since": word, "until": word + LAST},
    )
    return [other for (other,) in found]
