"""Sources as they come: files, zips and folders, their encodings and their broken rows."""

import hashlib
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from application.importing.language import Mapping, MappingFaults
from application.importing.tables import Row, Table, UnusableSource
from infrastructure.mapping_files import parse_mapping
from infrastructure.tables import read_tables

ONE = """
source: spells
by: {person: p, organisation: o}
form: FORM
tables:
  spells:
    key: id
    brings:
      - client: new
        events: [{event: client-registered, occurred_on: {date: start}}]
"""


def mapping(form: str = "{}", file: str | None = None) -> Mapping:
    text = ONE.replace("FORM", form)
    if file:
        text = text.replace("key: id", f"key: id\n    file: {file}")
    return parse_mapping(text.encode(), "m.yaml")


def read(tmp_path: Path, content: bytes | str, form: str = "{}") -> Table:
    file = tmp_path / "spells.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_tables(file, mapping(form)).by_name["spells"]


def test_a_file_has_its_digest_and_its_rows_their_numbers(tmp_path: Path) -> None:
    content = "id,start\n1,2023-01-01\n\n2,2023-01-02\n"
    table = read(tmp_path, content)
    assert table.digest == hashlib.sha256(content.encode()).hexdigest()
    assert table.rows == [Row(1, ["1", "2023-01-01"]), Row(3, ["2", "2023-01-02"])]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"\xef\xbb\xbfid,start\n1,\xc3\xa4\n", "{}"),
        ("id,start\r\n1,ä\r\n".encode("utf-16"), "{}"),
        ("id;start\n1;ä\n".encode("latin-1"), '{delimiter: ";", encoding: latin-1}'),
        ("id\tstart\n1\tä".encode(), '{delimiter: "\\t"}'),
        ('"id" ,start\n1,ä\n'.replace('" ,', '",').encode(), "{}"),
    ],
)
def test_encodings_marks_and_delimiters(tmp_path: Path, content: bytes, form: str) -> None:
    table = read(tmp_path, content, form)
    assert table.header == ("id", "start")
    assert table.rows == [Row(1, ["1", "ä"])]


def test_line_ends_and_quotes_in_cells_are_kept(tmp_path: Path) -> None:
    table = read(tmp_path, 'id,start\n1,"a ""b""\r\nc"\n2,d\n')
    assert [row.cells[1] for row in table.rows] == ['a "b"\r\nc', "d"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b"1", "row-malformed"),
        (b"1,2,3", "row-malformed"),
        (b"1,\xff", "row-unreadable"),
        (b"1,a\0", "row-unreadable"),
        (b'1,"a"b', "row-unreadable"),
    ],
)
def test_a_bad_row_is_kept_with_a_code_and_the_next_is_read(
    tmp_path: Path, row: bytes, code: str
) -> None:
    table = read(tmp_path, b"id,start\n" + row + b"\n2,b\n")
    assert [(bad.number, bad.code) for bad in table.bad] == [(1, code)]
    assert table.rows == [Row(2, ["2", "b"])]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"id,id\n", "is there twice"),
        (b"id,\xff\n", "encoding"),
        (b'id,"start\n', "cannot be read as CSV"),
    ],
)
def test_a_file_without_a_header_is_no_source(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(UnusableSource, match=said):
        read(tmp_path, content)


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    assert read(tmp_path, "id,start\n").rows == []


def test_a_zip_gives_its_digest_to_all_and_counts_what_is_not_mapped(tmp_path: Path) -> None:
    source = tmp_path / "export.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("2024/Spells.csv", "id,start\n1,2023-01-01\n")
        archive.writestr("2024/other.csv", 'a\n"x\ny"\nz\n')
        archive.writestr("notes.txt", "hello")
    tables = read_tables(source, mapping(file="spells.csv"))
    table = tables.by_name["spells"]
    assert table.digest == hashlib.sha256(source.read_bytes()).hexdigest()
    assert (table.file, len(table.rows)) == ("2024/Spells.csv", 1)
    assert [tuple(one) for one in tables.unmapped] == [("2024/other.csv", 2)]


def test_a_damaged_zip_is_no_source(tmp_path: Path) -> None:
    source = tmp_path / "export.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("spells.csv", "id,start\n1,2023-01-01\n")
    source.write_bytes(source.read_bytes().replace(b"2023-01-01", b"2024-01-01", 1))
    with pytest.raises(UnusableSource, match="it cannot be read or unpacked"):
        read_tables(source, mapping())


@pytest.mark.parametrize("name", ["spells.csv", "other.csv"])
@pytest.mark.parametrize(
    "packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_STORED]
)
def test_bytes_damaged_inside_a_zip_are_no_source(tmp_path: Path, name: str, packing: int) -> None:
    source = tmp_path / "export.zip"
    with zipfile.ZipFile(source, "w", packing) as archive:
        for one in ("spells.csv", "other.csv"):
            rows = "".join(f"{n},{n * n}\n" for n in range(2000))
            archive.writestr(one, "id,start\n" + rows)
        at = archive.getinfo(name).header_offset + 30 + len(name)
    content = bytearray(source.read_bytes())
    for place in (0, 40, 41, 42, 43, 44):
        content[at + place] ^= 0xFF
    source.write_bytes(content)
    with pytest.raises(UnusableSource, match=f"{name}: it cannot be read or unpacked"):
        read_tables(source, mapping(file="spells.csv"))


@pytest.mark.parametrize(("limit", "packing"), [(100_000, zipfile.ZIP_STORED), (1_000_000, 8)])
def test_a_file_that_would_unpack_to_too_much_is_refused_before_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, packing: int
) -> None:
    source = tmp_path / "bomb.zip"
    with zipfile.ZipFile(source, "w", packing) as archive:
        archive.writestr("spells.csv", "id,start\n" + "1,2023-01-01\n" * 10_000)
    monkeypatch.setattr("infrastructure.tables.LARGEST_UNPACKED", limit)
    with pytest.raises(UnusableSource, match="would unpack to 130,009 bytes"):
        read_tables(source, mapping())


def test_rows_that_nobody_needs_are_counted_without_holding_them(tmp_path: Path) -> None:
    source = tmp_path / "export.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("spells.csv", "id,start\n1,2023-01-01\n")
        archive.writestr("big.csv", "id,start\n" + "1,2023-01-01\n" * 300_000)
    tracemalloc.start()
    try:
        tables = read_tables(source, mapping(file="spells.csv"))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [tuple(one) for one in tables.unmapped] == [("big.csv", 300_000)]
    assert most < 3_000_000


def test_a_line_without_an_end_is_not_held(tmp_path: Path) -> None:
    source = tmp_path / "export.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("spells.csv", "id,start\n1,2023-01-01\n")
        archive.writestr("big.csv", "0" * 10_000_000)
    with pytest.raises(UnusableSource, match=r"big\.csv: a line has 10,000,000 characters"):
        read_tables(source, mapping(file="spells.csv"))


@pytest.mark.parametrize("folder", [True, False])
def test_what_a_mac_puts_beside_the_tables_is_left_out(tmp_path: Path, *, folder: bool) -> None:
    source = tmp_path / "export.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("export/spells.csv", "id,start\n1,2023-01-01\n")
        archive.writestr("export/._spells.csv", b"\0\5\x16\7")
        archive.writestr("__MACOSX/export/._spells.csv", b"\0\5\x16\7")
        archive.extractall(tmp_path)
    tables = read_tables(tmp_path / "export" if folder else source, mapping())
    assert (len(tables.by_name["spells"].rows), tables.unmapped) == (1, ())


@pytest.mark.parametrize("encoding", ["base64", "rot13", "idna", "punycode", "zlib", "utf-9"])
def test_what_is_no_encoding_of_texts_is_a_fault_of_the_mapping(encoding: str) -> None:
    with pytest.raises(MappingFaults, match=r"form\.encoding.* of texts; write utf-8"):
        mapping(f"{{encoding: {encoding}}}")


def test_a_mapping_that_is_not_utf_8_names_the_line() -> None:
    content = ONE.replace("FORM", "{}").replace("person: p", "person: Mäki").encode("latin-1")
    with pytest.raises(MappingFaults, match="0xe4 is no UTF-8") as raised:
        parse_mapping(content, "m.yaml")
    assert [(one.line, one.code) for one in raised.value.faults] == [(3, "not-utf-8")]


@pytest.mark.parametrize("make", ["folder", "zip", "nothing"])
def test_a_source_without_a_table_says_so(tmp_path: Path, make: str) -> None:
    source = tmp_path / "source"
    if make == "folder":
        source.mkdir()
    if make == "zip":
        zipfile.ZipFile(source, "w").close()
    with pytest.raises(UnusableSource, match="source: "):
        read_tables(source, mapping())
