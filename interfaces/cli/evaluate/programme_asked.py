"""What every evaluation is asked: of which programme, as at which day, as known when."""

from datetime import datetime
from typing import Annotated, TypeAlias

import typer

from application.evaluation.reckoning import Asking, definition_asked
from application.journeys import Office
from application.local_time import instant_meant, zone_of
from interfaces import bootstrap
from interfaces.cli.terminal import day_of, instant_of

Programme: TypeAlias = Annotated[str, typer.Option(help="The programme's code, as etela-savo.")]
AsAt: TypeAlias = Annotated[
    str | None, typer.Option(metavar="DAY", help="What had happened by this day; today's if none.")
]
KnownAt: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="INSTANT", help="Only what was known by this instant, or day's end."),
]


def asking(office: Office, programme: str, as_at: str | None, known_at: str | None) -> Asking:
    """Return what the options ask. Raises BadInput and NotPublished."""
    asked, known = Asking(programme, day_of(as_at, "--as-at")), instant_of(known_at, "--known-at")
    definition, day = definition_asked(office, asked)
    instant: datetime | None = instant_meant(known, zone_of(definition))
    return Asking(programme, day, instant, bootstrap.archived_journeys(office))
