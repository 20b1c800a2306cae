"""`polku audit access`: who read whose data, for what, and what left for other organisations."""

from collections.abc import Sequence
from itertools import islice
from typing import Annotated, Any

import typer

from application.accesses import Wanted, of_person, readings
from application.reading_grounds import Grounds, kinds_said
from application.scope import Purpose
from application.unusual import Unusual, unusual_of
from domain.wording import ENGLISH
from interfaces import bootstrap
from interfaces.cli.noting import note_reading
from interfaces.cli.terminal import AsJson, Screen, answer, day_of, progress, so_many, table

MOST = 1_000
"""How many readings are told where nobody says how many."""


def access(
    client: Annotated[str | None, typer.Option(help="Only of this client's data (id).")] = None,
    journey: Annotated[str | None, typer.Option(help="Only of this journey (id).")] = None,
    person: Annotated[str | None, typer.Option(help="Only by this person (id).")] = None,
    organisation: Annotated[
        str | None, typer.Option(help="Only for this organisation (code).")
    ] = None,
    since: Annotated[str | None, typer.Option(help="From this day (UTC) on.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to this day (UTC), included.")] = None,
    only_unusual: Annotated[
        bool,
        typer.Option("--unusual", help="Only what somebody should look into, with the reasons."),
    ] = False,
    limit: Annotated[int, typer.Option(min=0, help="How many at most; 0 for all.")] = MOST,
    as_json: AsJson = False,
) -> None:
    """Tell who read clients' data, as far as it is recorded: the newest second may be missing.

    JSON: readings, each with at, person, role, organisation, purpose, client, journey, what,
    correlation, disclosed (kinds, ground, consents and duties of what left for another
    organisation), ground in words, and with --unusual why (a list of codes); more says whether
    there are more than the limit.
    """
    first, last = day_of(since, "--since"), day_of(until, "--until")
    wanted = Wanted(client, journey, person, organisation, first, last)
    with bootstrap.open_office() as office:
        with progress("Bringing the views up to date") as advance:
            bootstrap.catch_up(office, advance)
        views = bootstrap.views_of(office)
        most = None if limit == 0 else limit + 1
        asked = of_person(office, wanted)
        odd = (
            unusual_of(office, asked, bootstrap.usual(), views.readings)
            if only_unusual
            else (Unusual(one, ()) for one in readings(office.log, asked, views.readings))
        )
        found = list(islice(odd, most))
        shown = found if limit == 0 else found[:limit]
        read = ((one.reading.client, one.reading.journey) for one in shown)
        note_reading(office, "audit-access", read, Purpose.AUDIT)
        grounds = Grounds(office.clients)
        told = [(one, str(grounds.of(one.reading))) for one in shown]
    value = {"readings": [_told(*one) for one in told], "more": len(found) > len(shown)}
    answer(as_json, value, lambda to: _draw(to, told, more=len(found) > len(shown)))


def _told(looked: Unusual, ground: str) -> dict[str, Any]:
    one = looked.reading
    why = {"why": [code.value for code in looked.why]} if looked.why else {}
    return why | {
        "at": one.at,
        "person": one.person,
        "role": one.role,
        "organisation": one.organisation,
        "purpose": one.purpose,
        "client": one.client,
        "journey": one.journey,
        "what": one.what,
        "correlation": one.correlation,
        "disclosed": one.disclosed,
        "ground": ground,
    }


def _draw(to: Screen, shown: Sequence[tuple[Unusual, str]], *, more: bool) -> None:
    drawn = table(
        None,
        "When (UTC)",
        ("Who", "wrap"),
        ("Organisation", "wrap"),
        ("What", "wrap"),
        ("Client", "wrap"),
        ("Journey", "wrap"),
        ("Ground", "wrap"),
        ("Left for another", "wrap"),
    )
    for looked, ground in shown:
        one = looked.reading
        drawn.add_row(
            f"{one.at:%Y-%m-%d %H:%M:%S}",
            f"{one.person} ({one.role})",
            one.organisation,
            ", ".join((one.what, *(code.value for code in looked.why))),
            one.client or "",
            one.journey or "",
            ground,
            kinds_said(one, ENGLISH),
        )
    to.print(drawn)
    to.print(so_many(len(shown), "reading") + (", and there are more" if more else ""))
