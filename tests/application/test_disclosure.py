"""What another organisation is shown by a duty of the agreement, and of what kind entries are."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from application.accesses import open_journey
from application.disclosure import (
    ALWAYS,
    NOTHING,
    WHOLE,
    Shown,
    kind_within,
    shown_to,
)
from application.disclosure_of_lists import shown_of_each
from application.journeys import act, history, refer
from application.permissions import Way
from application.programmes import Programmes
from application.reading_grounds import ground_of
from application.scope import Purpose, Role, Scope
from domain.access import Disclosed, Reading
from domain.data_kinds import DataKind
from domain.definition import Duty, Title
from domain.entry import Personal
from domain.journey import events as e
from domain.journey import referral, team
from domain.wording import ENGLISH, in_language
from tests.application.conftest import asked, read_definition
from tests.domain import journeys as j

STATE = Scope("worker-2", Role.CASE_WORKER, "state", Purpose.SERVICE)
FIRST = date(2025, 1, 1)
SEES = Duty("pays", Title("Pays", "Maksaa", "fi"), "state", FIRST, None, sees=(DataKind.SERVICES,))


@pytest.fixture
def shared(office):
    """An office with a journey of the city in whose team somebody of the state office is."""
    fields = {"from_organisation": "state", "to_organisation": "city", "channel": "walk-in"}
    refer(office, "j-1", asked(), "trial", client="c-1", **fields)
    act(office, "j-1", asked(), referral.accept_referral)
    member = {"person": "worker-2", "organisation": "state", "role": "support"}
    act(office, "j-1", asked(), team.join_team, **member)
    return office


def with_duty(office, duty):
    """The same office under a definition whose agreement has the duty."""

    def read(text, origin):
        return replace(read_definition(text, origin), duties=(duty,))

    return replace(office, programmes=Programmes(office.log, read))


def shown(office, scope=STATE):
    return shown_to(office, scope, "j-1", history(office, "j-1").journey)


def test_a_duty_of_the_agreement_lets_its_organisation_see_the_kinds_it_names(shared):
    found = shown(with_duty(shared, SEES))
    assert found.kinds == ALWAYS | {DataKind.SERVICES}
    assert found.left("caseload") == Disclosed((DataKind.IDENTITY, DataKind.COURSE), "team")
    assert found.left("timeline").duties == ("pays",)
    assert (found.way, found.duties, found.consents) == (
        Way.TEAM,
        (("pays", frozenset({DataKind.SERVICES})),),
        (),
    )


@pytest.mark.parametrize(
    "duty",
    [
        replace(SEES, organisation="school"),
        replace(SEES, since=date(2199, 1, 1)),
        replace(SEES, until=date(2025, 1, 2)),
        replace(SEES, sees=()),
    ],
    ids=["another's", "not yet", "no longer", "no kind"],
)
def test_another_duty_lets_it_see_nothing_more(shared, duty):
    found = shown(with_duty(shared, duty))
    assert (found.kinds, found.duties) == (ALWAYS, ())


def test_the_responsible_sees_the_whole_and_a_stranger_nothing(shared):
    assert shown(shared, replace(STATE, organisation="city")) == WHOLE
    assert shown(shared, replace(STATE, organisation="elsewhere")) == NOTHING


def test_what_speaks_of_an_entry_is_of_its_kind(shared):
    said = e.Situation(e.EmploymentStatus.UNEMPLOYED)
    held = e.IntakeInterviewHeld(said)
    corrected = e.EntryCorrected(3, e.EntryCorrected(3, held, j.DAY), j.DAY)
    found = history(shared, "j-1")
    assert kind_within(found, corrected) is DataKind.SITUATION
    assert kind_within(found, e.EntryRetracted(1, Personal("a slip"))) is DataKind.COURSE
    reviewed = e.DecisionReviewed(2, 99, None, True, Personal("so"))
    assert kind_within(found, reviewed) is DataKind.COURSE


def test_what_an_opening_alone_lets_be_seen_leaves_by_the_opening(shared):
    """Of one client a journey is in the team's hands, and another was opened out of scope."""
    fields = {"from_organisation": "state", "to_organisation": "city", "channel": "walk-in"}
    refer(shared, "j-2", asked(), "trial", client="c-1", **fields)
    of_client = {"c-1": ["j-1", "j-2"]}
    before = shown_of_each(shared, STATE, of_client)["c-1"]
    assert (before.kinds, before.left("client-page").ground) == (ALWAYS, "team")
    open_journey(shared, STATE, "j-2", Personal("on duty tonight"))
    found = shown_of_each(shared, STATE, of_client)["c-1"]
    assert DataKind.CONTACT in found.kinds
    assert found.left("client-page").ground == "opened"
    assert found.left("client-search").ground == "team"


def test_a_duty_of_two_versions_of_an_agreement_is_one_ground():
    """Two journeys of a client, each under the definition of its day."""
    plan, services = DataKind.PLAN, DataKind.SERVICES
    duties = (("pays", frozenset({services})), ("pays", frozenset({plan, services})))
    found = Shown(ALWAYS | {plan, services}, Way.TEAM, (), duties)
    assert found.left("timeline").duties == ("pays",)


@pytest.mark.parametrize(
    ("consent", "duty", "said"),
    [
        ((3,), ("pays",), ", and by your consent and the programme's agreement it saw more"),
        ((3,), (), ", and you consented to what it saw beside"),
        ((), ("pays",), ", and the programme's agreement lets it see more"),
        ((), (), ""),
    ],
)
def test_the_client_reads_all_grounds_on_which_something_left(consent, duty, said):
    told = Disclosed((DataKind.PLAN, DataKind.SERVICES), "team", consent, duty)
    at = datetime(2025, 3, 3, 9, tzinfo=UTC)
    reading = Reading("p", "case-worker", "state", "service", "c", "j", "timeline", at, None, told)
    words = in_language(ground_of(reading), ENGLISH)
    assert words == f"The organisation has a place in your team{said}"
