"""`polku db`: the database that the log is kept in."""

import typer

from interfaces import bootstrap
from interfaces.cli.terminal import AsJson, Screen, answer, progress

commands = typer.Typer(
    no_args_is_help=True, help="Make the database, bring it up to date, see how it stands."
)


@commands.command()
def upgrade(as_json: AsJson = False) -> None:
    """Make the tables, or bring them up to date; what is recorded stays.

    JSON: database, revision, wanted, state, was (the revision before, null where it was new).
    """
    before = bootstrap.status()
    with progress("Bringing the tables up to date") as advance:
        after = bootstrap.upgrade(on_progress=advance)
    value = {**_keys(after), "was": before.revision}

    def draw(to: Screen) -> None:
        was = "" if before.state == "current" else f", was {before.revision or 'empty'}"
        to.print(after.said + was)

    answer(as_json, value, draw)


@commands.command()
def status(as_json: AsJson = False) -> None:
    """Say whether the tables are those of this program; end with 0 only where they are.

    JSON: database, revision, wanted, state (current, empty, behind, ahead, broken or
    foreign).
    """
    found = bootstrap.status()
    answer(as_json, _keys(found), lambda to: to.print(found.said))
    if found.state != "current":
        raise typer.Exit(1)


def _keys(status: bootstrap.DatabaseStatus) -> dict[str, str | None]:
    return {
        "database": status.database,
        "revision": status.revision,
        "wanted": status.wanted,
        "state": status.state,
    }
