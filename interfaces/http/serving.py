"""Running the application: on a socket, in one process or several, until it is asked to stop.

Where several processes answer, this one only watches them. So nothing is imported here of what they
answer with: it would lie in memory once more for nothing.
"""

import fcntl
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, NoReturn

import structlog
from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

APPLICATION = "interfaces.http.process:make_app"
LOOP = "interfaces.http.taking_turns:Loop"
WIRE = "interfaces.http.wire:Wire"

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The variable of the directory in which several processes add their numbers up."""

NUMBERS, LOCK = "polku-numbers-", ".lock"
"""How the names of such directories begin, and the file in each that is locked while it is used."""

ARENAS = ("MALLOC_ARENA_MAX", "2")
"""The C library of Linux gives threads parts of the memory of their own, where what is free helps
no other: that is for threads that run side by side, as those of Python do not."""

BACKLOG = 2048
"""Connections that may wait to be taken."""

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


class Plan(NamedTuple):
    """How it is to be served: by how many processes, and how each tells of its own running.

    `stop_seconds` is how long requests may take to end when it is asked to stop.
    """

    workers: int
    stop_seconds: int
    log_level: str
    log_format: str


def begin(on: socket.socket, plan: Plan) -> NoReturn:
    """Go on as another program that does nothing but serve, in this process.

    So nothing is left in memory of what the command needed, and the memory is shared out as the
    threads of the service need it, which cannot be changed later.
    """
    on.set_inheritable(True)
    os.environ.setdefault(*ARENAS)
    sys.stdout.flush()
    told = map(str, (on.fileno(), *plan))
    # Without -P it would look for modules in the present folder first.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "interfaces.http", *told])  # noqa: S606


def run(on: socket.socket, workers: int, stop_seconds: int) -> bool:
    """Serve until the process is asked to stop (SIGTERM, SIGINT); requests that run are ended.

    Return whether it was served at all.
    """
    config = Config(
        APPLICATION,
        factory=True,
        workers=workers,
        loop=LOOP if workers > 1 else "uvloop",
        http=WIRE,
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
    remove_left_behind()
    with tempfile.TemporaryDirectory(prefix=NUMBERS) as directory, in_use(Path(directory)):
        os.environ[SHARED] = directory
        try:
            yield
        finally:
            del os.environ[SHARED]


@contextmanager
def in_use(directory: Path) -> Iterator[None]:
    """Hold the lock that tells that somebody adds numbers up in a directory."""
    begun = directory / f".new{LOCK}"
    with _locked(begun, os.O_RDWR | os.O_CREAT):
        # Under its name it is held from the first: another would take it for one of the dead.
        begun.rename(directory / LOCK)
        yield


def remove_left_behind() -> None:
    """Remove directories of numbers whose service was killed: nobody else ever would."""
    for directory in Path(tempfile.gettempdir()).glob(f"{NUMBERS}*"):
        with suppress(OSError):  # it is used; or has no lock: it just begins, or is an older one's
            if directory.stat().st_uid == os.geteuid():
                with _locked(directory / LOCK, os.O_RDWR):
                    shutil.rmtree(directory)


@contextmanager
def _locked(file: Path, how: int) -> Iterator[None]:
    """Lock a file. Raises OSError where another process has it, or it is not there."""
    lock = os.open(file, how, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(lock)


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
