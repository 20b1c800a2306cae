"""`polku audit sample`: draws journeys so that anybody can draw the same ones again."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from application.audit.sampling import (
    MOST,
    BadCertificate,
    Certificate,
    Draw,
    Trait,
    certificate_of,
    certified,
    differences,
    sample,
)
from application.json_text import GivenTwice, read_json
from application.scope import Purpose
from domain.definition import Phase
from domain.journey.state import Status
from interfaces import bootstrap
from interfaces.cli.noting import note_reading
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    Refused,
    Screen,
    answer,
    progress,
    so_many,
    table,
)


def told_sample(
    size: Annotated[
        int | None, typer.Option(min=1, max=MOST, help="How many journeys to draw.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option(help="Any text: another seed, other journeys.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TRAIT=VALUE",
            help="Only journeys with this programme, organisation, phase or status; repeatable.",
        ),
    ] = None,
    by: Annotated[Trait | None, typer.Option(help="Draw from each stratum of this trait.")] = None,
    verify: Annotated[
        Path | None,
        typer.Option(metavar="CERTIFICATE", help="Draw the sample of a certificate again."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw a sample of journeys, or draw one again by its certificate and compare.

    The answer of --json is the certificate: keep it. With --verify it ends with 0 only where the
    same journeys are drawn again.

    JSON: form, size, seed, where, by, position (of the log: later entries do not count), root (of
    the ledger at the position; null without one), strata (name, journeys: how many there are,
    drawn: in the order of the draw), journeys (the ids). With --verify: same, position, differences
    (sentences), certificate (as it is drawn again).
    """
    if verify is not None:
        if size is not None or seed is not None or where or by is not None:
            raise BadInput("--verify: the certificate says what to draw: give nothing beside it")
        _verify(verify, as_json)
        return
    if size is None or seed is None:
        raise BadInput("give --size and --seed, or a certificate with --verify")
    made = _sampled(Draw(size, seed, _narrowed(where or []), by))
    answer(as_json, certified(made), lambda to: _draw(to, made))


def _narrowed(where: Iterable[str]) -> dict[Trait, str]:
    found: dict[Trait, str] = {}
    for text in where:
        name, _, value = text.partition("=")
        if name not in set(Trait) or not value:
            known = ", ".join(Trait)
            raise BadInput(f"--where: {text!r} is not TRAIT=VALUE; the traits are {known}")
        trait = Trait(name)
        if trait in found:
            raise BadInput(f"--where: {name} is given more than once: say which is meant")
        if value not in _CODES.get(trait, {value}):
            codes = ", ".join(_CODES[trait])
            raise BadInput(f"--where: {value!r} is no {name}; there are {codes}")
        found[trait] = value
    return found


_CODES: Mapping[Trait, tuple[str, ...]] = {
    Trait.PHASE: tuple(Phase),
    Trait.STATUS: tuple(Status),
}
"""The values that a trait may have, where they are the same in every programme."""


def _sampled(draw: Draw, position: int | None = None) -> Certificate:
    with bootstrap.open_office() as office, progress("Reading journeys") as advance:
        root_at = bootstrap.ledger_root(office)
        made = sample(office.log, draw, root_at, position=position, on_progress=advance)
        note_reading(office, "audit-sample", ((None, one) for one in made.journeys), Purpose.AUDIT)
    return made


def _verify(file: Path, as_json: bool) -> None:
    given = _read(file)
    again = _sampled(given.draw, given.position)
    found = differences(given, again)
    value: dict[str, Any] = {
        "same": not found,
        "position": given.position,
        "differences": found,
        "certificate": certified(again),
    }
    answer(as_json, value, lambda to: _draw_verified(to, given, found))
    if found:
        raise Refused(f"{file} is not the sample of this log: {'; '.join(found)}")


def _read(file: Path) -> Certificate:
    try:
        return certificate_of(read_json(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from error
    except (BadCertificate, GivenTwice) as error:
        raise BadInput(f"{file}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{file} is not JSON") from error


def _draw(to: Screen, made: Certificate) -> None:
    drawn = table(None, ("Stratum", "wrap"), ("Journeys", "right"), ("Drawn", "right"))
    for one in made.strata:
        drawn.add_row(one.name or "all", str(one.journeys), str(len(one.drawn)))
    to.print(drawn if made.strata else "There is no such journey.")
    for journey in made.journeys:
        to.print(journey)
    to.print(
        f"Drawn at position {made.position}; with --json you get the certificate.", style="dim"
    )


def _draw_verified(to: Screen, given: Certificate, found: tuple[str, ...]) -> None:
    if not found:
        drawn = so_many(len(given.journeys), "journey")
        to.print(f"The same {drawn} are drawn again at position {given.position}.")
