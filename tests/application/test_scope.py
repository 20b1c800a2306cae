"""What a person may see of one journey, and which rows of a list, are one answer."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from application.scope import EVERYTHING, PURPOSES, Role, Scope, keys_of, may_see, worker_key
from domain.journey import events as e
from domain.journey.state import BEFORE, Handover, Journey, Member, Responsible, Status
from tests.domain import journeys as j

CODES = st.sampled_from(["a", "b", "c", "d"])
SOME = st.frozensets(CODES, max_size=3)

scopes = st.builds(
    Scope,
    person=CODES,
    role=st.sampled_from(Role),
    organisation=CODES,
    purpose=st.sampled_from(PURPOSES[Role.TEAM_LEAD]),
    client=st.none() | CODES,
    programmes=SOME,
    rights=st.just(()),
    partners=SOME,
    opened=SOME,
)
members = st.builds(
    Member,
    st.just(1),
    person=CODES,
    organisation=CODES,
    role=st.just("x"),
    since=st.just(j.DAY),
    until=st.none() | st.just(j.DAY),
)
journeys = st.builds(
    BEFORE._replace,  # to build a Journey itself takes fifty times as long
    client=CODES,
    programme=CODES,
    status=st.sampled_from(Status),
    organisation=CODES,
    responsible=st.none()
    | st.builds(Responsible, st.just(1), person=CODES, organisation=CODES, since=st.just(j.DAY)),
    team=st.lists(members, max_size=3).map(tuple),
    handover=st.none() | st.builds(Handover, st.just(1), st.just(j.DAY), to_organisation=CODES),
)
keys = st.frozensets(
    st.builds(
        "{}:{}".format, st.sampled_from(["responsible", "team", "client", "programme"]), CODES
    ),
    max_size=4,
)

WORKERS = {Role.CASE_WORKER, Role.TEAM_LEAD, Role.INTEGRATION}


def sees(scope: Scope, journey_id: str, journey: Journey) -> bool:
    """Who may see a journey, said once more in words rather than keys."""
    present = {member.organisation for member in journey.present_team()}
    asked = journey.handover.to_organisation if journey.handover else None
    if scope.role in WORKERS:
        return (
            journey.organisation in {scope.organisation, *scope.partners}
            or scope.organisation in present
            or (scope.organisation == asked and journey.status is not Status.CLOSED)
            or journey_id in scope.opened
        )
    return {
        Role.AUDITOR: True,
        Role.EVALUATOR: False,
        Role.CLIENT: journey.client == scope.client,
        Role.PROGRAMME_MANAGER: journey.programme in scope.programmes,
    }[scope.role]


@given(scopes, CODES, journeys)
def test_keys_say_what_the_words_say(scope, journey_id, journey):
    assert may_see(scope, keys_of(journey_id, journey)) is sees(scope, journey_id, journey)


@given(scopes, CODES, journeys)
def test_a_list_has_the_journeys_that_may_be_seen(scope, journey_id, journey):
    rows = [(key, journey_id) for key in keys_of(journey_id, journey)]
    listed = [owner for key, owner in rows if EVERYTHING in scope.keys or key in scope.keys]
    assert bool(listed) is may_see(scope, keys_of(journey_id, journey))


@given(scopes, keys)
def test_what_is_seen_depends_on_the_keys_alone(scope, held):
    if EVERYTHING in scope.keys:
        assert may_see(scope, held)
    else:
        assert may_see(scope, held) is bool(scope.keys & held)
    assert may_see(scope, ()) is (scope.role is Role.AUDITOR)


@given(scopes, keys, keys)
def test_more_keys_never_show_less(scope, some, more):
    if may_see(scope, some):
        assert may_see(scope, some | more)


@given(scopes, CODES, journeys)
def test_nobody_holds_a_workers_key(scope, journey_id, journey):
    filters = {worker_key(code) for code in "abcd"}
    assert not scope.keys & filters
    in_hand = keys_of(journey_id, journey) & filters
    assert in_hand == ({worker_key(journey.responsible.person)} if journey.responsible else set())


@given(scopes)
def test_only_those_who_work_with_clients_look_through_partners_and_broken_glass(scope):
    bare = replace(scope, partners=frozenset(), opened=frozenset())
    gained = {f"responsible:{code}" for code in scope.partners}
    gained |= {f"journey:{code}" for code in scope.opened}
    assert scope.keys == bare.keys | (gained if scope.role in WORKERS else set())


def test_a_journey_that_goes_on_is_reached_by_whoever_has_a_part_in_it():
    found = j.given(
        j.REFERRED,
        e.ReferralAccepted(),
        e.CaseWorkerAssigned("worker-1", "city"),
        e.TeamMemberJoined("t", "school", "teacher"),
        e.TeamMemberJoined("u", "bakery", "tutor"),
        e.TeamMemberLeft("u", "bakery"),
        e.HandoverRequested("state", j.WHY),
    ).journey
    assert keys_of("j-1", found) == {
        *("responsible:city", "team:school", "handover:state", "worker:worker-1"),
        *("client:client-1", "programme:trial", "journey:j-1"),
    }


def test_whoever_was_asked_to_take_over_sees_it_until_the_journey_is_closed():
    asked = Journey(organisation="city", handover=Handover(1, j.DAY, "state"), status=Status.OPEN)
    state = Scope("p", Role.CASE_WORKER, "state", PURPOSES[Role.CASE_WORKER][0])
    assert may_see(state, keys_of("j-1", asked))
    assert not may_see(state, keys_of("j-1", asked._replace(status=Status.CLOSED)))


def test_a_journey_that_has_not_begun_is_nobodys_but_an_auditors():
    held = keys_of("j-1", BEFORE)
    for role in Role:
        scope = Scope("p", role, "city", PURPOSES[role][0], client="c-1")
        assert may_see(scope, held) is (role is Role.AUDITOR)


def test_every_role_has_a_purpose():
    assert set(PURPOSES) == set(Role)
    assert all(PURPOSES[role] for role in Role)
