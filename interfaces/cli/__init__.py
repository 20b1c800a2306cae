"""The command `polku`."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

COMMANDS = {
    "demo": "interfaces.cli.demo:demo",
    "db": "interfaces.cli.db:commands",
    "programmes": "interfaces.cli.programmes:commands",
    "journeys": "interfaces.cli.journeys:commands",
    "import": "interfaces.cli.importing:import_histories",
    "simulate": "interfaces.cli.simulate:simulate",
}
"""Every command and where it is. Only the one that is asked for is loaded, so that it is fast."""

DONE, REFUSED, BAD = 0, 1, 2
"""How the program ends: it did what was asked; it was refused; it could not use what was given."""

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments (by default the process's) ask for.

    Return 0 where it did what was asked, 1 where it was refused or found faults, 2 where what was
    given cannot be used. What is wrong is one sentence on stderr.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = app_for(arguments)(arguments, prog_name="polku", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _unheard()
    except Exception as error:  # noqa: BLE001 - whatever it is, a person reads one sentence
        return explain(error)
    return code if isinstance(code, int) else DONE


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """Return the program with the command that the arguments name, or else with all of them."""
    app = typer.Typer(
        help="What happened on a client's way, who knew it when, and what is due.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_before)
    asked = next((a for a in arguments if not a.startswith("-")), None)
    for name in (asked,) if asked in COMMANDS else COMMANDS:
        found = _load(COMMANDS[name])
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


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


def explain(error: Exception) -> int:
    """Say on stderr what is wrong, in a sentence; return how the program ends."""
    if isinstance(error, typer.Abort):
        return INTERRUPTED
    if isinstance(error, typer.TyperException):
        return _explain_usage(error)
    code = _code(error)
    if code is None:
        from interfaces import bootstrap

        bootstrap.note_failure(error)
        said = f"{type(error).__name__}: {error}".rstrip(": ")
        _say(f"this went wrong unexpectedly: {said}; POLKU_LOG_LEVEL=debug shows where")
        return REFUSED
    _say(str(error))
    return code


def _explain_usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(error.format_message(), err=True)
        return BAD
    where = context.command_path if context else "polku"
    _say(f"{error.format_message().rstrip('.')}; see `{where} --help`")
    return BAD


def _code(error: Exception) -> int | None:
    """Return how the program ends with an error that a person can do something about."""
    from application.importing.bringing import ImportStopped
    from application.importing.language import MappingFaults
    from application.journeys import UnknownJourney
    from application.ports import KeyReused, VersionConflict
    from application.programmes import NotPublished
    from domain.faults import DefinitionFaults
    from domain.refusals import IllegalTransition, InvalidField
    from interfaces import bootstrap
    from interfaces.cli.terminal import BadInput, Refused

    bad = (BadInput, bootstrap.BadSetting, UnknownJourney, NotPublished, InvalidField)
    if isinstance(error, (*bad, MappingFaults)):
        return BAD
    refused = (Refused, bootstrap.Unusable, IllegalTransition, VersionConflict, KeyReused)
    return REFUSED if isinstance(error, (*refused, DefinitionFaults, ImportStopped)) else None


def _say(message: str) -> None:
    typer.echo(f"polku: {message}", err=True)


def _unheard() -> int:
    """End quietly where nobody reads on (`| head`): what is still to be written goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return REFUSED
