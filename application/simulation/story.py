"""A whole way, from the referral to what comes after the end, through the definition's phases."""

from collections.abc import Callable

from application.simulation import (
    following,
    incidents,
    placing,
    reviewing,
    serving,
    starting,
    texts,
)
from application.simulation.tending import tend
from application.simulation.way import Acts, Told, Way
from domain.definition import Phase, PhaseRule, Rule
from domain.journey import course, ending, follow_up
from domain.journey.facts import facts_of, values
from domain.journey.state import Status
from domain.policy import unmet

REMEDIES: dict[str, Callable[[Way], Acts]] = {
    "case_worker_assigned": starting.assign,
    "interview_held": starting.interview,
    "needs_defined": starting.define_needs,
    "self_assessment_submitted": reviewing.assess_oneself,
    "competences_recorded": reviewing.record_competences,
    "review_started": reviewing.review_competences,
    "review_completed": reviewing.review_competences,
    "team_size": reviewing.join_team,
    "team_organisations": reviewing.join_team,
    "plan_agreed": reviewing.make_plan,
    "plan_steps": reviewing.make_plan,
    "client_signed_plan": reviewing.make_plan,
    "services_started": serving.use_service,
    "services_completed": serving.use_service,
    "certificates": serving.certify,
    "placement_agreed": placing.place,
    "placement_started": placing.place,
    "placement_ended": placing.end,
    "employer_advised": placing.advise,
    "grant_awarded": placing.grant,
    "follow_ups_held": following.hold_one,
    "feedback_given": lambda way: following.give_feedback(way, "client"),
}
"""What to do so that a fact comes true which a requirement asks for."""

POSITIVE = ("employment", "self-employment", "education-or-training", "other-measure")


def story(way: Way) -> Acts:
    """Tell a client's way, until it ends or the simulation does."""
    if not (yield from starting.take_in(way)):
        return
    yield from _stays(way)
    if not way.forgotten:
        yield from _close(way)
        yield from _afterwards(way)
    while way.later:
        way.day = max(way.day, way.later[0][0])
        yield from way.what_was_put_off()


def _stays(way: Way) -> Acts:
    """Go from phase to phase as the definition lets one follow on another."""
    tried: set[Phase] = set()
    following_rules = [rule for rule in way.definition.phases if not rule.after]
    while following_rules:
        rule = following_rules.pop(0)
        tried.add(rule.phase)
        if not (yield from _enter(way, rule)):
            continue
        yield from _STAYS[rule.phase](way)
        yield from tend(way)
        if way.leaves_in is rule.phase or way.forgotten:
            return
        yield from incidents.something(way)
        if way.forgotten or way.chance(way.rates.forgotten / incidents.OCCASIONS):
            way.forgotten = True
            return
        following_rules = _next(way, rule.phase, tried)


def _next(way: Way, phase: Phase, tried: set[Phase]) -> list[PhaseRule]:
    """Return the phases that can come next, in the order in which they are tried."""
    order = list(Phase)
    after = [r for r in way.definition.phases if phase in r.after and r.phase not in tried]
    after.sort(key=lambda rule: order.index(rule.phase))
    skipped = Phase.PLACEMENT if not way.chance(way.rates.placed) else None
    if len(after) > 1 and (after[0].phase is skipped or way.chance(0.15)):
        after.append(after.pop(0))
    return after


def _enter(way: Way, rule: PhaseRule) -> Told:
    """Do what the requirements of a phase still ask for, and enter it; False where it cannot be."""
    roles = way.definition.override_roles
    hurry = bool(roles) and way.chance(way.rates.override)
    if not hurry:
        for requirement in rule.requires:
            yield from _fulfil(way, requirement)
    left = unmet(rule.requires, values(facts_of(way.journey, way.day)))
    if left and not roles:
        return False
    if left and way.is_(Status.OPEN):
        yield from way.do(
            course.enter_phase,
            by=incidents.lead_of(way),
            roles=roles[:1],
            phase=rule.phase,
            override=tuple(requirement.id for requirement in left),
            reason=way.text(texts.OVERRIDDEN),
        )
    elif way.is_(Status.OPEN):
        yield from way.do(course.enter_phase, phase=rule.phase)
    return way.phase is rule.phase


def _fulfil(way: Way, requirement: Rule) -> Acts:
    for _ in range(3):
        for name, remedy in REMEDIES.items():
            if name not in requirement.needs:
                continue
            if not unmet((requirement,), values(facts_of(way.journey, way.day))):
                return
            yield from remedy(way)


def _intake(way: Way) -> Acts:
    if way.chance(0.3):
        yield from incidents.something(way)
    if way.forgotten:
        return
    if way.leaves_in is Phase.INTAKE and way.chance(0.6):
        way.wait(15, 40)
        return
    yield from starting.interview(way)
    if way.leaves_in is not Phase.INTAKE and way.chance(0.92):
        yield from starting.define_needs(way)


def _review(way: Way) -> Acts:
    way.wait(1, 14)
    yield from reviewing.review_competences(way)
    if way.leaves_in is Phase.COMPETENCE_REVIEW:
        return
    if way.chance(0.35):
        yield from serving.use_service(way)
    if way.chance(0.3):
        yield from reviewing.join_team(way)
    if way.chance(way.rates.plan_made):
        yield from reviewing.make_plan(way)


def _train(way: Way) -> Acts:
    if way.chance(way.rates.plan_made):
        yield from reviewing.make_plan(way)
    way.wait(1, 15)
    yield from serving.use_service(way)
    while way.leaves_in is not Phase.TRAINING and way.chance(way.rates.extra_service):
        yield from tend(way)
        way.wait(3, 30)
        yield from serving.use_service(way)
        if len(way.journey.services) > 5:
            break


def _place(way: Way) -> Acts:
    if placing.running(way) is None:
        yield from placing.place(way)
    if way.chance(0.25):
        yield from serving.use_service(way)
    yield from tend(way)
    yield from placing.accompany(way)
    if way.journey.placements and way.chance(way.rates.employer_feedback):
        following.feedback_later(way, "employer", way.rng.randint(3, 25))


def _follow(way: Way) -> Acts:
    yield from following.follow(way)
    if way.chance(way.rates.network_feedback):
        yield from following.give_feedback(way, "network")


_STAYS: dict[Phase, Callable[[Way], Acts]] = {
    Phase.INTAKE: _intake,
    Phase.COMPETENCE_REVIEW: _review,
    Phase.TRAINING: _train,
    Phase.PLACEMENT: _place,
    Phase.FOLLOW_UP: _follow,
}


def _close(way: Way) -> Acts:
    early = way.leaves_in is not None and way.leaves_in is way.phase
    way.wait(14, 45) if early else way.wait(3, 20)
    destination = _destination(way, early=early)
    if destination in POSITIVE[:2] and placing.running(way) is None:
        kind = "found-by-oneself"
        yield from way.do(follow_up.record_employment_period, start=way.day, kind=kind)
        yield from placing.end_spell(way)
    if way.chance(way.rates.client_feedback * (0.5 if early else 1.15)):
        following.feedback_later(way, "client", way.rng.randint(0, 12))
    yield from _close_in(way, destination, early=early)


def _close_in(way: Way, destination: str, *, early: bool) -> Acts:
    before_the_interview = way.journey.told is None
    wanted = "cancelled" if before_the_interview else "ended-early" if early else "completed"
    states = {state.code: state.destinations for state in way.definition.end_states}
    state = wanted if wanted in states else next(iter(states))
    fitting = states[state]
    reasons = texts.CANCELLED if before_the_interview else texts.CLOSED_EARLY
    yield from way.do(
        ending.close,
        end_state=state,
        destination=destination if destination in fitting else fitting[-1],
        reason=way.text(reasons if early else texts.CLOSED),
    )


def _destination(way: Way, *, early: bool) -> str:
    course_ = placing.running(way)
    if course_ is not None and course_.form not in placing.NO_JOB and way.chance(0.9):
        own = course_.form == "self-employment-or-start-up"
        return "self-employment" if own else "employment"
    if way.chance(way.rates.onward * (0.5 if early else 1.0)):
        work = way.rates.into_work / max(way.rates.onward, 0.01)
        weights = (work * 0.6, 0.03, 0.3, 0.15)
        return way.rng.choices(POSITIVE, weights)[0]
    if early:
        others = ("unemployed", "inactive", "moved-away", "other", "unknown")
        return way.rng.choices(others, (4, 2, 2, 1, 3))[0]
    return way.rng.choices(("unemployed", "inactive"), (4, 1))[0]


def _afterwards(way: Way) -> Acts:
    """Come back now and then, and end once more."""
    if not way.chance(way.rates.reopened) or not way.is_(Status.CLOSED):
        return
    way.wait(15, 70)
    yield from way.do(ending.reopen, reason=way.text(texts.REOPENED))
    way.wait(3, 15)
    yield from following.hold(way)
    yield from serving.use_service(way)
    way.leaves_in = None
    yield from _close(way)
