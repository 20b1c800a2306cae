"""Bodies of the acts of the client's team and plan."""

from interfaces.http.acts.fields import Body, Id, KnownId, KnownName, Name, Said, given
from interfaces.http.acts.values import Signatories, Steps

_STEPS = [
    {
        "id": "step-1",
        "goal": "A vocational certificate in welding",
        "by": "2025-06-30",
        "service": "vocational-course",
    }
]
_SIGNED = [
    {"person": "c-1042", "role": "client"},
    {"person": "worker-7", "role": "case-worker"},
]


class JoinTeam(Body):
    """A person of a partner joins the team around the client."""

    person: Id = given("nurse-3")
    """The id of the person."""
    organisation: Id = given("health-centre")
    """The organisation that the person works for."""
    role: Name = given("health")
    """What the person does in the team."""


class LeaveTeam(Body):
    """A person leaves the team around the client."""

    person: KnownId = given("nurse-3")
    """The id of the person."""
    organisation: KnownId = given("health-centre")
    """The organisation that the person works for."""


class DraftPlan(Body):
    """A plan is drafted with the client, or drafted again before it is agreed."""

    steps: Steps = given(_STEPS)
    """The lines of the plan."""


class AgreePlan(Body):
    """The drafted plan is agreed and signed."""

    signatories: Signatories = given(_SIGNED)
    """Who signed; the client is among them. A client signs for themself alone."""


class RevisePlan(Body):
    """Another plan takes the place of the agreed one."""

    steps: Steps = given(_STEPS)
    """The lines of the new plan; a step that keeps its id keeps what came of it."""
    signatories: Signatories = given(_SIGNED)
    """Who signed; the client is among them."""
    reason: Said = given("The course was cancelled; another begins in May.")
    """Why the plan was changed."""


class ReachStep(Body):
    """A step of the plan was reached."""

    step: KnownName = given("step-1")
    """The id of the step."""


class DropStep(Body):
    """A step of the plan is given up."""

    step: KnownName = given("step-1")
    """The id of the step."""
    reason: Said = given("The client found work without it.")
    """Why it is given up."""
