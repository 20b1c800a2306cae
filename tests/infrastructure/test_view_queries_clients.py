"""Finding a person: accents, slips of the hand, swapped days, and what a stranger is not told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from string import ascii_lowercase
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.questions import BadCursor, ClientFound, ClientQuery, NothingAsked, veiled
from application.scope import Purpose, Role, Scope, may_see
from application.views import CASELOAD, REGISTER
from application.views.register import joined
from application.views.rows import CaseRow, ClientRow, MergeRow, PairRow, ReachRow
from domain.journey import events as e
from infrastructure import view_names
from infrastructure.view_matching import likeness, of_name, of_words, run_together, swapped
from infrastructure.view_reading import Snapshot
from infrastructure.view_tables import table_name
from tests.application.views.drawn import RULES
from tests.databases import Own
from tests.domain import journeys as j
from tests.infrastructure.view_world import Tables, client_row, drawn_world, name_rows, tables

AUDITOR = Scope("audit", Role.AUDITOR, "court", Purpose.AUDIT)
STRANGER = Scope("somebody", Role.CASE_WORKER, "elsewhere", Purpose.SERVICE)

PEOPLE = [
    ("1", "Päivi", "Hämäläinen", date(1980, 3, 4), "K-1"),
    ("2", "Paivi", "Hamalainen", date(1980, 4, 3), "K-2"),
    ("3", "Niccolò", "D'Angelo", date(1991, 12, 5), None),
    ("4", "Maria Grazia", "De Luca", date(1975, 5, 12), "T/7"),
    ("5", "Åsa", "Öhman-Mäki", date(2001, 1, 31), None),
    ("6", "Matti", "Virtanen", date(1960, 7, 7), None),
    ("7", "Matti Juhani", "Virtanen", None, None),
    ("8", "Mattias", "Virta", date(1960, 7, 7), None),
    ("9", "Nguyễn Thị", "Hương", date(1999, 9, 10), None),
    ("10", None, "Lee", date(1988, 2, 29), "L"),
    ("11", "Virtanen", "Matti", date(1972, 10, 1), None),
    ("12", "Ольга", "Иванова", date(1983, 6, 2), None),
]


def person(owner: str, given_name: Any, family: str, born: Any, local: Any) -> ClientRow:
    return client_row(owner, given_name, family, born=born, local_id=local)


def put_people(url: str) -> None:
    with tables(url) as opened:
        opened.put_clients(*(person(*one) for one in PEOPLE))


@pytest.fixture
def views(own_database: Own) -> Iterator[Tables]:
    with tables(own_database.filled(put_people)) as opened:
        yield opened


def ids(found: Any) -> list[str]:
    return [one.client.owner for one in found]


def find(views: Tables, name: str = "", **more: Any) -> list[str]:
    return ids(views.ask.find_clients(AUDITOR, ClientQuery(name=name, **more)).items)


NAMES = [
    ("Päivi Hämäläinen", ["1", "2"]),
    ("hamalainen paivi", ["1", "2"]),
    ("HÄMÄLÄINEN", ["1", "2"]),
    ("Hämäläine", ["1", "2"]),  # the last letter left out
    ("Hämäläiinen", ["1", "2"]),  # a letter twice
    ("Hämälöinen", ["1", "2"]),  # another letter
    ("Hmääläinen", ["1", "2"]),  # neighbours swapped
    ("Hmlinen", []),  # more than one slip
    ("dangelo", ["3"]),  # one letter more than Angelo
    ("d angelo niccolo", ["3"]),
    ("Angelo", ["3"]),
    ("de luca maria", ["4"]),
    ("Luca Grazia", ["4"]),
    ("Ohman", ["5"]),
    ("maki asa", ["5"]),
    ("Mäki-Öhman", ["5"]),
    ("Matti Virtanen", ["11", "6", "7"]),
    ("virtanen mat", ["11", "6", "7"]),
    ("mat virtanen", []),  # only the last word may be begun
    ("Virt", ["11", "8", "6", "7"]),
    ("virta", ["8", "11", "6", "7"]),
    ("Virtnaen Mtati", ["11", "6", "7"]),  # a slip in each word
    ("huong", ["9"]),
    ("nguyen thi huong", ["9"]),
    ("thi", ["9"]),
    ("Lee", ["10"]),
    ("le", ["10"]),
    ("ольга", ["12"]),
    ("Олга", ["12"]),
    ("nobody", []),
    ("matti matti", ["11", "6", "7", "8"]),
]


def test_a_person_is_found_by_name(views: Tables) -> None:
    assert {name: find(views, name) for name, _ in NAMES} == dict(NAMES)


@pytest.mark.parametrize(
    ("given", "family", "asked"),
    [
        ("Anna-Maria", "Mäkinen", ["annamaria makinen", "makinen annamaria", "annamar"]),
        ("Annamaria", "Korhonen", ["anna-maria korhonen", "Anna Maria Korh", "korhonen anna-mar"]),
        ("Bianca", "Dangelo Rossi", ["d'angelo rossi", "bianca d'angelo rossi", "D'Angelo"]),
        ("Siobhán", "O\u2019Brien", ["obrien", "siobhan obri"]),
    ],
)
def test_a_hyphen_space_or_apostrophe_may_stand_elsewhere(
    views: Tables, given: str, family: str, asked: list[str]
) -> None:
    views.put_clients(client_row("new", given, family))
    assert {one: "new" in find(views, one) for one in asked} == dict.fromkeys(asked, True)
    (exact,) = views.ask.find_clients(AUDITOR, ClientQuery(name=f"{family} {given}")).items
    assert (exact.client.owner, exact.score) == ("new", 1.0)
    for one in asked:
        found = views.ask.find_clients(AUDITOR, ClientQuery(name=one)).items
        assert all(hit.score < 1 for hit in found if hit.client.owner == "new")


@pytest.mark.parametrize(
    ("given", "family", "asked"),
    [
        ("Åke", "Aho", ["Åke Ao", "ho Åke", "Åe Aho", "Ao", "ke aho"]),
        ("Bo", "Ek", ["Bi Ek", "oB Ek", "kE Bo", "Bo Eek"]),
        ("Päivi", "Li", ["Päivi Ki", "iL Päivi", "Päiv Lu"]),
        ("Aino", "Da Rin", ["dal rin aino", "Aino Fa Rin", "ad rin aino"]),
    ],
)
def test_a_slip_in_a_short_word_is_forgiven(
    views: Tables, given: str, family: str, asked: list[str]
) -> None:
    views.put_clients(client_row("new", given, family))
    assert {one: "new" in find(views, one) for one in asked} == dict.fromkeys(asked, True)
    (exact, *_) = views.ask.find_clients(AUDITOR, ClientQuery(name=f"{family} {given}")).items
    assert (exact.client.owner, exact.score) == ("new", 1.0)


def test_a_word_of_two_letters_alone_finds_no_other_one(views: Tables) -> None:
    views.put_clients(client_row("bo", "Bo", "Ek"), client_row("li", "Li", "Ek"))
    assert find(views, "Lo") == find(views, "oB") == []


@pytest.mark.parametrize(
    "asked",
    ["mattivirtanen", "VirtanenMatti", "MattibVirtanen", "virtanen,matti", "Virtanen Matti"],
)
def test_the_space_between_two_names_may_be_left_out_or_another_letter(
    views: Tables, asked: str
) -> None:
    assert {*find(views, asked)} >= {"6", "7", "11"}
    assert {*find(views, asked, born=date(1960, 7, 7))} >= {"6"}


def test_a_space_may_be_left_out_beside_other_words(views: Tables) -> None:
    assert find(views, "MariaGrazia De Luca") == find(views, "maria graziade luca") == ["4"]
    assert find(views, "paivi grazialuca") == find(views, "grazia mariagrazia") == []


def test_who_fits_out_of_scope_hides_nobody_whose_name_was_typed_without_its_space(
    views: Tables,
) -> None:
    views.put_clients(client_row("own", "Bo", "Ahola", registered_by="city"))
    worker, asked = replace(STRANGER, organisation="city"), ClientQuery("boahola")
    assert ids(views.ask.find_clients(worker, asked).items) == ["own"]
    for other in ("Boahola", "Boahola-Aho", "Boaholas"):
        views.put_clients(client_row("other", None, other, registered_by="elsewhere"))
        assert ids(views.ask.find_clients(worker, asked).items) == ["own"]


def test_a_chinese_name_is_found_as_it_is_written_without_a_space(views: Tables) -> None:
    views.put_clients(client_row("wang", "小明", "王"), client_row("li", "小红", "王"))
    asked = ("王小明", "王 小明", "小明 王", "王明", "小明")
    assert [find(views, one) for one in asked] == [["wang"]] * len(asked)
    assert {*find(views, "王")} == {"wang", "li"}
    assert find(views, "王大明") == []


def test_a_sami_name_is_found_by_who_has_not_its_letters(views: Tables) -> None:
    views.put_clients(client_row("sámi", "Áŋŋel", "Ruŧŧalaš"))
    for one in ("annel ruttalas", "ÁŊŊEL", "Ruttalas Áŋŋel"):
        assert find(views, one) == ["sámi"]


def test_a_search_that_says_nothing_is_refused(views: Tables) -> None:
    for name in ("", " ", "%", "_", "-'", "\u0301"):
        with pytest.raises(NothingAsked, match="words of a name, a day of birth or a local id"):
            views.ask.find_clients(AUDITOR, ClientQuery(name=name))


def test_a_day_of_birth_is_found_as_it_is_and_with_day_and_month_swapped(views: Tables) -> None:
    asked = ClientQuery(born=date(1980, 3, 4))
    exact, other = views.ask.find_clients(AUDITOR, asked).items
    assert (exact.client.owner, exact.score) == ("1", 1.0)
    assert other.client.owner == "2"
    assert 0 < other.score < 1
    assert find(views, born=date(1980, 4, 3)) == ["2", "1"]
    assert find(views, "hamalainen", born=date(1980, 3, 4)) == ["1", "2"]
    assert find(views, "matti", born=date(1960, 7, 7)) == ["6", "8"]
    assert find(views, "lee", born=date(1980, 3, 4)) == []
    assert find(views, born=date(1988, 2, 29)) == ["10"]


def test_a_local_id_is_found_whole_however_it_was_typed(views: Tables) -> None:
    assert find(views, local_id="K-1") == ["1"]
    assert find(views, local_id="T/7") == ["4"]
    assert find(views, local_id="k-1") == find(views, local_id=" K - 1") == ["1"]
    assert find(views, local_id="K1") == find(views, local_id="K-") == []
    assert find(views, "paivi", local_id="K-1") == ["1"]
    assert find(views, "matti", local_id="K-1") == []
    assert find(views, local_id="K-1", born=date(1980, 4, 3)) == ["1"]
    with pytest.raises(NothingAsked):
        find(views, local_id=" ")


def test_in_an_older_programs_register_a_local_id_is_found_as_it_is(views: Tables) -> None:
    with views.projections.writing() as cursor:
        cursor.execute(f"UPDATE projections SET shape = {REGISTER.shape - 1}")
        register = views.projections.tables(REGISTER, 1).tables[ClientRow].name
        cursor.execute(f"DROP INDEX {register}_order_2")
        cursor.execute(f"ALTER TABLE {register} DROP COLUMN folded_id")
    assert find(views, local_id="K-1") == ["1"]
    assert find(views, local_id="k-1") == []


def test_what_fits_exactly_comes_first_with_score_one(views: Tables) -> None:
    items = views.ask.find_clients(AUDITOR, ClientQuery(name="virta")).items
    assert [one.score for one in items] == [1.0, 0.9, 0.9, 0.9]


def test_a_person_is_found_by_what_was_written_last(views: Tables) -> None:
    views.put_clients(client_row("6", "Matti", "Korhonen"), client_row("new", "Zuzanna", "Wójcik"))
    assert find(views, "korhnen") == ["6"]
    assert find(views, "Zuzana Wojcik") == ["new"]
    assert find(views, "matti virtanen") == ["11", "7"]
    views.put(REGISTER, {"new": []})
    assert find(views, "Zuzana Wojcik") == []


def test_a_word_of_any_length_is_found_as_it_is(views: Tables) -> None:
    long, longer = "a" * 40, "b" * 600
    views.put_clients(client_row("long", long, None), client_row("longer", longer, None))
    assert find(views, long) == find(views, long[1:]) == ["long"]
    assert find(views, longer) == ["longer"]
    assert find(views, "c" * 100_000) == []


WORDS = st.text("aäbcn", min_size=1, max_size=5)
FULL_NAMES = st.tuples(WORDS, WORDS)


def test_a_search_finds_those_who_fit_by_a_look_at_every_client(views: Tables) -> None:
    @settings(max_examples=15, deadline=None)
    @given(st.lists(FULL_NAMES, min_size=1, max_size=25), st.lists(FULL_NAMES, min_size=5))
    def finds(names: list[tuple[str, str]], searched: list[tuple[str, str]]) -> None:
        people = [client_row(f"x{n:02}", *name) for n, name in enumerate(names)]
        views.put(REGISTER, {f"x{n:02}": [] for n in range(25)})
        views.put_clients(*people)
        for search in [*searched, *names]:
            words = view_words(" ".join(search))
            ways = (words, *joined(words))
            fits = {
                p.owner
                for p in people
                if any(of_words(way, view_words(p.sorted_name)) for way in ways)
                or run_together(words, view_words(p.sorted_name))
            }
            found = {one for one in find(views, " ".join(search), limit=200) if one[0] == "x"}
            assert found == fits

    finds()


def test_a_search_finds_persons_by_a_look_at_all_that_was_told_under_their_ids(
    views: Tables,
) -> None:
    @settings(max_examples=15, deadline=None)
    @given(
        st.lists(st.tuples(FULL_NAMES, FULL_NAMES), min_size=1, max_size=12),
        st.lists(FULL_NAMES, min_size=5),
    )
    def finds(names: list[tuple[Any, Any]], searched: list[tuple[str, str]]) -> None:
        views.put(REGISTER, {f"{x}{n:02}": [] for n in range(12) for x in "xy"})
        told: dict[str, list[str]] = {}
        for n, (one, other) in enumerate(names):
            owner, merged = (
                client_row(id_, *name, goes_by=f"x{n:02}")
                for id_, name in ((f"x{n:02}", one), (f"y{n:02}", other))
            )
            told[owner.owner] = view_words(f"{owner.sorted_name} {merged.sorted_name}")
            views.put_clients(owner)
            into = MergeRow(merged.owner, owner.owner)
            views.put(REGISTER, {merged.owner: [merged, *name_rows(merged), into]})
        for search in [*searched, *((one[0], other[1]) for one, other in names)]:
            words = view_words(" ".join(search))
            fits = {x for x in told if any(of_words(w, told[x]) for w in (words, *joined(words)))}
            page = views.ask.find_clients(AUDITOR, ClientQuery(" ".join(search), limit=200))
            found = {hit.client.owner for hit in page.items if hit.client.owner[0] in "xy"}
            assert fits <= found <= {x for x in told if of_name(words, told[x])}

    finds()


PARTS = st.lists(
    st.sampled_from(["anna", "ana", "maria", "annamaria", "marias", "de"]), min_size=1, max_size=3
)
MANY_NAMES = st.tuples(PARTS, PARTS)


def fits_by_a_single_word(words: list[str], client: ClientRow) -> bool:
    """Whether each word fits one, or two of the same one of a client's names."""
    words, there = view_words(" ".join(words)), view_words(client.sorted_name)
    ways = (words, *joined(words))
    family, given_names = view_words(client.family_name or ""), view_words(client.given_name or "")
    as_one = [[*given_names, *way] for way in joined(family)]
    as_one += [[*family, *way] for way in joined(given_names)]
    return any(of_words(way, there) for way in ways) or any(of_words(words, w) for w in as_one)


def test_by_pairs_of_words_those_are_found_who_have_the_single_words(views: Tables) -> None:
    def hits(words: list[str]) -> Any:
        found = views.ask.find_clients(AUDITOR, ClientQuery(" ".join(words), limit=200)).items
        # Two names without the space between them are found by pairs alone.
        return [one for one in found if fits_by_a_single_word(words, one.client)]

    def by_rows_of(shape: int, searched: list[list[str]]) -> list[Any]:
        with views.projections.writing() as cursor:
            cursor.execute(f"UPDATE projections SET shape = {shape} WHERE name = 'register'")
        return [hits(words) for words in searched]

    @settings(max_examples=15, deadline=None)
    @given(st.lists(MANY_NAMES, min_size=1, max_size=15), st.lists(PARTS, min_size=5, max_size=9))
    def finds(names: list[tuple[list[str], list[str]]], searched: list[list[str]]) -> None:
        people = [
            client_row(f"x{n:02}", " ".join(given_names), " ".join(family))
            for n, (given_names, family) in enumerate(names)
        ]
        views.put(REGISTER, {f"x{n:02}": [] for n in range(15)})
        views.put_clients(*people)
        searched = [*searched, *([*family, *given_names] for given_names, family in names)]
        by_pairs = by_rows_of(REGISTER.shape, searched)
        assert by_pairs == by_rows_of(2, searched)
        for one, found in zip(people, by_pairs[-len(names) :], strict=True):
            assert one.owner in {hit.client.owner for hit in found}

    finds()


LONG_NAMES = [
    client_row("many", " ".join(f"nimi{letter}" for letter in "abcdefghijklm"), "Virtanen"),
    client_row("long", "Matti", f"Virtanen {'b' * 50}"),
]


def test_names_of_any_length_are_found_by_several_words(views: Tables) -> None:
    views.put_clients(*LONG_NAMES)
    assert find(views, "nimib virtanen") == ["many"]
    assert find(views, "nimib nimik virtanen nimia") == ["many"]
    assert find(views, "nimibb virtane") == ["many"]  # a slip, and a beginning
    assert find(views, f"matti {'b' * 50}") == ["long"]
    assert find(views, f"{'b' * 50} mati") == ["long"]
    assert find(views, "virtanen matti") == ["11", "long", "6", "7"]
    assert find(views, f"paivi {'b' * 50}") == []


def test_a_search_asks_the_database_four_times_at_most(
    views: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answer = Snapshot.tuples

    def counted(snapshot: Snapshot, statement: str, values: Any) -> list[Any]:
        asked.append(statement)
        return answer(snapshot, statement, values)

    monkeypatch.setattr(Snapshot, "tuples", counted)
    for name in ("virta", "matti virtanen", "mati juhni vir", "a b c d e f g h"):
        asked.clear()
        views.ask.find_clients(scope(Role.CASE_WORKER, organisation="kuopio"), ClientQuery(name))
        assert 1 <= len(asked) <= 4


def test_rows_of_an_older_program_are_searched_until_new_ones_are_made(views: Tables) -> None:
    with views.projections.writing() as cursor:
        cursor.execute("UPDATE projections SET shape = 2 WHERE name = 'register'")
        cursor.execute(f"DROP TABLE {table_name('register', PairRow, 1)}")
    assert {name: find(views, name) for name, _ in NAMES} == dict(NAMES)


def view_words(text: str) -> list[str]:
    return list(dict.fromkeys(text.replace("ä", "a").split()))


def test_hits_come_in_pages_that_neither_repeat_nor_miss(views: Tables) -> None:
    views.put_clients(*(client_row(f"m{n:03}", "Matti", f"Mäki{n % 7}") for n in range(45)))
    asked, found = ClientQuery(name="matti", limit=10), []
    while True:
        page = views.ask.find_clients(AUDITOR, asked)
        found += ids(page.items)
        assert not page.more
        if page.next is None:
            break
        assert "ki" not in page.next  # no name in a cursor, which stands in an address
        asked = replace(asked, cursor=page.next)
    assert len(found) == len(set(found)) == 49
    first = views.ask.find_clients(AUDITOR, ClientQuery(name="matti", limit=10))
    with pytest.raises(BadCursor):
        views.ask.find_clients(AUDITOR, ClientQuery(name="mattias", cursor=first.next))
    # Whoever the page ended with may be gone by now, or have another name: the others follow.
    asked = ClientQuery(name="matti", limit=200, cursor=first.next)
    last = first.items[-1].client
    for now in ([], [last._replace(sorted_name="mattias maki", given_name="Mattias")]):
        views.put(REGISTER, {last.owner: [*now, *(x for one in now for x in name_rows(one))]})
        others = [x for x in ids(views.ask.find_clients(AUDITOR, asked).items) if x != last.owner]
        assert others == found[10:]
    # Where all who fitted as well are gone, those who fit less well follow.
    views.put(REGISTER, {owner: [] for owner in found[2:48]})
    assert ids(views.ask.find_clients(AUDITOR, asked).items) == found[48:]


def test_of_very_many_a_bounded_number_is_looked_at_and_the_answer_says_so(
    views: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_names, "MOST_LOOKED_AT", 30)
    views.put_clients(*(client_row(f"m{n:03}", "Anna", f"Laine{n}") for n in range(40)))
    views.put_clients(client_row("one", "Anna", "Muu"))
    page = views.ask.find_clients(AUDITOR, ClientQuery(name="anna", limit=200))
    assert (len(page.items), page.more) == (30, True)
    page = views.ask.find_clients(AUDITOR, ClientQuery(name="anna muu"))
    assert (ids(page.items), page.more) == (["one"], False)
    page = views.ask.find_clients(AUDITOR, ClientQuery(name="anna laine"))
    assert page.more


@pytest.mark.parametrize("older", [False, True])
def test_a_worker_finds_the_own_client_by_a_name_that_very_many_have(
    views: Tables, monkeypatch: pytest.MonkeyPatch, older: bool
) -> None:
    monkeypatch.setattr(view_names, "MOST_LOOKED_AT", 30)
    views.put_clients(*(client_row(f"m{n:03}", "Anna", f"Laine{n}") for n in range(40)))
    views.put_clients(*(client_row(owner, "Anna", "Muu") for owner in ("zz-1", "zz-2")))
    views.put_clients(client_row("zz-3", "Eero", "Muu"))
    cases = {}
    for number, who in (("1", "somebody"), ("2", "another"), ("3", "somebody")):
        journey = j.given(
            e.ReferralMade(f"zz-{number}", "trial", 1, "state", "city", "walk-in"),
            e.ReferralAccepted(),
            e.CaseWorkerAssigned(who, "city"),
        )
        cases[f"j-{number}"] = list(CASELOAD.rows(f"j-{number}", journey, RULES))
    views.put(CASELOAD, cases)
    if older:
        _forget_clients_of_keys(views)
    worker = replace(STRANGER, organisation="city")
    page = views.ask.find_clients(worker, ClientQuery(name="anna", limit=200))
    assert "zz-1" in ids(page.items)
    assert "zz-3" not in ids(page.items)
    assert page.more


def test_very_many_persons_with_several_ids_hide_no_namesake_who_has_one(
    views: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_names, "MOST_LOOKED_AT", 30)
    monkeypatch.setattr(view_names, "ENOUGH", 10)
    for n in range(20):
        both = [client_row(f"{x}{n:02}", "Anna", "Laine", goes_by=f"m{n:02}") for x in "mn"]
        views.put_clients(*both)
        into = MergeRow(both[1].owner, both[0].owner)
        views.put(REGISTER, {into.owner: [both[1], *name_rows(both[1]), into]})
    views.put_clients(client_row("one", "Anna", "Laine"), client_row("other", "Ann", "Laine"))
    for asked in ("anna laine", "laine anna"):
        page = views.ask.find_clients(AUDITOR, ClientQuery(name=asked, limit=200))
        found = ids(page.items)
        assert "one" in found
        assert len([owner for owner in found if owner.startswith("m")]) >= 10
        assert page.more


def scope(role: Role, **more: Any) -> Scope:
    return Scope("somebody", role, more.pop("organisation", "elsewhere"), Purpose.SERVICE, **more)


def test_a_stranger_is_told_no_more_than_that_there_is_one(views: Tables) -> None:
    known = ClientQuery(name="niccolo", born=PEOPLE[2][3])
    for role in Role:
        (hit,) = views.ask.find_clients(scope(role), known).items
        assert hit.in_scope == (role is Role.AUDITOR)
        if not hit.in_scope:
            assert hit.client == veiled(person(*PEOPLE[2]))
            told = [str(value) for value in hit.client if value]
            assert told == ["3", "N.", "D.", "0001-01-01"]


def test_who_registered_a_client_sees_the_client_and_the_client_too(views: Tables) -> None:
    asked = ClientQuery(name="niccolo")

    def sees(scope: Scope) -> bool:
        hits = views.ask.find_clients(scope, asked).items
        return any(hit.in_scope and hit.client.family_name == "D'Angelo" for hit in hits)

    working = (Role.CASE_WORKER, Role.TEAM_LEAD, Role.INTEGRATION)
    for role in Role:
        own = scope(role, organisation="kuopio")
        assert sees(own) == (role in working or role is Role.AUDITOR)
    assert sees(scope(Role.CLIENT, client="3"))
    assert not sees(scope(Role.CLIENT, client="4"))
    assert not sees(scope(Role.CASE_WORKER, partners=frozenset({"kuopio"})))


@pytest.mark.parametrize("older", [False, True])
def test_whoever_may_see_a_journey_of_a_client_sees_the_client(views: Tables, older: bool) -> None:
    world = drawn_world(seed=11, journeys=60)
    views.put(CASELOAD, {owner: one.rows for owner, one in world.journeys.items()})
    people = [client_row(f"client-{n}", "Ulla", None, registered_by="faraway") for n in range(30)]
    views.put_clients(*people)
    if older:
        _forget_clients_of_keys(views)
    served = alone = 0
    for one in (
        scope(Role.CASE_WORKER, organisation="kuopio"),
        scope(Role.TEAM_LEAD, organisation="nowhere", partners=frozenset({"kela"})),
        scope(Role.CASE_WORKER, opened=frozenset(list(world.journeys)[:5])),
        scope(Role.PROGRAMME_MANAGER, programmes=frozenset({"ali"})),
        scope(Role.CLIENT, client="client-2"),
        scope(Role.EVALUATOR),
    ):
        cases = [(j.case, j.keys) for j in world.journeys.values()]
        seen = {case.client for case, keys in cases if may_see(one, keys)}
        seen |= {one.client} if one.role is Role.CLIENT else set()
        page = views.ask.find_clients(one, ClientQuery(name="ulla", limit=200))
        assert all(hit.in_scope for hit in page.items)
        assert {h.client.owner for h in page.items} == seen - {"", *_outside(seen)}
        own = {case.client for case, _ in cases if case.organisation == one.organisation}
        aside = {case.client for case, _ in cases if case.stale_since}
        assert all(h.served == (h.client.owner in own - aside) for h in page.items)
        served += len(own - aside)
        for hit in page.items:
            theirs = [case.owner for case, _ in cases if case.client == hit.client.owner]
            asked = hit.client.owner not in own | aside
            assert hit.journeys == (tuple(sorted(theirs)) if asked else None)
        alone += sum(hit.journeys is not None for hit in page.items)
    assert served
    assert alone


def _forget_clients_of_keys(views: Tables) -> None:
    """Have the caseload's rows as a program made them whose keys did not name the client."""
    table = table_name("caseload", ReachRow, 1)
    with views.projections.writing() as cursor:
        if views.projections.log.database.is_sqlite:  # which lets go of no column with an index
            named = f"SELECT name FROM sqlite_master WHERE tbl_name = '{table}' AND sql LIKE '%"
            ((index,),) = cursor.execute(f"{named}(client, %'").fetchall()
            cursor.execute(f"DROP INDEX {index}")
        cursor.execute(f"ALTER TABLE {table} DROP COLUMN client")
        cursor.execute("UPDATE projections SET shape = 13 WHERE name = 'caseload'")


def _outside(seen: set[str | None]) -> set[str | None]:
    return seen - {f"client-{n}" for n in range(30)}


DUPLICATES = [
    client_row("me", "Päivi", "Mäkelä", born=date(1980, 3, 4), local_id="7"),
    client_row("same-id", "Eeva", "Laine", local_id="7 "),
    client_row("id-elsewhere", "Eeva", "Laine", local_id="7", registered_by="kela"),
    client_row("same-day", "Paivi", "Makela", born=date(1980, 3, 4)),
    client_row("slip", "Pävi", "Makkela", born=date(1980, 3, 4)),
    client_row("married", "Päivi", "Virtanen", born=date(1980, 3, 4)),
    client_row("swapped", "Päivi", "Mäkelä", born=date(1980, 4, 3)),
    client_row("swapped-other", "Päivi", "Laine", born=date(1980, 4, 3)),
    client_row("twin-day", "Kalle", "Laine", born=date(1980, 3, 4)),
    client_row("namesake", "Päivi", "Mäkelä", born=date(1991, 3, 4)),
    client_row("no-day", "Päivi", "Mäkelä"),
]


def test_possible_duplicates_come_the_likeliest_first(database_url: str) -> None:
    with tables(database_url) as views:
        views.put_clients(*DUPLICATES)
        found = views.ask.possible_duplicates(AUDITOR, DUPLICATES[0])
        assert ids(found) == ["same-id", "same-day", "slip", "married", "swapped", "id-elsewhere"]
        assert [one.score for one in found] == sorted((o.score for o in found), reverse=True)
        first = ClientFound(DUPLICATES[1], True, 1.0, journeys=(), to_anybody=True)
        assert found[0] == first
        veiled_ones = views.ask.possible_duplicates(STRANGER, DUPLICATES[0])
        assert ids(veiled_ones) == ids(found)
        assert not any(one.in_scope for one in veiled_ones)
        assert {one.client.born for one in veiled_ones} == {None}


def test_without_an_id_or_a_day_nobody_is_a_likely_duplicate(views: Tables) -> None:
    assert views.ask.possible_duplicates(AUDITOR, client_row("x", "Matti", "Virtanen")) == []


@given(st.permutations(DUPLICATES))
def test_likeness_is_the_same_from_both_sides(people: list[ClientRow]) -> None:
    one, other = people[:2]
    assert likeness(one, other) == likeness(other, one)


ALIKE = st.lists(st.sampled_from(["Bo", "Boo", "Anna", "Ana", "Hanna", "Ek"]), min_size=1)


@given(ALIKE, ALIKE)
def test_names_are_alike_from_both_sides(names: list[str], others: list[str]) -> None:
    one, other = (
        client_row(" ".join(some), " ".join(some), None, born=date(1980, 3, 4))
        for some in (names, others)
    )
    assert likeness(one, other) == likeness(other, one) <= likeness(one, one)


def test_a_word_of_two_letters_is_alike_to_one_of_three() -> None:
    bo, boo, ek = (client_row(n, n, None, born=date(1980, 3, 4)) for n in ("Bo", "Boo", "Ek"))
    assert 0 == likeness(bo, ek) < likeness(bo, boo) < likeness(bo, bo)


@given(st.dates())
def test_a_day_swapped_twice_is_itself(day: date) -> None:
    other = swapped(day)
    if other is None:
        assert day.day > 12 or day.day == day.month
    else:
        assert (other.day, other.month, other.year) == (day.month, day.day, day.year)
        assert swapped(other) == day


def test_each_word_of_a_search_needs_a_word_of_its_own() -> None:
    assert of_words(["anna", "anna"], ["anna", "virtanen"]) == 0
    assert of_words(["anna", "ana"], ["anna", "virtanen"]) == 0
    assert of_words(["ann", "anna"], ["anna", "annb"]) == pytest.approx(0.8 + 0.1)
    assert of_words(["virtanen", "v"], ["virtanen", "vi"]) == pytest.approx(0.95)


def test_many_words_that_are_alike_are_told_apart_at_once(views: Tables) -> None:
    alike = [f"aa{letter}" for letter in ascii_lowercase]
    views.put_clients(client_row("alike", " ".join(alike), "Rossi"))
    assert find(views, " ".join(f"aa{digit}" for digit in range(8))) == ["alike"]
    assert of_words(["aa1", "aab", "aac", "a"], alike) == pytest.approx((0.8 + 1 + 1 + 0.9) / 4)
    assert of_words(["aab", "ab", "aba"], ["aab", "aba"]) == 0


def test_case_rows_are_not_needed_to_find_a_client(views: Tables) -> None:
    with views.projections.writing() as cursor:
        cursor.execute("UPDATE projections SET generation = 0 WHERE name = 'caseload'")
        assert CaseRow in CASELOAD.tables
    known = ClientQuery(name="niccolo", born=PEOPLE[2][3])
    hits = views.ask.find_clients(STRANGER, known).items
    assert [hit.in_scope for hit in hits] == [False]
