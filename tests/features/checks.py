"""What a feature says of the answers: each check names what was found instead."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from application import journeys
from application.case_file import CaseFile
from application.views import overview, targets
from domain.definition import DatedRule, Definition, Target
from domain.entry import event_name
from domain.journey import plan
from domain.journey.events import EligibilityAssessed
from domain.journey.history import JourneyEntry, Look
from domain.organisation.state import duties_on
from tests.features.record import line
from tests.features.words import Table, check_rows, code, day, rows, same, told
from tests.features.world import World


def record(look: Look, table: Table) -> None:
    """Check lines of a record; a row without a heading goes on with the one above."""
    expected: dict[str, list[str]] = {}
    for name, cell in table:
        expected.setdefault(name or list(expected)[-1], []).append(cell)
    found = {name: line(look, name) for name in expected}
    wrong = {n: found[n] for n, cells in expected.items() if not same("; ".join(cells), found[n])}
    assert not wrong, f"the record says {wrong}"


def verdict(look: Look, *, eligible: bool, table: Table | None) -> None:
    """Check the newest verdict on eligibility, and what each of its rules said."""
    verdicts = [x.event for x in look.entries if isinstance(x.event, EligibilityAssessed)]
    assert verdicts, "eligibility was not assessed"
    found = verdicts[-1]
    assert found.eligible is eligible, f"the rules said {found.rules}"
    if table is not None:
        check_rows(table, found.rules, whole=True)


def facts(look: Look, table: Table) -> None:
    """Check the facts that the newest verdict used, and the kinds of entries each came from."""
    found = [x.event for x in look.entries if isinstance(x.event, EligibilityAssessed)][-1]
    kinds = {x.version: event_name(type(x.event)) for x in look.entries}
    used = [
        _Fact(f.name, f.value, ", ".join(dict.fromkeys(kinds[x] for x in f.entries)))
        for f in found.facts
    ]
    check_rows(table, used, whole=False)


class _Fact(NamedTuple):
    fact: str
    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class _Due:
    deadline: str
    due: date | None
    status: str
    opened: date
    met: date | None
    basis: str


def deadlines(case: CaseFile, on: date, table: Table, *, whole: bool) -> None:
    """Check deadlines as they stand on a day."""
    found = [due.deadline for due in case.deadlines]
    due = [_Due(d.rule, d.due, d.status(on), d.opened_on, d.met_on, d.basis) for d in found]
    check_rows(table, due, whole=whole)


@dataclass(frozen=True, slots=True)
class _Step:
    step: str
    goal: str
    by: date
    service: str | None
    status: str
    actual: date | None
    days_late: int | None


def steps(look: Look, on: date, table: Table) -> None:
    """Check planned against actual on a day."""
    found = [
        _Step(
            p.step.id, str(p.step.goal), p.step.by, p.step.service, p.status, p.actual, p.days_late
        )
        for p in plan.progress(look.journey, on)
    ]
    check_rows(table, found, whole=True, in_order=True)


@dataclass(frozen=True, slots=True)
class _Doubt:
    decision: str
    because_of: str
    waits: bool


def doubts(world: World, client: str, table: Table | None) -> None:
    """Check the decisions in doubt; without a table: that none waits for review."""
    entries = {x.version: event_name(type(x.event)) for x in world.entries(client)}
    history = journeys.history(world.office, world.journey(client))
    found = [
        _Doubt((d.deadline or d.kind).partition("/")[0], entries[d.corrected], d.open)
        for d in journeys.doubts_in(world.office, history)
    ]
    if table is None:
        waiting = [d for d in found if d.waits]
        assert not waiting, f"these wait for review: {waiting}"
    else:
        check_rows(table, found, whole=True)


@dataclass(frozen=True, slots=True)
class _Line:
    entry: int
    happened_on: date
    recorded_on: date
    by: str
    organisation: str
    what: str


def history(entries: Iterable[JourneyEntry], table: Table, *, whole: bool) -> None:
    """Check lines of a history, as they were recorded."""
    lines = [
        _Line(
            x.version,
            x.occurred_on,
            x.recorded_at.date(),
            x.by.person,
            x.by.organisation,
            event_name(type(x.event)),
        )
        for x in entries
    ]
    check_rows(table, lines, whole=whole, in_order=True)


def responsible(world: World, client: str, first: date, last: date, table: Table) -> None:
    """Check who is responsible on each single day, and that there is always somebody."""
    spans = [(day(r["from"]), day(r["to"]), r["person"], r["organisation"]) for r in rows(table)]
    for number in range((last - first).days + 1):
        today = first + timedelta(days=number)
        now = world.look(client, as_at=today).journey.responsible
        assert now is not None, f"nobody is responsible on {told(today)}"
        expected = [(code(p), code(o)) for start, end, p, o in spans if start <= today <= end]
        found = (now.person, now.organisation)
        assert expected == [found], f"on {told(today)}: {found}, expected {expected}"


class _Rule(NamedTuple):
    id: str
    title: str
    text: str
    basis: str
    since: date
    until: date | None
    only: tuple[str, ...]
    never: tuple[str, ...]


def _rule(dated: DatedRule) -> _Rule:
    rule = dated.rule
    return _Rule(
        rule.id,
        rule.title.en,
        rule.text,
        rule.basis,
        dated.since,
        dated.until,
        dated.only,
        dated.never,
    )


class _Form(NamedTuple):
    form: str


PARTS: Mapping[str, Callable[[Definition], Sequence[Any]]] = {
    "organisations": lambda d: d.organisations,
    "channels": lambda d: d.channels,
    "service lines": lambda d: d.service_lines,
    "eligibility rules": lambda d: [_rule(r) for r in d.eligibility],
    "phases": lambda d: d.phases,
    "services": lambda d: d.services,
    "needs": lambda d: d.needs,
    "competence frames": lambda d: d.frames,
    "local profiles": lambda d: d.frames[0].concepts,
    "placement forms": lambda d: [_Form(form) for form in d.placement_forms],
    "follow-up calendar": lambda d: d.follow_up,
    "deadlines": lambda d: d.deadlines,
    "targets": lambda d: d.targets,
    "questionnaires": lambda d: d.questionnaires,
    "bodies": lambda d: d.bodies,
    "duties": lambda d: d.duties,
    "disadvantages": lambda d: d.disadvantages,
    "monitoring": lambda d: d.monitoring,
    "reference values": lambda d: d.reference_values,
}


def part(world: World, name: str, table: Table, *, whole: bool) -> None:
    """Check what the newest version of the programme's definition says in one of its parts."""
    assert name in PARTS, f"a programme has no {name!r}; it has: {', '.join(PARTS)}"
    check_rows(table, PARTS[name](world.definition()), whole=whole)


def versions(world: World, table: Table) -> None:
    """Check which versions of the programme were published."""
    check_rows(table, world.office.programmes.state(world.programme).versions, whole=True)


class _Does(NamedTuple):
    partner: str
    does: str


def agreed(world: World, organisation: str, on: date, table: Table) -> None:
    """Check who does what on a day, by the agreements of an organisation."""
    found = duties_on(world.organisation(organisation), on)
    check_rows(table, [_Does(d.partner, d.duty) for d in found], whole=True)


class _Need(NamedTuple):
    need: str
    occupation: str
    kind: str
    openings: int
    open: int


def needs(world: World, organisation: str, table: Table) -> None:
    """Check an employer's needs, and how many openings are left."""
    state = world.organisation(organisation)
    found = [
        _Need(
            n.published.need, n.published.occupation, n.published.kind, n.published.openings, n.open
        )
        for n in state.needs.values()
    ]
    check_rows(table, found, whole=True)


class _Reached(NamedTuple):
    target: str
    measure: str
    organisation: str | None
    wanted: float
    reached: float | None
    counted: int
    met: bool | None


def reached(world: World, table: Table) -> None:
    """Check what came of the programme's targets, counted from the journeys of the log."""
    check_rows(table, _reached(world, world.definition().targets), whole=False)


def compared(world: World, table: Table) -> None:
    """Check how the programme does beside its reference values: `met` is no worse than they."""
    values = world.definition().reference_values
    wanted = [Target(r.id, r.title, r.measure, r.value, assumed=r.assumed) for r in values]
    check_rows(table, _reached(world, wanted), whole=False)


def _reached(world: World, wanted: Iterable[Target]) -> list[_Reached]:
    courses = targets.courses_of(_journeys(world))
    return [
        _Reached(
            r.target.id,
            r.target.measure,
            r.target.organisation,
            r.target.value,
            None if r.value is None else round(r.value, 2),
            r.of,
            r.met,
        )
        for r in targets.reached(wanted, courses)
    ]


def _journeys(world: World) -> list[overview.Known]:
    return overview.known_journeys(world.office.log.read()).get(world.programme, [])


def standings(world: World, table: Table) -> None:
    """Check how many journeys of each organisation stand where; a heading is a phase or an end."""
    found = {s.organisation: s for s in overview.standings(_journeys(world), ())}
    for row in rows(table):
        place = code(row.pop("organisation"))
        assert place in found, f"{place} answers for no journey; {list(found)} do"
        counts = {heading: found[place].counts[code(heading)] for heading in row}
        wrong = {heading: n for heading, n in counts.items() if str(n) != row[heading]}
        assert not wrong, f"in {place}: {found[place].counts}"
