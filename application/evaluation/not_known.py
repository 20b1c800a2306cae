"""What a replay under another definition cannot know, how often, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from domain.facts import FACTS
from domain.wording import Listed, Wording, counted, said


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that the replay cannot know: how often, None where nobody can count it."""

    code: str
    count: int | None
    said: Wording


class Uncertain(NamedTuple):
    """Counts of what a replay cannot tell.

    `untold` and `not_judged` are journeys, `unasked` the facts that nobody asked for, `phases`
    entries into one, `later` verdicts that lean on what was told after them. Of `first_days` it is
    not known when; `otherwise` are journeys that would have gone so.
    """

    untold: int
    not_judged: int
    unasked: Mapping[str, int]
    phases: int
    later: int
    first_days: int
    otherwise: int


def unknown(of: Uncertain, others: int) -> Iterator[Unknown]:
    """Yield all that a replay cannot know; `others` were never referred."""
    yield from _not_judged(of.untold, of.not_judged, of.unasked)
    yield Unknown(
        "phases",
        of.phases,
        counted(
            "entry into a phase cannot be told: nobody asked then for a fact that it requires",
            "entries into a phase cannot be told: nobody asked then for a fact that they require",
            of.phases,
        ),
    )
    yield Unknown(
        "told-later",
        of.later,
        counted(
            "verdict leans on what was told only after it: whether it was known then is not",
            "verdicts lean on what was told only after them: whether it was known then is not",
            of.later,
        ),
    )
    yield Unknown(
        "first-day",
        of.first_days,
        counted(
            "was let in both times, but nothing tells on which day that could have been first",
            "were let in both times, but nothing tells on which day that could have been first",
            of.first_days,
        ),
    )
    yield _never_referred(others)
    yield _behaviour(of.otherwise)


def of_eligibility_alone(untold: int, not_judged: int, otherwise: int) -> Iterator[Unknown]:
    """Yield what cannot be known where nothing but eligibility was asked."""
    yield from _not_judged(untold, not_judged, {})
    yield _never_referred(None)
    yield _behaviour(otherwise)


def _not_judged(untold: int, not_judged: int, unasked: Mapping[str, int]) -> Iterator[Unknown]:
    yield Unknown("facts-nobody-asked-for", untold, _untold(untold, unasked))
    yield Unknown(
        "not-judged",
        not_judged,
        counted(
            "journey has no verdict of rules here: not judged yet, declined before, brought in, "
            "or the verdict was retracted",
            "journeys have no verdict of rules here: not judged yet, declined before, brought in, "
            "or the verdict was retracted",
            not_judged,
        ),
    )


def _never_referred(others: int | None) -> Unknown:
    code = "never-referred"
    if others is None:
        told = said("who was never referred, because the rule of then shut them out, is not here")
        return Unknown(code, None, told)
    told = counted(
        "who was never referred, because the rule of then shut them out, is not here; {n} "
        "registered client has no journey in the programme, and nobody can say whether they would",
        "who was never referred, because the rule of then shut them out, is not here; {n} "
        "registered clients have no journey in the programme, and nobody can say how many would",
        others,
    )
    return Unknown(code, None, told)


def _behaviour(otherwise: int) -> Unknown:
    told = counted(
        "journey would have gone otherwise: what clients, employers and case workers would have "
        "done then, nothing tells, nor whether there was room for more",
        "journeys would have gone otherwise: what clients, employers and case workers would have "
        "done then, nothing tells, nor whether there was room for more",
        otherwise,
    )
    return Unknown("behaviour", otherwise, told)


def _untold(verdicts: int, unasked: Mapping[str, int]) -> Wording:
    if not unasked:
        return counted(
            "verdict cannot be told: nobody asked then for a fact that decides",
            "verdicts cannot be told: nobody asked then for a fact that decides",
            verdicts,
        )
    facts = Listed(
        said("{fact} ({count})", fact=Wording(FACTS[name].title, context="fact"), count=count)
        for name, count in sorted(unasked.items())
    )
    return counted(
        "verdict cannot be told: nobody asked then for {facts}",
        "verdicts cannot be told: nobody asked then for {facts}",
        verdicts,
        facts=facts,
    )
