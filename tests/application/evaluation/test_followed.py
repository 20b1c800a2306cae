"""Who is followed: one person, whatever ids, as far as it was known."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from application.evaluation.asking import Moment
from application.evaluation.followed import (
    TRAITS,
    Followed,
    age_group,
    followed,
    grouped,
    unemployment,
)
from application.ports import Recorded
from domain.client import ClientRegistered
from domain.entry import By, Entry, Personal
from domain.journey import events as e
from domain.same_person import ClientsMerged

DAY = date(2025, 3, 3)
BEFORE = datetime(2025, 3, 4, tzinfo=UTC)
MERGED = BEFORE + timedelta(days=30)


def merged(other: str, *, survives: bool) -> ClientsMerged:
    return ClientsMerged(other, survives=survives, ground="gdpr-5-1-d", reason=Personal("why"))


STREAMS: dict[str, list[tuple[Any, datetime]]] = {
    "client:a": [(ClientRegistered(), BEFORE), (merged("b", survives=True), MERGED)],
    "client:b": [
        (ClientRegistered(gender="female", birth_year=2000), BEFORE),
        (merged("a", survives=False), MERGED),
    ],
    **{
        f"journey:of-{client}": [(e.ReferralMade(client, "p", 1, "x", "x", "desk"), BEFORE)]
        for client in "ab"
    },
}


def at(known_at: datetime | None) -> list[Followed]:
    entries = [
        Recorded(stream, Entry(version, event, DAY, known, By("w", "x")))
        for stream, told in STREAMS.items()
        for version, (event, known) in enumerate(told, 1)
    ]
    return followed(entries, "p", Moment(date(2025, 6, 1), known_at))


def test_a_merge_makes_one_person_from_when_it_was_known() -> None:
    assert [one.person for one in at(BEFORE)] == ["a", "b"]
    assert [one.person for one in at(MERGED)] == ["a", "a"]
    assert [one.person for one in at(None)] == ["a", "a"]


def test_what_one_id_of_a_person_does_not_know_another_tells() -> None:
    assert [group for group, _ in grouped(at(None), "gender")] == ["female"] * 2
    assert [age_group(one) for one in at(None)] == ["18 to 29"] * 2
    assert [group for group, _ in grouped(at(BEFORE), "gender")] == [None, "female"]


@pytest.mark.parametrize(
    ("facts", "group"),
    [
        ({"days_unemployed": 800}, "24 months and over"),
        ({"days_unemployed": 32}, "under 6 months"),
        ({"months_unemployed": 14}, "12 to 23 months"),
        ({"unemployed_since": "2024-07-01", "days_unemployed": 1}, "6 to 11 months"),
        ({"unemployed": True}, None),
        ({"days_unemployed": 2_000_000_000}, None),
        ({"months_unemployed": 2_000_000_000}, None),
        ({"months_unemployed": 0}, "under 6 months"),
    ],
)
def test_who_was_never_interviewed_was_unemployed_for_as_long_as_the_verdict_tells(
    facts: dict[str, Any], group: str | None
) -> None:
    used = tuple(e.FactUsed(name, value) for name, value in facts.items())
    told = (
        e.ReferralMade("a", "p", 1, "x", "x", "desk"),
        e.EligibilityAssessed(1, "x", True, used, ()),
    )
    entries = [
        Recorded("journey:j", Entry(version, event, DAY, BEFORE, By("w", "x")))
        for version, event in enumerate(told, 1)
    ]
    (one,) = followed(entries, "p", Moment(date(2025, 6, 1), None))
    assert unemployment(one) == group


@pytest.mark.parametrize(
    ("months", "began", "group"),
    [
        (11, date(2025, 3, 20), None),  # since some day from 4 March to 3 April: 11 or 12 months
        (11, date(2025, 4, 2), None),
        (11, date(2025, 4, 3), "12 to 23 months"),
        (12, date(2025, 4, 2), "12 to 23 months"),
        (6, date(2025, 2, 20), None),
        (6, date(2025, 2, 3), "under 6 months"),
    ],
)
def test_months_told_on_another_day_than_the_start_count_where_they_settle_the_group(
    months: int, began: date, group: str | None
) -> None:
    """They were told on 3 March."""
    used = (e.FactUsed("months_unemployed", months),)
    told = (
        (e.ReferralMade("a", "p", 1, "x", "x", "desk"), date(2025, 1, 1)),
        (e.EligibilityAssessed(1, "x", True, used, ()), DAY),
        (e.ReferralAccepted(), began),
    )
    entries = [
        Recorded("journey:j", Entry(version, event, on, BEFORE, By("w", "x")))
        for version, (event, on) in enumerate(told, 1)
    ]
    (one,) = followed(entries, "p", Moment(date(2025, 6, 1), None))
    assert unemployment(one) == group


def test_who_is_responsible_since_a_handover_is_another_than_who_was_referred_to() -> None:
    told = (e.ReferralMade("c", "p", 1, "desk", "roma", "desk"), e.HandoverAccepted("milano", "w"))
    entries = [
        Recorded("journey:j", Entry(version, event, DAY, BEFORE, By("w", "x")))
        for version, event in enumerate(told, 1)
    ]

    (one,) = followed(entries, "p", Moment(date(2025, 6, 1), None))

    assert (TRAITS["organisation"](one), TRAITS["referred-to"](one)) == ("milano", "roma")
