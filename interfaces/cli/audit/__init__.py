"""`polku audit`: what can be proved of what happened, was known and was decided."""

import typer

from interfaces.cli.audit.bundle import bundle
from interfaces.cli.audit.checkpoint import checkpoint
from interfaces.cli.audit.verify import verify

commands = typer.Typer(
    no_args_is_help=True, help="What happened, what was known when, and who decided what on it."
)
commands.command("bundle")(bundle)
commands.command("checkpoint")(checkpoint)
commands.command("verify")(verify)
