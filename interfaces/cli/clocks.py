"""The two clocks, as the options of commands ask for them."""

from typing import Annotated, TypeAlias

import typer

AsAt: TypeAlias = Annotated[
    str | None, typer.Option(metavar="DAY", help="Only what had happened by this day (included).")
]
AsAtElseToday: TypeAlias = Annotated[
    str | None, typer.Option(metavar="DAY", help="What had happened by this day; else by today.")
]
KnownAt: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="INSTANT", help="Only what was known by this instant; a day stands for its end."
    ),
]
