"""What can be asked of a programme: each act returns the events to record.

Repeating an act that has taken effect returns none. Every act raises IllegalTransition where the
state does not allow it, and InvalidField for a value that cannot be.
"""

import math
from datetime import date

from domain.calendar import Period
from domain.programme.events import (
    OrganisationJoined,
    OrganisationLeft,
    ProgrammeClosed,
    ProgrammeEvent,
    ProgrammePublished,
    ProgrammeRevised,
    TargetSet,
)
from domain.programme.state import Programme
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import said


def publish(
    state: Programme, *, version: int, effective_from: date, definition: str, digest: str
) -> tuple[ProgrammeEvent, ...]:
    """Publish the programme's first version, number 1.

    The same version with the same digest records nothing. Raises IllegalTransition where the
    number was published with another text, or a programme is there already.
    """
    if _is_published(state, version, digest):
        return ()
    if state.versions:
        newest = state.versions[-1].number
        raise IllegalTransition(
            state=said("version {newest} is published", newest=newest),
            act=said("publish version {version}", version=version),
            missing=said(
                "what follows is a revision: number it {number} and revise", number=newest + 1
            ),
        )
    if version != 1:
        raise IllegalTransition(
            state=said("no version is published yet"),
            act=said("publish version {version}", version=version),
            missing=said("the first version of a programme is version 1"),
        )
    return (ProgrammePublished(version, effective_from, definition, digest),)


def revise(
    state: Programme, *, version: int, effective_from: date, definition: str, digest: str
) -> tuple[ProgrammeEvent, ...]:
    """Publish the next version of a programme; its number is exactly the next.

    The same version with the same digest records nothing. Raises IllegalTransition where the
    programme is closed or the number is not the next, and InvalidField where the version would
    be in force before the one that it follows.
    """
    act = said("revise to version {version}", version=version)
    if _is_published(state, version, digest):
        return ()
    _check_runs(state, act)
    newest = state.versions[-1]
    if version != newest.number + 1:
        raise IllegalTransition(
            state=said("version {number} is the newest", number=newest.number),
            act=act,
            missing=said("number the revision {number}", number=newest.number + 1),
        )
    if effective_from < newest.effective_from:
        raise InvalidField(
            "effective_from",
            said(
                "{effective_from} lies before {since}, from which version {number} is in force: "
                "choose that day or a later one",
                effective_from=effective_from,
                since=newest.effective_from,
                number=newest.number,
            ),
        )
    return (ProgrammeRevised(version, effective_from, definition, digest),)


def join(state: Programme, *, organisation: str, on: date) -> tuple[ProgrammeEvent, ...]:
    """Let an organisation run the programme with the others from a day on.

    Raises InvalidField where it had not left yet by that day.
    """
    if state.takes_part(organisation):
        return ()
    _check_runs(state, said("let {organisation} join", organisation=organisation))
    last = state.organisations.get(organisation)
    if last is not None:
        _check_not_before_left(organisation, last, on)
    return (OrganisationJoined(organisation),)


def leave(
    state: Programme, *, organisation: str, reason: str, on: date
) -> tuple[ProgrammeEvent, ...]:
    """Record that an organisation that had joined no longer runs the programme from a day on.

    Raises InvalidField where it had not joined yet by that day.
    """
    act = said("let {organisation} leave", organisation=organisation)
    if organisation not in state.organisations:
        raise _takes_no_part(organisation, act)
    if not state.takes_part(organisation):
        return ()
    _check_runs(state, act)
    _check_said("reason", reason)
    _check_not_before_joined(organisation, state.organisations[organisation], on)
    return (OrganisationLeft(organisation, reason),)


def set_target(
    state: Programme, *, target: str, measure: str, value: float, organisation: str | None = None
) -> tuple[ProgrammeEvent, ...]:
    """Set a target for the whole programme, or for one organisation that has joined it."""
    event = TargetSet(target, measure, value, organisation)
    if state.targets.get(target) == event:
        return ()
    act = said("set the target {target}", target=target)
    _check_runs(state, act)
    if organisation is not None and not state.takes_part(organisation):
        raise _takes_no_part(organisation, act)
    if not (math.isfinite(value) and value >= 0):
        raise InvalidField(
            "value", said("{value} is no target: give a number from 0 up", value=value)
        )
    return (event,)


def close(state: Programme, *, reason: str, on: date) -> tuple[ProgrammeEvent, ...]:
    """Close the programme from a day on; what was opened under it stays as it is.

    Raises InvalidField where it was published, or an organisation joined or left it, after that.
    """
    if state.closed_on is not None:
        return ()
    _check_runs(state, said("close the programme"))
    _check_said("reason", reason)
    if state.published_on is not None and on < state.published_on:
        since = state.published_on
        when = said("{on} lies before {since}, on which it was published", on=on, since=since)
        raise InvalidField("occurred_on", when)
    for organisation, period in state.organisations.items():
        _check_not_before_joined(organisation, period, on)
        _check_not_before_left(organisation, period, on)
    return (ProgrammeClosed(reason),)


def _is_published(state: Programme, version: int, digest: str) -> bool:
    there = state.numbered(version)
    if there is not None and there.digest != digest:
        raise IllegalTransition(
            state=said(
                "version {version} is published with another text (digest {digest})",
                version=version,
                digest=there.digest[:12],
            ),
            act=said("publish version {version}", version=version),
            missing=said(
                "a published version stays: revise under {number}",
                number=state.versions[-1].number + 1,
            ),
        )
    return there is not None


def _check_not_before_joined(who: str, took_part: Period, on: date) -> None:
    since = took_part.start
    if on < since:
        when = said("{on} lies before {since}, on which {who} joined", on=on, since=since, who=who)
        raise InvalidField("occurred_on", when)


def _check_not_before_left(who: str, took_part: Period, on: date) -> None:
    left = took_part.end
    if left is not None and on < left:
        when = said("{on} lies before {left}, on which {who} left", on=on, left=left, who=who)
        raise InvalidField("occurred_on", when)


def _takes_no_part(organisation: str, act: str) -> IllegalTransition:
    return IllegalTransition(
        state=said("{organisation} does not take part in the programme", organisation=organisation),
        act=act,
        missing=said("record first that {organisation} joined", organisation=organisation),
    )


def _check_runs(state: Programme, act: str) -> None:
    if not state.versions:
        raise IllegalTransition(
            state=said("no version is published yet"),
            act=act,
            missing=said("publish version 1 first"),
        )
    if state.closed_on is not None:
        raise IllegalTransition(
            state=said("the programme was closed on {closed_on}", closed_on=state.closed_on),
            act=act,
            missing=said("publish what follows as a programme of its own"),
        )


def _check_said(name: str, text: str) -> None:
    if not text.strip():
        raise InvalidField(name, said("say it in a few words"))
