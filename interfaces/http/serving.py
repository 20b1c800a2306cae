"""Running the application: on a socket, in one process or several, until it is asked to stop."""

import gc
import logging
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from threading import Event, Thread
from types import FrameType
from typing import Any

import structlog
from fastapi import FastAPI
from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

from interfaces import bootstrap
from interfaces.http.app import create_app
from interfaces.http.metrics import SHARED

APPLICATION = "interfaces.http.serving:make_app"

BACKLOG = 2048
"""Connections that may wait to be taken."""

YOUNG = (10_000, 5, 1000)
"""Objects that are new until garbage is looked for among them; how often so until among those that
stayed, and how often that until among all."""

IDLE_SECONDS = 75
"""How long an unused connection is kept: longer than proxies do, so that they hang up first."""


class CannotListen(Exception):
    """The address cannot be listened on. The message says why."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes one that is free. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise CannotListen(
            f"cannot listen on {host}, port {port}: {why}; choose others by --host and --port"
        ) from error


def run(on: socket.socket, workers: int, stop_seconds: int) -> bool:
    """Serve until the process is asked to stop (SIGTERM, SIGINT); requests that run are ended.

    Return whether it was served at all.
    """
    config = Config(
        APPLICATION,
        factory=True,
        workers=workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=stop_seconds,
    )
    tell_of_server()
    # Once it is served no more, the server sends itself the signal again that stopped it.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    if workers > 1:
        with _shared_numbers():
            Multiprocess(config, sockets=[on]).run()
        return True
    server = Server(config)
    try:
        server.run(sockets=[on])
    except SystemExit:  # it could not be started, and has said why
        return False
    return server.started


@contextmanager
def _shared_numbers() -> Iterator[None]:
    """Have the numbers of several processes added up, in a directory of their own."""
    if os.environ.get(SHARED):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="polku-numbers-") as directory:
        os.environ[SHARED] = directory
        try:
            yield
        finally:
            del os.environ[SHARED]


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


_TRACE = "Traceback (most recent call last)"


class _Told(logging.Handler):
    """Passes on what the server says as messages of Polku, without what an exception says."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a message of the server."""
        failure = record.exc_info[1] if record.exc_info else None
        said = _without_trace(str(record.msg))
        told = structlog.get_logger().bind(said=said, failure=failure)
        getattr(told, record.levelname.lower(), told.info)("server")


def _without_trace(said: str) -> str:
    """Return what a server says; of a trace of calls, as of a start that failed, the kind alone."""
    if not said.startswith(_TRACE):
        return said
    lines = said.splitlines()[1:]
    kind = next((line.partition(":")[0] for line in lines if line[:1].strip()), "an exception")
    return f"it could not go on ({kind}): see what `polku db status` says"


def tell_of_server() -> None:
    """Have what the server says about itself written as Polku's own messages are."""
    for name in ("uvicorn", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [_Told()], False
    logging.getLogger("uvicorn").setLevel(logging.INFO)


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
