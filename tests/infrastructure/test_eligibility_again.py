"""Eligibility of all journeys by the facts that verdicts keep: the same as journey by journey."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from application.evaluation import eligibility
from application.evaluation.cases import Change
from application.evaluation.eligibility import eligibility_again
from application.evaluation.what_if import Question, Tally, WhatIf, what_if
from application.ports import Append, Fresh
from domain.entry import By, Source
from domain.facts import FACTS
from domain.journey.events import (
    NOTHING_SAID,
    EligibilityAssessed,
    EntryCorrected,
    EntryRetracted,
    JourneyEvent,
    ReferralMade,
)
from domain.policy import Outcome, RuleOutcome
from infrastructure import schema
from infrastructure.archive import ParquetArchive
from infrastructure.definitions import load_definition, shipped_definitions
from tests.application.simulated import Stage, casts, stage

NOW = shipped_definitions()["etela-savo"]
FIRST_DAY = NOW.replace("      - from: 2025-09-01\n", "      - from: 2024-12-01\n").replace(
    "      - from: 2024-12-01\n", "      - from: 2024-12-01\n        only: [pieksamaki]\n", 1
)
LAST = date(2026, 6, 29)
HARDER = NOW.replace("months_unemployed >= 12", "months_unemployed >= 60").replace("367", "489")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Clients of two programmes in a file, with corrections and retractions among them."""
    file: Path = tmp_path_factory.mktemp("eligibility") / "played.db"
    url = f"sqlite:///{file}"
    schema.upgrade_url(url)
    with stage(url) as on:
        on.play(casts(25, codes=("etela-savo", "askel")))
        yield on


def again(on: Stage, text: str, since: date = date.min, **told: Any) -> WhatIf:
    """Ask an archive that is written now."""
    question = Question(load_definition(text, "other.yaml"), since)
    with TemporaryDirectory() as folder:
        archive = ParquetArchive(Path(folder), on.log.database)
        archive.catch_up()
        return eligibility_again(on.office, archive, question, **told)


def judged(on: Stage, text: str, since: date = date.min) -> tuple[Tally, ...]:
    return again(on, text, since).tallies


def figures(tallies: tuple[Tally, ...]) -> dict[str | None, tuple[int, int, int]]:
    return {one.organisation: (one.journeys, one.judged, one.eligible) for one in tallies}


def test_under_the_rule_in_force_every_verdict_comes_out_as_it_was(played):
    total, *places = judged(played, NOW)
    assert (total.journeys, total.would_be) == (25, total.eligible)
    assert 0 < total.eligible < total.judged <= 25
    assert set(+total.changes) <= {Change.SAME, Change.NOT_JUDGED}
    assert sum(one.journeys for one in places) == 25


@pytest.mark.parametrize(("text", "change"), [(FIRST_DAY, Change.SAME), (HARDER, Change.OUT)])
def test_under_another_it_says_what_playing_each_journey_says(played, text, change):
    question = Question(load_definition(text, "other.yaml"))
    slow, quick = what_if(played.office, question), judged(played, text)
    assert figures(quick) == figures(slow.tallies)
    later = sum(case.newest.replayed.later for case in slow.cases if case.newest)
    changes: Counter[Change] = slow.tallies[0].changes
    assert quick[0].changes[Change.OUT] == changes[Change.OUT]
    assert 0 <= changes[Change.IN] - quick[0].changes[Change.IN] <= later
    assert quick[0].changes[change] > 0


def test_before_its_day_the_other_definition_does_not_hold(played):
    (total, *_) = judged(played, FIRST_DAY, date(2030, 1, 1))
    assert total.would_be == total.eligible


def test_it_tells_how_far_it_is_and_of_which_position_it_is(played, monkeypatch):
    monkeypatch.setattr(eligibility, "TELL_EVERY", 10)
    told: list[tuple[int, int]] = []
    found = again(played, NOW, on_progress=lambda *at: told.append(at))
    assert found.position == played.log.position()
    assert told == [(10, 25), (20, 25), (25, 25)]


def test_an_empty_log_has_no_journeys(sqlite_url):
    with stage(sqlite_url) as on:
        assert [one.journeys for one in judged(on, NOW)] == [0]


def test_a_referral_put_right_and_a_verdict_taken_back_count_as_they_stand_now(sqlite_url):
    with stage(sqlite_url) as on:
        on.play(casts(4, codes=("etela-savo",)))
        rules = load_definition(NOW, "now.yaml")
        before = what_if(on.office, Question(rules)).tallies
        first, second, *_ = on.log.streams("journey:")
        entries = on.log.load(first)
        referral = next(x for x in entries if isinstance(x.event, ReferralMade))
        elsewhere = replace(referral.event, programme="askel")
        put_right(on, first, EntryCorrected(referral.version, elsewhere, referral.occurred_on))
        verdicts = [x for x in on.log.load(second) if isinstance(x.event, EligibilityAssessed)]
        for verdict in verdicts:
            put_right(on, second, EntryRetracted(verdict.version, NOTHING_SAID))
        slow, quick = what_if(on.office, Question(rules)), judged(on, NOW)
        assert figures(quick) == figures(slow.tallies) != figures(before)
        assert (quick[0].journeys, quick[0].judged) == (3, before[0].judged - 2)


def test_a_verdict_told_late_about_an_earlier_day_undoes_none(database_url):
    with stage(database_url) as on:
        on.play(casts(3, codes=("etela-savo",)))
        before = figures(judged(on, NOW))
        for stream in on.log.streams("journey:"):
            told = [x for x in on.log.load(stream) if isinstance(x.event, EligibilityAssessed)]
            for one in told[:1]:
                other = replace(one.event, eligible=not one.event.eligible)
                late = Fresh(other, one.occurred_on - timedelta(days=1))
                version = on.log.load(stream)[-1].version
                on.log.append(Append(stream, version, (late,), By("somebody", "somewhere")))
        assert figures(judged(on, NOW)) == before
        slow = what_if(on.office, Question(load_definition(NOW, "now.yaml")))
        assert figures(slow.tallies) == before
        assert before[None][2] > 0


def record(on: Stage, stream: str, event: JourneyEvent, source: Source | None = None) -> None:
    version = on.log.load(stream)[-1].version
    fresh = Fresh(event, LAST, source)
    on.log.append(Append(stream, version, (fresh,), By("somebody", "somewhere")))


def test_what_another_system_decided_is_asked_no_rule_and_the_first_referral_counts(database_url):
    """As where a verdict is brought in after the one that was made here, or a second referral."""
    with stage(database_url) as on:
        on.play(casts(3, codes=("etela-savo",)))
        before = figures(judged(on, NOW))
        elsewhere = Source("another", "0" * 64, "rows", 1, "r-1")
        for stream in on.log.streams("journey:"):
            events = [x.event for x in on.log.load(stream)]
            verdict = next(x for x in events if isinstance(x, EligibilityAssessed))
            other = replace(verdict, organisation="pieksamaki", eligible=not verdict.eligible)
            record(on, stream, other, elsewhere)
            referral = next(x for x in events if isinstance(x, ReferralMade))
            record(on, stream, replace(referral, programme="askel"), elsewhere)
        slow, quick = (
            what_if(on.office, Question(load_definition(NOW, "now.yaml"))),
            judged(on, NOW),
        )
        assert figures(quick) == figures(slow.tallies) == before
        assert before[None][0] == 3


def test_what_was_asked_for_and_not_known_is_no_fact_that_nobody_asked_for(sqlite_url):
    """Then the answer is no; where nobody had asked, it cannot be told."""
    with stage(sqlite_url) as on:
        on.play(casts(2, codes=("etela-savo",)))
        for stream, missing in zip(on.log.streams("journey:"), ((), tuple(FACTS)), strict=True):
            entry = next(x for x in on.log.load(stream) if isinstance(x.event, EligibilityAssessed))
            rule = RuleOutcome("r", "R", Outcome.UNKNOWN, "basis", "text", missing)
            record(on, stream, replace(entry.event, facts=(), rules=(rule,), eligible=False))
        assert judged(on, NOW)[0].changes == {Change.UNTOLD: 1, Change.SAME: 1}


def put_right(on: Stage, stream: str, event: EntryCorrected | EntryRetracted) -> None:
    version = on.log.load(stream)[-1].version
    fresh = Fresh(event, on.clock().date())
    on.log.append(Append(stream, version, (fresh,), By("somebody", "somewhere")))


def test_a_log_on_either_database_is_judged(database_url):
    with stage(database_url) as on:
        on.play(casts(2, codes=("etela-savo",)))
        found = again(on, NOW)
        assert (found.position, found.tallies[0].journeys) == (on.log.position(), 2)
