"""The report of an import as text, JSON and CSV."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from application.importing.report import Finding, Report
from interfaces.cli.terminal import BadInput, so_many
from interfaces.exports.cells import unix_line

EXAMPLES = 3
"""How many findings of a kind the text shows."""


def as_json(report: Report) -> str:
    """Return the whole report as JSON."""
    codes = [{"severity": s, "code": c, "count": n} for (s, c), n in report.codes().items()]
    said: dict[str, Any] = {
        "mapping": report.mapping,
        "source": report.source,
        "dry_run": report.dry_run,
        "atomic": report.atomic,
        "stored": report.stored,
        "complete": report.complete,
        "clients": report.clients,
        "journeys": report.journeys,
        "closed": report.closed,
        "rows": report.rows,
        "entries": report.entries,
        "refused": report.refused,
        "differing": report.differing,
        "tables": [asdict(count) for count in report.tables],
        "unmapped": [one._asdict() for one in report.unmapped],
        "codes": codes,
        "findings": [finding._asdict() for finding in report.findings],
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def as_csv(report: Report) -> str:
    """Return the findings as CSV, one a line."""
    return "".join(map(unix_line, (Finding._fields, *report.findings)))


def as_text(report: Report) -> str:
    """Return the report as a person reads it: counts, and the first findings of each kind."""
    closed = f"{report.journeys:,} journeys ({report.closed:,} of them closed)"
    lines = [f"{report.clients:,} clients, {closed}", "", *_table_lines(report)]
    for severity, title in (("refused", "Refused"), ("doubtful", "Doubtful")):
        lines += _finding_lines(report, severity, title)
    if report.unmapped:
        files = ", ".join(f"{one.file} ({one.rows:,})" for one in report.unmapped)
        lines += ["", f"Not mapped, with their rows: {files}"]
    return "\n".join([*lines, "", _outcome(report)])


_COLUMNS = ("written", "already", "changed", "refused", "looked_up", "entries", "doubtful")


def _table_lines(report: Report) -> list[str]:
    width = max((len(count.file) for count in report.tables), default=0)
    titles = [name.replace("_", " ") for name in ("rows", *_COLUMNS)]
    lines = ["  ".join([" " * width, *(f"{title:>9}" for title in titles)]).rstrip()]
    for count in report.tables:
        numbers = (getattr(count, name) for name in ("rows", *_COLUMNS))
        lines.append("  ".join([f"{count.file:<{width}}", *(f"{n:>9,}" for n in numbers)]))
    return lines


def _finding_lines(report: Report, severity: str, title: str) -> list[str]:
    lines = []
    for (of, code), count in sorted(report.codes().items()):
        if of != severity:
            continue
        lines.append(f"  {code}: {count:,}")
        lines += [
            f"    {_where(one)}: {one.message}" for one in report.examples(of, code, EXAMPLES)
        ]
        if count > EXAMPLES:
            lines.append(f"    ... and {count - EXAMPLES:,} more; --report FILE has them all")
    return ["", f"{title}:", *lines] if lines else []


def _where(finding: Finding) -> str:
    value = f" {finding.value!r}" if finding.value else ""
    column = f", {finding.column}{value}" if finding.column else ""
    return f"{finding.file} row {finding.row}{column}"


def _outcome(report: Report) -> str:
    if report.dry_run and (not report.refused or report.atomic == "journey"):
        stored = f"{so_many(report.entries, 'entry', 'entries')} would be stored; nothing was."
        return f"Dry run: {stored}" + (f" {_left(report, 'would be')}" if report.differing else "")
    if not report.stored:
        refused = so_many(report.refused, "row is", "rows are")
        mend = "Mend them, or bring in the others with --atomic journey."
        return f"Nothing was stored: {refused} refused. {mend}"
    stored = f"{so_many(report.entries, 'entry was', 'entries were')} stored"
    if report.refused:
        refused = so_many(report.refused, "row was", "rows were")
        stored += f"; {refused} refused. Mend them and import again"
    if report.differing:
        return f"{stored}. {_left(report, 'was' if report.differing == 1 else 'were')}"
    if report.refused:
        return f"{stored}."
    return f"{stored}; the rest was there already." if _any_already(report) else f"{stored}."


def _left(report: Report, how: str) -> str:
    differ = so_many(report.differing, "row differs", "rows differ")
    return f"{differ} from what the log holds and {how} left."


def _any_already(report: Report) -> bool:
    return any(count.already for count in report.tables)


FORMS: dict[str, Callable[[Report], str]] = {
    ".txt": as_text,
    ".json": as_json,
    ".csv": as_csv,
}
"""What writes a report, by the ending of its file."""


@contextmanager
def report_file(file: Path | None, read: tuple[Path, ...]) -> Iterator[Callable[[Report], None]]:
    """Give what writes the report to a file, if any; a report of before stays until there is one.

    `read` are the files and folders that the import reads. Raises BadInput, before anything is
    done, where the report would fall upon one of them or cannot be written.
    """
    if file is None:
        yield lambda _report: None
        return
    form = _form(file, read)
    target = file.resolve()
    beside = _beside(file, target)
    try:
        yield lambda report: _put(beside, target, form(report))
    finally:
        beside.unlink(missing_ok=True)


def _form(file: Path, read: tuple[Path, ...]) -> Callable[[Report], str]:
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise BadInput(f"{file}: a report ends in one of {', '.join(FORMS)}; choose one")
    if any(_is_or_holds(one, file) for one in read):
        message = "the report would be written over what is read here; choose another place"
        raise BadInput(f"{file}: {message}")
    return form


def _is_or_holds(read: Path, file: Path) -> bool:
    if read.is_dir():
        return file.resolve().parent == read.resolve()
    return read.exists() and (
        file.resolve() == read.resolve() or (file.exists() and file.samefile(read))
    )


def _beside(file: Path, target: Path) -> Path:
    try:
        if target.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        handle, name = tempfile.mkstemp(prefix=".report-", dir=target.parent)
    except OSError as error:
        message = f"{file}: the report cannot be written there ({error.strerror}); nothing was done"
        raise BadInput(message) from error
    os.close(handle)
    return Path(name)


def _put(beside: Path, target: Path, text: str) -> None:
    try:
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(target)
    except OSError as error:
        message = f"{target}: the import ended, but its report cannot be written: {error.strerror}"
        raise BadInput(message) from error
