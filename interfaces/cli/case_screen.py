"""A journey as a person reads it on a screen."""

from datetime import datetime
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from application.case_file import CaseFile, Line
from application.local_time import zone_of
from domain.journey.deadlines import DeadlineStatus
from domain.journey.state import Journey
from domain.wording import written
from interfaces.cli.marked import marked
from interfaces.cli.terminal import Screen, table


def draw_case(to: Screen, case: CaseFile) -> None:
    """Print how a journey stands, what is due, and its history."""
    to.print(f"Journey {case.id}", style="bold")
    to.print(clocks_said(case), style="dim")
    _draw_state(to, case)
    for part in (_plan(case), _services(case), _placements(case), _deadlines(case), _doubts(case)):
        if part.row_count:
            to.print(part)
    draw_history(to, case)


def clocks_said(case: CaseFile) -> str:
    """Say which clocks the answer uses, and whether it leans on claimed times."""
    zone = zone_of(case.definition)
    as_at, known_at = case.look.as_at, case.look.known_at
    happened = f"what had happened by {as_at}" if as_at else "all that was recorded"
    known = (
        f", as known at {_instant(known_at, zone)} ({zone.key})" if known_at else ", as known now"
    )
    leans = "; leans on times that another system claims" if case.look.claimed else ""
    return f"{happened[0].upper()}{happened[1:]}{known}{leans}."


def _instant(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _draw_state(to: Screen, case: CaseFile) -> None:
    for name, said in _state(case, case.journey).items():
        if said:
            to.print(f"{name + ':':<14}{said}", soft_wrap=True)


def _state(case: CaseFile, state: Journey) -> dict[str, str]:
    title, since = case.words.title, "since"
    programme = f"{state.programme}, version {state.definition_version}" if state.programme else ""
    stay, responsible, closing = state.stay, state.responsible, state.closing
    return {
        "Client": state.client,
        "Programme": programme,
        "Status": state.status.value
        + (f" on {closing.on}: {closing.end_state}, {closing.destination}" if closing else ""),
        "Phase": f"{title('phase', stay.phase.value)}, {since} {stay.since}" if stay else "",
        "Organisation": title("organisation", state.organisation),
        "Responsible": (
            f"{responsible.person} ({title('organisation', responsible.organisation)}), "
            f"{since} {responsible.since}"
            if responsible
            else ""
        ),
        "Needs": ", ".join(title("need", code) for code in state.needs.needs)
        if state.needs
        else "",
    }


def _plan(case: CaseFile) -> Table:
    drawn = table("Plan", "Step", ("Goal", "wrap"), "Planned", "Actual", ("Stands", "wrap"))
    for one in case.plan:
        drawn.add_row(
            one.step.id,
            str(one.step.goal),
            str(one.step.by),
            str(one.actual or ""),
            one.status.value + _late(one.days_late),
        )
    return drawn


def _late(days: int | None) -> str:
    if not days:
        return ""
    unit = "day" if abs(days) == 1 else "days"
    return f", {abs(days)} {unit} {'late' if days > 0 else 'early'}"


def _services(case: CaseFile) -> Table:
    drawn = table(
        "Services", ("Service", "wrap"), ("Stands", "wrap"), "Started", "Ended", ("Hours", "right")
    )
    for one in case.journey.services:
        at = f", at {case.words.organisation(one.provider)}" if one.provider else ""
        stands = f"{one.status.value}, {one.result}" if one.result else one.status.value
        hours = written(one.hours) if one.hours else ""
        started, ended = str(one.started_on or ""), str(one.ended_on or "")
        service = case.words.title("service", one.service) + at
        drawn.add_row(service, stands, started, ended, hours)
    return drawn


def _placements(case: CaseFile) -> Table:
    drawn = table(
        "Placements", ("Employer", "wrap"), ("Form", "wrap"), "Stands", "Started", "Ended"
    )
    for one in case.journey.placements:
        started, ended = str(one.started_on or ""), str(one.ended_on or "")
        drawn.add_row(one.employer, one.form, one.status.value, started, ended)
    return drawn


def _deadlines(case: CaseFile) -> Table:
    drawn = table(f"Deadlines on {case.day}", ("Deadline", "wrap"), "Due", "Stands", "Met on")
    for due in case.deadlines:
        overdue = due.status is DeadlineStatus.OVERDUE
        stands = Text(due.status.value, style="bold red" if overdue else "")
        day, met = str(due.deadline.due or "stands still"), str(due.deadline.met_on or "")
        drawn.add_row(due.deadline.title.en, day, stands, met)
    return drawn


def _doubts(case: CaseFile) -> Table:
    drawn = table("Waiting for review", ("Decision", "wrap"), ("Because", "wrap"))
    for doubt in case.doubts:
        what = doubt.kind.replace("-", " ")
        if doubt.deadline:
            decision = f"deadline {case.words.deadline(doubt.deadline)}"
        else:
            decision = f"entry {doubt.entry}: {what}"
        because = f"entry {doubt.corrected} was changed by entry {doubt.correction}"
        drawn.add_row(decision, because)
    return drawn


def draw_history(to: Screen, case: CaseFile) -> None:
    """Print the history, an entry a line, with both clocks and what became of each."""
    zone = zone_of(case.definition)
    drawn = table(
        f"History (recorded: {zone.key} time)",
        ("#", "right"),
        "Happened",
        "Recorded",
        ("By", "wrap"),
        ("What", "wrap"),
    )
    for line in case.lines:
        by = line.entry.by
        drawn.add_row(
            str(line.entry.version),
            str(line.entry.occurred_on),
            _recorded(line, zone),
            f"{by.person} ({by.organisation})",
            marked(line.sentence, line.entry.source, line.corrected_by, line.retracted_by),
            style="dim" if line.retracted_by else "",
        )
    to.print(drawn if drawn.row_count else "No entry counts under these clocks.")


def _recorded(line: Line, zone: ZoneInfo) -> str:
    recorded = _instant(line.entry.recorded_at, zone)
    source = line.entry.source
    if source is None or source.recorded_at is None:
        return recorded
    return f"{recorded}\n{_instant(source.recorded_at, zone)} claimed"
