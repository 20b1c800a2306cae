"""Participants as Regulation (EU) 2021/1057 counts them: once, from the first start to the exit."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeAlias

import pytest

from application.evaluation.asking import Asked, Moment
from application.ports import Append, Fresh
from domain.client import ClientRegistered
from domain.entry import By, Personal
from domain.journey import events as e
from domain.same_person import ClientsMerged
from infrastructure.archive import ParquetArchive
from infrastructure.event_log import open_log
from infrastructure.indicators import read_set

WORKER = By("worker-1", "city")
S = e.EmploymentStatus
START, LEFT = date(2025, 1, 10), date(2025, 6, 1)
TOLD = e.Situation(S.UNEMPLOYED, date(2023, 12, 20), education=3, municipality="city")


Told: TypeAlias = list[tuple[Any, date]]


def referred(client: str) -> e.ReferralMade:
    return e.ReferralMade(client, "trial", 1, "state", "city", "walk-in")


def journey(client: str, accepted: date, closed: date | None, destination: str = "other") -> Told:
    events: Told = [
        (referred(client), accepted),
        (e.ReferralAccepted(), accepted),
    ]
    if closed:
        events.append((e.JourneyClosed("completed", destination), closed))
    return events


REGISTERED: dict[str, Told] = {
    "c-1": [(ClientRegistered(gender="female", birth_year=1990), date(2025, 1, 1))]
}


def participants(
    tmp_path: Path,
    journeys: dict[str, Told],
    moment: Moment,
    clients: dict[str, Told] = REGISTERED,
) -> list[dict[str, Any]]:
    with asked_of(tmp_path, journeys, moment, clients) as asked:
        columns, rows = asked.ask("SELECT * FROM esf_participants")
    return [dict(zip(columns, row, strict=True)) for row in rows]


@contextmanager
def asked_of(
    tmp_path: Path, journeys: dict[str, Told], moment: Moment, clients: dict[str, Told]
) -> Iterator[Asked]:
    """Open the archive of journeys and clients at a moment."""
    streams = {f"client:{name}": events for name, events in clients.items()}
    streams |= {f"journey:{name}": events for name, events in journeys.items()}
    with open_log("sqlite://") as log:
        for stream, events in streams.items():
            fresh = tuple(Fresh(event, on) for event, on in events)
            log.append(Append(stream, 0, fresh, WORKER))
        archive = ParquetArchive(tmp_path / "a", log.database)
        archive.catch_up()
        with archive.at(moment) as asked:
            yield asked


AGAIN = {
    "j-1": [
        *journey("c-1", START, date(2025, 3, 1), "unemployed"),
        (e.IntakeInterviewHeld(TOLD), date(2025, 1, 15)),
    ],
    "j-2": [
        *journey("c-1", date(2025, 4, 1), LEFT),
        (e.CertificateAwarded("Welder", "school"), date(2025, 5, 2)),
        (e.FollowUpHeld(S.EMPLOYED), date(2025, 6, 20)),
        (e.FollowUpHeld(S.UNEMPLOYED), date(2025, 12, 5)),
    ],
}


def test_who_enters_again_counts_once_with_the_first_start_and_the_last_exit(
    tmp_path: Path,
) -> None:
    (one,) = participants(tmp_path, AGAIN, Moment(date(2026, 6, 1)))
    wanted = {
        "client": "c-1",
        "journeys": 2,
        "first_journey": "j-1",
        "last_journey": "j-2",
        "gender": "female",
        "age_at_start": 35,
        "started_on": START,
        "status_at_start": "unemployed",
        "months_unemployed": 12,
        "education": 3,
        "left_on": LEFT,
        "certificates": 1,
        "status_at_leaving": "employed",
        "six_months_on": date(2025, 12, 1),
        "status_after_six_months": "unemployed",
    }
    assert {name: one[name] for name in wanted} == wanted


def test_before_the_second_exit_it_has_not_left(tmp_path: Path) -> None:
    (one,) = participants(tmp_path, AGAIN, Moment(date(2025, 5, 1)))
    assert (one["journeys"], one["left_on"], one["status_at_leaving"]) == (2, None, None)
    (one,) = participants(tmp_path / "b", AGAIN, Moment(date(2025, 3, 20)))
    assert (one["journeys"], one["left_on"]) == (1, date(2025, 3, 1))
    assert one["status_at_leaving"] == "unemployed"


RESULTS: list[tuple[Told, str | None, str | None]] = [
    ([(e.FollowUpHeld(S.STUDENT), date(2025, 6, 29))], "in-training", None),
    ([(e.FollowUpHeld(S.EMPLOYED), date(2025, 6, 30))], None, "employed"),
    ([(e.FollowUpHeld(S.EMPLOYED), date(2025, 12, 29))], None, "employed"),
    ([(e.FollowUpHeld(S.EMPLOYED), date(2025, 12, 30))], None, None),
    ([(e.FollowUpHeld(S.UNKNOWN), date(2025, 6, 10))], None, None),
    (
        [(e.EmploymentPeriodRecorded(date(2025, 6, 10), None, "full-time"), LEFT)],
        "employed",
        "employed",
    ),
    (
        [(e.EmploymentPeriodRecorded(date(2025, 7, 1), date(2025, 11, 30), "x"), LEFT)],
        None,
        None,
    ),
    ([], None, None),
    ([(e.EmploymentPeriodRecorded(date(2025, 5, 1), LEFT, "x"), LEFT)], "employed", None),
    (
        [
            (e.EmploymentPeriodRecorded(LEFT, None, "x"), LEFT),
            (e.EmploymentPeriodRecorded(LEFT, date(2025, 8, 31), "x"), date(2025, 9, 1)),
        ],
        "employed",
        None,
    ),
    (
        [(e.EmploymentPeriodRecorded(date(2025, 5, 1), date(2025, 5, 31), "x"), LEFT)],
        None,
        None,
    ),
    (
        [
            (e.EmploymentPeriodRecorded(date(2025, 5, 1), None, "x"), date(2025, 5, 2)),
            (e.FollowUpHeld(S.INACTIVE), date(2025, 6, 3)),
        ],
        "inactive",
        None,
    ),
    (
        [
            (e.EmploymentPeriodRecorded(date(2025, 5, 1), None, "x"), date(2025, 5, 2)),
            (e.FollowUpHeld(S.UNEMPLOYED), date(2025, 5, 20)),
        ],
        None,
        None,
    ),
    (
        [
            (e.EmploymentPeriodRecorded(date(2025, 5, 1), None, "x"), date(2025, 5, 2)),
            (e.FollowUpHeld(S.EMPLOYED), date(2025, 5, 20)),
        ],
        "employed",
        "employed",
    ),
    (
        [
            (e.EmploymentPeriodRecorded(date(2025, 5, 1), None, "x"), date(2025, 5, 2)),
            (e.FollowUpHeld(S.SELF_EMPLOYED), date(2025, 6, 3)),
        ],
        "employed",
        "employed",
    ),
    (
        [
            (e.EmploymentPeriodRecorded(LEFT, None, "x"), LEFT),
            (e.FollowUpHeld(S.UNEMPLOYED), date(2025, 11, 1)),
        ],
        "employed",
        "unemployed",
    ),
    (
        [
            (e.EmploymentPeriodRecorded(LEFT, None, "x"), LEFT),
            (e.UnemploymentPeriodRecorded(date(2025, 9, 1), None, "x"), date(2025, 9, 2)),
        ],
        "employed",
        "unemployed",
    ),
    (
        [
            (e.EmploymentPeriodRecorded(LEFT, date(2025, 12, 1), "x"), date(2025, 12, 2)),
            (e.FollowUpHeld(S.UNEMPLOYED), date(2025, 12, 2)),
        ],
        "employed",
        "employed",
    ),
]
"""What was told of who left, and the status at leaving and after six months that comes of it."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The participants of whom it was told, each by an id of its own, in one archive."""
    known = {f"c-{n}": REGISTERED["c-1"] for n in range(len(RESULTS))}
    of = {f"j-{n}": journey(f"c-{n}", START, LEFT) + told for n, (told, *_) in enumerate(RESULTS)}
    found = participants(tmp_path_factory.mktemp("esf"), of, Moment(date(2026, 6, 1)), known)
    assert len(found) == len(RESULTS)
    return {one["client"]: one for one in found}


@pytest.mark.parametrize("number", range(len(RESULTS)))
def test_results_are_what_was_told_in_their_time(
    results: dict[str, dict[str, Any]], number: int
) -> None:
    one, (_, at_leaving, later) = results[f"c-{number}"], RESULTS[number]
    assert (one["status_at_leaving"], one["status_after_six_months"]) == (at_leaving, later)


def test_work_that_begins_later_is_no_result_before_it_begins(tmp_path: Path) -> None:
    """It is recorded on leaving, and begins on 20 June, within 28 days."""
    of = {
        "j-1": [
            *journey("c-1", START, LEFT, "unemployed"),
            (e.EmploymentPeriodRecorded(date(2025, 6, 20), None, "x"), LEFT),
        ]
    }
    at = [
        participants(tmp_path / f"{day}", of, Moment(date(2025, 6, day)))[0]["status_at_leaving"]
        for day in (19, 20)
    ]
    assert at == ["unemployed", "employed"]


def test_of_what_two_journeys_tell_of_one_day_the_later_journey_says_what_counts(
    tmp_path: Path,
) -> None:
    """Each tells it in its third entry, and then of the same first day of work and unemployment."""
    for last, other in ((S.EMPLOYED, S.UNEMPLOYED), (S.UNEMPLOYED, S.EMPLOYED)):
        told = {"j-2": last, "j-1": other, "j-3": last}
        of = {
            name: [
                *journey("c-1", START, None),
                (e.FollowUpHeld(status), date(2025, 6, 10)),
                (e.FollowUpHeld(status), date(2025, 12, 10)),
                (e.JourneyClosed("completed", "other"), LEFT),
            ]
            for name, status in told.items()
        }
        (one,) = participants(tmp_path / last.value, of, Moment(date(2026, 6, 1)))
        found = (one["status_at_leaving"], one["status_after_six_months"])
        assert found == (last.value, last.value)


def test_of_two_periods_of_one_first_day_that_of_the_later_journey_counts(tmp_path: Path) -> None:
    of = {
        name: [*journey("c-1", START, LEFT), (period(LEFT, None, "x"), LEFT)]
        for name, period in (
            ("j-2", e.EmploymentPeriodRecorded),
            ("j-1", e.UnemploymentPeriodRecorded),
        )
    }
    (one,) = participants(tmp_path, of, Moment(date(2026, 6, 1)))
    assert (one["status_at_leaving"], one["status_after_six_months"]) == ("unemployed",) * 2


MERGED: dict[str, Told] = {
    "known": [(ClientRegistered(gender="female", birth_year=1990), START)],
    "nothing": [(ClientRegistered(municipality="city"), START)],
}


@pytest.mark.parametrize("survivor", ["known", "nothing"])
def test_what_one_id_of_a_merged_person_does_not_know_another_tells(
    tmp_path: Path, survivor: str
) -> None:
    """Whichever the person goes by: nobody is missing, or counted in two groups."""
    (other,) = MERGED.keys() - {survivor}
    clients = {
        survivor: [*MERGED[survivor], (merged(other, survives=True), START)],
        other: [*MERGED[other], (merged(survivor, survives=False), START)],
    }
    of = {"j-1": journey("nothing", START, LEFT), "j-2": journey("known", LEFT, None)}
    (one,) = participants(tmp_path, of, Moment(date(2026, 6, 1)), clients)
    found = (one["client"], one["gender"], one["age_at_start"], one["municipality"])
    assert found == (survivor, "female", 35, "city")


def merged(other: str, *, survives: bool) -> ClientsMerged:
    return ClientsMerged(other, survives=survives, ground="gdpr-5-1-d", reason=Personal("why"))


def test_what_was_never_told_is_missing(tmp_path: Path) -> None:
    (one,) = participants(tmp_path, {"j-1": journey("c-9", START, None)}, Moment())
    missing = ("gender", "age_at_start", "education", "status_at_start", "months_unemployed")
    assert [one[name] for name in missing] == [None] * 5


def test_facts_of_the_assessment_tell_what_no_interview_did(tmp_path: Path) -> None:
    facts = (
        e.FactUsed("employment_status", "unemployed"),
        e.FactUsed("unemployed_since", "2024-01-10"),
        e.FactUsed("education_isced", 2),
        e.FactUsed("disadvantages", ("debts", "health")),
    )
    assessed = e.EligibilityAssessed(1, "city", True, facts, ())
    of = {"j-1": [*journey("c-1", START, None), (assessed, START)]}
    (one,) = participants(tmp_path, of, Moment(date(2026, 1, 1)))
    assert (one["status_at_start"], one["education"]) == ("unemployed", 2)
    assert (one["months_unemployed"], one["disadvantages"]) == (12, ["debts", "health"])


def test_disadvantages_are_told_under_the_version_of_the_definition_that_held_then(
    tmp_path: Path,
) -> None:
    """Version 2 was adopted on 1 March: what was told before was asked by the first one's codes."""
    adopted = (e.DefinitionAdopted(2, Personal("why")), date(2025, 3, 1))
    facts = (e.FactUsed("disadvantages", ("debts",)),)
    assessed = (e.EligibilityAssessed(1, "city", True, facts, ()), START)
    told = e.IntakeInterviewHeld(replace(TOLD, disadvantages=("debts",)))
    journeys = {
        "before": [(told, date(2025, 2, 28)), adopted],
        "after": [adopted, (told, date(2025, 3, 1))],
        "never": [(told, START)],
        "assessed": [assessed, adopted, (e.IntakeInterviewHeld(TOLD), date(2025, 4, 1))],
        "untold": [adopted],
    }
    of: dict[str, Told] = {
        name: [*journey(name, START, None), *more] for name, more in journeys.items()
    }
    found = participants(tmp_path, of, Moment(date(2026, 1, 1)))
    told_under = {one["first_journey"]: one["disadvantages_version"] for one in found}
    assert told_under == {"before": 1, "after": 2, "never": 1, "assessed": 1, "untold": None}


VERDICTS: list[tuple[dict[str, Any], str | None, date | None, int | None]] = [
    ({"unemployed": True}, "unemployed", None, None),
    ({"unemployed": False}, None, None, None),
    ({"months_unemployed": 14}, "unemployed", None, 14),
    ({"months_unemployed": 2_000_000_000}, "unemployed", None, None),
    ({"unemployed": True, "months_unemployed": 0}, "unemployed", None, 0),
    ({"months_unemployed": 0, "days_unemployed": 0}, None, None, None),
    ({"days_unemployed": 32}, "unemployed", date(2024, 12, 10), 1),
    ({"days_unemployed": 2_000_000_000}, "unemployed", None, None),
    ({"unemployed": True, "employment_status": "laid-off"}, "unemployed", None, None),
    ({"unemployed": False, "employment_status": "inactive"}, "inactive", None, None),
]
"""Facts of a verdict, and the status, since when and for how many months that comes of them."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The participants who were judged by them, each by an id of its own, in one archive."""
    of: dict[str, Told] = {}
    for n, (facts, *_) in enumerate(VERDICTS):
        used = tuple(e.FactUsed(name, value) for name, value in facts.items())
        verdict = e.EligibilityAssessed(1, "city", True, used, ())
        of[f"j-{n}"] = [*journey(f"c-{n}", START, None), (verdict, START)]
    known = {f"c-{n}": REGISTERED["c-1"] for n in range(len(VERDICTS))}
    found = participants(tmp_path_factory.mktemp("judged"), of, Moment(date(2025, 2, 1)), known)
    return {one["client"]: one for one in found}


@pytest.mark.parametrize("number", range(len(VERDICTS)))
def test_who_was_never_interviewed_is_as_the_verdict_tells(
    judged: dict[str, dict[str, Any]], number: int
) -> None:
    one, (_, *expected) = judged[f"c-{number}"], VERDICTS[number]
    told = [one[name] for name in ("status_at_start", "unemployed_since", "months_unemployed")]
    assert told == expected


def test_an_interview_at_which_nobody_knew_leaves_standing_what_the_verdict_tells(
    tmp_path: Path,
) -> None:
    used = (e.FactUsed("months_unemployed", 25),)
    verdict = (e.EligibilityAssessed(1, "city", True, used, ()), START)
    unknown = (e.IntakeInterviewHeld(e.Situation(S.UNKNOWN)), START)
    told = {"both": [verdict, unknown], "verdict": [verdict], "unknown": [unknown], "neither": []}
    of: dict[str, Told] = {c: [*journey(c, START, None), *more] for c, more in told.items()}
    (eeco03,) = (x for x in read_set("esf-plus", "en", {}).indicators if x.id == "eeco03")
    with asked_of(tmp_path, of, Moment(date(2025, 2, 1)), {}) as asked:
        found = asked.ask(
            f"SELECT client, status_at_start, told_at_start, {eeco03.who} FROM esf_participants"
        ).rows
    assert {client: more for client, *more in found} == {
        "both": ["unemployed", "unemployed", True],
        "verdict": ["unemployed", "unemployed", True],
        "unknown": [None, None, None],
        "neither": [None, None, None],
    }


def whole_months_between(since: date, last: date) -> int:
    """Count the months, one after the other, that have ended by a day."""
    ended = 0
    while monthly(since, ended + 1) <= last:
        ended += 1
    return ended


def monthly(since: date, months: int) -> date:
    """Return the day of a later month that ends so many months, by the calendar of that month."""
    years, month = divmod(since.month - 1 + months, 12)
    days = monthrange(since.year + years, month + 1)[1]
    return date(since.year + years, month + 1, min(since.day, days))


def long_term(since: date, start: date, age: int | None) -> bool | None:
    """Whether it is more than 12 months, or more than 6 of who is under 25; None: by the age."""
    more = {months: monthly(since, months) < start for months in (6, 12)}
    if more[6] == more[12]:
        return more[6]
    return None if age is None else more[6 if age < 25 else 12]


class Drawn(NamedTuple):
    """Somebody of whom a verdict told the months of unemployment, and what the age is."""

    months: int
    told_on: date
    start: date
    age: int | None


def drawn(seed: int) -> Drawn:
    """Draw one, about the bounds and often at the end of a month."""
    random = Random(seed)  # noqa: S311 - a test draws at random
    told_on = date(2024, 1, 1) + timedelta(days=random.randrange(800))
    if random.random() < 0.4:
        last = monthrange(told_on.year, told_on.month)[1]
        told_on = told_on.replace(day=max(1, last - random.choice((0, 0, 0, 1, 2))))
    start = told_on + timedelta(days=random.choice((-40, -20, -3, -1, 0, 0, 1, 3, 20, 31, 70)))
    months = random.choice((1, 4, 5, 6, 7, 10, 11, 12, 13, 25))
    return Drawn(months, told_on, start, random.choice((None, 20, 24, 25, 60)))


def test_months_that_a_verdict_told_count_as_long_term_where_every_spell_of_so_many_does(
    tmp_path: Path,
) -> None:
    """Reckoned by trying every day on which the spell can have begun."""
    of: dict[str, Told] = {}
    clients: dict[str, Told] = {}
    everybody = {f"c-{n}": drawn(n) for n in range(400)}
    for name, one in everybody.items():
        used = (e.FactUsed("months_unemployed", one.months),)
        verdict = e.EligibilityAssessed(1, "city", True, used, ())
        of[f"j-{name}"] = [*journey(name, one.start, None), (verdict, one.told_on)]
        born = None if one.age is None else one.start.year - one.age
        clients[name] = [(ClientRegistered(birth_year=born), date(2023, 1, 1))]
    expected = {}
    for name, one in everybody.items():
        tried = (one.told_on - timedelta(days=days) for days in range(32 * (one.months + 1)))
        began = [day for day in tried if whole_months_between(day, one.told_on) == one.months]
        answers = {long_term(day, one.start, one.age) for day in began}
        expected[name] = answers.pop() if len(answers) == 1 else None
    (eeco03,) = (x for x in read_set("esf-plus", "en", {}).indicators if x.id == "eeco03")
    with asked_of(tmp_path, of, Moment(date(2027, 1, 1)), clients) as asked:
        found = asked.ask(f"SELECT client, {eeco03.who} FROM esf_participants").rows
    assert dict(found) == expected
    assert min(Counter(expected.values()).values()) > 40
