"""The rows of the board: where a journey stood from when to when, and what it owed."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from application.board_at import board_lines, week_flow
from application.views import BOARD
from application.views.rows import ObligationRow, SpanRow
from domain.journey import events as e
from domain.journey.deadlines import deadlines, overdue
from domain.journey.history import History, look
from domain.journey.state import Status
from tests.application.views.drawn import HISTORIES, in_pieces, retracting_the_last, rows, whole
from tests.domain import journeys as j

INTAKE = e.PhaseEntered(j.Phase.INTAKE, 1)
REVIEW = e.PhaseEntered(j.Phase.COMPETENCE_REVIEW, 1)


def on(days: int) -> date:
    return j.DAY + timedelta(days=days)


def spans(history: History) -> list[SpanRow]:
    return rows(BOARD, history).get(SpanRow, [])


def stood(history: History) -> list[tuple[str, str, date, date | None]]:
    return [(s.organisation, s.standing, s.since, s.until) for s in spans(history)]


def test_a_way_from_the_referral_over_a_handover_to_the_end() -> None:
    history = j.given(
        j.REFERRED,
        (e.ReferralAccepted(), on(2)),
        (INTAKE, on(4)),
        (e.HandoverRequested("state", j.WHY), on(6)),
        (e.HandoverAccepted("state", "worker-2"), on(8)),
        (e.JourneyPaused(j.WHY), on(10)),
        (e.JourneyResumed(), on(12)),
        (e.JourneyClosed("completed", "employment"), on(14)),
        (e.JourneyReopened(j.WHY), on(16)),
    )
    assert stood(history) == [
        ("city", "referred", on(0), on(2)),
        ("city", "waiting", on(2), on(4)),
        ("city", "intake", on(4), on(8)),
        ("state", "intake", on(8), on(10)),
        ("state", "paused", on(10), on(12)),
        ("state", "intake", on(12), on(14)),
        ("state", "closed", on(14), on(16)),
        ("state", "intake", on(16), None),
    ]
    phases = [s.phase_since for s in spans(history)]
    assert phases == [None, None, on(4), on(4), None, on(4), None, on(4)]
    moves = [(s.number, s.came_from, s.went_to) for s in spans(history)]
    assert moves[2:4] == [(3, None, "state"), (4, "city", None)]


def test_what_changes_within_a_day_leaves_no_empty_span() -> None:
    history = j.given(j.REFERRED, e.ReferralAccepted(), INTAKE, (REVIEW, on(3)))
    assert stood(history) == [
        ("city", "intake", on(0), on(3)),
        ("city", "competence-review", on(3), None),
    ]


def test_nobody_comes_or_leaves_between_two_ends() -> None:
    closed = e.JourneyClosed("cancelled", "unknown")
    imported = j.given(j.REFERRED, (e.ReferralDeclined(j.WHY), on(8)), (closed, on(15)))
    again = (e.JourneyReopened(j.WHY), on(15)), (e.ReferralDeclined(j.WHY), on(15))
    for history in (imported, j.given(j.REFERRED, (closed, on(8)), *again)):
        flow = week_flow(spans(history), on(20), "city", 3)
        assert [(week.came, week.left) for week in flow] == [(1, 0), (0, 1), (0, 0)]


def test_a_declined_journey_stays_declined() -> None:
    history = j.given(j.REFERRED, (e.ReferralDeclined(j.WHY), on(5)))
    assert stood(history)[-1] == ("city", "declined", on(5), None)


def test_a_late_entry_stands_on_the_day_it_happened() -> None:
    history = j.given(
        j.REFERRED, (e.ReferralAccepted(), on(1)), (REVIEW, on(9)), (INTAKE, on(3), on(20))
    )
    assert [(standing, since) for _, standing, since, _ in stood(history)] == [
        ("referred", on(0)),
        ("waiting", on(1)),
        ("intake", on(3)),
        ("competence-review", on(9)),
    ]


def test_a_corrected_day_moves_the_span() -> None:
    entered = e.EntryCorrected(3, INTAKE, on(2), j.WHY)
    history = j.given(j.REFERRED, e.ReferralAccepted(), (INTAKE, on(5)), (entered, on(9)))
    assert stood(history)[-1] == ("city", "intake", on(2), None)


def test_a_journey_whose_referral_was_retracted_stood_nowhere() -> None:
    assert rows(BOARD, j.given(j.REFERRED, e.ReferralAccepted(), e.EntryRetracted(1, j.WHY))) == {}


def obligations(*happened: object) -> dict[str, ObligationRow]:
    found = rows(BOARD, j.given(*happened)).get(ObligationRow, [])
    return {one.deadline: one for one in found}


def test_a_deadline_is_settled_when_it_is_met_lifted_or_the_journey_ends() -> None:
    accepted = (j.REFERRED, e.ReferralAccepted())
    held = e.IntakeInterviewHeld(e.Situation())
    lifted = e.DeadlineExempted("interview/2", "illness")
    open_ = obligations(*accepted)["interview/2"]
    assert (open_.opened_on, open_.due, open_.settled_on) == (on(0), on(14), None)
    assert (open_.programme, open_.organisation) == ("trial", "city")
    for event in (held, lifted, e.JourneyClosed("completed", "employment")):
        assert obligations(*accepted, (event, on(20)))["interview/2"].settled_on == on(20)


ACCEPTED = (j.REFERRED, e.ReferralAccepted())
"""The interview is due fourteen days later."""


def put_off(days: int, until: int) -> tuple[e.DeadlineMoved, date]:
    return e.DeadlineMoved("interview/2", on(until), j.WHY), on(days)


def overdue_days(*happened: object) -> list[int]:
    """Return the days, counted from the first, on which a board has a deadline overdue."""
    found = rows(BOARD, j.given(*happened))
    boards = [board_lines(found[SpanRow], found[ObligationRow], on(n), None) for n in range(50)]
    return [n for n, (line,) in enumerate(boards) if line.overdue]


def test_what_was_overdue_until_it_was_put_off_was_overdue() -> None:
    assert overdue_days(*ACCEPTED, put_off(20, until=40)) == [*range(15, 20), *range(41, 50)]


def test_what_was_put_off_twice_was_due_when_each_day_said() -> None:
    happened = (*ACCEPTED, put_off(10, until=20), put_off(30, until=45))
    assert overdue_days(*happened) == [*range(21, 30), *range(46, 50)]


def test_what_was_put_off_in_time_and_lifted_since_was_never_overdue() -> None:
    lifted = e.DeadlineExempted("interview/2", "illness")
    assert overdue_days(*ACCEPTED, put_off(10, until=30), (lifted, on(25))) == []


def test_nothing_is_overdue_while_a_journey_has_ended_that_is_opened_again() -> None:
    ended = (e.JourneyClosed("completed", "employment"), on(20))
    opened = (e.JourneyReopened(j.WHY), on(30))
    assert overdue_days(*ACCEPTED, ended, opened) == [*range(15, 20), *range(30, 50)]


def test_a_second_end_does_not_put_off_the_first() -> None:
    ended = e.JourneyClosed("completed", "employment")
    assert overdue_days(*ACCEPTED, (ended, on(20)), (ended, on(30))) == [*range(15, 20)]


@settings(deadline=None)
@given(HISTORIES)
def test_on_every_day_as_much_is_overdue_as_the_journey_as_at_that_day_says(
    history: History,
) -> None:
    found = rows(BOARD, history)
    days = {x.occurred_on + timedelta(days=after) for x in history.entries for after in (0, 1, 15)}
    for day in sorted(days):
        then = look(history.entries, as_at=day).entries
        lines = board_lines(found.get(SpanRow, ()), found.get(ObligationRow, ()), day, None)
        late = overdue(deadlines(then, j.definition, j.is_weekday), day) if lines else ()
        assert sum(line.overdue for line in lines) == len(late)


@settings(deadline=None)
@given(HISTORIES)
def test_a_journey_comes_and_leaves_as_often_as_another_answers_for_it_or_nobody(
    history: History,
) -> None:
    found = spans(history)
    assume(found)
    answering = [None, *(None if s.standing in _ENDED else s.organisation for s in found)]
    changes = list(pairwise(answering))
    day = found[-1].since
    weeks = (day - found[0].since).days // 7 + 2
    for organisation in ("city", "state"):
        flow = week_flow(found, day, organisation, weeks)
        came = [now for before, now in changes if now == organisation != before]
        left = [before for before, now in changes if before == organisation != now]
        assert sum(week.came for week in flow) == len(came)
        assert sum(week.left for week in flow) == len(left)


@settings(deadline=None)
@given(HISTORIES)
def test_spans_join_without_hole_or_overlap(history: History) -> None:
    found = spans(history)
    assert bool(found) == (history.journey.referral is not None)
    assert [s.number for s in found] == list(range(1, len(found) + 1))
    for one, following in pairwise(found):
        assert one.since < following.since == one.until
        assert _place(one) != _place(following)
        moved = one.organisation != following.organisation
        moved |= {one.standing, following.standing} <= _ENDED
        assert one.went_to == (following.organisation if moved else None)
        assert following.came_from == (one.organisation if moved else None)
    assert [s.until for s in found if s.until is None] == [None] * bool(found)


_ENDED = {"closed", "declined"}


def _place(span: SpanRow) -> tuple[str, str, date | None]:
    return span.organisation, span.standing, span.phase_since


@settings(deadline=None)
@given(HISTORIES)
def test_on_every_day_the_span_says_what_the_journey_as_at_that_day_says(history: History) -> None:
    found = spans(history)
    for day in sorted({x.occurred_on for x in history.in_force}):
        then = look(history.entries, as_at=day).journey
        here = [s for s in found if s.since <= day and (s.until is None or day < s.until)]
        if not found or then.referral is None:
            assert here == []
            continue
        (span,) = here
        assert span.organisation == then.organisation
        if then.status is Status.OPEN and then.stay is not None:
            assert (span.standing, span.phase_since) == (then.stay.phase, then.stay.since)
        elif then.status is not Status.OPEN:
            assert span.standing == then.status


@settings(deadline=None)
@given(HISTORIES, st.lists(st.integers(1, 9)))
def test_rows_lived_through_equal_rows_made_in_one_go(history: History, sizes: list[int]) -> None:
    assert rows(BOARD, in_pieces(history, sizes)) == rows(BOARD, whole(history))


@settings(deadline=None)
@given(HISTORIES)
def test_retracting_the_last_entry_leaves_the_rows_before_it(history: History) -> None:
    assume(history.version > 1)
    before = j.history_of(history.entries[:-1])
    assert rows(BOARD, retracting_the_last(history)) == rows(BOARD, before)
