"""What a chart shows, in words: for who cannot see it, and for who wants to be sure."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from application.evaluation.report import Series, Table
from domain.wording import Tongue, in_language, said
from interfaces.charts import Say, named
from interfaces.report_words import measured

MOST = 8
"""Groups that are told one by one; of more, the table tells."""

Row = dict[str, Any]

_ON_CHARTS = {
    "all": said("all"),
    "not known": said("not known"),
    "days": said("days"),
    "counted": said("counted"),
    "back to {place}": said("back to {place}"),
}


def saying(tongue: Tongue) -> Say:
    """Return what says the words on a chart in the language of the tongue."""
    return lambda word: in_language(_ON_CHARTS[word], tongue)


def described(series: Series, tongue: Tongue) -> str:
    """Return what a series shows, in the language of the tongue."""
    rows = [dict(zip(series.columns, row, strict=True)) for row in series.rows]
    if not rows:
        return in_language(said("Nothing to show."), tongue)
    tell = _TOLD.get(series.kind)
    told = [*tell(rows, tongue)] if tell is not None else []
    shown = told[:MOST]
    if len(told) > MOST:
        shown.append(in_language(said("{n} more are in the table.", n=len(told) - MOST), tongue))
    return " ".join(shown)


def lines_of(series: Series, tongue: Tongue) -> str:
    """Return what the lines of a chart mean, where that is said nowhere else; else nothing."""
    if series.kind != "funnel" or not {"low", "lowest"} <= {*series.columns}:
        return ""
    return in_language(
        said(
            "The level line is what all reach together. Of units that do just as well, 95 % lie "
            "between the dashed lines, and 99.8 % between the outer ones."
        ),
        tongue,
    )


def described_targets(table: Table, measured: Callable[[float], str], tongue: Tongue) -> str:
    """Return what was reached of what was meant, group by group."""
    known = [x for x in table.figures if x.value is not None and x.target is not None]
    told = [
        in_language(
            said(
                "{group}: {value}, meant {target}.",
                group=named(figure.key, saying(tongue)),
                value=measured(figure.value or 0),
                target=measured(figure.target or 0),
            ),
            tongue,
        )
        for figure in known[:MOST]
    ]
    if len(known) > MOST:
        told.append(in_language(said("{n} more are in the table.", n=len(known) - MOST), tongue))
    return " ".join(told)


def _groups(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        group = row.get("group")
        found.setdefault("" if group is None else str(group), []).append(row)
    return found


def _begun(group: str) -> str:
    return f"{group}: " if group else ""


def _stock(rows: list[Row], tongue: Tongue) -> Iterator[str]:
    for group, some in _groups(rows).items():
        known = [row for row in some if row["count"] is not None]
        if not known:
            continue
        most = max(known, key=lambda row: row["count"])
        first, last = known[0], known[-1]
        yield _begun(group) + in_language(
            said(
                "{first} on {since}, {last} on {until}, at most {most} on {day}.",
                first=first["count"],
                since=first["day"],
                last=last["count"],
                until=last["day"],
                most=most["count"],
                day=most["day"],
            ),
            tongue,
        )


def _survival(rows: list[Row], tongue: Tongue) -> Iterator[str]:
    for group, some in _groups(rows).items():
        last = some[-1]
        half = next((row["days"] for row in some if row["share"] <= 0.5), None)
        begun = (
            said("half are reached after {days} days", days=half)
            if half is not None
            else said("half are not reached")
        )
        yield _begun(group) + in_language(
            said(
                "{half}; after {days} days {share} % are left.",
                half=begun,
                days=last["days"],
                share=tongue.number(round(100 * last["share"], 1)),
            ),
            tongue,
        )


def _funnel(rows: list[Row], tongue: Tongue) -> Iterator[str]:
    outside = [row for row in rows if _is_outside(row)]
    yield in_language(
        said("{n} of {all} lie outside the limits of chance.", n=len(outside), all=len(rows)),
        tongue,
    )
    for row in outside:
        yield in_language(
            said(
                "{group}: {value} of {counted}.",
                group=row["group"],
                value=measured(row["value"], "share", tongue),
                counted=row["counted"],
            ),
            tongue,
        )


def _is_outside(row: Row) -> bool:
    """Whether a value lies beyond the outer limits, or the inner ones where there are no others."""
    low = row.get("lowest") if row.get("lowest") is not None else row.get("low")
    high = row.get("highest") if row.get("highest") is not None else row.get("high")
    value = row["value"]
    if value is None:
        return False
    return (low is not None and value < low) or (high is not None and value > high)


def _flow(rows: list[Row], tongue: Tongue) -> Iterator[str]:
    for row in sorted(rows, key=lambda row: -(row["count"] or 0)):
        yield in_language(
            said(
                "{count} from {source} to {target}.",
                count=row["count"],
                source=row["source"],
                target=row["target"],
            ),
            tongue,
        )


_TOLD = {"stock": _stock, "survival": _survival, "funnel": _funnel, "flow": _flow}
