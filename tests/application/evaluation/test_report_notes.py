"""What a report says beside its figures."""

from application.evaluation.report import Figure, Table
from application.evaluation.report_notes import notes_of
from domain.definition import Title

TITLE = Title("Clients", "", "en")
IN_ALL = Figure((), 13, 13)
NOBODY = Figure((), 0, 0)


def table(by: tuple[str, ...], *figures: Figure) -> Table:
    return Table("clients", TITLE, "clients", "count", by, figures)


def test_a_breakdown_that_is_withheld_whole_is_named() -> None:
    told = (table((), IN_ALL), table(("gender",), Figure(("f",), 13, 13)), table(("town",)))
    (note,) = notes_of(told, (), 1, claimed=False)
    assert note.startswith("Clients is not told by town: what else is told would give")


def test_where_nobody_is_counted_no_group_is_missed() -> None:
    assert notes_of((table((), NOBODY), table(("town",))), (), 1, claimed=False) == ()
