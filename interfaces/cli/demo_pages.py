"""The pages of the demo: who is where, what is overdue, one history, targets against outcome."""

from collections.abc import Mapping, Sequence
from datetime import date

from rich.table import Table
from rich.text import Text

from application.case_file import CaseFile, open_case_file
from application.office import Office
from application.views.targets import Reached
from domain.definition import Definition, Phase
from domain.journey.state import periods_that_hold
from domain.measures import MEASURES
from domain.wording import ENGLISH
from interfaces.cli.demo_glance import LONGEST, Glance, Page, next_commands
from interfaces.cli.journeys import print_history
from interfaces.cli.terminal import Screen, table

WIDTH = 100
_PHASES = {
    Phase.INTAKE: "Intake",
    Phase.COMPETENCE_REVIEW: "Review",
    Phase.TRAINING: "Train",
    Phase.PLACEMENT: "Place",
    Phase.FOLLOW_UP: "Follow",
}
_BESIDE = {"waiting": "Wait", "paused": "Paused", "closed": "Closed", "declined": "Declined"}


def draw(to: Screen, office: Office, seen: Glance, opening: Sequence[str]) -> None:
    """Print the pages."""
    to.width = min(to.width, WIDTH)
    for line in opening:
        to.print(line)
    _heading(to, f"Clients by phase and organisation on {seen.day}")
    for page in seen.pages:
        to.print(_standings(page))
        to.print()
    _heading(to, f"Longest overdue on {seen.day}")
    to.print(_longest(seen))
    if seen.told is not None:
        _heading(to, f"One history, with both clocks: {seen.told.id}")
        print_history(to, office, seen.told.id)
        _heading(to, f"The same journey on {seen.told_day}")
        _draw_two_looks(to, office, seen.told.id, seen.told_day)
    _heading(to, "Targets, and what came of them (the demo plays fewer clients than some aim at)")
    for page in seen.pages:
        to.print(_targets(page))
    _heading(to, "Go on from here")
    for command in next_commands(seen):
        to.print(f"  {command}")
    if seen.more is not None:
        to.print("Play before you look: a look is recorded as of now, and the log never goes back.")


def _heading(to: Screen, text: str) -> None:
    to.print()
    to.rule(text, align="left", style="bold")


def _name(definition: Definition, code: str | None) -> str:
    found = (p.title.en for p in definition.organisations if p.code == code)
    return next(found, code or "")


def _standings(page: Page) -> Table:
    offered = [rule.phase for rule in page.definition.phases]
    phases = {phase.value: title for phase, title in _PHASES.items() if phase in offered}
    columns = {"waiting": _BESIDE["waiting"], **phases, **_BESIDE}
    drawn = table(
        f"{page.definition.title.en} ({page.definition.programme})",
        "Organisation",
        *((title, "right") for title in columns.values()),
        ("Overdue", "right"),
    )
    drawn.padding, drawn.show_edge = (0, 1, 0, 0), False
    for standing in page.standings:
        numbers = [standing.counts.get(place, 0) for place in columns]
        drawn.add_row(standing.organisation, *map(_number, numbers), _red(standing.overdue))
    totals = [sum(s.counts.get(place, 0) for s in page.standings) for place in columns]
    drawn.add_section()
    drawn.add_row("All", *map(_number, totals), _red(len(page.late)))
    return drawn


def _number(number: int) -> str:
    return str(number) if number else "·"


def _red(number: int) -> Text:
    return Text(_number(number), style="red" if number else "")


def _longest(seen: Glance) -> Table:
    drawn = table(
        None, "Journey", ("Responsible", "wrap"), ("What is due", "wrap"), "Due", ("Days", "right")
    )
    every = [late for page in seen.pages for late in page.late]
    for late in sorted(every, key=lambda one: (-one.days, one.journey))[:LONGEST]:
        responsible = late.responsible or "nobody yet"
        title, due = late.deadline.title.en, str(late.deadline.due)
        drawn.add_row(late.journey, responsible, title, due, str(late.days))
    return drawn


def _draw_two_looks(to: Screen, office: Office, journey: str, day: date) -> None:
    now = open_case_file(office, journey, as_at=day)
    then = open_case_file(office, journey, as_at=day, known_at=day)
    to.print(
        "Left: what had happened by that day, as known today. Right: what was known of it that day."
    )
    drawn = table(None, "", ("As known today", "wrap"), (f"As known on {day}", "wrap"))
    said_now, said_then = _said(now), _said(then)
    for name, said in said_now.items():
        differs = said != said_then[name]
        drawn.add_row(name, said, said_then[name], style="bold yellow" if differs else "")
    to.print(drawn)


def _said(case: CaseFile) -> Mapping[str, str]:
    journey = case.journey
    told = journey.told.situation if journey.told else None
    verdict = journey.eligibility
    return {
        "Status": journey.status.value,
        "Phase": journey.stay.phase.value if journey.stay else "none yet",
        "Responsible": journey.responsible.person if journey.responsible else "nobody yet",
        "Eligible": {True: "yes", False: "no", None: "not judged yet"}[
            verdict.eligible if verdict else None
        ],
        "Unemployed since": str(told.unemployed_since or "not said") if told else "not asked yet",
        "Interviewed on": str(journey.told.on) if journey.told else "not yet",
        "Plan agreed on": str(journey.plan.agreed_on) if journey.plan else "not yet",
        "Hours in services": ENGLISH.number(sum(s.hours for s in journey.services)),
        "Periods on record": str(len(periods_that_hold(journey.periods))),
        "Certificates": str(len(journey.certificates)),
        "Entries that count": str(len(case.look.entries)),
    }


def _targets(page: Page) -> Table:
    drawn = table(
        f"{page.definition.title.en} ({page.definition.programme})",
        ("Target", "wrap"),
        ("Where", "wrap"),
        ("Aim", "right"),
        ("Came of it", "right"),
        ("", "wrap"),
    )
    for one in page.reached:
        unit = MEASURES[one.target.measure].unit
        value = "" if one.value is None else _amount(one.value, unit, digits=1)
        where = one.target.organisation
        place = _name(page.definition, where) if where else "all"
        aim = _amount(one.target.value, unit)
        drawn.add_row(one.target.title.en, place, aim, value, _verdict(one))
    return drawn


def _verdict(one: Reached) -> Text:
    if one.met is None:
        return Text(one.because, style="dim")
    unknown = f", of {one.missing:,} not known" if one.missing else ""
    if one.met:
        return Text(f"reached{unknown}", style="green")
    return Text(f"not reached{unknown}", style="yellow")


def _amount(value: float, unit: str, digits: int = 0) -> str:
    match unit:
        case "share":
            return f"{value:.{digits}%}"
        case "euros":
            return f"{value:,.0f} €"
        case "days":
            return f"{ENGLISH.number(value)} days"
        case _:
            return ENGLISH.number(value)
