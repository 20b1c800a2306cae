"""The page of a bundle: what happened, by both clocks, and in words what the proof is worth."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from html import escape
from typing import Final

from application.case_file import Line
from domain.entry import Source, event_name
from domain.wording import ENGLISH, Tongue, in_language, said

_STYLE: Final = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { border-bottom: 1px solid #767676; padding: .4rem .6rem; text-align: left;
  vertical-align: top; }
td:nth-child(2), td:nth-child(3), td:nth-child(7) { white-space: nowrap; }
td:nth-child(4) { min-width: 18rem; overflow-wrap: anywhere; }
h1, li, code { overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
@media print {
  body { margin: 0; max-width: none; font-size: 9pt; }
  .wide { overflow: visible; }
  th, td { padding: .3rem; }
  td:nth-child(2), td:nth-child(3) { white-space: normal; }
  td:nth-child(4) { min-width: 0; }
}
@media screen and (prefers-color-scheme: dark) { body { color: #eee; background: #1a1a1a; } }
"""

_HEADINGS: Final = (
    said("Version"),
    said("Happened on"),
    said("Recorded at (UTC)"),
    said("What happened"),
    said("By whom, for whom"),
    said("From where"),
    said("Position in the log"),
)


_WORTH: Final = said("What the proof is worth")
_SIGNED: Final = said("The keys that signed, to be compared with the ones that you know:")
_HAPPENED: Final = said("What happened")
_ENTRIES: Final = said("The entries")
_IN_ORDER: Final = said("All entries in the order in which they were recorded")


def page(
    journey: str,
    lines: Sequence[tuple[Line, int]],
    origin: str,
    size: int,
    keys: Iterable[str],
    tongue: Tongue = ENGLISH,
) -> str:
    """Return the page (HTML) of a journey in a language: its lines, each with its position.

    It needs no other file and no network, and whatever a text holds is shown as text.
    """
    say = partial(_say, tongue)
    title = say(said("Journey {journey}, with its proof", journey=journey))
    return f"""<!DOCTYPE html>
<html lang="{escape(tongue.language)}">
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
{_worth(_proven(len(lines), origin, size), keys, say)}
{_happened(lines, tongue, say)}
</main>
</body>
</html>
"""


def _say(tongue: Tongue, text: str) -> str:
    return escape(in_language(text, tongue))


def _worth(proven: Iterable[str], keys: Iterable[str], say: Callable[[str], str]) -> str:
    told = "".join(f"<li>{say(one)}</li>\n" for one in proven)
    named = "".join(f"<li><code>{escape(key)}</code></li>" for key in keys)
    return f"""<h2>{say(_WORTH)}</h2>
<p>{say(_RUN)}</p>
<ul>
{told}</ul>
<p>{say(_NOT_PROVEN)}</p>
<p>{say(_SIGNED)}</p>
<ul>{named}</ul>"""


def _happened(lines: Iterable[tuple[Line, int]], tongue: Tongue, say: Callable[[str], str]) -> str:
    headings = "".join(f'<th scope="col">{say(heading)}</th>' for heading in _HEADINGS)
    rows = "\n".join(_row(line, position, tongue) for line, position in lines)
    return f"""<h2>{say(_HAPPENED)}</h2>
<div class="wide" tabindex="0" role="region" aria-label="{say(_ENTRIES)}">
<table>
<caption>{say(_IN_ORDER)}</caption>
<thead><tr>{headings}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>"""


_RUN: Final = said(
    "This page cannot prove itself. Run verify_bundle.py on the bundle that it came in, with the "
    "key of the log as you had it from whoever keeps it. Where that says PROVEN:"
)
_NOT_PROVEN: Final = said(
    "It does not prove that what was recorded is true, nor that the log's clock was right: it "
    "proves that it was recorded so, in this order."
)


def _proven(entries: int, origin: str, size: int) -> Iterable[str]:
    """Return in sentences what is proven."""
    return (
        said(
            "each of the {entries} entries below stands in the log {origin} of {size} entries "
            "exactly as entries.json has it: nobody has altered one since;",
            entries=entries,
            origin=origin,
            size=size,
        ),
        said(
            "no version is left out between the first and the last, and whoever keeps the key has "
            "signed that there were no others at that moment;"
        ),
        said(
            "this page is the one that was made with them. Its sentences are a reading of the "
            "entries, for people; verify_bundle.py --show prints the entries themselves."
        ),
    )


def _row(line: Line, position: int, tongue: Tongue) -> str:
    entry = line.entry
    became = "; ".join(in_language(one, tongue) for one in _became(line))
    cells = (
        tongue.day(entry.occurred_on),
        _instant(entry.recorded_at),
        f"{line.sentence} ({event_name(type(entry.event))}){became and f'; {became}'}",
        f"{entry.by.person}, {entry.by.organisation}",
        in_language(_came(entry.source), tongue),
        str(position),
    )
    told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{entry.version}</th>{told}</tr>'


def _came(source: Source | None) -> str:
    if source is None:
        return said("entered here")
    known = {"name": source.name, "row": source.row, "table": source.table}
    if source.recorded_at is None:
        return said("{name}, row {row} of {table}", **known)
    return said(
        "{name}, row {row} of {table}, which has it since {instant}",
        **known,
        instant=_instant(source.recorded_at),
    )


def _became(line: Line) -> Iterable[str]:
    if line.corrected_by:
        yield said("corrected by entry {entry}", entry=line.corrected_by)
    if line.retracted_by:
        yield said("retracted by entry {entry}", entry=line.retracted_by)


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
