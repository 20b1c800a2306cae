"""Reports that others keep: issued once, found again by their id, and restated."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from interfaces import bootstrap
from tests.interfaces.conftest import Clock, Polku
from tests.interfaces.reported import archived, begin, record, referred

OF_CITY = ("--organisation", "tampere", "--person", "eeva", "--json")
ASKED = ("--programme", "duunipolku", "--as-at", "2025-10-01", "--threshold", "0", "--json")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a database that has the clients, and their archive."""
    with archived(tmp_path_factory.mktemp("issued")) as folder:
        yield folder


@pytest.fixture
def folder(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to be used by commands."""
    shutil.copytree(written, tmp_path / "copy")
    monkeypatch.setenv("POLKU_DATABASE_URL", f"sqlite:///{tmp_path}/copy/polku.db")
    return tmp_path / "copy"


def kept(run: Polku, folder: Path) -> str:
    """Make a report, and return the file that others keep."""
    file = folder / "kept.json"
    file.write_text(run("report", *ASKED, "--indicator", "clients").out, encoding="utf-8")
    return str(file)


def one_more(journey: str = "n1") -> None:
    """Record a client of September in November."""
    clock = Clock()
    clock.put(date(2025, 11, 3))
    with bootstrap.open_office(clock=clock, inline=False) as office:
        record(office, clock, f"journey:{journey}", *referred(journey, date(2025, 9, 30)))


def history_of(run: Polku, id_: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = run("audit", "history", "report", id_, "--json").json["entries"]
    return entries


def test_a_report_is_issued_once_and_verified_by_its_id(run: Polku, folder: Path) -> None:
    file = kept(run, folder)
    first = run("report", "--issue", file, *OF_CITY)
    again = run("report", "--issue", file, *OF_CITY)
    id_ = first.json["report"]
    nothing = {"recorded": 0, "position": None}
    assert (first.code, first.json["recorded"], again.json) == (0, 1, first.json | nothing)

    one_more()
    found = run("report", "--verify", id_, "--json").json
    assert (found["stands"], found["report"], found["issued"]["person"]) == (True, id_, "eeva")
    by_file = run("report", "--verify", file, "--json").json
    assert (by_file["report"], by_file["issued"]) == (id_, found["issued"])
    assert f"It was issued as {id_}" in run("report", "--verify", file).out
    assert "agree, at position" in run("report", "--verify", id_).out

    (entry,) = history_of(run, id_)
    told = json.loads(Path(file).read_text("utf-8"))
    assert (entry["event"], entry["fields"]["basis"]["root"]) == ("report-issued", told["root"])
    assert entry["fields"]["basis"]["definition_digest"] == told["definition_digest"]


def test_a_report_by_a_file_of_indicators_stands_wherever_the_file_is_now(
    run: Polku, folder: Path
) -> None:
    """It is verified on another computer, or years later: the path of then is there no more."""
    then, now, file = folder / "then.yaml", folder / "now.yaml", folder / "kept.json"
    text = (
        "title: {en: Mine}\nindicators:\n"
        "  - {id: all, title: {en: All}, of: journeys, unit: journeys, measure: count}\n"
    )
    then.write_text(text, encoding="utf-8")
    own = ("--indicators", str(then), "--indicators", "esf-plus")
    file.write_text(run("report", "--programme", "duunipolku", *own, "--json").out, "utf-8")
    then.rename(now)
    here = ("--indicators", str(now))

    for asked in ("--verify", "--then"):
        refused = run("report", asked, str(file))
        assert (refused.code, refused.out) == (2, "")
        assert "then.yaml is there no more: say by --indicators where it is now" in refused.err
    assert run("report", "--verify", str(file), *here, "--json").json["stands"]
    id_ = run("report", "--issue", str(file), *here, *OF_CITY).json["report"]
    assert run("report", "--verify", id_, *here, "--json").json["stands"]
    assert run("report", "--then", id_, *here, "--json").json["changed"] == []
    twice = run("report", "--verify", str(file), *here, *here)
    assert (twice.code, "the report has 1 file of indicators" in twice.err) == (2, True)

    now.write_text(text.replace("measure: count", "measure: count, who: 'FALSE'"), encoding="utf-8")
    other = run("report", "--verify", str(file), *here)
    assert (other.code, "the digest of the indicators" in other.err) == (1, True)


def test_an_issued_report_is_restated_with_the_entries_that_make_the_difference(
    run: Polku, folder: Path
) -> None:
    file = kept(run, folder)
    id_ = run("report", "--issue", file, *OF_CITY).json["report"]
    one_more()
    because = ("--then", file, "--because", "a referral came late")
    first, again = (run("report", *because, *OF_CITY) for _ in range(2))
    assert first.json["recorded"]["recorded"] == 1
    assert again.json["recorded"]["recorded"] == 0

    _, restated = history_of(run, id_)
    causes = {c["position"] for one in first.json["changed"] for c in one["causes"]}
    said = restated["fields"]
    assert (said["report"], said["reason"]) == (id_, "a referral came late")
    assert (said["changed"], said["causes"]) == (len(first.json["changed"]), sorted(causes))
    assert "the report was restated" in restated["sentence"]
    found = run("report", "--verify", id_, "--json").json
    assert (found["stands"], found["issued"]["restated"]) == (True, 1)


def test_a_file_that_another_program_passed_on_is_issued_verified_and_restated_as_itself(
    run: Polku, folder: Path
) -> None:
    """It writes 54 for 54.0, and spaces as it likes."""
    made = run("report", *ASKED).out
    file, other = folder / "kept.json", folder / "passed-on.json"
    file.write_text(made, encoding="utf-8")
    text = json.dumps(json.loads(made), sort_keys=True)
    passed_on = re.sub(r"(\d)\.0(?=[],}\s])", r"\1", text)
    assert passed_on != text
    other.write_text(passed_on, encoding="utf-8")

    id_ = run("report", "--issue", str(other), *OF_CITY).json["report"]
    again = run("report", "--issue", str(file), *OF_CITY).json
    assert (again["report"], again["recorded"]) == (id_, 0)
    for one in (id_, str(file), str(other)):
        found = run("report", "--verify", one, "--json").json
        assert (found["stands"], found["report"]) == (True, id_)
        assert found["issued"]["person"] == "eeva"

    one_more()
    for one, recorded in ((str(other), 1), (id_, 0)):
        because = ("--then", one, "--because", "late", *OF_CITY)
        assert run("report", *because).json["recorded"]["recorded"] == recorded


def test_an_issued_report_is_asked_again_by_its_id(run: Polku, folder: Path) -> None:
    file = kept(run, folder)
    id_ = run("report", "--issue", file, *OF_CITY).json["report"]
    one_more()
    by_file, by_id = (run("report", "--then", one, "--json").json for one in (file, id_))
    assert by_id["changed"]
    assert by_id == by_file
    restated = run("report", "--then", id_, "--because", "a referral came late", *OF_CITY)
    assert restated.json["recorded"]["report"] == id_
    assert [one["event"] for one in history_of(run, id_)] == ["report-issued", "report-restated"]


def test_the_day_is_that_where_the_programme_is_run(
    run: Polku, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is past midnight in Helsinki, and not yet in UTC."""
    file = kept(run, folder)
    one_more()
    after_midnight = datetime(2025, 11, 30, 22, 30, tzinfo=UTC)
    monkeypatch.setattr("infrastructure.clock.utc_now", lambda: after_midnight)
    id_ = run("report", "--issue", file, *OF_CITY).json["report"]
    run("report", "--then", file, "--because", "a referral came late", *OF_CITY)

    days = [entry["occurred_on"] for entry in history_of(run, id_)]
    assert days == ["2025-12-01", "2025-12-01"]


def test_what_is_not_what_the_log_says_is_not_issued(run: Polku, folder: Path) -> None:
    file = Path(kept(run, folder))
    told = json.loads(file.read_text("utf-8"))
    told["tables"][0]["figures"][0]["value"] = 4
    file.write_text(json.dumps(told), encoding="utf-8")
    refused = run("report", "--issue", str(file), *OF_CITY)
    assert refused.code != 0
    assert "1 of its figures differ" in refused.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--verify", "0" * 32), "no report"),
        (("--verify", "a b"), "no report"),
        (
            ("--then", "0" * 32),
            "--then: 00000000000000000000000000000000 is no file, and no report",
        ),
        (("--issue", "kept.json", "--json"), "--organisation"),
        (("--because", "late", "--programme", "duunipolku"), "--then"),
        (("--then", "kept.json", "--because", "late", *OF_CITY), "issue it first"),
        (("--then", "kept.json", "--because", "late", "--json"), "--organisation"),
        (("--verify", "kept.json", "--as-at", "2025-01-01"), "--as-at: is of a new report"),
        (("--then", "kept.json", "--format", "csv"), "--format: is of a new report"),
        (("--issue", "kept.json", "--charts", "here", *OF_CITY), "--charts: is of a new report"),
        (("--programme", "duunipolku", "--organisation", "tampere"), "--organisation: is of"),
        (("--verify", "kept.json", "--person", "eeva"), "--person: is of"),
        (("--then", "kept.json", "--organisation", "tampere"), "--organisation: is of"),
        (("--check", "kept.json", "--programme", "duunipolku"), "--programme: --check tells"),
    ],
)
def test_what_cannot_be_done_is_said(
    run: Polku,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    kept(run, folder)
    monkeypatch.chdir(folder)
    found = run("report", *arguments)
    assert found.code != 0
    assert said in found.err
    assert not found.out


def test_on_both_databases(polku: Polku, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLKU_ARCHIVE", str(tmp_path / "archive"))
    clock = Clock()
    with bootstrap.open_office(clock=clock, inline=False) as office:
        begin(office, clock)
    file = kept(polku, tmp_path)
    id_ = polku("report", "--issue", file, *OF_CITY).json["report"]
    one_more()
    polku("report", "--then", file, "--because", "late", *OF_CITY)
    assert polku("report", "--verify", id_, "--json").json["stands"]
    assert [one["event"] for one in history_of(polku, id_)] == ["report-issued", "report-restated"]
