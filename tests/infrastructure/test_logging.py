"""Messages about Polku's own running: where they go, and what never gets into them."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import TextIO

import pytest
import structlog

from domain.entry import Personal
from infrastructure.logging import set_up


def said(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    out, err = capsys.readouterr()
    assert out == ""
    return [json.loads(line) for line in err.splitlines()]


def test_only_warnings_are_heard_unless_more_is_asked_for(capsys):
    set_up(form="json")
    structlog.get_logger().info("log-opened")
    structlog.get_logger().warning("log-slow")
    assert [line["event"] for line in said(capsys)] == ["log-slow"]


def test_plain_values_are_written(capsys):
    set_up("debug", "json")
    at = datetime(2025, 3, 1, 12, tzinfo=UTC)
    structlog.get_logger().debug("upgraded", rows=3, share=0.5, ok=True, on=date(2025, 3, 1), at=at)
    (line,) = said(capsys)
    assert (line["rows"], line["share"], line["ok"]) == (3, 0.5, True)
    assert (line["on"], line["at"]) == ("2025-03-01", "2025-03-01T12:00:00+00:00")
    assert line["level"] == "debug"
    assert line["timestamp"].endswith("Z")


def test_what_a_person_said_is_not_written_whatever_it_comes_in(capsys):
    set_up("debug", "json")
    note = Personal("Aino is ill")
    structlog.get_logger().debug(
        "odd", note=note, notes=[note], named={"a": "Aino"}, pair=("Aino", 1)
    )
    (line,) = said(capsys)
    assert "Aino" not in json.dumps(line)
    assert line["note"] == "<Personal>"


def test_a_failure_is_told_by_its_type_and_way_only(capsys):
    set_up("debug", "json")
    try:
        int("Aino")
    except ValueError as error:
        structlog.get_logger().error("command-failed", failure=error)
    (line,) = said(capsys)
    assert line["failure"] == "ValueError"
    assert "test_logging.py" in line["went_through"]
    assert "Aino" not in json.dumps(line)


def test_of_failures_that_are_told_as_a_group_the_first_is_named(capsys):
    set_up(form="json")
    try:
        raise ValueError("Aino has a new phone")  # noqa: TRY301 - it has to go through somewhere
    except ValueError as error:
        group = ExceptionGroup("in tasks", [ExceptionGroup("in a task", [error]), KeyError("a")])
    structlog.get_logger().error("request-failed", failure=group)
    (line,) = said(capsys)
    assert line["failure"] == "ValueError"
    assert "test_logging.py" in line["went_through"]
    assert "Aino" not in str(line)


def test_a_long_text_is_cut(capsys):
    set_up("debug", "json")
    structlog.get_logger().debug("odd", text="x" * 1000)
    assert len(said(capsys)[0]["text"]) == 200


def test_a_person_reads_one_line_without_colours(capsys):
    set_up("debug", "console")
    structlog.get_logger().debug("database-upgraded", revision="0001")
    out, err = capsys.readouterr()
    assert out == ""
    assert "database-upgraded" in err
    assert "revision=0001" in err
    assert "\x1b" not in err


@pytest.mark.parametrize("gone", ["full", "hung up", "never open"])
def test_a_message_that_cannot_be_written_is_lost_and_nothing_else(gone, monkeypatch, capsys):
    """The log file may lie on the disk that is full; who tells of that must go on."""
    set_up("debug", "json")
    with unwritable(gone) as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        structlog.get_logger().error("projector-failed", rows=3)
        set_up("debug", "console")
        structlog.get_logger().error("projector-failed", rows=3)
        monkeypatch.undo()
    set_up("debug", "json")
    structlog.get_logger().error("projector-failed", rows=4)
    assert [line["rows"] for line in said(capsys)] == [4]


@contextmanager
def unwritable(how: str) -> Iterator[TextIO | None]:
    """Give an stderr on which nothing can be written."""
    reads, writes = os.pipe()
    os.close(reads)
    stream = os.fdopen(os.open("/dev/full", os.O_WRONLY) if how == "full" else os.dup(writes), "w")
    os.close(writes)
    try:
        yield None if how == "never open" else stream
    finally:
        with suppress(OSError):  # of what was not written
            stream.close()
