"""What can be done now with a journey: the decisions say it, and what is said holds."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application import journeys
from application.candidates import WAYS, Way
from application.candidates import Asked as Candidacy
from application.catalogue import JOURNEY_ACTS
from application.journey_clients import on_clients
from application.journeys import UnknownJourney
from application.office import Office, definitions_of
from application.ports import Append, Fresh
from application.possible import Possible, possible_acts, possible_now
from application.transact import Asked
from domain.definition import Phase
from domain.entry import Personal
from domain.erasure import ClientErased
from domain.journey import corrections, course, ending, follow_up
from domain.journey import events as e
from domain.journey.act import Act
from domain.journey.history import History
from domain.refusals import IllegalTransition, InvalidField
from infrastructure.definitions import shipped_definitions
from tests.application.conftest import referred
from tests.application.simulated import real_histories, stage
from tests.domain import journeys as j

VERSIONS = (1, 2)
CODES = {act.decision: act.code for act in JOURNEY_ACTS.values()}


def _lawful(drawn: tuple[int, int]) -> History:
    return j.lawful(*drawn, correcting=True)


HISTORIES = st.tuples(st.integers(0, 10**6), st.integers(1, 90)).map(_lawful)


def today(history: History, **changed: Any) -> Act:
    """An act on the day of the newest entry, which is also today."""
    day = max(x.occurred_on for x in history.in_force) if history.in_force else j.DAY
    under = history.journey.definition_version or 1
    return j.act(day, today=day, definition=j.definition(under), **changed)


def possible(history: History, act: Act | None = None, **more: Any) -> dict[str, Possible]:
    found = possible_acts(history, act or today(history), VERSIONS, **more)
    return {one.code: one for one in found}


def ways_of(code: str, history: History, act: Act) -> list[Way]:
    return list(WAYS[code](Candidacy(history, act, VERSIONS)))


def every_way(choice: Mapping[str, tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """Every combination of the values of a choice, as a front end could send them."""
    for values in product(*choice.values()):
        fields = dict(zip(choice, values, strict=True))
        yield {k: (v,) if k == "needs" else _some(v) for k, v in fields.items()}


def _some(value: Any) -> Any:
    """A value that begins as a choice says, where it says no more."""
    return f"{value[:-1]}something" if str(value).endswith("*") else value


def accepted(*more: Any) -> History:
    return j.given(
        j.REFERRED, e.ReferralAccepted(), e.CaseWorkerAssigned("worker-1", "city"), *more
    )


def test_every_act_of_the_catalogue_has_ways_to_be_asked_for() -> None:
    assert set(WAYS) == set(JOURNEY_ACTS)
    assert list(possible(accepted())) == list(JOURNEY_ACTS)


def test_a_referral_waits_for_an_answer_and_says_what_the_other_acts_need() -> None:
    found = possible(j.given(j.REFERRED))
    can = {code for code, one in found.items() if one.possible}
    assert {"accept-referral", "decline-referral", "assess-eligibility", "close"} <= can
    assert "enter-phase" not in can
    (lacking,) = found["hold-intake-interview"].missing
    assert lacking.state == "the journey is referred"
    assert lacking.act == "hold an intake interview"
    assert lacking.missing == "accept the referral first"


def test_what_has_been_done_is_not_possible_again() -> None:
    (lacking,) = possible(accepted())["accept-referral"].missing
    assert lacking.missing == "it has been done already"


def test_where_there_is_nothing_to_choose_from_it_says_so() -> None:
    found = possible(accepted())
    for code, words in (
        ("decline-service", "no service was proposed or started yet"),
        ("start-placement", "no placement was proposed yet"),
        ("review-decision", "no decision waits for review"),
    ):
        assert [one.missing for one in found[code].missing] == [words]
        assert not found[code].refused


def test_an_answer_to_a_service_waits_for_a_proposal() -> None:
    (lacking,) = possible(accepted())["accept-service"].missing
    assert lacking.state == "no service waits for an answer"
    assert lacking.missing == "propose a service first"


def test_while_an_answer_to_a_handover_is_awaited_nothing_else_is_said() -> None:
    found = possible(accepted(e.HandoverRequested("state", j.WHY)))["request-handover"]
    assert not found.possible
    assert {one.missing for one in found.missing} == {
        "wait for their answer",
        "it has been done already",
    }


def test_a_service_is_chosen_among_those_that_can_be_started() -> None:
    history = accepted(
        e.PhaseEntered(Phase.TRAINING, 1),
        e.ServiceProposed("c1", "coaching"),
        e.ServiceProposed("c2", "course"),
        e.ServiceAccepted("c2"),
    )
    found = possible(history)
    assert found["start-service"].choices == (
        {"reference": ("c2",)},
        {"service": ("course", "coaching")},
    )
    (refused,) = found["start-service"].refused
    assert refused.fields == {"reference": "c1"}
    assert refused.lacking.missing == "it would have to be accepted"


def test_each_phase_says_which_requirements_are_not_met() -> None:
    history = accepted(e.PhaseEntered(Phase.INTAKE, 1))
    found = possible(history)["enter-phase"]
    assert not found.possible
    review = next(r for r in found.refused if r.fields == {"phase": Phase.COMPETENCE_REVIEW})
    assert [one.id for one in review.lacking.requirements] == ["interviewed"]
    assert review.lacking.requirements[0].why == "interviewed: not met (basis of interviewed)"


def test_who_may_override_a_requirement_gets_that_choice() -> None:
    history = accepted(e.PhaseEntered(Phase.INTAKE, 1))
    lead = today(history, roles=("team-lead",))
    choice = {"phase": (Phase.COMPETENCE_REVIEW,), "override": (("interviewed",),)}
    assert possible(history, lead)["enter-phase"].choices == (choice,)


def test_a_phase_that_is_told_late_is_offered_as_the_version_of_its_day_says() -> None:
    intake, *later = j.DEFINITION.phases
    newer = j.definition(2, phases=(replace(intake, requires=()),), override_roles=("nobody",))
    versions = {1: j.definition(phases=(intake, *later[:1])), 2: newer}
    history = accepted((e.DefinitionAdopted(2, j.WHY), j.DAY + timedelta(days=9)))

    def entering(days: int) -> Possible:
        on = j.DAY + timedelta(days=days)
        roles = ("team-lead",)
        act = j.act(on, definition=newer, definition_of=versions.__getitem__, roles=roles)
        return possible(history, act)["enter-phase"]

    choice = {"phase": (Phase.INTAKE,), "override": (("eligible",),)}
    assert entering(3).choices == (choice,)
    first, *_ = entering(3).refused
    assert first.fields == {"phase": Phase.INTAKE}
    assert [one.id for one in first.lacking.requirements] == ["eligible"]
    assert entering(9).choices == ({"phase": (Phase.INTAKE,)},)


def test_an_end_and_its_destinations_go_together() -> None:
    assert possible(accepted())["close"].choices == (
        {"end_state": ("completed",), "destination": ("employment", "unemployed")},
        {"end_state": ("cancelled",), "destination": ("unknown",)},
    )


def test_entries_are_corrected_and_retracted_as_long_as_they_hold() -> None:
    history = accepted(e.EntryRetracted(3, j.WHY))
    found = possible(history)
    assert found["correct"].choices == ({"entry": (1, 2)},)
    assert found["retract"].choices == ({"entry": (1, 2, 4)},)


def test_a_grant_is_paid_in_the_money_it_was_awarded_in() -> None:
    grant = e.GrantAwarded("p1", j.Decimal(5), "SEK", "city", j.DAY, j.DAY)
    history = accepted(e.PlacementProposed("p1", "firm", "work-try-out"), grant)
    assert possible(history)["pay-grant"].choices == ({"reference": ("p1",), "currency": ("SEK",)},)


def test_a_person_who_may_not_is_told_why_and_offered_no_choice() -> None:
    def why_not(code: str, fields: Mapping[str, Any]) -> str | None:
        if code == "close":
            return "your role does not do this"
        return "another's" if fields.get("destination") or fields.get("entry") == 1 else None

    found = possible(accepted(), why_not=why_not)
    assert (found["close"].possible, found["close"].permitted) == (False, False)
    assert [one.missing for one in found["close"].missing] == ["your role does not do this"]
    assert found["retract"].choices == ({"entry": (2, 3)},)
    assert found["retract"].refused[0].lacking.missing == "another's"


@settings(deadline=None)
@given(HISTORIES)
def test_what_is_said_to_be_possible_is_not_refused_with_any_choice(history: History) -> None:
    act = today(history, roles=("team-lead",))
    for one in possible(history, act).values():
        if not one.possible:
            continue
        tried = _tried(one, history, act)
        for fields in tried:
            JOURNEY_ACTS[one.code].decision(history, act, **fields)
        assert tried


def _tried(one: Possible, history: History, act: Act) -> list[dict[str, Any]]:
    """Every choice of an act, with what a person writes freely made up by a way that goes so."""
    ways = ways_of(one.code, history, act)
    tried = []
    for choice in one.choices or ({},):
        for fields in every_way(choice):
            way = next(
                way
                for way in ways
                if set(way.fields) <= set(fields)
                and all(fields[name] == value for name, value in way.fields.items())
                and set(fields) <= {*way.fields, *way.codes, *way.optional}
                and _fits(fields, way)
            )
            tried.append({**way.whole(1), **fields})
    return tried


def _fits(fields: Mapping[str, Any], way: Way) -> bool:
    """Whether the values are among those of the way's codes."""
    listed = {
        name: [next(every_way({name: (code,)}))[name] for code in some]
        for name, some in way.codes.items()
    }
    return all(fields[name] in some for name, some in listed.items())


@settings(deadline=None)
@given(HISTORIES)
def test_what_can_be_done_is_said_to_be_possible(history: History) -> None:
    """The acts of other tests, with other fields: none succeeds that is said to be impossible."""
    act = today(history, roles=("team-lead",))
    found = possible(history, act)
    for decision, fields in (*j.ACTS, *j.CORRECTIONS):
        try:
            events = decision(history, act, **fields)
        except (IllegalTransition, InvalidField):
            continue
        if events:
            assert found[CODES[decision]].possible, (decision, fields)


@settings(deadline=None)
@given(HISTORIES)
def test_what_is_said_to_be_impossible_is_refused_in_every_way(history: History) -> None:
    act = today(history)
    for one in possible(history, act).values():
        assert one.possible or one.missing
        for way in ways_of(one.code, history, act):
            if not one.possible:
                assert not _done(one.code, history, act, way.whole(0))
                assert not _done(one.code, history, act, way.whole(1))


def _done(code: str, history: History, act: Act, fields: Mapping[str, Any]) -> bool:
    try:
        return bool(JOURNEY_ACTS[code].decision(history, act, **fields))
    except (IllegalTransition, InvalidField):
        return False


def test_choices_hold_for_real_definitions_with_all_their_codes() -> None:
    tried = 0
    with stage() as on:
        for history in list(real_histories(4).values())[::2]:
            programme, version = history.journey.programme, history.journey.definition_version
            if programme not in on.office.programmes.published():
                on.publish(programme, shipped_definitions()[programme])
            definition = on.office.programmes.definition(programme, version)
            day = max(x.occurred_on for x in history.in_force)
            act = Act(
                *(j.WORKER, day, day, definition),
                definitions_of(on.office, programme),
                on.office.working_days(definition.country),
            )
            for one in possible_acts(history, act):
                for fields in _tried(one, history, act) if one.possible else ():
                    tried += 1
                    JOURNEY_ACTS[one.code].decision(history, act, **fields)
    assert tried > 1000


def test_the_office_says_what_is_possible_for_a_journey_of_its_log(memory_office: Office) -> None:
    referred(memory_office, "j-1", client="client-1")
    found = {one.code: one for one in possible_now(memory_office, "j-1", Asked(j.WORKER, j.DAY))}
    assert found["accept-referral"].possible
    assert found["adopt-definition"].choices == ({"definition_version": (1,)},)
    with pytest.raises(UnknownJourney):
        possible_now(memory_office, "j-2", Asked(j.WORKER, j.DAY))


def test_nothing_is_possible_where_the_programme_is_not_published(memory_office: Office) -> None:
    foreign = replace(j.REFERRED, programme="elsewhere")
    memory_office.log.append(Append("journey:j-1", 0, (Fresh(foreign, j.DAY),), j.WORKER))
    found = possible_now(memory_office, "j-1", Asked(j.WORKER, j.DAY))
    assert [one.code for one in found] == list(JOURNEY_ACTS)
    assert not any(one.possible for one in found)
    assert "elsewhere has no version 1" in found[0].missing[0].missing


@pytest.mark.parametrize(
    ("code", "decision", "fields"),
    [("reopen", ending.reopen, {}), ("retract", corrections.retract, {"entry": 3})],
)
def test_a_journey_of_a_client_who_was_erased_is_not_reopened(
    memory_office: Office, code: str, decision: Any, fields: dict[str, Any]
) -> None:
    closed = e.JourneyClosed("cancelled", "unknown")
    events = (j.REFERRED, e.ReferralAccepted(), closed)
    begun = tuple(Fresh(event, j.DAY) for event in events)
    memory_office.log.append(Append("journey:j-1", 0, begun, j.WORKER))
    asked = Asked(j.WORKER, j.DAY)

    def lacking() -> list[str]:
        found = possible_now(memory_office, "j-1", asked)
        [one] = [one for one in found if one.code == code]
        same = [x.lacking for x in one.refused if x.fields == fields] or one.missing
        return [str(one.state) for one in same]

    assert not lacking()
    erased = (Fresh(ClientErased("article 17", ("j-1",)), j.DAY),)
    memory_office.log.append(Append("client:client-1", 0, erased, j.WORKER))
    assert lacking() == ["the data of client client-1 was erased"]
    with pytest.raises(IllegalTransition, match="the data of client client-1 was erased"):
        journeys.act(memory_office, "j-1", asked, decision, reason=j.WHY, **fields)


def test_what_can_be_told_of_an_erased_client_without_words_is_said_to_be_possible(
    memory_office: Office,
) -> None:
    started = e.CompetenceReviewStarted("talks", "worker-1")
    closed = e.JourneyClosed("cancelled", "unknown")
    history = accepted(started, closed)
    erased = (Fresh(ClientErased("article 17", ("j-1",)), j.DAY),)
    memory_office.log.append(Append("client:client-1", 0, erased, j.WORKER))
    act, told = today(history), set[str]()
    found = possible(history, act, refuse=partial(on_clients, memory_office, history))
    lifted = (course.exempt_deadline, {"deadline": "interview/2", "reason": "illness"})
    for decision, fields in (*j.ACTS, lifted):
        try:
            events = decision(history, act, **fields)
            on_clients(memory_office, history, events)
        except (IllegalTransition, InvalidField):
            continue
        told |= {CODES[decision]} if events else set()
    notes = {"hold-follow-up", "exempt-deadline", "hold-intake-interview", "define-service-needs"}
    assert notes | {"record-competence"} <= told
    assert told <= {code for code, one in found.items() if one.possible}

    noted = follow_up.hold_follow_up(
        history, act, status=e.EmploymentStatus.UNKNOWN, note=Personal("moved to Ii")
    )
    with pytest.raises(IllegalTransition, match="leave out what tells of the client in words"):
        on_clients(memory_office, history, noted)
