"""Bands of a flow: as wide as they are many, all running forward, none over another."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interfaces.sankey import Band, Drawn, Flow, sankey

NAMES = ("intake", "review", "training", "placement", "follow-up", "end")
FLOWS = st.lists(
    st.builds(Flow, st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 500).map(float)),
    max_size=12,
    unique_by=lambda flow: (flow.source, flow.target),
)


@settings(max_examples=50)
@given(FLOWS)
def test_bands_run_forward_and_are_as_wide_as_they_are_many(flows: list[Flow]) -> None:
    drawn = sankey(flows)
    counted = [flow for flow in flows if flow.many > 0]
    assert [band.flow for band in drawn.bands] == counted
    widths = {round((b.points[0].bottom - b.points[0].top) / b.flow.many, 9) for b in drawn.bands}
    assert len(widths) <= 1
    for band in drawn.bands:
        across = [point.x for point in band.points]
        assert across == sorted(across)
        assert across[-1] - across[0] >= 1
        for point in band.points:
            assert point.bottom - point.top == pytest.approx(
                band.points[0].bottom - band.points[0].top
            )
    _nothing_overlaps(drawn)


def _nothing_overlaps(drawn: Drawn) -> None:
    layers = defaultdict(list)
    for place in drawn.places:
        layers[place.layer].append(place)
        assert 0 <= place.top <= place.bottom <= 1 + 1e-9
        assert place.layer < drawn.layers
    for some in layers.values():
        for above, below in pairwise(sorted(some, key=lambda place: place.top)):
            assert above.bottom < below.top
    for band in drawn.bands:
        for point in band.points:
            through = layers.get(point.x, []) if _lies_within(point.x, band) else []
            assert all(point.bottom < x.top or point.top > x.bottom for x in through)
    begun = defaultdict(list)
    for band in drawn.bands:
        first, last = band.points[0], band.points[-1]
        begun["left", first.x].append((first.top, first.bottom))
        begun["right", last.x].append((last.top, last.bottom))
    for edges in begun.values():
        edges.sort()
        for (_, bottom), (top, _) in pairwise(edges):
            assert bottom <= top + 1e-9


def _lies_within(x: float, band: Band) -> bool:
    return band.points[0].x < x < band.points[-1].x


def test_what_comes_back_goes_on_to_the_place_drawn_again() -> None:
    drawn = sankey(
        [
            Flow("intake", "training", 20),
            Flow("training", "placement", 15),
            Flow("placement", "training", 5),
            Flow("placement", "end", 10),
        ]
    )
    placed = {(x.name, x.again): (x.layer, x.count) for x in drawn.places}
    assert placed == {
        ("intake", False): (0, 20),
        ("training", False): (1, 20),
        ("placement", False): (2, 15),
        ("training", True): (3, 5),
        ("end", False): (3, 10),
    }


def test_the_order_in_which_flows_are_told_changes_no_layer() -> None:
    flows = [
        Flow("competence-review", "training", 40),
        Flow("intake", "competence-review", 60),
        Flow("intake", "training", 20),
    ]
    assert {x.name: x.layer for x in sankey(flows).places} == {
        "intake": 0,
        "competence-review": 1,
        "training": 2,
    }
    assert sankey([]) == Drawn((), (), 0)


def test_of_many_places_in_a_layer_each_is_as_high_as_it_is_large() -> None:
    drawn = sankey(Flow("a", f"t{n}", 1 + n % 2) for n in range(60))
    single = {place.bottom - place.top for place in drawn.places if place.count == 1}
    assert min(single) == pytest.approx(max(single)) == pytest.approx(0.5 / 90)
    assert max(place.bottom for place in drawn.places) == pytest.approx(1)
