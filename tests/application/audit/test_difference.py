"""What differs between two moments of a journey, on either clock."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.audit.difference import Difference, difference
from application.case_file import Seen
from application.plainly import Changed, changed
from application.sentences.words import Words
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.history import History, history_of, look
from tests.domain import journeys as j

WHY = Personal("a slip")
DAY, NEXT, LATER = (j.DAY + timedelta(days=n) for n in (0, 1, 30))


def seen(history: History, as_at: date | None = None, known: date | None = None) -> Seen:
    """The journey at a moment; what was recorded by the day `known` was known."""
    entries = [x for x in history.entries if known is None or x.recorded_at.date() <= known]
    return Seen("j", history_of(entries), look(entries, as_at=as_at), DAY, None, Words())


@pytest.fixture
def history() -> History:
    """Accepted; an interview told wrongly and put right later; a retracted piece of advice."""
    situation = e.Situation(e.EmploymentStatus.EMPLOYED)
    return j.given(
        j.REFERRED,
        e.ReferralAccepted(),
        (e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.UNEMPLOYED)), DAY),
        e.EmployerAdvised("firm", "contract"),
        (e.EntryCorrected(3, e.IntakeInterviewHeld(situation), NEXT, WHY), LATER),
        (e.EntryRetracted(4, WHY), LATER),
        (e.ServiceNeedsDefined(("language",)), NEXT, LATER),
    )


def told(one: Seen, other: Seen) -> list[tuple[Any, ...]]:
    return [(x.version, x.how) for x in difference(one, other).entries]


def test_what_became_known_is_told_entry_by_entry_and_field_by_field(history: History) -> None:
    found = difference(seen(history, known=DAY), seen(history, known=LATER))
    assert [(x.version, x.how) for x in found.entries] == [
        (3, Difference.CORRECTED),
        (4, Difference.RETRACTED),
        (5, Difference.ADDED),
        (6, Difference.ADDED),
        (7, Difference.ADDED),
    ]
    assert found.entries[0].changed == (
        Changed("situation.employment", "unemployed", "employed"),
        Changed("occurred_on", "2025-03-03", "2025-03-04"),
    )
    state = {x.field: (x.before, x.after) for x in found.state}
    assert state["told.situation.employment"] == ("unemployed", "employed")
    assert state["advice[0]"][1] is None
    assert state["needs"][0] is None


def test_backwards_it_is_told_what_was_not_known_yet(history: History) -> None:
    found = told(seen(history, known=LATER), seen(history, known=DAY))
    assert (7, Difference.NOT_KNOWN) in found
    assert (4, Difference.ADDED) in found


def test_what_happened_between_two_days_is_told_by_what_is_known_now(history: History) -> None:
    assert told(seen(history, DAY), seen(history, NEXT)) == [
        (3, Difference.ADDED),
        (7, Difference.ADDED),
    ]
    assert told(seen(history, NEXT), seen(history, DAY)) == [
        (3, Difference.NOT_YET),
        (7, Difference.NOT_YET),
    ]


def test_both_clocks_can_differ(history: History) -> None:
    found = told(seen(history, DAY, DAY), seen(history, DAY, LATER))
    assert found == [(3, Difference.NOT_YET), (4, Difference.RETRACTED)]


def test_fields_of_unlike_values_are_told_whole() -> None:
    assert changed({"a": 1, "b": [1, {"c": 2}]}, {"b": [1, {"c": 3}, 4], "d": True}) == (
        Changed("a", 1, None),
        Changed("b[1].c", 2, 3),
        Changed("b[2]", None, 4),
        Changed("d", None, True),
    )


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(0, 60), st.integers(0, 60))
def test_nothing_differs_from_itself_and_both_ways_name_the_same_entries(
    seed: int, length: int, one: int, other: int
) -> None:
    history = j.lawful(seed, length, correcting=True)
    first, second = (seen(history, known=DAY + timedelta(days=n)) for n in (one, other))
    assert difference(first, first).entries == difference(first, first).state == ()
    there, back = difference(first, second), difference(second, first)
    assert [x.version for x in there.entries] == [x.version for x in back.entries]
    assert [x.field for x in there.state] == [x.field for x in back.state]
