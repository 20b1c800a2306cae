"""Processes that begin at once: each is forked from one that has imported what they do.

It is a process of its own all the same: it opens all that it works on itself, and a kill ends it
alone.
"""

import os
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Self

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        "pytest",
        "infrastructure.schema",
        *(f"tests.infrastructure.{act}_process" for act in ("writing", "noting", "projecting")),
    ]
)


class Begun:
    """`main` of a module in a process of its own, told as `subprocess.Popen` tells it."""

    def __init__(self, module: str, *arguments: str) -> None:
        reading, writing = CONTEXT.Pipe(duplex=False)
        self._process = CONTEXT.Process(
            target=_begin, args=(module, arguments, writing), daemon=True
        )
        self._process.start()
        writing.close()
        self.stdout = os.fdopen(os.dup(reading.fileno()), "rb")
        """What it writes."""
        reading.close()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def kill(self) -> None:
        """Kill it, which asks it nothing."""
        self._process.kill()

    def wait(self) -> int | None:
        """Wait for its end; return its status, less than 0 for the signal that killed it."""
        self._process.join()
        return self._process.exitcode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self.wait()


def _begin(module: str, arguments: tuple[str, ...], writing: Connection) -> None:
    os.dup2(writing.fileno(), 1)
    writing.close()
    import_module(module).main(*arguments)
