"""Reports given out for others to keep: issued, found again, and restated."""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from application.acts import named as stream_of
from application.evaluation.issued import (
    KIND,
    event_of,
    id_in,
    id_of,
    issued_reports,
    now_reported,
    today_of,
)
from application.evaluation.kept_report import FORM, read_report
from application.evaluation.report import Report
from application.intentions import Intention
from application.permissions import NotAllowed, may_evaluate
from domain import issued_report as decisions
from domain.issued_report import IssuedReport, ReportEvent, ReportIssued, ReportRestated
from domain.refusals import InvalidField
from domain.wording import said
from interfaces.http.acts.answers import ReportRecorded, answer, answers_of
from interfaces.http.acts.fields import Body, Name, given
from interfaces.http.acts.headers import Key, Seen, version_in
from interfaces.http.acts.journeys import intention_in, who_asks
from interfaces.http.acts.streams import Deed, record
from interfaces.http.clocks import Question
from interfaces.http.context import Asking, Here
from interfaces.http.headers import HAS_ETAG
from interfaces.http.issued_models import IssuedPage, IssuedTold, issued_told
from interfaces.http.jobs import result
from interfaces.http.paging import link_next
from interfaces.http.reading import Cursor, Id, Limit, numbered, require
from interfaces.http.reporting import ReportId
from interfaces.http.which_report import issued_in

router = APIRouter(tags=["evaluation"])

QUESTION = "issued-reports"

Job = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
Issued = Annotated[ReportId, Path(description="The id of the report, as issuing answered.")]


class IssueReport(Body):
    """A report is given out for others to keep: the log records what it stands on."""

    report: Job = given("7d0c5c2f1ab94e0e8c7d5a3b1f6e9d20")
    """The id of the job that made it (`POST /reports`); it is done."""


class RestateReport(Body):
    """An issued report has other figures by now, and somebody says why."""

    restatement: Job = given("1b6e9d207d0c5c2f1ab94e0e8c7d5a3f")
    """The id of the job that asked it again (`POST /restatements`); it is done."""
    reason: Name = given("Entries of autumn came late.")
    """Why it is restated; name no client."""


class IssuedQuery(Question):
    """Which issued reports are wanted."""

    programme: Id | None = None
    """Only those of this programme."""
    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""


_ANSWERS = answers_of(ReportRecorded)


@router.post(
    "/issued-reports",
    summary="Issue a report",
    status_code=201,
    responses=_ANSWERS,
    description=IssueReport.__doc__,
)
def issue_report(body: IssueReport, here: Asking, key: Key) -> Response:
    """Issue a report."""
    require(here, "issue-report")
    with result(here, "report", body.report) as file:
        made = read_report(file.read().decode())
    return _record(
        here,
        (id_in(issued_reports(here.office.log), made), made.programme),
        intention_in(who_asks(here), "issue-report", body, key, None),
        lambda state: decisions.issue(state, report=event_of(made)),
    )


@router.post(
    "/issued-reports/{issued}/restatements",
    summary="Restate a report",
    status_code=201,
    responses=_ANSWERS,
    description=RestateReport.__doc__,
)
def restate_report(
    issued: Issued, body: RestateReport, here: Asking, key: Key, seen: Seen
) -> Response:
    """Restate an issued report."""
    require(here, "restate-report")
    programme = issued_in(here, issued).programme
    with result(here, "restatement", body.restatement) as file:
        told = json.load(file)
    event = _restated(told, body.reason)
    if event.report != issued:
        raise InvalidField("restatement", said("it is a restatement of another report"))
    return _record(
        here,
        (issued, programme),
        intention_in(who_asks(here), "restate-report", body, key, version_in(seen)),
        lambda state: decisions.restate(state, restated=event),
    )


@router.get("/issued-reports", summary="Every issued report")
def list_issued_reports(
    asked: Annotated[IssuedQuery, Query()], here: Asking, request: Request, response: Response
) -> IssuedPage:
    """Tell which reports were issued, from the newest, and how they were restated since."""
    require(here, QUESTION)
    before = numbered(asked.cursor)
    log = here.office.log
    kept = {one.partition(":")[2]: log.load(one) for one in log.streams(f"{KIND}:")}
    left = [
        (id_, entries)
        for id_, entries in sorted(kept.items(), key=lambda x: x[1][0].position, reverse=True)
        if (before is None or entries[0].position < before)
        and _wanted(here, entries[0].event, asked)
    ]
    page = left[: asked.limit]
    following = str(page[-1][1][0].position) if len(left) > len(page) else None
    link_next(request, response, following)
    return IssuedPage(items=[issued_told(*one) for one in page], next=following)


@router.get("/issued-reports/{issued}", summary="An issued report", responses=HAS_ETAG)
def show_issued_report(issued: Issued, here: Asking, response: Response) -> IssuedTold:
    """Tell what a report that was issued stands on, and how it was restated since.

    To have it computed again, give its id to `POST /verifications`.
    """
    require(here, QUESTION)
    programme = issued_in(here, issued).programme
    _check_own(here, QUESTION, programme)
    told = issued_told(issued, here.office.log.load(stream_of(KIND, issued)))
    response.headers["ETag"] = f'"{told.version}"'
    return told


def _record(
    here: Here,
    of: tuple[str, str],
    intention: Intention,
    decide: Callable[[IssuedReport], tuple[ReportEvent, ...]],
) -> Response:
    id_, programme = of

    def guard(_state: IssuedReport) -> None:
        _check_own(here, intention.code, programme)

    stream, today = stream_of(KIND, id_), today_of(here.office, programme)
    deed = Deed(stream, intention, guard, lambda state, _on: decide(state), today=today)
    receipt = record(here, issued_reports(here.office.log), deed)
    return answer(receipt, {"links": {"self": f"/issued-reports/{id_}"}})


def _check_own(here: Here, code: str, programme: str) -> None:
    denied = may_evaluate(here.scope, code, programme)
    if denied is not None:
        raise NotAllowed(denied)


def _restated(told: Mapping[str, Any], reason: str) -> ReportRestated:
    """Return what is recorded of a restatement that a job has kept."""
    then, now = (_read(told[name]) for name in ("then", "now"))
    causes = (cause["position"] for one in told["changed"] for cause in one["causes"])
    id_ = told.get("report") or id_of(then)
    return now_reported(id_, now, len(told["changed"]), causes, reason)


def _read(told: Mapping[str, Any]) -> Report:
    return read_report(json.dumps({"form": FORM, **told}))


def _wanted(here: Here, issued: ReportIssued, asked: IssuedQuery) -> bool:
    own = may_evaluate(here.scope, QUESTION, issued.programme) is None
    return own and asked.programme in (None, issued.programme)
