"""Who is played, and whether a log can take it: only one that holds nothing but play."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from application.office import KIND, Office
from application.simulation.days import Moment, Window, WorkDays
from application.simulation.rates import Rates
from domain.definition import Definition

_PLAYED = {
    KIND: re.compile(rf"{KIND}:.+-\d+-\d{{4,}}"),
    "client": re.compile(r"client:client-.+-\d+-\d{4,}"),
}
"""Ids that `Cast.name` gives, by kind of stream: other systems and people give others."""

ELSEWHERE = "take an empty database (POLKU_DATABASE_URL=sqlite:///play.db)"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is played: so many clients of a published programme, drawn from a seed."""

    programme: str
    clients: int
    seed: int
    rates: Rates | None = None

    def name(self, number: int) -> str:
        """Return the id of a client's journey; the client's own begins with "client-"."""
        return f"{self.programme}-{self.seed}-{number:04d}"


class CannotSimulate(Exception):
    """The log cannot take this simulation; the message says why and what to do."""


def check(
    office: Office,
    casts: Sequence[Cast],
    window: Window,
    unpublished: Mapping[str, Definition] = MappingProxyType({}),
) -> None:
    """Raise CannotSimulate where the log cannot take the simulation; `simulate` asks it first.

    It cannot where the log has journeys or clients that were not simulated, or entries from after
    the window's first day, where a seed was played before, and where a programme begins later than
    the window or nobody works in it. `unpublished` are definitions to be published before.
    """
    _check_only_play(office)
    for cast in casts:
        first = unpublished.get(cast.programme) or _first_version(office, cast.programme)
        _check_window(office, first, window)
    _check_clock(office, window)
    for cast in casts:
        known = office.log.streams(f"{KIND}:{cast.programme}-{cast.seed}-")
        if known:
            raise CannotSimulate(
                f"seed {cast.seed} of {cast.programme} was played before (its journeys in the "
                f"log: {len(known)}): take another seed"
            )


def _check_only_play(office: Office) -> None:
    for kind, played in _PLAYED.items():
        known = office.log.streams(f"{kind}:")
        real = next((name for name in known if not played.fullmatch(name)), None)
        if real is not None:
            raise CannotSimulate(
                f"the log holds {real}, which was not simulated, and fictitious clients must not "
                f"come among real ones: {ELSEWHERE}"
            )


def _check_window(office: Office, definition: Definition, window: Window) -> None:
    code, begins = definition.programme, definition.effective_from
    if window.first < begins:
        raise CannotSimulate(f"{code} begins on {begins}, after {window.first}: begin then")
    if not WorkDays(office.working_days(definition.country)).of(window):
        raise CannotSimulate(
            f"{window.first} to {window.last} has no working day in {definition.country}, and "
            f"nobody of {code} works on others: take more days"
        )


def _check_clock(office: Office, window: Window) -> None:
    if not office.log.position() or office.log.now() <= Moment(window.first, 0).instant():
        return
    newest = office.log.now()
    raise CannotSimulate(
        f"the log was last written on {newest:%Y-%m-%d %H:%M} UTC and its clock never runs "
        f"backwards: begin after that day (--from {newest.date() + timedelta(days=1)}), or "
        f"{ELSEWHERE}"
    )


def _first_version(office: Office, programme: str) -> Definition:
    first = office.programmes.state(programme).versions[0]
    return office.programmes.definition(programme, first.number)
