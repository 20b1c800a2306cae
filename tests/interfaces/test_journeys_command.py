"""`polku journeys`: the list, and one journey under either clock."""

import pytest

SHOW_KEYS = {
    *("journey", "clocks", "client", "programme", "definition_version", "organisation", "status"),
    *("phase", "since", "responsible", "plan", "services", "placements", "deadlines", "reviews"),
    *("closing", "history"),
}
LINE_KEYS = {
    *("version", "position", "occurred_on", "recorded_at", "source", "person", "organisation"),
    *("event", "fields", "sentence", "corrected_by", "retracted_by"),
}


def show(told, *arguments):
    said = told("journeys", "show", *arguments, "--json")
    assert said.code == 0, said.err
    return said.json


def test_journeys_are_listed_by_id(told):
    said = told("journeys", "list", "--json")
    assert said.code == 0
    assert said.json["found"] == 2
    live, brought = said.json["journeys"]
    assert live == {
        "journey": "j-1",
        "client": "c-1",
        "programme": "etela-savo",
        "organisation": "mikkeli",
        "status": "open",
        "phase": "training",
        "since": "2025-02-11",
        "responsible": "ville",
        "version": 12,
        "last_recorded_at": "2025-03-03T09:00:00+00:00",
    }
    assert (brought["journey"], brought["status"], brought["phase"]) == ("x-1", "closed", None)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("--programme", "etela-savo"), ["j-1"]),
        (("--organisation", "ward"), ["x-1"]),
        (("--organisation", "kangasniemi"), []),
        (("--phase", "training", "--status", "open"), ["j-1"]),
        (("--status", "paused"), []),
    ],
)
def test_the_list_is_narrowed(told, arguments, found):
    said = told("journeys", "list", *arguments, "--json")
    assert said.code == 0
    assert [row["journey"] for row in said.json["journeys"]] == found


def test_a_limit_says_how_many_there_are(told):
    assert "1 of 2 journeys" in told("journeys", "list", "--limit", "1").out
    assert told("journeys", "list", "--limit", "1", "--json").json["found"] == 2
    assert len(told("journeys", "list", "--limit", "0", "--json").json["journeys"]) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--programme", "etela-sovo"), "--programme: 'etela-sovo' is not known; there are:"),
        (("--organisation", "nasa"), "--organisation: 'nasa' is not known"),
        (("--phase", "school"), "'competence-review'"),
        (("--status", "lost"), "'paused'"),
        (("--limit", "-1"), "--limit"),
        (("--colour", "blue"), "No such option"),
    ],
)
def test_a_bad_filter_is_named_with_what_there_is(told, arguments, said):
    answer = told("journeys", "list", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""


def test_a_journey_is_told_as_it_stands_now(told):
    journey = show(told, "j-1")
    assert set(journey) == SHOW_KEYS
    assert journey["clocks"]["as_at"] is None
    assert (journey["status"], journey["phase"], journey["since"]) == (
        *("open", "training"),
        "2025-02-11",
    )
    assert journey["responsible"]["person"] == "ville"
    assert [line["version"] for line in journey["history"]] == list(range(1, 13))
    assert all(set(line) == LINE_KEYS for line in journey["history"])
    interview = journey["history"][5]
    assert interview["occurred_on"] == "2025-01-20"
    assert interview["recorded_at"] == "2025-02-10T09:00:00+00:00"
    assert interview["corrected_by"] == 12
    correction = journey["history"][11]["fields"]
    assert correction["occurred_on"] == "2025-01-22"
    assert correction["event"]["event"] == "intake-interview-held"


def test_plan_and_deadlines_are_planned_against_actual(told):
    journey = show(told, "j-1", "--as-at", "2025-04-02")
    assert [(s["id"], s["status"], s["days_late"]) for s in journey["plan"]] == [
        ("s1", "overdue", 1)
    ]
    stands = {d["rule"]: (d["due"], d["status"]) for d in journey["deadlines"]}
    assert stands["first-interview"] == ("2025-01-27", "met")
    assert stands["plan-review"] == ("2025-05-11", "open")
    assert journey["clocks"]["day"] == "2025-04-02"


def test_a_correction_leaves_decisions_waiting_for_review(told):
    waiting = show(told, "j-1")["reviews"]
    assert {(w["correction"], w["kind"], w["entry"]) for w in waiting} >= {(12, "phase-entered", 8)}
    assert show(told, "j-1", "--known-at", "2025-03-01")["reviews"] == []
    assert "Waiting for review" in told("journeys", "show", "j-1").out


def test_what_had_happened_and_what_was_known_differ_where_it_was_recorded_late(told):
    happened = show(told, "j-1", "--as-at", "2025-01-25")
    assert [line["version"] for line in happened["history"]] == [1, 2, 3, 4, 5, 6]
    known = show(told, "j-1", "--known-at", "2025-01-25")
    assert [line["version"] for line in known["history"]] == [1, 2, 3, 4, 5]
    both = show(told, "j-1", "--as-at", "2025-01-21", "--known-at", "2025-02-28")
    assert [line["version"] for line in both["history"]] == [1, 2, 3, 4, 5, 6]
    corrected = show(told, "j-1", "--as-at", "2025-01-21")
    assert [line["version"] for line in corrected["history"]] == [1, 2, 3, 4, 5]


def test_a_day_of_knowledge_ends_in_the_place_of_the_programme(told):
    assert show(told, "j-1", "--known-at", "2025-01-13")["clocks"] == {
        "as_at": None,
        "known_at": "2025-01-13T21:59:59.999999+00:00",
        "day": "2025-01-13",
        "claimed": False,
    }


def test_an_instant_of_knowledge_is_exact(told):
    before = show(told, "j-1", "--known-at", "2025-02-10T08:59:59+00:00")
    just_then = show(told, "j-1", "--known-at", "2025-02-10T11:00+02:00")
    assert len(before["history"]) == 5
    assert len(just_then["history"]) == 6


def test_an_answer_that_leans_on_claimed_times_says_so(told):
    brought = show(told, "x-1", "--known-at", "2024-06-01")
    assert brought["clocks"]["claimed"] is True
    assert brought["history"][0]["source"]["recorded_at"] == "2024-05-02T08:00:00+00:00"
    said = told("journeys", "show", "x-1", "--known-at", "2024-06-01").out
    assert "leans on times that another system claims" in said
    assert "2024-05-02 08:00 claimed" in said
    assert show(told, "x-1", "--known-at", "2024-05-01")["history"] == []


def test_a_journey_of_a_programme_that_is_not_published_is_told_all_the_same(told):
    brought = show(told, "x-1")
    assert (brought["status"], brought["deadlines"]) == ("closed", [])
    assert brought["closing"]["destination"] == "employment"


def test_a_day_before_the_journey_shows_nothing_yet(told):
    nothing = show(told, "j-1", "--as-at", "2024-01-01")
    assert (nothing["status"], nothing["history"], nothing["client"]) == ("not-begun", [], "")
    said = told("journeys", "show", "j-1", "--as-at", "2024-01-01").out
    assert "No entry counts under these clocks." in said


def test_a_person_reads_titles_and_both_clocks(told):
    said = told("journeys", "show", "j-1").out
    assert "All that was recorded, as known now." in said
    assert "Service proposed: Labour-market training, at Schools" in said
    assert "[corrected by entry 12]" in said
    assert "2025-01-20   2025-02-10 11:00   ville (mikkeli)" in said
    assert "“likes people and animals”" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("j-99",), "there is no journey 'j-99': see `polku journeys list`"),
        (("j-1", "--as-at", "1.3.2025"), "--as-at: '1.3.2025' is not a day; write it as"),
        (("j-1", "--as-at", "2025-02-30"), "--as-at: "),
        (("j-1", "--known-at", "2025-03-01T12:00"), "--known-at: '2025-03-01T12:00' is not an"),
        (("j-1", "--known-at", "yesterday"), "--known-at: "),
        ((), "Missing argument"),
    ],
)
def test_what_cannot_be_shown_is_named(told, arguments, said):
    answer = told("journeys", "show", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""
