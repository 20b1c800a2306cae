"""Connections shared out among the processes that answer on one socket.

Left to itself, whichever process is awake takes all that come at a time, and keeps them for as long
as the callers do: it would answer alone, while the others have nothing to do.
"""

import asyncio
from asyncio import AbstractEventLoop, BaseTransport, Protocol
from collections.abc import Callable, Sequence
from contextlib import suppress
from socket import socket
from typing import Any

import uvloop

PAUSE_SECONDS, MOST_PAUSES = 0.001, 5
"""How long another process may come first, for each connection that this one has; so often at most:
five milliseconds, in which hardly two requests are answered, hold nobody up."""

AFTER_FAILURE_SECONDS = 1.0
"""How long until a connection is taken again where none could be, for want of files perhaps."""


class Loop(uvloop.Loop):
    """An event loop that takes connections one by one, the more slowly the more it has."""

    async def create_server(self, protocol_factory: Any, *given: Any, **how: Any) -> Any:
        """Serve on a socket that other processes listen on as well; as uvloop does on others."""
        sock = how.get("sock")
        if sock is None or how.get("ssl") is not None:
            return await super().create_server(protocol_factory, *given, **how)
        return Taking(self, protocol_factory, sock)


class Taking:
    """Takes connections of a socket until it is closed (as `asyncio.Server`)."""

    def __init__(
        self, loop: AbstractEventLoop, protocol_factory: Callable[[], Protocol], sock: socket
    ) -> None:
        sock.setblocking(False)
        self.sockets: Sequence[socket] = (sock,)
        self._loop, self._protocol_factory, self._socket = loop, protocol_factory, sock
        self._kept: list[BaseTransport] = []
        self._task = loop.create_task(self._run())

    async def _run(self) -> None:
        while True:
            try:
                await self._take()
            except OSError as error:
                told = {"message": "no connection could be taken", "exception": error}
                self._loop.call_exception_handler(told)
                await asyncio.sleep(AFTER_FAILURE_SECONDS)
            await asyncio.sleep(PAUSE_SECONDS * min(len(self._kept), MOST_PAUSES))

    async def _take(self) -> None:
        taken, _ = await self._loop.sock_accept(self._socket)
        self._kept = [one for one in self._kept if not one.is_closing()]
        transport, _ = await self._loop.connect_accepted_socket(self._protocol_factory, taken)
        self._kept.append(transport)

    def close(self) -> None:
        """Take no more connections; those there are stay."""
        self._task.cancel()

    async def wait_closed(self) -> None:
        """Return when no more are taken."""
        with suppress(asyncio.CancelledError):
            await self._task
