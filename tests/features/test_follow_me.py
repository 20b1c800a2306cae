"""Follow Me, whose products another organisation takes over into a log of its own."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytest_bdd import scenarios, then, when

from application.office import Office
from application.programmes import Programmes
from domain.refusals import IllegalTransition
from infrastructure.definitions import check, load_definition
from infrastructure.event_log import open_log
from infrastructure.working_days import working_days_of
from tests.features.phrases import DAYS, spoken
from tests.features.words import DAY, Table, check_rows
from tests.features.world import Asking, World

scenarios("follow-me.feature")


@pytest.fixture
def elsewhere(world: World) -> Iterator[Office]:
    """Another organisation's offices, with a log of their own."""
    with open_log("sqlite://", clock=world.clock) as log:
        yield Office(log, Programmes(log, load_definition), working_days_of)


@when("the definition is exported as a text")
def exported(world: World) -> None:
    world.text = world.office.programmes.state(world.programme).versions[-1].definition


@when(spoken('the text says "(?P<new>.+)" in place of "(?P<old>.+)"'))
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
    spoken(rf"the other organisation publishes the text in a log of its own on (?P<on>{DAY})"), DAYS
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
