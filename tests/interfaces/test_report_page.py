"""The page of a report: whole in itself, and the same for who sees it and who hears it."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from application.evaluation.kept_report import read_report, written
from application.evaluation.report_curve import notes_of_curve
from application.evaluation.report_notes import notes_of
from domain.wording import ENGLISH
from infrastructure.translations import translations
from interfaces.report_charts import charts_of
from interfaces.report_page import page
from interfaces.report_words import measured
from tests.interfaces import report_world as world

VOID = {"meta", "img", "br", "link", "hr", "input"}


class Element:
    """An element of a page with its attributes, texts and children."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.children: list[Element | str] = []

    def every(self, *tags: str) -> list["Element"]:
        """All elements within, in order; of some tags."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                found += [child] if not tags or child.tag in tags else []
                found += child.every(*tags)
        return found

    @property
    def text(self) -> str:
        return "".join(x if isinstance(x, str) else x.text for x in self.children)


class Reader(HTMLParser):
    """Reads a page, and refuses one whose elements are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names))
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str) -> Element:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root]
    return reader.root


@cache
def usual() -> str:
    """The page of a report; to draw its charts takes a second, so nobody makes it anew."""
    return page(world.report(), ENGLISH)


@cache
def usual_read() -> Element:
    return read(usual())


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    tags = {one.tag for one in usual_read().every()}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base", "video"}
    for one in usual_read().every():
        for name, value in one.attributes.items():
            assert not name.startswith("on")
            assert name != "style"
            if name in {"href", "src", "srcset", "action"}:
                assert value.startswith(("#", "data:image/svg+xml;base64,"))
    assert "http://" not in usual().replace("http-equiv", "")
    assert "https://" not in usual()
    assert "url(" not in usual()


def test_the_page_allows_itself_no_more_than_it_needs() -> None:
    (policy,) = [x for x in usual_read().every("meta") if "http-equiv" in x.attributes]
    (style,) = usual_read().every("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert policy.attributes["content"] == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'"
    )


def test_the_page_has_its_language_its_title_and_headings_in_order() -> None:
    (html,) = usual_read().every("html")
    assert html.attributes["lang"] == "en"
    (title,) = usual_read().every("title")
    headings = usual_read().every("h1", "h2", "h3")
    assert [x.tag for x in headings].count("h1") == 1
    assert headings[0].text == title.text == "Evaluation of Duunipolku"
    assert {x.tag for x in headings[1:]} == {"h2"}
    assert len(usual_read().every("main")) == len(usual_read().every("header")) == 1
    (nav,) = usual_read().every("nav")
    assert nav.attributes["aria-label"]


def test_every_link_leads_somewhere_and_every_id_is_one() -> None:
    ids = [x.attributes["id"] for x in usual_read().every() if "id" in x.attributes]
    assert len(ids) == len(set(ids))
    links = [x.attributes["href"] for x in usual_read().every("a")]
    assert {link.removeprefix("#") for link in links} <= set(ids)
    for one in usual_read().every("section"):
        assert one.attributes["aria-labelledby"] in ids
    assert all(link.text.strip() for link in usual_read().every("a"))


def test_every_table_has_a_caption_and_headers_with_their_scope() -> None:
    tables = usual_read().every("table")
    assert len(tables) == 3 + len(world.SERIES)
    for table in tables:
        (caption,) = table.every("caption")
        assert caption.text
        head, *rows = table.every("tr")
        assert all(x.attributes["scope"] == "col" for x in head.every("th"))
        for row in rows:
            assert len(row.every("th", "td")) == len(head.every("th"))
            assert row.every("th")
            assert all(x.attributes["scope"] == "row" for x in row.every("th"))


def test_every_chart_has_a_text_and_a_table_in_its_place() -> None:
    by_id = {x.attributes["id"]: x for x in usual_read().every() if "id" in x.attributes}
    figures = usual_read().every("figure")
    assert len(figures) == len(world.SERIES) + 2  # two tables have targets
    for figure in figures:
        (image,), (link,) = figure.every("img"), figure.every("a")
        assert len(image.attributes["alt"]) > 20
        assert by_id[link.attributes["href"].removeprefix("#")].tag == "table"
        assert int(image.attributes["width"]) > 300
        _, _, encoded = image.attributes["src"].partition(",")
        drawn = ET.fromstring(base64.b64decode(encoded))  # noqa: S314 - our own text
        assert drawn.tag.endswith("svg")


def test_figures_stand_as_they_are_and_what_is_withheld_is_not_there() -> None:
    (table,) = [
        x for x in usual_read().every("table") if x.attributes.get("id") == "indicator-under-30-2"
    ]
    rows = [[x.text for x in row.every("th", "td")] for row in table.every("tr")]
    assert rows == [
        ["Organisation", "Share", "Counted", "Not known of", "Target"],
        ["tampere", "71 %", "62", "1", "64 %"],
        ["espoo", "50 %", "20", "0", "64 %"],
        ["turku", "withheld", "–", "–", "64 %"],
        ["not known", "25 %", "8", "2", "–"],
    ]
    assert "groups of fewer than 5 are withheld" in usual_read().text


def test_what_people_wrote_is_text_and_no_more() -> None:
    assert "<script" not in usual()
    assert 'A "note" with <script>alert(1)</script> in it.' in usual_read().text
    assert "Clients <b>taken in</b> & counted" in [x.text for x in usual_read().every("h2")]


def test_the_page_tells_what_the_report_stands_on() -> None:
    for said in ("57123", "ab" * 32, "2, " + "cd" * 32, "ef" * 32, "0.1.0", "2025-06-30"):
        assert said in usual_read().text
    assert "2025-07-14 21:00 UTC" in usual_read().text
    assert "It leans on what another system claims" in usual_read().text


def test_the_head_names_the_settings_of_the_indicators() -> None:
    told = read(page(world.report(settings={"young_until": 25}), ENGLISH))
    (head,) = told.every("header")
    assert "Settingsyoung_until=25" in head.text


def test_the_page_is_printed_without_what_only_a_screen_needs() -> None:
    style = usual_read().every("style")[0].text
    assert "@media print" in style
    assert "nav,.skip{display:none}" in style


def luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(2 * x for x in colour[1:])
    parts = [int(full[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_letters_differ_from_what_is_behind_them_by_seven_to_one() -> None:
    style = usual_read().every("style")[0].text
    letters = re.findall(r"(?<![-\w])color:(#[0-9a-f]+)", style)
    behind = re.findall(r"background:(#[0-9a-f]+)", style)
    assert len(letters) >= 3
    assert len(behind) >= 2
    for letter in letters:
        for colour in behind:
            assert (luminance(colour) + 0.05) / (luminance(letter) + 0.05) >= 7


@pytest.mark.parametrize("language", ["fi", "it"])
def test_the_page_is_in_the_language_that_is_asked_for(language: str) -> None:
    told = read(page(world.report(), translations(language)))
    assert told.every("html")[0].attributes["lang"] == language
    heading = told.every("h1")[0].text
    assert heading == ("Duunipolun arviointi" if language == "fi" else "Evaluation of Duunipolku")


def test_a_report_of_nothing_is_a_page() -> None:
    told = read(page(world.report(tables=(), series=(), notes=(), root="", threshold=0), ENGLISH))
    assert told.every("table") == []
    assert "What is shown" in told.text


def test_a_table_without_groups_says_why_in_its_place() -> None:
    """Who reads of an indicator need not look for it at the end of the page."""
    none = replace(world.SHARE, figures=())
    told = read(page(world.report(tables=(world.WHOLE, none)), ENGLISH))
    (row,) = values_of(told, "indicator-under-30-2")
    assert row[0].startswith("Share under 30 is not told by organisation: what else is told would")
    nobody = replace(world.WHOLE, figures=(replace(world.WHOLE.figures[0], counted=0),))
    told = read(page(world.report(tables=(nobody, none)), ENGLISH))
    assert values_of(told, "indicator-under-30-2") == [["Nothing to show."]]


def test_a_series_that_cannot_be_drawn_is_told_by_its_table() -> None:
    odd = replace(world.STOCK, kind="pie", id="odd")
    told = read(page(world.report(series=(odd,)), ENGLISH))
    assert len(told.every("table")) == 4
    assert len(told.every("figure")) == 2


def test_twice_the_same_page() -> None:
    assert page(world.report(), ENGLISH) == usual()


def test_figures_are_measured_as_people_read_them() -> None:
    assert measured(0.64512, "share", ENGLISH) == "64.5 %"
    assert measured(12.3456, "mean", ENGLISH) == "12.35"
    assert measured(None, "mean", ENGLISH) == "–"
    assert measured(1234567, "count", ENGLISH) == "1234567"


def heads_of(told: Element, id_: str) -> list[str]:
    (table,) = [x for x in told.every("table") if x.attributes.get("id") == id_]
    return [x.text for x in table.every("tr")[0].every("th")]


def test_what_all_reach_together_is_not_told_as_a_target() -> None:
    assert heads_of(usual_read(), "chart-in-work-3-values") == [
        *("Unit", "Counted", "Share", "All together"),
        *("95 % from", "95 % to", "99.8 % from", "99.8 % to"),
    ]


def values_of(told: Element, id_: str) -> list[list[str]]:
    (table,) = [x for x in told.every("table") if x.attributes.get("id") == id_]
    return [[x.text for x in row.every("th", "td")] for row in table.every("tr")[1:]]


def test_phases_stand_side_by_side_in_the_order_of_the_way():
    assert heads_of(usual_read(), "chart-stock-per-phase-1-values") == [
        *("Day", "Intake", "Training", "Placement"),
    ]
    assert values_of(usual_read(), "chart-stock-per-phase-1-values")[1] == [
        *("2025-01-31", "11", "13", "12"),
    ]


def test_of_what_flows_the_phases_come_in_the_order_of_the_way():
    told = values_of(usual_read(), "chart-between-phases-4-values")
    assert [row[0] for row in told] == [
        *("intake", "intake", "training", "placement", "placement", "competence review"),
    ]


def test_shares_of_a_chart_are_told_in_per_cent():
    assert values_of(usual_read(), "chart-in-work-3-values")[0] == [
        *("kuopio", "120", "41 %", "40 %", "31 %", "49 %", "26 %", "54 %"),
    ]
    curve = values_of(usual_read(), "chart-time-to-work-2-values")
    assert curve[1] == ["kuopio", "30", "83 %", "73 %", "93 %"]


@pytest.mark.parametrize("language", ["fi", "it"])
def test_charts_and_what_stands_for_them_speak_the_language_too(language: str) -> None:
    tongue = translations(language)
    whole = replace(world.SHARE, by=(), figures=(replace(world.SHARE.figures[0], key=()),))
    told = read(page(world.report(tables=(whole,), series=(world.STOCK, world.FLOW)), tongue))
    images = told.every("img")
    phase = {"fi": "alkukartoitus", "it": "accoglienza"}[language]
    everybody = {"fi": "kaikki", "it": "tutti"}[language]
    drawn = [base64.b64decode(x.attributes["src"].partition(",")[2]).decode() for x in images]
    for image, svg, word in zip(images, drawn, (everybody, phase, phase), strict=True):
        assert word in image.attributes["alt"]
        assert word in svg
    for table in told.every("table")[-2:]:
        cells = {x.text.lower() for x in table.every("th", "td")}
        assert phase in cells
        assert "intake" not in cells


def test_the_place_of_a_table_is_no_landmark_of_the_name_of_its_section() -> None:
    named = [x for x in usual_read().every("div") if "aria-label" in x.attributes]
    assert {x.attributes["role"] for x in named} == {"group"}


@pytest.mark.parametrize("language", ["fi", "it"])
def test_the_page_of_a_report_that_was_kept_is_the_one_that_was_drawn_at_once(language):
    """Its days are written as the language writes them, and its notes are in the language."""
    made = world.report(
        notes=notes_of((world.COUNT, world.SHARE), [("age",)], 5, claimed=True),
        asked={"by": ["age"]},
        tables=(world.WHOLE, replace(world.SHARE, figures=())),
        series=(*world.SERIES, replace(world.SURVIVAL, notes=notes_of_curve(5))),
    )
    tongue = translations(language)
    kept = read_report(written(made))
    assert page(kept, tongue) == page(made, tongue)
    assert written(kept) == written(made)


@pytest.mark.parametrize(
    ("known_at", "said"),
    [
        (datetime(2025, 7, 14, 21, 0, tzinfo=UTC), "2025-07-14 21:00 UTC"),
        (datetime(2025, 7, 14, 21, 0, 30, tzinfo=UTC), "2025-07-14 21:00:30 UTC"),
        (
            datetime(2025, 7, 14, 20, 59, 59, 999999, tzinfo=UTC),
            "2025-07-14 20:59:59.999999 UTC",
        ),
        (
            datetime(2025, 7, 15, 1, 0, tzinfo=timezone(timedelta(hours=3))),
            "2025-07-14 22:00 UTC",
        ),
    ],
)
def test_the_instant_of_a_page_can_be_asked_about_again(known_at, said):
    terms = {
        dt.text: dd.text
        for dt, dd in (
            (div.every("dt")[0], div.every("dd")[0])
            for div in read(page(world.report(known_at=known_at), ENGLISH)).every("div")
            if div.every("dt")
        )
    }
    assert terms["Known at"] == said


@pytest.mark.parametrize(
    ("language", "named"), [("fi", "ohjattu organisaatioon"), ("it", "genere")]
)
def test_a_note_calls_a_column_as_the_tables_of_the_page_do(language: str, named: str) -> None:
    """In JSON it is the column's own name, in each language: that document is in English."""
    column = {"fi": "referred_to", "it": "gender"}[language]
    none = replace(world.SHARE, by=(column,), figures=())
    notes = notes_of((world.WHOLE, none), (), 5, claimed=False)
    assert f"is not told by {column}:" in notes[0]
    assert notes[0] in page(world.report(notes=notes), ENGLISH)
    told = page(world.report(notes=notes), translations(language))
    assert column not in told
    assert named in told


@pytest.mark.parametrize(
    ("language", "outer"), [("en", "99.8 %"), ("fi", "99,8 %"), ("it", "99,8 %")]
)
def test_what_the_lines_of_a_funnel_mean_is_said_on_the_page_and_in_the_picture(
    language: str, outer: str
) -> None:
    """Four lines of limits and one of what all reach look alike to who has not drawn them."""
    report, tongue = world.report(series=(world.FUNNEL,), tables=()), translations(language)
    (chart,) = charts_of(report, tongue)
    assert outer in chart.lines
    assert chart.lines in [one.text for one in read(page(report, tongue)).every("p")]
    assert outer in " ".join(chart.spec["title"]["subtitle"])
    (other,) = charts_of(replace(report, series=(world.STOCK,)), tongue)
    assert not other.lines
