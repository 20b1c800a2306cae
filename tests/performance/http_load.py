"""Many clients that speak HTTP at once: each waits for its answer, then asks again.

Kept small on purpose, so that on few cores the server is measured and not its callers: one
connection a client, kept open, and no more of HTTP/1.1 than both servers answer with.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import quantiles


@dataclass(slots=True)
class Answer:
    """One answer: its status, headers (names in small letters) and body."""

    status: int
    headers: dict[str, str]
    body: bytes


Ask = Callable[[], bytes]
Heard = Callable[[Answer], None]


@dataclass(slots=True)
class Asker:
    """One client: what it asks next, and what it does with the answer."""

    ask: Ask
    heard: Heard = field(default=lambda _: None)


@dataclass(slots=True)
class Load:
    """What came of it: how long each answer took, in seconds, and how many of each status."""

    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds if self.seconds else 0.0

    def percentile_ms(self, percent: int) -> float:
        """How long that many in a hundred took at most, in milliseconds."""
        return 1000 * quantiles(self.took, n=100)[percent - 1] if len(self.took) > 1 else 0.0


def request(
    method: str, path: str, headers: dict[str, str], body: bytes = b"", host: str = "localhost"
) -> bytes:
    """Return the bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", f"host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def load(port: int, askers: Sequence[Asker], seconds: float) -> Load:
    """Have all clients ask for so many seconds. Raises OSError where the server hangs up."""
    return asyncio.run(_load(port, askers, seconds))


async def _load(port: int, askers: Sequence[Asker], seconds: float) -> Load:
    outcome = Load()
    begun = time.perf_counter()
    until = begun + seconds
    await asyncio.gather(*(_ask_on(port, asker, until, outcome) for asker in askers))
    outcome.seconds = time.perf_counter() - begun
    return outcome


async def _ask_on(port: int, asker: Asker, until: float, outcome: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while time.perf_counter() < until:
            asked = asker.ask()  # which may be a token signed: it is no part of the answer's time
            begun = time.perf_counter()
            writer.write(asked)
            answer = await _answer(reader)
            outcome.took.append(time.perf_counter() - begun)
            outcome.statuses[answer.status] += 1
            asker.heard(answer)
    finally:
        writer.close()
        await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Answer(int(head[0].split(" ", 2)[1]), headers, body)
