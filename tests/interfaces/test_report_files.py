"""A report as a table for other programs, and as a spreadsheet: what it stands on goes with it."""

import csv
import io
from datetime import date

import openpyxl

from interfaces.report_files import as_csv, as_xlsx
from tests.interfaces.report_world import report

STANDS_ON = {
    "programme": "duunipolku",
    "as_at": "2025-06-30",
    "known_at": "2025-07-14T21:00:00+00:00",
    "position": "57123",
    "ledger_root": "ab" * 32,
    "definition_version": "2",
    "definition_digest": "cd" * 32,
    "indicators_digest": "ef" * 32,
    "polku": "0.1.0",
    "groups_not_shown_below": "5",
    "setting_long_term_months": "9",
}


def test_every_line_of_a_table_says_what_its_figure_stands_on() -> None:
    made = report(settings={"long_term_months": 9})
    lines = list(csv.DictReader(io.StringIO(as_csv(made))))
    assert len(lines) == sum(len(table.figures) for table in made.tables)
    for line in lines:
        assert STANDS_ON.items() <= line.items()


def test_what_is_to_be_known_of_a_figure_goes_where_it_goes() -> None:
    """Of a breakdown that is withheld whole there is no line: the notes say so."""
    made = report(notes=("It is not told by gender.", "It leans on claims."))
    lines = list(csv.DictReader(io.StringIO(as_csv(made))))
    notes = [table.note for table in made.tables for _ in table.figures]
    assert any(notes)
    assert [line["note"] for line in lines] == notes
    assert {line["notes"] for line in lines} == {"It is not told by gender. It leans on claims."}
    head, *rows = openpyxl.load_workbook(io.BytesIO(as_xlsx(made)))["figures"].values
    assert [row[head.index("note")] or "" for row in rows] == notes


def test_a_spreadsheet_says_it_on_a_sheet_of_its_own() -> None:
    made = as_xlsx(report(settings={"long_term_months": 9}))
    sheet = openpyxl.load_workbook(io.BytesIO(made))["stands on"]
    told = {name.replace(" ", "_").lower(): value for name, value in sheet.values}
    day = told.pop("as_at")
    assert {**STANDS_ON, "as_at": day}.items() <= {**_texts(told), "as_at": day}.items()


def test_a_spreadsheet_has_the_day_as_a_day_that_it_can_reckon_with() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(report())))["stands on"]
    cell = next(row[1] for row in sheet if row[0].value == "as at")
    assert (cell.is_date, cell.value.date()) == (True, date(2025, 6, 30))
    recorded = openpyxl.load_workbook(io.BytesIO(as_xlsx(report(as_at=None))))["stands on"]
    assert dict(recorded.values)["as at"] == "as recorded"
    lines = csv.DictReader(io.StringIO(as_csv(report(as_at=None))))
    assert {line["as_at"] for line in lines} == {"as recorded"}


def _texts(values: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
