"""What follow-ups and periods do to a journey."""

from dataclasses import fields, replace

from domain.journey import events as e
from domain.journey.evolving.shared import Doing, JourneyEntry, evolving, newest, with_work_told
from domain.journey.state import FollowUp, Journey, Told, recorded_period

DOES: Doing = {}
"""What each kind of event of this room does."""

_evolves = evolving(DOES)

_SITUATION = tuple(field.name for field in fields(e.Situation))


@_evolves
def _followed_up(journey: Journey, event: e.FollowUpHeld, entry: JourneyEntry) -> Journey:
    held = FollowUp(entry.version, entry.occurred_on, event.status, event.point)
    told = journey.told
    if event.situation is not None:
        told = newest(told, _told_anew(told, event.situation, entry))
    return journey._replace(
        follow_ups=(*journey.follow_ups, held),
        told=told,
        work_told=with_work_told(journey.work_told, entry, event.situation, event.status),
    )


@_evolves
def _period(journey: Journey, event: e.PeriodRecorded, entry: JourneyEntry) -> Journey:
    recorded = recorded_period(entry.version, event)
    return journey._replace(periods=(*journey.periods, recorded))


def _told_anew(told: Told | None, situation: e.Situation, entry: JourneyEntry) -> Told:
    if told is None:
        return Told(entry.version, entry.occurred_on, situation)
    silent = {
        name: getattr(told.situation, name)
        for name in _SITUATION
        if getattr(situation, name) in (None, ()) and not _is_over(name, told.situation, situation)
    }
    said = not {"employment", "unemployed_since"} <= silent.keys()
    working_life_on = None if said else told.working_life_on or told.on
    situation = replace(situation, **silent)
    return Told(entry.version, entry.occurred_on, situation, told.entries, working_life_on)


def _is_over(name: str, before: e.Situation, situation: e.Situation) -> bool:
    """Whether what was told before stands no more by what is told now of the other of the two.

    A status ends the spell that was told; a spell ends the status of who was not unemployed.
    """
    if name == "unemployed_since":
        return situation.employment is not None
    return (
        name == "employment"
        and situation.unemployed_since is not None
        and before.employment is not e.EmploymentStatus.UNEMPLOYED
    )
