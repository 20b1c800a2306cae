"""Real histories for tests: what the simulation plays on a log, in memory where nothing is said."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from application import programmes
from application.office import Office
from application.programmes import Programmes
from application.simulation.casting import Cast
from application.simulation.days import VirtualClock, Window
from application.simulation.profiles import PROFILES
from application.simulation.run import Played, histories, simulate
from application.transact import Asked
from domain.entry import By
from domain.journey.history import History
from infrastructure.definitions import load_definition, shipped_definitions
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.working_days import working_days_of

WINDOW = Window(date(2025, 1, 7), date(2026, 6, 30))
SHIPPED = tuple(shipped_definitions())


@dataclass
class Stage:
    """An office on a log whose clock the simulation moves."""

    log: SqlEventLog
    office: Office
    clock: VirtualClock

    def publish(self, code: str, text: str) -> None:
        asked = Asked(By("somebody", "somewhere"), self.clock().date())
        known = self.office.programmes.published()
        issue = programmes.revise if code in known else programmes.publish
        issue(self.office.programmes, asked, text, code)

    def play(self, casts: Sequence[Cast], window: Window = WINDOW) -> Played:
        for cast in casts:
            if cast.programme not in self.office.programmes.published():
                self.publish(cast.programme, shipped_definitions()[cast.programme])
        return simulate(self.office, self.clock, casts, window)


@contextmanager
def stage(url: str = "sqlite://", first: date = WINDOW.first) -> Iterator[Stage]:
    clock = VirtualClock(first)
    random = Random(first.toordinal()).randbytes  # noqa: S311 - the same keys each time
    with open_log(url, clock=clock, random=random) as log:
        yield Stage(log, Office(log, Programmes(log, load_definition), working_days_of), clock)


def casts(clients: int, seed: int = 7, codes: Sequence[str] = SHIPPED) -> list[Cast]:
    return [Cast(code, clients, seed, PROFILES.get(code)) for code in codes]


@cache
def real_histories(clients: int = 60, seed: int = 7) -> dict[str, History]:
    """Return histories of all five programmes, as many of each; played once a test run."""
    with stage() as on:
        played = on.play(casts(clients, seed))
        assert played.refusals == []
        return histories(on.office, played)
