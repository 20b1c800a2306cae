"""Who works with a client."""

from datetime import date
from typing import NamedTuple


class Member(NamedTuple):
    """A member of the team; `until` is the day of leaving."""

    entry: int
    person: str
    organisation: str
    role: str
    since: date
    until: date | None = None
