"""How a report is made that stands: the same again later, of what it was prepared from.

All that a report leans on is taken at one position of the log, so that it can be computed again at
that position: the programme's definition and targets, the archive, and the journeys' own entries.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date
from functools import cache
from typing import Any

from application.acts import named
from application.evaluation.asking import Asked, Moment, Opened
from application.evaluation.meant import Meant, targets_of
from application.evaluation.preparing import Desk, Prepared, asked_of
from application.evaluation.put_in import DICTIONARIES, Here
from application.evaluation.report import Report, Series, Table
from application.evaluation.report_notes import notes_of
from application.evaluation.showing import Groups, tables_shown
from application.local_time import zone_of
from application.office import Office
from application.plainly import plain
from domain.definition import Definition, Facts
from domain.entry import Entry
from domain.indicators import Indicator
from domain.journey.facts import facts_of, values
from domain.journey.history import look
from domain.programme.state import fold


def report(desk: Desk, prepared: Prepared, *, charts: bool = True) -> Report:
    """Compute the report, with what its charts show where anybody is to see them.

    Raises BadIndicator, and CannotAsk where the archive cannot answer.
    """
    question, definition = prepared.question, prepared.definition
    meant = targets_of(
        definition,
        prepared.entries,
        as_at=prepared.as_at,
        known_at=question.known_at,
        position=prepared.position,
    )
    with opened(desk, prepared) as asked:
        here = here_at(desk, prepared, asked)
        if charts:
            from application.evaluation.series import ASKED_OF_JOURNEYS  # noqa: PLC0415 - seldom

            asked.expect(*ASKED_OF_JOURNEYS)
        tables = tables_shown(
            here,
            prepared.indicators,
            [indicator for one in prepared.sets for indicator in one.indicators],
            Groups(question.by, question.threshold),
            meant,
        )
        shown = _series(prepared, asked, tables, meant) if charts else ()
        claimed = question.known_at is not None and _claims(asked, question.programme)
    return Report(
        programme=question.programme,
        title=prepared.sets[0].title if len(prepared.sets) == 1 else definition.title,
        as_at=prepared.as_at,
        known_at=question.known_at,
        position=prepared.position,
        root=desk.root_at(prepared.position),
        definition_version=definition.version,
        definition_digest=definition.digest,
        indicators_digest=digest_of(prepared.indicators),
        polku_version=desk.polku_version,
        threshold=question.threshold,
        tables=tables,
        series=shown,
        claimed=claimed,
        notes=notes_of(tables, question.by, question.threshold, claimed=claimed),
        asked=asked_of(question),
        settings={name: n for one in prepared.sets for name, n in one.settings.items()},
    )


def _series(
    prepared: Prepared, asked: Asked, tables: Iterable[Table], meant: Iterable[Meant]
) -> tuple[Series, ...]:
    from application.evaluation.series import series_of  # noqa: PLC0415 - seldom

    question, definition = prepared.question, prepared.definition
    return series_of(
        asked,
        definition.title,
        question.programme,
        prepared.as_at,
        tables,
        question.threshold,
        {one.measure for one in meant} | {one.measure for one in definition.reference_values},
        _followed_until(prepared),
    )


def _followed_until(prepared: Prepared) -> date:
    """Return the last day of which anything can be known."""
    known = prepared.question.known_at
    if known is None:
        return prepared.as_at
    return min(prepared.as_at, known.astimezone(zone_of(prepared.definition)).date())


def opened(desk: Desk, prepared: Prepared) -> AbstractContextManager[Opened]:
    """Open the archive at the moment of the question."""
    known_at, position = prepared.question.known_at, prepared.position
    moment = Moment(prepared.as_at, known_at, position, prepared.without, prepared.only)
    return desk.archive.at(moment)


def here_at(desk: Desk, prepared: Prepared, asked: Asked) -> Here:
    """Return what counting stands on."""
    facts = _facts(desk, prepared, asked)
    codes = _codes(prepared.definition)
    each = _dictionaries(desk.office, prepared)
    until = _followed_until(prepared)
    return Here(asked, prepared.question.programme, prepared.as_at, facts, codes, each, until)


def _dictionaries(office: Office, prepared: Prepared) -> dict[int, tuple[str, ...]]:
    """Return the codes of disadvantages of every version, where an indicator names them."""
    every = [indicator for one in prepared.sets for indicator in one.indicators]
    if not any(DICTIONARIES in f"{one.select} {one.who} {one.what}" for one in every):
        return {}
    programme, known = prepared.question.programme, fold(prepared.entries).versions
    return {
        one.number: _codes(office.programmes.definition(programme, one.number)) for one in known
    }


def _codes(definition: Definition) -> tuple[str, ...]:
    return tuple(coded.code for coded in definition.disadvantages)


def digest_of(indicators: Iterable[Indicator]) -> str:
    """Return the SHA-256 (hex) of indicators as they are asked, settings put in."""
    said_ = json.dumps(plain(list(indicators)), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said_.encode("utf-8")).hexdigest()


def _facts(desk: Desk, prepared: Prepared, asked: Asked) -> Callable[[str], Facts]:
    """Return what folds a journey at the moment, and says its facts on the day asked about."""
    born: dict[str, int] = {}

    @cache
    def facts(journey: str) -> Facts:
        if not born:
            sql = "SELECT journey, birth_year FROM journeys WHERE birth_year IS NOT NULL"
            born.update(asked.ask(sql).rows)
            born.setdefault("", 0)
        entries = entries_of(desk.office, prepared, journey)
        seen = look(entries, as_at=prepared.as_at, known_at=prepared.question.known_at)
        year = born.get(journey)
        given: Facts = {} if year is None else {"age": prepared.as_at.year - year}
        return values(facts_of(seen.journey, prepared.as_at, given))

    return facts


def entries_of(office: Office, prepared: Prepared, journey: str) -> list[Entry[Any]]:
    """Return the entries of a journey up to the position of a report."""
    last, without = prepared.position, prepared.without
    entries = office.log.load(named("journey", journey))
    return [x for x in entries if x.position <= last and x.position not in without]


def _claims(asked: Asked, programme: str) -> bool:
    sql = (
        "SELECT count(*) FROM entries WHERE claimed AND stream IN "
        "(SELECT 'journey:' || journey FROM journeys WHERE programme = ?)"
    )
    return bool(asked.ask(sql, (programme,)).rows[0][0])
