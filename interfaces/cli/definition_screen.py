"""A programme definition as a person reads it."""

from collections.abc import Iterable

from rich.table import Table

from domain.calendar import Span
from domain.definition import Coded, DatedRule, Definition, Service, Title
from domain.programme.state import Programme
from domain.wording import written
from interfaces.cli.terminal import Screen, table


def draw_definition(to: Screen, definition: Definition, state: Programme) -> None:
    """Print all parts of a definition that people ask for first."""
    d = definition
    to.print(f"{d.title.en} / {d.title.local}", style="bold")
    to.print(d.summary.en)
    until = f" until {d.effective_until}" if d.effective_until else ""
    numbers = ", ".join(f"{v.number} (from {v.effective_from})" for v in state.versions)
    to.print(f"\n{d.programme}, version {d.version}, in force from {d.effective_from}{until}")
    to.print(f"published versions: {numbers}; digest {d.digest}", soft_wrap=True)
    for part in (
        _organisations(d),
        _coded("Channels", d.channels),
        _coded("Service lines", d.service_lines),
        _eligibility(d),
        _phases(d),
        _services(d),
        _coded("Needs", d.needs),
        _deadlines(d),
        _targets(d),
        _ends(d),
    ):
        if part.row_count:
            to.print(part)


def _title(title: Title) -> str:
    return f"{title.en} / {title.local}"


def _from_to(since: object, until: object) -> str:
    if since is None and until is None:
        return "always"
    return " ".join(
        f"{word} {day}" for word, day in (("from", since), ("until", until)) if day is not None
    )


def span_said(span: Span) -> str:
    """Return a span of time in words: "10 working days"."""
    unit = span.unit.replace("-", " ")
    return f"{span.count} {unit.removesuffix('s') if span.count == 1 else unit}"


def _organisations(definition: Definition) -> Table:
    drawn = table("Organisations", "Code", ("Title", "wrap"), ("Roles", "wrap"), "Takes part")
    for one in definition.organisations:
        roles = ", ".join(one.roles)
        drawn.add_row(one.code, _title(one.title), roles, _from_to(one.since, one.until))
    return drawn


def _coded(title: str, codes: Iterable[Coded]) -> Table:
    drawn = table(title, "Code", ("Title", "wrap"))
    for one in codes:
        drawn.add_row(one.code, _title(one.title))
    return drawn


def _eligibility(definition: Definition) -> Table:
    drawn = table("Eligibility", "Rule", "In force", ("Where", "wrap"), ("Says", "wrap"))
    for dated in definition.eligibility:
        rule = dated.rule
        says = f"{rule.title.en}: {rule.text} ({rule.basis})"
        drawn.add_row(rule.id, _from_to(dated.since, dated.until), _where(dated), says)
    return drawn


def _where(dated: DatedRule) -> str:
    where = f"in {', '.join(dated.only)}" if dated.only else "everywhere"
    return f"{where}, not in {', '.join(dated.never)}" if dated.never else where


def _phases(definition: Definition) -> Table:
    drawn = table("Phases", "Phase", ("Title", "wrap"), ("After", "wrap"), ("Requires", "wrap"))
    for phase in definition.phases:
        after = ", ".join(before.value for before in phase.after) or "at the start"
        requires = "; ".join(rule.title.en for rule in phase.requires) or "nothing"
        drawn.add_row(phase.phase.value, _title(phase.title), after, requires)
    return drawn


def _services(definition: Definition) -> Table:
    drawn = table("Services", "Code", ("Title", "wrap"), ("Phases", "wrap"), ("Offered", "wrap"))
    for service in definition.services:
        phases = ", ".join(phase.value for phase in service.phases)
        drawn.add_row(service.code, _title(service.title), phases, _offered(service))
    return drawn


def _offered(service: Service) -> str:
    offered = _from_to(service.since, service.until)
    return f"{offered} ({service.basis})" if service.basis else offered


def _deadlines(definition: Definition) -> Table:
    drawn = table("Deadlines and follow-up", "Deadline", ("Title", "wrap"), ("Due", "wrap"))
    for rule in definition.deadlines:
        after = " or ".join(rule.starts)
        drawn.add_row(rule.id, rule.title.en, f"{span_said(rule.span)} after {after}")
    for point in definition.follow_up:
        due = f"{span_said(point.span)} after {point.after}"
        drawn.add_row(point.id, point.title.en, due)
    return drawn


def _targets(definition: Definition) -> Table:
    drawn = table("Targets", "Target", ("Title", "wrap"), "Measure", ("Value", "right"), "Where")
    for one in definition.targets:
        where = one.organisation or "everywhere"
        drawn.add_row(one.id, one.title.en, one.measure, written(one.value), where)
    return drawn


def _ends(definition: Definition) -> Table:
    drawn = table("Ends", "End state", ("Title", "wrap"), ("Destinations", "wrap"))
    for end in definition.end_states:
        drawn.add_row(end.code, _title(end.title), ", ".join(end.destinations))
    return drawn
