"""A report computed again and compared, asked again now, and a file of indicators checked."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from interfaces import bootstrap
from interfaces.cli.report_asked import open_desk
from interfaces.cli.terminal import BadInput, Refused, answer, counted, plain

if TYPE_CHECKING:
    from application.evaluation.issuing import Desk
    from application.evaluation.report import Report


def told_again(file: Path, *, as_json: bool, restating: bool) -> None:
    """Compute a report again and compare, or tell what differs now. Raises BadInput, Refused."""
    from application.evaluation.kept_report import UnreadableReport, read_report

    try:
        given = read_report(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, UnreadableReport) as error:
        raise BadInput(f"{file} cannot be read: {error}") from error
    settings = (given.asked or {}).get("settings", {})
    with open_desk(settings) as desk:
        if restating:
            _restate(desk, given, as_json)
        else:
            _verify(desk, given, as_json, file)


def _verify(desk: "Desk", given: "Report", as_json: bool, file: Path) -> None:
    from application.evaluation.verifying import verify
    from interfaces.cli.report_screen import draw_verified

    found = verify(desk, given)
    figures = [{**plain(one), "agrees": one.agrees} for one in found.figures]
    value = {"stands": found.stands, **plain(found), "figures": figures}
    answer(as_json, value, lambda to: draw_verified(to, given, found))
    if not found.stands:
        differing = sum(not one.agrees for one in found.figures)
        figures_differ = [f"{counted(differing, 'figure')} not the same"] if differing else []
        why = "; ".join((*found.differences, *figures_differ))
        raise Refused(f"{file} is not what this log says: {why}")


def _restate(desk: "Desk", given: "Report", as_json: bool) -> None:
    from application.evaluation.restating import restate
    from interfaces.cli.report_screen import draw_restated

    found = restate(desk, given)
    answer(as_json, found, lambda to: draw_restated(to, found))


def check_indicators(file: Path, as_json: bool) -> None:
    """Tell what is wrong with a file of indicators; ends with 1 where anything is."""
    faults = bootstrap.check_indicators(file)
    value = {"file": str(file), "faults": [plain(fault) for fault in faults]}
    said = [str(fault) for fault in faults] or [f"{file}: good"]
    answer(as_json, value, lambda to: to.print("\n".join(said), soft_wrap=True))
    if faults:
        raise typer.Exit(1)
