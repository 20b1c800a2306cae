"""The program with the commands that it is asked for."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

COMMANDS = {
    "demo": "interfaces.cli.demo:demo",
    "db": "interfaces.cli.db:commands",
    "programmes": "interfaces.cli.programmes:commands",
    "journeys": "interfaces.cli.journeys:commands",
    "clients": "interfaces.cli.clients:commands",
    "retention": "interfaces.cli.retention:commands",
    "keys": "interfaces.cli.keys:commands",
    "audit": "interfaces.cli.audit:commands",
    "report": "interfaces.cli.report:report",
    "evaluate": "interfaces.cli.evaluate:commands",
    "export": "interfaces.cli.export:commands",
    "serve": "interfaces.cli.serve:serve",
    "import": "interfaces.cli.importing:import_",
    "simulate": "interfaces.cli.simulate:simulate",
    "projections": "interfaces.cli.projections:commands",
    "token": "interfaces.cli.token:token",
    "what-if": "interfaces.cli.what_if:told_what_if",
}
"""Every command and where it is. Only the one that is asked for is loaded, so that it is fast."""


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """Return the program with the command that the arguments name, or else with all of them."""
    app = typer.Typer(
        help="What happened on a client's way, who knew it when, and what is due.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_before)
    for name in _asked(arguments):
        found = _load(COMMANDS[name])
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def _asked(arguments: Sequence[str]) -> Iterable[str]:
    name = next((a for a in arguments if not a.startswith("-")), None)
    if name in COMMANDS:
        return (name,)
    return () if "--version" in arguments else COMMANDS


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"polku {version('polku')}")
        raise typer.Exit


def _before(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    from interfaces import bootstrap

    bootstrap.set_up_logging()
