"""Targets as they stood: those of the definition, and those set since in the programme's stream."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from application.evaluation.report import Key
from domain.definition import Definition
from domain.entry import Entry
from domain.indicators import Indicator
from domain.programme.events import ProgrammeEvent, TargetSet

OF_ORGANISATIONS = ("organisation", "referred_to", "responsible_organisation")
"""Columns whose groups can have a target of their own."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a target means to reach: of which measure, in all (`organisation` None) or in one."""

    id: str
    measure: str
    value: float
    organisation: str | None


def targets_of(
    definition: Definition,
    entries: Iterable[Entry[ProgrammeEvent]],
    *,
    as_at: date,
    known_at: datetime | None,
    position: int,
) -> tuple[Meant, ...]:
    """Return the targets that held on the day, as known at the instant and up to the position.

    One that was set takes the place of the definition's of the same id.
    """
    meant = {t.id: Meant(t.id, t.measure, t.value, t.organisation) for t in definition.targets}
    known = [
        x
        for x in entries
        if x.position <= position
        and (known_at is None or x.known_at <= known_at)
        and x.occurred_on <= as_at
    ]
    for entry in sorted(known, key=lambda x: (x.occurred_on, x.version)):
        event = entry.event
        if isinstance(event, TargetSet):
            meant[event.target] = Meant(
                event.target, event.measure, event.value, event.organisation
            )
    return tuple(meant.values())


def target_for(
    indicator: Indicator, breakdown: tuple[str, ...], key: Key, meant: Iterable[Meant]
) -> float | None:
    """Return the target of a figure, None where there is none.

    In all it is the target that the indicator names, or its own value; of an organisation, the
    target of the same measure that was set for it.
    """
    named = next((t for t in meant if t.id == indicator.target), None)
    if not breakdown:
        return named.value if named else indicator.value
    if named is None or len(breakdown) > 1 or breakdown[0] not in OF_ORGANISATIONS:
        return None
    return next(
        (t.value for t in meant if t.measure == named.measure and t.organisation == key[0]), None
    )
