"""What the issues promise, beside what was measured."""

from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from tests.performance.contenders import (
    ARCHIVE,
    ARCHIVED_PER_SECOND,
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
    PROJECTION_EVENTS_PER_SECOND,
    PROJECTION_TIMES,
    REPLAYED_PER_SECOND,
    REPORT,
    REPORT_MS,
    TARGETS,
    UNPROVEN,
    VERIFIED_PER_SECOND,
    Target,
)
from tests.performance.measuring import Figure, Figures, found, ratio
from tests.performance.served import CLIENTS, Plain, Polku

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

_BUNDLING = {
    "bundle": "a bundle of a journey made out of a large log",
    "verify_bundle": "the bundle verified",
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
        *(one for kind in DATABASES for one in _of_database(figures, kind)),
        *_judge_views(figures),
        *(_judge_fields(figures, task) for task in ("seal", "open")),
        _at_least(
            "import of the HMIS sample into sqlite, rows/s",
            found(figures, "import", "sqlite", 1, IMPORT.code),
            IMPORT_ROWS_PER_SECOND,
        ),
    ]


def _of_database(figures: Figures, kind: str) -> Iterator[Verdict]:
    yield from _judge_ledger(figures, kind)
    yield from _judge_http(figures, kind)
    yield from _judge_bundle(figures, kind)
    for what, task, contender, least in (
        ("a real log on {}, in memory, to journeys, events/s", "real-replay", OURS,
         REPLAYED_PER_SECOND),
        ("a client's own copy from {}, as a page, entries/s", "subject_copy", LONG,
         COPIED_PER_SECOND),
        ("the archive of a log on {} written, events/s", "archive", ARCHIVE, ARCHIVED_PER_SECOND),
    ):  # fmt: skip
        yield _at_least(what.format(kind), found(figures, task, kind, 1, contender.code), least)
    what = f"the full report of a programme on {kind}, from the command line, ms"
    yield _within(what, found(figures, "report", kind, 1, REPORT.code), REPORT_MS)


def _judge_bundle(figures: Figures, kind: str) -> Iterator[Verdict]:
    for task, most in BUNDLE_MS.items():
        what = f"{_BUNDLING[task]} on {kind}, ms"
        yield _within(what, found(figures, task, kind, 1, BUNDLE.code), most)


def _judge_ledger(figures: Figures, kind: str) -> Iterator[Verdict]:
    with_it, without = (
        found(figures, "proven", kind, MOST_THREADS, code) for code in (OURS.code, UNPROVEN.code)
    )
    what = f"load, decide, append by {MOST_THREADS} threads on {kind}: times it without the ledger"
    yield _compared(what, LEDGER_TIMES, with_it, without)
    verified = found(figures, "verify", kind, 1, OURS.code)
    yield _at_least(f"a log on {kind} verified, events/s", verified, VERIFIED_PER_SECOND)


def _judge_views(figures: Figures) -> Iterator[Verdict]:
    what = "all views caught up: times eventsourcing's ProjectionRunner with one"
    yield _compared(
        what, PROJECTION_TIMES, *(_views(figures, "small", c) for c in (OURS.code, LIBRARY.code))
    )
    for task, title in VIEWS.items():
        what = f"{title} on postgresql, events/s"
        yield _at_least(what, _views(figures, task, OURS.code), PROJECTION_EVENTS_PER_SECOND)


def _views(figures: Figures, task: str, contender: str) -> Figure | None:
    return found(figures, f"views-{task}", "postgresql", 1, contender)


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
    figure = found(figures, f"fields-{task}", "memory", 1, OURS.code)
    return _at_least(f"personal texts, {task} in memory, fields/s", figure, FIELDS_PER_SECOND)


def _at_least(what: str, figure: Figure | None, least: float) -> Verdict:
    if figure is None:
        return Verdict(what, least, 0.0, "", None)
    spread = f"{min(figure.rates):,.0f} to {max(figure.rates):,.0f}"
    return Verdict(what, least, figure.rate, spread, figure.rate >= least)


def _within(what: str, figure: Figure | None, most: float) -> Verdict:
    """Judge how long something takes, in milliseconds."""
    if figure is None:
        return Verdict(what, most, 0.0, "", None, at_most=True)
    each = sorted(1000 / rate for rate in figure.rates)
    middle, spread = median(each), f"{each[0]:.0f} to {each[-1]:.0f}"
    return Verdict(what, most, middle, spread, middle <= most, at_most=True)


def _compared(what: str, least: float, ours: Figure | None, theirs: Figure | None) -> Verdict:
    if ours is None or theirs is None:
        return Verdict(what, least, 0.0, "", None)
    times = ratio(ours, theirs)
    spread = f"{times.least:.2f} to {times.most:.2f}"
    return Verdict(what, least, times.middle, spread, times.middle >= least)
