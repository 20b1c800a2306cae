"""A report that somebody kept, as it is posted back: all is looked at before it is computed."""

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from application.evaluation.kept_report import FORM, UnreadableReport, read_report
from application.evaluation.report import Report
from domain.refusals import InvalidField
from domain.wording import said, wording_of
from interfaces.evaluating import Evaluating
from interfaces.http.context import Here
from interfaces.http.reading import Id
from interfaces.http.reporting import (
    Column,
    Columns,
    SetName,
    Setting,
    SettingName,
    Threshold,
    check_sets,
    check_threshold,
)

Text = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\u0000]*$")]
Digest = Annotated[str, StringConstraints(max_length=128, pattern="^[0-9a-f]*$")]
Count = Annotated[int, Field(strict=True, ge=0, le=2**53)]
Number = (
    Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]
    | Annotated[float, Field(strict=True, allow_inf_nan=False)]
)
Cell = Text | bool | Number | None
Day = Annotated[str, StringConstraints(pattern=r"^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$")]
Instant = Annotated[
    str,
    StringConstraints(
        pattern=r"^[12][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9](:[0-5][0-9]){2}(\.[0-9]{6})?\+00:00$"
    ),
]


class Kept(BaseModel):
    """A part of a report as its file has it; what is not known is refused."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid", frozen=True)


class KeptTitle(Kept):
    """What something is called."""

    en: Text
    """In English."""
    local: Text
    """In the language of the programme."""
    language: Annotated[str, StringConstraints(max_length=8)]
    """Which language that is (ISO 639-1)."""


class KeptFigure(Kept):
    """One figure."""

    key: Annotated[list[Text | None], Field(max_length=10)]
    """Its group: a value for each column of the table's `by`; null: not known."""
    value: Number | None
    """The figure; null where it is withheld, or where nothing was there to be measured."""
    counted: Count | None
    """The units that it is made of; null where they are withheld."""
    missing: Count | None
    """The units that count but of whom it is not known; null where they are withheld."""
    suppressed: Annotated[bool, Field(strict=True)]
    """Whether it is withheld, as it is of few."""
    target: Number | None
    """What was meant to be reached; null: nothing."""
    having: Count | None
    """Of a share, the units of whom it is true; null of another measure."""


class KeptTable(Kept):
    """The figures of one indicator in the groups of a breakdown."""

    indicator: Id
    """The id of the indicator."""
    title: KeptTitle
    """What the indicator is called."""
    unit: Text
    """What is counted: clients, journeys, or the rows of a table."""
    measure: Text
    """How: count, share, sum, mean or median."""
    by: Annotated[list[Column], Field(max_length=10)]
    """The columns of the breakdown; none: in all."""
    figures: Annotated[list[KeptFigure], Field(max_length=20_000)]
    """A figure for each group."""
    source: Text
    """Where the indicator comes from."""
    note: Text
    """What is to be known of it."""
    assumed: Annotated[bool, Field(strict=True)]
    """Whether it is an assumption of Polku's own."""


class KeptSeries(Kept):
    """Rows of a chart."""

    id: Text
    """Its id."""
    title: KeptTitle
    """What it is called."""
    kind: Text
    """What is drawn: stock, survival, funnel or flow."""
    columns: Annotated[list[Text], Field(max_length=20)]
    """What the values of a row are."""
    rows: Annotated[list[list[Cell]], Field(max_length=100_000)]
    """The rows."""
    notes: Annotated[list[Text], Field(max_length=50)] = Field(default_factory=list)
    """What it shows, where the title cannot say."""


class KeptQuestion(Kept):
    """What the report was asked, beside the programme and the clocks."""

    indicators: Annotated[list[Id], Field(max_length=200)]
    """Only these indicators; none: all."""
    by: Annotated[list[Columns], Field(max_length=10)]
    """The breakdowns beside those of the indicators."""
    sets: Annotated[list[SetName], Field(min_length=1, max_length=5)]
    """Whose indicators were meant."""
    settings: Annotated[dict[SettingName, Setting], Field(max_length=20)]
    """Other values for settings of the indicators."""


class KeptReport(Kept):
    """A report as it was fetched (JSON), or as `polku report --json` writes it, unchanged."""

    form: Literal["polku-report/1"]
    """The form of the file."""
    programme: Id
    """The code of the programme."""
    title: KeptTitle
    """What the report is called."""
    as_at: Day | None
    """The day asked about; null: as recorded."""
    known_at: Instant | None
    """The instant up to which entries count (UTC); null: all up to the position."""
    position: Count
    """The position of the log that it was computed at."""
    root: Digest
    """The root (hex) of the log's ledger there; empty where it has none."""
    definition_version: Count
    """The version of the programme's definition."""
    definition_digest: Digest
    """SHA-256 (hex) of that definition."""
    indicators_digest: Digest
    """SHA-256 (hex) of the indicators as they were asked."""
    polku_version: Annotated[str, StringConstraints(max_length=100)]
    """The version of Polku that computed it."""
    threshold: Threshold
    """Groups of fewer are not shown."""
    tables: Annotated[list[KeptTable], Field(max_length=2000)]
    """The figures."""
    series: Annotated[list[KeptSeries], Field(max_length=200)]
    """The rows that charts are drawn from."""
    claimed: Annotated[bool, Field(strict=True)]
    """Whether it leans on another system's claim of when it knew something."""
    notes: Annotated[list[Text], Field(max_length=50)]
    """What is to be known of the figures."""
    asked: KeptQuestion
    """What was asked."""
    settings: Annotated[dict[SettingName, Setting], Field(max_length=100)] = Field(
        default_factory=dict
    )
    """The numbers that the files of indicators name, as they were put in."""


EXAMPLE: JsonDict = {
    "form": FORM,
    "programme": "duunipolku",
    "title": {"en": "Duunipolku", "local": "Duunipolku", "language": "fi"},
    "as_at": "2025-12-31",
    "known_at": None,
    "position": 40213,
    "root": "",
    "definition_version": 1,
    "definition_digest": "",
    "indicators_digest": "",
    "polku_version": "0.1.0",
    "threshold": 5,
    "tables": [],
    "series": [],
    "claimed": False,
    "notes": [],
    "asked": {"indicators": ["clients"], "by": [], "sets": ["programme"], "settings": {}},
    "settings": {},
}
"""A report without its figures, to show what it stands on."""


def kept_report(here: Here, evaluating: Evaluating, given: KeptReport) -> Report:
    """Return the report that somebody posted back, where it can be computed again for them.

    Raises InvalidField for what it is not, and for what this person could not ask for.
    """
    check_sets(evaluating, given.asked.sets, "report.asked.sets")
    check_threshold(here, given.threshold, "report.threshold")
    if given.position > here.office.log.position():
        ahead = said("this log has not come to that position: it is a report of another log")
        raise InvalidField("report.position", ahead)
    try:
        return read_report(json.dumps(given.model_dump()))
    except UnreadableReport as error:
        raise InvalidField("report", wording_of(error)) from error
