"""Two groups of journeys compared by what came of them, and what that does not prove."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from typing import NamedTuple, TypeAlias

from application.evaluation.differences import (
    Estimate,
    difference_of_means,
    difference_of_shares,
    mean_of,
    share_of,
)
from application.evaluation.published import TOTAL, Counts, Key
from application.evaluation.standardising import (
    Categories,
    Standardised,
    Stratum,
    Valued,
    standardised,
)
from application.evaluation.suppression import THRESHOLD, suppress
from domain.wording import Listed, counted, in_words, said


class Design(StrEnum):
    """What tells the two groups apart."""

    TREATED = "treated"
    BEFORE_AFTER = "before-after"
    TRAIT = "trait"


class Counted(NamedTuple):
    """A journey to compare: whether in the first group, its stratum, and its value if known.

    `person` says whose it is; None: of one who has no other.
    """

    first: bool
    stratum: Categories
    value: float | None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the groups: how many values are known and are not, and the mean or share.

    `known` and `estimate` are None where they are withheld. `missing` is always told: it says
    something of the records, not of anybody.
    """

    name: str
    known: int | None
    missing: int
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two groups reached, how far apart they are, and what that does not prove.

    `difference` is the first's less the second's; `standardised` the same as if both were made up
    alike. None: withheld, or nobody to compare. Strata that are withheld have no numbers.
    `ungrouped` journeys are in neither group, since it is not known in which; None: withheld.
    """

    is_share: bool
    sides: tuple[Side, Side]
    difference: Estimate | None
    strata_by: tuple[str, ...]
    standardised: Standardised | None
    withheld: bool
    threshold: int
    cautions: tuple[str, ...]
    ungrouped: int | None = 0


def compared(
    people: Sequence[Counted],
    names: tuple[str, str],
    *,
    is_share: bool,
    design: Design,
    strata_by: tuple[str, ...] = (),
    threshold: int = THRESHOLD,
    is_count: bool = False,
    ungrouped: int = 0,
) -> Comparison:
    """Return the comparison of the first group with the second; values of a share are 1 or 0.

    `is_count`: values are how often something came; their sums are told, and of few persons
    withheld. `ungrouped` journeys are those of which it is not known in which group they are.
    """
    known = [Valued(one.first, one.stratum, one.value) for one in people if one.value is not None]
    alike = standardised(known, is_share=is_share)
    told = _answers(is_share=is_share, is_count=is_count)
    hidden = _hidden(people, alike, told, threshold)
    groups = [[x.value for x in known if x.first is first] for first in (True, False)]
    closed = any(key[0] is TOTAL for key in hidden)
    missing = Counter(one.first for one in people if one.value is None)
    sides = [
        Side(
            name,
            None if closed else len(values),
            missing[first],
            None if closed or not values else _estimate(values, is_share=is_share),
        )
        for name, values, first in zip(names, groups, (True, False), strict=True)
    ]
    both = all(groups) and not closed
    return Comparison(
        is_share,
        (sides[0], sides[1]),
        _difference(groups[0], groups[1], is_share=is_share) if both else None,
        strata_by,
        _shown(known, alike, hidden, is_share=is_share) if strata_by and both else None,
        closed,
        threshold,
        cautions(
            design,
            sum(missing.values()),
            None if closed else len(people),
            strata_by,
            ungrouped=ungrouped,
        ),
        None if closed and ungrouped else ungrouped,
    )


def _estimate(values: Sequence[float], *, is_share: bool) -> Estimate:
    return share_of(round(sum(values)), len(values)) if is_share else mean_of(values)


def _difference(one: Sequence[float], other: Sequence[float], *, is_share: bool) -> Estimate:
    if not is_share:
        return difference_of_means(one, other)
    return difference_of_shares((round(sum(one)), len(one)), (round(sum(other)), len(other)))


COMPARED, LEFT_OUT = "compared", "left out"
"""What strata are together, which weights and totals tell of."""


_Answers: TypeAlias = Callable[[float], tuple[str | None, ...]]
"""Returns what a value counts for, beside that it is known."""


def _answers(*, is_share: bool, is_count: bool) -> _Answers:
    """Return what values count for: of a share each answer, of counts those that are not 0."""
    if is_share:
        return lambda value: (str(value), TOTAL)
    return lambda value: (CAME, TOTAL) if is_count and value else (TOTAL,)


CAME = "came"


def _hidden(
    people: Iterable[Counted], alike: Standardised, told: _Answers, threshold: int
) -> frozenset[Key]:
    """Return which numbers must be withheld, by stratum, group and, where it is told, answer.

    Those whose value is not known are in none of them.
    """
    within = {_named(x.categories): LEFT_OUT if x.left_out else COMPARED for x in alike.strata}
    cells: Counter[Key] = Counter()
    persons: dict[Key, set[Hashable]] = {}
    for number, one in enumerate(people):
        if one.value is not None:
            stratum = _named(one.stratum)
            strata = (stratum, within[stratum], TOTAL)
            for key in product(strata, (str(one.first), TOTAL), told(one.value)):
                cells[key] += 1
                persons.setdefault(key, set()).add(number if one.person is None else one.person)
    behind = {key: len(those) for key, those in persons.items()}
    dimensions = ("stratum", "group", "answer")
    table = Counts("journeys", dimensions, cells, {"stratum": within}, persons=behind)
    return suppress([table], threshold)[0]


def _named(stratum: Categories) -> str:
    return repr(stratum)


def _shown(
    people: Iterable[Valued], alike: Standardised, withheld: frozenset[Key], *, is_share: bool
) -> Standardised:
    """Return it without what must be withheld of strata, nor what would tell it.

    What is evened out has all digits, and tried against whole numbers it tells those of two strata
    that are withheld. So these count as one there: what that says, anybody can reckon of what is
    shown. Where it must not be told how many were left out, those whose stratum is withheld are not
    left out, but in that one, too.
    """
    hidden = {key[0] for key in withheld}
    telling = hidden.isdisjoint({COMPARED, LEFT_OUT})
    apart = {
        _named(one.categories)
        for one in alike.strata
        if _named(one.categories) not in hidden or (telling and one.left_out)
    }
    together = (
        one if _named(one.stratum) in apart else one._replace(stratum=TOGETHER) for one in people
    )
    told = standardised(together, is_share=is_share)
    found = replace(alike, means=told.means, difference=told.difference)
    return _without(found, hidden, telling=telling)


def _without(alike: Standardised, hidden: set[str | None], *, telling: bool) -> Standardised:
    """Return it without the numbers of strata of which one must be withheld.

    What a stratum was left out for tells of it, too. A weight tells how many could be compared in
    all; where that must be withheld (not `telling`), all weights are.
    """
    strata = [
        Stratum(one.categories, None, (None, None), None, WITHHELD)
        if _named(one.categories) in hidden
        else one
        if telling
        else replace(one, weight=None)
        for one in alike.strata
    ]
    compared = alike.compared if telling else None
    return replace(alike, strata=tuple(strata), compared=compared)


WITHHELD = said("withheld: too few")
"""Why nothing is told of a stratum; it counts in what is standardised with the others withheld."""

TOGETHER = ("(withheld)",)
"""The stratum that those of strata withheld are in together."""


# What it does not prove

_SELECTION: Mapping[Design, str] = {
    Design.TREATED: said(
        "Selection: unless they were drawn by lot, those who had it may have differed from the "
        "others before they had it, in ways that no stratum here tells."
    ),
    Design.BEFORE_AFTER: said(
        "Selection: those who came before and since are other people; who was referred may have "
        "changed with the rule itself."
    ),
    Design.TRAIT: said(
        "Selection: the groups differ in more than what they are told apart by; the difference is "
        "not what that makes of anybody."
    ),
}

_TIME: Mapping[Design, str] = {
    Design.TREATED: said(
        "Time: whoever had it was still there to have it, and may have been followed for another "
        "length of time, in another season or labour market; what is compared may have happened "
        "before it."
    ),
    Design.BEFORE_AFTER: said(
        "Time: whatever else changed between the two times changed the figures too, and the later "
        "journeys have been followed for a shorter time."
    ),
    Design.TRAIT: said("Time: the groups may have been followed for different lengths of time."),
}

_REGRESSION = said(
    "Regression to the mean: who is taken in when things are at their worst is mostly better off "
    "later, with or without what was done."
)

_CHANCE = said("The limits are for chance alone; they say nothing of any of this.")


def cautions(
    design: Design,
    missing: int,
    of: int | None,
    strata_by: Sequence[str],
    *,
    ungrouped: int = 0,
) -> tuple[str, ...]:
    """Return what a difference does not prove, in plain sentences.

    `of` is None where it is withheld of how many it is known what came of them.
    """
    return (
        said("A difference is not an effect."),
        _SELECTION[design],
        _standardised(strata_by),
        _REGRESSION,
        _TIME[design],
        _missing(missing, of),
        *_ungrouped(ungrouped, told=of is not None),
        _CHANCE,
    )


def _standardised(by: Sequence[str]) -> str:
    if not by:
        return said("Make-up: the groups are compared as they are; nothing is evened out.")
    return said(
        "Make-up: only {traits} is evened out, as far as it is known and in groups.",
        traits=Listed(in_words("field", trait) for trait in by),
    )


def _missing(missing: int, of: int | None) -> str:
    if not missing:
        return said("Missing data: of all journeys that count it is known what came of them.")
    if of is None:
        return said(
            "Missing data: of {missing} journeys it is not known what came of them; they are left "
            "out, and need not be like the others.",
            missing=missing,
        )
    return said(
        "Missing data: of {missing} of {of} journeys it is not known what came of them; they are "
        "left out, and need not be like the others.",
        missing=missing,
        of=of,
    )


def _ungrouped(journeys: int, *, told: bool) -> Iterator[str]:
    """Yield that there are journeys in neither group, as many as there are where it can be told."""
    if journeys and told:
        yield counted(
            "Groups: of {n} journey it is not known in which group it is; it is in neither.",
            "Groups: of {n} journeys it is not known in which group they are; they are in neither.",
            journeys,
        )
    elif journeys:
        yield said("Groups: journeys of which it is not known in which they are, are in neither.")
