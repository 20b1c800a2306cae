"""Reports that were made before: computed again, asked again now, issued and restated."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from interfaces import bootstrap
from interfaces.cli.report_desk import open_desk, report_in, settings_in
from interfaces.cli.terminal import (
    BadInput,
    Refused,
    Screen,
    answer,
    plain,
    progress,
    so_many,
)

if TYPE_CHECKING:
    from application.evaluation.issuing import Desk
    from application.evaluation.report import Report
    from application.evaluation.verifying import Verified
    from application.ports import Receipt
    from domain.entry import By
    from domain.issued_report import ReportIssued


class Before(NamedTuple):
    """What is to be done with which report that was made before: one of the first three."""

    verify: str | None
    """The report is computed again, from its file or by its id."""
    then: str | None
    """The report is asked again now: from its file, or by its id."""
    issue: Path | None
    """The report of a file is issued."""
    because: str | None
    """Why a report is restated; None: it is not, and is only asked again."""
    organisation: str | None
    person: str | None
    """For whom, and by whom, it is issued or restated."""


def told_again(asked: Before, as_json: bool) -> None:
    """Do what is asked of a report that was made before. Raises BadInput, Refused."""
    who = (asked.person, asked.organisation)
    if asked.verify is not None:
        if _is_file(asked.verify):
            verify_file(Path(asked.verify), as_json)
        else:
            verify_id(asked.verify, as_json)
    elif asked.issue is not None:
        issue_file(asked.issue, by_here(*who, "--issue"), as_json)
    elif asked.then is not None:
        by = None if asked.because is None else by_here(*who, "--because")
        restate_given(asked.then, asked.because, by, as_json)


def _is_file(given: str) -> bool:
    """Whether a report is given by its file; else it is by the id that it was issued under."""
    file = Path(given)
    return file.exists() or len(file.parts) > 1 or bool(file.suffix)


def verify_file(file: Path, as_json: bool) -> None:
    """Compute the report of a file again, and compare figure by figure."""
    from application.evaluation.issued import id_in, issued_reports
    from application.evaluation.verifying import verify
    from interfaces.cli.report_screen import draw_verified
    from interfaces.reports_told import issue_told

    given = report_in(file)
    with open_desk(settings_in(given)) as desk:
        found = verify(desk, given)
        id_ = id_in(issued_reports(desk.office.log), given)
        value = {"report": id_, "issued": issue_told(desk.office.log, id_)}
    _tell_verified(value, found, as_json, lambda to: draw_verified(to, given, found), str(file))


def verify_id(id_: str, as_json: bool) -> None:
    """Compute an issued report again, and compare it with what the log recorded of it."""
    from application.evaluation.issued import verify_issued
    from interfaces.reports_told import issue_told

    issued = _issued(id_, "--verify")
    with open_desk(_settings(issued)) as desk:
        found = verify_issued(desk, issued)
        value = {"report": id_, "issued": issue_told(desk.office.log, id_)}
    agree = f"All {so_many(issued.figures, 'figure')} agree"
    said = [*found.notes, *(found.differences or (f"{agree}, at {_position(issued)}.",))]
    _tell_verified(value, found, as_json, lambda to: to.print("\n".join(said)), id_)


def restate_given(then: str, because: str | None, by: "By | None", as_json: bool) -> None:
    """Ask a report again now: what differs, and why; `because` records it of an issued one.

    It is given by its file, or by the id that it was issued under.
    """
    from application.evaluation.issued import issued_reports, restate, today_of
    from application.evaluation.restating import restate as compared
    from application.transact import Asked
    from interfaces.cli.report_screen import draw_restated

    with _report_of(then) as (desk, id_, given):
        with progress("Asking again which entries make the difference") as advance:
            found = compared(desk, given, advance)
        receipt = None
        if because is not None and by is not None:
            asked = Asked(by, today_of(desk.office, given.programme))
            receipt = restate(issued_reports(desk.office.log), id_, asked, found, because)
    recorded = None if receipt is None else _receipt(receipt)
    value = {"report": id_, **plain(found), "recorded": recorded}

    def draw(to: Screen) -> None:
        draw_restated(to, found)
        if receipt is not None:
            to.print(_said(receipt, "restated"))

    answer(as_json, value, draw)


@contextmanager
def _report_of(then: str) -> Iterator[tuple["Desk", str, "Report"]]:
    """Open the desk, with the report that --then names and its id. Raises BadInput."""
    from application.evaluation.issued import as_issued, id_in, issued_reports

    if _is_file(then):
        given = report_in(Path(then))
        with open_desk(settings_in(given)) as desk:
            yield desk, id_in(issued_reports(desk.office.log), given), given
    else:
        issued = _issued(then, "--then")
        with open_desk(_settings(issued)) as desk:
            yield desk, then, as_issued(desk, issued)


def issue_file(file: Path, by: "By", as_json: bool) -> None:
    """Record that a report is issued for others to keep, where it stands."""
    from application.evaluation.issued import issue, issued_reports, today_of
    from application.transact import Asked

    given = report_in(file)
    with open_desk(settings_in(given)) as desk:
        asked = Asked(by, today_of(desk.office, given.programme))
        receipt = issue(issued_reports(desk.office.log), desk, asked, given)
    answer(as_json, _receipt(receipt), lambda to: to.print(_said(receipt, "issued")))


def by_here(person: str | None, organisation: str | None, option: str) -> "By":
    """Return who asks on this computer. Raises BadInput where no organisation is named."""
    from domain.entry import By

    if organisation is None:
        raise BadInput(f"{option}: say for which --organisation it is recorded")
    return By(person or _name_here(), organisation)


def _name_here() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise BadInput("--person: this computer does not say who you are; give your name") from None


def _issued(id_: str, option: str) -> "ReportIssued":
    from application.evaluation.issued import NotIssued, found, issued_reports

    try:
        with bootstrap.open_office(inline=False) as office:
            return found(issued_reports(office.log), id_)
    except NotIssued as error:
        raise BadInput(f"{option}: {id_} is no file, and {error}") from error


def _settings(issued: "ReportIssued") -> dict[str, float]:
    from application.evaluation.issued import settings_of

    return settings_of(issued)


def _position(issued: "ReportIssued") -> str:
    return f"position {issued.basis.at_position}"


def _tell_verified(
    value: dict[str, Any], found: "Verified", as_json: bool, draw: Any, of: str
) -> None:
    from interfaces.reports_told import verified_told

    def drawn(to: Screen) -> None:
        draw(to)
        issued = value["issued"]
        if issued is not None:
            by = f"{issued['person']} ({issued['organisation']})"
            again = f", and restated {so_many(issued['restated'], 'time')}"
            since = again if issued["restated"] else ""
            to.print(f"It was issued as {value['report']} on {issued['on']} by {by}{since}.")

    answer(as_json, {**verified_told(found), **value}, drawn)
    if not found.stands:
        differing = sum(not one.agrees for one in found.figures)
        figures_differ = [f"{so_many(differing, 'figure')} not the same"] if differing else []
        why = "; ".join((*found.differences, *figures_differ))
        raise Refused(f"{of} is not what this log says: {why}")


def _receipt(receipt: "Receipt") -> dict[str, Any]:
    return {
        "report": receipt.stream.removeprefix("report:"),
        "version": receipt.version,
        "position": receipt.position or None,
        "recorded": len(receipt.entries),
    }


def _said(receipt: "Receipt", what: str) -> str:
    id_ = receipt.stream.removeprefix("report:")
    if not receipt.entries:
        return f"The report {id_} was {what} already: nothing is recorded."
    return f"The report {id_} is {what}, at position {receipt.position} of the log."


def check_indicators(file: Path, as_json: bool) -> None:
    """Tell what is wrong with a file of indicators; ends with 1 where anything is."""
    faults = bootstrap.check_indicators(file)
    value = {"file": str(file), "faults": [plain(fault) for fault in faults]}
    said = [str(fault) for fault in faults] or [f"{file}: good"]
    answer(as_json, value, lambda to: to.print("\n".join(said), soft_wrap=True))
    if faults:
        raise typer.Exit(1)
