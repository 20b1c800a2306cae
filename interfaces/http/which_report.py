"""Which report is to be looked at again: one that is posted back, or an issued one by its id."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from application.evaluation.issued import NotIssued, found, id_in, issued_reports, settings_of
from application.evaluation.preparing import Question, again
from application.evaluation.report import Report
from domain.issued_report import ReportIssued
from domain.refusals import InvalidField
from domain.wording import said
from interfaces.evaluating import Evaluating
from interfaces.http.context import Here
from interfaces.http.jobs import require_evaluating
from interfaces.http.kept_reports import EXAMPLE, KeptReport, kept_report
from interfaces.http.problems import UNKNOWN_REPORT, Problem
from interfaces.http.reading import require
from interfaces.http.reporting import ReportId, check_threshold

ISSUED_EXAMPLE = "7d0c5c2f1ab94e0e8c7d5a3b1f6e9d20"


class WhichReport(BaseModel):
    """Which report is meant: one of the two."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"report": EXAMPLE}, {"issued": ISSUED_EXAMPLE}]},
    )

    report: KeptReport | None = None
    """The report, as it was fetched or written by `polku report --json`."""
    issued: ReportId | None = None
    """The id of a report that was issued."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A report that somebody kept, and with what it is computed."""

    evaluating: Evaluating
    id: str
    """The id that it has, or would have, where it is issued."""
    report: Report

    @property
    def question(self) -> Question:
        """What it answers."""
        return again(self.report)


@dataclass(frozen=True, slots=True)
class ById:
    """What the log keeps of an issued report, and with what it is computed."""

    evaluating: Evaluating
    id: str
    issued: ReportIssued

    @property
    def question(self) -> Question:
        """Whose indicators it has, and with which settings."""
        issued = self.issued
        return Question(issued.programme, sets=issued.sets, settings=settings_of(issued))


def report_meant(here: Here, kind: str, body: WhichReport) -> Posted | ById:
    """Return the report that is meant, where this person may have it computed for such a job.

    Raises NotAllowed, InvalidField, and Problem where none was issued under the id.
    """
    require(here, kind)
    if (body.report is None) == (body.issued is None):
        raise InvalidField("report", said("give a report, or the id of an issued one; not both"))
    if body.report is not None:
        evaluating = require_evaluating(here, kind, body.report.programme)
        posted = kept_report(here, evaluating, body.report)
        return Posted(evaluating, id_in(issued_reports(here.office.log), posted), posted)
    id_ = body.issued or ""
    issued = issued_in(here, id_)
    evaluating = require_evaluating(here, kind, issued.programme)
    check_threshold(here, issued.threshold, "issued")
    return ById(evaluating, id_, issued)


def issued_in(here: Here, id_: str) -> ReportIssued:
    """Return what was issued under an id. Raises Problem where nothing was."""
    try:
        return found(issued_reports(here.office.log), id_)
    except NotIssued as error:
        raise Problem(
            UNKNOWN_REPORT, said("see GET /issued-reports for those there are")
        ) from error
