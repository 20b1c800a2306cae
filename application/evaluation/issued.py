"""Reports issued for others to keep: recorded in the log, found again by their id, and restated.

The id of a report follows from all that it says, so that the same report is the same one whoever
has its file, however that was written, and is issued once. A report is issued by the file that
others will keep, and only where it stands: it is computed again first.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from application.acts import do, named
from application.evaluation.issuing import report
from application.evaluation.kept_report import content, written
from application.evaluation.preparing import CannotReport, Desk, Question, prepare
from application.evaluation.reading import newest_definition
from application.evaluation.refusals import NotAnswered
from application.evaluation.report import Report
from application.evaluation.restating import Restatement
from application.evaluation.verifying import Verified, agreement, computed_again
from application.office import Office, today_in
from application.plainly import plain
from application.ports import EventLog, Receipt
from application.transact import Asked, Streams
from domain import issued_report as decisions
from domain.entry import Entry
from domain.issued_report import (
    NEVER_ISSUED,
    Basis,
    IssuedReport,
    ReportEvent,
    ReportIssued,
    ReportRestated,
    SettingUsed,
    fold,
)
from domain.wording import Listed, said

KIND = "report"

ID_LETTERS = 32
"""How many letters an id has: 128 bits of the digest of what the report says."""


class NotIssued(NotAnswered):
    """No report was issued under an id; the message says what to do."""

    def __init__(self, id_: str) -> None:
        super().__init__(
            said("no report {id!r} was issued: give the id that issuing answered with", id=id_)
        )


class DoesNotStand(NotAnswered):
    """A report cannot be issued, as it is not what the log says; `found` says where it differs."""

    def __init__(self, found: Verified) -> None:
        differing = sum(not one.agrees for one in found.figures)
        of_figures = said("{count} of its figures differ", count=differing)
        why = Listed((*found.differences, *([of_figures] if differing else [])))
        super().__init__(said("it is not what this log says: {why}; make it anew", why=why))
        self.found = found


class NotAsIssued(CannotReport):
    """The figures of an issued report can be computed no more: the log says others for then."""

    def __init__(self) -> None:
        super().__init__(
            said("its figures of then can be computed no more: give the report itself, as it was")
        )


def id_of(given: Report) -> str:
    """Return the id of a report: the beginning of the SHA-256 (hex) of all that it says."""
    return _id(content(given))


def id_in(reports: Streams[IssuedReport], given: Report) -> str:
    """Return the id that a report has in a log, or would have.

    The first ids were of the bytes that Polku writes: what was issued under one keeps it.
    """
    first = _id(written(given))
    return id_of(given) if reports.newest(named(KIND, first)).issued is None else first


def _id(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:ID_LETTERS]


def issued_reports(log: EventLog) -> Streams[IssuedReport]:
    """Return the issued reports of a log, those used last folded in memory."""
    return Streams(log, NEVER_ISSUED, _extended)


def found(reports: Streams[IssuedReport], id_: str) -> ReportIssued:
    """Return what was issued under an id. Raises NotIssued."""
    if not id_ or any(letter.isspace() for letter in id_):
        raise NotIssued(id_)
    issued = reports.newest(named(KIND, id_)).issued
    if issued is None:
        raise NotIssued(id_)
    return issued


def today_of(office: Office, programme: str) -> date:
    """Return which day it is where a programme is run: what becomes of its reports is of that."""
    newest = newest_definition(office, programme)
    return today_in(office, newest.country if newest else "")


def issue(reports: Streams[IssuedReport], desk: Desk, asked: Asked, given: Report) -> Receipt:
    """Record that a report is issued, under its id; nothing where it was issued already.

    Raises DoesNotStand, and as `computed_again`.
    """
    anew = computed_again(desk, given)
    verified = agreement(given, anew)
    if not verified.stands:
        raise DoesNotStand(verified)
    # The digest is of the figures as they are computed: the file may have 12 for 12.0.
    event = event_of(replace(anew, polku_version=given.polku_version))
    return do(reports, named(KIND, id_in(reports, given)), asked, decisions.issue, report=event)


def restate(
    reports: Streams[IssuedReport], id_: str, asked: Asked, restatement: Restatement, reason: str
) -> Receipt:
    """Record that the report of an id has other figures by now, and why.

    Raises IllegalTransition where it was never issued or nothing differs, InvalidField.
    """
    return do(
        reports,
        named(KIND, id_),
        asked,
        decisions.restate,
        restated=restated_of(id_, restatement, reason),
    )


def reissued(desk: Desk, issued: ReportIssued) -> Report:
    """Return an issued report computed again, at the position that it was computed at."""
    question = Question(
        programme=issued.programme,
        as_at=issued.as_at,
        known_at=issued.basis.known_at,
        indicators=issued.indicators,
        by=tuple(tuple(one.split("*")) for one in issued.by),
        sets=issued.sets,
        settings=settings_of(issued),
        threshold=issued.threshold,
    )
    return report(desk, prepare(desk, question, issued.basis.at_position))


def as_issued(desk: Desk, issued: ReportIssued) -> Report:
    """Return an issued report with its figures, computed again. Raises NotAsIssued."""
    anew = reissued(desk, issued)
    if figures_digest(anew) != issued.figures_digest:
        raise NotAsIssued
    return replace(anew, polku_version=issued.basis.polku_version)


def verify_issued(desk: Desk, issued: ReportIssued) -> Verified:
    """Compute an issued report again, and compare it with what was recorded of it.

    Its figures are not in the log, but their digest is: so it is told whether all agree, and not
    which differ.
    """
    anew = event_of(reissued(desk, issued))
    pairs = {
        said("the ledger's root"): (issued.basis.root, anew.basis.root),
        said("the digest of the definition"): (
            issued.basis.definition_digest,
            anew.basis.definition_digest,
        ),
        said("the digest of the indicators"): (
            issued.basis.indicators_digest,
            anew.basis.indicators_digest,
        ),
        said("the digest of the figures"): (issued.figures_digest, anew.figures_digest),
    }
    differences = tuple(
        said("{what} was {then} in the report, and is {now}", what=what, then=then, now=now)
        for what, (then, now) in pairs.items()
        if then != now
    )
    return Verified((), differences, _of_versions(issued, anew))


def _of_versions(issued: ReportIssued, anew: ReportIssued) -> tuple[str, ...]:
    then, now = issued.basis.polku_version, anew.basis.polku_version
    if then == now:
        return ()
    return (said("it was computed by Polku {then}, and again by {now}", then=then, now=now),)


def settings_of(issued: ReportIssued) -> dict[str, float]:
    """Return the settings of indicators that a report was asked with."""
    return {one.name: one.value for one in issued.settings}


def event_of(given: Report) -> ReportIssued:
    """Return what is recorded of a report that is issued."""
    asked = given.asked or {}
    return ReportIssued(
        programme=given.programme,
        as_at=given.as_at,
        basis=basis_of(given),
        sets=tuple(asked.get("sets", ())),
        indicators=tuple(asked.get("indicators", ())),
        by=tuple(asked.get("by", ())),
        settings=tuple(
            SettingUsed(name, float(value))
            for name, value in sorted(asked.get("settings", {}).items())
        ),
        threshold=given.threshold,
        figures=sum(len(table.figures) for table in given.tables),
        figures_digest=figures_digest(given),
    )


def restated_of(id_: str, restatement: Restatement, reason: str) -> ReportRestated:
    """Return what is recorded of a report that is restated."""
    positions = (cause.position for one in restatement.changed for cause in one.causes)
    return now_reported(id_, restatement.now, len(restatement.changed), positions, reason)


def now_reported(
    id_: str, now: Report, changed: int, causes: Iterable[int], reason: str
) -> ReportRestated:
    """Return what is recorded of what would be reported now, in place of an issued report."""
    return ReportRestated(
        report=id_,
        reason=reason,
        basis=basis_of(now),
        figures_digest=figures_digest(now),
        changed=changed,
        causes=tuple(sorted(set(causes))),
    )


def basis_of(given: Report) -> Basis:
    """Return what the figures of a report stand on."""
    return Basis(
        known_at=given.known_at,
        at_position=given.position,
        root=given.root,
        definition_version=given.definition_version,
        definition_digest=given.definition_digest,
        indicators_digest=given.indicators_digest,
        polku_version=given.polku_version,
    )


def figures_digest(given: Report) -> str:
    """Return the SHA-256 (hex) of the figures of a report, and of the rows of its charts."""
    tables = [(one.indicator, one.by, one.figures) for one in given.tables]
    rows = [(one.id, one.columns, one.rows) for one in given.series]
    said_ = json.dumps(plain([tables, rows]), ensure_ascii=False)
    return hashlib.sha256(said_.encode("utf-8")).hexdigest()


def _extended(state: IssuedReport, entries: Iterable[Entry[ReportEvent]]) -> IssuedReport:
    return fold(entries, state)
