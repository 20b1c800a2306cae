"""What was stored once stays readable for ever; a change of shape needs a new version."""

import importlib
import json
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import pytest

from infrastructure.event_names import EventNames
from infrastructure.registered_events import registered_events

golden_events = importlib.import_module("tests.golden_events")
FILES = sorted(golden_events.FOLDER.glob("*.json"))


def test_every_event_is_stored_in_the_shape_of_its_golden_file():
    assert golden_events.differing(registered_events()) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shape_that_was_ever_stored_is_read(file: Path):
    stored = json.loads(file.read_text(encoding="utf-8"))
    names = registered_events()

    event = names.decode(stored["name"], stored["version"], json.dumps(stored["body"]).encode())

    assert type(event) is names.class_of(stored["name"])
    name, version, body = names.encode(event)
    assert name == stored["name"]
    assert version >= stored["version"]
    if version == stored["version"]:
        assert json.loads(body) == stored["body"]


def _names(cls: type, version: int = 1) -> EventNames:
    names = EventNames()
    names.register(cls, name="sample", version=version)
    return names


def _with_lists(first: str, second: str) -> EventNames:
    @dataclass(frozen=True)
    class Sample:
        before: tuple[Enum("Before", first), ...]
        after: Enum("After", second) | None

    return _names(Sample)


def test_a_code_that_goes_from_one_list_is_noticed_though_another_has_it(tmp_path: Path):
    golden_events.write(_with_lists("a b", "a b"), tmp_path)
    stored = json.loads((tmp_path / "sample.v1.json").read_text(encoding="utf-8"))
    assert stored["codes"] == {"after": ["1", "2"], "before[]": ["1", "2"]}

    assert golden_events.differing(_with_lists("a b c", "a b"), tmp_path) == []
    assert golden_events.differing(_with_lists("a", "a b"), tmp_path) != []
    assert golden_events.differing(_with_lists("a b", "a"), tmp_path) != []


def test_a_changed_shape_is_noticed(tmp_path: Path):
    @dataclass(frozen=True)
    class Before:
        hours: int

    @dataclass(frozen=True)
    class After:
        hours: int | None

    golden_events.write(_names(Before), tmp_path)
    assert golden_events.differing(_names(Before), tmp_path) == []

    golden_events.write(_names(After), tmp_path)  # does not touch what is there
    (fault,) = golden_events.differing(_names(After), tmp_path)
    assert "register After as version 2 and write an upcaster" in fault
    (fault,) = golden_events.differing(_names(After, version=2), tmp_path)
    assert "sample.v2 has no golden file" in fault
