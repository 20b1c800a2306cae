"""The archive of a log (`application.evaluation.asking.Archive`), in a folder."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from application.evaluation.asking import Moment
from application.evaluation.derived import DERIVED, FUNCTIONS
from application.evaluation.tables import tables
from infrastructure.archive_asked import AskedArchive
from infrastructure.archive_folder import Segment, check, readable, reading
from infrastructure.archive_log import AnotherLog, check_log, head
from infrastructure.database import Database


class NotCopied(Exception):
    """The archive could not be written out; the message says why."""


class ParquetArchive:
    """An archive in a folder, of the log in a database."""

    def __init__(self, folder: Path, database: Database, **options: Any) -> None:
        """Take where it is; `options` are those of `ArchiveWriter`, and its names.

        Raises AnotherLog or DamagedArchive.
        """
        self._folder, self._database, self._options = folder, database, options
        self._held: list[Segment] = []
        if folder.is_dir():
            with reading(folder):  # else what was merged could go just now
                self._held = readable(folder)
            check_log(folder, self._held, database)

    @property
    def position(self) -> int:
        """Return the position of the last entry that the archive holds."""
        return self._held[-1].until if self._held else 0

    @property
    def root(self) -> bytes | None:
        """Return the ledger's root at that position."""
        return bytes.fromhex(self._held[-1].root) if self._held else None

    def catch_up(
        self,
        until: int | None = None,
        on_progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> int:
        """Take in what the log has recorded since, up to a position; return the new position.

        Raises AnotherLog, DamagedArchive, EntryMissing, UnknownEvent or UnreadableEvent.
        """
        newest = head(self._database)
        until = newest if until is None else min(until, newest)
        if until > self.position:
            from infrastructure.archive_writing import ArchiveWriter  # noqa: PLC0415 - seldom

            writer = ArchiveWriter(self._folder, self._database, **self._options)
            self._held = writer.catch_up(until, on_progress)
        return self.position

    @contextmanager
    def at(self, moment: Moment) -> Iterator[AskedArchive]:
        """Open the archive as of a moment.

        Raises DamagedArchive where a file of it is, and AnotherLog where it was begun anew.
        """
        if not self._held:
            yield from self._opened([], moment)
            return
        with reading(self._folder):
            self._read_again()
            yield from self._opened(self._held, moment)

    def _read_again(self) -> None:
        """Look what is there now: others may have merged segments, or written further.

        Raises AnotherLog where there is less: what is asked would be told of a part of the log.
        """
        held = readable(self._folder)
        if not held or held[-1].until < self.position:
            raise AnotherLog(
                f"the archive in {self._folder} was begun anew while it was asked, by a program of "
                "another version perhaps: ask again, or give each one a POLKU_ARCHIVE of its own"
            )
        self._held = held

    def _opened(self, held: list[Segment], moment: Moment) -> Iterator[AskedArchive]:
        asked = AskedArchive(held, moment)
        try:
            yield asked
        finally:
            asked.close()

    def copy_to(
        self,
        place: Path,
        on_progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> int:
        """Copy the tables as Parquet, with their dictionary, to an empty folder.

        Return how many entries were copied. Progress counts files. Raises NotCopied, DamagedArchive
        or AnotherLog, and whatever `on_progress` raises.
        """
        if not self._held:
            with _writing():
                write_dictionary(place, 0, None)
            return 0
        with reading(self._folder):
            self._read_again()
            every = [(one, file) for one in self._held for file in one.files]
            for segment, file in every:
                check(segment, file)
            for done, (segment, file) in enumerate(every):
                on_progress(done, len(every))
                with _writing():
                    table = place / file.removesuffix(".parquet")
                    table.mkdir(exist_ok=True)
                    shutil.copyfile(segment.folder / file, table / f"{segment.folder.name}.parquet")
            on_progress(len(every), len(every))
        with _writing():
            write_dictionary(place, self.position, self.root)
        return self.position


@contextmanager
def _writing() -> Iterator[None]:
    """Say that it is the copy that cannot be written, and not the archive that cannot be used."""
    try:
        yield
    except OSError as error:
        raise NotCopied(error.strerror or str(error)) from error


def write_dictionary(place: Path, position: int, root: bytes | None) -> None:
    """Write what each table and column means, for a program and for a person."""
    place.mkdir(parents=True, exist_ok=True)
    told = dictionary()
    told["position"], told["ledger_root"] = position, root.hex() if root else None
    for table in told["tables"]:
        table["files"] = (place / table["name"]).is_dir()
    text = json.dumps(told, indent=1, ensure_ascii=False)
    (place / "dictionary.json").write_text(text + "\n", encoding="utf-8")
    (place / "dictionary.md").write_text("\n".join(_pages(told)) + "\n", encoding="utf-8")


def dictionary() -> dict[str, Any]:
    """Return every table and column with its type and meaning, as JSON has it.

    What is derived is made of the others when it is asked for, and is never a file.
    """
    derived = {table.name for table in DERIVED}
    return {
        "tables": [
            {
                "name": table.name,
                "says": table.says,
                "derived": table.name in derived,
                "columns": [column._asdict() for column in table.columns],
            }
            for table in tables().values()
        ],
        "functions": list(FUNCTIONS),
    }


def _pages(told: Mapping[str, Any]) -> Iterator[str]:
    yield "# Tables of the archive\n"
    yield "A table is a folder of Parquet files, together; where it has none, that is said."
    for table in told["tables"]:
        yield f"\n## {table['name']}\n\n{table['says']}{_without_files(table)}\n"
        yield "| column | type | meaning |\n| --- | --- | --- |"
        for column in table["columns"]:
            yield f"| `{column['name']}` | {column['type']} | {column['says']} |"
    yield "\n## Functions\n\nIn what Polku itself is asked in SQL, as in files of indicators:\n"
    yield from (f"- {function}" for function in told["functions"])


def _without_files(table: Mapping[str, Any]) -> str:
    if table["files"]:
        return ""
    if table["derived"]:
        return (
            " No files: Polku makes it of the others when it is asked, as in files of indicators."
        )
    return " No files: nothing of it is recorded."
