"""Who runs Polku reads clients' data by a command: it is recorded as any other reading is.

Over HTTP readings are noted in a file, and recorded a little later, many together. A command gives
one answer, and nobody answers after it: its reading is recorded at once, before anything is shown,
in a stream of the command's own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from application.accesses import RECORDER, readings_stream
from application.of_whom import Read
from application.ports import Append, EventLog, Fresh, NotNoted
from domain.access import Answered, ReadingsRecorded, Subject

OPERATOR = "operator"
"""The role of who runs Polku: nobody has it over HTTP."""

OPERATION = "operation"
"""The purpose of a reading that serves the running of the service and nothing else."""

MOST = 500
"""Readings after which an entry is full."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs a command, for which organisation ("": none is told), and the command's own id."""

    person: str
    organisation: str
    correlation: str


def record_reading(
    log: EventLog, operator: Operator, what: str, purpose: str, read: Iterable[Read]
) -> None:
    """Record that a command is about to show `what` of some people; of nobody: nothing.

    Raises NotNoted where it could not be recorded: then nothing must be shown.
    """
    at = log.now()
    subjects = [Subject(client or None, journey) for client, journey in dict.fromkeys(read)]
    if not subjects:
        return
    events = tuple(
        Fresh(ReadingsRecorded((_answer(operator, what, purpose, at, some),)), at.date())
        for some in _parted(subjects)
    )
    stream = readings_stream(f"{at:%Y-%m-%dT%H%M%S%f}-{operator.correlation}")
    try:
        log.append(Append(stream, 0, events, RECORDER, correlation=operator.correlation))
    except Exception as error:
        said = " ".join(str(error).split())
        raise NotNoted(
            f"the reading could not be recorded, so nothing is shown ({said}): reading clients' "
            "data needs a database that may be written"
        ) from error


def _parted(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, ...]]:
    for first in range(0, len(subjects), MOST):
        yield tuple(subjects[first : first + MOST])


def _answer(
    operator: Operator, what: str, purpose: str, at: datetime, read: tuple[Subject, ...]
) -> Answered:
    return Answered(
        person=operator.person,
        role=OPERATOR,
        organisation=operator.organisation,
        purpose=purpose,
        what=what,
        at=at,
        correlation=operator.correlation,
        read=read,
    )
