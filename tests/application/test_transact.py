"""From intention to log: memory that may be stale, keys, versions seen, many at once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from application import clients, journeys, programmes
from application.case_file import open_case_file
from application.journey_clients import facts_of_register
from application.journeys import Doing
from application.many_acts import act_all
from application.office import Office
from application.ports import EventLog, KeyReused, Receipt, VersionConflict
from application.possible import possible_now
from application.transact import Streams, digest_of
from domain.client import Particulars
from domain.definition import Phase
from domain.entry import Personal
from domain.journey import corrections, course, ending, follow_up, handover, intake, referral, team
from domain.journey import events as e
from domain.journey.history import History
from domain.journey.state import Status
from domain.refusals import IllegalTransition, InvalidField
from infrastructure.event_log import open_log
from tests.application.conftest import asked, publish_trial
from tests.domain import journeys as j

REFERRAL = {
    "client": "client-1",
    "from_organisation": "state",
    "to_organisation": "city",
    "channel": "walk-in",
}
WHY = Personal("why")
EMPLOYED = e.EmploymentStatus.EMPLOYED


def opened(office: Office, journey: str = "j1") -> None:
    journeys.refer(office, journey, asked(), "trial", **REFERRAL)
    journeys.act(office, journey, asked(), referral.accept_referral)


def test_an_act_is_stored_and_its_receipt_says_where(office: Office) -> None:
    receipt = journeys.refer(office, "j1", asked(), "trial", **REFERRAL)
    assert (receipt.stream, receipt.version, receipt.repeated) == ("journey:j1", 1, False)
    (stored,) = office.log.load("journey:j1")
    assert receipt.entries == (stored,)
    assert (stored.by, stored.occurred_on, stored.position) == (j.WORKER, j.DAY, receipt.position)
    assert stored.event.definition_version == 2


def test_a_programme_or_a_journey_that_is_not_there(office: Office) -> None:
    with pytest.raises(LookupError, match="nowhere is not in force on 2025-03-03"):
        journeys.refer(office, "j1", asked(), "nowhere", **REFERRAL)
    with pytest.raises(IllegalTransition, match="there is no journey j9"):
        journeys.act(office, "j9", asked(), referral.accept_referral)
    with pytest.raises(journeys.UnknownJourney, match="j9"):
        journeys.history(office, "j9")
    with pytest.raises(InvalidField, match="journey"):
        journeys.refer(office, "two words", asked(), "trial", **REFERRAL)


def test_the_same_key_gets_the_first_answer_even_when_the_state_moved_on(office: Office) -> None:
    opened(office)
    keyed = asked(key="k1", expected_version=2)
    first = journeys.act(office, "j1", keyed, course.pause, reason=WHY)
    journeys.act(office, "j1", asked(), course.resume)
    journeys.act(office, "j1", asked(), ending.close, end_state="cancelled", destination="unknown")
    again = journeys.act(office, "j1", keyed, course.pause, reason=WHY)
    assert again.repeated
    assert again.entries == first.entries
    assert len(office.log.load("journey:j1")) == 5


def test_the_same_key_for_another_request_is_refused(office: Office) -> None:
    opened(office)
    journeys.act(office, "j1", asked(key="k1"), course.pause, reason=WHY)
    with pytest.raises(KeyReused, match="k1"):
        journeys.act(office, "j1", asked(key="k1"), course.resume)
    with pytest.raises(KeyReused):
        journeys.act(office, "j1", asked(key="k1"), course.pause, reason=Personal("other"))
    assert journeys.history(office, "j1").journey.status is Status.PAUSED


def test_a_key_is_kept_with_an_act_that_recorded_nothing(office: Office) -> None:
    opened(office)
    nothing = journeys.act(office, "j1", asked(key="k1"), referral.accept_referral)
    assert (nothing.entries, nothing.version) == ((), 2)
    with pytest.raises(KeyReused):
        journeys.act(office, "j1", asked(key="k1"), course.pause, reason=WHY)


def test_what_the_person_saw_is_stale(office: Office) -> None:
    opened(office)
    journeys.act(office, "j1", asked(expected_version=2), course.pause, reason=WHY)
    with pytest.raises(VersionConflict) as stale:
        journeys.act(office, "j1", asked(expected_version=2), course.resume)
    assert (stale.value.expected, stale.value.actual) == (2, 3)


def test_a_stale_memory_never_gives_a_wrong_answer(
    office: Office, office_of: Callable[[EventLog], Office]
) -> None:
    other = office_of(office.log)
    opened(office)
    assert journeys.history(other, "j1").version == 2
    # The other office remembers version 2 and does not hear of what follows.
    journeys.act(office, "j1", asked(), course.pause, reason=WHY)
    assert other.histories.remembered("journey:j1").version == 2
    again = journeys.act(other, "j1", asked(), course.pause, reason=WHY)
    assert again.entries == ()
    journeys.act(office, "j1", asked(), course.resume)
    journeys.act(office, "j1", asked(), ending.close, end_state="cancelled", destination="unknown")
    with pytest.raises(IllegalTransition, match="the journey is closed"):
        journeys.act(other, "j1", asked(), course.pause, reason=WHY)
    held = journeys.act(other, "j1", asked(), follow_up.hold_follow_up, status=EMPLOYED)
    assert held.version == 6


def test_a_memory_that_is_behind_and_would_refuse_decides_anew(
    office: Office, office_of: Callable[[EventLog], Office]
) -> None:
    other = office_of(office.log)
    journeys.refer(office, "j1", asked(), "trial", **REFERRAL)
    assert journeys.history(other, "j1").journey.status is Status.REFERRED
    journeys.act(office, "j1", asked(), referral.accept_referral)
    told = journeys.act(other, "j1", asked(), intake.hold_intake_interview, situation=e.Situation())
    assert told.version == 3


def test_memory_is_bounded_and_can_be_dropped_at_any_time(memory_office: Office) -> None:
    office = memory_office
    small = Streams(office.log, History(), History.extended, kept=3)
    for n in range(8):
        opened(office, f"j{n}")
        small.newest(f"journey:j{n}")
    assert len(small._folded) == 3
    office.histories.forget()
    assert journeys.history(office, "j0").version == 2


def test_memory_is_bounded_by_entries_too(memory_office: Office) -> None:
    office = memory_office
    small = Streams(office.log, History(), History.extended, entries=5)
    for n in range(4):
        opened(office, f"j{n}")
        assert small.newest(f"journey:j{n}").version == 2
        small.newest(f"journey:j{n}")
    assert list(small._folded) == ["journey:j2", "journey:j3"]
    small.forget()
    small.newest("journey:j0")
    assert small.newest("journey:j1").version == 2
    assert list(small._folded) == ["journey:j0", "journey:j1"]


def test_many_at_once_on_one_journey_are_all_stored_once(office: Office) -> None:
    opened(office)
    failed: list[Exception] = []

    def work(number: int) -> None:
        try:
            for n in range(5):
                who = {"person": f"p{number}-{n}", "organisation": "health", "role": "nurse"}
                journeys.act(office, "j1", asked(), team.join_team, **who)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
            failed.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    found = journeys.history(office, "j1")
    assert [x.version for x in found.entries] == list(range(1, 43))
    assert len({m.person for m in found.journey.team}) == 40


def test_acts_done_together_are_answered_each(office: Office) -> None:
    opened(office, "a")
    opened(office, "b")
    before = office.log.position()
    doings = [
        Doing("a", asked(), course.pause, {"reason": WHY}),
        Doing("b", asked(), course.resume, {}),
        Doing("c", asked(), referral.refer, REFERRAL, "trial"),
        Doing("a", asked(), course.resume, {}),
        Doing("b", asked(), referral.accept_referral, {}),
        Doing("c", asked(expected_version=7), referral.accept_referral, {}),
    ]
    answers = act_all(office, doings)
    kinds = [type(a).__name__ for a in answers]
    assert kinds == [
        "Receipt",
        "IllegalTransition",
        "Receipt",
        "Receipt",
        "Receipt",
        "VersionConflict",
    ]
    assert isinstance(answers[4], Receipt)
    assert answers[4].entries == ()
    assert office.log.position() == before + 3
    assert journeys.history(office, "a").journey.status is Status.OPEN


def test_acts_done_together_equal_acts_done_one_by_one(
    memory_office: Office, office_of: Callable[[EventLog], Office]
) -> None:
    office = memory_office
    steps: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (referral.accept_referral, {}),
        (course.pause, {"reason": WHY}),
        (course.resume, {}),
    ]
    for name in ("one", "two"):
        journeys.refer(office, name, asked(), "trial", **REFERRAL)
    for decision, fields in steps:
        journeys.act(office, "one", asked(), decision, **fields)
    act_all(office, [Doing("two", asked(), d, f) for d, f in steps])
    one, two = (journeys.history(office, name) for name in ("one", "two"))
    assert [x.event for x in one.entries] == [x.event for x in two.entries]
    assert office_of(office.log).histories.newest("journey:two") == two


def test_the_register_tells_the_age_that_a_rule_asks_for(office: Office) -> None:
    opened(office)
    given = {"unemployed_since": j.DAY - timedelta(days=400), "age": 30}
    receipt = journeys.assess_eligibility(office, "j1", asked(), given)
    (entry,) = receipt.entries
    assert entry.event.eligible
    assert entry.event.facts == (e.FactUsed("months_unemployed", 13),)


def test_today_is_that_of_the_programmes_place(
    database_url: str, office_of: Callable[[EventLog], Office]
) -> None:
    # 22:30 in UTC on 3 March is half past midnight of 4 March in Finland.
    with open_log(database_url, clock=lambda: datetime(2025, 3, 3, 22, 30, tzinfo=UTC)) as log:
        publish_trial(log)
        office = office_of(log)
        tomorrow = j.DAY + timedelta(days=1)
        receipt = journeys.refer(office, "j1", asked(tomorrow), "trial", **REFERRAL)
        assert receipt.entries[0].occurred_on == tomorrow
        late = asked(tomorrow + timedelta(days=1))
        with pytest.raises(InvalidField, match="ahead of today"):
            journeys.act(office, "j1", late, referral.accept_referral)


def test_questions_of_deadlines_and_doubts(office: Office) -> None:
    opened(office)
    situation = e.Situation(e.EmploymentStatus.UNEMPLOYED, j.DAY - timedelta(days=700))
    journeys.act(office, "j1", asked(), intake.hold_intake_interview, situation=situation)
    journeys.assess_eligibility(office, "j1", asked())
    journeys.act(office, "j1", asked(), course.enter_phase, phase=Phase.INTAKE)
    (due,) = open_case_file(office, "j1").deadlines
    assert due.deadline.met_by == 3
    journeys.act(office, "j1", asked(), corrections.retract, entry=3, reason=WHY)
    found = journeys.doubts_in(office, journeys.history(office, "j1"))
    named = [(d.kind, d.entry, d.deadline) for d in found]
    assert named == [
        ("eligibility-assessed", 4, None),
        ("phase-entered", 5, None),
        ("deadline", None, "interview/2"),
    ]


def test_a_request_is_the_same_whatever_the_order_of_its_fields() -> None:
    assert digest_of({"a": 1, "b": (2, 3)}) == digest_of({"b": (2, 3), "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
    assert digest_of("a", "b") != digest_of("ab")


def test_a_referral_retracted_by_a_slip_is_brought_back(office: Office) -> None:
    opened(office)
    journeys.act(office, "j1", asked(), corrections.retract, entry=1, reason=WHY)
    assert journeys.history(office, "j1").journey.referral is None
    assert journeys.doubts_in(office, journeys.history(office, "j1")) == ()
    case = open_case_file(office, "j1")
    assert [line.retracted_by for line in case.lines] == [3, None, None]
    journeys.act(office, "j1", asked(), corrections.retract, entry=3, reason=WHY)
    assert journeys.history(office, "j1").journey.status is Status.OPEN


def test_after_a_referral_was_retracted_another_can_be_made(office: Office) -> None:
    opened(office)
    journeys.act(office, "j1", asked(), corrections.retract, entry=1, reason=WHY)
    other = {**REFERRAL, "client": "client-2"}
    journeys.refer(office, "j1", asked(), "trial", **other)
    assert journeys.history(office, "j1").journey.client == "client-2"


def test_nobody_is_referred_to_a_programme_that_closed_or_an_organisation_that_left(
    office: Office,
) -> None:
    ask = asked(j.DAY - timedelta(days=9))
    programmes.join(office.programmes, "trial", ask, "city")
    programmes.leave(office.programmes, "trial", asked(), "city", "merged")
    with pytest.raises(InvalidField, match="city left the programme on 2025-03-03"):
        journeys.refer(office, "j1", asked(), "trial", **REFERRAL)
    assert journeys.refer(office, "j2", ask, "trial", **REFERRAL).version == 1
    programmes.close(office.programmes, "trial", asked(), "over")
    with pytest.raises(InvalidField, match="trial closed on 2025-03-03"):
        journeys.refer(office, "j3", asked(), "trial", **REFERRAL)


def test_nor_anew_after_a_referral_was_retracted(office: Office) -> None:
    before = asked(j.DAY - timedelta(days=9))
    journeys.refer(office, "j1", before, "trial", **REFERRAL)
    journeys.act(office, "j1", asked(), corrections.retract, entry=1, reason=WHY)
    programmes.join(office.programmes, "trial", before, "city")
    programmes.leave(office.programmes, "trial", asked(), "city", "merged")
    with pytest.raises(InvalidField, match="city left the programme on 2025-03-03"):
        journeys.refer(office, "j1", asked(), "trial", **REFERRAL)
    programmes.close(office.programmes, "trial", asked(), "over")
    with pytest.raises(InvalidField, match="trial closed on 2025-03-03"):
        journeys.refer(office, "j1", asked(), "trial", **REFERRAL)
    assert not {one.code: one for one in possible_now(office, "j1", asked())}["refer"].possible


def test_no_journey_is_handed_to_an_organisation_that_left(office: Office) -> None:
    opened(office)
    before = asked(j.DAY - timedelta(days=9))
    programmes.join(office.programmes, "trial", before, "state")
    programmes.leave(office.programmes, "trial", asked(), "state", "merged")
    to_state = {"to_organisation": "state", "reason": WHY}
    with pytest.raises(InvalidField, match="state left the programme on 2025-03-03"):
        journeys.act(office, "j1", asked(), handover.request_handover, **to_state)
    found = {one.code: one for one in possible_now(office, "j1", asked())}["request-handover"]
    offered = [code for choice in found.choices for code in choice["to_organisation"]]
    assert "state" not in offered
    assert {"to_organisation": "state"} in [one.fields for one in found.refused]
    programmes.join(office.programmes, "trial", asked(), "state")
    assert journeys.act(office, "j1", asked(), handover.request_handover, **to_state).entries


def test_a_verdict_asks_the_register_about_the_client_of_the_journey_now(
    office: Office, office_of: Callable[[EventLog], Office]
) -> None:
    for client, born in (("client-1", date(1970, 1, 1)), ("client-2", date(2000, 1, 1))):
        person = Particulars(given_name="A", family_name="B", date_of_birth=born)
        clients.register(office.clients, client, asked(), person)
    opened(office)
    other = office_of(office.log)
    journeys.history(other, "j1")
    event = replace(journeys.history(office, "j1").entries[0].event, client="client-2")
    journeys.act(office, "j1", asked(), corrections.correct, entry=1, event=event, reason=WHY)
    known = facts_of_register(other, journeys.history(other, "j1").journey.client, j.DAY)
    assert known["age"] == 25
