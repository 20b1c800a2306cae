"""Reports posted back, opened, issued and restated over HTTP."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from application import programmes
from application.evaluation.issued import event_of
from application.evaluation.issuing import report
from application.evaluation.kept_report import read_report
from application.evaluation.opening import Behind, behind
from application.evaluation.preparing import again, prepare
from application.evaluation.report import Report
from application.evaluation.restating import STEPS, restate
from application.jobs import Cancelled
from application.transact import Asked
from domain.entry import By
from interfaces import bootstrap
from interfaces.http import figures
from interfaces.http.reporting import Steps, desk_of
from tests.interfaces.http.acting import headers
from tests.interfaces.http.desk import AUDITOR, EVALUATOR, LEAD, MANAGER
from tests.interfaces.http.evaluation_house import Asks, House, job, result_of
from tests.interfaces.reported import record, referred

OWN_MANAGER = replace(MANAGER, programmes=frozenset({"duunipolku"}))
OTHER_MANAGER = replace(MANAGER, person="manager-2", programmes=frozenset({"askel"}))
ASKED = {
    "programme": "duunipolku",
    "as_at": "2025-10-01",
    "indicators": ["clients", "under-30"],
    "threshold": 0,
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with ExitStack() as opened:
        yield House(tmp_path_factory.mktemp("again"), opened)


@pytest.fixture(scope="module")
def asks(house: House) -> Asks:
    return house.asks


@pytest.fixture(scope="module")
def kept(asks: Asks) -> dict[str, Any]:
    return kept_by(asks)


@pytest.fixture(scope="module")
def issued(asks: Asks, kept: dict[str, Any]) -> dict[str, Any]:
    return issued_by(asks, kept)


def kept_by(asks: Asks) -> dict[str, Any]:
    """A report of the first day, and the job that made it."""
    asking = asks(OWN_MANAGER)
    told = job(asking, "/reports", ASKED)
    return {"job": told["id"], "report": asking.get(told["links"]["result"]).json()}


def issued_by(asks: Asks, kept: dict[str, Any]) -> dict[str, Any]:
    """The report, issued."""
    sent = {"report": kept["job"]}
    answer = asks(OWN_MANAGER).post("/issued-reports", json=sent, headers=headers("issue"))
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture
def moved_on(tmp_path: Path) -> Iterator[House]:
    """A house of its own: what is recorded in it, the other tests do not find."""
    with ExitStack() as opened:
        yield House(tmp_path, opened)


def test_a_report_that_is_posted_back_is_computed_again_figure_by_figure(asks, kept):
    told = result_of(asks(OWN_MANAGER), "/verifications", {"report": kept["report"]}).json()
    assert (told["stands"], told["differences"]) == (True, [])
    assert {one["agrees"] for one in told["figures"]} == {True}
    forged = json.loads(json.dumps(kept["report"]))
    forged["tables"][0]["figures"][0]["value"] = 4
    told = result_of(asks(OWN_MANAGER), "/verifications", {"report": forged}).json()
    differing = [one for one in told["figures"] if not one["agrees"]]
    assert (told["stands"], told["issued"]) == (False, None)
    assert [(x["reported"]["value"], x["again"]["value"]) for x in differing] == [(4, 3)]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"position": 10**9}, "/report/position"),
        ({"threshold": 4}, "/report/threshold"),
        ({"as_at": "2025-13-01"}, "/report"),
        ({"root": "no"}, "/report/root"),
        ({"asked": {"indicators": [], "by": [], "sets": ["mine"], "settings": {}}}, None),
    ],
)
def test_what_is_no_report_of_this_log_or_not_for_this_person_is_refused(
    asks, kept, change, pointer
):
    body = {"report": kept["report"] | {"threshold": 5} | change}
    for way in ("/verifications", "/restatements"):
        answer = asks(EVALUATOR).post(way, json=body)
        assert answer.status_code == 422, answer.text
        said = answer.json()["errors"][0]["pointer"]
        assert said == (pointer or "/report/asked/sets")


@pytest.mark.parametrize("way", ["/verifications", "/restatements"])
def test_one_says_which_report_is_meant(asks, kept, issued, way):
    for body in ({}, {"report": kept["report"], "issued": issued["report"]}):
        assert asks(AUDITOR).post(way, json=body).status_code == 422
    answer = asks(AUDITOR).post(way, json={"issued": "0" * 32})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-report")
    few = asks(EVALUATOR).post(way, json={"issued": issued["report"]})
    assert (few.status_code, few.json()["errors"][0]["pointer"]) == (422, "/issued")
    other = asks(OTHER_MANAGER).post(way, json={"issued": issued["report"]})
    assert (other.status_code, other.json()["reason"]) == (403, "not-own-programme")


def test_a_figure_opens_to_journeys_and_entries_and_names_nobody(asks):
    group = {"indicator": "under-30", "breakdown": ["referred_to"], "key": ["tampere"]}
    answer = result_of(asks(OWN_MANAGER), "/figures", ASKED | group)
    told = answer.json()
    assert [(one["journey"], one["counts"]) for one in told["journeys"]] == [
        ("a1", True),
        ("t1", True),
    ]
    assert told["figure"]["value"] == 1
    assert [entry["event"] for entry in told["journeys"][1]["entries"]] == [
        "referral-made",
        "referral-accepted",
    ]
    assert "Aino" not in answer.text


def test_what_a_report_withholds_no_opening_tells(asks):
    small = ASKED | {"threshold": 5, "indicator": "clients"}
    told = job(asks(EVALUATOR), "/figures", small)
    assert (told["state"], told["links"]["result"]) == ("failed", None)
    assert told["problem"].startswith("this figure is withheld")
    none = job(asks(OWN_MANAGER), "/figures", ASKED | {"indicator": "none"})
    assert none["problem"].startswith("the report has no such figure")
    refused = asks(EVALUATOR).post("/figures", json=ASKED | {"indicator": "clients"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/threshold")
    uneven = ASKED | {"indicator": "clients", "key": ["tampere"]}
    assert asks(OWN_MANAGER).post("/figures", json=uneven).status_code == 422


@pytest.mark.parametrize("missing", [2, None])
def test_of_whom_it_is_not_known_is_told_where_the_report_tells_how_many(
    asks, monkeypatch, missing
):
    def withholding(*given: Any) -> Report:
        made = report(*given)
        (table,) = [one for one in made.tables if one.by == ("referred_to",)]
        without = tuple(replace(one, missing=missing) for one in table.figures)
        return replace(made, tables=(replace(table, figures=without),))

    unknown = (
        Behind("x1", None, None, None, (), ()),
        Behind("x2", None, True, None, (None,), ()),
        Behind("x3", None, True, 4, (4, None), ()),
    )
    monkeypatch.setattr(figures, "report", withholding)
    monkeypatch.setattr(figures, "behind", lambda *given: (*behind(*given), *unknown))
    group = {"indicator": "under-30", "breakdown": ["referred_to"], "key": ["tampere"]}
    asked = ASKED | group | {"indicators": ["under-30"]}
    told = result_of(asks(OWN_MANAGER), "/figures", asked).json()
    names = [one["journey"] for one in told["journeys"]]
    assert names == (["a1", "t1", "x3"] if missing is None else ["a1", "t1", "x1", "x2", "x3"])
    assert told["journeys"][-1]["each"] == ([4] if missing is None else [4, None])


def test_a_report_is_issued_once_and_found_by_its_id(asks, kept, issued):
    asking, sent = asks(OWN_MANAGER), {"report": kept["job"]}
    id_ = issued["report"]
    assert issued["links"] == {"self": f"/issued-reports/{id_}"}
    again = asking.post("/issued-reports", json=sent, headers=headers("issue"))
    assert (again.json()["report"], again.headers["idempotency-replayed"]) == (id_, "true")
    anew = asking.post("/issued-reports", json=sent, headers=headers("issue-anew"))
    assert (anew.status_code, anew.json()["entries"]) == (200, [])

    told = asking.get(f"/issued-reports/{id_}").json()
    assert (told["programme"], told["person"]) == ("duunipolku", "manager-1")
    assert told["basis"]["root"] == kept["report"]["root"]
    assert told["basis"]["position"] == kept["report"]["position"]
    listed = asking.get("/issued-reports?programme=duunipolku&limit=1").json()
    assert [one["report"] for one in listed["items"]] == [id_]
    assert asks(OTHER_MANAGER).get("/issued-reports").json()["items"] == []


def test_the_day_is_that_where_the_programme_is_run(moved_on):
    """It is past midnight in Helsinki, where other programmes are run, and not yet in Rome."""
    office, clock = moved_on.parts.office, moved_on.clock
    text = bootstrap.shipped_definitions()["follow-me"]
    asked = Asked(By("anna", "cpi-torino"), date(2025, 11, 3))
    programmes.publish(office.programmes, asked, text, "follow-me.yaml")
    clock.instant = datetime(2025, 11, 30, 22, 30, tzinfo=UTC)
    asking = moved_on.asks(replace(MANAGER, programmes=frozenset({"follow-me"})))
    made = job(asking, "/reports", {"programme": "follow-me", "indicators": ["clients"]})
    sent = {"report": made["id"]}
    answer = asking.post("/issued-reports", json=sent, headers=headers("issue"))
    assert answer.status_code == 201, answer.text

    told = asking.get(answer.json()["links"]["self"]).json()
    assert told["issued_on"] == "2025-11-30"


def test_an_issued_report_is_verified_restated_and_audited(moved_on):
    """After it was issued, one more client of September is recorded."""
    asks = moved_on.asks
    kept = kept_by(asks)
    asking, id_ = asks(OWN_MANAGER), issued_by(asks, kept)["report"]
    new = referred("new", date(2025, 9, 30))
    record(moved_on.parts.office, moved_on.clock, "journey:n1", *new)
    verified = result_of(asking, "/verifications", {"issued": id_}).json()
    assert (verified["stands"], verified["issued"]["restated"]) == (True, 0)

    posted = result_of(asking, "/restatements", {"report": kept["report"]}).json()
    told = job(asking, "/restatements", {"issued": id_})
    found = asking.get(told["links"]["result"]).json()
    assert found == posted
    assert (found["report"], found["then"]) == (id_, posted["then"])
    causes = {c["position"] for one in found["changed"] for c in one["causes"]}
    assert {c["how"] for one in found["changed"] for c in one["causes"]} == {"late"}
    sent = {"restatement": told["id"], "reason": "A referral came late."}
    way = f"/issued-reports/{id_}/restatements"
    for key, status in (("restate", 201), ("restate-anew", 200)):
        version = asking.get(f"/issued-reports/{id_}").headers["etag"]
        known = {"Idempotency-Key": key, "If-Match": version}
        answer = asking.post(way, json=sent, headers=known)
        assert answer.status_code == status, answer.text
    (restated,) = asking.get(f"/issued-reports/{id_}").json()["restated"]
    assert (restated["reason"], restated["causes"]) == ("A referral came late.", sorted(causes))
    assert restated["changed"] == len(found["changed"])
    items = asks(AUDITOR).get(f"/audit/reports/{id_}/history").json()["items"]
    assert [one["kind"] for one in items] == ["report-issued", "report-restated"]


def test_a_restatement_is_broken_off_also_while_entries_are_left_out(moved_on):
    given = read_report(json.dumps(kept_by(moved_on.asks)["report"]))
    new = referred("new", date(2025, 9, 30))
    record(moved_on.parts.office, moved_on.clock, "journey:n1", *new)
    evaluating, question = moved_on.parts.evaluating, again(given)

    first, all_ = Patient(), Patient()
    desk = desk_of(evaluating, question, first)
    report(desk, prepare(desk, question))
    restate(desk_of(evaluating, question, all_), given)

    assert all_.asked > 2 * first.asked
    for most in (first.asked - 1, all_.asked - 1):
        with pytest.raises(Cancelled):
            restate(desk_of(evaluating, question, Patient(most)), given)


def test_a_restatement_tells_how_far_it_is(moved_on):
    given = read_report(json.dumps(kept_by(moved_on.asks)["report"]))
    new = referred("new", date(2025, 9, 30))
    record(moved_on.parts.office, moved_on.clock, "journey:n1", *new)
    heard = Patient()
    steps = Steps(heard)
    found = restate(desk_of(moved_on.parts.evaluating, again(given), steps), given, steps.progress)

    assert found.changed
    told = heard.told[heard.told.index((0, STEPS)) :]
    assert {all_ for _, all_ in told} == {STEPS}, (
        "what the archive is asked meanwhile says the same"
    )
    done = list(dict.fromkeys(done for done, _ in told))
    assert done == [*range(len(done) - 1), STEPS]
    assert len(done) > 5


class Patient:
    """Waits until the archive was asked so often."""

    def __init__(self, most=10**6):
        self.most, self.asked, self.told = most, 0, []

    def progress(self, done, all_):
        self.asked += 1
        self.told.append((done, all_))
        if self.asked > self.most:
            raise Cancelled


def test_an_issued_report_whose_figures_are_others_by_now_is_not_restated_by_its_id(moved_on):
    """Its figures of then cannot be told from the log: only who kept them can give them."""
    asking, other = moved_on.asks(OWN_MANAGER), "f" * 32
    report = read_report(json.dumps(kept_by(moved_on.asks)["report"]))
    issued = replace(event_of(report), figures_digest="0" * 64)
    record(moved_on.parts.office, moved_on.clock, f"report:{other}", (date(2025, 10, 1), issued))
    told = job(asking, "/restatements", {"issued": other})
    assert told["state"] == "failed"
    assert told["problem"].startswith("its figures of then can be computed no more")


def test_who_may_issue_and_who_may_see(asks, kept, issued):
    id_ = issued["report"]
    bodies = {
        "/figures": ASKED | {"indicator": "clients"},
        "/verifications": {"report": kept["report"]},
        "/restatements": {"report": kept["report"]},
    }
    for way, body in bodies.items():
        answers = [asks(who).post(way, json=body) for who in (LEAD, OTHER_MANAGER)]
        reasons = [(one.status_code, one.json()["reason"]) for one in answers]
        assert reasons == [(403, "not-in-role"), (403, "not-own-programme")], way
    assert asks(LEAD).get(f"/issued-reports/{id_}").status_code == 403
    assert asks(OTHER_MANAGER).get(f"/issued-reports/{id_}").status_code == 403
    sent = {"report": kept["job"]}
    assert asks(AUDITOR).post("/issued-reports", json=sent, headers=headers("a")).status_code == 403
    other = asks(EVALUATOR).post("/issued-reports", json=sent, headers=headers("b"))
    assert (other.status_code, other.json()["code"]) == (404, "unknown-job")
    audit = asks(AUDITOR).get(f"/audit/reports/{'0' * 32}/history")
    assert (audit.status_code, audit.json()["code"]) == (404, "unknown-report")
