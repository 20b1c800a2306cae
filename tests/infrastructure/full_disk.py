"""A disk that has little room left."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def disk_with(more: int) -> Iterator[None]:
    """A disk on which files can grow to so many bytes only."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (more, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
