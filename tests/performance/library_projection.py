"""The `eventsourcing` library's ProjectionRunner, keeping a caseload of a real log.

As its documentation shows it: a view that is a tracking recorder with a table of its own, and a
projection that handles each event with one statement, in one transaction with its tracking. It
keeps the caseload alone: no deadlines, no keys, no register, no board.
"""

from typing import Any

from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

from domain.journey import events as e
from tests.performance.library import environment
from tests.performance.library_played import EVENTS, Histories, Played
from tests.performance.measuring import PATIENCE_SECONDS
from tests.performance.played import NotTheSame

KIND_OF = {theirs: ours for ours, theirs in EVENTS.items()}

STATUS = {
    e.ReferralAccepted: "open",
    e.ReferralDeclined: "declined",
    e.JourneyPaused: "paused",
    e.JourneyResumed: "open",
    e.JourneyClosed: "closed",
    e.JourneyReopened: "open",
}


class CaseloadView(PostgresTrackingRecorder):
    """The table of the caseload, with the position it was brought to."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self._table = Identifier(f"{self.tracking_table_name}_caseload")
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS {} (journey text PRIMARY KEY, client text, "
                "programme text, organisation text, status text, phase text, phase_since text, "
                "responsible text, last_event text, last_on text, version bigint)"
            ).format(self._table)
        )

    def refer(self, event: Any, tracking: Tracking) -> None:
        """Add a journey."""
        statement = SQL(
            "INSERT INTO {} (journey, client, programme, organisation, status, last_event, "
            "last_on, version) VALUES (%s, %s, %s, %s, 'referred', %s, %s, %s) "
            "ON CONFLICT (journey) DO NOTHING"
        ).format(self._table)
        where = (event.originator_id, event.client, event.programme, event.to_organisation)
        self._do(statement, (*where, *_last(event)), tracking)

    def change(self, event: Any, values: dict[str, Any], tracking: Tracking) -> None:
        """Change a journey's row."""
        told = {
            **values,
            **dict(zip(("last_event", "last_on", "version"), _last(event), strict=True)),
        }
        sets = SQL(", ").join(SQL("{} = %s").format(Identifier(name)) for name in told)
        statement = SQL("UPDATE {} SET {} WHERE journey = %s").format(self._table, sets)
        self._do(statement, (*told.values(), event.originator_id), tracking)

    def _do(self, statement: Any, values: tuple[Any, ...], tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(statement, values, prepare=True)

    def rows(self) -> int:
        """Count the journeys."""
        with self.datastore.transaction() as cursor:
            cursor.execute(SQL("SELECT count(*) AS n FROM {}").format(self._table))
            return int((cursor.fetchone() or {"n": 0})["n"])

    def forget(self) -> None:
        """Empty the view, so that it is caught up again."""
        with self.datastore.transaction(commit=True) as cursor:
            tracking = Identifier(self.tracking_table_name)
            cursor.execute(SQL("DROP TABLE IF EXISTS {}, {}").format(self._table, tracking))


def _last(event: Any) -> tuple[str, str, int]:
    return type(event).__name__, event.on_day.isoformat(), event.originator_version


class Caseload(Projection[CaseloadView]):
    """Each event changes the row of its journey."""

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Bring the view one event further."""
        ours = KIND_OF[type(domain_event)]
        if ours is e.ReferralMade:
            self.view.refer(domain_event, tracking)
        elif ours in e.KINDS.values():
            self.view.change(domain_event, _changes(ours, domain_event), tracking)
        else:
            self.view.insert_tracking(tracking)


def _changes(ours: type, event: Any) -> dict[str, Any]:
    if ours in STATUS:
        return {"status": STATUS[ours]}
    if ours is e.PhaseEntered:
        return {"phase": event.phase, "phase_since": event.on_day.isoformat()}
    if ours is e.CaseWorkerAssigned or ours is e.HandoverAccepted:
        return {"responsible": event.person, "organisation": event.organisation}
    return {}


class Projected(Played):
    """A played log, kept by the library's own module, and its caseload."""

    def __init__(self, where: dict[str, Any]) -> None:
        env = environment(where, ORIGINATOR_ID_TYPE="text")
        super().__init__(Histories(env=env), where["kind"])
        self._env = env

    def catch_up(self) -> int:
        """Have an empty caseload caught up with the whole log; return how many events it took."""
        last = self.app.recorder.max_notification_id() or 0
        runner = ProjectionRunner(
            application_class=Histories,
            projection_class=Caseload,
            view_class=CaseloadView,
            env=self._env,
        )
        with runner:
            view = runner.projection.view
            runner.wait(last, timeout=PATIENCE_SECONDS)
            if not view.rows():
                raise NotTheSame("the caseload is empty after it was caught up")
            view.forget()  # so that the next round begins anew
        return last


def projected(where: dict[str, Any]) -> Projected:
    """A played log and a caseload of it."""
    return Projected(where)
