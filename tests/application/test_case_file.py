"""A journey's file: which lines count under which clock, and what became of each entry."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from application.case_file import entries_told, lines, open_case_file
from application.journeys import UnknownJourney, act
from application.office import Office
from application.ports import Append, Fresh
from application.sentences.words import Words
from application.views.caseload import caseload_rows
from application.views.rows import DueRow
from application.views.view import Rules
from domain.entry import Personal
from domain.journey import corrections, referral
from domain.journey import events as e
from tests.application.conftest import asked, referred
from tests.domain import journeys as j

REASON = Personal("a slip")


def told(*events: e.JourneyEvent, as_at: date | None = None) -> list[tuple[Any, ...]]:
    history = j.given(*events)
    found = lines(entries_told(history, as_at), history, Words())
    return [(one.entry.version, one.corrected_by, one.retracted_by) for one in found]


def corrected(entry: int, day: date = j.DAY) -> e.EntryCorrected:
    return e.EntryCorrected(entry, e.ReferralAccepted(), day, REASON)


def test_the_newest_correction_of_an_entry_is_named() -> None:
    events = (e.ReferralAccepted(), corrected(1), corrected(1))
    assert told(*events) == [(1, 3, None), (2, None, None), (3, None, None)]


def test_a_correction_that_was_taken_back_leaves_no_mark() -> None:
    events = (e.ReferralAccepted(), corrected(1), e.EntryRetracted(2, REASON))
    assert told(*events) == [(1, None, None), (2, None, 3), (3, None, None)]


def test_a_retracted_entry_stays_a_line() -> None:
    events = (e.ReferralAccepted(), e.EntryRetracted(1, REASON))
    assert told(*events) == [(1, None, 2), (2, None, None)]


def test_an_entry_is_a_line_from_the_day_it_really_happened() -> None:
    earlier = date(2025, 1, 1)
    events = (e.ReferralAccepted(), corrected(1, earlier))
    assert told(*events, as_at=earlier) == [(1, 2, None)]


def test_an_unknown_journey_is_named(memory_office: Any) -> None:
    with pytest.raises(UnknownJourney, match="j-9"):
        open_case_file(memory_office, "j-9")


def test_an_instant_without_a_time_zone_is_refused(memory_office: Any) -> None:
    with pytest.raises(ValueError, match="time zone"):
        open_case_file(referred(memory_office), "j", known_at=datetime(2025, 3, 1))  # noqa: DTZ001


def test_a_day_of_knowledge_is_its_end_in_the_programmes_zone(memory_office: Any) -> None:
    case = open_case_file(referred(memory_office), "j", known_at=date(2025, 7, 1))
    assert case.look.known_at == datetime(2025, 7, 1, 20, 59, 59, 999999, tzinfo=UTC)
    assert case.day == date(2025, 7, 1)


def test_reviews_wait_only_where_the_correction_was_known(memory_office: Any) -> None:
    office = referred(memory_office)
    act(office, "j", asked(), referral.assess_eligibility, given={"months_unemployed": 13})
    act(office, "j", asked(), referral.accept_referral)
    before = office.log.now()
    act(office, "j", asked(), corrections.retract, entry=2, reason=REASON)
    now = open_case_file(office, "j")
    assert [(d.kind, d.entry) for d in now.doubts] == [("referral-accepted", 3)]
    assert now.lines[1].retracted_by == 4
    assert open_case_file(office, "j", known_at=before).doubts == ()


def test_reviews_as_at_a_day_are_of_decisions_that_had_happened(memory_office: Any) -> None:
    office, later = referred(memory_office), date(2025, 4, 1)
    act(office, "j", asked(), referral.assess_eligibility, given={"months_unemployed": 13})
    act(office, "j", asked(later), referral.accept_referral)
    act(office, "j", asked(later), corrections.retract, entry=2, reason=REASON)
    assert [d.entry for d in open_case_file(office, "j", as_at=later).doubts] == [3]
    assert open_case_file(office, "j", as_at=date(2025, 3, 31)).doubts == ()


@pytest.mark.parametrize(("first", "adopted"), [(0, 1), (1, 9)])
def test_a_version_that_nobody_published_leaves_the_deadlines_of_the_other(
    memory_office: Any, first: int, adopted: int
) -> None:
    """A journey came from another system, or was brought in before its programme was revised."""
    office: Office = memory_office
    happened = (
        replace(j.REFERRED, definition_version=first),
        e.ReferralAccepted(),
        e.ServiceProposed("c1", "coaching"),
        e.DefinitionAdopted(adopted, REASON),
        e.ServiceProposed("c2", "coaching"),
    )
    office.log.append(Append("journey:j", 0, tuple(Fresh(x, j.DAY) for x in happened), j.WORKER))

    case = open_case_file(office, "j")

    known = {5} if adopted == 1 else {2, 3}
    found = [due.deadline for due in case.deadlines]
    assert {d.opened_by for d in found} >= known
    assert all((d.opened_by >= 4) == (adopted == 1) for d in found)
    rows = caseload_rows("j", case.known, Rules(office.programmes.definition, office.working_days))
    assert {row.deadline for row in rows if isinstance(row, DueRow)} == {d.id for d in found}
