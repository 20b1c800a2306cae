"""Garbage of a process that answers is looked for in small portions."""

import gc
import threading
import weakref

from interfaces.http.process import collect_in_portions


class Ring:
    """What only a collection lets go of."""

    def __init__(self) -> None:
        self.itself = self


def test_in_portions_what_is_new_is_let_go_of_and_what_is_less_new_in_its_turn() -> None:
    ask, asked = threading.Semaphore(0), threading.Semaphore(0)
    over = False

    def wait(_seconds: float) -> bool:
        asked.release()
        ask.acquire()
        return over

    def turn() -> None:
        ask.release()
        assert asked.acquire(timeout=60)

    gc.disable()
    gc.collect()
    try:
        thread = collect_in_portions(wait)
        assert asked.acquire(timeout=60)
        new = weakref.ref(Ring())
        assert new() is not None
        turn()
        assert new() is None
        ring = Ring()
        turn()  # it is there still, and less new since
        less_new = weakref.ref(ring)
        del ring
        turn()
        assert less_new() is not None
        turn()
        assert less_new() is None
        over = True
        ask.release()
        thread.join(60)
        assert not thread.is_alive()
    finally:
        gc.enable()
