"""`polku report`: indicators of a programme at a moment, and the same figures again."""

from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli.language import Language
from interfaces.cli.report_again import Before, check_indicators, told_again
from interfaces.cli.report_asked import Wanted, made, settings_of, told_behind
from interfaces.cli.report_written import Format, write
from interfaces.cli.terminal import AsJson, BadInput


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
    suppressed, target, having), series, claimed, notes, asked, settings (of the files). With
    --verify: stands, figures (indicator, by, key, agrees, reported, again; none for an id: the log
    has their digest), differences, notes, report (its id), issued (on, recorded_at, person,
    organisation, restated: how often; null where it was not). With --then: report, then, now,
    changed (figure, causes: stream, version, position, event, occurred_on, recorded_at, how, of),
    recorded. With --issue, and as recorded: report (its id), version, recorded (how many entries),
    position (null without any). With --open: journeys (journey, client, counts, has, entries:
    version, position, event, occurred_on, recorded_at, person, organisation). With --check: file,
    faults.
    """
    if check is not None:
        check_indicators(check, as_json)
        return
    if sum(one is not None for one in (verify, then, issue, programme)) != 1:
        raise BadInput(
            "give --programme, or a report with --verify, --then or --issue; never two of them"
        )
    if because is not None and then is None:
        raise BadInput("--because: say which report is restated with --then")
    if programme is None:
        told_again(Before(verify, then, issue, because, organisation, person), as_json)
        return
    wanted = Wanted(
        programme,
        indicators=tuple(indicator or ()),
        sets=tuple(indicators or ()),
        settings=settings_of(setting or ()),
        by=tuple(by or ()),
        as_at=as_at,
        known_at=known_at,
        threshold=threshold,
    )
    if opened is not None:
        told_behind(wanted, opened, as_json)
    else:
        write(made(wanted), Format.JSON if as_json else form, out, language)
