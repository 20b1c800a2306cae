"""`polku audit access` and `polku export subject`, on both databases."""

import json
from datetime import UTC, datetime

import pytest

from application import clients
from application.accesses import readings_stream
from application.ports import Append, Fresh
from domain.access import Answered, Disclosed, ReadingsRecorded, Subject
from domain.client import Particulars
from domain.entry import By
from domain.kinds import DataKind
from infrastructure.settings import Settings
from interfaces import bootstrap
from tests.interfaces.conftest import asked, publish_shipped
from tests.interfaces.test_projections_command import refer_one

NIGHT, NOON = datetime(2025, 1, 13, 1, tzinfo=UTC), datetime(2025, 1, 13, 10, tzinfo=UTC)
LEFT = Disclosed((DataKind.COURSE, DataKind.PLAN), "team", (2,))


def read(person: str, at: datetime, client: str = "c-1") -> Answered:
    subjects = (Subject(client, "j-1", LEFT),)
    return Answered(person, "case-worker", "oulu", "service", "timeline", at, "r-1", subjects)


def read_of_clients(url):
    with bootstrap.open_office(Settings(database_url=url)) as office:
        publish_shipped(office, "etela-savo")
        known = Particulars(given_name="Aino", family_name="Mäkinen", language="fi")
        clients.register(office.clients, "c-1", asked(NOON.date()), known)
        clients.register(office.clients, "c-2", asked(NOON.date()), Particulars("Eino"))
        refer_one(office)
        event = ReadingsRecorded((read("vera", NOON), read("tero", NIGHT), read("x", NOON, "c-2")))
        stream = readings_stream(f"{NOON.date()}-1")
        fresh = (Fresh(event, NOON.date()),)
        office.log.append(Append(stream, 0, fresh, By("polku", "polku")))


@pytest.fixture
def told(polku_on):
    return polku_on(read_of_clients)


def test_it_tells_who_read_whose_data_and_what_left(told):
    said = told("audit", "access", "--client", "c-1", "--json")
    assert said.code == 0, said.err
    assert said.json["more"] is False
    people = [one["person"] for one in said.json["readings"]]
    assert people == ["vera", "tero"]
    first = said.json["readings"][0]
    assert first["disclosed"]["kinds"] == ["course", "plan"]
    assert first["ground"].startswith("The organisation has a place in your team")
    drawn = told("audit", "access", "--person", "vera")
    assert "vera (case-worker)" in " ".join(drawn.out.split())


@pytest.mark.parametrize("command", [("access",), ("access", "--unusual"), ("overview", "late")])
def test_days_that_end_before_they_begin_are_refused(told, command):
    said = told("audit", *command, "--since", "2025-01-14", "--until", "2025-01-13")
    assert (said.code, said.out) == (2, "")
    assert "until: 2025-01-13 lies before the start, 2025-01-14" in said.err


def test_it_tells_that_there_are_more_than_asked_for(told):
    said = told("audit", "access", "--limit", "1", "--json")
    assert (len(said.json["readings"]), said.json["more"]) == (1, True)


def test_the_unusual_ones_have_their_reasons(told):
    said = told("audit", "access", "--unusual", "--json")
    assert [(one["person"], one["why"]) for one in said.json["readings"]] == [
        ("tero", ["odd-hours"])
    ]


def test_the_hours_are_a_setting(told, monkeypatch):
    monkeypatch.setenv("POLKU_UNUSUAL_BEGINS", "0")
    assert told("audit", "access", "--unusual", "--json").json["readings"] == []
    monkeypatch.setenv("POLKU_UNUSUAL_TIME_ZONE", "Nowhere/Atall")
    refused = told("audit", "access", "--unusual")
    assert (refused.code, "POLKU_UNUSUAL_TIME_ZONE" in refused.err) == (2, True)


@pytest.mark.parametrize("form", ["json", "html"])
def test_a_clients_copy_is_written_for_its_owner_alone(told, tmp_path, form):
    out = tmp_path / "copy"
    said = told("export", "subject", "c-1", "--format", form, "--out", str(out), "--json")
    assert said.code == 0, said.err
    assert said.json["language"] == "fi"
    assert (said.json["entries"], said.json["readings"]) == (2, 2)
    assert out.stat().st_mode & 0o077 == 0
    text = out.read_text(encoding="utf-8")
    assert "Mäkinen" in text
    assert "c-2" not in text
    if form == "json":
        assert [one["person"] for one in json.loads(text)["readings"]] == ["vera", "tero"]
    again = told("export", "subject", "c-1", "--out", str(out))
    assert again.code == 1
    assert "there already" in again.err


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_leaves_no_half_of_a_copy(told, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    said = told("export", "subject", "c-1", "--out", str(folder / "copy.html"))
    assert said.code == 1
    assert "No space left" in said.err
    assert not [*folder.iterdir()]


def test_the_files_name_says_the_form_where_none_is_asked_for(told, tmp_path):
    ask = ("export", "subject", "c-1", "--json", "--out")
    names = ("a.json", "b.JSON", "c.html", "d.htm", "e")
    forms = [told(*ask, str(tmp_path / name)).json["format"] for name in names]
    assert forms == ["json", "json", "html", "html", "html"]
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert (tmp_path / "c.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    refused = told(*ask, str(tmp_path / "f.pdf"))
    assert (refused.code, (tmp_path / "f.pdf").exists()) == (2, False)
    assert refused.err.startswith("polku: --format: f.pdf does not say which form is wanted")
    assert told(*ask, str(tmp_path / "f.pdf"), "--format", "html").code == 0


def test_there_is_no_copy_of_somebody_unknown(told, tmp_path):
    said = told("export", "subject", "c-9", "--out", str(tmp_path / "copy"))
    assert (said.code, list(tmp_path.glob("copy"))) == (2, [])
    assert said.err == "polku: there is no client 'c-9': see `polku journeys list`\n"


def test_how_much_is_in_a_copy_is_told_in_the_right_number(told, tmp_path):
    out = tmp_path / "copy.html"
    said = told("export", "subject", "c-2", "--out", str(out))
    assert said.out == f"{out}: 1 entry, 1 reading. Keep it safe: it names a person\n"
