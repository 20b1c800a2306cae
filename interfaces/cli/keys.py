"""`polku keys`: the master keys that the keys of personal data are wrapped by."""

import typer

from interfaces import bootstrap
from interfaces.cli.terminal import AsJson, Screen, answer, progress, so_many

commands = typer.Typer(
    no_args_is_help=True,
    help="The master keys of personal data: which is in use, and going over to a new one.",
)


@commands.command()
def rotate(as_json: AsJson = False) -> None:
    """Wrap all keys of personal data by the newest master key; no entry is touched.

    Put the new key before the old one in POLKU_MASTER_KEY or POLKU_MASTER_KEY_FILE, restart what
    serves, and run this; then the old one can go. A run that was broken off goes on where it was.

    JSON: master (the id of the newest master key), wrapped (how many keys were wrapped anew).
    """
    with bootstrap.open_office(inline=False) as office, progress("Wrapping keys") as on_progress:
        master, wrapped = bootstrap.rotate_master_key(office, on_progress)

    def draw(to: Screen) -> None:
        to.print(f"{so_many(wrapped, 'key')} wrapped anew: all are under the master key {master}.")
        to.print(
            "Before the old one goes: what still serves with the old one first wraps by it. "
            "Restart that, and run this again.",
            soft_wrap=True,
        )

    answer(as_json, {"master": master, "wrapped": wrapped}, draw)
