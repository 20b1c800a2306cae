"""Cells of CSV: no spreadsheet takes a text for a formula."""

import csv
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from application.evaluation.report import Figure, Table
from application.importing.report import Finding
from interfaces.cli.import_report import as_csv as findings_as_csv
from interfaces.exports.cells import cell, line, unix_line
from interfaces.report_files import as_csv
from tests.interfaces.report_world import report, title


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("a;=1+1", "a;'=1+1"),
        ("a;\t@b; =c;d-e", "a;\t'@b; =c;d-e"),
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

    row = "x,'=cmd|'/C calc'!A0,count,clients,referred_to,'+oulu,7,7"
    assert row in as_csv(report(tables=(table,)))


NASTY = (
    "a\r=1+1",
    "a\n=1+1",
    "a\r\n=1+1",
    'a",=1+1',
    "a,=1+1",
    "a;b",
    "z\0z",
    "\u202ecba",
    "\u2028",
)


@pytest.mark.parametrize("write", [line, unix_line])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("between", [";", "\t", "\r", "\n", "\r\n", ",", '";', ";;"])
@pytest.mark.parametrize("sign", [*"=+-@", "\uff1d", "\uff20"])
def test_no_cell_is_a_formula_in_a_language_that_has_another_separator(
    write: Callable[..., str], separator: str, between: str, sign: str
) -> None:
    """A spreadsheet in Finnish or Italian parts a line at semicolons: quotes there are text."""
    written = write(("j-1", f"a{between}{sign}1+1{between}b", "c"))
    rows = csv.reader(io.StringIO(written, newline=""), delimiter=separator)
    assert not [one for row in rows for one in row if one.startswith(sign)]


@pytest.mark.parametrize("write", [line, unix_line])
def test_a_text_stays_one_cell_whatever_is_in_it(write: Callable[..., str]) -> None:
    written = write(NASTY) + write(("next", 1, None))
    told = [cell(one) for one in NASTY]
    assert list(csv.reader(io.StringIO(written, newline=""))) == [told, ["next", "1", ""]]
    (apart,) = csv.reader(io.StringIO(write(NASTY), newline=""))
    assert not any(one.startswith("=") for one in apart)


@pytest.mark.parametrize("text", NASTY)
def test_a_group_of_a_report_stays_one_cell(text: str) -> None:
    table = Table("x", title("t"), "clients", "count", ("by",), (Figure((text,), 7, 7),))
    (read,) = csv.DictReader(io.StringIO(as_csv(report(tables=(table,))), newline=""))
    assert (read["group"], read["value"]) == (cell(text), "7")


def test_a_finding_of_an_import_stays_one_cell() -> None:
    found = Finding("refused", "code", "file", 1, "column", "value", "not a day:\r=1+1")
    made = SimpleNamespace(findings=[found])
    (read,) = csv.DictReader(io.StringIO(findings_as_csv(made), newline=""))
    assert read["message"] == "not a day:\r'=1+1"
