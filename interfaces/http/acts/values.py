"""Values within bodies: a client's situation, answers, steps of a plan, who signed, facts."""

from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from domain.facts import FACTS, EmploymentStatus, Fact
from domain.journey import events as e
from interfaces.http.acts.fields import (
    MOST_LINES,
    WITHOUT_SOURCE,
    Day,
    KnownId,
    KnownName,
    Language,
    Name,
    Names,
    Number,
    Part,
    Said,
    Whole,
    YesNo,
    given,
    maybe,
    one_of,
    value_of,
)


class SituationSaid(Part):
    """What the client told of the situation; what nobody asked is left out."""

    employment: EmploymentStatus | None = maybe("unemployed")
    """The status on the labour market."""
    unemployed_since: Day | None = maybe("2024-11-15")
    """The first day of the spell of unemployment that lasts."""
    education: Annotated[int, Field(strict=True, ge=0, le=8)] | None = maybe(3)
    """The highest completed level of education by ISCED 2011, 0 to 8."""
    languages: Annotated[tuple[Language, ...], Field(max_length=20)] | None = maybe(["fi", "so"])
    """The languages that the client speaks, as ISO 639 codes."""
    municipality: Name | None = maybe("kuopio")
    """The code of the municipality where the client lives."""
    student_in_last_phase: YesNo | None = maybe(False)
    """Whether vocational or professional studies are due to end within twelve months."""
    finished_vocational_school: YesNo | None = maybe(True)
    """Whether the client holds a vocational upper secondary qualification."""
    threatened_by_unemployment: YesNo | None = maybe(False)
    """Whether notice, lay-off, or the end of a contract or of studies without a job is ahead."""
    unemployed_after_measure: YesNo | None = maybe(False)
    """Whether the spell began within three months of the end of a service of employment policy."""
    at_risk_of_structural_unemployment: YesNo | None = maybe(None, True)
    """Whether the spell is likely to last a year or to come back, as the case worker judges."""
    needs_more_guidance: YesNo | None = maybe(True)
    """Whether guidance beyond the usual is needed."""
    disadvantages: Names | None = maybe(None, ["long-term-unemployed"])
    """Disadvantages, in codes of the programme's definition; an empty list says that none is."""


Situation: TypeAlias = Annotated[
    e.Situation, value_of(SituationSaid, lambda said: e.Situation(**said.said()))
]


class AnswerSaid(Part):
    """One answer of a questionnaire."""

    question: Name = given("q1")
    """The question, as the questionnaire names it."""
    value: Number | None = maybe(4)
    """The answer on the question's scale, where it has one."""
    text: Said | None = maybe("I manage well at work.")
    """The answer in the person's own words."""


Answers: TypeAlias = Annotated[
    tuple[Annotated[e.Answer, value_of(AnswerSaid, lambda said: e.Answer(**said.said()))], ...],
    Field(min_length=1, max_length=MOST_LINES),
]


class ScoreSaid(Part):
    """A score that was computed from answers."""

    scale: Name = given("work-ability")
    """The scale, as the questionnaire names it."""
    value: Number = given(7.5)
    """The score on that scale."""


Scores: TypeAlias = Annotated[
    tuple[Annotated[e.Score, value_of(ScoreSaid, lambda said: e.Score(**said.said()))], ...],
    Field(max_length=MOST_LINES),
]


class StepSaid(Part):
    """A line of the plan."""

    id: KnownName = given("step-1")
    """What the step is called within the plan; a revised plan keeps it."""
    goal: Said = given("A vocational certificate in welding")
    """What is to be reached, in words that the client understands."""
    by: Day = given("2025-06-30")
    """The day by which it is to be reached."""
    service: Name | None = maybe("vocational-course", None)
    """The service that leads there, in a code of the programme's definition."""


Steps: TypeAlias = Annotated[
    tuple[Annotated[e.PlanStep, value_of(StepSaid, lambda said: e.PlanStep(**said.said()))], ...],
    Field(min_length=1, max_length=MOST_LINES),
]


class SignatorySaid(Part):
    """Somebody who signed."""

    person: KnownId = given("c-1042")
    """The id of who signed: of the client, of a person who works with the client, of the firm."""
    role: Name = given("client")
    """As what the person signed: client, case-worker, employer ..."""


Signatories: TypeAlias = Annotated[
    tuple[
        Annotated[e.Signatory, value_of(SignatorySaid, lambda said: e.Signatory(**said.said()))],
        ...,
    ],
    Field(min_length=1, max_length=MOST_LINES),
]

_FACT_TYPES: dict[str, tuple[Any, Any]] = {
    "bool": (YesNo, True),
    "int": (Whole, 14),
    "str": (Name, "kuopio"),
    "date": (Day, "2024-01-15"),
    "codes": (Names, ["long-term-unemployed"]),
}


def _fact(fact: Fact) -> tuple[Any, FieldInfo]:
    kind, example = _FACT_TYPES[fact.type]
    if fact.values:
        code: Any = Annotated[str, one_of(fact.values)]
        several = Annotated[tuple[code, ...], Field(max_length=MOST_LINES)]
        kind, example = (
            (several, [fact.values[0]]) if fact.type == "codes" else (code, "unemployed")
        )
    told: FieldInfo = maybe(example, description=fact.description)
    return kind | None, told


FactsSaid: type[Part] = create_model(
    "FactsSaid",
    __base__=Part,
    __doc__="Facts that the assessor states, by their names in the catalogue of facts.",
    __cls_kwargs__=WITHOUT_SOURCE,
    **{name: _fact(fact) for name, fact in FACTS.items()},  # type: ignore[call-overload]
)


def _facts(said: Part) -> dict[str, bool | int | float | str | date | tuple[str, ...] | None]:
    # A null that was given says that it is not known, whatever the register says.
    return {name: getattr(said, name) for name in FACTS if name in said.model_fields_set}


Facts: TypeAlias = Annotated[dict[str, Any], value_of(FactsSaid, _facts)]
