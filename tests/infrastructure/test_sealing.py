"""Personal texts are sealed as they are stored, and open in their own place alone."""

import base64
import copy
import importlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from application.ports import Append, Destroying, Fresh, KeyReused
from domain.client import ContactDetailsChanged
from domain.data_kinds import data_kind
from domain.entry import By, Entry, Personal, Source
from domain.journey import events as e
from domain.journey.evolve import fold
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.event_names import EventNames, UnreadableEvent
from infrastructure.key_rows import owner_of
from infrastructure.keys import Key, Keys, made_of
from infrastructure.log_tables import client_keys, events, keys
from infrastructure.master_keys import MasterKeys, UnusableMasterKey
from infrastructure.registered_events import registered_events
from infrastructure.sealing import DoesNotOpen, bound_to, open_when_asked, opened, sealed

golden_events = importlib.import_module("tests.golden_events")
BY = By("person-1", "kuopio")
DAY = date(2025, 3, 3)
NAMES = registered_events()
SHAPES = {cls: shape for shape, cls in NAMES.shapes().items()}
KEY = made_of(b"12345678", bytes(32))
WHERE = "Aino Mäkinen, Torikatu 1"
ONE, OTHER = MasterKeys([b"1" * 32]), MasterKeys([b"2" * 32])


def examples() -> Iterator[Any]:
    """One event of every kind with all filled in, and corrections of each kind that has texts."""
    for cls in SHAPES:
        yield golden_events.example(cls, "", SHAPES)
    for cls in e.KINDS.values():
        if cls is not e.EntryCorrected:
            put_right = golden_events.example(cls, "", SHAPES)
            yield e.EntryCorrected(2, put_right, DAY, Personal("it was misheard"))


EXAMPLES = [*examples()]


def texts_of(value: Any) -> Iterator[Personal]:
    if isinstance(value, Personal):
        yield value
    elif is_dataclass(value):
        for own in fields(value):
            yield from texts_of(getattr(value, own.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from texts_of(one)


def saying(value: Any, text: str) -> Any:
    """Return a value with another text in the place of every personal one."""
    if isinstance(value, Personal):
        return Personal(text)
    if isinstance(value, tuple):
        return tuple(saying(one, text) for one in value)
    if not is_dataclass(value):
        return value
    return replace(value, **{f.name: saying(getattr(value, f.name), text) for f in fields(value)})


def append(log: SqlEventLog, stream: str, *some: Any, after: int = 0, **more: Any) -> None:
    fresh = tuple(Fresh(event, DAY, more.pop("source", None)) for event in some)
    log.append(Append(stream, after, fresh, BY, **more))


def stored_rows(log: SqlEventLog, table: Any = events) -> list[dict[str, Any]]:
    with log.database.reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


@given(
    event=st.sampled_from(EXAMPLES),
    text=st.text(st.characters(codec="utf-8"), max_size=60),
    version=st.integers(1, 2**40),
)
def test_what_is_sealed_opens_to_the_same_and_is_not_there_to_read(
    event: Any, text: str, version: int
) -> None:
    said = f"<<{text}>>"
    event = saying(event, said)
    bound = bound_to("journey:j-1", version)
    name, schema, body = NAMES.encode(event, lambda path, one: sealed(KEY, one, bound + path))

    assert (name, schema) == SHAPES[type(event)]
    stored = json.dumps(json.loads(body))
    assert json.dumps(said)[1:-1] not in stored
    assert stored.count('"sealed": "') == len([*texts_of(event)])
    opening = NAMES.opening(name, schema)
    if opening is None:
        assert NAMES.decode(name, schema, body) == event
    else:
        found = opening(body, lambda path, form: opened(form, bound + path, lambda _: KEY))
        assert found == event


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_a_destroyed_key_leaves_texts_sealed_and_all_else_as_it_was(event: Any) -> None:
    bound = bound_to("journey:j-1", 7)
    name, schema, body = NAMES.encode(event, lambda path, one: sealed(KEY, one, bound + path))
    opening = NAMES.opening(name, schema)
    if opening is not None:
        found = opening(body, lambda path, form: opened(form, bound + path, lambda _: None))
        assert {one.text for one in texts_of(found)} <= {None}
        assert all(one.sealed for one in texts_of(found))
        assert saying(found, "") == saying(event, "")


@given(st.text(st.characters(codec="utf-8")))
def test_a_text_opens_in_its_own_field_of_its_own_entry_by_its_own_key_alone(text: str) -> None:
    form = sealed(KEY, text, bound_to("journey:j-1", 2) + "reason")
    for place in (
        bound_to("journey:j-2", 2) + "reason",
        bound_to("journey:j-1", 3) + "reason",
        bound_to("journey:j-1", 2) + "note",
    ):
        with pytest.raises(DoesNotOpen, match="was altered, or moved"):
            opened(form, place, lambda _: KEY)
    another = made_of(KEY.id, b"x" * 32)
    with pytest.raises(DoesNotOpen):
        opened(form, bound_to("journey:j-1", 2) + "reason", lambda _: another)
    assert opened(form, bound_to("journey:j-1", 2) + "reason", lambda _: KEY) == text


@given(st.integers(0, 400), st.integers(1, 255))
def test_no_byte_of_a_sealed_text_can_be_altered(at: int, by: int) -> None:
    bound = bound_to("client:c-1", 1) + "given_name"
    form = bytearray(base64.b64decode(sealed(KEY, "Aino", bound)))
    form[at % len(form)] ^= by

    def key_of(key_id: bytes) -> Key:
        if key_id != KEY.id:
            raise DoesNotOpen("another key")
        return KEY

    with pytest.raises(DoesNotOpen):
        opened(base64.b64encode(form).decode(), bound, key_of)


@given(st.text(), st.text(), st.sampled_from(["a", "b"]), st.sampled_from(["a", "b"]))
def test_a_nonce_repeats_only_where_all_is_the_same(
    one: str, other: str, here: str, there: str
) -> None:
    forms = [
        base64.b64decode(sealed(KEY, text.encode("utf-8", "replace").decode(), place))
        for text, place in ((one, here), (other, there))
    ]
    nonces = {form[9:21] for form in forms}
    assert len(nonces) == len(set(forms))


def test_a_log_stores_no_personal_text_and_tells_it_again(log: SqlEventLog) -> None:
    source = Source("hmis", "ab" * 32, "Exit.csv", 3, "X-3-MÄKINEN")
    for n, event in enumerate(EXAMPLES):
        log.append(Append(f"journey:j-{n}", 0, (Fresh(event, DAY, source),), BY))
    for row in stored_rows(log):
        assert b"what was said" not in row["body"]
        assert "KINEN" not in row["source"]
    for n, event in enumerate(EXAMPLES):
        (entry,) = log.load(f"journey:j-{n}")
        assert (entry.event, entry.source) == (event, source)
    assert [one.entry.event for one in log.read()] == EXAMPLES


def test_another_process_opens_what_this_one_sealed(database_url: str) -> None:
    with open_log(database_url) as log:
        append(log, "client:c-1", ContactDetailsChanged(address=Personal(WHERE)))
        append(log, "client:c-1", ContactDetailsChanged(phone=Personal("1")), after=1)
        assert [row["kind"] for row in stored_rows(log, client_keys)] == ["contact"]
    with open_log(database_url) as log:
        append(log, "client:c-1", ContactDetailsChanged(phone=Personal("2")), after=2)
        assert [row["kind"] for row in stored_rows(log, client_keys)] == ["contact"]
        assert [str(entry.event.phone) for entry in log.load("client:c-1")] == ["", "1", "2"]
        assert str(log.load("client:c-1")[0].event.address) == WHERE


def test_a_correction_is_sealed_with_the_kind_of_what_it_corrects(log: SqlEventLog) -> None:
    said = golden_events.example(e.IntakeInterviewHeld, "", SHAPES)
    append(log, "journey:j-1", e.EntryCorrected(1, said, DAY, Personal("misheard")))
    assert [row["kind"] for row in stored_rows(log, client_keys)] == [data_kind(said)]


def test_to_ask_what_an_id_would_be_makes_no_key(log: SqlEventLog) -> None:
    passing = log.id_for("a", storing=False)
    assert log.id_for("a", storing=False) == passing != log.id_for("b", storing=False)
    assert stored_rows(log, client_keys) == []

    kept = log.id_for("a")
    assert [row["kind"] for row in stored_rows(log, client_keys)] == ["requests"]
    assert log.id_for("a", storing=False) == kept != passing


def test_an_opening_is_sealed_with_the_keys_of_its_journey() -> None:
    assert owner_of("access:j-1") == owner_of("journey:j-1") == "journey:j-1"
    assert owner_of("client:c-1") == "client:c-1"
    assert owner_of("programme:ali") is owner_of("readings:2025-01-01-x") is None


def test_what_was_stored_unsealed_is_read_for_ever(log: SqlEventLog) -> None:
    told = ContactDetailsChanged(address=Personal(WHERE))
    append(log, "elsewhere", told)  # of nobody: so it is stored as it is
    (row,) = stored_rows(log)
    assert WHERE.encode() in row["body"]
    with log.database.writing() as connection:
        connection.execute(insert(events), {**row, "position": 2, "stream": "client:c-1"})
    assert log.load("client:c-1")[0].event == told


def test_a_row_moved_to_another_stream_is_noticed(log: SqlEventLog) -> None:
    append(log, "client:c-1", ContactDetailsChanged(address=Personal(WHERE)))
    (row,) = stored_rows(log)
    with log.database.writing() as connection:
        connection.execute(insert(events), {**row, "position": 2, "stream": "client:c-2"})
    (entry,) = log.load("client:c-2")
    for _ in range(2):  # it does not open the second time either
        with pytest.raises(UnreadableEvent, match=r"position 2 .*address was altered, or moved "):
            str(entry.event.address)


def test_an_older_shape_is_opened_before_it_is_brought_up(database_url: str) -> None:
    before, after = EventNames(), EventNames()
    before.register(ContactDetailsChanged, name="reached")
    after.register(ContactDetailsChanged, name="reached", version=2)

    @after.upcaster("reached", 1)
    def swap(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "phone": body["address"], "address": body["phone"]}

    with open_log(database_url, names=before) as log:
        append(log, "client:c-1", ContactDetailsChanged(address=Personal("1")))
    with open_log(database_url, names=after) as log:
        assert log.load("client:c-1")[0].event == ContactDetailsChanged(phone=Personal("1"))


def test_keys_destroyed_by_another_process_seal_nothing_more(database_url: str) -> None:
    with open_log(database_url) as one, open_log(database_url) as other:
        append(one, "client:c-1", ContactDetailsChanged(address=Personal(WHERE)))
        with other.database.connection("BEGIN") as connection:
            other.keys.destroy(connection.cursor(), Destroying(("client:c-1",)), 5)
            connection.execute("COMMIT")
        append(one, "client:c-1", ContactDetailsChanged(phone=Personal("1")), after=1)
        for log in (one, other):
            first, second = (entry.event for entry in log.load("client:c-1"))
            assert (first.address.text, bool(first.address.sealed)) == (None, True)
            assert second.phone == Personal("1")


def test_an_idempotency_key_keeps_no_digest_that_names_can_be_tried_on(log: SqlEventLog) -> None:
    asked = Append("client:c-1", 0, (Fresh(ContactDetailsChanged(), DAY),), BY, "k", "d" * 64)
    first = log.append(asked)
    (row,) = stored_rows(log, keys)
    assert "d" * 64 not in row["request"]
    assert log.append(asked).position == first.position
    assert log.answer("k", "d" * 64) is not None
    with pytest.raises(KeyReused):
        log.answer("k", "e" * 64)
    with pytest.raises(KeyReused):
        log.append(replace(asked, request="e" * 64))


def test_a_digest_of_an_older_program_is_still_the_same_request(log: SqlEventLog) -> None:
    append(log, "client:c-1", ContactDetailsChanged())
    old = {"key": "k", "request": "d" * 64, "stream": "client:c-1", "position": 1}
    old |= {"first_version": 1, "last_version": 1, "recorded_at": 1}
    with log.database.writing() as connection:
        connection.execute(insert(keys), old)
    assert log.answer("k", "d" * 64) is not None
    with pytest.raises(KeyReused):
        log.answer("k", "e" * 64)


def test_a_new_master_key_wraps_all_and_the_old_one_can_go(database_url: str) -> None:
    both = MasterKeys([b"2" * 32, b"1" * 32])
    with open_log(database_url, masters=lambda: ONE) as log:
        for n in range(3):
            told = ContactDetailsChanged(address=Personal(WHERE))
            append(log, f"client:c-{n}", told, key=str(n))
        before = stored_rows(log)
    with (
        open_log(database_url, masters=lambda: OTHER) as log,
        pytest.raises(UnusableMasterKey, match=f"the master key {ONE.newest}, which is not at"),
    ):
        log.keys.check()
    with open_log(database_url, masters=lambda: both) as log:
        log.keys.check()
        assert log.keys.to_wrap_anew() == 4  # with that of the digests
        assert (log.keys.wrap_anew(), log.keys.wrap_anew()) == (4, 0)
        assert stored_rows(log) == before
    with open_log(database_url, masters=lambda: OTHER) as log:
        log.keys.check()
        assert str(log.load("client:c-2")[0].event.address) == WHERE
        assert log.answer("0", "") is not None


def test_a_key_that_is_destroyed_while_it_is_wrapped_anew_stays_destroyed(
    database_url: str,
) -> None:
    masters = MasterKeys([b"2" * 32, b"1" * 32])
    told = ContactDetailsChanged(address=Personal(WHERE))
    with open_log(database_url, masters=lambda: ONE) as log:
        append(log, "client:c-1", told)
    with (
        open_log(database_url, masters=lambda: masters) as log,
        open_log(database_url, masters=lambda: masters) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        gone = Destroying(("client:c-1",))
        erasing: list[Any] = []

        def meanwhile(many: int) -> bytes:
            if not erasing:
                asked = partial(append, after=1, destroying=gone)
                erasing.append(pool.submit(asked, other, "client:c-1", ContactDetailsChanged()))
                wait(erasing, timeout=0.5)  # until it is done, or waits for the rotation
            return bytes(many)

        log.keys = Keys(log.database, lambda: masters, meanwhile)
        assert log.keys.wrap_anew() == 1
        erasing[0].result()
        assert not other.keys.left(["client:c-1"])
        assert other.load("client:c-1")[0].event.address.text is None


def test_a_key_that_is_being_destroyed_is_not_waited_for(database_url: str) -> None:
    masters = MasterKeys([b"2" * 32, b"1" * 32])
    with open_log(database_url, masters=lambda: ONE) as log:
        for n in range(2):
            append(log, f"client:c-{n}", ContactDetailsChanged(address=Personal(WHERE)))
    with open_log(database_url, masters=lambda: masters) as log:
        if log.database.is_sqlite:  # one writer at a time: there is nothing that is half done
            assert log.keys.wrap_anew() == 2
            return
        with log.database.connection("BEGIN") as connection:
            log.keys.destroy(connection.cursor(), Destroying(("client:c-1",)), 5)
            assert log.keys.wrap_anew() == 1
            assert log.keys.to_wrap_anew() == 1
            connection.execute("COMMIT")
        assert log.keys.to_wrap_anew() == 0


def test_a_wrapped_key_unwraps_in_its_own_row_alone(database_url: str) -> None:
    with open_log(database_url) as log:
        append(log, "client:c-1", ContactDetailsChanged(address=Personal(WHERE)))
        with log.database.writing() as connection:
            connection.exec_driver_sql("UPDATE client_keys SET owner = 'client:c-2'")
    with open_log(database_url) as log, pytest.raises(UnusableMasterKey, match="was altered"):
        str(log.load("client:c-1")[0].event.address)


def unopened(text: str, asked: list[str]) -> Personal:
    """A sealed text that opens when it is asked for; `asked` is told each time."""
    one = Personal(sealed=sealed(KEY, text, bound_to("journey:j-1", 2) + "reason"))

    def open_(path: str, form: str) -> str | None:
        asked.append(path)
        return opened(form, bound_to("journey:j-1", 2) + path, lambda _: KEY)

    open_when_asked([("reason", one)], open_)
    return one


@pytest.mark.parametrize(
    "use",
    [
        lambda one: one == Personal("seen"),
        lambda one: Personal("seen") == one,
        lambda one: one != Personal("heard"),
        lambda one: unopened("seen", []) == one,
        lambda one: hash(one) == hash(Personal("seen")),
        lambda one: repr(one) == repr(Personal("seen")),
        lambda one: str(one) == "seen",
        lambda one: one.sealed is None,
        lambda one: copy.deepcopy(one) == Personal("seen"),
        lambda one: msgspec.json.encode(one) == msgspec.json.encode(Personal("seen")),
    ],
)
def test_a_text_is_opened_once_and_only_when_it_is_asked_for(use: Any) -> None:
    asked: list[str] = []
    one = unopened("seen", asked)
    assert asked == []
    assert use(one)
    assert asked == ["reason"]
    assert (type(one), one.text, one.sealed) == (Personal, "seen", None)
    assert asked == ["reason"]


@pytest.mark.parametrize("text", ["seen", ""])
def test_whether_anything_was_said_is_known_without_opening(text: str) -> None:
    asked: list[str] = []
    one = unopened(text, asked)
    assert one != Personal()
    assert Personal() != one
    assert asked == []


def test_a_journey_is_folded_without_opening_a_text() -> None:
    asked: list[str] = []
    example: e.ReferralMade = golden_events.example(e.ReferralMade, "", SHAPES)
    made = replace(example, existing_plan=Personal())
    told = replace(made, existing_plan=unopened("seen", asked))
    states = [
        fold([Entry(1, one, DAY, datetime(2025, 3, 3, tzinfo=UTC), BY, None, 1, "", "")])
        for one in (made, told)
    ]
    assert [one.referral and one.referral.has_plan for one in states] == [False, True]
    assert asked == []


def test_many_may_ask_for_a_text_at_once() -> None:
    for _ in range(50):
        one = unopened("seen", [])
        with ThreadPoolExecutor(8) as pool:
            told = [*pool.map(lambda _, it=one: (it.text, it.sealed), range(16))]
        assert {*told} == {("seen", None)}
