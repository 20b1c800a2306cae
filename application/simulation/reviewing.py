"""The competence review, the team around the client, and the plan."""

from datetime import timedelta

from application.simulation import texts
from application.simulation.way import Acts, Way
from domain.definition import Phase
from domain.entry import Personal
from domain.journey import plan, review, team
from domain.journey.events import PlanStep, Score, Signatory
from domain.journey.state import Status

_LATER_PHASES = (Phase.TRAINING, Phase.PLACEMENT)


def review_competences(way: Way) -> Acts:
    """Review what the client can, by a method of the definition, from start to end."""
    methods = way.definition.review_methods
    if not methods:
        return
    done = way.journey.review
    if done is None or done.completed is not None:
        by = way.worker
        method = way.rng.choice(methods).code
        yield from way.do(review.start_competence_review, by=by, method=method, assessor=by.person)
    if way.chance(way.rates.self_assessed):
        yield from assess_oneself(way)
    yield from record_competences(way)
    if way.leaves_in is Phase.COMPETENCE_REVIEW and way.phase is Phase.COMPETENCE_REVIEW:
        return
    way.wait(5, 40)
    yield from way.do(
        review.complete_competence_review,
        strengths=_several(way, texts.STRENGTHS),
        development_needs=_several(way, texts.DEVELOPMENT),
    )


def _several(way: Way, said: tuple[str, ...]) -> tuple[Personal, ...]:
    return tuple(Personal(text) for text in way.rng.sample(said, way.rng.randint(1, 3)))


def assess_oneself(way: Way) -> Acts:
    """Hand in a self-assessment, where the definition has one for clients."""
    asked = way.questionnaires("client", assesses=True)
    if not asked:
        return
    way.wait(0, 8)
    questionnaire = way.rng.choice(asked)
    answers = way.answers(texts.REMARKS)
    values = [answer.value for answer in answers if answer.value is not None]
    yield from way.do(
        review.submit_self_assessment,
        questionnaire=questionnaire.code,
        questionnaire_version=questionnaire.version,
        answers=answers,
        scores=(Score("mean", round(sum(values) / len(values), 2)),),
    )


def record_competences(way: Way) -> Acts:
    """Record a few competences in the frames of the definition."""
    frames = way.definition.frames
    if not frames:
        return
    spoken = [frame for frame in frames if frame.concepts]
    way.wait(1, 12)
    for _ in range(way.rng.randint(1, 3)):
        frame = way.rng.choice(spoken if spoken and way.chance(0.85) else frames)
        if frame.concepts:
            concept = way.rng.choice(frame.concepts).code
        else:  # no real concept is claimed: the address only begins like one
            concept = f"{frame.uri_prefix}simulated-{way.rng.randint(1, 40):02d}"
        yield from way.do(
            review.record_competence,
            concept=concept,
            level=way.rng.choice(frame.levels),
            evidence=way.text(texts.EVIDENCE),
            validated_by=way.worker.person if way.chance(0.4) else None,
        )


def join_team(way: Way) -> Acts:
    """Let somebody of another organisation of the programme join the client's team."""
    present = {member.organisation for member in way.journey.present_team()}
    taking_part = [p for p in way.definition.organisations if p.takes_part(way.day)]
    others = [p for p in taking_part if p.code not in present]
    if not others:
        return
    partner = way.rng.choice(others)
    person = way.setting.staff.anybody(way.rng, partner.code)
    yield from way.do(
        team.join_team, person=person.person, organisation=partner.code, role=partner.roles[0]
    )


def leave_team(way: Way) -> Acts:
    """Let a member leave the client's team, where there are two or more."""
    members = way.journey.present_team()
    if len(members) < 2:
        return
    member = members[-1]
    yield from way.do(team.leave_team, person=member.person, organisation=member.organisation)


def make_plan(way: Way) -> Acts:
    """Draft a plan and have it agreed; some are drafted twice, some revised later."""
    if way.journey.plan is not None and way.journey.plan.agreed is not None:
        return
    yield from way.do(plan.draft_plan, steps=_steps(way, 0))
    if way.chance(0.12):
        way.wait(2, 8)
        yield from way.do(plan.draft_plan, steps=_steps(way, 0))
    way.wait(1, 14)
    yield from way.do(plan.agree_plan, signatories=signatories(way))
    if way.chance(way.rates.plan_revised):
        way.put_off(way.rng.randint(35, 120), revise_plan)


def signatories(way: Way) -> tuple[Signatory, ...]:
    """Return who signs: the client, the case worker, and now and then one of the team."""
    signing = [Signatory(way.client, "client"), Signatory(way.worker.person, "case-worker")]
    members = way.journey.present_team()
    if members and way.chance(0.5):
        signing.append(Signatory(members[0].person, members[0].role))
    return tuple(signing)


def _steps(way: Way, first: int) -> tuple[PlanStep, ...]:
    steps, by = [], way.day
    offered = [s for s in way.definition.services if set(s.phases) & set(_LATER_PHASES)]
    for number in range(first + 1, first + way.rng.randint(2, 3) + 1):
        by += timedelta(days=way.rng.randint(30, 75))
        service = way.rng.choice(offered) if offered else None
        code = service.code if service else None
        steps.append(PlanStep(f"step-{number}", way.text(texts.GOALS), by, code))
    return tuple(steps)


def revise_plan(way: Way) -> Acts:
    """Replace the agreed plan: what was reached or is open stays, one step is new."""
    agreed = way.journey.plan
    if agreed is None or agreed.agreed is None or not way.is_(Status.OPEN):
        return
    kept = tuple(course.step for course in agreed.steps if course.dropped is None)
    new = _steps(way, len(agreed.steps) + agreed.revision)[:1]
    known = {step.id for step in kept}
    yield from way.do(
        plan.revise_plan,
        steps=(*kept, *(step for step in new if step.id not in known)),
        signatories=signatories(way),
        reason=way.text(texts.REVISED),
    )


def reach_step(way: Way, service: str | None) -> Acts:
    """Reach the open step that the service belongs to, or else the next one."""
    step = _open_step(way, service)
    if step is not None:
        yield from way.do(plan.reach_step, step=step.id)


def drop_step(way: Way) -> Acts:
    """Give up the next open step of the plan."""
    step = _open_step(way, None)
    if step is not None:
        yield from way.do(plan.drop_step, step=step.id, reason=way.text(texts.DROPPED))


def _open_step(way: Way, service: str | None) -> PlanStep | None:
    agreed = way.journey.plan
    if agreed is None or agreed.agreed is None:
        return None
    steps = [course.step for course in agreed.steps if course.open]
    fitting = [step for step in steps if step.service == service]
    return next(iter(fitting or steps), None)
