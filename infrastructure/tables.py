"""Tables read from a source: a CSV file, a zip of CSV files, or a folder of them.

Nothing is dropped: a row that cannot be read is kept as a bad row with a code. Lines with nothing
on them are no rows, but they count in the numbers of the rows after them.
"""

import csv
import hashlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import NamedTuple, cast

from application.importing.collecting import without_collecting
from application.importing.language import Form, Mapping, MappingFaults, TableRule
from application.importing.tables import BadRow, Row, Table, Tables, Unmapped, UnusableSource
from domain.faults import Fault

LONGEST_CELL = 10_000_000
"""Characters. A longer cell is no cell but a quote that was never closed."""


LARGEST_UNPACKED = 2**30
"""Bytes of one file in a zip. A larger one is a zip bomb, or is better given unpacked."""

DENSEST = 200
"""How many times larger than it is packed a large file may be; real tables are 3 to 30 times."""

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    OSError,
    ValueError,
)
"""What the reading of a zip raises where it is damaged, encrypted, or packed in an unknown way."""


class _Member(NamedTuple):
    """A file of a source: its name, what opens it, the digest of the file it came in."""

    name: str
    open: Callable[[], io.BufferedReader]
    digest: Callable[[bytes], str]

    def read(self) -> bytes:
        """Return all of it. Raises UnusableSource."""
        with _unpacking(self.name), self.open() as file:
            return file.read()


@contextmanager
def _unpacking(name: str) -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:
        raise _not_in(name, error) from error
    except _DAMAGE as error:
        message = f"{name}: it cannot be read or unpacked ({error}); get the file again"
        raise UnusableSource(message) from error


@without_collecting()
def read_tables(source: Path, mapping: Mapping) -> Tables:
    """Read the mapping's tables from a source, and count the rows of its other files.

    Raises UnusableSource, and MappingFaults where the mapping names a file that is not there.
    """
    members = _members(source)
    by_table = _matched(mapping, members, source)
    tables: dict[str, Table] = {}
    for rule in mapping.tables:
        member = by_table[rule.name]
        content = member.read()
        tables[rule.name] = _table(member.name, member.digest(content), content, mapping.form)
    taken = {member.name for member in by_table.values()}
    unmapped = tuple(
        Unmapped(member.name, _count_rows(member, mapping.form))
        for member in members
        if member.name not in taken
    )
    return Tables(str(source), tables, unmapped)


def _members(source: Path) -> list[_Member]:
    if source.is_dir():
        return _files(source)
    if not source.is_file():
        raise UnusableSource(f"{source}: there is no such file or folder; check the path")
    if zipfile.is_zipfile(source):
        return _zipped(source)
    return [_Member(source.name, lambda: _opened(source), _sha256)]


def _files(folder: Path) -> list[_Member]:
    paths = sorted(p for p in folder.iterdir() if _is_table(p.name) and p.is_file())
    if not paths:
        raise UnusableSource(f"{folder}: no CSV file is in this folder")
    return [_Member(path.name, lambda path=path: _opened(path), _sha256) for path in paths]  # type: ignore[misc]


def _zipped(source: Path) -> list[_Member]:
    with _opened(source) as packed:
        digest = hashlib.file_digest(packed, "sha256").hexdigest()
    with _unpacking(str(source)), zipfile.ZipFile(source) as archive:
        packed_files = sorted(
            (one for one in archive.infolist() if _is_table(one.filename)),
            key=lambda one: one.filename,
        )
    for one in packed_files:
        if _is_bomb(one):
            message = f"{one.filename} would unpack to {one.file_size:,} bytes; if that is right, "
            raise UnusableSource(f"{source}: {message}unpack it and give the folder")
    if not packed_files:
        raise UnusableSource(f"{source}: no CSV file is in this zip")
    names = [one.filename for one in packed_files]
    return [_Member(n, lambda n=n: _unzipped(source, n), lambda _: digest) for n in names]  # type: ignore[misc]


def _is_bomb(packed: zipfile.ZipInfo) -> bool:
    size = packed.file_size
    dense = size > LARGEST_UNPACKED // 10 and size > DENSEST * packed.compress_size
    return size > LARGEST_UNPACKED or dense


def _is_table(name: str) -> bool:
    """Whether a file is a table; a Mac puts files of its own beside each, with the same ending."""
    path = PurePosixPath(name)
    own = "__MACOSX" in path.parts or path.name.startswith("._")
    return path.suffix.lower() == ".csv" and not own


def _opened(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise UnusableSource(f"{path}: it cannot be read: {error.strerror}") from error


def _unzipped(source: Path, name: str) -> io.BufferedReader:
    with zipfile.ZipFile(source) as archive:
        # What is open keeps the archive open, and reads no more than the size that was checked.
        return io.BufferedReader(cast("io.RawIOBase", archive.open(name)))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _matched(mapping: Mapping, members: list[_Member], source: Path) -> dict[str, _Member]:
    """Return the file of each table: by name, or the only file where the mapping names none."""
    by_name: dict[str, list[_Member]] = {}
    for member in members:
        by_name.setdefault(PurePosixPath(member.name).name.lower(), []).append(member)
    matched, faults = {}, []
    for rule in mapping.tables:
        found = members if rule.file is None else by_name.get(rule.file.lower(), [])
        if len(found) == 1:
            matched[rule.name] = found[0]
        else:
            message = _unmatched(rule, found, source)
            faults.append(Fault(mapping.file, *rule.at, message, "not-in-source"))
    if faults:
        raise MappingFaults(faults)
    return matched


def _unmatched(rule: TableRule, found: list[_Member], source: Path) -> str:
    what = rule.file or "one CSV file"
    if not found:
        return f"{source} has no {what}; give a source that has it"
    return f"{source} has {what} {len(found)} times: {', '.join(one.name for one in found)}"


def _decoded(name: str, content: bytes, encoding: str) -> str:
    """Return the text; bytes that are none in the encoding become lone surrogates."""
    encoding = _encoding(content[:3], encoding)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        pass
    try:
        return content.decode(encoding, "surrogateescape")
    except UnicodeDecodeError as error:
        raise _not_in(name, error) from error


def _encoding(begin: bytes, encoding: str) -> str:
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-8-sig" if begin.startswith(b"\xef\xbb\xbf") else encoding


def _not_in(name: str, error: UnicodeDecodeError) -> UnusableSource:
    return UnusableSource(f"{name}: it is not written in {error.encoding} ({error.reason})")


def _records(lines: Iterable[str], delimiter: str) -> Iterator[list[str] | str]:
    """Yield each record, or why it cannot be read; reading goes on with the next line."""
    csv.field_size_limit(LONGEST_CELL)
    records = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        before = records.line_num
        try:
            yield next(records)
        except csv.Error as error:
            lines = f"line {before + 1}"
            if records.line_num > before + 1:
                lines = f"lines {before + 1} to {records.line_num}, all in one quote,"
            yield f"{lines} cannot be read as CSV: {error}"
        except StopIteration:
            return


def _table(name: str, digest: str, content: bytes, form: Form) -> Table:
    text = _decoded(name, content, form.encoding)
    records = _records(io.StringIO(text, newline=""), form.delimiter)
    header = _header(name, next((r for r in records if r), None))
    clean = not _has_unreadable(text)
    rows: list[Row] = []
    bad: list[BadRow] = []
    width = len(header)
    for number, record in enumerate(records, 1):
        if isinstance(record, str):
            bad.append(BadRow(number, "row-unreadable", record))
        elif len(record) == width and (clean or not _unreadable(record)):
            rows.append(Row(number, record))
        elif record:
            bad.append(_bad(number, record, header))
    return Table(name, digest, header, rows, bad)


def _header(name: str, record: list[str] | str | None) -> tuple[str, ...]:
    if record is None:
        raise UnusableSource(f"{name}: the file is empty; its first line must name the columns")
    if isinstance(record, str):
        raise UnusableSource(f"{name}: {record}")
    if _unreadable(record):
        message = "its first line has characters that are none; name its `encoding` in the mapping"
        raise UnusableSource(f"{name}: {message}")
    header = tuple(cell.strip() for cell in record)
    twice = sorted({column for column in header if header.count(column) > 1 and column})
    if twice:
        raise UnusableSource(f"{name}: the column {twice[0]!r} is there twice; rename one")
    return header


def _has_unreadable(text: str) -> bool:
    if "\0" in text:
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _unreadable(record: list[str]) -> bool:
    return any(_has_unreadable(cell) for cell in record)


def _bad(number: int, record: list[str], header: tuple[str, ...]) -> BadRow:
    if len(record) != len(header):
        message = f"it has {len(record)} cells, the header has {len(header)}"
        return BadRow(number, "row-malformed", message)
    message = "it has characters that are none: bytes of another encoding, or NUL"
    columns = (name for name, cell in zip(header, record, strict=True) if _has_unreadable(cell))
    return BadRow(number, "row-unreadable", message, tuple(columns))


def _count_rows(member: _Member, form: Form) -> int:
    """Count the rows of a file that nobody needs, without holding it."""
    with _unpacking(member.name), member.open() as file:
        encoding = _encoding(file.peek(3)[:3], form.encoding)
        text = io.TextIOWrapper(file, encoding, "surrogateescape", newline="")
        records = _records(_lines(member.name, text), form.delimiter)
        return max(0, sum(bool(record) for record in records) - 1)


def _lines(name: str, text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_CELL):
        if len(line) == LONGEST_CELL:
            raise UnusableSource(f"{name}: a line has {LONGEST_CELL:,} characters or more")
        yield line
