"""What the archive says of a moment is what the fold of each journey says of it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.evaluation.asking import Asked, Moment
from application.ports import Append, Fresh
from domain.client import ClientRegistered
from domain.definition import Phase
from domain.entry import By, Entry
from domain.journey import events as e
from domain.journey.evolve import evolve
from domain.journey.history import Look, look
from domain.journey.state import BEFORE, PeriodKind, ServiceStatus, Status
from infrastructure.archive import ParquetArchive
from infrastructure.archive_asked import AskedArchive
from infrastructure.event_log import open_log
from tests.domain import journeys as j
from tests.infrastructure.archived import Clock, fill, journey, register

JOURNEYS = 40


class Kept:
    """An archive, and the journeys that it was made of, as the log gives them."""

    def __init__(self, archive: ParquetArchive, entries: dict[str, list[Entry[Any]]]) -> None:
        self.archive, self.entries = archive, entries


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    clock = Clock()
    with open_log("sqlite://", clock=clock) as log:
        register(log, (f"client-{n}" for n in range(JOURNEYS // 2)))
        journeys = {f"j-{n}": journey(7, n) for n in range(JOURNEYS)}
        fill(log, clock, journeys)
        folder = tmp_path_factory.mktemp("archive") / "archive"
        archive = ParquetArchive(folder, log.database, segment=700)
        third = log.position() // 3
        archive.catch_up(third)
        archive.catch_up(third + 5)
        archive.catch_up()
        assert archive.position == log.position()
        yield Kept(archive, {name: log.load(f"journey:{name}") for name in journeys})


DAYS = st.dates(date(2025, 1, 10), date(2026, 9, 1))
INSTANTS = DAYS.map(lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
WITHOUT = st.builds(
    lambda first, each: frozenset(range(first, 5000, each)), st.integers(1, 5), st.integers(2, 40)
)
MOMENTS = st.builds(
    Moment,
    st.none() | DAYS,
    st.none() | INSTANTS,
    without=st.just(frozenset[int]()) | WITHOUT,
)

Fold = Callable[[str, Look], Iterator[tuple[Any, ...]]]


def states(name: str, seen: Look) -> Iterator[tuple[Any, ...]]:
    s = seen.journey
    if s.referral is None:
        return
    plan, review, closing = s.plan, s.review, s.closing
    began = review and review.method and review.started_on
    yield (
        *(name, s.client, s.programme, s.definition_version, s.organisation),
        s.responsible and s.responsible.person,
        *(s.referral.on, s.referral.accepted_on, s.status.value),
        *(s.stay and s.stay.phase.value, s.stay and s.stay.since),
        *(closing and closing.on, closing and closing.end_state, closing and closing.destination),
        *(s.eligibility and s.eligibility.eligible, s.eligibility and s.eligibility.on),
        *(plan and plan.agreed_on, plan.revision if plan else 0),
        *(began or None, review and review.completed_on),
        (s.needs and s.needs.service_line) or s.referral.service_line,
    )


STATES = """
SELECT journey, client, programme, definition_version, organisation, responsible_person,
    referred_on, accepted_on, status, phase, phase_since, closed_on, end_state, destination,
    eligible, assessed_on, plan_agreed_on, plan_revisions, review_started_on, review_completed_on,
    service_line
FROM journeys
"""


BEGUN = (ServiceStatus.STARTED, ServiceStatus.INTERRUPTED, ServiceStatus.COMPLETED)


def counts(name: str, seen: Look) -> Iterator[tuple[Any, ...]]:
    s = seen.journey
    if s.referral is None:
        return
    begun = [one for one in s.services if one.status in BEGUN]
    started = [one.started_on for one in s.placements if one.started_on]
    yield (
        *(name, len(s.services), len(begun)),
        sum(one.status is ServiceStatus.COMPLETED for one in begun),
        *(len(s.certificates), len(s.placements), len(started), min(started, default=None)),
        *(len(s.follow_ups), len(s.feedback), len(s.competences), len(s.present_team())),
        sum(m.amount for m in s.money if m.kind == "grant-paid"),
    )


COUNTS = """
SELECT journey, services, services_started, services_completed, certificates, placements,
    placements_started, placement_started_on, follow_ups, feedback, competences, team_size,
    grants_paid::INTEGER
FROM journeys
"""


def services(name: str, seen: Look) -> Iterator[tuple[Any, ...]]:
    for s in seen.journey.services:
        yield (
            *(name, s.reference, s.service, s.provider, s.status.value),
            *(s.proposed_on, s.started_on, s.ended_on, s.hours, s.absences, s.result),
        )


def placements(name: str, seen: Look) -> Iterator[tuple[Any, ...]]:
    for p in seen.journey.placements:
        yield (
            *(name, p.reference, p.employer, p.form, p.status.value),
            *(p.proposed_on, p.agreed_on, p.started_on, p.ended_on, p.reviews),
        )


def periods(name: str, seen: Look) -> Iterator[tuple[Any, ...]]:
    """Of two records of one first day, the newer, if they are not of two benefits."""
    recorded = sorted(seen.journey.periods, key=lambda one: one.entry)
    held = {
        (one.of, one.period.start, one.of is PeriodKind.BENEFIT and one.kind): one
        for one in recorded
    }
    for p in held.values():
        yield (name, p.entry, p.of.value, p.period.start, p.period.end, p.kind, p.paid_days)


def money(name: str, seen: Look) -> Iterator[tuple[Any, ...]]:
    for m in seen.journey.money:
        yield (
            *(name, m.entry, m.kind.value, m.reference, int(m.amount), m.currency, m.payer),
            *(m.period.start, m.period.end),
        )


def follow_ups(name: str, seen: Look) -> Iterator[tuple[Any, ...]]:
    for f in seen.journey.follow_ups:
        yield (name, f.entry, f.on, f.status.value, f.point)


def statuses(name: str, seen: Look) -> Iterator[tuple[Any, ...]]:
    state, found = BEFORE, []
    for entry in seen.entries:
        before, state = state, evolve(state, entry)
        if state.status is not before.status:
            found.append((name, entry.version, state.status.value, entry.occurred_on))
    untils = [row[-1] for row in found[1:]] + [None]
    yield from ((*row, until) for row, until in zip(found, untils, strict=False))


def responsibilities(name: str, seen: Look) -> Iterator[tuple[Any, ...]]:
    state, found = BEFORE, []
    for entry in seen.entries:
        state = evolve(state, entry)
        if isinstance(entry.event, e.ReferralMade | e.CaseWorkerAssigned | e.HandoverAccepted):
            person = state.responsible and state.responsible.person
            found.append((name, entry.version, state.organisation, person, entry.occurred_on))
    untils = [row[-1] for row in found[1:]] + [None]
    yield from ((*row, until) for row, until in zip(found, untils, strict=False))


def stays(name: str, seen: Look) -> Iterator[tuple[Any, ...]]:
    for stay in seen.journey.stays:
        yield (name, stay.entry, stay.phase.value, stay.since)


def present(entries: list[Entry[Any]], day: date) -> tuple[str, str, str] | None:
    """The programme, organisation and phase of a journey that is in one on a day."""
    state = look(entries, as_at=day).journey
    if state.stay is None or state.status is Status.CLOSED:
        return None
    return state.programme, state.organisation, state.stay.phase.value


@pytest.fixture(scope="module")
def later(kept: Kept) -> Iterator[AskedArchive]:
    """The archive as of a day when all was over."""
    with kept.archive.at(Moment(date(2027, 1, 1))) as asked:
        yield asked


@given(DAYS)
@settings(max_examples=10, deadline=None)
def test_stock_of_a_day_seen_from_later_is_that_of_the_day(
    kept: Kept, later: AskedArchive, day: date
) -> None:
    wanted = Counter(filter(None, (present(entries, day) for entries in kept.entries.values())))
    names = "coalesce(programme, ''), coalesce(organisation, ''), phase"
    sql = f"SELECT {names}, journeys FROM stock(?, ?)"
    found = {tuple(key): many for *key, many in later.ask(sql, [day, day]).rows if many}
    by_stay = later.ask(
        "SELECT phase, count(*) FROM stays WHERE since <= ? AND (until IS NULL OR ? < until) "
        "GROUP BY phase",
        [day, day],
    )
    assert found == wanted
    phases = Counter(phase for _, _, phase in wanted.elements())
    assert dict(by_stay.rows) == phases


FIRST, LATER = date(2025, 2, 3), date(2025, 2, 20)
TO_CITY, TO_STATE = (
    e.ReferralMade("c-1", "trial", 1, "school", to, "walk-in") for to in ("city", "state")
)
OF_CITY, OF_STATE = (e.CaseWorkerAssigned("w", of) for of in ("city", "state"))


@pytest.mark.parametrize(
    "told",
    [
        [(TO_CITY, FIRST), (OF_STATE, FIRST)],
        [(TO_CITY, FIRST), (OF_STATE, FIRST), (OF_CITY, LATER)],
        [(TO_STATE, FIRST), (TO_CITY, LATER)],
        [(TO_STATE, FIRST), (OF_STATE, FIRST), (TO_CITY, LATER)],
        [(OF_STATE, FIRST), (OF_CITY, LATER), (TO_CITY, LATER)],
    ],
)
def test_another_system_names_who_is_responsible_without_a_handover(
    told: list[tuple[Any, date]], tmp_path: Path
) -> None:
    """Such entries pass no guards: the stock of a day is that of who was responsible then."""
    entries = [(e.PhaseEntered(Phase.INTAKE, 1), FIRST), *told]
    with open_log("sqlite://") as log:
        fresh = tuple(Fresh(event, on) for event, on in entries)
        log.append(Append("journey:j", 0, fresh, WORKER))
        archive = ParquetArchive(tmp_path / "archive", log.database)
        archive.catch_up()
        kept = log.load("journey:j")
        with archive.at(Moment(date(2025, 12, 31))) as asked:
            for day in (FIRST, LATER):
                sql = "SELECT organisation FROM stock(?, ?) WHERE journeys = 1"
                wanted = look(kept, as_at=day).journey.organisation
                assert asked.ask(sql, [day, day]).rows == [(wanted,)]


def events(name: str, seen: Look) -> Iterator[tuple[Any, ...]]:
    for entry in seen.entries:
        if isinstance(entry.event, e.IntakeInterviewHeld):
            told = entry.event.situation
            yield (name, entry.version, entry.occurred_on, told.employment, told.unemployed_since)


FOLDS: dict[str, Fold] = {
    STATES: states,
    COUNTS: counts,
    "SELECT * EXCLUDE (key) FROM services": services,
    "SELECT * EXCLUDE (key) FROM placements": placements,
    "SELECT * EXCLUDE (key) FROM periods": periods,
    "SELECT * EXCLUDE (key, occurred_on) REPLACE (amount::INTEGER AS amount) FROM money": money,
    "SELECT * EXCLUDE (key) FROM follow_ups": follow_ups,
    "SELECT * EXCLUDE (key) FROM statuses": statuses,
    "SELECT * EXCLUDE (key) FROM responsibilities": responsibilities,
    "SELECT journey, entry, phase, since FROM stays WHERE NOT reopened": stays,
    "SELECT journey, entry, occurred_on, situation.employment, situation.unemployed_since "
    "FROM intake_interview_held": events,
}
"""What is asked of the archive, and what each journey says of it. All is asked of one moment at
once, in any order: to open the archive takes longer than to ask it."""


@given(MOMENTS, st.permutations([*FOLDS]))
@settings(max_examples=12, deadline=None)
def test_what_is_asked_at_a_moment_is_what_each_fold_says(
    kept: Kept, moment: Moment, order: list[str]
) -> None:
    with kept.archive.at(moment) as asked:
        check_folds(asked, moment, kept.entries, order)


def check_folds(
    asked: Asked, moment: Moment, entries: dict[str, list[Entry[Any]]], order: list[str]
) -> None:
    """Make sure that what is asked of journeys is what the folds of their entries say."""
    looked = {
        name: look(
            [entry for entry in own if entry.position not in moment.without],
            as_at=moment.as_at,
            known_at=moment.known_at,
        )
        for name, own in entries.items()
    }
    for sql in order:
        wanted = [row for name, seen in looked.items() for row in FOLDS[sql](name, seen)]
        assert sorted(asked.ask(sql).rows, key=repr) == sorted(wanted, key=repr), sql


@given(
    MOMENTS,
    st.permutations([*FOLDS]),
    st.none() | st.sets(st.integers(0, JOURNEYS - 1), min_size=1, max_size=5),
    st.lists(st.just(frozenset[int]()) | WITHOUT, min_size=1, max_size=3),
)
@settings(max_examples=12, deadline=None)
def test_while_it_is_open_others_are_left_out_and_only_few_journeys_looked_at(
    kept: Kept, moment: Moment, order: list[str], few: set[int] | None, each: list[frozenset[int]]
) -> None:
    entries = kept.entries if few is None else {f"j-{n}": kept.entries[f"j-{n}"] for n in few}
    if few is not None:
        moment = replace(moment, only=frozenset(own[0].position for own in entries.values()))
    with kept.archive.at(moment) as asked:
        asked.ask(order[0])
        for without in each:
            asked.leave_out(without)
            check_folds(asked, replace(moment, without=without), entries, order[:6])


@pytest.mark.parametrize("as_at", [None, FIRST, LATER, date(2025, 12, 31)])
@pytest.mark.parametrize(
    "told",
    [
        [e.ReferralAccepted(), OF_STATE, e.DefinitionAdopted(2, j.WHY)],
        [e.ReferralDeclined(j.WHY)],
        [e.ReferralAccepted(), e.JourneyPaused(j.WHY)],
        [e.JourneyClosed("completed", "employment"), e.JourneyReopened(j.WHY)],
        [e.ReferralAccepted(), e.JourneyClosed("completed", "employment")],
        [OF_STATE, TO_STATE],
    ],
)
def test_a_referral_that_is_dated_after_what_followed_it_undoes_nothing(
    told: list[Any], as_at: date | None, tmp_path: Path
) -> None:
    with open_log("sqlite://") as log:
        fresh = (Fresh(TO_CITY, LATER), *(Fresh(event, FIRST) for event in told))
        log.append(Append("journey:j", 0, fresh, WORKER))
        archive = ParquetArchive(tmp_path / "archive", log.database)
        archive.catch_up()
        seen = look(log.load("journey:j"), as_at=as_at)
        with archive.at(Moment(as_at)) as asked:
            for sql in (STATES, *(one for one in FOLDS if "statuses" in one or "respons" in one)):
                wanted = sorted(FOLDS[sql]("j", seen), key=repr)
                assert sorted(asked.ask(sql).rows, key=repr) == wanted, sql


def test_the_journeys_were_revised_and_claimed_as_much_as_a_test_needs(kept: Kept) -> None:
    every = [entry for entries in kept.entries.values() for entry in entries]
    revising = [x for x in every if isinstance(x.event, e.EntryCorrected | e.EntryRetracted)]
    again = [
        x
        for name, entries in kept.entries.items()
        for x in entries
        if isinstance(x.event, e.EntryRetracted)
        and isinstance(entries[x.event.entry - 1].event, e.EntryCorrected | e.EntryRetracted)
    ]
    assert len(revising) > 50
    assert len(again) > 3
    assert sum(x.claimed for x in every) > 100


WORKER = By("worker-1", "city")

TWICE: list[tuple[Any, date]] = [
    (e.ReferralMade("c-2", "other", 2, "school", "city", "letter", "line-1"), date(2025, 3, 1)),
    (e.ReferralMade("c-1", "trial", 1, "state", "town", "walk-in"), date(2025, 1, 10)),
    (e.IntakeInterviewHeld(e.Situation(education=3, municipality="town")), date(2025, 3, 20)),
    (e.IntakeInterviewHeld(e.Situation(education=5)), date(2025, 3, 11)),
]
"""A referral and an interview that were told twice: what happened first was recorded last."""

ONCE: list[tuple[Any, date]] = [
    (e.ReferralMade("c-1", "trial", 1, "state", "town", "walk-in", "line-2"), date(2025, 1, 12)),
    (e.IntakeInterviewHeld(e.Situation(education=1)), date(2025, 3, 15)),
]

TOLD = """
SELECT journey, client, programme, definition_version, referred_by, referred_to, channel,
    service_line, referred_on, interviewed_on, education, municipality, gender, birth_year, language
FROM journeys ORDER BY journey
"""


def test_what_was_told_twice_is_what_the_newer_or_the_first_says(tmp_path: Path) -> None:
    registered = (
        ClientRegistered(gender="female", birth_year=1990, municipality="village"),
        ClientRegistered(birth_year=1991, municipality="city", language="fi"),
    )
    with open_log("sqlite://") as log:
        for stream, told in (
            ("client:c-1", [(event, date(2025, 1, 1)) for event in registered]),
            ("client:c-2", [(registered[0], date(2025, 1, 1))]),
            ("journey:j-1", TWICE),
            ("journey:j-2", ONCE),
        ):
            fresh = tuple(Fresh(event, on) for event, on in told)
            log.append(Append(stream, 0, fresh, WORKER))
        archive = ParquetArchive(tmp_path / "archive", log.database)
        archive.catch_up()
        with archive.at(Moment()) as asked:
            recorded = asked.ask(TOLD).rows
        with archive.at(Moment(as_at=date(2025, 12, 31))) as asked:
            happened = asked.ask(TOLD).rows

    first = date(2025, 3, 11)
    of_c1 = (None, 1991, "fi")
    early = (*("c-1", "trial", 1, "state", "town", "walk-in", None), date(2025, 1, 10), first, 5)
    late = (*("c-2", "other", 2, "school", "city", "letter", "line-1"), date(2025, 3, 1), first, 5)
    once = (*("c-1", "trial", 1, "state", "town", "walk-in", "line-2"), date(2025, 1, 12))
    other = ("j-2", *once, date(2025, 3, 15), 1, "city", *of_c1)
    assert recorded == [("j-1", *early, "city", *of_c1), other]
    assert happened == [("j-1", *late, "village", "female", 1990, None), other]


def test_an_end_is_recorded_as_the_same_period_once_more(tmp_path: Path) -> None:
    """So it is one period, and its paid days are those of the newer record."""
    first, last = date(2025, 3, 1), date(2025, 4, 30)
    told = (
        (e.BenefitPeriodRecorded(first, None, "subsidy", 20), date(2025, 3, 31)),
        (e.EmploymentPeriodRecorded(first, None, "full-time"), date(2025, 3, 31)),
        (e.EmploymentPeriodRecorded(last, None, "part-time"), last),
        (e.EmploymentPeriodRecorded(first, last, "full-time"), date(2025, 5, 2)),
        (e.BenefitPeriodRecorded(first, None, "housing", None), date(2025, 5, 2)),
        (e.BenefitPeriodRecorded(first, last, "subsidy", 43), date(2025, 5, 2)),
    )
    with open_log("sqlite://") as log:
        fresh = tuple(Fresh(event, on) for event, on in (*TWICE, *told))
        log.append(Append("journey:j", 0, fresh, WORKER))
        archive = ParquetArchive(tmp_path / "archive", log.database)
        archive.catch_up()
        sql = "SELECT what, first_day, last_day, paid_days FROM periods ORDER BY ALL"
        with archive.at(Moment()) as asked:
            now = asked.ask(sql).rows
        with archive.at(Moment(as_at=last)) as asked:
            then = asked.ask(sql).rows
    assert now == [
        ("benefit", first, last, 43),
        ("benefit", first, None, None),
        ("employment", first, last, None),
        ("employment", last, None, None),
    ]
    assert then == [
        ("benefit", first, None, 20),
        ("employment", first, None, None),
        ("employment", last, None, None),
    ]
