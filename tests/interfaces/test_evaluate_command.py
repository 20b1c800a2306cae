"""`polku evaluate payments` and `flows` on a log with a journey of Etelä-Savo."""

import re
from datetime import date

import pytest

from application.journeys import act
from domain.journey import follow_up
from domain.wording import Wording, wording_of
from interfaces import bootstrap
from interfaces.cli.evaluate.compare import told_comparison
from interfaces.cli.evaluate.payments import told_payments
from interfaces.cli.terminal import BadInput, day_of, instant_of
from tests.interfaces.conftest import Clock, asked


@pytest.fixture
def paid(told):
    """The journey j-1, with a benefit until it began and four weeks of work."""
    clock = Clock()
    clock.put(date(2025, 6, 2))
    with bootstrap.open_office(clock=clock) as office:
        day = asked(date(2025, 6, 2))
        benefit = {"kind": "labour-market-subsidy", "paid_days": 310}
        act(
            office,
            "j-1",
            day,
            follow_up.record_benefit_period,
            start=date(2023, 11, 1),
            end=date(2025, 1, 10),
            **benefit,
        )
        work = {"start": date(2025, 4, 7), "end": date(2025, 5, 2), "kind": "open-labour-market"}
        act(office, "j-1", day, follow_up.record_employment_period, **work)
    return told


ALL = ("--threshold", "0")


def evaluated(run, *arguments):
    said = run("evaluate", *arguments, *ALL, "--json")
    assert said.code == 0, said.err
    return said.json


def test_payments_are_reckoned_per_client_and_municipality(paid):
    found = evaluated(paid, "payments", "--programme", "etela-savo", "--as-at", "2025-06-30")
    (client,) = found["clients"]
    assert (client["journey"], client["municipality"]) == ("j-1", "mikkeli")
    assert (client["paid_before"], client["at_work"]) == (310, 20)
    assert client["avoided"] == "372.10"
    assert found["groups"][0]["avoided"] == "372.10"
    assert {one["municipality"] for one in found["groups"]} == {None, "mikkeli"}
    assert found["terms"]["per_day"] == "37.21"
    cheaper = evaluated(
        paid, "payments", "--programme", "etela-savo", "--as-at", "2025-06-30", "--per-day", "10"
    )
    assert cheaper["clients"][0]["avoided"] == "100.00"


def test_periods_of_work_are_told_by_the_kinds_of_work_alone(paid):
    """Kinds of benefits stood among them, each with a nought."""
    said = paid(
        *("report", "--programme", "etela-savo", "--indicator", "work-documented"),
        *("--as-at", "2025-06-30", *ALL, "--json"),
    )
    by_kind = next(table for table in said.json["tables"] if table["by"] == ["kind"])
    told = [(figure["key"], figure["value"]) for figure in by_kind["figures"]]
    assert told == [(["open-labour-market"], 1)]


def test_days_that_nobody_can_know_of_are_not_counted(paid):
    """Of a day in the future, or after that on which it was known, work and stock went on."""
    clock = Clock()
    clock.put(date(2025, 6, 3))
    with bootstrap.open_office(clock=clock) as office:
        lasting = {"start": date(2025, 5, 26), "end": None, "kind": "open-labour-market"}
        act(office, "j-1", asked(date(2025, 6, 3)), follow_up.record_employment_period, **lasting)
    ask = ("--programme", "etela-savo", "--known-at", "2025-06-06")
    then, later = (
        evaluated(paid, "payments", *ask, "--as-at", day) for day in ("2025-06-06", "2025-12-31")
    )
    assert then["clients"][0]["at_work"] == 20 + 10
    assert later["clients"] == then["clients"]
    assert (later["as_at"], later["until"]) == ("2025-12-31", "2025-06-06")
    months = [x["month"] for x in evaluated(paid, "flows", *ask, "--as-at", "2025-12-31")["flows"]]
    assert months[-1] == "2025-05-01"


def test_sums_have_their_cents_in_every_language_and_stand_beside_the_target(paid):
    """A Finnish table had 372,1 among sums with two decimals, and no target anywhere."""
    ask = ("payments", "--programme", "etela-savo", "--as-at", "2025-06-30")
    assert evaluated(paid, *ask)["groups"][0]["target"] == "400000.00"
    for language, heading, avoided, target in (
        ("en", "Target", "372.10", "400,000.00"),
        ("fi", "Tavoite", "372,10", "400 000,00"),
        ("it", "Obiettivo", "372,10", "400.000,00"),
    ):
        said = paid("evaluate", *ask, *ALL, "--language", language, "--per-day", "37.21")
        lines = said.out.replace("\N{NO-BREAK SPACE}", " ").splitlines()
        assert any(line.rstrip().endswith(heading) for line in lines)
        assert any(line.rstrip().endswith(f"{avoided}   {target}") for line in lines)


@pytest.mark.parametrize(
    "ask",
    [
        ("payments",),
        ("conformance",),
        ("funnel", "--outcome", "measure:plans-agreed"),
    ],
)
def test_places_are_called_by_their_names_where_codes_are_not_asked_for(paid, ask):
    """In a Finnish answer they were `mikkeli` and `te-office`, on the report's page not."""
    of = ("--programme", "etela-savo", "--as-at", "2025-06-30", *ALL)
    said = {code: paid("evaluate", *ask, *of, "--language", code).out for code in ("en", "fi")}
    assert re.search(r"^ *mikkeli ", said["en"], re.MULTILINE)
    assert re.search(r"^ *Mikkelin kaupunki ", said["fi"], re.MULTILINE)
    assert "mikkeli " not in said["fi"]
    assert "mikkeli" in paid("evaluate", *ask, *of, "--language", "fi", "--json").out


def test_a_person_reads_what_is_not_known(told):
    said = told("evaluate", "payments", "--programme", "etela-savo", "--as-at", "2025-06-30", *ALL)
    assert "50 % from day 300, 70 % from day 1,000" in said.out
    assert "of 1 client nothing is known: no period of a benefit was recorded" in said.out
    assert "without the programme? Nothing tells" in said.out
    assert "is known to have no work, else until 2025-06-30" in said.out.replace("\n", " ")


def test_an_assumed_sum_is_named_as_such_and_can_be_given(paid):
    ask = ("payments", "--programme", "etela-savo", "--as-at", "2025-06-30")
    terms = evaluated(paid, *ask)["terms"]
    assert terms["assumed"]
    assert terms["basis"].startswith("An assumption:")
    said = paid("evaluate", *ask).out
    assert "assumed, no source states it (--per-day takes another): An assumption:" in said
    given = paid("evaluate", *ask, "--per-day", "40")
    assert "The sum of a day is the one that was given." in given.out
    assert "assumed" not in given.out


@pytest.mark.parametrize("sum_", ["much", "-1", "NaN"])
def test_a_sum_is_checked(told, sum_):
    said = told("evaluate", "payments", "--programme", "etela-savo", f"--per-day={sum_}")
    assert (said.code, "is not a sum" in said.err) == (2, True)


def test_flows_are_counted_from_the_programmes_first_month(told):
    found = evaluated(told, "flows", "--programme", "etela-savo", "--as-at", "2025-06-30")
    assert [x["month"] for x in found["flows"]] == [
        *("2024-12-01", "2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01", "2025-05-01"),
        "2025-06-01",
    ]
    assert [x["stock"] for x in found["flows"]] == [1] * 7
    assert (found["lengths"]["lasting"], found["projection"]) == (1, None)
    year = evaluated(told, "flows", "--programme", "etela-savo", "--as-at", "2025-12-31")
    assert year["projection"]["expected"] == 0


def test_a_new_version_of_the_definition_takes_no_month_away(told, tmp_path):
    ask = ("flows", "--programme", "etela-savo", "--as-at", "2025-12-31")
    before = evaluated(told, *ask)
    text = bootstrap.shipped_definitions()["etela-savo"]
    text = text.replace("\nversion: 1\n", "\nversion: 2\n")
    file = tmp_path / "next.yaml"
    file.write_text(text.replace("effective: {from: 2024-12-01", "effective: {from: 2025-10-01"))
    assert told("programmes", "publish", str(file), "--organisation", "mikkeli").code == 0
    assert evaluated(told, *ask) == before


def test_a_person_reads_the_projection(told):
    year = ("--as-at", "2025-11-30")
    said = told("evaluate", "flows", "--programme", "etela-savo", *year, "--months", "24", *ALL)
    assert "In the twelve months from 2025-12-01 on, 1 are expected to flow in (95 %: 0 to 4)" in (
        said.out
    )
    short = told("evaluate", "flows", "--programme", "etela-savo", "--as-at", "2025-06-30")
    assert "There are not twelve full months to project from." in short.out


def test_a_programme_that_was_never_published_is_named(told):
    said = told("evaluate", "flows", "--programme", "ali")
    assert (said.code, "ali was never published here" in said.err) == (2, True)


def test_it_is_the_programme_of_which_no_payments_can_be_reckoned_and_no_sum_of_a_day(told):
    assert told("programmes", "publish", "ali").code == 0
    said = told("evaluate", "payments", "--programme", "ali")
    assert said.code == 2
    assert said.err == "polku: --programme: ali names no share that municipalities pay\n"


def test_small_numbers_are_withheld_unless_all_is_asked_for(paid):
    ask = ("--programme", "etela-savo", "--as-at", "2025-12-31", "--json")
    payments = paid("evaluate", "payments", *ask).json
    assert (payments["threshold"], payments["clients"]) == (5, None)
    assert {(x["clients"], x["avoided"]) for x in payments["groups"]} <= {(None, None), (0, "0")}
    flows = paid("evaluate", "flows", *ask).json
    assert {x["stock"] for x in flows["flows"]} <= {None, 0}
    for what in ("payments", "flows"):
        said = paid("evaluate", what, *ask[:-1])
        assert "Numbers below 5, and what would give them away, are withheld." in said.out


SPAN = ("survival", "--programme", "etela-savo", "--from", "referral-made")


@pytest.mark.parametrize(
    ("ask", "language", "expected"),
    [
        (
            ("flows", "--programme", "ali"),
            "fi",
            "ohjelmaa ali ei ole koskaan julkaistu täällä",
        ),
        (("payments", "--programme", "ali"), "it", "ali qui non è mai stato pubblicato"),
        (
            (*SPAN, "--until", "journey-closed", "--by", "hat"),
            "fi",
            "--by: 'hat' ei ole tunnettu; tarjolla on organisation",
        ),
        (
            (*SPAN, "--until", "journey-closed", "--by", "hat"),
            "en",
            "--by: 'hat' is not known; there is organisation",
        ),
    ],
)
def test_why_something_cannot_be_asked_is_said_in_the_language(told, ask, language, expected):
    refused = told("evaluate", *ask, "--language", language)
    assert refused.code == 2
    assert refused.err.startswith(f"polku: {expected}")


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (lambda: day_of("soon", "--as-at"), "--as-at: 'soon'"),
        (lambda: instant_of("2025-01-01T10:00", "--known-at"), "--known-at: '2025-01-01T10:00'"),
        (lambda: told_payments("p", per_day="much"), "--per-day: 'much'"),
        (lambda: told_comparison("p", "journey-closed"), "say one of --treated"),
    ],
)
def test_what_is_wrong_with_an_option_is_a_message_for_every_language(ask, field):
    with pytest.raises(BadInput, match=f"^{field}") as refused:
        ask()
    assert isinstance(wording_of(refused.value), Wording)


@pytest.mark.parametrize("known", [(), ("--known-at", "9999-12-31")])
def test_flows_of_a_day_however_far_ahead_are_counted_up_to_today(paid, known):
    ask = ("evaluate", "flows", "--programme", "etela-savo", "--json")
    ahead, now = (paid(*ask, *more).json for more in (("--as-at", "9999-12-31", *known), ()))
    assert (ahead["flows"], ahead["projection"]) == (now["flows"], now["projection"])
    assert now["flows"]
