"""What several views ask of a state is reckoned once, and never taken for another state's."""

from typing import Any

import pytest

from application.views.view import Rules


def _rules() -> Rules:
    def definition(code: str, _version: int) -> Any:
        pytest.fail(f"nobody asked for {code}")

    return Rules(definition, lambda _country: lambda _day: True)


def test_it_is_reckoned_once_for_one_state_and_anew_for_the_next() -> None:
    asked: list[tuple[int, ...]] = []

    def total(state: tuple[int, ...], _rules: Rules) -> int:
        asked.append(state)
        return sum(state)

    rules, one = _rules(), (1, 2)
    equal = (*one,)
    assert [rules.once(total, one), rules.once(total, one), rules.once(total, (3,))] == [3, 3, 3]
    assert asked == [one, (3,)]
    assert rules.once(total, equal) == 3
    assert asked == [one, (3,), equal]


def test_rules_afresh_remember_nothing() -> None:
    rules, told = _rules(), iter([1, 2])

    def next_told(_state: str, _rules: Rules) -> int:
        return next(told)

    assert rules.once(next_told, "a") == 1
    assert rules.afresh().once(next_told, "a") == 2
    assert rules == rules.afresh()
