"""`polku evaluate`: what came of a programme, reckoned from what was recorded."""

import typer

from interfaces.cli.evaluate.flows import told_flows
from interfaces.cli.evaluate.payments import told_payments

commands = typer.Typer(
    no_args_is_help=True, help="What came of a programme, and what it does not show."
)
commands.command("payments")(told_payments)
commands.command("flows")(told_flows)
