"""Where the names of points stand on a chart, so that one does not hide another."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

LINE = 13.0
"""How high a line of letters is, in points of the chart."""
ABOVE = -11.0
"""How far over its point a name stands by default."""
PLACES = (ABOVE, ABOVE + LINE + 18, ABOVE - LINE, ABOVE + 2 * LINE + 18)
"""Where a name may stand, as a distance down from its point, the best first."""


class Point(NamedTuple):
    """A point of a chart, in points from its left and its top, and how wide its name is."""

    x: float
    y: float
    wide: float


class _Box(NamedTuple):
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: "_Box") -> float:
        """Return the area that both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, across) * max(0.0, down)


def placed(points: Iterable[Point]) -> Iterator[float]:
    """Yield for each point how far down from it its name stands, in the order given.

    It is the first place where a name meets neither a point nor a name before it, or else where it
    meets the least.
    """
    every = [*points]
    taken = [_Box(p.x - 5, p.x + 5, p.y - 5, p.y + 5) for p in every]
    for own, point in enumerate(every):
        others = [box for n, box in enumerate(taken) if n != own]
        boxes = {down: _name(point, down) for down in PLACES}
        best = min(PLACES, key=lambda down: sum(map(boxes[down].meets, others)))
        taken.append(boxes[best])
        yield best


def _name(point: Point, down: float) -> _Box:
    base = point.y + down
    return _Box(point.x - point.wide / 2, point.x + point.wide / 2, base - LINE + 3, base + 3)
