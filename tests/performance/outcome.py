"""What is measured, how much of it, and what came of it."""

from dataclasses import dataclass, field

from tests.performance.measuring import Figures

SECTIONS = (
    *("append", "ledger", "read", "fields", "real", "long", "bundle", "archive", "report", "views"),
    *("http", "import"),
)
"""What is measured, in this order; a person may ask for some of it alone."""

REPORTING = ("report", "report-cpu")
"""The figures of a command: how often it would end in a second, by the clock and of processors."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much is measured. The defaults take some twenty-five minutes on two cores."""

    rounds: int = 5
    seconds: float = 0.7
    streams: int = 1000
    threads: tuple[int, ...] = (1, 8, 32)
    read_streams: int = 1000
    read_length: int = 20
    played_clients: int = 150
    """Of each programme, in the real log, of which the library keeps the caseload as well."""
    long: int = 5000
    """Entries of the one long stream."""
    verified: int = 2_000_000
    """Entries of the log that is verified."""
    copied: int = 500
    """Entries of the client whose own copy is made."""
    archived: int = 1_000_000
    """Entries of the log whose archive is written."""
    reported: int = 870
    """Clients of the programme that is reported."""
    projected_journeys: int = 20_000
    """In the log that all views are made of at full speed."""
    bundled: tuple[int, int] = (1_000_000, 200)
    """Entries of the log that a journey is bundled from, and of the journey."""
    served_seconds: float = 3.0
    """How long the clients of one server ask."""


@dataclass
class Outcome:
    """All that came of the bench."""

    figures: Figures = field(default_factory=list)
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    bytes_an_event: dict[str, float] = field(default_factory=dict)
    """What a real event takes on disk, by "database contender"."""
    played: int = 0
    """Entries of the real log."""
    long: int = 0
    """Entries of the long stream."""
    copied: int = 0
    """Entries of the client whose own copy is made."""
    reported: int = 0
    """Clients of the programme that is reported."""
    multiplied: int = 0
    """Entries of the real log when it was stored many times."""
    whole: bool = True
    """Whether all sections were asked for."""
    missing: list[str] = field(default_factory=list)
    """Acknowledged work that is not in the database, and contenders that could not be measured."""
