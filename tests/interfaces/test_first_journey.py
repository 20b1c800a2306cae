"""The first journey of the README, taken literally: its commands work, and show something."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from application.simulation import run as simulation

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
JOURNEY = README.partition("## A first journey")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", JOURNEY, re.MULTILINE | re.DOTALL)
LINES = [line.partition(" #")[0].split() for _, block in BLOCKS for line in block.splitlines()]


def commands(*beginning: str) -> list[Sequence[str]]:
    found = [line[1:] for line in LINES if tuple(line[: len(beginning)]) == beginning]
    assert found, f"the README's first journey has no `{' '.join(beginning)}`"
    return found


@pytest.fixture(scope="module")
def number() -> int:
    """The highest number of a client whom the README names: the demo plays as many and more."""
    return max(int(n) for n in re.findall(r"duunipolku-7-(\d{4})", JOURNEY))


@pytest.fixture
def the_last_alone(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Play the one whom the README names, and 59 who come before: each has a lot of its own."""
    wait = simulation._Telling._wait

    def wait_for_the_last(telling: Any, turn: int) -> None:
        if turn >= number - 60:
            wait(telling, turn)

    monkeypatch.setattr(simulation._Telling, "_wait", wait_for_the_last)


def test_its_journey_is_one_of_the_demos_and_its_days_differ(
    run, tmp_path, number, the_last_alone, monkeypatch
) -> None:
    after_the_demo = datetime(2026, 7, 1, tzinfo=UTC)
    monkeypatch.setattr("infrastructure.clock.utc_now", lambda: after_the_demo)
    url = f"sqlite:///{tmp_path / 'polku.db'}"
    run("db", "upgrade", url=url)
    played = ("simulate", "--programme", "duunipolku", "--clients", str(number))
    assert run(*played, url=url).code == 0
    for command in commands("polku", "journeys", "list")[:1]:
        assert len(run(*command, "--json", url=url).json["journeys"]) == 5
    shown = [run(*command, url=url) for command in commands("polku", "journeys", "show")]
    assert {(said.code, said.err) for said in shown} == {(0, "")}
    told = [len(re.findall(r"^ +\d+ +\d{4}-\d\d-\d\d ", said.out, re.MULTILINE)) for said in shown]
    assert len(told) == len(set(told)) == 4
    assert min(told) > 5


def test_its_definition_can_be_changed_checked_and_published(run, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'polku.db'}"
    run("db", "upgrade", url=url)
    run("programmes", "publish", "etela-savo", url=url)
    (show,) = commands("polku", "programmes", "show")
    text = run(*show[: show.index(">")], url=url).out
    changed = text.replace("version: 1", "version: 2", 1)
    (tmp_path / show[-1]).write_text(changed, encoding="utf-8")
    for name in ("check", "publish"):
        (command,) = commands("polku", "programmes", name)
        said = run(*command, url=url)
        assert (said.code, said.err) == (0, "")


def test_its_spells_come_in_by_its_commands(run, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (rows,) = [block for language, block in BLOCKS if language == "csv"]
    Path("spells.csv").write_text(rows, encoding="utf-8")
    (export,) = [line[1] for line in LINES if line[:1] == ["export"]]
    url = export.removeprefix("POLKU_DATABASE_URL=")
    for command in (*commands("polku", "db"), *commands("polku", "import")):
        assert run(*command, url=url).code == 0, command
    listed = run("journeys", "list", "--json", url=url).json["journeys"]
    assert sorted(one["status"] for one in listed) == ["closed", "closed", "open"]
