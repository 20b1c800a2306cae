"""Reports, replays and exports over HTTP: made as jobs, by whom, in which form, and broken off."""

import csv
import errno
import html
import io
import json
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from application.evaluation.kept_report import read_report
from application.jobs import DIED, owner_of
from application.office import Office
from application.scope import Scope
from domain.journey import events as e
from infrastructure.event_names import UnreadableEvent
from infrastructure.jobs import FolderJobs, Limits
from interfaces import bootstrap
from tests.interfaces.conftest import Clock
from tests.interfaces.http.conftest import ClientOf
from tests.interfaces.http.conftest import clients_on as application_on
from tests.interfaces.http.desk import AUDITOR, EVALUATOR, LEAD, MANAGER, as_client
from tests.interfaces.http.evaluation_house import (
    SECONDS,
    Asks,
    House,
    ended,
    job,
    result_of,
)
from tests.interfaces.reported import record, register

CANNOT_BE_READ = (
    "an entry of the log cannot be read: whoever runs the service sees which one with "
    "`polku export parquet`"
)
OWN_MANAGER = replace(MANAGER, programmes=frozenset({"duunipolku"}))
COLLEAGUE = replace(EVALUATOR, person="evaluator-2")
PROGRAMME = {"programme": "duunipolku"}
WAYS = {
    "/reports": PROGRAMME,
    "/replays": PROGRAMME | {"definition": bootstrap.shipped_definitions()["duunipolku"]},
    "/exports": PROGRAMME | {"format": "csv"},
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with ExitStack() as opened:
        yield House(tmp_path_factory.mktemp("house"), opened)


@pytest.fixture(scope="module")
def asks(house: House) -> Asks:
    return house.asks


def made(asking: TestClient, way: str, **more: Any) -> dict[str, Any]:
    return job(asking, way, WAYS[way] | more)


def result(asking: TestClient, way: str, **more: Any) -> Any:
    return result_of(asking, way, WAYS[way] | more)


class Waiting:
    """A job that lasts until the test lets it go."""

    def __init__(self, house: House, who: Scope, kind: str = "report") -> None:
        self.may_end = Event()
        self.jobs = house.parts.evaluating.jobs  # type: ignore[union-attr]
        self.id = self.jobs.begin(kind, owner_of(who), self._work).id

    def _work(self, doing: Any) -> Path:
        while not self.may_end.wait(0.01):
            doing.progress(3, 9)
        raise AssertionError("nobody waits for it")

    def __enter__(self) -> str:
        return f"/reports/{self.id}"

    def __exit__(self, *_: object) -> None:
        self.jobs.cancel(self.id)


def test_a_report_is_that_of_the_command_line_and_can_be_computed_again(asks):
    asked = {"as_at": "2025-10-01", "by": ["gender"], "indicators": ["clients", "under-30"]}
    answer = result(asks(EVALUATOR), "/reports", **asked)
    report = read_report(answer.text)
    assert answer.headers["content-type"] == "application/json"
    assert (report.programme, str(report.as_at), report.threshold) == (
        "duunipolku",
        "2025-10-01",
        5,
    )
    assert report.root
    assert {table.indicator for table in report.tables} == {"clients", "under-30"}
    assert ("gender",) in {table.by for table in report.tables}
    assert {f.value for t in report.tables for f in t.figures} <= {None, 0}
    assert any(f.suppressed for t in report.tables for f in t.figures)
    assert answer.text == result(asks(EVALUATOR), "/reports", **asked).text


def test_a_report_comes_in_every_form_by_format_or_accept(asks):
    asking = asks(OWN_MANAGER)
    place = made(asking, "/reports", threshold=0, indicators=["clients"])["links"]["result"]
    lines = list(csv.DictReader(io.StringIO(asking.get(f"{place}?format=csv").text)))
    assert lines[0]["value"] == "3"
    sheet = asking.get(f"{place}?format=xlsx")
    assert openpyxl.load_workbook(io.BytesIO(sheet.content)).sheetnames
    page = asking.get(place, headers={"accept": "text/html,*/*", "accept-language": "fi"})
    assert '<html lang="fi"' in page.text
    assert page.headers["content-disposition"] == 'attachment; filename="report.html"'
    assert read_report(asking.get(place, headers={"accept": "*/*"}).text).threshold == 0
    assert asking.get(f"{place}?format=pdf").status_code == 422


def test_the_charts_of_a_report_are_told_and_each_is_a_picture(asks):
    asking = asks(OWN_MANAGER)
    few = ["clients", "under-30"]
    place = made(asking, "/reports", threshold=0, indicators=few)["links"]["self"]
    page = asking.get(f"{place}/result?format=html").text
    told = asking.get(f"{place}/charts", headers={"accept-language": "fi"}).json()["items"]
    english = asking.get(f"{place}/charts").json()["items"]
    assert [one["id"] for one in told] == [one["id"] for one in english]
    assert [one["title"] for one in told] != [one["title"] for one in english]
    assert page.count("data:image/svg+xml") == len(english) > 1
    for one in english:
        assert one["text"] in html.unescape(page)
        svg = asking.get(one["svg"])
        assert svg.headers["content-type"] == "image/svg+xml"
        assert svg.headers["content-disposition"] == f'attachment; filename="{one["id"]}.svg"'
        assert "Path to a job, " in svg.text
        png = asking.get(one["png"])
        assert png.headers["content-type"] == "image/png"
        assert png.content.startswith(b"\x89PNG\r\n\x1a\n")
    accepted = asking.get(f"{place}/charts/{one['id']}", headers={"accept": "image/png, */*"})
    assert accepted.content == png.content


def test_charts_that_are_not_there_are_not_told(house, asks):
    place = made(asks(EVALUATOR), "/reports", indicators=["clients"])["links"]["self"]
    unknown = asks(EVALUATOR).get(f"{place}/charts/chart-none-1")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-chart")
    for way in ("charts", "charts/chart-none-1"):
        other = asks(COLLEAGUE).get(f"{place}/{way}")
        assert (other.status_code, other.json()["code"]) == (404, "unknown-job")
        with Waiting(house, EVALUATOR) as waiting:
            early = asks(EVALUATOR).get(f"{waiting}/{way}")
            assert (early.status_code, early.json()["code"]) == (409, "no-result")


def test_the_common_indicators_come_with_polku_and_no_file_is_read(asks):
    asking = asks(AUDITOR)
    told = json.loads(result(asking, "/reports", sets=["esf-plus"], threshold=0).text)
    assert any(table["indicator"] == "eeco01" for table in told["tables"])
    for name in ("/etc/passwd", "../esf-plus", "none"):
        answer = asking.post("/reports", json=PROGRAMME | {"sets": [name]})
        assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, "body"), name


def test_a_report_that_cannot_be_made_says_why_and_has_no_result(asks):
    asking = asks(EVALUATOR)
    told = made(asking, "/reports", indicators=["none"])
    assert (told["state"], told["links"]["result"]) == ("failed", None)
    assert told["problem"].startswith("there is no indicator none")
    finnish = {"accept-language": "fi"}
    place = told["links"]["self"]
    again = asks(AUDITOR).get(place, headers=finnish).json()
    assert again["problem"].startswith("indikaattoria none ei ole")
    no_result = asks(AUDITOR).get(f"{place}/result", headers=finnish).json()
    assert (no_result["status"], no_result["detail"]) == (409, again["problem"])
    answer = asking.get(f"{told['links']['self']}/result")
    assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (
        409,
        "no-result",
        "failed",
    )
    assert made(asking, "/reports", by=["no_such_column"])["state"] == "failed"


def test_who_sees_no_journeys_cannot_have_small_groups_shown(asks):
    answer = asks(EVALUATOR).post("/reports", json=PROGRAMME | {"threshold": 4})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/threshold")


@pytest.mark.parametrize(
    ("given", "pointer"),
    [({"settings": {"long_term_months": False}}, "/settings/long_term_months"),
     ({"threshold": True}, "/threshold")],
)  # fmt: skip
def test_a_setting_is_a_number(asks, given, pointer):
    body = {"programme": "duunipolku", "sets": ["esf-plus"], **given}
    answer = asks(AUDITOR).post("/reports", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_settings_take_the_place_of_those_of_a_set(asks):
    asked = {"sets": ["esf-plus"], "indicators": ["eeco03"], "threshold": 0}
    usual = read_report(result(asks(AUDITOR), "/reports", **asked).text)
    longer = {"long_term_months": 24, "long_term_months_young": 24}
    other = read_report(result(asks(AUDITOR), "/reports", **asked, settings=longer).text)
    first = [report.tables[0].figures[0].value for report in (usual, other)]
    assert first == [1, 0]
    assert other.asked["settings"] == longer
    told = made(asks(AUDITOR), "/reports", **asked, settings={"long_term": 24})
    assert told["problem"].startswith("there is no setting long_term; there are: long_term_months")


def test_a_replay_tells_what_would_have_been_and_names_nobody(asks):
    answer = result(asks(EVALUATOR), "/replays", **{"from": "2025-02-01"})
    told = answer.json()
    assert (told["programme"], told["since"], told["in_all"]["journeys"]) == (
        "duunipolku",
        "2025-02-01",
        4,
    )
    assert {case["name"] for case in told["cases"]} <= {None}
    assert "Aino" not in answer.text


def test_a_definition_that_cannot_be_used_is_refused_at_once(asks):
    asking = asks(EVALUATOR)
    for text, code in (("version: 1", 422), (bootstrap.shipped_definitions()["askel"], 422)):
        answer = asking.post("/replays", json=PROGRAMME | {"definition": text})
        assert answer.status_code == code
        assert answer.json()["errors"][0]["pointer"] == "/definition"


@pytest.mark.parametrize(
    ("form", "begins", "media"),
    [
        ("xes", b"<?xml", "application/xml"),
        ("ocel-json", b"{", "application/json"),
        ("ocel-sqlite", b"SQLite format 3", "application/vnd.sqlite3"),
        ("csv", b"journey,client,programme", "text/csv"),
        ("cloudevents", b'{"specversion"', "application/x-ndjson"),
    ],
)
def test_journeys_are_exported_in_every_form_and_name_nobody(asks, form, begins, media):
    answer = result(asks(EVALUATOR), "/exports", format=form)
    assert answer.headers["content-type"].partition(";")[0] == media
    assert answer.content.lstrip().startswith(begins), answer.content[:100]
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert b"Aino" not in answer.content


def test_an_export_is_as_known_at_the_moment_that_is_asked_for(asks):
    asking = asks(EVALUATOR)
    now = result(asking, "/exports").text.splitlines()
    then = result(asking, "/exports", as_at="2025-01-20", known_at="2025-06-01").text.splitlines()
    assert 1 < len(then) < len(now)


def test_an_export_that_is_done_has_passed_over_the_whole_log(house, asks):
    told = job(asks(EVALUATOR), "/exports", PROGRAMME | {"format": "csv"})
    assert told["done"] == told["all"] == house.parts.office.log.position()


def test_the_archive_is_exported_as_a_whole(asks):
    asking = asks(EVALUATOR)
    answer = asking.post("/exports", json={"format": "parquet"})
    told = ended(asking, answer.headers["location"])
    files = zipfile.ZipFile(io.BytesIO(asking.get(told["links"]["result"]).content)).namelist()
    assert told["done"] == told["all"] == len(files)
    assert "dictionary.md" in files
    assert any(name.startswith("entries/") for name in files)
    refused = asking.post("/exports", json=PROGRAMME | {"format": "parquet"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/format")


@pytest.mark.parametrize("way", WAYS)
def test_only_evaluators_auditors_and_the_programmes_manager_may_ask(asks, way):
    for who in (LEAD, as_client("again")):
        answer = asks(who).post(way, json=WAYS[way])
        assert (answer.status_code, answer.json()["reason"]) == (403, "not-in-role")
    answer = asks(MANAGER).post(way, json=WAYS[way])
    assert (answer.status_code, answer.json()["reason"]) == (403, "not-own-programme")
    for who in (OWN_MANAGER, AUDITOR):
        assert made(asks(who), way)["state"] == "done"


def test_a_manager_cannot_export_what_is_of_all_programmes(asks):
    for body in ({"format": "parquet"}, {"format": "csv"}):
        answer = asks(OWN_MANAGER).post("/exports", json=body)
        assert (answer.status_code, answer.json()["reason"]) == (403, "not-own-programme")


@pytest.mark.parametrize("way", WAYS)
def test_a_programme_that_there_is_not_is_told_at_once(asks, way):
    answer = asks(EVALUATOR).post(way, json=WAYS[way] | {"programme": "none"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-programme")


def brought_in(office: Office, clock: Clock) -> None:
    """Record a journey of a programme that another system told of, and nobody published."""
    register(office, clock, "one", "female", 1990)
    referral = e.ReferralMade("one", "spells", 0, "register", "register", "register")
    record(office, clock, "journey:s1", (date(2025, 1, 10), referral))
    clock.put(date(2025, 10, 1))


def test_a_programme_that_another_system_told_of_is_answered_as_on_the_command_line(tmp_path):
    with ExitStack() as opened:
        house = House(tmp_path, opened, brought_in)
        assert house.parts.views.wait_for(house.parts.office.log.position(), SECONDS)
        asked = {"programme": "spells", "format": "csv"}
        for who in (EVALUATOR, replace(MANAGER, programmes=frozenset({"spells"}))):
            (told,) = csv.DictReader(
                io.StringIO(result_of(house.asks(who), "/exports", asked).text)
            )
            assert (told["journey"], told["programme"]) == ("s1", "spells")
        of = {"programme": "spells", "from": "referral-made", "until": "journey-closed"}
        told = result_of(house.asks(EVALUATOR), "/evaluations/survival", of).json()
        assert told["programme"] == "spells"
        answer = house.asks(EVALUATOR).post("/reports", json={"programme": "spells"})
        assert answer.status_code == 404, "a report stands on a definition"
        for code in ("none", "spell"):
            answer = house.asks(EVALUATOR).post("/exports", json=asked | {"programme": code})
            assert (answer.status_code, answer.json()["code"]) == (404, "unknown-programme")
        answer = house.asks(OWN_MANAGER).post("/exports", json=asked)
        assert (answer.status_code, answer.json()["reason"]) == (403, "not-own-programme")


def test_a_job_is_for_who_asked_and_for_auditors(house, asks):
    with Waiting(house, EVALUATOR) as place:
        assert asks(EVALUATOR).get(place).status_code == 200
        assert asks(AUDITOR).get(place).status_code == 200
        for who in (COLLEAGUE, OWN_MANAGER, replace(EVALUATOR, organisation="other")):
            for answer in (asks(who).get(place), asks(who).delete(place)):
                assert (answer.status_code, answer.json()["code"]) == (404, "unknown-job")
        assert asks(LEAD).get(place).status_code == 403
        assert asks(EVALUATOR).get(place.replace("reports", "exports")).status_code == 404
        assert asks(EVALUATOR).get(f"/reports/{'0' * 32}").status_code == 404
        assert asks(EVALUATOR).get("/reports/..%2Fstate").status_code in (404, 422)


@pytest.mark.parametrize("way", WAYS)
def test_a_manager_who_answers_for_a_programme_no_more_is_told_nothing_of_it(asks, way):
    place = made(asks(OWN_MANAGER), way)["links"]["self"]
    elsewhere = asks(replace(OWN_MANAGER, programmes=frozenset({"askel"})))
    for what in (place, f"{place}/result"):
        assert elsewhere.get(what).json()["code"] == "unknown-job"
    assert elsewhere.delete(place).status_code == 404
    assert asks(OWN_MANAGER).get(f"{place}/result").status_code == 200


def test_an_auditor_breaks_off_no_job_of_others_and_removes_nothing_of_theirs(house, asks):
    with Waiting(house, EVALUATOR) as place:
        answer = asks(AUDITOR).delete(place)
        assert (answer.status_code, answer.json()["reason"]) == (403, "not-in-role")
        assert asks(EVALUATOR).get(place).json()["state"] in ("waiting", "running")
    with Waiting(house, AUDITOR) as place:
        assert asks(AUDITOR).delete(place).json()["state"] == "cancelled"


def test_a_job_tells_how_far_it_is_and_is_cancelled_once_and_again(house, asks):
    asking = asks(EVALUATOR)
    with Waiting(house, EVALUATOR) as place:
        until = monotonic() + SECONDS
        while (told := asking.get(place).json())["done"] == 0 and monotonic() < until:
            sleep(0.02)
        assert (told["state"], told["done"], told["all"]) == ("running", 3, 9)
        early = asking.get(f"{place}/result")
        assert (early.status_code, early.json()["state"]) == (409, "running")
        for _ in range(2):
            answer = asking.delete(place)
            assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert asking.get(f"{place}/result").json()["state"] == "cancelled"


@pytest.mark.parametrize("way", WAYS)
def test_what_is_done_can_be_removed(asks, way):
    asking = asks(EVALUATOR)
    told = made(asking, way)
    place = told["links"]["self"]
    assert asking.delete(place).json()["state"] == "cancelled"
    assert asking.get(told["links"]["result"]).status_code == 409
    assert asking.get(place).json()["links"]["result"] is None


def test_so_many_of_ones_own_may_wait(house, asks):
    asking = asks(COLLEAGUE)
    waiting = [Waiting(house, COLLEAGUE) for _ in range(3)]
    answer = asking.post("/reports", json=PROGRAMME)
    assert (answer.status_code, answer.json()["code"]) == (429, "rate")
    assert int(answer.headers["retry-after"]) > 0
    for one in waiting:
        one.__exit__()
    assert made(asking, "/reports")["state"] == "done"


def on(house: House, jobs: FolderJobs) -> Iterator[ClientOf]:
    """Give clients of another process of the service, which has the jobs of a folder."""
    evaluating = replace(house.parts.evaluating, jobs=jobs)  # type: ignore[type-var]
    return application_on(replace(house.parts, evaluating=evaluating))


def test_so_many_may_wait_in_all(house, tmp_path):
    with FolderJobs(tmp_path, house.clock, Limits(waiting=0)) as jobs:
        for asks in on(house, jobs):
            answer = asks(EVALUATOR).post("/exports", json=WAYS["/exports"])
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert "retry-after" in answer.headers


def endless(doing: Any) -> Path:
    while True:
        doing.progress(1, 2)
        sleep(0.01)


def test_what_a_process_left_undone_has_failed_for_the_others(house, tmp_path):
    with FolderJobs(tmp_path, house.clock) as stopped:
        left = [stopped.begin("export", owner_of(EVALUATOR), endless) for _ in range(2)]
    with FolderJobs(tmp_path, house.clock) as jobs:
        for asks in on(house, jobs):
            for job in left:
                told = asks(EVALUATOR).get(f"/exports/{job.id}").json()
                assert (told["state"], told["problem"]) == ("failed", DIED)


def failing(error: Exception) -> Any:
    def fail(*_: Any) -> Any:
        raise error

    return fail


def of_the_archive(error: Exception) -> Exception:
    told = bootstrap.Unusable("the archive /srv/polku.db.archive cannot be used")
    told.__cause__ = error
    return told


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
NO_ROOM = "the service has no room or no files left just now: try again in a moment"


@pytest.mark.parametrize(
    ("form", "error", "problem"),
    [
        ("csv", FULL, NO_ROOM),
        ("ocel-sqlite", FULL, NO_ROOM),
        ("parquet", of_the_archive(FULL), NO_ROOM),
        (
            "csv",
            sqlite3.OperationalError("unable to open database file"),
            "the database does not answer: try again in a moment",
        ),
        ("csv", UnreadableEvent("position 7 of the log cannot be read"), CANNOT_BE_READ),
        ("parquet", UnreadableEvent("position 7 of the log cannot be read"), CANNOT_BE_READ),
    ],
)
def test_what_a_job_could_not_stand_on_is_no_fault_of_polku_and_can_be_asked_again(
    house, tmp_path, form, error, problem
):
    """Also where what failed is told by what names folders of the service."""
    asked = {"format": form} if form == "parquet" else {**PROGRAMME, "format": form}
    fails = failing(error)
    with capture_logs() as logged, FolderJobs(tmp_path, house.clock) as jobs:
        evaluating = replace(house.parts.evaluating, jobs=jobs, journeys=fails, copy=fails)  # type: ignore[type-var]
        for asks in application_on(replace(house.parts, evaluating=evaluating)):
            told = job(asks(EVALUATOR), "/exports", asked)
    assert (told["state"], told["problem"]) == ("failed", problem)
    assert "job-not-served" in {one["event"] for one in logged}


def test_nobody_is_told_of_a_job_that_was_kept_long_enough(house, tmp_path):
    with FolderJobs(tmp_path, house.clock, Limits(kept=timedelta(0))) as jobs:
        for asks in on(house, jobs):
            place = asks(EVALUATOR).post("/exports", json=WAYS["/exports"]).headers["location"]
            house.clock.instant += timedelta(seconds=1)
            assert asks(EVALUATOR).get(place).status_code == 404


def test_a_service_that_makes_none_says_so(memory_client_of):
    answer = memory_client_of(EVALUATOR).post("/reports", json=PROGRAMME)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_it_is_so_on_both_databases(client_of):
    asking = client_of(EVALUATOR)
    assert read_report(result(asking, "/reports").text).position > 0
    assert result(asking, "/replays").json()["in_all"]["journeys"] == 0
    assert result(asking, "/exports").text.count("\n") == 1


def test_what_came_of_a_job_is_told_in_the_language_of_whoever_reads_it(asks):
    """The one who asked, and an auditor, each in their own; twice the same bytes."""
    said = {}
    place = made(asks(EVALUATOR), "/replays", **{"from": "2025-02-01"})["links"]["result"]
    for who, language in ((EVALUATOR, "en"), (EVALUATOR, "fi"), (AUDITOR, "it"), (AUDITOR, "fi")):
        answer = asks(who).get(place, headers={"accept-language": language})
        assert answer.headers["content-language"] == language
        assert answer.content == said.setdefault(language, answer.content)
    told = {language: json.loads(content) for language, content in said.items()}
    unknown = {
        language: {one["code"]: one.pop("said") for one in found["unknown"]}
        for language, found in told.items()
    }
    assert unknown["en"]["not-judged"].startswith("journeys have no verdict of rules here")
    assert unknown["fi"]["not-judged"].startswith("polkua, joilla ei ole täällä")
    assert unknown["it"]["not-judged"].startswith("percorsi non hanno")
    for found in told.values():
        for case in found["cases"]:
            del case["sentences"], case["phases"], case["verdicts"]
    assert told["en"] == told["fi"] == told["it"]

    again = result(asks(EVALUATOR), "/replays", **{"from": "2025-02-01"})
    assert again.content == said["en"]
