"""The log in the formats of other tools, read back by others: journeys, entries and acts agree."""

import csv
import gc
import importlib
import io
import json
import re
import sqlite3
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from application.evaluation.asking import Moment
from application.evaluation.told_journeys import Case, Origin, recorded, seen
from domain.client import ClientRegistered
from domain.entry import By, Entry, Personal, Source
from domain.journey import events as e
from domain.same_person import ClientsMerged
from infrastructure.registered_events import registered_events
from interfaces.exports.cloud_events import cloud_events
from interfaces.exports.csv_table import ENVELOPE, FIELDS, csv_table
from interfaces.exports.ocel import OBJECTS
from interfaces.exports.ocel_json import ocel_json
from interfaces.exports.ocel_sqlite import ocel_sqlite
from interfaces.exports.xes import xes
from tests.application.simulated import real_histories

golden_events = importlib.import_module("tests.golden_events")
r4pm = importlib.import_module("r4pm")

NAMES = registered_events()
SHAPES = {cls: shape for shape, cls in NAMES.shapes().items()}
BY = By("person-1", "kuopio")
AT = datetime(2025, 3, 3, 9, 30, 5, 123456, UTC)
REVISING = (e.EntryCorrected, e.EntryRetracted)

Form = Callable[[Origin, Iterable[Case]], Iterator[str]]


NOW = Moment()


def origin(moment: Moment = NOW, programme: str | None = None) -> Origin:
    return Origin("polku.kuopio.fi/log", 4711, "ab" * 32, programme, moment, NAMES.shape_of)


def as_xes(of: Origin, cases: Iterable[Case]) -> Iterator[str]:
    return xes(of, seen(cases, of.moment, of.programme))


def as_csv(of: Origin, cases: Iterable[Case]) -> Iterator[str]:
    return csv_table(of, seen(cases, of.moment, of.programme))


def as_ocel(of: Origin, cases: Iterable[Case]) -> Iterator[str]:
    return ocel_json(of, seen(cases, of.moment, of.programme))


def as_cloud_events(of: Origin, cases: Iterable[Case]) -> Iterator[str]:
    return cloud_events(of, recorded(cases, of.moment, of.programme))


FORMS = (as_xes, as_csv, as_ocel, as_cloud_events)


@cache
def played() -> tuple[Case, ...]:
    """Forty journeys as they are lived, whose clients are known; entries have their place."""
    positions = iter(range(1, 10**6))
    cases = []
    for number, (journey, history) in enumerate(sorted(real_histories(8, 11).items())):
        entries = tuple(x._replace(position=next(positions)) for x in history.entries)
        registered = ClientRegistered(Personal("Aino"), gender="female", birth_year=1960 + number)
        known = Entry(1, registered, date(2025, 1, 1), AT, BY, position=next(positions))
        cases.append(Case(journey, entries, {history.journey.client: (known,)}))
    return tuple(cases)


@cache
def played_as_seen() -> tuple[Case, ...]:
    return tuple(seen(played(), NOW))


@cache
def activities() -> Counter[str]:
    return Counter(SHAPES[type(x.event)].name for one in played_as_seen() for x in one.entries)


def every_kind() -> Case:
    """One journey with an entry of every kind of event, all filled in; no entry is revised."""
    examples = [golden_events.example(cls, "", SHAPES) for cls in e.KINDS.values()]
    events = [replace(x, entry=999) if isinstance(x, REVISING) else x for x in examples]
    source = Source("kirjaamo", "d" * 64, "cases", 1, "what was said of whom", AT)
    entries = tuple(
        Entry(n, event, date(2025, 3, 3), AT, BY, source, 10**6 + n)
        for n, event in enumerate(events, 1)
    )
    client = golden_events.example(ClientRegistered, "", SHAPES)
    return Case("j-1", entries, {"client": (Entry(1, client, date(2025, 3, 3), AT, BY),)})


def sqlite_of(cases: Iterable[Case], folder: Path) -> Path:
    file = folder / "log.ocel.sqlite"
    ocel_sqlite(origin(), seen(cases, NOW))(file)
    return file


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The journeys in each format that an independent reader reads."""
    folder = tmp_path_factory.mktemp("exports")
    written = {"xes": folder / "log.xes", "json": folder / "log.ocel.json"}
    written["xes"].write_text("".join(as_xes(origin(), played())), encoding="utf-8")
    written["json"].write_text("".join(as_ocel(origin(), played())), encoding="utf-8")
    written["sqlite"] = sqlite_of(played(), folder)
    return written


# Nothing personal


@pytest.mark.parametrize("form", FORMS)
def test_nothing_personal_is_in_any_format_of_any_kind_of_event(form: Form) -> None:
    text = "".join(form(origin(), [every_kind()]))
    assert "what was said" not in text
    for cls in e.KINDS.values():
        if cls not in REVISING or form is as_cloud_events:
            assert SHAPES[cls].name in text


def test_nothing_personal_is_in_the_database(tmp_path: Path) -> None:
    file = sqlite_of([every_kind()], tmp_path)
    assert b"what was said" not in file.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_twice_the_same_bytes(form: Form) -> None:
    assert "".join(form(origin(), played())) == "".join(form(origin(), played()))


def test_twice_the_same_database(files: dict[str, Path], tmp_path: Path) -> None:
    assert sqlite_of(played(), tmp_path).read_bytes() == files["sqlite"].read_bytes()


# Who the client is, after a merge


MERGED_AT = datetime(2099, 1, 1, tzinfo=UTC)


def merged_into_the_first() -> list[Case]:
    """Two journeys of one person, referred under two ids; only the one that is given up tells."""
    one, other = (case._replace(clients={}) for case in played()[:2])
    goes_by, merged = (next(seen([case], NOW)).journey.client for case in (one, other))
    nameless = ClientRegistered(birth_year=1971)
    known = ClientRegistered(gender="male", birth_year=1960, municipality="kuopio")
    streams = {}
    for client, registered, into in ((goes_by, nameless, merged), (merged, known, goes_by)):
        said = ClientsMerged(into, client == goes_by, "duplicate", Personal("twice"))
        streams[client] = (
            Entry(1, registered, date(2025, 1, 1), AT, BY),
            Entry(2, said, date(2025, 1, 1), MERGED_AT, BY),
        )
    return [one._replace(clients=streams), other._replace(clients=streams)]


def persons_told(moment: Moment) -> tuple[set[tuple[str, ...]], ...]:
    """Return the clients of a merge with gender and year of birth: by XES, CSV and OCEL."""
    cases, of = merged_into_the_first(), origin(moment)
    log = ET.fromstring("".join(as_xes(of, cases)))  # noqa: S314 - our own text
    by_xes = {
        tuple(told.get(name, "") for name in ("client", "gender", "birth_year"))
        for trace in log.iter("trace")
        for told in [{x.attrib["key"]: x.attrib["value"] for x in trace if x.tag != "event"}]
    }
    by_csv = {(row["client"],) for row in csv.DictReader(io.StringIO("".join(as_csv(of, cases))))}
    by_ocel = {
        (one["id"], *(told.get(name, "") for name in ("gender", "birth_year")))
        for one in json.loads("".join(as_ocel(of, cases)))["objects"]
        if one["type"] == "client"
        for told in [{x["name"]: x["value"] for x in one["attributes"]}]
    }
    return by_xes, by_csv, by_ocel


def test_a_merged_person_is_one_client_with_all_that_is_known_under_any_id() -> None:
    first, second = (next(seen([case], NOW)).journey.client for case in played()[:2])
    told = (first, "male", "1971")
    assert persons_told(NOW) == ({told}, {(first,)}, {(f"client:{first}", *told[1:])})
    before = ((first, "", "1971"), (second, "male", "1960"))
    assert persons_told(Moment(known_at=MERGED_AT - timedelta(days=1))) == (
        {*before},
        {(first,), (second,)},
        {(f"client:{one}", *rest) for one, *rest in before},
    )


# An independent reader (Rust, MIT or Apache): process_mining, by r4pm


def test_an_independent_reader_finds_the_same_in_the_xes(files: dict[str, Path]) -> None:
    read = r4pm.import_item("EventLog", str(files["xes"]))
    projection = r4pm.bindings.log_to_activity_projection(read)
    assert r4pm.bindings.get_num_cases(projection) == len(played_as_seen())
    assert set(r4pm.bindings.get_projection_activities(projection)) == set(activities())
    found = {
        tuple(one["activities"]): one["count"] for one in r4pm.bindings.get_variants(projection)
    }
    ways = (tuple(SHAPES[type(x.event)].name for x in one.entries) for one in played_as_seen())
    assert found == Counter(ways)
    assert sum(len(way) * count for way, count in found.items()) == activities().total()


@pytest.mark.parametrize("form", ["json", "sqlite"])
def test_an_independent_reader_finds_the_same_in_both_forms_of_ocel(
    form: str, files: dict[str, Path]
) -> None:
    read = r4pm.import_item("OCEL", str(files[form]))
    told = r4pm.bindings.ocel_type_stats(read)
    assert r4pm.bindings.num_events(read) == activities().total()
    assert told["event_type_counts"] == activities()
    objects = told["object_type_counts"]
    assert objects["journey"] == len(played_as_seen())
    assert objects["client"] == len({one.journey.client for one in played_as_seen()})
    assert objects["service"] == sum(len(one.journey.services) for one in played_as_seen())
    assert objects["placement"] == sum(len(one.journey.placements) for one in played_as_seen())
    assert objects["plan"] == sum(one.journey.plan is not None for one in played_as_seen())
    assert set(objects) == set(OBJECTS)


def test_both_forms_of_ocel_say_the_same(files: dict[str, Path]) -> None:
    ask = r4pm.bindings
    one, other = (
        ask.slim_link_ocel(r4pm.import_item("OCEL", str(files[form])))
        for form in ("json", "sqlite")
    )
    entries = [f"entry:{x.position}" for case in played_as_seen() for x in case.entries]
    for log in (one, other):
        assert all(ask.locel_get_ev_by_id(log, entry) is not None for entry in entries)
    for entry in entries:
        told = [
            ask.locel_get_full_ev(log, ask.locel_get_ev_by_id(log, entry)) for log in (one, other)
        ]
        assert sorted_inside(told[0]) == sorted_inside(told[1])
    for case in played_as_seen():
        for name in (f"journey:{case.id}", f"client:{case.journey.client}"):
            told = [
                ask.locel_get_full_ob(log, ask.locel_get_ob_by_id(log, name))
                for log in (one, other)
            ]
            assert sorted_inside(told[0]) == sorted_inside(told[1])


def sorted_inside(told: dict[str, Any]) -> dict[str, Any]:
    return {
        name: sorted(value, key=json.dumps) if isinstance(value, list) else value
        for name, value in told.items()
    }


# XES, by the order and the types of the standard's schema

XML_NAME = re.compile(r"[A-Za-z_:][\w:.-]*")
NC_NAME = re.compile(r"[A-Za-z_][\w.-]*")
TYPES: dict[str, Callable[[str], Any]] = {
    "string": str,
    "date": datetime.fromisoformat,
    "int": int,
    "float": float,
    "boolean": {"true": True, "false": False}.__getitem__,
}
ORDER = ["extension", "global", "classifier", "attribute", "trace", "event"]


def of_schema(parent: ET.Element, allowed: list[str]) -> None:
    """Show that the children of an element come in the schema's order, attributes well typed."""
    places = [allowed.index("attribute" if x.tag in TYPES else x.tag) for x in parent]
    assert places == sorted(places)
    keys = [x.attrib["key"] for x in parent if x.tag in TYPES]
    assert len(keys) == len(set(keys))
    for one in parent:
        if one.tag in TYPES:
            assert set(one.attrib) == {"key", "value"}
            assert XML_NAME.fullmatch(one.attrib["key"])
            TYPES[one.tag](one.attrib["value"])
            assert len(one) == 0


@pytest.mark.parametrize(
    "made", [played, lambda: [every_kind()], list], ids=["played", "every", "none"]
)
def test_the_xes_is_as_the_schema_of_the_standard_has_it(
    made: Callable[[], Iterable[Case]],
) -> None:
    log = ET.fromstring("".join(as_xes(origin(), made())))  # noqa: S314 - our own text
    assert log.tag == "log"
    assert set(log.attrib) == {"xes.version", "xes.features"}
    assert float(log.attrib["xes.version"]) > 1
    of_schema(log, ORDER)
    declared = {x.attrib["prefix"] for x in log.iter("extension")}
    assert {"concept", "time", "org", "lifecycle"} <= declared
    for element in chain(log.iter("trace"), log.iter("event"), log.iter("global")):
        of_schema(element, ["attribute", "event"])
        for one in element:
            prefix, colon, _ = one.attrib.get("key", "").rpartition(":")
            assert not colon or prefix in declared
    always = {
        x.attrib["scope"]: {(one.tag, one.attrib["key"]) for one in x} for x in log.iter("global")
    }
    for scope, wanted in always.items():
        for element in log.iter(scope):
            assert wanted <= {(x.tag, x.attrib.get("key")) for x in element}
    for one in log.iter("classifier"):
        assert NC_NAME.fullmatch(one.attrib["name"])
        known = {key for _, key in always[one.attrib["scope"]]}
        assert set(one.attrib["keys"].split(" ")) <= known


def test_an_event_of_the_xes_has_both_clocks_who_and_what() -> None:
    log = ET.fromstring("".join(as_xes(origin(), played())))  # noqa: S314 - our own text
    for trace, case in zip(log.iter("trace"), played_as_seen(), strict=True):
        said = {x.attrib["key"]: x.attrib["value"] for x in trace if x.tag != "event"}
        assert said["concept:name"] == case.id
        assert said["client"] == case.journey.client
        assert said["birth_year"] == str(
            case.client.registered and case.client.registered.birth_year
        )
        for event, entry in zip(trace.iter("event"), case.entries, strict=True):
            told = {x.attrib["key"]: x.attrib["value"] for x in event}
            assert told["time:timestamp"] == f"{entry.occurred_on}T00:00:00Z"
            assert datetime.fromisoformat(told["recorded_at"]) == entry.recorded_at
            assert datetime.fromisoformat(told["known_at"]) == entry.known_at
            assert (told["org:resource"], told["org:group"]) == (
                entry.by.person,
                entry.by.organisation,
            )


def test_letters_that_xml_does_not_know_are_replaced() -> None:
    odd = e.EmployerAdvised("a\x00b\x1f<&\"'\n\ufffe", "topic")
    entries = (
        Entry(1, e.ReferralMade("c", "p", 1, "a", "b", "x"), date(2025, 1, 1), AT, BY),
        Entry(2, odd, date(2025, 1, 1), AT, BY),
    )
    text = "".join(as_xes(origin(), [Case("j-1", entries, {})]))
    log = ET.fromstring(text)  # noqa: S314 - our own text
    assert [x.attrib["value"] for x in log.iter("string") if x.attrib["key"] == "employer"] == [
        "a\ufffdb\ufffd<&\"'\n\ufffd"
    ]


# OCEL 2.0, by what the standard asks of both forms


def test_the_ocel_json_declares_all_that_it_says() -> None:
    log = json.loads("".join(as_ocel(origin(), [*played(), every_kind()])))
    assert set(log) == {"events", "objects", "eventTypes", "objectTypes"}
    ids = {x["id"] for x in log["objects"]}
    assert len(ids) == len(log["objects"])
    assert len({x["id"] for x in log["events"]} | ids) == len(ids) + len(log["events"])
    for what in ("event", "object"):
        declared = {
            x["name"]: {a["name"]: a["type"] for a in x["attributes"]} for x in log[what + "Types"]
        }
        assert {x["type"] for x in log[what + "s"]} == set(declared)
        for one in log[what + "s"]:
            for attribute in one["attributes"]:
                assert ("time" in attribute) is (what == "object")
                OCEL[declared[one["type"]][attribute["name"]]](attribute["value"])
            for other in one["relationships"]:
                assert other["objectId"] in ids
                assert other["qualifier"]
    assert all(datetime.fromisoformat(x["time"]) for x in log["events"])


OCEL: dict[str, Callable[[str], Any]] = {
    "string": str,
    "time": datetime.fromisoformat,
    "integer": int,
    "float": float,
    "boolean": {"true": True, "false": False}.__getitem__,
}


def test_the_ocel_database_has_the_tables_of_the_standard_and_no_dangling_key(
    files: dict[str, Path],
) -> None:
    database = sqlite3.connect(files["sqlite"])
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    tables = {
        name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    for of in ("event", "object"):
        mapped = dict(database.execute(f"SELECT ocel_type, ocel_type_map FROM {of}_map_type"))
        assert {f"{of}_{name}" for name in mapped.values()} <= tables
        for kind, name in mapped.items():
            typed = database.execute(f"SELECT ocel_id FROM {of} WHERE ocel_type = ?", (kind,))
            own = database.execute(f"SELECT DISTINCT ocel_id FROM {of}_{name}")
            assert {*typed} == {*own}
    database.close()


def test_a_number_that_no_reader_has_room_for_ends_no_export(tmp_path: Path) -> None:
    """Another system wrote it: XES has it as a text, and so does the database."""
    paid = e.BenefitPeriodRecorded(date(2025, 3, 3), None, "labour-market-subsidy", 2**70)
    told = Entry(2, paid, date(2025, 3, 3), AT, BY, position=2)
    case = Case("j-1", (corrected().entries[0], told), {})
    xes = "".join(as_xes(origin(), [case]))
    assert f'<string key="paid_days" value="{2**70}"/>' in xes
    database = sqlite3.connect(sqlite_of([case], tmp_path))
    mapped = dict(database.execute("SELECT ocel_type, ocel_type_map FROM event_map_type"))
    table = mapped["benefit-period-recorded"]
    (stored,) = database.execute(f"SELECT paid_days FROM event_{table}").fetchone()
    assert float(stored) == 2**70
    database.close()


def test_what_changes_of_a_journey_has_its_day() -> None:
    log = json.loads("".join(as_ocel(origin(), played())))
    for one in played_as_seen():
        told = next(x for x in log["objects"] if x["id"] == f"journey:{one.id}")
        phases = {x["time"][:10]: x["value"] for x in told["attributes"] if x["name"] == "phase"}
        assert phases == {stay.since.isoformat(): stay.phase.value for stay in one.journey.stays}


@pytest.mark.parametrize("first", [1, 0], ids=["ours", "of another system"])
def test_the_definition_of_a_journey_is_another_one_from_the_day_it_was_adopted(
    tmp_path: Path, first: int
) -> None:
    said = (
        e.ReferralMade("client-1", "trial", first, "city", "city", "employment-services"),
        e.DefinitionAdopted(3, Personal("The new rule is better for her")),
        e.DefinitionAdopted(2, Personal("It was the wrong one")),
    )
    days = [date(2025, 3, 1), date(2025, 4, 1), date(2025, 4, 1)]
    entries = tuple(
        Entry(n, event, day, AT, BY, position=n)
        for n, (event, day) in enumerate(zip(said, days, strict=True), start=1)
    )
    cases = [Case("j-1", entries, {})]
    told = json.loads("".join(as_ocel(origin(), cases)))
    (journey,) = [one for one in told["objects"] if one["type"] == "journey"]
    versions = [
        (x["time"][:10], x["value"])
        for x in journey["attributes"]
        if x["name"] == "definition_version"
    ]
    from_before = [("1970-01-01", first)] if first else []
    assert versions == [(day, str(n)) for day, n in (*from_before, ("2025-04-01", 2))]
    with closing(sqlite3.connect(sqlite_of(cases, tmp_path))) as database:
        sql = (
            "SELECT substr(ocel_time, 1, 10), definition_version FROM object_Journey "
            "WHERE definition_version IS NOT NULL ORDER BY ocel_time"
        )
        assert [*database.execute(sql)] == [*from_before, ("2025-04-01", 2)]


# CSV and CloudEvents, by the standard library


def test_a_journey_that_is_reopened_stands_as_its_page_says() -> None:
    """One that was never accepted waits again; what happens to a closed one changes nothing."""
    days = [date(2025, 3, day) for day in range(1, 6)]
    said = (
        e.ReferralMade("client-1", "trial", 1, "city", "city", "employment-services"),
        e.JourneyClosed("cancelled", "unknown"),
        e.JourneyPaused(Personal("A slip")),
        e.JourneyReopened(Personal("It was another client")),
        e.ReferralAccepted(),
    )
    entries = tuple(
        Entry(n, event, day, AT, BY, position=n)
        for n, (event, day) in enumerate(zip(said, days, strict=True), start=1)
    )
    told = json.loads("".join(as_ocel(origin(), [Case("j-1", entries, {})])))
    (journey,) = [one for one in told["objects"] if one["type"] == "journey"]
    statuses = [
        (x["time"][:10], x["value"]) for x in journey["attributes"] if x["name"] == "status"
    ]
    stood = ["referred", "closed", "referred", "open"]
    there = [days[0], days[1], days[3], days[4]]
    assert statuses == [(str(day), status) for day, status in zip(there, stood, strict=True)]


def test_the_csv_has_a_line_for_each_entry_and_the_same_columns_for_every_log() -> None:
    lines = list(csv.DictReader(io.StringIO("".join(as_csv(origin(), played())), newline="")))
    assert Counter(line["activity"] for line in lines) == activities()
    assert list(lines[0]) == [*ENVELOPE, *FIELDS]
    entries = [(one, x) for one in played_as_seen() for x in one.entries]
    for line, (one, x) in zip(lines, entries, strict=True):
        assert (line["journey"], line["client"]) == (one.id, one.journey.client)
        assert line["occurred_on"] == x.occurred_on.isoformat()
        assert datetime.fromisoformat(line["recorded_at"]) == x.recorded_at
        if isinstance(x.event, e.ServiceCompleted):
            assert line["hours"] == ("" if x.event.hours is None else str(x.event.hours))
    assert "".join(as_csv(origin(), [])).strip() == ",".join([*ENVELOPE, *FIELDS])


def test_the_cloud_events_are_as_the_standard_has_them() -> None:
    cases = [*played(), every_kind()._replace(journey="j 1/ä")]
    lines = [json.loads(x) for x in "".join(as_cloud_events(origin(), cases)).splitlines()]
    entries = [(one.journey, x) for one in cases for x in one.entries]
    assert len(lines) == len(entries)
    for line, (journey, x) in zip(lines, entries, strict=True):
        name, version = NAMES.shape_of(type(x.event))
        assert {"specversion", "id", "source", "type"} <= set(line)
        assert all(re.fullmatch(r"[a-z0-9]{1,20}", key) for key in line)
        assert all(value not in (None, "") for value in line.values())
        assert line["specversion"] == "1.0"
        assert line["type"] == f"polku.{name}.v{version}"
        assert line["dataschema"] == f"urn:polku:event:{name}:v{version}"
        assert line["partitionkey"] == journey
        assert re.fullmatch(r"[\w/.:%-]+", line["source"] + line["subject"], re.ASCII)
        assert datetime.fromisoformat(line["time"]).date() == x.occurred_on
        assert datetime.fromisoformat(line["recordedtime"]) == x.recorded_at
        assert isinstance(line["data"], dict)
    assert [line["sequence"] for line in lines[:-1]] == [
        f"{x.position:019d}" for _, x in entries[:-1]
    ]
    ids = [line["id"] for line in lines if line["partitionkey"] != "j 1/ä"]
    assert len(set(ids)) == len(ids)


# Moments


def corrected() -> Case:
    """An interview on a Monday, known on Tuesday to have been on Sunday, a day before."""
    monday = date(2025, 3, 3)
    referred = e.ReferralMade("c", "trial", 1, "state", "city", "letter")
    held = e.IntakeInterviewHeld(e.Situation(education=2))
    put_right = e.EntryCorrected(
        2, e.IntakeInterviewHeld(e.Situation(education=3)), monday - timedelta(days=1)
    )
    entries = (
        Entry(1, referred, date(2025, 2, 1), AT - timedelta(days=9), BY, position=1),
        Entry(2, held, monday, AT, BY, position=2),
        Entry(3, put_right, date(2025, 3, 4), AT + timedelta(days=1), BY, position=3),
    )
    return Case("j-1", entries, {})


@pytest.mark.parametrize(
    ("of", "interviews"),
    [
        (origin(), [("2025-03-02", "3")]),
        (origin(Moment(known_at=AT)), [("2025-03-03", "2")]),
        (origin(Moment(as_at=date(2025, 3, 2))), [("2025-03-02", "3")]),
        (origin(Moment(as_at=date(2025, 3, 2), known_at=AT)), []),
        (origin(programme="trial"), [("2025-03-02", "3")]),
        (origin(programme="other"), []),
    ],
)
def test_a_moment_is_told_as_it_was_known_then(
    of: Origin, interviews: list[tuple[str, str]]
) -> None:
    lines = csv.DictReader(io.StringIO("".join(as_csv(of, [corrected()])), newline=""))
    assert [
        (x["occurred_on"], x["situation_education"])
        for x in lines
        if x["activity"] == "intake-interview-held"
    ] == interviews
    log = json.loads("".join(as_ocel(of, [corrected()])))
    assert [x["time"][:10] for x in log["events"] if x["type"] == "intake-interview-held"] == [
        day for day, _ in interviews
    ]


def test_cloud_events_tell_the_correction_itself() -> None:
    lines = [json.loads(x) for x in as_cloud_events(origin(), [corrected()])]
    assert [x["type"] for x in lines] == [
        "polku.referral-made.v1",
        "polku.intake-interview-held.v1",
        "polku.entry-corrected.v1",
    ]
    assert lines[1]["data"]["situation"]["education"] == 2
    assert lines[2]["data"]["event"]["situation"]["education"] == 3
    then = [json.loads(x) for x in as_cloud_events(origin(Moment(known_at=AT)), [corrected()])]
    assert then == lines[:2]


def moved_and_taken_back() -> Case:
    """What was put right about days: one from after the first of March to before it, and so on."""
    said = (
        (e.ReferralMade("c", "trial", 1, "state", "city", "letter"), date(2025, 2, 1)),
        (e.EmployerAdvised("ahead", "topic"), date(2025, 3, 9)),
        (e.EmployerAdvised("later", "topic"), date(2025, 2, 5)),
        (e.EmployerAdvised("never", "topic"), date(2025, 2, 6)),
        (e.EmployerAdvised("there", "topic"), date(2025, 2, 7)),
        (e.EntryCorrected(2, e.EmployerAdvised("ahead", "x"), date(2025, 2, 4)), date(2025, 4, 1)),
        (e.EntryCorrected(3, e.EmployerAdvised("later", "x"), date(2025, 3, 9)), date(2025, 2, 8)),
        (e.EntryRetracted(4, Personal("a slip")), date(2025, 4, 1)),
        (e.EntryCorrected(5, e.EmployerAdvised("there", "x"), date(2025, 5, 1)), date(2025, 4, 1)),
        (e.EntryRetracted(9, Personal("it was right")), date(2025, 4, 2)),
    )
    entries = tuple(
        Entry(n, event, day, AT + timedelta(hours=n), BY, position=n)
        for n, (event, day) in enumerate(said, 1)
    )
    return Case("j-1", entries, {})


def test_a_day_has_with_an_entry_all_that_puts_it_right_whenever_that_was_said() -> None:
    of = origin(Moment(as_at=date(2025, 3, 1)))
    told = [json.loads(x)["id"] for x in as_cloud_events(of, [moved_and_taken_back()])]
    assert told == ["1", "2", "4", "5", "6", "8", "9", "10"], "not 3, which was later, nor why"
    known = replace(of, moment=replace(of.moment, known_at=AT + timedelta(hours=5)))
    told = [json.loads(x)["id"] for x in as_cloud_events(known, [moved_and_taken_back()])]
    assert told == ["1", "3", "4", "5"]


@pytest.mark.parametrize("day", [date(2025, 3, 1), date(2025, 9, 1), date(2026, 3, 1)])
def test_cloud_events_of_a_day_come_to_what_the_other_formats_tell_of_it(day: date) -> None:
    cases = [*played(), moved_and_taken_back()]
    of = origin(Moment(as_at=day))
    kept = {
        (told["partitionkey"], told["streamversion"])
        for told in map(json.loads, as_cloud_events(of, cases))
    }
    again = [
        one._replace(entries=tuple(x for x in one.entries if (one.journey, x.version) in kept))
        for one in cases
    ]
    assert "".join(as_csv(origin(), again)) == "".join(as_csv(of, cases))


def test_no_attribute_of_a_cloud_event_has_a_character_that_none_may_have() -> None:
    """A text in the characters of Windows, read as Latin-1, has some; what was said keeps them."""
    by = By("d\x92angelo", "ku\U0001ffffopio\ufdd0")
    referred = corrected().entries[0]._replace(by=by)
    said = Entry(2, e.EmployerAdvised("f\x92rm", "topic"), date(2025, 3, 3), AT, by, position=2)
    (_, line) = as_cloud_events(origin(), [Case("j\x80-\x7f1", (referred, said), {})])
    told = json.loads(line)
    assert told["data"]["employer"] == "f\x92rm"
    assert (told["actor"], told["organisation"]) == ("d�angelo", "ku�opio�")
    assert (told["partitionkey"], told["subject"]) == ("j�-�1", "journey/j%C2%80-%7F1")


def test_cloud_events_tell_a_journey_of_which_nothing_holds_any_more() -> None:
    """Every entry is told, as it was recorded: what was a slip, and what says that it was one."""
    referred = corrected().entries[0]
    slip = Entry(2, e.EntryRetracted(1, Personal("a slip")), date(2025, 3, 3), AT, BY, position=2)
    case = Case("j-1", (referred, slip), {})
    lines = [json.loads(x) for x in as_cloud_events(origin(), [case])]
    assert [x["id"] for x in lines] == ["1", "2"]
    assert [x["type"] for x in lines] == ["polku.referral-made.v1", "polku.entry-retracted.v1"]
    before = origin(Moment(known_at=AT - timedelta(days=1)), "trial")
    assert [json.loads(x) for x in as_cloud_events(before, [case])] == [
        lines[0] | {"programme": "trial"}
    ]
    assert "".join(as_cloud_events(origin(programme="trial"), [case])) == ""
    assert "".join(as_cloud_events(origin(Moment(as_at=date(2025, 1, 1))), [case])) == ""
    assert list(seen([case], NOW)) == [], "as it happened there was nothing"


# Memory


@pytest.mark.parametrize(
    ("form", "journeys"), [(as_xes, 200), (as_csv, 600), (as_ocel, 200), (as_cloud_events, 200)]
)
def test_what_was_written_is_not_kept(form: Form, journeys: int) -> None:
    case = played()[0]._replace(entries=played()[0].entries[:3])
    many = (case._replace(journey=f"j-{n}") for n in range(journeys))
    tracemalloc.start()
    written = sum(len(text) for text in form(origin(), many))
    _, most = tracemalloc.get_traced_memory()
    gc.collect()
    left, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < written / 2
    assert left < 60_000
