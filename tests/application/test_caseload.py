"""One line a journey: whose it is, where it stands, who answers for it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports import Recorded
from application.views.listing import Case, caseload, selected
from domain.definition import Phase
from domain.journey import events as e
from domain.journey.state import Status
from tests.domain import journeys as j


def recorded(journey: str, history: Any) -> list[Recorded]:
    return [Recorded(f"journey:{journey}", entry) for entry in history.entries]


def case(**said: Any) -> Case:
    (made,) = caseload(recorded("j", j.given(j.REFERRED)))
    return Case(**{name: said.get(name, getattr(made, name)) for name in Case.__slots__})


def test_a_referral_is_a_case_since_its_day() -> None:
    (made,) = caseload(recorded("j", j.given(j.REFERRED)))
    assert (made.journey, made.client, made.programme) == (
        "j",
        j.REFERRED.client,
        j.REFERRED.programme,
    )
    assert (made.status, made.phase, made.since) == (Status.REFERRED, None, j.DAY)


def test_other_streams_are_no_cases() -> None:
    other = [Recorded("client:c", entry) for entry in j.given(j.REFERRED).entries]
    assert caseload(other) == []


def stands(name: str, history: Any) -> tuple[Any, ...]:
    state = history.journey
    phase = state.stay.phase if state.stay else None
    who = state.responsible.person if state.responsible else None
    where = (state.organisation, state.status, phase, who)
    return (name, state.client, state.programme, *where, history.version)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 60)), min_size=1, max_size=3))
def test_the_lines_say_what_the_whole_journeys_say_however_they_are_mixed(drawn: Any) -> None:
    histories = {f"j{i}": j.lawful(s, n, correcting=True) for i, (s, n) in enumerate(drawn)}
    lines = [line for name, history in histories.items() for line in recorded(name, history)]
    cases = caseload(sorted(lines, key=lambda r: (r.entry.version, r.stream)))
    told = [
        (
            *(one.journey, one.client, one.programme),
            *(one.organisation, one.status, one.phase, one.responsible, one.version),
        )
        for one in cases
    ]
    assert told == [stands(name, h) for name, h in sorted(histories.items()) if h.entries]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["a", "b"]),
        ({"phase": Phase.TRAINING}, ["a"]),
        ({"status": Status.PAUSED, "organisation": "state"}, ["b"]),
        ({"programme": "other"}, []),
    ],
)
def test_what_is_asked_for_must_all_hold(asked: dict[str, Any], found: list[str]) -> None:
    cases = [
        case(journey="a", phase=Phase.TRAINING, status=Status.OPEN),
        case(journey="b", organisation="state", status=Status.PAUSED),
    ]
    assert [one.journey for one in selected(cases, **asked)] == found


def test_a_corrected_referral_moves_the_case() -> None:
    earlier = date(2025, 2, 1)
    history = j.given(j.REFERRED, e.EntryCorrected(1, j.REFERRED, earlier))
    (made,) = caseload(recorded("j", history))
    assert (made.since, made.version) == (earlier, 2)
