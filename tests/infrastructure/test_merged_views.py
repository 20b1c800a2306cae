"""Views of clients who were merged and split: lived through or rebuilt, they say the same.

Merges are drawn among registrations, referrals, contact details, and erasures. What the register
answers is held against a model of who is one person with whom.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from application import clients as register
from application import erasing, merging
from application.journeys import refer
from application.office import Office
from application.programmes import Programmes
from application.questions import ClientQuery
from application.scope import Purpose, Role, Scope
from application.transact import Asked
from application.views import VIEWS
from application.views.inline import Inline
from application.views.rows import CaseRow, ClientRow, MergeRow
from application.views.view import Rules
from domain.client import Particulars
from domain.entry import By, Personal
from domain.refusals import IllegalTransition, InvalidField
from infrastructure.event_log import open_log
from infrastructure.keeping import bring_up_to_date
from infrastructure.projections import Projections
from infrastructure.rebuilding import Rebuild
from infrastructure.view_queries import ViewQueries
from tests.application.conftest import publish_trial, read_definition
from tests.domain import journeys as j
from tests.infrastructure.projecting import all_rows

DAY = date(2025, 3, 3)
BY = By("lead-1", "city")
NAMES = {"a": ("Aino", "Salmi"), "b": ("Aino", "Nyberg"), "c": ("Aino", "Salmi"), "d": ("Elli", "")}
BORN = date(1990, 5, 17)
AUDITOR = Scope("audit", Role.AUDITOR, "court", Purpose.AUDIT)
WHY = Personal("the identity document shows it")


def worker(organisation: str) -> Scope:
    return Scope("somebody", Role.CASE_WORKER, organisation, Purpose.SERVICE)


class Lived:
    """An office whose views are written as people act."""

    def __init__(self, url: str) -> None:
        self.log = open_log(url, clock=lambda: datetime(2025, 3, 3, 9, tzinfo=UTC), views=VIEWS)
        programmes = Programmes(self.log, read_definition)
        publish_trial(self.log)
        rules = Rules(programmes.definition, lambda _country: j.is_weekday)
        inline = Inline(VIEWS, rules)
        self.office = Office(self.log, programmes, lambda _country: j.is_weekday, inline)
        self.log.keys.when_destroyed(self.office.forget)
        self.projections = Projections(self.log, VIEWS, rules)
        self.projections.begin_if_allowed()
        self.views = ViewQueries(self.projections)
        bring_up_to_date(self.projections)

    def registers(self, client: str, by: By = BY) -> None:
        said = Particulars(*NAMES[client], BORN, f"K-{client}")
        register.register(self.office.clients, client, Asked(by, DAY), said)

    def refers(self, client: str, to: str = "city") -> None:
        number = len([row for row in self.views.journeys_of(client) if row.client == client])
        fields = {"from_organisation": "state", "to_organisation": to, "channel": "walk-in"}
        journey = f"j-{client}-{number}"
        refer(self.office, journey, Asked(j.STATE, DAY), "trial", client=client, **fields)

    def merges(self, client: str, merged: str) -> None:
        said: dict[str, Any] = {"merged": merged, "ground": "gdpr-5-1-d", "reason": WHY}
        merging.merge(self.office, client, Asked(BY, DAY), **said)

    def splits(self, client: str, merged: str) -> None:
        said: dict[str, Any] = {"merged": merged, "ground": "gdpr-5-1-d", "reason": WHY}
        merging.split(self.office, client, Asked(BY, DAY), **said)

    def reaches(self, client: str, phone: str = "040") -> None:
        register.change_contact_details(self.office.clients, client, Asked(BY, DAY), phone=phone)

    def erases(self, client: str) -> None:
        erasing.erase(
            self.office,
            client,
            Asked(BY, DAY),
            ground="gdpr-17",
            journeys_of=lambda one: [row.owner for row in self.views.journeys_of(one)],
            left=self.log.keys.left,
            clear=lambda _: erasing.Cleared({}, (), ()),
        )

    def found(self, name: str = "", scope: Scope = AUDITOR, **more: Any) -> list[str]:
        page = self.views.find_clients(scope, ClientQuery(name, **more))
        return sorted(one.client.owner for one in page.items if one.in_scope)

    def duplicates(self, client: str) -> list[str]:
        row = self.views.client(client)
        assert row is not None
        return sorted(one.client.owner for one in self.views.possible_duplicates(AUDITOR, row))

    def rows(self) -> dict[str, list[Any]]:
        """Every row of every view, without how many entries it was made from."""
        bring_up_to_date(self.projections)
        return {name: [*map(_uncounted, some)] for name, some in all_rows(self.projections).items()}


def _uncounted(row: Any) -> Any:
    counted = {"version", "position"} & {*row._fields}
    return row._replace(**dict.fromkeys(counted, 0))


@contextmanager
def living(url: str) -> Iterator[Lived]:
    lived = Lived(url)
    try:
        yield lived
    finally:
        lived.log.close()


@pytest.fixture
def lived(database_url: str) -> Iterator[Lived]:
    with living(database_url) as opened:
        for client in "abc":
            opened.registers(client)
        yield opened


def test_one_person_is_found_once_under_every_name_and_local_id(lived: Lived) -> None:
    assert lived.found("aino") == ["a", "b", "c"]
    lived.merges("a", "b")
    assert lived.found("aino") == ["a", "c"]
    assert lived.found("nyberg") == ["a"]
    assert lived.found(local_id="K-b") == lived.found(local_id="K-a") == ["a"]
    lived.splits("a", "b")
    assert lived.found("aino") == ["a", "b", "c"]
    assert lived.found("nyberg") == lived.found(local_id="K-b") == ["b"]


def test_a_person_is_found_by_what_was_told_under_several_ids(lived: Lived) -> None:
    said = Particulars(family_name="Laine", given_name="Aino")
    register.register(lived.office.clients, "e", Asked(BY, DAY), said)
    asked: list[dict[str, Any]] = [
        {"name": "laine", "born": BORN},
        {"name": "laine aino", "local_id": "k-a"},
        {"name": "laine", "born": BORN, "local_id": "k-a"},
    ]
    assert [lived.found(**one) for one in asked] == [[], [], []]
    lived.merges("a", "e")
    assert [lived.found(**one) for one in asked] == [["a"], ["a"], ["a"]]
    assert lived.found(name="nyberg", local_id="k-a") == lived.found(local_id="k-b", name="x") == []
    lived.splits("a", "e")
    assert [lived.found(**one) for one in asked] == [[], [], []]


def test_a_person_is_found_by_words_that_were_told_under_several_ids(lived: Lived) -> None:
    said = Particulars(given_name="A.", family_name="Laine")
    register.register(lived.office.clients, "e", Asked(BY, DAY), said)
    asked: list[dict[str, Any]] = [
        {"name": "aino laine"},
        {"name": "laine aino", "born": BORN},
        {"name": "laine aino", "local_id": "k-a"},
    ]
    assert [lived.found(**one) for one in asked] == [[], [], []]
    lived.merges("a", "e")
    assert [lived.found(**one) for one in asked] == [["a"], ["a"], ["a"]]
    assert lived.found("aino laine", worker("state")) == lived.found("aino laine xyz") == []
    lived.merges("a", "b")
    assert lived.found("laine nyberg aino") == ["a"]
    assert lived.found("laine laine") == ["a"]
    lived.splits("a", "e")
    assert [lived.found(**one) for one in asked] == [[], [], []]


def test_a_namesake_hides_nobody_of_whom_the_words_were_told_under_several_ids(
    lived: Lived,
) -> None:
    names = {"e": ("A.", "Laine"), "f": ("Aino", "Laine"), "g": ("Aino", "Lainen")}
    for client, (given_name, family_name) in names.items():
        said = Particulars(given_name, family_name, None if client == "f" else BORN)
        register.register(lived.office.clients, client, Asked(BY, DAY), said)
    lived.merges("a", "e")
    assert lived.found("aino laine") == lived.found("laine aino") == ["a", "f", "g"]
    assert lived.found("laine ain") == ["a", "f", "g"]  # begun
    assert lived.found("aino laime") == ["a", "f"]  # a slip
    best = lived.views.find_clients(AUDITOR, ClientQuery("aino laine", limit=2))
    assert [(one.client.owner, one.score) for one in best.items] == [("f", 1.0), ("a", 1.0)]
    assert best.next is not None
    # One id alone fits but nearly, both together as they should.
    lived.splits("a", "e")
    lived.merges("g", "e")
    (known,) = lived.views.find_clients(worker("state"), ClientQuery("aino laine", BORN)).items
    assert (known.client.owner, known.in_scope, known.score) == ("g", False, 1.0)


def test_a_pair_that_was_merged_is_proposed_no_longer_until_it_is_split(lived: Lived) -> None:
    assert lived.duplicates("a") == ["b", "c"]
    lived.merges("a", "b")
    assert lived.duplicates("a") == lived.duplicates("b") == ["c"]
    assert lived.duplicates("c") == ["a"]
    lived.splits("a", "b")
    assert lived.duplicates("a") == ["b", "c"]


def test_who_is_registered_once_more_is_told_by_what_several_ids_say(lived: Lived) -> None:
    """The name was told under one id, and the day of birth under another."""
    laine = Particulars(family_name="Laine", given_name="Elli")
    for client, said in (("e", laine), ("f", replace(laine, date_of_birth=BORN))):
        register.register(lived.office.clients, client, Asked(BY, DAY), said)
    assert lived.duplicates("f") == []
    lived.merges("a", "e")
    assert (lived.duplicates("f"), lived.duplicates("a")) == (["a"], ["b", "c", "f"])
    lived.splits("a", "e")
    assert (lived.duplicates("f"), lived.duplicates("a")) == ([], ["b", "c"])


def test_the_journeys_of_both_are_found_from_either_and_keep_their_clients(lived: Lived) -> None:
    lived.refers("a")
    lived.refers("b")
    lived.merges("a", "b")
    lived.refers("b")
    for client in "ab":
        found = {(row.owner, row.client) for row in lived.views.journeys_of(client)}
        assert found == {("j-a-0", "a"), ("j-b-0", "b"), ("j-b-1", "b")}
    lived.splits("a", "b")
    assert [row.owner for row in lived.views.journeys_of("a")] == ["j-a-0"]
    assert {row.owner for row in lived.views.journeys_of("b")} == {"j-b-0", "j-b-1"}


def test_a_person_is_in_the_scope_of_whoever_serves_them_under_any_id(lived: Lived) -> None:
    lived.refers("b", to="state")
    assert lived.found("salmi", worker("state")) == []
    lived.merges("a", "b")
    assert lived.found("salmi", worker("state")) == ["a"]
    # Whoever registered somebody sees them until there is a journey, under whichever id.
    assert lived.found("salmi", worker("city")) == ["c"]
    lived.splits("a", "b")
    assert lived.found("salmi", worker("state")) == []
    assert lived.found("salmi", worker("city")) == ["a", "c"]


def test_who_registered_an_id_sees_the_person_until_there_is_a_journey(lived: Lived) -> None:
    lived.registers("d", By("somebody", "school"))
    lived.merges("a", "d")
    assert lived.found("elli", worker("school")) == lived.found("elli", worker("city")) == ["a"]


def test_a_case_says_by_which_id_its_client_goes(lived: Lived) -> None:
    lived.refers("b")
    lived.merges("a", "b")
    bring_up_to_date(lived.projections)
    (row,) = lived.views.journeys_of("a")
    clients = lived.views.clients(["a", "b", "c"])
    assert (row.client, clients[row.client].goes_by) == ("b", "a")
    assert (clients["a"].goes_by, clients["c"].goes_by) == ("a", None)


def worked_on(url: str, *, merged: bool) -> dict[str, list[Any]]:
    with living(url) as lived:
        for client in "abc":
            lived.registers(client)
        lived.refers("a")
        lived.refers("b")
        if merged:
            lived.merges("a", "b")
        lived.reaches("a")
        lived.refers("b")
        if merged:
            lived.splits("a", "b")
        return lived.rows()


def test_merged_worked_on_and_split_is_as_if_never_merged() -> None:
    assert worked_on("sqlite://", merged=True) == worked_on("sqlite://", merged=False)


IDS = st.sampled_from("abcd")
ACTS = st.one_of(
    st.tuples(st.sampled_from(["registers", "refers", "reaches", "erases"]), IDS),
    st.tuples(st.sampled_from(["merges", "merges", "splits"]), IDS, IDS),
)


class Persons:
    """Who is one person with whom, by a model that knows nothing of events."""

    def __init__(self) -> None:
        self.into: dict[str, str] = {}

    def did(self, act: str, ids: Sequence[str]) -> None:
        if act == "merges":
            self.into[ids[1]] = ids[0]
        elif act == "splits":
            self.into.pop(ids[1], None)

    def of(self, client: str) -> str:
        return self.into.get(client, client)


@settings(max_examples=12, deadline=None)
@given(st.lists(ACTS, min_size=4, max_size=14))
@example([("merges", "a", "b"), ("refers", "b"), ("merges", "b", "c"), ("splits", "a", "b")])
@example([("merges", "a", "b"), ("merges", "a", "c"), ("refers", "c"), ("splits", "a", "b")])
@example([("merges", "a", "b"), ("erases", "b"), ("splits", "a", "b"), ("registers", "d")])
def test_views_lived_through_are_views_rebuilt_and_answer_as_the_persons_are(
    acts: list[tuple[str, ...]],
) -> None:
    persons = Persons()
    with living("sqlite://") as lived:
        for client in "abc":
            lived.registers(client)
        for act, *ids in acts:
            with suppress(IllegalTransition, InvalidField):
                getattr(lived, act)(*ids)
                persons.did(act, ids)
        bring_up_to_date(lived.projections)
        before = all_rows(lived.projections)
        rebuilt = Rebuild(lived.projections, list(VIEWS), grace=0).run()
        assert [one.compared.differing for one in rebuilt] == [0] * len(VIEWS)
        assert all_rows(lived.projections) == before
        register_rows = before["register"]
        merges = {r.owner: r.surviving for r in register_rows if isinstance(r, MergeRow)}
        assert merges == persons.into
        named = [row.owner for row in register_rows if isinstance(row, ClientRow)]
        aino = {persons.of(one) for one in named if NAMES[one][0] == "Aino"}
        assert {*lived.found("aino")} == aino
        cases = [row for row in before["caseload"] if isinstance(row, CaseRow)]
        for client in "abcd":
            own = {row.owner for row in cases if persons.of(row.client) == persons.of(client)}
            assert {row.owner for row in lived.views.journeys_of(client)} == own
