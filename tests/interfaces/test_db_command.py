"""`polku db` on databases that are new, current, ahead, unreachable, or none at all."""

import socket

import pytest
from sqlalchemy import create_engine, make_url, text

from infrastructure.database import database_url as with_driver
from tests.infrastructure.full_disk import disk_with

KEYS = {"database", "revision", "wanted", "state"}


def test_an_upgrade_makes_the_tables_and_a_second_one_changes_nothing(run, empty_database_url):
    first = run("db", "upgrade", "--json", url=empty_database_url)
    assert first.code == 0
    assert set(first.json) == KEYS | {"was"}
    assert (first.json["was"], first.json["state"]) == (None, "current")
    again = run("db", "upgrade", "--json")
    assert (again.code, again.json["was"]) == (0, first.json["revision"])


def test_a_person_reads_what_an_upgrade_did(run, empty_database_url):
    said = run("db", "upgrade", url=empty_database_url)
    assert said.code == 0
    assert "is up to date" in said.out
    assert "was empty" in said.out


def test_the_status_of_a_current_database_ends_with_nothing_wrong(polku):
    said = polku("db", "status", "--json")
    assert said.code == 0
    assert set(said.json) == KEYS
    assert said.json["revision"] == said.json["wanted"]
    assert "up to date" in polku("db", "status").out


def test_the_status_of_an_empty_database_says_what_to_do(run, empty_database_url):
    said = run("db", "status", url=empty_database_url)
    assert said.code == 1
    assert "run `polku db upgrade`" in said.out


def test_asking_for_the_status_makes_no_file(run, tmp_path):
    assert run("db", "status", url=f"sqlite:///{tmp_path / 'none.db'}").code == 1
    assert not (tmp_path / "none.db").exists()


@pytest.fixture
def ahead(database_url):
    """A database that a newer program has upgraded."""
    engine = create_engine(with_driver(database_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE polku_version SET version_num = '9999'"))
    engine.dispose()
    return database_url


@pytest.mark.parametrize("command", [("db", "upgrade"), ("journeys", "list"), ("db", "status")])
def test_a_database_that_is_ahead_is_left_alone(run, ahead, command):
    said = run(*command, url=ahead)
    assert said.code == 1
    assert "use the newer program that upgraded it" in said.out + said.err


@pytest.mark.parametrize(
    "command",
    [("journeys", "list"), ("journeys", "show", "j"), ("programmes", "list")],
)
def test_without_a_database_a_command_says_how_to_make_one(run, empty_database_url, command):
    said = run(*command, url=empty_database_url)
    assert said.code == 1
    assert "polku db upgrade" in said.err
    assert "polku demo" in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all/polku.db",
        "postgresql://nobody:secret@127.0.0.1:1/none?connect_timeout=2",
    ],
)
@pytest.mark.parametrize("command", [("db", "upgrade"), ("programmes", "publish", "askel")])
def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(run, url, command):
    said = run(*command, url=url)
    assert said.code == 1
    assert said.err.startswith("polku: the database ")
    assert said.err.count("\n") == 1
    assert "secret" not in said.err


def test_a_file_that_is_no_database_is_said_in_a_sentence(run, tmp_path):
    file = tmp_path / "letter.db"
    file.write_text("Dear reader, this is a letter and no database at all.\n" * 100)
    said = run("db", "status", url=f"sqlite:///{file}")
    assert said.code == 1
    assert "not a database" in said.err


def test_the_password_of_a_database_is_never_shown(run):
    said = run("db", "status", url="postgresql://ann:secret@127.0.0.1:1/x?connect_timeout=2")
    assert "secret" not in said.err + said.out
    assert "ann:***@" in said.err


def test_a_full_disk_is_said_to_be_that_and_no_wrong_address(run, tmp_path):
    with disk_with(20_000):
        said = run("db", "upgrade", url=f"sqlite:///{tmp_path}/polku.db")
    assert said.code == 1
    assert "look whether its disk has room and is whole, and ask again" in said.err
    assert run("db", "upgrade", url=f"sqlite:///{tmp_path}/polku.db").code == 0


HANGS_UP = """
CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
CREATE TRIGGER hangs_up AFTER INSERT ON ledger_checkpoints EXECUTE FUNCTION hang_up();
"""


def test_a_connection_that_is_lost_is_told_as_that_and_not_as_a_wrong_address(run, postgresql_url):
    """Who asked must know that it may have been recorded, and that to ask again does no harm."""
    engine = create_engine(with_driver(postgresql_url))
    with engine.begin() as connection:
        connection.execute(text(HANGS_UP))
    said = run("audit", "checkpoint", url=postgresql_url)
    assert (said.code, said.out) == (1, "")
    assert said.err.endswith(
        "; the connection was lost, perhaps after it had recorded what was asked: ask again when "
        "it answers, and nothing is recorded twice\n"
    )
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER hangs_up ON ledger_checkpoints"))
    engine.dispose()
    assert run("audit", "checkpoint").code == 0


@pytest.fixture
def silent():
    """An address where somebody takes connections, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def test_a_server_that_nobody_reaches_is_told_as_an_address_to_check(run, silent):
    """Nothing can have been recorded there, whatever went wrong on the way."""
    for server in ("127.0.0.1:1", "localhost:1", "no-such-host.invalid", silent):
        url = f"postgresql://nobody@{server}/nothing?connect_timeout=2&sslmode=disable"
        said = run("audit", "checkpoint", url=url)
        assert said.code == 1
        assert said.err.endswith("; check POLKU_DATABASE_URL, or ask again when it answers\n")


def test_a_server_that_may_only_be_read_is_told_as_that(run, postgresql_url):
    """As a standby is: it answers what needs no entry, and another takes what is recorded."""
    read_only = {"options": "-cdefault_transaction_read_only=on"}
    standby = make_url(postgresql_url).update_query_dict(read_only)
    url = standby.render_as_string(hide_password=False)
    assert run("audit", "verify", url=url).code == 0
    said = run("audit", "checkpoint")
    assert (said.code, said.out) == (1, "")
    assert said.err.endswith(
        "; it may only be read, as a standby: what is recorded needs the one that it follows\n"
    )
