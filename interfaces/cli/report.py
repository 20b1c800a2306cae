"""`polku report`: indicators of a programme at a moment, and the same figures again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from math import isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interfaces import bootstrap
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    Refused,
    answer,
    counted,
    day_of,
    instant_of,
    plain,
    progress,
)

if TYPE_CHECKING:
    from application.evaluation.issuing import Desk, Question
    from application.evaluation.opening import Behind, Place
    from application.evaluation.report import Report


class Format(StrEnum):
    """In which form a report is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


class Language(StrEnum):
    """The languages of a page."""

    ENGLISH = "en"
    FINNISH = "fi"
    ITALIAN = "it"


def report(  # noqa: PLR0913, PLR0917 - one option for each thing that can be asked
    programme: Annotated[str | None, typer.Option(help="The programme's code.")] = None,
    indicator: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this indicator; repeatable.")
    ] = None,
    indicators: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Indicators of a file, or `esf-plus`; `programme` for the definition's own.",
        ),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=NUMBER", help="Another value for a file's setting."),
    ] = None,
    as_at: Annotated[
        str | None, typer.Option(metavar="DAY", help="What had happened by then; default today.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option(metavar="DAY_OR_INSTANT", help="What was known by then.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Break all down by it, or by COLUMN*COLUMN."),
    ] = None,
    threshold: Annotated[
        int, typer.Option(min=0, help="Groups of fewer are not shown; 0 shows all.")
    ] = 5,
    form: Annotated[Format, typer.Option("--format", help="How it is written.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option(help="The file to write it to.")] = None,
    language: Annotated[
        Language, typer.Option(help="The language of a page (html).")
    ] = Language.ENGLISH,
    verify: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Compute a report (JSON) again, and compare."),
    ] = None,
    then: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Ask a report (JSON) again now; what differs, and why."),
    ] = None,
    opened: Annotated[
        str | None,
        typer.Option(
            "--open",
            metavar="ID[:COLUMN=VALUE]",
            help="The journeys behind a figure, and their entries; it names no person.",
        ),
    ] = None,
    check: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Check a file of indicators.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Report the indicators of a programme, as at a day and as known at an instant.

    Keep the answer of --json: --verify computes it again at the same position of the log, and ends
    with 0 only where every figure agrees.

    JSON: form, programme, title, as_at, known_at, position, root, definition_version,
    definition_digest, indicators_digest, polku_version, threshold, tables (indicator, title, unit,
    measure, by, figures, source, note, assumed; of a figure: key, value, counted, missing,
    suppressed, target, having), series, claimed, notes, asked. With --verify: stands, figures
    (indicator, by, key, agrees, reported, again), differences, notes. With --then: then, now,
    changed (figure, causes: stream, version, position, event, occurred_on, recorded_at, how, of).
    With --open: journeys (journey, client, counts, has, entries: version, position, event,
    occurred_on, recorded_at, person, organisation). With --check: file, faults.
    """
    if check is not None:
        _check(check, as_json)
        return
    file = verify or then
    if (file is None) == (programme is None):
        raise BadInput("give --programme, or a report with --verify or --then; never both")
    settings = _settings(setting or [])
    if file is not None:
        _again(file, as_json=as_json, restating=then is not None)
        return
    with _desk(settings) as desk:
        asked = _question(
            desk, programme or "", (indicator, indicators, by), (as_at, known_at), threshold
        )
        question = replace(asked, settings=settings)
        if opened is not None:
            _open(desk, question, opened, as_json)
            return
        made = _made(desk, question)
    _write(made, Format.JSON if as_json else form, out, language)


@contextmanager
def _desk(settings: dict[str, float]) -> Iterator["Desk"]:
    """Open what reports are made with, the archive caught up. Says plainly what is wrong."""
    from application.evaluation.asking import CannotAsk
    from application.evaluation.issuing import CannotReport
    from application.evaluation.kept_report import UnreadableReport
    from application.evaluation.reporting import BadIndicator

    with bootstrap.open_office(inline=False) as office:
        archive = bootstrap.open_archive(office)
        with progress("Bringing the archive up to date") as advance:
            archive.catch_up(on_progress=advance)
        try:
            yield bootstrap.report_desk(office, archive, settings)
        except (BadIndicator, CannotReport, CannotAsk, UnreadableReport) as error:
            raise BadInput(str(error)) from error


def _question(
    desk: "Desk",
    programme: str,
    wanted: tuple[list[str] | None, list[str] | None, list[str] | None],
    clocks: tuple[str | None, str | None],
    threshold: int,
) -> "Question":
    from application.evaluation.issuing import OF_PROGRAMME, Question, instant_at

    ids, sets, by = ([] if one is None else one for one in wanted)
    moment = instant_of(clocks[1], "--known-at")
    return Question(
        programme=programme,
        as_at=day_of(clocks[0], "--as-at"),
        known_at=instant_at(desk.office, programme, moment),
        indicators=tuple(ids),
        by=tuple(tuple(one.split("*")) for one in by),
        sets=tuple(sets or [OF_PROGRAMME]),
        threshold=threshold,
    )


def _made(desk: "Desk", question: "Question") -> "Report":
    from application.evaluation.issuing import prepare
    from application.evaluation.issuing import report as computed

    return computed(desk, prepare(desk, question))


def _settings(given: Sequence[str]) -> dict[str, float]:
    found = {}
    for text in given:
        name, _, number = text.partition("=")
        try:
            found[name] = float(number)
        except ValueError:
            found[name] = nan
        if not isfinite(found[name]):
            raise BadInput(f"--set: {text!r} is not NAME=NUMBER, as long_term_months=6")
    return found


def _write(made: "Report", form: Format, out: Path | None, language: Language) -> None:
    from interfaces.cli.report_screen import draw_report

    if form is Format.XLSX and out is None:
        raise BadInput("--out: name the file to write the spreadsheet to")
    if form is Format.TABLE and out is not None:
        raise BadInput("--out: choose a --format for the file: json, csv, xlsx or html")
    if form is Format.TABLE:
        answer(False, None, lambda to: draw_report(to, made))
        return
    data = _bytes(made, form, language)
    if out is None:
        typer.echo(data, nl=False)
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}") from error


def _bytes(made: "Report", form: Format, language: Language) -> bytes:
    from application.evaluation.kept_report import written
    from interfaces.report_files import as_csv, as_xlsx

    if form is Format.XLSX:
        return as_xlsx(made)
    if form is Format.HTML:
        from interfaces.report_page import page

        return page(made, bootstrap.tongue(language)).encode()
    return (written(made) if form is Format.JSON else as_csv(made)).encode()


def _check(file: Path, as_json: bool) -> None:
    faults = bootstrap.check_indicators(file)
    value = {"file": str(file), "faults": [plain(fault) for fault in faults]}
    said = [str(fault) for fault in faults] or [f"{file}: good"]
    answer(as_json, value, lambda to: to.print("\n".join(said), soft_wrap=True))
    if faults:
        raise typer.Exit(1)


def _again(file: Path, *, as_json: bool, restating: bool) -> None:
    from application.evaluation.kept_report import UnreadableReport, read_report

    try:
        given = read_report(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, UnreadableReport) as error:
        raise BadInput(f"{file} cannot be read: {error}") from error
    settings = (given.asked or {}).get("settings", {})
    with _desk(settings) as desk:
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
        differing = [one for one in found.figures if not one.agrees]
        figures_differ = [f"{counted(len(differing), 'figure')} not the same"] if differing else []
        why = "; ".join((*found.differences, *figures_differ))
        raise Refused(f"{file} is not what this log says: {why}")


def _restate(desk: "Desk", given: "Report", as_json: bool) -> None:
    from application.evaluation.restating import restate
    from interfaces.cli.report_screen import draw_restated

    found = restate(desk, given)
    answer(as_json, found, lambda to: draw_restated(to, found))


def _open(desk: "Desk", question: "Question", text: str, as_json: bool) -> None:
    from application.evaluation.issuing import prepare
    from application.evaluation.opening import behind
    from interfaces.cli.report_screen import draw_opened

    place = _place(text)
    found = behind(desk, prepare(desk, question), place, lambda _journey: True)
    value = {"journeys": [_opened_keys(one) for one in found]}
    answer(as_json, value, lambda to: draw_opened(to, found))


def _place(text: str) -> "Place":
    from application.evaluation.opening import Place

    id_, _, group = text.partition(":")
    pairs = [one.partition("=") for one in group.split(",") if one]
    if any(not middle for _, middle, _ in pairs):
        raise BadInput(f"--open: {text!r} is not ID or ID:COLUMN=VALUE, as young:gender=female")
    return Place(id_, tuple(one[0] for one in pairs), tuple(one[2] or None for one in pairs))


def _opened_keys(one: "Behind") -> dict[str, Any]:
    from domain.entry import event_name

    entries = [
        {
            "version": entry.version,
            "position": entry.position,
            "event": event_name(type(entry.event)),
            "occurred_on": entry.occurred_on,
            "recorded_at": entry.recorded_at,
            "person": entry.by.person,
            "organisation": entry.by.organisation,
        }
        for entry in one.entries
    ]
    return {**plain(one), "entries": entries}
