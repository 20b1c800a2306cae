"""How journeys went beside the definition's pathway, as a person reads it."""

from application.evaluation.conformance import Outcome, StepKind, Taken
from application.evaluation.conformance_shown import ConformanceShown, PlaceShown
from domain.wording import Wording, counted, said, titled
from interfaces.cli.speaking import WITHHELD, Speaker

_KINDS = {
    StepKind.PHASE: said("phase"),
    StepKind.REQUIREMENT: said("requirement"),
    StepKind.DEADLINE: said("deadline"),
}
_OUTCOMES = {
    Outcome.DONE: said("done"),
    Outcome.LEFT_OUT: said("left out"),
    Outcome.OUT_OF_ORDER: said("out of order"),
    Outcome.LATE: said("late"),
}


def draw(speaker: Speaker, found: ConformanceShown) -> None:
    """Draw shares and tables, and the journeys that deviate where they may be named."""
    speaker.line(_in_all(speaker, found.total))
    _draw_steps(speaker, found)
    _draw_places(speaker, found)
    for went in found.deviating:
        told = "; ".join(speaker.text(_said(speaker, x)) for x in went.deviations)
        speaker.line(f"{went.journey} ({speaker.called(went.organisation)}): {told}")
    if found.untold:
        speaker.line(
            counted(
                "{n} journey under a definition that is not published",
                "{n} journeys under a definition that is not published",
                found.untold,
            )
        )
    if found.withheld:
        speaker.line(
            said(
                "{sign} is a number of fewer than {threshold} persons, or would tell of one.",
                sign=WITHHELD,
                threshold=found.threshold,
            )
        )


def _in_all(speaker: Speaker, total: PlaceShown) -> Wording:
    if total.share is None:
        return said(
            "{conforming} of {journeys} journeys went in every step as the pathway has it",
            conforming=speaker.number(total.conforming),
            journeys=speaker.number(total.journeys),
        )
    return said(
        "{conforming} of {journeys} journeys ({share}) went in every step as the pathway has it",
        conforming=speaker.number(total.conforming),
        journeys=speaker.number(total.journeys),
        share=speaker.share(total.share),
    )


def _draw_steps(speaker: Speaker, found: ConformanceShown) -> None:
    drawn = speaker.table(
        said("Kind"),
        (said("Step"), "wrap"),
        (said("Asked"), "right"),
        (said("Left out"), "right"),
        (said("Out of order"), "right"),
        (said("Late"), "right"),
        (said("Overridden"), "right"),
        (said("As it should"), "right"),
    )
    missed = (Outcome.LEFT_OUT, Outcome.OUT_OF_ORDER, Outcome.LATE)
    for one in found.steps:
        drawn.add_row(
            speaker.text(_KINDS[one.step.kind]),
            f"{speaker.text(titled(one.step.title))} [{one.step.id}]",
            speaker.number(one.asked),
            *(speaker.number(one.outcomes[name]) for name in missed),
            speaker.number(one.overridden),
            speaker.share(one.share),
        )
    speaker.show(drawn)


def _draw_places(speaker: Speaker, found: ConformanceShown) -> None:
    drawn = speaker.table(
        (said("Organisation"), "wrap"), (said("Journeys"), "right"), (said("As it should"), "right")
    )
    for one in found.organisations:
        place = speaker.called(one.organisation or "")
        drawn.add_row(place, speaker.number(one.journeys), speaker.share(one.share))
    speaker.show(drawn)


def _said(speaker: Speaker, one: Taken) -> Wording:
    outcome: Wording = _OUTCOMES[one.outcome]
    if one.days:
        outcome = counted(
            "{outcome} by {n} day", "{outcome} by {n} days", one.days, outcome=outcome
        )
    if one.overridden:
        outcome = said("{outcome}, overridden", outcome=outcome)
    return said(
        "{step} {outcome} on {day}", step=one.step.id, outcome=outcome, day=speaker.day(one.on)
    )
