"""Finding clients by words of their names among a million, through the words that there are.

A word that is asked for stands for itself, the words a slip of the hand away, and for the last one
those that begin with it. Names as typed are looked for first; the others only where these leave
room. How many are looked at is bounded.
"""

from collections.abc import Iterable, Sequence

from application.views.register import deletions, one_slip_apart
from application.views.rows import NameRow
from infrastructure.view_matching import SHORTEST
from infrastructure.view_reading import Snapshot

MOST_LOOKED_AT = 1000
"""Clients that a search looks at; there may be more who fit."""

MOST_BEGUN = 200
"""Words that a beginning stands for; of one letter there may be more."""

LAST = "\U0010ffff"
"""What sorts after every letter."""


def named(snapshot: Snapshot, words: Sequence[str]) -> tuple[list[str], bool]:
    """Return ids of clients with the words in their names, and whether there may be more."""
    exact = _having(snapshot, [[word] for word in words])
    if len(exact) > MOST_LOOKED_AT:
        return exact[:MOST_LOOKED_AT], True
    *whole, last = words
    begun = _begun(snapshot, last)
    sets = [[word, *_slips(snapshot, word)] for word in whole]
    sets.append([last, *_slips(snapshot, last), *begun])
    others = [] if all(len(one) == 1 for one in sets) else _having(snapshot, sets)
    found = list(dict.fromkeys([*exact, *others]))
    more = len(found) > MOST_LOOKED_AT or len(others) > MOST_LOOKED_AT
    return found[:MOST_LOOKED_AT], more or len(begun) == MOST_BEGUN


def _having(snapshot: Snapshot, sets: Iterable[Sequence[str]]) -> list[str]:
    """Return ids of clients who have a word of each set in their names."""
    table, driver = snapshot.table(NameRow), snapshot.driver
    values, conditions = {}, []
    for number, words in enumerate(sets):
        values[f"words_{number}"] = driver.texts(words)
        conditions.append(f"n{number}.word {driver.among(f'words_{number}')}")
    joined = "".join(
        f" JOIN {table} AS n{number} ON n{number}.owner = n0.owner"
        for number in range(1, len(conditions))
    )
    statement = (
        f"SELECT DISTINCT n0.owner FROM {table} AS n0{joined} WHERE {' AND '.join(conditions)} "
        f"LIMIT {MOST_LOOKED_AT + 1}"
    )
    return [owner for (owner,) in snapshot.tuples(statement, values)]


def _slips(snapshot: Snapshot, word: str) -> list[str]:
    """Return the words of the register that are one slip of the hand from a word."""
    if len(word) < SHORTEST:
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
