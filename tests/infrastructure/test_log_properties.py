"""For any run of commands the log answers as a simple model in memory does."""

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.ports import Append, Fresh, KeyReused, Receipt, VersionConflict
from domain.entry import By
from domain.journey.events import PlanStepReached, ReferralAccepted
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.event_names import UnstorableEvent
from tests.conftest import UNHURRIED
from tests.databases import Databases, Files

DAY = date(2024, 1, 1)
EVENTS = st.sampled_from([ReferralAccepted(), PlanStepReached("a"), PlanStepReached("b")])
UNSTORABLE = PlanStepReached(7)


@dataclass
class Asked:
    """A command, with its expected version told by how far it is from the true one."""

    stream: str
    off: int
    events: tuple[Any, ...]
    key: str | None
    request: str

    def append(self, prefix: str, version: int) -> Append:
        events = tuple(Fresh(event, DAY) for event in self.events)
        key = None if self.key is None else prefix + self.key
        by = By("p", "o")
        return Append(prefix + self.stream, version + self.off, events, by, key, self.request)


COMMANDS = st.builds(
    Asked,
    stream=st.sampled_from("abc"),
    off=st.sampled_from([0, 0, 0, 0, 1, -1]),
    events=st.lists(st.one_of(EVENTS, EVENTS, EVENTS, st.just(UNSTORABLE)), max_size=3).map(tuple),
    key=st.one_of(st.none(), st.sampled_from("kl")),
    request=st.sampled_from("rs"),
)
HOW = st.sampled_from(["append", "all", "together"])
RUNS = st.lists(st.tuples(st.integers(0, 1), HOW, st.lists(COMMANDS)))


@dataclass
class Model:
    """The log's rules, in the fewest words."""

    position: int
    streams: dict[str, list[tuple[int, Any]]] = field(default_factory=lambda: defaultdict(list))
    keys: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def copy(self) -> "Model":
        streams = defaultdict(list, {s: list(e) for s, e in self.streams.items()})
        return Model(self.position, streams, dict(self.keys))

    def answer(self, asked: Append) -> Any:
        """Return the kind of error, or (repeated, version, position, events)."""
        if any(fresh.event == UNSTORABLE for fresh in asked.events):
            return UnstorableEvent
        if asked.key in self.keys:
            request, given = self.keys[asked.key]
            return (True, *given) if request == asked.request else KeyReused
        stream = self.streams[asked.stream]
        if asked.expected_version != len(stream):
            return VersionConflict
        for fresh in asked.events:
            self.position += 1
            stream.append((self.position, fresh.event))
        newest = stream[-1][0] if stream else 0
        given = (len(stream), newest, tuple(fresh.event for fresh in asked.events))
        if asked.key is not None:
            self.keys[asked.key] = asked.request, given
        return (False, *given)


def seen(answer: Receipt | Exception) -> Any:
    if isinstance(answer, Exception):
        return type(answer)
    events = tuple(entry.event for entry in answer.entries)
    return answer.repeated, answer.version, answer.position, events


def do(log: SqlEventLog, how: str, commands: list[Append]) -> Any:
    if how == "append":
        return [seen(_one(log, command)) for command in commands]
    if how == "all":
        return [seen(answer) for answer in log.append_all(commands)]
    try:
        return [seen(answer) for answer in log.append_all(commands, together=True)]
    except (VersionConflict, KeyReused, UnstorableEvent) as error:
        return type(error)


def _one(log: SqlEventLog, command: Append) -> Receipt | Exception:
    try:
        return log.append(command)
    except (VersionConflict, KeyReused, UnstorableEvent) as error:
        return error


def expect(model: Model, how: str, commands: list[Append]) -> tuple[Model, Any]:
    trial = model.copy()
    answers = [trial.answer(command) for command in commands]
    refused = [answer for answer in answers if isinstance(answer, type)]
    if how != "together" or not refused:
        return trial, answers
    # what cannot be encoded is found before anything is tried
    first = UnstorableEvent if UnstorableEvent in refused else refused[0]
    return model, first


NUMBERS = itertools.count()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def two_logs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """One log for all examples, opened twice; each example has streams and keys of its own."""
    if request.param == "sqlite":
        files: Files = request.getfixturevalue("sqlite_files")
        url = files.copy(tmp_path_factory.mktemp("log") / "polku.db")
        with open_log(url) as one, open_log(url) as other:
            yield one, other
        return
    databases: Databases = request.getfixturevalue("postgresql_databases")
    url = databases.copy("polku_properties")
    with open_log(url) as one, open_log(url) as other:
        yield one, other
    databases.leave("polku_properties")


@settings(
    deadline=None,
    suppress_health_check=[*UNHURRIED, HealthCheck.function_scoped_fixture],
)
@given(run=RUNS)
def test_any_run_of_commands_is_answered_as_the_model_says(
    two_logs: tuple[SqlEventLog, SqlEventLog], run: list[tuple[int, str, list[Asked]]]
):
    prefix = f"example-{next(NUMBERS)}-"
    start = two_logs[0].position()
    model = Model(start)
    for which, how, asked in run:
        commands = [one.append(prefix, len(model.streams[prefix + one.stream])) for one in asked]
        model, expected = expect(model, how, commands)
        assert do(two_logs[which], how, commands) == expected

    for stream, events in model.streams.items():
        entries = two_logs[0].load(stream)
        assert [(entry.position, entry.event) for entry in entries] == events
        assert [entry.version for entry in entries] == list(range(1, len(events) + 1))
    stored = [(one.entry.position, one.stream) for one in two_logs[1].read(after=start)]
    assert stored == sorted((p, s) for s, events in model.streams.items() for p, _ in events)
    assert [position for position, _ in stored] == list(range(start + 1, model.position + 1))
