"""The tables of a view keep its rows as they are, one set of tables for each generation."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import inspect

from application.views import VIEWS
from application.views.caseload import CASELOAD
from application.views.readings import READINGS
from application.views.register import REGISTER, deletions
from application.views.rows import (
    CaseRow,
    ClientRow,
    DueRow,
    NameRow,
    OnceRow,
    ReachRow,
    ReadingRow,
)
from application.views.view import Rules, View
from infrastructure.database import Database
from infrastructure.definitions import load_definition, shipped_definitions
from infrastructure.view_rows import columns_of, keeper, reader
from infrastructure.view_tables import ORDERS, ViewTables, table_name, tables_of, word_forms
from infrastructure.working_days import working_days_of
from tests.application.simulated import real_histories
from tests.infrastructure.projecting import exist


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def run(database: Database) -> Callable[..., Any]:
    """Do something with the driver's own cursor, in a transaction."""

    def do(act: Callable[..., Any], *args: Any, **more: Any) -> Any:
        with database.writing() as connection:
            return act(connection.connection.cursor(), *args, **more)

    return do


def tables(database: Database, view: View[Any], generation: int = 1) -> ViewTables:
    return ViewTables(view, generation, is_sqlite=database.is_sqlite)


def simulated_rows(view: View[Any]) -> dict[str, list[Any]]:
    definitions = {
        code: load_definition(text, code) for code, text in shipped_definitions().items()
    }
    rules = Rules(lambda code, _version: definitions[code], working_days_of)
    histories = list(real_histories(6).items())[:25]
    return {owner: list(view.rows(owner, history, rules)) for owner, history in histories}


def client(owner: str, given: str | None, family: str | None, **more: Any) -> ClientRow:
    told = ClientRow(
        owner=owner,
        given_name=given,
        family_name=family,
        sorted_name=f"{family} {given}".casefold(),
        born=None,
        local_id=None,
        municipality=None,
        language=None,
        registered_on=date(2026, 3, 1),
        registered_by="kuopio",
        version=1,
        position=1,
    )
    return told._replace(**more)


def as_found(view: View[Any], rows: list[Any]) -> list[Any]:
    """The rows in the order in which `rows_of` gives them."""

    def place(row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in ORDERS[type(row)][0].columns)

    return [row for kind in view.tables for row in sorted(filter_of(kind, rows), key=place)]


def filter_of(kind: type[Any], rows: list[Any]) -> list[Any]:
    return [row for row in rows if type(row) is kind]


@pytest.mark.parametrize("view", [v for v in VIEWS if v.kind == "journey"], ids=lambda v: v.name)
def test_rows_of_real_journeys_come_back_as_they_were(
    database: Database, run: Callable[..., Any], view: View[Any]
) -> None:
    made, kept = simulated_rows(view), tables(database, view)
    every = [row for rows in made.values() for row in rows]
    if OnceRow in view.tables:  # nobody is put right in these journeys
        every.append(OnceRow(next(iter(made)), "worker:p-1"))
    assert {type(row) for row in every} == set(view.tables)
    run(kept.create)
    run(kept.insert, every)
    assert run(kept.rows_of, list(made)) == as_found(view, every)


AWKWARD = (
    "",
    " ",
    "\\",
    "\\N",
    "\\.",
    "a\\tb",
    "a\tb",
    "a\nb",
    "a\r\nb",
    "NULL",
    "\x7f",
    "\u2028",
    "😀",
)


def test_awkward_texts_are_filled_in_as_they_are(
    database: Database, run: Callable[..., Any]
) -> None:
    kept = tables(database, replace(REGISTER, tables=(ClientRow,)))
    rows = [client(f"{n}{text}", text, None, local_id=text) for n, text in enumerate(AWKWARD)]
    rows.append(client("none", None, None, born=date(1999, 12, 31)))

    def fill(cursor: Any) -> None:
        if database.is_sqlite:
            kept.insert(cursor, rows)
            return
        with kept.copying([cursor]) as take:
            assert take(rows[:5]) == 5
            assert take([]) == 0
            assert take(rows[5:]) == len(rows) - 5

    run(kept.create)
    run(fill)
    owners = [row.owner for row in rows]
    assert run(kept.rows_of, owners) == sorted(rows, key=lambda row: row.owner)


def test_rows_are_replaced_owner_by_owner(database: Database, run: Callable[..., Any]) -> None:
    kept = tables(database, REGISTER)
    maija, matti = client("a", "Maija", "Mäkelä"), client("b", "Matti", "Virtanen")
    words = [NameRow("a", "maija"), NameRow("a", "makela"), NameRow("b", "matti")]
    run(kept.create)
    run(kept.replace, ["a", "b"], [maija, matti, *words])
    married = maija._replace(family_name="Virtanen", version=2)
    run(kept.replace, ["a", "new"], [married, NameRow("a", "virtanen"), client("new", None, None)])
    assert run(kept.rows_of, ["a", "b", "new"]) == [
        married,
        matti,
        client("new", None, None),
        NameRow("a", "virtanen"),
        NameRow("b", "matti"),
    ]
    assert run(kept.rows_of, ["b"]) == [matti, NameRow("b", "matti")]
    run(kept.replace, ["a"], [])
    assert run(kept.rows_of, ["a"]) == []


@pytest.mark.parametrize("many", [20, 400])  # few are written in another way
def test_rows_that_are_as_they_should_be_are_left_alone(
    database: Database, run: Callable[..., Any], many: int
) -> None:
    kept = tables(database, READINGS)
    noted = [ReadingRow("spool", f"client:{n}", "", 7) for n in range(many)]
    place = "rowid" if database.is_sqlite else "ctid"

    def places(cursor: Any) -> dict[str, Any]:
        cursor.execute(f"SELECT key, {place} FROM {table_name('readings', ReadingRow, 1)}")
        return dict(cursor.fetchall())

    run(kept.create)
    run(kept.replace, ["spool"], noted)
    before = run(places)
    more = [ReadingRow("spool", f"client:{n}", "", 9) for n in range(many, many + 5)]
    run(kept.replace, ["spool"], [*noted, *more])
    after = run(places)
    assert len(after) == many + 5
    assert {key: after[key] for key in before} == before


def test_every_kind_of_value_and_nothing_at_all_can_be_kept(
    database: Database, run: Callable[..., Any]
) -> None:
    kept = tables(database, CASELOAD)
    moment = datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    case = CaseRow(
        *("ö'\"\t\\n", "c", "ali", 1, "kuopio", "open", True, None, date.min),
        *(None, "", date.max, None, None, 2**40, 0, "x", date(1999, 12, 31), moment, 3, 2**53),
    )
    reach = ReachRow(case.owner, "k", False, "ali", "open/", date.max, date.min, "c")
    held = DueRow(case.owner, "d/1", "d", "Title", "Otsikko", "", "kuopio", None, date.min, None)
    run(kept.create)
    run(kept.insert, [case, reach, held])
    found = run(kept.rows_of, [case.owner])
    assert found == [case, reach, held]
    assert [type(row) for row in found] == [CaseRow, ReachRow, DueRow]
    assert found[0].is_open is True
    assert found[1].is_open is False


def test_a_rolled_back_transaction_leaves_the_rows(
    database: Database, run: Callable[..., Any]
) -> None:
    kept = tables(database, REGISTER)
    run(kept.create)
    run(kept.insert, [client("a", "Eeva", None), NameRow("a", "eeva")])

    def fail(cursor: Any) -> None:
        kept.replace(cursor, ["a"], [NameRow("a", "other")])
        raise RuntimeError("the entry was refused")

    with pytest.raises(RuntimeError, match="refused"):
        run(fail)
    assert run(kept.rows_of, ["a"]) == [client("a", "Eeva", None), NameRow("a", "eeva")]
    # A word whose forms were rolled back with it gets them when it comes again.
    run(kept.replace, ["b"], [NameRow("b", "other")])
    assert run(forms_of, "other") == deletions("other")


def forms_of(cursor: Any, word: str) -> set[str]:
    cursor.execute(f"SELECT form FROM {word_forms('register', 1)} WHERE word = '{word}'")
    return {form for (form,) in cursor.fetchall()}


def test_each_word_has_its_forms_once(database: Database, run: Callable[..., Any]) -> None:
    kept = tables(database, REGISTER)
    run(kept.create)
    for owner in ("a", "b"):
        run(kept.replace, [owner], [NameRow(owner, "anna"), NameRow(owner, f"an{owner}")])
    assert run(forms_of, "anna") == {"anna", "nna", "ana", "ann"}
    assert run(forms_of, "ana") == deletions("ana")


def test_generations_stand_side_by_side(database: Database, run: Callable[..., Any]) -> None:
    first, second = tables(database, REGISTER, 1), tables(database, REGISTER, 2)
    assert not run(partial(exist, first))
    run(first.create)
    run(first.insert, [NameRow("a", "old")])
    assert not run(partial(exist, second))
    run(second.create, indexes=False)
    run(second.insert, [NameRow("a", "new"), NameRow("b", "new")])
    run(second.create_indexes)
    assert run(first.rows_of, ["a"]) == [NameRow("a", "old")]
    assert run(second.rows_of, ["a"]) == [NameRow("a", "new")]
    run(first.drop)
    run(first.drop)  # as when a program ended between dropping and noting it
    assert not run(partial(exist, first))
    assert run(partial(exist, second))
    assert run(second.rows_of, ["b"]) == [NameRow("b", "new")]


def test_owners_are_walked_through_in_order(database: Database, run: Callable[..., Any]) -> None:
    kept = tables(database, REGISTER)
    run(kept.create)
    run(kept.insert, [NameRow(owner, word) for owner in "öazÄB" for word in ("x", "y")])
    assert run(kept.owners, NameRow, "", 3) == ["B", "a", "z"]
    assert run(kept.owners, NameRow, "z", 3) == ["Ä", "ö"]


def test_a_journey_is_marked_as_behind_and_as_mended(
    database: Database, run: Callable[..., Any]
) -> None:
    kept = tables(database, CASELOAD)
    rows = simulated_rows(CASELOAD)
    owner, other = list(rows)[:2]
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    run(kept.create)
    run(kept.insert, rows[owner] + rows[other])
    run(kept.set_stale, owner, moment)
    assert run(kept.rows_of, [owner])[0] == rows[owner][0]._replace(stale_since=moment)
    assert run(kept.rows_of, [other])[0].stale_since is None
    run(kept.set_stale, owner, None)
    assert run(kept.rows_of, [owner])[0] == rows[owner][0]


def test_every_order_is_an_index_of_the_table(database: Database, run: Callable[..., Any]) -> None:
    for view in VIEWS:
        kept = tables(database, view, 12345)
        run(kept.create)
        for row, table in kept.tables.items():
            there = inspect(database.engine).get_indexes(table.name)
            assert sorted(tuple(index["column_names"]) for index in there) == sorted(
                order.columns for order in ORDERS[row]
            )


class Odd(NamedTuple):
    owner: str
    many: tuple[str, ...]


def test_a_kind_of_value_without_a_column_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Odd\.many is .* no column can keep"):
        columns_of(Odd)


def test_a_naive_instant_is_refused() -> None:
    row = simulated_rows(CASELOAD)
    case = next(iter(row.values()))[0]
    with pytest.raises(ValueError, match="time zone"):
        keeper(CaseRow)([case._replace(last_recorded_at=datetime(2026, 3, 1))])  # noqa: DTZ001
    assert [reader(CaseRow)(one) for one in keeper(CaseRow)([case])] == [case]


def test_tables_and_their_indexes_are_made_once_for_all_databases(tmp_path: Path) -> None:
    tables = tables_of(CASELOAD, 1, is_sqlite=True)
    assert tables_of(CASELOAD, 1, is_sqlite=True) is tables
    assert tables_of(CASELOAD, 2, is_sqlite=True) is not tables
    assert tables_of(replace(CASELOAD, shape=99), 1, is_sqlite=True).view.shape == 99
    assert tables_of(CASELOAD, 1, is_sqlite=False) is not tables
    found = []
    for name in ("a", "b"):
        database = Database(f"sqlite:///{tmp_path / name}.db")
        with database.writing() as connection:
            tables.create(connection.connection.cursor())
        found.append(
            sorted(
                one["name"]
                for one in inspect(database.engine).get_indexes(
                    table_name("caseload", CASELOAD.tables[0], 1)
                )
            )
        )
        database.close()
    assert found[0] == found[1]
    assert len(found[0]) == len(ORDERS[CASELOAD.tables[0]])
    assert [len(one.indexes) for one in tables.tables.values()] == [
        len(ORDERS[row]) for row in tables.tables
    ]
