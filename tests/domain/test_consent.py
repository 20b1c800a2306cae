from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.client import UNKNOWN, Client, Particulars, consent, fold, register
from domain.consent import ConsentGiven, ConsentWithdrawn, covering
from domain.kinds import DataKind
from domain.refusals import IllegalTransition, InvalidField
from tests.domain.streams import DAY, entries, entry

PLAN, SERVICES = DataKind.PLAN, DataKind.SERVICES
AINO = fold(entries(*register(UNKNOWN, Particulars(local_id="1"), on=DAY)))


def after(*events: ConsentGiven | ConsentWithdrawn) -> Client:
    """The client after consents; entries of a stream follow those before."""
    told = entries(*register(UNKNOWN, Particulars(local_id="1"), on=DAY), *events)
    return fold(told)


def covers(client: Client, day: date = DAY, organisation: str = "kela") -> set[DataKind]:
    return {kind for one in covering(client.consents, organisation, day) for kind in one.kinds}


def gives(client: Client = AINO, **more: object) -> tuple[object, ...]:
    said = {"organisation": "kela", "kinds": [PLAN], "on": DAY} | more
    return consent(client, code="give-consent", **said)  # type: ignore[arg-type]


def withdraws(client: Client, **more: object) -> tuple[object, ...]:
    return consent(client, on=DAY, code="withdraw-consent", organisation="kela", **more)


def test_consent_counts_from_the_day_of_the_act_unless_another_is_named():
    assert gives() == (ConsentGiven("kela", (PLAN,), DAY),)
    assert gives(start=date(2024, 5, 1)) == (ConsentGiven("kela", (PLAN,), date(2024, 5, 1)),)


def test_kinds_are_kept_in_one_order_and_once():
    assert gives(kinds=[SERVICES, PLAN, SERVICES]) == (ConsentGiven("kela", (PLAN, SERVICES), DAY),)


def test_consent_counts_on_its_days_both_included_and_for_its_organisation_alone():
    client = after(ConsentGiven("kela", (PLAN,), DAY, DAY + timedelta(days=1)))
    days = [DAY + timedelta(days=n) for n in (-1, 0, 1, 2)]
    assert [covers(client, day) for day in days] == [set(), {PLAN}, {PLAN}, set()]
    assert covers(client, organisation="school") == set()


def test_the_same_consent_again_records_nothing():
    assert gives(after(ConsentGiven("kela", (PLAN,), DAY))) == ()


@pytest.mark.parametrize(
    ("said", "field"), [({"kinds": []}, "kinds"), ({"until": date(2020, 1, 1)}, "until")]
)
def test_a_consent_that_cannot_be_is_refused(said: dict[str, object], field: str):
    with pytest.raises(InvalidField) as refused:
        gives(**said)
    assert refused.value.field == field


@pytest.mark.parametrize("act", [gives, withdraws])
def test_nobody_consents_who_is_not_registered(act):
    with pytest.raises(IllegalTransition, match="register the client first"):
        act(UNKNOWN)


def test_what_is_withdrawn_counts_no_more_and_what_is_not_goes_on():
    given_ = ConsentGiven("kela", (PLAN, SERVICES), DAY)
    (event,) = withdraws(after(given_), kinds=[PLAN])
    assert event == ConsentWithdrawn("kela", (PLAN,))
    later = entry(3, event, DAY + timedelta(days=9))
    client = fold([later], after(given_))
    assert covers(client) == {SERVICES}
    assert client.consents[0].withdrawn == ((PLAN, later.recorded_at),)


def test_without_a_kind_all_is_withdrawn_and_twice_records_nothing():
    given_ = ConsentGiven("kela", (PLAN, SERVICES), DAY)
    (event,) = withdraws(after(given_))
    assert event == ConsentWithdrawn("kela", (PLAN, SERVICES))
    assert withdraws(after(given_, event)) == ()


def test_consent_may_be_given_anew_after_it_was_withdrawn():
    given_ = ConsentGiven("kela", (PLAN,), DAY)
    gone = after(given_, ConsentWithdrawn("kela", (PLAN,)))
    (again,) = gives(gone)
    assert covers(after(given_, ConsentWithdrawn("kela", (PLAN,)), again)) == {PLAN}


_ORGANISATIONS = st.sampled_from(["kela", "school"])
_KINDS = st.lists(st.sampled_from(DataKind), min_size=1, unique=True).map(tuple)
_GIVEN = st.builds(ConsentGiven, _ORGANISATIONS, _KINDS, st.just(DAY), st.none())
_EVENTS = st.lists(_GIVEN | st.builds(ConsentWithdrawn, _ORGANISATIONS, _KINDS), max_size=8)


@given(_EVENTS)
def test_what_is_covered_is_what_was_given_after_the_last_withdrawal(events):
    left: dict[str, set[DataKind]] = {"kela": set(), "school": set()}
    for event in events:
        own = left[event.organisation]
        change = own.update if isinstance(event, ConsentGiven) else own.difference_update
        change(event.kinds)
    client = after(*events)
    assert {name: covers(client, organisation=name) for name in left} == left
