"""How well a client fits what somebody looks for: from 0, not at all, to 1, exactly."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import product

from application.views.register import folded_id, joined, one_slip_apart
from application.views.rows import ClientRow

EXACT, BEGUN, SLIPPED = 1.0, 0.9, 0.8
"""A word as it is, one whose beginning was typed, and one that is a slip of the hand away."""

JOINED = 0.95
"""Words that fit if two of one side are one of the other, against those that fit as they are."""

SWAPPED = 0.7
"""A day of birth with its day and month swapped."""

SHORTEST, SHORTEST_OF_SEVERAL = 3, 2
"""Letters that one of two words has at least where a slip parts them: of words of two letters,
nearly all would be a slip away. Beside other words of a search they tell one person all the same.
"""

SHORTEST_RUN_TOGETHER = 2
"""Letters of the shorter of two words that are taken for one where the space was left out."""

Fit = Callable[[str, str], float]


def swapped(day: date) -> date | None:
    """Return the day with day and month swapped; None where there is none, or it is the same."""
    if day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)


def of_words(asked: Sequence[str], there: Sequence[str]) -> float:
    """Return how well a client's words fit those of a search; each must have one of its own.

    The last may be only begun.
    """
    shortest = shortest_of(asked)
    whole = [(word, partial(_whole, shortest=shortest)) for word in asked[:-1]]
    last = [(word, partial(_begun, shortest=shortest)) for word in asked[-1:]]
    return _best([*whole, *last], there) / max(len(asked), 1)


def shortest_of(asked: Sequence[str]) -> int:
    """Return how many letters one of two words must have for a slip, among the words asked for."""
    return SHORTEST if len(asked) == 1 else SHORTEST_OF_SEVERAL


def is_slip(word: str, other: str, shortest: int = SHORTEST) -> bool:
    """Whether a slip of the hand may have made the one word of the other."""
    lengths = len(word), len(other)
    may_be = max(lengths) >= shortest and min(lengths) > 1  # an initial tells of no other word
    return may_be and one_slip_apart(word, other)


def of_name(asked: Sequence[str], there: Sequence[str]) -> float:
    """Return how well a client's words fit, also where two of one side are one of the other."""
    best = of_words(asked, there)
    if best < JOINED:
        elsewhere = [of_words(words, there) for words in joined(asked)]
        elsewhere += [of_words(asked, words) for words in joined(there)]
        best = max(best, JOINED * max(elsewhere, default=0.0))
    return best or (SLIPPED if run_together(asked, there) else 0.0)


def run_together(asked: Sequence[str], there: Sequence[str]) -> bool:
    """Whether the words fit as they are if one is two of the client's, written without the space.

    Another key may have been hit in its place.
    """
    known = {*there}
    for place, word in enumerate(asked):
        others = {*asked[:place], *asked[place + 1 :]}
        if any(others <= known - {*two} for two in _run_together_in(word, known)):
            return True
    return False


def _run_together_in(word: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each two of the words that may have been written as one word."""
    long_enough = [one for one in known if len(one) >= SHORTEST_RUN_TOGETHER]
    begins = [one for one in long_enough if word.startswith(one)]
    ends = [one for one in long_enough if word.endswith(one)]
    for one, other in product(begins, ends):
        if one != other and len(word) - len(one) - len(other) in (0, 1):
            yield one, other


def _best(asked: Sequence[tuple[str, Fit]], there: Sequence[str]) -> float:
    """Return the greatest sum of fits in which each word has another one; 0 where one has none.

    It is found for each set of the words asked for (a bit for each), one more of the other words
    considered each time: to try every order would take hours where many words are alike.
    """
    best = {0: 0.0}
    for other in there:
        fits = [
            (1 << place, here) for place, (w, fit) in enumerate(asked) if (here := fit(w, other))
        ]
        before = tuple(best.items()) if fits else ()
        for having, total in before:
            for one, here in fits:
                if not having & one and total + here > best.get(having | one, 0.0):
                    best[having | one] = total + here
    return best.get((1 << len(asked)) - 1, 0.0)


def _whole(word: str, other: str, shortest: int = SHORTEST) -> float:
    if word == other:
        return EXACT
    return SLIPPED if is_slip(word, other, shortest) else 0.0


def _begun(word: str, other: str, shortest: int) -> float:
    if word != other and other.startswith(word):
        return BEGUN
    return _whole(word, other, shortest)


def of_birth(asked: date, born: date | None) -> float:
    """Return how well a day of birth fits the one that is asked for."""
    if born == asked:
        return EXACT
    return SWAPPED if born is not None and born == swapped(asked) else 0.0


def words_of(client: ClientRow) -> list[str]:
    """Return the folded words of a client's name, each once."""
    return list(dict.fromkeys(client.sorted_name.split()))


def likeness(one: ClientRow, other: ClientRow) -> float:
    """Return how likely two rows of the register are the same person, 0 where nothing says so.

    The same local id says it, less where different organisations gave it; so does the same day of
    birth with a word in common (or a slip away), and the same name with day and month swapped.
    """
    names, others = words_of(one), words_of(other)
    common = min(_in_common(names, others), _in_common(others, names))
    alike = common / max(len(names), len(others), 1)
    found = [0.0]
    ids = [folded_id(client.local_id or "") for client in (one, other)]
    if ids[0] and ids[0] == ids[1]:
        found.append(1.0 if one.registered_by == other.registered_by else 0.5 + alike / 2)
    if one.born is not None and other.born is not None:
        if one.born == other.born and common:
            found.append(0.5 + min(alike, 1.0) * 0.45)
        if one.born == swapped(other.born) and set(names) == set(others) and names:
            found.append(SWAPPED)
    return round(max(found), 4)


def _in_common(names: Sequence[str], others: Sequence[str]) -> float:
    """Return how many of the words are among the others; less for one that is a slip away."""
    return sum(max((_whole(word, other) for other in others), default=0.0) for word in names)
