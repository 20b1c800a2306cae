"""`polku report`: indicators of a programme at a moment, and the same figures again."""

from pathlib import Path

import typer

from domain.wording import said
from interfaces.cli import report_options as options
from interfaces.cli.clocks import AsAtElseToday, KnownAt
from interfaces.cli.language import Language
from interfaces.cli.report_again import Before, Told, check_indicators, told_again
from interfaces.cli.report_asked import Wanted, made, settings_of, told_behind
from interfaces.cli.report_written import WITH_CHARTS, Format, check_where, write, write_charts
from interfaces.cli.speaking import refusing
from interfaces.cli.terminal import AsJson, BadInput

_OF_FIGURES = frozenset({"form", "out", "charts"})
"""Options that say how the figures of a new report are written."""
_OF_A_NEW_ONE = _OF_FIGURES | frozenset(
    {"indicator", "setting", "as_at", "known_at", "by", "threshold", "opened"}
)
"""Options that say which new report is meant."""
_OF_WHO_RECORDS = frozenset({"organisation", "person"})
"""Options that say for whom, and by whom, something is recorded of a report."""


@refusing
def report(  # noqa: PLR0913, PLR0917 - one option for each thing that can be asked
    context: typer.Context,
    programme: options.OfProgramme = None,
    indicator: options.OnlyThese = None,
    indicators: options.Sets = None,
    setting: options.Settings = None,
    as_at: AsAtElseToday = None,
    known_at: KnownAt = None,
    by: options.BrokenDownBy = None,
    threshold: options.Threshold = 5,
    form: options.Written = Format.TABLE,
    out: options.Out = None,
    charts: options.Charts = None,
    language: options.InLanguage = Language.ENGLISH,
    verify: options.Verify = None,
    then: options.Then = None,
    because: options.Because = None,
    issue: options.Issue = None,
    organisation: options.ForOrganisation = None,
    person: options.ByPerson = None,
    opened: options.Opened = None,
    check: options.Check = None,
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
    changed (figure, causes: stream, version, position, event, occurred_on, recorded_at, how, of;
    together: positions that differ only together; instead: any one of which would do; explained:
    without the causes it is as reported; broken_off: fewer may do), recorded.
    With --issue, and as recorded: report (its id), version, recorded (how many entries), position
    (null without any). With --open: journeys (journey, client, counts, has, each: what each of
    its units has, entries: version, position, event, occurred_on, recorded_at, person,
    organisation). With --check: file, faults.
    """
    before = Before(verify, then, issue, because, organisation, person, tuple(indicators or ()))
    if check is None:
        _check_one_is_asked(programme, before)
    _refuse_passed_over(context)
    if check is not None:
        check_indicators(check, as_json)
    elif programme is None:
        told_again(before, Told(as_json, language))
    else:
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
            told_behind(wanted, opened, Told(as_json, language))
        else:
            _write_new(wanted, Format.JSON if as_json else form, out, charts, language)


def _write_new(
    wanted: Wanted, form: Format, out: Path | None, charts: Path | None, language: Language
) -> None:
    """Make a report, and write its figures and its charts. Raises BadInput and Refused."""
    check_where(form, out)
    with_charts = form in WITH_CHARTS or charts is not None
    read = form is Format.TABLE and language is not Language.ENGLISH
    named = read or form is Format.HTML or charts is not None
    figures, names = made(wanted, charts=with_charts, named=named)
    if charts is not None:
        write_charts(figures, names, charts, language)
    write(figures, names, form, out, language)


def _refuse_passed_over(context: typer.Context) -> None:
    """Raise BadInput where an option is given that says nothing of what is asked for."""
    asked = context.params
    if asked["check"] is not None:
        others = frozenset(asked) - {"check", "as_json"}
        _refuse(context, others, said("--check tells of a file alone"))
    elif asked["issue"] is None and asked["because"] is None:
        _refuse(context, _OF_WHO_RECORDS, said("is of what is recorded, with --issue or --because"))
    if asked["programme"] is None:
        _refuse(context, _OF_A_NEW_ONE, said("is of a new report: give --programme"))
    elif asked["opened"] is not None:
        _refuse(context, _OF_FIGURES, said("is of a report's figures, and --open tells journeys"))
    elif asked["as_json"] and asked["form"] is not Format.JSON:
        _refuse(context, frozenset({"form"}), said("with --json it is JSON: give one of the two"))


def _refuse(context: typer.Context, names: frozenset[str], why: str) -> None:
    """Raise BadInput where an option is given that would be passed over."""
    for option in context.command.params:
        given = context.get_parameter_source(option.name or "")
        if option.name in names and given is not None and given.name == "COMMANDLINE":
            raise BadInput(said("{field}: {message}", field=option.opts[0], message=why))


def _check_one_is_asked(programme: str | None, before: Before) -> None:
    """Raise BadInput unless one thing is asked for, and all that is said belongs to it."""
    asked = (before.verify, before.then, before.issue, programme)
    if sum(one is not None for one in asked) != 1:
        raise BadInput(
            said(
                "give --programme, or a report with --verify, --then or --issue; never two of them"
            )
        )
    if before.because is not None and before.then is None:
        raise BadInput(said("--because: say which report is restated with --then"))
