"""`polku audit`: what can be proved of what happened, was known and was decided."""

import typer

from interfaces.cli.audit.access import access
from interfaces.cli.audit.bundle import bundle
from interfaces.cli.audit.checkpoint import checkpoint
from interfaces.cli.audit.corrections import told_corrections
from interfaces.cli.audit.decisions import told_decisions
from interfaces.cli.audit.difference import told_difference
from interfaces.cli.audit.history import history
from interfaces.cli.audit.overview import told_overview
from interfaces.cli.audit.sample import told_sample
from interfaces.cli.audit.verify import verify

commands = typer.Typer(
    no_args_is_help=True, help="What happened, what was known when, and who decided what on it."
)
commands.command("access")(access)
commands.command("bundle")(bundle)
commands.command("checkpoint")(checkpoint)
commands.command("verify")(verify)
commands.command("history")(history)
commands.command("decisions")(told_decisions)
commands.command("corrections")(told_corrections)
commands.command("difference")(told_difference)
commands.command("sample")(told_sample)
commands.command("overview")(told_overview)
