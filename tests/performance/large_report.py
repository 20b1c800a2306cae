"""What came of the large log, beside what was promised."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.performance import archiving

P99_MS, MEMORY_MB, EVENTS_PER_SECOND = 50.0, 500.0, 50_000.0


def _verdicts(found: dict[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    for figure in found["questions"]:
        told = (
            f"p50 {figure['p50_ms']:.1f} ms, p99 {figure['p99_ms']:.1f} ms "
            f"(worst round {figure['p99_most_ms']:.1f}), {figure['per_second']:,.0f}/s"
        )
        yield figure["what"], f"p99 < {P99_MS:.0f} ms", told, figure["p99_ms"] < P99_MS
    memory, rate = found["memory_mb"], found["catch_up_events_per_second"]
    yield "memory of the server", f"< {MEMORY_MB:.0f} MB", f"{memory:,.0f} MB", memory < MEMORY_MB
    least = f"{EVENTS_PER_SECOND:,.0f} events/s"
    yield "catch-up of all views", least, f"{rate:,.0f} events/s", rate >= EVENTS_PER_SECOND
    yield from _of_archive(found["archive"])
    for one in found["bench"]:
        bound = f"{'<=' if one['at_most'] else '>='} {one['bound']:,g}"
        told = f"{one['figure']:,.1f} ({one['spread']})"
        yield one["what"], bound, told, one["reached"]


def _of_archive(found: dict[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    rate = found["write_events_per_second"]
    least = f"{archiving.EVENTS_PER_SECOND:,.0f} events/s"
    yield "archive written", least, f"{rate:,.0f} events/s", rate >= archiving.EVENTS_PER_SECOND
    for what, name, most, by_sql in (
        ("archive: stock per phase on 365 days", "stock", archiving.STOCK_SECONDS, "the same"),
        ("archive: all ESF+ indicators", "esf", archiving.ESF_SECONDS, "the first of them"),
    ):
        seconds, sql = found[f"{name}_seconds"], found[f"{name}_sql_seconds"]
        told = f"{seconds:.1f} s; {by_sql} by SQL over the events {sql:.1f} s, {sql / seconds:.1f}x"
        yield what, f"< {most:.0f} s", told, seconds < most
    seconds, most = found["what_if_seconds"], archiving.WHAT_IF_SECONDS
    each = ", ".join(f"{name} {took:.1f}" for name, took in found["what_if_seconds_each"].items())
    what = f"what-if of eligibility for all {found['what_if_journeys']:,}, programme by programme"
    yield what, f"< {most:.0f} s", f"{seconds:.1f} s ({each})", seconds < most
    memory, most = found["memory_mb"], archiving.MEMORY_MB
    what = "archive and what-if: peak memory"
    yield what, f"< {most:,.0f} MB", f"{memory:,.0f} MB", memory < most


def show(console: Console, found: dict[str, Any]) -> None:
    """Print all figures."""
    clients, workers = (found["conditions"][name] for name in ("clients", "workers"))
    title = (
        f"{found['journeys']:,} journeys, {found['events']:,} events, {clients} clients, "
        f"{workers} processes that answer"
    )
    table = Table(title=title)
    for name in ("what", "target", "measured", ""):
        table.add_column(name)
    for what, target, measured, reached in _verdicts(found):
        table.add_row(what, target, measured, "reached" if reached else "NOT REACHED")
    console.print(table)
