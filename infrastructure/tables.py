"""Tables read from a source: a CSV file, a zip of CSV files, or a folder of them.

Nothing is dropped: a row that cannot be read is kept as a bad row with a code. Lines with nothing
on them are no rows, but they count in the numbers of the rows after them.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from application.importing.collecting import without_collecting
from application.importing.language import Form, Mapping, MappingFaults, TableRule
from application.importing.tables import BadRow, Row, Table, Tables, Unmapped, UnusableSource
from domain.faults import Fault

LONGEST_CELL = 10_000_000
"""Characters. A longer cell is no cell but a quote that was never closed."""


class _Member(NamedTuple):
    """A file of a source: its name, what reads its bytes, the digest of the file it came in."""

    name: str
    read: Callable[[], bytes]
    digest: Callable[[bytes], str]


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
    return [_Member(source.name, lambda: _bytes(source), _sha256)]


def _files(folder: Path) -> list[_Member]:
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() == ".csv" and p.is_file())
    if not paths:
        raise UnusableSource(f"{folder}: no CSV file is in this folder")
    return [_Member(path.name, lambda path=path: _bytes(path), _sha256) for path in paths]  # type: ignore[misc]


def _zipped(source: Path) -> list[_Member]:
    digest = _sha256(_bytes(source))
    with zipfile.ZipFile(source) as archive:
        names = sorted(n for n in archive.namelist() if n.lower().endswith(".csv"))
    if not names:
        raise UnusableSource(f"{source}: no CSV file is in this zip")
    return [_Member(n, lambda n=n: _unzipped(source, n), lambda _: digest) for n in names]  # type: ignore[misc]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnusableSource(f"{path}: it cannot be read: {error.strerror}") from error


def _unzipped(source: Path, name: str) -> bytes:
    try:
        with zipfile.ZipFile(source) as archive:
            return archive.read(name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        message = f"{source}: {name} cannot be unpacked ({error}); get the file again"
        raise UnusableSource(message) from error


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
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        pass
    try:
        return content.decode(encoding, "surrogateescape")
    except UnicodeDecodeError as error:
        raise UnusableSource(f"{name}: it is not written in {encoding} ({error.reason})") from error


def _records(text: str, delimiter: str) -> Iterator[list[str] | str]:
    """Yield each record, or why it cannot be read; reading goes on with the next line."""
    csv.field_size_limit(LONGEST_CELL)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
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
    records = _records(text, form.delimiter)
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
            bad.append(_bad(number, record, width))
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


def _bad(number: int, record: list[str], width: int) -> BadRow:
    if len(record) != width:
        message = f"it has {len(record)} cells, the header has {width}"
        return BadRow(number, "row-malformed", message)
    message = "it has characters that are none: bytes of another encoding, or NUL"
    return BadRow(number, "row-unreadable", message)


def _count_rows(member: _Member, form: Form) -> int:
    text = _decoded(member.name, member.read(), form.encoding)
    records = sum(bool(record) for record in _records(text, form.delimiter))
    return max(0, records - 1)
