"""What each kind of event does to a journey: none is left out."""

from domain.journey import evolve
from domain.journey.events import KINDS


def test_every_kind_of_event_does_something_or_says_that_it_does_nothing():
    assert set(evolve._EVOLVED) == set(KINDS.values())
