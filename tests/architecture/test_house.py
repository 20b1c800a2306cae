"""The house as it was planned: its rooms, its walls, and no second way to what has one."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.conftest import UNHURRIED

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "application", "infrastructure", "interfaces")
TOP_LEVEL = {
    *("pyproject.toml", "Makefile", "requirements.lock", "README.md", "ARCHITECTURE.md"),
    *(".ci", ".gitignore", "features", "tests", *ROOMS),
}


def sources(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        yield from (ROOT / room).rglob("*.py")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def top(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def test_the_walls_stand() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_nothing_stands_at_the_top_level_beside_what_was_planned() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {line.split("/")[0] for line in listed.stdout.splitlines()} <= TOP_LEVEL


@pytest.mark.parametrize("path", [*sources("domain")], ids=lambda p: str(p.relative_to(ROOT)))
def test_the_domain_stands_on_the_standard_library_alone(path: Path) -> None:
    assert top(imported(path)) <= {"domain", *sys.stdlib_module_names}


CLOCKS = {"now", "today", "utcnow", "uuid1", "uuid4", "token_hex", "random"}


@pytest.mark.parametrize("path", [*sources("domain")], ids=lambda p: str(p.relative_to(ROOT)))
def test_the_domain_has_no_clock_no_chance_and_no_output(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    assert not called & (CLOCKS | {"print", "open", "input"})
    assert not top(imported(path)) & {"logging", "random", "secrets", "uuid", "os", "time"}


def test_only_the_bootstrap_reaches_infrastructure() -> None:
    reaching = {p.parent for p in sources("interfaces") if "infrastructure" in top(imported(p))}
    assert reaching == {ROOT / "interfaces" / "bootstrap"}


def test_only_the_log_and_what_was_split_off_it_know_the_eventsourcing_library() -> None:
    knowing = {p for p in sources(*ROOMS) if "eventsourcing" in top(imported(p))}
    assert {p.name for p in knowing} == {"recorder.py", "entry_mapper.py", "persistence.py"}


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(p.relative_to(ROOT))
        for p in sources(*ROOMS)
        if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize("profile", ["few", "many"])
def test_no_property_fails_by_chance_or_for_being_slow(profile: str) -> None:
    usual = settings.get_profile(profile)
    assert usual.deadline is None
    assert {*UNHURRIED} <= {*usual.suppress_health_check}


def test_what_a_property_takes_for_healthy_is_no_less_than_usual() -> None:
    """Its own list takes the place of the usual one."""
    given = [
        ast.unparse(node.value)
        for path in sources("tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "suppress_health_check"
    ]
    assert len(given) > 5
    assert [one for one in given if "UNHURRIED" not in one and one != "list(HealthCheck)"] == []
