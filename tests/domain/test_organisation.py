from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.organisation.decisions import (
    end_agreement,
    fill_need,
    publish_need,
    publish_offering,
    register,
    release_seat,
    reserve_seat,
    sign_agreement,
    withdraw_need,
)
from domain.organisation.events import (
    AgreementEnded,
    AgreementSigned,
    Duty,
    EmployerNeedFilled,
    EmployerNeedPublished,
    EmployerNeedWithdrawn,
    NeedKind,
    OfferingPublished,
    OrganisationEvent,
    OrganisationKind,
    OrganisationRegistered,
    SeatReleased,
    SeatReserved,
)
from domain.organisation.state import UNKNOWN, Organisation, duties_on, fold
from domain.refusals import IllegalTransition, InvalidField
from tests.domain.streams import IDS, entries, histories, lived

KUOPIO = OrganisationRegistered("City of Kuopio", OrganisationKind.MUNICIPALITY, "297")
GUIDANCE = Duty("kuopio", "career-guidance")
REFERRAL = Duty("te-office", "referral")
AGREED = AgreementSigned(
    "pair", ("kuopio", "te-office"), (GUIDANCE, REFERRAL), date(2024, 1, 1), date(2024, 12, 31)
)
WELDERS = EmployerNeedPublished("welders", "7212", ("MIG welding",), 3, NeedKind.ACUTE)
COURSE = OfferingPublished(
    "course", "job-search-training", 2, date(2024, 4, 1), date(2024, 4, 30), "Kuopio"
)


def told(*events: OrganisationEvent) -> Organisation:
    return fold(entries(KUOPIO, *events))


def sign(state: Organisation, **changed: object) -> tuple[OrganisationEvent, ...]:
    said = {
        "agreement": "pair",
        "partners": ("kuopio", "te-office"),
        "duties": (GUIDANCE, REFERRAL),
        "start": date(2024, 1, 1),
        "end": date(2024, 12, 31),
    }
    return sign_agreement(state, **(said | changed))


def test_an_organisation_is_registered_once():
    said = {
        "name": "City of Kuopio",
        "kind": OrganisationKind.MUNICIPALITY,
        "municipality": "297",
    }
    assert register(UNKNOWN, **said) == (KUOPIO,)
    assert register(told(), **said) == ()
    with pytest.raises(IllegalTransition, match="choose another code"):
        register(told(), name="Kuopio School", kind=OrganisationKind.SCHOOL)


def test_an_organisation_needs_a_name():
    with pytest.raises(InvalidField, match="name: "):
        register(UNKNOWN, name=" ", kind=OrganisationKind.SCHOOL)


def test_nothing_is_recorded_of_an_organisation_that_is_not_registered():
    for act in (
        sign,
        partial(publish_need, need="n", occupation="7212", openings=1, kind=NeedKind.ACUTE),
        partial(
            publish_offering,
            offering="o",
            service="s",
            seats=1,
            start=date(2024, 4, 1),
            end=date(2024, 4, 2),
            place="Kuopio",
        ),
    ):
        with pytest.raises(IllegalTransition, match="register it first"):
            act(UNKNOWN)


def test_who_does_what_holds_on_the_days_of_the_agreement():
    organisation = told(*sign(told()))
    assert duties_on(organisation, date(2023, 12, 31)) == ()
    assert duties_on(organisation, date(2024, 1, 1)) == (GUIDANCE, REFERRAL)
    assert duties_on(organisation, date(2024, 12, 31)) == (GUIDANCE, REFERRAL)
    assert duties_on(organisation, date(2025, 1, 1)) == ()


def test_an_agreement_that_is_ended_holds_through_its_last_day():
    (ended,) = end_agreement(
        told(AGREED), agreement="pair", last_day=date(2024, 5, 31), reason="merged"
    )
    organisation = told(AGREED, ended)
    assert duties_on(organisation, date(2024, 5, 31)) == (GUIDANCE, REFERRAL)
    assert duties_on(organisation, date(2024, 6, 1)) == ()


def test_a_duty_of_two_agreements_is_told_once():
    second = AgreementSigned("more", ("kuopio", "school"), (GUIDANCE,), date(2024, 3, 1))
    assert duties_on(told(AGREED, second), date(2024, 3, 1)) == (GUIDANCE, REFERRAL)
    assert duties_on(told(AGREED, second), date(2025, 3, 1)) == (GUIDANCE,)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"end": date(2023, 12, 31)}, "end"),
        ({"partners": ("kuopio", "kuopio")}, "partners"),
        ({"duties": (Duty("espoo", "referral"),)}, "duties"),
    ],
)
def test_an_agreement_that_cannot_be_names_the_field(changed, field):
    with pytest.raises(InvalidField) as bad:
        sign(told(), **changed)
    assert bad.value.field == field


def test_an_agreement_signed_again_records_nothing_and_another_under_its_id_is_refused():
    assert sign(told(AGREED)) == ()
    with pytest.raises(IllegalTransition, match="use a new id"):
        sign(told(AGREED), end=None)


@pytest.mark.parametrize("last_day", [date(2023, 12, 31), date(2025, 1, 1)])
def test_an_agreement_ends_within_its_days(last_day):
    with pytest.raises(InvalidField, match="last_day: "):
        end_agreement(told(AGREED), agreement="pair", last_day=last_day, reason="x")


def test_ending_an_agreement_twice_records_once():
    ended = told(AGREED, AgreementEnded("pair", date(2024, 5, 31), "merged"))
    assert end_agreement(ended, agreement="pair", last_day=date(2024, 5, 31), reason="merged") == ()
    with pytest.raises(IllegalTransition, match="cannot end the agreement other"):
        end_agreement(ended, agreement="other", last_day=date(2024, 5, 31), reason="merged")


def test_an_agreement_that_was_ended_can_end_sooner_and_no_later():
    ended = told(AGREED, AgreementEnded("pair", date(2024, 5, 31), "merged"))
    (sooner,) = end_agreement(ended, agreement="pair", last_day=date(2024, 2, 29), reason="misused")
    closed = told(AGREED, AgreementEnded("pair", date(2024, 5, 31), "merged"), sooner)
    assert duties_on(closed, date(2024, 2, 29))
    assert not duties_on(closed, date(2024, 3, 1))
    with pytest.raises(IllegalTransition, match="its last day is 2024-02-29 already"):
        end_agreement(closed, agreement="pair", last_day=date(2024, 5, 31), reason="after all")


def test_openings_are_filled_until_none_is_left():
    (first,) = fill_need(told(WELDERS), need="welders", reference="1", openings=2, journey="j1")
    partly = told(WELDERS, first)
    assert partly.needs["welders"].open == 1
    with pytest.raises(IllegalTransition, match="1 of 3 are open"):
        fill_need(partly, need="welders", reference="2", openings=2)
    (second,) = fill_need(partly, need="welders", reference="2")
    assert told(WELDERS, first, second).needs["welders"].open == 0


def test_the_same_filling_records_once():
    filled = told(WELDERS, EmployerNeedFilled("welders", "1", 1, "j1"))
    assert fill_need(filled, need="welders", reference="1", journey="j1") == ()
    with pytest.raises(IllegalTransition, match="use a new id"):
        fill_need(filled, need="welders", reference="1", journey="j2")


def test_what_is_withdrawn_can_no_longer_be_filled():
    (withdrawn,) = withdraw_need(told(WELDERS), need="welders", reason="no order")
    assert withdrawn == EmployerNeedWithdrawn("welders", "no order")
    gone = told(WELDERS, withdrawn)
    assert withdraw_need(gone, need="welders", reason="no order") == ()
    with pytest.raises(IllegalTransition, match="it was withdrawn"):
        fill_need(gone, need="welders", reference="1")


def test_a_need_that_is_filled_has_nothing_to_withdraw():
    filled = told(WELDERS, EmployerNeedFilled("welders", "1", 3))
    with pytest.raises(IllegalTransition, match="nothing is left to withdraw"):
        withdraw_need(filled, need="welders", reason="no order")


@pytest.mark.parametrize("act", [fill_need, withdraw_need])
def test_a_need_that_nobody_published_is_refused(act):
    more = {"reference": "1"} if act is fill_need else {"reason": "no order"}
    with pytest.raises(IllegalTransition, match="nothing of that id was recorded"):
        act(told(), need="welders", **more)


@pytest.mark.parametrize(
    ("changed", "field"), [({"openings": 0}, "openings"), ({"occupation": ""}, "occupation")]
)
def test_a_need_that_cannot_be_names_the_field(changed, field):
    said = {"need": "n", "occupation": "7212", "openings": 1, "kind": NeedKind.LONG_TERM}
    with pytest.raises(InvalidField) as bad:
        publish_need(told(), **(said | changed))
    assert bad.value.field == field


def test_a_full_offering_refuses_a_seat_until_one_is_released():
    full = told(COURSE, SeatReserved("course", "1", "aino"), SeatReserved("course", "2", "eino"))
    with pytest.raises(IllegalTransition, match=r"it is full \(2 seats\)") as refused:
        reserve_seat(full, offering="course", reference="3", client="olga")
    assert "release a seat" in refused.value.missing
    (released,) = release_seat(full, offering="course", reference="1", reason="ill")
    freed = fold(entries(released), full)
    assert freed.offerings["course"].free == 1
    assert reserve_seat(freed, offering="course", reference="3", client="olga") == (
        SeatReserved("course", "3", "olga"),
    )


def test_a_client_holds_one_seat_in_an_offering():
    held = told(COURSE, SeatReserved("course", "1", "aino", "j1"))
    assert reserve_seat(held, offering="course", reference="1", client="aino", journey="j1") == ()
    with pytest.raises(IllegalTransition, match="the client holds the seat 1"):
        reserve_seat(held, offering="course", reference="2", client="aino")
    with pytest.raises(IllegalTransition, match="use a new id"):
        reserve_seat(held, offering="course", reference="1", client="eino")


def test_a_released_reference_is_not_used_again():
    gone = told(COURSE, SeatReserved("course", "1", "aino"), SeatReleased("course", "1", "ill"))
    assert release_seat(gone, offering="course", reference="1", reason="ill") == ()
    with pytest.raises(IllegalTransition, match="under a new reference"):
        reserve_seat(gone, offering="course", reference="1", client="aino")


def test_seats_are_those_of_an_offering_that_was_published():
    with pytest.raises(IllegalTransition, match="nothing of that id was recorded"):
        reserve_seat(told(), offering="course", reference="1", client="aino")
    with pytest.raises(IllegalTransition, match="nothing of that id was recorded"):
        release_seat(told(COURSE), offering="course", reference="1", reason="ill")


NAME = {"name": "Kuopio", "kind": OrganisationKind.EMPLOYER}
ACT = st.one_of(
    st.builds(
        lambda n, k: partial(
            publish_need, need=n, occupation="7212", openings=k, kind=NeedKind.ACUTE
        ),
        IDS,
        st.integers(0, 3),
    ),
    st.builds(
        lambda n, r, k: partial(fill_need, need=n, reference=r, openings=k),
        IDS,
        IDS,
        st.integers(0, 3),
    ),
    IDS.map(lambda n: partial(withdraw_need, need=n, reason="over")),
    st.builds(
        lambda o, k: partial(
            publish_offering,
            offering=o,
            service="s",
            seats=k,
            start=date(2024, 4, 1),
            end=date(2024, 4, 1),
            place="p",
        ),
        IDS,
        st.integers(0, 2),
    ),
    st.builds(
        lambda o, r, c: partial(reserve_seat, offering=o, reference=r, client=c), IDS, IDS, IDS
    ),
    st.builds(lambda o, r: partial(release_seat, offering=o, reference=r, reason="ill"), IDS, IDS),
    st.builds(lambda a: partial(sign, agreement=a), IDS),
    st.builds(
        lambda a: partial(end_agreement, agreement=a, last_day=date(2024, 5, 1), reason="over"),
        IDS,
    ),
)


@given(st.lists(ACT, max_size=30))
def test_whatever_is_done_nothing_is_given_twice_and_a_retry_records_nothing(acts):
    state = fold(lived(fold, [partial(register, **NAME), *acts]))
    assert all(need.open >= 0 for need in state.needs.values())
    for offering in state.offerings.values():
        assert offering.free >= 0
        clients = [seat.client for seat in offering.held]
        assert len(clients) == len(set(clients))


@given(history=histories(OrganisationEvent), cut=st.integers(0, 12))
def test_any_history_folds_and_pieces_equal_the_whole(history, cut):
    whole = fold(history)
    assert fold(history[cut:], fold(history[:cut])) == whole
    assert whole.version == len(history)
