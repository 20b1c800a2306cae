"""What a client is given: the team, the plan, services and placements."""

from typing import Any

from application.case_file import CaseFile
from domain.journey.plan import StepProgress
from domain.journey.state import Member, Placement, ServiceCourse
from interfaces.http import journey_models as m
from interfaces.http.speaking import Speaking


def support(case: CaseFile, say: Speaking) -> dict[str, Any]:
    """Return the parts of the page, by their fields."""
    journey = case.journey
    return {
        "team": [_member(one, say) for one in journey.team],
        "plan": _plan(case, say),
        "services": [_service(one, say) for one in journey.services],
        "placements": [_placement(one, say) for one in journey.placements],
    }


def _member(one: Member, say: Speaking) -> m.MemberTold:
    return m.MemberTold.model_construct(
        person=one.person,
        organisation=say.title("organisation", one.organisation),
        role=one.role,
        since=one.since,
        until=one.until,
        entry=one.entry,
    )


def _service(one: ServiceCourse, say: Speaking) -> m.ServiceTold:
    return m.ServiceTold.model_construct(
        reference=one.reference,
        service=say.title("service", one.service),
        provider=say.maybe("organisation", one.provider),
        step=one.step,
        status=say.code("service-status", one.status.value),
        proposed_on=one.proposed_on,
        started_on=one.started_on,
        ended_on=one.ended_on,
        hours=one.hours,
        absences=one.absences,
        result=one.result,
        entry=one.entry,
    )


def _placement(one: Placement, say: Speaking) -> m.PlacementTold:
    return m.PlacementTold.model_construct(
        reference=one.reference,
        employer=one.employer,
        form=say.code("placement-form", one.form),
        status=say.code("placement-status", one.status.value),
        proposed_on=one.proposed_on,
        agreed_on=one.agreed_on,
        started_on=one.started_on,
        ended_on=one.ended_on,
        reviews=one.reviews,
        entry=one.entry,
    )


def _plan(case: CaseFile, say: Speaking) -> m.PlanTold | None:
    plan = case.journey.plan
    return plan and m.PlanTold.model_construct(
        entry=plan.entry,
        drafted_on=plan.drafted_on,
        agreed_on=plan.agreed_on,
        revision=plan.revision,
        signatories=[
            m.SignatoryTold.model_construct(person=one.person, role=one.role)
            for one in plan.signatories
        ],
        steps=[_step(one, say) for one in case.plan],
    )


def _step(one: StepProgress, say: Speaking) -> m.StepTold:
    return m.StepTold.model_construct(
        id=one.step.id,
        goal=str(one.step.goal),
        service=say.maybe("service", one.step.service),
        by=one.step.by,
        status=say.code("step-status", one.status.value),
        actual=one.actual,
        days_late=one.days_late,
    )
