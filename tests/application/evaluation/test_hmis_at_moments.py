"""The HMIS sample at moments of both clocks, against figures straight from its CSV files."""

import csv
import io
import zipfile
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from application.evaluation.asking import Moment
from application.evaluation.followed import followed, grouped
from application.evaluation.funnels import Kind
from application.evaluation.happenings import happening
from application.evaluation.outcomes import outcome
from application.evaluation.side_by_side import side_by_side
from application.evaluation.spells import Span, stay_of
from application.evaluation.survival import Stay
from application.importing.report import Report
from application.ports import Recorded
from infrastructure.event_log import SqlEventLog
from tests.application.hmis import SAMPLE, WHERE_IT_IS

pytestmark = WHERE_IT_IS

Rows = dict[str, list[dict[str, str]]]

MOMENTS = [
    Moment(date(2021, 6, 1)),
    Moment(date(2021, 6, 1), datetime(2021, 6, 1, tzinfo=UTC)),
    Moment(date(2022, 1, 31), datetime(2021, 12, 1, 12, tzinfo=UTC)),
    Moment(date(2023, 6, 30)),
]


@pytest.fixture(scope="module")
def raw() -> Rows:
    with zipfile.ZipFile(SAMPLE) as archive:
        return {
            name: list(csv.DictReader(io.TextIOWrapper(archive.open(f"{name}.csv"), "utf-8")))
            for name in ("Client", "Enrollment", "Exit", "Project")
        }


@pytest.fixture(scope="module")
def recorded(hmis: tuple[SqlEventLog, Report]) -> list[Recorded]:
    return list(hmis[0].read())


def day_of(moment: Moment) -> date:
    assert moment.as_at is not None
    return moment.as_at


def known(row: dict[str, str], moment: Moment) -> bool:
    created = datetime.fromisoformat(row["DateCreated"]).replace(tzinfo=UTC)
    return moment.known_at is None or created <= moment.known_at


def begun(raw: Rows, moment: Moment) -> list[dict[str, str]]:
    """The enrolments of the CSV that had begun by the day, by what was known."""
    day = day_of(moment).isoformat()
    return [x for x in raw["Enrollment"] if x["EntryDate"] <= day and known(x, moment)]


def exits(raw: Rows, moment: Moment) -> dict[str, date]:
    day = day_of(moment).isoformat()
    there = [x for x in raw["Exit"] if x["ExitDate"] <= day and known(x, moment)]
    return {x["EnrollmentID"]: date.fromisoformat(x["ExitDate"]) for x in there}


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_stays_in_projects(recorded: list[Recorded], raw: Rows, moment: Moment) -> None:
    ended = exits(raw, moment)
    expected: Counter[Stay] = Counter()
    for row in begun(raw, moment):
        entry, end = date.fromisoformat(row["EntryDate"]), ended.get(row["EnrollmentID"])
        left = end is not None and end >= entry
        until = end if left and end else day_of(moment)
        expected[Stay((until - entry).days, int(left))] += 1
    span = Span(happening("referral-accepted"), happening("journey-closed"))
    those = followed(recorded, "hmis", moment)
    stays = Counter(stay_of(one, span, day_of(moment)) for one in those)
    del stays[None]  # of those whose spell had not begun
    assert stays == expected
    assert expected.total() > 100
    assert all(one.claimed for one in those) == (moment.known_at is not None)


def test_what_was_known_then_is_not_what_had_happened_then(raw: Rows) -> None:
    """Else the moments above would tell nothing apart."""
    happened, was_known = MOMENTS[:2]
    assert exits(raw, happened) != exits(raw, was_known)
    assert len(begun(raw, happened)) != len(begun(raw, was_known))


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_organisations_side_by_side(recorded: list[Recorded], raw: Rows, moment: Moment) -> None:
    of_project = {x["ProjectID"]: f"hmis-{x['OrganizationID']}" for x in raw["Project"]}
    ended, sexes = exits(raw, moment), {x["PersonalID"]: x for x in raw["Client"]}
    sizes: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    genders: Counter[str | None] = Counter()
    for row in begun(raw, moment):
        sizes[of_project[row["ProjectID"]]] += 1
        closed[of_project[row["ProjectID"]]] += row["EnrollmentID"] in ended
        client = sexes[row["PersonalID"]]
        code = client["Sex"] if known(client, moment) else ""
        genders[{"0": "female", "1": "male"}.get(code)] += 1
    those = followed(recorded, "hmis", moment)
    what, units = outcome("journey-closed"), dict[str, list[float]]()
    for unit, one in grouped(those, "organisation"):
        units.setdefault(str(unit), []).extend(what.values(one, day_of(moment)) or ())
    found = side_by_side(Kind.SHARE, units, threshold=0)
    assert found.funnel is not None
    shown = {x.unit: (x.size, x.value) for x in found.funnel.points}
    assert shown == {x: (sizes[x], pytest.approx(closed[x] / sizes[x])) for x in sizes}
    assert Counter(group for group, _ in grouped(those, "gender")) == genders
