"""Ways to hold the interview of intake, and to say what is needed."""

from application.candidates.way import Asked, Way, Ways, codes_of, texts_at_will
from domain.facts import EmploymentStatus
from domain.journey import events as e


def interview(_asked: Asked) -> Ways:
    """Return the one way to hold the interview."""
    situation = e.Situation(EmploymentStatus.UNEMPLOYED)
    note = texts_at_will("note")
    return (Way(free=lambda n: {"situation": situation, **note(n)}),)


def needs(asked: Asked) -> Ways:
    """Return the one way to define needs, of any there are."""
    definition = asked.act.definition
    return (
        Way(
            codes={"needs": codes_of(definition.needs)},
            optional={"service_line": codes_of(definition.service_lines)},
            free=texts_at_will("note"),
        ),
    )
