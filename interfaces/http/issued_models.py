"""What an issued report, and what became of it, are told as."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from domain.entry import Entry
from domain.issued_report import Basis, ReportIssued, ReportRestated
from interfaces.http.clocks import Told


class BasisTold(Told):
    """What figures stand on."""

    known_at: datetime | None
    """The instant (UTC) up to which entries count; null: all up to the position."""
    position: int
    """The position of the log."""
    root: str
    """The root (hex) of the log's ledger there; empty where it has none."""
    definition_version: int
    """The version of the programme's definition."""
    definition_digest: str
    """SHA-256 (hex) of that definition."""
    indicators_digest: str
    """SHA-256 (hex) of the indicators as they were asked."""
    polku_version: str
    """The version of Polku that computed them."""
    figures_digest: str
    """SHA-256 (hex) of all figures."""


class RestatedTold(Told):
    """That a report had other figures later on."""

    restated_at: datetime
    """The instant (UTC) at which it was recorded."""
    person: str
    """Who restated it."""
    organisation: str
    """For which organisation."""
    reason: str
    """Why."""
    changed: int
    """How many figures differ from those that were reported."""
    causes: list[int]
    """The positions of the entries that make the difference."""
    basis: BasisTold
    """What the new figures stand on."""


class IssuedTold(Told):
    """A report that was issued: what was asked, and what it stands on. It has no figures."""

    report: str
    """Its id, which follows from all that it says."""
    version: int
    """How many entries there are of it: what `If-Match` of a restatement names."""
    issued_at: datetime
    """The instant (UTC) at which it was recorded."""
    issued_on: date
    """The day on which it was issued."""
    person: str
    """Who issued it."""
    organisation: str
    """For which organisation."""
    programme: str
    """The code of the programme."""
    as_at: date | None
    """The day asked about; null: as recorded."""
    sets: list[str]
    """Whose indicators were meant."""
    indicators: list[str]
    """Only these indicators; none: all."""
    by: list[str]
    """The breakdowns beside those of the indicators."""
    settings: dict[str, float]
    """Other values for settings of the indicators."""
    threshold: int
    """Groups of fewer are not shown."""
    figures: int
    """How many figures it has."""
    basis: BasisTold
    """What its figures stand on."""
    restated: list[RestatedTold]
    """What became of it since, from the oldest."""


class IssuedPage(Told):
    """A page of issued reports."""

    items: list[IssuedTold]
    """The reports, from the newest."""
    next: str | None
    """The cursor of what follows; null at the end."""


def issued_told(id_: str, entries: Sequence[Entry[Any]]) -> IssuedTold:
    """Return an issued report, which has one entry at least."""
    first, *later = entries
    issued: ReportIssued = first.event
    return IssuedTold(
        report=id_,
        version=len(entries),
        issued_at=first.recorded_at.astimezone(UTC),
        issued_on=first.occurred_on,
        person=first.by.person,
        organisation=first.by.organisation,
        programme=issued.programme,
        as_at=issued.as_at,
        sets=list(issued.sets),
        indicators=list(issued.indicators),
        by=list(issued.by),
        settings={one.name: one.value for one in issued.settings},
        threshold=issued.threshold,
        figures=issued.figures,
        basis=_basis(issued.basis, issued.figures_digest),
        restated=[_restated(one) for one in later],
    )


def _restated(entry: Entry[Any]) -> RestatedTold:
    event: ReportRestated = entry.event
    return RestatedTold(
        restated_at=entry.recorded_at.astimezone(UTC),
        person=entry.by.person,
        organisation=entry.by.organisation,
        reason=event.reason,
        changed=event.changed,
        causes=list(event.causes),
        basis=_basis(event.basis, event.figures_digest),
    )


def _basis(of: Basis, figures_digest: str) -> BasisTold:
    return BasisTold(
        known_at=of.known_at and of.known_at.astimezone(UTC),
        position=of.at_position,
        root=of.root,
        definition_version=of.definition_version,
        definition_digest=of.definition_digest,
        indicators_digest=of.indicators_digest,
        polku_version=of.polku_version,
        figures_digest=figures_digest,
    )
