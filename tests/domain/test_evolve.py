"""What each kind of event does to a journey: none is left out, and each has one place."""

from collections import Counter

from domain.journey import evolve
from domain.journey.events import KINDS


def test_every_kind_of_event_does_something_or_says_that_it_does_nothing():
    assert set(evolve.EVOLVED) == set(KINDS.values())


def test_no_two_rooms_say_what_a_kind_of_event_does():
    told = Counter(kind for room in evolve.ROOMS for kind in room.DOES)
    assert [kind for kind, times in told.items() if times > 1] == []
    assert told.total() == len(KINDS)
