"""How often things happen: plausible figures, bent towards what the programme means to reach."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from domain.definition import Definition, Rule
from domain.journey.events import EmploymentStatus

_STATUSES = (
    (EmploymentStatus.UNEMPLOYED, 0.66),
    (EmploymentStatus.STUDENT, 0.13),
    (EmploymentStatus.LAID_OFF, 0.05),
    (EmploymentStatus.EMPLOYED, 0.08),
    (EmploymentStatus.INACTIVE, 0.08),
)


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares between 0 and 1 (of journeys, or of the occasions named), and a few lengths in days.

    `ages` are bands of (youngest, oldest, weight), `statuses` what people are when they come.
    `young` is the share of people under 30 who are unemployed or threatened by it, None where the
    programme does not care.
    """

    ages: tuple[tuple[int, int, float], ...] = ((17, 24, 0.22), (25, 39, 0.38), (40, 63, 0.40))
    statuses: tuple[tuple[EmploymentStatus, float], ...] = _STATUSES
    young: float | None = None
    comes_with_plan: float = 0.5
    comes_with_needs: float = 0.5
    outside_the_group: float = 0.05
    facts_missing: float = 0.03
    referral_declined: float = 0.03
    days_to_interview: float = 9.0
    deadline_moved: float = 0.06
    deadline_exempted: float = 0.05
    verified_at_interview: float = 0.3
    wrong_date_told: float = 0.08
    recorded_late: float = 0.14
    recorded_wrongly: float = 0.05
    doubts_reviewed: float = 0.6
    self_assessed: float = 0.6
    plan_made: float = 0.8
    plan_revised: float = 0.3
    step_dropped: float = 0.12
    override: float = 0.02
    extra_service: float = 0.45
    service_declined: float = 0.1
    service_interrupted: float = 0.08
    absent: float = 0.12
    certified: float = 0.3
    placed: float = 0.6
    placement_comes_to_nothing: float = 0.06
    wage_subsidised: float = 0.15
    employer_advised: float = 0.35
    follow_up_held: float = 0.88
    tended: float = 0.8
    paused: float = 0.08
    handed_over: float = 0.06
    handover_declined: float = 0.18
    new_case_worker: float = 0.05
    leaves: float = 0.24
    forgotten: float = 0.02
    onward: float = 0.5
    into_work: float = 0.33
    client_feedback: float = 0.5
    employer_feedback: float = 0.35
    network_feedback: float = 0.12
    adopts_new_version: float = 0.5
    reopened: float = 0.04


_BY_MEASURE: Mapping[str, str] = MappingProxyType(
    {
        "young-unemployed-or-threatened": "young",
        "follow-up-path": "onward",
        "employment": "into_work",
        "plans-agreed": "plan_made",
        "feedback": "client_feedback",
        "days-to-interview": "days_to_interview",
    }
)


def rates_of(definition: Definition, base: Rates | None = None) -> Rates:
    """Return the rates, with those that a target of the whole programme speaks of bent to it."""
    aims = {
        _BY_MEASURE[target.measure]: target.value
        for target in definition.targets
        if target.organisation is None and target.measure in _BY_MEASURE
    }
    rates = replace(base or Rates(), **aims)  # type: ignore[arg-type]
    asked = {name for rule in _rules(definition) for name in rule.needs}
    return replace(
        rates,
        comes_with_plan=_mostly(rates.comes_with_plan, "has_employment_plan" in asked),
        comes_with_needs=_mostly(rates.comes_with_needs, "has_need_definition" in asked),
    )


def _mostly(rate: float, asked: bool) -> float:
    """Raise the rate of what a rule asks for: referrers know the rule, and nearly all keep it."""
    return max(rate, 0.95) if asked else rate


def _rules(definition: Definition) -> list[Rule]:
    dated = [dated.rule for dated in definition.eligibility]
    return dated + [rule for phase in definition.phases for rule in phase.requires]
