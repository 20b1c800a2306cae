"""What `polku report` is asked, and what it is answered with."""

import re
from collections.abc import Sequence
from math import isfinite, nan
from typing import TYPE_CHECKING, NamedTuple

from domain.wording import said
from interfaces.cli.report_desk import open_desk
from interfaces.cli.terminal import BadInput, day_of, instant_of

if TYPE_CHECKING:
    from application.evaluation.naming import Names
    from application.evaluation.opening import Place
    from application.evaluation.preparing import Desk, Question
    from application.evaluation.report import Report
    from interfaces.cli.report_again import Told


class Wanted(NamedTuple):
    """What the options of the command ask for, as they were given."""

    programme: str
    indicators: tuple[str, ...]
    sets: tuple[str, ...]
    settings: dict[str, float]
    by: tuple[str, ...]
    as_at: str | None
    known_at: str | None
    threshold: int


def settings_of(given: Sequence[str]) -> dict[str, float]:
    """Return the numbers of the settings that are given. Raises BadInput."""
    found = {}
    for text in given:
        name, _, number = text.partition("=")
        try:
            found[name] = float(number)
        except ValueError:
            found[name] = nan
        if not isfinite(found[name]):
            raise BadInput(
                said("--set: {text!r} is not NAME=NUMBER, as long_term_months=6", text=text)
            )
    return found


def made(wanted: Wanted, *, charts: bool, named: bool) -> tuple["Report", "Names | None"]:
    """Return the report that is asked for, what its charts show in it or not, and its names.

    Names are for who reads figures on a page or a chart; without `named` none are looked up.
    Raises BadInput.
    """
    from application.evaluation.issuing import report
    from application.evaluation.preparing import prepare

    with open_desk(wanted.settings) as desk:
        prepared = prepare(desk, _question(desk, wanted))
        found = report(desk, prepared, charts=charts)
        if not named:
            return found, None
        from application.evaluation.naming import names_of

        return found, names_of(
            desk.office, found, (text for one in prepared.sets for text in one.texts)
        )


def _question(desk: "Desk", wanted: Wanted) -> "Question":
    from application.evaluation.preparing import OF_PROGRAMME, Question, instant_at

    moment = instant_of(wanted.known_at, "--known-at")
    return Question(
        programme=wanted.programme,
        as_at=day_of(wanted.as_at, "--as-at"),
        known_at=instant_at(desk.office, wanted.programme, moment),
        indicators=wanted.indicators,
        by=tuple(tuple(one.split("*")) for one in wanted.by),
        sets=wanted.sets or (OF_PROGRAMME,),
        settings=wanted.settings,
        threshold=wanted.threshold,
    )


def told_behind(wanted: Wanted, text: str, how: "Told") -> None:
    """Tell the journeys behind a figure, and their entries. Raises BadInput."""
    from application.evaluation.opening import behind
    from application.evaluation.preparing import prepare
    from interfaces.cli.report_screen import draw_opened
    from interfaces.reports_told import opened_told

    with open_desk(wanted.settings) as desk:
        prepared = prepare(desk, _question(desk, wanted))
        found = behind(desk, prepared, place_of(text), lambda _journey: True)
    how.answer(opened_told(found), lambda to: draw_opened(to, found))


def place_of(text: str) -> "Place":
    """Return the figure that --open names. Raises BadInput."""
    from application.evaluation.opening import Place

    id_, _, group = text.partition(":")
    if not _GROUP.fullmatch(group):
        raise BadInput(
            said(
                "--open: {text!r} is not ID or ID:COLUMN=VALUE, as young:gender=female; "
                'put a value with a comma in quotes, as young:nationality="Korea, Republic of"',
                text=text,
            )
        )
    pairs = [one.groups() for one in _PAIR.finditer(group)]
    return Place(id_, tuple(name for name, _ in pairs), tuple(_value(one) for _, one in pairs))


_PAIR = re.compile(r'([^=,]+)=((?>"(?:[^"]|"")*"(?=,|$)|[^,]*))')
_GROUP = re.compile(rf"(?:(?:{_PAIR.pattern})?(?:,|$))*")


def _value(given: str) -> str | None:
    """Return the value that is named, in quotes as CSV has them or without; nothing: not known."""
    if given.startswith('"') and given.endswith('"') and len(given) > 1:
        return given[1:-1].replace('""', '"')
    return given or None
