"""Which acts of a journey are possible now, and for those that are not, what is missing.

No rule stands here: every way to ask for an act is put to the act's own decision, which is pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from application.candidates import NO_WAY, WAYS, Fields, Way
from application.candidates import Asked as Candidacy
from application.catalogue import JOURNEY_ACTS, JourneyAct
from application.journey_clients import on_clients
from application.journeys import handed_to_who_is_there, history
from application.office import Office, act_of, journey_of
from application.programmes import NotPublished
from application.transact import Asked
from domain.definition import Definition
from domain.journey.act import Act, Events, on_its_day
from domain.journey.history import History
from domain.policy import RuleOutcome, reasons
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import said, wording_of

WhyNot: TypeAlias = Callable[[str, Fields], str | None]
"""Says why the person may not do an act with these fields; None: they may."""

Refuse: TypeAlias = Callable[[Events], object]
"""Raises IllegalTransition or InvalidField where other streams do not let events be recorded."""


class Requirement(NamedTuple):
    """A requirement of a phase that is not met, and why, in words."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is missing for an act, in words.

    `state` says how things stand and `act` what was asked, both empty where a `field` cannot have
    the value it would need; `requirements` are those of a phase. Texts are wordings.
    """

    missing: str
    state: str = ""
    act: str = ""
    field: str | None = None
    requirements: tuple[Requirement, ...] = ()


class Refused(NamedTuple):
    """A way that is not possible now: the fields that make it that way, and what is missing."""

    fields: Fields
    lacking: Lacking


@dataclass(frozen=True, slots=True)
class Possible:
    """An act, and whether the person can do it now.

    `choices` are the values that make it possible, of the fields that come from a closed set: with
    one choice, each of its fields takes any one of its values, whatever the others take (`needs`
    any number of them); what is optional in the act may be left out, and a value that ends in *
    stands for all that begin so. `refused` are the values that are not possible now, none where the
    same is missing whatever the value; `missing` is what is missing where nothing is possible.
    `permitted` is False where it is the person who may not, whatever the state.
    """

    code: str
    possible: bool
    permitted: bool = True
    choices: tuple[Mapping[str, tuple[Any, ...]], ...] = ()
    refused: tuple[Refused, ...] = ()
    missing: tuple[Lacking, ...] = ()


def _nobody_refuses(_events: Events) -> None:
    return


def possible_now(
    office: Office, journey: str, asked: Asked, *, why_not: WhyNot | None = None
) -> tuple[Possible, ...]:
    """Return every act of a journey, and whether the person can do it on the day asked for.

    Raises UnknownJourney.
    """
    found = history(office, journey)
    begun = journey_of(found)
    if begun is None:
        return _nothing(said("the journey was never referred to a programme"))
    try:
        definition = office.programmes.definition(*begun)
    except NotPublished as unknown:
        return _nothing(wording_of(unknown))
    refuse_erased = partial(on_clients, office, found, known={})
    programme = office.programmes.state(definition.programme)

    def refuse(events: Events) -> None:
        handed_to_who_is_there(programme, asked.on, events)
        refuse_erased(events)

    return possible_acts(
        found,
        act_of(office, asked, definition),
        _versions(office, definition),
        why_not=why_not,
        refuse=refuse,
    )


def possible_acts(
    history: History,
    act: Act,
    versions: Sequence[int] = (),
    *,
    why_not: WhyNot | None = None,
    refuse: Refuse = _nobody_refuses,
) -> tuple[Possible, ...]:
    """Return every act of the catalogue, and whether it is possible on the day of `act`.

    `versions` of the definition are those that the journey can adopt.
    """
    act = on_its_day(history, act)
    asked = Candidacy(history, act, tuple(versions) or (act.definition.version,))
    return tuple(_possible(one, asked, why_not, refuse) for one in JOURNEY_ACTS.values())


def _versions(office: Office, definition: Definition) -> list[int]:
    return [version.number for version in office.programmes.state(definition.programme).versions]


def _nothing(why: str) -> tuple[Possible, ...]:
    lacking = Lacking(missing=why)
    return tuple(Possible(code, possible=False, missing=(lacking,)) for code in JOURNEY_ACTS)


def _possible(
    one: JourneyAct, asked: Candidacy, why_not: WhyNot | None, refuse: Refuse
) -> Possible:
    denied = why_not(one.code, {}) if why_not else None
    if denied is not None:
        lacking = Lacking(missing=denied)
        return Possible(one.code, possible=False, permitted=False, missing=(lacking,))
    ways, refused = [], []
    for way in WAYS[one.code](asked):
        lacking_here = _denied(one, way, why_not) or lacking_for(one, way, asked, refuse)
        if lacking_here is None:
            ways.append(way)
        else:
            refused.append(Refused({} if way.none else way.fields, lacking_here))
    if not ways and not refused:
        refused = [Refused({}, Lacking(missing=NO_WAY[one.code]))]
    missing = () if ways else tuple(dict.fromkeys(one.lacking for one in refused))
    return Possible(
        one.code,
        possible=bool(ways),
        choices=tuple(_choices(ways)),
        refused=() if len(missing) == 1 else tuple(one for one in refused if one.fields),
        missing=missing,
    )


def _denied(one: JourneyAct, way: Way, why_not: WhyNot | None) -> Lacking | None:
    denied = why_not(one.code, way.fields) if why_not and way.fields else None
    return None if denied is None else Lacking(missing=denied)


def lacking_for(
    one: JourneyAct, way: Way, asked: Candidacy, refuse: Refuse = _nobody_refuses
) -> Lacking | None:
    """Put a way to the act's decision; return what is missing, None where it is possible."""
    for attempt in (0, 1):
        try:
            events = one.decision(asked.history, asked.act, **way.whole(attempt))
            refuse(events)
        except IllegalTransition as refusal:
            return Lacking(
                refusal.missing, refusal.state, refusal.act, None, _told(way.requirements, asked)
            )
        except InvalidField as refusal:
            if way.none is not None:
                return Lacking(way.none)
            return Lacking(refusal.message, field=refusal.field)
        if events or way.unchanged:
            return None
    return Lacking(missing=said("it has been done already"))


def _told(outcomes: Sequence[RuleOutcome], asked: Candidacy) -> tuple[Requirement, ...]:
    if not outcomes:
        return ()
    definition = asked.act.definition
    rules = [rule for phase in definition.phases for rule in phase.requires]
    why = reasons(outcomes, rules, definition.texts)
    return tuple(Requirement(one.id, told) for one, told in zip(outcomes, why, strict=True))


def _choices(ways: Iterable[Way]) -> Iterator[Mapping[str, tuple[Any, ...]]]:
    """Yield the values that make an act possible; ways that differ in one field only as one."""
    merged: dict[tuple[Any, ...], dict[str, list[Any]]] = {}
    for way in ways:
        codes = {**way.codes, **{name: some for name, some in way.optional.items() if some}}
        fields = dict(way.fields)
        last, value = fields.popitem() if fields else ("", None)
        alone = {name: [value] for name, value in fields.items()}
        listed = {name: list(some) for name, some in codes.items()}
        choice = merged.setdefault((*fields.items(), last, *codes.items()), {**alone, **listed})
        if last:
            choice.setdefault(last, []).append(value)
    for choice in merged.values():
        if choice:
            yield {name: tuple(some) for name, some in choice.items()}
