"""A report that was issued for others to keep, and how it was restated since.

Order: events (stored formats: a change of shape needs a new version), state, evolve, decisions.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias, assert_never

from domain.entry import Entry
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import said

# Events


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures stand on.

    `known_at` is the instant up to which entries count (UTC; None: all up to `at_position`).
    `at_position` and `root` (hex; empty where the log has no ledger) are the log's, the digests
    (SHA-256, hex) those of the programme's definition and of the indicators as they were asked.
    """

    known_at: datetime | None
    at_position: int
    root: str
    definition_version: int
    definition_digest: str
    indicators_digest: str
    polku_version: str


@dataclass(frozen=True, slots=True)
class SettingUsed:
    """A setting of an indicator that had another value than usual."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class ReportIssued:
    """A report was given out: the question, what its figures stand on, and their digest.

    `as_at` is the day asked about (None: as recorded). `sets`, `indicators`, `by` and `settings`
    are the question, as `polku report` takes it; groups of fewer than `threshold` are not shown.
    `figures` is how many there are, `figures_digest` the SHA-256 (hex) of all of them.
    """

    programme: str
    as_at: date | None
    basis: Basis
    sets: tuple[str, ...]
    indicators: tuple[str, ...]
    by: tuple[str, ...]
    settings: tuple[SettingUsed, ...]
    threshold: int
    figures: int
    figures_digest: str


@dataclass(frozen=True, slots=True)
class ReportRestated:
    """The same question has other figures by now.

    `report` is the id of the report that is restated, `reason` why it was asked again. `changed`
    is how many figures differ, `causes` the positions of the entries that make the difference.
    """

    report: str
    reason: str
    basis: Basis
    figures_digest: str
    changed: int
    causes: tuple[int, ...]


ReportEvent: TypeAlias = ReportIssued | ReportRestated

# State


@dataclass(frozen=True, slots=True)
class IssuedReport:
    """A report as its stream tells; `restated` from the oldest to the newest."""

    version: int = 0
    issued: ReportIssued | None = None
    restated: tuple[ReportRestated, ...] = ()

    @property
    def figures_digest(self) -> str:
        """The digest of the figures that hold now: of the newest restatement, or as issued."""
        if self.restated:
            return self.restated[-1].figures_digest
        return self.issued.figures_digest if self.issued else ""


NEVER_ISSUED = IssuedReport()

# Evolve


def evolve(state: IssuedReport, entry: Entry[ReportEvent]) -> IssuedReport:
    """Return the report after one more entry. Total: every recorded history can be read."""
    state = replace(state, version=entry.version)
    match entry.event:
        case ReportIssued() as event:
            return replace(state, issued=event)
        case ReportRestated() as event:
            return replace(state, restated=(*state.restated, event))
        case never:
            assert_never(never)


def fold(entries: Iterable[Entry[ReportEvent]], state: IssuedReport = NEVER_ISSUED) -> IssuedReport:
    """Return the report after the entries, from `state` on."""
    for entry in entries:
        state = evolve(state, entry)
    return state


# Decisions


def issue(state: IssuedReport, *, report: ReportIssued) -> tuple[ReportEvent, ...]:
    """Give a report out; nothing where it was given out already.

    Raises IllegalTransition where another one has its id.
    """
    if state.issued == report:
        return ()
    if state.issued is not None:
        raise IllegalTransition(
            state=said("another report was issued under this id"),
            act=said("issue the report"),
            missing=said("issue it under the id that its own figures give"),
        )
    return (report,)


def restate(state: IssuedReport, *, restated: ReportRestated) -> tuple[ReportEvent, ...]:
    """Say that a report has other figures by now; nothing where these were said already.

    Raises IllegalTransition where it was never issued or no figure differs, InvalidField where
    nobody says why.
    """
    act = said("restate the report {report}", report=restated.report)
    if state.issued is None:
        raise IllegalTransition(
            state=said("no such report was issued"), act=act, missing=said("issue it first")
        )
    if not restated.reason.strip():
        raise InvalidField("reason", said("say why it is restated"))
    if state.figures_digest == restated.figures_digest:
        if state.restated:
            return ()
        raise IllegalTransition(
            state=said("no figure differs from what was reported"),
            act=act,
            missing=said("there is nothing to restate"),
        )
    return (restated,)
