"""Clients by what identifies a person beside the name: the day of birth and the local id."""

from dataclasses import replace

from application.questions import ClientQuery
from application.views.register import folded_id
from application.views.rows import ClientRow
from infrastructure.view_lists import Where
from infrastructure.view_matching import swapped
from infrastructure.view_merges import ids_with
from infrastructure.view_names import MOST_LOOKED_AT
from infrastructure.view_reading import Snapshot


def with_details(snapshot: Snapshot, asked: ClientQuery) -> list[str]:
    """Return ids of clients with the day of birth and the local id that are asked for.

    There is one more than are looked at where there may be more.
    """
    where = _where(snapshot, asked)
    found = snapshot.tuples(
        f"SELECT owner FROM {snapshot.table(ClientRow)} WHERE {where.text()} "
        f"LIMIT {MOST_LOOKED_AT + 1}",
        where.values,
    )
    return [owner for (owner,) in found]


def of_persons_with_details(snapshot: Snapshot, asked: ClientQuery) -> list[str]:
    """Return every id of those who have several, one of which has one of the details.

    The name may have been told under one of them, and the day of birth under another.
    """
    if not snapshot.is_current(ClientRow):
        return []
    where = _where(snapshot, replace(asked, born=None) if asked.local_id else asked)
    where.add("goes_by IS NOT NULL")
    found = snapshot.tuples(
        f"SELECT DISTINCT goes_by FROM {snapshot.table(ClientRow)} WHERE {where.text()} "
        f"LIMIT {MOST_LOOKED_AT}",
        where.values,
    )
    persons = [person for (person,) in found]
    return sorted(set().union(*ids_with(snapshot, persons).values())) if persons else []


def _where(snapshot: Snapshot, asked: ClientQuery) -> Where:
    where = Where(snapshot.driver)
    if asked.local_id:
        if snapshot.is_current(ClientRow):
            where.equal("folded_id", "folded_id", folded_id(asked.local_id))
        else:  # rows of an older program, until they are made anew
            where.equal("local_id", "local_id", asked.local_id)
    if asked.born is not None:
        days = [day for day in (asked.born, swapped(asked.born)) if day is not None]
        where.among("born", "born", [day.isoformat() for day in days])
    return where
