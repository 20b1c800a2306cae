"""Conformance with the definition's own pathway, against what a person counts by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from application.evaluation.asking import Moment
from application.evaluation.conformance import Outcome, StepKind, went_of
from application.evaluation.conformance_counted import Conformance, conformance
from application.evaluation.told_journeys import Case, CaseSeen, seen
from application.views.caseload import clocks_of, deadlines_by
from application.views.view import Rules
from domain.definition import Definition, NoDefinition, Phase
from domain.entry import Entry
from domain.journey import events as e
from domain.journey.deadlines import DeadlineStatus
from domain.journey.history import REVISING, History
from infrastructure.definitions import load_definition, shipped_definitions
from infrastructure.working_days import working_days_of
from tests.application.simulated import real_histories
from tests.domain import journeys as j

DAY = j.DAY  # Monday, 3 March 2025
LAST = DAY + timedelta(days=60)
AT = datetime(2025, 3, 3, 9, tzinfo=UTC)
HELD = e.IntakeInterviewHeld(e.Situation(education=3))


@cache
def trial(programme: str, version: int) -> Definition:
    if programme != "trial":
        raise NoDefinition(programme)
    return j.definition(version)


RULES = Rules(trial, lambda _country: j.is_weekday)
REFERRED: tuple[tuple[int, Any], ...] = (
    (0, e.ReferralMade("c", "trial", 1, "state", "city", "letter")),
    (0, e.ReferralAccepted()),
    (0, e.EligibilityAssessed(1, "city", eligible=True, facts=(), rules=())),
)


def entered(phase: Phase, *overridden: str) -> e.PhaseEntered:
    return e.PhaseEntered(phase, 1, overridden=overridden)


def case(*events: tuple[int, Any], on: date = LAST, journey: str = "j-1") -> CaseSeen:
    """Return a journey of which each event happened so many days after its referral."""
    entries = tuple(
        Entry(n, event, DAY + timedelta(days=days), AT, j.WORKER, position=n)
        for n, (days, event) in enumerate((*REFERRED, *events), 1)
    )
    (found,) = seen([Case(journey, entries, {})], Moment(as_at=on))
    return found


def went(*events: tuple[int, Any], on: date = LAST) -> list[tuple[str, str, int | None]]:
    found = went_of(case(*events, on=on), RULES, on)
    assert found is not None
    return [(x.step.id, x.outcome.value, x.days) for x in found.steps]


def test_a_journey_that_went_as_the_pathway_has_it() -> None:
    steps = went(
        (1, entered(Phase.INTAKE)),
        (2, HELD),
        (3, entered(Phase.COMPETENCE_REVIEW)),
    )
    assert steps == [
        ("intake", "done", None),
        ("competence-review", "done", None),
        ("intake/eligible", "done", None),
        ("competence-review/interviewed", "done", None),
        ("interview", "done", None),
    ]


def test_a_phase_that_was_passed_over_is_left_out_and_one_against_the_way_is_out_of_order() -> None:
    steps = went(
        (1, entered(Phase.INTAKE)),
        (2, HELD),
        (3, entered(Phase.TRAINING, "planned")),
        (4, entered(Phase.INTAKE)),
    )
    phases = [x for x in steps if "/" not in x[0] and x[0] != "interview"]
    assert phases == [
        ("intake", "done", None),
        ("training", "done", None),
        ("competence-review", "left-out", None),
        ("intake", "out-of-order", None),
    ]


def test_a_phase_that_was_passed_over_and_entered_later_was_not_left_out() -> None:
    steps = went(
        (1, entered(Phase.INTAKE)),
        (2, HELD),
        (3, entered(Phase.TRAINING)),
        (9, entered(Phase.COMPETENCE_REVIEW)),
    )
    assert ("training", "out-of-order", None) in steps
    assert ("competence-review", "out-of-order", None) in steps
    assert not [x for x in steps if x[:2] == ("competence-review", "left-out")]


def test_a_first_phase_that_is_not_the_first_leaves_out_what_is_before_it() -> None:
    steps = went((1, HELD), (2, entered(Phase.COMPETENCE_REVIEW)))
    assert ("intake", "left-out", None) in steps
    assert ("competence-review", "done", None) in steps


def test_a_requirement_is_asked_on_the_day_that_its_phase_was_entered() -> None:
    interviewed = "competence-review/interviewed"
    begun = (1, entered(Phase.INTAKE))
    assert (interviewed, "left-out", None) in went(begun, (3, entered(Phase.COMPETENCE_REVIEW)))
    assert (interviewed, "out-of-order", None) in went(
        begun, (3, entered(Phase.COMPETENCE_REVIEW)), (4, HELD)
    )
    assert (interviewed, "done", None) in went(
        begun, (3, entered(Phase.COMPETENCE_REVIEW)), (3, HELD)
    )


def test_an_overridden_requirement_is_left_out_and_marked() -> None:
    found = went_of(
        case((1, entered(Phase.INTAKE)), (3, entered(Phase.COMPETENCE_REVIEW, "interviewed"))),
        RULES,
        LAST,
    )
    assert found is not None
    (left,) = [x for x in found.deviations if x.step.kind is StepKind.REQUIREMENT]
    assert (left.outcome, left.overridden) == (Outcome.LEFT_OUT, True)


@pytest.mark.parametrize(
    ("events", "on", "outcome"),
    [
        # Ten working days after Monday, 3 March are over on Monday, 17 March.
        ([(14, HELD)], LAST, ("done", None)),
        ([(21, HELD)], LAST, ("late", 7)),
        ([], DAY + timedelta(days=14), None),
        ([], DAY + timedelta(days=20), ("late", 6)),
        ([(10, e.JourneyClosed("cancelled", "unknown"))], LAST, None),
        ([(20, e.JourneyClosed("cancelled", "unknown"))], LAST, ("left-out", 6)),
        ([(3, e.DeadlineExempted("interview/2", "illness")), (21, HELD)], LAST, None),
        ([(4, e.JourneyPaused(e.NOTHING_SAID))], LAST, None),
    ],
    ids=["in time", "late", "not due", "overdue", "ended", "ended after", "exempt", "rests"],
)
def test_a_deadline_is_late_by_its_days(
    events: list[tuple[int, Any]], on: date, outcome: tuple[str, int | None] | None
) -> None:
    found = [x[1:] for x in went(*events, on=on) if x[0] == "interview"]
    assert found == ([] if outcome is None else [outcome])


def test_all_journeys_are_counted_by_step_and_by_organisation() -> None:
    good = [(1, entered(Phase.INTAKE)), (2, HELD), (3, entered(Phase.COMPETENCE_REVIEW))]
    late = [(1, entered(Phase.INTAKE)), (21, HELD), (22, entered(Phase.COMPETENCE_REVIEW))]
    other = e.ReferralMade("c", "elsewhere", 1, "state", "city", "letter")
    unknown = Case("x", (Entry(1, other, DAY, AT, j.WORKER, position=1),), {})
    cases = [
        *(case(*good, journey=f"g-{n}") for n in range(3)),
        case(*late, journey="l-1"),
        *seen([unknown], Moment(as_at=LAST)),
    ]
    found = conformance(cases, RULES, LAST, first=5)
    assert (found.total.journeys, found.total.conforming, found.total.share) == (4, 3, 0.75)
    assert found.untold == 1
    assert found.organisations["city"].share == 0.75
    assert found.share_of_steps == 19 / 20
    interview = found.steps[StepKind.DEADLINE, "interview"]
    assert (interview.asked, interview.journeys, interview.share) == (4, 4, 0.75)
    assert interview.outcomes[Outcome.LATE] == 1
    assert [x.journey for x in found.deviating] == ["l-1"]
    assert conformance(cases, RULES, LAST).deviating == []


def test_who_has_a_journey_that_a_step_was_not_asked_of_is_counted_there() -> None:
    longer = case((1, entered(Phase.INTAKE)), (22, entered(Phase.COMPETENCE_REVIEW)))
    shorter = case((1, entered(Phase.INTAKE)), on=DAY + timedelta(days=2), journey="j-2")
    key = (StepKind.PHASE, Phase.COMPETENCE_REVIEW.value)
    for cases in ([longer, shorter], [shorter, longer]):
        one = conformance(cases, RULES, DAY).steps[key]
        assert (one.journeys, len(one.persons), len(one.not_asked)) == (1, 1, 1)
    assert not conformance([longer], RULES, DAY).steps[key].not_asked


def test_nothing_is_asked_of_no_journeys() -> None:
    found = Conformance()
    assert (found.total.share, found.share_of_steps) == (None, None)


# Journeys that were lived under guards: what deviates was overridden, or late


@cache
def shipped(programme: str, _version: int) -> Definition:
    return load_definition(shipped_definitions()[programme], programme)


def lived() -> Iterator[tuple[CaseSeen, History]]:
    for journey, history in real_histories(8, 11).items():
        if REVISING.isdisjoint(type(x.event) for x in history.entries):
            (one,) = seen([Case(journey, history.entries, {})], Moment(as_at=date(2026, 7, 1)))
            yield one, history


def test_what_was_lived_under_guards_deviates_where_it_was_overridden_or_late() -> None:
    rules, day, asked = Rules(shipped, working_days_of), date(2026, 7, 1), 0
    for one, history in lived():
        found = went_of(one, rules, day)
        assert found is not None
        overridden = {
            f"{x.event.phase.value}/{rule}"
            for x in history.entries
            if isinstance(x.event, e.PhaseEntered)
            for rule in x.event.overridden
        }
        missed = [
            d
            for d in deadlines_by(clocks_of(history, rules), history)
            if d.status(day) in (DeadlineStatus.MET_LATE, DeadlineStatus.OVERDUE)
        ]
        by_kind: dict[StepKind, set[str]] = {kind: set() for kind in StepKind}
        for x in found.deviations:
            by_kind[x.step.kind].add(x.step.id)
        assert by_kind[StepKind.PHASE] == set()
        assert by_kind[StepKind.REQUIREMENT] <= overridden
        assert {d.rule for d in missed} <= by_kind[StepKind.DEADLINE]
        late = [x for x in found.deviations if x.outcome is Outcome.LATE]
        assert sorted(x.entry for x in late) == sorted(d.opened_by for d in missed)
        asked += len(found.steps)
    assert asked > 200
