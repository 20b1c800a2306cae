"""Finding clients by words of their names among a million, through the words that there are.

Names as typed are looked for first, then those that the last word begins, then those a slip of the
hand away, then those with two words in one. What fits less well is looked for only where better
ones leave room, and how many are looked at is bounded; those in which one word is two, without the
space, are looked for where who searches is told of nobody else. Many have a common word in their
names, so two are looked for as a pair: a search costs as much as it finds. Of a person with several
ids one word may have been told under one and the next under another: in the few such names, words
are looked for by person.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, product
from typing import Any, NamedTuple

from application.views.register import deletions, joined, pair_of
from application.views.rows import NameRow, PairRow
from infrastructure.view_matching import SHORTEST_RUN_TOGETHER, is_slip, shortest_of
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

Sets = Sequence[Sequence[str]]
"""For each word of a search, the words of which a client must have one."""

_BEGUN, _SLIPPED, _JOINED = range(3)


def named(snapshot: Snapshot, words: Sequence[str]) -> tuple[list[str], bool]:
    """Return ids of clients with the words in their names, and whether there may be more."""
    typed, near = _as_typed(snapshot, words)
    if len(typed) > MOST_LOOKED_AT and len(words) > 1 and snapshot.is_current(NameRow):
        typed = list(dict.fromkeys((*_with_one_id(snapshot, words), *typed)))
    if len(typed) >= ENOUGH:
        return typed[:MOST_LOOKED_AT], True
    less_well = _each_having(snapshot, _less_well(words, near))
    found = _once(typed, less_well, _BEGUN)
    more = len(found) >= ENOUGH
    for way in (_SLIPPED, _JOINED):
        if len(found) < ENOUGH:
            found = _once(found, less_well, way)
    more = more or len(near.begun[words[-1]]) == MOST_BEGUN or len(found) > MOST_LOOKED_AT
    return found[:MOST_LOOKED_AT], more


def _once(found: Sequence[str], others: Iterable[tuple[int, str]], way: int) -> list[str]:
    return list(dict.fromkeys(chain(found, (owner for by, owner in others if by == way))))


def _with_one_id(snapshot: Snapshot, words: Sequence[str]) -> list[str]:
    """Return some of the clients with the words who have one id, of so many that not all are seen.

    Those with several come first in an answer, and would hide all others.
    """
    statement, values = _in_all(snapshot, PairRow, _paired([[word] for word in words]), "one")
    # All words of a client have the same person; as a single value it is looked up row by row.
    person = f"SELECT n.person FROM {snapshot.table(NameRow)} AS n WHERE n.owner = one_0.owner"
    asked = f"{statement} AND ({person} LIMIT 1) IS NULL LIMIT {MOST_LOOKED_AT // 2}"
    return [owner for (owner,) in snapshot.tuples(asked, values)]


class _Near(NamedTuple):
    """For the words of a search, also two as one, words of the register that may stand for them."""

    whole: dict[str, list[str]]
    """The word itself, if anybody may have it, and those that are one slip of the hand away."""
    begun: dict[str, list[str]]
    """Longer words that begin with the last one."""

    def slipped(self, word: str) -> bool:
        """Whether there are words that are a slip away."""
        return any(other != word for other in self.whole[word])


def _whole(word: str, known: Iterable[str], shortest: int) -> list[str]:
    if len(word) > LONGEST:
        return [word]
    return [other for other in known if other == word or is_slip(word, other, shortest)]


def _as_typed(snapshot: Snapshot, words: Sequence[str]) -> tuple[list[str], _Near]:
    """Return clients with the words as they are, and the words near to them: asked in one way."""
    together = joined(words)
    every = {*words, *chain.from_iterable(together)}
    beginnings = list(dict.fromkeys(some[-1] for some in (words, *together)))
    having, values = _having(snapshot, [[word] for word in words], "typed")
    forms = snapshot.driver.among("forms")
    parts = [
        f"SELECT 0, owner FROM ({having}) AS typed",
        f"SELECT DISTINCT 1, word FROM {snapshot.word_forms()} WHERE form {forms}",
    ]
    shortest = shortest_of(words)
    forms_of = (_forms(word, shortest) for word in every)
    values["forms"] = snapshot.driver.texts(sorted(set().union(*forms_of)))
    for number, word in enumerate(beginnings, 2):
        parts.append(f"SELECT {number}, word FROM ({_begun(snapshot, number)}) AS begun_{number}")
        values |= {f"since_{number}": word, f"until_{number}": word + LAST}
    found: dict[int, list[str]] = {number: [] for number in range(len(parts))}
    for number, text in snapshot.tuples(" UNION ALL ".join(parts), values):
        found[number].append(text)
    begun = {word: found[number] for number, word in enumerate(beginnings, 2)}
    whole = {word: _whole(word, found[1], shortest) for word in every}
    return found[0], _Near(whole, begun)


def _begun(snapshot: Snapshot, number: int) -> str:
    """Return the statement that finds words that begin with another, and are longer."""
    value = snapshot.driver.value
    return (
        f"SELECT word FROM {snapshot.word_forms()} WHERE form > {value(f'since_{number}')} "
        f"AND form < {value(f'until_{number}')} AND word = form ORDER BY form LIMIT {MOST_BEGUN}"
    )


def _forms(word: str, shortest: int) -> Iterable[str]:
    """Return the forms that a word shares with those that are a slip away.

    Of a shorter one these are longer, and it is a form of theirs.
    """
    if len(word) > LONGEST:
        return ()
    return deletions(word) if len(word) >= shortest else (word,)


def _less_well(words: Sequence[str], near: _Near) -> Iterator[tuple[int, Sets]]:
    """Yield what else may stand for the words: one that is begun, slips, two as one."""
    sets = [near.whole[word] for word in words]
    yield _BEGUN, [*sets[:-1], near.begun[words[-1]]]
    if any(map(near.slipped, words)):
        yield _SLIPPED, sets
    for some in joined(words):
        *whole, last = (near.whole[word] for word in some)
        yield _JOINED, [*whole, [*last, *near.begun[some[-1]]]]


def _each_having(snapshot: Snapshot, ways: Iterable[tuple[int, Sets]]) -> list[tuple[int, str]]:
    """Return clients who have a word of each set, with the way on which they were found."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for number, (way, sets) in enumerate(ways):
        if all(sets):
            having, more = _having(snapshot, sets, f"of_{number}")
            parts.append(f"SELECT {way}, owner FROM ({having}) AS by_{number}")
            values |= more
    return snapshot.tuples(" UNION ALL ".join(parts), values) if parts else []


def parted(snapshot: Snapshot, words: Sequence[str]) -> tuple[list[str], bool]:
    """Return ids of clients who have two words in the place of one, and whether there may be more.

    They may not have the other words. An older program kept no pairs to find them by.
    """
    pairs = [pair_of(*two) for word in words for two in _two_of(word)]
    if not (pairs and snapshot.is_current(PairRow)):
        return [], False
    statement, values = _in_all(snapshot, PairRow, [pairs], "two")
    asked = f"{statement} LIMIT {2 * MOST_LOOKED_AT + 1}"
    found = list(dict.fromkeys(owner for (owner,) in snapshot.tuples(asked, values)))
    return found[:MOST_LOOKED_AT], len(found) > MOST_LOOKED_AT


def _two_of(word: str) -> Iterator[tuple[str, str]]:
    """Yield the two words that a word may be, the space left out or another letter in its place.

    A word that is too long to have forms is none.
    """
    shortest, length = SHORTEST_RUN_TOGETHER, len(word)
    if length <= LONGEST:
        for at in range(shortest, length - shortest + 1):
            yield word[:at], word[at:]
            if length - at > shortest:
                yield word[:at], word[at + 1 :]


def _having(snapshot: Snapshot, sets: Sets, name: str) -> tuple[str, dict[str, Any]]:
    """Return the statement that finds clients who have a word of each set in their names.

    It finds more than are needed: a client may come twice, by a word and by two in one that begin
    as it does. Telling them apart would have the database read them all.
    """
    if len(sets) > 1 and snapshot.is_current(PairRow):
        statement, values = _in_all(snapshot, PairRow, _paired(sets), name)
        statement += f" UNION ALL {_with_long_names(snapshot, len(sets), name)}"
        every = sorted(set(chain.from_iterable(sets)))
        values[f"{name}_every"] = snapshot.driver.texts(every)
    else:
        statement, values = _in_all(snapshot, NameRow, sets, name)
    if len(sets) > 1 and snapshot.is_current(NameRow):
        persons, more = _of_persons(snapshot, sets, name)
        statement, values = f"{persons} UNION ALL {statement}", values | more
    return f"{statement} LIMIT {2 * MOST_LOOKED_AT + 1}", values


def _of_persons(snapshot: Snapshot, sets: Sets, name: str) -> tuple[str, dict[str, Any]]:
    """Return the statement that finds every id of those who have several, and all the words so.

    A word may have been told of a person under one id, and the next under another.
    """
    table, among = snapshot.table(NameRow), snapshot.driver.among
    values = {f"{name}_set_{n}": snapshot.driver.texts(some) for n, some in enumerate(sets)}
    each = " AND ".join(f"max(CASE WHEN word {among(one)} THEN 1 END) = 1" for one in values)
    any_of = f"{name}_any"
    values[any_of] = snapshot.driver.texts(sorted(set(chain.from_iterable(sets))))
    persons = (
        f"SELECT person FROM {table} WHERE word {among(any_of)} AND person IS NOT NULL "
        f"GROUP BY person HAVING {each} ORDER BY person LIMIT {MOST_LOOKED_AT + 1}"
    )
    told = f"SELECT DISTINCT n.owner FROM ({persons}) AS p JOIN {table} AS n ON n.person = p.person"
    return f"SELECT owner FROM ({told}) AS {name}_told", values


def _in_all(
    snapshot: Snapshot, row: type[Any], sets: Sets, name: str
) -> tuple[str, dict[str, Any]]:
    """Return the statement that finds owners with a row of a class with one text of each set."""
    names = [f"{name}_{number}" for number in range(len(sets))]
    table, driver, column = snapshot.table(row), snapshot.driver, row._fields[1]
    conditions = " AND ".join(f"{one}.{column} {driver.among(one)}" for one in names)
    others = "".join(f" JOIN {table} AS {n} ON {n}.owner = {names[0]}.owner" for n in names[1:])
    values = {one: driver.texts(some) for one, some in zip(names, sets, strict=True)}
    first = names[0]
    return f"SELECT {first}.owner FROM {table} AS {first}{others} WHERE {conditions}", values


def _with_long_names(snapshot: Snapshot, words: int, name: str) -> str:
    """Return the statement that finds the few whose names are kept by single words only."""
    return (
        f"SELECT owner FROM {snapshot.table(PairRow)} "
        f"WHERE words {snapshot.driver.among(f'{name}_every')} "
        f"GROUP BY owner HAVING count(*) >= {words}"
    )


def _paired(sets: Sets) -> list[list[str]]:
    """Return sets of pairs in the place of sets of words: so few that each word is in one."""
    last = len(sets) - 2
    firsts = [min(number, last) for number in range(0, len(sets), 2)]
    return [[pair_of(*two) for two in product(sets[at], sets[at + 1])] for at in firsts]
