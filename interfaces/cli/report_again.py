"""Reports that were made before: computed again, asked again now, issued and restated."""

import getpass
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from domain.wording import Listed, Wording, counted, said, wording_of
from interfaces import bootstrap
from interfaces.cli.language import Language
from interfaces.cli.report_desk import open_desk, places_of, report_in, settings_in
from interfaces.cli.speaking import Speaker, tongue_of
from interfaces.cli.terminal import (
    BadInput,
    Refused,
    answer,
    plain,
    progress,
)

if TYPE_CHECKING:
    from application.evaluation.preparing import Desk
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
    indicators: tuple[str, ...] = ()
    """Where its files of indicators are now; none: where they were."""


class Told(NamedTuple):
    """How it is told what came of it: as JSON or drawn, in which language."""

    as_json: bool
    language: Language = Language.ENGLISH

    def answer(self, value: dict[str, Any], draw: Callable[[Speaker], None]) -> None:
        """Give the answer."""
        language = self.language
        answer(self.as_json, value, lambda to: draw(Speaker(to, language)), tongue_of(language))


def told_again(asked: Before, how: Told) -> None:
    """Do what is asked of a report that was made before. Raises BadInput, Refused."""
    who, places = (asked.person, asked.organisation), asked.indicators
    if asked.verify is not None:
        if _is_file(asked.verify):
            verify_file(Path(asked.verify), places, how)
        else:
            verify_id(asked.verify, places, how)
    elif asked.issue is not None:
        issue_file(asked.issue, by_here(*who, "--issue"), places, how)
    elif asked.then is not None:
        because = asked.because
        why = None if because is None else (because, by_here(*who, "--because"))
        restate_given(asked.then, places, why, how)


def _is_file(given: str) -> bool:
    """Whether a report is given by its file; else it is by the id that it was issued under."""
    file = Path(given)
    return file.exists() or len(file.parts) > 1 or bool(file.suffix)


def verify_file(file: Path, places: Sequence[str], how: Told) -> None:
    """Compute the report of a file again, and compare figure by figure."""
    from application.evaluation.issued import id_in, issued_reports
    from application.evaluation.verifying import verify
    from interfaces.cli.report_again_screen import draw_verified
    from interfaces.reports_told import issue_told

    given = report_in(file)
    with open_desk(settings_in(given), _places_in(given, places)) as desk:
        found = verify(desk, given)
        id_ = id_in(issued_reports(desk.office.log), given)
        value = {"report": id_, "issued": issue_told(desk.office.log, id_)}
    _tell_verified(value, found, how, lambda to: draw_verified(to, given, found), str(file))


def verify_id(id_: str, places: Sequence[str], how: Told) -> None:
    """Compute an issued report again, and compare it with what the log recorded of it."""
    from application.evaluation.issued import verify_issued
    from interfaces.reports_told import issue_told

    issued = _issued(id_, "--verify")
    with open_desk(_settings(issued), places_of(issued.sets, places)) as desk:
        found = verify_issued(desk, issued)
        value = {"report": id_, "issued": issue_told(desk.office.log, id_)}

    def draw(speaker: Speaker) -> None:
        for line in (*found.notes, *(found.differences or (_all_agree(speaker, issued),))):
            speaker.line(line)

    _tell_verified(value, found, how, draw, id_)


def _all_agree(speaker: Speaker, issued: "ReportIssued") -> Wording:
    return counted(
        "All {figures} figure agree, at position {position}.",
        "All {figures} figures agree, at position {position}.",
        issued.figures,
        figures=speaker.number(issued.figures),
        position=issued.basis.at_position,
    )


def restate_given(
    then: str, places: Sequence[str], why: "tuple[str, By] | None", how: Told
) -> None:
    """Ask a report again now: what differs, and which entries make it.

    It is given by its file, or by the id that it was issued under. `why`, and by whom, is recorded
    of an issued one.
    """
    from application.evaluation.issued import issued_reports, restate, today_of
    from application.evaluation.restating import restate as compared
    from application.transact import Asked
    from interfaces.cli.report_again_screen import draw_restated

    with _report_of(then, places) as (desk, id_, given):
        with progress("Asking again which entries make the difference") as advance:
            found = compared(desk, given, advance)
        receipt = None
        if why is not None:
            because, by = why
            asked = Asked(by, today_of(desk.office, given.programme))
            receipt = restate(issued_reports(desk.office.log), id_, asked, found, because)
    recorded = None if receipt is None else _receipt(receipt)
    value = {"report": id_, **plain(found), "recorded": recorded}

    def draw(speaker: Speaker) -> None:
        draw_restated(speaker, found)
        if receipt is not None:
            speaker.line(_restated(receipt))

    how.answer(value, draw)


@contextmanager
def _report_of(then: str, places: Sequence[str]) -> Iterator[tuple["Desk", str, "Report"]]:
    """Open the desk, with the report that --then names and its id. Raises BadInput."""
    from application.evaluation.issued import as_issued, id_in, issued_reports

    if _is_file(then):
        given = report_in(Path(then))
        with open_desk(settings_in(given), _places_in(given, places)) as desk:
            yield desk, id_in(issued_reports(desk.office.log), given), given
    else:
        issued = _issued(then, "--then")
        with open_desk(_settings(issued), places_of(issued.sets, places)) as desk:
            yield desk, then, as_issued(desk, issued)


def issue_file(file: Path, by: "By", places: Sequence[str], how: Told) -> None:
    """Record that a report is issued for others to keep, where it stands."""
    from application.evaluation.issued import issue, issued_reports, today_of
    from application.transact import Asked

    given = report_in(file)
    with open_desk(settings_in(given), _places_in(given, places)) as desk:
        asked = Asked(by, today_of(desk.office, given.programme))
        receipt = issue(issued_reports(desk.office.log), desk, asked, given)
    how.answer(_receipt(receipt), lambda to: to.line(_issued_now(receipt)))


def by_here(person: str | None, organisation: str | None, option: str) -> "By":
    """Return who asks on this computer. Raises BadInput where no organisation is named."""
    from domain.entry import By

    if organisation is None:
        raise BadInput(said("{option}: say for which --organisation it is recorded", option=option))
    return By(person or _name_here(), organisation)


def _name_here() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise BadInput(
            said("--person: this computer does not say who you are; give your name")
        ) from None


def _issued(id_: str, option: str) -> "ReportIssued":
    from application.evaluation.issued import NotIssued, found, issued_reports

    try:
        with bootstrap.open_office(inline=False) as office:
            return found(issued_reports(office.log), id_)
    except NotIssued as error:
        why = wording_of(error)
        raise BadInput(
            said("{option}: {id} is no file, and {why}", option=option, id=id_, why=why)
        ) from error


def _places_in(given: "Report", now: Sequence[str]) -> dict[str, str]:
    return places_of((given.asked or {}).get("sets", ()), now)


def _settings(issued: "ReportIssued") -> dict[str, float]:
    from application.evaluation.issued import settings_of

    return settings_of(issued)


def _tell_verified(
    value: dict[str, Any],
    found: "Verified",
    how: Told,
    draw: Callable[[Speaker], None],
    of: str,
) -> None:
    from interfaces.reports_told import verified_told

    def drawn(speaker: Speaker) -> None:
        draw(speaker)
        if value["issued"] is not None:
            speaker.line(_was_issued(value["report"], value["issued"]))

    how.answer({**verified_told(found), **value}, drawn)
    if not found.stands:
        differing = sum(not one.agrees for one in found.figures)
        not_same = counted("{n} figure not the same", "{n} figures not the same", differing)
        why = Listed((*found.differences, *([not_same] if differing else [])))
        raise Refused(said("{report} is not what this log says: {why:;}", report=of, why=why))


def _was_issued(id_: str, issued: Mapping[str, Any]) -> Wording:
    who = {name: issued[name] for name in ("person", "organisation")}
    if not issued["restated"]:
        return said(
            "It was issued as {report} on {day} by {person} ({organisation}).",
            report=id_,
            day=issued["on"],
            **who,
        )
    return counted(
        "It was issued as {report} on {day} by {person} ({organisation}), and restated {n} time.",
        "It was issued as {report} on {day} by {person} ({organisation}), and restated {n} times.",
        issued["restated"],
        report=id_,
        day=issued["on"],
        **who,
    )


def _receipt(receipt: "Receipt") -> dict[str, Any]:
    return {
        "report": receipt.stream.removeprefix("report:"),
        "version": receipt.version,
        "position": receipt.position or None,
        "recorded": len(receipt.entries),
    }


def _issued_now(receipt: "Receipt") -> Wording:
    id_ = receipt.stream.removeprefix("report:")
    if not receipt.entries:
        return said("The report {id} was issued already: nothing is recorded.", id=id_)
    at = receipt.position
    return said("The report {id} is issued, at position {at} of the log.", id=id_, at=at)


def _restated(receipt: "Receipt") -> Wording:
    id_ = receipt.stream.removeprefix("report:")
    if not receipt.entries:
        return said("The report {id} was restated already: nothing is recorded.", id=id_)
    at = receipt.position
    return said("The report {id} is restated, at position {at} of the log.", id=id_, at=at)


def check_indicators(file: Path, as_json: bool) -> None:
    """Tell what is wrong with a file of indicators; ends with 1 where anything is."""
    faults = bootstrap.check_indicators(file)
    value = {"file": str(file), "faults": [plain(fault) for fault in faults]}
    lines = [str(fault) for fault in faults] or [f"{file}: good"]
    answer(as_json, value, lambda to: to.print("\n".join(lines), soft_wrap=True))
    if faults:
        raise typer.Exit(1)
