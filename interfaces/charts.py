"""Charts of a report, as SVG and PNG: described in Vega-Lite, drawn without a browser or network.

What a chart needs of a series is named by its columns:

- stock: `day`, `count`, and `group` where there are several
- survival: `days`, `share`, and where they are known `low`, `high` (of the band) and `group`
- funnel: `group`, `counted`, `value`, `target` (the common value), and limits: `low` and `high` for
  a warning, `lowest` and `highest` for an alarm
- flow: `source`, `target`, `count`

Colours differ from white by 3 to 1 at least, and lines by their dashes, too: nothing is said by
colour alone. Letters are of whatever sans-serif the reader has.
"""

from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import Any, Literal, TypeAlias

import altair as alt

from application.evaluation.report import Series, Table
from interfaces.labels import Point, placed
from interfaces.sankey import Drawn, Flow, Place, sankey

COLOURS = ("#0b5ea8", "#b3480a", "#00705a", "#8a3b8f", "#4f4f4f", "#7a5c00", "#b5174f", "#0a6f86")
DASHES = ([1, 0], [7, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 4], [1, 3], [10, 2, 2, 2])
INK, QUIET = "#1a1a1a", "#595959"
WIDTH, HEIGHT = 640, 300
ROOM = {"left": 16, "right": 40, "top": 8, "bottom": 8}
"""Around a chart: letters of the reader's font may be wider than those it was laid out with."""
WIDER = 1.1
"""How much wider a letter of the reader's font may be than one it was laid out with, in points."""
LONGEST_NAME = 260
"""How long a name beside a chart may be, in points; what is longer ends with three dots."""
NODE = 0.03
"""How wide a place of a flow is drawn, of the distance between two layers."""

LETTER = 6.4
"""How wide a letter of a place's name is, in points."""
TITLE_LETTERS = 90
"""Letters of a title in a line."""
WAYS: dict[str, Literal["en-US", "fi-FI", "it-IT"]] = {"en": "en-US", "fi": "fi-FI", "it": "it-IT"}
"""How d3 calls the way in which a language writes numbers and days."""
ENGLISH_DAY, FINNISH_PERCENT = {"date": "%Y-%m-%d"}, {"percent": "\N{NO-BREAK SPACE}%"}
"""What pages and tables write otherwise than d3 does."""

Spec = dict[str, Any]

Say: TypeAlias = Callable[[str], str]
"""Says one of the few words that a chart has of its own, in the language of its reader."""


class NoChart(ValueError):
    """A series cannot be drawn; the message says what it lacks."""


def chart_of(series: Series, say: Say = str) -> Spec:
    """Return the chart of a series in Vega-Lite. Raises NoChart."""
    draw = _DRAWN.get(series.kind)
    if draw is None:
        raise NoChart(f"{series.id}: nobody knows how a series of kind {series.kind!r} is drawn")
    missing = [name for name in _NEEDED[series.kind] if name not in series.columns]
    if missing:
        raise NoChart(f"{series.id}: the series has no column {', '.join(missing)}")
    rows = [dict(zip(series.columns, map(_plain, row), strict=True)) for row in series.rows]
    return _described(draw(rows, say), WIDTH, HEIGHT)


def chart_of_targets(table: Table, say: Say = str) -> Spec:
    """Return figures beside what was meant to be reached, of a table that has targets.

    Raises NoChart where it has none.
    """
    rows = [
        {"group": named(figure.key, say), "value": figure.value, "target": figure.target}
        for figure in table.figures
        if figure.value is not None and figure.target is not None
    ]
    if not rows:
        raise NoChart(f"{table.indicator}: no figure has a target")
    drawn = _described(_targets(rows, table.measure == "share"), WIDTH, 34 * len(rows) + 20)
    longest = max(len(str(row["group"])) for row in rows)
    return drawn | {"padding": ROOM | {"left": ROOM["left"] + round(WIDER * longest)}}


def entitled(spec: Spec, title: str, beneath: str) -> Spec:
    """Return a chart with its title in the picture, and a line beneath it."""
    lines = {"text": wrap(title, TITLE_LETTERS), "subtitle": wrap(beneath, TITLE_LETTERS)}
    look = {"anchor": "start", "frame": "group", "color": INK, "subtitleColor": QUIET, "offset": 12}
    return spec | {"title": lines | look}


def svg(spec: Spec, language: str = "en") -> str:
    """Return a chart as SVG: no script, nothing loaded, letters by the name of a kind of font.

    Numbers and days are written as in the language (ISO 639-1).
    """
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(spec, **_drawing(language))
    return drawn


def png(spec: Spec, language: str = "en", scale: float = 2.0) -> bytes:
    """Return a chart as PNG, `scale` times as large as the SVG in points."""
    import vl_convert

    drawn: bytes = vl_convert.vegalite_to_png(spec, scale=scale, **_drawing(language))
    return drawn


def _drawing(language: str) -> dict[str, Any]:
    import vl_convert

    way = WAYS[language]
    numbers, days = vl_convert.get_format_locale(way), vl_convert.get_time_format_locale(way)
    return {
        "allowed_base_urls": [],
        "format_locale": numbers | (FINNISH_PERCENT if language == "fi" else {}),
        "time_format_locale": days | (ENGLISH_DAY if language == "en" else {}),
    }


def named(key: Sequence[str | None], say: Say = str) -> str:
    """Return what a group is called on a chart."""
    return ", ".join(say("not known") if part is None else str(part) for part in key) or say("all")


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _described(chart: Any, width: int, height: int) -> Spec:
    spec: Spec = (
        chart.properties(width=width, height=height, background="white", padding=ROOM)
        .configure(font="sans-serif")
        .configure_axis(labelColor=INK, titleColor=INK, labelFontSize=12, titleFontSize=12)
        .configure_legend(
            labelColor=INK,
            titleColor=INK,
            labelFontSize=12,
            symbolSize=200,
            labelLimit=LONGEST_NAME,
        )
        .configure_view(stroke=None)
        .to_dict()
    )
    return spec


def _grouped(rows: list[Spec]) -> dict[str, Any]:
    """Return what tells groups apart, by colour and by dashes; nothing where there is but one."""
    groups = list(dict.fromkeys(row.get("group") for row in rows))
    if len(groups) < 2:
        return {"color": alt.value(COLOURS[0])}
    many = -(-len(groups) // len(COLOURS))
    colours = alt.Scale(domain=groups, range=list(COLOURS * many)[: len(groups)])
    dashes = alt.Scale(domain=groups, range=list(DASHES * many)[: len(groups)])
    return {
        "color": alt.Color("group:N", scale=colours, title=None),
        "strokeDash": alt.StrokeDash("group:N", scale=dashes, title=None),
    }


def _stock(rows: list[Spec], _say: Say) -> Any:
    return (
        alt.Chart(_rows(rows))
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=alt.X(
                "day:T",
                title=None,
                scale=alt.Scale(type="utc"),  # or days are moved by the clock of the machine
                axis=alt.Axis(format="%x", labelAngle=0),
            ),
            y=alt.Y("count:Q", title=None, scale=alt.Scale(zero=True)),
            **_grouped(rows),
        )
    )


def _survival(rows: list[Spec], say: Say) -> Any:
    base = alt.Chart(_rows(rows))
    share = alt.Axis(format=".0%")
    x = alt.X("days:Q", title=say("days"))
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(
        x=x,
        y=alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=share),
        **_grouped(rows),
    )
    if not any(row.get("low") is not None for row in rows):
        return line
    groups = dict.fromkeys(row.get("group") for row in rows)
    bands = [
        # One for each group, without a scale: or hiding its legend would hide the lines', too.
        alt.Chart(_rows([row for row in rows if row.get("group") == group]))
        .mark_area(interpolate="step-after", opacity=0.15, color=COLOURS[number % len(COLOURS)])
        .encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q")
        for number, group in enumerate(groups)
    ]
    return alt.layer(*bands, line)


def _funnel(rows: list[Spec], say: Say) -> Any:
    base = alt.Chart(_rows(rows))
    x = alt.X("counted:Q", title=say("counted"), scale=alt.Scale(zero=True))
    share = alt.Axis(format="~%")
    limits = [
        base.mark_line(strokeDash=dash, color=QUIET, strokeWidth=1.5).encode(
            x=x, y=alt.Y(f"{name}:Q", title=None, axis=share)
        )
        for name, dash in (*((n, [6, 4]) for n in _WARNING), *((n, [1, 0]) for n in _ALARM))
        if any(row.get(name) is not None for row in rows)
    ]
    common = base.mark_line(color=INK, strokeWidth=1).encode(x=x, y="target:Q")
    points = base.mark_point(filled=True, size=70, color=COLOURS[0], opacity=1).encode(
        x=x, y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=share)
    )
    names = [
        alt.Chart(_rows(some))
        .mark_text(dy=down, fontSize=11, color=INK)
        .encode(x=x, y="value:Q", text="group:N")
        for down, some in _named_apart(rows).items()
    ]
    return alt.layer(*limits, common, points, *names)


def _named_apart(rows: list[Spec]) -> dict[float, list[Spec]]:
    """Return the rows by how far down from its point the name of each stands."""
    named = [row for row in rows if row["value"] is not None and row["counted"]]
    shares = [x for row in rows for x in map(row.get, _SHARES) if x is not None]
    low, high = min(shares, default=0.0), max(shares, default=1.0)
    most = max((row["counted"] for row in named), default=1)
    points = (
        Point(
            WIDTH * row["counted"] / most,
            HEIGHT * (high - row["value"]) / ((high - low) or 1.0),
            LETTER * len(str(row["group"])),
        )
        for row in named
    )
    apart: dict[float, list[Spec]] = {}
    for down, row in zip(placed(points), named, strict=True):
        apart.setdefault(down, []).append(row)
    return apart


_WARNING, _ALARM = ("low", "high"), ("lowest", "highest")
_SHARES = ("value", "target", *_WARNING, *_ALARM)


def _flow(rows: list[Spec], say: Say) -> Any:
    drawn = sankey(Flow(row["source"], row["target"], row["count"]) for row in rows)
    letters = int(WIDTH / _layers_wide(drawn) / LETTER)
    places = [
        {
            "x": place.layer - NODE / 2,
            "x2": place.layer + NODE / 2,
            "y": place.top,
            "y2": place.bottom,
            "middle": place.middle,
            "label": [
                *wrap(_named_place(place, say), letters),
                f"{place.count:.12g}",
            ],
        }
        for place in drawn.places
    ]
    bands = [
        {"band": number, "x": x, "y": top, "y2": bottom, "source": band.flow.source}
        for number, band in enumerate(drawn.bands)
        for x, top, bottom in band.points
    ]
    return _sankey(drawn, places, bands)


def _named_place(place: Place, say: Say) -> str:
    """Return what is written beside a place.

    Where bands lead back to one, that is said: out of there they go with all others, from where it
    stands first, and not from here.
    """
    return say("back to {place}").format(place=place.name) if place.again else place.name


def _sankey(drawn: Drawn, places: list[Spec], bands: list[Spec]) -> Any:
    sources = list(dict.fromkeys(band["source"] for band in bands))
    many = -(-max(1, len(sources)) // len(COLOURS))
    colours = alt.Scale(domain=sources, range=list(COLOURS * many)[: len(sources)])
    x = alt.Scale(domain=[-NODE, _layers_wide(drawn) - NODE])
    y = alt.Scale(domain=[1, 0])
    across = {
        "x": alt.X("x:Q", scale=x, axis=None),
        "y": alt.Y("y:Q", scale=y, axis=None),
    }
    areas = (
        alt.Chart(_rows(bands))
        .mark_area(opacity=0.45)
        .encode(
            **across,
            y2="y2:Q",
            detail="band:N",
            color=alt.Color("source:N", scale=colours, legend=None),
        )
    )
    nodes = alt.Chart(_rows(places)).mark_rect(color=INK).encode(**across, x2="x2:Q", y2="y2:Q")
    text = alt.Chart(_rows(places)).mark_text(align="left", dx=5, fontSize=12, color=INK)
    label = text.encode(
        x=alt.X("x2:Q", scale=x, axis=None),
        y=alt.Y("middle:Q", scale=y, axis=None),
        text="label:N",
    )
    return alt.layer(areas, nodes, label)


def _layers_wide(drawn: Drawn) -> float:
    """Return how wide a flow is, in layers; right of the last one there is room for its names."""
    return max(1, drawn.layers) - 0.45 + NODE


def _targets(rows: list[Spec], is_share: bool) -> Any:
    base = alt.Chart(_rows(rows))
    axis = alt.Axis(format=".0%", tickCount=8) if is_share else alt.Axis(tickCount=8)
    groups = alt.Y("group:N", title=None, sort=None, axis=alt.Axis(labelLimit=LONGEST_NAME))
    scale = alt.Scale(zero=True)
    bars = base.mark_bar(color=COLOURS[0], height={"band": 0.6}).encode(
        x=alt.X("value:Q", title=None, axis=axis, scale=scale), y=groups
    )
    ticks = base.mark_tick(color=INK, thickness=3, opacity=1, height={"band": 0.9}).encode(
        x=alt.X("target:Q", title=None, scale=scale), y=groups
    )
    return bars + ticks


def _rows(rows: list[Spec]) -> Any:
    values: Any = alt.Data  # which has no types of its own
    return values(values=rows)


_NEEDED = {
    "stock": ("day", "count"),
    "survival": ("days", "share"),
    "funnel": ("group", "counted", "value", "target"),
    "flow": ("source", "target", "count"),
}
_DRAWN = {"stock": _stock, "survival": _survival, "funnel": _funnel, "flow": _flow}
