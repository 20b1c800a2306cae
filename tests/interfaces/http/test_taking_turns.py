"""Connections that come at a time are shared out among those that listen on one socket."""

import asyncio
import socket
import threading
from contextlib import suppress

from interfaces.http.serving import listen
from interfaces.http.taking_turns import Loop, Taking

MANY = 24


class Counted(asyncio.Protocol):
    """Counts the connections of one that answers, and answers each with its name."""

    def __init__(self, name: bytes) -> None:
        self._name = name

    def connection_made(self, transport):
        transport.write(self._name)


class Answering:
    """One that answers, in a thread with a loop of its own."""

    def __init__(self, name: bytes, on: socket.socket) -> None:
        self._name, self._on, self._stopping = name, on.dup(), asyncio.Event()
        self._loop, self._ready = Loop(), threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))

    async def _run(self):
        server = await self._loop.create_server(lambda: Counted(self._name), sock=self._on)
        self._ready.set()
        await self._stopping.wait()
        server.close()
        await server.wait_closed()

    def __enter__(self):
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._on.close()


def answered(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        return connection.recv(1)


async def names_of(port: int, many: int) -> list[bytes]:
    opened = [asyncio.open_connection("127.0.0.1", port) for _ in range(many)]
    found = await asyncio.gather(*opened)
    names = [await reader.readexactly(1) for reader, _ in found]
    for _, writer in found:
        writer.close()
        await writer.wait_closed()
    return names


def test_nobody_takes_all_that_come_at_a_time():
    with listen("127.0.0.1", 0) as on, Answering(b"a", on), Answering(b"b", on):
        names = asyncio.run(names_of(on.getsockname()[1], MANY))
    assert len(names) == MANY
    assert min(names.count(b"a"), names.count(b"b")) >= MANY // 8


def test_who_is_alone_takes_all():
    with listen("127.0.0.1", 0) as on, Answering(b"a", on):
        assert asyncio.run(names_of(on.getsockname()[1], MANY)) == [b"a"] * MANY


def test_who_has_stopped_takes_no_more():
    with listen("127.0.0.1", 0) as on:
        port = on.getsockname()[1]
        with Answering(b"a", on):
            assert answered(port) == b"a"
        with Answering(b"b", on):
            assert [answered(port) for _ in range(5)] == [b"b"] * 5


def test_where_none_could_be_taken_it_is_told_and_tried_again(monkeypatch):
    monkeypatch.setattr("interfaces.http.taking_turns.AFTER_FAILURE_SECONDS", 0.0)
    told = []

    class Poor:
        """A loop that has no files left, once."""

        create_task = staticmethod(lambda task: asyncio.get_running_loop().create_task(task))
        call_exception_handler = staticmethod(told.append)

        async def sock_accept(self, _):
            if not told:
                raise OSError(24, "too many open files")
            await asyncio.Event().wait()

    async def run(on):
        taking = Taking(Poor(), asyncio.Protocol, on)
        while not told:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        taking.close()
        with suppress(asyncio.CancelledError):
            await taking.wait_closed()

    with listen("127.0.0.1", 0) as on:
        asyncio.run(run(on))
    assert isinstance(told[0]["exception"], OSError)
