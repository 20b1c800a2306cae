"""The timeline of a journey, for the documentation of the API."""

from datetime import date, datetime

from interfaces.http.clocks import ClocksUsed, Told
from interfaces.http.journey_models.shared import Coded, Withheld


class SourceTold(Told):
    """The other system that an entry was imported from."""

    name: str
    """The name of the other system."""
    table: str
    """The table that it came from."""
    row: int
    """The row of the table, from 1."""
    record: str
    """The record in the other system."""
    digest: str
    """SHA-256 (hex) of the file that was read."""
    recorded_at: datetime | None
    """The instant at which that system claims to have stored it; null where it says none."""


class LineTold(Told):
    """One entry of the history, as a person reads it."""

    version: int
    """Its number in the history."""
    position: int
    """The position in the log."""
    kind: str
    """The name of the event, such as intake-interview-held."""
    sentence: str
    """What happened, in words."""
    occurred_on: date
    """The day it happened, as a person said."""
    recorded_at: datetime
    """The instant (UTC) at which it was stored."""
    person: str
    """Who it is, as identity tells."""
    organisation: Coded
    """The organisation, and what it is called."""
    source: SourceTold | None
    """The other system that it was imported from; null where it was recorded here."""
    corrected_by: int | None
    """The entry (version) that corrected this one, as far as known at the clocks; null where none
    did."""
    retracted_by: int | None
    """The entry (version) that retracted this one, as far as known at the clocks; null where none
    did."""


class Timeline(Told):
    """Entries of a journey in the order recorded."""

    journey: str
    """The id of the journey."""
    version: int
    """The version of the newest entry."""
    clocks: ClocksUsed
    """Which moment the answer speaks of."""
    items: list[LineTold]
    """What was found, a page of it."""
    next: str | None
    """The cursor of what follows; null at the end."""
    withheld: list[Withheld]
    """The kinds of data whose entries are left out; empty where the whole is shown."""
