"""Played clients: the same every time, by acts that nobody refuses, under any definition."""

from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import Any, get_args

import pytest
from sqlalchemy import select

from application import journeys
from application.ports import Append, Fresh
from application.simulation.casting import CannotSimulate, Cast
from application.simulation.days import Window
from application.simulation.run import Played, histories, simulate
from domain.client import ClientRegistered
from domain.entry import By
from domain.journey import events as e
from domain.journey.deadlines import deadlines, kinds_that_matter
from domain.journey.evolve import fold
from domain.journey.history import History, as_it_happened, history_of, look
from infrastructure.definitions import load_definition, shipped_definitions
from infrastructure.event_log import SqlEventLog
from infrastructure.log_tables import events as table
from infrastructure.working_days import working_days_of
from tests.application.simulated import SHIPPED, WINDOW, casts, real_histories, stage

FEW = casts(6)
OWN = """
programme: own
version: 1
title: {en: Our own, fi: Oma}
summary: {en: A small model of somebody's own., fi: Pieni oma malli.}
effective: {from: 2024-12-01, until: null}
country: FI
organisations:
  - {code: ours, title: {en: Ours, fi: Me}, roles: [everything]}
channels:
  - {code: door, title: {en: Through the door, fi: Ovesta}}
eligibility:
  - id: adult
    title: {en: Adult, fi: Aikuinen}
    versions:
      - {from: 2024-12-01, rule: age >= 18, basis: Our own rule}
phases:
  - phase: intake
    title: {en: Talk, fi: Keskustelu}
    after: []
    requires: []
  - phase: placement
    title: {en: Work, fi: Työ}
    after: [intake]
    requires:
      - {id: planned, title: {en: Planned, fi: Suunniteltu}, rule: plan_steps >= 2, basis: Ours}
      - {id: served, title: {en: Served, fi: Palveltu}, rule: services_completed >= 1, basis: Ours}
services:
  - {code: talk, title: {en: Talk, fi: Keskustelu}, phases: [intake]}
placement_forms: [open-labour-market]
end_states:
  - code: completed
    title: {en: Completed, fi: Päättynyt}
    destinations: [employment, unknown]
  - code: ended-early
    title: {en: Ended early, fi: Keskeytynyt}
    destinations: [unknown]
  - code: cancelled
    title: {en: Cancelled, fi: Peruuntunut}
    destinations: [unknown]
"""


@cache
def played_of_own() -> tuple[Played, dict[str, History], Counter[type]]:
    """Sixty clients of it, played once: the play, their histories, and the kinds of all entries."""
    with stage() as on:
        on.publish("own", OWN)
        played = on.play([Cast("own", 60, 1)])
        kinds = Counter(type(x.entry.event) for x in on.log.read())
        return played, histories(on.office, played), kinds


def dump(log: SqlEventLog) -> list[Any]:
    with log.database.engine.connect() as connection:
        rows = connection.execute(select(table).order_by(table.c.position)).all()
    return [tuple(bytes(x) if isinstance(x, memoryview) else x for x in row) for row in rows]


def played_rows(url: str, seed: int = 7) -> list[Any]:
    with stage(url) as on:
        assert on.play(casts(6, seed)).refusals == []
        return dump(on.log)


@pytest.fixture(scope="module")
def in_memory() -> list[Any]:
    return played_rows("sqlite://")


def test_the_same_seed_gives_the_same_log_on_both_databases(
    database_url: str, in_memory: list[Any]
) -> None:
    assert len(in_memory) > 500
    assert played_rows(database_url) == in_memory


def test_another_seed_gives_another_log(in_memory: list[Any]) -> None:
    other = played_rows("sqlite://", 8)
    assert {row[1] for row in in_memory} & {row[1] for row in other} == {
        f"programme:{c}" for c in SHIPPED
    }


@pytest.mark.parametrize(
    ("seed", "clients"), [(1, 15), (2, 15), pytest.param(3, 300, marks=pytest.mark.deep)]
)
def test_no_act_is_refused(seed: int, clients: int) -> None:
    with stage() as on:
        assert on.play(casts(clients, seed)).refusals == []


@pytest.mark.parametrize(
    ("fact", "said"),
    [("has_employment_plan", "has_plan"), ("has_need_definition", "has_need_definition")],
)
def test_a_referral_brings_what_a_rule_of_the_definition_asks_for(fact: str, said: str) -> None:
    rule = f"      - {{id: brought, title: {{en: B, fi: B}}, rule: {fact}, basis: Ours}}\n"
    asking = OWN.replace("    requires: []\n", f"    requires:\n{rule}")
    with stage() as on:
        on.publish("own", asking)
        asked = histories(on.office, on.play([Cast("own", 60, 1)]))
    _, unasked, _ = played_of_own()
    brought = []
    for played in (asked, unasked):
        made = [h.journey.referral for h in played.values() if h.journey.referral]
        brought.append(sum(getattr(referral, said) for referral in made))
    assert brought[0] > 50
    assert brought[1] < 40


def test_every_kind_of_event_appears_but_the_adoption_of_a_version_that_nobody_published() -> None:
    met = {type(x.event) for h in real_histories().values() for x in h.entries}
    assert set(get_args(e.JourneyEvent)) - met == {e.DefinitionAdopted}


def test_a_revised_definition_is_adopted_by_some() -> None:
    text = shipped_definitions()["etela-savo"]
    revised = text.replace("version: 1", "version: 2", 1).replace(
        "effective: {from: 2024-12-01", "effective: {from: 2025-06-01", 1
    )
    second = revised.replace("- from: 2024-12-01", "- from: 2025-06-01")
    second = second.replace("- from: 2025-09-01", "- from: 2025-10-01")
    with stage() as on:
        on.publish("etela-savo", text)
        on.publish("etela-savo", second)
        played = on.play(casts(40, codes=["etela-savo"]))
        assert played.refusals == []
        kinds = Counter(type(x.entry.event) for x in on.log.read())
        versions = {
            x.entry.event.definition_version
            for x in on.log.read()
            if isinstance(x.entry.event, e.ReferralMade)
        }
    assert kinds[e.DefinitionAdopted] > 0
    assert versions == {1, 2}


def test_a_definition_of_somebodys_own_is_played_without_a_word_of_code() -> None:
    assert load_definition(OWN, "own").programme == "own"
    played, _, kinds = played_of_own()
    assert played.refusals == []
    assert kinds[e.PlacementStarted] > 5
    assert kinds[e.JourneyClosed] > 5


def test_every_history_folds_the_same_in_one_go_and_in_pieces() -> None:
    for history in real_histories().values():
        piecewise = History()
        for entry in history.entries:
            piecewise = piecewise.extended([entry])
        assert piecewise == history == history_of(history.entries)


def test_where_nothing_is_late_and_nothing_corrected_both_orders_agree() -> None:
    plain = [
        h
        for h in real_histories().values()
        if len(h.in_force) > 8
        and as_it_happened(h.in_force) == list(h.in_force)
        and not any(isinstance(x.event, e.EntryCorrected | e.EntryRetracted) for x in h.entries)
    ]
    assert len(plain) > 50
    for history in plain:
        assert fold(as_it_happened(history.in_force)) == history.journey
        last = history.entries[-1]
        then = look(history.entries, as_at=last.occurred_on, known_at=last.recorded_at)
        assert then.journey == history.journey


def test_work_is_recorded_late_put_right_and_looked_at_again() -> None:
    histories = real_histories().values()
    entries = [x for h in histories for x in h.entries]
    late = sum((x.recorded_at.date() - x.occurred_on).days >= 2 for x in entries)
    out_of_order = sum(as_it_happened(h.in_force) != list(h.in_force) for h in histories)
    assert 0.02 < late / len(entries) < 0.25
    assert out_of_order > 20
    with stage() as on:
        played = on.play(casts(80, codes=["etela-savo"]))
        doubts = [
            d
            for journey in played.journeys
            for d in journeys.doubts_in(on.office, journeys.history(on.office, journey))
        ]
    assert {doubt.open for doubt in doubts} == {True, False}


def test_deadlines_depend_on_no_other_kinds_of_events_than_those_asked() -> None:
    versions = {code: load_definition(text, code) for code, text in shipped_definitions().items()}
    kinds = {code: kinds_that_matter([version]) for code, version in versions.items()}
    for history in real_histories().values():
        code = history.journey.programme
        days = working_days_of(versions[code].country)
        asked = [x for x in history.in_force if type(x.event) in kinds[code]]
        every = deadlines(history.in_force, lambda _, code=code: versions[code], days)
        assert deadlines(asked, lambda _, code=code: versions[code], days) == every


def test_offices_record_on_working_days_and_never_before_it_happened() -> None:
    days = {"ali": "IT", "follow-me": "IT"}
    for journey, history in real_histories().items():
        works = working_days_of(days.get(journey.rsplit("-", 2)[0], "FI"))
        for entry in history.entries:
            assert works(entry.recorded_at.date())
            assert entry.occurred_on <= entry.recorded_at.date() <= WINDOW.last


def test_days_are_told_in_order_while_it_plays() -> None:
    days: list[tuple[date, int]] = []
    with stage() as on:
        on.publish("ali", shipped_definitions()["ali"])
        simulate(
            on.office, on.clock, casts(5, codes=["ali"]), WINDOW, lambda *day: days.append(day)
        )
    assert days == sorted(set(days))
    assert days[0][0] >= WINDOW.first


def test_a_log_written_later_is_refused_and_stays_as_it_is() -> None:
    with stage() as on:
        on.play(casts(3, codes=["ali"]), Window(WINDOW.first, date(2025, 3, 31)))
        before = on.log.position()
        with pytest.raises(CannotSimulate, match="never runs backwards: begin after that day"):
            on.play(casts(3, seed=8, codes=["ali"]))
        assert on.log.position() == before


def test_a_seed_that_was_played_is_refused_and_another_goes_on_after_it() -> None:
    first = Window(WINDOW.first, date(2025, 3, 31))
    second = Window(first.last + timedelta(days=1), date(2025, 6, 30))
    with stage() as on:
        on.play(casts(5, codes=["ali"]), first)
        with pytest.raises(CannotSimulate, match="seed 7 of ali was played before"):
            on.play(casts(5, codes=["ali"]), second)
        assert on.play(casts(5, seed=8, codes=["ali"]), second).clients == 5


REAL = {"journey": "journey:hmis-1", "client": "client:c-1"}


@pytest.mark.parametrize("kind", REAL)
def test_fictitious_clients_do_not_come_among_real_ones(kind: str) -> None:
    event = {
        "journey": e.ReferralMade("c-1", "ali", 1, "us", "us", "door"),
        "client": ClientRegistered(birth_year=1990),
    }[kind]
    with stage() as on:
        on.play(casts(3, codes=["ali"]), Window(WINDOW.first, date(2025, 3, 31)))
        fresh = (Fresh(event, date(2025, 3, 31)),)
        on.log.append(Append(REAL[kind], 0, fresh, By("somebody", "somewhere")))
        before = on.log.position()
        with pytest.raises(CannotSimulate, match=f"holds {REAL[kind]}, which was not simulated"):
            on.play(casts(3, 8, ["ali"]), Window(date(2025, 4, 1), date(2025, 6, 30)))
        assert on.log.position() == before


def test_every_client_is_referred_by_the_last_working_day_of_a_short_window() -> None:
    thursday_to_sunday = Window(date(2025, 3, 6), date(2025, 3, 9))
    with stage() as on:
        assert on.play(casts(40, codes=["ali"]), thursday_to_sunday).clients == 40


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (Window(date(2025, 3, 8), date(2025, 3, 9)), "has no working day in IT"),
        (Window(date(2010, 1, 1), date(2025, 3, 9)), "ali begins on 20.*, after 2010-01-01"),
    ],
)
def test_days_on_which_nobody_can_be_referred_are_refused(window: Window, said: str) -> None:
    with stage() as on, pytest.raises(CannotSimulate, match=said):
        on.play(casts(3, codes=["ali"]), window)


def test_a_clients_way_is_the_same_whoever_else_comes() -> None:
    def played(clients: int) -> dict[str, list[Any]]:
        with stage() as on:
            made = histories(on.office, on.play(casts(clients, codes=["duunipolku", "ali"])))
        return {
            journey: [(x.event, x.occurred_on, x.recorded_at, x.by) for x in history.entries]
            for journey, history in made.items()
        }

    few, more = played(3), played(8)
    assert len(few) < len(more)
    assert few == {journey: more[journey] for journey in few}


def test_clients_are_asked_for_feedback_and_assess_themselves_by_what_is_made_for_it() -> None:
    with stage() as on:
        on.play(casts(25))
        events = [(one.stream, one.entry.event) for one in on.log.read()]
    programmes = {at: x.programme for at, x in events if isinstance(x, e.ReferralMade)}
    assessed = {
        (programmes[at], x.questionnaire)
        for at, x in events
        if isinstance(x, e.SelfAssessmentSubmitted)
    }
    asked = {
        (programmes[at], x.questionnaire)
        for at, x in events
        if isinstance(x, e.FeedbackGiven) and x.respondent == "client"
    }

    assert ("follow-me", "palestra-lavoro") in assessed
    assert ("follow-me", "client-feedback") in asked
    assert not assessed & asked
