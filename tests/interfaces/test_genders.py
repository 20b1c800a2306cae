"""A client's gender on the pages that people read, in their language."""

from datetime import UTC, date, datetime

import pytest

from application.evaluation.report import Figure, Table
from application.subject_copied import SubjectCopy
from domain.client import Client, ClientRegistered
from domain.wording import English, Tongue
from interfaces import report_page, subject_page
from interfaces.report_charts import of_targets
from tests.interfaces import report_world as world


class Own(English):
    """A language that has words for two genders."""

    language = "fi"

    def pgettext(self, context: str, message: str, /) -> str:
        """Return the message in the language."""
        known = {("gender", "female"): "nainen", ("gender", "unknown"): "ei tiedossa"}
        return known.get((context, message), message)


OWN: Tongue = Own()


@pytest.mark.parametrize(
    ("gender", "said"), [("female", "nainen"), ("unknown", "ei tiedossa"), ("f-x<", "f-x&lt;")]
)
def test_the_copy_of_a_client_says_the_gender(gender: str, said: str) -> None:
    known = ClientRegistered(gender=gender)
    state = Client(registered=known, registered_on=date(2025, 3, 3))
    made = datetime(2025, 3, 4, tzinfo=UTC)
    copy = SubjectCopy("c-1", made, state, (), (), (), (), (), 0, 0, ())

    assert f"<dt>gender</dt><dd>{said}</dd>" in subject_page.page(copy, OWN)


def test_a_report_says_the_genders_in_its_tables_and_charts() -> None:
    keys = [("female", "female"), ("x-1", "male"), (None, None)]
    figures = tuple(Figure(key, 5, 5, target=4.0) for key in keys)
    by = ("gender", "organisation")
    table = Table("started", world.title("Started"), "count", "journeys", by, figures)

    chart = of_targets("t", table, OWN)
    assert chart is not None
    assert "nainen, female: 5" in chart.alt
    assert "x-1, male: 5" in chart.alt
    assert "nainen, female" in str(chart.spec)
    page = report_page.page(world.report(tables=(table,), series=()), OWN)
    cells = [row.split("</th>")[0].rsplit(">", 1)[-1] for row in page.split("<tr>")]
    assert {"nainen", "x-1", "not known"} <= set(cells)
