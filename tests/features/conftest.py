"""The steps of the features. There are few of them: `acts` and `others` know who does what,
`record` what a record says, and `checks` what else can be asked."""

from collections.abc import Iterator
from datetime import date

import pytest
from pytest_bdd import given, then, when

from application.office import Office
from application.programmes import Programmes
from domain.client import Particulars
from domain.refusals import IllegalTransition, InvalidField
from infrastructure.definitions import load_definition, shipped_definitions
from infrastructure.event_log import open_log
from infrastructure.working_days import working_days_of
from tests.features import checks
from tests.features.acts import ACTS
from tests.features.others import OTHER_ACTS
from tests.features.phrases import DAYS, SLOTS, said, spoken
from tests.features.words import DAY, NAME, Table, build, code, pairs, rows
from tests.features.world import Asking, Clock, Person, Refused, World

PHRASES = (*ACTS, *OTHER_ACTS)
CLIENT = rf"(?P<client>{SLOTS['client']})"
ON = rf"(?:on (?P<on>{DAY}),? )?"
ASKED = rf"(?:as at (?P<as_at>{DAY}),? )?(?:as known on (?P<known>{DAY}),? )?"
PEOPLE = {"Project": Person("Project", "project", "programme manager")}
LANGUAGES = {"English": "en", "Finnish": "fi", "Italian": "it"}


@pytest.fixture(autouse=True)
def world(database_url: str) -> Iterator[World]:
    """The offices of one scenario, on SQLite and on PostgreSQL; only the clock is made up."""
    clock = Clock()
    with open_log(database_url, clock=clock) as log:
        office = Office(log, Programmes(log, load_definition), working_days_of)
        yield World(office, clock, people=dict(PEOPLE), phrases=PHRASES)


# What is there at the start


@given(spoken(rf"the programme (?P<programme>[\w-]+) is published on (?P<on>{DAY})"), DAYS)
def publish(world: World, programme: str, on: date) -> None:
    world.programme = programme
    world.publish(shipped_definitions()[programme], Asking("Project", on))


@given("these people work together")
def people(world: World, datatable: Table) -> None:
    for row in rows(datatable):
        language = LANGUAGES[row.get("speaks", "English")]
        person = Person(row["name"], code(row["for"]), row["as"], language)
        world.people[person.name] = person


@given(spoken(rf"these persons are registered on (?P<on>{DAY})"), DAYS)
def persons(world: World, datatable: Table, on: date) -> None:
    called = {"name": "given_name", "born": "date_of_birth", "lives_in": "municipality"}
    for row in rows(datatable):
        particulars = build(Particulars, {called.get(n, n): text for n, text in row.items()})
        world.registers(Asking("Project", on), row["name"], particulars)


# What people do


@given(spoken(rf"(?P<sentence>{NAME} .+)"))
@when(spoken(rf"(?P<sentence>{NAME} .+)"))
def act(world: World, sentence: str, datatable: Table | None = None) -> None:
    said(sentence, world.phrases).happen(world, datatable)


@given("this has happened")
@when("this happens")
def acts(world: World, datatable: Table) -> None:
    """One sentence a row; what was said with it stands beside, "field: value" after a semicolon
    or in rows of their own below."""
    happened: list[tuple[str, list[list[str]]]] = []
    for sentence, *beside in datatable:
        if sentence:
            happened.append((sentence, []))
        happened[-1][1].extend(p.split(": ", 1) for cell in beside for p in cell.split("; ") if p)
    for sentence, beside in happened:
        said(sentence, world.phrases).happen(world, beside or None)


@when(spoken(rf"it is tried that (?P<sentence>{NAME} .+)"))
def tried(world: World, sentence: str, datatable: Table | None = None) -> None:
    """The act is refused, and nothing is recorded."""
    before = world.recorded()
    with pytest.raises((IllegalTransition, InvalidField, Refused)) as refusal:
        said(sentence, world.phrases).happen(world, datatable)
    world.refusal = refusal.value
    assert world.recorded() == before, "a refusal records nothing"


@then("it is refused")
def refused(world: World, datatable: Table) -> None:
    """The refusal has the words of the table: state, act and missing, or field and message; and
    where it was asked over HTTP, the title and the detail."""
    names = ("state", "act", "missing", "field", "message", "title", "detail")
    found = {name: str(getattr(world.refusal, name, "")) for name in names}
    for name, text in pairs(datatable).items():
        assert text in found[name], f"the refusal says {found}"


@then(spoken(rf"it is refused that (?P<sentence>{NAME} .+)"))
def refused_at_once(world: World, sentence: str, datatable: Table) -> None:
    tried(world, sentence)
    refused(world, datatable)


@then(spoken(rf"nothing new is recorded where (?P<sentence>{NAME} .+)"))
def repeated(world: World, sentence: str, datatable: Table | None = None) -> None:
    before = world.recorded()
    said(sentence, world.phrases).happen(world, datatable)
    assert world.recorded() == before, f"{sentence} recorded something"


# What can be asked


@then(spoken(ASKED + CLIENT + "'s record says"), DAYS)
def record(
    world: World, client: str, as_at: date | None, known: date | None, datatable: Table
) -> None:
    checks.record(world.look(client, as_at, known), datatable)


@then(spoken(ASKED + CLIENT + " is (?P<no>not )?eligible"), DAYS)
@then(spoken(ASKED + CLIENT + " is (?P<no>not )?eligible, because"), DAYS)
def verdict(
    world: World,
    client: str,
    no: str | None,
    as_at: date | None,
    known: date | None,
    datatable: Table | None = None,
) -> None:
    look = world.look(client, as_at, known)
    checks.verdict(look, eligible=no is None, table=datatable)


@then(spoken(CLIENT + "'s verdict used these facts"))
def facts(world: World, client: str, datatable: Table) -> None:
    checks.facts(world.look(client), datatable)


@then(spoken(ON + ASKED + CLIENT + "'s deadlines (?P<how>are|include)"), DAYS)
def deadlines(
    world: World,
    client: str,
    how: str,
    on: date | None,
    as_at: date | None,
    known: date | None,
    datatable: Table,
) -> None:
    day_asked = on or as_at
    assert day_asked is not None, "say on which day"
    case = world.case(client, as_at, known)
    checks.deadlines(case, day_asked, datatable, whole=how != "include")


@then(spoken(ON + ASKED + CLIENT + "'s plan stands like this"), DAYS)
def plan(
    world: World,
    client: str,
    on: date | None,
    as_at: date | None,
    known: date | None,
    datatable: Table,
) -> None:
    day_asked = on or as_at
    assert day_asked is not None, "say on which day"
    checks.steps(world.look(client, as_at, known), day_asked, datatable)


@then(spoken("these decisions about " + CLIENT + " were in doubt"))
@then(spoken("no decision about " + CLIENT + " waits for review"))
def doubts(world: World, client: str, datatable: Table | None = None) -> None:
    checks.doubts(world, client, datatable)


@then(spoken(CLIENT + "'s history (?P<how>is|includes)"))
def history(world: World, client: str, how: str, datatable: Table) -> None:
    checks.history(world.entries(client), datatable, whole=how == "is")


@then(spoken(rf"from (?P<first>{DAY}) to (?P<last>{DAY}) these people answer for {CLIENT}"), DAYS)
def responsible(world: World, client: str, first: date, last: date, datatable: Table) -> None:
    checks.responsible(world, client, first, last, datatable)


@then(spoken("the (?P<part>[a-z -]+?) of the programme (?P<how>are|is|include)"))
def programme_part(world: World, part: str, how: str, datatable: Table) -> None:
    checks.part(world, part, datatable, whole=how != "include")


@then("the published versions are")
def versions(world: World, datatable: Table) -> None:
    checks.versions(world, datatable)


@then(spoken(rf"on (?P<on>{DAY}) the agreements of (?P<organisation>.+?) say"), DAYS)
def agreed(world: World, organisation: str, on: date, datatable: Table) -> None:
    checks.agreed(world, organisation, on, datatable)


@then(spoken(r"the needs of (?P<organisation>.+?) stand like this"))
def needs(world: World, organisation: str, datatable: Table) -> None:
    checks.needs(world, organisation, datatable)


@then("the programme's targets stand like this")
def reached(world: World, datatable: Table) -> None:
    checks.reached(world, datatable)


@then("beside its reference values the programme stands like this")
def compared(world: World, datatable: Table) -> None:
    checks.compared(world, datatable)


@then("the journeys of the programme stand like this")
def standings(world: World, datatable: Table) -> None:
    checks.standings(world, datatable)
