"""Samples: the same for anybody who draws again, stratified evenly, and certified."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.audit.sampling import (
    BadCertificate,
    Draw,
    Trait,
    certificate_of,
    certified,
    differences,
    drawn,
    sample,
)
from application.ports import Append, Fresh
from domain.journey import events as e
from tests.domain import journeys as j

IDS = st.sets(st.text("abc123-", min_size=1, max_size=6), max_size=30)


def no_ledger(_position):
    return None


def begun(log, *ids, organisation="city", accepted=False):
    referred = replace(j.REFERRED, to_organisation=organisation)
    events = (referred, e.ReferralAccepted()) if accepted else (referred,)
    for id_ in ids:
        fresh = tuple(Fresh(event, j.DAY) for event in events)
        log.append(Append(f"journey:{id_}", 0, fresh, j.WORKER))


def test_the_draw_is_that_of_the_hash_and_nothing_else():
    """Anybody can do it: printf '%s' 'spring:j-1' | sha256sum, and sort."""
    ids = [f"j-{number}" for number in range(50)]
    (one,) = drawn(5, "spring", {"": ids})
    by_hand = sorted(ids, key=lambda x: hashlib.sha256(f"spring:{x}".encode()).hexdigest())
    assert list(one.drawn) == by_hand[:5]
    assert one.drawn != drawn(5, "autumn", {"": ids})[0].drawn


@given(IDS, st.integers(0, 40), st.text(max_size=5))
def test_a_draw_does_not_hang_on_the_order_of_what_there_is(ids, size, seed):
    (one,), (other,) = (drawn(size, seed, {"": x}) for x in (sorted(ids), sorted(ids)[::-1]))
    assert one == other
    assert len(one.drawn) == min(size, len(ids))
    assert set(one.drawn) <= ids
    (larger,) = drawn(size + 1, seed, {"": ids})
    assert larger.drawn[:size] == one.drawn


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 60), max_size=6), st.integers(0, 80))
def test_strata_give_evenly(sizes, wanted):
    strata = {name: [f"{name}/{n}" for n in range(size)] for name, size in sizes.items()}
    found = {x.name: len(x.drawn) for x in drawn(wanted, "s", strata)}
    assert sum(found.values()) == min(wanted, sum(sizes.values()))
    assert all(found[name] <= size for name, size in sizes.items())
    giving = [name for name, size in sizes.items() if size]
    if wanted >= len(giving):
        assert all(found[name] for name in giving)


def test_a_large_stratum_gives_in_proportion():
    strata = {"large": [f"l{n}" for n in range(90)], "small": [f"s{n}" for n in range(10)]}
    assert {x.name: len(x.drawn) for x in drawn(20, "s", strata)} == {"large": 18, "small": 2}


def test_a_sample_is_of_the_journeys_that_are_asked_for(log):
    begun(log, "a", "b", "c", accepted=True)
    begun(log, "d", "e", organisation="state")
    one = sample(log, Draw(10, "s", {Trait.STATUS: "open"}), no_ledger)
    assert one.journeys == ("a", "b", "c")
    by = sample(log, Draw(2, "s", {}, Trait.ORGANISATION), lambda position: f"root-{position}")
    assert {x.name: (x.journeys, len(x.drawn)) for x in by.strata} == {
        "city": (3, 1),
        "state": (2, 1),
    }
    assert by.root == f"root-{log.position()}"


def test_it_is_drawn_again_as_it_was_whatever_was_recorded_since(log):
    begun(log, *"abcdef")
    one = sample(log, Draw(3, "s", {Trait.STATUS: "referred"}, Trait.STATUS), no_ledger)
    begun(log, *"ghijk")
    log.append(Append("journey:a", 1, (Fresh(e.ReferralAccepted(), j.DAY),), j.WORKER))
    read = certificate_of(json.loads(json.dumps(certified(one))))
    assert read == one
    again = sample(log, read.draw, no_ledger, position=read.position)
    assert read.position < log.position()
    assert (again, differences(one, again)) == (one, ())
    assert differences(one, sample(log, read.draw, no_ledger)) != ()


def test_what_differs_is_said(memory_log):
    begun(memory_log, "a", "b", "c")
    one = sample(memory_log, Draw(2, "s"), lambda _: "aa")
    (stratum,) = one.strata
    forged = replace(one, root="bb", strata=(replace(stratum, journeys=4, drawn=("x", "y")),))
    said = differences(forged, one)
    assert [text.partition(" ")[0] for text in said] == ["the", "there", "not", "drawn,"]
    assert "x, y" in said[2]


def test_a_log_that_was_cut_off_or_has_lost_its_ledger_is_told(memory_log):
    begun(memory_log, "a", "b")
    one = replace(sample(memory_log, Draw(2, "s"), lambda _: "aa"), position=9)
    again = sample(memory_log, one.draw, no_ledger, position=one.position)
    assert differences(one, again) == (
        "the log ends at position 2, and not behind 9",
        "the root of the ledger at position 2 is not known, not aa",
    )


@pytest.mark.parametrize(
    "broken",
    [
        {"form": "another"},
        {"size": "3"},
        {"size": -1},
        {"by": "hair"},
        {"where": None},
        {"strata": [{}]},
        {"journeys": ["z"]},
        {"position": True},
        {"seed": "\ud800"},
    ],
)
def test_what_is_no_certificate_is_refused(memory_log, broken):
    begun(memory_log, "a")
    told = certified(sample(memory_log, Draw(1, "s"), no_ledger))
    with pytest.raises(BadCertificate):
        certificate_of(told | broken)
    with pytest.raises(BadCertificate):
        certificate_of([])


def test_a_stratum_that_is_there_twice_is_no_way_to_slip_journeys_in(memory_log):
    begun(memory_log, "a", "b")
    told = certified(sample(memory_log, Draw(2, "s"), no_ledger))
    slipped = {"name": "", "journeys": 9, "drawn": ["z"]}
    more = {"strata": [slipped, *told["strata"]], "journeys": ["a", "b", "z"]}
    with pytest.raises(BadCertificate, match="more than once"):
        certificate_of(told | more)
