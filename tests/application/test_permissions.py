"""Every role and every act and question, as a table; and how one comes to a journey."""

from dataclasses import replace

import pytest

from application.catalogue import JOURNEY_ACTS
from application.permissions import (
    ACTS,
    ANSWERS,
    CONSENT_ACTS,
    KEEPING_ACTS,
    OF_CLIENTS,
    OF_PARTNERS,
    QUESTIONS,
    Denied,
    Way,
    may_act,
    may_act_for,
    may_do,
    may_manage,
    may_tend,
    way_to,
)
from application.scope import PURPOSES, Role, Scope
from domain.definition import Phase
from domain.journey import events as e
from domain.journey.state import BEFORE
from tests.domain import journeys as j

# case-worker, team-lead, programme-manager, auditor, evaluator, client, integration
TABLE = """
refer                       x  x  .  .  .  .  x
assess-eligibility          x  x  .  .  .  .  .
accept-referral             x  x  .  .  .  .  .
decline-referral            x  x  .  .  .  .  .
assign-case-worker          x  x  .  .  .  .  .
hold-intake-interview       x  x  .  .  .  .  .
define-service-needs        x  x  .  .  .  .  .
start-competence-review     x  x  .  .  .  .  .
submit-self-assessment      x  x  .  .  .  x  .
record-competence           x  x  .  .  .  .  .
complete-competence-review  x  x  .  .  .  .  .
join-team                   x  x  .  .  .  .  .
leave-team                  x  x  .  .  .  .  .
draft-plan                  x  x  .  .  .  .  .
agree-plan                  x  x  .  .  .  x  .
revise-plan                 x  x  .  .  .  .  .
reach-step                  x  x  .  .  .  .  .
drop-step                   x  x  .  .  .  .  .
propose-service             x  x  .  .  .  .  .
accept-service              x  x  .  .  .  x  .
decline-service             x  x  .  .  .  x  .
start-service               x  x  .  .  .  .  x
record-attendance           x  x  .  .  .  .  x
interrupt-service           x  x  .  .  .  .  .
complete-service            x  x  .  .  .  .  x
award-certificate           x  x  .  .  .  .  x
propose-placement           x  x  .  .  .  .  .
agree-placement             x  x  .  .  .  .  .
start-placement             x  x  .  .  .  .  .
review-placement            x  x  .  .  .  .  .
end-placement               x  x  .  .  .  .  .
award-grant                 x  x  .  .  .  .  .
pay-grant                   x  x  .  .  .  .  .
grant-wage-subsidy          x  x  .  .  .  .  .
advise-employer             x  x  .  .  .  .  .
hold-follow-up              x  x  .  .  .  .  .
record-employment-period    x  x  .  .  .  .  x
record-unemployment-period  x  x  .  .  .  .  x
record-benefit-period       x  x  .  .  .  .  x
enter-phase                 x  x  .  .  .  .  .
request-handover            x  x  .  .  .  .  .
accept-handover             x  x  .  .  .  .  .
decline-handover            x  x  .  .  .  .  .
give-feedback               x  x  .  .  .  x  .
exempt-deadline             .  x  .  .  .  .  .
move-deadline               x  x  .  .  .  .  .
pause                       x  x  .  .  .  .  .
resume                      x  x  .  .  .  .  .
adopt-definition            .  x  .  .  .  .  .
correct                     x  x  .  .  .  .  .
retract                     x  x  .  .  .  .  .
review-decision             x  x  .  .  .  .  .
close                       x  x  .  .  .  .  .
reopen                      x  x  .  .  .  .  .
register-client             x  x  .  .  .  .  x
change-contact-details      x  x  .  .  .  x  x
give-consent                x  x  .  .  .  x  .
withdraw-consent            x  x  .  .  .  x  .
place-hold                  .  x  .  .  .  .  .
release-hold                .  x  .  .  .  .  .
erase-client                .  x  .  .  .  .  .
merge-clients               .  x  .  .  .  .  .
split-clients               .  x  .  .  .  .  .
register-organisation       .  x  x  .  .  .  x
sign-agreement              .  x  x  .  .  .  .
end-agreement               .  x  x  .  .  .  .
publish-need                x  x  .  .  .  .  x
fill-need                   x  x  .  .  .  .  x
withdraw-need               x  x  .  .  .  .  x
publish-offering            .  x  x  .  .  .  x
reserve-seat                x  x  .  .  .  .  x
release-seat                x  x  .  .  .  .  x
publish-programme           .  .  x  .  .  .  .
revise-programme            .  .  x  .  .  .  .
close-programme             .  .  x  .  .  .  .
join-programme              .  .  x  .  .  .  .
leave-programme             .  .  x  .  .  .  .
set-target                  .  .  x  .  .  .  .
issue-report                .  .  x  .  x  .  .
restate-report              .  .  x  .  x  .  .
me                          x  x  x  x  x  x  x
journey-page                x  x  x  x  .  x  x
journey-acts                x  x  x  x  .  x  x
timeline                    x  x  x  x  .  x  x
deadlines                   x  x  x  x  .  x  x
changes                     x  x  x  x  .  x  x
caseload                    x  x  x  x  .  x  x
client-page                 x  x  x  x  .  x  x
client-search               x  x  .  x  .  .  x
possible-duplicates         x  x  .  x  .  .  x
calendar                    x  x  .  x  .  .  .
responsibility              x  x  x  x  .  .  .
board                       x  x  x  x  x  .  .
programmes                  x  x  x  x  x  x  x
organisations               x  x  x  x  x  x  x
break-glass                 x  x  .  .  .  .  .
audit-access                .  .  .  x  .  .  .
audit-history               .  .  .  x  .  .  .
audit-decisions             .  .  .  x  .  .  .
audit-corrections           .  .  .  x  .  .  .
audit-difference            .  .  .  x  .  .  .
audit-overviews             .  .  .  x  .  .  .
audit-sample                .  .  .  x  .  .  .
audit-bundle                .  .  .  x  .  .  .
client-access               x  x  .  x  .  x  .
client-copy                 x  x  .  x  .  x  .
projections-status          .  x  x  x  .  .  x
report                      .  .  x  x  x  .  .
figure                      .  .  x  x  x  .  .
verification                .  .  x  x  x  .  .
restatement                 .  .  x  x  x  .  .
issued-reports              .  .  x  x  x  .  .
evaluation                  .  .  x  x  x  .  .
replay                      .  .  x  x  x  .  .
export                      .  .  x  x  x  .  .
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
WORKERS = (Role.CASE_WORKER, Role.TEAM_LEAD)


@pytest.mark.parametrize(("column", "role"), [*enumerate(Role)])
def test_a_role_does_what_the_table_says(column, role):
    said = {code: marks[column] == "x" for code, *marks in ROWS}
    assert {code: may_do(role, code) for code in said} == said


def test_the_table_has_every_act_and_every_question():
    assert [code for code, *_ in ROWS] == [*ACTS, *QUESTIONS]
    assert set(JOURNEY_ACTS) < set(ACTS)


def test_an_unknown_code_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        may_do(Role.AUDITOR, "everything")


def scope(role=Role.CASE_WORKER, organisation="city", **more) -> Scope:
    return Scope("me", role, organisation, PURPOSES[role][0], **more)


def journey(*more):
    """The city is responsible; the client is client-1 of the programme trial."""
    happened = (j.REFERRED, j.eligible(), e.ReferralAccepted(), e.PhaseEntered(Phase.INTAKE, 1))
    return j.given(*happened, *more).journey


def denied(who: Scope, code: str, at=None, **fields):
    return may_act(who, code, "j-1", journey() if at is None else at, fields)


IN_TEAM = e.TeamMemberJoined("you", "school", "teacher")
ASKED = e.HandoverRequested("state", j.WHY)


def every_act(who: Scope, at) -> dict:
    return {code: denied(who, code, at) for code in JOURNEY_ACTS}


@pytest.mark.parametrize("role", WORKERS)
@pytest.mark.parametrize(("organisation", "happened"), [("city", ()), ("school", (IN_TEAM,))])
def test_the_responsible_organisation_and_the_team_do_all_that_is_within_the_role(
    role, organisation, happened
):
    said = {code: None if may_do(role, code) else Denied.ROLE for code in JOURNEY_ACTS}
    if happened:
        said["request-handover"] = Denied.RESPONSIBLE
    assert every_act(scope(role, organisation), journey(*happened)) == said


def test_a_team_member_does_not_correct_whose_a_journey_is():
    at = journey(IN_TEAM)
    made = e.ReferralMade("client-1", "trial", 1, "state", "city", "walk-in", "line-2")
    corrected = {
        "as it was": (made, None),
        "the client": (replace(made, client="client-2"), Denied.RESPONSIBLE),
        "the organisation": (replace(made, to_organisation="state"), Denied.RESPONSIBLE),
    }
    for event, why in corrected.values():
        assert denied(scope(organisation="school"), "correct", at, event=event) is why
        assert denied(scope(), "correct", at, event=event) is None


@pytest.mark.parametrize("role", WORKERS)
@pytest.mark.parametrize(
    ("who", "happened", "theirs", "why"),
    [
        ({"organisation": "state"}, (ASKED,), {*ANSWERS, "refer"}, Denied.HANDOVER),
        (
            {"organisation": "school", "partners": frozenset({"city"})},
            (),
            OF_PARTNERS,
            Denied.PARTNER,
        ),
        ({"organisation": "else", "opened": frozenset({"j-1"})}, (), (), Denied.OPENED),
        ({"organisation": "else", "opened": frozenset({"j-2"})}, (), (), Denied.SCOPE),
    ],
    ids=["handover", "partner", "opened", "stranger"],
)
def test_others_do_what_their_way_to_the_journey_lets_them(role, who, happened, theirs, why):
    """The state office referred the client: to refer again is a repetition."""
    said = {code: None if code in theirs else why for code in JOURNEY_ACTS}
    said |= {code: Denied.ROLE for code in JOURNEY_ACTS if not may_do(role, code)}
    assert every_act(scope(role, **who), journey(*happened)) == said


def test_a_partner_that_is_asked_to_take_over_goes_on_with_what_is_theirs():
    partner = scope(organisation="state", partners=frozenset({"city"}))
    found = [denied(partner, code, journey(ASKED)) for code in ("accept-handover", "join-team")]
    assert found == [None, None]
    assert denied(partner, "close", journey(ASKED)) is Denied.PARTNER


def test_nobody_answers_a_handover_that_was_asked_of_another():
    assert denied(scope(organisation="school"), "accept-handover", journey(ASKED)) is Denied.SCOPE


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EVALUATOR, Role.PROGRAMME_MANAGER])
def test_auditors_evaluators_and_managers_change_no_journey(role):
    seeing = scope(role, programmes=frozenset({"trial"}))
    assert set(every_act(seeing, journey()).values()) == {Denied.ROLE}


@pytest.mark.parametrize("code", OF_CLIENTS)
def test_clients_act_on_their_own_journeys_only(code):
    assert denied(scope(Role.CLIENT, "client", client="client-1"), code) is None
    assert denied(scope(Role.CLIENT, "client", client="client-2"), code) is Denied.SCOPE
    assert denied(scope(Role.CLIENT, "client"), code) is Denied.SCOPE


def test_a_client_signs_for_nobody_else():
    own = scope(Role.CLIENT, "client", client="client-1")
    for person in ("client-1", "me"):
        signed = (e.Signatory(person, "client"),)
        assert denied(own, "agree-plan", signatories=signed) is None
    for other in (e.Signatory("ville", "case-worker"), e.Signatory("client-2", "client")):
        signed = (e.Signatory("client-1", "client"), other)
        assert denied(own, "agree-plan", signatories=signed) is Denied.NOT_OWN


def test_a_client_gives_no_feedback_of_an_employer():
    own = scope(Role.CLIENT, "client", client="client-1")
    assert denied(own, "give-feedback", respondent="client") is None
    assert denied(own, "give-feedback", respondent="employer") is Denied.NOT_OWN
    assert denied(scope(), "give-feedback", respondent="employer") is None


SCHOOL = scope(organisation="school", partners=frozenset({"city"}))


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("join-team", "organisation"),
        ("leave-team", "organisation"),
        ("propose-service", "provider"),
        ("start-service", "provider"),
    ],
)
def test_a_partner_names_no_other_organisation(code, field):
    assert denied(SCHOOL, code, **{field: "school"}) is None
    assert denied(SCHOOL, code, **{field: "bakery"}) is Denied.NOT_THEIRS
    assert denied(scope(), code, **{field: "bakery"}) is None


@pytest.mark.parametrize(
    "code", ["start-service", "record-attendance", "interrupt-service", "complete-service"]
)
def test_a_partner_records_what_its_own_services_do(code):
    at = journey(
        e.ServiceProposed("own", "course", "school"),
        e.ServiceProposed("other", "course", "bakery"),
        e.ServiceProposed("anybody's", "course", None),
    )
    assert denied(SCHOOL, code, at, reference="own") is None
    assert denied(SCHOOL, code, at, reference="other") is Denied.NOT_THEIRS
    assert denied(SCHOOL, code, at, reference="anybody's") is Denied.NOT_THEIRS


def test_a_partner_gives_no_service_of_its_own_to_another_as_it_starts():
    at = journey(e.ServiceProposed("own", "course", "school"), e.ServiceAccepted("own"))
    start = {"code": "start-service", "at": at, "reference": "own"}
    assert denied(SCHOOL, **start, provider="bakery") is Denied.NOT_THEIRS
    assert denied(SCHOOL, **start, provider="school") is None


def test_a_journey_that_has_not_begun_can_be_referred_by_whoever_refers():
    for role in (Role.CASE_WORKER, Role.TEAM_LEAD, Role.INTEGRATION):
        assert denied(scope(role, "anywhere"), "refer", BEFORE) is None
    assert denied(scope(Role.CLIENT, "client", client="client-1"), "refer", BEFORE) is Denied.ROLE
    assert denied(scope(organisation="anywhere"), "close", BEFORE) is Denied.SCOPE


def test_who_referred_may_ask_again_and_a_stranger_may_not():
    assert denied(scope(Role.INTEGRATION, "state"), "refer") is None
    assert denied(scope(Role.INTEGRATION, "else"), "refer") is Denied.SCOPE


@pytest.mark.parametrize(
    ("who", "happened", "way"),
    [
        (scope(), (), Way.RESPONSIBLE),
        (scope(organisation="school"), (IN_TEAM,), Way.TEAM),
        (scope(organisation="state"), (ASKED,), Way.HANDOVER),
        (SCHOOL, (), Way.PARTNER),
        (scope(organisation="x", opened=frozenset({"j-1"})), (), Way.OPENED),
        (scope(Role.CLIENT, "client", client="client-1"), (), Way.OWN),
        (scope(Role.AUDITOR, "audit"), (), Way.OVERSIGHT),
        (scope(Role.PROGRAMME_MANAGER, programmes=frozenset({"trial"})), (), Way.OVERSIGHT),
        (scope(Role.PROGRAMME_MANAGER, programmes=frozenset({"else"})), (), None),
        (scope(Role.EVALUATOR), (), None),
        (scope(organisation="x"), (), None),
    ],
)
def test_the_way_to_a_journey(who, happened, way):
    assert way_to(who, "j-1", journey(*happened)) is way


def test_a_manager_manages_the_own_programmes():
    manager = scope(Role.PROGRAMME_MANAGER, programmes=frozenset({"trial"}))
    assert may_manage(manager, "set-target", "trial") is None
    assert may_manage(manager, "publish-programme", "else") is Denied.PROGRAMME
    assert may_manage(scope(programmes=frozenset({"trial"})), "set-target", "trial") is Denied.ROLE


def test_an_organisation_signs_its_own_agreements():
    lead = scope(Role.TEAM_LEAD)
    assert may_act_for(lead, "sign-agreement", "city") is None
    assert may_act_for(lead, "end-agreement", "state") is Denied.ORGANISATION
    assert may_act_for(lead, "publish-need", "bakery") is None
    assert may_act_for(scope(), "sign-agreement", "city") is Denied.ROLE


@pytest.mark.parametrize(
    ("who", "registered_by", "ways", "why"),
    [
        (scope(), "city", (), None),
        (scope(), "state", (), Denied.CLIENT),
        (scope(), "state", (None, Way.PARTNER, Way.OPENED, Way.HANDOVER), Denied.CLIENT),
        (scope(), "state", (None, Way.TEAM), None),
        (scope(Role.CLIENT, "client", client="c-1"), "state", (), None),
        (scope(Role.CLIENT, "client", client="c-2"), "state", (Way.OWN,), Denied.NOT_OWN),
        (scope(Role.AUDITOR), "city", (Way.OVERSIGHT,), Denied.ROLE),
    ],
)
def test_a_clients_particulars_are_changed_by_those_who_serve_them_and_themselves(
    who, registered_by, ways, why
):
    assert may_tend(who, "change-contact-details", "c-1", registered_by, ways) is why


@pytest.mark.parametrize("code", sorted(CONSENT_ACTS))
def test_consent_is_recorded_by_the_responsible_or_the_client_and_not_by_who_would_see_more(code):
    ways = (Way.RESPONSIBLE, Way.TEAM, Way.HANDOVER, Way.PARTNER, Way.OPENED)
    allowed = [w for w in ways if may_tend(scope(), code, "c-1", "state", (w,)) is None]
    assert allowed == [Way.RESPONSIBLE]
    own = scope(Role.CLIENT, "client", client="c-1")
    assert may_tend(own, code, "c-1", "state", (Way.OWN,)) is None


@pytest.mark.parametrize("code", KEEPING_ACTS)
def test_what_becomes_of_a_clients_data_is_for_team_leads_of_the_responsible(code):
    lead = scope(Role.TEAM_LEAD)
    ways = (Way.RESPONSIBLE, Way.TEAM, Way.HANDOVER, Way.PARTNER, Way.OPENED, None)
    found = {way: may_tend(lead, code, "c-1", "state", (way,)) for way in ways}
    assert found == dict.fromkeys(ways, Denied.CLIENT) | {Way.RESPONSIBLE: None}
    assert may_tend(lead, code, "c-1", "city", ()) is None
    assert may_tend(lead, code, "c-1", "state", ()) is Denied.CLIENT
    assert may_tend(scope(), code, "c-1", "city", (Way.RESPONSIBLE,)) is Denied.ROLE


@pytest.mark.parametrize("other", [None, Way.TEAM, Way.HANDOVER, Way.PARTNER])
def test_a_client_whom_others_serve_too_is_held_and_not_erased(other):
    lead, ways = scope(Role.TEAM_LEAD), (Way.RESPONSIBLE, other)
    assert may_tend(lead, "place-hold", "c-1", "city", ways) is None
    assert may_tend(lead, "erase-client", "c-1", "city", ways) is Denied.OTHERS


@pytest.mark.parametrize("why", Denied)
def test_every_refusal_says_what_to_do_next(why):
    sentences = why.said.split(". ")
    assert len(sentences) == 2
    assert why.said.endswith(".")
