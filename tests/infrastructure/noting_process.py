"""A process that notes readings until it is stopped, for tests that kill it.

It prints "asked ID" before each note and "answered ID" after it, as a server that answers would.

    python -m tests.infrastructure.noting_process URL FOLDER PROCESS THREADS NOTES
"""

import sys
import threading
from pathlib import Path

from domain.access import Answered, Subject
from infrastructure.access_spool import AccessSpool
from infrastructure.event_log import SqlEventLog, open_log
from tests.infrastructure.writing_process import say


def note(log: SqlEventLog, book: AccessSpool, process: str, thread: int, notes: int) -> None:
    """Note readings, each with an id of its own."""
    for n in range(notes):
        one = f"{process}-{thread}-{n}"
        what, read = "x" * 700, (Subject("c", "j"),)
        answer = Answered("p", "case-worker", "o", "service", what, log.now(), one, read)
        say(f"asked {one}")
        book.note(answer)
        say(f"answered {one}")


def main(url: str, folder: str, process: str, threads: str, notes: str) -> None:
    """Note with several threads at once; spools are small and recorded often."""
    with open_log(url) as log:
        book = AccessSpool(log, Path(folder), every=0.02, largest=20_000, look_for_dead=0.1)
        with book:
            say("ready")
            noting = [
                threading.Thread(target=note, args=(log, book, process, n, int(notes)))
                for n in range(int(threads))
            ]
            for thread in noting:
                thread.start()
            for thread in noting:
                thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
