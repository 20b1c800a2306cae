"""`polku evaluate`: what evaluators find out from the log."""

import typer

from interfaces.cli.evaluate.conformance import told_conformance

commands = typer.Typer(no_args_is_help=True, help="What evaluators find out from the log.")
commands.command("conformance")(told_conformance)


@commands.callback()
def _evaluate() -> None:
    """Keep the name of the command before what it is asked for."""
