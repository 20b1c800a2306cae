"""Numbers of journeys in charts, rounded so that their sum gives none of them away.

Each is a multiple of a step, the next to it. Whoever knows the sum of several, from a table of the
same report, could tell all of them where it is the least or the most that they can be together: 5
and 5 of six in all are three and three. There one of them is taken to the multiple on its other
side, so that what is told is what others would be told as, too.
"""

from collections.abc import Collection, Sequence

FINEST = 5


def step_of(threshold: int) -> int:
    """Return the step of rounding: numbers in charts are multiples of 5, 15, 45 and so on; or 1.

    It is no less than the threshold. Each step holds the one before an odd number of times, so
    that whoever knows a number by the finer one learns nothing from the coarser one.
    """
    step = 1 if threshold <= 1 else FINEST
    while step < threshold:
        step *= 3
    return step


def rounded(
    counts: Sequence[int], together: Collection[Sequence[int]], threshold: int
) -> list[int]:
    """Return the counts as multiples of the step, halves up; a threshold of 0 or 1 leaves them.

    `together` are places of counts whose sum may be known.
    """
    if threshold <= 1:
        return list(counts)
    found = [_nearest(count, FINEST) for count in counts]
    for places in together:
        _part(found, counts, places)
    step = FINEST
    while step < threshold:
        step *= 3
        found = [_nearest(count, step) for count in found]
    return found


def _nearest(count: int, step: int) -> int:
    return (2 * count + step) // (2 * step) * step


def _part(found: list[int], counts: Sequence[int], places: Sequence[int]) -> None:
    """Take one of the rounded numbers to its other side where their sum would tell them all."""
    half = FINEST // 2
    some = [place for place in places if found[place]]
    if len(some) > 1 and all(counts[x] == max(0, found[x] - half) for x in places):
        found[min(some, key=lambda place: found[place])] -= FINEST
    elif len(places) > 1 and all(counts[x] == found[x] + half for x in places):
        found[min(places, key=lambda place: found[place])] += FINEST
