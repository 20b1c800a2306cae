"""Two groups compared, as a person reads it."""

from collections.abc import Mapping
from typing import Any

from application.evaluation.comparison import Comparison
from application.evaluation.differences import Estimate
from application.evaluation.standardising import Stratum
from domain.wording import in_words, said
from interfaces.cli.speaking import Speaker, say_moment, say_unseen


def draw(speaker: Speaker, found: Comparison, value: Mapping[str, Any]) -> None:
    """Draw both groups with limits, the strata, and what the difference does not prove."""
    of = value["outcome"]
    speaker.line(
        said("{outcome}: share, limits of 95 %.", outcome=of)
        if found.is_share
        else said("{outcome}: mean, limits of 95 %.", outcome=of)
    )
    say_moment(speaker, value["clocks"], found.threshold)
    say_unseen(speaker, value["unseen"])
    _draw_sides(speaker, found)
    if found.standardised is not None:
        _draw_strata(speaker, found, found.standardised.strata)
    for caution in found.cautions:
        speaker.line(caution)


def _draw_sides(speaker: Speaker, found: Comparison) -> None:
    drawn = speaker.table(
        (said("Group"), "wrap"),
        (said("Known"), "right"),
        (said("Not known"), "right"),
        (said("Share") if found.is_share else said("Mean"), "right"),
        (said("Lower limit"), "right"),
        (said("Upper limit"), "right"),
    )
    for side in found.sides:
        known = said("withheld") if side.known is None else speaker.number(side.known)
        estimate = _three(speaker, side.estimate, found)
        missing = speaker.number(side.missing)
        drawn.add_row(speaker.text(side.name), speaker.text(known), missing, *estimate)
    difference = _three(speaker, found.difference, found)
    drawn.add_row(speaker.text(said("difference")), "", "", *difference)
    if found.standardised is not None:
        alike = _three(speaker, found.standardised.difference, found)
        drawn.add_row(speaker.text(said("difference, standardised")), "", "", *alike)
    speaker.show(drawn)


def _draw_strata(speaker: Speaker, found: Comparison, strata: tuple[Stratum, ...]) -> None:
    drawn = speaker.table(
        (", ".join(speaker.text(in_words("field", one)) for one in found.strata_by), "wrap"),
        (said("First"), "right"),
        (said("Second"), "right"),
        (said("First's"), "right"),
        (said("Second's"), "right"),
        (said("Weight"), "right"),
        (said("Left out"), "wrap"),
    )
    for one in strata:
        categories = (said("not known") if x is None else x for x in one.categories)
        drawn.add_row(
            ", ".join(map(speaker.text, categories)),
            *(("", "") if one.counts is None else map(speaker.number, one.counts)),
            *("" if x is None else _number(speaker, x, found) for x in one.means),
            "" if one.weight is None else speaker.number(one.weight, 3),
            speaker.text(one.left_out),
        )
    speaker.show(drawn)


def _three(speaker: Speaker, estimate: Estimate | None, found: Comparison) -> list[str]:
    if estimate is None:
        return ["", "", ""]
    three = (estimate.value, estimate.low, estimate.high)
    return ["" if x is None else _number(speaker, x, found) for x in three]


def _number(speaker: Speaker, number: float, found: Comparison) -> str:
    return speaker.share(number) if found.is_share else speaker.number(number, 2)
