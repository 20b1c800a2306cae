"""The circumstances of an act, and the guards that acts share."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from domain.calendar import IsWorkingDay
from domain.definition import Definition, NoDefinition, Phase, codes
from domain.entry import By, Personal
from domain.journey.events import BenefitPeriodRecorded, JourneyEvent
from domain.journey.history import History, JourneyEntry
from domain.journey.state import Journey, Status
from domain.refusals import IllegalTransition, InvalidField, LiesAhead
from domain.texts import check_text
from domain.wording import Listed, Wording, called, coded, said, titled

Events: TypeAlias = tuple[JourneyEvent, ...]
NOTHING: Events = ()


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, on which day it happened, and what holds for the journey.

    `on` is the day a person gives, `today` the log's day; `definition` the version the journey was
    under on that day (`on_its_day`) and `definition_of` any version of it. `roles` are what the
    person may do (`Definition.override_roles` lists who may override a requirement). `named` are
    ids and references that an entry told, where its decision is asked again: they stay as they are.
    """

    by: By
    on: date
    today: date
    definition: Definition
    definition_of: Callable[[int], Definition]
    is_working_day: IsWorkingDay
    roles: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()

    def definition_under(self, version: int) -> Definition:
        """Return a version of the definition; the one here where there is no such version.

        So it is of a journey that came from another system.
        """
        if version != self.definition.version:
            with suppress(NoDefinition):
                return self.definition_of(version)
        return self.definition


def on_its_day(history: History, act: Act) -> Act:
    """Return an act under the definition that the journey was under on the day of it.

    A version that was adopted since says nothing of that day: told late, the act is asked for the
    codes, the phases and the rules that held then.
    """
    version = history.at(act.on).definition_version
    return replace(act, definition=act.definition_under(version)) if version else act


_WHAT_TO_DO = {
    Status.NOT_BEGUN: said("refer the client first"),
    Status.REFERRED: said("accept the referral first"),
    Status.DECLINED: said("the referral was declined: make a new one"),
    Status.OPEN: said("it goes on already"),
    Status.PAUSED: said("resume the journey first"),
    Status.CLOSED: said("reopen the journey first"),
}


def require(journey: Journey, act: str, *allowed: Status) -> None:
    """Raise IllegalTransition unless the journey's status is one of those allowed."""
    if journey.status not in allowed:
        state = said("the journey is {status}", status=coded("status", journey.status.value))
        raise IllegalTransition(state=state, act=act, missing=_WHAT_TO_DO[journey.status])


def require_open(journey: Journey, act: Act, what: str) -> None:
    """Raise unless the journey was open on the day of the act, and the day is within it.

    Late recording is normal: what happened up to the day of a pause or of the end can be recorded
    after it.
    """
    if not _recorded_late(journey, act.on):
        require(journey, what, Status.OPEN)
    require_day(journey, act)


def _recorded_late(journey: Journey, day: date) -> bool:
    if journey.status is Status.PAUSED:
        return day <= journey.pauses[-1].start
    ended = journey.closing is not None and journey.status is Status.CLOSED
    accepted = journey.referral is not None and journey.referral.accepted is not None
    return ended and accepted and journey.closing is not None and day <= journey.closing.on


def require_begun(journey: Journey, act: Act, what: str) -> None:
    """Raise unless the journey was accepted once; it may be paused or closed."""
    require(journey, what, Status.OPEN, Status.PAUSED, Status.CLOSED)
    require_day(journey, act)


def require_day(journey: Journey, act: Act) -> None:
    """Raise LiesAhead for a day in the future, InvalidField for one before the referral."""
    if act.on > act.today:
        raise LiesAhead(
            "occurred_on", said("{on} lies ahead of today, {today}", on=act.on, today=act.today)
        )
    if journey.referral is not None and act.on < journey.referral.on:
        began = journey.referral.on
        raise InvalidField(
            "occurred_on", said("{on} lies before the referral of {began}", on=act.on, began=began)
        )


def require_code(field: str, code: str, known: Iterable[str]) -> None:
    """Raise InvalidField unless the code is known, naming those that are."""
    names = sorted(known)
    if code not in names:
        listed = Listed(names) if names else said("none are defined")
        raise InvalidField(
            field,
            said("{code!r} is not in the definition; known: {listed}", code=code, listed=listed),
        )


def require_participant(field: str, organisation: str, act: Act) -> None:
    """Raise InvalidField unless the organisation takes part in the programme on the day."""
    present = [p for p in act.definition.organisations if p.takes_part(act.on)]
    require_code(field, organisation, codes(present))


def not_before_responsible(history: History, act: Act) -> None:
    """Raise InvalidField for a day before the one on which whoever answers now became so."""
    now = history.journey.responsible
    if now is not None:
        not_before(act, now.since, said("{person} became responsible", person=now.person))


def require_text(field: str, text: str | Personal) -> None:
    """Raise InvalidField for an empty text, and for one that cannot stand as it is."""
    if not str(text).strip():
        raise InvalidField(field, said("must not be empty"))
    check_text(field, str(text), one_line=False)


def require_name(field: str, name: str, act: Act, known: Collection[str] = ()) -> None:
    """Raise InvalidField for what cannot be given as a name; what has it already goes on by it."""
    if name not in known and name not in act.named:
        require_text(field, name)
        check_text(field, name, one_line=True)


def require_period(start: date, end: date | None) -> None:
    """Raise InvalidField for a period that ends before it starts."""
    if end is not None and end < start:
        raise InvalidField(
            "end", said("{end} lies before the start, {start}", end=end, start=start)
        )


def not_before(act: Act, day: date | None, what: str) -> None:
    """Raise InvalidField for an act on a day before the one on which `what` happened."""
    if day is not None and act.on < day:
        raise InvalidField(
            "occurred_on",
            said("{on} lies before {day}, when {what}", on=act.on, day=day, what=what),
        )


def would_have_to_be(kind: str, allowed: Iterable[StrEnum]) -> Wording:
    """Return what is missing where a thing has none of the statuses allowed; `kind` names them."""
    listed = Listed(coded(kind, status.value) for status in allowed)
    return said("it would have to be {allowed:or}", allowed=listed)


def newest_day(history: History, *kinds: type[JourneyEvent]) -> date | None:
    """Return the last day on which an event of these kinds happened; None where none did."""
    return max((x.occurred_on for x in history.in_force if type(x.event) in kinds), default=None)


def unless_recorded(history: History, act: Act, event: JourneyEvent) -> Events:
    """Return the event, or nothing where it repeats what was recorded for the day.

    Compared is the newest entry of the same kind, about the same thing, for the same day: as it was
    recorded, and as it was corrected since. Where other things were recorded in between that it
    would undo, only an idempotency key can tell a repetition from a new act.
    """
    for now, first in _of_the_kind(history, event):
        if act.on in (now.occurred_on, first.occurred_on):
            return NOTHING if event in (now.event, first.event) else (event,)
    return (event,)


def unless_done(history: History, event: JourneyEvent, state: str, what: str) -> Events:
    """Return nothing for an act that repeats the one in effect; refuse another in its place.

    Raises IllegalTransition, naming the entry to correct.
    """
    for now, first in _of_the_kind(history, event):
        if event in (now.event, first.event):
            return NOTHING
        missing = said("correct entry {version} if it is wrong", version=now.version)
        raise IllegalTransition(state=state, act=what, missing=missing)
    return NOTHING


def phase_said(definition: Definition, phase: Phase) -> Wording:
    """Return a phase for a refusal: as the definition calls it, in English by its code."""
    rule = definition.phase(phase)
    return called("phase", phase.value, rule.title if rule else None)


def organisation_said(definition: Definition, code: str) -> str:
    """Return an organisation for a refusal: by its name in the definition, and the code.

    It is the code alone where the definition knows nobody by it.
    """
    known = (one.title for one in definition.organisations if one.code == code)
    title = next(known, None)
    return code if title is None else said("{name} ({code})", name=titled(title), code=code)


_ABOUT = (
    *("reference", "step", "concept", "questionnaire", "respondent", "person", "organisation"),
    *("title", "employer", "topic", "start", "deadline"),
)


def _about(event: JourneyEvent) -> tuple[object, ...]:
    benefit = event.kind if isinstance(event, BenefitPeriodRecorded) else None
    return (type(event), benefit, *(getattr(event, name, None) for name in _ABOUT))


def _of_the_kind(
    history: History, event: JourneyEvent
) -> Iterator[tuple[JourneyEntry, JourneyEntry]]:
    """Yield the entries of the same kind about the same thing, newest first: now, and at first."""
    about = _about(event)
    for now in reversed(history.in_force):
        if type(now.event) is type(event):
            first = history.entries[now.version - 1]
            if about in (_about(now.event), _about(first.event)):
                yield now, first
