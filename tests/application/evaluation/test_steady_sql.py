"""SQL of indicators gives the same answer each time, and is read past its texts and comments."""

import pytest

from application.evaluation.reporting import BadIndicator
from application.evaluation.steady_sql import bare, unsteady
from tests.application.evaluation.rows import counted, indicator


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("accepted_on < current_date", "current_date"),
        ("random() < 0.5", "random"),
        ("SELECT * FROM journeys USING SAMPLE 5", "using sample"),
        ("NOW () > closed_on", "now"),
        ("now > 1 AND today = 2", ""),
        ("destination = 'now()'", ""),
        ("gender = 'f' -- not current_date\n", ""),
        ("/* random() */ TRUE", ""),
    ],
)
def test_what_changes_from_one_question_to_the_next_is_found(sql: str, found: str) -> None:
    assert unsteady(sql) == found


def test_a_comment_with_an_apostrophe_hides_nothing_that_follows() -> None:
    assert bare("-- the client's\nFROM a WHERE b = 'it''s -- c' AND \"d'e\"") == (
        ' \nFROM a WHERE b =   AND "d\'e"'
    )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"who": "accepted_on < today()"}, "who"),
        ({"select": "SELECT *, uuid() AS x FROM journeys"}, "sql"),
    ],
)
def test_an_indicator_that_is_not_steady_is_refused(more: dict[str, str], field: str) -> None:
    with pytest.raises(BadIndicator) as refused:
        counted([indicator(**more)])
    assert (refused.value.field, "$as_at" in refused.value.message) == (field, True)


def test_an_indicator_that_fails_on_what_was_recorded_is_named_alone() -> None:
    good = indicator("mean", what="age_at_start", id="good")
    endless = indicator("mean", what="ln(age_at_start - 3)", id="endless")
    with pytest.raises(BadIndicator) as refused:
        counted([good, endless], journeys=[{"journey": "a", "client": "1", "age_at_start": 3}])
    assert (refused.value.indicator, refused.value.field) == ("endless", "what")


@pytest.mark.parametrize("column", ["client", "journey", "key"])
def test_nothing_is_broken_down_into_single_persons(column: str) -> None:
    with pytest.raises(BadIndicator, match="a group of its own"):
        counted([indicator()], [("gender", column)])
