"""`polku audit`: history, decisions, corrections, differences, samples and overviews."""

import json

import pytest

SAMPLE = ("sample", "--size", "3", "--seed", "s")


def audit(told, *arguments):
    said = told("audit", *arguments, "--json")
    assert said.code == 0, said.err
    return said.json


def test_the_history_of_a_journey_has_both_clocks_and_both_orders(told):
    found = audit(told, "history", "journey", "j-1")
    assert [x["version"] for x in found["entries"]] == list(range(1, 13))
    interview = found["entries"][5]
    assert (interview["occurred_on"], interview["stands_on"], interview["corrected_by"]) == (
        "2025-01-20",
        "2025-01-22",
        12,
    )
    assert interview["recorded_at"] == "2025-02-10T09:00:00+00:00"
    assert interview["under"] == {"programme": "etela-savo", "version": 1}
    happened = audit(told, "history", "journey", "j-1", "--order", "happened")
    assert [x["place"] for x in happened["entries"]] == list(range(1, 13))


def test_a_person_reads_the_history(told):
    said = told("audit", "history", "journey", "j-1").out
    assert "in fact 2025-01-22" in said
    assert "[corrected by entry 12]" in said
    assert "[from kirjaamo: cases, row 1]" in told("audit", "history", "journey", "x-1").out
    assert "programme published" in told("audit", "history", "programme", "etela-savo").out


def test_a_decision_is_shown_as_it_was_made(told):
    found = audit(told, "decisions", "j-1")["decisions"]
    assert [x["event"] for x in found] == [
        "eligibility-assessed",
        "phase-entered",
        "phase-entered",
        "plan-agreed",
    ]
    verdict = found[0]
    assert [x["version"] for x in verdict["known"]] == [1]
    stated = [x for x in verdict["facts"] if x["outside"]]
    assert {x["name"]: x["value"] for x in stated} == {"months_unemployed": 14}
    assert all(rule["text"] for rule in verdict["rules"])
    assert [x["asking"] for x in verdict["again"]] == [
        "todays-knowledge",
        "todays-rule",
        "todays-rule-and-knowledge",
    ]
    said = told("audit", "decisions", "j-1", "--entry", "2").out
    assert "With today's knowledge: would decide the same" in said


def test_a_correction_is_shown_field_by_field(told):
    (one,) = audit(told, "corrections", "j-1")["corrections"]
    assert (one["entry"], one["target"], one["reason"]) == (12, 6, "the wrong day was noted")
    assert {x["field"] for x in one["changed"]} == {"note", "occurred_on"}
    assert {x["became"] for x in one["leaned"]} == {"waiting"}
    assert "occurred_on: 2025-01-20 -> 2025-01-22" in told("audit", "corrections", "j-1").out


def test_two_moments_are_compared(told):
    moments = ("--known-at", "2025-02-28..", "--as-at", "..2025-03-31")
    found = audit(told, "difference", "j-1", *moments)
    assert [(x["version"], x["how"]) for x in found["entries"]] == [
        (6, "corrected"),
        (12, "added"),
    ]
    assert [x["field"] for x in found["state"]] == ["told.on", "work_told[0].on"]
    assert "told.on: 2025-01-20 -> 2025-01-22" in told("audit", "difference", "j-1", *moments).out


def test_a_sample_is_drawn_again_by_its_certificate(told, tmp_path):
    certificate = audit(told, "sample", "--size", "5", "--seed", "spring", "--by", "programme")
    assert certificate["journeys"] == ["j-1", "x-1"]
    assert len(bytes.fromhex(certificate["root"])) == 32
    assert [x["name"] for x in certificate["strata"]] == ["elsewhere", "etela-savo"]
    narrowed = ("--where", "status=open", "--where", "organisation=mikkeli")
    assert "j-1" in told("audit", "sample", "--size", "5", "--seed", "s", *narrowed).out
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(certificate))
    assert audit(told, "sample", "--verify", str(file))["same"] is True
    forged = json.loads(json.dumps(certificate).replace("x-1", "x-2"))
    file.write_text(json.dumps(forged))
    said = told("audit", "sample", "--verify", str(file))
    assert said.code == 1
    assert "not drawn again: x-2; drawn, and not in the certificate: x-1" in said.err
    file.write_text(json.dumps(certificate).replace('"seed":', '"seed": "autumn", "seed":'))
    said = told("audit", "sample", "--verify", str(file))
    assert said.code == 2
    assert "seed is given more than once: say which is meant" in said.err


def test_late_recording_is_shown_by_organisation_and_entry(told):
    found = audit(told, "overview", "late")
    every = found["distributions"][0]
    assert (every["organisation"], every["found"], every["among"]) == (None, 4, 15)
    assert every["days"] == {"least": 0, "median": 0, "ninety": 30, "ninety_nine": 31, "most": 31}
    late = found["entries"][0]
    assert (late["stream"], late["entry"], late["days"]) == ("journey:j-1", 6, 21)
    assert len(audit(told, "overview", "late", "--limit", "1")["entries"]) == 1
    said = told("audit", "overview", "corrections").out
    assert "intake-interview-held: the wrong day was noted" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("history", "journey", "j-99"), "there is no journey 'j-99'"),
        (("history", "client", "c-99"), "nothing is recorded of the client 'c-99'"),
        (("decisions", "j-99"), "there is no journey 'j-99'"),
        (("decisions", "j-1", "--entry", "1"), "entry 1 of j-1 is no decision"),
        (("difference", "j-1", "--as-at", "2025-01-01"), "is not two moments"),
        (("difference", "j-1"), "give two moments with --as-at or --known-at"),
        (("difference", "j-1", "--as-at", ".."), "give two moments with --as-at or --known-at"),
        (("sample", "--size", "3"), "give --size and --seed"),
        ((*SAMPLE, "--where", "hair=red"), "is not TRAIT=VALUE"),
        ((*SAMPLE, "--where", "status=opne"), "'opne' is no status; there are not-begun"),
        ((*SAMPLE, "--where", "phase=work"), "'work' is no phase; there are intake"),
        (
            (*SAMPLE, "--where", "status=open", "--where", "status=paused"),
            "status is given more than once",
        ),
        (("sample", "--verify", "no-such-file"), "no-such-file cannot be read"),
        (("overview", "hair"), "Invalid value for 'kind': 'hair' is not one of"),
        (("history", "case", "j-1"), "'case' is not one of"),
    ],
)
def test_what_cannot_be_told_is_named(told, arguments, said):
    answer = told("audit", *arguments)
    assert answer.code == 2
    assert said in answer.err
