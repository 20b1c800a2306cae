"""`polku what-if`: the worked example of the README, and what is wrong said plainly."""

import hashlib
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from application import clients
from application.journeys import assess_eligibility
from domain.client import Particulars
from interfaces import bootstrap
from tests.etela_savo import refer_to_mikkeli
from tests.interfaces.conftest import Clock
from tests.interfaces.conftest import asked as by

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
WHAT_IF = README.partition("## What if\n")[2].partition("\n## ")[0]
EDITS = re.findall(r"^sed .* now\.yaml > \S+$", WHAT_IF, re.MULTILINE)


@pytest.fixture
def files(tmp_path, monkeypatch) -> Path:
    """The files of the README's worked example, made by its own lines."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "now.yaml").write_text(bootstrap.shipped_definitions()["etela-savo"], "utf-8")
    for line in EDITS:
        subprocess.run(["sh", "-c", line], check=True)
    return tmp_path


@pytest.fixture
def refused(told):
    """The journey j-1, and j-2 of Maija Mallikas, who had been without work for three months."""
    clock, day = Clock(), date(2025, 3, 10)
    clock.put(day)
    with bootstrap.open_office(clock=clock) as office:
        maija = Particulars("Maija", "Mallikas", date(1990, 5, 1), municipality="mikkeli")
        clients.register(office.clients, "c-2", by(day), maija)
        refer_to_mikkeli(office, "j-2", by(day), "c-2")
        stated = {"months_unemployed": 3, "days_unemployed_of_last_16_months": 100}
        facts = {**stated, "finished_vocational_school": False}
        assess_eligibility(office, "j-2", by(day), facts)
    return told


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


def test_the_first_day_from_the_start_lets_a_client_in(refused, files):
    found = asked(refused, files / "first-day.yaml")
    (case,) = found["cases"]
    assert (case["journey"], case["client"], case["name"]) == ("j-2", "c-2", None)
    assert (case["change"], case["eligible"], case["would_be_eligible"]) == ("in", False, True)
    assert case["replayed_possible"] == {"day": "2024-12-10", "exact": False}
    assert case["sentences"] == ["would have been let in, from 2024-12-10 on at the latest"]
    assert found["in_all"]["changes"]["in"] == 1
    counts = {one["code"]: one["count"] for one in found["unknown"]}
    assert (counts["never-referred"], counts["behaviour"]) == (None, 1)


def test_what_is_not_counted_is_not_told_as_none(refused, files):
    """Under --eligibility no first day, phase or deadline is looked at: there may be such."""
    first_day = str(files / "first-day.yaml")
    (quick,) = asked(refused, first_day, "--eligibility")["by_organisation"]
    (full,) = asked(refused, first_day)["by_organisation"]

    assert [one for one, n in quick.items() if n is None] == [
        *("days_sooner", "days_later", "phases_stopped", "phases_untold"),
        *("deadlines_missed", "deadlines_kept"),
    ]
    assert [one for one, n in quick["changes"].items() if n is None] == ["sooner", "later"]
    assert quick["changes"]["in"] == full["changes"]["in"] == 1
    assert None not in (*full.values(), *full["changes"].values())

    command = ("what-if", "--programme", "etela-savo", "--with", first_day)
    for column in ("Sooner", "Later", "Phases", "Deadlines", "Kept"):
        assert column in refused(*command).out
        assert column not in refused(*command, "--eligibility").out


def test_a_phase_of_which_nothing_tells_is_named_among_what_is_not_known(told, files):
    """Nobody was asked for the level of education when training began."""
    now = (files / "now.yaml").read_text("utf-8")
    first = "      - id: interviewed\n"
    schooled = (
        "      - id: schooled\n        title: {en: Schooling, fi: Koulutus}\n"
        "        rule: education_isced <= 4\n        basis: A thought\n"
    )
    before, _, training = now.partition("  - phase: training\n")
    other = files / "schooled.yaml"
    text = before + "  - phase: training\n" + training.replace(first, schooled + first, 1)
    other.write_text(text, "utf-8")

    found = asked(told, other)
    assert found["in_all"]["phases_untold"] == 1
    assert {one["code"]: one["count"] for one in found["unknown"]}["phases"] == 1
    (case,) = found["cases"]
    assert [(one["phase"], one["possible"]) for one in case["phases"]] == [("training", None)]
    why = "training on 2025-02-11: cannot be told: nobody asked then for education"
    assert case["sentences"] == [why]
    drawn = told("what-if", "--programme", "etela-savo", "--with", str(other)).out
    assert "- 1 entry into a phase cannot be told" in drawn


def test_an_archive_that_cannot_answer_is_told_in_a_plain_sentence(
    refused, files, tmp_path, monkeypatch
):
    """Its file has the digest that the archive says, and is none of Parquet all the same."""
    monkeypatch.setenv("POLKU_ARCHIVE", str(tmp_path / "archive"))
    asked(refused, files / "first-day.yaml", "--eligibility")
    (manifest,) = (tmp_path / "archive").glob("*/manifest.json")
    verdicts = manifest.with_name("eligibility_assessed.parquet")
    was = hashlib.sha256(verdicts.read_bytes()).hexdigest()
    verdicts.write_bytes(b"no parquet")
    now = hashlib.sha256(b"no parquet").hexdigest()
    manifest.write_text(manifest.read_text("utf-8").replace(was, now), "utf-8")

    command = ("--programme", "etela-savo", "--with", str(files / "first-day.yaml"))
    said = refused("what-if", *command, "--eligibility")
    assert said.code == 2
    assert "eligibility_assessed.parquet" in said.err
    assert "unexpectedly" not in said.err


def test_a_person_reads_it_and_sees_names_only_where_they_are_asked_for(refused, files):
    command = ("what-if", "--programme", "etela-savo", "--with", str(files / "first-day.yaml"))
    shown = refused(*command)
    assert shown.code == 0
    assert "What this cannot know:" in shown.out
    assert "- who was never referred" in shown.out
    assert ("c-2" in shown.out, "Mallikas" in shown.out) == (True, False)
    named = refused(*command, "--names")
    assert "Maija Mallikas" in named.out


def test_moments_narrow_what_is_played(told, files):
    early = asked(told, files / "now.yaml", "--as-at", "2025-01-09")
    assert early["in_all"]["journeys"] == 0
    then = asked(told, files / "now.yaml", "--known-at", "2025-01-12", "--from", "2025-01-01")
    assert (then["in_all"]["journeys"], then["in_all"]["judged"]) == (1, 0)
    assert then["known_at"] == "2025-01-12T21:59:59.999999+00:00"
    assert then["since"] == "2025-01-01"


def test_deadlines_are_looked_at_on_the_day_of_which_it_is_known(told, files):
    """The first interview was due on 27 January, and would have been on the 17th."""
    text = (files / "now.yaml").read_text("utf-8")
    (files / "quick.yaml").write_text(text.replace("span: 10 working-days", "span: 4 working-days"))
    then = asked(told, files / "quick.yaml", "--known-at", "2025-01-20")
    assert then["in_all"]["deadlines_missed"] == 1
    (deadline,) = then["cases"][0]["deadlines"]
    assert (deadline["recorded"], deadline["due"]) == ("open", "2025-01-27")
    assert asked(told, files / "quick.yaml", "--known-at", "2025-01-17")["cases"] == []


@pytest.mark.parametrize("as_at", ["2025-01-20", "2025-01-31", "2025-06-30", "2030-01-01"])
def test_no_deadline_is_looked_at_on_a_day_of_which_nothing_was_known_yet(told, files, as_at):
    """What was not told yet was not missed: the interview may have been held the day after."""
    text = (files / "now.yaml").read_text("utf-8").replace("10 working-days", "3 working-days")
    (files / "quick.yaml").write_text(text, "utf-8")
    known = ("--known-at", "2025-01-20")
    same = asked(told, files / "quick.yaml", *known)["cases"]
    (one,) = same[0]["deadlines"]
    assert (one["recorded"], one["missed"]) == ("open", True)
    assert asked(told, files / "quick.yaml", *known, "--as-at", as_at)["cases"] == same


def test_a_faulty_file_is_told_with_file_line_and_field(told, files):
    bad = files / "bad.yaml"
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


FINNISH = ("--language", "fi")


def test_the_answer_speaks_finnish_under_the_same_keys_and_codes(refused, files):
    first_day = files / "first-day.yaml"
    english, finnish = asked(refused, first_day), asked(refused, first_day, *FINNISH)
    assert finnish != english
    (case,) = finnish["cases"]
    assert case["sentences"] == ["olisi päässyt ohjelmaan viimeistään 10.12.2024 alkaen"]
    said = {one["code"]: (one["count"], one["said"]) for one in finnish["unknown"]}
    assert said["facts-nobody-asked-for"] == (
        0,
        "ratkaisua, joita ei voida todeta: ratkaisevaa tietoa ei silloin kysytty",
    )
    assert said["never-referred"][1].startswith("mukana eivät ole ne, joita ei koskaan ohjattu")

    for told in (english, finnish):
        for one in (*told["unknown"], *told["cases"]):
            one.pop("said", None)
            one.pop("sentences", None)
    assert finnish == english


def test_reasons_have_the_titles_of_the_place(refused, files):
    """Where the first service line refers nobody, j-1 would not have been let in."""
    now = (files / "now.yaml").read_text("utf-8")
    lines = 'service_line in ["line-1", "line-2"]'
    assert lines in now
    (files / "second.yaml").write_text(now.replace(lines, "service_line == 'line-2'"), "utf-8")
    told = {}
    for language in ("en", "fi"):
        found = asked(refused, files / "second.yaml", "--language", language)
        told[language] = next(x["sentences"][0] for x in found["cases"] if x["change"] == "out")
    assert told["en"].startswith("would not have been let in: ")
    assert told["fi"].startswith("ei olisi päässyt ohjelmaan: ")
    assert "ei täyty" in told["fi"]
    title = told["en"].removeprefix("would not have been let in: ").partition(":")[0]
    assert title not in told["fi"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ("Organisaatio", " Mikkelin kaupunki ", "Pääsisi", "Mitä tämä ei voi tietää:")),
        ("it", ("Ente", "Sarebbero", "Ciò che non si può sapere:", "tutti", "dal primo")),
    ],
)
def test_a_person_reads_it_in_the_language_and_twice_the_same(refused, files, language, words):
    command = ("what-if", "--programme", "etela-savo", "--with", str(files / "first-day.yaml"))
    said = [refused(*command, "--language", language).out for _ in range(2)]
    assert said[0] == said[1]
    for word in words:
        assert word in said[0]
    for english in ("Organisation ", "Would be", "What this", "would have", "position"):
        assert english not in said[0]
    wrong = refused("what-if", "--programme", "askel", *command[3:], "--language", language)
    assert (wrong.code, "first-day.yaml" in wrong.err, " defines " in wrong.err) == (2, True, False)
