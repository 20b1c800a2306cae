"""What a person wants to see of the figures: side by side, as ratios, beside their targets."""

from collections.abc import Iterable, Iterator
from statistics import median
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from tests.performance.contenders import (
    BARE,
    BUNDLE,
    BUNDLE_MS,
    COPIED_PER_SECOND,
    DATABASES,
    FIELDS_PER_SECOND,
    HTTP_P99_TIMES,
    HTTP_TIMES,
    IMPORT,
    IMPORT_ROWS_PER_SECOND,
    LEDGER_TIMES,
    LIBRARY,
    LONG,
    MOST_THREADS,
    OURS,
    PLAYED,
    PROJECTED,
    PROJECTION_EVENTS_PER_SECOND,
    PROJECTION_TIMES,
    READERS,
    REPLAYED_PER_SECOND,
    TARGETS,
    UNPROVEN,
    VERIFIED_PER_SECOND,
    WRITERS,
    Contender,
    Target,
)
from tests.performance.measuring import Figure, Figures, Ratio, found, ratio
from tests.performance.served import CLIENTS, Plain, Polku
from tests.performance.session import Outcome

READING = {
    "real-read": "a real log, from the database to events",
    "real-decode": "a real log, in memory, to events",
    "real-replay": "a real log, in memory, to journeys",
    "read": "tiny events, from the database to events",
    "decode": "tiny events, in memory, to events",
    "replay": "tiny events, in memory, to states",
    "load": "tiny events, each stream from the database to its state",
}


VIEWS = {
    "catch_up": "all views of a real log, filled from nothing",
    "follow": "all views of a real log, followed in batches",
    "large": "all views of a real log stored many times, filled from nothing",
}


class Verdict(NamedTuple):
    """A target beside its figure; `reached` is None where nothing was measured.

    `bound` is what the figure is to be at least or, where `at_most`, at most.
    """

    what: str
    bound: float
    figure: float
    spread: str
    reached: bool | None
    at_most: bool = False


def verdicts(figures: Figures) -> list[Verdict]:
    """Judge every target."""
    return [
        *(_judge(figures, target) for target in TARGETS),
        *(one for kind in DATABASES for one in _judge_ledger(figures, kind)),
        *(_judge_replay(figures, kind) for kind in DATABASES),
        *_judge_views(figures),
        *(one for kind in DATABASES for one in _judge_http(figures, kind)),
        *(one for kind in DATABASES for one in _judge_bundle(figures, kind)),
        *(_judge_copy(figures, kind) for kind in DATABASES),
        *(_judge_fields(figures, task) for task in ("seal", "open")),
        _judge_import(figures),
    ]


_BUNDLING = {
    "bundle": "a bundle of a journey made out of a large log",
    "verify_bundle": "the bundle verified",
}


def _judge_bundle(figures: Figures, kind: str) -> Iterator[Verdict]:
    for task, most in BUNDLE_MS.items():
        what = f"{_BUNDLING[task]} on {kind}, ms"
        figure = found(figures, task, kind, 1, BUNDLE.code)
        if figure is None:
            yield Verdict(what, most, 0.0, "", None, at_most=True)
            continue
        each = sorted(1000 / rate for rate in figure.rates)
        middle, spread = median(each), f"{each[0]:.0f} to {each[-1]:.0f}"
        yield Verdict(what, most, middle, spread, middle <= most, at_most=True)


def _judge_copy(figures: Figures, kind: str) -> Verdict:
    figure = found(figures, "subject_copy", kind, 1, LONG.code)
    what = f"a client's own copy from {kind}, as a page, entries/s"
    return _at_least(what, figure, COPIED_PER_SECOND)


def _judge_ledger(figures: Figures, kind: str) -> Iterator[Verdict]:
    with_it, without = (
        found(figures, "append", kind, MOST_THREADS, code) for code in (OURS.code, UNPROVEN.code)
    )
    what = f"load, decide, append by {MOST_THREADS} threads on {kind}: times it without the ledger"
    yield _compared(what, LEDGER_TIMES, with_it, without)
    verified = found(figures, "verify", kind, 1, OURS.code)
    yield _at_least(f"a log on {kind} verified, events/s", verified, VERIFIED_PER_SECOND)


def _judge_replay(figures: Figures, kind: str) -> Verdict:
    replayed = found(figures, "real-replay", kind, 1, OURS.code)
    what = f"a real log on {kind}, in memory, to journeys, events/s"
    return _at_least(what, replayed, REPLAYED_PER_SECOND)


def _judge_views(figures: Figures) -> Iterator[Verdict]:
    what = "all views caught up: times eventsourcing's ProjectionRunner with one"
    yield _compared(
        what, PROJECTION_TIMES, *(_views(figures, "small", c) for c in (OURS.code, LIBRARY.code))
    )
    for task, title in VIEWS.items():
        yield _at_least(f"{title} on postgresql, events/s", _views(figures, task, OURS.code))


def _views(figures: Figures, task: str, contender: str) -> Figure | None:
    return found(figures, f"views-{task}", "postgresql", 1, contender)


def _at_least(
    what: str, figure: Figure | None, least: float = PROJECTION_EVENTS_PER_SECOND
) -> Verdict:
    if figure is None:
        return Verdict(what, least, 0.0, "", None)
    spread = f"{min(figure.rates):,.0f} to {max(figure.rates):,.0f}"
    return Verdict(what, least, figure.rate, spread, figure.rate >= least)


def _compared(what: str, least: float, ours: Figure | None, theirs: Figure | None) -> Verdict:
    if ours is None or theirs is None:
        return Verdict(what, least, 0.0, "", None)
    times = ratio(ours, theirs)
    return Verdict(what, least, times.middle, _spread(times), times.middle >= least)


def _judge_http(figures: Figures, kind: str) -> Iterator[Verdict]:
    ours, theirs = (found(figures, "http", kind, CLIENTS, s.code) for s in (Polku, Plain))
    where = f"over HTTP on {kind}, {CLIENTS} clients"
    yield _compared(f"acts a second {where}: times the plain way", HTTP_TIMES, ours, theirs)
    what = f"p99 of an act {where}: times the plain way"
    if ours is None or theirs is None:
        yield Verdict(what, HTTP_P99_TIMES, 0.0, "", None, at_most=True)
        return
    each = sorted(a / b for a, b in zip(ours.p99_ms, theirs.p99_ms, strict=True))
    middle = median(each)
    spread = f"{each[0]:.2f} to {each[-1]:.2f}"
    yield Verdict(what, HTTP_P99_TIMES, middle, spread, middle <= HTTP_P99_TIMES, at_most=True)


def _judge(figures: Figures, target: Target) -> Verdict:
    ours = found(figures, target.task, target.database, target.threads, OURS.code)
    theirs = found(figures, target.task, target.database, target.threads, target.rival)
    threads = f"by {target.threads} threads" if target.threads > 1 else "one at a time"
    doing = READING.get(target.task, f"load, decide, append {threads}")
    what = f"{doing}: times eventsourcing's {target.database} module"
    return _compared(what, target.least, ours, theirs)


def _judge_fields(figures: Figures, task: str) -> Verdict:
    what = f"personal texts, {task} in memory, fields/s"
    figure = found(figures, f"fields-{task}", "memory", 1, OURS.code)
    if figure is None:
        return Verdict(what, FIELDS_PER_SECOND, 0.0, "", None)
    spread = f"{min(figure.rates):,.0f} to {max(figure.rates):,.0f}"
    reached = figure.rate >= FIELDS_PER_SECOND
    return Verdict(what, FIELDS_PER_SECOND, figure.rate, spread, reached)


def _judge_import(figures: Figures) -> Verdict:
    what = "import of the HMIS sample into sqlite, rows/s"
    figure = found(figures, "import", "sqlite", 1, IMPORT.code)
    if figure is None:
        return Verdict(what, IMPORT_ROWS_PER_SECOND, 0.0, "", None)
    spread = f"{min(figure.rates):,.0f} to {max(figure.rates):,.0f}"
    reached = figure.rate >= IMPORT_ROWS_PER_SECOND
    return Verdict(what, IMPORT_ROWS_PER_SECOND, figure.rate, spread, reached)


def _spread(times: Ratio) -> str:
    return f"{times.least:.2f} to {times.most:.2f}"


def show(console: Console, outcome: Outcome, conditions: str) -> None:
    """Print all figures."""
    console.print(conditions, soft_wrap=True)
    for kind in DATABASES:
        _show_settings(console, kind, outcome.settings)
        console.print(_writing(kind, outcome.figures))
    console.print(_latency(outcome.figures))
    console.print(_reading(outcome.figures))
    _show_played(console, outcome)
    _show_long(console, outcome)
    _show_verified(console, outcome.figures)
    _show_views(console, outcome)
    _show_fields(console, outcome.figures)
    for kind in DATABASES:
        console.print(_serving(kind, outcome.figures))
    _show_import(console, outcome.figures)
    for line in outcome.missing:
        console.print(f"MISSING  {line}", soft_wrap=True)
    console.print(_targets(outcome.figures))


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
    return f"{times.middle:.2f}x ({_spread(times)})"


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


def _show_verified(console: Console, figures: Figures) -> None:
    for kind in DATABASES:
        whole, alone = (
            found(figures, task, kind, 1, OURS.code) for task in ("verify", "hash_alone")
        )
        if whole is not None and alone is not None:
            console.print(
                f"Verified on {kind}, by all cores: {whole.rate:,.0f} events/s "
                f"({min(whole.rates):,.0f} to {max(whole.rates):,.0f}); sha256 of the same bytes "
                f"in memory, by one: {alone.rate:,.0f}, {_times(ratio(whole, alone))} that",
                soft_wrap=True,
            )


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


def _targets(figures: Figures) -> Table:
    table = Table(title="Targets")
    for name in ("what", "target", "measured", "least to most", ""):
        table.add_column(name, justify="left" if name == "what" else "right")
    for v in verdicts(figures):
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
