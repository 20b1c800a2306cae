"""Two groups compared as if they were made up alike: direct standardisation.

Each group's mean (or share) is taken within strata, such as ages, and weighted by how many of both
groups together are in the stratum. Strata that one group has nobody in, or too few to know its
spread, can be compared with nothing: they are named and left out, and so are those whose stratum
is not known. K. J. Rothman and others, Modern Epidemiology, 3rd edition, chapter 3. The limits of
shares are reckoned of those of each stratum (`differences`): where in a stratum all have it, or
nobody, its spread is not nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, variance
from typing import NamedTuple, TypeAlias

from application.evaluation.differences import Estimate, reach_of, sum_of_shares
from domain.wording import said

Categories: TypeAlias = tuple[str | None, ...]
"""The categories that name a stratum; None: not known."""

FEWEST = 2
"""How many of each group a stratum needs, so that its spread is known."""


class Valued(NamedTuple):
    """One who is counted: whether in the first group, in which stratum, and with which value."""

    first: bool
    stratum: Categories
    value: float


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratum, how many of each group it has, and their means, None where there are none.

    `weight` is its share of all who could be compared; None: it was left out, for the reason
    `left_out`, or is withheld, as numbers may be (None).
    """

    categories: Categories
    counts: tuple[int, int] | None
    means: tuple[float | None, float | None]
    weight: float | None
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Standardised:
    """The standardised means of both groups and their difference; None where nothing compares.

    `compared` are how many of each group lie in strata that could be compared; None: withheld.
    """

    means: tuple[float, float] | None
    difference: Estimate | None
    compared: tuple[int, int] | None
    strata: tuple[Stratum, ...]


def standardised(people: Iterable[Valued], *, is_share: bool = False) -> Standardised:
    """Return the difference of two groups as if both were made up as they are together.

    Values of a share are 1 or 0.
    """
    values: dict[Categories, tuple[list[float], list[float]]] = {}
    for one in people:
        values.setdefault(one.stratum, ([], []))[0 if one.first else 1].append(one.value)
    order = sorted(values, key=lambda stratum: [(x is None, x or "") for x in stratum])
    compared = {s: values[s] for s in order if not _left_out(s, values[s])}
    every = sum(len(one) + len(other) for one, other in compared.values())
    strata = tuple(_stratum(s, values[s], every) for s in order)
    counts = tuple(sum(len(two[group]) for two in compared.values()) for group in (0, 1))
    weighed = _weighed(strata, compared, is_share=is_share)
    return Standardised(*weighed, (counts[0], counts[1]), strata)


def _left_out(stratum: Categories, groups: tuple[list[float], list[float]]) -> str:
    if None in stratum:
        return said("not known")
    if not all(groups):
        if groups[0]:
            return said("nobody in the second group")
        return said("nobody in the first group")
    if min(map(len, groups)) < FEWEST:
        if len(groups[0]) < FEWEST:
            return said("only one in the first group")
        return said("only one in the second group")
    return ""


def _stratum(stratum: Categories, groups: tuple[list[float], list[float]], every: int) -> Stratum:
    one, other = groups
    reason = _left_out(stratum, groups)
    return Stratum(
        stratum,
        (len(one), len(other)),
        (fmean(one) if one else None, fmean(other) if other else None),
        None if reason else (len(one) + len(other)) / every,
        reason,
    )


_Compared: TypeAlias = Mapping[Categories, tuple[list[float], list[float]]]
"""The values of both groups in each stratum that can be compared."""


def _weighed(
    strata: Sequence[Stratum], compared: _Compared, *, is_share: bool
) -> tuple[tuple[float, float] | None, Estimate | None]:
    if not compared:
        return None, None
    weights = {s.categories: s.weight for s in strata if s.weight is not None}
    first, second = (
        sum(weights[s] * fmean(groups[place]) for s, groups in compared.items()) for place in (0, 1)
    )
    difference = _of_shares if is_share else _of_means
    return (first, second), replace(difference(weights, compared), value=first - second)


def _of_shares(weights: Mapping[Categories, float], compared: _Compared) -> Estimate:
    return sum_of_shares(
        (sign * weights[s], (round(sum(values)), len(values)))
        for s, groups in compared.items()
        for sign, values in zip((1, -1), groups, strict=True)
    )


def _of_means(weights: Mapping[Categories, float], compared: _Compared) -> Estimate:
    parts = [
        (weights[s] ** 2 * variance(group) / len(group), len(group) - 1)
        for s, groups in compared.items()
        for group in groups
    ]
    apart = sum(weights[s] * (fmean(one) - fmean(other)) for s, (one, other) in compared.items())
    reach = reach_of(parts)
    return Estimate(apart, apart - reach, apart + reach)
