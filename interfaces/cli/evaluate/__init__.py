"""`polku evaluate`: how long things take, what differs, and what is only chance."""

import typer

from interfaces.cli.evaluate.compare import told_comparison
from interfaces.cli.evaluate.funnel import told_funnel
from interfaces.cli.evaluate.survival import told_survival

commands = typer.Typer(
    no_args_is_help=True, help="How long things take, what differs, and what is only chance."
)
commands.command("survival")(told_survival)
commands.command("compare")(told_comparison)
commands.command("funnel")(told_funnel)
