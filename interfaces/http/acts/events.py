"""An event as it should have been: one body for each kind, made from the domain's dataclasses.

A field that the act has too is described as the act describes it.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import reduce
from operator import or_
from types import MappingProxyType, NoneType
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, get_args, get_type_hints

from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from domain.definition import Phase
from domain.journey import events as e
from domain.journey.repeated import DECISIONS
from domain.policy import Outcome, RuleOutcome
from interfaces.http.acts.fields import (
    MOST_LINES,
    WITHOUT_SOURCE,
    Body,
    Day,
    Id,
    Name,
    Names,
    Number,
    Part,
    Said,
    Version,
    YesNo,
    given,
    maybe,
    value_of,
)

CORRECTIONS = (e.EntryCorrected, e.EntryRetracted)
"""What no entry should have been: they are retracted themselves."""


class FactSaid(Part):
    """A fact that a decision leaned on."""

    name: Name = given("months_unemployed")
    """The fact, by its name in the catalogue of facts."""
    value: YesNo | Annotated[int, Field(strict=True)] | Number | Name | Names | None = maybe(14)
    """What was known; null where nobody knew. A day is written as 2025-03-01."""
    entries: Annotated[tuple[Version, ...], Field(max_length=MOST_LINES)] | None = maybe([3])
    """The entries (their versions) that it came from."""


class RuleSaid(Part):
    """What one rule said."""

    id: Name = given("unemployed-a-year")
    """The rule's id in the definition."""
    title: Name = given("Unemployed for a year")
    """The rule's title."""
    outcome: Outcome = given("met")
    """What it said of the facts."""
    basis: Annotated[str, Field(max_length=MOST_LINES * 20)] = given("Act 916/2012, chapter 1")
    """The legal or agreed basis."""
    text: Annotated[str, Field(max_length=MOST_LINES * 20)] = given("months_unemployed >= 12")
    """The rule as it was worded."""
    missing: Names | None = maybe([])
    """The facts that were not known, where it could not tell."""


def _fact(said: FactSaid) -> e.FactUsed:
    return e.FactUsed(said.name, said.value, said.entries or ())


_Facts = Annotated[
    tuple[Annotated[e.FactUsed, value_of(FactSaid, _fact)], ...], Field(max_length=MOST_LINES)
]
_Rules = Annotated[
    tuple[Annotated[RuleOutcome, value_of(RuleSaid, lambda said: RuleOutcome(**said.said()))], ...],
    Field(max_length=MOST_LINES),
]

_PROGRAMME: Mapping[str, Any] = {
    "programme": (Id, given("duunipolku", description="The programme, as it was.")),
    "definition_version": (Version, given(1, description="The definition's version, as it was.")),
}
_FACTS = (_Facts, maybe([], description="The facts that were used, as they were."))

OWN: Mapping[type, Mapping[str, Any]] = MappingProxyType(
    {
        e.ReferralMade: _PROGRAMME,
        e.EligibilityAssessed: {
            "definition_version": _PROGRAMME["definition_version"],
            "organisation": (Id, given("kuopio", description="Whose rules were put.")),
            "eligible": (YesNo, given(True, description="The verdict, as it was.")),
            "facts": (_Facts, given([], description="The facts that were used, as they were.")),
            "rules": (_Rules, given([], description="What each rule said, as it was.")),
        },
        e.ServiceCompleted: {
            "service": (Name, given("vocational-course", description="The service, in a code."))
        },
        e.PhaseEntered: {
            "phase": (Phase, given("training", description="The phase, as it was.")),
            "definition_version": _PROGRAMME["definition_version"],
            "facts": _FACTS,
            "overridden": (Names, maybe([], description="What was set aside, as it was.")),
            "reason": (Said, maybe(None, description="Why it was set aside, as it was.")),
        },
        e.HandoverAccepted: {
            "organisation": (
                Id,
                given("state-office", description="The organisation that took over."),
            )
        },
        e.DecisionReviewed: {
            "correction": (Version, given(9, description="The correction's entry.")),
            "entry": (Version, maybe(4, description="The decision's entry.")),
            "deadline": (Name, maybe(None, description="The deadline, where it was one.")),
            "upheld": (YesNo, given(True, description="Whether the decision stands.")),
            "reason": (Said, given("It would be the same.", description="Why.")),
        },
    }
)
"""The fields of events that no act of a person names, or that rules decided."""


class FieldsSaid(Part):
    """The fields of an event as they should have been."""

    of: ClassVar[type]

    def event(self) -> e.JourneyEvent:
        """Return the event of these fields; what was left out is as the event has it by default."""
        kept = {}
        for own in fields(self.of):
            value = getattr(self, own.name)
            if value is not None or _is_needed(own):
                kept[own.name] = value
        made: e.JourneyEvent = self.of(**kept)
        return made


_FIELDS = "The fields of the event, all of them, as they should have been."


class EventSaid(Part):
    """An event as it should have been."""

    occurred_on: Day | None = maybe("2025-03-03")
    """The day it really happened; left out where the recorded day was right."""
    fields: FieldsSaid = given({}, description=_FIELDS)


def _is_needed(own: Any) -> bool:
    return own.default is MISSING and own.default_factory is MISSING


def events_said(bodies: Mapping[Any, type[Body]]) -> dict[str, type[EventSaid]]:
    """Return a body for every event that a correction can name, by its kind.

    `bodies` are those of the acts, by their decision.
    """
    return {
        kind: _event(kind, of, bodies.get(DECISIONS.get(of)))
        for kind, of in e.KINDS.items()
        if of not in CORRECTIONS
    }


def _event(kind: str, of: type, body: type[Body] | None) -> type[EventSaid]:
    said = _fields(of, body)
    tag: Any = Literal[kind]
    return create_model(
        of.__name__,
        __base__=EventSaid,
        __doc__=of.__doc__,
        __cls_kwargs__=WITHOUT_SOURCE,
        kind=(tag, given(kind, description="What happened.")),
        fields=(
            said,
            given(_example(said), description=EventSaid.model_fields["fields"].description),
        ),
    )


def _example(said: type[FieldsSaid]) -> dict[str, Any]:
    return {name: info.examples[0] for name, info in said.model_fields.items() if info.examples}


def _fields(of: type, body: type[Body] | None) -> type[FieldsSaid]:
    hints = get_type_hints(of)
    own = OWN.get(of, {})
    told: dict[str, Any] = {}
    for field in fields(of):
        if field.name in own:
            annotation, info = own[field.name]
        else:
            info = (body or Body).model_fields[field.name]
            annotation = _annotated(info)
        may_be_nothing = not _is_needed(field) or NoneType in get_args(hints[field.name])
        told[field.name] = (
            _or_nothing(annotation) if may_be_nothing else _something(annotation),
            (maybe if may_be_nothing else given)(
                *(info.examples or ()), description=info.description
            ),
        )
    made = create_model(
        f"{of.__name__}Fields",
        __base__=FieldsSaid,
        __doc__=of.__doc__,
        __cls_kwargs__=WITHOUT_SOURCE,
        **told,
    )
    made.of = of
    return made


def _annotated(info: FieldInfo) -> Any:
    return Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation


def _or_nothing(annotation: Any) -> Any:
    return annotation | None


def _something(annotation: Any) -> Any:
    """Return an annotation without the None among its alternatives."""
    inner = annotation.__origin__ if hasattr(annotation, "__metadata__") else annotation
    kinds = get_args(inner)
    if NoneType not in kinds:
        return annotation
    return reduce(or_, (kind for kind in kinds if kind is not NoneType))


def any_of(events: Mapping[str, type[EventSaid]]) -> TypeAlias:
    """Return the union of the bodies, told apart by their kind."""
    return Annotated[reduce(or_, events.values()), Field(discriminator="kind")]
