"""Ways to propose, begin and end services, and to certify what was learnt."""

from collections.abc import Callable

from application.candidates.way import Asked, Fields, Way, Ways, each, new_reference, silent, words
from domain.wording import said


def each_service(free: Callable[[int], Fields] = silent) -> Callable[[Asked], Ways]:
    """Return what gives a way for each service of the journey."""
    none = said("no service was proposed or started yet")

    def ways(asked: Asked) -> Ways:
        references = [course.reference for course in asked.history.journey.services]
        return each("reference", references, none, free=free)

    return ways


_NO_SERVICE = said("the definition has no services")


def propose_service(asked: Asked) -> Ways:
    """Return each service of the definition."""
    journey = asked.history.journey
    reference = new_reference("service", (s.reference for s in journey.services))
    steps = tuple(course.step.id for course in journey.plan.steps) if journey.plan else ()
    services = [service.code for service in asked.act.definition.services]
    return each(
        "service",
        services,
        _NO_SERVICE,
        optional={"step": steps},
        free=lambda _: {"reference": reference},
    )


def start_service(asked: Asked) -> Ways:
    """Return each service of the journey, and each of the definition as a new one."""
    known = [course.reference for course in asked.history.journey.services]
    for reference in known:
        yield Way({"reference": reference})
    new = new_reference("service", known)
    services = [service.code for service in asked.act.definition.services]
    yield from each("service", services, _NO_SERVICE, free=lambda _: {"reference": new})


def hours(attempt: int) -> Fields:
    """Make up how long somebody attended."""
    return {"hours": 1.0 + attempt}


def result(attempt: int) -> Fields:
    """Make up what came of a service."""
    return {"result": words(attempt)}


def certificate(asked: Asked) -> Ways:
    """Return the one way to award a certificate."""
    body = asked.act.by.organisation
    return (Way(free=lambda n: {"title": words(n), "awarding_body": body}),)
