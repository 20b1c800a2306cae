"""Where the names of points stand on a chart."""

from interfaces.labels import ABOVE, PLACES, Point, placed


def test_a_name_stands_over_its_point():
    assert [*placed([Point(100, 100, 40), Point(300, 100, 40)])] == [ABOVE, ABOVE]


def test_names_of_points_side_by_side_do_not_hide_each_other():
    told = [*placed([Point(100, 100, 60), Point(120, 101, 60), Point(140, 99, 60)])]
    assert told[0] == ABOVE
    assert len(set(told)) == 3


def test_a_name_does_not_hide_another_point():
    (below, _) = placed([Point(100, 100, 60), Point(105, 86, 60)])
    assert below == PLACES[1]


def test_of_many_points_in_one_place_each_has_a_name_somewhere():
    told = [*placed([Point(50, 50, 30)] * 9)]
    assert len(told) == 9
    assert set(told) == set(PLACES)


def test_no_points_have_no_names():
    assert [*placed([])] == []
