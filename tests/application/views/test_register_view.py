"""The rows of the client register, and the words that a search and the register share."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.views import REGISTER, VIEWS
from application.views.register import (
    LONGEST_PAIRED,
    MOST_PAIRED,
    FoldedName,
    deletions,
    folded_id,
    folded_words,
    joined,
    one_slip_apart,
    pair_of,
)
from application.views.rows import ClientRow, NameRow, PairRow
from domain.client import UNKNOWN, ClientEvent, ClientRegistered, ContactDetailsChanged, fold
from domain.entry import By, Personal
from tests.application.views.drawn import rows
from tests.domain.streams import DAY, entry, histories

WORDS = st.text("abcö", max_size=6)


def registered(**said: str) -> ClientRegistered:
    return ClientRegistered(**{name: Personal(text) for name, text in said.items()})


def test_a_client_is_one_row_and_each_word_of_the_name_another() -> None:
    event = registered(
        given_name="Maija Liisa",
        family_name="Mäkinen-Øst",
        date_of_birth="1999-12-31",
        local_id="A-17",
    )
    told = entry(1, event)._replace(by=By("worker-1", "kuopio"), position=7)
    changed = entry(2, ContactDetailsChanged(phone=Personal("040")))._replace(position=9)
    made = rows(REGISTER, fold([told, changed]), "c-1")
    (row,) = made[ClientRow]
    assert (row.given_name, row.family_name, row.local_id) == ("Maija Liisa", "Mäkinen-Øst", "A-17")
    assert row.folded_id == "a-17"
    assert (row.sorted_name, row.born) == ("makinen ost maija liisa", date(1999, 12, 31))
    assert (row.registered_by, row.registered_on) == ("kuopio", DAY)
    assert (row.version, row.position) == (2, 9)
    assert {name.word for name in made[NameRow]} == {
        *("makinen", "ost", "maija", "liisa"),
        *("makinenost", "maijaliisa"),
    }


def test_each_two_words_of_a_name_are_a_row_of_their_own() -> None:
    event = registered(given_name="Maija Liisa", family_name="Mäkinen")
    made = rows(REGISTER, fold([entry(1, event)]), "c-1")
    assert {(pair.owner, pair.words) for pair in made[PairRow]} == {
        ("c-1", "liisa maija"),
        ("c-1", "maija makinen"),
        ("c-1", "liisa makinen"),
        ("c-1", "maijaliisa makinen"),
    }
    assert len(made[PairRow]) == 4
    assert pairs("Aino", "Mäkinen") == ["aino makinen"]
    assert pairs("", "Lee") == pairs("Lee", "Lee") == []
    assert "annamaria maria" in pairs("Anna Maria", "Maria")  # one of two called so
    assert "annamaria maria" not in pairs("Anna Maria", "Marias")


def pairs(given_name, family_name):
    return list(FoldedName.of(given_name, family_name).pairs())


NAMES = st.lists(st.sampled_from(["anna", "maria", "annamaria", "de", "luca", "lee"]), max_size=4)


@given(NAMES, NAMES)
def test_any_two_words_that_fit_a_name_are_a_pair_of_it(given_names, family) -> None:
    """Also where two of its words are written as one: with each of the others."""
    words = folded_words(" ".join([*family, *given_names]))
    name = FoldedName.of(" ".join(given_names), " ".join(family))
    searched = set(name.searched)
    ways = [way for way in (words, *joined(words)) if searched.issuperset(way)]
    fitting = {pair_of(*two) for way in ways for two in combinations(way, 2)}
    assert fitting <= set(name.pairs())


@pytest.mark.parametrize(
    "name", [" ".join("abcdefghijklm"), f"aino {'b' * (LONGEST_PAIRED + 1)}"], ids=len
)
def test_a_name_out_of_the_common_gives_its_single_words(name: str) -> None:
    assert tuple(pairs(name, "")) == FoldedName.of(name, "").searched
    usual = name.split()[:MOST_PAIRED]
    usual[-1] = usual[-1][:LONGEST_PAIRED]
    assert pair_of(*usual[:2]) in pairs(" ".join(usual), "")


@pytest.mark.parametrize(
    "typed", ["131052-308T", "131052-308t", " 131052 - 308 T ", "131052\u2013308\u200bt"]
)
def test_a_local_id_is_looked_for_however_it_was_typed(typed: str) -> None:
    assert folded_id(typed) == "131052-308t"


@pytest.mark.parametrize("other", ["131052+308T", "131052A308T", "131052308T", "131052-308", ""])
def test_what_tells_local_ids_apart_is_kept(other: str) -> None:
    assert folded_id(other) != folded_id("131052-308T")


def test_a_local_id_of_spaces_is_none_to_look_for() -> None:
    (row,) = rows(REGISTER, fold([entry(1, registered(given_name="A", local_id=" "))]))[ClientRow]
    assert row.folded_id is None


def test_a_client_without_a_name_has_no_words() -> None:
    made = rows(REGISTER, fold([entry(1, registered(local_id="A-17"))]))
    assert list(made) == [ClientRow]
    assert (made[ClientRow][0].sorted_name, made[ClientRow][0].born) == ("", None)


def test_nobody_is_in_the_register_before_the_registration() -> None:
    assert rows(REGISTER, UNKNOWN) == {}
    assert rows(REGISTER, fold([entry(1, ContactDetailsChanged())])) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("D'Angelo", ("d", "angelo")),
        ("d\u2019Angelo", ("d", "angelo")),
        ("O\u02bcBrien", ("o", "brien")),
        ("Åke  Öhman", ("ake", "ohman")),
        ("STRAẞE straße", ("strasse",)),
        ("İbrahim Çelik", ("ibrahim", "celik")),
        ("Łukasz Đorđe Þór", ("lukasz", "dorde", "thor")),
        ("Nuñez\u0301", ("nunez",)),
        ("Иван", ("иван",)),
        ("Áŋŋel Ruŧŧalaš Ǥǯ", ("annel", "ruttalas", "gz")),
        ("Əliyev", ("eliyev",)),
        ("王小明", ("王", "小", "明")),
        ("小明 王 Wang", ("小", "明", "王", "wang")),
        ("欧阳Li", ("欧", "阳", "li")),
        ("Anna\u00adMaria \u200fKo\u200brhonen\ufeff", ("annamaria", "korhonen")),
        ("  - ", ()),
    ],
)
def test_words_are_folded_as_people_type_them(text: str, words: tuple[str, ...]) -> None:
    assert folded_words(text) == words


@given(st.text())
def test_folding_folded_words_changes_nothing(text: str) -> None:
    words = folded_words(text)
    assert folded_words(" ".join(words)) == words
    assert len(set(words)) == len(words)


def _slips(word: str, letters: str) -> set[str]:
    """Every word that one slip makes of a word, by doing the slips."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in cuts if b}
    added = {a + letter + b for a, b in cuts for letter in letters}
    changed = {a + letter + b[1:] for a, b in cuts if b for letter in letters}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    return (left_out | added | changed | swapped) - {word}


@given(WORDS, WORDS)
def test_words_are_one_slip_apart_where_one_slip_makes_one_of_the_other(a: str, b: str) -> None:
    assert one_slip_apart(a, b) == (b in _slips(a, "abcö"))
    assert one_slip_apart(a, b) == one_slip_apart(b, a)


@given(WORDS, st.data())
def test_words_one_slip_apart_share_a_form_with_a_letter_left_out(
    word: str, data: st.DataObject
) -> None:
    other = data.draw(st.sampled_from(sorted(_slips(word, "abcö"))))
    assert one_slip_apart(word, other)
    assert deletions(word) & deletions(other)


def test_a_word_is_not_one_slip_from_itself_and_is_found_by_its_own_form() -> None:
    assert not one_slip_apart("aino", "aino")
    assert deletions("aino") == {"aino", "ino", "ano", "aio", "ain"}


@given(histories(ClientEvent), st.integers(0, 12))
def test_rows_lived_through_equal_rows_made_in_one_go(history, cut) -> None:
    known = [entry for entry in history if _sensible(entry.event)]
    whole = rows(REGISTER, fold(known))
    assert rows(REGISTER, fold(known[cut:], fold(known[:cut]))) == whole


def _sensible(event: object) -> bool:
    """Whether the birthday is a day, as the decision that records it sees to."""
    born = event.date_of_birth.text if isinstance(event, ClientRegistered) else None
    try:
        return not born or bool(date.fromisoformat(born))
    except ValueError:
        return False


def test_every_view_has_a_name_and_tables_of_its_own() -> None:
    assert [view.name for view in VIEWS] == [
        "caseload",
        "register",
        "board",
        "responsibility",
        "readings",
    ]
    tables = [table for view in VIEWS for table in view.tables]
    assert len(set(tables)) == len(tables)
    assert [view.inline for view in VIEWS] == [True, True, False, False, False]
