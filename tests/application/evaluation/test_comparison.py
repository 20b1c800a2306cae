"""What a comparison shows tells nothing of strata that are withheld."""

from itertools import permutations
from random import Random

import pytest

from application.evaluation.comparison import WITHHELD, Comparison, Counted, Design, compared
from application.evaluation.standardising import Categories


def drawn(seed: int) -> list[Counted]:
    """Two large strata and up to three small ones; some have one group alone, or are not known."""
    random = Random(seed)  # noqa: S311 - the same people each time
    people = []
    for stratum in ("a", "b", "c", "d", random.choice(["e", None])):
        for first in (True, False):
            many = random.randrange(12, 40) if stratum in {"a", "b"} else random.randrange(14)
            share = random.random()
            values = [float(random.random() < share) for _ in range(many)]
            people += [Counted(first, (stratum,), value) for value in values]
    return people


def asked(people: list[Counted], threshold: int = 5) -> Comparison:
    names, by = ("one", "other"), ("age",)
    return compared(
        people, names, is_share=True, design=Design.TRAIT, strata_by=by, threshold=threshold
    )


def told(found: Comparison) -> dict[Categories, str]:
    """Return of each stratum why nothing is told of it, or it was left out."""
    assert found.standardised is not None
    return {one.categories: one.left_out for one in found.standardised.strata}


def exchanged(people: list[Counted], one: Categories, other: Categories) -> list[Counted] | None:
    """Return them with a yes of one stratum and a no of another changed; None: there are none."""
    yes = next((x for x in people if x.stratum == one and x.value == 1), None)
    no = next((x for x in people if yes and x == Counted(yes.first, other, 0.0)), None)
    if yes is None or no is None:
        return None
    rest = list(people)
    rest.remove(yes)
    rest.remove(no)
    return [*rest, yes._replace(value=0.0), no._replace(value=1.0)]


def test_others_in_strata_that_are_withheld_leave_all_that_is_shown_as_it_is() -> None:
    """Their standardised shares told, digit by digit, how many said yes in each."""
    tried = 0
    for seed in range(12):
        people = drawn(seed)
        found = asked(people)
        if found.standardised is None:
            continue
        left_out = told(asked(people, 0))
        withheld = [stratum for stratum, why in told(found).items() if why == WITHHELD]
        for one, other in permutations(withheld, 2):
            others = exchanged(people, one, other)
            alike = found.standardised.compared is None or not (left_out[one] or left_out[other])
            if others is None or not alike:
                continue
            again = asked(others)
            if again.standardised is not None and told(again) == told(found):
                assert again == found
                tried += 1
    assert tried > 4


@pytest.mark.parametrize("seed", range(6))
def test_without_a_threshold_each_stratum_is_evened_out_by_itself(seed: int) -> None:
    found = asked(drawn(seed), 0).standardised
    assert found is not None
    assert found.means is not None
    for place, mean in enumerate(found.means):
        each = [(one.weight, one.means[place]) for one in found.strata if one.weight]
        assert mean == pytest.approx(sum(weight * (value or 0) for weight, value in each))


def test_a_group_of_few_persons_is_withheld_however_many_journeys_they_have() -> None:
    values = [1.0, 0.0] * 10
    his = [Counted(True, (None,), value, "he") for value in values]
    theirs = [Counted(False, (None,), value, f"c{n}") for n, value in enumerate(values)]
    others = [one._replace(person=f"d{n}") for n, one in enumerate(his)]

    assert asked([*his, *theirs]).withheld
    assert not asked([*others, *theirs]).withheld


def test_one_stratum_is_no_other_comparison_than_none() -> None:
    people = [Counted(first, ("a",), float(first)) for first in (True, False) for _ in range(6)]
    found = asked(people)
    assert found.difference is not None
    assert found.difference.low is not None
    assert found.difference.low < 0.6
    assert found.standardised is not None
    assert found.standardised.difference == found.difference
