"""Every journey of the log on one line each: whose it is, where it stands, who answers for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from application.ports import Recorded
from domain.definition import Phase
from domain.journey import events as e
from domain.journey.evolve import fold
from domain.journey.history import JourneyEntry, effective
from domain.journey.state import Journey, Status

PREFIX = "journey:"

TELLING = (
    e.ReferralMade,
    e.ReferralAccepted,
    e.ReferralDeclined,
    e.CaseWorkerAssigned,
    e.HandoverAccepted,
    e.PhaseEntered,
    e.JourneyPaused,
    e.JourneyResumed,
    e.JourneyClosed,
    e.JourneyReopened,
    e.EntryCorrected,
    e.EntryRetracted,
)
"""The events that say where a journey stands; the others need not be folded for it."""


@dataclass(frozen=True, slots=True)
class Case:
    """One journey as recorded now.

    `since` is the day it entered its phase, or of its referral before the first phase; `version`
    that of its newest entry, stored at `last_recorded_at` (UTC). `responsible` is the person's id.
    """

    journey: str
    client: str
    programme: str
    organisation: str
    status: Status
    phase: Phase | None
    since: date | None
    responsible: str | None
    version: int
    last_recorded_at: datetime


def caseload(recorded: Iterable[Recorded]) -> list[Case]:
    """Return the journeys of the log's entries, in the order of their ids."""
    telling: dict[str, list[JourneyEntry]] = {}
    newest: dict[str, JourneyEntry] = {}
    for stream, entry in recorded:
        if stream.startswith(PREFIX):
            newest[stream] = entry
            if isinstance(entry.event, TELLING):
                telling.setdefault(stream, []).append(entry)
    return [
        _case(stream.removeprefix(PREFIX), fold(effective(telling.get(stream, ()))), last)
        for stream, last in sorted(newest.items())
    ]


def _case(journey: str, state: Journey, last: JourneyEntry) -> Case:
    referred = state.referral.on if state.referral else None
    return Case(
        journey=journey,
        client=state.client,
        programme=state.programme,
        organisation=state.organisation,
        status=state.status,
        phase=state.stay.phase if state.stay else None,
        since=state.stay.since if state.stay else referred,
        responsible=state.responsible.person if state.responsible else None,
        version=last.version,
        last_recorded_at=last.recorded_at,
    )


def selected(
    cases: Iterable[Case],
    *,
    programme: str | None = None,
    organisation: str | None = None,
    phase: Phase | None = None,
    status: Status | None = None,
) -> Iterator[Case]:
    """Yield the journeys that are of all that is given."""
    asked = {"programme": programme, "organisation": organisation, "phase": phase, "status": status}
    wanted = {name: value for name, value in asked.items() if value is not None}
    for case in cases:
        if all(getattr(case, name) == value for name, value in wanted.items()):
            yield case
