"""The steps of the features. There are few of them: `acts` and `others` know who does what,
`record` what a record says, and `checks` what else can be asked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, then, when

from application import clients
from application.journeys import Office
from application.programmes import Programmes
from domain.client import Particulars
from domain.refusals import IllegalTransition, InvalidField
from infrastructure.definitions import check, load_definition, shipped_definitions
from infrastructure.event_log import open_log
from infrastructure.working_days import working_days_of
from tests.features import checks
from tests.features.acts import ACTS
from tests.features.others import OTHER_ACTS
from tests.features.phrases import SLOTS, said
from tests.features.words import DAY, NAME, Table, build, check_rows, code, day, pairs, rows
from tests.features.world import Asking, Clock, Person, World

PHRASES = (*ACTS, *OTHER_ACTS)
CLIENT = rf"(?P<client>{SLOTS['client']})"
ON = rf"(?:on (?P<on>{DAY}),? )?"
ASKED = rf"(?:as at (?P<as_at>{DAY}),? )?(?:as known on (?P<known>{DAY}),? )?"
PEOPLE = {"Project": Person("Project", "project", "manager")}


def words(form: str) -> parsers.re:
    return parsers.re(form)


def maybe(text: str | None) -> date | None:
    return day(text) if text else None


DAYS = dict.fromkeys(("on", "as_at", "known", "first", "last"), maybe)


@pytest.fixture(autouse=True)
def world(database_url: str) -> Iterator[World]:
    """The offices of one scenario, on SQLite and on PostgreSQL; only the clock is made up."""
    clock = Clock()
    with open_log(database_url, clock=clock) as log:
        office = Office(log, Programmes(log, load_definition), working_days_of)
        yield World(office, clock, people=dict(PEOPLE))


@pytest.fixture
def elsewhere(world: World) -> Iterator[Office]:
    """Another organisation's offices, with a log of their own."""
    with open_log("sqlite://", clock=world.clock) as log:
        yield Office(log, Programmes(log, load_definition), working_days_of)


# What is there at the start


@given(words(rf"the programme (?P<programme>[\w-]+) is published on (?P<on>{DAY})"), DAYS)
def publish(world: World, programme: str, on: date) -> None:
    world.programme = programme
    world.publish(shipped_definitions()[programme], Asking("Project", on))


@given("these people work together")
def people(world: World, datatable: Table) -> None:
    for row in rows(datatable):
        person = Person(row["name"], code(row["for"]), row["as"])
        world.people[person.name] = person


@given(words(rf"these persons are registered on (?P<on>{DAY})"), DAYS)
def persons(world: World, datatable: Table, on: date) -> None:
    called = {"name": "given_name", "born": "date_of_birth", "lives_in": "municipality"}
    for row in rows(datatable):
        particulars = build(Particulars, {called.get(n, n): text for n, text in row.items()})
        world.clients[row["name"]] = code(row["name"])
        asked = world.asked(Asking("Project", on))
        clients.register(world.register, code(row["name"]), asked, particulars)


# What people do


@given(words(rf"(?P<sentence>{NAME} .+)"))
@when(words(rf"(?P<sentence>{NAME} .+)"))
def act(world: World, sentence: str, datatable: Table | None = None) -> None:
    said(sentence, PHRASES).happen(world, datatable)


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
        said(sentence, PHRASES).happen(world, beside or None)


@when(words(rf"it is tried that (?P<sentence>{NAME} .+)"))
def tried(world: World, sentence: str, datatable: Table | None = None) -> None:
    """The act is refused, and nothing is recorded."""
    before = world.office.log.position()
    with pytest.raises((IllegalTransition, InvalidField)) as refusal:
        said(sentence, PHRASES).happen(world, datatable)
    world.refusal = refusal.value
    assert world.office.log.position() == before, "a refusal records nothing"


@then("it is refused")
def refused(world: World, datatable: Table) -> None:
    """The refusal has the words of the table: state, act and missing, or field and message."""
    names = ("state", "act", "missing", "field", "message")
    found = {name: str(getattr(world.refusal, name, "")) for name in names}
    for name, text in pairs(datatable).items():
        assert text in found[name], f"the refusal says {found}"


@then(words(rf"it is refused that (?P<sentence>{NAME} .+)"))
def refused_at_once(world: World, sentence: str, datatable: Table) -> None:
    tried(world, sentence)
    refused(world, datatable)


@then(words(rf"nothing new is recorded where (?P<sentence>{NAME} .+)"))
def repeated(world: World, sentence: str, datatable: Table | None = None) -> None:
    before = world.office.log.position()
    said(sentence, PHRASES).happen(world, datatable)
    assert world.office.log.position() == before, f"{sentence} recorded something"


# What can be asked


@then(words(ASKED + CLIENT + "'s record says"), DAYS)
def record(
    world: World, client: str, as_at: date | None, known: date | None, datatable: Table
) -> None:
    checks.record(world.look(client, as_at, known), datatable)


@then(words(ASKED + CLIENT + " is (?P<no>not )?eligible"), DAYS)
@then(words(ASKED + CLIENT + " is (?P<no>not )?eligible, because"), DAYS)
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


@then(words(CLIENT + "'s verdict used these facts"))
def facts(world: World, client: str, datatable: Table) -> None:
    checks.facts(world.look(client), datatable)


@then(words(ON + ASKED + CLIENT + "'s deadlines (?P<how>are|include)"), DAYS)
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
    look = world.look(client, as_at, known)
    checks.deadlines(world, look, day_asked, datatable, whole=how != "include")


@then(words(ON + ASKED + CLIENT + "'s plan stands like this"), DAYS)
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


@then(words("these decisions about " + CLIENT + " were in doubt"))
@then(words("no decision about " + CLIENT + " waits for review"))
def doubts(world: World, client: str, datatable: Table | None = None) -> None:
    checks.doubts(world, client, datatable)


@then(words(CLIENT + "'s history (?P<how>is|includes)"))
def history(world: World, client: str, how: str, datatable: Table) -> None:
    checks.history(world.entries(client), datatable, whole=how == "is")


@then(words(rf"from (?P<first>{DAY}) to (?P<last>{DAY}) these people answer for {CLIENT}"), DAYS)
def responsible(world: World, client: str, first: date, last: date, datatable: Table) -> None:
    checks.responsible(world, client, first, last, datatable)


@then(words("the (?P<part>[a-z -]+?) of the programme (?P<how>are|is|include)"))
def programme_part(world: World, part: str, how: str, datatable: Table) -> None:
    checks.part(world, part, datatable, whole=how != "include")


@then("the published versions are")
def versions(world: World, datatable: Table) -> None:
    checks.versions(world, datatable)


@then(words(rf"on (?P<on>{DAY}) the agreements of (?P<organisation>.+?) say"), DAYS)
def agreed(world: World, organisation: str, on: date, datatable: Table) -> None:
    checks.agreed(world, organisation, on, datatable)


@then(words(r"the needs of (?P<organisation>.+?) stand like this"))
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


# A product is taken over by another organisation


@when("the definition is exported as a text")
def exported(world: World) -> None:
    world.text = world.office.programmes.state(world.programme).versions[-1].definition


@when(words('the text says "(?P<new>.+)" in place of "(?P<old>.+)"'))
def changed(world: World, old: str, new: str) -> None:
    assert old in world.text
    world.text = world.text.replace(old, new)


@when("another organisation checks the text")
def checked(world: World, tmp_path: Path) -> None:
    file = tmp_path / f"{world.programme}.yaml"
    file.write_text(world.text, encoding="utf-8")
    world.faults = check(file)


@then("no fault is found")
@then("these faults are found")
def faults(world: World, datatable: Table = (("code",),)) -> None:
    check_rows(datatable, world.faults, whole=True)


@when(
    words(rf"the other organisation publishes the text in a log of its own on (?P<on>{DAY})"), DAYS
)
def published_elsewhere(world: World, elsewhere: Office, on: date) -> None:
    """What is done from here on is done there."""
    world.here, world.office = world.office, elsewhere
    world.publish(world.text, Asking("Project", on))


@then("it has the same digest there")
def same_digest(world: World) -> None:
    assert world.here is not None
    here, there = (o.programmes.state(world.programme) for o in (world.here, world.office))
    assert there.versions[-1].digest == here.versions[-1].digest
    assert there.versions[-1].definition == here.versions[-1].definition


@then("the text has another digest")
def other_digest(world: World) -> None:
    here = world.office.programmes.state(world.programme).versions[-1].digest
    assert load_definition(world.text, "the changed text").digest != here


@then("it cannot be published here as version 1")
def not_published(world: World) -> None:
    with pytest.raises(IllegalTransition, match="version 1 is published with another text"):
        world.publish(world.text, Asking("Project", date(2025, 3, 3)))
