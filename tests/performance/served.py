"""A write act over HTTP: Polku's service, and the plain way, each in a process of its own.

Both are served by uvicorn with as many processes, on the same database server, and have as many
journeys with a service under way. Each client works at journeys of its own, one after another, and
sends what it was answered last: so nothing is refused, by either.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.performance import ours, plain_api
from tests.performance.attendance import ORGANISATION, PERSON, REFERENCE, attendance
from tests.performance.contenders import LENGTH
from tests.performance.databases import Places, free_port
from tests.performance.http_load import Answer, Asker, Load, load, request
from tests.performance.rival_environment import ROOT

PATIENCE_SECONDS = 60
CLIENTS = 32
JOURNEYS_EACH = 10
POLKU = [str(Path(sys.executable).with_name("polku"))]


class NotServed(Exception):
    """A server did not come up, or refused what it should have taken."""


class Served(ABC):
    """A server of one contender."""

    code: str
    title: str
    first_version: int
    """The version of a journey as it was made."""

    def __init__(self, places: Places, kind: str) -> None:
        self.url, self._folder = ours.url_of(places.fresh(kind, self.code)), places.folder
        self.port = free_port()
        self._askers = [self._asker(number) for number in range(CLIENTS)]
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def seed(self, journeys: int) -> None:
        """Make the journeys."""

    @abstractmethod
    def command(self) -> tuple[Sequence[str], dict[str, str]]:
        """Return the command that serves, and its part of the environment."""

    @abstractmethod
    def headers(self, version: int) -> dict[str, str]:
        """Return what a write act says beside its body."""

    def start(self) -> None:
        """Serve, and return when it is ready. Raises NotServed."""
        command, environment = self.command()
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise NotServed(f"{self.title} ended with {self._process.returncode}")
            if self._is_ready():
                return
            time.sleep(0.1)
        raise NotServed(f"{self.title} was not ready after {PATIENCE_SECONDS} s")

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready") as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def load(self, seconds: float) -> Load:
        """Have all clients act for so many seconds. Raises NotServed where one is refused."""
        return load(self.port, self._askers, seconds)

    def run(self, seconds: float) -> dict[str, Any]:
        """Return the figures of one run, as other contenders tell theirs."""
        done = self.load(seconds)
        spans = {f"p{percent}_ms": done.percentile_ms(percent) for percent in (50, 99)}
        return {"rate": done.rate, **spans, "failed": 0, "failure": None}

    def _asker(self, number: int) -> Asker:
        mine = [str(number * JOURNEYS_EACH + n) for n in range(JOURNEYS_EACH)]
        versions = dict.fromkeys(mine, self.first_version)
        turn = [-1]

        def ask() -> bytes:
            turn[0] += 1
            journey = mine[turn[0] % len(mine)]
            version = versions[journey]
            day, hours = attendance(version)
            body = {"occurred_on": day.isoformat(), "reference": REFERENCE, "hours": hours}
            path = f"/journeys/{journey}/acts/record-attendance"
            return request("POST", path, self.headers(version), json.dumps(body).encode())

        def heard(answer: Answer) -> None:
            if answer.status != 201:
                said = answer.body.decode(errors="replace")
                raise NotServed(f"{self.title} answered {answer.status}: {said}")
            versions[mine[turn[0] % len(mine)]] = json.loads(answer.body)["version"]

        return Asker(ask, heard)

    def memory_mb(self) -> float:
        """Return the memory that the server and its processes hold, in MB."""
        return 0.0 if self._process is None else resident_mb(self._process.pid)

    def stop(self) -> None:
        """End the server."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class Polku(Served):
    """Polku's own service."""

    code, title = "polku-http", "Polku, record-attendance over HTTP"
    first_version = LENGTH

    def __init__(self, places: Places, kind: str, workers: int = 1) -> None:
        super().__init__(places, kind)
        self._workers = workers

    def seed(self, journeys: int) -> None:
        made = ours.WholeAct(ours.opened_url(self.url))
        made.seed(journeys, LENGTH)
        made.close()
        self.settle()

    def settle(self) -> None:
        """Catch the views up, and make the token that the clients use."""
        self._run("projections", "run", "--once")
        self._token = self._sign("--role", "case-worker", "--organisation", ORGANISATION)

    def _sign(self, *said: str) -> str:
        told = json.loads(self._run("token", *said, "--person", PERSON, "--json"))
        return str(told["token"])

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*POLKU, *arguments],
            cwd=ROOT,
            env=os.environ | self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotServed(f"polku {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        return {
            "POLKU_DATABASE_URL": self.url,
            "POLKU_DEVELOPMENT_KEY": str(self._folder / "development-key.json"),
            "POLKU_REQUESTS_PER_MINUTE": "10000000",
            "POLKU_BURST": "10000000",
            "POLKU_WORKERS": str(self._workers),
        }

    def command(self) -> tuple[Sequence[str], dict[str, str]]:
        return [*POLKU, "serve", "--port", str(self.port)], self._environment()

    def headers(self, version: int) -> dict[str, str]:
        key = os.urandom(8).hex()
        return {
            "authorization": f"Bearer {self._token}",
            "if-match": f'"{version}"',
            "idempotency-key": key,
        }


class Plain(Served):
    """FastAPI and SQLAlchemy's ORM, with an audit table kept by triggers."""

    code, title = "plain-http", "FastAPI, SQLAlchemy ORM, audit trigger"
    first_version = 1

    def seed(self, journeys: int) -> None:
        plain_api.seed(self.url, journeys)

    def command(self) -> tuple[Sequence[str], dict[str, str]]:
        served = [*("--factory", "tests.performance.plain_api:make"), "--port", str(self.port)]
        quiet = ["--log-level", "warning", "--no-access-log"]
        return [sys.executable, "-m", "uvicorn", *served, *quiet], {plain_api.URL: self.url}

    def headers(self, version: int) -> dict[str, str]:
        return {"x-person": PERSON, "if-match": f'"{version}"'}


SERVED: tuple[Callable[[Places, str], Served], ...] = (Polku, Plain)


def resident_mb(process: int) -> float:
    """Return the memory of a process and all it has started, in MB; what they share counts once.

    Linux tells it, with a share for each (`Pss`).
    """
    own = 0.0
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            own = int(line.split()[1]) / 1024
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return own + sum(resident_mb(int(child)) for child in children.split())
