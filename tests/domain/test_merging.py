"""Merging two client ids of one person, and splitting them: decisions, and refusals."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.client import UNKNOWN, Client, Particulars, change_contact_details, fold, register
from domain.entry import Personal
from domain.erasure import ClientErased, DataErased, LegalHoldPlaced, LegalHoldReleased
from domain.merging import Side, merge, split
from domain.refusals import IllegalTransition, InvalidField
from domain.same_person import ALONE, ClientsMerged, ClientsSplit, SamePerson, evolve
from tests.domain.streams import DAY, entries

WHY = Personal("the identity document shows it")
SAID = {"ground": "gdpr-5-1-d", "reason": WHY}
IDENTITY_GONE = DataErased(("identity",), "basis", "trial", 1, ())
HELD = LegalHoldPlaced("h-1", "R 25/117", Personal("an appeal"))


@dataclass
class Register:
    """Clients in memory, to each of whom entries of their own are added."""

    events: dict[str, list[object]] = field(default_factory=dict)

    def adds(self, client: str, *events: object) -> None:
        self.events.setdefault(client, []).extend(events)

    def registers(self, *clients: str) -> "Register":
        for client in clients:
            self.adds(client, *register(UNKNOWN, Particulars(given_name=client), on=DAY))
        return self

    def client(self, client: str) -> Client:
        return fold(entries(*self.events.get(client, [])))

    def side(self, client: str) -> Side:
        return Side(client, self.client(client))

    def does(self, decision, surviving: str, merged: str, **said) -> set[str]:
        decided = decision(self.side(surviving), self.side(merged), **(SAID | said))
        for client, events in decided.items():
            self.adds(client, *events)
        return {client for client, events in decided.items() if events}


@pytest.fixture
def known() -> Register:
    return Register().registers("a", "b", "c")


def test_a_merge_is_an_entry_of_both_and_each_points_to_the_other(known):
    assert known.does(merge, "a", "b") == {"a", "b"}
    assert known.events["a"][-1] == ClientsMerged("b", True, "gdpr-5-1-d", WHY)
    assert known.events["b"][-1] == ClientsMerged("a", False, "gdpr-5-1-d", WHY)
    assert known.client("a").same == SamePerson(taken_in=("b",))
    assert known.client("b").same == SamePerson(into="a")


def test_a_merge_that_is_asked_again_records_nothing(known):
    known.does(merge, "a", "b")
    assert known.does(merge, "a", "b") == set()


def test_a_split_leaves_nothing_of_the_merge_and_asked_again_records_nothing(known):
    known.does(merge, "a", "b")
    assert known.does(split, "a", "b") == {"a", "b"}
    assert known.events["b"][-1] == ClientsSplit("a", "gdpr-5-1-d", WHY)
    assert not known.client("a").same.merged
    assert not known.client("b").same.merged
    assert known.does(split, "a", "b") == set()


def test_who_was_split_can_be_merged_again_the_other_way_round(known):
    known.does(merge, "a", "b")
    known.does(split, "a", "b")
    assert known.does(merge, "b", "a") == {"a", "b"}
    assert known.client("a").same == SamePerson(into="b")
    assert known.client("b").same == SamePerson(taken_in=("a",))


def test_one_person_can_have_many_ids_and_one_of_them_is_split_again(known):
    known.does(merge, "a", "b")
    known.does(merge, "a", "c")
    assert known.client("a").same.taken_in == ("b", "c")
    known.does(split, "a", "b")
    assert known.client("a").same == SamePerson(taken_in=("c",), parted=("b",))
    assert known.client("c").same.into == "a"


@pytest.mark.parametrize(
    ("before", "asked", "state", "missing"),
    [
        ([("a", "b")], ("c", "b"), "b is merged into a", "name a in its place"),
        ([("a", "b")], ("b", "c"), "b is merged into a", "name a in its place"),
        ([("b", "c")], ("a", "b"), "b has taken in c", "merge a into b, or split them first"),
        ([("a", "b")], ("b", "a"), "b is merged into a", "or split them first"),
    ],
    ids=["merged already", "into one that is merged", "a chain", "a cycle"],
)
def test_everybody_goes_by_one_id_and_all_others_point_to_it(known, before, asked, state, missing):
    for surviving, merged in before:
        known.does(merge, surviving, merged)
    with pytest.raises(IllegalTransition) as refused:
        known.does(merge, *asked)
    assert refused.value.state == state
    assert missing in refused.value.missing


@pytest.mark.parametrize("whose", ["a", "b"])
@pytest.mark.parametrize(
    ("event", "state"),
    [
        (ClientErased("gdpr-17", ()), "was erased"),
        (IDENTITY_GONE, "was erased"),
        (HELD, "the legal hold h-1 is in force"),
    ],
    ids=["erased", "nameless", "held"],
)
def test_who_is_erased_or_held_is_not_merged(known, whose, event, state):
    known.adds(whose, event)
    with pytest.raises(IllegalTransition) as refused:
        known.does(merge, "a", "b")
    assert state in refused.value.state


@pytest.mark.parametrize("pair", [("a", "nobody"), ("nobody", "a")])
def test_who_is_not_registered_is_not_merged(known, pair):
    with pytest.raises(IllegalTransition) as refused:
        known.does(merge, *pair)
    assert refused.value.state == "no client is registered under the id nobody"


def test_nobody_is_merged_with_themself(known):
    with pytest.raises(InvalidField, match="merged: a client cannot be merged with itself"):
        known.does(merge, "a", "a")


@pytest.mark.parametrize("decision", [merge, split])
@pytest.mark.parametrize(("name", "value"), [("ground", " "), ("reason", Personal(" "))])
def test_a_ground_and_a_reason_are_required(known, decision, name, value):
    with pytest.raises(InvalidField) as refused:
        known.does(decision, "a", "b", **{name: value})
    assert refused.value.field == name


@pytest.mark.parametrize("whose", ["a", "b"])
@pytest.mark.parametrize("event", [ClientErased("gdpr-17", ()), HELD])
def test_who_is_erased_or_held_is_not_split(known, whose, event):
    known.does(merge, "a", "b")
    known.adds(whose, event)
    with pytest.raises(IllegalTransition):
        known.does(split, "a", "b")


def test_a_hold_that_is_released_stops_nothing(known):
    known.adds("a", HELD, LegalHoldReleased("h-1", WHY))
    assert known.does(merge, "a", "b") == {"a", "b"}


@pytest.mark.parametrize("pair", [("a", "b"), ("b", "a"), ("c", "b"), ("a", "a")])
def test_who_was_never_merged_is_not_split(known, pair):
    if pair[0] != "a":
        known.does(merge, "a", "b")
    with pytest.raises(IllegalTransition) as refused:
        known.does(split, *pair)
    assert "merged into" in refused.value.state


def test_contact_details_are_those_of_the_id_that_the_person_goes_by(known):
    known.does(merge, "a", "b")
    assert change_contact_details(known.client("a"), phone="040")
    with pytest.raises(IllegalTransition) as refused:
        change_contact_details(known.client("b"), phone="040")
    assert refused.value.missing == "change those of a"
    known.does(split, "a", "b")
    assert change_contact_details(known.client("b"), phone="040")


PAIRS = st.tuples(st.sampled_from("abc"), st.sampled_from("abc"))


@given(st.lists(st.tuples(st.sampled_from([merge, split]), PAIRS), max_size=12))
def test_whatever_is_merged_and_split_everybody_goes_by_one_id_and_both_sides_agree(acts):
    known = Register().registers("a", "b", "c")
    for decision, pair in acts:
        try:
            known.does(decision, *pair)
        except (IllegalTransition, InvalidField):
            continue
        assert known.does(decision, *pair) == set(), "a retry records nothing"
    same = {client: known.client(client).same for client in "abc"}
    for client, one in same.items():
        assert one.into is None or not one.taken_in
        assert one.into is None or client in same[one.into].taken_in
        assert all(same[other].into == client for other in one.taken_in)


def test_what_is_folded_of_a_split_that_no_merge_came_before_is_read_all_the_same():
    assert evolve(ALONE, ClientsSplit("b", "law", WHY)) == SamePerson(parted=("b",))
