"""The history of a stream: both orders, the definition in force, and what became of each entry."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application import clients
from application.accesses import record_opening
from application.audit.history import Order, StreamKind, UnknownStream, trail
from application.journeys import UnknownJourney
from application.ports import Append, Fresh
from domain.client import Particulars
from domain.definition import Phase
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.under import Under, under_which
from tests.application.conftest import asked
from tests.domain import journeys as j

LATER = j.DAY + timedelta(days=30)
WHY = Personal("a slip")


def recorded(office, *happened):
    fresh = tuple(Fresh(event, day) for event, day in happened)
    office.log.append(Append("journey:j", 0, fresh, j.WORKER))


def told(office, order=Order.RECORDED):
    found = trail(office, StreamKind.JOURNEY, "j")
    return found.traced(found.ordered(order))


@pytest.fixture
def journey(memory_office):
    recorded(
        memory_office,
        (j.REFERRED, j.DAY),
        (e.ReferralAccepted(), LATER),
        (e.EmployerAdvised("firm", "contract"), j.DAY + timedelta(days=2)),
        (e.DefinitionAdopted(2, WHY), LATER),
        (e.EntryCorrected(2, e.ReferralAccepted(), j.DAY + timedelta(days=1), WHY), LATER),
        (e.EntryRetracted(3, WHY), LATER),
    )
    return memory_office


def test_a_history_has_both_orders(journey):
    lines = told(journey)
    assert [x.entry.version for x in lines] == [1, 2, 3, 4, 5, 6]
    assert [x.place for x in lines] == [1, 2, 3, 4, 5, 6]
    happened = told(journey, Order.HAPPENED)
    assert [x.place for x in happened] == [1, 2, 3, 4, 5, 6]


def test_what_was_recorded_late_stands_where_it_happened(memory_office):
    recorded(memory_office, (j.REFERRED, j.DAY), (e.ReferralAccepted(), LATER), (j.REFERRED, j.DAY))
    assert [x.place for x in told(memory_office)] == [1, 3, 2]
    assert [x.entry.version for x in told(memory_office, Order.HAPPENED)] == [1, 3, 2]


def test_an_entry_says_what_became_of_it(journey):
    lines = told(journey)
    assert [(x.corrected_by, x.retracted_by) for x in lines[:3]] == [
        (None, None),
        (5, None),
        (None, 6),
    ]
    assert [x.stands_on for x in lines[:3]] == [j.DAY, j.DAY + timedelta(days=1), None]


def test_an_entry_says_which_definition_was_in_force_for_it(journey):
    assert [x.under for x in told(journey)] == [Under("trial", 1)] * 3 + [Under("trial", 2)] * 3


def test_a_retracted_adoption_counts_until_it_was_retracted():
    history = j.given(
        j.REFERRED, e.DefinitionAdopted(2, WHY), e.JourneyResumed(), e.EntryRetracted(2, WHY)
    )
    assert [x.version for x in under_which(history.entries).values()] == [1, 2, 2, 1]


@pytest.mark.parametrize(
    "decided", [e.EligibilityAssessed(1, "city", True, (), ()), e.PhaseEntered(Phase.INTAKE, 1)]
)
def test_what_rules_decided_is_under_the_version_that_it_names(decided):
    """It may be told late, about a day before another one was adopted."""
    adopted = (e.DefinitionAdopted(2, WHY), j.DAY + timedelta(days=9))
    history = j.given(j.REFERRED, adopted, decided, e.ReferralAccepted())
    assert [x.version for x in under_which(history.entries).values()] == [1, 2, 1, 1]


def test_what_is_told_late_is_under_the_version_of_its_day_as_known_then():
    adopted = (e.DefinitionAdopted(2, WHY), j.DAY + timedelta(days=9))
    late = e.JourneyResumed()
    history = j.given(j.REFERRED, late, adopted, late, (late, j.DAY + timedelta(days=9)))
    assert [x.version for x in under_which(history.entries).values()] == [1, 1, 2, 1, 2]


@given(st.integers(0, 2**32), st.integers(1, 60))
def test_every_history_has_every_entry_once_in_each_order(seed, length):
    history = j.lawful(seed, length, correcting=True)
    under = under_which(history.entries)
    assert list(under) == [x.version for x in history.entries]
    last, version = history.entries[-1].event, history.journey.definition_version
    if isinstance(last, e.EligibilityAssessed | e.PhaseEntered):
        version = last.definition_version  # which may be one before another that was adopted
    assert history.journey.programme in {"", under[history.version].programme}
    assert history.journey.programme == "" or under[history.version].version == version


def test_other_streams_are_told_too(office):
    clients.register(office.clients, "c-1", asked(), Particulars(given_name="Aino"))
    record_opening(office, "j-1", WHY, asked())
    (registered,) = trail(office, StreamKind.CLIENT, "c-1").entries
    assert registered.event.given_name == Personal("Aino")
    (opened,) = (found := trail(office, StreamKind.ACCESS, "j-1")).traced(found.entries)
    assert (opened.sentence, opened.under) == ("journey opened", None)
    found = trail(office, StreamKind.PROGRAMME, "trial")
    assert [x.under for x in found.traced(found.entries)] == [Under("trial", 1), Under("trial", 2)]


def test_what_was_never_recorded_is_named(memory_office):
    with pytest.raises(UnknownJourney, match="j-9"):
        trail(memory_office, StreamKind.JOURNEY, "j-9")
    with pytest.raises(UnknownStream, match="nothing is recorded of the client 'c-9'"):
        trail(memory_office, StreamKind.CLIENT, "c-9")
