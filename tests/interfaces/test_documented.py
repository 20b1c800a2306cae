"""What a person can call or set stands in the README, and the README names nothing else."""

import re
from pathlib import Path

import pytest
import typer

from infrastructure.settings import Settings, variables
from interfaces.cli.program import app_for

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no section {title!r}"
    return found[1]


def rows(text: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def every_command() -> list[str]:
    top = typer.main.get_command(app_for([]))
    names = []
    for name, command in top.commands.items():
        names += [f"{name} {sub}" for sub in getattr(command, "commands", ())] or [name]
    return names


def test_every_command_is_in_the_readme_and_no_other() -> None:
    written = [
        re.sub(r"^polku |( [A-Z_]+\S*)", "", row).strip() for row in rows(section("Commands"))
    ]
    assert sorted(written) == sorted(every_command())


def test_every_setting_is_in_the_readme_with_its_default_and_no_other() -> None:
    table = section("Settings")
    assert sorted(rows(table)) == sorted(variables())
    for name, field in Settings.model_fields.items():
        assert f"| `POLKU_{name.upper()}` | `{field.default}` |" in table


@pytest.mark.parametrize("name", every_command())
def test_every_command_has_a_help_that_says_its_json_keys(name: str, run) -> None:
    said = run(*name.split(), "--help")
    assert said.code == 0
    assert "--json" in said.out
    assert "JSON: " in said.out


@pytest.mark.parametrize("name", every_command())
def test_every_option_has_a_help(name: str) -> None:
    command = typer.main.get_command(app_for([]))
    for part in name.split():
        command = command.commands[part]
    for parameter in command.params:
        assert parameter.help, f"{name}: {parameter.name} has no help"
