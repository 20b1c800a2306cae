"""The client register: who is known, and the words that a person is searched by.

A search folds what is typed as the register folds names, and allows one slip of the hand in a
word. Two words that are one slip apart share a form with one letter left out (`deletions`): who
keeps those forms finds the candidates by equality, and `one_slip_apart` tells those that are.

Many have a common word in their names, few have the same two: so each two words of a name are kept
together as well.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain, combinations, pairwise
from typing import NamedTuple, Self

from application.views.rows import ClientRow, MergeRow, NameRow, PairRow
from application.views.view import Rules, View
from domain.client import Client, ClientRegistered

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"}
    | {"ŋ": "n", "ŧ": "t", "ǥ": "g", "ʒ": "z", "ə": "e"}
)
"""Letters that Unicode does not take apart, as people type them who do not have them: Nordic and
Slavic ones, those of Malta and Turkey, of the Sámi languages, and of Azerbaijan."""

MOST_PAIRED, LONGEST_PAIRED = 12, 40
"""Words of a name, and letters of a word, up to which each two words are kept together."""

_BETWEEN = re.compile(r"[\W_\u02b0-\u02ff]+")
"""What stands between words: spaces, hyphens, apostrophes, and letters that look like those."""


_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
"""A Chinese character."""


def folded_words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are searched: small letters, no accents, each once.

    Hyphens and apostrophes part words: "D'Angelo-Mäkinen" is d, angelo, makinen. Letters that
    nobody sees, as a soft hyphen, are left out. A Chinese character is a word: family and given
    name are written without a space between them.
    """
    taken_apart = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFKD", taken_apart) if not _is_unseen(c))
    words = _BETWEEN.split(_HAN.sub(r" \g<0> ", bare.translate(_LETTERS)))
    return tuple(dict.fromkeys(word for word in words if word))


def folded_id(text: str) -> str:
    """Return a local id as it is looked for: however its letters, spaces and dashes were typed."""
    typed = "".join(unicodedata.normalize("NFC", text.casefold()).split())
    kinds = ((letter, unicodedata.category(letter)) for letter in typed)
    return "".join("-" if kind == "Pd" else letter for letter, kind in kinds if kind != "Cf")


def joined(words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the words with two neighbours as one, once for each two: annamaria of anna maria."""
    return tuple(
        (*words[:i], words[i] + words[i + 1], *words[i + 2 :]) for i in range(len(words) - 1)
    )


class FoldedName(NamedTuple):
    """A name as it is searched: its words, and with them each two neighbours as one."""

    words: tuple[str, ...]
    searched: tuple[str, ...]
    sorted: str
    neighbours: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, given_name: str, family_name: str) -> Self:
        """Return the two names of a person as one."""
        family, given = folded_words(family_name), folded_words(given_name)
        every = (*family, *given)
        words = tuple(dict.fromkeys(every))
        # Not the last of one name with the first of the other: few write them together, and a
        # register has nearly as many such words as clients.
        neighbours = (*pairwise(family), *pairwise(given))
        searched = tuple(dict.fromkeys((*words, *(one + other for one, other in neighbours))))
        return cls(words, searched, " ".join(every), neighbours)

    def pairs(self) -> Iterable[str]:
        """Return each two words that a search may find in it together, as `pair_of` writes them.

        Two neighbours as one stand beside the words that they are not made of. A name of very many
        words, or with a very long one, gives its single words: of such there are few.
        """
        words, searched = self.words, self.searched
        if max(map(len, words), default=0) > LONGEST_PAIRED or len(words) > MOST_PAIRED:
            return searched
        pairs = tuple(combinations(words, 2))
        if not self.neighbours:  # as in most names
            return (pair_of(*two) for two in pairs)
        often = Counter(self.sorted.split())
        as_one = ((one, other) for one, other in pairs if one + other in searched)
        beside = (
            (one + other, word)
            for one, other in dict.fromkeys((*self.neighbours, *as_one))
            for word in words
            if often[word] > (one, other).count(word)
        )
        return dict.fromkeys(pair_of(*two) for two in chain(pairs, beside))


def pair_of(one: str, other: str) -> str:
    """Return two words as one text, whichever comes first."""
    return f"{one} {other}" if one < other else f"{other} {one}"


def deletions(word: str) -> frozenset[str]:
    """Return the word and every word that it becomes with one letter left out."""
    return frozenset({word, *(word[:i] + word[i + 1 :] for i in range(len(word)))})


def one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter was left out, added or changed, or two neighbours were swapped.

    False for two words that are the same.
    """
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return True
    rest, other_rest = one[at:], other[at:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[1::-1] == other_rest[:2] and rest[2:] == other_rest[2:])
    )


def register_rows(client_id: str, client: Client, _rules: Rules) -> Iterable[NamedTuple]:
    """Return the row of a client, those that the name is searched by, and that of a merge.

    Before registration, and when it was erased who the client is, the last alone: it names nobody.
    """
    into = client.same.into
    merges = () if into is None else (MergeRow(client_id, into),)
    known = client.registered
    if known is None or client.registered_on is None or client.nameless:
        return merges
    name = FoldedName.of(str(known.given_name), str(known.family_name))
    row = _client(client_id, client, known, client.registered_on, name)
    return (row, *name_rows(client_id, name, row.goes_by), *merges)


def name_rows(client_id: str, name: FoldedName, person: str | None) -> Iterable[NamedTuple]:
    """Yield the rows that a client's name is searched by; `person` as in a NameRow."""
    yield from (NameRow(client_id, word, person) for word in name.searched)
    yield from (PairRow(client_id, pair) for pair in name.pairs())


REGISTER: View[Client] = View(
    name="register",
    shape=7,
    kind="client",
    inline=True,
    tables=(ClientRow, NameRow, PairRow, MergeRow),
    rows=register_rows,
)
"""Every client, to be found again by name, birthday or local id: written with the entries."""


def _is_unseen(letter: str) -> bool:
    """Whether it is a mark upon a letter, or says only how letters are written."""
    return unicodedata.category(letter) in ("Mn", "Cf")


def _client(
    client_id: str, client: Client, known: ClientRegistered, on: date, name: FoldedName
) -> ClientRow:
    born = known.date_of_birth.text
    return ClientRow(
        owner=client_id,
        given_name=known.given_name.text,
        family_name=known.family_name.text,
        sorted_name=name.sorted,
        born=date.fromisoformat(born) if born else None,
        local_id=known.local_id.text,
        municipality=known.municipality,
        language=known.language,
        registered_on=on,
        registered_by=client.registered_by or "",
        version=client.version,
        position=client.position,
        goes_by=client.same.into or (client_id if client.same.taken_in else None),
        folded_id=folded_id(known.local_id.text or "") or None,
    )
