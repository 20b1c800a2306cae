"""Facts that a person gives must be of the catalogue."""

from datetime import date

import pytest

from domain.definition import FactValue
from domain.facts import FACTS, check_facts
from domain.refusals import InvalidField


def test_facts_of_the_catalogue_fit_and_what_is_not_known_always_does():
    """None of them is refused."""
    check_facts(
        {
            "age": 41,
            "unemployed": True,
            "unemployed_since": date(2025, 3, 1),
            "employment_status": "unemployed",
            "disadvantages": ("prison",),
            "municipality": "anywhere",
            "feedback_given": (),
        }
    )
    check_facts(dict.fromkeys(FACTS))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("agee", 41, "there is no such fact"),
        ("age", "41", "a whole number is wanted"),
        ("age", True, "a whole number is wanted"),
        ("unemployed", 1, "true or false is wanted"),
        ("unemployed_since", "2025-03-01", "a day is wanted"),
        ("employment_status", "jobless", "'jobless' is not one of employed"),
        ("disadvantages", "prison", "a list of codes is wanted"),
        ("feedback_given", ("client", "neighbour"), "'neighbour' is not one of client"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_by_name(name: str, value: FactValue, told: str):
    with pytest.raises(InvalidField) as refused:
        check_facts({name: value})
    assert refused.value.field == name
    assert told in refused.value.message
