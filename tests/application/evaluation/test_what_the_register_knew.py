"""A replay as known at an instant leans on what the register knew by then."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from application.evaluation.cases import Change
from application.evaluation.what_if import Question, what_if
from application.journeys import assess_eligibility
from application.transact import Asked
from domain.client import ClientRegistered
from domain.definition import DatedRule, Facts
from domain.entry import By, Entry, Personal
from infrastructure.definitions import load_definition, shipped_definitions
from tests.application.evaluation.test_never_referred import told
from tests.application.simulated import Stage, stage
from tests.domain import journeys as j
from tests.etela_savo import refer_to_mikkeli

DAY = date(2025, 3, 3)
TEXT = shipped_definitions()["etela-savo"]


def under_30(facts: Facts) -> bool | None:
    age = facts.get("age")
    return None if age is None else int(str(age)) < 30


def refers(on: Stage, journey: str, client: str) -> None:
    asked = Asked(By("worker", "mikkeli"), DAY)
    refer_to_mikkeli(on.office, journey, asked, client)
    assess_eligibility(on.office, journey, asked, {"unemployed_since": date(2023, 1, 1)})


def test_who_was_registered_later_was_of_no_known_age() -> None:
    young = DatedRule(j.rule("young", "age", under_30), date.min, None)
    other = replace(load_definition(TEXT, "etela-savo.yaml"), eligibility=(young,))
    with stage(first=DAY) as on:
        on.publish("etela-savo", TEXT)
        refers(on, "j", "c")
        before = on.log.now()
        on.clock.move(before + timedelta(days=60))
        told(on, "c", ClientRegistered(date_of_birth=Personal("2000-02-29"), birth_year=2000))

        def change(**at: object) -> Change | None:
            (case,) = what_if(on.office, Question(other, **at)).cases or (None,)
            return case and case.change

        assert change() is None  # twenty-five years old: let in both times
        assert change(known_at=on.log.now()) is None
        assert change(known_at=before) is Change.UNTOLD


def test_the_journeys_and_the_register_are_asked_for_many_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = load_definition(TEXT, "etela-savo.yaml")
    with stage(first=DAY) as on:
        on.publish("etela-savo", TEXT)
        for number in range(3):
            told(on, f"c-{number}", ClientRegistered(birth_year=2000))
            refers(on, f"j-{number}", f"c-{number}")
        asked: list[str] = []
        load = on.office.log.load

        def counted(stream: str, **how: int) -> list[Entry[Any]]:
            asked.append(stream)
            return [*load(stream, **how)]

        monkeypatch.setattr(on.office.log, "load", counted)
        for known_at in (None, on.log.now()):
            found = what_if(on.office, Question(other, known_at=known_at))
            assert found.tallies[0].judged == 3
        assert [one for one in asked if not one.startswith("programme:")] == []
