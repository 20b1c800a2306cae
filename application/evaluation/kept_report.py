"""A report as a file has it (JSON), and read back: the same report has the same bytes.

What is read back is the report that was made: its notes are said in any language, and the days of
its charts are days. So its page is the same, whether it is drawn at once or from the file.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from math import isfinite
from typing import Any

from application.evaluation.refusals import NotAnswered
from application.evaluation.report import Figure, Report, Series, Table
from application.evaluation.report_curve import notes_of_curve
from application.evaluation.report_notes import notes_of, notes_of_counted
from application.evaluation.rounding import step_of
from application.json_text import GivenTwice, read_json
from application.plainly import plain
from domain.definition import Title
from domain.wording import said

FORM = "polku-report/1"

_LISTS = ("indicators", "by", "sets")

_COUNTED = ("stock", "flow")
"""Kinds of series that tell numbers of journeys."""


class UnreadableReport(NotAnswered):
    """A text is no report that this program can read."""


def written(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps({"form": FORM, **plain(report)}, ensure_ascii=False, indent=1) + "\n"


def content(report: Report) -> str:
    """Return all that a report says as one text, the same however a program wrote its file.

    A program that passes a file on may write 870 for 870.0, and names in another order.
    """
    told = whole({"form": FORM, **plain(report)})
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def whole(told: Any) -> Any:
    """Return JSON with 12 for 12.0: a program that passes a report on may write either."""
    match told:
        case dict():
            return {name: whole(one) for name, one in told.items()}
        case list():
            return [whole(one) for one in told]
        case float() if told.is_integer():
            return int(told)
        case _:
            return told


def read_report(text: str) -> Report:
    """Return the report of a text. Raises UnreadableReport."""
    try:
        told = read_json(text)
        form = told["form"]
        if form != FORM:
            raise UnreadableReport(said("its form is {form}, not {wanted}", form=form, wanted=FORM))
        return _report(told)
    except GivenTwice as error:
        raise UnreadableReport(*error.args) from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableReport(said("it is no report that Polku wrote as JSON")) from error


def _report(told: Mapping[str, Any]) -> Report:
    known_at = told["known_at"]
    as_at = told["as_at"]
    _check(told)
    found = Report(
        programme=told["programme"],
        title=_title(told["title"]),
        as_at=None if as_at is None else date.fromisoformat(as_at),
        known_at=None if known_at is None else datetime.fromisoformat(known_at),
        position=told["position"],
        root=told["root"],
        definition_version=told["definition_version"],
        definition_digest=told["definition_digest"],
        indicators_digest=told["indicators_digest"],
        polku_version=told["polku_version"],
        threshold=told["threshold"],
        tables=tuple(map(_table, told["tables"])),
        series=tuple(map(_series, told["series"])),
        claimed=told["claimed"],
        notes=tuple(told["notes"]),
        asked=told["asked"],
        settings=dict(told.get("settings", {})),
    )
    return _worded(found)


def _worded(found: Report) -> Report:
    """Return a report whose notes are what was said: of the file's they are the English text."""
    by = [tuple(one.split("*")) for one in (found.asked or {}).get("by", ())]
    notes = notes_of(found.tables, by, found.threshold, claimed=True)
    of_series = [
        *notes_of_curve(step_of(found.threshold)),
        *(x for k in _COUNTED for x in notes_of_counted(k, found.threshold, beside=True)),
    ]
    series = tuple(replace(one, notes=_said(one.notes, of_series)) for one in found.series)
    return replace(found, notes=_said(found.notes, notes), series=series)


def _said(told: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return texts as what is known to be said; one that is not known stays a text."""
    wordings = {str(one): one for one in known}
    return tuple(wordings.get(one, one) for one in told)


def _check(told: Mapping[str, Any]) -> None:
    """Make sure that what is asked again has the types that it is asked by. Raises ValueError."""
    asked, numbers = told["asked"] or {}, (told["position"], told["threshold"])
    if any(type(number) is not int or number < 0 for number in numbers):
        raise ValueError(numbers)
    if told["known_at"] and datetime.fromisoformat(told["known_at"]).tzinfo is None:
        raise ValueError(told["known_at"])
    words = [told["programme"], *(word for name in _LISTS for word in _list(asked.get(name, [])))]
    settings = asked.get("settings", {}).values()
    if not all(isinstance(word, str) for word in words) or not all(
        isinstance(number, int | float) and isfinite(number) for number in settings
    ):
        raise TypeError(asked)


def _list(told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise TypeError(told)
    return told


def _title(told: Mapping[str, str]) -> Title:
    return Title(told["en"], told["local"], told["language"])


def _table(told: Mapping[str, Any]) -> Table:
    figures = tuple(map(_figure, told["figures"]))
    values = {**told, "title": _title(told["title"]), "by": tuple(told["by"]), "figures": figures}
    return Table(**values)


def _figure(told: Mapping[str, Any]) -> Figure:
    """Return a figure. Raises TypeError where `false` stands for 0, which it equals in Python."""
    found = Figure(**{**told, "key": tuple(told["key"])})
    numbers = (found.value, found.counted, found.missing, found.target, found.having)
    if any(isinstance(number, bool) for number in numbers) or type(found.suppressed) is not bool:
        raise TypeError(told)
    return found


def _series(told: Mapping[str, Any]) -> Series:
    days = [place for place, column in enumerate(told["columns"]) if column == "day"]
    return Series(
        told["id"],
        _title(told["title"]),
        told["kind"],
        tuple(told["columns"]),
        tuple(_row(row, days) for row in told["rows"]),
        tuple(told.get("notes", ())),
    )


def _row(told: Iterable[Any], days: list[int]) -> tuple[Any, ...]:
    return tuple(_day(value) if place in days else value for place, value in enumerate(told))


def _day(told: Any) -> Any:
    """Return the day that a text is; what is none stays as it is, and so differs from any day."""
    try:
        day = date.fromisoformat(told)
    except (ValueError, TypeError):
        return told
    return day if day.isoformat() == told else told
