"""Group commit: what is asked for at the same time is written together, by one of those who ask.

There is no writer thread: whoever comes first leads, writes what has gathered, and hands the lead
to the next who waits. Whoever is first in the queue leads, so the lead cannot be lost where one is
interrupted (Ctrl-C): all that is needed is to leave the queue, and to wake who is first then.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


class _Waiting(Generic[T]):
    __slots__ = ("answered", "group", "turn", "work")

    def __init__(self, work: T) -> None:
        self.work = work
        self.answered = False
        self.group: list[_Waiting[T]] = []
        self.turn = threading.Lock()
        self.turn.acquire()

    def wake(self) -> None:
        """Have it look again at how things stand; only under the mutex."""
        if self.turn.locked():
            self.turn.release()


class GroupCommit(Generic[T]):
    """Gathers work of many threads and gives it to `write` in groups, one group at a time.

    `write` notes each answer, or the error, in the work itself: what it raises reaches the leader
    only.
    """

    def __init__(self, write: Callable[[Sequence[T]], None], *, most: int) -> None:
        self._write, self._most = write, most
        self._mutex = threading.Lock()
        self._queue: deque[_Waiting[T]] = deque()

    def submit(self, work: T) -> None:
        """Have the work written, and return when it is.

        Where its leader is interrupted, it returns too: then there is no answer in the work.
        """
        mine = _Waiting(work)
        try:
            try:
                self._take_part(mine)
            finally:
                self._leave(mine)
        except BaseException:
            self._leave(mine)  # the interruption may have come while leaving
            raise

    def _take_part(self, mine: _Waiting[T]) -> None:
        with self._mutex:
            self._queue.append(mine)
        while not self._is_called(mine):
            mine.turn.acquire()
        if mine.group:
            self._write([one.work for one in mine.group])

    def _is_called(self, mine: _Waiting[T]) -> bool:
        """Whether the work is answered, or leads: then its group is gathered."""
        with self._mutex:
            if not mine.answered and self._queue[0] is mine:
                mine.group = [*islice(self._queue, self._most)]
            return mine.answered or bool(mine.group)

    def _leave(self, mine: _Waiting[T]) -> None:
        """Leave the queue with the group that was led; harmless where it is done again."""
        if mine.answered and not mine.group:
            return
        with self._mutex:
            for one in mine.group:
                one.answered = True
                one.wake()
            while self._queue and self._queue[0].answered:
                self._queue.popleft()
            if mine in self._queue:  # interrupted while it waited
                self._queue.remove(mine)
            if self._queue:
                self._queue[0].wake()
        mine.group = []  # the leader is in it: what was written would stay until it is collected
