"""How long a programme keeps each kind of data, read from its place in a definition."""

from domain.data_kinds import DataKind
from domain.definition import Retention
from infrastructure.definition_reading import Reading, one_of, positive
from infrastructure.marked_yaml import Place

MOST_MONTHS = 1200
"""A hundred years: longer is a slip of the hand."""

KINDS = frozenset(kind.value for kind in DataKind)


def read_retention(place: Place, _reading: Reading) -> Retention:
    """Read for how many months after a journey's end a kind of data is kept, and by which law."""
    keys = place.keys(("kind", "months", "basis"), ("assumed",))
    return Retention(
        kind=one_of(keys["kind"], KINDS, "unknown-data-kind", "kind of data"),
        months=_months(keys["months"]),
        basis=keys["basis"].text(),
        assumed=keys["assumed"].flag(),
    )


def _months(place: Place) -> int:
    months = positive(place)
    if months > MOST_MONTHS:
        place.fault("bad-number", f"at most {MOST_MONTHS} months are meant, not {months}")
    return min(months, MOST_MONTHS)
