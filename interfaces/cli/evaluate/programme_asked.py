"""What every evaluation is asked: of which programme, as at which day, as known when."""

from typing import Annotated, TypeAlias

import typer

Programme: TypeAlias = Annotated[str, typer.Option(help="The programme's code, as etela-savo.")]
AsAt: TypeAlias = Annotated[
    str | None, typer.Option(metavar="DAY", help="What had happened by this day; today's if none.")
]
KnownAt: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="INSTANT", help="Only what was known by this instant, or day's end."),
]
