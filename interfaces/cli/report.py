"""`polku report`: indicators of a programme at a moment, and the same figures again."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interfaces import bootstrap
from interfaces.cli.report_desk import open_desk
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    Refused,
    answer,
    day_of,
    instant_of,
    plain,
)

if TYPE_CHECKING:
    from application.evaluation.issuing import Desk, Question
    from application.evaluation.opening import Place
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
        str | None,
        typer.Option(
            metavar="FILE_OR_ID",
            help="Compute a report (JSON), or an issued one by its id, again, and compare.",
        ),
    ] = None,
    then: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Ask a report (JSON) again now; what differs, and why."),
    ] = None,
    because: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="With --then: record that an issued report is restated, and why."
        ),
    ] = None,
    issue: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Record that a report (JSON) is issued for others."),
    ] = None,
    organisation: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="For which organisation it is issued or restated."),
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Who issues or restates it; you, by default."),
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
    (indicator, by, key, agrees, reported, again; none for an id: the log has their digest),
    differences, notes, report (its id), issued (on, recorded_at, person, organisation, restated:
    how often; null where it was not). With --then: then, now, changed (figure, causes: stream,
    version, position, event, occurred_on, recorded_at, how, of), recorded. With --issue, and as
    recorded: report (its id), version, recorded (how many entries), position (null without any).
    With --open: journeys (journey, client, counts, has, entries: version, position, event,
    occurred_on, recorded_at, person, organisation). With --check: file, faults.
    """
    if check is not None:
        _check(check, as_json)
        return
    given = [one for one in (verify, then, issue, programme) if one is not None]
    if len(given) != 1:
        raise BadInput(
            "give --programme, or a report with --verify, --then or --issue; never two of them"
        )
    if because is not None and then is None:
        raise BadInput("--because: say which report is restated with --then")
    if programme is None:
        _again(verify, then, issue, because, (person, organisation), as_json=as_json)
        return
    settings = _settings(setting or [])
    with open_desk(settings) as desk:
        question = _question(
            desk, programme, (indicator, indicators, by), (as_at, known_at), threshold
        )
        if opened is not None:
            _open(desk, question, opened, as_json)
            return
        made = _made(desk, question, settings)
    _write(made, Format.JSON if as_json else form, out, language)


def _again(
    verify: str | None,
    then: Path | None,
    issue: Path | None,
    because: str | None,
    who: tuple[str | None, str | None],
    *,
    as_json: bool,
) -> None:
    """Do what is asked of a report that was made before."""
    from interfaces.cli import report_again

    if verify is not None:
        file = Path(verify)
        if file.exists() or len(file.parts) > 1 or file.suffix:
            report_again.verify_file(file, as_json)
        else:
            report_again.verify_id(verify, as_json)
    elif issue is not None:
        report_again.issue_file(issue, report_again.asked_here(*who, "--issue"), as_json)
    elif then is not None:
        asked = None if because is None else report_again.asked_here(*who, "--because")
        report_again.restate_file(then, because, asked, as_json)


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


def _made(desk: "Desk", question: "Question", settings: dict[str, float]) -> "Report":
    from dataclasses import replace

    from application.evaluation.issuing import prepare
    from application.evaluation.issuing import report as computed

    return computed(desk, prepare(desk, replace(question, settings=settings)))


def _settings(given: Sequence[str]) -> dict[str, float]:
    found = {}
    for text in given:
        name, _, number = text.partition("=")
        try:
            found[name] = float(number)
        except ValueError:
            raise BadInput(f"--set: {text!r} is not NAME=NUMBER, as long_term_months=6") from None
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


def _open(desk: "Desk", question: "Question", text: str, as_json: bool) -> None:
    from application.evaluation.issuing import prepare
    from application.evaluation.opening import behind
    from interfaces.cli.report_screen import draw_opened
    from interfaces.reports_told import opened_told

    place = _place(text)
    found = behind(desk, prepare(desk, question), place, lambda _journey: True)
    answer(as_json, opened_told(found), lambda to: draw_opened(to, found))


def _place(text: str) -> "Place":
    from application.evaluation.opening import Place

    id_, _, group = text.partition(":")
    pairs = [one.partition("=") for one in group.split(",") if one]
    if any(not middle for _, middle, _ in pairs):
        raise BadInput(f"--open: {text!r} is not ID or ID:COLUMN=VALUE, as young:gender=female")
    return Place(id_, tuple(one[0] for one in pairs), tuple(one[2] or None for one in pairs))
