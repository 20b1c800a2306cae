"""Sentences of the first part of a journey: referral, intake, competence review, team and plan."""

from typing import TypeAlias, assert_never

from application.sentences.words import Words, signed_by, situation_said, steps_said
from domain.journey import events as e
from domain.policy import Outcome, RuleOutcome
from domain.wording import in_language

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
            return words.say("Referral accepted")
        case e.ReferralDeclined():
            return words.say("Referral declined") + words.clause(event.reason, ": {text}")
        case e.EligibilityAssessed():
            return _verdict(event, words)
        case e.CaseWorkerAssigned():
            return words.say(
                "{person} of {organisation} became responsible",
                person=event.person,
                organisation=words.organisation(event.organisation),
            )
        case e.HandoverRequested():
            to = words.organisation(event.to_organisation)
            why = words.clause(event.reason, ": {text}")
            brief = words.clause(event.brief, "; brief: {text}")
            return words.say("Handover to {organisation} requested", organisation=to) + why + brief
        case e.HandoverAccepted():
            return words.say(
                "Handover accepted: {person} of {organisation} became responsible",
                person=event.person,
                organisation=words.organisation(event.organisation),
            )
        case e.HandoverDeclined():
            return words.say("Handover declined") + words.clause(event.reason, ": {text}")
        case never:
            assert_never(never)


def _referral(event: e.ReferralMade, words: Words) -> str:
    line = event.service_line
    referred = words.say(
        "Referred by {giver} to {taker}",
        giver=words.organisation(event.from_organisation),
        taker=words.organisation(event.to_organisation),
    )
    how = [words.title("channel", event.channel)] if event.channel else []
    how += [words.title("service-line", line)] if line else []
    texts = words.clause(event.existing_plan, "; existing plan: {text}")
    texts += words.clause(event.need_definition, "; need: {text}")
    return referred + _in_brackets(how) + texts


def _in_brackets(texts: list[str]) -> str:
    return f" ({', '.join(texts)})" if texts else ""


def _verdict(event: e.EligibilityAssessed, words: Words) -> str:
    where = words.organisation(event.organisation)
    if event.eligible:
        verdict = words.say("Eligible in {organisation}", organisation=where)
    else:
        verdict = words.say("Not eligible in {organisation}", organisation=where)
    failed = [rule for rule in event.rules if rule.outcome is not Outcome.MET]
    met = [rule for rule in event.rules if rule.outcome is Outcome.MET]
    reasons = "; ".join(_why_not(rule, words) for rule in failed) or _grounds(met, words)
    return f"{verdict}: {reasons}" if reasons else verdict


def _why_not(rule: RuleOutcome, words: Words) -> str:
    why = rule.why(words.title("rule", rule.title), words.text(rule.basis))
    return in_language(why, words.tongue)


def _grounds(rules: list[RuleOutcome], words: Words) -> str:
    return "; ".join(
        f"{words.title('rule', rule.title)} ({words.text(rule.basis)})" for rule in rules
    )


def review_sentence(event: ReviewEvent, words: Words) -> str:  # noqa: PLR0911 - a line an event
    """Say an event of intake, competence review or team."""
    match event:
        case e.IntakeInterviewHeld():
            situation = situation_said(event.situation, words)
            told = f": {situation}" if situation else ""
            note = words.clause(event.note, "; note: {text}")
            return words.say("Intake interview held") + told + note
        case e.ServiceNeedsDefined():
            return _needs(event, words)
        case e.CompetenceReviewStarted():
            return words.say(
                "Competence review started by {method}, with {assessor}",
                method=words.title("method", event.method),
                assessor=event.assessor,
            )
        case e.SelfAssessmentSubmitted():
            return _self_assessment(event, words)
        case e.CompetenceRecorded():
            return _competence(event, words)
        case e.CompetenceReviewCompleted():
            return _review(event, words)
        case e.TeamMemberJoined():
            return words.say(
                "{person} of {organisation} joined the team as {role}",
                person=event.person,
                organisation=words.organisation(event.organisation),
                role=words.role(event.role),
            )
        case e.TeamMemberLeft():
            return words.say(
                "{person} of {organisation} left the team",
                person=event.person,
                organisation=words.organisation(event.organisation),
            )
        case never:
            assert_never(never)


def _needs(event: e.ServiceNeedsDefined, words: Words) -> str:
    needs = words.listed(words.title("need", need) for need in event.needs)
    line = event.service_line
    where = f", {words.title('service-line', line)}" if line else ""
    note = words.clause(event.note, "; note: {text}")
    return words.say("Service needs: {needs}", needs=needs) + where + note


def _self_assessment(event: e.SelfAssessmentSubmitted, words: Words) -> str:
    scores = ", ".join(f"{score.scale} {words.number(score.value)}" for score in event.scores)
    handed_in = words.say(
        "Self-assessment {questionnaire}, version {version}, handed in",
        questionnaire=words.title("questionnaire", event.questionnaire),
        version=event.questionnaire_version,
    )
    return f"{handed_in}: {scores}" if scores else handed_in


def _competence(event: e.CompetenceRecorded, words: Words) -> str:
    found = words.say(
        "Competence: {concept}, level {level}",
        concept=words.title("concept", event.concept),
        level=words.text(event.level),
    )
    if event.validated_by:
        found += words.say(", validated by {person}", person=event.validated_by)
    return found + words.clause(event.evidence, ": {text}")


def _review(event: e.CompetenceReviewCompleted, words: Words) -> str:
    strengths = words.listed(words.clause(text, "{text}") for text in event.strengths)
    needs = words.listed(words.clause(text, "{text}") for text in event.development_needs)
    told = [
        words.say("strengths {texts}", texts=strengths) if strengths else "",
        words.say("to develop {texts}", texts=needs) if needs else "",
    ]
    found = "; ".join(text for text in told if text)
    completed = words.say("Competence review completed")
    return f"{completed}: {found}" if found else completed


def plan_sentence(event: PlanEvent, words: Words) -> str:
    """Say an event of the plan."""
    match event:
        case e.PlanDrafted():
            return words.say("Plan drafted: {steps}", steps=steps_said(event.steps, words))
        case e.PlanAgreed():
            signed = signed_by(event.signatories, words)
            return words.say("Plan agreed, signed by {people}", people=signed)
        case e.PlanRevised():
            return words.say(
                "Plan revised{why}; {steps}; signed by {people}",
                why=words.clause(event.reason, ": {text}"),
                steps=steps_said(event.steps, words),
                people=signed_by(event.signatories, words),
            )
        case e.PlanStepReached():
            return words.say("Plan: {step} reached", step=words.step(event.step))
        case e.PlanStepDropped():
            dropped = words.say("Plan: {step} dropped", step=words.step(event.step))
            return dropped + words.clause(event.reason, ": {text}")
        case never:
            assert_never(never)
