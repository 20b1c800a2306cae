"""Many processes write; some are killed. What was acknowledged is stored, whole, once, in order."""

import os
import random
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from multiprocessing.connection import Connection
from typing import Any

from application.ports import Append, Fresh
from domain.entry import By
from domain.journey.events import ReferralAccepted
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.ledger_audit import Audit
from tests.begun import CONTEXT, Begun

KILLS = 10


def writer(url: str, process: str, threads: int, commands: int) -> Begun:
    module = "tests.infrastructure.writing_process"
    return Begun(module, url, process, str(threads), str(commands))


class Said:
    """What a writing process has said so far, read while it runs."""

    def __init__(self, process: Begun) -> None:
        self.asked: set[str] = set()
        self.stored: dict[str, tuple[int, int]] = {}
        self._lines: Iterator[bytes] = iter(process.stdout)
        assert next(self._lines) == b"ready\n"
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        for line in self._lines:
            if not line.endswith(b"\n"):
                return
            match line.decode().split():
                case ["asked", key]:
                    self.asked.add(key)
                case ["stored", key, first, last]:
                    self.stored[key] = int(first), int(last)

    def to_the_end(self) -> "Said":
        self._thread.join()
        return self


def commands_in(log: SqlEventLog) -> dict[str, list[int]]:
    """Return the positions of each stored command, after checking order and wholeness."""
    commands: dict[str, list[int]] = defaultdict(list)
    versions: dict[str, int] = defaultdict(int)
    whole: dict[str, int] = {}
    moments = []
    for position, one in enumerate(log.read(), 1):
        key, number, many = one.entry.event.step.split("/")
        versions[one.stream] += 1
        assert one.entry.position == position
        assert one.entry.version == versions[one.stream]
        assert int(number) == len(commands[key])
        commands[key].append(position)
        whole[key] = int(many)
        moments.append(one.entry.recorded_at)
    assert {key: len(positions) for key, positions in commands.items()} == whole
    assert moments == sorted(moments)
    return commands


def test_killed_writers_lose_nothing_and_leave_no_half_command(database_url: str):
    chance = random.Random(7)  # noqa: S311 - when to kill
    asked: set[str] = set()
    stored: dict[str, tuple[int, int]] = {}
    for life in range(KILLS):
        process = writer(database_url, f"life-{life}", threads=6, commands=100_000)
        said = Said(process)
        time.sleep(chance.uniform(0.05, 0.25))
        deadline = time.monotonic() + 60
        while len(said.stored) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        said.to_the_end()
        process.stdout.close()
        asked |= said.asked
        stored |= said.stored

    with open_log(database_url) as log:
        found = commands_in(log)
        assert len(stored) > KILLS
        lost = stored.keys() - found.keys()
        assert lost == set()
        assert found.keys() <= asked
        for key, (first, last) in stored.items():
            assert found[key] == list(range(first, last + 1))
        for key in found:  # the key went in with the command, acknowledged or not
            assert [e.position for e in log.answer(key, key).entries] == found[key]
        for key in asked - found.keys():
            assert log.answer(key, key) is None
        assert Audit(log.database).run().faults == []  # the ledger went in with them


def test_a_reader_sees_every_event_once_in_order_while_eight_processes_write(database_url: str):
    writers = [writer(database_url, f"writer-{n}", threads=2, commands=30) for n in range(8)]
    seen: list[tuple[int, str]] = []
    with open_log(database_url) as log, log.follow(poll=0.05) as following:
        follower = threading.Thread(
            target=lambda: seen.extend((r.entry.position, r.entry.event.step) for r in following)
        )
        follower.start()
        said = [Said(process).to_the_end() for process in writers]
        assert [process.wait() for process in writers] == [0] * 8
        end = log.position()
        deadline = time.monotonic() + 60
        while len(seen) < end and time.monotonic() < deadline:
            time.sleep(0.05)
        following.close()
        follower.join()
        for process in writers:
            process.stdout.close()

        assert [position for position, _ in seen] == list(range(1, end + 1))
        assert [step for _, step in seen] == [one.entry.event.step for one in log.read()]
        assert len(commands_in(log)) == sum(len(one.stored) for one in said) == 8 * 2 * 30


def race(url: str, person: str, gate: Any, telling: Connection) -> None:
    """Append each command once both are there; tell whether it was a repetition, and of whose."""
    with open_log(url) as log:
        gate.wait()
        for n in range(40):
            once = (Fresh(ReferralAccepted(), date(2024, 1, 1)),)
            by, key = By(person, "o"), f"key-{n}"
            receipt = log.append(Append(f"stream-{n}", 0, once, by, key=key, request="r"))
            telling.send((receipt.repeated, receipt.entries[0].by.person, receipt.position))


def test_processes_that_race_for_a_key_get_one_answer(database_url: str):
    gate, racers, heard = CONTEXT.Barrier(2), [], []
    for person in ("anna", "bruno"):
        hearing, telling = CONTEXT.Pipe(duplex=False)
        racers.append(CONTEXT.Process(target=race, args=(database_url, person, gate, telling)))
        racers[-1].start()
        telling.close()
        heard.append(hearing)
    told = [[hearing.recv() for _ in range(40)] for hearing in heard]
    for racer, hearing in zip(racers, heard, strict=True):
        racer.join()
        hearing.close()
    assert [racer.exitcode for racer in racers] == [0, 0]

    for anna, bruno in zip(*told, strict=True):
        assert {anna[0], bruno[0]} == {True, False}
        assert anna[1:] == bruno[1:]
    with open_log(database_url) as log:
        assert log.position() == 40
