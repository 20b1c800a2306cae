"""Secrets of this machine, each in a file that this user alone can read, made on first use."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

HEX: Final = 8
"""Bytes that tell the files apart which several processes write at once."""


def make_once(file: Path, make: Callable[[], bytes]) -> bool:
    """Have a secret in a file: that of `make`, where there is none; return whether it was asked.

    Of several who ask at once one is the first, and all read the same. What a process left beside
    it that was killed meanwhile is removed. Raises OSError.
    """
    is_missing = not file.exists()
    if is_missing:
        _put_where_none_is(file, make())
    _remove_what_is_left_beside(file)
    return is_missing


def _put_where_none_is(file: Path, secret: bytes) -> None:
    """Write a secret beside the file, and link it there, unless somebody else was faster."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_name(f".{file.name}.{token_hex(HEX)}")
    written = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(written, "wb") as to:
            to.write(secret)
            to.flush()
            os.fsync(to.fileno())
        with suppress(FileExistsError):
            os.link(beside, file)
    except FileNotFoundError:  # who was faster has removed it: it would have come to nothing
        if not file.exists():
            raise
    finally:
        beside.unlink(missing_ok=True)


def _remove_what_is_left_beside(file: Path) -> None:
    """Remove other copies of the secret, and secrets that came to nothing, where that is allowed.

    The file is there, so what another process writes just now comes to nothing, too.
    """
    left = re.compile(rf"\.{re.escape(file.name)}\.[0-9a-f]{{{2 * HEX}}}")
    with suppress(OSError):
        for path in [*file.parent.iterdir()]:
            if left.fullmatch(path.name) and path.is_file() and not path.is_symlink():
                path.unlink(missing_ok=True)
