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

YOUNG = (1_000, 3, 15_000)
"""By how many objects there are more until garbage is looked for among the new ones; how often so
until among those that stayed, and how often that until among all.

As many new ones come for each more as old ones are let go of: of ten thousand more the new ones are
fifty thousand, and while they are gone through nobody is answered."""


def make_app() -> FastAPI:
    """Return the application as the settings of the environment say; each process makes its own."""
    given = bootstrap.settings()
    bootstrap.set_up_logging(given)
    tell_of_server()
    _end_with_parent()
    application = create_app(
        lambda: bootstrap.open_service(given),
        bootstrap.http_settings(given),
        stopping=_stopping(),
    )
    _collect_seldom()
    return application


def _collect_seldom() -> None:
    """Have garbage looked for among what is young, and hardly ever in all that is remembered.

    There are millions of objects in the histories that are kept folded, and none of them is in a
    circle: to go through them all would stop the process for half a second, again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*YOUNG)


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
