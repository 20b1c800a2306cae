"""Ways to review what a client can do."""

from collections.abc import Callable

from application.candidates.way import (
    NO_QUESTIONNAIRE,
    Asked,
    Fields,
    Way,
    Ways,
    answers,
    codes_of,
    person,
    texts_at_will,
    words,
)
from domain.entry import Personal
from domain.wording import said


def start_review(asked: Asked) -> Ways:
    """Return the one way to begin, by any method."""
    methods = codes_of(asked.act.definition.review_methods)
    return (Way(codes={"method": methods}, free=person(asked, "assessor")),)


def self_assess(asked: Asked) -> Ways:
    """Return each questionnaire."""
    ways = [
        Way({"questionnaire": q.code, "questionnaire_version": q.version}, free=answers)
        for q in asked.act.definition.questionnaires
    ]
    stand_in = Way(
        {"questionnaire": "", "questionnaire_version": 1}, free=answers, none=NO_QUESTIONNAIRE
    )
    return ways or (stand_in,)


def record_competence(asked: Asked) -> Ways:
    """Return each frame of competences, by its concepts and by its prefix."""
    ways = []
    for frame in asked.act.definition.frames:
        if frame.concepts:
            codes = {"concept": codes_of(frame.concepts), "level": frame.levels}
            ways.append(Way(codes=codes, free=texts_at_will("evidence")))
        if frame.uri_prefix is not None:
            begin = frame.uri_prefix
            named = {"concept": (f"{begin}*",), "level": frame.levels}
            ways.append(Way(codes=named, free=_of_prefix(begin)))
    none = said("the definition has no frame of competences")
    return ways or (Way({"concept": "", "level": ""}, none=none),)


def _of_prefix(prefix: str) -> Callable[[int], Fields]:
    return lambda attempt: {"concept": f"{prefix}{attempt}"}


def complete_review(_asked: Asked) -> Ways:
    """Return the one way to end the review."""

    def free(attempt: int) -> Fields:
        strengths = (Personal(words(attempt)),) * attempt  # a review can end without any
        return {"strengths": strengths, "development_needs": ()}

    return (Way(free=free),)
