"""No answer and no feed holds what consent or role does not cover, at the moment of asking."""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from application.disclosure import ALL, ALWAYS
from application.journeys import act
from application.scope import Role, Scope
from application.transact import Asked
from domain.data_kinds import KIND_OF
from domain.entry import event_name
from domain.journey import corrections, handover, team
from domain.journey import events as e
from domain.kinds import DataKind
from tests.conftest import asked_of
from tests.databases import Own
from tests.domain import journeys as j
from tests.interfaces.http.acting import consents, does, gives, headers, walk
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MONDAY,
    STATE,
    STRANGER,
    WORKER,
    After,
    Desk,
    as_client,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)
from tests.interfaces.running import SECONDS

STATE_LEAD = replace(STATE, role=Role.TEAM_LEAD)
SYSTEM = replace(STATE, role=Role.INTEGRATION, person="system")
HIDDEN = sorted(ALL - ALWAYS)

TELLTALES = {
    DataKind.CONTACT: {"Torikatu 1"},
    DataKind.SITUATION: {"Finnish first", "eligible"},
    DataKind.COMPETENCES: {"welding"},
    DataKind.PLAN: {"a trade", '"s1"'},
    DataKind.SERVICES: {"Welder", "30.5", '"c1"', "seat-77"},
    DataKind.PLACEMENTS: {"firm", "1250.50"},
    DataKind.FOLLOW_UP: {"full-time", "paid_days"},
}
"""What stands in an answer where something of the kind is told, beside the names of its entries."""


def marks(kind: DataKind) -> set[str]:
    names = {f'"{event_name(event)}"' for event, of in KIND_OF.items() if of is kind}
    return names | TELLTALES.get(kind, set())


def _live(here: Desk) -> None:
    here.registers("client-1", "Aino", "Mäkinen", date(1991, 5, 17), by=j.STATE)
    walk(here, "to work")
    here.keep()
    said, lead = {"address": "Torikatu 1"}, here.asks(LEAD)
    where = "/clients/client-1/contact-details"
    assert lead.post(where, json=said, headers=headers(version=1)).status_code == 201
    holds_a_seat(here)
    here.keep()


LIVED = After(_live)


@pytest.fixture
def lived(own_sqlite: Own) -> Iterator[Desk]:
    """A client of the city with all kinds of data, whose journey the state office shares."""
    with LIVED.on(own_sqlite) as opened:
        yield opened


def holds_a_seat(here: Desk) -> None:
    """Keep a seat of a school's course for the client: the school's page tells of it."""
    days = {"start": "2025-03-03", "end": "2025-05-30", "place": "Workshop", "seats": 2}
    seat = {"offering": "o", "reference": "seat-77", "client": "client-1", "journey": "j-1"}
    asking, where = here.asks(LEAD), "/organisations/school/acts"
    for version, path, said in (
        (None, "/organisations", {"code": "school", "name": "School", "kind": "school"}),
        (1, f"{where}/publish-offering", {"offering": "o", "service": "course", **days}),
        (2, f"{where}/reserve-seat", seat),
    ):
        answer = asking.post(path, json=said, headers=headers(version=version))
        assert answer.status_code == 201, answer.text


def joins(here: Desk, organisation: str = "state") -> None:
    member = {"person": "worker-2", "organisation": organisation, "role": "support"}
    here.does("j-1", team.join_team, **member)


def is_asked(here: Desk) -> None:
    here.does("j-1", handover.request_handover, to_organisation="state", reason=j.WHY)


WAYS: dict[str, tuple[Scope, Callable[[Desk], None]]] = {
    "team": (STATE, joins),
    "handover": (STATE_LEAD, is_asked),
    "partner": (replace(STATE, partners=frozenset({"city"})), lambda _: None),
    "a system of the team": (SYSTEM, joins),
}


def withdraws(here: Desk) -> None:
    consents(here, "consent-withdrawals")


GETS = {
    "page": "/journeys/j-1",
    "page at the clocks": "/journeys/j-1?known_at=2199-01-01",
    "timeline": "/journeys/j-1/timeline?limit=200",
    "caseload": "/journeys?whose=all&which=all",
    "caseload at a day": "/journeys?whose=all&which=all&as_at=2025-03-03",
    "changes": "/changes?after=0&limit=200",
    "live": "/changes/live?after=0&seconds=0.1",
    "deadlines": "/deadlines?whose=all",
    "calendar": "/calendar/lead-1.ics?names=true",
    "client": "/clients/client-1",
    "acts": "/journeys/j-1/acts",
    "responsibility": "/journeys/j-1/responsibility",
    "responsibilities": "/responsibility?organisation=city",
    "organisations": "/organisations",
    "school": "/organisations/school",
    "board": "/boards/organisations/city",
    "board of the programme": "/boards/programmes/trial",
    "own copy": "/clients/client-1/copy",
    "own readings": "/clients/client-1/access",
    "history": "/audit/journeys/j-1/history",
    "openings": "/audit/journeys/j-1/openings",
    "decisions": "/audit/journeys/j-1/decisions",
    "corrections": "/audit/journeys/j-1/corrections",
    "difference": "/audit/journeys/j-1/difference?since_as_at=2025-01-01",
    "bundle": "/audit/journeys/j-1/bundle",
    "history of the client": "/audit/clients/client-1/history",
    "history of the school": "/audit/organisations/school/history",
    "late": "/audit/overviews/late",
    "what was late": "/audit/overviews/late/entries",
    "sample": "/audit/sample?seed=s",
    "readings": "/audit/access?journey=j-1",
    "unusual readings": "/audit/access/unusual",
    "all openings": "/audit/openings",
}
"""Every question that tells of a client, or might."""

OF_NO_CLIENT = {
    *("/programmes", "/programmes/{code}", "/programmes/{code}/versions/{number}"),
    *("/audit/programmes/{code}/history", "/problems", "/problems/{code}"),
    *("/health/live", "/health/ready", "/metrics"),
    *("/reports/{report}", "/replays/{replay}", "/exports/{export}"),
    *("/reports/{report}/charts", "/reports/{report}/charts/{chart}"),
    *("/reports/{report}/result", "/replays/{replay}/result", "/exports/{export}/result"),
    *("/figures/{figure}", "/verifications/{verification}", "/restatements/{restatement}"),
    *("/figures/{figure}/result", "/verifications/{verification}/result"),
    *("/restatements/{restatement}/result", "/evaluations/{evaluation}"),
    *("/evaluations/{evaluation}/result", "/issued-reports", "/issued-reports/{issued}"),
    "/audit/reports/{issued}/history",
}
"""Questions about definitions and the service itself, and what is told under ids alone: not to case
workers, and its own tests look for texts in it."""


def test_every_question_that_can_be_asked_is_asked(described):
    paths = described["paths"]
    known = [path.partition("?")[0] for path in GETS.values()]
    unasked = {
        path
        for path, said in paths.items()
        if "get" in said
        and not any(re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), x) for x in known)
    }
    assert unasked == OF_NO_CLIENT


def told(here: Desk, who: Scope) -> dict[str, str]:
    """Everything that somebody is answered about the client, as texts."""
    asking = here.asks(who)
    found = {name: asking.get(path) for name, path in GETS.items()}
    found["search"] = asking.post("/clients/search", json={"name": "aino makinen"})
    found["stale"] = does(asking, "j-1", "pause", 1, reason="ill")
    late = {"act": "pause", "journey": "j-1", "version": 1, "body": {"reason": "ill"}}
    said = {"mode": "each", "acts": [late]}
    found["batch"] = asking.post("/batch", json=said, headers=headers())
    assert [name for name, one in found.items() if one.status_code == 422] == [], "asked wrongly"
    return {name: one.text for name, one in found.items() if one.status_code != 403}


def leaks(answers: dict[str, str], covered: Iterable[DataKind]) -> list[tuple[str, str]]:
    uncovered = set(ALL) - set(covered)
    wanted = {mark for kind in uncovered for mark in marks(kind)}
    return [(name, mark) for name, text in answers.items() for mark in wanted if mark in text]


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_told_that_consent_does_not_cover(lived, way):
    who, comes = WAYS[way]
    comes(lived)
    lived.keep()
    notes = lived.parts.accesses.readings

    @settings(
        asked_of(few=3, many=8),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(st.sets(st.sampled_from(HIDDEN)), st.sets(st.sampled_from(HIDDEN)))
    @example(now=set(), once={*HIDDEN})  # nothing may be told of what all was told once
    def holds(now, once):
        withdraws(lived)
        gives(lived, once)
        withdraws(lived)
        gives(lived, now)
        notes.clear()
        covered = ALWAYS | now
        answers = told(lived, who)
        assert leaks(answers, covered) == []
        assert {kind for one in notes if one.disclosed for kind in one.disclosed.kinds} <= covered
        assert all(one.disclosed for one in notes if one.person == who.person), "none went untold"

    holds()


def test_all_that_consent_covers_is_told(lived):
    """So the test above looks for what would be there."""
    joins(lived)
    gives(lived, HIDDEN)
    lived.keep()
    answers = " ".join(told(lived, STATE).values())
    missing = {m for kind in HIDDEN for m in TELLTALES[kind] if m not in answers}
    assert missing == set()
    for kind in set(HIDDEN) - {DataKind.CONTACT}:
        assert any(f'"{event_name(x)}"' in answers for x, of in KIND_OF.items() if of is kind), kind


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a service": ("interrupt-service", {"reference": "c9", "reason": "ill"}, "c1, c2"),
    "how a service stands": ("accept-service", {"reference": "c3"}, "is interrupted"),
    "a step": ("reach-step", {"step": "s9"}, "s1"),
    "the plan": ("agree-plan", {"signatories": [{"person": "x", "role": "client"}]}, "was agreed"),
    "a placement": (
        "propose-placement",
        {"reference": "p1", "employer": "x", "form": "work-try-out"},
        "at firm",
    ),
    "what a phase requires": ("enter-phase", {"phase": "intake"}, "the journey is in"),
}
"""Acts that are refused with a word of what the journey has, and that word."""


def why_not(here: Desk, who: Scope, code: str, body: dict[str, Any]) -> list[str]:
    """What somebody is answered who asks for an act by itself, or among others."""
    asking, version = here.asks(who), here.office.histories.newest("journey:j-1").version
    member = {"person": "worker-2", "organisation": "state", "role": "support"}
    acts = [
        {"act": code, "journey": "j-1", "body": body},
        {"act": "join-team", "as": "it", "journey": "j-1", "body": member},
        {"act": code, "journey": "$it", "body": body},
    ]
    many = asking.post("/batch", json={"mode": "each", "acts": acts}, headers=headers()).json()
    items = [json.dumps(many["items"][n]) for n in (0, 2)]
    return [does(asking, "j-1", code, version, **body).text, *items]


@pytest.mark.parametrize("act", REFUSED)
def test_a_refusal_does_not_tell_what_is_withheld(lived, act):
    code, body, word = REFUSED[act]
    joins(lived)
    told = why_not(lived, STATE, code, body)
    assert not [text for text in told if word in text]
    assert all("withheld" in text for text in told)
    gives(lived, HIDDEN)
    assert all(word in text for text in why_not(lived, STATE, code, body))
    assert all(word in text for text in why_not(lived, LEAD, code, body))


def test_what_a_phase_still_requires_is_not_told_as_what_could_be_overridden(memory_desk):  # noqa: F811
    memory_desk.registers("client-1", "Aino", "Mäkinen")
    memory_desk.refers("j-1", "client-1")
    memory_desk.takes("j-1")
    joins(memory_desk)
    lead = memory_desk.asks(replace(STATE_LEAD, rights=("team-lead",)))

    def entering():
        items = lead.get("/journeys/j-1/acts").json()["items"]
        return next(one for one in items if one["code"] == "enter-phase")

    assert (entering()["possible"], entering()["choices"]) == (True, [])
    gives(memory_desk, HIDDEN)
    assert entering()["choices"] == [{"phase": ["intake"], "override": [["eligible"]]}]


@pytest.mark.parametrize("kinds", [set(), {"plan"}, HIDDEN])
def test_what_an_act_lacks_is_told_before_it_is_asked_for_as_its_refusal_tells_it(lived, kinds):
    joins(lived)
    gives(lived, kinds)
    asking, version = lived.asks(STATE), lived.office.histories.newest("journey:j-1").version
    items = {one["code"]: one for one in asking.get("/journeys/j-1/acts").json()["items"]}
    bodies = {
        "accept-referral": {},
        "resume": {},
        "decline-handover": {"reason": "ill"},
        "agree-plan": {"signatories": [{"person": "client-1", "role": "client"}]},
    }
    for code, body in bodies.items():
        assert not items[code]["possible"], code
        words = [one["missing"] for one in items[code]["missing"]]
        assert words, code
        refusal = does(asking, "j-1", code, version, **body).json()
        if refusal.get("entries") != []:  # it has been done already, and so is not refused
            assert refusal["missing"] in words, (code, words)


def test_a_day_that_lies_ahead_is_refused_for_that(lived):
    joins(lived)
    body = {"reference": "c1", "occurred_on": "2198-01-01"}
    told = why_not(lived, STATE, "accept-service", body)
    assert all("lies ahead of today" in text for text in told), told


@pytest.mark.parametrize("who", [LEAD, AUDITOR, as_client("client-1")], ids=lambda w: w.role.value)
def test_the_responsible_the_auditor_and_the_client_see_the_whole(lived, who):
    joins(lived)
    page = lived.asks(who).get("/journeys/j-1").json()
    assert page["withheld"] == []
    assert page["plan"]
    assert page["needs"]
    assert lived.asks(who).get("/clients/client-1").json()["contact"]["address"] == "Torikatu 1"
    assert {one.disclosed for one in lived.parts.accesses.readings if one.person == who.person} == {
        None
    }


def test_the_page_says_what_it_withholds_and_why(lived):
    joins(lived)
    gives(lived, {"services"})
    page = lived.asks(STATE).get("/journeys/j-1").json()
    withheld = {one["kind"]["code"]: one for one in page["withheld"]}
    assert set(withheld) == {*HIDDEN} - {"services"}
    assert withheld["placements"]["fields"] == ["placements", "money"]
    assert withheld["plan"]["reason"] == (
        "The client has not consented that your organisation sees this."
    )
    assert (page["plan"], page["situation"], page["needs"], page["money"]) == (None, "", [], [])
    assert [one["reference"] for one in page["services"]] == ["c1", "c2", "c3"]
    assert {"plan", "money"}.isdisjoint(page["counts"]) or page["counts"]["money"] == 0


def test_a_row_of_the_caseload_does_not_tell_the_newest_entry(lived):
    joins(lived)
    lived.interviews("j-1")
    lived.keep()

    def row():
        return lived.asks(STATE).get("/journeys?whose=all").json()["items"][0]

    assert (row()["last"], row()["withheld"]) == (None, ["last"])
    gives(lived, {"situation"})
    assert (row()["last"]["kind"], row()["withheld"]) == ("intake-interview-held", [])


@pytest.mark.parametrize("moment", [{}, {"as_at": "2025-12-31"}], ids=["now", "as at"])
def test_a_row_of_the_caseload_counts_the_reviews_that_the_page_tells(lived, moment):
    joins(lived)
    lead = lived.asks(LEAD)
    lines = lead.get("/journeys/j-1/timeline", params={"limit": 200}).json()["items"]
    interview = next(x["version"] for x in lines if x["kind"] == "intake-interview-held")
    situation = e.Situation(e.EmploymentStatus.EMPLOYED)
    lived.does(
        "j-1",
        corrections.correct,
        entry=interview,
        event=e.IntakeInterviewHeld(situation),
        reason=j.WHY,
    )
    lived.keep()

    def told(scope):
        asking = lived.asks(scope)
        [row] = asking.get("/journeys", params={"whose": "all", **moment}).json()["items"]
        page = asking.get("/journeys/j-1", params=moment).json()
        return row["reviews"], len(page["reviews"])

    of_the_city, of_the_row = told(LEAD)
    assert of_the_city == of_the_row > 0
    assert told(STATE) == (0, 0)
    gives(lived, HIDDEN)
    assert told(STATE) == (of_the_city, of_the_city)


def test_consent_counts_on_its_days_alone(lived):
    joins(lived)
    gives(lived, {"plan"}, start="2025-03-10", until="2025-03-11")

    def is_shown(day):
        lived.today(day)
        return lived.asks(STATE).get("/journeys/j-1").json()["plan"] is not None

    days = [date(2025, 3, day) for day in (9, 10, 11, 12)]
    assert [is_shown(day) for day in days] == [False, True, True, False]


def test_a_retraction_is_told_as_what_it_retracts(lived):
    joins(lived)
    lead, version = lived.asks(LEAD), lived.office.histories.newest("journey:j-1").version
    held = next(
        x.version
        for x in lived.log.load("journey:j-1")
        if event_name(type(x.event)) == "follow-up-held"
    )
    assert does(lead, "j-1", "retract", version, entry=held, reason="a slip").status_code == 201
    kinds = [one["kind"] for one in timeline(lived, STATE)]
    assert "entry-retracted" not in kinds
    gives(lived, {"follow-up"})
    assert "entry-retracted" in [one["kind"] for one in timeline(lived, STATE)]


def timeline(here: Desk, who: Scope) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        here.asks(who).get("/journeys/j-1/timeline?limit=200").json()["items"]
    )
    return found


def test_what_is_opened_with_a_reason_is_shown_whole_and_that_is_its_ground(lived):
    stranger = lived.asks(STRANGER)
    opened = stranger.post("/journeys/j-1/openings", json={"reason": "the client called"})
    assert opened.status_code == 201
    assert stranger.get("/journeys/j-1").json()["withheld"] == []
    (reading,) = [x for x in lived.parts.accesses.readings if x.person == STRANGER.person]
    assert (reading.disclosed.ground, reading.disclosed.consents) == ("opened", ())


def test_a_disclosure_names_the_consents_it_stands_on(lived):
    joins(lived)
    version = consents(lived, "consents", kinds=["plan"])
    lived.asks(STATE).get("/journeys/j-1")
    reading = lived.parts.accesses.readings[-1]
    assert reading.disclosed.ground == "team"
    assert reading.disclosed.consents == (version,)
    assert set(reading.disclosed.kinds) == {*ALWAYS, DataKind.PLAN}


def comes_true(condition: Callable[[], Any]) -> None:
    """Wait until something is so, or it is taking too long."""
    until = time.monotonic() + SECONDS
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)


@contextmanager
def listening(here: Desk, who: Scope) -> Iterator[Future[Any]]:
    """Have somebody listen meanwhile; afterwards there is the answer."""
    here.app.state.stopping = Event()
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(here.asks(who).get, "/changes/live?seconds=60")
        comes_true(lambda: getattr(here.app.state, "follower", None) is not None)
        yield answer
        here.app.state.stopping.set()


def kinds_in(text: str) -> list[str]:
    return re.findall(r'"kind":"([^"]*)"', text)


def disclosed_to_listeners(here: Desk, who: Scope) -> list[set[DataKind]]:
    return [
        set(one.disclosed.kinds)
        for one in here.parts.accesses.readings
        if (one.what, one.person) == ("changes", who.person) and one.disclosed
    ]


def test_what_a_listener_is_sent_by_a_later_consent_is_disclosed_by_it(lived):
    """One connection lasts an hour, and the client may say something meanwhile."""
    joins(lived)
    with listening(lived, STATE) as heard:
        lived.does("j-1", team.join_team, person="w-3", organisation="state", role="support")
        comes_true(lambda: disclosed_to_listeners(lived, STATE))
        version = consents(lived, "consents", kinds=["situation"])
        lived.interviews("j-1")
        comes_true(lambda: len(disclosed_to_listeners(lived, STATE)) == 2)
    assert kinds_in(heard.result().text) == ["team-member-joined", "intake-interview-held"]
    assert disclosed_to_listeners(lived, STATE) == [{*ALWAYS}, {*ALWAYS, DataKind.SITUATION}]
    assert lived.parts.accesses.readings[-1].disclosed.consents == (version,)


def test_who_listens_after_a_handover_is_told_by_consent_what_came_before_it(lived):
    """Though it is kept in memory as it was when the organisation was responsible."""
    joins(lived, "city")
    before = lived.log.position()
    with listening(lived, AUDITOR):
        lived.interviews("j-1")
        lived.hands_over("j-1", MONDAY)
        last = lived.log.position()
        comes_true(lambda: lived.app.state.follower.after(last - 1))
        asking = lived.asks(WORKER)
        heard = asking.get(f"/changes/live?after={before}&seconds=0.1").text
        asked = asking.get(f"/changes?after={before}").json()["items"]
    assert (
        kinds_in(heard)
        == [one["kind"] for one in asked]
        == ["handover-requested", "handover-accepted"]
    )


def test_a_page_is_noted_by_the_log_where_the_list_follows_behind(lived):
    joins(lived, "city")
    consents(lived, "consents", organisation="city", kinds=["contact"])
    lived.keep()
    behind = replace(lived.office, inline=None)
    asked = partial(Asked, on=MONDAY, roles=("team-lead",))
    to_state = {"to_organisation": "state", "reason": j.WHY}
    act(behind, "j-1", asked(j.WORKER), handover.request_handover, **to_state)
    act(behind, "j-1", asked(j.STATE), handover.accept_handover, person="worker-2")
    lived.parts.accesses.readings.clear()
    told = lived.asks(LEAD).get("/clients/client-1")
    grounds = [x.disclosed and x.disclosed.ground for x in lived.parts.accesses.readings]
    assert (told.status_code, grounds) == (200, ["team"] * 2)


def test_the_client_consents_and_withdraws_and_others_may_not(desk):  # noqa: F811
    desk.registers("client-1", "Aino", "Mäkinen")
    desk.refers("j-1", "client-1")
    desk.takes("j-1")
    joins(desk)
    desk.keep()

    def posts(who, code, version, **body):
        said = {"organisation": "state"} | body
        where = f"/clients/client-1/{code}"
        answer = desk.asks(who).post(where, json=said, headers=headers(version=version))
        return answer.status_code, answer.json().get("reason")

    own = as_client("client-1")
    assert posts(own, "consents", 1, kinds=["plan"]) == (201, None)
    assert posts(STATE, "consents", 2, kinds=["services"]) == (403, "client-not-in-scope")
    assert posts(as_client("client-2"), "consents", 2, kinds=["services"])[0] == 404
    assert posts(LEAD, "consents", 2, kinds=["services"], until="2025-01-01")[0] == 422
    assert posts(LEAD, "consents", 2, kinds=["none"])[0] == 422
    assert posts(own, "consent-withdrawals", 2) == (201, None)
    assert posts(own, "consent-withdrawals", 3) == (200, None)
    known = desk.office.clients.newest("client:client-1").consents
    assert [(one.kinds, [kind for kind, _ in one.withdrawn]) for one in known] == [((), ["plan"])]
    assert {entry.occurred_on for entry in desk.log.load("client:client-1")} == {MONDAY}
