"""What is due or waits for somebody, for the documentation of the API."""

from datetime import date

from interfaces.http.clocks import Told
from interfaces.http.journey_models.shared import Coded


class DeadlineTold(Told):
    """What is due and why, and how it stands on the day of the clocks."""

    id: str
    """Its id, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    basis: str
    """The legal or agreed ground."""
    opened_on: date
    """The day from which it is counted."""
    opened_by: int
    """The entry that opened it."""
    due: date | None
    """The last day in time; null while a pause holds the clock."""
    days_left: int | None
    """Days up to `due`, negative where they are over; null where nothing is to be done."""
    status: Coded
    """How it stands."""
    met_on: date | None
    """The day it was met; null where it was not."""
    met_by: int | None
    """The entry (version) that met it; null where none did."""
    exempt: Coded | None
    """Why it was lifted, by a reason of the definition; null where it was not."""
    moved_on: date | None
    """The day on which somebody moved it; null where nobody did."""


class ReviewTold(Told):
    """A decision that leaned on an entry corrected since, and waits for somebody's review."""

    correction: int
    """The entry (version) that corrected or retracted another."""
    corrected: int
    """The entry (version) that was corrected or retracted."""
    kind: str
    """The name of the event that decided."""
    entry: int | None
    """The entry (version) that decided; null where it is a deadline."""
    deadline: str | None
    """The deadline whose course hung on it; null where it is a decision."""
    said: str
    """In words: which entry changed, and what leans on it."""


class HandoverTold(Told):
    """A handover that was asked for: `outcome` is waiting, accepted or declined."""

    entry: int
    """The entry (version) that says so."""
    requested_on: date
    """The day it was asked for."""
    to_organisation: Coded
    """The organisation that is asked to take the client."""
    reason: str
    """Why, as the person said."""
    brief: str
    """What the one who takes over should know."""
    outcome: Coded
    """waiting, accepted or declined, and what it is called."""
    answered_on: date | None
    """The day of the answer; null while it waits."""
    answered_by: str | None
    """Who answered; null while it waits."""
