"""What was reported then, what would be reported now for the same day, and why they differ.

Now is the log as it is: all that was recorded since counts, late entries, corrections, retractions
and erasures alike. Each figure that differs is opened, then and now; the entries that make the
difference are those which the report could not know, of the journeys and clients that count
differently, and a version of the definition that came into force by the day, and was published
since. What is nobody's, as an employer's openings, is told by the organisation, and counts where it
runs the programme. Of a figure that is withheld so that others do not give one away, they are those
of the others.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from application.acts import named
from application.evaluation.asking import Asked
from application.evaluation.issuing import Desk, Prepared, again, opened, prepare, report
from application.evaluation.opening import Place, clients_of, journeys_of, units_at
from application.evaluation.report import Figure, Report
from application.evaluation.verifying import Compared, compared
from domain.client import ClientRegistered
from domain.entry import Entry, event_name
from domain.erasure import ClientErased, DataErased
from domain.indicators import CLIENTS, JOURNEYS, Indicator
from domain.journey.events import EntryCorrected, EntryRetracted
from domain.programme.events import (
    OrganisationJoined,
    OrganisationLeft,
    ProgrammeRevised,
    TargetSet,
)
from domain.same_person import ClientsMerged, ClientsSplit


@dataclass(frozen=True, slots=True)
class Cause:
    """An entry that the report could not know.

    `how` is late, corrected, retracted or erased; `of` the entry (version) of the same stream that
    it corrects or retracts.
    """

    stream: str
    version: int
    position: int
    event: str
    occurred_on: date
    recorded_at: datetime
    how: str
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that differs, and the entries that make the difference."""

    figure: Compared
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Restatement:
    """A report as it was, the same question now, and each figure that differs."""

    then: Report
    now: Report
    changed: tuple[Changed, ...]


def restate(desk: Desk, given: Report) -> Restatement:
    """Ask the question of a report again, of the log as it is now. Raises as `prepare`."""
    before = prepare(desk, again(given), given.position)
    after = prepare(desk, again(given, known_at=None))
    now = report(desk, after)
    differing = [one for one in compared(given, now) if not one.agrees]
    with opened(desk, before) as then_asked, opened(desk, after) as now_asked:
        then, latest = _Moment(desk, before, then_asked), _Moment(desk, after, now_asked)
        changed = tuple(Changed(one, _causes(one, then, latest)) for one in differing)
    return Restatement(given, now, tuple(_with_others(one, changed) for one in changed))


def _with_others(one: Changed, changed: Iterable[Changed]) -> Changed:
    """Return a figure that is withheld, or no more, for others' sake with what changed those.

    Nothing that counts in it differs then: what made another one small, or great enough, does it.
    First are asked those of the same indicator.
    """
    figures = (one.figure.reported, one.figure.again)
    if one.causes or not any(figure is not None and figure.suppressed for figure in figures):
        return one
    like = [x for x in changed if x.causes and x.figure.indicator == one.figure.indicator]
    causes = {cause for other in like or changed for cause in other.causes}
    return Changed(one.figure, tuple(sorted(causes, key=lambda cause: cause.position)))


class _Moment(NamedTuple):
    """A question answered at one moment."""

    desk: Desk
    prepared: Prepared
    asked: Asked


class _Counted:
    """What counts in a figure at one moment: what each unit has, and the streams it is told by.

    `every`: also what is in its group and does not count.
    """

    def __init__(self, at: _Moment, place: Place, *, every: bool = False) -> None:
        self.has: dict[Any, list[str]] = {}
        self.streams: dict[Any, set[str]] = {}
        programme, indicator = at.prepared.question.programme, _asked(at.prepared, place)
        if indicator is None:
            return
        alone = indicator.unit in {CLIENTS, JOURNEYS}
        for unit in units_at(at.desk, at.prepared, at.asked, indicator, place, every=every):
            own = unit.unit if alone else unit.journey or unit.client or unit.organisation
            self.has.setdefault(own, []).append(f"{unit.counts} {unit.has}")
            streams = self.streams.setdefault(own, set())
            streams |= {named("journey", x) for x in journeys_of(at.asked, programme, unit)}
            streams |= {named("client", x) for x in clients_of(at.asked, unit)}
            if unit.organisation and not streams:
                streams.add(named("organisation", unit.organisation))


def _causes(figure: Compared, then: _Moment, latest: _Moment) -> tuple[Cause, ...]:
    place = Place(figure.indicator, figure.by, figure.key)
    streams = _differing(_Counted(then, place), _Counted(latest, place))
    if not streams and None in (figure.reported, figure.again):
        # There is a group since, or none any more, of those alone who do not count in it.
        both = (_Counted(at, place, every=True) for at in (then, latest))
        streams = _differing(*both)
    asked = [_asked(one.prepared, place) for one in (then, latest)]
    causes = [cause for stream in streams for cause in _new(stream, then.prepared, latest)]
    causes += _ways(streams, then.prepared, latest.prepared)
    causes = [] if None in asked else causes
    causes += _targets(figure, then.prepared, latest.prepared)
    if asked[0] != asked[1] or _target(figure.reported) != _target(figure.again) or not causes:
        causes += _revisions(then.prepared, latest.prepared)
    return tuple(sorted(causes, key=lambda cause: cause.position))


def _differing(before: _Counted, after: _Counted) -> set[str]:
    """Return the streams of the units that count otherwise at the one moment than at the other."""
    differing = [
        unit
        for unit in {**before.has, **after.has}
        if sorted(before.has.get(unit, [])) != sorted(after.has.get(unit, []))
    ]
    return {
        stream
        for unit in differing
        for one in (before, after)
        for stream in one.streams.get(unit, ())
    }


def _asked(prepared: Prepared, place: Place) -> Indicator | None:
    """Return the indicator of a figure; None where the definition in force has none of its id."""
    return next((one for one in prepared.indicators if one.id == place.indicator), None)


def _target(figure: Figure | None) -> float | None:
    return None if figure is None else figure.target


def _new(stream: str, before: Prepared, latest: _Moment) -> Iterator[Cause]:
    """Yield the entries of a stream that count now and were not known to the report."""
    after = latest.prepared
    for entry in latest.desk.office.log.load(stream):
        if entry.position <= after.position and not _was_known(entry, before):
            cause = _cause(stream, entry)
            known_whenever = cause.how != "late" or isinstance(entry.event, _WHO_SOMEBODY_IS)
            if known_whenever or entry.occurred_on <= after.as_at:
                yield cause


def _ways(streams: Collection[str], before: Prepared, after: Prepared) -> Iterator[Cause]:
    """Yield what came to be known of when organisations that told something ran the programme."""
    stream = named("programme", after.question.programme)
    for entry in after.entries:
        event = entry.event
        if (
            isinstance(event, OrganisationJoined | OrganisationLeft)
            and named("organisation", event.organisation) in streams
            and entry.occurred_on <= after.as_at
            and not _was_known(entry, before)
        ):
            yield _cause(stream, entry)


_WHO_SOMEBODY_IS = (ClientRegistered, ClientsMerged, ClientsSplit)
"""What does not happen on a day: whatever is known of it counts, also of a day after it."""


def _was_known(entry: Entry[Any], before: Prepared) -> bool:
    known_at = before.question.known_at
    return entry.position <= before.position and (known_at is None or entry.known_at <= known_at)


def _cause(stream: str, entry: Entry[Any]) -> Cause:
    how, of = "late", None
    match entry.event:
        case EntryCorrected():
            how, of = "corrected", entry.event.entry
        case EntryRetracted():
            how, of = "retracted", entry.event.entry
        case ClientErased() | DataErased():
            how = "erased"
        case _:
            pass
    return Cause(
        stream=stream,
        version=entry.version,
        position=entry.position,
        event=event_name(type(entry.event)),
        occurred_on=entry.occurred_on,
        recorded_at=entry.recorded_at,
        how=how,
        of=of,
    )


def _targets(figure: Compared, before: Prepared, after: Prepared) -> Iterable[Cause]:
    """Return the targets set since, where the target is what differs."""
    then, now = figure.reported, figure.again
    if then is not None and now is not None and then.target == now.target:
        return ()
    stream = named("programme", after.question.programme)
    return [
        _cause(stream, entry)
        for entry in after.entries
        if isinstance(entry.event, TargetSet) and not _was_known(entry, before)
    ]


def _revisions(before: Prepared, after: Prepared) -> Iterable[Cause]:
    """Return the version of the definition that is in force on the day now, and was not known."""
    stream = named("programme", after.question.programme)
    return [
        _cause(stream, entry)
        for entry in after.entries
        if isinstance(entry.event, ProgrammeRevised)
        and entry.event.version == after.definition.version
        and not _was_known(entry, before)
    ]
