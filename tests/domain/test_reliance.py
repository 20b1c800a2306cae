"""A correction names the decisions that had relied on what was wrong, until they are reviewed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.definition import NoDefinition, Phase
from domain.entry import Personal, Source
from domain.journey import corrections, course, intake, plan, referral
from domain.journey import events as e
from domain.journey.evolve import EVOLVED
from domain.journey.history import History, history_of
from domain.journey.reliance import Doubt, doubts
from domain.refusals import IllegalTransition, InvalidField
from tests.domain import journeys as j

TOLD = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2024, 1, 1))
IN_WORK = e.Situation(e.EmploymentStatus.EMPLOYED)


def lived(*acts: tuple[Any, dict[str, Any]]) -> History:
    history = j.given(j.REFERRED)
    for decision, fields in acts:
        history = j.recorded(history, decision(history, j.act(), **fields), j.DAY)
    return history


def found(history: History) -> tuple[Doubt, ...]:
    return doubts(history, j.definition, j.is_weekday)


@pytest.fixture
def judged() -> History:
    """Interview (3), verdict on what was told (4), intake entered on the verdict (5)."""
    return lived(
        (referral.accept_referral, {}),
        (intake.hold_intake_interview, {"situation": TOLD}),
        (referral.assess_eligibility, {}),
        (course.enter_phase, {"phase": Phase.INTAKE}),
    )


@pytest.fixture
def corrected(judged: History) -> History:
    wrong = e.IntakeInterviewHeld(IN_WORK)
    events = corrections.correct(judged, j.act(), entry=3, event=wrong, reason=j.WHY)
    return j.recorded(judged, events, j.DAY)


def test_a_verdict_names_the_facts_it_used_and_their_entries(judged: History) -> None:
    verdict = judged.entries[3].event
    assert isinstance(verdict, e.EligibilityAssessed)
    assert verdict.eligible
    assert verdict.facts == (e.FactUsed("months_unemployed", 14, (3,)),)
    assert verdict.rules[0].basis == "basis of unemployed-a-year"


def test_nothing_corrected_means_no_doubt(judged: History) -> None:
    assert found(judged) == ()


def test_the_verdict_and_the_phase_that_stood_on_it_are_named(corrected: History) -> None:
    kinds = [(d.kind, d.entry, d.open) for d in found(corrected)]
    assert kinds == [("eligibility-assessed", 4, True), ("phase-entered", 5, True)]


def test_the_state_follows_the_corrected_history(corrected: History) -> None:
    assert corrected.journey.told is not None
    assert corrected.journey.told.situation == IN_WORK
    assert corrected.entries[2].event == e.IntakeInterviewHeld(TOLD)


def test_a_new_verdict_settles_the_old_one(corrected: History) -> None:
    anew = referral.assess_eligibility(corrected, j.act())
    verdict = anew[0]
    assert isinstance(verdict, e.EligibilityAssessed)
    assert not verdict.eligible
    after = j.recorded(corrected, anew, j.DAY)
    assert [(d.entry, d.open) for d in found(after)] == [(4, False), (5, True)]


def test_a_review_settles_what_it_names_and_only_that(corrected: History) -> None:
    review = {"correction": 6, "entry": 5, "upheld": True, "reason": Personal("plan stands")}
    events = corrections.review_decision(corrected, j.act(), **review)
    after = j.recorded(corrected, events, j.DAY)
    assert [(d.entry, d.open) for d in found(after)] == [(4, True), (5, False)]
    assert corrections.review_decision(after, j.act(), **review) == ()


def test_a_review_names_what_is_reviewed(corrected: History) -> None:
    with pytest.raises(InvalidField) as refused:
        corrections.review_decision(
            corrected, j.act(), correction=corrected.version, upheld=True, reason=j.WHY
        )
    assert refused.value.field == "entry"


def test_a_review_of_what_calls_for_none_is_refused(corrected: History) -> None:
    with pytest.raises(IllegalTransition, match="calls for no review of 3"):
        corrections.review_decision(
            corrected, j.act(), correction=6, entry=3, upheld=True, reason=j.WHY
        )


def test_a_deadline_that_counted_as_met_is_named() -> None:
    history = lived(
        (referral.accept_referral, {}), (intake.hold_intake_interview, {"situation": TOLD})
    )
    events = corrections.retract(history, j.act(), entry=3, reason=j.WHY)
    (doubt,) = found(j.recorded(history, events, j.DAY))
    assert (doubt.kind, doubt.deadline, doubt.corrected) == ("deadline", "interview/2", 3)


def test_an_agreement_relies_on_the_draft_that_was_signed() -> None:
    history = lived(
        (referral.accept_referral, {}),
        (plan.draft_plan, {"steps": j.STEPS}),
        (plan.agree_plan, {"signatories": j.CLIENT_SIGNS}),
    )
    other = e.PlanDrafted(j.STEPS[:1])
    events = corrections.correct(history, j.act(), entry=3, event=other, reason=j.WHY)
    (doubt,) = found(j.recorded(history, events, j.DAY))
    assert (doubt.kind, doubt.entry) == ("plan-agreed", 4)


def test_a_correction_of_something_nobody_leaned_on_raises_no_doubt(judged: History) -> None:
    events = corrections.correct(
        judged,
        j.act(),
        entry=1,
        event=e.ReferralMade("client-1", "trial", 1, "state", "city", "line-1"),
        reason=j.WHY,
    )
    assert found(j.recorded(judged, events, j.DAY)) == ()


def test_taking_a_correction_back_calls_the_later_decisions_in_doubt(corrected: History) -> None:
    anew = j.recorded(corrected, referral.assess_eligibility(corrected, j.act()), j.DAY)
    back = corrections.retract(anew, j.act(), entry=6, reason=Personal("she was right"))
    names = [(d.correction, d.corrected, d.entry) for d in found(j.recorded(anew, back, j.DAY))]
    assert (8, 3, 7) in names


def test_a_verdict_told_late_stands_on_who_was_responsible_on_the_day_it_is_about() -> None:
    """Handed over from the city to the state (4), and back (6); judged for a day in between (7)."""
    history = j.given((j.REFERRED, day(0)), (e.ReferralAccepted(), day(0)))
    for organisation, on in (("state", day(5)), ("city", day(20))):
        asked = (e.HandoverRequested(organisation, j.WHY), e.HandoverAccepted(organisation, "w"))
        history = j.recorded(history, asked, on)
    history = history.extended(
        [j.entry(7, referral.assess_eligibility(history, act(9))[0], day(9))]
    )
    assert history.entries[-1].event.organisation == "state"
    assert shaken(history, 4, e.HandoverAccepted("city", "w")) == [7]
    assert shaken(history, 6, e.HandoverAccepted("state", "w")) == []


def test_a_verdict_of_an_older_program_stands_on_the_place_that_it_names() -> None:
    """It took who was responsible when it was recorded for whatever day."""
    handed = (e.HandoverRequested("state", j.WHY), e.HandoverAccepted("state", "w"))
    history = j.given(
        (j.REFERRED, day(0)), *((one, day(20)) for one in (e.ReferralAccepted(), *handed))
    )
    late = e.EligibilityAssessed(1, "state", True, (), ())
    history = history.extended([j.entry(5, late, day(9), day(21))])
    assert shaken(history, 4, e.HandoverAccepted("city", "w")) == [5]


def test_a_phase_told_late_stands_on_the_version_that_the_journey_was_under_on_its_day() -> None:
    adopted = ((e.DefinitionAdopted(n, j.WHY), day(10 * n)) for n in (2, 3))
    history = j.given((j.REFERRED, day(0)), (e.ReferralAccepted(), day(0)), *adopted)
    history = history.extended([j.entry(5, e.PhaseEntered(Phase.INTAKE, 2), day(25), day(31))])
    assert shaken(history, 3, e.DefinitionAdopted(4, j.WHY)) == [5]
    assert shaken(history, 4, e.DefinitionAdopted(4, j.WHY)) == []


def day(number: int) -> date:
    return j.DAY + timedelta(days=number)


def act(number: int) -> Any:
    return j.act(day(number))


def shaken(history: History, entry: int, event: Any) -> list[int | None]:
    """Return the decisions called in doubt where an entry should have said something else."""
    put_right = e.EntryCorrected(entry, event, history.entries[entry - 1].occurred_on, j.WHY)
    corrected = history.extended([j.entry(history.version + 1, put_right, day(30))])
    return [one.entry for one in found(corrected)]


def judged_twice(*later: e.JourneyEvent) -> History:
    """A verdict about the day (2), one told late about the day before (3), and what came then."""
    verdict = e.EligibilityAssessed(1, "mikkeli", True, (), ())
    history = j.recorded(j.given(j.REFERRED), (verdict,), j.DAY + timedelta(days=1))
    history = j.recorded(history, (verdict,), j.DAY)
    return j.recorded(history, later, j.DAY + timedelta(days=1))


@pytest.mark.parametrize("decision", [e.ReferralAccepted(), e.ReferralDeclined(j.WHY)])
def test_an_acceptance_stands_on_the_verdict_about_the_last_day_until_then(
    decision: e.JourneyEvent,
) -> None:
    judged = judged_twice(decision)

    def shaken_by(entry: int) -> list[int | None]:
        retracted = e.EntryRetracted(entry, j.WHY)
        return [x.entry for x in found(j.recorded(judged, (retracted,), j.DAY))]

    assert (shaken_by(2), shaken_by(3)) == ([4], [])


def test_an_acceptance_told_for_a_day_before_any_verdict_stands_on_the_newest() -> None:
    verdict = e.EligibilityAssessed(1, "mikkeli", True, (), ())
    history = j.recorded(j.given(j.REFERRED), (verdict,), j.DAY + timedelta(days=1))
    history = j.recorded(history, (e.ReferralAccepted(),), j.DAY)
    history = j.recorded(history, (e.EntryRetracted(2, j.WHY),), j.DAY + timedelta(days=1))
    assert [x.entry for x in found(history)] == [3]


@pytest.mark.parametrize(("days", "open_"), [(-1, True), (0, False), (1, False)])
def test_a_verdict_about_a_day_before_does_not_settle_one(
    corrected: History, days: int, open_: bool
) -> None:
    verdict = e.EligibilityAssessed(1, "mikkeli", False, (), ())
    history = j.recorded(corrected, (verdict,), j.DAY + timedelta(days=days))
    assert [d.open for d in found(history) if d.entry == 4] == [open_]


# What no entry said

SILENT = e.Situation(e.EmploymentStatus.UNKNOWN)
REFERRAL = (referral.accept_referral, {})
REFUSED = (referral.assess_eligibility, {})


def put_right(history: History, decision: Any, **fields: Any) -> History:
    return j.recorded(history, decision(history, j.act(day(30)), reason=j.WHY, **fields), day(30))


def waiting(history: History) -> list[tuple[int, int | None]]:
    return [(one.corrected, one.entry) for one in found(history) if one.deadline is None]


def test_a_verdict_leaned_on_what_an_interview_did_not_say() -> None:
    history = lived(REFERRAL, (intake.hold_intake_interview, {"situation": SILENT}), REFUSED)
    verdict = history.entries[3].event
    assert isinstance(verdict, e.EligibilityAssessed)
    assert (verdict.eligible, verdict.facts) == (False, ())
    told = put_right(history, corrections.correct, entry=3, event=e.IntakeInterviewHeld(TOLD))
    assert waiting(told) == [(3, 4)]
    schooled = e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.UNKNOWN, education=3))
    assert waiting(put_right(history, corrections.correct, entry=3, event=schooled)) == []


def test_a_verdict_made_while_an_entry_was_taken_back_by_mistake_is_in_doubt() -> None:
    history = lived(
        REFERRAL,
        (intake.hold_intake_interview, {"situation": TOLD}),
        (corrections.retract, {"entry": 3, "reason": j.WHY}),
        REFUSED,
    )
    assert waiting(put_right(history, corrections.retract, entry=4)) == [(3, 5)]


@pytest.mark.parametrize("situation", [SILENT, TOLD])
def test_what_was_stated_with_a_verdict_no_entry_tells_otherwise(situation: e.Situation) -> None:
    stated = (referral.assess_eligibility, {"given": {"unemployed_since": date(2024, 1, 1)}})
    history = lived(REFERRAL, (intake.hold_intake_interview, {"situation": situation}), stated)
    in_work = e.IntakeInterviewHeld(IN_WORK)
    assert waiting(put_right(history, corrections.correct, entry=3, event=in_work)) == []


def test_a_verdict_by_the_rules_of_who_took_over_later_is_in_doubt() -> None:
    history = j.given(
        (j.REFERRED, day(0)),
        (e.ReferralAccepted(), day(0)),
        (e.HandoverRequested("state", j.WHY), day(1)),
        (e.HandoverAccepted("state", "worker-2"), day(2)),
        (e.EligibilityAssessed(1, "state", True, (), ()), day(4)),
    )

    def moved_to(number: int) -> History:
        fields = {"entry": 4, "event": history.entries[3].event, "occurred_on": day(number)}
        return put_right(history, corrections.correct, **fields)

    assert waiting(moved_to(3)) == []
    assert waiting(moved_to(5)) == [(4, 5)]


def test_an_acceptance_made_while_a_verdict_was_taken_back_by_mistake_is_in_doubt() -> None:
    verdict = e.EligibilityAssessed(1, "city", False, (), ())
    history = j.given(j.REFERRED, verdict, e.EntryRetracted(2, j.WHY), e.ReferralAccepted())
    assert waiting(put_right(history, corrections.retract, entry=3)) == [(2, 4)]


@pytest.mark.parametrize(
    ("first", "moved_to", "doubted"),
    [(False, 8, [4]), (True, 8, []), (False, 2, [])],
)
def test_an_acceptance_stands_on_another_verdict_where_the_day_of_its_own_is_put_right(
    *, first: bool, moved_to: int, doubted: list[int]
) -> None:
    told = (e.EligibilityAssessed(1, "city", eligible, (), ()) for eligible in (first, True))
    verdicts = zip(told, (day(1), day(3)), strict=True)
    history = j.given((j.REFERRED, day(0)), *verdicts, (e.ReferralAccepted(), day(5)))
    fields = {"entry": 3, "event": history.entries[2].event, "occurred_on": day(moved_to)}
    history = put_right(history, corrections.correct, **fields)
    assert [entry for _, entry in waiting(history)] == doubted


def test_what_another_system_decided_is_not_asked_again() -> None:
    history = lived(REFERRAL, (intake.hold_intake_interview, {"situation": SILENT}), REFUSED)
    source = Source("register", "d" * 64, "decisions", 1, "7", None)
    entries = [*history.entries[:3], history.entries[3]._replace(source=source)]
    told = put_right(
        history_of(entries), corrections.correct, entry=3, event=e.IntakeInterviewHeld(TOLD)
    )
    assert waiting(told) == []


def test_a_count_that_was_none_leaned_on_what_no_entry_said_whatever_was_put_right_since() -> None:
    """What another correction told of it meanwhile does not make it stated."""
    awarded = e.CertificateAwarded("Welder", "school", 4)
    verdict = e.EligibilityAssessed(1, "city", False, (e.FactUsed("certificates", 0, ()),), ())
    taken_back = (awarded, e.EntryRetracted(2, j.WHY), awarded, e.EntryRetracted(4, j.WHY))
    history = put_right(j.given(j.REFERRED, *taken_back, verdict), corrections.retract, entry=3)
    assert waiting(history) == [(2, 6)]
    review = {"correction": 7, "entry": 6, "upheld": True}
    history = put_right(history, corrections.review_decision, **review)
    assert [d.open for d in found(history)] == [False]
    history = put_right(history, corrections.retract, entry=5)
    assert [(d.corrected, d.entry, d.open) for d in found(history)] == [
        (2, 6, False),
        (4, 6, True),
    ]


@pytest.mark.parametrize(("overridden", "doubted"), [("eligible", [4, 5]), ("another", [4])])
def test_an_override_for_want_of_a_fact_is_in_doubt_where_it_is_known_since(
    overridden: str, doubted: list[int]
) -> None:
    entered = e.PhaseEntered(Phase.INTAKE, 1, (), (overridden,), j.WHY)
    slip = (j.eligible(), e.EntryRetracted(2, j.WHY))
    history = j.given(j.REFERRED, *slip, e.ReferralAccepted(), entered)
    assert waiting(history) == []
    history = put_right(history, corrections.retract, entry=3)
    assert waiting(history) == [(2, entry) for entry in doubted]


def test_an_override_under_a_version_that_nobody_published_is_no_fault() -> None:
    entered = e.PhaseEntered(Phase.INTAKE, 7, (), ("eligible",), j.WHY)
    history = j.given(j.REFERRED, j.eligible(), e.EntryRetracted(2, j.WHY), entered)
    history = put_right(history, corrections.retract, entry=3)

    def published(version: int) -> Any:
        if version == 7:
            raise NoDefinition
        return j.definition(version)

    assert doubts(history, published, j.is_weekday) == ()


def test_each_entry_is_folded_but_a_few_times_for_each_correction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A journey of a year in a workshop has hundreds of entries, and its page waits for this."""
    attended = e.AttendanceRecorded("c1", 6.0)
    verdict = e.EligibilityAssessed(1, "city", True, (), ())
    happened = [j.REFERRED, *(verdict if n % 10 == 0 else attended for n in range(200))]
    for entry in range(103, 108):
        right = replace(attended, hours=5.0)
        happened.append(e.EntryCorrected(entry, right, j.DAY, j.WHY))
    does, folded = EVOLVED[e.AttendanceRecorded], list[int]()

    def counted(journey: Any, event: Any, entry: Any) -> Any:
        folded.append(entry.version)
        return does(journey, event, entry)

    history = j.given(*happened)
    monkeypatch.setitem(EVOLVED, e.AttendanceRecorded, counted)
    assert found(history) == ()
    assert len(folded) <= 2 * 5 * len(happened)


def said_anew(history: History, employment: e.EmploymentStatus) -> History:
    """Say what the interview (3) should have said, once more."""
    event = e.IntakeInterviewHeld(e.Situation(employment))
    events = corrections.correct(history, j.act(), entry=3, event=event, reason=j.WHY)
    return j.recorded(history, events, j.DAY)


def reviewed(history: History, correction: int, entry: int) -> History:
    asked = {"correction": correction, "entry": entry, "upheld": True, "reason": j.WHY}
    return j.recorded(history, corrections.review_decision(history, j.act(), **asked), j.DAY)


def open_in(history: History) -> list[tuple[int, int | None]]:
    return [(d.correction, d.entry) for d in found(history) if d.open]


def test_a_review_after_what_was_put_right_once_more_is_of_all_that_was_said_of_it(
    corrected: History,
) -> None:
    """What the first correction said holds no more: nobody can look at it again."""
    again = said_anew(corrected, e.EmploymentStatus.STUDENT)
    assert open_in(again) == [(6, 4), (6, 5), (7, 4), (7, 5)]
    assert open_in(reviewed(again, 7, 4)) == [(6, 5), (7, 5)]
    assert open_in(reviewed(again, 6, 4)) == [(6, 5), (7, 4), (7, 5)]


def test_a_review_after_another_entry_was_put_right_is_of_that_alone(corrected: History) -> None:
    referred = replace(j.REFERRED, client="another")
    events = corrections.correct(corrected, j.act(), entry=1, event=referred, reason=j.WHY)
    both = j.recorded(corrected, events, j.DAY)
    assert (7, 4) in open_in(both)
    assert (6, 4) in open_in(reviewed(both, 7, 4))


def test_a_review_of_what_was_taken_back_is_of_that_alone(corrected: History) -> None:
    again = reviewed(said_anew(corrected, e.EmploymentStatus.STUDENT), 7, 4)
    events = corrections.retract(again, j.act(), entry=7, reason=j.WHY)
    assert open_in(j.recorded(again, events, j.DAY)) == [(6, 4), (6, 5)]
