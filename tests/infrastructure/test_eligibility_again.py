"""Eligibility of all journeys by the facts that verdicts keep: the same as journey by journey."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from sqlite3 import OperationalError

import pytest
from sqlalchemy import literal_column, select

from application.evaluation.cases import Change
from application.evaluation.what_if import Question, Tally, what_if
from application.ports import Append, Fresh
from domain.entry import By
from domain.journey.events import (
    NOTHING_SAID,
    EligibilityAssessed,
    EntryCorrected,
    EntryRetracted,
    ReferralMade,
)
from infrastructure import eligibility_replay, schema
from infrastructure.definitions import load_definition, shipped_definitions
from infrastructure.eligibility_replay import judge_all
from tests.application.simulated import Stage, casts, stage

NOW = shipped_definitions()["etela-savo"]
FIRST_DAY = NOW.replace("      - from: 2025-09-01\n", "      - from: 2024-12-01\n").replace(
    "      - from: 2024-12-01\n", "      - from: 2024-12-01\n        only: [pieksamaki]\n", 1
)
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


def judged(on: Stage, text: str, since: date = date.min) -> tuple[Tally, ...]:
    return judge_all(on.log, text, since)[1]


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


@pytest.mark.parametrize("stretch", [1, 97])
def test_stretches_come_to_the_same_and_tell_how_far_they_are(played, monkeypatch, stretch):
    whole, head = judged(played, FIRST_DAY), played.log.position()
    monkeypatch.setattr(eligibility_replay, "STRETCH", stretch)
    told: list[tuple[int, int]] = []
    assert judge_all(played.log, FIRST_DAY, date.min, lambda *at: told.append(at)) == (head, whole)
    assert told == [(min(n, head), head) for n in range(stretch, head + stretch, stretch)]


def test_a_stretch_that_cannot_be_read_says_so(played, monkeypatch):
    monkeypatch.setattr(eligibility_replay, "_ROWS", select(literal_column("nothing")))
    with pytest.raises(OperationalError, match="nothing"):
        judged(played, NOW)


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


def put_right(on: Stage, stream: str, event: EntryCorrected | EntryRetracted) -> None:
    version = on.log.load(stream)[-1].version
    fresh = Fresh(event, on.clock().date())
    on.log.append(Append(stream, version, (fresh,), By("somebody", "somewhere")))


def test_a_log_on_either_database_is_judged(database_url):
    with stage(database_url) as on:
        on.play(casts(2, codes=("etela-savo",)))
        head, (total, *_) = judge_all(on.log, NOW, date.min)
        assert (head, total.journeys) == (on.log.position(), 2)
