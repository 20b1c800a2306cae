"""Targets against outcome: every measure counted from journeys, or said not to be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from application.views.overview import Known, known_journeys
from application.views.targets import Course, courses_of, reached
from domain.client import Client, ClientRegistered
from domain.definition import Target, Title
from domain.journey import events as e
from domain.measures import MEASURES
from tests.application.simulated import casts, stage
from tests.domain import journeys as j

PLAIN = Course(
    organisation="a",
    accepted_on=date(2025, 1, 10),
    interview_on=None,
    plan_on=None,
    young_at_stake=None,
    destination=None,
    placements=0,
    accompanied=False,
    certificates=0,
    self_assessments=0,
    client_feedback=False,
    spells=(),
)


def target(measure: str, value: float = 1, organisation: str | None = None) -> Target:
    return Target("t", Title("T", "T", "fi"), measure, value, organisation)


def came_of(measure: str, *courses: Course) -> float | None:
    return reached([target(measure)], courses)[0].value


@pytest.mark.parametrize(
    ("measure", "courses", "value"),
    [
        ("clients", [PLAIN, PLAIN, replace(PLAIN, accepted_on=None)], 2),
        (
            "young-unemployed-or-threatened",
            [replace(PLAIN, young_at_stake=True), replace(PLAIN, young_at_stake=False)],
            0.5,
        ),
        (
            "follow-up-path",
            [
                replace(PLAIN, destination="education-or-training"),
                replace(PLAIN, destination="unemployed"),
                PLAIN,
            ],
            0.5,
        ),
        (
            "employment",
            [replace(PLAIN, destination=d) for d in ("self-employment", "inactive", "other")],
            1 / 3,
        ),
        ("plans-agreed", [replace(PLAIN, plan_on=date(2025, 2, 1)), PLAIN], 0.5),
        ("placements", [replace(PLAIN, placements=2), PLAIN], 2),
        (
            "accompanied",
            [replace(PLAIN, placements=1, accompanied=True), replace(PLAIN, placements=1), PLAIN],
            0.5,
        ),
        ("certificates", [replace(PLAIN, certificates=3)], 3),
        ("self-assessments", [replace(PLAIN, self_assessments=1), PLAIN], 1),
        (
            "feedback",
            [replace(PLAIN, destination="other", client_feedback=True), PLAIN],
            1,
        ),
        (
            "days-to-interview",
            [replace(PLAIN, interview_on=date(2025, 1, d)) for d in (11, 14, 30)],
            4,
        ),
        ("days-to-plan", [replace(PLAIN, plan_on=date(2025, 1, 20))], 10),
        (
            "days-unemployed",
            [replace(PLAIN, spells=(100, 300)), replace(PLAIN, spells=(200,))],
            200,
        ),
    ],
)
def test_a_measure_counts_what_it_says(measure: str, courses: list[Course], value: float) -> None:
    assert came_of(measure, *courses) == pytest.approx(value)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_counted_or_says_why_not(measure: str) -> None:
    [outcome] = reached([target(measure)], [PLAIN])
    assert (outcome.value is None) == (outcome.met is None) == bool(outcome.because)


@pytest.mark.parametrize("measure", ["follow-up-path", "employment"])
def test_an_end_nobody_knows_of_is_missing_and_no_share_is_of_it(measure: str) -> None:
    ends = [replace(PLAIN, destination=d) for d in ("employment", "unemployed", "unknown")]
    [outcome] = reached([target(measure)], ends)
    assert (outcome.value, outcome.of, outcome.missing) == (0.5, 2, 1)
    [nobody] = reached([target(measure)], ends[2:])
    assert (nobody.value, nobody.of, nobody.missing) == (None, 0, 1)


def test_nothing_is_made_up_where_there_is_nothing_to_count() -> None:
    [outcome] = reached([target("employment")], [PLAIN])
    assert (outcome.value, outcome.of, outcome.because) == (None, 0, "nothing to count yet")


@pytest.mark.parametrize(
    ("measure", "value", "met"), [("placements", 2, True), ("days-to-plan", 9, False)]
)
def test_a_target_is_met_in_the_way_that_is_better(measure: str, value: float, met: bool) -> None:
    course = replace(PLAIN, placements=3, plan_on=date(2025, 1, 20))
    assert reached([target(measure, value)], [course])[0].met is met


def test_a_target_of_an_organisation_counts_its_own_clients() -> None:
    courses = [PLAIN, replace(PLAIN, organisation="b"), replace(PLAIN, organisation="b")]
    outcome = reached([target("clients", 2, "b"), target("clients", 2, "a")], courses)
    assert [(one.value, one.met) for one in outcome] == [(2, True), (1, False)]


_STATUS = e.EmploymentStatus


@pytest.mark.parametrize(
    ("facts", "told", "at_stake"),
    [
        ({}, e.Situation(_STATUS.UNKNOWN, threatened_by_unemployment=False), None),
        ({}, e.Situation(_STATUS.UNKNOWN, threatened_by_unemployment=True), True),
        ({}, e.Situation(_STATUS.EMPLOYED, threatened_by_unemployment=False), False),
        ({}, e.Situation(_STATUS.LAID_OFF), True),
        ({"unemployed": True}, e.Situation(_STATUS.UNKNOWN), True),
        ({"unemployed": True}, e.Situation(education=3), True),
        ({"unemployed": True}, e.Situation(_STATUS.EMPLOYED), None),
        ({"threatened_by_unemployment": True}, e.Situation(_STATUS.EMPLOYED), True),
        ({"unemployed": False, "threatened_by_unemployment": False}, e.Situation(), False),
    ],
)
def test_what_an_interview_does_not_know_of_the_young_the_verdict_tells_or_nobody(
    facts: dict[str, bool], told: e.Situation, at_stake: bool | None
) -> None:
    used = tuple(e.FactUsed(name, value) for name, value in facts.items())
    verdict = e.EligibilityAssessed(1, "city", True, used, ())
    history = j.given(j.REFERRED, verdict, e.IntakeInterviewHeld(told))
    young = Client(registered=ClientRegistered(birth_year=j.DAY.year - 20))
    [course] = courses_of([Known("j-1", history, young)])
    assert course.young_at_stake is at_stake


def test_courses_are_counted_as_it_happened_with_corrections_applied() -> None:
    with stage() as on:
        on.play(casts(60, codes=["etela-savo"]))
        found = known_journeys(on.log.read())["etela-savo"]
    moved = [
        (known, entry.event)
        for known in found
        for entry in known.history.entries
        if isinstance(entry.event, e.EntryCorrected)
        and isinstance(entry.event.event, e.IntakeInterviewHeld)
        and known.history.entry(entry.event.entry).occurred_on != entry.event.occurred_on
    ]
    assert moved
    for known, correction in moved:
        [course] = courses_of([known])
        assert course.interview_on == correction.occurred_on


def test_spells_of_unemployment_are_those_that_flows_and_reports_count() -> None:
    """Without a day between they are one; one that nobody saw the end of ends with work."""
    whole = j.given(
        j.REFERRED,
        e.UnemploymentPeriodRecorded(date(2024, 1, 1), date(2024, 6, 30), "spell"),
        e.UnemploymentPeriodRecorded(date(2024, 7, 1), None, "spell"),
        e.EmploymentPeriodRecorded(date(2025, 1, 1), None, "work"),
    )
    [course] = courses_of([Known("j-1", whole, Client())])
    assert course.spells == (366,)


@pytest.mark.parametrize(
    ("days", "accompanied"), [((-1,), False), ((-1, 0), True), ((14,), True), ((), False)]
)
def test_who_was_followed_up_before_the_placement_alone_was_not_accompanied(
    days: tuple[int, ...], accompanied: bool
) -> None:
    start = j.DAY + timedelta(days=30)
    held = ((e.FollowUpHeld(_STATUS.EMPLOYED), start + timedelta(days=after)) for after in days)
    history = j.given(j.REFERRED, (e.PlacementStarted("p1"), start), *held)
    [course] = courses_of([Known("j-1", history, Client())])
    assert course.accompanied is accompanied
