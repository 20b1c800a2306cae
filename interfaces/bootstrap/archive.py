"""The archive of a log, which says in a sentence what is wrong with it, whenever that is found."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interfaces.bootstrap.running import settings
from interfaces.bootstrap.unusable import Unusable

if TYPE_CHECKING:
    from application.evaluation.asking import Moment, Opened
    from application.office import Office
    from infrastructure.archive import ParquetArchive
    from infrastructure.settings import Settings


@dataclass(frozen=True, slots=True)
class ArchiveHere:
    """An archive in its folder (`application.evaluation.asking.Archive`).

    A file of it may be found damaged only when a question reads it: so all of it raises Unusable.
    """

    of: ParquetArchive
    folder: Path

    @property
    def position(self) -> int:
        """Return the position of the last entry that it holds."""
        return self.of.position

    @property
    def root(self) -> bytes | None:
        """Return the ledger's root there."""
        return self.of.root

    def catch_up(
        self,
        until: int | None = None,
        on_progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> int:
        """Take in what the log has recorded since; return the new position."""
        with _usable(self.folder):
            return self.of.catch_up(until, on_progress)

    @contextmanager
    def at(self, moment: Moment) -> Iterator[Opened]:
        """Open the archive as of a moment."""
        with ExitStack() as opened:
            with _usable(self.folder):
                asked = opened.enter_context(self.of.at(moment))
            with _whole(self.folder):  # what else fails meanwhile is not the archive's
                yield asked

    def copy_to(
        self,
        place: Path,
        on_progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> int:
        """Copy the tables to an empty folder; return how many entries. Raises NotCopied, too."""
        with _usable(self.folder):
            return self.of.copy_to(place, on_progress)


def open_archive(office: Office, given: Settings | None = None) -> ArchiveHere:
    """Return the archive of an office's log, as far as it was written.

    Raises BadSetting, or Unusable where it is damaged or of another log.
    """
    from infrastructure.archive import ParquetArchive

    log: Any = office.log
    folder = (given or settings()).archive_folder
    with _usable(folder):
        return ArchiveHere(ParquetArchive(folder, log.database, names=log.names), folder)


@contextmanager
def _usable(folder: Path) -> Iterator[None]:
    """Say what is wrong with the archive, or with its folder, in a sentence."""
    try:
        with _whole(folder):
            yield
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else error
        raise Unusable(
            f"the archive {folder} cannot be used: {why}; put that right, or name another place by "
            "POLKU_ARCHIVE"
        ) from error


@contextmanager
def _whole(folder: Path) -> Iterator[None]:
    from infrastructure.archive_folder import DamagedArchive
    from infrastructure.archive_log import AnotherLog, EntryMissing

    try:
        yield
    except DamagedArchive as error:
        raise Unusable(
            f"the archive is damaged: {error}; remove {folder}, and it is written anew from the log"
        ) from error
    except (AnotherLog, EntryMissing) as error:
        raise Unusable(str(error)) from error
