"""`polku serve` as processes of its own, that can be killed all at once."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx2

from application.scope import Role
from interfaces.http.identity_development import local_key, sign
from tests.conftest import MASTER_KEY

SECONDS = 60
"""Until a slow machine has started it, or stopped it."""

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Made once, as it takes longer than many requests do."""

POLKU = (sys.executable, "-c", "import sys; from interfaces.cli import main; sys.exit(main())")

AMPLE = {"POLKU_REQUESTS_PER_MINUTE": "100000000", "POLKU_BURST": "1000000"}


def held_port() -> socket.socket:
    """Return a socket with a port of its own, for servers that come and go.

    It does not listen, so that a server may, and while it is held nobody else is given the port.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


def is_ready(address: str) -> bool:
    """Wait until the service says that it is ready: it listens before its projector has begun."""
    deadline = time.monotonic() + SECONDS
    with httpx2.Client(timeout=5, verify=NO_TLS) as client:
        while time.monotonic() < deadline:
            with suppress(httpx2.TransportError):
                if client.get(f"{address}/health/ready").status_code == 200:
                    return True
            time.sleep(0.02)
    return False


def until(is_so: Callable[[], object]) -> None:
    """Wait until something is so, however slow the machine is."""
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Server:
    """The command on one database and one port; it can be started again and again."""

    def __init__(self, url: str, folder: Path, workers: int = 1) -> None:
        self._workers, self._held = workers, held_port()
        self._port = int(self._held.getsockname()[1])
        weakref.finalize(self, self._held.close)
        self._key = folder / "token-key"
        self._output = folder / "server.err"
        own = {
            "POLKU_DATABASE_URL": url,
            "POLKU_ACCESS_FOLDER": str(folder / "readings"),
            "POLKU_DEVELOPMENT_KEY": str(self._key),
            "POLKU_LOG_LEVEL": "error",
            "POLKU_MASTER_KEY": MASTER_KEY,
            **AMPLE,
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("POLKU_")}
        self._environment = kept | own
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def said(self) -> str:
        """What the server wrote about faults, all its lives long."""
        lines = self._output.read_text().splitlines()
        return "\n".join(line for line in lines if "DEVELOPMENT MODE" not in line)

    def start(self) -> None:
        """Start it, in a group of processes of its own, and wait until it is ready."""
        given = ("serve", "--json", "--port", str(self._port), "--workers", str(self._workers))
        with self._output.open("a") as err:
            self._process = subprocess.Popen(
                [*POLKU, *given],
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=err,
                text=True,
                start_new_session=True,
            )
        told = json.loads(self._process.stdout.readline() or "{}")
        assert told.get("workers") == self._workers, self.said
        assert is_ready(self.address), self.said

    def kill(self) -> None:
        """Kill all its processes at once: nothing of them can be done any more."""
        process = self._process
        if process is not None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            self._process = None

    def stop(self) -> int:
        """Ask it to stop, and return how it ended."""
        process = self._process
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS)
        self._process = None
        return int(process.returncode)

    def headers(self, person: str, role: Role = Role.CASE_WORKER) -> dict[str, str]:
        """Return what says that a person of Mikkeli asks."""
        token = sign(local_key(self._key), role, "mikkeli", person=person, seconds=1e6)
        return {"Authorization": f"Bearer {token}"}
