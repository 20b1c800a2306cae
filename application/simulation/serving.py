"""Services that the client is guided into: proposed, attended, carried through or not."""

from application.simulation import texts
from application.simulation.reviewing import reach_step
from application.simulation.way import Acts, Way
from domain.definition import Service
from domain.journey import services
from domain.journey.state import Status


def use_service(way: Way) -> Acts:
    """Guide the client into a service of the phase, and through it as far as it goes."""
    service = _choose(way)
    if service is None:
        return
    reference, provider = way.reference("s"), _provider(way, service)
    yield from _propose(way, reference, service, provider)
    way.wait(1, 10)
    if way.chance(way.rates.service_declined):
        reason = way.text(texts.SERVICE_DECLINED)
        yield from way.do(services.decline_service, reference=reference, reason=reason)
        return
    yield from way.do(services.accept_service, reference=reference)
    way.wait(3, 25)
    yield from way.do(services.start_service, reference=reference)
    yield from _attend(way, reference)
    way.wait(2, 10)
    if way.leaves_in is way.phase or way.chance(way.rates.service_interrupted):
        reason = way.text(texts.INTERRUPTED)
        yield from way.do(services.interrupt_service, reference=reference, reason=reason)
        return
    yield from _complete(way, reference, service)


def _choose(way: Way) -> Service | None:
    used = {course.service for course in way.journey.services}
    offered = [s for s in way.definition.services if way.phase in s.phases and s.offered(way.day)]
    new = [s for s in offered if s.code not in used] or offered
    planned = {c.step.service for c in way.journey.plan.steps} if way.journey.plan else set()
    wanted = [s for s in new if s.code in planned]
    if wanted and way.chance(0.8):
        return way.rng.choice(wanted)
    return way.rng.choice(new) if new else None


def _provider(way: Way, service: Service) -> str | None:
    fitting = [
        p.code
        for p in way.definition.organisations
        if set(p.roles) & set(service.providers) and p.takes_part(way.day)
    ]
    if way.journey.organisation in fitting:
        return way.journey.organisation
    return way.rng.choice(fitting) if fitting else None


def _propose(way: Way, reference: str, service: Service, provider: str | None) -> Acts:
    steps = way.journey.plan.steps if way.journey.plan else ()
    step = next((c.step.id for c in steps if c.open and c.step.service == service.code), None)
    yield from way.do(
        services.propose_service,
        reference=reference,
        service=service.code,
        provider=provider,
        step=step,
    )


def _attend(way: Way, reference: str) -> Acts:
    for _ in range(way.rng.randint(1, 4)):
        way.wait(3, 12)
        absent = way.chance(way.rates.absent)
        yield from way.do(
            services.record_attendance,
            reference=reference,
            hours=0.0 if absent else float(way.rng.choice((2, 3, 4, 6, 7))),
            absence_reason=way.rng.choice(texts.ABSENCES) if absent else None,
        )


def _complete(way: Way, reference: str, service: Service) -> Acts:
    course = way.journey.service(reference)
    hours = course.hours if course and way.chance(0.6) else None
    yield from way.do(
        services.complete_service,
        reference=reference,
        result=way.rng.choice(texts.RESULTS),
        hours=hours,
    )
    if way.chance(0.75):
        yield from reach_step(way, service.code)
    if way.chance(way.rates.certified):
        yield from _await_certificate(way, service)


def _await_certificate(way: Way, service: Service) -> Acts:
    """Have the certificate come by post some weeks after the day on it, or at once."""
    awarded_on = way.day
    body = _provider(way, service) or way.journey.organisation

    def acts(way: Way) -> Acts:
        if way.is_(Status.OPEN):
            yield from way.do(
                services.award_certificate,
                on=awarded_on,
                title=service.title.en,
                awarding_body=body,
                competences=tuple(dict.fromkeys(c.concept for c in way.journey.competences))[:2],
                eqf_level=way.rng.choice((2, 3, 4, None)),
            )

    if way.chance(0.5):
        way.put_off(way.rng.randint(5, 40), acts)
    else:
        yield from acts(way)


def certify(way: Way) -> Acts:
    """Have a certificate awarded without a service before it."""
    yield from way.do(
        services.award_certificate,
        title="Recognised competences",
        awarding_body=way.journey.organisation,
    )
