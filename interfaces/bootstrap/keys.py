"""Keys of personal data, which are left, clearing after they are gone; secrets of this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from interfaces.bootstrap.databases import plainly
from interfaces.bootstrap.log import projections_of

if TYPE_CHECKING:
    from application.erasing import Clear, Left
    from application.office import Office
    from infrastructure.settings import Settings


def check_keys(given: Settings) -> None:
    """Look at the master keys: whether they can be used, and open what the database holds.

    Raises Unusable.
    """
    from infrastructure.event_log import open_log

    with plainly(given):
        masters = given.master_keys()
        with open_log(given.database_url, masters=lambda: masters) as log:
            log.keys.check()


def make_secret_once(file: Path, make: Callable[[], bytes]) -> None:
    """Have a secret of this machine in a file: that of `make`, where there is none.

    Raises OSError.
    """
    from infrastructure.own_secrets import make_once

    make_once(file, make)


def keys_left(office: Office) -> Left:
    """Return what tells whether keys of streams are not destroyed, as the database has it now."""
    log: Any = office.log
    left: Left = log.keys.left
    return left


def kinds_left(office: Office) -> Callable[[Sequence[str]], frozenset[str]]:
    """Return what tells of which kinds streams have a key that is not destroyed."""
    log: Any = office.log
    left: Callable[[Sequence[str]], frozenset[str]] = log.keys.kinds_left
    return left


def clearing(office: Office) -> Clear:
    """Return what clears the files after keys were destroyed."""
    from functools import partial

    from infrastructure.clearing import clear

    return partial(clear, projections_of(office))


def rotate_master_key(office: Office, on_progress: Callable[[int, int], None]) -> tuple[str, int]:
    """Wrap the keys of personal data by the newest master key; return its id, and how many."""
    log: Any = office.log
    to_do = left = log.keys.to_wrap_anew()
    done = 0
    while left:
        while wrapped := log.keys.wrap_anew():
            done += wrapped
            on_progress(done, max(to_do, done))
        left = log.keys.to_wrap_anew()
        if left:  # others are at work on the same keys
            sleep(0.1)
    return log.keys.masters.newest, done
