"""How well a client fits what somebody looks for: from 0, not at all, to 1, exactly."""

from collections.abc import Callable, Sequence
from datetime import date

from application.views.register import folded_id, joined, one_slip_apart
from application.views.rows import ClientRow

EXACT, BEGUN, SLIPPED = 1.0, 0.9, 0.8
"""A word as it is, one whose beginning was typed, and one that is a slip of the hand away."""

JOINED = 0.95
"""Words that fit if two of one side are one of the other, against those that fit as they are."""

SWAPPED = 0.7
"""A day of birth with its day and month swapped."""

SHORTEST = 3
"""Letters of the shortest word in which a slip is looked for: of two, nearly all would be one."""

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
    whole = [(word, _whole) for word in asked[:-1]]
    return _best([*whole, *((word, _begun) for word in asked[-1:])], there) / max(len(asked), 1)


def of_name(asked: Sequence[str], there: Sequence[str]) -> float:
    """Return how well a client's words fit, also where two of one side are one of the other."""
    elsewhere = [of_words(words, there) for words in joined(asked)]
    elsewhere += [of_words(asked, words) for words in joined(there)]
    return max(of_words(asked, there), JOINED * max(elsewhere, default=0.0))


def _best(asked: Sequence[tuple[str, Fit]], there: Sequence[str]) -> float:
    """Return the greatest sum of fits in which each word has another one; 0 where one has none."""
    if not asked:
        return 0.0
    (word, fit), *rest = asked
    greatest = 0.0
    for place, other in enumerate(there):
        here = fit(word, other)
        if not here:
            continue
        following = _best(rest, [*there[:place], *there[place + 1 :]])
        if following or not rest:
            greatest = max(greatest, here + following)
    return greatest


def _whole(word: str, other: str) -> float:
    if word == other:
        return EXACT
    return SLIPPED if len(word) >= SHORTEST and one_slip_apart(word, other) else 0.0


def _begun(word: str, other: str) -> float:
    if word != other and other.startswith(word):
        return BEGUN
    return _whole(word, other)


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
    common = sum(max((_whole(word, o) for o in others), default=0.0) for word in names)
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
