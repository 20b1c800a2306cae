"""What is shown of payments avoided gives no small number away."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.evaluation.payments import ClientPayments, Payments, Terms, Tier, payments
from application.evaluation.payments_shown import GroupShown, PaymentsShown, shown
from domain.definition import Definition
from domain.wording import said
from infrastructure.definitions import load_definition, shipped_definitions

TERMS = Terms((Tier(300, Decimal("0.5")),), Decimal(40))
DAY, CHANGED, FEWEST = date(2026, 1, 31), date(2025, 9, 1), 5
NOTHING = said("nothing was recorded")


@pytest.fixture(scope="module")
def savo() -> Definition:
    return load_definition(shipped_definitions()["etela-savo"], "etela-savo.yaml")


def clients(
    n: int, place: str, days: int | None, euros: int | None, on: date = CHANGED
) -> list[ClientPayments]:
    unknown = None if euros is not None else NOTHING
    avoided = None if euros is None else Decimal(euros)
    one = ClientPayments("j", "c", place, on, 1, 1, days or 0, avoided, unknown)
    return [one] * n


def made(savo: Definition, *groups: list[ClientPayments]) -> Payments:
    return payments([one for group in groups for one in group], [savo], TERMS, DAY)


def by_group(told: PaymentsShown) -> dict[tuple[str | None, date | None], GroupShown]:
    return {(one.municipality, one.since): one for one in told.groups}


def test_single_clients_and_small_groups_are_withheld(savo: Definition) -> None:
    found = made(savo, clients(9, "a", 10, 200), clients(8, "b", 10, 200), clients(3, "c", 1, 20))
    told = shown(found, FEWEST)
    assert told.clients is None
    groups = by_group(told)
    assert (groups[None, None].clients, groups[None, None].avoided) == (20, 3460)
    assert (groups["a", None].clients, groups["a", None].avoided) == (9, 1800)
    for place in "bc":
        one = groups[place, None]
        assert (one.clients, one.known, one.at_work, one.avoided) == (None,) * 4


def test_sums_over_few_are_withheld_however_many_clients_there_are(savo: Definition) -> None:
    found = made(
        savo,
        [*clients(20, "a", 10, 200), *clients(20, "b", 10, 0), *clients(9, "b", 0, 0)],
        [*clients(20, "c", 0, 0), *clients(1, "c", 30, 900)],
    )
    groups = by_group(shown(found, FEWEST))
    assert (groups["c", None].clients, groups["c", None].known) == (21, 21)
    assert (groups["c", None].at_work, groups["c", None].avoided) == (None, None)
    assert groups[None, None].avoided == 4900
    assert [groups[x, None].avoided for x in "ab"].count(None) == 1


def test_of_how_many_nothing_is_known_is_told_however_few_they_are(savo: Definition) -> None:
    found = made(savo, clients(20, "a", 10, 200), clients(2, "a", 10, None))
    told = shown(found, FEWEST)
    assert told.unknown == {NOTHING: 2}
    whole = by_group(told)[None, None]
    assert (whole.clients, whole.known, whole.avoided) == (22, 20, 4000)


def test_what_is_not_known_does_not_tell_of_few_who_are(savo: Definition) -> None:
    told = shown(made(savo, clients(3, "a", 10, 200), clients(20, "a", 10, None)), FEWEST)
    whole = by_group(told)[None, None]
    assert (whole.known, whole.at_work, whole.avoided) == (None, None, None)
    assert None in (whole.clients, told.unknown[NOTHING])


def test_few_who_began_before_all_times_are_not_told_by_the_rest(savo: Definition) -> None:
    early = savo.effective_from - timedelta(days=9)
    found = made(savo, clients(20, "a", 10, 200), clients(2, "a", 10, 200, early))
    groups = by_group(shown(found, FEWEST))
    assert None in (groups[None, None].clients, groups[None, CHANGED].clients)
    assert None in (groups[None, None].avoided, groups[None, CHANGED].avoided)


SOME = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from([date(2025, 3, 1), CHANGED]),
    st.sampled_from([(0, 0), (10, 0), (10, 200), (10, None)]),
    st.integers(1, 9),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(SOME, min_size=1, max_size=8))
def test_no_sum_leaves_a_single_one_or_a_few_over(savo, drawn) -> None:
    found = made(savo, *(clients(n, place, *of, on) for place, on, of, n in drawn))
    groups, whole = by_group(shown(found, FEWEST)), by_group(shown(found, 0))
    times = sorted({since for _, since in groups if since})
    places = sorted({place for place, _ in groups if place})
    for one in groups.values():
        for number in (one.clients, one.known):
            assert number is None or number == 0 or number >= FEWEST
    sums = [((place, None), [(place, time) for time in times]) for place in (None, *places)]
    sums += [((None, time), [(place, time) for place in places]) for time in (None, *times)]
    for (total, parts), of in product(sums, ("clients", "known", "at_work", "avoided")):
        hidden = [x for x in (total, *parts) if getattr(groups[x], of) is None]
        assert len(hidden) != 1 or not parts or getattr(whole[hidden[0]], of) == 0
        if total not in hidden and of in {"clients", "known"}:
            left = sum(getattr(whole[x], of) for x in hidden)
            assert left == 0 or left >= FEWEST


def test_without_a_threshold_all_is_shown(savo: Definition) -> None:
    found = made(savo, clients(2, "a", 1, 20), clients(1, "b", 1, None))
    told = shown(found, 0)
    assert told.clients == found.clients
    assert told.unknown == found.unknown
    numbers = [(x.clients, x.known, x.at_work, x.avoided) for x in told.groups]
    assert numbers == [(x.clients, x.known, x.at_work, x.avoided) for x in found.groups]


def test_municipalities_of_few_in_all_are_not_even_named(savo: Definition) -> None:
    """Four named, of whose clients there are fewer than five together, have one each."""
    found = made(savo, *(clients(1, place, 10, 200) for place in "abcd"))
    (everyone,) = shown(found, FEWEST).groups
    assert (everyone.municipality, everyone.since, everyone.clients) == (None, None, None)
    assert {one.municipality for one in shown(found, 0).groups} == {None, *"abcd"}
