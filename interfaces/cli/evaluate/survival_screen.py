"""How long it takes from one event to another, as a person reads it."""

from collections.abc import Mapping
from typing import Any

from application.evaluation.curves import Curves, Group
from application.evaluation.survival import LogRank, Median
from domain.wording import said
from interfaces.cli.speaking import Speaker, say_moment, say_unseen

AFTER = (30, 90, 180, 365)
"""Days after which a person is shown how many have not come to it."""


_TOGETHER = said(
    "Days are taken together, and all is reckoned of these rows alone, by the life table: those "
    "censored in a row count for half of it, and those who end are spread evenly over its days."
)


def draw(speaker: Speaker, found: Curves, value: Mapping[str, Any]) -> None:
    """Draw the groups, what came first in each, and whether they differ."""
    speaker.line(
        said("From {begins} until {ends}, in days.", begins=value["begins"], ends=found.ends[0])
    )
    say_moment(speaker, value["clocks"], found.threshold)
    if found.threshold > 1:
        speaker.line(_TOGETHER)
    say_unseen(speaker, value["unseen"])
    _draw_groups(speaker, found)
    for group in found.groups:
        _say_first(speaker, group)
    if found.log_rank is not None and found.log_rank.freedom:
        _say_test(speaker, found.ends[0], found.log_rank)


def _draw_groups(speaker: Speaker, found: Curves) -> None:
    right = [
        *(said("Begun"), *found.ends, said("Censored"), said("Half after"), said("Mean")),
        *(said("Not yet at {days}", days=days) for days in AFTER),
    ]
    drawn = speaker.table((said("Group"), "wrap"), *((name, "right") for name in right))
    for group in found.groups:
        drawn.add_row(*_row(speaker, group, len(right), together=found.threshold > 1))
    speaker.show(drawn)


def _name(speaker: Speaker, group: Group) -> str:
    if group.name is None:
        return speaker.text(said("not known"))
    return speaker.text(said("all")) if group.name == "all" else speaker.called(group.name)


def _say_first(speaker: Speaker, group: Group) -> None:
    for what, reached in (group.incidence or {}).items():
        if reached:
            last = reached[-1]
            speaker.line(
                said(
                    "{group}: {what} came first to {share} within {days} days ({low} to {high})",
                    group=_name(speaker, group),
                    what=what,
                    share=speaker.share(last.share),
                    days=speaker.plainly(last.days),
                    low=speaker.share(last.low),
                    high=speaker.share(last.high),
                )
            )


def _say_test(speaker: Speaker, what: str, test: LogRank) -> None:
    speaker.line(
        said(
            "Log-rank of {what}: chi squared {statistic}, degrees of freedom {freedom}, "
            "p = {probability}",
            what=what,
            statistic=speaker.number(test.statistic, 2),
            freedom=test.freedom,
            probability=speaker.plainly(float(f"{test.probability:.3g}")),
        )
    )


def _row(speaker: Speaker, group: Group, numbers: int, *, together: bool) -> list[str]:
    name = _name(speaker, group)
    if group.withheld or group.stays == 0:
        told = speaker.text(said("withheld")) if group.withheld else "0"
        return [name, told, *[""] * (numbers - 1)]
    return [
        name,
        speaker.number(group.stays),
        *(speaker.number(number) for number in (group.ended or {}).values()),
        speaker.number(group.censored),
        _half(speaker, group.median, together=together),
        _mean(speaker, group),
        *(_not_yet(speaker, group, days, together=together) for days in AFTER),
    ]


def _half(speaker: Speaker, found: Median | None, *, together: bool) -> str:
    if found is None or found.days is None:
        return speaker.text(said("not reached"))
    # Where days are taken together, it is the last of those among which half of them came to it.
    least = "≤ " if together else ""
    half, low, high = (
        "?" if x is None else f"{least}{speaker.plainly(x)}"
        for x in (found.days, found.low, found.high)
    )
    return f"{half} ({low}-{high})"


def _mean(speaker: Speaker, group: Group) -> str:
    if group.mean is None:
        return ""
    days, until = speaker.number(group.mean.days, 1), speaker.plainly(group.mean.until)
    return speaker.text(said("{days} of {until}", days=days, until=until))


def _not_yet(speaker: Speaker, group: Group, days: int, *, together: bool) -> str:
    if not group.curve or (group.curve[-1].days < days and group.curve[-1].share > 0):
        return ""
    rows = [row for row in group.curve if row.days <= days]
    share, told_on = (rows[-1].share, rows[-1].days) if rows else (1.0, 0.0)
    # Where days are taken together, what came between the last one told and this is not told.
    return f"{'≤ ' if together and told_on < days else ''}{speaker.share(share)}"
