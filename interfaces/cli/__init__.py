"""The command `polku`."""

import gc
import io
import os
import sys
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

DONE, UNHEARD, INTERRUPTED = 0, 1, 130
"""How the program ends where nothing is wrong: done, nobody reads on, or stopped by a person."""

MUCH_THAT_STAYS = (300_000, 50, 100)
"""When to look for garbage: a log that is read stays, and to look through it all the time costs as
much again as reading it. What a command imports stays as well, and is half as much as the first."""

NO_PLUGINS = ("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""The variable by which pydantic does not look through all installed packages for plugins of it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments (by default the process's) ask for.

    Return 0 where it did what was asked, 1 where it was refused or found faults, 2 where what was
    given cannot be used. What is wrong is one sentence on stderr.
    """
    if arguments is not None:
        return _run(list(arguments))
    _settle()
    try:
        return _run(sys.argv[1:])
    finally:
        gc.freeze()  # it all goes with the process: Python would look for garbage in it first


def _run(arguments: Sequence[str]) -> int:
    try:
        code = app_for(arguments)(arguments, prog_name="polku", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _unheard()
    except Exception as error:  # noqa: BLE001 - whatever it is, a person reads one sentence
        from interfaces.cli.explaining import explain

        return explain(error)
    return code if isinstance(code, int) else DONE


def _settle() -> None:
    """Make the process fit for a command: for much data, and for a terminal of few letters."""
    gc.set_threshold(*MUCH_THAT_STAYS)
    os.environ.setdefault(*NO_PLUGINS)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


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


def _unheard() -> int:
    """End quietly where nobody reads on (`| head`): what is still to be written goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return UNHEARD
