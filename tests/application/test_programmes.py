from dataclasses import replace
from datetime import date

import pytest

from application import programmes as acts
from application.ports import KeyReused, VersionConflict
from application.programmes import NotPublished, Programmes
from application.transact import Asked
from domain.entry import By
from domain.faults import DefinitionFaults
from domain.programme.events import ProgrammePublished, ProgrammeRevised, TargetSet
from domain.programme.state import fold
from domain.refusals import IllegalTransition, InvalidField
from infrastructure.definitions import digest_of, load_definition, shipped_definitions

FIRST = shipped_definitions()["etela-savo"]
BEGUN = load_definition(FIRST, "etela-savo.yaml").effective_from
LATER = BEGUN.replace(year=BEGUN.year + 1)
SECOND = FIRST.replace("\nversion: 1\n", "\nversion: 2\n").replace(
    f"from: {BEGUN}", f"from: {LATER}", 1
)
ASKED = Asked(By("planner", "mikkeli"), BEGUN)
CODE = "etela-savo"


@pytest.fixture
def programmes(log) -> Programmes:
    return Programmes(log, load_definition)


def publish(programmes: Programmes, asked: Asked = ASKED, text: str = FIRST):
    return acts.publish(programmes, asked, text, "etela-savo.yaml")


def test_what_is_published_is_the_whole_text_with_its_digest(log, programmes):
    receipt = publish(programmes)
    assert receipt.stream == "programme:etela-savo"
    (entry,) = log.load(receipt.stream)
    assert entry.event == ProgrammePublished(1, BEGUN, FIRST, digest_of(FIRST))
    assert (entry.by, entry.occurred_on) == (ASKED.by, BEGUN)


def test_publishing_the_same_text_again_records_nothing(log, programmes):
    publish(programmes)
    assert publish(programmes).entries == ()
    assert log.position() == 1


def test_a_changed_text_under_a_published_number_is_refused(log, programmes):
    publish(programmes)
    with pytest.raises(IllegalTransition, match="a published version stays"):
        publish(programmes, text=FIRST + "\n# a second thought\n")
    assert log.position() == 1


def test_a_text_with_faults_is_not_published(log, programmes):
    with pytest.raises(DefinitionFaults):
        publish(programmes, text=FIRST + "\nno_such_key: 1\n")
    assert log.position() == 0


def test_a_version_is_had_by_number_and_by_day(log, programmes):
    publish(programmes)
    acts.revise(programmes, ASKED, SECOND, "etela-savo.yaml")
    assert [type(e.event) for e in log.load("programme:etela-savo")] == [
        ProgrammePublished,
        ProgrammeRevised,
    ]
    assert programmes.definition(CODE, 1).digest == digest_of(FIRST)
    assert programmes.definition(CODE, 2).digest == digest_of(SECOND)
    assert programmes.current(CODE, BEGUN).version == 1
    assert programmes.current(CODE, LATER).version == 2


def test_a_revision_by_others_is_seen_at_once(log, programmes):
    publish(programmes)
    assert programmes.current(CODE, LATER).version == 1
    acts.revise(Programmes(log, load_definition), ASKED, SECOND, "etela-savo.yaml")
    assert programmes.current(CODE, LATER).version == 2


def test_a_published_definition_is_read_once(log):
    read = []

    def reading(text: str, origin: str):
        read.append(origin)
        return load_definition(text, origin)

    publish(Programmes(log, load_definition))
    programmes = Programmes(log, reading)
    assert programmes.definition(CODE, 1) is programmes.definition(CODE, 1)
    assert programmes.current(CODE, LATER) is programmes.definition(CODE, 1)
    assert read == ["etela-savo, version 1"]


def test_what_nobody_published_is_not_found(programmes):
    with pytest.raises(NotPublished, match="elsewhere has no version 1: publish it first"):
        programmes.definition("elsewhere", 1)
    publish(programmes)
    with pytest.raises(NotPublished, match=f"published are version 1 \\(from {BEGUN}\\)"):
        programmes.definition(CODE, 7)
    before = date(BEGUN.year - 1, 12, 31)
    with pytest.raises(NotPublished, match=f"etela-savo is not in force on {before}"):
        programmes.current(CODE, before)


def test_all_programmes_of_the_log_are_listed_by_code(programmes):
    assert programmes.published() == {}
    publish(programmes, text=FIRST.replace(f"programme: {CODE}", "programme: west"))
    publish(programmes)
    listed = programmes.published()
    assert list(listed) == [CODE, "west"]
    assert [v.number for v in listed[CODE].versions] == [1]


def test_an_answer_is_repeated_under_its_key(log, programmes):
    keyed = replace(ASKED, key="publish-1")
    first = publish(programmes, keyed)
    again = publish(programmes, keyed)
    assert again.repeated
    assert again.entries == first.entries
    with pytest.raises(KeyReused):
        acts.join(programmes, CODE, keyed, "mikkeli")
    assert log.position() == 1


def test_who_saw_an_older_version_is_told(programmes):
    publish(programmes)
    with pytest.raises(VersionConflict):
        acts.join(programmes, CODE, replace(ASKED, expected_version=0), "mikkeli")


def test_a_programme_from_publication_to_its_end(log, programmes):
    publish(programmes)
    acts.join(programmes, CODE, ASKED, "mikkeli")
    acts.join(programmes, CODE, ASKED, "savonlinna")
    acts.set_target(
        programmes, CODE, ASKED, target="c", measure="clients", value=120, organisation="mikkeli"
    )
    acts.leave(programmes, CODE, ASKED, "savonlinna", "went another way")
    acts.close(programmes, CODE, ASKED, "the funding ended")
    state = programmes.state(CODE)
    assert (state.takes_part("mikkeli"), state.takes_part("savonlinna")) == (True, False)
    assert state.targets == {"c": TargetSet("c", "clients", 120, "mikkeli")}
    assert state.closed_on == BEGUN
    assert state == fold(log.load("programme:etela-savo"))
    with pytest.raises(IllegalTransition, match="was closed"):
        acts.revise(programmes, ASKED, SECOND, "etela-savo.yaml")


@pytest.mark.parametrize("code", ["", "etela savo"])
def test_an_id_with_spaces_or_nothing_in_it_is_refused(programmes, code):
    with pytest.raises(InvalidField, match="programme: "):
        acts.join(programmes, code, ASKED, "mikkeli")
