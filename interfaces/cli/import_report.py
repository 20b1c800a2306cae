"""The report of an import as text, JSON and CSV."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from application.importing.report import Finding, Report

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
        "tables": [asdict(count) for count in report.tables],
        "unmapped": [one._asdict() for one in report.unmapped],
        "codes": codes,
        "findings": [finding._asdict() for finding in report.findings],
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def as_csv(report: Report) -> str:
    """Return the findings as CSV, one a line."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(Finding._fields)
    lines.writerows([_harmless(cell) for cell in finding] for finding in report.findings)
    return text.getvalue()


def _harmless(cell: object) -> object:
    # A spreadsheet would run a foreign cell that begins like a formula.
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell


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
    if report.dry_run and (report.complete or report.atomic == "journey"):
        return f"Dry run: {report.entries:,} entries would be stored; nothing was."
    if not report.stored:
        return (
            f"Nothing was stored: {report.refused:,} rows are refused. Mend them, or bring in the "
            "others with --atomic journey."
        )
    stored = f"{report.entries:,} entries were stored"
    if report.refused:
        return f"{stored}; {report.refused:,} rows were refused. Mend them and import again."
    return f"{stored}; the rest was there already." if _any_already(report) else f"{stored}."


def _any_already(report: Report) -> bool:
    return any(count.already for count in report.tables)


FORMS: dict[str, Callable[[Report], str]] = {
    ".txt": as_text,
    ".json": as_json,
    ".csv": as_csv,
}
"""What writes a report, by the ending of its file."""
