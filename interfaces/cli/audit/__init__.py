"""`polku audit`: what can be shown to whoever looks afterwards."""

import typer

from interfaces.cli.audit.access import access

commands = typer.Typer(
    no_args_is_help=True, help="What an audit asks: who read what, and on which ground."
)
commands.command("access")(access)


@commands.callback()
def _audit() -> None:
    """Keep the name of the command before what it is asked for."""
