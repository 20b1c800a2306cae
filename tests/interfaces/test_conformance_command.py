"""`polku evaluate conformance`: how journeys went beside the definition's own pathway."""

from typing import Any


def conformance(told: Any, *arguments: str) -> dict[str, Any]:
    said = told("evaluate", "conformance", "--programme", "etela-savo", *arguments, "--json")
    assert said.code == 0, said.err
    return dict(said.json)


def test_steps_are_counted_and_journeys_that_deviate_are_named(told: Any) -> None:
    found = conformance(told, "--as-at", "2025-06-30", "--threshold", "0", "--journeys", "5")
    assert (found["journeys"], found["untold"]) == (1, 0)
    steps = {one["step"]: one for one in found["steps"]}
    for phase in ("intake", "training"):
        assert (steps[phase]["asked"], steps[phase]["done"], steps[phase]["share"]) == (1, 1, 1.0)
    outcomes = ("done", "left_out", "out_of_order", "late")
    assert all(one["asked"] == sum(one[name] for name in outcomes) for one in found["steps"])
    assert found["organisations"] == [
        {"organisation": "mikkeli", "journeys": 1, "conforming": 0, "share": 0.0}
    ]
    (went,) = found["deviating"]
    assert (went["journey"], went["organisation"]) == ("j-1", "mikkeli")
    assert {one["outcome"] for one in went["deviations"]} == {"late"}
    assert all(one["days"] > 0 for one in went["deviations"])


def test_what_was_not_known_then_is_not_counted(told: Any) -> None:
    all_ = ("--threshold", "0")
    then = conformance(told, "--as-at", "2025-01-20", "--known-at", "2025-01-31", *all_)
    assert [one["step"] for one in then["steps"] if one["kind"] == "phase"] == ["intake"]
    assert then["as_at"] == "2025-01-20"
    assert conformance(told, "--as-at", "2024-12-31")["journeys"] == 0


def test_a_person_reads_a_table_and_a_share(told: Any) -> None:
    asked = ("--programme", "etela-savo", "--as-at", "2025-06-30", "--threshold", "0")
    said = told("evaluate", "conformance", *asked, "--journeys", "1")
    assert said.code == 0
    assert said.out.startswith("0 of 1 journeys (0.0%) went in every step as the pathway has it")
    assert "[intake]" in said.out
    assert "j-1 (mikkeli): " in said.out


def test_small_numbers_are_withheld_and_then_no_journey_is_named(told: Any) -> None:
    found = conformance(told, "--as-at", "2025-06-30")
    assert (found["journeys"], found["share"], found["deviating"]) == (None, None, [])
    numbers = [one[name] for one in found["steps"] for name in ("asked", "late", "share")]
    assert set(numbers) <= {None, 0}
    asked = ("--programme", "etela-savo", "--as-at", "2025-06-30")
    said = told("evaluate", "conformance", *asked)
    assert "· is a number of fewer than 5 persons" in said.out
    refused = told("evaluate", "conformance", *asked, "--journeys", "1")
    assert (refused.code, "need a threshold of 0" in refused.err) == (2, True)


def test_a_programme_that_nobody_published_is_refused(told: Any) -> None:
    said = told("evaluate", "conformance", "--programme", "nothing")
    assert said.code == 2
    assert "nothing was never published here" in said.err
