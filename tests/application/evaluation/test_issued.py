"""What is recorded of a report that is issued, and under which id."""

from dataclasses import replace

from application.evaluation.issued import event_of, figures_digest, id_of
from application.evaluation.kept_report import read_report, written
from application.evaluation.report import Figure
from application.sentences.reports import report_said
from domain.issued_report import ReportRestated
from tests.interfaces.report_world import COUNT, WHOLE, report

ASKED = {
    "indicators": ["under-30"],
    "by": ["organisation*gender"],
    "sets": ["programme"],
    "settings": {"long_term_months": 6},
}
GIVEN = report(asked=ASKED)


def test_the_id_follows_from_all_that_a_report_says_however_its_file_is_written():
    assert id_of(read_report(written(GIVEN))) == id_of(GIVEN)
    others = [replace(GIVEN, **{name: 9}) for name in ("position", "threshold")]
    other_figure = replace(WHOLE, figures=(Figure((), 0.5, 93, 3),))
    others.append(replace(GIVEN, tables=(other_figure, COUNT)))
    assert len({id_of(GIVEN), *map(id_of, others)}) == 4
    assert len(id_of(GIVEN)) == 32


def test_the_question_is_kept_with_what_the_figures_stand_on():
    event = event_of(GIVEN)
    assert (event.sets, event.indicators, event.by) == (
        ("programme",),
        ("under-30",),
        ("organisation*gender",),
    )
    assert [(one.name, one.value) for one in event.settings] == [("long_term_months", 6.0)]
    assert (event.basis.at_position, event.basis.root) == (GIVEN.position, GIVEN.root)
    assert event.figures == sum(len(table.figures) for table in GIVEN.tables)


def test_the_digest_is_of_the_figures_alone():
    moved = replace(GIVEN, position=1, root="", polku_version="9", notes=())
    assert figures_digest(moved) == figures_digest(GIVEN)
    assert figures_digest(replace(GIVEN, series=())) != figures_digest(GIVEN)


def test_an_audit_reads_what_became_of_a_report():
    event = event_of(GIVEN)
    assert str(report_said(event)) == (
        "a report of duunipolku as at 2025-06-30 was issued, with 7 figures at position 57123 of "
        "the log"
    )
    restated = ReportRestated("r-1", "a late entry", event.basis, "aa", 2, (8, 9, 10))
    assert "2 of its figures differ, by 3 entries (a late entry)" in str(report_said(restated))
