"""What holds for every history of a journey."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, get_args, get_type_hints

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.entry import By, Entry, Personal, Source
from domain.journey import corrections, plan
from domain.journey import events as e
from domain.journey.deadlines import deadlines
from domain.journey.evolve import evolve, fold
from domain.journey.history import History, as_it_happened, effective, history_of, look
from domain.journey.reliance import doubts
from domain.journey.state import BEFORE, Journey
from domain.refusals import IllegalTransition, InvalidField
from tests.domain import journeys as j

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
IDS = st.sampled_from(["a", "b", "c1", "p1", "s1", "interview/2"])
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
SIMPLE = {str: IDS, Personal: st.builds(Personal, IDS), date: DAYS, float: NUMBERS}


def _simple_event(kind: type) -> st.SearchStrategy[Any]:
    fields = {name: SIMPLE[hint] for name, hint in get_type_hints(kind).items() if hint in SIMPLE}
    if kind is e.EntryRetracted:
        fields["entry"] = st.integers(0, 14)
    return st.builds(kind, **fields)


KINDS = [kind for kind in get_args(e.JourneyEvent) if kind is not e.EntryCorrected]
PLAIN = st.one_of(*(_simple_event(kind) for kind in KINDS))
CORRECTED = st.builds(
    e.EntryCorrected,
    entry=st.integers(0, 14),
    event=PLAIN,
    occurred_on=DAYS,
    reason=st.just(Personal("wrong")),
)
SOURCES = st.none() | st.builds(
    Source,
    name=st.just("other"),
    digest=st.just("0" * 64),
    table=st.just("t.csv"),
    row=st.integers(1, 9),
    record=st.just("r"),
    recorded_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@st.composite
def any_history(draw: Any) -> tuple[Entry[Any], ...]:
    """Entries of any events in any order, some imported, with a clock that only goes forward."""
    events = draw(st.lists(st.one_of(PLAIN, PLAIN, PLAIN, CORRECTED), max_size=14))
    at = datetime(2025, 1, 1, tzinfo=UTC)
    entries = []
    for version, event in enumerate(events, start=1):
        at += timedelta(hours=draw(st.integers(0, 400)))
        source = draw(SOURCES)
        entries.append(Entry(version, event, draw(DAYS), at, By("p", "o"), source))
    return tuple(entries)


LAWFUL = st.tuples(st.integers(0, 10**6), st.integers(0, 120))


@for_all(any_history(), DAYS)
def test_a_fold_never_raises_whatever_the_order(entries: Any, day: date) -> None:
    history = history_of(entries)
    at = datetime.combine(day, datetime.min.time(), UTC)
    for question in ({}, {"as_at": day}, {"known_at": at}, {"as_at": day, "known_at": at}):
        seen = look(entries, **question)
        assert len(seen.entries) <= len(entries)
        plan.progress(seen.journey, day)
        for deadline in deadlines(seen.entries, j.definition, j.is_weekday):
            assert deadline.status(day) is not None
    for doubt in doubts(history, j.definition, j.is_weekday):
        assert doubt.correction > doubt.corrected


@for_all(any_history())
def test_a_fold_comes_to_what_each_entry_by_itself_comes_to(entries: Any) -> None:
    journey = BEFORE
    for entry in entries:
        journey = evolve(journey, entry)
        assert type(journey) is Journey
    assert fold(entries) == journey == fold(entries[1:], fold(entries[:1]))


@for_all(any_history(), st.lists(st.integers(0, 14), max_size=4))
def test_a_journey_in_pieces_equals_one_in_one_go(entries: Any, cuts: list[int]) -> None:
    history, done = History(), 0
    for cut in [*sorted(cuts), len(entries)]:
        history = history.extended(entries[done:cut])
        done = max(done, min(cut, len(entries)))
    assert history == history_of(entries)


@for_all(any_history())
def test_retracting_the_newest_entry_restores_the_state_before_it(entries: Any) -> None:
    if not entries:
        return
    last = entries[-1]
    retraction = last._replace(
        version=last.version + 1, event=e.EntryRetracted(last.version, Personal("wrong"))
    )
    restored = history_of((*entries, retraction))
    assert restored.journey == history_of(entries[:-1]).journey


@for_all(LAWFUL)
def test_lawful_acts_repeated_record_nothing(drawn: tuple[int, int]) -> None:
    def again(history: History, now: Any, decision: Any, fields: Any, _: Any) -> None:
        assert decision(history, now, **fields) == ()

    history = j.lawful(*drawn, correcting=True, on_each=again)
    assert history.version >= 1


@for_all(LAWFUL)
def test_nothing_late_and_nothing_corrected_means_that_both_orders_agree(
    drawn: tuple[int, int],
) -> None:
    history = j.lawful(*drawn)
    assert tuple(as_it_happened(history.in_force)) == history.entries
    last = history.entries[-1].occurred_on
    assert look(history.entries, as_at=last).journey == history.journey


@for_all(LAWFUL)
def test_late_acts_leave_a_journey_where_it_stands_in_both_orders(drawn: tuple[int, int]) -> None:
    def both(history: History, *_: Any) -> None:
        happened = fold(as_it_happened(history.in_force))
        assert _stands(history.journey) == _stands(happened)

    history = j.lawful(*drawn, late=(0, 0, 0, 1, 3, 10), on_each=both)
    assert history.version >= 1


def _stands(journey: Journey) -> tuple[object, ...]:
    """What of a journey other acts, lists and rules lean on, in no order."""
    courses = sorted((s.reference, s.status, s.hours) for s in journey.services)
    placed = sorted((p.reference, p.status) for p in journey.placements)
    adjusted = {a.deadline: (a.due, a.on) for a in journey.adjustments}
    team = {(m.person, m.organisation, m.role) for m in journey.present_team()}
    steps = [(s.step.id, s.reached, s.dropped) for s in journey.plan.steps] if journey.plan else []
    return (
        *(journey.status, journey.organisation, journey.responsible, journey.closing),
        *(journey.stay and journey.stay.phase, journey.definition_version, journey.handover),
        *(journey.review, journey.pauses, courses, placed, adjusted, team, steps),
    )


@for_all(LAWFUL, st.data())
def test_what_was_known_is_what_had_been_recorded(drawn: tuple[int, int], data: Any) -> None:
    history = j.lawful(*drawn, correcting=True)
    cut = data.draw(st.integers(1, history.version))
    known = look(history.entries, known_at=history.entries[cut - 1].recorded_at)
    assert known.journey == history_of(history.entries[:cut]).journey
    assert not known.claimed


@for_all(LAWFUL, st.data())
def test_as_at_a_day_knows_nothing_of_later_days(drawn: tuple[int, int], data: Any) -> None:
    history = j.lawful(*drawn, correcting=True)
    day = data.draw(st.sampled_from([x.occurred_on for x in history.entries]))
    seen = look(history.entries, as_at=day)
    assert all(x.occurred_on <= day for x in seen.entries)
    assert seen.journey == fold(as_it_happened(seen.entries))


def moved_by_a_day(history: History) -> Iterator[tuple[Entry[Any], e.EntryCorrected]]:
    """The entries that can have happened a day earlier, and the corrections that say so."""
    for wrong in history.entries:
        day = wrong.occurred_on - timedelta(days=1)
        fields = {"entry": wrong.version, "event": wrong.event, "reason": j.WHY}
        with suppress(IllegalTransition, InvalidField):
            (event,) = corrections.correct(history, LATER, occurred_on=day, **fields)
            yield wrong, event


LATER = j.act(date(2028, 12, 1), roles=("team-lead",))


@for_all(LAWFUL)
def test_a_correction_taken_back_restores_the_state(drawn: tuple[int, int]) -> None:
    history = j.lawful(*drawn)
    for wrong, event in islice(moved_by_a_day(history), 5):
        corrected = j.recorded(history, (event,), LATER.on)
        assert corrected.in_force[wrong.version - 1].occurred_on == event.occurred_on
        taken_back = corrections.retract(
            corrected, LATER, entry=corrected.version, reason=Personal("it was right")
        )
        assert j.recorded(corrected, taken_back, LATER.on).journey == history.journey


def test_most_entries_of_a_lawful_history_can_be_corrected() -> None:
    history = j.lawful(7, 120)
    assert len(list(moved_by_a_day(history))) > history.version / 3


@for_all(any_history())
def test_entries_in_force_are_those_of_the_stream_in_its_order(entries: Any) -> None:
    versions = [x.version for x in effective(entries)]
    assert versions == sorted(set(versions))
    assert set(versions) <= {x.version for x in entries}


def test_every_act_is_done_somewhere_in_the_lawful_histories() -> None:
    done: set[Any] = set()
    for seed in range(60):
        j.lawful(
            seed,
            80,
            correcting=True,
            on_each=lambda _h, _a, decision, _f, ev: ev and done.add(decision),
        )
    every = {decision for decision, _ in (*j.ACTS, *j.CORRECTIONS)}
    assert {d.__name__ for d in every - done} == set()
