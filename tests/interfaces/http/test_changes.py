"""What changed since a position, asked page by page and as it changes."""

import gc
import json
import re
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from application import changes
from application.case_file import words_by_entry
from application.ports import Append, Destroying, Fresh
from domain.entry import By, Personal
from domain.erasure import ClientErased
from domain.journey import corrections, course, follow_up, handover, referral
from interfaces.http import following, live
from interfaces.http.changes import ChangesTold
from interfaces.http.following import Follower
from tests.domain import journeys as j
from tests.interfaces.http.desk import (
    AUDITOR,
    EVALUATOR,
    MONDAY,
    STATE,
    STRANGER,
    WORKER,
    After,
    as_client,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)
from tests.interfaces.running import SECONDS, until


def _moved(desk):  # noqa: F811
    desk.refers("j-1", "c-1")
    desk.takes("j-1")
    desk.refers("j-2", "c-2", to="state")


MOVED = After(_moved)


@pytest.fixture
def moving(own_database):
    """A journey of the city and one of the state office."""
    with MOVED.on(own_database) as opened:
        yield opened


def told(desk, scope=WORKER, language="en", **asked):  # noqa: F811
    answer = desk.asks(scope, language).get("/changes", params=asked)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert ChangesTold.model_validate(found).model_dump(mode="json") == found
    return found


def heard(desk, scope=WORKER, last=None, seconds=0.05, **asked):  # noqa: F811
    """Listen for a while; return the events as (id, name, data).

    However short it is: what was there before is told whole.
    """
    headers = {"last-event-id": str(last)} if last is not None else {}
    asked |= {"seconds": seconds}
    answer = desk.asks(scope).get("/changes/live", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = []
    for block in answer.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if fields:
            data = json.loads(fields["data"]) if "data" in fields else None
            events.append((int(fields["id"]), fields.get("event"), data))
    return events


@pytest.fixture
def listening(moving, monkeypatch):
    """Listen until so much was sent of a journey: `listening(journey)` gives what will be heard.

    There is somebody who listens when it returns.
    """
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.05)
    moving.app.state.stopping = stopping = threading.Event()

    def begin(journey, many=1, **asked):
        told = threads.submit(heard, moving, seconds=SECONDS, **asked)
        until(lambda: getattr(getattr(moving.app.state, "follower", None), "_following", None))

        def to_the_end():
            told_of = ("changes", journey)
            until(lambda: [(r.what, r.journey) for r in readings].count(told_of) >= many)
            stopping.set()
            return told.result()

        return to_the_end

    readings = moving.parts.accesses.readings
    with ThreadPoolExecutor() as threads:
        yield begin
        stopping.set()


def test_what_changed_in_my_scope(moving):
    found = told(moving, after=0)
    assert [(one["journey"], one["kind"]) for one in found["items"]] == [
        ("j-1", "referral-made"),
        ("j-1", "referral-accepted"),
        ("j-1", "case-worker-assigned"),
    ]
    assert found["items"][1]["sentence"] == "Referral accepted"
    city = {"code": "city", "title": "City"}
    assert found["items"][1]["by"] == {"person": "worker-1", "organisation": city}
    assert found["items"][1]["programme"] == {"code": "trial", "title": "Trial"}
    assert (found["next"], found["more"]) == (moving.log.position(), False)
    assert [(r.client, r.journey) for r in moving.parts.accesses.readings] == [("c-1", "j-1")]


def test_a_client_who_asks_has_each_journey_read_not_each_entry(memory_desk, monkeypatch):  # noqa: F811
    memory_desk.refers("j-1", "c-1")
    memory_desk.takes("j-1")
    read, load = [], memory_desk.log.load

    def counted(stream, **how):
        read.append(stream)
        return load(stream, **how)

    monkeypatch.setattr(memory_desk.log, "load", counted)
    assert len(told(memory_desk, as_client("c-1"), after=0)["items"]) == 3
    assert read.count("journey:j-1") == 1


def test_what_changed_says_whom_it_is_about(moving):
    moving.registers("c-1", "Aino", "Mäkinen", date(1991, 5, 17))
    aino = {"id": "c-1", "given_name": "Aino", "family_name": "Mäkinen", "born": "1991-05-17"}
    aino["goes_by"] = None
    assert {one["client"]["id"] for one in told(moving, after=0)["items"]} == {"c-1"}
    assert [one["client"] for one in told(moving, after=0)["items"]] == [aino] * 3
    unknown = {"id": "c-2", **dict.fromkeys(("given_name", "family_name", "born", "goes_by"))}
    assert [one["client"] for one in told(moving, STATE, after=0)["items"]] == [unknown]


@pytest.fixture
def looked_up(moving, monkeypatch):
    """The clients that the register was asked for, question by question."""
    asked, clients = [], moving.parts.views.clients

    def noting(wanted):
        asked.append(list(wanted))
        return clients(wanted)

    monkeypatch.setattr(moving.parts.views, "clients", noting)
    return asked


def test_the_clients_of_a_page_are_asked_for_in_one_question(moving, looked_up):
    moving.refers("j-3", "c-3")
    assert len(told(moving, after=0)["items"]) == 4
    assert looked_up == [["c-1", "c-3"]]


def test_a_change_of_a_journey_whose_referral_was_retracted_names_nobody(moving):
    moving.does("j-1", corrections.retract, entry=1, reason=j.WHY)
    [last] = [one for one in told(moving, AUDITOR, after=0)["items"] if one["version"] == 4]
    assert (last["client"], last["programme"]) == (None, None)
    assert last["by"]["organisation"]["code"] == "city"


def test_who_has_no_position_is_told_where_to_begin(moving):
    found = told(moving)
    assert (found["items"], found["next"]) == ([], moving.log.position())
    moving.interviews("j-1")
    later = told(moving, after=found["next"])
    assert [one["kind"] for one in later["items"]] == ["intake-interview-held"]


def test_a_position_above_the_log_misses_nothing_that_comes(moving):
    position = moving.log.position()
    told = moving.asks().get("/changes", params={"after": position + 1000}).json()
    assert (told["items"], told["next"], told["more"]) == ([], position, False)


def test_changes_are_read_to_the_end_page_by_page(moving):
    after, read = 0, []
    while True:
        found = told(moving, after=after, limit=1)
        read += [one["position"] for one in found["items"]]
        after = found["next"]
        if not found["more"]:
            break
    assert read == [one["position"] for one in told(moving, after=0)["items"]]


def test_a_request_looks_through_a_bounded_part_of_the_log(moving, monkeypatch):
    monkeypatch.setattr(changes, "SCANNED", 2)
    first = told(moving, STATE, after=0)
    assert (first["items"], first["next"], first["more"]) == ([], 2, True)
    after, read = first["next"], []
    while True:
        found = told(moving, STATE, after=after)
        read += [one["journey"] for one in found["items"]]
        after = found["next"]
        if not found["more"]:
            break
    assert read == ["j-2"]


def test_nobody_hears_of_what_is_out_of_scope(moving):
    assert told(moving, STRANGER, after=0)["items"] == []
    assert {one["journey"] for one in told(moving, as_client("c-2"), after=0)["items"]} == {"j-2"}
    assert moving.asks(EVALUATOR).get("/changes").status_code == 403
    assert moving.asks(EVALUATOR).get("/changes/live?seconds=1").status_code == 403


def test_after_a_handover_the_other_organisation_hears(moving):
    position = moving.log.position()
    moving.does("j-1", handover.request_handover, MONDAY, to_organisation="state", reason=j.WHY)
    moving.does("j-1", handover.accept_handover, MONDAY, j.STATE, person="worker-2")
    assert [one["kind"] for one in told(moving, STATE, after=position)["items"]] == [
        "handover-requested",
        "handover-accepted",
    ]
    assert told(moving, WORKER, after=position)["items"] == []


def test_live_begins_now_unless_a_position_is_given(moving):
    [(position, name, data)] = heard(moving)
    assert (position, name) == (moving.log.position(), "begin")
    assert data == {"after": position}


def test_live_tells_the_same_as_asking(moving):
    events = heard(moving, after=0)
    asked = told(moving, after=0)["items"]
    assert [data for _, name, data in events if name == "change"] == asked
    assert [number for number, name, _ in events if name == "change"] == [
        one["position"] for one in asked
    ]


def test_live_asks_once_for_the_clients_of_what_it_sends(moving, looked_up):
    moving.registers("c-1", "Aino", "Mäkinen")
    sent = [data for _, name, data in heard(moving, after=0) if name == "change"]
    assert [one["client"]["given_name"] for one in sent] == ["Aino"] * 3
    assert looked_up == [["c-1"]]
    assert [name for _, name, _ in heard(moving, STRANGER, after=0)] == ["begin"]
    assert looked_up == [["c-1"]]


@pytest.mark.parametrize(("who", "asked"), [(WORKER, 1), (as_client("c-1"), 0)])
def test_of_whom_else_a_change_tells_is_asked_where_it_can_tell_of_others(
    moving, monkeypatch, who, asked
):
    """It was asked of each, for each who listens."""
    called, run = [], live.run_in_threadpool

    async def counted(function, *given, **named):
        called.append(function.__name__)
        return await run(function, *given, **named)

    monkeypatch.setattr(live, "run_in_threadpool", counted)
    assert [name for _, name, _ in heard(moving, who, after=0)].count("change") == 3
    assert called.count("beside_changes") == asked
    assert called.count("note_readings") == 1


def test_which_titles_the_entries_of_a_journey_have_is_found_out_once_for_a_page(
    memory_desk,  # noqa: F811
    monkeypatch,
):
    """It costs a walk through the whole journey, and was done for each of its entries."""
    memory_desk.refers("j-1", "c-1")
    memory_desk.takes("j-1")
    asked = []
    monkeypatch.setattr(
        changes, "words_by_entry", lambda *given: asked.append(given) or words_by_entry(*given)
    )
    for ask in (told, heard):
        asked.clear()
        ask(memory_desk, after=0)
        assert len(asked) == 1


def test_a_client_who_asks_is_told_of_no_others_and_nobody_looks_for_them(
    memory_desk,  # noqa: F811
    monkeypatch,
):
    memory_desk.refers("j-1", "c-1")
    asked, load_many = [], memory_desk.log.load_many

    def counted(streams, **how):
        asked.append([*streams])
        return load_many(streams, **how)

    monkeypatch.setattr(memory_desk.log, "load_many", counted)
    assert len(told(memory_desk, as_client("c-1"), after=0)["items"]) == 1
    assert asked.count(["journey:j-1"]) == 1  # for the own words


def test_a_last_event_that_is_none_is_refused(memory_desk):  # noqa: F811
    answer = memory_desk.asks().get("/changes/live", headers={"last-event-id": "x"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_who_comes_again_misses_nothing_and_hears_nothing_twice(moving):
    """While two write, one listens and is cut off again and again."""
    start, writers = moving.log.position(), 2

    def write(number: int) -> None:
        for n in range(15):
            moving.does(
                "j-1",
                follow_up.record_employment_period,
                start=MONDAY - timedelta(days=100 * number + n + 1),
                kind=f"kind-{number}-{n}",
            )
            time.sleep(0.01)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    got, last = [], start
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        events = heard(moving, last=last, seconds=0.1)
        got += [number for number, name, _ in events if name == "change"]
        last = events[-1][0]
        if last >= start + 15 * writers and not any(t.is_alive() for t in threads):
            break
    for thread in threads:
        thread.join()
    assert got == list(range(start + 1, moving.log.position() + 1))


def test_live_tells_of_what_is_written_while_it_is_open(moving, listening):
    start = moving.log.position()
    to_the_end = listening("j-1")
    moving.interviews("j-1")
    numbers = [(number, name) for number, name, _ in to_the_end()]
    assert numbers == [(start, "begin"), (start + 1, "change")]


def test_live_notes_anew_whose_a_journey_is_that_was_put_right_meanwhile(moving, listening):
    start, noted = moving.log.position(), moving.parts.accesses.readings
    to_the_end = listening("j-1", 3, after=start)
    moving.interviews("j-1")
    until(lambda: noted)
    first = moving.office.histories.newest("journey:j-1").entries[0].event
    told = {"entry": 1, "event": replace(first, client="c-2"), "occurred_on": MONDAY}
    moving.does("j-1", corrections.correct, **told, reason=j.WHY)
    events = to_the_end()
    assert [name for _, name, _ in events].count("change") == 2
    read = [("c-1", "j-1"), ("c-2", "j-1"), ("c-1", "j-1")]  # why it was put right tells of c-1
    assert [(one.client, one.journey) for one in noted] == read


class Once(list):
    """Scopes that are known the first time only, as a token that ends."""

    def __getitem__(self, number):
        found = super().__getitem__(number)
        self.clear()
        return found


def test_live_asks_anew_who_listens(moving, monkeypatch):
    monkeypatch.setattr(live, "SCOPE_SECONDS", 0.0)
    client = moving.asks()
    moving.parts.identify.scopes = Once(moving.parts.identify.scopes)
    began = time.monotonic()
    assert client.get("/changes/live?seconds=60").status_code == 200
    assert time.monotonic() - began < 45


@pytest.fixture
def partner(monkeypatch):
    """Somebody of the state office, to which the city has opened its journeys."""
    monkeypatch.setattr(live, "AGREED_SECONDS", 0.0)
    return replace(STATE, partners=frozenset({"city"}))


def test_a_partner_who_listens_hears_nothing_of_what_happens_after_the_end(
    moving, listening, partner
):
    start, noted = moving.log.position(), moving.parts.accesses.readings
    to_the_end = listening("j-2", scope=partner, after=start)
    moving.does("j-1", course.pause, reason=j.WHY)
    until(lambda: noted)
    moving.parts.identify.scopes[-1] = STATE
    moving.does("j-1", course.resume)
    moving.does("j-2", referral.accept_referral, by=j.STATE)
    heard_of = [data["journey"] for _, name, data in to_the_end() if name == "change"]
    assert heard_of == ["j-1", "j-2"]


def test_a_partner_who_listened_before_the_agreement_hears_what_happens_since(
    moving, listening, partner
):
    start, noted = moving.log.position(), moving.parts.accesses.readings
    to_the_end = listening("j-1", scope=STATE, after=start)
    moving.does("j-1", course.pause, reason=j.WHY)
    moving.does("j-2", referral.accept_referral, by=j.STATE)
    until(lambda: noted)
    moving.parts.identify.scopes[-1] = partner
    moving.does("j-1", course.resume)
    heard_of = [data["kind"] for _, name, data in to_the_end() if name == "change"]
    assert heard_of == ["referral-accepted", "journey-resumed"]


def test_a_partner_whose_token_has_ended_is_sent_nothing_more(moving, partner):
    start = moving.log.position()
    moving.does("j-1", course.pause, reason=j.WHY)
    client = moving.asks(partner)
    moving.parts.identify.scopes = Once(moving.parts.identify.scopes)
    answer = client.get("/changes/live", params={"after": start, "seconds": 60})
    assert "event: begin" in answer.text
    assert "event: change" not in answer.text


def test_live_ends_when_the_process_is_asked_to_stop(moving):
    moving.app.state.stopping = stopping = threading.Event()
    client = moving.asks()
    threading.Timer(0.3, stopping.set).start()
    began = time.monotonic()
    assert client.get("/changes/live?seconds=60").status_code == 200
    assert time.monotonic() - began < 45


def test_where_nothing_is_for_the_listener_an_id_alone_says_how_far(moving, monkeypatch):
    monkeypatch.setattr(live, "MARK_SECONDS", 0.0)
    events = heard(moving, STRANGER, after=0)
    assert {name for _, name, _ in events} == {"begin", None}
    assert events[-1][0] == moving.log.position()


def test_who_listens_later_hears_nothing_of_who_was_erased(moving, listening):
    """Not even where somebody has listened all the time, for whom it was kept in memory."""
    start = moving.log.position()
    to_the_end = listening("j-4", after=start)
    moving.registers("c-3", "Aino", "Mäkinen")
    moving.refers("j-3", "c-3", existing_plan=Personal("a bakery of her own"))
    until(lambda: len(moving.app.state.follower.after(start) or ()) >= 2)
    first = heard(moving, after=start)
    streams = "client:c-3", "journey:j-3"
    erased = Fresh(ClientErased("article 17", ("j-3",)), MONDAY)
    moving.log.append(
        Append(streams[0], 1, (erased,), By("l", "city"), destroying=Destroying(streams))
    )
    moving.keep()
    until(lambda: moving.app.state.follower.erasures)
    again = heard(moving, after=start)
    moving.refers("j-4", "c-2")
    listened = to_the_end()
    for events in (first, again):
        assert [name for _, name, _ in events].count("change") == 1
    assert "bakery" in str(first)
    assert "Aino" in str(first)
    assert not {"bakery", "Aino", "Mäkinen"} & {*re.findall(r"\w+", str(again))}
    heard_all = [data["journey"] for _, name, data in listened if name == "change"]
    assert heard_all == ["j-3", "j-4"]  # and who listened before goes on


class Listening:
    """An ear outside of any event loop."""

    deaf = False

    def __init__(self):
        self.rung = threading.Event()

    def ring(self):
        self.rung.set()


def kept_of_a_period(moving, follower):
    """Record a period of employment, and return what the follower keeps of it."""
    start = moving.log.position()
    moving.does("j-1", follow_up.record_employment_period, start=MONDAY, kind="full-time")
    until(lambda: follower.after(start))
    [kept] = follower.after(start)
    return kept


def test_a_change_of_scope_is_not_missed_where_the_follower_is_behind(moving):
    follower, ear, start = Follower(moving.office), Listening(), moving.log.position()
    follower.add(ear)
    kept = kept_of_a_period(moving, follower)
    follower.remove(ear)
    moving.does("j-1", handover.request_handover, to_organisation="state", reason=j.WHY)
    asked = following.read_after(moving.office, start)[-1].change
    assert "handover:state" in follower.keys(asked)
    assert "handover:state" not in follower.keys(kept.change)


def test_who_listens_waits_for_nobody_who_begins_while_the_log_does_not_answer(moving, monkeypatch):
    """What is kept is asked for in the event loop: all that the process answers would wait."""
    follower, ear, went_on = Follower(moving.office), Listening(), threading.Event()
    position = type(moving.log).position

    def slowly(log):
        threading.Thread(target=listen, daemon=True).start()
        assert went_on.wait(SECONDS)
        return position(log)

    def listen():
        follower.after(0)
        follower.remove(Listening())
        went_on.set()

    monkeypatch.setattr(type(moving.log), "position", slowly)
    follower.add(ear)
    follower.remove(ear)
    assert follower.after(position(moving.log)) == []


def test_nothing_is_kept_of_what_was_told_once_nobody_listens(moving):
    """Who is erased then is heard of by nobody, and their words would stay in memory."""
    follower, ear, start = Follower(moving.office), Listening(), moving.log.position()
    follower.add(ear)
    kept = kept_of_a_period(moving, follower)
    held = gc.get_referrers(kept)
    follower.remove(ear)
    assert all(kept not in one for one in held if isinstance(one, deque))
    assert follower.after(start) is None
    assert follower.after(start + 1) == []


def test_one_follower_keeps_a_bounded_number_of_changes(moving):
    follower = Follower(moving.office, kept=2)
    ear, start = Listening(), moving.log.position()
    follower.add(ear)
    try:
        for number in range(4):
            moving.does(
                "j-1",
                follow_up.record_employment_period,
                start=MONDAY - timedelta(days=number + 1),
                kind="full-time",
            )
        until(lambda: len(follower.after(start + 2) or ()) == 2)
        assert [one.position for one in follower.after(start + 2)] == [start + 3, start + 4]
        assert follower.after(start) is None
        assert follower.after(start + 4) == []
    finally:
        follower.remove(ear)


def test_a_listener_that_is_far_behind_is_brought_on_from_the_log(moving, monkeypatch):
    moving.app.state.stopping = stopping = threading.Event()
    after = Follower.after

    def ends_where_nothing_is_left(follower, position):
        if (found := after(follower, position)) == []:
            stopping.set()
        return found

    monkeypatch.setattr(Follower, "after", ends_where_nothing_is_left)
    monkeypatch.setattr(following, "AT_A_TIME", 1)
    told = heard(moving, after=0, seconds=SECONDS)
    assert [name for _, name, _ in told].count("change") == 3
