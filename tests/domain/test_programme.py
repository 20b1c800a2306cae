from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.programme.decisions import close, join, leave, publish, revise, set_target
from domain.programme.events import (
    OrganisationJoined,
    OrganisationLeft,
    ProgrammeClosed,
    ProgrammeEvent,
    ProgrammePublished,
    ProgrammeRevised,
    TargetSet,
)
from domain.programme.state import UNKNOWN, Programme, fold
from domain.refusals import IllegalTransition, InvalidField
from tests.domain.streams import DAY, DAYS, IDS, entries, entry, histories, lived

FIRST = ProgrammePublished(1, date(2024, 1, 1), "version: 1", "aa")
SECOND = ProgrammeRevised(2, date(2024, 6, 1), "version: 2", "bb")


def told(*events: ProgrammeEvent) -> Programme:
    return fold(entries(*events))


def text(number: int, digest: str, since: date = date(2024, 1, 1)) -> dict[str, object]:
    return {
        "version": number,
        "effective_from": since,
        "definition": f"version: {number}",
        "digest": digest,
    }


def test_the_first_version_is_published_as_number_one():
    assert publish(UNKNOWN, **text(1, "aa")) == (FIRST,)


def test_a_first_version_under_another_number_is_refused():
    with pytest.raises(IllegalTransition, match="first version of a programme is version 1"):
        publish(UNKNOWN, **text(2, "aa"))


def test_a_revision_before_any_version_is_refused():
    with pytest.raises(IllegalTransition, match="publish version 1 first"):
        revise(UNKNOWN, **text(2, "bb"))


def test_a_revision_is_exactly_the_next_number():
    assert revise(told(FIRST), **text(2, "bb", SECOND.effective_from)) == (SECOND,)
    with pytest.raises(IllegalTransition, match="number the revision 3"):
        revise(told(FIRST, SECOND), **text(4, "cc", date(2024, 7, 1)))


def test_what_follows_the_first_version_is_a_revision():
    with pytest.raises(IllegalTransition, match="number it 2 and revise"):
        publish(told(FIRST), **text(2, "bb"))


@pytest.mark.parametrize("act", [publish, revise])
@pytest.mark.parametrize("number", [1, 2])
def test_publishing_the_same_text_again_records_nothing(act, number):
    assert act(told(FIRST, SECOND), **text(number, "aa" if number == 1 else "bb")) == ()


@pytest.mark.parametrize("act", [publish, revise])
def test_a_published_version_cannot_get_another_text(act):
    with pytest.raises(IllegalTransition, match="a published version stays: revise under 3"):
        act(told(FIRST, SECOND), **text(1, "zz"))


def test_a_revision_cannot_be_in_force_before_the_version_it_follows():
    with pytest.raises(InvalidField, match="2024-06-01") as bad:
        revise(told(FIRST, SECOND), **text(3, "cc", date(2024, 5, 31)))
    assert bad.value.field == "effective_from"


def test_a_closed_programme_takes_nothing_more():
    closed = told(FIRST, OrganisationJoined("kuopio"), ProgrammeClosed("the funding ended"))
    for act in (
        partial(revise, **text(2, "bb")),
        partial(join, organisation="siilinjärvi", on=DAY),
        partial(leave, organisation="kuopio", reason="moved on", on=DAY),
        partial(set_target, target="clients", measure="clients", value=870),
    ):
        with pytest.raises(IllegalTransition, match=f"was closed on {DAY}"):
            act(closed)
    assert close(closed, reason="again", on=DAY) == ()


def test_the_version_in_force_is_the_newest_that_has_begun():
    programme = told(FIRST, SECOND)
    assert programme.current(date(2023, 12, 31)) is None
    assert programme.current(date(2024, 5, 31)).number == 1
    assert programme.current(date(2024, 6, 1)).number == 2


def test_every_version_keeps_its_whole_text():
    programme = told(FIRST, SECOND)
    assert [programme.numbered(n).definition for n in (1, 2)] == ["version: 1", "version: 2"]
    assert programme.numbered(3) is None


def test_an_organisation_joins_leaves_and_may_join_again():
    programme = told(FIRST, *join(told(FIRST), organisation="kuopio", on=DAY))
    assert programme.takes_part("kuopio")
    (left,) = leave(programme, organisation="kuopio", reason="the pilot is over", on=DAY)
    gone = fold(entries(left), programme)
    assert not gone.takes_part("kuopio")
    assert gone.organisations["kuopio"].end == DAY
    assert leave(gone, organisation="kuopio", reason="the pilot is over", on=DAY) == ()
    assert join(gone, organisation="kuopio", on=DAY) == (OrganisationJoined("kuopio"),)


def on_days(*dated: tuple[ProgrammeEvent, date]) -> Programme:
    return fold(entry(version, *one) for version, one in enumerate(dated, start=1))


LEAP = date(2024, 2, 29)
JOINED = (OrganisationJoined("kuopio"), LEAP)
LEFT = (OrganisationLeft("kuopio", "the pilot is over"), date(2024, 6, 1))


def test_an_organisation_leaves_on_no_day_before_it_joined():
    there = on_days((FIRST, DAY), JOINED)
    with pytest.raises(InvalidField, match=f"before {LEAP}, on which kuopio joined") as bad:
        leave(there, organisation="kuopio", reason="a slip", on=date(2024, 2, 28))
    assert bad.value.field == "occurred_on"
    assert leave(there, organisation="kuopio", reason="at once", on=LEAP)


def test_an_organisation_joins_again_on_no_day_before_it_had_left():
    gone = on_days((FIRST, DAY), JOINED, LEFT)
    with pytest.raises(InvalidField, match="before 2024-06-01, on which kuopio left") as bad:
        join(gone, organisation="kuopio", on=date(2024, 5, 31))
    assert bad.value.field == "occurred_on"
    assert join(gone, organisation="kuopio", on=date(2024, 6, 1))


def test_who_came_back_took_no_part_in_between():
    back = on_days((FIRST, DAY), JOINED, LEFT, (JOINED[0], date(2024, 9, 1)))
    days = (LEAP, date(2024, 5, 31), date(2024, 6, 1), date(2024, 8, 31), date(2024, 9, 1))
    left = LEFT[1]
    assert [back.left_on("kuopio", day) for day in days] == [None, None, left, left, None]
    assert back.left_on("kuopio", date(2024, 2, 28)) is back.left_on("espoo", LEAP) is None


def test_an_organisation_that_never_joined_cannot_leave():
    with pytest.raises(IllegalTransition, match="record first that espoo joined"):
        leave(told(FIRST), organisation="espoo", reason="a slip", on=DAY)


def test_a_later_target_takes_the_place_of_the_one_before():
    programme = told(FIRST, TargetSet("clients", "clients", 800))
    (event,) = set_target(programme, target="clients", measure="clients", value=870)
    assert fold(entries(event), programme).targets == {"clients": event}


def test_an_organisation_has_a_target_once_it_takes_part():
    with pytest.raises(IllegalTransition, match="record first that espoo joined"):
        set_target(told(FIRST), target="t", measure="clients", value=90, organisation="espoo")
    joined = told(FIRST, OrganisationJoined("espoo"))
    (event,) = set_target(joined, target="t", measure="clients", value=90, organisation="espoo")
    assert event.organisation == "espoo"


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_a_target_is_a_number_from_zero_up(value):
    with pytest.raises(InvalidField) as bad:
        set_target(told(FIRST), target="t", measure="clients", value=value)
    assert bad.value.field == "value"


@pytest.mark.parametrize("reason", ["", "  "])
def test_closing_needs_a_reason(reason):
    with pytest.raises(InvalidField, match="reason: "):
        close(told(FIRST), reason=reason, on=DAY)


def test_a_programme_is_closed_on_no_day_before_it_was_published():
    there = on_days((FIRST, LEAP), (SECOND, date(2024, 6, 1)))
    with pytest.raises(InvalidField, match=f"before {LEAP}, on which it was published") as bad:
        close(there, reason="a slip", on=date(2024, 2, 28))
    assert bad.value.field == "occurred_on"
    assert close(there, reason="at once", on=LEAP) == (ProgrammeClosed("at once"),)


@pytest.mark.parametrize(
    ("dated", "day", "what"), [((JOINED,), LEAP, "joined"), ((JOINED, LEFT), LEFT[1], "left")]
)
def test_a_programme_is_closed_on_no_day_before_somebody_came_or_went(dated, day, what):
    there = on_days((FIRST, date(2024, 1, 1)), *dated)
    with pytest.raises(InvalidField, match=f"before {day}, on which kuopio {what}") as bad:
        close(there, reason="a slip", on=day - timedelta(days=1))
    assert bad.value.field == "occurred_on"
    assert close(there, reason="over", on=day)


VERSION = st.fixed_dictionaries(
    {
        "version": st.integers(1, 4),
        "effective_from": DAYS,
        "definition": st.just("text"),
        "digest": IDS,
    }
)
ACT = st.one_of(
    VERSION.map(lambda v: partial(publish, **v)),
    VERSION.map(lambda v: partial(revise, **v)),
    IDS.map(lambda o: partial(join, organisation=o, on=DAY)),
    IDS.map(lambda o: partial(leave, organisation=o, reason="over", on=DAY)),
    st.builds(
        lambda t, o: partial(set_target, target=t, measure="m", value=1, organisation=o),
        IDS,
        st.none() | IDS,
    ),
    st.just(partial(close, reason="over", on=DAY)),
)


@given(st.lists(ACT, max_size=20))
def test_whatever_is_done_versions_are_dense_and_a_retry_records_nothing(acts):
    begun = partial(publish, **text(1, "a"))
    versions = fold(lived(fold, [begun, *acts])).versions
    assert [v.number for v in versions] == list(range(1, len(versions) + 1))
    days = [v.effective_from for v in versions]
    assert days == sorted(days)


@given(history=histories(ProgrammeEvent), cut=st.integers(0, 12))
def test_any_history_folds_and_pieces_equal_the_whole(history, cut):
    whole = fold(history)
    assert fold(history[cut:], fold(history[:cut])) == whole
    assert whole.version == len(history)
