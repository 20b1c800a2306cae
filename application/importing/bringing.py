"""Histories recorded in the log, again and again without harm.

A stream is written under an idempotency key of its own and of the version that it was at, with its
content as what is asked: so the same import again adds nothing, and one that was cut off goes on
where it stopped. A stream that is there with other content (an older export of the same source)
gets only the rows that it has not: a row that says something else than at first is reported and
left, for somebody to correct the entry. What was erased stays erased, whatever the source still
has: its rows are reported, and never written again.

A key is stored as it is, and so tells nothing of the content: by a digest of it somebody could try
names, long after they were erased.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Literal, NamedTuple, TypeAlias

from application.importing.binding import zone_of
from application.importing.collecting import without_collecting
from application.importing.conversion import convert
from application.importing.erased import check_erased, clients_by_now, clients_of, is_erased
from application.importing.ids import ids_in
from application.importing.language import Mapping
from application.importing.report import CHANGED, ERASED, Finding, Report, RowId
from application.importing.streams import History
from application.importing.tables import Tables
from application.ports import Append, EventLog, Fresh, KeyReused, Receipt, VersionConflict
from domain.entry import Entry
from domain.journey.events import JourneyClosed

Atomic: TypeAlias = Literal["all", "journey"]
OnProgress: TypeAlias = Callable[[int, int], None]
"""Called with how many streams are done, and how many there are."""

BATCH = 500
"""Streams in one transaction, where each journey is stored by itself."""

TRIES = 5
"""How often a stream is read again that somebody else writes to at the same time."""


class ImportStopped(Exception):
    """The log did not take a stream, which no second try can mend."""


@without_collecting()
def bring_in(
    log: EventLog,
    mapping: Mapping,
    tables: Tables,
    *,
    atomic: Atomic = "journey",
    dry_run: bool = False,
    on_progress: OnProgress = lambda _done, _all: None,
) -> Report:
    """Bring the tables' histories into the log, and report on every row.

    All entries of an import carry a correlation that names the source and the mapping's digest.
    `journey`: what comes in of each client and each journey is stored at once; a refused row stays
    out and the other rows of its journey are stored, but those that need what it would have opened
    stay out too. `all`: everything in one transaction, and nothing
    where a row is refused. A dry run reports the same and stores nothing. Raises MappingFaults.
    """
    today = log.now().astimezone(zone_of(mapping.time_zone)).date()
    id_of = ids_in(log, mapping.source, storing=not dry_run)
    histories, report = convert(mapping, tables, today, id_of)
    report.dry_run, report.atomic = dry_run, atomic
    if atomic == "all" and not report.complete:
        return report
    if dry_run:
        found, checked = _Found(), check_erased(log, histories)
        for history in checked.coming:
            found.note_written(_compare(history, log.load(history.stream), found))
        for history in checked.erased:
            found.note_erased(history.entries)
    else:
        correlation = f"import:{mapping.source}:{mapping.digest[:16]}"
        found = _Writing(log, correlation, on_progress).write(histories, together=atomic == "all")
        report.stored = True
    _tell(report, found)
    return report


@dataclass(slots=True)
class _Found:
    """What became of rows: written, there already (or erased since), there with other content."""

    written: set[RowId] = field(default_factory=set)
    already: set[RowId] = field(default_factory=set)
    changed: set[RowId] = field(default_factory=set)
    erased: set[RowId] = field(default_factory=set)
    entries: dict[str, int] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    """By journey with a changed row: 1 if the log has an end that the source has not, or -1."""

    def note_written(self, entries: Iterable[Fresh]) -> None:
        for fresh in entries:
            row = _row(fresh)
            self.written.add(row)
            self.entries[row[0]] = self.entries.get(row[0], 0) + 1

    def note_already(self, entries: Iterable[Fresh]) -> None:
        self.already.update(_row(fresh) for fresh in entries)

    def note_erased(self, entries: Iterable[Fresh]) -> None:
        rows = {_row(fresh) for fresh in entries}
        self.already |= rows
        self.erased |= rows


def _row(fresh: Fresh) -> RowId:
    source = fresh.source
    return (source.table, source.row) if source else ("", 0)


def _compare(history: History, stored: Sequence[Entry[Any]], found: _Found) -> tuple[Fresh, ...]:
    """Return the entries that a stream has not yet, and note the rows that it has.

    Where some of its records were erased, nobody can tell which it has: then there are none.
    """
    if any(is_erased(entry) for entry in stored):
        found.note_erased(history.entries)
        return ()
    there: dict[tuple[str, str], list[Any]] = {}
    for entry in stored:
        if entry.source is not None:
            there.setdefault((entry.source.table, entry.source.record), []).append(_said(entry))
    fresh: list[Fresh] = []
    left = False
    for record, entries in _by_record(history.entries).items():
        known = there.get(record)
        if known is None:
            fresh.extend(entries)
        elif known == [_said(entry) for entry in entries]:
            found.note_already(entries)
        else:
            found.changed.update(_row(entry) for entry in entries)
            left = True
    if left:
        found.ends[history.stream] = _ends([*stored, *fresh]) - _ends(history.entries)
    return tuple(fresh)


def _ends(entries: Iterable[Fresh | Entry[Any]]) -> bool:
    return any(type(entry.event) is JourneyClosed for entry in entries)


def _by_record(entries: Iterable[Fresh]) -> dict[tuple[str, str], list[Fresh]]:
    records: dict[tuple[str, str], list[Fresh]] = {}
    for fresh in entries:
        if fresh.source is not None:
            records.setdefault((fresh.source.table, fresh.source.record), []).append(fresh)
    return records


def _said(entry: Fresh | Entry[Any]) -> tuple[Any, ...]:
    claimed = entry.source.recorded_at if entry.source else None
    return entry.event, entry.occurred_on, claimed


def _content(plan: "_Plan") -> str:
    """Return the digest of what is to be written, wherever its rows stand in whichever file."""
    said = [
        (fresh.event, fresh.occurred_on, s.table, s.record, s.recorded_at)
        for fresh in plan.entries
        if (s := fresh.source) is not None
    ]
    text = repr((plan.history.by, said))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


class _Plan(NamedTuple):
    """What one stream is to get next, after the version it is at.

    `whose` are the streams of clients whose it is in the log, whatever the source says.
    """

    history: History
    entries: tuple[Fresh, ...]
    version: int
    whose: tuple[str, ...] = ()


class _Writing:
    """One run of writing histories."""

    def __init__(self, log: EventLog, correlation: str, on_progress: OnProgress) -> None:
        self._log, self._correlation, self._on_progress = log, correlation, on_progress
        self._found = _Found()

    def write(self, histories: Sequence[History], *, together: bool) -> _Found:
        done, rest = 0, iter(histories)
        while batch := list(islice(rest, len(histories) if together else BATCH)):
            if together:
                self._write_together(batch)
            else:
                self._write_each(batch)
            done += len(batch)
            self._on_progress(done, len(histories))
        return self._found

    def _write_each(self, batch: Sequence[History]) -> None:
        waiting = [_Plan(one, one.entries, 0) for one in batch]
        for _ in range(TRIES):
            waiting, versions = self._checked(waiting)
            answers = self._log.append_all(self._appends(waiting, versions))
            settled = map(self._settle, waiting, answers)
            waiting = [again for again in settled if again is not None]
            if not waiting:
                return
        raise ImportStopped(
            f"{waiting[0].history.stream} is being written to by others all the time: "
            "run the import again"
        )

    def _settle(self, plan: _Plan, answer: Receipt | Exception) -> _Plan | None:
        """Note what became of a plan; return another where the stream was not as expected."""
        if isinstance(answer, VersionConflict | KeyReused):
            return self._plan(plan.history)
        if isinstance(answer, Exception):
            message = f"the log did not take {plan.history.stream}: {answer}"
            raise ImportStopped(message) from answer
        if answer.repeated:
            self._found.note_already(plan.entries)
        else:
            self._found.note_written(plan.entries)
        return None

    def _plan(self, history: History) -> _Plan | None:
        """Return how to write what a stream has not yet; None where it has all."""
        stored = self._log.load(history.stream)
        fresh = _compare(history, stored, self._found)
        if not fresh:
            return None
        version = stored[-1].version if stored else 0
        return _Plan(history, fresh, version, clients_by_now(history, stored))

    def _write_together(self, batch: Sequence[History]) -> None:
        """Write all in one transaction; what each stream has already is looked up first."""
        coming, _ = self._checked([_Plan(one, one.entries, 0) for one in batch])
        found = [plan for one in coming if (plan := self._plan(one.history)) is not None]
        plans, versions = self._checked(found)
        appends = self._appends(plans, versions)
        try:
            answers = self._log.append_all(appends, together=True)
        except VersionConflict as conflict:
            raise _stopped_by_others(conflict.stream) from conflict
        except KeyReused as reused:  # another import wrote to it, at the same version
            (stream,) = (one.stream for one in appends if one.key == reused.key)
            raise _stopped_by_others(stream) from reused
        for plan, answer in zip(plans, answers, strict=True):
            self._settle(plan, answer)

    def _checked(self, plans: Sequence[_Plan]) -> tuple[list[_Plan], dict[str, int]]:
        """Return which plans may go on now, and the versions of their clients' streams.

        What was erased is noted.
        """
        whose = {plan.history.stream: plan.whose for plan in plans}
        checked = check_erased(self._log, [plan.history for plan in plans], whose)
        for history in checked.erased:
            self._found.note_erased(history.entries)
        coming = {history.stream for history in checked.coming}
        return [plan for plan in plans if plan.history.stream in coming], checked.versions

    def _appends(self, plans: Sequence[_Plan], versions: dict[str, int]) -> list[Append]:
        """Return the appends: each leans on the clients whom it is of, at these versions.

        So nothing comes in of who is erased between the look and the writing.
        """
        at, appends = dict(versions), []
        for plan in plans:
            stream = plan.history.stream
            whose = {*clients_of(plan.history), *plan.whose} - {stream}
            leaning_on = tuple((one, at[one]) for one in sorted(whose))
            appends.append(replace(self._append(plan), leaning_on=leaning_on))
            if at.get(stream) == plan.version:  # then it is written, and those after it see it
                at[stream] += len(plan.entries)
        return appends

    def _append(self, plan: _Plan) -> Append:
        history, content = plan.history, _content(plan)
        return Append(
            history.stream,
            plan.version,
            plan.entries,
            history.by,
            key=f"import:{history.stream}:{plan.version}",
            request=content,
            correlation=self._correlation,
        )


def _stopped_by_others(stream: str) -> ImportStopped:
    return ImportStopped(
        f"somebody wrote to {stream} meanwhile, so nothing was stored: run the import again"
    )


def _tell(report: Report, found: _Found) -> None:
    changed = found.changed - found.written
    already = found.already - found.written - changed
    written, differing, known = (
        Counter(table for table, _ in rows) for rows in (found.written, changed, already)
    )
    for count in report.tables:
        count.entries = found.entries.get(count.table, 0)
        count.written = written[count.table]
        count.changed = differing[count.table]
        count.already = known[count.table]
    report.closed += sum(found.ends.values())
    report.findings.extend(_findings(report, CHANGED, found.changed, _OTHERWISE))
    report.findings.extend(_findings(report, ERASED, found.erased, _GONE))
    report.sort(count.file for count in report.tables)


_OTHERWISE = "it says something else than when it was imported; the entry was left as it is"
_GONE = "what it says was erased here, and is not brought in again"


def _findings(report: Report, code: str, rows: set[RowId], message: str) -> Iterator[Finding]:
    files = {count.table: count.file for count in report.tables}
    for table, row in rows:
        yield Finding("doubtful", code, files[table], row, "", "", message)
