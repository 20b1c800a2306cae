"""What a view cannot take sets one owner aside, visibly, and all others go on."""

import random
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest

from application.ports import Append, Destroying, Fresh
from application.views import VIEWS
from application.views.board import BOARD
from application.views.caseload import CASELOAD
from application.views.register import REGISTER
from application.views.rows import CaseRow
from domain.client import ClientRegistered
from domain.entry import By, Personal
from domain.erasure import ClientErased
from domain.journey.events import ReferralMade
from infrastructure.clearing import clear
from infrastructure.event_log import SqlEventLog
from infrastructure.keeping import Keeping
from infrastructure.ledger_filling import cover_rows
from infrastructure.projections import Projections
from infrastructure.projector import Projector, whoami
from infrastructure.rebuilding import Rebuild
from infrastructure.view_standing import set_aside, statuses
from tests.infrastructure.projecting import Writing, all_rows, opened, played, projections_of

DAY, BY = date(2025, 1, 7), By("p", "o")
JOURNEYS = tuple(one for one in played() if not one.stream.startswith("client:"))
POOR = next(one.stream for one in JOURNEYS if one.stream.startswith("journey:"))
OWNER = POOR.removeprefix("journey:")


def failing(view: Any, after: int) -> Any:
    """The view with a fault: it cannot take one journey above a version."""

    def rows(owner: str, state: Any, rules: Any) -> Any:
        if owner == OWNER and state.version > after:
            raise KeyError("the name of a client")
        return view.rows(owner, state, rules)

    return replace(view, rows=rows)


BROKEN = (failing(CASELOAD, 2), VIEWS[1], failing(BOARD, 2), *VIEWS[3:])


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    with opened(database_url, BROKEN) as found:
        yield found


def case_of(projections: Projections, owner: str) -> CaseRow | None:
    cases = [row for row in all_rows(projections)["caseload"] if isinstance(row, CaseRow)]
    return next((row for row in cases if row.owner == owner), None)


def check_aside(projections: Projections) -> None:
    aside = set_aside(projections)
    assert [(one.view, one.owner) for one in aside] == [("board", OWNER), ("caseload", OWNER)]
    for one in aside:
        assert one.error.startswith("KeyError in ")
        assert "client" not in one.error
    assert {one.name: one.quarantined for one in statuses(projections)} == {
        "board": 1,
        "caseload": 1,
        "readings": 0,
        "register": 0,
        "responsibility": 0,
    }


@pytest.mark.parametrize("inline", [True, False])
def test_one_journey_is_set_aside_and_a_mended_program_takes_it_in_again(
    log: SqlEventLog, inline: bool
):
    projections, writing = projections_of(log, BROKEN), Writing(log, BROKEN)
    if inline:
        for one in JOURNEYS:
            writing.act(one)
        assert {one.view for one in set_aside(projections)} == {"caseload"}
    else:
        first = [n for n, one in enumerate(JOURNEYS) if one.stream == POOR][:2]
        writing.bring_in(JOURNEYS[: first[-1] + 1])
        assert Keeping(projections).catch_up()
        writing.bring_in(JOURNEYS[first[-1] + 1 :])
    assert Keeping(projections).catch_up()

    check_aside(projections)
    stale = case_of(projections, OWNER)
    assert (stale.version, stale.stale_since is not None) == (2, True)
    others = [row for row in all_rows(projections)["caseload"] if isinstance(row, CaseRow)]
    assert all(row.stale_since is None for row in others if row.owner != OWNER)
    assert len(others) == len({one.stream for one in JOURNEYS if one.stream[:8] == "journey:"})

    mended = projections_of(log)
    assert Keeping(mended).catch_up()
    assert set_aside(mended) == []
    assert case_of(mended, OWNER).stale_since is None
    rebuilt = Rebuild(mended, list(VIEWS), grace=0).run()
    assert [one.compared.differing for one in rebuilt] == [0] * len(rebuilt)


@pytest.mark.parametrize("fails_in", ["retry", "_sign"])
def test_what_was_set_aside_is_tried_again_where_the_first_try_failed(
    log: SqlEventLog, monkeypatch: pytest.MonkeyPatch, fails_in: str
):
    broken = projections_of(log, BROKEN)
    Writing(log, BROKEN).bring_in(JOURNEYS)
    assert Keeping(broken).catch_up()
    check_aside(broken)

    mended, real = projections_of(log), getattr(Projector, fails_in)

    def once(*given: Any) -> Any:
        monkeypatch.setattr(Projector, fails_in, real)
        raise ConnectionError("the database was away for a moment")

    monkeypatch.setattr(Projector, fails_in, once)
    keeping = Keeping(mended)
    thread = Thread(target=keeping.run)
    thread.start()
    try:
        until = monotonic() + 60
        while set_aside(mended) and monotonic() < until:
            sleep(0.05)
        assert set_aside(mended) == []
        assert {one.runner for one in statuses(mended)} == {whoami()}
    finally:
        keeping.stop.set()
        keeping.wake()
        thread.join()
    rebuilt = Rebuild(mended, list(VIEWS), grace=0).run()
    assert [one.compared.differing for one in rebuilt] == [0] * len(rebuilt)


def test_an_owner_that_never_had_a_row_has_none_and_is_named(log: SqlEventLog):
    views = (failing(CASELOAD, 0), *VIEWS[1:])
    projections = projections_of(log, views)
    Writing(log).bring_in(JOURNEYS[:60])
    assert Keeping(projections).catch_up()
    assert case_of(projections, OWNER) is None
    assert [(one.view, one.owner) for one in set_aside(projections)] == [("caseload", OWNER)]


def test_a_rebuild_keeps_the_row_of_whom_it_cannot_take(log: SqlEventLog):
    projections, writing = projections_of(log), Writing(log)
    writing.bring_in(JOURNEYS)
    assert Keeping(projections).catch_up()
    before = case_of(projections, OWNER)
    broken = projections_of(log, BROKEN)

    rebuilt = Rebuild(broken, list(BROKEN), grace=0).run()

    assert [one.quarantined for one in rebuilt] == [1, 0, 1, 0, 0]
    assert [one.compared.differing for one in rebuilt] == [0] * len(rebuilt)
    check_aside(broken)
    after = case_of(broken, OWNER)
    assert after.stale_since is not None
    assert after._replace(stale_since=None) == before


def spoil(log: SqlEventLog, stream: str) -> None:
    """Write an entry that no program can read, as a fault of another program would."""
    position = log.position() + 1
    body = "x'7b'" if log.database.is_sqlite else "'\\x7b'::bytea"
    with log.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO events (position, stream, version, name, schema_version, occurred_on, "
            f"recorded_at, actor, organisation, body) VALUES ({position}, '{stream}', 2, "
            f"'referral-accepted', 1, '2025-01-08', 0, 'p', 'o', {body})"
        )
        cover_rows(connection.connection.cursor(), is_sqlite=log.database.is_sqlite)


def test_an_entry_that_cannot_be_read_stops_nothing_else(log: SqlEventLog):
    projections, writing = projections_of(log), Writing(log)
    referred = ReferralMade("c-1", "elsewhere", 0, "office", "ward", "letter")
    log.append(Append("journey:spoilt", 0, (Fresh(referred, DAY),), BY))
    assert Keeping(projections).catch_up()
    spoil(log, "journey:spoilt")
    writing.bring_in(JOURNEYS[:60])

    assert Keeping(projections).catch_up()

    aside = set_aside(projections)
    assert {(one.owner, one.version) for one in aside} == {("spoilt", 2)}
    assert len(aside) == 3
    assert case_of(projections, "spoilt").version == 1
    assert case_of(projections, "spoilt").stale_since is not None
    assert case_of(projections, OWNER).stale_since is None
    rebuilt = Rebuild(projections, list(VIEWS), grace=0).run()
    assert {one.view: one.quarantined for one in rebuilt} == {
        "caseload": 1,
        "readings": 0,
        "register": 0,
        "board": 1,
        "responsibility": 1,
    }
    assert case_of(projections, "spoilt").version == 1


def test_a_view_that_cannot_be_written_refuses_no_act(log: SqlEventLog, capsys):
    projections, writing = projections_of(log), Writing(log)
    table = projections.tables(CASELOAD, 1).tables[CaseRow].name
    with projections.writing() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
    for one in JOURNEYS[:30]:
        writing.act(one)
    assert log.position() == 30
    with projections.writing() as cursor:
        cursor.execute(f"ALTER TABLE elsewhere RENAME TO {table}")
    assert case_of(projections, OWNER) is None

    assert Keeping(projections).catch_up()
    assert case_of(projections, OWNER).version == max(
        one.entry.version for one in JOURNEYS[:30] if one.stream == POOR
    )


@pytest.mark.parametrize("odd", ["\ud800", {"a kind that no column keeps"}])
def test_a_row_that_the_database_refuses_sets_its_owner_aside_alone(log: SqlEventLog, odd: Any):
    def with_an_odd_phase(owner: str, state: Any, rules: Any) -> Any:
        for row in CASELOAD.rows(owner, state, rules):
            is_it = owner == OWNER and isinstance(row, CaseRow)
            yield row._replace(phase=odd) if is_it else row

    views = (replace(CASELOAD, rows=with_an_odd_phase), *VIEWS[1:])
    projections, writing = projections_of(log, views), Writing(log, views)
    writing.act(JOURNEYS[0])
    for one in JOURNEYS[1:40]:
        writing.act(one)
    assert Keeping(projections).catch_up()
    (aside,) = set_aside(projections)
    assert (aside.view, aside.owner) == ("caseload", OWNER)
    assert case_of(projections, OWNER) is None
    assert len(all_rows(projections)["caseload"]) > 1


def test_a_text_that_no_index_takes_sets_its_owner_aside_alone(log: SqlEventLog):
    chance = random.Random(1)  # noqa: S311 - not secret
    word = "".join(chance.choices(string.ascii_lowercase, k=20_000))
    projections = projections_of(log)
    for client, name in (("c-1", word), ("c-2", "Koski")):
        named = ClientRegistered(Personal("Aino"), Personal(name))
        log.append(Append(f"client:{client}", 0, (Fresh(named, DAY),), BY))

    assert Keeping(projections).catch_up()

    poor = [] if log.database.is_sqlite else [("register", "c-1")]
    assert [(one.view, one.owner) for one in set_aside(projections)] == poor
    (rebuilt,) = Rebuild(projections, [projections.views["register"]], grace=0).run()
    assert rebuilt.quarantined == len(poor)
    assert [(one.view, one.owner) for one in set_aside(projections)] == poor
    assert "c-2" in {row.owner for row in all_rows(projections)["register"]}


@pytest.mark.parametrize("poor", [3, 4, 5])
def test_who_is_set_aside_spoils_no_connection_for_those_who_come_after(
    log: SqlEventLog, poor: int
):
    """The driver prepares on the server what it has sent a few times, whatever came of that."""
    chance = random.Random(1)  # noqa: S311 - not secret
    projections = projections_of(log)
    for number in range(12):
        name = "".join(chance.choices(string.ascii_lowercase, k=20_000 if number < poor else 9))
        named = ClientRegistered(Personal("Aino"), Personal(name))
        log.append(Append(f"client:c-{number}", 0, (Fresh(named, DAY),), BY))

    assert Keeping(projections).catch_up()

    refused = set() if log.database.is_sqlite else {f"c-{number}" for number in range(poor)}
    assert {one.owner for one in set_aside(projections)} == refused
    everybody = {f"c-{number}" for number in range(12)}
    assert {row.owner for row in all_rows(projections)["register"]} == everybody - refused


def test_an_owner_with_two_rows_in_one_place_stops_no_rebuild(log: SqlEventLog):
    def twice(owner: str, state: Any, rules: Any) -> Any:
        made = tuple(BOARD.rows(owner, state, rules))
        return made + made[:1] if owner == OWNER else made

    projections, writing = projections_of(log), Writing(log)
    writing.bring_in(JOURNEYS[:200])
    assert Keeping(projections).catch_up()
    before = all_rows(projections)
    broken = replace(BOARD, rows=twice)

    (rebuilt,) = Rebuild(projections_of(log, (broken,)), [broken], grace=0).run()

    assert (rebuilt.quarantined, rebuilt.compared.differing) == (1, 0)
    assert [(one.view, one.owner) for one in set_aside(projections)] == [("board", OWNER)]
    assert all_rows(projections) == before


def test_what_is_tried_again_is_not_written_over_newer_rows(log: SqlEventLog):
    """One process tries again, loses the view to another, and only then comes to write."""
    of_it = [one for one in JOURNEYS if one.stream == POOR]
    programmes = [one for one in JOURNEYS if one.stream.startswith("programme:")]
    writing = Writing(log)
    broken = projections_of(log, (VIEWS[0], VIEWS[1], failing(BOARD, 0), VIEWS[3]))
    writing.bring_in([*programmes, of_it[0]])
    assert Keeping(broken).catch_up()
    assert [one.view for one in set_aside(broken)] == ["board"]
    projections = projections_of(log)
    slow, other = Projector(projections), Projector(projections)
    slow.take_over()
    load = slow._folded.loaded

    def overtaken(streams: Any) -> Any:
        found = load(streams)
        if len(list(log.read())) == len(programmes) + 1:
            writing.bring_in(of_it[1:])
            other.held = set(projections.views)  # as when the locks of the slow one were lost
            while other.step():
                pass
        return found

    slow._folded.loaded = overtaken
    slow.retry()
    slow.close()
    rebuilt = Rebuild(projections, list(VIEWS), grace=0).run()
    assert [one.compared.differing for one in rebuilt] == [0] * len(rebuilt)
    assert set_aside(projections) == []


def test_the_old_rows_of_a_client_who_was_set_aside_go_with_an_erasure(database_url: str):
    client = next(one.stream for one in played() if one.stream.startswith("client:"))
    owner, stayed = client.removeprefix("client:"), "Aurelia"

    def rows(of: str, state: Any, rules: Any) -> Any:
        if of == owner and state.version > 1:
            raise KeyError("a fault")
        return REGISTER.rows(of, state, rules)

    views = tuple(replace(one, rows=rows) if one is REGISTER else one for one in VIEWS)
    registered = ClientRegistered(Personal(stayed), Personal("Nyberg"))
    with opened(database_url, views) as log:
        projections = projections_of(log, views)
        log.append(Append(client, 0, (Fresh(registered, DAY),), BY))
        assert Keeping(projections).catch_up()
        assert stayed in repr(all_rows(projections))
        gone = Fresh(ClientErased("gdpr-17-1-b", ()), DAY)
        log.append(Append(client, 1, (gone,), BY, destroying=Destroying((client,))))
        clear(projections, [client])
        assert [one.owner for one in set_aside(projections)] == [owner]
        assert stayed not in repr(all_rows(projections))
        clear(projections, [client])
