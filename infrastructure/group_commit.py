"""Group commit: what is asked for at the same time is written together, by one of those who ask.

There is no writer thread: whoever comes first leads, writes what has gathered, and hands the lead
to the next who waits. One who comes alone pays two short locks and nothing more.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class _Waiting(Generic[T]):
    __slots__ = ("answered", "lead", "turn", "work")

    def __init__(self, work: T) -> None:
        self.work = work
        self.answered = False
        self.lead = False
        self.turn = threading.Lock()


class GroupCommit(Generic[T]):
    """Gathers work of many threads and gives it to `write` in groups, one group at a time.

    `write` notes each answer, or the error, in the work itself: what it raises reaches the leader
    only.
    """

    def __init__(self, write: Callable[[Sequence[T]], None], *, most: int) -> None:
        self._write, self._most = write, most
        self._mutex = threading.Lock()
        self._queue: deque[_Waiting[T]] = deque()
        self._led = False

    def submit(self, work: T) -> None:
        """Have the work written, and return when it is."""
        mine = _Waiting(work)
        with self._mutex:
            if self._led:
                mine.turn.acquire()
                self._queue.append(mine)
            else:
                self._led = mine.lead = True
        if not mine.lead:
            self._wait(mine)
        if not mine.answered:
            self._lead(mine)

    def _wait(self, mine: _Waiting[T]) -> None:
        try:
            mine.turn.acquire()
        except BaseException:
            # Interrupted (Ctrl-C): take the work back if nobody has it yet, and do not keep a lead
            # that was handed over in this moment, or everybody else would wait for ever.
            with self._mutex:
                if mine in self._queue:
                    self._queue.remove(mine)
            if mine.lead:
                self._hand_over()
            raise

    def _lead(self, mine: _Waiting[T]) -> None:
        group = [mine, *self._gather()]
        try:
            self._write([one.work for one in group])
        finally:
            for one in group[1:]:
                one.answered = True
                one.turn.release()
            self._hand_over()

    def _gather(self) -> list[_Waiting[T]]:
        with self._mutex:
            return [self._queue.popleft() for _ in range(min(len(self._queue), self._most - 1))]

    def _hand_over(self) -> None:
        with self._mutex:
            self._led = bool(self._queue)
            if self._led:
                following = self._queue.popleft()
                following.lead = True
                following.turn.release()
