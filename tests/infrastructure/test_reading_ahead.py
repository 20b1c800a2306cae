"""What is read ahead comes in order."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from infrastructure.reading_ahead import ahead


def test_what_is_read_ahead_comes_in_order_and_its_failure_is_told() -> None:
    def pages() -> Iterator[int]:
        yield from range(5)
        raise OSError("the server went away")

    found: list[int] = []
    with closing(ahead(pages())) as read, pytest.raises(OSError, match="went away"):
        found.extend(read)
    assert found == [0, 1, 2, 3, 4]
