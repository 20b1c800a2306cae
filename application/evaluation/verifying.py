"""A report computed again: at the same position of the log and the same clocks."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from application.evaluation.issuing import report
from application.evaluation.kept_report import whole
from application.evaluation.preparing import Desk, again, prepare
from application.evaluation.report import Figure, Key, Report, Series
from application.plainly import plain
from domain.wording import said


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure as it was reported and as it is computed again; None: it is not there."""

    indicator: str
    by: tuple[str, ...]
    key: Key
    reported: Figure | None
    again: Figure | None

    @property
    def agrees(self) -> bool:
        """Whether both are the same in all that they say."""
        return self.reported == self.again


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of computing a report again.

    `differences` are sentences about what the report stands on, `figures` each figure compared.
    """

    figures: tuple[Compared, ...]
    differences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether the report is the same in all that it says."""
        return not self.differences and all(one.agrees for one in self.figures)


def verify(desk: Desk, given: Report) -> Verified:
    """Compute a report again and compare. Raises as `prepare` and `report`."""
    return agreement(given, computed_again(desk, given))


def computed_again(desk: Desk, given: Report) -> Report:
    """Return a report computed again. Raises as `prepare` and `report`."""
    return report(desk, prepare(desk, again(given), given.position))


def agreement(given: Report, anew: Report) -> Verified:
    """Compare a report with what came of computing it again."""
    notes = []
    if anew.polku_version != given.polku_version:
        notes.append(
            said(
                "it was computed by Polku {then}, and again by {now}",
                then=given.polku_version,
                now=anew.polku_version,
            )
        )
    if not given.settings:  # it was kept by a program that did not name them yet
        anew = replace(anew, settings={})
    return Verified(compared(given, anew), _differences(given, anew), tuple(notes))


def compared(one: Report, other: Report) -> tuple[Compared, ...]:
    """Return each figure of two reports side by side, in the order of the first."""
    here, there = _figures(one), _figures(other)
    return tuple(
        Compared(*place, here.get(place), there.get(place))
        for place in dict.fromkeys((*here, *there))
    )


def _figures(of: Report) -> dict[tuple[str, tuple[str, ...], Key], Figure]:
    return {
        (table.indicator, table.by, figure.key): figure
        for table in of.tables
        for figure in table.figures
    }


def _digest(series: tuple[Series, ...]) -> str:
    """Return the SHA-256 (hex) of the rows that charts are drawn from."""
    rows = [(one.id, one.columns, one.rows) for one in series]
    return _hash(rows)


def _wording(of: Report) -> dict[str, str]:
    """Return the SHA-256 (hex) of what is said beside values: of each table, each chart, the rest.

    Its order counts, that of tables and charts among the rest.
    """
    found: dict[str, str] = {}
    for table in of.tables:
        keys = [figure.key for figure in table.figures]
        what = said(
            "the wording of the table {table}", table=" / ".join((table.indicator, *table.by))
        )
        found[what] = _hash((replace(table, figures=()), keys))
    for one in of.series:
        what = said("the wording of the chart {chart}", chart=one.id)
        found[what] = _hash((one.title, one.kind, one.notes))
    order = [(one.indicator, one.by) for one in of.tables], [one.id for one in of.series]
    rest = (of.title, of.notes, of.asked, order)
    return {**found, said("the wording around the figures"): _hash(rest)}


def _beside(here: dict[str, str], there: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return of all that both say what each says of it; `-` where it says nothing."""
    return {what: (here.get(what, "-"), there.get(what, "-")) for what in {**here, **there}}


def _settings(of: Report) -> str:
    return json.dumps(whole(plain(of.settings)), sort_keys=True)


def _hash(told: Any) -> str:
    text = json.dumps(whole(plain(told)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _differences(given: Report, anew: Report) -> tuple[str, ...]:
    pairs = {
        said("the ledger's root"): (given.root, anew.root),
        said("the version of the definition"): (given.definition_version, anew.definition_version),
        said("the digest of the definition"): (given.definition_digest, anew.definition_digest),
        said("the digest of the indicators"): (given.indicators_digest, anew.indicators_digest),
        said("the choice of settings"): (_settings(given), _settings(anew)),
        said("whether it leans on claims"): (given.claimed, anew.claimed),
        said("what the charts show"): (_digest(given.series), _digest(anew.series)),
        **_beside(_wording(given), _wording(anew)),
    }
    return tuple(
        said("{what} was {then} in the report, and is {now}", what=what, then=then, now=now)
        for what, (then, now) in pairs.items()
        if then != now
    )
