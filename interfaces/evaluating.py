"""What reports, replays and exports are made with where they are asked for over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from application.jobs import Jobs

if TYPE_CHECKING:
    from application.evaluation.asking import Archive, Moment
    from application.evaluation.preparing import Desk
    from application.evaluation.reading import JourneysOf
    from application.evaluation.told_journeys import Case, Origin
    from domain.definition import Title

Advance = Callable[[int, int], None]
"""Is told how many are done of how many."""


@dataclass(frozen=True, slots=True)
class Evaluating:
    """The jobs, and what their work stands on; put together once, in the bootstrap."""

    jobs: Jobs
    archive: Callable[[], Archive]
    """Open the archive as far as it was written. Raises Unusable."""
    sets: tuple[str, ...]
    """The names of the sets of indicators that come with Polku."""
    texts: Callable[[Iterable[str], str], list[Title]]
    """Return what those of the sets of these names say in another language (ISO 639-1)."""
    desk: Callable[[Archive, Mapping[str, float]], Desk]
    """Return what reports are made with; the settings take the place of those of indicators."""
    origin: Callable[[str | None, Moment], Origin]
    """Return the log as it is now, to say where an export of a programme (None: all) comes from."""
    journeys_of: JourneysOf | None
    """Return which journeys a programme has, by the archive; None: the whole log is to be read."""
    journeys: Callable[[int, Advance], Iterator[Case]]
    """Yield every journey up to a position, pseudonymous."""
    copy: Callable[[Path, Advance], Any]
    """Write the archive out into a folder that is not there yet. Raises Unusable."""
