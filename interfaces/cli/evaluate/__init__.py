"""`polku evaluate`: what came of a programme, how long things take, and what is only chance."""

import typer

from interfaces.cli.evaluate.compare import told_comparison
from interfaces.cli.evaluate.conformance import told_conformance
from interfaces.cli.evaluate.flows import told_flows
from interfaces.cli.evaluate.funnel import told_funnel
from interfaces.cli.evaluate.payments import told_payments
from interfaces.cli.evaluate.survival import told_survival
from interfaces.cli.speaking import refusing

commands = typer.Typer(
    no_args_is_help=True,
    help="What came of a programme, how long things take, what differs, and what is only chance.",
)
commands.command("survival")(refusing(told_survival))
commands.command("compare")(refusing(told_comparison))
commands.command("funnel")(refusing(told_funnel))
commands.command("conformance")(refusing(told_conformance))
commands.command("payments")(refusing(told_payments))
commands.command("flows")(refusing(told_flows))
