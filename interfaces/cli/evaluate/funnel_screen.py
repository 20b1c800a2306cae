"""Units side by side, as a person reads it."""

from collections.abc import Mapping, Sequence
from typing import Any

from application.evaluation.funnels import Kind, Stands
from application.evaluation.side_by_side import SideBySide, Verdict
from domain.wording import counted, in_words, said
from interfaces.cli.speaking import Speaker, say_moment, say_unseen

_KINDS = {
    Kind.SHARE: said("share"),
    Kind.RATE: said("rate"),
    Kind.MEAN: said("mean"),
    Kind.MEDIAN: said("median"),
}
_STANDS = {
    Stands.BELOW_OUTER: said("far below"),
    Stands.BELOW: said("below"),
    Stands.WITHIN: said("within chance"),
    Stands.ABOVE: said("above"),
    Stands.ABOVE_OUTER: said("far above"),
}
_VERDICTS = {
    Verdict.STRENGTH: said("strength"),
    Verdict.WEAKNESS: said("weakness"),
    Verdict.WITHIN_CHANCE: said("within chance"),
}
_LEVELS = {
    "local": said("local"),
    "national": said("national"),
    "european": said("European"),
}


def draw(speaker: Speaker, found: SideBySide, value: Mapping[str, Any]) -> None:
    """Draw the units with their limits, and how they do beside the reference values."""
    speaker.line(
        said(
            "{outcome} by {by}: {kind}.",
            outcome=value["outcome"],
            by=in_words("field", value["by"]),
            kind=_KINDS[found.kind],
        )
    )
    say_moment(speaker, value["clocks"], found.threshold)
    say_unseen(speaker, value["unseen"])
    _say_missing(speaker, value["missing"])
    if found.funnel is None:
        speaker.line(
            said("Too few are counted: all is withheld.")
            if found.size is None
            else said("Nobody is counted.")
        )
        return
    speaker.line(
        said(
            "All together {value} of {size}; centre {centre}.",
            value=_figure(speaker, found.kind, found.value),
            size=speaker.number(found.size),
            centre=_figure(speaker, found.kind, found.funnel.centre),
        )
    )
    _draw_units(speaker, found, value["units"])
    _draw_references(speaker, found.kind, value["references"])


def _say_missing(speaker: Speaker, missing: int) -> None:
    if missing:
        speaker.line(
            counted(
                "Missing: of {n} journey it is not known; it is not in the figures.",
                "Missing: of {n} journeys it is not known; they are not in the figures.",
                missing,
            )
        )


def _draw_units(speaker: Speaker, found: SideBySide, units: Sequence[Mapping[str, Any]]) -> None:
    drawn = speaker.table(
        (said("Unit"), "wrap"),
        (said("Size"), "right"),
        (said("Figure"), "right"),
        (said("95 % within"), "right"),
        (said("99.8 % within"), "right"),
        (said("Stands"), "wrap"),
    )
    for one in units:
        limits = (_two(speaker, found.kind, one[name]) for name in ("inner", "outer"))
        drawn.add_row(
            speaker.called(one["unit"]),
            speaker.number(one["size"]),
            _figure(speaker, found.kind, one["value"]),
            *limits,
            speaker.text(_STANDS[one["stands"]]),
        )
    for unit in found.withheld:
        drawn.add_row(speaker.called(unit), speaker.text(said("withheld")), "", "", "", "")
    speaker.show(drawn)


def _draw_references(speaker: Speaker, kind: Kind, references: Sequence[Mapping[str, Any]]) -> None:
    if not references:
        return
    drawn = speaker.table(
        (said("Unit"), "wrap"),
        said("Level"),
        (said("Reference"), "right"),
        (said("Figure"), "right"),
        (said("Verdict"), "wrap"),
        (said("Basis"), "wrap"),
    )
    for one in references:
        basis = one["basis"]
        drawn.add_row(
            speaker.called(one["unit"]) if one["unit"] else speaker.text(said("all")),
            speaker.text(_LEVELS[one["level"]]),
            _figure(speaker, kind, one["reference"]),
            _figure(speaker, kind, one["value"]),
            speaker.text(_VERDICTS[one["verdict"]]),
            speaker.text(said("{basis} (assumed)", basis=basis) if one["assumed"] else basis),
        )
    speaker.show(drawn)


def _two(speaker: Speaker, kind: Kind, limits: Sequence[float | None]) -> str:
    low, high = (
        speaker.text(said("any")) if x is None else _figure(speaker, kind, x) for x in limits
    )
    return speaker.text(said("{low} to {high}", low=low, high=high))


def _figure(speaker: Speaker, kind: Kind, value: float | None) -> str:
    if value is None:
        return ""
    return speaker.share(value) if kind is Kind.SHARE else speaker.number(value, 2)
