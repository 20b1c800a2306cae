"""Whether what an indicator says in SQL is of the type that is wanted: a condition, or a number."""

from collections.abc import Iterator

from application.evaluation.counting import Counted
from application.evaluation.put_in import Here
from domain.indicators import Indicator

NOTHING = '"NULL"'
"""DuckDB's type of NULL alone, which says nothing and fits everywhere."""

CONDITIONS = frozenset({"BOOLEAN", NOTHING})
NUMBERS = frozenset(
    {"DOUBLE", "FLOAT", "DECIMAL", "INTEGER", "UINTEGER", "BIGNUM"}
    | {f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")}
)
"""DuckDB's types of conditions and of numbers."""


def misfits(here: Here, indicator: Indicator, of: Counted) -> Iterator[tuple[str, str]]:
    """Yield the fields that can be asked, but say no condition, or no number, and what they say.

    Whom a number says would else be counted where it is not 0, and a share be one of those. A mean
    of conditions is that of 0 and 1.
    """
    measured = CONDITIONS if indicator.measure == "share" else NUMBERS | CONDITIONS
    for field, text, fitting in (
        ("who", indicator.who, CONDITIONS),
        ("what", indicator.what, measured),
    ):
        kind = _type_of(text, of, here) if text else NOTHING
        if kind.split("(")[0] not in fitting:
            wanted = "a condition" if fitting is CONDITIONS else "a number"
            yield field, f"{wanted} is wanted, but this is of the type {kind}"


def _type_of(text: str, of: Counted, here: Here) -> str:
    """Return DuckDB's type of what an expression says of a row, whether there is any row or not."""
    said_of_none = f"SELECT ({text}\n) AS said FROM ({of.sql}) LIMIT 0"  # noqa: S608 - as counted
    sql = f"SELECT typeof(told.said) FROM (SELECT 1) LEFT JOIN ({said_of_none}) AS told ON true"  # noqa: S608
    return str(here.asked.ask(sql, (here.programme,)).rows[0][0])
