"""`polku report`: figures at a moment, the same again, what is behind them, and why they change."""

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from application import programmes
from application.evaluation import issuing, since
from application.evaluation.opening import Place
from application.evaluation.preparing import Question, prepare
from application.transact import Asked
from domain.client import ClientRegistered
from domain.entry import By
from domain.facts import EmploymentStatus as Status
from domain.journey import events as e
from domain.organisation.events import EmployerNeedPublished, NeedKind
from domain.programme.events import OrganisationJoined, TargetSet
from domain.same_person import ClientsMerged, ClientsSplit
from infrastructure.archive_asked import AskedArchive
from interfaces import bootstrap
from interfaces.cli import main
from interfaces.cli.report_asked import place_of
from interfaces.cli.terminal import BadInput
from tests.interfaces.conftest import Clock, Polku, Said
from tests.interfaces.reported import WHY, archived, begin, closed, interview, record, referred

DAY = ("--as-at", "2025-10-01")
ASKED = ("report", "--programme", "duunipolku", *DAY, "--threshold", "0")

NOT_FOR_A_REPORT = {
    *("alembic", "altair", "babel", "fastapi", "holidays", "jinja2", "pandas", "psycopg"),
    *("pyarrow", "sqlalchemy.dialects.postgresql", "structlog", "xlsxwriter"),
    *("application.evaluation.series", "application.evaluation.verifying", "application.views"),
    "infrastructure.view_tables",
}
"""What other commands need, other forms, another database, or somebody who makes a mistake."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a database that has the clients, and their archive."""
    with archived(tmp_path_factory.mktemp("reported")) as folder:
        yield folder


@pytest.fixture(scope="module")
def usual(written: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of them as JSON, with all figures: nobody computes it anew who alters it alone."""
    copy = tmp_path_factory.mktemp("usual") / "copy"
    shutil.copytree(written, copy)
    file = copy / "report.json"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("POLKU_DATABASE_URL", f"sqlite:///{copy}/polku.db")
        assert main([*ASKED, "--format", "json", "--out", str(file)]) == 0
    return file.read_text("utf-8")


@pytest.fixture
def folder(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to be used by commands."""
    shutil.copytree(written, tmp_path / "copy")
    monkeypatch.setenv("POLKU_DATABASE_URL", f"sqlite:///{tmp_path}/copy/polku.db")
    return tmp_path / "copy"


def report(run: Polku, *arguments: str) -> Said:
    return run(*ASKED, *arguments)


def figures(told: Any, indicator: str, by: str = "") -> dict[Any, tuple[Any, Any]]:
    """Value and missing, by group."""
    (table,) = (
        t for t in told["tables"] if t["indicator"] == indicator and "*".join(t["by"]) == by
    )
    return {
        (*figure["key"],) if figure["key"] else "all": (figure["value"], figure["missing"])
        for figure in table["figures"]
    }


def later(*told: tuple[str, tuple[tuple[date, Any], ...]]) -> None:
    """Record more, in November."""
    clock = Clock()
    clock.put(date(2025, 11, 3))
    with bootstrap.open_office(clock=clock, inline=False) as office:
        for stream, events in told:
            record(office, clock, stream, *events)


def test_a_report_at_a_terminal_waits_for_no_more_than_it_needs(folder: Path) -> None:
    asked = (
        "from interfaces.cli import main; import gc, sys; main()\n"
        "print(gc.get_freeze_count() > 0, *sys.modules)"
    )
    command = [sys.executable, "-c", asked, "report", "--programme", "duunipolku", *DAY]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures, loaded = done.stdout.rstrip().rsplit("\n", 1)
    assert "Clients whose referral was accepted" in figures
    assert {"duckdb", "sqlalchemy"} <= {*loaded.split()}
    assert not NOT_FOR_A_REPORT & {*loaded.split()}
    assert loaded.startswith("True ")  # and looks for no garbage in it when it ends


def test_what_charts_show_is_left_out_where_nobody_sees_it(folder: Path) -> None:
    with bootstrap.open_office(inline=False) as office:
        desk = bootstrap.report_desk(office, bootstrap.open_archive(office), {})
        prepared = prepare(desk, Question("duunipolku", date(2025, 10, 1), threshold=0))
        with_charts = issuing.report(desk, prepared)
        without = issuing.report(desk, prepared, charts=False)
    assert with_charts.series
    assert without == replace(with_charts, series=())


@pytest.mark.parametrize("charts", [False, True])
def test_the_table_of_journeys_is_made_once_for_a_report(
    folder: Path, charts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    run = AskedArchive._run

    def spied(asked: AskedArchive, sql: str) -> Any:
        made.append(sql)
        return run(asked, sql)

    monkeypatch.setattr(AskedArchive, "_run", spied)
    with bootstrap.open_office(inline=False) as office:
        desk = bootstrap.report_desk(office, bootstrap.open_archive(office), {})
        prepared = prepare(desk, Question("duunipolku", date(2025, 10, 1)))
        issuing.report(desk, prepared, charts=charts)
    assert sum("TABLE journeys AS" in sql for sql in made) == 1


def test_the_programmes_own_indicators_with_their_targets(run: Polku, folder: Path) -> None:
    told = report(run, "--json").json

    assert figures(told, "clients") == {"all": (3, 0)}
    assert figures(told, "clients", "referred_to") == {("tampere",): (2, 0), ("turku",): (2, 0)}
    assert figures(told, "under-30")["all"] == (pytest.approx(2 / 3), 0)
    assert figures(told, "young")["all"] == (0.5, 1)
    assert figures(told, "follow-up-path")["all"] == (pytest.approx(1 / 3), 0)
    clients, *_ = told["tables"]
    assert clients["figures"][0]["target"] == 870
    by_place = next(t for t in told["tables"] if t["by"] == ["referred_to"])
    assert [(f["key"], f["target"]) for f in by_place["figures"]] == [
        (["tampere"], 150),
        (["turku"], 120),
    ]


def test_one_person_with_two_ids_counts_once_and_twice_after_a_split(
    run: Polku, folder: Path, usual: str
) -> None:
    alone = ("--indicator", "clients", "--json")
    before = figures(json.loads(usual), "clients")["all"]
    merged = ClientsMerged("again", survives=False, ground="gdpr-5-1-d", reason=WHY)
    later(("client:there", ((date(2025, 9, 1), merged),)))
    assert (before, figures(report(run, *alone).json, "clients")["all"]) == ((3, 0), (2, 0))
    split = ClientsSplit("again", ground="gdpr-5-1-d", reason=WHY)
    later(("client:there", ((date(2025, 9, 2), split),)))
    assert figures(report(run, *alone).json, "clients")["all"] == before


def test_the_common_indicators_of_the_esf(run: Polku, folder: Path) -> None:
    """One person counts once; the first start stands, and the exit moves."""
    told = report(run, "--json", "--indicators", "esf-plus").json

    found = {id_: figures(told, id_)["all"] for id_ in (t["indicator"] for t in told["tables"])}
    assert found["eeco01"] == (3, 0)
    assert figures(told, "eeco01", "gender") == {
        ("female",): (1, 0),
        ("male",): (1, 0),
        (None,): (1, 0),
    }
    assert found["eeco02"] == (1, 1)  # as at the first start; one was never asked
    assert found["eeco03"] == (1, 1)  # 23 years old, unemployed for more than six months
    assert found["eeco04"] == (1, 1)
    assert found["eeco05"] == (0, 1)  # employed at the second start only
    assert (found["eeco07"], found["eeco08"]) == ((2, 0), (0, 0))
    assert (found["eeco09"], found["eeco10"], found["eeco11"]) == ((1, 1), (1, 1), (0, 1))
    assert found["eeco12"] == (0, 3)  # no dictionary of disadvantage: nobody was asked
    assert found["eecr01"] == (0, 0)
    assert found["eecr02"] == (1, 0)  # left for education: the exit of the second journey
    assert found["eecr03"] == (1, 0)
    assert found["eecr04"] == (1, 0)  # in work within 28 days of leaving, inactive at the start
    assert found["eecr05"] == (1, 0)  # six months after 1 March; 1 November is still ahead
    assert found["eecr06"] == (0, 0)


def test_what_was_known_by_then_is_asked_by_either_clock(run: Polku, folder: Path) -> None:
    then = report(run, "--json", "--known-at", "2025-03-10").json
    early = run(
        "report", "--programme", "duunipolku", "--as-at", "2025-03-10", "--threshold", "0", "--json"
    ).json

    assert figures(then, "clients") == figures(early, "clients") == {"all": (2, 0)}
    assert then["known_at"] == "2025-03-10T21:59:59.999999+00:00"


def test_what_lacks_a_column_is_told_without_that_breakdown(run: Polku, folder: Path) -> None:
    told = report(run, "--by", "municipality", "--json").json
    told_by = {t["indicator"] for t in told["tables"] if t["by"] == ["municipality"]}
    everywhere = {t["indicator"] for t in told["tables"] if not t["by"]}
    assert everywhere - told_by == {"employer-needs"}
    named = [note for note in told["notes"] if "is not told by municipality" in note]
    assert len(named) == 1


@pytest.mark.parametrize("sets", [(), ("--indicators", "esf-plus")])
def test_all_indicators_are_told_by_groups_as_everybody_sees_them(
    run: Polku, folder: Path, sets: tuple[str, ...]
) -> None:
    """Small groups are withheld, as they are unless somebody asks for another number."""
    ask = ("--programme", "duunipolku", *DAY, *sets, "--by", "organisation", "--json")
    told = run("report", *ask).json
    by_place = [t for t in told["tables"] if t["by"] == ["organisation"]]
    assert by_place
    shown = [f["counted"] for t in by_place for f in t["figures"]]
    assert all(number is None or number == 0 or number >= 5 for number in shown)


def test_twice_the_same_question_has_the_same_bytes(run: Polku, folder: Path, usual: str) -> None:
    files = [folder / name for name in ("0.xlsx", "1.xlsx", "again.json")]
    for file in files:
        form = file.suffix[1:]
        assert report(run, "--format", form, "--out", str(file)).code == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[2].read_bytes() == usual.encode()


def test_every_form_has_the_same_figures(run: Polku, folder: Path, usual: str) -> None:
    told = json.loads(usual)
    rows = list(csv.DictReader(io.StringIO(report(run, "--format", "csv").out)))
    report(run, "--format", "xlsx", "--out", str(folder / "book.xlsx"))
    sheet = openpyxl.load_workbook(folder / "book.xlsx")["figures"]

    expected = [f["value"] for table in told["tables"] for f in table["figures"]]
    assert [float(row["value"]) if row["value"] else None for row in rows] == expected
    assert [row[6] for row in sheet.iter_rows(min_row=2, values_only=True)] == expected
    drawn = report(run).out
    assert "Clients whose referral was accepted" in drawn
    assert told["root"] in drawn


def test_a_page_has_the_figures_in_the_language_that_is_asked(run: Polku, folder: Path) -> None:
    said = report(run, "--indicator", "under-30", "--format", "html", "--language", "fi").out

    assert said.startswith("<!DOCTYPE html>")
    assert "Alle 30-vuotiaiden osuus" in said


def test_each_chart_is_written_as_svg_and_png_beside_the_report(run: Polku, folder: Path) -> None:
    pictures = folder / "for" / "the memo"
    told = report(run, "--charts", str(pictures), "--language", "fi", "--json")
    page = report(run, "--format", "html", "--language", "fi").out

    names = sorted(file.stem for file in pictures.glob("*.svg"))
    assert names == sorted(file.stem for file in pictures.glob("*.png"))
    assert len([*pictures.iterdir()]) == 2 * len(names) > 2
    assert page.count("data:image/svg+xml;base64,") == len(names)
    for name in names:
        drawn = (pictures / f"{name}.svg").read_text(encoding="utf-8")
        assert "Duunipolku, 1.10.2025" in drawn
        assert (pictures / f"{name}.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert told.json["series"]


def test_a_file_that_somebody_reads_or_writes_too_is_never_a_part_of_two_reports(
    run: Polku, folder: Path
) -> None:
    """Two at once would each write over what the other has written so far."""
    file = folder / "report.json"
    report(run, "--format", "json", "--out", str(file))
    file.chmod(0o640)
    whole = file.read_bytes()
    with file.open("rb") as reader:
        first = reader.read(100)
        asked = ("--indicator", "under-30", "--format", "json", "--out", str(file))
        assert report(run, *asked).code == 0
        assert first + reader.read() == whole
    assert len(file.read_bytes()) < len(whole)
    assert file.stat().st_mode & 0o777 == 0o640
    assert not [*folder.glob(".report.json*")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--charts", "{}", "--open", "young"), "--charts: is of a report's figures"),
        (("--format", "csv", "--open", "young"), "--format: is of a report's figures"),
        (("--format", "csv", "--json"), "--format: with --json it is JSON"),
        (("--charts", "{}/polku.db"), "cannot be made"),
        (("--charts", "{}", "--format", "xlsx"), "--out: name the file"),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_is_told(
    run: Polku, folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    refused = report(run, *(one.format(folder) for one in arguments))
    assert refused.code != 0
    assert said in refused.err
    assert not refused.out
    assert not [*folder.glob("*.svg")]


def test_a_report_stands_when_more_was_recorded_since(run: Polku, folder: Path, usual: str) -> None:
    file = folder / "then.json"
    file.write_text(usual, encoding="utf-8")
    later(("journey:n1", referred("new", date(2025, 6, 1))))

    found = run("report", "--verify", str(file), "--json")

    assert (found.code, found.json["stands"], found.json["differences"]) == (0, True, [])
    assert {one["agrees"] for one in found.json["figures"]} == {True}
    now = report(run, "--indicator", "clients", "--json").json
    assert figures(now, "clients")["all"] == (4, 0)


def test_nobody_is_followed_beyond_today_where_the_day_asked_about_lies_ahead(
    run: Polku, folder: Path
) -> None:
    def days(told: Any) -> list[int]:
        (curve,) = (one for one in told["series"] if one["id"] == "survival")
        return [row[0] for row in curve["rows"]]

    file = folder / "ahead.json"
    asked = ("report", "--programme", "duunipolku", "--threshold", "0", "--format", "json")
    today = run(*asked).json
    assert run(*asked, "--as-at", "2190-01-01", "--out", str(file)).code == 0
    ahead = json.loads(file.read_text("utf-8"))
    assert days(ahead) == days(today)
    assert (ahead["as_at"], ahead["known_at"][:4]) == ("2190-01-01", today["as_at"][:4])
    assert today["known_at"] is None
    assert run("report", "--verify", str(file)).code == 0


def test_sql_can_name_the_last_day_of_which_anything_is_known(run: Polku, folder: Path) -> None:
    mine = folder / "known.yaml"
    mine.write_text(
        "title: {en: Mine}\nindicators:\n"
        "  - {id: known, title: {en: Known}, unit: journeys, measure: count,"
        " who: $known_until >= $as_at}\n",
        encoding="utf-8",
    )
    asked = ("--indicators", str(mine), "--threshold", "0", "--json", "--programme", "duunipolku")

    assert figures(run("report", *asked).json, "known")["all"][0] > 0
    later = ("--as-at", "2190-01-01")
    for ahead in (
        later,
        (*later, "--known-at", "2190-01-01"),
        ("--known-at", "2190-01-01"),
        ("--known-at", "2025-06-29", "--as-at", "2025-06-30"),
    ):
        assert figures(run("report", *asked, *ahead).json, "known")["all"] == (0, 0)


def test_a_figure_that_was_changed_is_named(run: Polku, folder: Path, usual: str) -> None:
    told = json.loads(usual)
    told["tables"][0]["figures"][0]["value"] = 4
    told["root"] = "00"
    file = folder / "forged.json"
    file.write_text(json.dumps(told), encoding="utf-8")

    found = run("report", "--verify", str(file), "--json")

    assert found.code == 1
    differing = [one for one in found.json["figures"] if not one["agrees"]]
    assert [(one["indicator"], one["by"], one["again"]["value"]) for one in differing] == [
        ("clients", [], 3)
    ]
    assert "the ledger's root" in found.err
    assert "Computed again" in run("report", "--verify", str(file)).out


def first(told: Any) -> Any:
    return told["tables"][0]


def whole(told: Any) -> Any:
    """The same as a program writes it that knows of numbers alone: 1 for 1.0."""
    match told:
        case dict():
            return {name: whole(one) for name, one in told.items()}
        case list():
            return [whole(one) for one in told]
        case float() if told == int(told):
            return int(told)
    return told


def test_a_report_stands_that_another_program_passed_on(run: Polku, folder: Path) -> None:
    written = report(run, "--indicators", "esf-plus", "--json")
    file = folder / "passed-on.json"
    file.write_text(json.dumps(whole(written.json)), encoding="utf-8")
    assert '"long_term_months": 12,' in file.read_text("utf-8")
    assert '"long_term_months": 12.0' in written.out
    assert run("report", "--verify", str(file), "--json").json["stands"]


TABLE = "the wording of the table {indicator}"
AROUND = "the wording around the figures"


@pytest.mark.parametrize(
    ("forge", "named"),
    [
        (
            lambda told: first(told).update(
                title={**first(told)["title"], "en": "Clients in work"}
            ),
            TABLE,
        ),
        (lambda told: first(told).update(unit="journeys", note="as agreed"), TABLE),
        (
            lambda told: first(told)["figures"].insert(
                0, {**first(told)["figures"][0], "value": 9}
            ),
            TABLE,
        ),
        (lambda told: told.update(notes=[]), AROUND),
        (
            lambda told: next(x for x in told["series"] if x["notes"]).update(notes=["As agreed"]),
            "the wording of the chart {chart}",
        ),
        (lambda told: told["tables"].reverse(), AROUND),
        (lambda told: told["tables"].append(told["tables"][0]), AROUND),
    ],
)
def test_what_is_said_around_the_figures_stands_or_falls_too(
    run: Polku, folder: Path, usual: str, forge: Callable[[Any], None], named: str
) -> None:
    told = json.loads(usual)
    forge(told)
    file = folder / "forged.json"
    file.write_text(json.dumps(told), encoding="utf-8")

    found = run("report", "--verify", str(file))

    assert found.code == 1
    chart = next(x for x in told["series"] if x["notes"])["id"]
    named = named.format(indicator=first(told)["indicator"], chart=chart)
    assert found.err.count("the wording") == 1
    assert f"{named} was " in " ".join(found.err.split())


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({"definition_version": 7}, "the version of the definition was 7 in the report, and is 1"),
        (
            {"settings": {"long_term_months": 24}},
            'the choice of settings was {"long_term_months": 24} in the report, and is {}',
        ),
        ({"root": "00"}, "the ledger's root was 00 in the report"),
        ({"definition_digest": "00"}, "the digest of the definition was 00 in the report"),
        ({"indicators_digest": "00"}, "the digest of the indicators was 00 in the report"),
    ],
)
def test_which_part_of_its_head_is_not_what_the_log_says_is_told(
    run: Polku, folder: Path, usual: str, changed: dict[str, Any], differs: str
) -> None:
    file = folder / "forged.json"
    file.write_text(json.dumps(json.loads(usual) | changed), encoding="utf-8")

    found = run("report", "--verify", str(file), "--json")

    (told,) = found.json["differences"]
    assert (found.code, told.startswith(differs)) == (1, True), told
    assert {one["agrees"] for one in found.json["figures"]} == {True}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"position": "x"}, "cannot be read"),
        ({"position": 10**9}, "none at position 1000000000"),
        ({"threshold": -1}, "cannot be read"),
        ({"known_at": "2025-10-01T00:00:00"}, "cannot be read"),
        ({"asked": {"indicators": 5}}, "cannot be read"),
        ({"asked": {"settings": {"age": "x"}}}, "cannot be read"),
        ({"settings": ["age"]}, "cannot be read"),
    ],
)
def test_a_file_that_no_report_can_be_is_refused_plainly(
    run: Polku, folder: Path, usual: str, changed: dict[str, Any], said: str
) -> None:
    told = json.loads(usual)
    file = folder / "broken.json"
    file.write_text(json.dumps(told | changed), encoding="utf-8")

    found = run("report", "--verify", str(file))

    assert (found.code, said in found.err) == (2, True), found.err


WAYS = (("--verify",), ("--then",), ("--organisation", "tampere", "--issue"))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way[-1])
@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("nowhere.json", "nowhere.json cannot be read: there is no such file\n"),
        ("folder.json", "folder.json cannot be read: Is a directory\n"),
        ("picture.json", "picture.json cannot be read: it is no text in UTF-8\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_words(
    run: Polku, folder: Path, monkeypatch: pytest.MonkeyPatch, way: Any, file: str, said: str
) -> None:
    monkeypatch.chdir(folder)
    (folder / "folder.json").mkdir()
    (folder / "picture.json").write_bytes(b"\x89PNG\xff")

    found = run("report", *way, file)

    assert (found.code, found.err) == (2, f"polku: {said}")


@pytest.mark.parametrize("way", WAYS[2:], ids=lambda way: way[-1])
def test_an_id_in_the_place_of_a_file_is_answered_with_what_to_give(
    run: Polku, folder: Path, way: Any
) -> None:
    found = run("report", *way, "6c6755175368919a11af73c12a3b3378")

    assert found.code == 2
    assert "of a report that was issued give its file: the log keeps the digest" in found.err


def test_a_figure_opens_to_journeys_and_their_entries(run: Polku, folder: Path) -> None:
    said = report(run, "--open", "under-30:referred_to=tampere", "--json").json["journeys"]

    assert [(one["journey"], one["counts"], one["has"]) for one in said] == [
        ("a1", True, True),
        ("t1", True, True),
    ]
    assert [entry["event"] for entry in said[1]["entries"]] == [
        "referral-made",
        "referral-accepted",
    ]
    assert "Aino" not in json.dumps(said)
    assert "a1: counts" in report(run, "--open", "under-30:referred_to=tampere").out
    mistyped = report(run, "--open", "under-30:referred_to=tamper")
    assert (mistyped.code, "No journey counts there" in mistyped.out) == (0, True)
    esf = report(run, "--indicators", "esf-plus", "--open", "eeco02", "--json").json["journeys"]
    assert [(one["journey"], one["counts"]) for one in esf] == [
        ("a1", True),
        ("a2", True),
        ("t1", None),
    ]


@pytest.mark.parametrize(
    ("given", "by", "key"),
    [
        ("a", (), ()),
        ("a:gender=f", ("gender",), ("f",)),
        ("a:gender=,office=Ii", ("gender", "office"), (None, "Ii")),
        ('a:office="Ii, Oulu",gender=f', ("office", "gender"), ("Ii, Oulu", "f")),
        ('a:office="Ii=1, ""Oulu""",gender=', ("office", "gender"), ('Ii=1, "Oulu"', None)),
        ('a:office=12" pipes,gender=f', ("office", "gender"), ('12" pipes', "f")),
    ],
)
def test_a_group_is_named_by_values_that_may_have_commas(
    given: str, by: tuple[str, ...], key: tuple[str | None, ...]
) -> None:
    assert place_of(given) == Place("a", by, key)


def test_a_value_with_a_comma_that_is_not_in_quotes_is_told_how() -> None:
    with pytest.raises(BadInput, match="with a comma in quotes"):
        place_of("a:office=Ii, Oulu")


def test_a_group_that_cannot_be_read_is_refused_however_many_values_it_has() -> None:
    with pytest.raises(BadInput, match="is not ID or ID:COLUMN=VALUE"):
        place_of("a:" + 'b="",' * 200 + "c")


@pytest.mark.parametrize(
    ("measure", "what", "has"),
    [
        ("share", "held_on < DATE '2025-06-01'", True),
        ("share", "held_on > DATE '2025-06-01'", True),
        ("sum", "day(held_on)", "21.000000"),
        ("mean", "day(held_on)", "10.500000"),
        ("sum", "nullif(day(held_on), 20)", None),
    ],
)
def test_of_several_rows_of_one_journey_is_told_what_they_come_to(
    run: Polku, folder: Path, measure: str, what: str, has: bool | str | None
) -> None:
    """One journey has two follow-ups, on the 20th of March and on the 1st of September."""
    file = folder / "mine.yaml"
    file.write_text(
        "title: {en: Mine}\nindicators:\n  - {id: held, title: {en: Held}, of: follow_ups, "
        f"unit: follow_ups, measure: {measure}, what: {json.dumps(what)}}}\n",
        encoding="utf-8",
    )
    opened = report(run, "--indicators", str(file), "--open", "held", "--json").json["journeys"]
    told = [(one["journey"], one["client"], one["counts"], one["has"]) for one in opened]

    assert told == [("w1", "worker", True, has)]


@pytest.mark.parametrize(
    ("measure", "what", "each", "drawn"),
    [
        ("count", "", [True, True], "w1: counts, has it; 2 units: has it; has it"),
        ("sum", "day(held_on)", ["1.000000", "20.000000"], "21.000000; 2 units: 1.000000; 20"),
        ("mean", "day(held_on)", ["1.000000", "20.000000"], "10.500000; 2 units: 1.000000; 20"),
        ("median", "nullif(day(held_on), 20)", ["1.000000", None], "2 units: 1.000000; not known"),
    ],
)
def test_a_journey_with_several_rows_opens_to_each_of_them_so_that_the_figure_can_be_made_again(
    run: Polku, folder: Path, measure: str, what: str, each: list[bool | str | None], drawn: str
) -> None:
    """Two rows of one journey count as two: a mean of means is another figure."""
    file = folder / "mine.yaml"
    has = f", what: {json.dumps(what)}" if what else ""
    file.write_text(
        "title: {en: Mine}\nindicators:\n  - {id: held, title: {en: Held}, of: follow_ups, "
        f"unit: follow_ups, measure: {measure}{has}}}\n",
        encoding="utf-8",
    )
    mine = ("--indicators", str(file))
    made = report(run, *mine, "--threshold", "0", "--json").json["tables"][0]["figures"][0]
    (opened,) = report(run, *mine, "--open", "held", "--json").json["journeys"]

    assert opened["each"] == each
    assert made["counted"] == sum(one is not None for one in opened["each"])
    assert drawn in report(run, *mine, "--open", "held").out


def test_what_would_be_reported_now_and_which_entries_make_the_difference(
    run: Polku, folder: Path, usual: str
) -> None:
    file = folder / "then.json"
    file.write_text(usual, encoding="utf-8")
    corrected = interview(date(2025, 1, 15), Status.EMPLOYED, threatened_by_unemployment=False)
    later(
        ("journey:n1", referred("new", date(2025, 9, 30))),
        ("journey:n2", referred("newer", date(2025, 10, 20))),
        (
            "journey:a1",
            ((date(2025, 11, 3), e.EntryCorrected(3, corrected[1], corrected[0], WHY)),),
        ),
        ("journey:a2", ((date(2025, 11, 3), e.EntryRetracted(4, WHY)),)),
        ("journey:t1", (closed(date(2025, 10, 20), "employment"),)),
    )

    found = run("report", "--then", str(file), "--json").json

    changed = {
        (one["figure"]["indicator"], *one["figure"]["by"], *one["figure"]["key"]): one
        for one in found["changed"]
    }
    clients = changed["clients",]
    assert (clients["figure"]["reported"]["value"], clients["figure"]["again"]["value"]) == (3, 4)
    assert [(c["stream"], c["how"]) for c in clients["causes"]] == [("journey:n1", "late")] * 2
    assert [(c["stream"], c["how"], c["of"]) for c in changed["follow-up-path",]["causes"]] == [
        ("journey:a2", "retracted", 4)
    ]
    young = changed["young",]["causes"]
    assert ("journey:a1", "corrected", 3) in [(c["stream"], c["how"], c["of"]) for c in young]
    assert found["now"]["position"] > found["then"]["position"]
    assert "journey:n2" not in json.dumps(found)
    drawn = run("report", "--then", str(file)).out
    assert "corrected entry 3" in drawn
    assert "retracted entry 4" in drawn


def restated(run: Polku, folder: Path, usual: str) -> dict[tuple[str, ...], Any]:
    """What differs by now from the usual report, by indicator and group."""
    file = folder / "then.json"
    file.write_text(usual, encoding="utf-8")
    changed = run("report", "--then", str(file), "--json").json["changed"]
    return {
        (one["figure"]["indicator"], *(f"{word}" for word in one["figure"]["key"])): one
        for one in changed
    }


def whose(one: Any) -> list[tuple[str, str]]:
    return [(cause["stream"], cause["event"]) for cause in one["causes"]]


def test_entries_that_change_nothing_for_a_figure_are_not_named(
    run: Polku, folder: Path, usual: str
) -> None:
    """A late certificate makes nobody older, and what is taken back at once was never said."""
    certificate = e.CertificateAwarded("Hot work", "school")
    interviewed = interview(date(2025, 5, 20), Status.UNEMPLOYED)
    registered = ClientRegistered(gender="male", birth_year=1981)
    later(
        ("journey:n1", referred("new", date(2025, 9, 30))),
        ("journey:n1", ((date(2025, 9, 30), certificate),)),
        ("client:new", ((date(2025, 11, 3), ClientRegistered(birth_year=2004)),)),
        ("client:worker", ((date(2025, 11, 3), registered),)),
        ("journey:t1", (interviewed, (date(2025, 11, 3), e.EntryRetracted(3, WHY)))),
        ("journey:a2", ((date(2025, 9, 30), certificate),)),
    )

    found = restated(run, folder, usual)

    taken_in = [("journey:n1", "referral-made"), ("journey:n1", "referral-accepted")]
    assert whose(found["clients",]) == taken_in
    young = found["under-30",]
    assert whose(young) == [*taken_in, ("client:new", "client-registered")]
    assert not any(stream in str(found) for stream in ("client:worker", "journey:t1"))


def test_entries_that_differ_only_together_and_those_any_of_which_would_do_are_told(
    run: Polku, folder: Path, usual: str
) -> None:
    again = (date(2025, 9, 30), e.ReferralAccepted())
    later(
        ("journey:n1", (*referred("new", date(2025, 9, 30)), again)),
        ("client:new", ((date(2025, 11, 3), ClientRegistered(gender="female", birth_year=2004)),)),
    )

    clients = restated(run, folder, usual)["clients",]

    referral, first, second = (cause["position"] for cause in clients["causes"])
    assert clients["together"] == [[referral, first]]
    assert clients["instead"] == [[first, second]]
    drawn = run("report", "--then", str(folder / "then.json")).out
    assert f"{referral} with {first}" in " ".join(drawn.split())


def test_an_entry_of_a_later_day_that_was_corrected_to_one_before_makes_the_difference(
    run: Polku, folder: Path, usual: str
) -> None:
    referral, accepted = (event for _, event in referred("new", date(2025, 10, 20)))
    earlier = date(2025, 9, 20)
    later(
        ("journey:n1", ((date(2025, 10, 20), referral), (date(2025, 10, 20), accepted))),
        ("journey:n1", ((date(2025, 11, 3), e.EntryCorrected(1, referral, earlier, WHY)),)),
        ("journey:n1", ((date(2025, 11, 3), e.EntryCorrected(2, accepted, earlier, WHY)),)),
    )

    clients = restated(run, folder, usual)["clients",]

    assert [(one["version"], one["how"]) for one in clients["causes"]] == [
        *((1, "late"), (2, "late")),
        *((3, "corrected"), (4, "corrected")),
    ]


def test_at_a_terminal_it_is_told_how_far_a_restatement_is(
    run: Polku, folder: Path, usual: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes up to half a minute, and nothing was said meanwhile."""
    later(("journey:n1", referred("new", date(2025, 9, 30))))
    given = folder / "then.json"
    given.write_text(usual, encoding="utf-8")
    assert run("report", "--then", str(given)).err == ""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    assert "which entries make the difference" in run("report", "--then", str(given)).err


def test_of_targets_that_were_set_the_one_that_holds_makes_the_difference(
    run: Polku, folder: Path, usual: str
) -> None:
    told = [
        (date(2025, 9, 1), TargetSet("clients", "clients", 900)),
        (date(2025, 9, 2), TargetSet("clients", "clients", 950)),
        (date(2025, 9, 3), TargetSet("of-nobody", "nothing", 1)),
        (date(2025, 10, 20), TargetSet("clients", "clients", 990)),
    ]
    later(("programme:duunipolku", tuple(told)))

    found = restated(run, folder, usual)

    assert list(found) == [("clients",)]
    assert found["clients",]["figure"]["again"]["target"] == 950
    assert [one["occurred_on"] for one in found["clients",]["causes"]] == ["2025-09-02"]


def test_where_what_was_recorded_since_does_not_explain_a_figure_that_is_said(
    run: Polku, folder: Path, usual: str
) -> None:
    altered = json.loads(usual)
    figure = altered["tables"][0]["figures"][0]
    figure["value"] = figure["counted"] = 7
    (clients,) = restated(run, folder, json.dumps(altered)).values()
    assert (clients["causes"], clients["explained"]) == ([], False)
    drawn = " ".join(run("report", "--then", str(folder / "then.json")).out.split())
    assert "none recorded since" in drawn
    assert "1 figure would not be as reported without these entries" in drawn
    assert "Entries that make the difference" not in drawn

    later(("journey:n1", referred("new", date(2025, 9, 30))))

    found = restated(run, folder, json.dumps(altered))
    assert (len(found["clients",]["causes"]), found["clients",]["explained"]) == (2, False)
    assert found["clients", "tampere"]["explained"]
    drawn = " ".join(run("report", "--then", str(folder / "then.json")).out.split())
    assert "and something else" in drawn


def test_where_not_all_was_tried_fewer_entries_may_do_and_that_is_said(
    run: Polku, folder: Path, usual: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = e.CertificateAwarded("Hot work", "school")
    later(("journey:n1", (*referred("new", date(2025, 9, 30)), (date(2025, 9, 30), certificate))))
    assert not restated(run, folder, usual)["clients",]["broken_off"]
    monkeypatch.setattr(since, "all_needed", partial(since.all_needed, most=1))

    clients = restated(run, folder, usual)["clients",]

    assert clients["broken_off"]
    assert len(clients["causes"]) == 3
    drawn = " ".join(run("report", "--then", str(folder / "then.json")).out.split())
    assert "or fewer" in drawn
    assert "fewer entries may do" in drawn


def test_a_median_differs_by_those_alone_who_move_its_middle(run: Polku, folder: Path) -> None:
    mine = folder / "mine.yaml"
    mine.write_text(
        "title: {en: Mine}\nindicators:\n  - {id: born, title: {en: Born}, unit: clients, "
        "measure: median, what: birth_year}\n",
        encoding="utf-8",
    )
    made = report(run, "--indicators", str(mine), "--json").out
    later(
        ("client:there", ((date(2025, 11, 3), ClientRegistered(birth_year=2005)),)),
        ("client:again", ((date(2025, 11, 3), ClientRegistered(birth_year=2003)),)),
    )

    (born,) = restated(run, folder, made).values()

    assert (born["figure"]["reported"]["value"], born["figure"]["again"]["value"]) == (2002, 2003)
    assert whose(born) == [("client:again", "client-registered")]


def test_a_group_in_which_nobody_counts_appears_by_who_is_in_it(run: Polku, folder: Path) -> None:
    file = folder / "then.json"
    asked = ("--indicators", "esf-plus", "--indicator", "eecr03", "--by", "organisation", "--json")
    file.write_text(report(run, *asked).out, encoding="utf-8")
    later(("journey:n1", referred("new", date(2025, 9, 30), "espoo")))

    (one,) = run("report", "--then", str(file), "--json").json["changed"]

    assert (one["figure"]["key"], one["figure"]["again"]["value"]) == (["espoo"], 0)
    assert {(c["stream"], c["how"]) for c in one["causes"]} == {("journey:n1", "late")}


def test_what_organisations_told_late_makes_the_difference_where_nobody_is_counted(
    run: Polku, folder: Path
) -> None:
    """Openings are an employer's; they count where it had joined the programme."""
    published = {
        name: EmployerNeedPublished(name, "cook", (), openings, NeedKind.ACUTE)
        for name, openings in (("first", 2), ("late", 3), ("to-come", 5), ("joined", 7))
    }
    told = ("organisation:mill", ((date(2025, 9, 1), published["first"]),))
    later(told, ("organisation:bakery", ((date(2025, 9, 2), published["joined"]),)))
    later(("programme:duunipolku", ((date(2025, 8, 1), OrganisationJoined("mill")),)))
    file = folder / "then.json"
    asked = ("--indicator", "employer-needs", "--json")
    file.write_text(report(run, *asked).out, encoding="utf-8")
    later(
        ("organisation:mill", ((date(2025, 9, 30), published["late"]),)),
        ("organisation:mill", ((date(2025, 10, 20), published["to-come"]),)),
        ("organisation:pub", ((date(2025, 9, 30), published["late"]),)),
        ("programme:duunipolku", ((date(2025, 9, 1), OrganisationJoined("bakery")),)),
        ("programme:duunipolku", ((date(2025, 9, 1), OrganisationJoined("nobody")),)),
    )

    found = run("report", "--then", str(file), "--json").json["changed"]

    values = [
        (one["figure"]["reported"]["value"], one["figure"]["again"]["value"]) for one in found
    ]
    assert values == [(2, 12), (2, 12)]
    named = {(c["stream"], c["event"], c["how"]) for one in found for c in one["causes"]}
    assert named == {
        ("organisation:mill", "employer-need-published", "late"),
        ("programme:duunipolku", "organisation-joined", "late"),
    }
    assert [len(one["causes"]) for one in found] == [2, 2]


def test_what_came_to_be_known_of_a_client_makes_the_difference_whatever_its_day(
    run: Polku, folder: Path
) -> None:
    """Who a client is does not happen on a day: a merge after the day asked about counts, too."""
    file = folder / "then.json"
    esf = ("--indicators", "esf-plus", "--indicator", "eeco01", "--json")
    file.write_text(report(run, *esf).out, encoding="utf-8")
    merged = ClientsMerged("again", survives=False, ground="gdpr-5-1-d", reason=WHY)
    registered = ClientRegistered(gender="female", birth_year=1980)
    later(
        ("client:there", ((date(2025, 11, 3), merged),)),
        ("client:worker", ((date(2025, 11, 3), registered),)),
    )

    found = run("report", "--then", str(file), "--json").json

    named = {
        (*one["figure"]["key"],): [(c["stream"], c["event"], c["how"]) for c in one["causes"]]
        for one in found["changed"]
    }
    clients_merged = ("client:there", "clients-merged", "late")
    told_again = ("client:worker", "client-registered", "late")
    assert named == {
        (): [clients_merged],
        ("female",): [told_again],
        ("male",): [told_again],
        (None,): [clients_merged],
    }


def test_a_figure_withheld_for_another_ones_sake_is_told_with_what_made_that_one_small(
    run: Polku, folder: Path
) -> None:
    """One in Espoo is taken back: four are too few, and the sum must not give them away."""
    many = {"tampere": 9, "turku": 8, "oulu": 7, "espoo": 5}
    later(
        *(
            (f"journey:{place}-{number}", referred(f"{place}-{number}", date(2025, 6, 2), place))
            for place, those in many.items()
            for number in range(those)
        )
    )
    file = folder / "then.json"
    asked = ("--indicator", "clients", "--threshold", "5", "--json")
    file.write_text(report(run, *asked).out, encoding="utf-8")
    later(("journey:espoo-0", ((date(2025, 11, 3), e.EntryRetracted(2, WHY)),)))

    found = run("report", "--then", str(file), "--json").json

    places = {
        tuple(one["figure"]["key"]): (one["figure"]["again"]["suppressed"], one["causes"])
        for one in found["changed"]
        if one["figure"]["by"] == ["referred_to"]
    }
    withheld = {place for place, (is_withheld, _) in places.items() if is_withheld}
    assert ("espoo",) in withheld
    assert len(withheld) == 2
    for _, causes in places.values():
        assert [(c["stream"], c["how"]) for c in causes] == [("journey:espoo-0", "retracted")]


def test_a_version_of_the_definition_that_was_published_since_makes_the_difference(
    run: Polku, folder: Path, usual: str
) -> None:
    """In November it is said what held from September on: `young` has another name, for one."""
    file = folder / "then.json"
    file.write_text(usual, encoding="utf-8")
    text = bootstrap.shipped_definitions()["duunipolku"]
    for old, new in (
        ("version: 1", "version: 2"),
        ("{from: 2024-12-01, until", "{from: 2025-09-01, until"),
        ("- id: young\n", "- id: youngest\n"),
        ("who: accepted_on IS NOT NULL", "who: accepted_on IS NOT NULL AND gender = 'female'"),
    ):
        text = text.replace(old, new, 1)
    clock = Clock()
    clock.put(date(2025, 11, 3))
    with bootstrap.open_office(clock=clock, inline=False) as office:
        asked = Asked(By("eeva", "tampere"), date(2025, 11, 3))
        programmes.revise(office.programmes, asked, text, "second.yaml")

    found = run("report", "--then", str(file), "--json").json

    figures = {one["figure"]["indicator"] for one in found["changed"]}
    assert {"clients", "young", "youngest"} <= figures
    revised = [("programme:duunipolku", "programme-revised", "late")]
    for one in found["changed"]:
        assert [(c["stream"], c["event"], c["how"]) for c in one["causes"]] == revised
    assert "programme-revised" in run("report", "--then", str(file)).out


def test_where_nothing_changed_nothing_is_restated(run: Polku, folder: Path, usual: str) -> None:
    file = folder / "then.json"
    file.write_text(usual, encoding="utf-8")

    assert run("report", "--then", str(file), "--json").json["changed"] == []
    assert "Nothing would be reported otherwise" in run("report", "--then", str(file)).out


def test_indicators_over_facts_and_of_a_file_of_ones_own(run: Polku, folder: Path) -> None:
    file = folder / "mine.yaml"
    file.write_text(
        "title: {en: Mine}\nsettings: {age: 30}\nindicators:\n"
        "  - {id: interviewed, title: {en: Interviewed}, unit: clients, measure: share,\n"
        "     cel: {who: accepted, what: interview_held}, by: [referred_to]}\n"
        "  - {id: of-age, title: {en: Of age}, unit: clients, measure: count,\n"
        "     who: age_at_start > $age}\n",
        encoding="utf-8",
    )
    mine = ("--indicators", str(file), "--json")

    told = report(run, *mine).json
    assert figures(told, "interviewed") == {"all": (pytest.approx(2 / 3), 0)}
    assert figures(told, "interviewed", "referred_to") == {
        ("tampere",): (0.5, 0),
        ("turku",): (1, 0),
    }
    assert figures(told, "of-age")["all"] == (1, 0)
    assert told["settings"] == {"age": 30}
    anew = report(run, *mine, "--set", "age=20").json
    assert anew["settings"] == {"age": 20}
    assert figures(anew, "of-age")["all"] == (3, 0)
    kept = folder / "then.json"
    kept.write_text(json.dumps(anew), encoding="utf-8")
    assert run("report", "--verify", str(kept), "--json").json["stands"]


@pytest.mark.parametrize(
    ("given", "long_term"),
    [
        ((), 1),  # 23 years old, and eight months unemployed
        (("long_term_months_young=9",), 0),
        (("young_until=23",), 0),
        (("young_until=23", "long_term_months=7"), 1),
        (("long_term_months=1000000",), 1),
    ],
)
def test_from_when_on_unemployment_is_long_term_can_be_set_and_is_said(
    run: Polku, folder: Path, given: tuple[str, ...], long_term: int
) -> None:
    sets = [word for one in given for word in ("--set", one)]
    ask = ("--indicators", "esf-plus", "--indicator", "eeco03", *sets)
    told = report(run, *ask, "--json").json
    assert figures(told, "eeco03")["all"][0] == long_term
    numbers = {"long_term_months": 12, "long_term_months_young": 6, "young_until": 25}
    numbers |= {name: int(number) for name, _, number in (x.partition("=") for x in given)}
    assert told["settings"] == numbers
    said = ", ".join(f"{name}={number}" for name, number in numbers.items())
    assert report(run, *ask).out.startswith(f"With {said}.")


def test_who_was_followed_up_before_the_placement_alone_is_not_reported_as_accompanied(
    run: Polku, folder: Path
) -> None:
    clock, start = Clock(), date(2025, 3, 10)
    clock.put(date(2025, 1, 2))
    placed = (start, e.PlacementStarted("p1"))
    with bootstrap.open_office(clock=clock, inline=False) as office:
        text = bootstrap.shipped_definitions()["ali"]
        asked = Asked(By("lead", "provincia-belluno"), date(2025, 1, 2))
        programmes.publish(office.programmes, asked, text, "ali.yaml")
        for number, held in enumerate((date(2025, 3, 1), start, date(2025, 4, 1)), start=1):
            referral = e.ReferralMade(f"c{number}", "ali", 1, "a", "a", "desk")
            told = [
                *((date(2025, 2, 3), referral), (date(2025, 2, 3), e.ReferralAccepted()), placed),
                (held, e.FollowUpHeld(Status.EMPLOYED)),
            ]
            told.sort(key=lambda one: one[0])
            record(office, clock, f"journey:ali{number}", *told)
    ask = ("report", "--programme", "ali", *DAY, "--threshold", "0", "--indicator", "accompanied")
    told = run(*ask, "--json").json
    assert figures(told, "accompanied") == {"all": (pytest.approx(2 / 3), 0)}


def test_faults_of_a_file_are_named(run: Polku, folder: Path) -> None:
    file = folder / "mine.yaml"
    file.write_text(
        "title: {en: Mine}\nindicators:\n"
        "  - {id: x, title: {en: X}, unit: clients, measure: count, who: nothing > 1}\n",
        encoding="utf-8",
    )

    found = run("report", "--check", str(file), "--json")
    assert found.code == 1
    assert [(f["line"], f["field"], f["code"]) for f in found.json["faults"]] == [
        (3, "indicators[0].who", "bad-sql")
    ]
    assert "nothing" in run("report", "--check", str(file)).out
    assert "x, who" in report(run, "--indicators", str(file)).err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--programme", "nowhere"), "nowhere was never published here"),
        (("--programme", "duunipolku", "--indicator", "nothing"), "there are: clients"),
        (("--programme", "duunipolku", "--by", "nothing"), "nothing"),
        (("--programme", "duunipolku", "--indicators", "nowhere.yaml"), "esf-plus"),
        (("--programme", "duunipolku", "--by", "gender*client"), "a group of its own"),
        (("--programme", "duunipolku", "--set", "age"), "NAME=NUMBER"),
        (("--programme", "duunipolku", "--set", "age=nan"), "NAME=NUMBER"),
        (("--programme", "duunipolku", "--set", "age=3"), "no setting age; there are: none"),
        (
            ("--programme", "duunipolku", "--indicators", "esf-plus", "--set", "months=3"),
            "long_term_months, long_term_months_young, young_until",
        ),
        (("--programme", "duunipolku", "--known-at", "0001-01-01T00:00+10:00"), "not published"),
        (("--programme", "duunipolku", "--open", "clients:gender"), "COLUMN=VALUE"),
        (("--programme", "duunipolku", "--format", "xlsx"), "--out"),
        (("--verify", "nowhere.json"), "nowhere.json"),
        ((), "--programme"),
    ],
)
def test_what_cannot_be_reported_is_said(
    run: Polku, folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    found = run("report", *arguments)

    assert found.code in {1, 2}
    assert said in found.err
    assert not found.out


def test_small_groups_are_not_shown_unless_asked_for(run: Polku, folder: Path, usual: str) -> None:
    told = run("report", "--programme", "duunipolku", *DAY, "--json").json
    everything = json.loads(usual)

    shown = [f for table in told["tables"] for f in table["figures"]]
    assert all(f["suppressed"] for f in shown if f["value"] is None and f["counted"] is None)
    assert figures(told, "clients")["all"][0] is None
    assert told["threshold"] == 5
    assert any("Nothing is suppressed" in note for note in everything["notes"])


def test_on_both_databases(polku: Polku, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLKU_ARCHIVE", str(tmp_path / "archive"))
    clock = Clock()
    with bootstrap.open_office(clock=clock, inline=False) as office:
        begin(office, clock)
    file = tmp_path / "then.json"
    file.write_text(report(polku, "--json").out, encoding="utf-8")

    assert figures(json.loads(file.read_text("utf-8")), "clients")["all"] == (3, 0)
    assert polku("report", "--verify", str(file), "--json").json["stands"]


def test_a_damaged_archive_is_named_where_only_the_question_finds_it(
    run: Polku, folder: Path
) -> None:
    (file,) = folder.glob("polku.db.archive/*/journey_closed.parquet")
    file.write_bytes(file.read_bytes()[:-1])

    said = report(run)

    assert said.code == 1
    assert "the archive is damaged" in said.err
    assert "journey_closed.parquet is not as it was written" in said.err
    assert f"remove {file.parent.parent}, and it is written anew" in said.err


def test_a_report_and_what_came_of_it_are_read_in_finnish(
    run: Polku, folder: Path, usual: str
) -> None:
    later(("journey:n1", referred("new", date(2025, 9, 30))))
    file, finnish = str(folder / "then.json"), ("--language", "fi")
    Path(file).write_text(usual, "utf-8")
    drawn = {
        option: [run("report", option, file, *more) for more in ((), finnish, finnish)]
        for option in ("--verify", "--then")
    }
    drawn["--programme"] = [report(run, *more) for more in ((), finnish, finnish)]
    for option, (english, first, again) in drawn.items():
        assert (english.code, first.code) == (0, 0), first.err
        assert first.out == again.out != english.out
        for word in ("Indicator", "Position", "Then", "agree", "Happened", "As at", "Missing"):
            assert word not in first.out, (option, word)
    assert "lukua täsmää" in drawn["--verify"][1].out
    assert "Kirjaukset, jotka tekevät eron" in drawn["--then"][1].out
    assert "Indikaattori" in drawn["--programme"][1].out

    opened = run("report", "--programme", "duunipolku", "--open", "clients", *finnish)
    assert "lasketaan mukaan" in opened.out
    nothing = run("report", "--verify", "nothing.json", *finnish)
    assert (nothing.code, "sellaista tiedostoa ei ole" in nothing.err) == (2, True)


def test_a_report_as_json_is_the_same_document_in_every_language(run: Polku, folder: Path) -> None:
    """It is what --verify computes again."""
    assert report(run, "--json").out == report(run, "--json", "--language", "it").out
