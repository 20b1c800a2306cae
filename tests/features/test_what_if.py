"""What an evaluator asks of another rule, in the words of the feature."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from pytest_bdd import scenarios, then, when

from application.evaluation.case_sentences import sentences
from application.evaluation.cases import Change
from application.evaluation.what_if import Question, WhatIf, what_if
from domain.faults import DefinitionFaults, Fault
from infrastructure.definitions import load_definition, shipped_definitions
from tests.features.phrases import DAYS, spoken
from tests.features.words import DAY, Table, code, rows
from tests.features.world import World

scenarios("what-if.feature")

AS_AT = date(2026, 6, 30)


@dataclass
class Answered:
    """What the evaluator was told, or the faults of the definition that was given."""

    found: WhatIf | None = None
    faults: tuple[Fault, ...] = field(default=())

    @property
    def told(self) -> WhatIf:
        assert self.found is not None, f"the definition was refused: {self.faults}"
        return self.found


@pytest.fixture
def answered() -> Answered:
    return Answered()


def changed(text: str, table: Table) -> str:
    """The text with the first line that has the words of each row saying something else."""
    lines = text.splitlines()
    for row in rows(table):
        at = next(n for n, line in enumerate(lines) if row["instead_of"] in line)
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        lines[at : at + 1] = [indent + row["it_says"]] if "it_says" in row else []
    return "\n".join(lines) + "\n"


def ask(world: World, answered: Answered, text: str, since: date | None = None) -> None:
    try:
        other = load_definition(text, "other.yaml")
    except DefinitionFaults as refused:
        answered.faults = refused.faults
        return
    question = Question(other, since or date.min, AS_AT)
    answered.found = what_if(world.office, question)


@when("Raija asks what if the definition had been as it was")
def as_it_was(world: World, answered: Answered) -> None:
    ask(world, answered, shipped_definitions()[world.programme])


@when(
    spoken(
        rf"Raija asks what if(?:, from (?P<on>{DAY}),)? lines of the definition had been otherwise"
    ),
    DAYS,
)
def otherwise(world: World, answered: Answered, datatable: Table, on: date | None) -> None:
    text = changed(shipped_definitions()[world.programme], datatable)
    ask(world, answered, text, on)


@then("this would have been")
def would_have_been(world: World, answered: Answered, datatable: Table) -> None:
    clients = {id_: name for name, id_ in world.clients.items()}
    found = [
        (clients[case.client], case.organisation, "; ".join(sentences(case)))
        for case in answered.told.cases
    ]
    expected = [(r["client"], code(r["organisation"]), r["what"]) for r in rows(datatable)]
    assert sorted(found) == sorted(expected)


@then("nothing would have been otherwise")
def nothing(answered: Answered) -> None:
    assert [case for case in answered.told.cases if case.touched] == []


@then("these would have been counted")
def counted(answered: Answered, datatable: Table) -> None:
    tallies = {one.organisation or "all": one for one in answered.told.tallies}
    for row in rows(datatable):
        tally = tallies.pop(code(row.pop("organisation")))
        for name, cell in row.items():
            value = tally.changes[Change(name)] if name in set(Change) else getattr(tally, name)
            assert value == int(cell), f"{name} of {tally}"
    assert not tallies


@then("what nobody can know is told")
def unknown(answered: Answered, datatable: Table) -> None:
    found = {(one.count, one.said) for one in answered.told.unknown}
    for count, words in datatable:
        wanted = int(count) if count else None
        assert any(n == wanted and words in said for n, said in found), f"{words}: {found}"


@then(spoken(r"the definition is refused in (?P<where>[\w.\[\]]+), because (?P<message>.+)"))
def refused(answered: Answered, where: str, message: str) -> None:
    found = [(fault.file, fault.field, fault.message) for fault in answered.faults]
    assert any(f == "other.yaml" and w == where and message in m for f, w, m in found), found
