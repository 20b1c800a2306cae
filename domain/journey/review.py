"""Competence review: what a person can, by self-assessment, interview and evidence."""

from domain.definition import CompetenceFrame, Definition, codes
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.act import (
    NOTHING,
    Act,
    Events,
    not_before,
    require_code,
    require_open,
    require_text,
    unless_recorded,
)
from domain.journey.history import History
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import Listed, coded, said


def start_competence_review(history: History, act: Act, *, method: str, assessor: str) -> Events:
    """Begin a competence review by a method of the definition."""
    require_open(history.journey, act, said("start a competence review"))
    require_code("method", method, codes(act.definition.review_methods))
    require_text("assessor", assessor)
    review = history.journey.review
    if review is not None and review.completed is None:
        if (review.method, review.assessor) == (method, assessor):
            return NOTHING
        raise IllegalTransition(
            state=said("a review by {method} is under way", method=review.method),
            act=said("start a competence review"),
            missing=said("complete that one first"),
        )
    event = e.CompetenceReviewStarted(method, assessor)
    if not unless_recorded(history, act, event):
        return NOTHING
    not_before(act, review and review.completed_on, said("a review was completed"))
    return (event,)


def submit_self_assessment(
    history: History,
    act: Act,
    *,
    questionnaire: str,
    questionnaire_version: int,
    answers: tuple[e.Answer, ...],
    scores: tuple[e.Score, ...] = (),
) -> Events:
    """Hand in the client's own answers to a questionnaire of the definition."""
    require_open(history.journey, act, said("submit a self-assessment"))
    require_questionnaire(act.definition, questionnaire, questionnaire_version, "client")
    require_answers(answers)
    event = e.SelfAssessmentSubmitted(questionnaire, questionnaire_version, answers, scores)
    return unless_recorded(history, act, event)


def record_competence(
    history: History,
    act: Act,
    *,
    concept: str,
    level: str,
    evidence: Personal = e.NOTHING_SAID,
    validated_by: str | None = None,
) -> Events:
    """Record a competence by its concept in a frame of the definition, with its level."""
    require_open(history.journey, act, said("record a competence"))
    frame = _frame_of(act.definition, concept)
    require_code("level", level, frame.levels)
    event = e.CompetenceRecorded(concept, level, evidence, validated_by)
    return unless_recorded(history, act, event)


def complete_competence_review(
    history: History,
    act: Act,
    *,
    strengths: tuple[Personal, ...],
    development_needs: tuple[Personal, ...],
) -> Events:
    """Finish the competence review with strengths and development needs."""
    require_open(history.journey, act, said("complete the competence review"))
    event = e.CompetenceReviewCompleted(strengths, development_needs)
    review = history.journey.review
    if review is None:
        raise IllegalTransition(
            state=said("no competence review was started"),
            act=said("complete the competence review"),
            missing=said("start one first"),
        )
    if review.completed is not None:
        if not unless_recorded(history, act, event):
            return NOTHING
        raise IllegalTransition(
            state=said(
                "the review was completed on {completed_on}", completed_on=review.completed_on
            ),
            act=said("complete the competence review"),
            missing=said("start a new one, or correct the entry"),
        )
    if act.on < review.started_on:
        raise InvalidField(
            "occurred_on",
            said("the review started only on {started_on}", started_on=review.started_on),
        )
    return (event,)


def require_questionnaire(definition: Definition, code: str, version: int, respondent: str) -> None:
    """Raise InvalidField unless the definition has the questionnaire for the respondent."""
    known = {q.code for q in definition.questionnaires}
    require_code("questionnaire", code, known)
    versions = {q.version for q in definition.questionnaires if q.code == code}
    if version not in versions:
        raise InvalidField(
            "questionnaire_version",
            said(
                "{code} has the versions {versions}", code=code, versions=Listed(sorted(versions))
            ),
        )
    respondents = {r for q in definition.questionnaires if q.code == code for r in q.respondents}
    if respondent not in respondents:
        raise InvalidField(
            "questionnaire",
            said(
                "{code} is answered by {respondents}",
                code=code,
                respondents=Listed(coded("respondent", one) for one in sorted(respondents)),
            ),
        )


def require_answers(answers: tuple[e.Answer, ...]) -> None:
    """Raise InvalidField for no answers, or two to one question."""
    if not answers:
        raise InvalidField("answers", said("give at least one answer"))
    asked = [a.question for a in answers]
    twice = sorted({q for q in asked if asked.count(q) > 1})
    if twice:
        raise InvalidField("answers", said("answered twice: {questions}", questions=Listed(twice)))


def _frame_of(definition: Definition, concept: str) -> CompetenceFrame:
    for frame in definition.frames:
        if concept in codes(frame.concepts):
            return frame
        if frame.uri_prefix is not None and concept.startswith(frame.uri_prefix):
            return frame
    known = Listed(f.code for f in definition.frames) or said("none")
    raise InvalidField(
        "concept",
        said(
            "{concept!r} is in no frame of the definition ({known})", concept=concept, known=known
        ),
    )
