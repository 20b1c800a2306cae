"""The count of a board over the spans of journeys, and of who came and left."""

from datetime import date

from application.board_at import board_lines, week_flow
from application.questions import BoardLine, WeekFlow
from application.views.rows import ObligationRow, SpanRow

MONDAY = date(2025, 3, 3)
WEDNESDAY, FRIDAY, NEXT = date(2025, 3, 5), date(2025, 3, 7), date(2025, 3, 10)


def span(owner, number, standing, since, until=None, organisation="city", **more):
    known = {"phase_since": None, "came_from": None, "went_to": None} | more
    return SpanRow(owner, number, "trial", organisation, standing, since, until, **known)


def owed(owner, due, settled_on=None):
    return ObligationRow(owner, f"interview/{due}", "trial", "city", MONDAY, due, settled_on)


MOVED = (
    span("j-1", 1, "intake", MONDAY, FRIDAY, phase_since=MONDAY, went_to="state"),
    span("j-1", 2, "intake", FRIDAY, None, "state", phase_since=MONDAY, came_from="city"),
)
ENDED = (
    span("j-2", 1, "waiting", MONDAY, WEDNESDAY),
    span("j-2", 2, "closed", WEDNESDAY, NEXT),
    span("j-2", 3, "waiting", NEXT),
)


def test_a_journey_stands_in_one_place_on_each_day():
    assert board_lines(MOVED, (), WEDNESDAY, None) == (
        BoardLine("trial", "city", "intake", 1, 2.0, 2, 0),
    )
    assert board_lines(MOVED, (), FRIDAY, None) == (
        BoardLine("trial", "state", "intake", 1, 4.0, 4, 0),
    )
    assert board_lines(MOVED, (), FRIDAY, "city") == ()


def test_what_is_overdue_is_counted_until_the_day_it_is_settled():
    due = (owed("j-2", MONDAY, settled_on=FRIDAY), owed("j-2", WEDNESDAY), owed("j-1", FRIDAY))
    overdue = [
        board_lines(ENDED, due, day, None)[0].overdue for day in (MONDAY, WEDNESDAY, FRIDAY, NEXT)
    ]
    assert overdue == [0, 1, 1, 1]


def test_time_in_a_place_is_told_by_the_middle_and_the_longest():
    spans = [span(f"j-{n}", 1, "waiting", date(2025, 3, n)) for n in (1, 3, 4, 6)]
    [line] = board_lines(spans, (), FRIDAY, None)
    assert (line.journeys, line.days_median, line.days_most) == (4, 3.5, 6)


def test_who_is_handed_over_leaves_one_organisation_and_comes_to_another():
    assert week_flow(MOVED, NEXT, "city", 2) == (WeekFlow(MONDAY, 1, 1), WeekFlow(NEXT, 0, 0))
    assert week_flow(MOVED, NEXT, "state", 2) == (WeekFlow(MONDAY, 1, 0), WeekFlow(NEXT, 0, 0))


def test_an_end_leaves_and_a_reopening_comes_again():
    assert week_flow(ENDED, NEXT, "city", 2) == (WeekFlow(MONDAY, 1, 1), WeekFlow(NEXT, 1, 0))


def test_the_last_week_ends_with_the_day():
    assert week_flow(ENDED, MONDAY, "city", 1) == (WeekFlow(MONDAY, 1, 0),)
