"""The forms in which journeys are written for other tools, by their names."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from application.evaluation.told_journeys import Case, CaseSeen, Origin, recorded, seen
from domain.journey.history import JourneyEntry
from interfaces.exports.files import write_texts, write_whole

Writing: TypeAlias = Callable[[Path], None]
"""Writes into a file that is there and empty."""


@dataclass
class Passing:
    """Counts what passes on its way into a file."""

    journeys: int = 0
    events: int = 0

    def seen(self, cases: Iterable[CaseSeen]) -> Iterator[CaseSeen]:
        """Yield the journeys, counted with their entries."""
        for case in cases:
            self.journeys += 1
            self.events += len(case.entries)
            yield case

    def recorded(
        self, entries: Iterable[tuple[CaseSeen, JourneyEntry]]
    ) -> Iterator[tuple[CaseSeen, JourneyEntry]]:
        """Yield the entries, counted with the journeys that they are of."""
        last = None
        for case, entry in entries:
            self.journeys += case is not last
            self.events += 1
            last = case
            yield case, entry


def write(form: str, out: Path, origin: Origin, cases: Iterable[Case]) -> None:
    """Write journeys into a file that is not there yet. Raises NotWritten, KeyError for a form."""
    write_whole(out, writing(form, origin, cases, Passing()))


def writing(form: str, origin: Origin, cases: Iterable[Case], passing: Passing) -> Writing:
    """Return what writes the journeys that are asked of an origin. Raises KeyError for a form.

    What a form needs is loaded only for it.
    """
    return FORMS[form](origin, cases, passing)


def _xes(origin: Origin, cases: Iterable[Case], passing: Passing) -> Writing:
    from interfaces.exports.xes import xes

    return write_texts(xes(origin, _seen(origin, cases, passing)))


def _ocel_json(origin: Origin, cases: Iterable[Case], passing: Passing) -> Writing:
    from interfaces.exports.ocel_json import ocel_json

    return write_texts(ocel_json(origin, _seen(origin, cases, passing)))


def _ocel_sqlite(origin: Origin, cases: Iterable[Case], passing: Passing) -> Writing:
    from interfaces.exports.ocel_sqlite import ocel_sqlite

    return ocel_sqlite(origin, _seen(origin, cases, passing))


def _csv(origin: Origin, cases: Iterable[Case], passing: Passing) -> Writing:
    from interfaces.exports.csv_table import csv_table

    return write_texts(csv_table(origin, _seen(origin, cases, passing)))


def _cloudevents(origin: Origin, cases: Iterable[Case], passing: Passing) -> Writing:
    from interfaces.exports.cloud_events import cloud_events

    told = passing.recorded(recorded(cases, origin.moment, origin.programme))
    return write_texts(cloud_events(origin, told))


def _seen(origin: Origin, cases: Iterable[Case], passing: Passing) -> Iterator[CaseSeen]:
    return passing.seen(seen(cases, origin.moment, origin.programme))


FORMS: dict[str, Callable[[Origin, Iterable[Case], Passing], Writing]] = {
    "xes": _xes,
    "ocel-json": _ocel_json,
    "ocel-sqlite": _ocel_sqlite,
    "csv": _csv,
    "cloudevents": _cloudevents,
}
"""What makes the writing of each form."""
