"""A report as a file has it: read back it is the report that was made; none is refused in words."""

import json
from dataclasses import replace
from datetime import date

import pytest

from application.evaluation.kept_report import UnreadableReport, read_report, written
from application.evaluation.report import Figure, Report, Series, Table
from application.evaluation.report_notes import notes_of
from domain.definition import Title
from domain.wording import Wording

TITLE = Title("Clients", "Asiakkaat", "fi")
ALL = Table("clients", TITLE, "clients", "count", (), (Figure((), 12, 12),))
STOCK = Series(
    "stock", TITLE, "stock", ("day", "group", "count"), ((date(2025, 1, 1), "intake", 5),)
)
MADE = Report(
    programme="duunipolku",
    title=TITLE,
    as_at=date(2025, 6, 30),
    known_at=None,
    position=4711,
    root="",
    definition_version=1,
    definition_digest="",
    indicators_digest="",
    polku_version="0.1.0",
    threshold=5,
    tables=(ALL,),
    series=(STOCK,),
    notes=notes_of((ALL,), [("age",)], 5, claimed=False),
    asked={"by": ["age"]},
)
WITHOUT_A_FIGURE = written(replace(MADE, tables=(replace(ALL, figures=()),)))
BY_AGE_ALONE = written(replace(MADE, tables=(replace(ALL, by=("age",), figures=()),)))
TWICE = '{"form": "polku-report/1", "tables": [], "threshold": 5, "threshold": 0}'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TWICE, "threshold is given more than once: say which is meant"),
        ('{"form": "polku-report/9"}', "its form is polku-report/9, not polku-report/1"),
        ("[" * 100_000, "it is no report that Polku wrote as JSON"),
        (WITHOUT_A_FIGURE, "it is no report that Polku wrote as JSON"),
        ("[]", "it is no report that Polku wrote as JSON"),
        ("{", "it is no report that Polku wrote as JSON"),
    ],
)
def test_what_is_no_report_is_refused_in_words(text, why):
    with pytest.raises(UnreadableReport) as found:
        read_report(text)
    assert str(found.value) == why


@pytest.mark.parametrize(
    ("name", "value"),
    [("value", False), ("counted", True), ("missing", False), ("suppressed", 0), ("having", True)],
)
def test_what_only_equals_a_figure_is_none(name, value):
    told = json.loads(written(MADE))
    told["tables"][0]["figures"][0][name] = value
    with pytest.raises(UnreadableReport):
        read_report(json.dumps(told))


def test_a_report_read_back_is_the_one_that_was_made():
    """Its days are days, and its notes can be said in any language."""
    assert len(MADE.notes) == 3
    read = read_report(written(MADE))
    assert read == MADE
    assert [(n.template, n.values) for n in read.notes if isinstance(n, Wording)] == [
        (n.template, n.values) for n in MADE.notes if isinstance(n, Wording)
    ]
    assert all(isinstance(note, Wording) for note in read.notes)
    assert written(read_report(BY_AGE_ALONE)) == BY_AGE_ALONE


@pytest.mark.parametrize("day", ["20250101", "2025-02-30", "soon", 3, None])
def test_what_is_no_day_stays_what_it_is(day):
    told = json.loads(written(MADE))
    told["series"][0]["rows"][0][0] = day
    assert read_report(json.dumps(told)).series[0].rows == ((day, "intake", 5),)
