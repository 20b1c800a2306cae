"""Where the bands of a flow lie: how many went from where to where, drawn as wide as they are many.

Places stand in layers from left to right, in the order in which they follow each other. What goes
back (to a place that it came by before) goes on to the right instead, to the place drawn again, so
that every band runs forward and can be followed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

GAP = 0.04
"""Between two places of a layer, of the height of the fullest layer."""

POINTS = 16
"""Of a band's edge: enough for a smooth line."""


class Flow(NamedTuple):
    """How many went from a place to another."""

    source: str
    target: str
    count: float


@dataclass(slots=True)
class Place:
    """A place in a layer (from 0), between two heights (0 is the top, 1 the bottom).

    `again` marks the place drawn once more for what comes back to it.
    """

    name: str
    layer: int
    again: bool
    count: float = 0.0
    top: float = 0.0
    bottom: float = 0.0


class Point(NamedTuple):
    """A point of a band: how far to the right (in layers), and its upper and lower edge."""

    x: float
    top: float
    bottom: float


class Band(NamedTuple):
    """A flow as it is drawn."""

    flow: Flow
    points: tuple[Point, ...]


class Drawn(NamedTuple):
    """Places and bands, in the order in which they were first named."""

    places: tuple[Place, ...]
    bands: tuple[Band, ...]
    layers: int


def sankey(flows: Iterable[Flow]) -> Drawn:
    """Return where places and bands lie; flows of nobody are left out."""
    every = [flow for flow in flows if flow.count > 0]
    layer = _layers(every)
    places: dict[tuple[str, bool], Place] = {}
    ends = [(flow, *_ends(flow, layer, places)) for flow in every]
    _count(ends)
    scale = _stack(places.values())
    return Drawn(tuple(places.values()), tuple(_bands(ends, scale)), _width(places.values()))


def _layers(flows: Sequence[Flow]) -> dict[str, int]:
    """Return the layer of each place: one after the last of those that lead to it.

    What leads back moves nothing.
    """
    order = {name: number for number, name in enumerate(_in_order(flows))}
    layer = dict.fromkeys(order, 0)
    for flow in sorted(flows, key=lambda flow: order[flow.source]):
        if order[flow.target] > order[flow.source]:
            layer[flow.target] = max(layer[flow.target], layer[flow.source] + 1)
    return layer


def _in_order(flows: Sequence[Flow]) -> list[str]:
    """Return the places so that most go forward (the greedy order of Eades, Lin and Smyth, 1993).

    First comes the place that most leave and fewest come to, and so on among the others.
    """
    waiting = dict.fromkeys(name for flow in flows for name in flow[:2])
    order: list[str] = []
    while waiting:
        balance = dict.fromkeys(waiting, 0.0)
        came = dict.fromkeys(waiting, 0.0)
        for flow in flows:
            if flow.source in waiting and flow.target in waiting and flow.source != flow.target:
                balance[flow.source] += flow.count
                balance[flow.target] -= flow.count
                came[flow.target] += flow.count
        first = [name for name in waiting if not came[name]] or [*waiting]
        order.append(max(first, key=balance.__getitem__))
        del waiting[order[-1]]
    return order


def _ends(
    flow: Flow, layer: dict[str, int], places: dict[tuple[str, bool], Place]
) -> tuple[Place, Place]:
    back = layer[flow.target] <= layer[flow.source]
    at = layer[flow.source] + 1 if back else layer[flow.target]
    source = _place(flow.source, layer[flow.source], False, places)
    target = _place(flow.target, at, back, places)
    target.layer = max(target.layer, at)
    return source, target


def _place(name: str, at: int, again: bool, places: dict[tuple[str, bool], Place]) -> Place:
    return places.setdefault((name, again), Place(name, at, again))


def _count(ends: Sequence[tuple[Flow, Place, Place]]) -> None:
    came: dict[int, float] = {}
    went: dict[int, float] = {}
    for flow, source, target in ends:
        went[id(source)] = went.get(id(source), 0) + flow.count
        came[id(target)] = came.get(id(target), 0) + flow.count
    for _, source, target in ends:
        for place in (source, target):
            place.count = max(came.get(id(place), 0), went.get(id(place), 0))


def _stack(places: Iterable[Place]) -> float:
    """Put the places of each layer under each other; return the height of one that goes."""
    layers: dict[int, list[Place]] = {}
    for place in places:
        layers.setdefault(place.layer, []).append(place)
    if not layers:
        return 0.0
    gaps = max(len(some) - 1 for some in layers.values()) * GAP
    scale = (1 - gaps) / max(sum(x.count for x in some) for some in layers.values())
    for some in layers.values():
        top = 0.0
        for place in some:
            place.top, place.bottom = top, top + place.count * scale
            top = place.bottom + GAP
    return scale


def _bands(ends: Sequence[tuple[Flow, Place, Place]], scale: float) -> Iterable[Band]:
    left: dict[int, float] = {}
    right: dict[int, float] = {}
    for flow, source, target in ends:
        high = flow.count * scale
        begin = left.get(id(source), source.top)
        end = right.get(id(target), target.top)
        left[id(source)], right[id(target)] = begin + high, end + high
        yield Band(flow, tuple(_points(source.layer, target.layer, begin, end, high)))


def _points(since: int, until: int, begin: float, end: float, high: float) -> Iterable[Point]:
    for step in range(POINTS + 1):
        part = step / POINTS
        eased = part * part * (3 - 2 * part)  # level where it leaves and where it comes
        top = begin + (end - begin) * eased
        yield Point(since + (until - since) * part, top, top + high)


def _width(places: Iterable[Place]) -> int:
    return max((place.layer + 1 for place in places), default=0)
