"""The pages as people see them: in a browser, on a desk and a phone, by keyboard and printed.

They are looked at where there is a Chromium: on the path, or named by POLKU_TEST_BROWSER.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from domain.entry import Personal
from domain.journey import course
from domain.wording import ENGLISH
from interfaces import charts, report_page
from tests.interfaces import bundling
from tests.interfaces import report_world as world
from tests.interfaces.http.desk import Desk, as_client, memory_desk  # noqa: F401

DESK, PHONE = (1280, 900), (320, 640)
ADDRESS = "http://polku.example/page"


@dataclass(frozen=True)
class Served:
    """A page with the headers that came with it, if it came over HTTP."""

    html: str
    headers: dict[str, str] = field(default_factory=dict)


@cache
def report() -> Served:
    return Served(report_page.page(world.report(), ENGLISH))


@cache
def bundle() -> Served:
    with bundling.opened() as world_of_journeys:
        data = world_of_journeys.bundle().data
    return Served(bundling.files_of(data)["index.html"].decode())


def own_copy(here: Desk) -> Served:
    here.registers("client-1", "Aino Wilhelmiina", "Mäkinen-Ahvenanmaalainen")
    here.refers("j-1", "client-1")
    here.takes("j-1")
    here.interviews("j-1")
    here.does("j-1", course.pause, reason=Personal("x" * 200))  # wider than any sheet of paper
    answer = here.asks(as_client("client-1"), "fi").get("/clients/client-1/copy?format=html")
    return Served(answer.text, dict(answer.headers))


@pytest.fixture(scope="module")  # its loop runs on in this thread until it is closed
def browser() -> Iterator[Browser]:
    path = os.environ.get("POLKU_TEST_BROWSER") or shutil.which("chromium")
    if not path:
        pytest.skip("there is no Chromium here: install Debian's package chromium")
    ways = ["--disable-dev-shm-usage"]  # what is in memory may have little room, as in containers
    ways += [] if os.getuid() else ["--no-sandbox"]  # which Chromium refuses to have as root
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ways)
        yield opened
        opened.close()


@dataclass
class Seen:
    """A page as it is open in the browser, what the browser complained of, and what it fetched."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def finds(self, script: str) -> Any:
        return self.page.evaluate(script)


Look = Callable[..., Seen]


@pytest.fixture
def look(browser: Browser) -> Iterator[Look]:
    """Opens pages, each as if it had come from an address with its headers."""
    contexts = []

    def opens(served: Served, size: tuple[int, int] = DESK) -> Seen:
        width, height = size
        contexts.append(browser.new_context(viewport={"width": width, "height": height}))
        seen = Seen(contexts[-1].new_page())
        seen.page.on("console", lambda told: seen.complaints.append(told.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))

        def answers(route: Route) -> None:
            seen.fetched.append(route.request.url)
            passed = {
                name: value
                for name, value in served.headers.items()
                if name not in ("content-length", "content-encoding")
            }
            headers = {"content-type": "text/html; charset=utf-8", **passed}
            route.fulfill(status=200, headers=headers, body=served.html)

        seen.page.route(lambda url: not url.startswith("data:"), answers)
        seen.page.goto(ADDRESS)
        return seen

    yield opens
    for context in contexts:
        context.close()


@pytest.fixture(params=["report", "bundle", "own copy"])
def served(request: pytest.FixtureRequest) -> Served:
    if request.param == "own copy":
        return own_copy(request.getfixturevalue("memory_desk"))
    return report() if request.param == "report" else bundle()


def test_a_page_has_its_style_and_its_pictures_and_fetches_nothing(look: Look, served: Served):
    seen = look(served)
    assert seen.complaints == []
    assert seen.fetched == [ADDRESS]
    assert seen.finds("getComputedStyle(document.body).fontFamily").startswith("system-ui")
    broken = "[...document.images].filter(image => !image.complete || !image.naturalWidth).length"
    assert seen.finds(broken) == 0


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_page_is_no_wider_than_the_screen(look: Look, served: Served, size: tuple[int, int]):
    seen = look(served, size)
    assert seen.finds("document.documentElement.scrollWidth") <= size[0]


def test_names_of_a_chart_of_targets_stand_whole_in_the_letters_of_the_browser(look: Look):
    """`Tampereen ammattikorkeakoulu` began beyond the edge: the reader's letters are wider."""
    names = ("Tampereen ammattikorkeakoulu", "Provincia di Belluno, sportello di Agordo")
    figures = tuple(replace(world.SHARE.figures[0], key=(name,), target=0.5) for name in names)
    drawn = charts.svg(charts.chart_of_targets(replace(world.SHARE, figures=figures)))
    seen = look(Served(f"<!doctype html><title>x</title><style>body{{margin:0}}</style>{drawn}"))
    begins = seen.finds("""[...document.querySelectorAll('text')]
        .map(text => [text.textContent, text.getBoundingClientRect().left])""")
    assert {*names} <= {text for text, _ in begins}
    assert min(left for _, left in begins) >= 0


def test_days_stand_in_one_line(look: Look, served: Served):
    seen = look(served, PHONE)
    lines = seen.finds("""[...document.querySelectorAll('td, tbody th')]
        .filter(cell => /^\\d[\\d.-]{7,9}$/.test(cell.textContent))
        .map(cell => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return range.getClientRects().length;
        })""")
    assert lines
    assert set(lines) == {1}


def test_a_table_that_is_too_wide_is_moved_by_keyboard(look: Look, served: Served):
    seen = look(served, PHONE)
    moved = """[...document.querySelectorAll('.wide')]
        .filter(frame => frame.scrollWidth > frame.clientWidth)
        .map(frame => frame.tabIndex)"""
    frames = seen.finds(moved)
    assert frames
    assert set(frames) == {0}


def test_whoever_reads_by_keyboard_can_go_to_the_figures_at_once(look: Look):
    seen = look(report())
    link = seen.page.locator("a.skip")
    outside = link.bounding_box()
    assert outside is not None
    assert outside["x"] < 0
    seen.page.keyboard.press("Tab")
    within = link.bounding_box()
    assert within is not None
    assert within["x"] >= 0
    seen.page.keyboard.press("Enter")
    assert seen.page.url == f"{ADDRESS}#main"


def test_a_page_is_printed_whole(look: Look, served: Served):
    seen = look(served)
    seen.page.emulate_media(media="print")
    assert seen.page.locator("h1").is_visible()
    assert not seen.page.locator("nav").is_visible()
    sheet = 640  # the width of a sheet with its margins, in points of the page
    seen.page.set_viewport_size({"width": sheet, "height": 900})
    assert seen.finds("document.documentElement.scrollWidth") <= sheet
    assert seen.finds("""[...document.querySelectorAll('td')]
        .every(cell => cell.scrollWidth <= cell.clientWidth + 1
            && cell.getBoundingClientRect().right <= innerWidth)""")
    assert len(seen.page.pdf()) > 10_000


def test_a_table_of_many_phases_is_printed_to_its_last_column(look: Look):
    """Eight phases with long names side by side are wider than a sheet, as those of real models."""
    names = [f"Kompetenzerweiterung und Nachbegleitung {n}" for n in range(8)]
    rows = tuple((day, name, 1000) for name in names for day in world.DAYS)
    wide = report_page.page(
        world.report(series=(replace(world.STOCK, rows=rows),), tables=(world.COUNT,)), ENGLISH
    )
    seen = look(Served(wide), (640, 900))
    seen.page.emulate_media(media="print")
    assert seen.finds("[...document.querySelectorAll('thead th')].length") > len(names)
    assert seen.finds("""[...document.querySelectorAll('th, td')]
        .every(cell => cell.scrollWidth <= cell.clientWidth + 1
            && cell.getBoundingClientRect().right <= innerWidth)""")
