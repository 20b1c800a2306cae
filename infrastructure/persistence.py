"""Polku's log as a persistence module of the eventsourcing library.

With PERSISTENCE_MODULE=infrastructure.persistence and POLKU_DATABASE_URL the library's
Application, event store, notification log and projections stand on the log.
"""

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    ProcessRecorder,
)
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

from infrastructure import schema
from infrastructure.database import Database
from infrastructure.recorder import (
    FollowerRecorder,
    LogRecorder,
    LogTables,
    PositionRecorder,
    SnapshotRecorder,
)


class LogFactory(InfrastructureFactory[PositionRecorder]):
    """Makes recorders on the database of POLKU_DATABASE_URL.

    ORIGINATOR_ID_TYPE says whether stream ids come back as "uuid" or "text". The tables are made
    unless CREATE_TABLE says no; then SchemaOutOfStep is raised where they are not there.
    """

    DATABASE_URL = "POLKU_DATABASE_URL"
    ORIGINATOR_ID_TYPE = "ORIGINATOR_ID_TYPE"
    CREATE_TABLE = "CREATE_TABLE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        url = self.env.get(self.DATABASE_URL)
        if not url:
            raise OSError(f"set {self.DATABASE_URL}, for instance to sqlite:///polku.db")
        ids = self.env.get(self.ORIGINATOR_ID_TYPE) or "uuid"
        if ids not in {"uuid", "text"}:
            raise OSError(f"{self.ORIGINATOR_ID_TYPE} is {ids!r}: say uuid or text")
        self._tables = LogTables(Database(url), uuids=ids == "uuid")

    def _ready(self) -> LogTables:
        if strtobool(self.env.get(self.CREATE_TABLE) or "yes"):
            schema.upgrade(self._tables.database)
        else:
            schema.check(self._tables.database)
        return self._tables

    def aggregate_recorder(self, purpose: str = "snapshots") -> AggregateRecorder:
        """Return a recorder of states that may be thrown away."""
        return SnapshotRecorder(self._ready(), purpose)

    def application_recorder(self) -> ApplicationRecorder:
        """Return the log's recorder."""
        return LogRecorder(self._ready())

    def tracking_recorder(
        self, tracking_recorder_class: type[PositionRecorder] | None = None
    ) -> PositionRecorder:
        """Return a recorder of how far followers have come, of a given class."""
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        chosen = tracking_recorder_class or (resolve_topic(topic) if topic else PositionRecorder)
        recorder: PositionRecorder = chosen(self._ready())
        return recorder

    def process_recorder(self) -> ProcessRecorder:
        """Return a recorder of events together with how far their follower has come."""
        return FollowerRecorder(self._ready())

    def close(self) -> None:
        """Close the connections to the database."""
        self._tables.database.close()
