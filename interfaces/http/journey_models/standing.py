"""Where a journey stands, for the documentation of the API: its phases, who answers for it."""

from datetime import date

from interfaces.http.clocks import Told
from interfaces.http.journey_models.shared import Coded


class Standing(Told):
    """A phase and since when; `days` up to the day of the clocks."""

    code: str
    """The code, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    since: date
    """The first day."""
    days: int
    """Days in it, up to the day of the clocks."""
    entry: int
    """The entry (version) that says so."""


class Answering(Told):
    """The person who answers for a journey, and for which organisation."""

    person: str
    """Who it is, as identity tells."""
    organisation: Coded
    """The organisation, and what it is called."""
    since: date
    """Since which day."""
    entry: int
    """The entry (version) that says so."""


class DefinitionTold(Told):
    """The version of the programme's definition that the journey is under."""

    programme: Coded
    """The programme, and what it is called."""
    version: int
    """The number of the version."""
    published: bool
    """False where the journey came from another system and nobody published the programme."""
    effective_from: date | None
    """The first day on which it counts; null where it is not published."""


class PauseTold(Told):
    """A rest of the journey; `until` is the day it went on."""

    since: date
    """The first day."""
    until: date | None
    """The day it went on; null while it rests."""
    entry: int
    """The entry (version) that says so."""


class ClosingTold(Told):
    """How and when the journey ended."""

    on: date
    """The day it happened."""
    end_state: Coded
    """How it ended."""
    destination: Coded
    """Where the client went."""
    entry: int
    """The entry (version) that says so."""
