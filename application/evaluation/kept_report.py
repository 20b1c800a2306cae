"""A report as a file has it (JSON), and read back: the same report has the same bytes."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any

from application.evaluation.refusals import NotAnswered
from application.evaluation.report import Figure, Report, Series, Table
from application.json_text import GivenTwice, read_json
from application.plainly import plain
from domain.definition import Title
from domain.wording import said

FORM = "polku-report/1"

_LISTS = ("indicators", "by", "sets")


class UnreadableReport(NotAnswered):
    """A text is no report that this program can read."""


def written(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps({"form": FORM, **plain(report)}, ensure_ascii=False, indent=1) + "\n"


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
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableReport(said("it is no report that Polku wrote as JSON")) from error


def _report(told: Mapping[str, Any]) -> Report:
    known_at = told["known_at"]
    as_at = told["as_at"]
    _check(told)
    return Report(
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
    figures = tuple(Figure(**{**one, "key": tuple(one["key"])}) for one in told["figures"])
    values = {**told, "title": _title(told["title"]), "by": tuple(told["by"]), "figures": figures}
    return Table(**values)


def _series(told: Mapping[str, Any]) -> Series:
    return Series(
        told["id"],
        _title(told["title"]),
        told["kind"],
        tuple(told["columns"]),
        tuple(tuple(row) for row in told["rows"]),
        tuple(told.get("notes", ())),
    )
