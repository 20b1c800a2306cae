"""The rows of responsibility: who answered for a journey, from when to when."""

from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from application.scope import keys_of
from application.views import RESPONSIBILITY
from application.views.rows import OnceRow, ResponsibilityRow
from domain.journey import events as e
from domain.journey.history import History, look
from domain.journey.state import Status
from tests.application.views.drawn import HISTORIES, in_pieces, retracting_the_last, rows, whole
from tests.domain import journeys as j


def on(days: int) -> date:
    return j.DAY + timedelta(days=days)


def held(history: History) -> list[ResponsibilityRow]:
    return rows(RESPONSIBILITY, history).get(ResponsibilityRow, [])


def test_responsibility_goes_from_hand_to_hand_and_ends_with_the_journey() -> None:
    history = j.given(
        j.REFERRED,
        (e.ReferralAccepted(), on(1)),
        (e.CaseWorkerAssigned("worker-1", "city"), on(3)),
        (e.HandoverRequested("state", j.WHY), on(5)),
        (e.HandoverAccepted("state", "worker-2"), on(8)),
        (e.JourneyClosed("completed", "employment"), on(20)),
        (e.JourneyReopened(j.WHY), on(30)),
    )
    assert [(r.person, r.organisation, r.since, r.until) for r in held(history)] == [
        (None, "city", on(0), on(3)),
        ("worker-1", "city", on(3), on(8)),
        ("worker-2", "state", on(8), on(20)),
        ("worker-2", "state", on(30), None),
    ]
    assert {(r.client, r.programme) for r in held(history)} == {("client-1", "trial")}
    assert [r.number for r in held(history)] == [1, 2, 3, 4]


def test_a_person_assigned_on_the_day_of_the_referral_answers_from_the_start() -> None:
    history = j.given(j.REFERRED, e.ReferralAccepted(), e.CaseWorkerAssigned("worker-1", "city"))
    assert [(r.person, r.since, r.until) for r in held(history)] == [("worker-1", on(0), None)]


def test_nobody_answers_for_a_journey_whose_referral_was_retracted() -> None:
    assert held(j.given(j.REFERRED, e.EntryRetracted(1, j.WHY))) == []


@settings(deadline=None)
@given(HISTORIES)
def test_on_every_day_the_row_says_who_answered_as_at_that_day(history: History) -> None:
    found = held(history)
    for day in sorted({x.occurred_on for x in history.in_force}):
        then = look(history.entries, as_at=day).journey
        here = [r for r in found if r.since <= day and (r.until is None or day < r.until)]
        nobody = then.status in (Status.NOT_BEGUN, Status.CLOSED, Status.DECLINED)
        if nobody or history.journey.referral is None or then.referral is None:
            assert here == []
            continue
        (row,) = here
        person = then.responsible.person if then.responsible else None
        assert (row.person, row.organisation) == (person, then.organisation)


@settings(deadline=None)
@given(HISTORIES, st.lists(st.integers(1, 9)))
def test_rows_lived_through_equal_rows_made_in_one_go(history: History, sizes: list[int]) -> None:
    assert held(in_pieces(history, sizes)) == held(whole(history))


@settings(deadline=None)
@given(HISTORIES)
def test_retracting_the_last_entry_leaves_the_rows_before_it(history: History) -> None:
    assume(history.version > 1)
    before = j.history_of(history.entries[:-1])
    assert held(retracting_the_last(history)) == held(before)


def once(history: History) -> set[str]:
    return {row.key for row in rows(RESPONSIBILITY, history).get(OnceRow, [])}


def test_who_had_a_journey_by_what_was_put_right_since_is_found_by_a_key_it_once_had() -> None:
    taken = (e.ReferralAccepted(), e.CaseWorkerAssigned("worker-1", "city"))
    other = e.CaseWorkerAssigned("worker-2", "city")
    corrected = j.given(j.REFERRED, *taken, e.EntryCorrected(3, other, on(0)))
    assert once(corrected) == {"worker:worker-1"}
    within_a_day = j.given(j.REFERRED, *taken, other)
    assert once(within_a_day) == {"worker:worker-1"}
    retracted = j.given(j.REFERRED, *taken, e.EntryRetracted(1, j.WHY))
    assert once(retracted) == {"responsible:city", "programme:trial", "worker:worker-1"}
    assert once(j.given(j.REFERRED, *taken)) == set()


@settings(deadline=None, max_examples=50)
@given(HISTORIES)
def test_whatever_was_known_who_answered_then_is_found(history: History) -> None:
    told = once(history)
    for row in held(history):
        told |= {f"responsible:{row.organisation}", f"programme:{row.programme}"}
        told |= {f"worker:{row.person}"} if row.person else set()
    for count in range(1, history.version + 1):
        known = keys_of("j-1", j.history_of(history.entries[:count]).journey)
        answering = {x for x in known if x.startswith(("responsible:", "worker:", "programme:"))}
        assert answering <= told
