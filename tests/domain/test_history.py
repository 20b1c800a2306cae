"""Two clocks: as at a day, as known at an instant, both, and what corrections do to each."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.entry import Source
from domain.journey import corrections
from domain.journey import events as e
from domain.journey.history import History, effective, history_of, look
from domain.journey.state import Status
from domain.refusals import IllegalTransition, InvalidField
from tests.domain import journeys as j

FEBRUARY, MARCH = date(2025, 2, 1), date(2025, 3, 1)
NEEDS = e.ServiceNeedsDefined(("language",))
OTHER_NEEDS = e.ServiceNeedsDefined(("job-search",))


@pytest.fixture
def late() -> History:
    """Accepted on 2 February, recorded on 10 March; needs told wrong on 5 February, corrected."""
    return j.given(
        (j.REFERRED, FEBRUARY),
        (NEEDS, date(2025, 2, 5)),
        (e.ReferralAccepted(), date(2025, 2, 2), date(2025, 3, 10)),
        (e.EntryCorrected(2, OTHER_NEEDS, date(2025, 2, 5), j.WHY), date(2025, 3, 20)),
    )


def at_end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def test_as_at_tells_what_had_happened_though_recorded_later(late: History) -> None:
    journey = look(late.entries, as_at=date(2025, 2, 2)).journey
    assert journey.status is Status.OPEN
    assert journey.needs is None


def test_as_known_tells_what_had_been_recorded(late: History) -> None:
    journey = look(late.entries, known_at=at_end_of(MARCH)).journey
    assert journey.status is Status.REFERRED
    assert journey.needs is not None
    assert journey.needs.needs == ("language",)


def test_on_1_march_what_did_we_know_about_4_february(late: History) -> None:
    seen = look(late.entries, as_at=date(2025, 2, 4), known_at=at_end_of(MARCH))
    assert (seen.journey.status, seen.journey.needs) == (Status.REFERRED, None)
    assert (seen.as_at, seen.known_at) == (date(2025, 2, 4), at_end_of(MARCH))


def test_now_every_correction_counts(late: History) -> None:
    now = look(late.entries)
    assert now.journey == late.journey
    assert now.journey.needs is not None
    assert now.journey.needs.needs == ("job-search",)


def test_an_imported_entry_is_known_when_its_source_says_and_the_answer_tells() -> None:
    claimed = datetime(2020, 1, 5, tzinfo=UTC)
    source = Source("other", "0" * 64, "t.csv", 1, "r1", claimed)
    entries = [j.entry(1, j.REFERRED, date(2020, 1, 1), j.DAY)._replace(source=source)]
    before = look(entries, known_at=claimed - timedelta(seconds=1))
    after = look(entries, known_at=claimed)
    assert before.journey.status is Status.NOT_BEGUN
    assert after.journey.status is Status.REFERRED
    assert before.claimed
    assert after.claimed
    assert not look(entries, as_at=j.DAY).claimed


def test_an_instant_without_a_time_zone_is_refused(late: History) -> None:
    with pytest.raises(ValueError, match="time zone"):
        look(late.entries, known_at=datetime(2025, 3, 1))  # noqa: DTZ001 - that is the mistake


def test_of_two_corrections_the_newest_holds_until_it_is_taken_back(late: History) -> None:
    third = e.ServiceNeedsDefined(("language", "job-search"))
    again = j.recorded(late, (e.EntryCorrected(2, third, j.DAY, j.WHY),), j.DAY)
    assert effective(again.entries)[1].event == third
    back = j.recorded(again, (e.EntryRetracted(5, j.WHY),), j.DAY)
    assert effective(back.entries)[1].event == OTHER_NEEDS


def test_a_retraction_taken_back_lets_the_entry_hold_again(late: History) -> None:
    gone = j.recorded(late, (e.EntryRetracted(3, j.WHY),), j.DAY)
    assert gone.journey.status is Status.REFERRED
    back = j.recorded(gone, (e.EntryRetracted(5, j.WHY),), j.DAY)
    assert back.journey == late.journey


def test_the_record_itself_never_changes(late: History) -> None:
    assert late.entries[1].event == NEEDS
    assert late.entries[1].occurred_on == date(2025, 2, 5)
    assert late.version == 4


def test_correcting_a_correction_corrects_the_entry_it_named(late: History) -> None:
    events = corrections.correct(late, j.act(), entry=4, event=NEEDS, reason=j.WHY)
    (event,) = events
    assert isinstance(event, e.EntryCorrected)
    assert (event.entry, event.event) == (2, NEEDS)


def test_correcting_to_what_it_says_already_records_nothing(late: History) -> None:
    assert corrections.correct(late, j.act(), entry=2, event=OTHER_NEEDS, reason=j.WHY) == ()


def test_a_correction_says_the_same_kind_of_thing(late: History) -> None:
    with pytest.raises(InvalidField, match="entry 2 is service-needs-defined") as refused:
        corrections.correct(late, j.act(), entry=2, event=j.REFERRED, reason=j.WHY)
    assert refused.value.field == "event"


def test_an_entry_that_is_not_there(late: History) -> None:
    with pytest.raises(InvalidField, match="entries 1 to 4"):
        corrections.retract(late, j.act(), entry=9, reason=j.WHY)


def test_a_retracted_entry_is_corrected_only_after_it_holds_again(late: History) -> None:
    gone = j.recorded(late, (e.EntryRetracted(2, j.WHY),), j.DAY)
    with pytest.raises(IllegalTransition, match="retract the retraction first"):
        corrections.correct(gone, j.act(), entry=2, event=NEEDS, reason=j.WHY)
    with pytest.raises(IllegalTransition, match="entry 5 is a retraction"):
        corrections.correct(gone, j.act(), entry=5, event=NEEDS, reason=j.WHY)
    assert corrections.retract(gone, j.act(), entry=2, reason=j.WHY) == ()


def test_an_end_dated_before_the_beginning_is_still_an_end() -> None:
    history = j.given(
        j.REFERRED, (e.JourneyClosed("completed", "employment"), j.DAY - timedelta(days=9))
    )
    assert look(history.entries, as_at=j.DAY).journey.status is Status.CLOSED


def test_an_empty_history_is_the_state_before_any() -> None:
    assert history_of([]) == History()
    assert look([]).journey.status is Status.NOT_BEGUN
