"""`polku programmes`: list, show, check and publish."""

import hashlib
import re

import pytest

from interfaces import bootstrap
from interfaces.cli import main

SHIPPED = bootstrap.shipped_definitions()


def publish_askel(url):
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("POLKU_DATABASE_URL", url)
        assert main(["programmes", "publish", "askel"]) == 0


@pytest.fixture
def published(polku_on):
    return polku_on(publish_askel)


@pytest.fixture
def second_version(tmp_path):
    text = SHIPPED["askel"].replace("\nversion: 1\n", "\nversion: 2\n")
    file = tmp_path / "askel-2.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_what_is_published_and_what_could_be_is_listed(published):
    listed = published("programmes", "list", "--json")
    assert listed.code == 0
    by_code = {row["code"]: row for row in listed.json["programmes"]}
    assert set(by_code) == set(SHIPPED)
    assert set(by_code["askel"]) == {
        *("code", "title", "published", "in_force", "closed_on", "organisations", "versions")
    }
    assert by_code["askel"]["in_force"] == 1
    assert by_code["askel"]["title"]["language"] == "fi"
    assert by_code["ali"] == {
        "code": "ali",
        "title": None,
        "published": False,
        "in_force": None,
        "closed_on": None,
        "organisations": None,
        "versions": [],
    }
    assert "polku programmes publish ali" in published("programmes", "list").out


def test_publishing_tells_version_and_digest_and_happens_once(polku):
    first = polku("programmes", "publish", "ali", "--json")
    assert first.code == 0
    assert set(first.json) == {
        *("programme", "version", "effective_from", "digest", "recorded", "position")
    }
    assert first.json["digest"] == hashlib.sha256(SHIPPED["ali"].encode()).hexdigest()
    assert (first.json["recorded"], first.json["position"]) == (True, 1)
    again = polku("programmes", "publish", "ali", "--json")
    assert (again.code, again.json["recorded"], again.json["position"]) == (0, False, None)
    assert "nothing was recorded" in polku("programmes", "publish", "ali").out


def test_publishing_says_who_did_it_for_whom_and_when(polku):
    how = ("--by", "minna", "--organisation", "te-office", "--on", "2024-12-02")
    said = polku("programmes", "publish", "etela-savo", *how)
    assert said.code == 0
    with bootstrap.open_office() as office:
        (entry,) = office.log.load("programme:etela-savo")
    assert (entry.by.person, entry.by.organisation) == ("minna", "te-office")
    assert entry.occurred_on.isoformat() == "2024-12-02"


def test_the_next_version_revises_and_the_first_can_still_be_shown(published, second_version):
    assert published("programmes", "publish", str(second_version)).code == 0
    shown = published("programmes", "show", "askel", "--json").json
    assert [version["number"] for version in shown["versions"]] == [1, 2]
    assert shown["definition"]["version"] == 2
    first = published("programmes", "show", "askel", "--version", "1", "--json").json
    assert first["definition"]["version"] == 1
    with bootstrap.open_office() as office:
        names = [type(e.event).__name__ for e in office.log.load("programme:askel")]
    assert names == ["ProgrammePublished", "ProgrammeRevised"]


def test_another_text_under_a_published_version_is_refused(published, tmp_path):
    file = tmp_path / "askel.yaml"
    file.write_text(SHIPPED["askel"] + "# another remark\n", encoding="utf-8")
    said = published("programmes", "publish", str(file))
    assert said.code == 1
    assert "published with another text" in said.err


def test_a_second_version_before_the_first_is_refused(polku, second_version):
    said = polku("programmes", "publish", str(second_version))
    assert said.code == 1
    assert "the first version of a programme is version 1" in said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.yaml",), "neither a file nor a programme"),
        (("askel", "--on", "last week"), "--on: 'last week' is not a day"),
        (("askel", "--on", "2999-01-01"), "lies ahead of today"),
        (("askel", "--organisation", "nasa"), "'nasa' does not take part"),
    ],
)
def test_what_cannot_be_published_is_named(polku, arguments, said):
    answer = polku("programmes", "publish", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""


def test_faults_of_a_file_to_publish_are_named_by_line_and_field(polku, tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text(SHIPPED["askel"].replace("country: FI", "country: SE"), encoding="utf-8")
    said = polku("programmes", "publish", str(file))
    assert said.code == 1
    assert re.search(r"bad\.yaml:\d+: country: ", said.err)


def test_a_programme_is_shown_for_a_person(published):
    said = published("programmes", "show", "askel")
    assert said.code == 0
    for part in ("Organisations", "Eligibility", "Phases", "Services", "Targets", "kuopio"):
        assert part in said.out


def test_the_text_is_shown_exactly_as_published(published):
    said = published("programmes", "show", "askel", "--text")
    assert said.out == SHIPPED["askel"]
    told = published("programmes", "show", "askel", "--text", "--json").json
    assert told["text"] == SHIPPED["askel"]
    assert set(told) == {"definition", "versions", "text"}


def test_the_json_of_a_programme_holds_every_part_of_the_file(published):
    definition = published("programmes", "show", "askel", "--json").json["definition"]
    assert definition["programme"] == "askel"
    assert definition["eligibility"][0]["rule"]["text"]
    assert "says" not in definition["eligibility"][0]["rule"]
    assert definition["phases"][0]["phase"] == "intake"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ali",), "run `polku programmes publish ali`"),
        (("nothing",), "see `polku programmes list`"),
        (("askel", "--version", "7"), "has no version 7"),
        (("askel", "--version", "first"), "--version"),
    ],
)
def test_what_cannot_be_shown_is_named(published, arguments, said):
    answer = published("programmes", "show", *arguments)
    assert answer.code == 2
    assert said in answer.err


def test_good_files_are_checked_without_a_database(run, tmp_path):
    files = []
    for code, text in SHIPPED.items():
        file = tmp_path / f"{code}.yaml"
        file.write_text(text, encoding="utf-8")
        files.append(str(file))
    said = run("programmes", "check", *files, url="sqlite:////nowhere/polku.db")
    assert said.code == 0
    assert said.out.count(": good") == len(SHIPPED)


def test_faults_are_named_by_file_line_and_field(run, tmp_path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(SHIPPED["ali"], encoding="utf-8")
    text = SHIPPED["ali"].replace("\nversion: 1\n", "\nversion: one\ncolour: blue\n")
    bad.write_text(text, encoding="utf-8")
    said = run("programmes", "check", str(good), str(bad), "--json")
    assert said.code == 1
    assert said.json["faults"] == 2
    first, second = said.json["files"]
    assert first == {"file": str(good), "ok": True, "faults": []}
    assert {fault["field"] for fault in second["faults"]} == {"version", "colour"}
    assert all(set(f) == {"line", "field", "code", "message"} for f in second["faults"])
    line = text.splitlines().index("version: one") + 1
    assert f"{bad}:{line}: version: " in run("programmes", "check", str(bad)).out


def test_a_file_that_is_not_there_is_a_fault(run, tmp_path):
    said = run("programmes", "check", str(tmp_path / "none.yaml"))
    assert said.code == 1
    assert "cannot be read" in said.out
