"""The eventsourcing library's own test cases, unmodified, on Polku's recorders.

Each runs on SQLite and on PostgreSQL, and where the case can do both, with UUIDs and with texts as
stream ids. Not run, and why: `TranscoderTestCase` tests the library's transcoder, which Polku
does not replace; the cases of `eventsourcing.tests.projection` for a view class test a view that
the test itself brings, and the "tagged decision" ones ask for a DCB recorder, which this is not.
"""

from itertools import product
from uuid import uuid4

import pytest
from eventsourcing.tests import application, persistence, projection
from eventsourcing.utils import Environment

from infrastructure.database import Database
from infrastructure.persistence import LogFactory
from infrastructure.recorder import (
    FollowerRecorder,
    LogRecorder,
    LogTables,
    PositionRecorder,
    SnapshotRecorder,
)

pytestmark = pytest.mark.filterwarnings("default:'log' is deprecated")  # a case counts them
MODULE = "infrastructure.persistence"
DATABASES = ("sqlite", "postgresql")


class AnotherPositionRecorder(PositionRecorder):
    """A subclass, as a program may bring it."""


class WithTables:
    """Gives a case a fresh database, and stream ids of either kind."""

    database_kind: str
    uuids = True

    @pytest.fixture(autouse=True)
    def _tables(self, request):
        database = Database(request.getfixturevalue(f"{self.database_kind}_url"))
        self.tables = LogTables(database, uuids=self.uuids)
        yield
        database.close()

    def new_originator_id(self):
        return uuid4() if self.uuids else f"journey:{uuid4()}"


class WithEnvironment:
    """Gives a case a fresh database by the environment."""

    database_kind: str

    @pytest.fixture(autouse=True)
    def _environment(self, request, monkeypatch):
        url = request.getfixturevalue(f"{self.database_kind}_url")
        self.env = Environment(
            "Accounts", {"PERSISTENCE_MODULE": MODULE, "POLKU_DATABASE_URL": url}
        )
        monkeypatch.setenv("PERSISTENCE_MODULE", MODULE)
        monkeypatch.setenv("POLKU_DATABASE_URL", url)


class OnTables:
    class Aggregate(WithTables, persistence.AggregateRecorderTestCase):
        def create_recorder(self):
            return SnapshotRecorder(self.tables)

    class Application(WithTables, persistence.ApplicationRecorderTestCase):
        def create_recorder(self):
            return LogRecorder(self.tables)

        def test_insert_subscribe(self):
            self.optional_test_insert_subscribe()  # the library's: it asserts what is delivered

    class Process(WithTables, persistence.ProcessRecorderTestCase):
        def create_recorder(self):
            return FollowerRecorder(self.tables)

    class ProcessAsApplication(WithTables, persistence.ApplicationRecorderTestCase):
        def create_recorder(self):
            return FollowerRecorder(self.tables)

    class Interleaving(WithTables, persistence.NonInterleavingNotificationIDsBaseCase):
        def create_recorder(self):
            return LogRecorder(self.tables)


class OnEnvironment:
    class Tracking(WithTables, persistence.TrackingRecorderTestCase):
        def create_recorder(self):
            return PositionRecorder(self.tables)

    class ProcessTracking(WithTables, persistence.TrackingRecorderTestCase):
        def create_recorder(self):
            return FollowerRecorder(self.tables)

    class Factory(WithEnvironment, persistence.InfrastructureFactoryTestCase):
        def expected_factory_class(self):
            return LogFactory

        def expected_aggregate_recorder_class(self):
            return SnapshotRecorder

        def expected_application_recorder_class(self):
            return LogRecorder

        def expected_tracking_recorder_class(self):
            return PositionRecorder

        def tracking_recorder_subclass(self):
            return AnotherPositionRecorder

        def expected_process_recorder_class(self):
            return FollowerRecorder

    class ExampleApplication(WithEnvironment, application.ExampleApplicationTestCase):
        expected_factory_topic = f"{MODULE}:LogFactory"

    class Application(WithEnvironment, application.ApplicationTestCase):
        pass

    class Projection(WithEnvironment, projection.EventSourcedProjectionTestCase):
        pass


def _cases(holder):
    return [(name, case) for name, case in vars(holder).items() if isinstance(case, type)]


for (_name, _case), _kind, _uuids in product(_cases(OnTables), DATABASES, (True, False)):
    _full = f"Test{_name}On{_kind.title()}With{'Uuids' if _uuids else 'Texts'}"
    globals()[_full] = type(_full, (_case,), {"database_kind": _kind, "uuids": _uuids})

for (_name, _case), _kind in product(_cases(OnEnvironment), DATABASES):
    globals()[f"Test{_name}On{_kind.title()}"] = type(
        f"Test{_name}On{_kind.title()}", (_case,), {"database_kind": _kind}
    )
del _case  # or pytest would collect it once more, without a database
