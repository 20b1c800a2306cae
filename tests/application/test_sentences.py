"""Every event of a journey has a sentence, said in the words of its definition."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.sentences import sentence
from application.sentences.words import Words, words_of
from domain.definition import Coded, Definition, Phase
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.state import Journey
from domain.policy import Outcome, RuleOutcome
from interfaces.bootstrap import read_definition, shipped_definitions
from tests.domain import journeys as j

DAY = date(2025, 3, 1)

TEXTS = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
"""The texts in what Python shows of a value: whoever says "None" there, says it."""


def any_event(kind: type) -> st.SearchStrategy[Any]:
    fields: dict[str, Any] = {}
    if kind is e.EntryCorrected:
        fields["event"] = st.just(e.JourneyResumed())
    if "amount" in kind.__dataclass_fields__:
        fields["amount"] = st.decimals(0, 10_000, places=2)
    return st.builds(kind, **fields)


@pytest.mark.parametrize("kind", e.KINDS.values(), ids=lambda k: k.__name__)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_event_is_one_line_whatever_it_holds(kind: type, data: Any) -> None:
    event = data.draw(any_event(kind))
    said = sentence(event, Words())
    assert said
    assert "None" not in said or "None" in "".join(TEXTS.findall(repr(event)))
    assert "Personal(" not in said


@pytest.fixture(scope="module")
def words() -> Words:
    definition = read_definition(shipped_definitions()["etela-savo"], "etela-savo")
    return words_of(definition, Journey())


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            e.ReferralMade("c", "p", 1, "te-office", "mikkeli", "te-office-referral", "line-1"),
            (
                "Referred by State employment office of South Savo to City of Mikkeli "
                "(Referral by the state employment office, First service line)"
            ),
        ),
        (
            e.EligibilityAssessed(
                1,
                "mikkeli",
                eligible=False,
                facts=(),
                rules=(RuleOutcome("r", "Long unemployed", Outcome.NOT_MET, "Plan", "x"),),
            ),
            "Not eligible in City of Mikkeli: Long unemployed: not met (Plan)",
        ),
        (
            e.CertificateAwarded("Work try-out", "te-office"),
            "Certificate awarded by State employment office of South Savo: Work try-out",
        ),
        (
            e.CertificateAwarded("Hygiene", "Savon ammattiopisto"),
            "Certificate awarded by Savon ammattiopisto: Hygiene",
        ),
        (
            e.IntakeInterviewHeld(
                e.Situation(e.EmploymentStatus.UNEMPLOYED, DAY, 3, ("fi", "so")),
                Personal("likes animals"),
            ),
            (
                "Intake interview held: unemployed since 2025-03-01, education ISCED 3, "
                "speaks fi and so; note: “likes animals”"
            ),
        ),
        (
            e.PhaseEntered(Phase.TRAINING, 1, overridden=("interviewed",), reason=Personal("ill")),
            (
                "Phase entered: Guidance into services; not met and overridden: "
                "The client has been interviewed: “ill”"
            ),
        ),
        (
            e.GrantPaid("p1", Decimal("1250.5"), "EUR", "mikkeli", DAY, DAY),
            (
                "Grant paid: 1,250.50 EUR by City of Mikkeli, from 2025-03-01 to 2025-03-01, "
                "for the placement p1"
            ),
        ),
        (
            e.DeadlineMoved("first-interview/3", DAY, Personal("ill")),
            "Deadline moved to 2025-03-01: 'First interview', opened by entry 3: “ill”",
        ),
        (
            e.JourneyClosed("ended-early", "self-employment"),
            "Journey closed: Ended early, destination self-employment",
        ),
        (
            e.EntryCorrected(4, e.ServiceCompleted("t", "wage-subsidy", "completed", 12.5), DAY),
            (
                "Entry 4 corrected: on 2025-03-01, "
                "Service completed: Wage subsidy, completed, 12.5 h in all"
            ),
        ),
        (
            e.FollowUpHeld(
                e.EmploymentStatus.EMPLOYED,
                point="one-month",
                situation=e.Situation(e.EmploymentStatus.EMPLOYED, education=3),
            ),
            "Follow-up held (One month after the start): employed, education ISCED 3",
        ),
        (
            e.FollowUpHeld(e.EmploymentStatus.STUDENT, ("skills",), note=Personal("well")),
            "Follow-up held: student; needs Vocational skills; note: “well”",
        ),
        (e.CompetenceReviewCompleted((), ()), "Competence review completed"),
        (
            e.EmploymentPeriodRecorded(DAY, None, "full-time"),
            "In work from 2025-03-01 and still so (full time)",
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_codes_are_said_by_their_titles(words: Words, event: e.JourneyEvent, said: str) -> None:
    assert sentence(event, words) == said


def test_a_text_that_is_sealed_is_not_said() -> None:
    said = sentence(e.JourneyPaused(Personal(sealed="c2VhbGVk")), Words())
    assert said == "Journey paused: (erased)"


def test_a_text_that_is_gone_leaves_no_empty_quotes() -> None:
    assert sentence(e.JourneyPaused(Personal()), Words()) == "Journey paused"


def test_lists_are_said_as_people_do() -> None:
    assert [Words().listed("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_a_code_has_its_title_from_the_newest_other_version_that_has_it() -> None:
    """They are asked for once, and only where a code is not in the definition itself."""
    oldest = j.definition(1, needs=(Coded("housing", j.title("Flat")), *j.coded("rare")))
    newer = j.definition(2, needs=(Coded("housing", j.title("Home")),))
    times: list[int] = []

    def others() -> Iterator[Definition]:
        times.append(1)
        yield from (newer, oldest)

    words = words_of(j.definition(3), Journey(), others=others)
    assert [words.title("need", "language"), len(times)] == ["language", 0]
    assert [words.title("need", x) for x in ("housing", "rare", "none")] == ["Home", "rare", "none"]
    assert words.under("trial", 1).title("need", "housing") == "Flat"
    assert words.under("trial", 9).title("need", "housing") == "Home"
    assert len(times) == 1
    assert [words.title("phase", "none-such"), words.title("need", "")] == ["none such", ""]
