"""Commands that go wrong, for the tests of how that is said."""

import errno
import os


def broken() -> None:
    """Divide by nothing."""
    raise ZeroDivisionError("division by zero, said Aino Virtanen")


def full() -> None:
    """Write on a disk that is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full_at() -> None:
    """Write a file on a disk that is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/srv/polku.db.readings/1")


def stopped() -> None:
    """Be interrupted by a person."""
    raise KeyboardInterrupt


def stopped_in_a_query() -> None:
    """Be interrupted while DuckDB answers, which tells of it so."""
    raise RuntimeError("Query interrupted")
