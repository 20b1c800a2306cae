"""How a client came: the referral, the last verdict, the situation and the needs."""

from typing import Any

from application.case_file import CaseFile
from application.sentences.words import situation_said
from domain.journey import events as e
from domain.journey.state import Journey
from domain.policy import Outcome, RuleOutcome
from interfaces.http import journey_models as m
from interfaces.http.speaking import Speaking


def arrival(case: CaseFile, say: Speaking) -> dict[str, Any]:
    """Return the parts of the page, by their fields."""
    journey = case.journey
    told = journey.told.situation if journey.told else None
    return {
        "referral": _referral(journey, say),
        "eligibility": _eligibility(case, say),
        "situation": say.text(situation_said(told, case.words)) if told else "",
        "needs": [say.title("need", code) for code in journey.needs.needs] if journey.needs else [],
    }


def _referral(journey: Journey, say: Speaking) -> m.ReferralTold | None:
    made = journey.referral
    return made and m.ReferralTold.model_construct(
        entry=made.entry,
        on=made.on,
        from_organisation=say.title("organisation", made.from_organisation),
        to_organisation=say.title("organisation", made.to_organisation),
        channel=say.title("channel", made.channel),
        service_line=say.maybe("service-line", made.service_line),
        accepted_on=made.accepted_on,
    )


def _eligibility(case: CaseFile, say: Speaking) -> m.EligibilityTold | None:
    verdict = case.journey.eligibility
    if verdict is None:
        return None
    events = (x.event for x in case.look.entries if x.version == verdict.entry)
    rules = [r for x in events if isinstance(x, e.EligibilityAssessed) for r in x.rules]
    failed = [rule for rule in rules if rule.outcome is not Outcome.MET]
    return m.EligibilityTold.model_construct(
        entry=verdict.entry,
        on=verdict.on,
        eligible=verdict.eligible,
        definition_version=verdict.definition_version,
        reasons=[_why(rule, say) for rule in failed],
        rules=[_rule(rule, say) for rule in rules],
    )


def _why(rule: RuleOutcome, say: Speaking) -> str:
    return say.text(rule.why(say.title("rule", rule.title).title, say.ground(rule.basis)))


def _rule(rule: RuleOutcome, say: Speaking) -> m.RuleTold:
    return m.RuleTold.model_construct(
        id=rule.id,
        title=say.title("rule", rule.title).title,
        outcome=rule.outcome.value,
        basis=say.ground(rule.basis),
        text=rule.text,
        missing=list(rule.missing),
    )
