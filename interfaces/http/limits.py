"""How much may be asked: the size of a body, and how often a person asks."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.wording import said
from interfaces.http.problems import RATE, TOO_LARGE, Problem

REMEMBERED = 10_000
"""How many people's rates are remembered; who is forgotten may ask as if never seen."""


class BodyLimit:
    """Refuses a body of more than `most` bytes, announced or not, before it is all read."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through up to the size. Raises Problem (413)."""
        if scope["type"] != "http" or scope["method"] == "GET":
            await self._app(scope, receive, send)
            return
        announced = next((v for k, v in scope["headers"] if k == b"content-length"), b"")
        if announced.isdigit() and int(announced[:20]) > self._most:
            raise self._too_large()
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise self._too_large()
            return message

        await self._app(scope, counted, send)

    def _too_large(self) -> Problem:
        return Problem(
            TOO_LARGE,
            said("a body has at most {most} bytes: send less at a time", most=self._most),
            headers={"Connection": "close"},
        )


class Rate:
    """How often each person may ask: a bucket that fills by `per_minute` up to `burst`.

    Kept in memory, so that it counts in each process for itself.
    """

    def __init__(
        self, per_minute: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second, self._burst, self._clock = per_minute / 60, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, who: str) -> None:
        """Count a request of a person or an address. Raises Problem (429) where it is too many."""
        wait = self._wait(who)
        if wait > 0:
            raise Problem(
                RATE,
                said("these are too many requests: try again in {seconds} seconds", seconds=wait),
                headers={"Retry-After": str(wait)},
            )

    def _wait(self, who: str) -> int:
        """Take one from the bucket; return the seconds (whole) until there is one where not."""
        now = self._clock()
        with self._lock:
            left, at = self._buckets.pop(who, (float(self._burst), now))
            left = min(float(self._burst), left + (now - at) * self._per_second)
            granted = left >= 1
            self._buckets[who] = (left - 1 if granted else left, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        return 0 if granted else int((1 - left) / self._per_second) + 1
