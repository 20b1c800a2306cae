"""The forms in which journeys are written for other tools, by their names."""

from collections.abc import Callable, Iterable
from pathlib import Path

from application.evaluation.told_journeys import Case, Origin, recorded, seen
from interfaces.exports.files import write_texts, write_whole


def write(form: str, out: Path, origin: Origin, cases: Iterable[Case]) -> None:
    """Write journeys into a file that is not there yet. Raises NotWritten, KeyError for a form.

    What a form needs is loaded only for it.
    """
    write_whole(out, FORMS[form](origin, cases))


def _xes(origin: Origin, cases: Iterable[Case]) -> Callable[[Path], None]:
    from interfaces.exports.xes import xes

    return write_texts(xes(origin, seen(cases, origin.asked)))


def _ocel_json(origin: Origin, cases: Iterable[Case]) -> Callable[[Path], None]:
    from interfaces.exports.ocel_json import ocel_json

    return write_texts(ocel_json(origin, seen(cases, origin.asked)))


def _ocel_sqlite(origin: Origin, cases: Iterable[Case]) -> Callable[[Path], None]:
    from interfaces.exports.ocel_sqlite import ocel_sqlite

    return ocel_sqlite(origin, seen(cases, origin.asked))


def _csv(origin: Origin, cases: Iterable[Case]) -> Callable[[Path], None]:
    from interfaces.exports.csv_table import csv_table

    return write_texts(csv_table(origin, seen(cases, origin.asked)))


def _cloudevents(origin: Origin, cases: Iterable[Case]) -> Callable[[Path], None]:
    from interfaces.exports.cloud_events import cloud_events

    return write_texts(cloud_events(origin, recorded(cases, origin.asked)))


FORMS: dict[str, Callable[[Origin, Iterable[Case]], Callable[[Path], None]]] = {
    "xes": _xes,
    "ocel-json": _ocel_json,
    "ocel-sqlite": _ocel_sqlite,
    "csv": _csv,
    "cloudevents": _cloudevents,
}
"""What makes the writing of each form."""
