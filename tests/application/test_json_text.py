"""JSON in which no object has a field twice."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.json_text import GivenTwice, read_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@settings(max_examples=50)
@given(value=VALUES)
def test_what_has_each_field_once_is_read_as_it_is(value):
    assert read_json(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ('{"a": 1, "a": 1}', ("a",)),
        ('{"a": 1, "b": 2, "\\u0061": 1}', ("a",)),
        ('{"": null, "": null}', ("",)),
        ('{"a": [{"b": 1}, {"b": {"c": 1, "c": 2}}]}', ("a", 1, "b", "c")),
        ('[[{"x": {"y": 1}, "x": 3}]]', (0, 0, "x")),
        ('{"a": {"b": 1, "b": 2}, "a": 3}', ("a",)),
    ],
)
def test_a_field_that_is_given_twice_is_named(text, way):
    with pytest.raises(GivenTwice) as found:
        read_json(text)
    assert found.value.way == way
    assert str(found.value) == f"{way[-1]} is given more than once: say which is meant"


@pytest.mark.parametrize("text", ["", "{", '{"a": 1', b"\xff", "[1,]"])
def test_what_is_no_json_is_said_to_be_none(text):
    with pytest.raises(ValueError) as found:  # noqa: PT011 - whatever the reader of JSON says
        read_json(text)
    assert not isinstance(found.value, GivenTwice)
