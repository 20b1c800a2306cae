"""All that people do on a journey, in their own words."""

from domain.journey import (
    corrections,
    course,
    ending,
    follow_up,
    handover,
    intake,
    placement,
    plan,
    referral,
    review,
    services,
)
from tests.features import acting
from tests.features.acting import by_rows, plainly, reading
from tests.features.phrases import phrase

_REFERRAL = {
    "refers {client} to {to_organisation} by {channel}": acting.referring,
    "accepts {client}'s referral": plainly(referral.accept_referral),
    "declines {client}'s referral": plainly(referral.decline_referral),
    "assesses {client}'s eligibility": acting.assessing,
    "becomes {client}'s case worker": acting.taking_case,
    "makes {who} {client}'s case worker": acting.taking_case,
    "holds the intake interview with {client}": reading(
        intake.hold_intake_interview, acting.interview
    ),
    "defines {client}'s service needs as {needs}": plainly(intake.define_service_needs),
}
_REVIEW = {
    "starts {client}'s competence review by {method} with {assessor}": plainly(
        review.start_competence_review
    ),
    "hands in {client}'s answers to {questionnaire}": reading(
        review.submit_self_assessment, acting.answers
    ),
    "records {client}'s competences": by_rows(review.record_competence),
    "completes {client}'s competence review": plainly(review.complete_competence_review),
}
_TEAM_AND_PLAN = {
    "joins {client}'s team as {role}": acting.joining,
    "leaves {client}'s team": acting.leaving,
    "drafts {client}'s plan": reading(plan.draft_plan, acting.draft),
    "agrees {client}'s plan, signed by {people}": reading(plan.agree_plan, acting.signatures),
    "revises {client}'s plan, signed by {people}": reading(plan.revise_plan, acting.revision),
    "records that {client} reached the step {step}": plainly(plan.reach_step),
    "records that {client} gave up the step {step}": plainly(plan.drop_step),
}
_SERVICES = {
    "proposes the service {service} to {client}": reading(
        services.propose_service, acting.proposal
    ),
    "records that {client} accepted the service {reference}": plainly(services.accept_service),
    "records that {client} declined the service {reference}": plainly(services.decline_service),
    "records that {client} started the service {reference}": plainly(services.start_service),
    "takes {client} into the service {service}": reading(services.start_service, acting.unproposed),
    "records that {client} attended {reference} for {hours} hours": plainly(
        services.record_attendance
    ),
    "records that {client} was absent from {reference}": plainly(
        services.record_attendance, hours=0.0
    ),
    "records that {client} broke off the service {reference}": plainly(services.interrupt_service),
    "records that {client} completed the service {reference} with the result {result}": plainly(
        services.complete_service
    ),
    "awards {client} the certificate {title}": plainly(services.award_certificate),
}
_PLACEMENT = {
    "proposes a placement with {employer} to {client} as {form}": reading(
        placement.propose_placement, acting.placed
    ),
    "agrees {client}'s placement with {reference}, signed by {people}": reading(
        placement.agree_placement, acting.signatures
    ),
    "records that {client} began with {reference}": plainly(placement.start_placement),
    "reviews {client}'s placement with {reference}": plainly(placement.review_placement),
    "ends {client}'s placement with {reference}": plainly(placement.end_placement),
    "awards {client} a grant of {amount} EUR for the placement with {reference}": reading(
        placement.award_grant, acting.money(placement.award_grant)
    ),
    "pays {client} {amount} EUR of the grant for the placement with {reference}": reading(
        placement.pay_grant, acting.money(placement.pay_grant)
    ),
    "grants a wage subsidy of {amount} EUR for {client}'s placement with {reference}": reading(
        placement.grant_wage_subsidy, acting.money(placement.grant_wage_subsidy)
    ),
    "advises {employer} about {client} on {topic}": plainly(placement.advise_employer),
}
_FOLLOW_UP = {
    "holds a follow-up with {client}": reading(follow_up.hold_follow_up, acting.followed_up),
    "records {client}'s periods of work": acting.periods(follow_up.record_employment_period),
    "records {client}'s periods of unemployment": acting.periods(
        follow_up.record_unemployment_period
    ),
    "records {client}'s periods of benefit": acting.periods(follow_up.record_benefit_period),
}
_ANY_PHASE = {
    "moves {client} on to {phase}": reading(course.enter_phase, acting.entering),
    "moves {client} on to {phase} without {override}": reading(course.enter_phase, acting.entering),
    "asks {to_organisation} to take {client} over": plainly(handover.request_handover),
    "takes {client} over": acting.taking_over,
    "does not take {client} over": plainly(handover.decline_handover),
    "gives feedback on {client}'s way as {respondent} by {questionnaire}": reading(
        course.give_feedback, acting.answers
    ),
    "exempts {client} from the deadline {deadline} for {exemption}": reading(
        course.exempt_deadline, acting.deadline
    ),
    "moves {client}'s deadline {deadline} to {to_day}": reading(
        course.move_deadline, acting.deadline
    ),
    "pauses {client}'s journey": plainly(course.pause),
    "resumes {client}'s journey": plainly(course.resume),
    "adopts version {version} for {client}": reading(course.adopt_definition, acting.adoption),
    "corrects {client}'s entry {entry}": reading(corrections.correct, acting.correction),
    "retracts {client}'s entry {entry}": reading(corrections.retract, acting.entry_of),
    "reviews {client}'s {decision} and upholds it": reading(
        corrections.review_decision, acting.judgement(upheld=True)
    ),
    "reviews {client}'s {decision} and does not uphold it": reading(
        corrections.review_decision, acting.judgement(upheld=False)
    ),
    "closes {client}'s journey as {end_state} into {destination}": plainly(ending.close),
    "reopens {client}'s journey": plainly(ending.reopen),
}

ACTS = tuple(
    phrase(words, do)
    for part in (
        *(_REFERRAL, _REVIEW, _TEAM_AND_PLAN, _SERVICES),
        *(_PLACEMENT, _FOLLOW_UP, _ANY_PHASE),
    )
    for words, do in part.items()
)
