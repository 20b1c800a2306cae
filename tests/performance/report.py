"""What a person wants to see of the figures: side by side, as ratios, beside their targets."""

from collections.abc import Iterable, Iterator
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.performance.contenders import (
    ARCHIVE,
    BARE,
    DATABASES,
    OURS,
    PLAYED,
    PROJECTED,
    PROVEN,
    READERS,
    REPORT,
    REPORTERS,
    WRITERS,
    Contender,
)
from tests.performance.measuring import Figure, Figures, Ratio, found, ratio
from tests.performance.outcome import REPORTING, Outcome
from tests.performance.served import CLIENTS, Plain, Polku
from tests.performance.verdicts import READING, VIEWS, verdicts


def show(console: Console, outcome: Outcome, conditions: str) -> None:
    """Print all figures."""
    console.print(conditions, soft_wrap=True)
    figures = outcome.figures
    for kind in DATABASES:
        _show_settings(console, kind, outcome.settings)
    _show_tables(console, *(_writing(kind, figures) for kind in DATABASES))
    _show_tables(console, _latency(figures), _reading(figures))
    _show_played(console, outcome)
    _show_long(console, outcome)
    _show_proven(console, figures)
    _show_beside(console, figures)
    _show_tables(console, *(_reporting(kind, outcome) for kind in DATABASES))
    _show_views(console, outcome)
    _show_fields(console, figures)
    _show_tables(console, *(_serving(kind, figures) for kind in DATABASES))
    _show_import(console, figures)
    for line in outcome.missing:
        console.print(f"MISSING  {line}", soft_wrap=True)
    console.print(_targets(outcome))


def _show_tables(console: Console, *tables: Table) -> None:
    for table in tables:
        if table.row_count:
            console.print(table)


def _show_settings(console: Console, kind: str, settings: dict[str, dict[str, str]]) -> None:
    said: dict[str, list[str]] = {}
    for key, values in settings.items():
        if key.startswith(kind):
            shown = ", ".join(f"{name}={value}" for name, value in values.items())
            said.setdefault(shown, []).append(key.removeprefix(kind).strip())
    console.print()
    for shown, codes in said.items():
        console.print(f"{kind}: {shown} ({', '.join(codes)})", soft_wrap=True)


def _writing(kind: str, figures: Figures) -> Table:
    mine = [f for f in figures if f.task == "append" and f.database == kind]
    each = sorted({f.threads for f in mine})
    table = Table(title=f"Load, decide, append one event: acts per second on {kind}")
    table.add_column("who")
    for threads in each:
        table.add_column(f"{threads} thread{'s' * (threads > 1)}", justify="right")
        table.add_column("Polku is", justify="right")
    for contender in WRITERS:
        cells = [*_cells(mine, "append", kind, each, contender)]
        if cells:
            table.add_row(contender.title, *cells)
    return table


def _cells(
    figures: Figures, task: str, kind: str, each: Iterable[int], contender: Contender
) -> Iterator[str]:
    for threads in each:
        theirs = found(figures, task, kind, threads, contender.code)
        ours = found(figures, task, kind, threads, OURS.code)
        if theirs is None or ours is None:
            continue
        yield f"{theirs.rate:,.0f}" + (f" ({theirs.failed} failed)" if theirs.failed else "")
        yield "" if contender is OURS else _times(ratio(ours, theirs))


def _times(times: Ratio) -> str:
    return f"{times.middle:.2f}x ({times.least:.2f} to {times.most:.2f})"


def _latency(figures: Figures) -> Table:
    table = Table(title="How long one act takes, in milliseconds: half of them / 99 of 100")
    table.add_column("who")
    mine = [f for f in figures if f.task == "append"]
    each = [(kind, n) for kind in DATABASES for n in sorted({f.threads for f in mine})]
    for kind, threads in each:
        table.add_column(f"{kind}, {threads}", justify="right")
    for contender in WRITERS:
        row = [_span(found(mine, "append", *place, contender.code)) for place in each]
        if any(row):
            table.add_row(contender.title, *row)
    return table


def _span(figure: Figure | None) -> str:
    if figure is None or not figure.p50_ms:
        return ""
    return f"{median(figure.p50_ms):.2f} / {median(figure.p99_ms):.1f}"


def _reading(figures: Figures) -> Table:
    table = Table(title="Reading: events per second")
    table.add_column("what")
    table.add_column("who")
    for kind in DATABASES:
        table.add_column(kind, justify="right")
        table.add_column("Polku is", justify="right")
    for task, title in READING.items():
        for contender in READERS:
            cells = [c for kind in DATABASES for c in _cells(figures, task, kind, (1,), contender)]
            if cells:
                table.add_row(title, contender.title, *cells)
    return table


def _show_played(console: Console, outcome: Outcome) -> None:
    for kind in DATABASES:
        said = [
            f"{outcome.bytes_an_event[f'{kind} {contender.code}']:,.0f} ({contender.title})"
            for contender in PLAYED
            if f"{kind} {contender.code}" in outcome.bytes_an_event
        ]
        if said:
            line = f"The real log's {outcome.played:,} events take on {kind}, in bytes each: "
            console.print(line + ", ".join(said), soft_wrap=True)


def _show_long(console: Console, outcome: Outcome) -> None:
    for figure in outcome.figures:
        if figure.task == "fold":
            console.print(
                f"One stream of {outcome.long:,} entries, from {figure.database} to its state: "
                f"{1000 * outcome.long / figure.rate:,.0f} ms",
                soft_wrap=True,
            )
        if figure.task == "subject_copy":
            console.print(
                f"A client's own copy of {outcome.copied:,} entries, from {figure.database} to its "
                f"page: {1000 * outcome.copied / figure.rate:,.0f} ms",
                soft_wrap=True,
            )


def _show_proven(console: Console, figures: Figures) -> None:
    for kind in DATABASES:
        for threads in sorted({f.threads for f in figures if f.task == "proven"}):
            pair = [found(figures, "proven", kind, threads, who.code) for who in PROVEN]
            if pair[0] is not None and pair[1] is not None:
                console.print(
                    f"Load, decide, append by {threads} threads on {kind}, with the ledger: "
                    f"{pair[0].rate:,.0f}/s; without: {pair[1].rate:,.0f}; "
                    f"{_times(ratio(pair[0], pair[1]))} that",
                    soft_wrap=True,
                )


_BESIDE = (
    ("real-replay", "bodies_alone", OURS, "A real log, from {} and in memory, to journeys",
     "its bodies to events by msgspec, nothing else"),
    ("real-replay", "fold_alone", OURS, "A real log, from {} and in memory, to journeys",
     "its events to journeys by Polku's fold, nothing else"),
    ("verify", "hash_alone", OURS, "Verified on {}, by all cores",
     "sha256 of the same bytes in memory, by one"),
    ("archive", "rows_alone", ARCHIVE, "Archive of a log on {} written, by all cores",
     "its rows as they are, by pyarrow in one"),
)  # fmt: skip


def _show_beside(console: Console, figures: Figures) -> None:
    for task, other, who, title, what in _BESIDE:
        for kind in DATABASES:
            ours, alone = (found(figures, name, kind, 1, who.code) for name in (task, other))
            if ours is not None and alone is not None:
                console.print(
                    f"{title.format(kind)}: {ours.rate:,.0f} events/s "
                    f"({min(ours.rates):,.0f} to {max(ours.rates):,.0f}); {what}: "
                    f"{alone.rate:,.0f}, {_times(ratio(ours, alone))} that",
                    soft_wrap=True,
                )


def _reporting(kind: str, outcome: Outcome) -> Table:
    table = Table(title=f"A programme of {outcome.reported:,} clients reported from {kind}")
    for name in ("who", "from start to end, ms", "processors, ms", "Polku takes"):
        table.add_column(name, justify="left" if name == "who" else "right")
    ours = found(outcome.figures, "report", kind, 1, REPORT.code)
    for who in REPORTERS:
        clock, cpu = (found(outcome.figures, task, kind, 1, who.code) for task in REPORTING)
        if ours is not None and clock is not None and cpu is not None:
            times = "" if who is REPORT else _times(ratio(clock, ours))
            table.add_row(who.title, *(f"{1000 / f.rate:,.0f}" for f in (clock, cpu)), times)
    return table


def _show_views(console: Console, outcome: Outcome) -> None:
    titles = {contender.code: contender.title for contender in PROJECTED}
    long = {"large": outcome.multiplied, "small": 0}
    for figure in outcome.figures:
        name = figure.task.removeprefix("views-")
        if name != figure.task:
            what = VIEWS.get(name, "views of a small log, from nothing")
            many = long.get(name, outcome.played)
            entries = f", {many:,} entries" if many else ""
            console.print(
                f"{titles[figure.contender]}: {what}{entries}, {figure.database}: "
                f"{figure.rate:,.0f} events/s "
                f"({min(figure.rates):,.0f} to {max(figure.rates):,.0f})",
                soft_wrap=True,
            )


def _show_fields(console: Console, figures: Figures) -> None:
    for task in ("seal", "open"):
        ours, bare = (
            found(figures, f"fields-{task}", "memory", 1, code) for code in (OURS.code, BARE.code)
        )
        if ours is not None and bare is not None:
            console.print(
                f"Personal texts, {task}: {ours.rate:,.0f} fields/s; "
                f"the bare cipher over the same bytes: {bare.rate:,.0f}",
                soft_wrap=True,
            )


def _serving(kind: str, figures: Figures) -> Table:
    table = Table(title=f"A write act over HTTP, {CLIENTS} clients, {kind}")
    for name in ("who", "acts per second", "p50, ms", "p99, ms"):
        table.add_column(name, justify="left" if name == "who" else "right")
    for server in (Polku, Plain):
        figure = found(figures, "http", kind, CLIENTS, server.code)
        if figure is not None:
            spans = (median(figure.p50_ms), median(figure.p99_ms))
            table.add_row(server.title, f"{figure.rate:,.0f}", *(f"{span:.1f}" for span in spans))
    return table


def _show_import(console: Console, figures: Figures) -> None:
    for figure in figures:
        if figure.task == "import":
            console.print(
                f"Import of the HMIS sample into {figure.database}: {figure.rate:,.0f} rows/s "
                f"({min(figure.rates):,.0f} to {max(figure.rates):,.0f})",
                soft_wrap=True,
            )


def _targets(outcome: Outcome) -> Table:
    table = Table(title="Targets")
    for name in ("what", "target", "measured", "least to most", ""):
        table.add_column(name, justify="left" if name == "what" else "right")
    for v in verdicts(outcome.figures):
        if v.reached is None and not outcome.whole:
            continue
        number = f"{v.figure:,.0f}" if v.bound > 100 else f"{v.figure:.2f}"
        bound = f"{'at most' if v.at_most else 'at least'} {v.bound:,g}"
        word = "not measured" if v.reached is None else "reached" if v.reached else "NOT REACHED"
        table.add_row(v.what, bound, number, v.spread, word)
    return table


def as_plain(outcome: Outcome, conditions: dict[str, Any]) -> dict[str, Any]:
    """Return all figures as JSON has them."""
    figures = [
        {
            "task": f.task,
            "database": f.database,
            "threads": f.threads,
            "contender": f.contender,
            "per_second": f.rate,
            "rounds": f.rates,
            "p50_ms": f.p50_ms,
            "p99_ms": f.p99_ms,
            "failed": f.failed,
            "failure": f.failure,
        }
        for f in outcome.figures
    ]
    return {
        "conditions": conditions,
        "settings": outcome.settings,
        "bytes_an_event": outcome.bytes_an_event,
        "missing": outcome.missing,
        "figures": figures,
        "targets": [v._asdict() for v in verdicts(outcome.figures)],
    }
