"""A view whose rows say something else of the same streams is of another shape, and is rebuilt."""

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest

from application.views import BOARD, CASELOAD, REGISTER, RESPONSIBILITY
from application.views.view import View
from domain.client import ClientRegistered, fold
from domain.entry import Personal, Source
from domain.journey import events as e
from domain.journey.history import History, history_of
from tests.application.views.drawn import rows
from tests.domain import journeys as j
from tests.domain.streams import entry

SOON, LATER = j.DAY + timedelta(days=3), j.DAY + timedelta(days=60)
LONG = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2023, 1, 1))
TALK = e.IntakeInterviewHeld(LONG)
USED = (e.FactUsed("months_unemployed", 26, (2,)),)
ENTERED = e.PhaseEntered(j.Phase.INTAKE, 1, (e.FactUsed("eligible", True, (3,)),))


def corrected(entry_: int, event: Any, on: date) -> tuple[Any, date]:
    return e.EntryCorrected(entry_, event, on, j.WHY), LATER


def brought_in(*happened: tuple[Any, date]) -> History:
    """What another system told, in the order in which its runs came."""
    source = Source("other", "0" * 64, "t.csv", 1, "r1")
    told = (entry(version, *one) for version, one in enumerate(happened, start=1))
    return history_of(one._replace(source=source) for one in told)


WAYS: tuple[History, ...] = (
    j.given(
        j.REFERRED,
        TALK,
        e.EligibilityAssessed(1, "city", True, USED, ()),
        e.ReferralAccepted(),
        (ENTERED, SOON),
        (e.CaseWorkerAssigned("worker-1", "city"), SOON),
        (e.ServiceAccepted("c1"), SOON),
        (e.ServiceProposed("c1", "coaching", "school"), SOON),
        (e.ServiceProposed("c2", "coaching", "school"), SOON),
        corrected(2, TALK, j.DAY - timedelta(days=2)),
        corrected(2, TALK, j.DAY - timedelta(days=1)),
        (e.DecisionReviewed(11, 3, None, True, j.WHY), LATER),
        (e.DecisionReviewed(11, None, "interview/4", True, j.WHY), LATER),
    ),
    j.given(
        j.REFERRED,
        e.ReferralAccepted(),
        (ENTERED, SOON),
        (e.JourneyPaused(j.WHY), SOON),
        (e.HandoverRequested("state", j.WHY), SOON),
        (e.HandoverAccepted("state", "worker-2"), LATER),
        (e.JourneyResumed(), LATER),
        (e.JourneyClosed("completed", "employment"), LATER),
        (e.JourneyReopened(j.WHY), LATER + timedelta(days=30)),
    ),
    j.given(
        j.REFERRED,
        e.ReferralAccepted(),
        (e.FollowUpHeld(e.EmploymentStatus.EMPLOYED), SOON),
        (e.PlacementStarted("p1"), SOON),
        (e.EntryRetracted(2, j.WHY), LATER),
        (e.ReferralAccepted(), LATER),
    ),
    j.given(
        (j.REFERRED, LATER),
        (e.ReferralAccepted(), SOON),
        (e.CaseWorkerAssigned("worker-2", "state"), SOON),
        (ENTERED, LATER),
    ),
    j.given(
        j.REFERRED,
        e.ReferralAccepted(),
        (e.JourneyPaused(j.WHY), SOON),
        (e.DeadlineMoved("interview/2", LATER + timedelta(days=9), j.WHY), SOON),
        (e.JourneyResumed(), LATER),
    ),
    brought_in(
        (j.REFERRED, j.DAY),
        (e.JourneyPaused(j.WHY), LATER),
        (e.CaseWorkerAssigned("worker-2", "state"), LATER),
        (ENTERED, SOON),
        (e.CaseWorkerAssigned("worker-1", "city"), SOON),
        (e.ReferralAccepted(), j.DAY),
    ),
)
"""What shows each rule by which rows are made: one day in another order, put right, twice over."""

NAMES = (("Maija Liisa", "Mäkinen-Øst"), ("Áile", "Ŋuorttat"), ("小明", "王"), ("Əli", "D'Angelo"))


def told(view: View[Any]) -> str:
    """Return the digest of what the rows of a view say."""
    if view is REGISTER:
        events = (ClientRegistered(Personal(given), Personal(family)) for given, family in NAMES)
        streams: list[Any] = [fold([entry(1, event)]) for event in events]
    else:
        streams = list(WAYS)
    said = [[*map(repr, some)] for one in streams for some in rows(view, one, "id").values()]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("view", "shape", "digest"),
    [
        (CASELOAD, 14, "be4d49c85df66634"),
        (BOARD, 7, "2fafc85c75c62c38"),
        (RESPONSIBILITY, 3, "9d14ed0f512e81f5"),
        (REGISTER, 7, "8107ceb9571372fc"),
    ],
    ids=lambda one: one.name if isinstance(one, View) else None,
)
def test_a_view_that_says_something_else_has_its_shape_counted_up(
    view: View[Any], shape: int, digest: str
) -> None:
    """Where the digest is another one, count the shape up: stored rows say what they said before.

    The same shape may stay where only these streams, or their programme, are others.
    """
    assert (view.shape, told(view)) == (shape, digest)
