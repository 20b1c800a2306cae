"""What is folded for views is kept in memory where more follows on it, and only there."""

from collections.abc import Iterator, Sequence
from datetime import date

import pytest

from application.accesses import RECORDER
from application.ports import Append, Fresh
from application.views.readings import Noted
from domain.access import Answered, ReadingsRecorded, Subject
from domain.entry import By
from domain.journey.events import ReferralAccepted
from infrastructure.event_log import SqlEventLog
from infrastructure.log_tables import Row
from infrastructure.stream_folding import Folded, FoldedStreams, by_stream
from tests.infrastructure.projecting import opened, projections_of

DAY = date(2025, 6, 2)
SPOOL, JOURNEY = "readings:2025-06-02-a", "journey:j-1"


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    with opened(database_url) as found:
        yield found


def test_a_journey_is_carried_on_and_a_spool_of_readings_is_folded_anew(log: SqlEventLog):
    """A spool is soon full, and names a thousand clients."""
    projections = projections_of(log)
    loaded: list[str] = []

    def load(streams: Sequence[str]) -> Sequence[Row]:
        loaded.extend(streams)
        return projections.whole(streams)

    folded = FoldedStreams(projections.reader, load, kept=10)
    for version, client in enumerate(("c-1", "c-2", "c-3")):
        for stream, event, by in (
            (SPOOL, ReadingsRecorded((read(log, client),)), RECORDER),
            (JOURNEY, ReferralAccepted(), By("v", "o")),
        ):
            log.append(Append(stream, version, (Fresh(event, DAY),), by))
        found = folded.brought(by_stream(projections.page(2 * version, 10)))
        assert {stream: version_of(found[stream]) for stream in found} == {
            SPOOL: version + 1,
            JOURNEY: version + 1,
        }
    spool = found[SPOOL]
    assert isinstance(spool, Folded)
    assert isinstance(spool.state, Noted)
    assert [key for key, also, _ in spool.state.keys if also] == [
        *("client:c-1", "person:v", "client:c-2", "person:v", "client:c-3", "person:v")
    ]
    assert loaded == [SPOOL, SPOOL]


def read(log: SqlEventLog, client: str) -> Answered:
    whose = (Subject(client, "j-1"),)
    return Answered("v", "case-worker", "o", "service", "page", log.now(), None, whose)


def version_of(outcome: object) -> int:
    assert isinstance(outcome, Folded)
    return outcome.version
