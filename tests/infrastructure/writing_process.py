"""A process that writes to the log until it is stopped, for tests that kill it.

It prints a line for each command: "asked KEY" before, "stored KEY FIRST LAST" after the log has
acknowledged it. Threads write at once, so that a kill falls into groups of commands.

    python -m tests.infrastructure.writing_process URL PROCESS THREADS COMMANDS
"""

import os
import sys
import threading
from datetime import date

from application.ports import Append, Fresh
from domain.entry import By
from domain.journey.events import PlanStepReached
from infrastructure.event_log import SqlEventLog, open_log

DAY = date(2024, 1, 1)


def say(line: str) -> None:
    """Tell the test, at once and in one piece."""
    os.write(1, f"{line}\n".encode())


def events_of(key: str) -> tuple[Fresh, ...]:
    """Return one to four events that name their command, so that half of one would be seen."""
    many = 1 + sum(key.encode()) % 4
    return tuple(Fresh(PlanStepReached(f"{key}/{n}/{many}"), DAY) for n in range(many))


def write(log: SqlEventLog, process: str, thread: int, commands: int) -> None:
    """Write commands to a stream of the thread's own, one after the other."""
    stream, version = f"{process}-{thread}", 0
    for n in range(commands):
        key = f"{stream}-{n}"
        say(f"asked {key}")
        append = Append(stream, version, events_of(key), By("p", "o"), key=key, request=key)
        receipt = log.append(append)
        say(f"stored {key} {receipt.entries[0].position} {receipt.position}")
        version = receipt.version


def main(url: str, process: str, threads: str, commands: str) -> None:
    """Write with several threads at once."""
    with open_log(url) as log:
        say("ready")
        writing = [
            threading.Thread(target=write, args=(log, process, n, int(commands)))
            for n in range(int(threads))
        ]
        for thread in writing:
            thread.start()
        for thread in writing:
            thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
