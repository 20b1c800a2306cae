"""How much of the log a question over all journeys may read while somebody waits for the answer."""

from application.audit.overviews import OverviewKind, Window, positions_within
from application.office import KIND
from application.ports import EventLog
from domain.wording import said
from interfaces.http.problems import TOO_MANY, Problem

MOST_ENTRIES = 500_000
"""How many entries are read for an answer: some ten seconds of one core."""

MOST_JOURNEYS = 20_000
"""How many journeys are folded for an answer: some ten seconds, too."""


def require_few_journeys(log: EventLog) -> None:
    """Raise Problem where there are more journeys than are folded for an answer."""
    found = len(log.streams(f"{KIND}:"))
    if found > MOST_JOURNEYS:
        detail = said(
            "there are {found} journeys, and an answer reads at most {most}: have whoever runs the "
            "service ask it by `polku audit`, which takes its time and shows how far it is",
            found=found,
            most=MOST_JOURNEYS,
        )
        raise Problem(TOO_MANY, detail)


def require_few(log: EventLog, kind: OverviewKind, window: Window) -> None:
    """Raise Problem where more would be read than an answer reads."""
    if kind is OverviewKind.MISSED_DEADLINES:
        require_few_journeys(log)
        return
    first, last = positions_within(log, window)
    if last - first > MOST_ENTRIES:
        detail = said(
            "{found} entries were recorded in these days, and an answer reads at most {most}: ask "
            "for fewer days, or have whoever runs the service ask it by `polku audit overview`",
            found=last - first,
            most=MOST_ENTRIES,
        )
        raise Problem(TOO_MANY, detail)
