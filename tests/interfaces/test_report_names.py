"""What the groups of a report are called on its page and charts, where figures have codes."""

from datetime import date
from pathlib import Path

import pytest

from application.evaluation.naming import Names
from application.evaluation.report import Figure, Series, Table
from domain.organisation.events import OrganisationKind, OrganisationRegistered
from domain.wording import ENGLISH, English, Tongue, titled
from interfaces import bootstrap
from interfaces.report_charts import of_one
from interfaces.report_words import groups_said
from interfaces.series_told import in_words_of
from tests.interfaces import report_world as world
from tests.interfaces.conftest import Clock, Polku
from tests.interfaces.reported import begin, record, referred


class Own(English):
    """A language that has words for one way of placement and one phase."""

    language = "fi"

    def pgettext(self, context: str, message: str, /) -> str:
        """Return the message in the language."""
        known = {
            ("placement-form", "work try-out"): "työkokeilu",
            ("respondent", "client"): "asiakas",
            ("phase", "training"): "koulutus",
            ("status", "declined"): "hylätty",
            ("service-status", "declined"): "kieltäydytty",
        }
        return known.get((context, message), message)


OWN: Tongue = Own()
NAMES = Names(
    {
        "organisation": {
            "kuopio": titled(world.title("City of Kuopio", "Kuopion kaupunki")),
            "mikkeli": "Mikkeli",
            "mikkeli-2": "Mikkeli",
        },
        "phase": {"intake": titled(world.title("Joint start", "Yhteinen aloitus"))},
    }
)


def keys(by: tuple[str, ...], *groups: tuple[str | None, ...]) -> list[tuple[str | None, ...]]:
    figures = tuple(Figure(group, 5, 5) for group in groups)
    table = Table("x", world.title("X"), "journeys", "count", by, figures)
    return [figure.key for figure in groups_said(table, NAMES, OWN).figures]


def test_codes_of_groups_are_said_as_the_definition_and_the_vocabulary_have_them() -> None:
    assert keys(("form",), ("work-try-out",), ("x-1",), (None,)) == [
        ("työkokeilu",),
        ("x-1",),
        (None,),
    ]
    assert keys(("referred_to", "respondent"), ("kuopio", "client"), ("elsewhere", "client")) == [
        ("Kuopion kaupunki", "asiakas"),
        ("elsewhere", "asiakas"),
    ]
    assert keys(("phase",), ("intake",), ("training",)) == [("Yhteinen aloitus",), ("koulutus",)]
    assert keys((), ()) == [()]


def test_a_status_is_called_as_that_of_what_the_others_are_of() -> None:
    declined, journeys, services = ("declined",), ("open",), ("proposed",)
    assert keys(("status",), declined, journeys)[0] == ("hylätty",)
    assert keys(("status",), declined, services)[0] == ("kieltäydytty",)


def test_a_column_that_no_codes_are_known_of_stands_as_it_is() -> None:
    assert keys(("birth_year", "nationality"), ("1990", "kuopio")) == [("1990", "kuopio")]


def test_two_organisations_of_one_name_are_told_apart() -> None:
    assert keys(("organisation",), ("mikkeli",), ("mikkeli-2",)) == [
        ("Mikkeli (mikkeli)",),
        ("Mikkeli (mikkeli-2)",),
    ]


def test_charts_name_organisations_and_the_phases_of_the_programme() -> None:
    funnel = of_one(1, world.FUNNEL, OWN, NAMES)
    assert "Kuopion kaupunki" in str(funnel.spec)
    assert "kuopio'" not in str(funnel.spec)

    stock = in_words_of(world.STOCK, NAMES, OWN)
    assert {row[1] for row in stock.rows} == {"Yhteinen aloitus", "koulutus", "placement"}

    flow = Series("f", world.title("F"), "flow", ("source", "target", "count"), (
        ("intake", "ended-early", 5), ("intake", "open", 5)))  # fmt: skip
    assert [row[:2] for row in in_words_of(flow, NAMES, ENGLISH).rows] == [
        ("Joint start", "ended early"),
        ("Joint start", "open"),
    ]


def test_a_page_has_names_and_every_other_form_has_codes(
    polku: Polku, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLKU_ARCHIVE", str(tmp_path / "archive"))
    clock = Clock()
    with bootstrap.open_office(clock=clock, inline=False) as office:
        begin(office, clock)
        known = OrganisationRegistered("Wood & Sons", OrganisationKind.EMPLOYER)
        record(office, clock, "organisation:wood", (date(2025, 10, 1), known))
        record(office, clock, "journey:x1", *referred("there", date(2025, 10, 1), "wood"))
    asked = ("report", "--programme", "duunipolku", "--indicator", "clients", "--threshold", "0")

    page = polku(*asked, "--format", "html", "--language", "fi").out
    figures = polku(*asked, "--format", "csv").out

    assert "Lähde: Duunipolun hankesuunnitelma." in page
    common = polku(
        *("report", "--programme", "duunipolku", "--indicators", "esf-plus"),
        *("--indicator", "eeco06", "--format", "html", "--language", "fi"),
    ).out
    assert "Ikä alussa lasketaan syntymävuodesta; arkistossa ei ole syntymäpäivää." in common
    assert "Asetus (EU) 2021/1057, liite I" in common
    assert ">Tampereen kaupunki<" in page
    assert ">Wood &amp; Sons<" in page
    assert ">tampere<" not in page
    assert ",referred_to,tampere," in figures
    assert "Tampereen" not in figures
