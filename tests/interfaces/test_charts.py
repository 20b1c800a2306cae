"""Charts as SVG and PNG, drawn here; what they say in words."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from application.evaluation.report import Series
from domain.wording import ENGLISH
from interfaces.chart_words import described, described_targets
from interfaces.charts import COLOURS, NoChart, chart_of, chart_of_targets, entitled, png, svg
from tests.interfaces import report_world as world

OF_KIND = {one.kind: one for one in world.SERIES}


@cache
def drawn_as(kind: str) -> str:
    """Return the chart of a kind, or of the targets, which takes a while to draw."""
    return svg(chart_of_targets(world.SHARE) if kind == "targets" else chart_of(OF_KIND[kind]))


@pytest.mark.parametrize("kind", [*OF_KIND, "targets"])
def test_a_chart_is_whole_and_loads_nothing(kind: str) -> None:
    drawn = drawn_as(kind)
    root = ET.fromstring(drawn)  # noqa: S314 - our own text
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    for element in root.iter():
        assert element.tag.rpartition("}")[2] not in {"script", "image", "foreignObject"}
        assert not any("href" in name or name.startswith("on") for name in element.attrib)
    assert "url(http" not in drawn
    assert set(re.findall(r'font-family="([^"]+)"', drawn)) == {"sans-serif"}


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
def test_days_on_a_chart_do_not_hang_on_the_clock_of_the_machine(zone: str) -> None:
    """West of Greenwich each was the day before, and the same report had other bytes."""
    told = (
        "from interfaces.charts import chart_of, svg\n"
        "from tests.interfaces.report_world import STOCK\n"
        "print(svg(chart_of(STOCK)), end='')"
    )
    paths = os.pathsep.join(path for path in (str(Path.cwd()), *sys.path) if path)
    ran = subprocess.run(
        [sys.executable, "-c", told],
        env={**os.environ, "TZ": zone, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "day: 2025-01-01; count: 10; group: intake" in ran.stdout
    assert ran.stdout == drawn_as("stock")


def test_a_picture_of_points_is_drawn_too() -> None:
    drawn = png(chart_of(world.STOCK), scale=1)
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(drawn) > 5000


def texts(drawn: str) -> set[str]:
    root = ET.fromstring(drawn)  # noqa: S314 - our own text
    return {"".join(x.itertext()) for x in root.iter("{http://www.w3.org/2000/svg}text")}


def test_charts_name_what_they_show() -> None:
    assert {"intake", "training", "placement"} <= texts(drawn_as("stock"))
    assert {"kuopio", "mikkeli", "days", "100%"} <= texts(drawn_as("survival"))
    assert {"kuopio", "mikkeli", "pieksamaki"} <= texts(drawn_as("funnel"))
    assert {"intake80", "training60", "back to training5"} <= texts(drawn_as("flow"))
    assert {"tampere", "espoo"} <= texts(drawn_as("targets"))
    assert "turku" not in texts(drawn_as("targets"))


def test_a_chart_that_stands_alone_has_its_title_in_the_picture() -> None:
    title = "What became of those who were referred in the first year, and of all others " * 2
    drawn = svg(entitled(chart_of(world.FUNNEL), title.strip(), "Path to a job, 2025-12-31"))
    assert any(said.startswith("What became of those") for said in texts(drawn))
    assert "Path to a job, 2025-12-31" in texts(drawn)
    assert title.strip() not in texts(drawn)  # it is in two lines


@pytest.mark.parametrize(
    ("language", "thousands"),
    [("en", "10,000"), ("fi", "10\N{NO-BREAK SPACE}000"), ("it", "10.000")],
)
def test_numbers_on_a_chart_are_written_as_in_the_language(language: str, thousands: str) -> None:
    many = replace(world.STOCK, rows=tuple((*row[:2], row[2] * 1000) for row in world.STOCK.rows))
    assert thousands in texts(svg(chart_of(many), language))


@pytest.mark.parametrize(
    ("language", "day", "share"),
    [
        ("en", "2025-01-10", "100%"),
        ("fi", "10.1.2025", "100\N{NO-BREAK SPACE}%"),
        ("it", "10/01/2025", "100%"),
    ],
)
def test_days_and_shares_on_a_chart_are_written_as_in_the_tables(
    language: str, day: str, share: str
) -> None:
    days = ("2025-01-01", "2025-01-15", "2025-01-29")
    stock = replace(world.STOCK, rows=tuple((one, "intake", 3) for one in days))
    assert day in texts(svg(chart_of(stock), language))
    assert share in texts(svg(chart_of(world.SURVIVAL), language))


def test_a_flow_of_a_million_is_told_to_the_last_one() -> None:
    flow = replace(world.FLOW, rows=(("intake", "training", 1_234_565),))
    drawn = svg(chart_of(flow))
    assert drawn.count(">1234565<") == 2
    assert "e+06" not in drawn


def test_a_long_name_of_a_place_stays_within_its_layer() -> None:
    long = "training and services of the second year"
    chain = ("intake", "competence review", long, "placement", "follow-up", "ended as planned")
    rows = tuple((one, other, 30) for one, other in pairwise(chain))
    drawn = svg(chart_of(replace(world.FLOW, rows=rows)))
    lines = re.findall(r"<tspan[^>]*>([^<]*)</tspan>", drawn)
    assert "training and" in lines
    assert max(map(len, lines)) <= 18


def test_a_share_is_told_in_per_cent() -> None:
    assert {"20%", "40%", "60%"} <= texts(drawn_as("funnel"))


def luminance(colour: str) -> float:
    """Relative luminance as the Web Content Accessibility Guidelines 2.2 define it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_differ_from_white_by_three_to_one(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 3


def test_groups_are_told_apart_by_dashes_too() -> None:
    dashes = set(re.findall(r'stroke-dasharray="([^"]+)"', drawn_as("stock")))
    assert len(dashes) >= 3


def test_what_cannot_be_drawn_says_why() -> None:
    with pytest.raises(NoChart, match="nobody knows how a series of kind 'pie'"):
        chart_of(replace(world.STOCK, kind="pie"))
    with pytest.raises(NoChart, match="has no column day"):
        chart_of(Series("s", world.title("S"), "stock", ("month", "count"), ()))
    with pytest.raises(NoChart, match="no figure has a target"):
        chart_of_targets(world.COUNT)


def test_a_chart_of_one_group_or_of_nothing_is_drawn() -> None:
    one = replace(world.STOCK, columns=("day", "count"), rows=((world.DAYS[0], 1),))
    assert "<svg" in svg(chart_of(one))
    for series in world.SERIES:
        assert "<svg" in svg(chart_of(replace(series, rows=())))


def test_words_say_what_a_chart_shows() -> None:
    assert described(world.STOCK, ENGLISH) == (
        "intake: 10 on 2025-01-01, 15 on 2025-05-31, at most 15 on 2025-05-31. "
        "training: 10 on 2025-01-01, 25 on 2025-05-31, at most 25 on 2025-05-31. "
        "placement: 10 on 2025-01-01, 20 on 2025-05-31, at most 20 on 2025-05-31."
    )
    assert described(world.SURVIVAL, ENGLISH) == (
        "kuopio: half are reached after 90 days; after 150 days 15 % are left. "
        "mikkeli: half are not reached; after 150 days 60 % are left."
    )
    assert described(world.FUNNEL, ENGLISH) == (
        "1 of 3 lie outside the limits of chance. mikkeli: 70 % of 40."
    )
    assert described(world.FLOW, ENGLISH).startswith("60 from intake to competence review.")
    assert described(replace(world.FLOW, rows=()), ENGLISH) == "Nothing to show."
    assert described_targets(world.SHARE, lambda x: f"{x:.0%}", ENGLISH) == (
        "tampere: 71%, meant 64%. espoo: 50%, meant 64%."
    )


def test_of_many_groups_the_first_are_told() -> None:
    rows = tuple((f"place {n}", 10, 0.5, 0.1, 0.2, 0.3) for n in range(12))
    columns = ("group", "counted", "value", "target", "low", "high")
    told = described(replace(world.FUNNEL, columns=columns, rows=rows), ENGLISH)
    assert told.startswith("12 of 12 lie outside")
    assert told.endswith("5 more are in the table.")
