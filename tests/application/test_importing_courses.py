"""Courses and attendance: rows without an id of their own, and one person in several rows."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from application.importing.binding import together
from application.importing.bringing import bring_in
from application.importing.ids import id_before, ids_in
from application.importing.language import MappingFaults
from application.importing.report import Report
from domain.entry import Personal
from domain.journey import events as e
from infrastructure.event_log import SqlEventLog
from infrastructure.mapping_files import parse_mapping
from infrastructure.tables import read_tables

COURSES = """
source: courses
by: {person: "import:courses", organisation: centre}
time_zone: Europe/Helsinki
form: {delimiter: ";", decimal: ","}
dates: ["%d.%m.%Y"]
extracted: 2025-12-31
checks: {after-journey-end: refuse}
codes:
  result: {passed: completed, dropped: ended-early}
  why: {ill: illness, other: other}
tables:
  places:
    file: places.csv
    key: number
    brings:
      - client: {by: person}
        events:
          - event: client-registered
            occurred_on: {date: from}
            fields: {local_id: {column: person}, municipality: {column: town}}
      - journey: new
        events:
          - event: referral-made
            occurred_on: {date: from}
            fields:
              client: {id: client}
              programme: courses
              definition_version: 0
              from_organisation: centre
              to_organisation: centre
              channel: register
          - event: service-started
            occurred_on: {date: from}
            fields: {reference: {column: number}, service: {column: course}}
          - event: journey-closed
            when: {to: {not: ""}}
            occurred_on: {date: to}
            fields: {end_state: {column: result, codes: result}, destination: unknown}
  days:
    file: days.csv
    key: [place, day]
    parents: {places: place}
    brings:
      - journey: places
        events:
          - event: attendance-recorded
            occurred_on: {date: day}
            fields:
              reference: {column: place}
              hours: {number: hours}
              absence_reason: {column: why, codes: why}
"""
PLACES = (
    "number;person;course;town;from;to;result\n"
    "1;A;baking;Juva;2.9.2024;20.12.2024;passed\n"
    "2;A;hygiene;Juva;7.1.2025;;\n"
    "3;B;baking;Puumala;2.9.2024;;\n"
)
DAYS = "place;day;hours;why\n1;2.9.2024;6,5;\n1;3.9.2024;0;ill\n2;8.1.2025;6;\n3;3.9.2024;7,5;\n"


@dataclass
class Centre:
    """A training centre's two tables, in a folder."""

    folder: Path
    mapping: str = COURSES
    places: str = PLACES
    days: str = DAYS

    def into(self, log: SqlEventLog, **options: object) -> Report:
        (self.folder / "places.csv").write_text(self.places, "utf-8")
        (self.folder / "days.csv").write_text(self.days, "utf-8")
        mapping = parse_mapping(self.mapping.encode(), "courses.yaml")
        return bring_in(log, mapping, read_tables(self.folder, mapping), **options)


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    return Centre(tmp_path)


def client(log: SqlEventLog, person: str) -> str:
    return f"client:{ids_in(log, 'courses')('client', 'places', f'person={person}')}"


def journey(log: SqlEventLog, place: str) -> str:
    return f"journey:{ids_in(log, 'courses')('journey', 'places', place)}"


def said(report: Report) -> list[tuple[str, str, str, int]]:
    return [(f.severity, f.code, f.file, f.row) for f in report.findings]


def test_one_person_on_two_courses_is_one_client_with_two_journeys(
    centre: Centre, log: SqlEventLog
) -> None:
    report = centre.into(log)
    assert (said(report), report.clients, report.journeys, report.closed) == ([], 2, 3, 1)
    (registered,) = log.load(client(log, "A"))
    assert (registered.occurred_on, registered.event.local_id) == (date(2024, 9, 2), Personal("A"))
    for place in ("1", "2"):
        assert f"client:{log.load(journey(log, place))[0].event.client}" == client(log, "A")
    assert [type(entry.event) for entry in log.load(journey(log, "1"))] == [
        e.ReferralMade,
        e.ServiceStarted,
        e.AttendanceRecorded,
        e.AttendanceRecorded,
        e.JourneyClosed,
    ]


def test_no_id_tells_to_who_tries_them_of_which_code_it_was_made(
    centre: Centre, log: SqlEventLog, memory_log: SqlEventLog
) -> None:
    """A person may be told by an identity code, and ids are in exports, and outlive an erasure."""
    for one in (log, memory_log):
        centre.into(one)
    logs = (log, memory_log)
    here, elsewhere = ({*one.streams("client:"), *one.streams("journey:")} for one in logs)
    assert len(here) == len(elsewhere) == 5
    assert here.isdisjoint(elsewhere)
    assert f"client:{id_before('polku:courses/client/places/person=A')}" not in here | elsewhere


def test_what_an_older_program_brought_in_keeps_its_ids(
    centre: Centre, log: SqlEventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqlEventLog, "id_for", lambda _log, told, **_how: id_before(told))
    centre.into(log)
    monkeypatch.undo()
    assert centre.into(log).entries == 0
    centre.places += "4;B;hygiene;Puumala;7.1.2025;;\n5;C;hygiene;Puumala;7.1.2025;;\n"
    report = centre.into(log)
    assert (said(report), report.entries, report.clients) == ([], 5, 3)
    before = f"client:{id_before('polku:courses/client/places/person=B')}"
    assert [log.load(client(log, "B")), len(log.streams("client:"))] == [log.load(before), 3]


def test_again_nothing_is_added_and_newer_tables_add_only_what_is_new(
    centre: Centre, log: SqlEventLog
) -> None:
    centre.into(log)
    before = list(log.read())
    assert centre.into(log).entries == 0
    assert list(log.read()) == before
    centre.places += "4;B;hygiene;Puumala;7.1.2025;;\n"
    centre.days = centre.days.replace("hours;why\n", "hours;why\n3;2.9.2024;7;\n")
    report = centre.into(log)
    assert (said(report), report.entries, report.clients) == ([], 3, 2)
    assert len(log.load(client(log, "B"))) == 1


def test_a_person_is_opened_once_also_where_a_newer_table_has_an_earlier_row(
    centre: Centre, memory_log: SqlEventLog
) -> None:
    centre.into(memory_log)
    centre.places = PLACES.replace("1;A;", "0;A;baking;Juva;1.2.2024;;\n1;A;")
    report = centre.into(memory_log)
    assert ("doubtful", "changed-since-import", "places.csv", 1) in said(report)
    (registered,) = memory_log.load(client(memory_log, "A"))
    assert registered.occurred_on == date(2024, 9, 2)
    assert len(memory_log.load(journey(memory_log, "0"))) == 2


def test_the_same_day_twice_is_a_duplicate(centre: Centre, memory_log: SqlEventLog) -> None:
    centre.days += "1;2.9.2024;2;\n"
    report = centre.into(memory_log)
    assert said(report) == [("refused", "duplicate-record", "days.csv", 5)]
    assert (report.findings[0].column, report.findings[0].value) == ("place, day", "1|2.9.2024")


def test_other_words_about_the_same_person_are_doubtful(
    centre: Centre, memory_log: SqlEventLog
) -> None:
    centre.places = PLACES.replace("2;A;hygiene;Juva", "2;A;hygiene;Rantasalmi")
    report = centre.into(memory_log)
    assert said(report) == [("doubtful", "opening-differs", "places.csv", 2)]
    assert [x.event.municipality for x in memory_log.load(client(memory_log, "A"))] == ["Juva"]


def test_a_row_that_does_not_say_the_person_is_refused(
    centre: Centre, memory_log: SqlEventLog
) -> None:
    centre.places = PLACES.replace("3;B", "3;")
    assert said(centre.into(memory_log)) == [
        ("refused", "value-missing", "places.csv", 3),
        ("refused", "parent-refused", "days.csv", 4),
    ]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [("passed", "code-unknown"), ("20.12.2024", "after-journey-end")],
)
def test_where_the_first_row_is_refused_the_next_opens_the_client(
    centre: Centre, memory_log: SqlEventLog, wrong: str, code: str
) -> None:
    centre.places = PLACES.replace(wrong, {"passed": "?", "20.12.2024": "1.9.2024"}[wrong])
    report = centre.into(memory_log)
    assert ("refused", code, "places.csv", 1) in said(report)
    (registered,) = memory_log.load(client(memory_log, "A"))
    assert registered.occurred_on == date(2025, 1, 7)
    assert memory_log.load(journey(memory_log, "1")) == []
    assert (report.clients, report.journeys) == (2, 2)


def test_a_row_that_only_joins_is_counted(centre: Centre, memory_log: SqlEventLog) -> None:
    start, end = COURSES.index("      - journey: new"), COURSES.index("  days:")
    centre.mapping = COURSES[:start] + "  days: {file: days.csv, key: {row: number}}\n"
    assert end > start
    report = centre.into(memory_log)
    of = report.tables[0]
    assert (of.rows, of.written, of.looked_up, of.refused) == (3, 2, 1, 0)
    again = centre.into(memory_log).tables[0]
    assert (again.written, again.already, again.looked_up) == (0, 2, 1)


def test_rows_without_an_id_are_named_by_their_number(
    centre: Centre, memory_log: SqlEventLog
) -> None:
    centre.mapping = COURSES.replace("key: [place, day]", "key: {row: number}")
    centre.days += "1;2.9.2024;6,5;\n"
    assert said(centre.into(memory_log)) == []
    assert len(memory_log.load(journey(memory_log, "1"))) == 6
    assert centre.into(memory_log).entries == 0
    centre.days = centre.days.replace("8.1.2025;6", "8.1.2025;5")
    assert said(centre.into(memory_log)) == [("doubtful", "changed-since-import", "days.csv", 3)]


@pytest.mark.parametrize(
    ("old", "new", "said_of_it"),
    [
        ("key: [place, day]", "key: []", "at least one column"),
        ("key: [place, day]", "key: [day, day]", "each once"),
        ("key: [place, day]", "key: [place, hour]", "no column 'hour'"),
        ("key: [place, day]", "key: {row: name}", "there is no key of a row 'name'"),
        ("{by: person}", "{by: people}", "no column 'people'"),
        ("{by: person}", "{with: person}", "'by' is missing"),
        ("places: place}", "places: [place, day]}", "has 1 columns: name as many"),
        ("key: number", "key: {row: number}", "nothing joins"),
    ],
)
def test_a_fault_of_a_key_names_its_line(
    centre: Centre, memory_log: SqlEventLog, old: str, new: str, said_of_it: str
) -> None:
    centre.mapping = COURSES.replace(old, new)
    with pytest.raises(MappingFaults, match=said_of_it) as raised:
        centre.into(memory_log)
    assert raised.value.faults[0].line > 1


def test_cells_put_together_can_be_told_apart() -> None:
    cells = [
        ["a", "b|c"],
        ["a|b", "c"],
        ["a\\", "b"],
        ["a\\|b", ""],
        ["a", ""],
        ["", "a"],
        ["a|", ""],
    ]
    assert len({together(one) for one in cells}) == len(cells)
    assert together(["", ""]) == ""


def test_rows_join_by_several_columns(tmp_path: Path, memory_log: SqlEventLog) -> None:
    (tmp_path / "places.csv").write_text(PLACES.replace("number;", "course_no;"), "utf-8")
    (tmp_path / "days.csv").write_text(
        "nr;who;day;hours;why\n1;A;2.9.2024;6;\n1;B;2.9.2024;6;\n", "utf-8"
    )
    text = (
        COURSES.replace("key: number", "key: [course_no, person]")
        .replace("{column: number}", "{column: course_no}")
        .replace("{column: place}", "{column: nr}")
        .replace("key: [place, day]", "key: [nr, who, day]")
        .replace("{places: place}", "{places: [nr, who]}")
    )
    mapping = parse_mapping(text.encode(), "m.yaml")
    report = bring_in(memory_log, mapping, read_tables(tmp_path, mapping))
    assert said(report) == [("refused", "parent-missing", "days.csv", 2)]
    assert report.findings[0].value == "1|B"


CHAINED = """
source: chained
by: {person: "import:chained", organisation: centre}
extracted: 2025-12-31
checks: {after-journey-end: refuse}
tables:
  people:
    file: people.csv
    key: id
    brings:
      - client: new
        events:
          - event: client-registered
            occurred_on: {date: from}
            fields: {local_id: {column: id}}
      - journey: new
        events:
          - event: referral-made
            occurred_on: {date: from}
            fields:
              client: {id: client}
              programme: courses
              definition_version: 0
              from_organisation: centre
              to_organisation: centre
              channel: register
          - event: journey-closed
            occurred_on: {date: to}
            fields: {end_state: completed, destination: unknown}
  cases:
    file: cases.csv
    key: id
    parents: {people: person}
    brings:
      - client: people
        events:
          - event: contact-details-changed
            occurred_on: {date: from}
            fields: {phone: {column: phone}}
      - journey: new
        events:
          - event: referral-made
            occurred_on: {date: from}
            fields:
              client: {id: client, of: people}
              programme: courses
              definition_version: 0
              from_organisation: centre
              to_organisation: centre
              channel: register
  visits:
    file: visits.csv
    key: id
    parents: {cases: case}
    brings:
      - journey: cases
        events:
          - event: follow-up-held
            occurred_on: {date: on}
            fields: {status: employed}
"""


def test_a_refused_row_takes_along_all_that_hangs_on_what_it_opens(
    tmp_path: Path, memory_log: SqlEventLog
) -> None:
    """Not the rows of its own client alone: those, too, that belong to what these rows open."""
    (tmp_path / "people.csv").write_text("id,from,to\np,2024-05-01,2024-04-01\n", "utf-8")
    (tmp_path / "cases.csv").write_text("id,person,from,phone\nc,p,2024-05-02,040\n", "utf-8")
    (tmp_path / "visits.csv").write_text("id,case,on\nv,c,2024-06-01\n", "utf-8")
    mapping = parse_mapping(CHAINED.encode(), "chained.yaml")
    report = bring_in(memory_log, mapping, read_tables(tmp_path, mapping))
    refused = {(f.code, f.file) for f in report.findings if f.severity == "refused"}
    assert refused == {
        ("after-journey-end", "people.csv"),
        ("parent-refused", "cases.csv"),
        ("parent-refused", "visits.csv"),
    }
    assert (report.refused, report.clients, report.journeys, memory_log.position()) == (3, 0, 0, 0)


def test_a_refused_row_takes_along_what_only_names_the_client_whom_it_opens(
    tmp_path: Path, memory_log: SqlEventLog
) -> None:
    """Without any entry in the client's own history: a referral of nobody would come in."""
    begin, end = CHAINED.index("      - client: people"), CHAINED.index("  visits:")
    journey = CHAINED.index("      - journey: new", begin, end)
    mapping = parse_mapping((CHAINED[:begin] + CHAINED[journey:]).encode(), "chained.yaml")
    (tmp_path / "people.csv").write_text(
        "id,from,to\np,2024-05-01,2024-04-01\nq,2024-05-01,2024-06-01\n", "utf-8"
    )
    (tmp_path / "cases.csv").write_text(
        "id,person,from,phone\nc,p,2024-05-02,040\nd,q,2024-05-02,050\n", "utf-8"
    )
    (tmp_path / "visits.csv").write_text("id,case,on\nv,c,2024-06-01\nw,d,2024-06-01\n", "utf-8")
    report = bring_in(memory_log, mapping, read_tables(tmp_path, mapping))
    refused = {(f.code, f.file, f.row) for f in report.findings if f.severity == "refused"}
    assert refused == {
        ("after-journey-end", "people.csv", 1),
        ("parent-refused", "cases.csv", 1),
        ("parent-refused", "visits.csv", 1),
    }
    assert (report.refused, report.clients, report.journeys) == (3, 1, 2)
    (client,) = memory_log.streams("client:")
    for stream in memory_log.streams("journey:"):
        assert f"client:{memory_log.load(stream)[0].event.client}" == client
