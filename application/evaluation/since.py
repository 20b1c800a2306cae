"""What was recorded since a report, and which of it makes a figure differ.

Persons are looked at one by one, and what organisations tell that is nobody's by organisation; then
the targets that were set and the versions of the definition.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeAlias

from application.acts import named
from application.evaluation.asking import Opened
from application.evaluation.counting_apart import Adds, Looked, Streams, Whose, added, idle
from application.evaluation.issuing import opened, report
from application.evaluation.leaving_out import NOTHING, Answer, Differing, Needed, Some, all_needed
from application.evaluation.meant import target_for, targets_of
from application.evaluation.preparing import Desk, Prepared, prepare
from application.evaluation.report import Figure, Place, Report
from application.evaluation.verifying import Compared
from domain.client import ClientRegistered
from domain.entry import Entry, event_name
from domain.erasure import ClientErased, DataErased
from domain.indicators import Indicator
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
    """A figure that differs, and the entries that make the difference.

    `together` are positions of causes that make it only together, `instead` of those any one of
    which would do (`leaving_out.Needed`). `explained`: without the causes it would be as it was;
    else what was recorded since does not tell why it differs, or not alone. `broken_off`: not all
    was asked, so that fewer causes may do.
    """

    figure: Compared
    causes: tuple[Cause, ...]
    together: tuple[tuple[int, ...], ...] = ()
    instead: tuple[tuple[int, ...], ...] = ()
    explained: bool = True
    broken_off: bool = False


Apart: TypeAlias = tuple[Place, Streams]
"""What somebody adds to a figure."""


class Since:
    """What was recorded since a report, and which of it changed its figures.

    `on_step` is called when each of its steps is done: two, and one for each time that is asked
    with some entries left out.
    """

    def __init__(
        self,
        desk: Desk,
        before: Prepared,
        after: Prepared,
        now: Report,
        differing: Iterable[Compared],
        on_step: Callable[[], None],
    ) -> None:
        self._desk, self._before, self._after = desk, before, after
        self._on_step = on_step
        self._causes: dict[int, Cause] = {}
        self._of_programme = [
            self._cause(named("programme", after.question.programme), entry)
            for entry in after.entries
            if not self._was_known(entry)
        ]
        self._entries = {x.position: x.event for x in after.entries}
        self._was = _figures(report(desk, before, charts=False))
        on_step()
        self._now = _figures(now)
        self._reported: dict[Some, Mapping[Place, Figure]] = {}
        self._by_person = self._needed({_place(one): one for one in differing})

    def changed(self, one: Compared) -> Changed:
        """Return a figure that differs with what makes the difference."""
        place = _place(one)
        told = self._by_person.get(place, NOTHING)
        positions = {*told.entries, *self._targets(one), *self._revisions(place)}
        causes = tuple(self._causes[x] for x in sorted(positions))
        explained = told.gives_back and self._was.get(place) == one.reported
        return Changed(one, causes, told.together, told.instead, explained, told.broken_off)

    def _was_known(self, entry: Entry[Any]) -> bool:
        known_at = self._before.question.known_at
        return entry.position <= self._before.position and (
            known_at is None or entry.known_at <= known_at
        )

    def _cause(self, stream: str, entry: Entry[Any]) -> Cause:
        return self._causes.setdefault(entry.position, _cause(stream, entry))

    def _needed(self, differing: Mapping[Place, Compared]) -> dict[Place, Needed]:
        """Return the entries of persons, and of organisations, that make each figure differ."""
        looked = [_looked(place, one) for place, one in differing.items()]
        # What it would have been with the indicators of now: a new version is told by itself.
        question, position = self._before.question, self._before.position
        as_before = replace(self._after, question=question, position=position)
        with opened(self._desk, as_before) as then, opened(self._desk, self._after) as latest:
            whose = Whose(question.programme, (then, latest))
            was = added(self._desk, as_before, then, looked, whose)
            is_ = added(self._desk, self._after, latest, looked, whose)
        self._on_step()
        apart = {
            (place, who): Differing(who, self._new(who), before.get(who), now.get(who))
            for place, before in was.items()
            for now in (is_[place],)
            for who in self._differing(place, before, now)
        }
        found: dict[Place, list[Needed]] = defaultdict(list)
        for (place, _), needed in self._asked_again(apart, looked, whose).items():
            found[place].append(needed)
        return {place: _all_of(own) for place, own in found.items()}

    def _asked_again(
        self, apart: Mapping[Apart, Differing[Streams]], looked: Sequence[Looked], whose: Whose
    ) -> dict[Apart, Needed]:
        """Ask again with some of the entries since of each, of those alone who differ.

        Of all, where those who differ come to something else without the others.
        """
        since = {one.whose: one.since for one in apart.values()}
        now = {task: one.now for task, one in apart.items()}
        alone = replace(self._after, only=frozenset(self._firsts(since)))
        for of in (alone, self._after) if apart else ():
            with opened(self._desk, of) as asked:
                again = self._answers(of, asked, apart, looked, whose)
                if of is self._after or again(since) == now:
                    return all_needed(apart, again, on_asked=self._on_step)
        return {}

    def _answers(
        self,
        of: Prepared,
        asked: Opened,
        apart: Mapping[Apart, Differing[Streams]],
        looked: Sequence[Looked],
        whose: Whose,
    ) -> Callable[[Mapping[Streams, Some]], dict[Apart, Answer]]:
        """Return what says what each adds with some of the entries since and no others."""
        since = {one.whose: one.since for one in apart.values()}

        def answers(batch: Mapping[Streams, Some]) -> dict[Apart, Answer]:
            out = frozenset(x for who, some in batch.items() for x in since[who] - some)
            asked.leave_out(out)
            mine = [x for x in looked if any((x.place, who) in apart for who in batch)]
            found = added(self._desk, replace(of, without=out), asked, mine, whose)
            return {
                (place, who): adds.get(who)
                for place, adds in found.items()
                for who in batch
                if (place, who) in apart
            }

        return answers

    def _firsts(self, persons: Iterable[Streams]) -> Iterator[int]:
        """Yield where the streams begin that tell of somebody."""
        for stream in frozenset[str]().union(*persons):
            yield from (entry.position for entry in self._desk.office.log.load(stream)[:1])

    def _differing(self, place: Place, before: Adds, now: Adds) -> Collection[Streams]:
        """Return whose part of a figure is another one than before."""
        found = [who for who in {**before, **now} if who and before.get(who) != now.get(who)]
        indicator = _asked(self._after, place)
        if indicator is None or indicator.measure != "median":
            return found
        out = idle(before, now, found)
        return [who for who in found if who not in out]

    def _new(self, who: Streams) -> Some:
        """Return the entries of somebody that count now and were not known to the report."""
        return frozenset(x for stream in who for x in self._new_in(stream))

    def _new_in(self, stream: str) -> Iterator[int]:
        entries = self._desk.office.log.load(stream)
        new = [x for x in entries if x.position <= self._after.position and not self._was_known(x)]
        revised = {x.event.entry for x in new if isinstance(x.event, _REVISING)}
        for entry in new:
            counts = isinstance(entry.event, _WHATEVER_DAY) or entry.version in revised
            if counts or entry.occurred_on <= self._after.as_at:
                self._cause(stream, entry)
                yield entry.position
        yield from self._ways(stream)

    def _ways(self, stream: str) -> Iterator[int]:
        """Yield what came to be known of when an organisation ran the programme."""
        for cause in self._of_programme:
            event = self._entries[cause.position]
            if (
                isinstance(event, OrganisationJoined | OrganisationLeft)
                and named("organisation", event.organisation) == stream
                and cause.occurred_on <= self._after.as_at
            ):
                yield cause.position

    def _targets(self, one: Compared) -> Iterable[int]:
        """Return the targets set since without which another one would be told."""
        if one.again is None or (
            one.reported is not None and one.reported.target == one.again.target
        ):
            return ()
        place = _place(one)
        new = [
            x.position
            for x in self._of_programme
            if isinstance(self._entries[x.position], TargetSet)
            and x.occurred_on <= self._after.as_at
        ]
        return _without_which(new, one.again.target, lambda out: self._target_without(place, out))

    def _target_without(self, place: Place, positions: Some) -> float | None:
        after = self._after
        indicator = _asked(after, place)
        meant = targets_of(
            after.definition,
            [x for x in after.entries if x.position not in positions],
            as_at=after.as_at,
            known_at=None,
            position=after.position,
        )
        return None if indicator is None else target_for(indicator, *place[1:], meant)

    def _revisions(self, place: Place) -> Iterable[int]:
        """Return the versions of the definition, published since, without which it would differ."""
        new = [
            x.position
            for x in self._of_programme
            if isinstance(self._entries[x.position], ProgrammeRevised)
        ]
        now = self._now.get(place)
        return _without_which(new, now, lambda out: self._unrevised(out).get(place))

    def _unrevised(self, positions: Some) -> Mapping[Place, Figure]:
        """Return what would be reported now without versions of the definition."""
        if positions not in self._reported:
            question, last = self._after.question, self._after.position
            prepared = prepare(self._desk, question, last, without=positions)
            self._reported[positions] = _figures(report(self._desk, prepared, charts=False))
        return self._reported[positions]


def _without_which(
    new: Sequence[int], now: Answer, without: Callable[[Some], Answer]
) -> Sequence[int]:
    """Return those without which it is not as it is now; where others would do, those that would.

    `without` says how it is without some.
    """
    alone = [x for x in new if without(frozenset({x})) != now]
    if alone or not new or without(frozenset(new)) == now:
        return alone
    return [x for x in new if without(frozenset(new) - {x}) == now] or new


def _place(one: Compared) -> Place:
    return one.indicator, one.by, one.key


def _figures(of: Report) -> dict[Place, Figure]:
    return {(t.indicator, t.by, figure.key): figure for t in of.tables for figure in t.figures}


def _looked(place: Place, one: Compared) -> Looked:
    told = [figure for figure in (one.reported, one.again) if figure is not None]
    # There is a group since, or none any more, of those alone who do not count in it.
    every = one.again is None or (one.reported is None and _is_empty(one.again))
    return Looked(place, every, any(figure.suppressed for figure in told))


def _is_empty(figure: Figure) -> bool:
    return not figure.suppressed and not figure.counted and not figure.missing


def _all_of(own: Collection[Needed]) -> Needed:
    """Return what several need together."""
    return Needed(
        tuple(sorted({x for told in own for x in told.entries})),
        tuple(sorted({some for told in own for some in told.together})),
        tuple(sorted({some for told in own for some in told.instead})),
        gives_back=all(told.gives_back for told in own),
        broken_off=any(told.broken_off for told in own),
    )


def _asked(prepared: Prepared, place: Place) -> Indicator | None:
    """Return the indicator of a figure; None where the definition in force has none of its id."""
    return next((one for one in prepared.indicators if one.id == place[0]), None)


_REVISING = (EntryCorrected, EntryRetracted)

_WHATEVER_DAY = (
    *_REVISING,
    ClientErased,
    DataErased,
    ClientRegistered,
    ClientsMerged,
    ClientsSplit,
)
"""What counts also of a day after the one asked about: who somebody is does not happen on a day."""


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
