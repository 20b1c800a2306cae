"""Ways to follow up, and to record where a client works and what is paid."""

from application.candidates.way import Asked, Way, Ways, texts_at_will, words
from domain.facts import EmploymentStatus


def follow_up(asked: Asked) -> Ways:
    """Return the one way to follow up, at any point or none."""
    points = tuple(point.id for point in asked.act.definition.follow_up)
    note = texts_at_will("note")
    free = lambda n: {"status": EmploymentStatus.UNKNOWN, **note(n)}  # noqa: E731
    return (Way(optional={"point": points}, free=free),)


def period(asked: Asked) -> Ways:
    """Return the one way to record a period."""
    return (Way(free=lambda n: {"start": asked.act.on, "kind": words(n)}),)
