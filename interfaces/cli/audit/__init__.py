"""`polku audit`: what can be proved of what happened, was known and was decided."""

import typer

from interfaces.cli.audit.bundle import bundle

commands = typer.Typer(
    no_args_is_help=True, help="What happened, what was known when, and who decided what on it."
)
commands.command("bundle")(bundle)


@commands.callback()
def _group() -> None:
    """Keep the subcommand's name, also while it is the only one."""
