"""Where the bands of a flow lie: how many went from where to where, drawn as wide as they are many.

Places stand in layers from left to right, in the order in which they follow each other. What goes
back (to a place that it came by before) goes on to the right instead, to the place drawn again, so
that every band runs forward and can be followed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

GAP, GAPS = 0.04, 0.5
"""Between two places of a layer, of the height of the fullest layer; and of all gaps at most."""

POINTS = 16
"""Of a band's edge: enough for a smooth line."""


class Flow(NamedTuple):
    """How many went from a place to another."""

    source: str
    target: str
    many: float


@dataclass(slots=True, eq=False)
class Place:
    """A place in a layer (from 0), between two heights (0 is the top, 1 the bottom).

    `again` marks the place drawn once more for what comes back to it; `passing` is room for a band
    on its way through the layer, and is not drawn itself.
    """

    name: str
    layer: int
    again: bool = False
    passing: bool = False
    count: float = 0.0
    top: float = 0.0
    bottom: float = 0.0

    @property
    def middle(self) -> float:
        """How high its middle is."""
        return (self.top + self.bottom) / 2


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


@dataclass(frozen=True, slots=True)
class _Step:
    """A band's way from a layer to the next."""

    of: int
    flow: Flow
    source: Place
    target: Place


def sankey(flows: Iterable[Flow]) -> Drawn:
    """Return where places and bands lie; flows of nobody are left out."""
    every = [flow for flow in flows if flow.many > 0]
    layer = _layers(every)
    known: dict[tuple[str, bool], Place] = {}
    ends = [_ends(flow, layer, known) for flow in every]
    steps = [
        step
        for number, (flow, (source, target)) in enumerate(zip(every, ends, strict=True))
        for step in _steps(number, flow, source, target)
    ]
    places = list(dict.fromkeys(x for step in steps for x in (step.source, step.target)))
    for place in places:
        came = sum(step.flow.many for step in steps if step.target is place)
        went = sum(step.flow.many for step in steps if step.source is place)
        place.count = max(came, went)
    scale = _stack(places, steps)
    drawn = tuple(place for place in places if not place.passing)
    layers = max((place.layer + 1 for place in places), default=0)
    return Drawn(drawn, tuple(_bands(every, steps, scale)), layers)


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
                balance[flow.source] += flow.many
                balance[flow.target] -= flow.many
                came[flow.target] += flow.many
        first = [name for name in waiting if not came[name]] or [*waiting]
        order.append(max(first, key=balance.__getitem__))
        del waiting[order[-1]]
    return order


def _ends(
    flow: Flow, layer: dict[str, int], known: dict[tuple[str, bool], Place]
) -> tuple[Place, Place]:
    back = layer[flow.target] <= layer[flow.source]
    at = layer[flow.source] + 1 if back else layer[flow.target]
    source = known.setdefault((flow.source, False), Place(flow.source, layer[flow.source]))
    target = known.setdefault((flow.target, back), Place(flow.target, at, back))
    target.layer = max(target.layer, at)
    return source, target


def _steps(number: int, flow: Flow, source: Place, target: Place) -> Iterator[_Step]:
    through = range(source.layer + 1, target.layer)
    way = [source, *(Place("", layer, passing=True) for layer in through), target]
    return (_Step(number, flow, *two) for two in pairwise(way))


def _stack(places: Iterable[Place], steps: Sequence[_Step]) -> float:
    """Put the places of each layer under each other; return the height of one that goes.

    In a layer the places stand as high as those that lead to them, so that few bands cross.
    """
    layers: dict[int, list[Place]] = {}
    for place in places:
        layers.setdefault(place.layer, []).append(place)
    if not layers:
        return 0.0
    most = max(len(some) - 1 for some in layers.values())
    gap = min(GAP, GAPS / most) if most else 0.0
    scale = (1 - most * gap) / max(sum(x.count for x in some) for some in layers.values())
    for _, some in sorted(layers.items()):
        top = 0.0
        for place in sorted(some, key=lambda place: _height_before(place, steps)):
            place.top, place.bottom = top, top + place.count * scale
            top = place.bottom + gap
    return scale


def _height_before(place: Place, steps: Sequence[_Step]) -> float:
    before = [(step.source.middle, step.flow.many) for step in steps if step.target is place]
    many = sum(count for _, count in before)
    return sum(middle * count for middle, count in before) / many if many else 0.0


def _bands(flows: Sequence[Flow], steps: Sequence[_Step], scale: float) -> Iterator[Band]:
    left = _edges(sorted(steps, key=lambda x: x.target.middle), "source", scale)
    right = _edges(sorted(steps, key=lambda x: x.source.middle), "target", scale)
    for number, flow in enumerate(flows):
        points: list[Point] = []
        for step in (x for x in steps if x.of == number):
            edges = left[step], right[step]
            points += _points(step.source.layer, *edges, flow.many * scale)
        yield Band(flow, tuple(points))


def _edges(steps: Iterable[_Step], end: str, scale: float) -> dict[_Step, float]:
    """Return the upper edge of each step at an end, one under the other, in the order given."""
    free: dict[Place, float] = {}
    found: dict[_Step, float] = {}
    for step in steps:
        place: Place = getattr(step, end)
        found[step] = free.get(place, place.top)
        free[place] = found[step] + step.flow.many * scale
    return found


def _points(since: int, begin: float, end: float, high: float) -> Iterator[Point]:
    for step in range(POINTS + 1):
        part = step / POINTS
        eased = part * part * (3 - 2 * part)  # level where it leaves and where it comes
        top = begin + (end - begin) * eased
        yield Point(since + part, top, top + high)
