"""Whatever is destroyed of one client, nothing of anybody else's changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, select

from application import erasing, merging, retention
from application.accesses import record_opening
from application.office import Office
from domain.data_kinds import DataKind
from domain.entry import Personal
from domain.refusals import IllegalTransition
from infrastructure.keeping import bring_up_to_date
from infrastructure.settings import Settings
from interfaces import bootstrap
from tests.conftest import UNHURRIED
from tests.etela_savo import refer_to_mikkeli
from tests.interfaces.conftest import Clock, asked, publish_shipped
from tests.interfaces.test_clients_command import closed, registered

DAY = date(2025, 1, 10)
LONG_AFTER = date(2200, 1, 1)
"""When nothing need be kept any longer."""

NAMES = ("Aino", "Nyberg"), ("Aino", "Salmi"), ("Bertil", "Nyberg")
CLIENTS = "c-1", "c-11", "c-2"
"""One id begins as another one does."""

KINDS = st.frozensets(st.sampled_from([kind.value for kind in DataKind]), min_size=1)
ACTS = st.lists(
    st.one_of(st.sampled_from(["erase", "hold", "release", "merge", "split"]), KINDS),
    min_size=1,
    max_size=4,
)


def journeys_of(client: str, many: int) -> list[str]:
    return [f"j-{client}-{n}" for n in range(many)]


@contextmanager
def lived(folder: Path, journeys: dict[str, int], url: str = "sqlite://") -> Iterator[Office]:
    """Open the offices of clients with some journeys each, all of which have ended."""
    clock = Clock()
    given = Settings(
        database_url=url,
        development_key=folder / "token-key",
        access_folder=folder / "readings",
    )
    with bootstrap.open_office(given, clock=clock) as office:
        publish_shipped(office, "etela-savo")
        clock.put(date(2025, 4, 1))
        for client, (given_name, family_name) in zip(journeys, NAMES, strict=True):
            registered(office, client, given_name, family_name, f"LOCAL-{client}")
            for journey in journeys_of(client, journeys[client]):
                referred(office, client, journey)
                closed(office, journey)
                record_opening(office, journey, Personal("seen at night"), asked(DAY))
        bring_up_to_date(bootstrap.projections_of(office))
        yield office


def referred(office: Office, client: str, journey: str) -> None:
    need = Personal("help with applications")
    refer_to_mikkeli(office, journey, asked(DAY), client, need_definition=need)


def merged_with(client: str) -> str:
    """Return who is the same person where a client is merged."""
    return CLIENTS[CLIENTS.index(client) - 1]


def destroy(office: Office, client: str, journeys: list[str], act: str | frozenset[str]) -> None:
    """Do one act that destroys, holds, merges or splits; a refusal is as good."""
    same: dict[str, Any] = {
        "merged": merged_with(client),
        "ground": "gdpr-5-1-d",
        "reason": Personal("the passport shows it"),
    }
    does: dict[str, Callable[[], Any]] = {
        "erase": lambda: erasing.erase(
            office,
            client,
            asked(DAY),
            ground="gdpr-17-1-b",
            journeys_of=bootstrap.journeys_of_clients(office),
            left=bootstrap.keys_left(office),
            clear=bootstrap.clearing(office),
        ),
        "hold": lambda: erasing.place_hold(
            office, client, asked(DAY), hold="K-1", basis="file 12", reason=Personal("a case")
        ),
        "release": lambda: erasing.release_hold(
            office, client, asked(DAY), hold="K-1", reason=Personal("it is over")
        ),
        "merge": lambda: merging.merge(office, client, asked(DAY), **same),
        "split": lambda: merging.split(office, client, asked(DAY), **same),
    }
    with suppress(IllegalTransition):
        if isinstance(act, str):
            does[act]()
        else:
            left = bootstrap.kinds_left(office)
            due = retention.due(office, {client: journeys}, LONG_AFTER, left)
            some = [one for one in due if one.kind in act]
            on = asked(DAY + timedelta(days=99))
            look = retention.Looked(bootstrap.journeys_of_clients(office), left)
            list(retention.carry_out(office, some, on, LONG_AFTER, look))
            bootstrap.clearing(office)([])


def told_of(office: Office, clients: list[str], journeys: dict[str, int]) -> list[Any]:
    """Return all that the log tells of clients, and every row of a table that is of them.

    Rows of words that they are called by are of them, too, unless they name somebody else.
    """
    streams = {
        stream
        for client in clients
        for stream in erasing.streams_of(client, journeys_of(client, journeys[client]))
    }
    log: Any = office.log
    found: list[Any] = [(stream, log.load(stream)) for stream in sorted(streams)]
    called = dict(zip(CLIENTS, NAMES, strict=True))
    theirs = {name.lower() for client in clients for name in called[client]} | streams
    theirs |= {stream.partition(":")[2] for stream in streams}
    another = set(CLIENTS).difference(clients)
    tables = MetaData()
    tables.reflect(log.database.engine)
    with log.database.reading() as connection:
        for table in tables.sorted_tables:
            rows = [tuple(row) for row in connection.execute(select(table))]
            some = [row for row in rows if theirs & {*row} and not another & {*row}]
            found.append((table.name, sorted(some, key=repr)))
    return found


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[*UNHURRIED, HealthCheck.function_scoped_fixture],
)
@given(many=st.tuples(*[st.integers(0, 2)] * 3), whose=st.sampled_from(CLIENTS), acts=ACTS)
@example(many=(2, 1, 1), whose="c-1", acts=["hold", "release", frozenset({"contact"}), "erase"])
@example(many=(1, 1, 1), whose="c-2", acts=["merge", "split", "merge", "erase"])
def test_nothing_of_anybody_else_changes(
    tmp_path: Path, many: tuple[int, int, int], whose: str, acts: list[Any]
) -> None:
    unharmed(tmp_path, many, whose, acts)


EVERY_ACT = ["hold", "erase", "release", "merge", "split", frozenset({"contact"}), "merge", "erase"]


def test_nor_on_either_database(tmp_path: Path, database_url: str) -> None:
    """Acts that a database does by itself, as clearing its file, are not those of another one."""
    unharmed(tmp_path, (2, 1, 1), "c-11", EVERY_ACT, database_url)


def unharmed(
    folder: Path, many: tuple[int, ...], whose: str, acts: list[Any], url: str = "sqlite://"
) -> None:
    """Check that acts on one client change nothing of the others, and that they did something."""
    journeys = dict(zip(CLIENTS, many, strict=True))
    ids = {whose, merged_with(whose)} if "merge" in acts else {whose}
    others = [client for client in CLIENTS if client not in ids]
    own = journeys_of(whose, journeys[whose])
    with lived(folder, journeys, url) as office:
        before = told_of(office, others, journeys)
        for act in acts:
            destroy(office, whose, own, act)
        bring_up_to_date(bootstrap.projections_of(office))
        assert told_of(office, others, journeys) == before
        left = bootstrap.keys_left(office)
        assert all(left([f"client:{client}"]) for client in others)
        if office.clients.newest(f"client:{whose}").keeping.erased:
            assert not left(erasing.streams_of(whose, own))
