"""What is recorded of a report that is issued, and under which id."""

import json
import re
from dataclasses import replace
from datetime import date
from hashlib import sha256

from application.acts import do
from application.evaluation.issued import event_of, figures_digest, id_in, id_of, issued_reports
from application.evaluation.kept_report import read_report, written
from application.evaluation.report import Figure, Report
from application.ports import EventLog
from application.sentences.reports import report_said
from application.transact import Asked
from domain import issued_report as decisions
from domain.entry import By
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


def passed_on(given: Report) -> Report:
    """Return the report of a file that another program wrote again: 1 for 1.0, names in order."""
    text = json.dumps(json.loads(written(given)), sort_keys=True, indent=2)
    found = read_report(re.sub(r"(\d)\.0(?=[],}\s])", r"\1", text))
    assert written(found) != written(given)
    return found


def test_a_file_that_another_program_passed_on_is_the_same_report():
    whole = replace(WHOLE, figures=(Figure((), 870.0, 93, 3),))
    given = replace(GIVEN, tables=(whole, COUNT), settings={"under": 25.0, "months": 12.0})
    assert id_of(passed_on(given)) == id_of(given)


def test_what_was_issued_under_the_digest_of_its_bytes_is_found_under_it(
    memory_log: EventLog,
):
    reports = issued_reports(memory_log)
    assert id_in(reports, GIVEN) == id_of(GIVEN)
    first = sha256(written(GIVEN).encode()).hexdigest()[:32]
    asked = Asked(By("eeva", "tampere"), date(2025, 11, 3))
    do(reports, f"report:{first}", asked, decisions.issue, report=event_of(GIVEN))
    assert id_in(reports, GIVEN) == first != id_of(GIVEN)


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
