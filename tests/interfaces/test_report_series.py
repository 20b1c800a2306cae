"""The rows that a report's charts are drawn from, against what was recorded by hand."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from application.evaluation.asking import Rows
from application.evaluation.kept_report import read_report
from application.evaluation.series import series_of
from domain.definition import Phase, Title
from domain.journey import events as e
from domain.wording import Wording
from interfaces import bootstrap
from tests.application.evaluation.drawing import ways
from tests.interfaces.conftest import Clock, Polku
from tests.interfaces.reported import closed, publish, record, referred, register

DAY = "2025-06-15"
INTAKE, TRAINING = date(2025, 2, 3), date(2025, 4, 10)
TO_TRAINING, DONE = 7, 3
"""Of eight clients, how many went on to training, and of those how many have ended."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a log with eight clients."""
    url = f"sqlite:///{tmp_path_factory.mktemp('charts')}/polku.db"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("POLKU_DATABASE_URL", url)
        bootstrap.upgrade()
        write()
        yield url


def write() -> None:
    clock = Clock()
    with bootstrap.open_office(clock=clock, inline=False) as office:
        publish(office, clock)
        for number in range(8):
            register(office, clock, f"c-{number}", "female", 1990)
        entries: list[tuple[str, tuple[date, Any]]] = []
        for number in range(8):
            own = [
                *referred(f"c-{number}", date(2025, 2, 3)),
                (INTAKE, e.PhaseEntered(Phase.INTAKE, 1)),
            ]
            own += [(TRAINING, e.PhaseEntered(Phase.TRAINING, 1))] * (number < TO_TRAINING)
            own += [closed(date(2025, 5, 20), "employment")] * (number < DONE)
            entries += [(f"journey:j-{number}", one) for one in own]
        for stream, one in sorted(entries, key=lambda told: told[1][0]):
            record(office, clock, stream, one)


@pytest.fixture
def run(run: Polku, told: str, monkeypatch: pytest.MonkeyPatch) -> Polku:
    monkeypatch.setenv("POLKU_DATABASE_URL", told)
    return run


def series(run: Polku, threshold: int, *more: str) -> dict[str, list[list[Any]]]:
    asked = ("report", "--programme", "duunipolku", "--as-at", DAY, "--json")
    told = run(*asked, "--threshold", str(threshold), *more).json
    return {one["id"]: one["rows"] for one in told["series"]}


def test_the_stock_is_counted_on_the_first_of_each_month_and_on_the_day(run: Polku) -> None:
    stock = {(day, phase): count for day, phase, count in series(run, 0)["stock"] if count}
    assert stock == {
        ("2025-03-01", "intake"): 8,
        ("2025-04-01", "intake"): 8,
        ("2025-05-01", "intake"): 1,
        ("2025-05-01", "training"): 7,
        ("2025-06-01", "intake"): 1,
        ("2025-06-01", "training"): 4,
        (DAY, "intake"): 1,
        (DAY, "training"): 4,
    }


def test_the_flow_leads_from_each_phase_to_the_next_or_to_an_end(run: Polku) -> None:
    assert series(run, 0)["flow"] == [
        ["intake", "open", 1],
        ["intake", "training", 7],
        ["training", "completed", 3],
        ["training", "open", 4],
    ]


def test_charts_tell_of_no_small_group(run: Polku) -> None:
    found = series(run, 5)
    assert Counter(tuple(row[1:]) for row in found["stock"]) == {
        ("intake", 10): 2,
        ("intake", 0): 3,
    }
    assert found["flow"] == []  # seven, four, three and one


def test_a_chart_says_how_its_numbers_are_rounded_and_why_it_is_empty(run: Polku) -> None:
    def notes(*more: str) -> dict[str, list[str]]:
        asked = ("report", "--programme", "duunipolku", "--as-at", DAY, "--json")
        return {one["id"]: one["notes"] for one in run(*asked, *more).json["series"]}

    told, beside = notes(), notes("--by", "phase")
    (stock,), (flow,) = told["stock"], told["flow"]
    assert "multiples of 5, and fewer than 8 are 0; a phase that never had so many" in stock
    assert "multiples of 5, and ways that fewer than 8 went are left out" in flow
    assert "as long as 5 and more are followed" in told["survival"][-2]
    assert told["survival"][-1] == "Of fewer than 10 accepted journeys nothing is told."
    assert beside["stock"][0] == stock
    assert beside["stock"][1].startswith("The day of the report is left out: beside a table by")
    assert beside["flow"][0] == flow
    assert beside["flow"][1].startswith("Nothing is told: beside a table by phase or by end")
    alone = notes("--threshold", "0")
    assert alone["stock"] == alone["flow"] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "fewer than 8 are 0"),
        ("fi", "alle 8 näkyy nollana"),
        ("it", "meno di 8 figura come 0"),
    ],
)
def test_a_page_has_the_place_of_an_empty_chart_and_says_why(
    run: Polku, language: str, words: str, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    asked = ("report", "--programme", "duunipolku", "--as-at", DAY, "--format", "html")
    run(*asked, "--language", language, "--out", str(page))
    told = page.read_text()
    assert words in told
    flow = told[told.index('<h2 id="chart-flow') :]
    flow = flow[: flow.index("</section>")]
    assert "8" in flow
    assert "<img" not in flow
    assert "<a " not in flow
    # A page that is drawn from the kept report says the same.
    kept = read_report(run(*asked[:-2], "--json").out)
    assert all(isinstance(note, Wording) for one in kept.series for note in one.notes)


def test_a_chart_tells_nothing_beside_the_number_of_all() -> None:
    """Six in all, of whom three wait in intake and three went on: 5 and 5 would be that alone."""

    class Six:
        def ask(self, sql: str, _given: object = ()) -> Rows:
            if "lead(phase)" in sql:
                three = [("intake", "open", 3), ("intake", "training", 3)]
                return Rows(("phase", "target", "journeys"), [*three, ("training", "completed", 3)])
            if "min(since)" in sql:
                return Rows(("since",), [(INTAKE,)])
            if "stock(" in sql:
                day = date.fromisoformat(DAY)
                rows = [(day, "intake", 3), (day, "training", 3)]
                return Rows(("day", "phase", "journeys"), rows)
            return Rows(("days", "came", "followable", "journeys"), [])

    def told(threshold: int) -> dict[str, list[Any]]:
        about = Title("Report", "Report", "en")
        found = series_of(Six(), about, "duunipolku", date.fromisoformat(DAY), (), threshold)
        return {one.id: [row[-1] for row in one.rows] for one in found}

    assert told(0) == {"stock": [3, 3], "flow": [3, 3, 3]}
    assert told(5) == {"stock": [], "flow": [], "survival": []}


class Drawn:
    """Answers what a report's charts ask of journeys that went these ways, in these phases yet."""

    def __init__(self, last: Mapping[tuple[str, str], int], later: str) -> None:
        further = {("intake", later): sum(n for (phase, _), n in last.items() if phase == later)}
        self._flow = [(*way, n) for way, n in sorted((last | further).items()) if n]
        day = date.fromisoformat(DAY)
        came = sorted({phase for (phase, _), number in last.items() if number} | {"intake"})
        self._stock = [(day, phase, last.get((phase, "open"), 0)) for phase in came]

    def ask(self, sql: str, _given: object = ()) -> Rows:
        if "lead(phase)" in sql:
            return Rows((), self._flow)
        if "min(since)" in sql:
            return Rows((), [(INTAKE,)])
        return Rows((), self._stock if "stock(" in sql else [])

    def rows(self) -> list[Any]:
        about = Title("Report", "Report", "en")
        found = series_of(self, about, "duunipolku", date.fromisoformat(DAY), (), 5)
        return [one.rows for one in found]


@pytest.mark.parametrize("later", ["training", "follow-up"])
def test_no_small_number_follows_from_both_charts_and_the_number_of_all(later: str) -> None:
    """All came to intake, and wait in it or in the phase after it, or ended in one of two ways."""
    left = ("open", "cancelled", "completed")
    worlds: dict[str, list[tuple[int, ...]]] = {}
    for every in range(5, 10):
        for world in ways(every, 6):
            last = dict(zip(product(("intake", later), left), world, strict=True))
            told = repr((every, Drawn(last, later).rows()))
            came = sum(number for (phase, _), number in last.items() if phase == later)
            worlds.setdefault(told, []).append((*world, came))
    for told, alike in worlds.items():
        for numbers in zip(*alike, strict=True):
            assert not 0 < numbers[0] < 5 or len(set(numbers)) > 1, (told, alike)


def test_no_small_number_follows_from_both_charts_and_how_many_have_ended() -> None:
    """A share on to work tells of how many it is: 5 and 5 of six who ended were three and three.

    Nobody knows whether ten are in training, or one or two more or less.
    """

    def told(intake: int, training: int, yet: int) -> str:
        ended = {("intake", "completed"): intake, ("training", "completed"): training}
        open_ = {("intake", "open"): 14, ("training", "open"): yet}
        return repr(Drawn(ended | open_, "training").rows())

    for every in range(5, 12):
        ways_to_end: dict[str, set[int]] = {}
        for ended, yet in product(range(every + 1), range(8, 13)):
            ways_to_end.setdefault(told(ended, every - ended, yet), set()).add(ended)
        for ended in (*range(1, 5), *range(every - 4, every)):
            assert len(ways_to_end[told(ended, every - ended, 10)]) > 1, (ended, every)


def test_the_curve_is_of_the_days_from_acceptance_to_the_end_that_is_waited_for(run: Polku) -> None:
    """Three of eight came to it on the 106th day; the others are followed to the 132nd."""
    rows = series(run, 0)["survival"]
    assert [row[:2] for row in rows] == [[0, 1], [30, 1], [60, 1], [90, 1], [120, 0.625]]
    assert rows[-1][2] < 0.625 < rows[-1][3]
    assert not series(run, 5)["survival"]  # 0.5, and five followed yet, would tell the three
    # Of what came after 30 April nothing was known on it.
    known = series(run, 0, "--known-at", "2025-04-30")["survival"]
    assert [row[:2] for row in known] == [[0, 1], [30, 1], [60, 1]]


@pytest.mark.parametrize("by", ["phase", "gender*end_state", "destination"])
def test_a_chart_does_not_tell_what_a_table_of_the_same_groups_withholds(
    run: Polku, by: str
) -> None:
    """One in intake and four in training: the table withholds both and tells five in all."""
    asked = ("report", "--programme", "duunipolku", "--as-at", DAY, "--json")
    told = {one["id"]: one for one in run(*asked, "--by", by).json["series"]}
    assert not told["flow"]["rows"]
    days = {row[0] for row in told["stock"]["rows"]}
    assert max(days) == "2025-06-01"
    alone = {one["id"]: one for one in run(*asked, "--by", by, "--threshold", "0").json["series"]}
    assert "flow" in alone
    assert max(row[0] for row in alone["stock"]["rows"]) == DAY


def test_a_funnel_has_the_shares_that_the_table_shows_with_limits_around_all(run: Polku) -> None:
    (row,) = series(run, 0)["funnel-under-30"]
    assert row == ["tampere", 8, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    (row,) = series(run, 0)["funnel-follow-up-path"]
    assert row == ["tampere", 3, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
