"""The client's own copy, and who has used the data on which ground."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from application import merging
from application.accesses import readings_stream
from application.office import TIME_ZONES
from application.organisations import act
from application.ports import Append, Fresh
from application.reading_grounds import ground_of
from application.transact import Asked
from domain.access import Answered, Disclosed, ReadingsRecorded, Subject
from domain.entry import By, Personal
from domain.journey import corrections, course, team
from domain.kinds import DataKind
from domain.organisation import decisions
from domain.organisation.events import NeedKind, OrganisationKind
from tests.databases import Own
from tests.interfaces.http.acting import headers
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MANAGER,
    MONDAY,
    STATE,
    STRANGER,
    WORKER,
    After,
    Desk,
    as_client,
    desk,  # noqa: F401
)

BAD = "<script>alert('Mäkinen')</script>"
OWN = as_client("client-1")
TEAM_AND_CONSENT = (
    "The organisation has a place in your team, and you consented to what it saw beside"
)


def _live(desk: Desk) -> None:  # noqa: F811
    desk.registers("client-1", "Aino", "Mäkinen")
    desk.registers("client-2", "Salla", "Nieminen")
    for number in (1, 2):
        desk.refers(f"j-{number}", f"client-{number}")
        desk.takes(f"j-{number}")
    desk.interviews("j-1")
    desk.does("j-1", team.join_team, person="worker-2", organisation="state", role="support")
    desk.does("j-1", course.pause, reason=Personal(BAD))
    consent = {"organisation": "state", "kinds": ["situation"]}
    answer = desk.asks(OWN).post(
        "/clients/client-1/consents", json=consent, headers=headers(version=1)
    )
    assert answer.status_code == 201, answer.text
    left = Disclosed((DataKind.COURSE, DataKind.SITUATION), "team", (2,))
    notes(desk, reading("worker-2", "state", Subject("client-1", "j-1", left)))
    notes(desk, reading("worker-1", "city", Subject("client-2", "j-2")), spool="2")
    desk.keep()


LIVE = After(_live)


@pytest.fixture
def lived(own_database: Own) -> Iterator[Desk]:
    """A client of the city and another; somebody of the state office has read the first one's."""
    with LIVE.on(own_database) as opened:
        yield opened


def reading(person: str, organisation: str, subject: Subject) -> Answered:
    role, at = "case-worker", datetime(2025, 3, 3, 2, tzinfo=UTC)
    return Answered(person, role, organisation, "service", "timeline", at, "r", (subject,))


def notes(here: Desk, *answers: Answered, spool: str = "1") -> None:
    event = Fresh(ReadingsRecorded(answers), MONDAY)
    stream = readings_stream(f"{MONDAY}-{spool}")
    here.log.append(Append(stream, 0, (event,), By("polku", "polku")))


def uses(here: Desk, who=OWN):
    answer = here.asks(who).get("/clients/client-1/access")
    return answer.status_code, [
        (one["person"], one["ground"], [kind["code"] for kind in one["kinds"]])
        for one in answer.json().get("items", ())
    ]


def test_a_client_reads_who_used_the_data_and_on_which_ground(lived):
    assert uses(lived) == (
        200,
        [
            (
                "worker-2",
                TEAM_AND_CONSENT,
                ["course", "situation"],
            )
        ],
    )
    assert uses(lived, LEAD) == uses(lived, AUDITOR) == uses(lived)


def test_what_was_read_under_a_journey_that_is_the_client_s_no_more_is_told_all_the_same(lived):
    before = uses(lived)
    lived.does("j-1", corrections.retract, entry=1, reason=Personal("Somebody else was meant."))
    lived.keep()
    assert uses(lived) == uses(lived, AUDITOR) == before
    copy = lived.asks(OWN).get("/clients/client-1/copy").json()
    assert [one["person"] for one in copy["readings"]] == ["worker-2"]


def test_who_serves_a_client_is_told_nothing_under_a_journey_that_is_the_client_s_no_more(lived):
    lived.refers("j-3", "client-1")
    lived.takes("j-3")
    notes(lived, reading("worker-1", "city", Subject("client-1", "j-3")), spool="3")
    lived.does("j-3", corrections.retract, entry=1, reason=Personal("Somebody else was meant."))
    lived.keep()
    readers = {who: [one[0] for one in uses(lived, who)[1]] for who in (LEAD, OWN, AUDITOR)}
    both = ["worker-2", "worker-1"]
    assert readers == {LEAD: ["worker-2"], OWN: both, AUDITOR: both}
    for who, told in readers.items():
        copy = lived.asks(who).get("/clients/client-1/copy").json()
        assert [one["person"] for one in copy["readings"]] == told


@pytest.mark.parametrize(
    ("who", "status"),
    [(STATE, 403), (STRANGER, 403), (MANAGER, 403), (as_client("client-2"), 404)],
    ids=["team", "stranger", "manager", "another client"],
)
def test_nobody_else_reads_it_or_gets_the_copy(lived, who, status):
    asking = lived.asks(who)
    answers = [asking.get(f"/clients/client-1/{what}") for what in ("access", "copy")]
    assert [one.status_code for one in answers] == [status, status]


def test_the_copy_holds_every_entry_of_the_client_and_of_nobody_else(lived):
    copy = lived.asks(OWN).get("/clients/client-1/copy").json()
    held = [one for journey in copy["journeys"] for one in journey["entries"]]
    wanted = lived.log.load("journey:j-1")
    assert [one["position"] for one in held] == [entry.position for entry in wanted]
    assert [one["recorded_at"] for one in held] == [x.recorded_at.isoformat() for x in wanted]
    assert [one["kind"] for one in copy["entries"]] == ["client-registered", "consent-given"]
    assert copy["particulars"]["family_name"] == "Mäkinen"
    assert [(one["organisation"], one["kinds"]) for one in copy["consents"]] == [
        ("state", ["situation"])
    ]
    assert [one["person"] for one in copy["readings"]] == ["worker-2"]
    assert held[-1]["fields"]["reason"] == BAD
    assert "client-2" not in str(copy)
    assert "Nieminen" not in str(copy)


class Outline(HTMLParser):
    """What the page is made of, as a screen reader goes through it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.lang: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "html":
            self.lang = dict(attrs).get("lang")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", ["en", "fi", "it"])
def test_every_sentence_of_the_copy_begins_in_a_capital_letter(lived, language):
    copy = lived.asks(OWN, language).get("/clients/client-1/copy").json()
    told = [*copy["entries"], *(one for own in copy["journeys"] for one in own["entries"])]
    assert len(told) > 4
    of_ids = {one["fields"].get("person", "") for one in told}
    begun = {one["sentence"] for one in told if not one["sentence"][:1].isupper()}
    assert {sentence for sentence in begun if sentence.split()[0] not in of_ids} == set()


def test_the_page_tells_the_hour_of_the_place_where_the_programme_is_run(lived):
    page = lived.asks(OWN).get("/clients/client-1/copy", params={"format": "html"}).text
    there = "2025-03-03 04:00 EET"  # 02:00 in UTC
    assert f'class="short">{there}</th><td>worker-2, State office</td>' in page
    assert "UTC" not in page


def test_the_page_has_organisations_by_their_names_and_the_copy_their_codes(lived):
    asking = lived.asks(OWN, "fi")
    page = asking.get("/clients/client-1/copy", params={"format": "html"}).text
    held = asking.get("/clients/client-1/copy").json()
    assert "<td>worker-1, City</td>" in page
    assert "worker-1, city" not in page
    assert {one["organisation"] for one in held["entries"]} == {"city", ""}


def test_an_organisation_that_no_programme_has_is_called_as_it_was_registered(lived):
    known = {"name": "Wood & Sons", "kind": OrganisationKind.EMPLOYER}
    asked = Asked(By("a.b", "wood"), MONDAY)
    act(lived.office.organisations, "wood", asked, decisions.register, **known)
    lived.registers("client-3", "Aino", "Virtanen", by=By("a.b", "wood"))
    page = lived.asks(as_client("client-3")).get("/clients/client-3/copy?format=html").text
    assert "<td>a.b, Wood &amp; Sons</td>" in page


@pytest.mark.parametrize(
    ("language", "day"), [("en", "1999-05-04"), ("fi", "4.5.1999"), ("it", "04/05/1999")]
)
def test_the_page_writes_the_day_of_birth_as_the_language_does(lived, language, day):
    lived.registers("client-3", "Aino", "Virtanen", date(1999, 5, 4))
    page = lived.asks(as_client("client-3"), language).get("/clients/client-3/copy?format=html")
    assert f"<dd>{day}</dd>" in page.text


@pytest.mark.parametrize("language", ["en", "fi", "it"])
def test_the_page_is_escaped_and_can_be_read_by_ear(lived, language):
    asking = lived.asks(OWN, language)
    answer = asking.get("/clients/client-1/copy?format=html")
    assert answer.headers["content-type"].startswith("text/html")
    outline = Outline()
    outline.feed(answer.text)
    assert outline.lang == language
    assert not {"script", "img", "link", "iframe"} & set(outline.tags)
    assert outline.tags.count("h1") == 1
    assert outline.tags.count("table") == outline.tags.count("caption") >= 4
    assert "Mäkinen" in outline.text
    assert BAD in outline.text, "it is there, as text"
    assert "://" not in answer.text


def test_what_a_browser_is_told_of_the_page_lets_it_have_its_style(lived):
    answer = lived.asks(OWN).get("/clients/client-1/copy?format=html")
    said = answer.headers["content-security-policy"]
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in said
    assert said.startswith("default-src 'none'; ")
    assert said.endswith("; frame-ancestors 'none'")


def test_of_lists_that_are_empty_the_page_says_so_and_it_has_no_empty_columns(lived):
    lived.registers("client-3", "Aino", "Virtanen")
    told = lived.asks(as_client("client-3")).get("/clients/client-3/copy?format=html").text
    assert "<p>What you have consented to: none</p>" in told
    assert "From the system" not in told


def test_what_was_told_with_a_referral_that_was_retracted_is_held_all_the_same(lived):
    for journey, client in (("j-3", "client-1"), ("j-4", "client-2")):
        lived.refers(journey, client)
        lived.does(journey, corrections.retract, entry=1, reason=Personal("a slip"))
    lived.keep()
    for who in (OWN, AUDITOR):
        copy = lived.asks(who).get("/clients/client-1/copy").json()
        assert [one["journey"] for one in copy["journeys"]] == ["j-1", "j-3"]
        assert copy["journeys"][1]["entries"][1]["fields"]["reason"] == "a slip"


def test_a_retracted_journey_that_names_another_client_too_is_copied_for_neither(lived):
    lived.refers("j-3", "client-1")
    meant = replace(
        lived.office.histories.newest("journey:j-3").entries[0].event, client="client-2"
    )
    told = {"entry": 1, "event": meant, "occurred_on": MONDAY}
    lived.does("j-3", corrections.correct, **told, reason=Personal("the other one was meant"))
    lived.does("j-3", corrections.retract, entry=1, reason=Personal("a slip"))
    lived.keep()
    for client, journeys in (("client-1", ["j-1"]), ("client-2", ["j-2"])):
        copy = lived.asks(AUDITOR).get(f"/clients/{client}/copy").json()
        assert [one["journey"] for one in copy["journeys"]] == journeys


def test_a_client_is_told_nothing_of_whose_the_own_journey_was_said_to_be_by_mistake(lived):
    need = Personal("Aino needs a trade")
    lived.refers("j-3", "client-1", need_definition=need)
    first = lived.office.histories.newest("journey:j-3").entries[0].event
    meant = replace(first, client="client-2", need_definition=Personal("Salla needs a bus"))
    told = {"entry": 1, "event": meant, "occurred_on": MONDAY}
    lived.does("j-3", corrections.correct, **told, reason=Personal("Aino left her card"))
    lived.does("j-3", corrections.retract, entry=2, reason=Personal("no, she did not"))
    lived.does("j-3", corrections.correct, **told, reason=Personal("Aino it was not"))
    lived.keep()

    def answers(who):
        asking = lived.asks(who)
        for path in ("journeys/j-3/timeline", "changes?after=0", "changes/live?after=0&seconds=1"):
            yield asking.get(f"/{path}").text
        for form in ("json", "html"):
            yield asking.get(f"/clients/client-2/copy?format={form}").text

    for answer in answers(as_client("client-2")):
        assert "Salla needs a bus" in answer
        assert "Aino" not in answer
    assert "Aino needs a trade" in lived.asks(LEAD).get("/journeys/j-3/timeline").text


def test_the_copy_of_whose_a_journey_was_said_to_be_by_mistake_has_what_was_told_of_them(lived):
    need = Personal("Aino needs a trade")
    lived.refers("j-3", "client-1", need_definition=need)
    lived.takes("j-3")
    opened = {"reason": "Aino rang at night"}
    answer = lived.asks(STRANGER).post("/journeys/j-3/openings", json=opened)
    assert answer.status_code == 201, answer.text
    first = lived.office.histories.newest("journey:j-3").entries[0].event
    meant = replace(first, client="client-2", need_definition=Personal("Salla needs a bus"))
    told = {"entry": 1, "event": meant, "occurred_on": MONDAY}
    lived.does("j-3", corrections.correct, **told, reason=Personal("Aino left her card"))
    lived.does("j-3", course.pause, reason=Personal("Salla is on leave"))
    back = told | {"event": replace(meant, client="client-3", need_definition=Personal("a bus"))}
    lived.registers("client-3", "Ulla", "Aalto")
    lived.does("j-3", corrections.correct, **back, reason=Personal("Salla is not Ulla"))
    lived.keep()

    def copy(client, who=None):
        return lived.asks(who or as_client(client)).get(f"/clients/{client}/copy").json()

    for who in (None, AUDITOR):
        (mistaken,) = copy("client-1", who)["journeys_by_mistake"]
        assert [one["version"] for one in mistaken["entries"]] == [1, 4]
        for text in ("Aino needs a trade", "Aino left her card", "Aino rang at night"):
            assert text in str(mistaken)
        assert "Salla" not in str(mistaken)
        assert "a bus" not in str(mistaken)
        (mistaken,) = copy("client-2", who)["journeys_by_mistake"]
        assert "Salla needs a bus" in str(mistaken)
        assert "Salla is not Ulla" in str(mistaken)
        assert "Aino" not in str(mistaken)
    served = copy("client-1", LEAD)
    assert (served["journeys_by_mistake"], served["journeys_elsewhere"]) == ([], 1)
    ulla = copy("client-3")
    assert ulla["journeys_by_mistake"] == []
    assert "Aino" not in str(ulla)
    assert "Salla is not Ulla" not in str(ulla)
    page = lived.asks(OWN).get("/clients/client-1/copy?format=html").text
    assert "Aino left her card" in page
    assert "Said to be yours by mistake" in page


def test_a_client_is_not_told_why_the_own_journey_was_given_back_by_another(lived):
    lived.refers("j-3", "client-1")
    first = lived.office.histories.newest("journey:j-3").entries[0].event
    for client, reason in (("client-2", "Aino left her card"), ("client-1", "Salla has moved")):
        told = {"entry": 1, "event": replace(first, client=client), "occurred_on": MONDAY}
        lived.does("j-3", corrections.correct, **told, reason=Personal(reason))
    lived.keep()
    for path in ("journeys/j-3/timeline", "changes?after=0", "clients/client-1/copy"):
        answer = lived.asks(OWN).get(f"/{path}").text
        assert "Aino left her card" in answer
        assert "Salla has moved" not in answer


def test_whose_the_journey_is_that_an_audit_reads_of_is_noted(lived):
    """The client finds a reading by the own id: not where a journey alone is noted."""
    asking, noted = lived.asks(AUDITOR), lived.parts.accesses.readings
    opened = lived.asks(STRANGER).post("/journeys/j-1/openings", json={"reason": "she rang"})
    assert opened.status_code == 201, opened.text
    lived.refers("j-3", "client-2")
    lived.does("j-3", corrections.retract, entry=1, reason=Personal("a slip"))
    lived.keep()

    def read_of(path):
        noted.clear()
        assert asking.get(path).status_code == 200
        return {(one.client, one.journey) for one in noted}

    mine, others, nobodys = (("client-1", "j-1"), ("client-2", "j-2"), ("client-2", "j-3"))
    assert read_of("/audit/openings") == read_of("/audit/overviews/openings/entries") == {mine}
    assert read_of("/audit/sample?seed=s") == {mine, others, nobodys}
    assert read_of("/audit/journeys/j-3/history") == {nobodys}


def _said_to_be_another_s(lived):
    """Refer j-3 for client-1, open it, and say that client-2 was meant; nothing else is read."""
    lived.refers("j-3", "client-1", need_definition=Personal("Aino needs a trade"))
    lived.takes("j-3")
    opened = lived.asks(STRANGER).post("/journeys/j-3/openings", json={"reason": "Aino rang"})
    assert opened.status_code == 201, opened.text
    lived.does("j-3", team.join_team, person="worker-2", organisation="state", role="support")
    first = lived.office.histories.newest("journey:j-3").entries[0].event
    meant = replace(first, client="client-2", need_definition=Personal("Salla needs a bus"))
    told = {"entry": 1, "event": meant, "occurred_on": MONDAY}
    lived.today(date(2025, 3, 5))
    lived.does("j-3", corrections.correct, **told, reason=Personal("Aino left her card"))
    lived.does("j-3", course.pause, reason=Personal("on leave"))
    lived.keep()


THEN = "2025-03-04T00:00:00Z"


@pytest.mark.parametrize(
    ("who", "path", "told"),
    [
        (WORKER, "/journeys/j-3/timeline", True),
        (WORKER, "/journeys/j-3/timeline?limit=1", False),
        (WORKER, f"/journeys/j-3/timeline?known_at={THEN}", True),
        (WORKER, "/journeys/j-3", False),
        (WORKER, f"/journeys/j-3?known_at={THEN}", True),
        (WORKER, "/journeys", False),
        (WORKER, f"/journeys?known_at={THEN}", True),
        (WORKER, "/changes?after=0", True),
        (WORKER, "/changes/live?after=0&seconds=1", True),
        (AUDITOR, "/audit/journeys/j-3/history", True),
        (AUDITOR, "/audit/journeys/j-3/corrections", True),
        (AUDITOR, f"/audit/journeys/j-3/difference?since_known_at={THEN}", True),
        (AUDITOR, "/audit/journeys/j-3/openings", True),
        (AUDITOR, "/audit/openings", True),
        (AUDITOR, "/audit/overviews/openings/entries", True),
        (AUDITOR, "/audit/overviews/corrections/entries", True),
        (as_client("client-2"), f"/journeys?known_at={THEN}", False),
        (as_client("client-2"), "/journeys/j-3/timeline", False),
        (as_client("client-2"), "/changes?after=0", False),
    ],
)
def test_whose_a_journey_was_said_to_be_is_told_who_reads_what_it_tells_of_them(
    lived, who, path, told
):
    _said_to_be_another_s(lived)
    noted = lived.parts.accesses.readings
    noted.clear()
    assert lived.asks(who).get(path).status_code == 200
    read = {one.client for one in noted if one.journey == "j-3"}
    assert read == ({"client-1", "client-2"} if told else {"client-2"})


def test_what_a_conflict_tells_of_whose_a_journey_was_said_to_be_is_a_reading_of_theirs(lived):
    _said_to_be_another_s(lived)
    noted = lived.parts.accesses.readings
    noted.clear()
    body = {"occurred_on": "2025-03-05"}
    asked = headers(version=3)
    answer = lived.asks(WORKER).post("/journeys/j-3/acts/resume", json=body, headers=asked)
    assert (answer.status_code, "client-1" in answer.text) == (412, False)
    assert {one.client for one in noted} == {"client-1", "client-2"}


@pytest.mark.parametrize(
    ("path", "consents"),
    [("/journeys/j-3/timeline", (2,)), (f"/journeys?whose=all&known_at={THEN}", ())],
)
def test_by_a_consent_nothing_leaves_of_whose_the_journey_was_said_to_be(lived, path, consents):
    consent = {"organisation": "state", "kinds": ["situation"]}
    asking = lived.asks(as_client("client-2"))
    answer = asking.post("/clients/client-2/consents", json=consent, headers=headers(version=1))
    assert answer.status_code == 201, answer.text
    _said_to_be_another_s(lived)
    lived.interviews("j-3")
    noted = lived.parts.accesses.readings
    noted.clear()
    assert lived.asks(STATE).get(path).status_code == 200
    left = {one.client: one.disclosed for one in noted if one.journey == "j-3"}
    assert left["client-1"] == Disclosed((DataKind.COURSE,), "team")
    assert (left["client-2"].ground, left["client-2"].consents) == ("team", consents)


def test_of_both_it_is_read_why_two_ids_were_one_person_s(lived):
    for decide, ground in ((merging.merge, "same-number"), (merging.split, "two-numbers")):
        asked = Asked(By("lead-1", "city"), MONDAY)
        why = {"ground": ground, "reason": Personal("her card")}
        decide(lived.office, "client-1", asked, merged="client-2", **why)
    noted = lived.parts.accesses.readings
    noted.clear()
    assert lived.asks(AUDITOR).get("/audit/clients/client-1/history").status_code == 200
    assert {one.client for one in noted} == {"client-1", "client-2"}


def test_a_copy_is_a_reading_too(lived):
    lived.parts.accesses.readings.clear()
    lived.asks(OWN).get("/clients/client-1/copy")
    told = [(one.person, one.client, one.what) for one in lived.parts.accesses.readings]
    assert told == [("client-1", "client-1", "client-copy")]


def test_a_worker_copies_only_what_the_own_organisation_answers_for(lived):
    lived.refers("j-3", "client-1", to="state")
    lived.takes("j-3", by=By("worker-2", "state"))
    lived.keep()
    copies = {who: lived.asks(who).get("/clients/client-1/copy").json() for who in (LEAD, OWN)}
    journeys = {who: [one["journey"] for one in copy["journeys"]] for who, copy in copies.items()}
    assert journeys == {LEAD: ["j-1"], OWN: ["j-1", "j-3"]}
    assert (copies[LEAD]["journeys_elsewhere"], copies[OWN]["journeys_elsewhere"]) == (1, 0)


def test_an_audit_finds_readings_by_whose_and_by_whom(lived):
    def found(**asked):
        told = lived.asks(AUDITOR).get("/audit/access", params=asked).json()["items"]
        return [(one["person"], one["client"]) for one in told]

    one, other = ("worker-2", "client-1"), ("worker-1", "client-2")
    assert found(client="client-1") == found(journey="j-1") == found(organisation="state") == [one]
    assert found(person="worker-1") == [other]
    assert found() == [one, other]
    assert found(client="client-1", person="worker-1") == []
    assert found(client="client-1", since="2025-03-04") == []


def test_an_audit_tells_what_left_and_what_was_unusual(lived):
    auditor = lived.asks(AUDITOR)
    (told,) = auditor.get("/audit/access?client=client-1").json()["items"]
    assert told["disclosed"] == {
        "kinds": ["course", "situation"],
        "ground": "team",
        "consents": [2],
        "duties": [],
    }
    odd = auditor.get("/audit/access/unusual?client=client-1").json()["items"]
    assert [(one["person"], one["why"]) for one in odd] == [("worker-2", ["odd-hours"])]
    assert lived.asks(LEAD).get("/audit/access/unusual").status_code == 403


def test_the_copy_has_the_seats_and_openings_that_organisations_recorded_of_the_client(lived):
    def records(organisation, decision, on=MONDAY, **fields):
        asked = Asked(By("worker-9", organisation), on)
        act(lived.office.organisations, organisation, asked, decision, **fields)

    for code in ("school", "bakery", "inn"):
        records(code, decisions.register, name=code, kind=OrganisationKind.PROVIDER)
    told = {"offering": "o-1", "service": "welding", "seats": 5, "place": "Workshop Street 2"}
    records("school", decisions.publish_offering, **told, start=MONDAY, end=MONDAY)
    for number in (1, 2):
        seat = {"offering": "o-1", "reference": f"s-{number}"}
        whose = {"client": f"client-{number}", "journey": f"j-{number}"}
        records("school", decisions.reserve_seat, **seat, **whose)
        records("school", decisions.release_seat, **seat, reason="ill")
    records("school", decisions.reserve_seat, offering="o-1", reference="s-3", client="client-1")
    for code, journey in (("bakery", "j-1"), ("inn", "j-2")):
        need = {"need": "n-1", "occupation": f"{code} hand", "competences": (), "openings": 2}
        records(code, decisions.publish_need, **need, kind=NeedKind.ACUTE)
        filled = {"reference": "f-1", "openings": 1, "journey": journey}
        records(code, decisions.fill_need, need="n-1", **filled)
    lived.keep()
    wanted = [
        ("bakery", "employer-need-filled", "f-1"),
        ("school", "seat-reserved", "s-1"),
        ("school", "seat-released", "s-1"),
        ("school", "seat-reserved", "s-3"),
    ]
    for who in (OWN, LEAD, AUDITOR):
        copy = lived.asks(who).get("/clients/client-1/copy").json()
        assert [
            (one["organisation"], one["entry"]["kind"], one["entry"]["fields"]["reference"])
            for one in copy["by_organisations"]
        ] == wanted
    need, seat, *_ = copy["by_organisations"]
    assert need["about"]["occupation"] == "bakery hand"
    assert seat["about"]["place"] == "Workshop Street 2"
    assert seat["entry"]["person"] == "worker-9"
    page = lived.asks(OWN).get("/clients/client-1/copy?format=html").text
    assert "Workshop Street 2" in page
    assert "bakery hand" in page
    assert "inn hand" not in page
    other = lived.asks(as_client("client-2")).get("/clients/client-2/copy").text
    assert "client-1" not in other
    assert "s-3" not in other


def test_who_serves_a_client_copies_no_seat_for_a_journey_that_another_answers_for(lived):
    lived.refers("j-3", "client-1", to="state")
    lived.takes("j-3", by=By("worker-2", "state"))
    asked = Asked(By("worker-9", "school"), MONDAY)

    def records(decision, **fields):
        act(lived.office.organisations, "school", asked, decision, **fields)

    records(decisions.register, name="School", kind=OrganisationKind.PROVIDER)
    told = {"offering": "o-1", "service": "welding", "seats": 5, "place": "here"}
    records(decisions.publish_offering, **told, start=MONDAY, end=MONDAY)
    seat = {"reference": "s-1", "client": "client-1", "journey": "j-3"}
    records(decisions.reserve_seat, offering="o-1", **seat)
    lived.keep()
    counted = {
        who: len(lived.asks(who).get("/clients/client-1/copy").json()["by_organisations"])
        for who in (LEAD, OWN, AUDITOR)
    }
    assert counted == {LEAD: 0, OWN: 1, AUDITOR: 1}


def test_who_runs_a_service_reads_whose_its_seats_are_on_that_ground_and_no_other(lived):
    asked = Asked(By("worker-9", "elsewhere"), MONDAY)

    def records(decision, **fields):
        act(lived.office.organisations, "elsewhere", asked, decision, **fields)

    records(decisions.register, name="School", kind=OrganisationKind.SCHOOL)
    told = {"offering": "o-1", "service": "welding", "seats": 5, "place": "here"}
    records(decisions.publish_offering, **told, start=MONDAY, end=MONDAY)
    for number, whose in enumerate(({"journey": "j-1"}, {}), start=1):
        client = {"client": f"client-{number}"}
        records(decisions.reserve_seat, offering="o-1", reference=f"s-{number}", **client, **whose)
    asking, noted = lived.asks(STRANGER), lived.parts.accesses.readings
    grounds = ["The organisation runs a service in which a seat was reserved for you"]

    def left():
        found = [(one.what, one.client, one.disclosed) for one in noted]
        assert [ground_of(one) for one in noted] == grounds * len(noted)
        noted.clear()
        return found

    noted.clear()
    assert "client-1" in asking.get("/organisations/elsewhere").text
    by_seat = Disclosed((DataKind.SERVICES,), "seat")
    assert left() == [("organisations", f"client-{n}", by_seat) for n in (1, 2)]
    lived.does("j-1", team.join_team, person="worker-9", organisation="elsewhere", role="support")
    lived.keep()
    assert "client-1" in asking.get("/organisations/elsewhere").text
    assert left() == [("organisations", f"client-{n}", by_seat) for n in (1, 2)]
    freed = {"offering": "o-1", "reference": "s-1", "reason": "ill"}
    path = "/organisations/elsewhere/acts/release-seat"
    answer = asking.post(path, json=freed, headers=headers(version=4))
    assert answer.status_code == 201, answer.text
    assert left() == [("seats", "client-1", by_seat)]
    consent = {"organisation": "elsewhere", "kinds": ["services"]}
    path = "/clients/client-2/consents"
    answer = lived.asks(as_client("client-2")).post(path, json=consent, headers=headers(version=1))
    assert answer.status_code == 201, answer.text
    lived.does("j-2", team.join_team, person="worker-9", organisation="elsewhere", role="support")
    lived.keep()
    noted.clear()
    assert "client-2" in asking.get("/organisations/elsewhere").text
    (reading,) = noted
    assert reading.disclosed == Disclosed((DataKind.SERVICES,), "team", (2,))
    assert ground_of(reading) == TEAM_AND_CONSENT


def test_whose_seat_was_released_is_told_that_an_audit_reads_of_it(lived):
    def records(decision, **fields):
        asked = Asked(By("worker-9", "school"), MONDAY)
        act(lived.office.organisations, "school", asked, decision, **fields)

    records(decisions.register, name="school", kind=OrganisationKind.PROVIDER)
    told = {"offering": "o-1", "service": "welding", "seats": 5, "place": "Workshop Street 2"}
    records(decisions.publish_offering, **told, start=MONDAY, end=MONDAY)
    records(decisions.reserve_seat, offering="o-1", reference="s-1", client="client-1")
    records(decisions.release_seat, offering="o-1", reference="s-1", reason="ill")
    asking, noted = lived.asks(AUDITOR), lived.parts.accesses.readings
    path, read = "/audit/organisations/school/history?limit=1", []
    for _ in range(4):
        noted.clear()
        page = asking.get(path).json()
        read.append([one.client for one in noted])
        path = f"/audit/organisations/school/history?limit=1&cursor={page['next']}"
    assert read == [[], [], ["client-1"], ["client-1"]]


def test_a_consent_counts_at_once_late_in_the_evening_where_the_client_is_served(
    lived, monkeypatch
):
    """Also where it is tomorrow already in the country of another programme."""
    monkeypatch.setitem(TIME_ZONES, "FI", "Europe/Rome")
    monkeypatch.setitem(TIME_ZONES, "IT", "Europe/Helsinki")
    lived.does("j-2", team.join_team, person="worker-2", organisation="state", role="support")
    lived.today(MONDAY, 22)
    consent = {"organisation": "state", "kinds": ["plan"]}
    path, own = "/clients/client-2/consents", lived.asks(as_client("client-2"))
    answer = own.post(path, json=consent, headers=headers(version=1))
    assert answer.status_code == 201, answer.text
    lived.keep()
    told = lived.asks(STATE).get("/journeys/j-2").json()["withheld"]
    assert "plan" not in [one["kind"]["code"] for one in told]
    (given,) = own.get("/clients/client-2/copy").json()["consents"]
    assert given["start"] == MONDAY.isoformat()
