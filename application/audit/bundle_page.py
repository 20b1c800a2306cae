"""The page of a bundle: what happened, by both clocks, and in words what the proof is worth."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Final

from application.case_file import Line
from domain.entry import event_name

_STYLE: Final = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { border-bottom: 1px solid #767676; padding: .4rem .6rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
code { overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #1a1a1a; } }
"""

_HEADINGS: Final = (
    "Version",
    "Happened on",
    "Recorded at (UTC)",
    "What happened",
    "By whom, for whom",
    "From where",
    "Position in the log",
)


def page(
    journey: str, lines: Sequence[tuple[Line, int]], origin: str, size: int, keys: Iterable[str]
) -> str:
    """Return the page (HTML) of a journey: its lines, each with its position in the log.

    It needs no other file and no network, and whatever a text holds is shown as text.
    """
    title = f"Journey {escape(journey)}, with its proof"
    headings = "".join(f'<th scope="col">{heading}</th>' for heading in _HEADINGS)
    rows = "\n".join(_row(line, position) for line, position in lines)
    named = "".join(f"<li><code>{escape(key)}</code></li>" for key in keys)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<h2>What the proof is worth</h2>
<p>This page cannot prove itself. Run <code>verify_bundle.py</code> on the bundle that it came in,
with the key of the log as you had it from whoever keeps it. Where that says PROVEN:</p>
<ul>
<li>each of the {len(lines)} entries below stands in the log <code>{escape(origin)}</code> of {size}
entries exactly as <code>entries.json</code> has it: nobody has altered one since;</li>
<li>no version is left out between the first and the last, and whoever keeps the key has signed that
there were no others at that moment;</li>
<li>this page is the one that was made with them. Its sentences are a reading of the entries, for
people; <code>verify_bundle.py --show</code> prints the entries themselves.</li>
</ul>
<p>It does not prove that what was recorded is true, nor that the log's clock was right: it proves
that it was recorded so, in this order.</p>
<p>The keys that signed, to be compared with the ones that you know:</p>
<ul>{named}</ul>
<h2>What happened</h2>
<div class="wide" tabindex="0" role="region" aria-label="The entries">
<table>
<caption>All entries in the order in which they were recorded</caption>
<thead><tr>{headings}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
</main>
</body>
</html>
"""


def _row(line: Line, position: int) -> str:
    entry = line.entry
    source = entry.source
    came = "entered here"
    if source is not None:
        claimed = (
            f", which has it since {_instant(source.recorded_at)}" if source.recorded_at else ""
        )
        came = f"{source.name}, row {source.row} of {source.table}{claimed}"
    cells = (
        str(entry.occurred_on),
        _instant(entry.recorded_at),
        f"{line.sentence} ({event_name(type(entry.event))}){_became(line)}",
        f"{entry.by.person}, {entry.by.organisation}",
        came,
        str(position),
    )
    told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{entry.version}</th>{told}</tr>'


def _became(line: Line) -> str:
    corrected = f"; corrected by entry {line.corrected_by}" if line.corrected_by else ""
    return corrected + (f"; retracted by entry {line.retracted_by}" if line.retracted_by else "")


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
