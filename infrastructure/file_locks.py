"""Locks of files, asked after: a process holds one for as long as it lives, and no longer."""

import fcntl
import os
from pathlib import Path


def is_held(file: Path) -> bool:
    """Whether any process holds the lock of a file. Raises OSError where it cannot be opened."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
