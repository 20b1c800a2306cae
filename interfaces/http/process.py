"""One of the processes that answer: its application, made as the settings say."""

import gc
import os
import signal
from collections.abc import Callable
from multiprocessing import parent_process
from threading import Event, Thread
from types import FrameType
from typing import Any

from fastapi import FastAPI

from interfaces import bootstrap
from interfaces.http.app import create_app
from interfaces.http.serving import tell_of_server

YOUNG = (50_000, 5, 200)
"""By how many objects there are more until garbage is looked for among the new ones; how often so
until among those that stayed, and how often that until among all. It is looked for long before."""

SECONDS, TURNS = 0.1, 4
"""How long until what is new is looked through again, and in which turn with what is less new."""


def make_app() -> FastAPI:
    """Return the application as the settings of the environment say; each process makes its own."""
    given = bootstrap.settings()
    bootstrap.set_up_logging(given)
    tell_of_server()
    _end_with_parent()
    stopping = _stopping()
    application = create_app(
        lambda: bootstrap.open_service(given),
        bootstrap.http_settings(given),
        stopping=stopping,
    )
    _collect_seldom()
    collect_in_portions(stopping.wait)
    return application


def _collect_seldom() -> None:
    """Have garbage looked for in portions of what is young, and hardly ever in all that is kept.

    There are millions of objects in the histories that are kept folded, and none of them is in a
    circle: to go through them all would stop the process for half a second, again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*YOUNG)


def collect_in_portions(wait: Callable[[float], bool]) -> Thread:
    """Look for garbage among what is new, some times a second, until `wait` says that it is over.

    `wait` waits for so many seconds, or until then. Python looks when there are so many more
    objects; where as many new ones come as old ones are let go of, the new ones are many times that
    by then, and to go through them takes a tenth of a second, in which nobody is answered.
    """

    def run() -> None:
        turn = 0
        while not wait(SECONDS):
            turn = (turn + 1) % TURNS
            gc.collect(0 if turn else 1)

    thread = Thread(target=run, name="collecting", daemon=True)
    thread.start()
    return thread


def _end_with_parent() -> None:
    """Stop this process where the one that started it is gone: nobody would stop it else."""
    parent = parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=wait, name="parent-watch", daemon=True).start()


def _stopping() -> Event:
    """Return what is set as soon as the process is asked to stop."""
    asked = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _also(asked.set, signal.getsignal(number)))
    return asked


def _also(first: Callable[[], None], then: Any) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        first()
        if callable(then):
            then(number, frame)

    return handle
