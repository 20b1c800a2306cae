"""Merges that are asked for at the same moment: one is done, and the others see it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from application import clients as register
from application import erasing, merging
from application.office import Office
from application.ports import KeyReused, VersionConflict
from application.same_person import ids_of, others_of
from domain.client import Particulars
from domain.entry import Personal
from domain.refusals import IllegalTransition
from domain.same_person import ClientsMerged
from tests.application.conftest import asked

SAID: dict[str, Any] = {"ground": "gdpr-5-1-d", "reason": Personal("the passport shows it")}


@pytest.fixture
def known(office: Office) -> Office:
    for client in "abc":
        register.register(office.clients, client, asked(), Particulars(given_name=client))
    return office


def merge(office: Office, surviving: str, merged: str, **more: Any) -> Any:
    return merging.merge(office, surviving, asked(**more), merged=merged, **SAID)


def split(office: Office, surviving: str, merged: str, **more: Any) -> Any:
    return merging.split(office, surviving, asked(**more), merged=merged, **SAID)


def hold(office: Office, client: str) -> Any:
    why = Personal("a case in court")
    return erasing.place_hold(office, client, asked(), hold="h-1", basis="court 1/26", reason=why)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do acts at the same moment; return what became of each."""
    barrier = Barrier(len(acts))

    def done(act: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return act()
        except IllegalTransition as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(done, acts))


def test_merges_that_would_make_a_cycle_or_a_chain_are_not_all_done(known):
    found = at_once(
        lambda: merge(known, "a", "b"),
        lambda: merge(known, "b", "c"),
        lambda: merge(known, "c", "a"),
    )
    assert sum(isinstance(one, IllegalTransition) for one in found) == 2
    merges = [x.entry for x in known.log.read() if isinstance(x.entry.event, ClientsMerged)]
    assert len(merges) == 2
    assert merges[1].position == merges[0].position + 1, "both in one transaction"


def test_the_same_merge_asked_at_once_is_recorded_once(known):
    found = at_once(*[lambda: merge(known, "a", "b", key="m")] * 4)
    assert {one.version for one in found} == {2}
    assert [one.repeated for one in found].count(False) == 1
    assert known.log.position() == 2 + 3 + 2, "a programme in two versions, clients, the merge"
    with pytest.raises(KeyReused):
        merge(known, "a", "c", key="m")


def test_a_merge_is_made_on_the_version_that_was_seen(known):
    with pytest.raises(VersionConflict):
        merge(known, "a", "b", expected_version=7)
    assert ids_of(known.clients, "a") == ("a",)


def test_every_id_of_a_person_is_found_from_each(known):
    merge(known, "a", "b")
    merge(known, "a", "c")
    assert {ids_of(known.clients, client) for client in "abc"} == {("a", "b", "c")}
    assert others_of(known.clients, "b") == ("a", "c")
    merging.split(known, "a", asked(), merged="b", **SAID)
    assert [ids_of(known.clients, client) for client in "abc"] == [("a", "c"), ("b",), ("a", "c")]


def test_who_was_never_registered_is_one_id(known):
    assert ids_of(known.clients, "nobody") == ("nobody",)


def test_a_legal_hold_on_one_id_of_a_person_is_on_the_person(known):
    """Else who is split off could be erased, or a merge could not be undone."""
    for client in "de":
        register.register(known.clients, client, asked(), Particulars(given_name=client))
    merge(known, "a", "b")
    merge(known, "a", "c")
    merge(known, "d", "e")
    hold(known, "b")
    for act in (
        lambda: split(known, "a", "c"),
        lambda: merge(known, "d", "a"),
        lambda: merge(known, "a", "d"),
    ):
        before = known.log.position()
        with pytest.raises(IllegalTransition, match=r"h-1|taken in"):
            act()
        assert known.log.position() == before
    split(known, "d", "e")
    with pytest.raises(IllegalTransition, match="the legal hold h-1 is in force"):
        merge(known, "a", "d")


def test_a_legal_hold_that_is_placed_at_the_same_moment_stops_a_split(known):
    merge(known, "a", "b")
    merge(known, "a", "c")
    held: list[Any] = []

    def meanwhile(_: Any) -> None:
        if not held:
            held.append(hold(known, "b"))

    fields = {"merged": "c", **SAID}
    with pytest.raises(IllegalTransition, match="the legal hold h-1 is in force"):
        merging.do(known, "a", asked(), "split-clients", fields, meanwhile)
    assert ids_of(known.clients, "a") == ("a", "b", "c")
