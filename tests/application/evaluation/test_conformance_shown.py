"""What conformance shows gives no small number away."""

from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from application.evaluation.conformance import Outcome, Step, StepKind
from application.evaluation.conformance_counted import Conformance, JourneyCount, StepCount
from application.evaluation.conformance_shown import ConformanceShown, shown
from application.evaluation.headcount import Headcount
from domain.definition import Title

FEWEST = 5


def step(number: int, counts: dict[Outcome, int], overridden: int, not_asked: int) -> StepCount:
    """A step that each journey was asked once, of a person each, and others were not."""
    journeys = sum(counts.values())
    name = f"s-{number}"
    made = Step(StepKind.REQUIREMENT, name, Title(name, name, "en"))
    outcomes = Counter(counts)
    whose = iter(range(journeys + not_asked))
    of = {outcome: [*islice(whose, outcomes[outcome])] for outcome in Outcome}
    missed = of[Outcome.LEFT_OUT] + of[Outcome.OUT_OF_ORDER]
    return StepCount(
        made,
        outcomes,
        overridden,
        journeys,
        Headcount(range(journeys)),
        Headcount(),
        Headcount(whose),
        {outcome: Headcount(those) for outcome, those in of.items()},
        Headcount(missed[:overridden]),
        Headcount(missed[overridden:]),
    )


def place(journeys: int, conforming: int, first: int = 0) -> JourneyCount:
    """Journeys of a person each, from the first one on."""
    persons = range(first, first + journeys)
    those, others = Headcount(persons[:conforming]), Headcount(persons[conforming:])
    return JourneyCount(journeys, conforming, those, others)


@st.composite
def conformances(draw: st.DrawFn) -> Conformance:
    """Thirty journeys or more, and steps that were asked of some of them."""
    places = draw(st.lists(st.integers(0, 25), min_size=2, max_size=4))
    found = Conformance()
    for number, journeys in enumerate(places):
        conforming = draw(st.integers(0, journeys))
        found.organisations[f"o-{number}"] = place(journeys, conforming, sum(places[:number]))
    journeys = sum(places)
    found.total = place(journeys, sum(x.conforming for x in found.organisations.values()))
    for number in range(draw(st.integers(1, 4))):
        left = found.total.journeys
        counts: dict[Outcome, int] = {}
        for outcome in Outcome:
            counts[outcome] = draw(st.integers(0, left))
            left -= counts[outcome]
        missed = counts[Outcome.LEFT_OUT] + counts[Outcome.OUT_OF_ORDER]
        overridden = draw(st.integers(0, missed))
        asked = sum(counts.values())
        if asked:
            one = step(number, counts, overridden, journeys - asked)
            found.steps[StepKind.REQUIREMENT, one.step.id] = one
    return found


def numbers(found: ConformanceShown) -> list[Any]:
    told = [
        x for one in (found.total, *found.organisations) for x in (one.journeys, one.conforming)
    ]
    for one in found.steps:
        told += [one.asked, one.overridden, one.journeys, *one.outcomes.values()]
    return told


@settings(max_examples=40, deadline=None)
@given(conformances())
def test_no_small_number_is_shown_and_none_can_be_reckoned(found: Conformance) -> None:
    told = shown(found, FEWEST)
    assert all(number is None or number == 0 or number >= FEWEST for number in numbers(told))
    for one in told.steps:
        hidden = [name for name, number in one.outcomes.items() if number is None]
        if one.asked is not None:
            left_over = one.asked - sum(number or 0 for number in one.outcomes.values())
            assert len(hidden) != 1
            assert not hidden or left_over >= FEWEST
        deviating = {
            name: number for name, number in one.outcomes.items() if name is not Outcome.DONE
        }
        if one.overridden is not None and None not in deviating.values():
            missed = (deviating[Outcome.LEFT_OUT] or 0) + (deviating[Outcome.OUT_OF_ORDER] or 0)
            assert not 0 < missed - one.overridden < FEWEST
        if told.total.journeys is not None and one.asked is not None:
            assert not 0 < told.total.journeys - one.asked < FEWEST
    hidden_places = [one for one in told.organisations if one.journeys is None]
    assert told.total.journeys is None or len(hidden_places) != 1


@settings(max_examples=20, deadline=None)
@given(conformances(), st.sampled_from([0, 1]))
def test_without_a_threshold_all_is_shown(found: Conformance, threshold: int) -> None:
    told = shown(found, threshold)
    assert not told.withheld
    assert told.share_of_steps == found.share_of_steps
    for one, counted in zip(told.steps, found.steps.values(), strict=True):
        assert (one.asked, one.share) == (counted.asked, counted.share)


def test_many_steps_of_few_persons_are_withheld() -> None:
    late = StepCount(
        Step(StepKind.DEADLINE, "follow-up", Title("F", "F", "en")),
        Counter({Outcome.DONE: 30, Outcome.LATE: 9}),
        journeys=20,
        persons=Headcount(range(20)),
        of_outcome={x: Headcount() for x in Outcome}
        | {Outcome.DONE: Headcount(range(18)), Outcome.LATE: Headcount([18, 19])},
    )
    found = Conformance(total=place(20, 18), steps={(StepKind.DEADLINE, "follow-up"): late})
    (one,) = shown(found, FEWEST).steps
    assert one.outcomes[Outcome.LATE] is None
    assert one.share is None


def test_many_journeys_of_few_persons_are_withheld() -> None:
    found = Conformance(total=place(30, 20))
    he = Headcount([0])
    found.organisations = {"a": JourneyCount(9, 8, he, he), "b": place(21, 12)}
    told = shown(found, FEWEST)
    assert [one.journeys for one in told.organisations] == [None, None]
    assert shown(Conformance(total=JourneyCount(9, 9, he)), FEWEST).total.journeys is None


def test_a_step_that_was_not_asked_of_journeys_of_few_persons_is_withheld() -> None:
    """Of whoever has it in another journey, too: all journeys less those asked are told."""
    asked = step(1, {Outcome.DONE: 12, Outcome.LATE: 6}, 0, 0)
    found = Conformance(total=place(19, 12), steps={(StepKind.REQUIREMENT, "s-1"): asked})
    assert shown(found, FEWEST).steps[0].asked == 18
    asked.not_asked.add(0)
    (one,) = shown(found, FEWEST).steps
    assert (one.asked, one.journeys) == (None, None)


def test_organisations_of_few_in_all_are_not_even_named() -> None:
    """Four named, of whose journeys there are fewer than five together, have one each."""
    found = Conformance()
    found.total = place(4, 0)
    for number in range(4):
        found.organisations[f"o-{number}"] = place(1, 0, number)
    told = shown(found, FEWEST)
    assert (told.total.journeys, told.organisations) == (None, ())
    assert len(shown(found, 0).organisations) == 4


def pathway(counts: dict[str, tuple[int, int, int]], journeys: int = 40) -> Conformance:
    """Phases and their requirements ("training/plan"): done, left out, and out of order."""
    found = Conformance(total=place(journeys, journeys // 2))
    for name, numbers in counts.items():
        kind = StepKind.REQUIREMENT if "/" in name else StepKind.PHASE
        outcomes = dict(zip(Outcome, numbers, strict=False))
        one = step(0, outcomes, 0, journeys - sum(numbers))
        found.steps[kind, name] = replace(one, step=Step(kind, name, Title(name, name, "en")))
    return found


def test_the_share_of_all_steps_does_not_tell_numbers_of_steps_that_are_withheld() -> None:
    """75 of 85 is 15 of 17: whole numbers tell how often all were asked, and then much else."""
    counts = {
        "intake": (8, 0, 3),
        "intake/need": (10, 1, 0),
        "placement": (10, 0, 2),
        "placement/plan": (12, 0, 0),
        "training": (9, 0, 4),
        "training/plan": (13, 0, 0),
        "training/team": (13, 0, 0),
    }
    found = pathway(counts)
    told = shown(found, FEWEST)
    assert None in [one.share for one in told.steps]
    assert (told.share_of_steps, found.share_of_steps) == (None, 75 / 85)
    every = pathway({"intake": (20, 6, 0), "intake/need": (20, 0, 0)})
    assert shown(every, FEWEST).share_of_steps == 40 / 46


def test_a_requirement_does_not_tell_how_few_entered_its_phase_and_were_not_asked_it() -> None:
    """As where the definition was revised since, or the phase was entered twice in a row."""

    def told(*asked: int) -> list[int | None]:
        counts = {f"training/{n}": (number, 0, 0) for n, number in enumerate(asked)}
        found = shown(pathway({"training": (20, 0, 0), **counts}), FEWEST)
        return [one.asked for one in found.steps[1:]]

    assert told(20, 15, 26) == [20, 15, 26]
    assert told(20, 18, 22) == [20, None, None]
    assert told(14, 12) == [14, None]


def test_requirements_of_a_phase_do_not_tell_how_few_entered_it_out_of_order() -> None:
    """Each was asked for whenever it was entered: 20 times, of which 18 are told."""
    counts = {"training": (18, 6, 2), "training/plan": (14, 6, 0), "training/team": (20, 0, 0)}
    found = pathway(counts, 30)
    entered, *asked = shown(found, FEWEST).steps
    assert entered.outcomes[Outcome.OUT_OF_ORDER] is None
    assert None in (entered.outcomes[Outcome.DONE], asked[0].asked)
    assert asked[0].asked == asked[1].asked


def test_nor_do_those_that_were_always_asked_beside_one_that_was_not() -> None:
    """20 were asked for the need, before a revision; for the plan 26, as many as entered."""
    counts = {"intake": (20, 2, 6), "intake/need": (20, 0, 0), "intake/plan": (26, 0, 0)}
    entered, _, plan = shown(pathway(counts), FEWEST).steps
    assert entered.outcomes[Outcome.LEFT_OUT] is None
    assert None in (entered.asked, plan.asked)
