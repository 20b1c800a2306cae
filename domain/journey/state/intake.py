"""What a client told, and needs."""

from datetime import date
from typing import NamedTuple

from domain.journey.events import Situation


class Told(NamedTuple):
    """The client's situation as told on a day; what was not asked anew stands as told before.

    `earlier` are the entries that said what still stands. `working_life_on` is the day on which the
    status in working life that stands was told; None: the same day.
    """

    entry: int
    on: date
    situation: Situation
    earlier: tuple[int, ...] = ()
    working_life_on: date | None = None

    @property
    def entries(self) -> tuple[int, ...]:
        """All entries that the situation was told in."""
        return (*self.earlier, self.entry)


class WorkTold(NamedTuple):
    """What an interview or a follow-up told: whether the client works, and since when not.

    `at_work` is None where it does not tell.
    """

    entry: int
    on: date
    at_work: bool | None
    unemployed_since: date | None


class Needs(NamedTuple):
    """The service needs as last defined."""

    entry: int
    on: date
    needs: tuple[str, ...]
    service_line: str | None
