"""The harness itself, with tiny numbers: that it measures what it says. No figure is asserted."""

import json
from argparse import ArgumentTypeError
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from rich.console import Console

from application.plainly import plain
from domain.journey.events import EntryCorrected, EntryRetracted
from infrastructure import schema
from infrastructure.event_log import open_log
from infrastructure.ledger_audit import Audit
from tests.performance import (
    archived,
    archiving,
    bare,
    bulk,
    bundled,
    large_report,
    library,
    library_played,
    ours,
    played,
    reported,
    session,
    verifying,
)
from tests.performance.__main__ import _sections
from tests.performance.attendance import FIRST_DAY, attendance, check
from tests.performance.contenders import (
    ARCHIVE,
    BUNDLE,
    IMPORT,
    LIBRARY,
    LONG,
    OURS,
    PLAYED,
    PROJECTED,
    PROVEN,
    READERS,
    REPORT,
    REPORTERS,
    SCRIPT,
    VERIFIED,
    WRITERS,
)
from tests.performance.databases import Places
from tests.performance.measuring import Figure, Worker, WorkerFailed, ratio
from tests.performance.outcome import Numbers
from tests.performance.played import NotTheSame, play, recorded_in
from tests.performance.report import as_plain, show
from tests.performance.served import Plain, Polku
from tests.performance.session import Session
from tests.performance.verdicts import Verdict, verdicts
from tests.performance.worker import Desk, make, run

STREAMS, LENGTH = 6, 5
EVERY = (
    *WRITERS, *PROVEN, *READERS, *PLAYED, *PROJECTED,
    ARCHIVE, BUNDLE, IMPORT, LONG, VERIFIED,
)  # fmt: skip
TINY = Numbers(
    rounds=2,
    seconds=0.02,
    streams=STREAMS,
    threads=(1, 2),
    read_streams=3,
    read_length=4,
    played_clients=1,
    long=10,
    bundled=(60, 12),
    verified=300,
    archived=300,
    reported=3,
    copied=10,
    projected_journeys=10,
    served_seconds=0.1,
)


@pytest.fixture
def places(tmp_path: Path, postgresql_server: str) -> Iterator[Places]:
    made = Places(tmp_path, postgresql_server)
    yield made
    made.drop()


@contextmanager
def working(made_by, where):
    made = made_by(where)
    try:
        made.seed(STREAMS, LENGTH)
        yield made
    finally:
        made.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    "made_by",
    [
        ours.tiny,
        verifying.without_ledger,
        ours.cold,
        ours.whole_act,
        library.plain,
        library.cached,
        bare.rows,
    ],
    ids=lambda made_by: f"{made_by.__module__.rpartition('.')[2]}-{made_by.__name__}",
)
def test_each_contender_stores_one_event_an_act_durably(places, kind, made_by):
    with working(made_by, places.fresh(kind, "one")) as contender:
        before = contender.stored()
        for act in range(2 * STREAMS):
            contender.act(act % STREAMS)
        assert contender.stored() == before + 2 * STREAMS
        durable = {"sqlite": {"synchronous": "2", "journal_mode": "wal"}}.get(
            kind, {"fsync": "on", "synchronous_commit": "on"}
        )
        assert contender.settings() == durable


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("made_by", [ours.tiny, library.plain], ids=["ours", "library"])
def test_polku_and_the_library_read_the_same_number_of_events(places, kind, made_by):
    with working(made_by, places.fresh(kind, "read")) as contender:
        for task in ("read", "decode", "replay", "load"):
            assert (task, getattr(contender, task)()) == (task, STREAMS * LENGTH)


def test_polku_and_the_library_come_to_the_same_state(places):
    with working(ours.tiny, places.fresh("sqlite", "a")) as polku:
        polku.act(0)
        mine = polku._streams.newest(str(library.stream_id(0)))
    with working(library.plain, places.fresh("sqlite", "b")) as theirs:
        theirs.act(0)
        other = theirs.app.repository.get(library.Journey.create_id(0))
    assert (mine.version, mine.hours, mine.days) == (other.version, other.hours, other.days)


@pytest.fixture(scope="module")
def real_log(tmp_path_factory) -> str:
    file = tmp_path_factory.mktemp("played") / "played.db"
    assert play(file, 1) > 100
    return str(file)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("made_by", [played.played, library_played.played], ids=["ours", "library"])
def test_a_real_log_is_copied_and_read_with_all_that_it_says(places, real_log, kind, made_by):
    made = made_by(places.fresh(kind, "real"))
    try:
        made.copy(real_log)
        held = len(list(recorded_in(real_log)))
        assert made.stored() == made.read() == made.decode() == held
        assert made.bytes_on_disk() > 100 * held
    finally:
        made.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_real_log_is_replayed_into_the_same_journeys_by_both(places, real_log, kind):
    made = [
        played.played(places.fresh(kind, "replayed")),
        library_played.played(places.fresh(kind, "replayed_by_library")),
    ]
    try:
        for one in made:
            one.copy(real_log)
        polku, theirs = made
        journeys = {recorded.stream for recorded in recorded_in(real_log)}
        journeys = {stream for stream in journeys if stream.startswith("journey:")}
        assert polku.replay() == theirs.replay() == polku.bodies_alone() > 100
        mine, other = polku.journeys(), theirs.journeys()
        assert mine.keys() == other.keys() == journeys
        corrected = {
            one.stream
            for one in recorded_in(real_log)
            if isinstance(one.entry.event, EntryCorrected | EntryRetracted)
        }
        assert len(corrected) < len(journeys)
        assert 100 < polku.fold_alone() <= polku.replay()  # what was taken back is not folded
        for stream in journeys - corrected:
            assert plain(mine[stream]) == plain(other[stream])
    finally:
        for one in made:
            one.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_log_that_is_verified_is_stored_many_times_and_is_right(places, real_log, kind):
    made = verifying.verifying(places.fresh(kind, "verified"))
    try:
        held = len(list(recorded_in(real_log)))
        made.multiply(real_log, held + 1)
        assert made.stored() == made.verify() == 2 * held
        assert made.hash_alone() == held
    finally:
        made.close()


def test_the_library_is_told_when_it_reads_something_else(places, real_log, monkeypatch):
    monkeypatch.setattr(library_played.Day, "decode", lambda _day, _text: FIRST_DAY)
    made = library_played.played(places.fresh("sqlite", "wrong"))
    try:
        with pytest.raises(NotTheSame, match="was read"):
            made.copy(real_log)
    finally:
        made.close()


def test_a_long_stream_is_loaded_and_folded(places):
    with working(ours.whole_act, places.fresh("sqlite", "long")) as contender:
        assert contender.fold() == LENGTH


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_journey_is_bundled_out_of_a_log_with_many_others(places, kind):
    contender = bundled.bundled(places.fresh(kind, "bundled"))
    try:
        contender.seed(600, 20)
        assert contender.bundle() == contender.verify_bundle() == 1
        assert contender.entries() == 20
        assert contender.stored() == 600
        positions = [entry.position for entry in contender.log.load("journey:0")]
        assert positions[-1] - positions[-2] == 31
    finally:
        contender.close()


def test_threads_share_the_streams_and_every_act_is_counted(places):
    with working(ours.tiny, places.fresh("sqlite", "threads")) as contender:
        answer = run(contender, STREAMS, threads=3, seconds=0.05)
        assert answer["done"] == contender.stored() - STREAMS * LENGTH > 0
        assert (answer["failed"], answer["failure"]) == (0, None)
        assert 0 < answer["p50_ms"] <= answer["p99_ms"]


def test_failures_are_counted_and_told():
    class Refusing:
        def act(self, stream: int) -> None:
            raise ValueError("no")

    answer = run(Refusing(), 1, threads=1, seconds=0.2)
    assert answer["done"] == 0
    assert answer["failed"] > 0
    assert answer["failure"] == "ValueError: no"


def test_no_two_attendances_of_a_stream_are_alike():
    every = [attendance(n) for n in range(15_000)]
    assert len(set(every)) == len(every)
    for one in every:
        check(one.hours)
    with pytest.raises(ValueError, match="25"):
        check(25)


def test_a_ratio_is_taken_within_each_round():
    ours_ = Figure("append", "sqlite", 1, OURS.code, [10.0, 30.0, 80.0])
    theirs = Figure("append", "sqlite", 1, LIBRARY.code, [5.0, 10.0, 20.0])
    assert ratio(ours_, theirs) == (3.0, 2.0, 4.0)


@pytest.mark.parametrize("contender", [c for c in EVERY if not c.rival], ids=lambda c: c.made_by)
def test_each_contender_is_made_by_what_is_there(contender):
    module, function = contender.made_by.split(":")
    assert callable(getattr(import_module(f"tests.performance.{module}"), function))


class Here(Worker):
    """Works in this process, which has no start to wait for."""

    def __init__(self, contender, where, python) -> None:
        self.contender, self.settings, self.seeded, self.acknowledged = contender, {}, 0, 0
        self._working = make(contender.made_by, where)
        self._desk = Desk(self._working)

    def ask(self, do, **order):
        return json.loads(json.dumps(getattr(self._desk, do)(**order)))

    def close(self) -> None:
        self._working.close()


def test_workers_answer_from_processes_of_their_own(places):
    outcome = Session(places, None, TINY, lambda _what: None, ("sqlite",)).measure(None, {"read"})
    assert {(f.task, f.contender) for f in outcome.figures} == {
        (task, who.code) for task in ("read", "decode", "replay", "load") for who in (OURS, LIBRARY)
    }
    assert all(len(f.rates) == TINY.rounds and f.rate > 0 for f in outcome.figures)
    assert (outcome.whole, outcome.missing) == (False, [])


TASKS = {
    *("append", "proven", "read", "decode", "replay", "load", "fold", "subject_copy"),
    *("real-read", "real-decode", "real-replay", "bundle", "verify_bundle", "verify", "hash_alone"),
    *("bodies_alone", "fold_alone"),
    *("archive", "rows_alone", "report", "report-cpu", "fields-seal", "fields-open", "http"),
    *("views-catch_up", "views-follow", "views-large", "views-small"),
}


@pytest.mark.slow
def test_a_whole_session_is_measured_shown_and_written_down(places, tmp_path, monkeypatch):
    monkeypatch.setattr(session, "Worker", Here)
    once = replace(TINY, rounds=1)
    outcome = Session(places, None, once, lambda _what: None, ("sqlite",)).measure(None)

    codes = {c.code for c in (*EVERY, *REPORTERS) if not c.rival}
    codes -= {IMPORT.code}  # there is no source
    assert {f.contender for f in outcome.figures} == codes | {Polku.code, Plain.code}
    assert {f.task for f in outcome.figures} == TASKS
    assert all(len(f.rates) == 1 and f.rate > 0 for f in outcome.figures)
    assert outcome.missing == []

    console = Console(record=True, width=200, file=(tmp_path / "shown").open("w"))
    show(console, outcome, "conditions")
    console.file.close()
    shown = console.export_text()
    assert "one at a time" in shown
    assert "not measured" in shown  # 32 threads, the import, and most of PostgreSQL
    for said in (
        "bytes each: ",
        "stream of 10 entries",
        "by pyarrow in one",
        "with the ledger: ",
        "by msgspec, nothing else",
        "Polku's fold, nothing else",
    ):
        assert said in shown

    plain = json.loads(json.dumps(as_plain(outcome, {"cores": 2})))
    assert len(plain["targets"]) == len(verdicts(outcome.figures))
    assert {f["task"] for f in plain["figures"]} == TASKS


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_archive_and_the_rows_alone_hold_the_whole_log(places, real_log, kind):
    made = archived.archived(places.fresh(kind, "archived"))
    try:
        held = len(list(recorded_in(real_log)))
        made.multiply(real_log, held + 1)
        assert made.archive() == made.rows_alone() == made.stored() == 2 * held
    finally:
        made.close()


def test_polku_and_a_script_report_as_many_clients(places, tmp_path):
    file = tmp_path / "programme.db"
    play(file, 4, (reported.PROGRAMME,))
    told = reported.Reported(places, "postgresql", str(file))
    mine = json.loads(told.said(REPORT.code, "--json", "--threshold", "0"))
    clients = next(one for one in mine["tables"] if one["indicator"] == "clients")
    whole = next(one for one in clients["figures"] if not one["key"])
    assert whole["value"] == json.loads(told.said(SCRIPT.code))["clients"] > 0


def test_only_sections_that_there_are_may_be_asked_for():
    assert _sections("ledger,archive") == ("ledger", "archive")
    with pytest.raises(ArgumentTypeError, match="there is no archives, but: append, ledger"):
        _sections("archives")


@pytest.fixture(scope="module")
def bulk_log(tmp_path_factory, postgresql_server):
    """A bulk log on PostgreSQL: its URL, the rows it was made of, and what was made."""
    folder = tmp_path_factory.mktemp("bulk")
    places = Places(folder, postgresql_server)
    rows = bulk.template(folder / "played.db", clients=2)
    url = ours.url_of(places.fresh("postgresql", "bulk"))
    schema.upgrade_url(url)
    made = bulk.multiply(url.replace("+psycopg", ""), rows, journeys=30)
    yield url, rows, made
    places.drop()


def test_a_bulk_log_is_whole_and_like_a_real_one(bulk_log):
    url, rows, made = bulk_log
    played_journeys = {row[1] for row in rows if row[1].startswith("journey:")}
    copies = made.journeys // len(played_journeys)
    with open_log(url) as log:
        entries = list(log.read())
        assert [one.entry.position for one in entries] == list(range(1, made.entries + 1))
        moments = [one.entry.recorded_at for one in entries]
        assert moments == sorted(moments)
        assert Audit(log.database).run().faults == []
        lengths = Counter(one.stream for one in entries)
        assert len([s for s in lengths if s.startswith("journey:")]) == made.journeys >= 30
        played_lengths = Counter(row[1] for row in rows)
        for copy in (1, copies):
            assert all(lengths[f"{s}-{copy}"] == played_lengths[s] for s in played_journeys)
        journey = min(played_journeys)
        referral = log.load(f"{journey}-2")[0].event
        client = log.load(f"client:{referral.client}")[0].event
        other = log.load(f"client:{referral.client.removesuffix('-2')}-3")[0].event
        assert referral.client.endswith("-2")
        assert client.birth_year == int(client.date_of_birth.text[:4]) == other.birth_year
        assert (client.family_name, client.given_name) != (other.family_name, other.given_name)


def test_what_evaluators_ask_of_a_bulk_log_is_measured_and_shown(bulk_log, tmp_path, capsys):
    url, _, made = bulk_log
    found = archiving.measure(url, tmp_path / "archive")
    assert (found["events"], found["what_if_journeys"]) == (made.entries, made.journeys)
    assert found["stock_rows"] > 365
    assert found["esf_rows"] > 10
    assert min(v for k, v in found.items() if k.endswith("seconds") or k == "memory_mb") > 0

    judged = [Verdict("a bundle", 200.0, 90.0, "80 to 100", reached=True, at_most=True)._asdict()]
    question = {"what": "timeline", "p50_ms": 1, "p99_ms": 2, "p99_most_ms": 3, "per_second": 4}
    told = {
        **made._asdict(), "events": made.entries, "archive": found, "bench": judged,
        "questions": [question], "memory_mb": 300.0, "catch_up_events_per_second": 60_000.0,
        "conditions": {"clients": 8, "workers": 2},
    }  # fmt: skip
    large_report.show(Console(width=200), told)
    shown = capsys.readouterr().out
    for said in (
        "what-if of eligibility for all 30",
        "ESF+",
        "stock per phase",
        "a bundle",
        "<= 200",
    ):
        assert said in shown


def test_a_contender_that_ends_is_named(places, monkeypatch):
    worker = Worker(OURS, places.fresh("sqlite", "gone"), Path("/bin/false"))
    with pytest.raises(WorkerFailed, match="Polku ended"):
        worker.seed(1, 1)
    worker.close()
