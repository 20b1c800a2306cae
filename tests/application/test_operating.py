"""A command's reading in the log: at once, each once, many in an entry."""

from application.accesses import RECORDER, readings
from application.operating import MOST, Operator, record_reading

ROOT = Operator("root", "", "c-0001")


def test_the_readings_of_a_command_are_one_stream_of_entries_that_are_not_too_large(memory_log):
    read = [(f"c-{n}", f"j-{n}") for n in range(2 * MOST + 1)]
    record_reading(memory_log, ROOT, "caseload", "operation", [*read, *read])
    (stream,) = memory_log.streams("readings:")
    entries = memory_log.load(stream)
    sizes = [len(answer.read) for entry in entries for answer in entry.event.answers]
    assert sizes == [MOST, MOST, 1]
    assert {(entry.by, entry.correlation) for entry in entries} == {(RECORDER, "c-0001")}
    assert [(one.client, one.journey) for one in readings(memory_log)] == read


def test_who_was_not_read_of_leaves_no_entry(memory_log):
    record_reading(memory_log, ROOT, "caseload", "operation", [])
    assert memory_log.position() == 0


def test_a_journey_of_no_client_is_read_all_the_same(memory_log):
    record_reading(memory_log, ROOT, "journey-page", "operation", [("", "j-1")])
    (one,) = readings(memory_log)
    assert (one.client, one.journey, one.role) == (None, "j-1", "operator")
