"""`polku evaluate conformance`: whether journeys went as the definition's pathway has it."""

from typing import Annotated, Any

import typer

from application.evaluation.asking import Moment
from application.evaluation.conformance import (
    Conformance,
    Outcome,
    StepCount,
    Taken,
    Went,
    conformance,
)
from application.evaluation.told_journeys import seen
from application.journeys import Office
from application.views.view import Rules
from interfaces import bootstrap
from interfaces.cli.evaluate.asking import AsAt, KnownAt, clocks_of
from interfaces.cli.terminal import AsJson, Screen, answer, counted, plain, progress, table


def told_conformance(
    programme: Annotated[str, typer.Option(help="The programme, by its code.")],
    as_at: AsAt = None,
    known_at: KnownAt = None,
    journeys: Annotated[
        int, typer.Option(min=0, help="How many of the journeys that deviate are named.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Show which steps of the pathway were left out, taken out of order or too late.

    Phases are asked in the order of the definition, the requirements of each on the day it was
    entered, and deadlines by their last day in time.

    JSON: programme, as_at, known_at, position (of the log), journeys, conforming, share (of those
    without any deviation), share_of_steps, untold (under a definition that is not published),
    organisations (organisation, journeys, conforming, share), steps (kind, step, title, asked,
    done, left_out, out_of_order, late, overridden, journeys, share), deviating (journey,
    organisation, deviations: kind, step, outcome, on, entry, days, overridden).
    """
    with bootstrap.open_office(inline=False) as office:
        office.programmes.check_published(programme)
        day, instant = clocks_of(office, programme, as_at, known_at)
        origin = bootstrap.origin_of(office, programme, Moment(day, instant))
        with progress("Reading the log") as advance:
            cases = bootstrap.whole_journeys(office, origin.position, advance)
            went = seen(cases, origin.moment, programme)
            found = conformance(went, _rules(office), day, first=journeys)
    value = {
        "programme": programme,
        "as_at": day,
        "known_at": instant,
        "position": origin.position,
        "journeys": found.total.journeys,
        "conforming": found.total.conforming,
        "share": found.total.share,
        "share_of_steps": found.share_of_steps,
        "untold": found.untold,
        "organisations": [
            {"organisation": name, **plain(count), "share": count.share}
            for name, count in sorted(found.organisations.items())
        ],
        "steps": [_step_keys(one) for one in _in_order(found)],
        "deviating": [_went_keys(one) for one in found.deviating],
    }
    answer(as_json, value, lambda to: _draw(to, found))


def _rules(office: Office) -> Rules:
    return Rules(office.programmes.definition, office.working_days)


def _in_order(found: Conformance) -> list[StepCount]:
    """Return the steps by kind, and those of a kind as they first came."""
    kinds = ["phase", "requirement", "deadline"]
    return sorted(found.steps.values(), key=lambda one: (kinds.index(one.step.kind), one.step.id))


def _step_keys(one: StepCount) -> dict[str, Any]:
    outcomes = {name.value.replace("-", "_"): one.outcomes[name] for name in Outcome}
    return {
        "kind": one.step.kind.value,
        "step": one.step.id,
        "title": plain(one.step.title),
        "asked": one.asked,
        **outcomes,
        "overridden": one.overridden,
        "journeys": one.journeys,
        "share": one.share,
    }


def _went_keys(one: Went) -> dict[str, Any]:
    return {
        "journey": one.journey,
        "organisation": one.organisation,
        "deviations": [_taken_keys(x) for x in one.deviations],
    }


def _taken_keys(one: Taken) -> dict[str, Any]:
    told = {name: value for name, value in one._asdict().items() if name != "step"}
    return {"kind": one.step.kind.value, "step": one.step.id, **plain(told)}


def _draw(to: Screen, found: Conformance) -> None:
    total = found.total
    share = "" if total.share is None else f" ({total.share:.1%})"
    to.print(
        f"{total.conforming:,} of {counted(total.journeys, 'journey')}{share} "
        "went in every step as the pathway has it"
    )
    drawn = table(
        None,
        "Kind",
        ("Step", "wrap"),
        *((name, "right") for name in ("Asked", "Left out", "Out of order", "Late")),
        ("Overridden", "right"),
        ("As it should", "right"),
    )
    for one in _in_order(found):
        counts = (Outcome.LEFT_OUT, Outcome.OUT_OF_ORDER, Outcome.LATE)
        drawn.add_row(
            one.step.kind.value,
            f"{one.step.title.en} [{one.step.id}]",
            f"{one.asked:,}",
            *(f"{one.outcomes[name]:,}" for name in counts),
            f"{one.overridden:,}",
            f"{one.share:.1%}",
        )
    to.print(drawn)
    _draw_places(to, found)
    for went in found.deviating:
        told = "; ".join(_said(x) for x in went.deviations)
        to.print(f"{went.journey} ({went.organisation}): {told}")
    if found.untold:
        to.print(f"{counted(found.untold, 'journey')} under a definition that is not published")


def _draw_places(to: Screen, found: Conformance) -> None:
    drawn = table(None, ("Organisation", "wrap"), ("Journeys", "right"), ("As it should", "right"))
    for name, count in sorted(found.organisations.items()):
        drawn.add_row(name, f"{count.journeys:,}", f"{count.share or 0:.1%}")
    to.print(drawn)


def _said(one: Taken) -> str:
    days = f" by {counted(one.days, 'day')}" if one.days else ""
    lawful = ", overridden" if one.overridden else ""
    return f"{one.step.id} {one.outcome.value}{days}{lawful} on {one.on}"
