"""Mappings as they are written: what is read, and what each fault is said to be."""

from pathlib import Path

import pytest

from application.importing.binding import bind
from application.importing.language import Given, Mapping, MappingFaults, NoMapping
from infrastructure.mapping_files import parse_mapping, read_mapping, shipped_mappings
from infrastructure.tables import read_tables

GOOD = """\
source: register
by: {person: "import:register", organisation: register}
time_zone: Europe/Rome
dates: ["%d/%m/%Y"]
extracted: 2024-01-31
checks: {in-the-future: refuse}
codes:
  ways: {w: employment, s: self-employment, 9: null}
  levels: {1: 0, 2: 3}
tables:
  people:
    file: people.csv
    key: id
    brings:
      - client: new
        events:
          - event: client-registered
            occurred_on: {date: seen}
            fields: {family_name: {column: name}}
  cases:
    file: cases.csv
    key: case
    parents: {people: person}
    recorded_at: {instant: saved}
    brings:
      - journey: new
        organisation: {column: office}
        events:
          - event: referral-made
            occurred_on: {date: start}
            fields:
              client: {id: client, of: people}
              programme: ali
              definition_version: 0
              from_organisation: desk
              to_organisation: {text: [desk-, {column: office}]}
              channel: desk
          - event: intake-interview-held
            when: {level: {not: ""}}
            occurred_on: {date: start, plus: {days: 7}}
            fields:
              situation:
                fields:
                  education: {column: level, codes: levels, unknown: omit}
                  languages: [it, {column: language}]
                  employment: {when: {job: [y, Y]}, then: employed}
          - event: journey-closed
            when: {end: {not: ""}}
            occurred_on: {date: end}
            fields: {end_state: completed, destination: {column: way, codes: ways}}
"""


def parse(text: str) -> Mapping:
    return parse_mapping(text.encode(), "m.yaml")


def faults(old: str, new: str) -> list[tuple[int, str, str, str]]:
    assert old in GOOD
    with pytest.raises(MappingFaults) as caught:
        parse(GOOD.replace(old, new, 1))
    return [(f.line, f.field, f.code, f.message) for f in caught.value.faults]


def line_of(text: str) -> int:
    return GOOD[: GOOD.index(text)].count("\n") + 1


def test_a_good_mapping_is_read() -> None:
    mapping = parse(GOOD)
    assert [table.name for table in mapping.tables] == ["people", "cases"]
    assert mapping.time_zone == "Europe/Rome"
    interview = mapping.tables[1].parts[0].events[1]
    situation = interview.fields["situation"]
    assert isinstance(situation.fields["employment"], Given)


BROKEN = [
    ("source: register", "sauce: register", 1, "sauce", "unknown-key"),
    ("source: register", "{", None, "", "bad-yaml"),
    ("source: register\n", "", 1, "", "missing-key"),
    ("source: register", "source: ''", 1, "source", "empty-text"),
    ("source: register", "source: [a]", 1, "source", "wrong-type"),
    ("source: register", "source: a\nsource: b", 2, "source", "duplicate-key"),
    ("organisation: register}", "organization: register}", 2, "by.organization", "unknown-key"),
    ("Europe/Rome", "Europe/Roma", 3, "time_zone", "unknown-name"),
    ('["%d/%m/%Y"]', '["%d/%m"]', 4, "dates[0]", "wrong-value"),
    ('["%d/%m/%Y"]', "[]", 4, "dates", "wrong-value"),
    ('["%d/%m/%Y"]', '"%d/%m/%Y"', 4, "dates", "wrong-type"),
    ("2024-01-31", "lately", 5, "extracted", "wrong-value"),
    ("2024-01-31", "2024-02-31", 5, "extracted", "wrong-value"),
    ("2024-01-31", "{table: none, date: day}", 5, "extracted", "does-not-fit"),
    ("in-the-future", "in-the-past", 6, "checks.in-the-past", "unknown-key"),
    ("refuse}", "worry}", 6, "checks.in-the-future", "unknown-name"),
    ("{w: employment", "{w: [employment]", 8, "codes.ways.w", "wrong-type"),
    ("{w: employment", "{w: a, w: b", 8, "codes.ways.w", "duplicate-key"),
    ("{1: 0,", "{1: low,", 9, "codes.levels.1", "does-not-fit"),
    ("{w: employment", "{w: emploiment", 8, "codes.ways.w", "does-not-fit"),
    ("    key: case\n", "", "  cases:", "tables.cases", "missing-key"),
    ("    file: cases.csv\n", "", "  cases:", "tables.cases", "does-not-fit"),
    ("{people: person}", "{persons: person}", "{people: person}", "persons", "does-not-fit"),
    ("{instant: saved}", "{date: saved}", "recorded_at", "recorded_at", "unknown-key"),
    (
        "{instant: saved}",
        "{instant: saved, missing: {as: 3}}",
        "recorded_at",
        "recorded_at.missing",
        "wrong-value",
    ),
    ("- journey: new", "- travel: new", "- journey: new", "brings[0].travel", "unknown-key"),
    ("- journey: new", "- journey: people", "- journey: new", "brings[0]", "does-not-fit"),
    ("- journey: new", "- journey: nobody", "- journey: new", "brings[0]", "does-not-fit"),
    (
        "event: referral-made",
        "event: referal-made",
        "event: referral-made",
        "event",
        "unknown-name",
    ),
    (
        "event: referral-made",
        "event: client-registered",
        "event: referral-made",
        "event",
        "unknown-name",
    ),
    (
        "event: referral-made",
        "event: entry-retracted",
        "event: referral-made",
        "event",
        "unknown-name",
    ),
    ("{date: start}", "{day: start}", "{date: start}", "occurred_on", "unknown-key"),
    ("{date: start}", "{fixed: start}", "{date: start}", "occurred_on.fixed", "wrong-value"),
    (
        "{date: start}",
        "{fixed: 2023-01-01, formats: [x]}",
        "{date: start}",
        "occurred_on.formats",
        "unknown-key",
    ),
    ("{id: client, of: people}", "{id: client}", "client: {id", "client", "does-not-fit"),
    ("{id: client, of: people}", "{id: person, of: people}", "client: {id", "id", "unknown-name"),
    ("              channel: desk\n", "", "- event: referral-made", "events[0]", "does-not-fit"),
    ("channel: desk", "canal: desk", "channel: desk", "canal", "does-not-fit"),
    ("channel: desk", "channel: 7", "channel: desk", "channel", "does-not-fit"),
    ("channel: desk", "channel:", "channel: desk", "channel", "wrong-value"),
    ("channel: desk", "channel: {kolumn: a}", "channel: desk", "channel", "wrong-value"),
    (
        "channel: desk",
        "channel: {column: a, missing: omit}",
        "channel: desk",
        "channel",
        "does-not-fit",
    ),
    (
        "channel: desk",
        "channel: {column: a, missing: maybe}",
        "channel: desk",
        "missing",
        "unknown-name",
    ),
    ("definition_version: 0", "definition_version: x", "definition_version", "", "does-not-fit"),
    (
        "definition_version: 0",
        "definition_version: {column: v}",
        "definition_version",
        "definition_version",
        "does-not-fit",
    ),
    (
        "definition_version: 0",
        "definition_version: {date: v}",
        "definition_version",
        "definition_version",
        "does-not-fit",
    ),
    ("plus: {days: 7}", "plus: {years: 7}", "plus", "plus.years", "wrong-value"),
    ("plus: {days: 7}", "plus: {days: seven}", "plus", "plus.days", "wrong-value"),
    ("codes: levels", "codes: degrees", "codes: levels", "codes", "unknown-name"),
    ("unknown: omit", "unknown: {as: high}", "unknown: omit", "education", "does-not-fit"),
    ("end_state: completed", "end_state: done", "end_state", "fields.end_state", "does-not-fit"),
    ("then: employed", "then: working", "then: employed", "employment", "does-not-fit"),
    ("[it, {column: language}]", "it", "languages:", "languages", "does-not-fit"),
    ("[it, {column: language}]", "[it, 3]", "languages:", "languages[1]", "does-not-fit"),
    ('{level: {not: ""}}', "{level: {un: 3}}", "when: {level", "when.level", "unknown-key"),
]


@pytest.mark.parametrize(("old", "new", "line", "field", "code"), BROKEN)
def test_a_fault_has_its_line_and_its_field(
    old: str, new: str, line: int | str | None, field: str, code: str
) -> None:
    found = faults(old, new)
    wanted = line_of(line) if isinstance(line, str) else line
    assert any(code == one[2] and field in one[1] and wanted in (None, one[0]) for one in found), (
        found
    )


def test_a_code_that_does_not_fit_says_which_field_it_does_not_fit() -> None:
    (found,) = faults("{1: 0,", "{1: low,")
    use = f"(line {line_of('column: level')}) the code cannot be read: 'low' does not fit: a whole"
    assert found[:2] == (9, "codes.levels.1")
    assert use in found[3]


def test_bounds_that_no_number_is_within_are_told() -> None:
    (found,) = faults("plus: {days: 7}", "plus: {days: {number: d, least: 1000000, most: 5.5}}")
    assert (found[0], found[2]) == (line_of("plus: {days"), "wrong-value")
    assert found[1].endswith("plus.days.most")
    assert "at least 1000000 and at most 5.5" in found[3]


def test_all_faults_are_told_at_once() -> None:
    broken = GOOD.replace("channel: desk", "canal: desk").replace("then: employed", "then: working")
    with pytest.raises(MappingFaults) as caught:
        parse(broken)
    assert [fault.line for fault in caught.value.faults] == [
        line_of("- event: referral-made"),
        line_of("channel: desk"),
        line_of("then: employed"),
    ]
    assert str(caught.value.faults[0]).startswith("m.yaml:29: tables.cases")


@pytest.mark.parametrize("text", ["", "   \n", "a", "- b", "&a {source: *a}", "a: &a [*a]", "\0"])
def test_what_is_no_mapping_is_told(text: str) -> None:
    with pytest.raises(MappingFaults):
        parse(text)


def test_a_mapping_that_holds_itself_is_told() -> None:
    loop = GOOD.replace("channel: desk", "channel: &c {first: [*c]}")
    with pytest.raises(MappingFaults, match="holds itself"):
        parse(loop)


def test_the_mappings_that_come_with_polku_are_good() -> None:
    assert shipped_mappings() == [
        "hmis-csv",
        "training-experiment",
        "unempdur",
        "unemployment-spells",
    ]
    for name in shipped_mappings():
        assert read_mapping(name).tables


def test_a_mapping_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(GOOD, "utf-8")
    assert read_mapping(str(tmp_path / "own.yaml")).source == "register"


def test_a_name_that_is_none_says_which_there_are() -> None:
    with pytest.raises(NoMapping, match="hmis-csv, training-experiment, unempdur"):
        read_mapping("hmis")


def export(folder: Path, people: str, cases: str) -> Path:
    (folder / "people.csv").write_text(people, "utf-8")
    (folder / "cases.csv").write_text(cases, "utf-8")
    return folder


def test_columns_that_the_source_has_not_are_faults_of_the_mapping(tmp_path: Path) -> None:
    header = "case,person,start,end,level,language,job,saved,way\n"
    mapping = parse(GOOD)
    tables = read_tables(export(tmp_path, "id,nome,seen\n", header), mapping)
    with pytest.raises(MappingFaults) as caught:
        bind(mapping, tables)
    found = [(f.line, f.code, f.message) for f in caught.value.faults]
    assert [(line, code) for line, code, _ in found] == [
        (line_of("fields: {family_name"), "not-in-source"),
        (line_of("organisation: {column: office}"), "not-in-source"),
        (line_of("to_organisation:"), "not-in-source"),
    ]
    assert "people.csv has no column 'name'; it has id, nome, seen" in found[0][2]


def test_a_file_that_the_source_has_not_is_a_fault_of_the_mapping(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,name,seen\n", "utf-8")
    with pytest.raises(MappingFaults, match=r"has no cases\.csv") as caught:
        read_tables(tmp_path, parse(GOOD))
    assert caught.value.faults[0].line == line_of("  cases:")
