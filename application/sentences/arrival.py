"""Sentences of the first part of a journey: referral, intake, competence review, team and plan."""

from typing import TypeAlias, assert_never

from application.sentences.words import (
    Words,
    listed,
    quoted,
    signed_by,
    situation_said,
    steps_said,
)
from domain.journey import events as e
from domain.policy import Outcome, RuleOutcome

ArrivalEvent: TypeAlias = (
    e.ReferralMade
    | e.ReferralAccepted
    | e.ReferralDeclined
    | e.EligibilityAssessed
    | e.CaseWorkerAssigned
    | e.HandoverRequested
    | e.HandoverAccepted
    | e.HandoverDeclined
)
ReviewEvent: TypeAlias = (
    e.IntakeInterviewHeld
    | e.ServiceNeedsDefined
    | e.CompetenceReviewStarted
    | e.SelfAssessmentSubmitted
    | e.CompetenceRecorded
    | e.CompetenceReviewCompleted
    | e.TeamMemberJoined
    | e.TeamMemberLeft
)
PlanEvent: TypeAlias = (
    e.PlanDrafted | e.PlanAgreed | e.PlanRevised | e.PlanStepReached | e.PlanStepDropped
)


def arrival_sentence(event: ArrivalEvent, words: Words) -> str:  # noqa: PLR0911 - a line an event
    """Say an event of referral or handover."""
    match event:
        case e.ReferralMade():
            return _referral(event, words)
        case e.ReferralAccepted():
            return "Referral accepted"
        case e.ReferralDeclined():
            return f"Referral declined{quoted(event.reason)}"
        case e.EligibilityAssessed():
            return _verdict(event, words)
        case e.CaseWorkerAssigned():
            return f"{event.person} of {words.organisation(event.organisation)} became responsible"
        case e.HandoverRequested():
            to = words.organisation(event.to_organisation)
            brief = quoted(event.brief, "; brief: ")
            return f"Handover to {to} requested{quoted(event.reason)}{brief}"
        case e.HandoverAccepted():
            to = words.organisation(event.organisation)
            return f"Handover accepted: {event.person} of {to} became responsible"
        case e.HandoverDeclined():
            return f"Handover declined{quoted(event.reason)}"
        case never:
            assert_never(never)


def _referral(event: e.ReferralMade, words: Words) -> str:
    line = event.service_line
    giver, taker = map(words.organisation, (event.from_organisation, event.to_organisation))
    how = [words.title("channel", event.channel)] if event.channel else []
    how += [words.title("service-line", line)] if line else []
    texts = quoted(event.existing_plan, "; existing plan: ")
    texts += quoted(event.need_definition, "; need: ")
    return f"Referred by {giver} to {taker}{_in_brackets(how)}{texts}"


def _in_brackets(texts: list[str]) -> str:
    return f" ({', '.join(texts)})" if texts else ""


def _verdict(event: e.EligibilityAssessed, words: Words) -> str:
    verdict = "Eligible" if event.eligible else "Not eligible"
    where = words.organisation(event.organisation)
    failed = [rule for rule in event.rules if rule.outcome is not Outcome.MET]
    met = [rule for rule in event.rules if rule.outcome is Outcome.MET]
    reasons = "; ".join(rule.reason for rule in failed) or _grounds(met)
    return f"{verdict} in {where}{f': {reasons}' if reasons else ''}"


def _grounds(rules: list[RuleOutcome]) -> str:
    return "; ".join(f"{rule.title} ({rule.basis})" for rule in rules)


def review_sentence(event: ReviewEvent, words: Words) -> str:  # noqa: PLR0911 - a line an event
    """Say an event of intake, competence review or team."""
    match event:
        case e.IntakeInterviewHeld():
            situation = situation_said(event.situation, words)
            told = f": {situation}" if situation else ""
            return f"Intake interview held{told}{quoted(event.note, '; note: ')}"
        case e.ServiceNeedsDefined():
            return _needs(event, words)
        case e.CompetenceReviewStarted():
            method = words.title("method", event.method)
            return f"Competence review started by {method}, with {event.assessor}"
        case e.SelfAssessmentSubmitted():
            scores = ", ".join(f"{score.scale} {score.value:g}" for score in event.scores)
            name = words.title("questionnaire", event.questionnaire)
            version = event.questionnaire_version
            told = f": {scores}" if scores else ""
            return f"Self-assessment {name}, version {version}, handed in{told}"
        case e.CompetenceRecorded():
            checked = f", validated by {event.validated_by}" if event.validated_by else ""
            what = words.title("concept", event.concept)
            return f"Competence: {what}, level {event.level}{checked}{quoted(event.evidence)}"
        case e.CompetenceReviewCompleted():
            return _review(event)
        case e.TeamMemberJoined():
            where = words.organisation(event.organisation)
            return f"{event.person} of {where} joined the team as {event.role}"
        case e.TeamMemberLeft():
            where = words.organisation(event.organisation)
            return f"{event.person} of {where} left the team"
        case never:
            assert_never(never)


def _needs(event: e.ServiceNeedsDefined, words: Words) -> str:
    needs = listed(words.title("need", need) for need in event.needs)
    line = event.service_line
    where = f", {words.title('service-line', line)}" if line else ""
    return f"Service needs: {needs}{where}{quoted(event.note, '; note: ')}"


def _review(event: e.CompetenceReviewCompleted) -> str:
    strengths = listed(quoted(text, "") for text in event.strengths)
    needs = listed(quoted(text, "") for text in event.development_needs)
    told = {"strengths": strengths, "to develop": needs}
    said = "; ".join(f"{what} {texts}" for what, texts in told.items() if texts)
    return f"Competence review completed{f': {said}' if said else ''}"


def plan_sentence(event: PlanEvent, words: Words) -> str:
    """Say an event of the plan."""
    match event:
        case e.PlanDrafted():
            return f"Plan drafted: {steps_said(event.steps, words)}"
        case e.PlanAgreed():
            return f"Plan agreed, signed by {signed_by(event.signatories)}"
        case e.PlanRevised():
            signed = signed_by(event.signatories)
            steps = steps_said(event.steps, words)
            return f"Plan revised{quoted(event.reason)}; {steps}; signed by {signed}"
        case e.PlanStepReached():
            return f"Plan: {words.step(event.step)} reached"
        case e.PlanStepDropped():
            return f"Plan: {words.step(event.step)} dropped{quoted(event.reason)}"
        case never:
            assert_never(never)
