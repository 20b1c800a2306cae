"""The team, the plan, services and placements, for the documentation of the API."""

from datetime import date

from interfaces.http.clocks import Told
from interfaces.http.journey_models.shared import Coded


class MemberTold(Told):
    """A member of the client's team; `until` is the day of leaving."""

    person: str
    """Who it is, as identity tells."""
    organisation: Coded
    """The organisation, and what it is called."""
    role: str
    """In which role."""
    since: date
    """The first day."""
    until: date | None
    """The day of leaving; null while the person is in the team."""
    entry: int
    """The entry (version) that says so."""


class SignatoryTold(Told):
    """Who signed, in which role."""

    person: str
    """Who it is, as identity tells."""
    role: str
    """In which role the person signed."""


class StepTold(Told):
    """A step of the plan, planned against actual on the day of the clocks."""

    id: str
    """Its id, stable for programs."""
    goal: str
    """What the step is to reach, in the client's words."""
    service: Coded | None
    """The service that leads there; null where none was said."""
    by: date
    """The day by which it is planned."""
    status: Coded
    """How it stands."""
    actual: date | None
    """The day it was reached; null where it was not yet."""
    days_late: int | None
    """Negative where it was early; null where it is still ahead."""


class PlanTold(Told):
    """The client's plan; `revision` counts those agreed, from 1, and is 0 for a draft."""

    entry: int
    """The entry (version) that says so."""
    drafted_on: date
    """The day of the draft."""
    agreed_on: date | None
    """The day of the agreement; null where there is none."""
    revision: int
    """How many times it was agreed; 0 for a draft."""
    signatories: list[SignatoryTold]
    """Who signed."""
    steps: list[StepTold]
    """The steps, in order."""


class ServiceTold(Told):
    """One service of the client, with the hours attended and the absences so far."""

    reference: str
    """What it is referred to by, in later acts."""
    service: Coded
    """The service, and what it is called."""
    provider: Coded | None
    """Who provides it; null where nobody said."""
    step: str | None
    """The step of the plan that it serves; null where it serves none."""
    status: Coded
    """How it stands."""
    proposed_on: date | None
    """The day it was proposed; null where it was not."""
    started_on: date | None
    """The day it began; null where it did not yet."""
    ended_on: date | None
    """The day it ended; null where it did not yet."""
    hours: float
    """The hours attended so far."""
    absences: int
    """How many times the client was absent."""
    result: str | None
    """What came of it; null where nothing was said."""
    entry: int
    """The entry (version) that says so."""


class PlacementTold(Told):
    """One placement with an employer."""

    reference: str
    """What it is referred to by, in later acts."""
    employer: str
    """The employer."""
    form: Coded
    """The form of the placement, and what it is called."""
    status: Coded
    """How it stands."""
    proposed_on: date | None
    """The day it was proposed; null where it was not."""
    agreed_on: date | None
    """The day of the agreement; null where there is none."""
    started_on: date | None
    """The day it began; null where it did not yet."""
    ended_on: date | None
    """The day it ended; null where it did not yet."""
    reviews: int
    """How many reviews were held."""
    entry: int
    """The entry (version) that says so."""
