"""The library on eventsourcing_sqlalchemy, as the documentation of that shows it.

Only the rivals' environment can import this module.
"""

from typing import Any
from urllib.parse import quote

from eventsourcing.application import Application
from eventsourcing_sqlalchemy.datastore import SQLAlchemyDatastore
from eventsourcing_sqlalchemy.factory import SQLAlchemyFactory
from sqlalchemy import Engine, event, text

from tests.performance.contenders import MOST_THREADS
from tests.performance.library import SECONDS_FOR_A_LOCK, Working


class RoomyDatastore(SQLAlchemyDatastore):
    """A pool that all threads fit in, which cannot be set from outside."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, pool_size=MOST_THREADS)


class OnSQLAlchemy(Working):
    """eventsourcing_sqlalchemy, on either database."""

    def _ask(self, asked: str) -> Any:
        with self.app.factory.datastore.engine.connect() as connection:
            return connection.scalar(text(asked))


def plain(where: dict[str, Any]) -> Working:
    """The module as it is: nothing is cached."""
    SQLAlchemyFactory.datastore_class = RoomyDatastore
    if where["kind"] == "sqlite":
        url = f"sqlite:///{where['name']}"
        event.listen(Engine, "connect", _synchronous_full)
    else:
        url = (
            f"postgresql+psycopg://{where['user']}:{quote(where['password'])}@/{where['name']}"
            f"?host={quote(where['host'])}&port={where['port']}"
        )
    environment = {"PERSISTENCE_MODULE": "eventsourcing_sqlalchemy", "SQLALCHEMY_URL": url}
    return OnSQLAlchemy(Application(env=environment), where["kind"])


def _synchronous_full(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA busy_timeout={SECONDS_FOR_A_LOCK * 1000}")
