"""A journey and its proofs in one file, out of a log of very many entries; and verifying it."""

from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr

from application.ports import Append, Fresh
from domain.journey.events import AttendanceRecorded
from infrastructure.settings import Settings
from interfaces import bootstrap
from interfaces.cli import verify_bundle
from tests.performance.attendance import FIRST_DAY, ORGANISATION, PERSON, REFERENCE, attendance
from tests.performance.ours import BY, WholeAct, opened, url_of

JOURNEY = "0"
BEGUN = 3
"""Entries that the journey has before the first day of attendance."""


class Bundled(WholeAct):
    """One journey, whose entries lie as far apart in the log as they can."""

    def __init__(self, where: dict[str, Any]) -> None:
        super().__init__(opened(where))
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        key = SecretStr(pem.decode())
        self._settings = Settings(database_url=url_of(where), ledger_key=key)
        self._made = b""

    def seed(self, streams: int, length: int) -> None:
        """Make a log of so many entries (`streams`), with a journey of `length` in it."""
        super().seed(1, BEGUN)
        between = streams // length
        for number in range(BEGUN, length):
            self._fill(between)
            day, hours = attendance(number)
            fresh = Fresh(AttendanceRecorded(REFERENCE, hours, None), day)
            self.log.append(Append(f"journey:{JOURNEY}", number, (fresh,), BY))
        self._fill(streams - self.log.position())

    def _fill(self, count: int) -> None:
        """Store entries of others, as they would be, in one transaction."""
        with self.log._writer.appending() as (cursor, position, micros):
            rows = list(_others(position, micros, count))
            if rows:
                self.log._writer.insert_rows(cursor, rows)

    def bundle(self) -> int:
        """Make the bundle, as the command does but for writing it to a file."""
        self._office.histories.forget()
        made = bootstrap.bundle_journey(self._office, JOURNEY, self._settings)
        self._made = made.data
        return 1

    def verify_bundle(self) -> int:
        """Verify the bundle as anybody does."""
        verify_bundle.verify(self._made)
        return 1

    def entries(self) -> int:
        """Return how many entries the bundle proves."""
        return len(verify_bundle.verify(self._made)[1])


def _others(position: int, micros: int, count: int) -> Iterator[tuple[Any, ...]]:
    day = FIRST_DAY.isoformat()
    for at in range(position + 1, position + count + 1):
        body = b'{"reference":"%d","hours":6.5,"note":null}' % at
        yield (
            at, f"journey:other-{at}", 1, "attendance-recorded", 1, day, micros, None, None,
            PERSON, ORGANISATION, None, None, body,
        )  # fmt: skip


def bundled(where: dict[str, Any]) -> Bundled:
    """A large log with one journey that is bundled."""
    return Bundled(where)
