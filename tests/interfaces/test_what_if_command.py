"""`polku what-if`: the worked example of the README, and what is wrong said plainly."""

import re
import subprocess
from pathlib import Path

import pytest

from interfaces import bootstrap

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
WHAT_IF = README.partition("## What if\n")[2].partition("\n## ")[0]
EDITS = re.findall(r"^sed .* now\.yaml > \S+$", WHAT_IF, re.MULTILINE)


@pytest.fixture
def files(tmp_path, monkeypatch) -> Path:
    """The files of the README's worked example, made by its own lines."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "now.yaml").write_text(bootstrap.shipped_definitions()["etela-savo"], "utf-8")
    for line in EDITS:
        subprocess.run(["sh", "-c", line], check=True)  # noqa: S603, S607 - our own README
    return tmp_path


def asked(told, file, *more):
    said = told("what-if", "--programme", "etela-savo", "--with", str(file), *more, "--json")
    assert said.code == 0, said.err
    return said.json


def test_the_files_of_the_readme_are_good_and_differ(files, run):
    names = ("now.yaml", "first-day.yaml", "joined.yaml")
    assert len({(files / name).read_text("utf-8") for name in names}) == 3
    assert run("programmes", "check", *names).code == 0


def test_under_the_definition_in_force_nothing_would_have_been_otherwise(told, files):
    found = asked(told, files / "now.yaml")
    assert (found["cases"], found["since"], found["programme"]) == ([], None, "etela-savo")
    total = found["in_all"]
    assert (total["journeys"], total["judged"], total["eligible"], total["would_be"]) == (
        1,
        1,
        1,
        1,
    )
    assert total["changes"]["same"] == 1
    assert [one["organisation"] for one in found["by_organisation"]] == ["mikkeli"]


def test_the_first_day_from_the_start_lets_a_client_in_sooner(told, files):
    found = asked(told, files / "first-day.yaml")
    (case,) = found["cases"]
    assert (case["journey"], case["client"], case["name"]) == ("j-1", "c-1", None)
    assert (case["change"], case["days_sooner"]) == ("sooner", 0) or case["days_sooner"] > 0
    assert case["verdicts"][0]["replayed"]["eligible"] is True
    assert {one["code"] for one in found["unknown"]} >= {"never-referred", "behaviour"}


def test_a_person_reads_it_and_sees_names_only_where_they_are_asked_for(told, files):
    shown = told("what-if", "--programme", "etela-savo", "--with", str(files / "first-day.yaml"))
    assert shown.code == 0
    assert "What this cannot know:" in shown.out
    assert "who was never referred" in shown.out
    named = asked(told, files / "first-day.yaml", "--names")
    assert [case["name"] for case in named["cases"]] == [""]


def test_moments_narrow_what_is_played(told, files):
    early = asked(told, files / "now.yaml", "--as-at", "2025-01-09")
    assert early["in_all"]["journeys"] == 0
    then = asked(told, files / "now.yaml", "--known-at", "2025-01-12", "--from", "2025-01-01")
    assert (then["in_all"]["journeys"], then["in_all"]["judged"]) == (1, 0)
    assert then["known_at"] == "2025-01-12T21:59:59.999999+00:00"
    assert then["since"] == "2025-01-01"


def test_a_faulty_file_is_told_with_file_line_and_field(told, files):
    bad = files / "bad.yaml"
    bad.write_text((files / "now.yaml").read_text("utf-8").replace("months >= 12", "months > x"))
    text = (files / "now.yaml").read_text("utf-8")
    bad.write_text(text.replace("months_unemployed >= 12", "months_without >= 12"), "utf-8")
    said = told("what-if", "--programme", "etela-savo", "--with", str(bad))
    assert said.code == 1
    assert re.search(r"bad\.yaml:\d+: eligibility\[0\]\.versions\[0\]\.rule", said.err)
    assert "months_without" in said.err


@pytest.mark.parametrize(
    ("programme", "file", "code", "why"),
    [
        ("askel", "now.yaml", 2, "now.yaml defines etela-savo, not askel"),
        ("etela-savo", "nowhere.yaml", 1, "the file cannot be read"),
    ],
)
def test_what_cannot_be_used_is_said(told, files, programme, file, code, why):
    said = told("what-if", "--programme", programme, "--with", file)
    assert (said.code, why in said.err) == (code, True), said.err


def test_a_programme_that_was_never_published_is_named(told, files):
    (files / "ali.yaml").write_text(bootstrap.shipped_definitions()["ali"], "utf-8")
    said = told("what-if", "--programme", "ali", "--with", "ali.yaml")
    assert (said.code, "ali was never published here" in said.err) == (2, True)
