"""PostgreSQL servers that do not answer, are cut off, refuse what can be tried again, or are set up
in another way than usual."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Thread

import psycopg
import pytest
from sqlalchemy import make_url

from infrastructure.database import Database
from infrastructure.event_log import open_log
from tests.infrastructure.projecting import opened, projections_of
from tests.infrastructure.test_event_log import REFERRED, command

SECONDS = 60.0


@contextmanager
def listening() -> Iterator[socket.socket]:
    """Give a socket that takes connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def passed_on(from_: socket.socket, to: socket.socket) -> None:
    """Pass on what one side says, until it hangs up."""
    try:
        while data := from_.recv(2**16):
            to.sendall(data)
    except OSError:
        pass
    for end in (from_, to):
        end.close()


@contextmanager
def by_network(url: str) -> Iterator[str]:
    """Give the URL by which a server is reached over the network, which may listen on this machine
    alone."""
    given = make_url(url)
    where = str(given.query.get("host", given.host))
    port = given.port or int(str(given.query.get("port", 5432)))

    def reached() -> socket.socket:
        if not where.startswith("/"):
            return socket.create_connection((where, port))
        local = socket.socket(socket.AF_UNIX)
        local.connect(f"{where}/.s.PGSQL.{port}")
        return local

    def take() -> None:
        while True:
            try:
                ends = server.accept()[0], reached()
            except OSError:  # the test is over
                return
            for one, other in (ends, ends[::-1]):
                Thread(target=passed_on, args=(one, other), daemon=True).start()

    with listening() as server:
        Thread(target=take, daemon=True).start()
        place = given.set(host="127.0.0.1", port=server.getsockname()[1])
        yield place.set(query={}).render_as_string(hide_password=False)
        server.shutdown(socket.SHUT_RDWR)


def ways(url: str) -> list[int]:
    """Return whether and how a connection to a database watches the other side."""
    names = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
    with (
        closing(Database(url)) as database,
        database.connection() as connection,
        socket.socket(fileno=socket.dup(connection.fileno())) as mine,
    ):
        alive = mine.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        return [alive, *(mine.getsockopt(socket.IPPROTO_TCP, name) for name in names)]


def test_who_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is stopped still takes connections: its machine does."""
    monkeypatch.setattr("infrastructure.database.SECONDS_TO_CONNECT", 2)
    with listening() as silent:
        url = f"postgresql://someone@127.0.0.1:{silent.getsockname()[1]}/polku"
        began = time.monotonic()
        with closing(Database(url)) as database, pytest.raises(psycopg.OperationalError):
            database.rows("SELECT 1", {})
    assert time.monotonic() - began < SECONDS


def test_a_connection_over_the_network_is_watched_by_us(postgresql_url: str) -> None:
    with by_network(postgresql_url) as url:
        assert ways(url) == [1, 30, 10, 3, 30_000]


def test_the_server_watches_who_may_hold_the_lock_of_the_log(postgresql_url: str) -> None:
    """On a connection within a machine, as this may be, it notes what it was told, and no more."""
    told = "SELECT name FROM pg_settings WHERE name LIKE 'tcp%%' AND source = 'session'"
    with closing(Database(postgresql_url)) as database:
        assert {name for (name,) in database.rows(told, {})} == {
            "tcp_keepalives_idle",
            "tcp_keepalives_interval",
            "tcp_keepalives_count",
            "tcp_user_timeout",
        }


def test_what_the_address_says_of_it_counts(postgresql_url: str) -> None:
    with by_network(postgresql_url) as url:
        own = "?keepalives_idle=60&tcp_user_timeout=5000&connect_timeout=30"
        assert ways(url + own) == [1, 60, 10, 3, 5000]


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_what_the_server_broke_off_for_another_transaction_is_tried_again(
    postgresql_url: str, code: str
) -> None:
    """A failure of serialisation, and a deadlock, which programs beside Polku may bring about."""
    with open_log(postgresql_url) as log:
        with log.database.connection() as connection:
            connection.execute(f"""
                CREATE SEQUENCE tried;
                CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF nextval('tried') = 1 THEN
                        RAISE EXCEPTION 'broken off' USING ERRCODE = '{code}';
                    END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER fails_once BEFORE INSERT ON events
                    FOR EACH ROW EXECUTE FUNCTION fail_once()
            """)
        assert log.append(command("j-1", 0, REFERRED)).position == 1
        assert [one.stream for one in log.read()] == ["j-1"]


def test_transactions_are_as_polku_needs_them_whatever_is_usual_on_the_server(
    postgresql_url: str,
) -> None:
    """Else what was decided under a lock would be by what was there before it was given."""
    with closing(Database(postgresql_url)) as database, database.connection() as connection:
        name = make_url(postgresql_url).database
        connection.execute(
            f'ALTER DATABASE "{name}" SET default_transaction_isolation = serializable'
        )
    with open_log(postgresql_url) as log, log.database.writing() as connection:
        asked = connection.exec_driver_sql("SHOW transaction_isolation").scalar()
        assert asked == "read committed"
    with opened(postgresql_url) as log, projections_of(log).writing() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)
