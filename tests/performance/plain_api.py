"""The plain way, to measure against: FastAPI and SQLAlchemy's ORM update rows in place.

A journey, its services and its attendances are tables; triggers write what a row was and what it
became into an audit table. Same server, same durability, the same checks before the act. It knows
no second clock, no idempotency key, no scope and no replay.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine, ForeignKey, create_engine, event, insert, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from tests.performance.attendance import (
    CLIENT,
    FIRST_DAY,
    ORGANISATION,
    PERSON,
    PROGRAMME,
    REFERENCE,
)

URL = "PLAIN_API_DATABASE_URL"


class Tables(DeclarativeBase):
    """The tables of truth."""


class Journey(Tables):
    """A client's way, as it stands."""

    __tablename__ = "journey"
    id: Mapped[str] = mapped_column(primary_key=True)
    client: Mapped[str]
    programme: Mapped[str]
    organisation: Mapped[str]
    status: Mapped[str]
    referred_on: Mapped[date]
    last_event: Mapped[str]
    last_on: Mapped[date]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    version: Mapped[int] = mapped_column()
    services: Mapped[list["Service"]] = relationship(back_populates="journey")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the ORM's own way


class Service(Tables):
    """A service that the client was guided into."""

    __tablename__ = "service"
    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journey.id"), index=True)
    reference: Mapped[str]
    service: Mapped[str]
    status: Mapped[str]
    started_on: Mapped[date]
    hours: Mapped[float]
    absences: Mapped[int]
    changed_by: Mapped[str]
    journey: Mapped[Journey] = relationship(back_populates="services")


class Attendance(Tables):
    """A day on which the client attended, or did not."""

    __tablename__ = "attendance"
    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    occurred_on: Mapped[date]
    hours: Mapped[float]
    absence_reason: Mapped[str | None]
    recorded_at: Mapped[datetime]
    person: Mapped[str]
    organisation: Mapped[str]


class Audit(Tables):
    """What a row was, and what it became."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    of_table: Mapped[str]
    row_id: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]
    person: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str]


AUDITED = {
    "journey": ("changed_by", ("id", "status", "organisation", "last_event", "last_on", "version")),
    "service": ("changed_by", ("id", "status", "hours", "absences")),
    "attendance": ("person", ("id", "service_id", "occurred_on", "hours", "absence_reason")),
}


def _json(database: str, row: str, columns: tuple[str, ...]) -> str:
    made = ", ".join(f"'{name}', {row}.{name}" for name in columns)
    return (
        f"json_build_object({made})::text" if database == "postgresql" else f"json_object({made})"
    )


def _triggers(database: str) -> Iterator[str]:
    for table, (person, columns) in AUDITED.items():
        for when in ("INSERT", "UPDATE"):
            before = "NULL" if when == "INSERT" else _json(database, "OLD", columns)
            values = (
                f"'{table}', NEW.id, CURRENT_TIMESTAMP, NEW.{person}, {before}, "
                f"{_json(database, 'NEW', columns)}"
            )
            write = (
                "INSERT INTO audit (of_table, row_id, at, person, before, after) "
                f"VALUES ({values});"
            )
            name = f"audit_{table}_{when.lower()}"
            if database == "sqlite":
                yield f"CREATE TRIGGER {name} AFTER {when} ON {table} BEGIN {write} END"
            else:
                yield (
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN {write} RETURN NULL; END $$"
                )
                yield (
                    f"CREATE TRIGGER {name} AFTER {when} ON {table} "
                    f"FOR EACH ROW EXECUTE FUNCTION {name}()"
                )


def engine_of(url: str) -> Engine:
    """Return an engine that commits as durably as Polku does."""
    if url.startswith("sqlite"):
        engine = create_engine(url, pool_size=40, connect_args={"timeout": 60})

        @event.listens_for(engine, "connect")
        def _durably(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

        return engine
    return create_engine(url, pool_size=40)


def seed(url: str, journeys: int) -> None:
    """Make the tables, their triggers, and journeys with a service under way."""
    engine = engine_of(url)
    Tables.metadata.create_all(engine)
    now = datetime.now(UTC)
    with engine.begin() as connection:
        for statement in _triggers(engine.dialect.name):
            connection.exec_driver_sql(statement)
        connection.execute(
            insert(Journey),
            [
                {
                    "id": str(n),
                    "client": CLIENT,
                    "programme": PROGRAMME,
                    "organisation": ORGANISATION,
                    "status": "open",
                    "referred_on": FIRST_DAY,
                    "last_event": "service-started",
                    "last_on": FIRST_DAY,
                    "changed_at": now,
                    "changed_by": PERSON,
                    "version": 1,
                }
                for n in range(journeys)
            ],
        )
        connection.execute(
            insert(Service),
            [
                {
                    "journey_id": str(n),
                    "reference": REFERENCE,
                    "service": "career-coaching",
                    "status": "started",
                    "started_on": FIRST_DAY,
                    "hours": 0.0,
                    "absences": 0,
                    "changed_by": PERSON,
                }
                for n in range(journeys)
            ],
        )
    engine.dispose()


class AttendanceBody(BaseModel):
    """A day of attendance."""

    model_config = ConfigDict(extra="forbid")
    occurred_on: date
    reference: str = Field(min_length=1, max_length=200)
    hours: float = Field(ge=0, le=24)
    absence_reason: str | None = Field(default=None, max_length=200)


class Recorded(BaseModel):
    """What became of the journey."""

    journey: str
    version: int
    hours: float


def make() -> FastAPI:
    """Return the application; the database's URL is in the environment."""
    engine = engine_of(os.environ[URL])
    app = FastAPI()

    def session() -> Iterator[Session]:
        with Session(engine) as opened:
            yield opened

    @app.post("/journeys/{journey}/acts/record-attendance", status_code=201)
    def record_attendance(
        journey: str,
        body: AttendanceBody,
        if_match: Annotated[str, Header()],
        x_person: Annotated[str, Header()],
        opened: Annotated[Session, Depends(session)],
    ) -> Recorded:
        found = opened.get(Journey, journey)
        if found is None:
            raise HTTPException(404)
        if if_match.strip('"') != str(found.version):
            raise HTTPException(412)
        if found.status != "open" or body.occurred_on < found.referred_on:
            raise HTTPException(409)
        service = next((s for s in found.services if s.reference == body.reference), None)
        if service is None or service.status != "started":
            raise HTTPException(409)
        now = datetime.now(UTC)
        opened.add(
            Attendance(
                service_id=service.id,
                occurred_on=body.occurred_on,
                hours=body.hours,
                absence_reason=body.absence_reason,
                recorded_at=now,
                person=x_person,
                organisation=ORGANISATION,
            )
        )
        service.hours += body.hours
        service.absences += body.hours == 0
        service.changed_by = found.changed_by = x_person
        found.last_event, found.last_on = "attendance-recorded", body.occurred_on
        found.changed_at = now
        opened.commit()
        return Recorded(journey=found.id, version=found.version, hours=service.hours)

    @app.get("/health/ready")
    def ready() -> dict[str, str]:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        return {"status": "ready"}

    return app
