"""Many acts at once: decided one after the other, recorded together or each for itself."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application import batch as b
from application.acts import new_id
from application.batch.references import in_turn
from application.intentions import Intention, UnknownClient, Who
from application.journeys import UnknownJourney, act, history
from application.office import Office
from application.permissions import CLIENT_ACTS, NotAllowed
from application.ports import EventLog, KeyReused, Receipt, VersionConflict
from application.scope import Purpose, Role, Scope
from domain.client import Particulars
from domain.entry import Personal
from domain.journey import events as e
from domain.journey import team
from domain.refusals import IllegalTransition, InvalidField
from tests.application.conftest import asked
from tests.domain import journeys as j

LEAD = Who(Scope("lead-1", Role.TEAM_LEAD, "city", Purpose.SERVICE), "request-1")
ANNA = Particulars(given_name="Anna", family_name="Virtanen", date_of_birth=date(1960, 5, 1))
REFERRAL = {
    "client": "$anna",
    "from_organisation": "city",
    "to_organisation": "city",
    "channel": "walk-in",
}

NAMES_AINO = replace(
    j.REFERRED, client="$aino", definition_version=2, from_organisation="city", service_line=None
)


class Acts:
    """Items of a batch, each with a key of its own."""

    def __init__(self, prefix: str = "k") -> None:
        self.items: list[b.Item | b.Broken] = []
        self._prefix = prefix

    def add(self, code: str, of: str | None = None, name: str | None = None, **more: Any) -> "Acts":
        version, key = more.pop("version", None), more.pop("key", None)
        key = LEAD.key(key or f"{self._prefix}{len(self.items)}")
        programme = "trial" if code == "refer" else None
        on = more.pop("on", j.DAY)
        intention = Intention(code, more, key, on, version, programme)
        kind = "client" if code in CLIENT_ACTS else "journey"
        of = of or new_id(kind, key)
        self.items.append(b.Item(intention, of, intention.said_of(of), name))
        return self

    def registers(self, name: str | None = "anna") -> "Acts":
        return self.add("register-client", None, name, particulars=ANNA)

    def refers(self, name: str | None = "way", of: str | None = None, **more: Any) -> "Acts":
        return self.add("refer", of, name, **(REFERRAL | more))

    def on(self, office: Office, who: Who = LEAD) -> b.Batch:
        return b.Batch(office, who, self.items, lambda _client: ())


def begun() -> Acts:
    """A client who is registered, referred and taken in, in one batch."""
    acts = Acts().registers().refers()
    acts.add("assess-eligibility", "$way", given={"unemployed_since": date(2023, 1, 1)})
    return acts.add("accept-referral", "$way").add(
        "assign-case-worker", "$way", person="lead-1", organisation="city"
    )


def receipts(outcomes: list[b.Outcome]) -> list[Receipt]:
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    return [one for one in outcomes if isinstance(one, Receipt)]


@pytest.mark.parametrize("do", [b.all_or_none, b.each_alone])
def test_acts_lean_on_what_the_ones_before_leave(office: Office, do: Any):
    found = receipts(do(begun().on(office)))
    client, journey = (found[n].stream.partition(":")[2] for n in (0, 1))
    assert [one.version for one in found[1:]] == [1, 2, 3, 4]
    assert [one.position for one in found] == list(
        range(found[0].position, office.log.position() + 1)
    )
    state = history(office, journey).journey
    assert (state.client, state.responsible.person) == (client, "lead-1")
    known = {fact.name: fact.value for fact in history(office, journey).entries[1].event.facts}
    assert known["months_unemployed"] == 26
    assert office.clients.newest(f"client:{client}").registered.given_name == Personal("Anna")
    assert {entry.correlation for entry in history(office, journey).entries} == {"request-1"}


def test_all_are_recorded_at_one_instant_and_what_is_remembered_is_what_the_log_has(office: Office):
    found = receipts(b.all_or_none(begun().on(office)))
    assert len({entry.recorded_at for one in found for entry in one.entries}) == 1
    stream = found[1].stream
    remembered = office.histories.remembered(stream)
    office.histories.forget()
    assert office.histories.newest(stream) == remembered


def test_where_one_is_refused_all_are_left_be(office: Office):
    before = office.log.position()
    acts = begun().add("agree-plan", "$way", signatories=(e.Signatory("$anna", "client"),))
    *others, refused = b.all_or_none(acts.on(office))
    assert isinstance(refused, IllegalTransition)
    assert {type(one) for one in others} == {b.NotRecorded}
    assert office.log.position() == before
    assert receipts(b.all_or_none(begun().on(office)))  # the keys are still free


@pytest.mark.parametrize("do", [b.all_or_none, b.each_alone])
def test_what_a_correction_says_instead_names_what_the_ones_before_make(office: Office, do: Any):
    steps = (e.PlanStep("s1", Personal("a trade"), j.DAY),)
    acts = begun().registers("aino").add("draft-plan", "$way", steps=steps)
    acts.add("agree-plan", "$way", signatories=(e.Signatory("$anna", "client"),))
    who, why = {"entry": 1, "reason": Personal("a slip")}, {"reason": Personal("another slip")}
    acts.add("correct", "$way", event=NAMES_AINO, **who)
    signed = e.PlanAgreed((e.Signatory("$aino", "client"),))
    acts.add("correct", "$way", event=signed, entry=6, **why)
    found = receipts(do(acts.on(office)))
    aino, journey = (found[n].stream.partition(":")[2] for n in (5, 1))
    state = history(office, journey).journey
    assert state.client == aino
    assert state.plan is not None
    assert [one.person for one in state.plan.signatories] == [aino]


def test_a_correction_that_names_what_nobody_makes_is_refused(office: Office):
    acts = begun().add(
        "correct",
        "$way",
        entry=1,
        event=NAMES_AINO,
        reason=Personal("a slip"),
    )
    *_, refused = b.each_alone(acts.on(office))
    assert isinstance(refused, b.UnknownReference)


def test_each_has_its_own_outcome(office: Office):
    acts = begun().add("resume", "$way").add("pause", "$way", reason=j.WHY)
    outcomes = b.each_alone(acts.on(office))
    assert isinstance(outcomes[5], IllegalTransition)
    assert isinstance(outcomes[6], Receipt)
    assert outcomes[6].version == 5


@pytest.mark.parametrize("do", [b.all_or_none, b.each_alone])
def test_what_hangs_on_a_refused_act_is_refused(office: Office, do: Any):
    acts = Acts().registers().refers(channel="by post").add("accept-referral", "$way")
    acts.add("refer", "j-2", "other", **REFERRAL)
    outcomes = do(acts.on(office))
    assert isinstance(outcomes[1], InvalidField)
    assert isinstance(outcomes[2], b.ReferenceFailed)
    assert (outcomes[2].name, outcomes[2].item) == ("way", 1)
    wanted = b.NotRecorded if do is b.all_or_none else Receipt
    assert isinstance(outcomes[3], wanted)


@pytest.mark.parametrize(
    ("acts", "why"),
    [
        (Acts().registers("other").refers(), "no act of the batch is called anna"),
        (
            Acts().registers().add("accept-referral", "$anna"),
            "act 0, called anna, is of a client, and here a journey is expected",
        ),
        (
            Acts().registers().refers().add("change-contact-details", "$way", phone="1"),
            "act 1, called way, is of a journey, and here a client is expected",
        ),
        (
            Acts().registers().add("accept-referral", "$me", "me"),
            "this act itself is called me: name another one",
        ),
        (
            Acts().registers(None).add("change-contact-details", "$", phone="1"),
            "no act of the batch is called $",
        ),
    ],
)
def test_a_reference_names_an_act_that_makes_such_a_thing(office: Office, acts: Acts, why: str):
    outcomes = b.each_alone(acts.on(office))
    assert {type(one) for one in outcomes} == {Receipt, b.UnknownReference}
    assert [str(one) for one in outcomes if isinstance(one, b.UnknownReference)] == [why]


@pytest.mark.parametrize("do", [b.all_or_none, b.each_alone])
def test_an_act_may_name_what_a_later_one_makes(office: Office, do: Any):
    acts = Acts().add("accept-referral", "$way").registers("eva").refers().registers()
    found = receipts(do(acts.on(office)))
    journey, anna = (found[n].stream.partition(":")[2] for n in (2, 3))
    assert [found[n].version for n in (2, 0)] == [1, 2]
    assert found[0].stream == found[2].stream
    assert history(office, journey).journey.client == anna
    assert found[3].position < found[2].position < found[0].position < found[1].position
    again = receipts(do(acts.on(office)))
    assert all(one.repeated for one in again)


@pytest.mark.parametrize("do", [b.all_or_none, b.each_alone])
def test_a_refusal_says_where_the_act_stands_that_was_named(office: Office, do: Any):
    acts = Acts().add("accept-referral", "$way").refers(channel="by post").registers()
    outcomes = do(acts.on(office))
    assert isinstance(outcomes[0], b.ReferenceFailed)
    assert (outcomes[0].name, outcomes[0].item) == ("way", 1)
    assert isinstance(outcomes[1], InvalidField)


def test_of_acts_that_name_each_other_neither_is_done(office: Office):
    acts = Acts().registers().add("change-contact-details", "$other", "one", phone="1")
    acts.add("change-contact-details", "$one", "other", phone="2")
    done, *refused = b.each_alone(acts.on(office))
    assert isinstance(done, Receipt)
    assert {type(one) for one in refused} == {b.UnknownReference, b.ReferenceFailed}
    assert "act 1, called one, hangs on this one in turn: neither can be first" in map(str, refused)


@settings(max_examples=200)
@given(st.lists(st.lists(st.integers(0, 11), max_size=3), max_size=12))
def test_what_is_named_is_done_first_and_else_acts_as_they_stand(named: list[list[int]]):
    acts = Acts()
    for place, names in enumerate(named):
        signed = tuple(e.Signatory(f"${name}", "client") for name in names)
        acts.add("agree-plan", "j-1", str(place), signatories=signed)
    order = in_turn(acts.items)
    assert sorted(order) == [*range(len(named))]
    wanted = {place: {n for n in names if n < len(named)} for place, names in enumerate(named)}
    reached = {place: _reached(wanted, place) for place in wanted}
    for at, place in enumerate(order):
        for one in wanted[place]:
            assert order.index(one) < at or place in reached[one]
    if not any(one > place for place, names in wanted.items() for one in names):
        assert order == [*range(len(named))]


def _reached(wanted: dict[int, set[int]], place: int) -> set[int]:
    found, waiting = set[int](), [*wanted[place]]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += wanted[one]
    return found


@pytest.mark.parametrize("do", [b.all_or_none, b.each_alone])
def test_no_two_acts_are_called_the_same(office: Office, do: Any):
    before = office.log.position()
    outcomes = do(Acts().registers().registers().refers().registers("eva").on(office))
    wanted = b.NotRecorded if do is b.all_or_none else Receipt
    assert isinstance(outcomes[0], wanted)
    assert isinstance(outcomes[1], InvalidField)
    assert (outcomes[1].field, str(outcomes[1].message)) == ("as", "act 0 is called so too")
    assert isinstance(outcomes[2], b.ReferenceFailed)  # which of the two is not for us to guess
    assert isinstance(outcomes[3], wanted)
    assert office.log.position() == before + (0 if do is b.all_or_none else 2)


def test_a_dry_run_reports_the_same_and_stores_nothing(office: Office):
    before = office.log.position()
    acts = begun().add("resume", "$way")
    for do in (b.all_or_none, b.each_alone):
        tried = do(acts.on(office), dry_run=True)
        assert isinstance(tried[5], IllegalTransition)
        assert office.log.position() == before
    done = b.each_alone(acts.on(office))
    for one, other in zip(tried[:5], done[:5], strict=True):
        assert (one.stream, one.version) == (other.stream, other.version)
        assert [x.event for x in one.entries] == [x.event for x in other.entries]
    assert str(tried[5]) == str(done[5])


def test_a_dry_run_says_that_a_key_was_used(office: Office):
    receipts(b.all_or_none(begun().on(office)))
    other = Acts().add("register-client", particulars=replace(ANNA, given_name="Eva"), key="k0")
    [tried] = b.all_or_none(other.on(office), dry_run=True)
    assert isinstance(tried, KeyReused)
    assert all(one.repeated for one in receipts(b.each_alone(begun().on(office), dry_run=True)))


@pytest.mark.parametrize("do", [b.all_or_none, b.each_alone])
def test_a_repetition_gets_the_first_answers(office: Office, do: Any):
    acts = begun().add("pause", "$way", reason=j.WHY).add("resume", "$way")
    acts.add("join-team", "$way", person="n", organisation="o", role="r")
    first = receipts(do(acts.on(office)))
    position, journey = office.log.position(), first[1].stream.partition(":")[2]
    act(office, journey, asked(), team.leave_team, person="n", organisation="o")
    again = receipts(do(acts.on(office)))
    assert office.log.position() == position + 1
    assert all(one.repeated for one in again)
    assert [replace(one, repeated=False) for one in again] == first


def test_a_batch_that_was_done_in_part_is_completed(office: Office):
    receipts(b.each_alone(Acts().registers().refers().on(office)))
    found = receipts(b.all_or_none(begun().on(office)))
    assert [one.repeated for one in found] == [True, True, False, False, False]


def test_what_was_recorded_before_is_not_said_to_be_left_out(office: Office):
    first = receipts(b.all_or_none(Acts().registers().refers().on(office)))
    acts = begun().add("resume", "$way")
    outcomes = b.all_or_none(acts.on(office))
    assert outcomes[:2] == [replace(one, repeated=True) for one in first]
    assert {type(one) for one in outcomes[2:5]} == {b.NotRecorded}
    assert isinstance(outcomes[5], IllegalTransition)


@pytest.mark.parametrize("do", [b.all_or_none, b.each_alone])
def test_a_key_of_another_request_is_refused(office: Office, do: Any):
    receipts(b.each_alone(Acts().registers().on(office)))
    acts = Acts().add("register-client", particulars=replace(ANNA, given_name="Eva"), key="k0")
    acts.add("register-client", None, "eva", particulars=ANNA, key="other")
    reused, other = do(acts.on(office))
    assert isinstance(reused, KeyReused)
    assert isinstance(other, b.NotRecorded if do is b.all_or_none else Receipt)


@pytest.mark.parametrize("do", [b.all_or_none, b.each_alone])
def test_a_key_of_the_same_act_on_what_another_batch_makes_is_refused(office: Office, do: Any):
    def begins(prefix: str) -> b.Batch:
        acts = Acts(prefix).registers().refers().add("accept-referral", "$way", key="accept")
        return acts.on(office)

    first = do(begins("k"))
    assert [one.repeated for one in do(begins("k"))] == [True] * len(first)
    *_, answer = do(begins("other"))
    assert isinstance(answer, KeyReused)


def test_two_acts_have_two_keys(office: Office):
    acts = Acts().registers().add("register-client", particulars=ANNA, key="k0")
    _, refused = b.each_alone(acts.on(office))
    assert isinstance(refused, InvalidField)
    assert refused.field == "idempotency_key"


def test_a_version_is_that_after_the_acts_before(office: Office):
    acts = begun().add("pause", "$way", version=4, reason=j.WHY)
    *_, paused, behind = b.each_alone(acts.add("resume", "$way", version=4).on(office))
    assert isinstance(paused, Receipt)
    assert isinstance(behind, VersionConflict)
    assert (behind.expected, behind.actual) == (4, 5)


def test_what_is_no_act_is_reported_with_the_others(office: Office):
    acts = Acts().registers()
    acts.items.append(b.Broken(ValueError("no act"), "way"))
    _, broken, hanging = b.each_alone(acts.add("accept-referral", "$way").on(office))
    assert (type(broken), type(hanging)) == (ValueError, b.ReferenceFailed)


@pytest.mark.parametrize("do", [b.all_or_none, b.each_alone])
def test_nobody_does_in_a_batch_what_they_may_not_alone(office: Office, do: Any):
    receipts(b.all_or_none(Acts().registers().refers(of="j-1").on(office)))
    stranger = Who(Scope("x", Role.CASE_WORKER, "elsewhere", Purpose.SERVICE))
    client = new_id("client", LEAD.key("k0"))
    acts = Acts("x").add("accept-referral", "j-1").add("exempt-deadline", "j-1", deadline="d")
    acts.add("change-contact-details", client, phone="1").add("accept-referral", "nobody")
    acts.add("change-contact-details", "nobody", phone="1")
    outcomes = do(acts.on(office, stranger))
    assert [type(one) for one in outcomes] == [
        *(NotAllowed, NotAllowed, NotAllowed),
        *(UnknownJourney, UnknownClient),
    ]


def test_a_client_registered_in_the_batch_is_reached_in_it(office: Office):
    acts = Acts().registers().add("change-contact-details", "$anna", phone="040")
    _, changed = receipts(b.all_or_none(acts.on(office)))
    assert (changed.version, str(office.clients.newest(changed.stream).phone)) == (2, "040")


def interrupting(office: Office, times: int) -> Office:
    """The office on a log where somebody else acts between decision and append, so many times."""

    class Interrupted:
        left = times

        def __getattr__(self, name: str) -> Any:
            return getattr(office.log, name)

        def append_all(self, appends: Any, *, together: bool = False) -> Any:
            if self.left:
                self.left -= 1
                who = f"other-{self.left}"
                act(office, "j-1", asked(), team.join_team, person=who, organisation="o", role="r")
            return office.log.append_all(appends, together=together)

    other = Office(office.log, office.programmes, office.working_days)
    object.__setattr__(other, "log", Interrupted())
    return other


def taken_in(office: Office) -> Acts:
    receipts(b.all_or_none(Acts("first").registers().refers(of="j-1").on(office)))
    receipts(b.all_or_none(Acts("then").add("accept-referral", "j-1").on(office)))
    return Acts().add("pause", "j-1", reason=j.WHY).add("resume", "j-1")


@pytest.mark.parametrize("do", [b.all_or_none, b.each_alone])
def test_where_somebody_else_acts_in_between_it_is_decided_anew(office: Office, do: Any):
    acts = taken_in(office)
    found = receipts(do(acts.on(interrupting(office, 2))))
    kinds = [type(entry.event) for entry in history(office, "j-1").entries[2:]]
    assert kinds == [e.TeamMemberJoined, e.TeamMemberJoined, e.JourneyPaused, e.JourneyResumed]
    assert [one.version for one in found] == [5, 6]


def test_where_others_act_again_and_again_it_is_said_so(office: Office):
    acts = taken_in(office)
    with pytest.raises(VersionConflict):
        b.all_or_none(acts.on(interrupting(office, 100)))
    assert isinstance(history(office, "j-1").entries[-1].event, e.TeamMemberJoined)


def test_where_others_act_again_and_again_each_is_tried_as_often_as_alone(office: Office):
    acts = taken_in(office)
    found = receipts(b.each_alone(acts.on(interrupting(office, 12))))
    assert [type(entry.event) for one in found for entry in one.entries] == [
        e.JourneyPaused,
        e.JourneyResumed,
    ]


def test_a_fault_of_the_log_is_no_outcome_of_an_act(memory_office: Office):
    class Broken:
        def __getattr__(self, name: str) -> Any:
            return getattr(memory_office.log, name)

        def now(self) -> Any:
            raise OSError("the disk is full")

    other = Office(memory_office.log, memory_office.programmes, memory_office.working_days)
    object.__setattr__(other, "log", Broken())
    with pytest.raises(OSError, match="disk"):
        b.each_alone(begun().on(other))


def test_five_hundred_acts_on_one_journey_are_quickly_done(log: EventLog, office: Office):
    acts = taken_in(office)
    for number in range(b.MOST - 2):
        acts.add("join-team", "j-1", person=f"n-{number}", organisation="o", role="r")
    assert len(receipts(b.all_or_none(acts.on(office)))) == b.MOST
    assert history(office, "j-1").version == b.MOST + 2
