"""What events say to other tools: all of it but what points to a person."""

import importlib
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from application.evaluation.pseudonymous import Kind, as_json, attributes, told, values
from domain.definition import Phase
from domain.entry import Personal
from domain.journey import events as e
from infrastructure.event_shapes import personal_fields
from infrastructure.registered_events import registered_events

golden_events = importlib.import_module("tests.golden_events")
SHAPES = {cls: shape for shape, cls in registered_events().shapes().items()}
EXAMPLES = [golden_events.example(cls, "", SHAPES) for cls in SHAPES]
JOURNEY = [event for event in EXAMPLES if type(event) in e.KINDS.values()]


def a_name(event: Any) -> str:
    return type(event).__name__


@pytest.mark.parametrize("event", EXAMPLES, ids=a_name)
def test_nothing_personal_is_told_of_any_event(event: Any) -> None:
    assert "what was said" in repr(event) or not personal_fields(type(event))
    assert "what was said" not in as_json(told(event))
    assert "what was said" not in repr([value for _, value in values(event)])


def test_nothing_personal_is_told_of_what_a_correction_says() -> None:
    for event in [x for x in JOURNEY if not isinstance(x, e.EntryCorrected)]:
        corrected = e.EntryCorrected(2, event, date(2025, 3, 3), Personal("what was said"))
        assert "what was said" not in as_json(told(corrected))
        assert told(corrected)["event"]["event"] == SHAPES[type(event)].name


@pytest.mark.parametrize("event", JOURNEY, ids=a_name)
def test_all_else_is_told(event: Any) -> None:
    personal = {path.partition(".")[0].removesuffix("[]") for path in personal_fields(type(event))}
    nested = {"situation", "steps", "answers", "event"}  # of which a part is personal, or none
    whole = {own.name for own in fields(event)} - (personal - nested)
    assert set(told(event)) == whole
    named = {one.name for one, _ in values(event)}
    assert all(name in named or any(n.startswith(f"{name}_") for n in named) for name in whole)


def test_a_sealed_text_is_left_out_like_an_open_one() -> None:
    declined = e.ReferralDeclined(Personal(None, "c2VhbGVk"))
    assert told(declined) == {}
    assert values(declined) == []


def test_a_nested_value_has_both_names_and_several_values_are_in_json() -> None:
    held = e.IntakeInterviewHeld(
        e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2024, 1, 2), 3, ("fi", "so"))
    )
    assert {one.name: value for one, value in values(held)} == {
        "situation_employment": "unemployed",
        "situation_unemployed_since": date(2024, 1, 2),
        "situation_education": 3,
        "situation_languages": '["fi","so"]',
    }
    assert told(held)["situation"]["unemployed_since"] == "2024-01-02"


def test_a_fact_has_its_value_whatever_its_type() -> None:
    used = (e.FactUsed("age", 30, (1,)), e.FactUsed("needs", ("a", "b")), e.FactUsed("on", None))
    entered = e.PhaseEntered(Phase.INTAKE, 1, used)
    assert told(entered)["facts"] == [
        {"name": "age", "value": 30, "entries": [1]},
        {"name": "needs", "value": ["a", "b"], "entries": []},
        {"name": "on", "value": None, "entries": []},
    ]


def test_kinds_of_attributes_are_those_of_the_fields() -> None:
    kinds = {one.name: one.kind for one in attributes(e.GrantPaid)}
    assert kinds == {
        "reference": Kind.TEXT,
        "amount": Kind.NUMBER,
        "currency": Kind.TEXT,
        "payer": Kind.TEXT,
        "start": Kind.DAY,
        "end": Kind.DAY,
    }
    paid = e.GrantPaid("p", Decimal("12.50"), "EUR", "region", date(2025, 1, 1), date(2025, 2, 1))
    assert told(paid)["amount"] == "12.50"
    assert {one.kind for one in attributes(e.FollowUpHeld)} >= {Kind.TEXT, Kind.STRUCTURE}
    assert {one.kind for one in attributes(e.EligibilityAssessed)} >= {Kind.YES_NO, Kind.WHOLE}
