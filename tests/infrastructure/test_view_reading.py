"""Reading the views: how texts are handed to the databases, and rows made of what they give."""

import subprocess
import sys
from datetime import date

import pytest

from application.views.rows import ClientRow
from infrastructure.database import Database
from infrastructure.view_reading import ViewReader, rows_of
from infrastructure.view_rows import keeper

AWKWARD = ["", "NULL", 'a"b', "c\\d", "e,f", "{g}", " h ", "ä\u2028", "it's", "%s"]


@pytest.mark.parametrize("text", AWKWARD)
def test_any_text_is_found_among_others_as_it_is(log, text):
    reader = ViewReader(log.database)
    driver = reader.driver
    asked = f"SELECT 1 WHERE {driver.value('one')} {driver.among('texts')}"

    def among(texts: list[str]) -> bool:
        values = {"one": text, "texts": driver.texts(texts)}
        return bool(reader.ask(lambda snapshot: snapshot.tuples(asked, values), []))

    assert among(AWKWARD)
    assert not among([other for other in AWKWARD if other != text])
    assert not among([])


@pytest.mark.parametrize(
    ("truths", "is_found"), [([False, True], True), ([True], True), ([False], False), ([], False)]
)
def test_a_truth_is_found_among_others(postgresql_url, truths, is_found):
    database = Database(postgresql_url)
    asked = "SELECT 1 WHERE true = ANY(%(truths)s::boolean[])"
    found = ViewReader(database).ask(
        lambda snapshot: snapshot.tuples(asked, {"truths": truths}), []
    )
    assert bool(found) is is_found
    database.close()


def test_rows_are_what_was_kept_of_them():
    day = date(2025, 3, 1)
    full = ClientRow("c", "Aino", "Mäki", "aino maki", day, "7", "564", "fi", day, "oulu", 1, 2)
    empty = full._replace(born=None)
    assert rows_of(ClientRow, keeper(ClientRow)([full, empty])) == [full, empty]
    assert keeper(ClientRow)([]) == []
    assert rows_of(ClientRow, []) == []


def test_the_first_statement_is_answered_with_the_connection(database_url):
    database = Database(database_url)
    with database.begun("SELECT 7") as (connection, first):
        assert list(first.fetchall()) == [(7,)]
        assert list(connection.execute("SELECT 8").fetchall()) == [(8,)]
    with database.begun() as (_, nothing):
        assert nothing is None
    database.close()


def test_the_driver_keeps_what_it_has_prepared_from_question_to_question(log):
    reader, asked = ViewReader(log.database), "SELECT 7"
    answers = [reader.ask(lambda snapshot: snapshot.tuples(asked, {}), []) for _ in range(30)]
    assert answers == [[(7,)]] * 30
    if not log.database.is_sqlite:
        with log.database.connection() as connection:
            kept = connection.execute("SELECT statement FROM pg_prepared_statements").fetchall()
        assert (asked,) in kept


def test_on_sqlite_nobody_waits_for_what_only_others_need():
    asked = (
        "import sys; import infrastructure.case_listing, infrastructure.keeping; "
        "import infrastructure.view_queries; print(*sys.modules)"
    )
    loaded = subprocess.check_output([sys.executable, "-c", asked], text=True).split()
    others = {"holidays", "psycopg", "sqlalchemy.dialects.postgresql", "structlog"}
    assert not others & {*loaded}
