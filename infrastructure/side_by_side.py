"""Works that the database does side by side, while it is looked whether to stop."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")

CHECKED_SECONDS = 0.5
"""How often it is looked whether to stop, while the database works by itself."""


def side_by_side(
    work: Callable[[K], T], of: Sequence[K], at_once: int, check: Callable[[], object]
) -> list[T]:
    """Have so many works done at once; return what came of each, in their order.

    `check` is called now and then, and at the end. What it raises is raised, and what has not
    begun by then is not done.
    """
    with ThreadPoolExecutor(at_once) as pool:
        asked = [pool.submit(work, each) for each in of]
        try:
            while wait(asked, CHECKED_SECONDS).not_done:
                check()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    check()
    return [answer.result() for answer in asked]
