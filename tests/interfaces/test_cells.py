"""Cells of CSV: no spreadsheet takes a text for a formula."""

from typing import Any

import pytest

from application.evaluation.report import Figure, Table
from interfaces.exports.cells import cell
from interfaces.report_files import as_csv
from tests.interfaces.report_world import report, title


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("-2.5", "-2.5"),
        (-2.5, -2.5),
        ("oulu", "oulu"),
        (None, None),
    ],
)
def test_a_text_that_looks_like_a_formula_is_marked(value: Any, shown: Any) -> None:
    assert cell(value) == shown


def test_a_reports_titles_and_groups_are_no_formulas() -> None:
    figure = Figure(("+oulu",), 7, 7)
    name = title("=cmd|'/C calc'!A0")
    table = Table("x", name, "clients", "count", ("referred_to",), (figure,))

    line = "x,'=cmd|'/C calc'!A0,count,clients,referred_to,'+oulu,7,7"
    assert line in as_csv(report(tables=(table,)))
