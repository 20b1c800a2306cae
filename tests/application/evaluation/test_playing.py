"""Journeys played again: under the rule really in force all comes out as it was recorded."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

import pytest

from application.evaluation.case_sentences import sentences
from application.evaluation.cases import Case, Change
from application.evaluation.eligibility import Outcome, Rules
from application.evaluation.playing import Playing, play
from application.evaluation.verdicts_again import FirstDay
from application.evaluation.what_if import Tally
from domain.calendar import Span
from domain.definition import DatedRule, Definition, NoDefinition, Phase, Title
from domain.entry import Personal, Source
from domain.journey import events as e
from domain.journey import referral
from domain.journey.history import REVISING, History, history_of
from domain.policy import RuleOutcome, ask
from domain.wording import in_language
from infrastructure.definitions import load_definition, shipped_definitions
from infrastructure.translations import translations
from infrastructure.working_days import working_days_of
from tests.application.simulated import SHIPPED, real_histories
from tests.domain import journeys as j

AS_AT = date(2026, 6, 30)
OLD = j.definition()
SOURCE = Source("elsewhere", "d" * 64, "cases", 1, "1")


@cache
def shipped(code: str) -> Definition:
    return load_definition(shipped_definitions()[code], f"{code}.yaml")


def playing(other: Definition, recorded: Definition | None = None, **more: Any) -> Playing:
    def version(_number: int) -> Definition:
        return recorded or other

    days = working_days_of(other.country) if other.programme != "trial" else j.is_weekday
    asked = {"since": date.min, "today": AS_AT, **more}
    return Playing(
        other, asked.pop("since"), version, days, lambda _c, _d: {}, lambda _c: None, **asked
    )


@cache
def histories(code: str) -> dict[str, History]:
    found = {id_: h for id_, h in real_histories().items() if h.journey.programme == code}
    assert found
    return found


def same(case: Case) -> bool:
    recorded = all(x.replayed.eligible is x.recorded for x in case.verdicts)
    return recorded and not case.phases and not case.deadlines and not case.touched


@pytest.mark.parametrize("code", SHIPPED)
def test_the_rule_really_in_force_gives_every_recorded_verdict_phase_and_deadline(code):
    verdicts = 0
    for id_, history in histories(code).items():
        case = play(id_, history.entries, playing(shipped(code)))
        assert case is not None
        assert same(case), case
        assert case.change in {Change.SAME, Change.NOT_JUDGED}
        verdicts += len(case.verdicts)
        assert [x.recorded for x in case.verdicts] == [
            x.event.eligible for x in history.in_force if isinstance(x.event, e.EligibilityAssessed)
        ]
    assert verdicts > 40


@pytest.mark.parametrize("code", SHIPPED)
def test_so_it_does_of_what_was_known_at_an_earlier_instant(code):
    at = datetime.combine(date(2025, 9, 15), time(12), UTC)
    asked = playing(shipped(code), known_at=at, as_at=date(2025, 9, 15), today=date(2025, 9, 15))
    cases = [play(id_, h.entries, asked) for id_, h in histories(code).items()]
    there = [case for case in cases if case is not None]
    assert 0 < len(there) < len(cases)
    assert all(same(case) for case in there)


def test_corrected_journeys_are_among_them():
    revised = [
        h for h in real_histories().values() if any(type(x.event) in REVISING for x in h.entries)
    ]
    assert len(revised) > 5


# The trial programme: unemployed for a year, from September on from the first day


REFERRED = j.given((j.REFERRED, j.DAY))
LATER = j.DAY + timedelta(days=20)
FORTNIGHT = timedelta(days=14)
WHY = Personal("because")
SINCE = date(2024, 11, 20)
FROM_THE_START = j.definition(
    eligibility=tuple(
        replace(one, since=date(2025, 1, 1)) for one in j.definition().eligibility[2:]
    )
)
"""The first day of unemployment as the rule from the start; the state office judges by no rule."""


def judged(history: History = REFERRED, on: date = j.DAY, **stated: Any) -> History:
    """The history with a verdict of the trial's own rules on what is stated."""
    events = referral.assess_eligibility(history, j.act(on), given=stated)
    return j.recorded(history, events, on)


def does(history: History, *happened: tuple[Any, date]) -> History:
    for event, on in happened:
        history = j.recorded(history, (event,), on)
    return history


def replayed(history: History, other: Definition = FROM_THE_START, **asked: Any) -> Case:
    case = play("j-1", history.entries, playing(other, j.definition(), **asked))
    assert case is not None
    return case


def test_who_was_refused_would_have_been_let_in_from_the_first_day_on():
    case = replayed(judged(unemployed_since=SINCE))
    assert (case.change, case.eligible, case.would_be_eligible) == (Change.IN, False, True)
    assert case.possible is None
    assert case.replayed_possible == FirstDay(date(2025, 1, 1))
    assert sentences(case) == ("would have been let in, from 2025-01-01 on",)


def test_who_was_let_in_could_have_been_sooner():
    case = replayed(judged(unemployed_since=date(2024, 2, 10)))
    assert (case.change, case.days_sooner) == (Change.SOONER, 61)
    said = "could have been let in from 2025-01-01 on instead of 2025-03-03: 61 days sooner"
    assert sentences(case) == (said,)


@pytest.mark.parametrize(
    ("on", "days", "said"),
    [(date(2025, 3, 2), 1, ": 1 day sooner"), (date(2025, 3, 3), 2, ": 2 days sooner")],
)
def test_one_day_is_told_as_one(on, days, said):
    """First days are looked for by months back from the verdict."""
    referred = j.given((j.REFERRED, on))
    case = replayed(judged(referred, on, unemployed_since=date(2024, 1, 2)))
    assert case.days_sooner == days
    assert sentences(case)[0].endswith(said)


def test_how_much_sooner_cannot_be_told_where_nothing_tells_since_when():
    """Unemployed on the day judged: the rule in force might have let her in on an earlier one."""
    real = j.definition(eligibility=(replace(OLD.eligibility[2], since=date(2025, 1, 1)),))
    line = j.rule("line", "service_line", lambda facts: facts.get("service_line") == "line-1")
    other = j.definition(eligibility=(DatedRule(line, date(2025, 1, 1), None),))
    referred = j.given((replace(j.REFERRED, service_line="line-1"), j.DAY))
    asked = j.act(LATER, definition=real)
    events = referral.assess_eligibility(referred, asked, given={"unemployed": True})
    history = j.recorded(referred, events, LATER)
    case = play("j-1", history.entries, playing(other, real))
    assert case is not None
    assert (case.possible, case.replayed_possible) == (None, FirstDay(j.DAY))
    assert (case.change, case.days_sooner) == (Change.SAME, None)
    told = e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.UNEMPLOYED, LATER - FORTNIGHT))
    case = play("j-1", does(history, (told, LATER)).entries, playing(other, real))
    assert case is not None
    assert (case.change, case.days_sooner) == (Change.SOONER, 6)


def test_and_later_or_not_at_all_under_a_harder_rule():
    two_years = j.rule("two-years", "months_unemployed", j.months_at_least(14))
    harder = j.definition(eligibility=(DatedRule(two_years, date(2025, 1, 1), None),))
    case = replayed(judged(unemployed_since=date(2024, 1, 3)), harder)
    assert (case.change, case.days_sooner) == (Change.LATER, -59)
    assert "59 days later" in sentences(case)[0]
    case = replayed(judged(unemployed_since=date(2024, 2, 3)), harder)
    assert case.change is Change.OUT
    assert sentences(case) == (
        "would not have been let in: two-years: not met (basis of two-years)",
    )


def test_what_nobody_asked_for_cannot_be_told_unless_it_was_told_later():
    history = judged(months_unemployed=0)
    case = replayed(history)
    assert (case.change, case.verdicts[0].replayed.unasked) == (Change.UNTOLD, ("unemployed",))
    assert sentences(case) == ("cannot be told: nobody asked then for unemployed",)
    told = e.Situation(e.EmploymentStatus.UNEMPLOYED, j.DAY - timedelta(days=3))
    history = does(history, (e.IntakeInterviewHeld(told), LATER))
    case = replayed(history)
    assert case.change is Change.IN
    assert case.verdicts[0].replayed.later
    assert replayed(history, as_at=j.DAY).change is Change.UNTOLD


def test_before_its_day_the_other_definition_does_not_hold():
    history = judged(unemployed_since=SINCE)
    assert replayed(history, since=j.DAY).change is Change.IN
    assert replayed(history, since=j.DAY + timedelta(days=1)).change is Change.SAME


def test_a_length_in_months_tells_by_which_day_at_the_latest():
    case = replayed(judged(months_unemployed=1))
    assert case.change is Change.IN
    assert sentences(case) == ("would have been let in, from 2025-02-03 on at the latest",)


def test_what_is_retracted_is_not_asked_and_what_was_known_then_counts():
    history = judged(unemployed_since=SINCE)
    retracted = does(history, (e.EntryRetracted(2, Personal("a slip")), LATER))
    assert replayed(retracted).change is Change.NOT_JUDGED
    before = datetime.combine(LATER, time(), UTC)
    assert replayed(retracted, known_at=before).change is Change.IN


def test_what_was_brought_in_passed_no_rule_and_is_not_asked():
    entries = [x._replace(source=SOURCE) for x in judged(unemployed_since=SINCE).entries]
    assert replayed(history_of(entries)).change is Change.NOT_JUDGED


def test_a_version_that_was_never_published_is_not_asked():
    def nothing(_version: int) -> Definition:
        raise NoDefinition

    history = judged(unemployed_since=SINCE)
    asked = replace(playing(FROM_THE_START, since=date(2030, 1, 1)), recorded=nothing)
    case = play("j-1", history.entries, asked)
    assert case is not None
    assert case.change is Change.NOT_JUDGED
    asked = replace(asked, since=date.min)
    case = play("j-1", history.entries, asked)
    assert case is not None
    assert (case.change, case.possible) == (Change.IN, None)


def test_another_programme_and_what_was_not_begun_are_left_out():
    other = j.definition(programme="other")
    assert play("j-1", judged().entries, playing(other)) is None
    assert play("j-1", judged().entries, playing(OLD, as_at=date(2025, 3, 2))) is None


TAKEN_IN = does(
    judged(unemployed_since=date(2023, 1, 1)),
    (e.ReferralAccepted(), j.DAY),
    (e.CaseWorkerAssigned("worker-1", "city"), j.DAY),
    (e.PhaseEntered(Phase.INTAKE, 1, (e.FactUsed("eligible", True, (2,)),)), j.DAY),
    (e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.UNEMPLOYED)), j.DAY + timedelta(days=9)),
)


def test_deadlines_are_missed_or_kept_under_another_span():
    sooner = j.definition(deadlines=(replace(OLD.deadlines[0], span=Span(5, "working-days")),))
    (missed,) = replayed(TAKEN_IN, sooner).deadlines
    assert (missed.deadline, missed.missed) == ("interview/3", True)
    assert (missed.due, missed.replayed_due) == (date(2025, 3, 17), date(2025, 3, 10))
    case = play("j-1", TAKEN_IN.entries, playing(OLD, sooner))
    assert case is not None
    assert [x.missed for x in case.deadlines] == [False]
    assert sentences(case) == ("would not have missed interview/3, due on 2025-03-10",)
    assert replayed(TAKEN_IN, sooner, since=j.DAY + timedelta(days=1)).deadlines == ()


def test_a_deadline_that_had_passed_when_the_journey_ended_was_missed_one_that_had_not_was_not():
    closed = e.JourneyClosed("cancelled", "unknown")
    *begun, _interview = TAKEN_IN.entries
    sooner = j.definition(deadlines=(replace(OLD.deadlines[0], span=Span(5, "working-days")),))
    found = [
        [x.missed for x in replayed(does(history_of(begun), (closed, day)), sooner).deadlines]
        for day in (date(2025, 3, 10), date(2025, 3, 11), date(2025, 3, 17), date(2025, 3, 18))
    ]
    assert found == [[], [True], [True], []]  # due on the 10th, or on the 17th as recorded


def test_deadlines_of_who_was_let_in_neither_then_nor_by_the_other_rules_are_played_too():
    """The referral was to be answered in time whatever the verdict: nobody was left out anew."""
    answer = replace(OLD.deadlines[0], id="answer", starts=("referral-made",))
    real = j.definition(deadlines=(replace(answer, ends=("referral-declined",)),))
    other = replace(real, deadlines=(replace(real.deadlines[0], span=Span(2, "days")),))
    declined = does(judged(months_unemployed=3), (e.ReferralDeclined(WHY), LATER - FORTNIGHT))
    case = play("j-1", declined.entries, playing(replace(other, eligibility=OLD.eligibility), real))
    assert case is not None
    assert (case.change, case.eligible, case.would_be_eligible) == (Change.SAME, False, False)
    assert [(x.deadline, x.missed) for x in case.deadlines] == [("answer/1", True)]


def test_a_follow_up_meets_no_point_that_opens_only_by_a_definition_not_yet_in_force():
    """It meets one point alone: that of the second placement, which began after the day asked."""
    first, second = j.DAY + timedelta(days=30), j.DAY + timedelta(days=90)
    held = second + timedelta(days=25)
    history = does(
        TAKEN_IN,
        (e.PlacementStarted("p1"), first),
        (e.PlacementEnded("p1", WHY), first + timedelta(days=20)),
        (e.PlacementStarted("p2"), second),
        (e.FollowUpHeld(e.EmploymentStatus.EMPLOYED), held),
    )
    case = play("j-1", history.entries, playing(OLD, replace(OLD, follow_up=()), since=second))
    assert case is not None
    assert case.deadlines == ()
    case = play("j-1", history.entries, playing(OLD, replace(OLD, follow_up=()), since=first))
    assert case is not None
    assert [(x.deadline, x.missed) for x in case.deadlines] == [
        ("one-month/7", True),
        ("one-month/9", True),
    ]


# A verdict that the recorded definition let be made where and when it was not run


def in_force(history: History, real: Definition, **asked: Any) -> Case:
    """What playing under the rule in force gives; by the facts kept alone it is the same."""
    case = play("j-1", history.entries, playing(real, **asked))
    assert case is not None
    rules = Rules(real, asked.get("since", date.min), lambda _version: real)
    quick = Outcome(case.organisation, case.eligible, case.would_be_eligible)
    assert rules.outcome(history.entries) == quick
    return case


def test_a_verdict_told_late_about_an_earlier_day_does_not_undo_the_one_since():
    """Let in on the later day; only then somebody records the no of the first."""
    history = judged(judged(on=LATER, months_unemployed=13), months_unemployed=3)
    assert history.journey.eligibility is not None
    assert history.journey.eligibility.eligible
    case = in_force(history, OLD)
    assert (case.eligible, case.would_be_eligible, case.change) == (True, True, Change.SAME)


def test_a_verdict_whose_day_was_put_right_since_stands_for_that_day():
    """The no was about a later day than was recorded: it stands, on the journey's page, too."""
    first, second = j.DAY + timedelta(days=1), j.DAY + timedelta(days=10)
    history = judged(judged(on=first, months_unemployed=3), on=second, months_unemployed=13)
    corrected = e.EntryCorrected(2, history.entries[1].event, LATER, WHY)
    history = does(history, (corrected, LATER))
    assert history.journey.eligibility is not None
    assert not history.journey.eligibility.eligible
    case = in_force(history, OLD)
    assert (case.eligible, case.would_be_eligible, case.change) == (False, False, Change.SAME)
    assert [x.entry for x in case.verdicts] == [3, 2]


def test_a_phase_stands_on_the_verdict_about_the_last_day_until_it_was_entered():
    """By the other rules that is a no, too, as was the one of the first day that was told since."""
    history = judged(judged(on=LATER, months_unemployed=13), months_unemployed=3)
    history = does(history, (e.PhaseEntered(Phase.INTAKE, 1), LATER))
    longer = j.rule("longer", "months_unemployed", at_least("months_unemployed", 20))
    other = j.definition(eligibility=(DatedRule(longer, date(2025, 1, 1), None),))
    assert [(x.entry, x.possible) for x in replayed(history, other).phases] == [(4, False)]


def test_a_phase_stands_on_the_verdict_about_the_last_day_as_it_was_put_right_by_then():
    """The yes was put right to be the later one before the phase was entered on it."""
    first, second = j.DAY + timedelta(days=1), j.DAY + timedelta(days=10)
    history = judged(judged(on=second, months_unemployed=3), on=first, months_unemployed=13)
    corrected = e.EntryCorrected(3, history.entries[2].event, LATER, WHY)
    entered = (e.PhaseEntered(Phase.INTAKE, 1), LATER)
    longer = j.rule("longer", "months_unemployed", at_least("months_unemployed", 20))
    other = j.definition(eligibility=(DatedRule(longer, date(2025, 1, 1), None),))
    history = does(history, (corrected, LATER), entered)
    assert [(x.entry, x.possible) for x in replayed(history, other).phases] == [(5, False)]


def test_who_was_referred_before_the_programme_ended_is_judged_as_then_after_its_end():
    real = j.definition(effective_until=LATER)
    case = in_force(judged(on=LATER, unemployed_since=date(2023, 1, 1)), real)
    assert (case.eligible, case.would_be_eligible) == (True, True)
    assert same(case)


def test_who_was_referred_after_another_end_would_not_have_been_let_in():
    other = j.definition(effective_until=j.DAY)
    case = replayed(judged(on=LATER, unemployed_since=date(2023, 1, 1)), other)
    assert case.change is Change.OUT
    assert "the programme ends on 2025-03-03" in sentences(case)[0]


@pytest.mark.parametrize("since", [date.min, date.max])
def test_a_verdict_for_a_day_before_the_place_took_part_comes_out_as_it_was(since):
    """It was recorded late, after a handover to an organisation that has joined since.

    An older program took the place of the newest handover for any day.
    """
    city, state = OLD.organisations
    real = j.definition(organisations=(city, replace(state, since=LATER)))
    gone = does(
        REFERRED,
        (e.ReferralAccepted(), j.DAY),
        (e.HandoverRequested("state", WHY), LATER),
        (e.HandoverAccepted("state", "worker-2"), LATER),
    )
    told = judged(gone, unemployed_since=date(2023, 1, 1))
    verdict = told.entries[-1]
    late = replace(verdict.event, organisation="state")  # type: ignore[type-var]
    history = gone.extended([verdict._replace(event=late)])
    case = in_force(history, real, since=since)
    assert [(x.organisation, x.recorded, x.replayed.eligible) for x in case.verdicts] == [
        ("state", True, True)
    ]


def test_the_first_day_may_be_that_on_which_the_place_joins():
    city, state = OLD.organisations
    joins = date(2025, 2, 20)
    other = j.definition(organisations=(replace(city, since=joins), state))
    case = replayed(judged(unemployed_since=date(2024, 1, 10)), other)
    assert case.possible == FirstDay(date(2025, 2, 3), exact=False)
    assert case.replayed_possible == FirstDay(joins)
    assert case.change is Change.LATER


def test_the_first_day_is_looked_for_under_the_version_that_was_in_force_then():
    """The journey is under version 2, of 1 March; until then the first one let clients in."""
    versions = {1: OLD, 2: j.definition(2, effective_from=date(2025, 3, 1))}
    history = does(judged(unemployed_since=date(2024, 1, 10)))
    under = [
        x._replace(event=replace(x.event, definition_version=2))
        for x in history.entries
        if isinstance(x.event, e.ReferralMade | e.EligibilityAssessed)
    ]
    asked = replace(playing(FROM_THE_START), recorded=versions.__getitem__)
    case = play("j-1", under, asked)
    assert case is not None
    assert case.possible == FirstDay(date(2025, 2, 3), exact=False)
    assert (case.change, case.days_sooner) == (Change.SOONER, 33)
    case = play("j-1", under, replace(asked, since=date(2025, 2, 15)))
    assert case is not None
    assert (case.change, case.replayed_possible) == (Change.SAME, case.possible)


def test_what_an_assessor_stated_of_the_spell_goes_before_what_an_interview_had_told():
    """The assessor says since when: the spell of the interview is not mixed with it."""
    told = e.Situation(e.EmploymentStatus.EMPLOYED)
    history = judged(
        does(REFERRED, (e.IntakeInterviewHeld(told), j.DAY)), unemployed_since=date(2023, 1, 1)
    )
    case = replayed(history)
    assert (case.eligible, case.would_be_eligible) == (True, True)
    days = j.rule("a-year-of-days", "days_unemployed", at_least("days_unemployed", 300))
    told = e.Situation(e.EmploymentStatus.UNEMPLOYED, j.DAY - timedelta(days=3))
    history = judged(
        does(REFERRED, (e.IntakeInterviewHeld(told), j.DAY)), unemployed_since=date(2023, 1, 1)
    )
    other = j.definition(eligibility=(DatedRule(days, date(2025, 1, 1), None),))
    case = replayed(history, other)
    assert (case.change, case.verdicts[0].replayed.unasked) == (Change.UNTOLD, ("days_unemployed",))
    same_spell = e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2023, 1, 1)))
    assert replayed(does(history, (same_spell, LATER)), other).change is Change.UNTOLD
    judged_first = judged(unemployed_since=date(2023, 1, 1))
    assert replayed(does(judged_first, (same_spell, LATER)), other).would_be_eligible is True


@pytest.mark.parametrize(
    ("told", "stated", "change"),
    [
        (e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2023, 1, 1)), "employed", Change.OUT),
        (e.Situation(e.EmploymentStatus.EMPLOYED), "unemployed", Change.SAME),
    ],
)
def test_a_status_that_an_assessor_stated_goes_before_the_spell_that_an_interview_had_told(
    told: e.Situation, stated: str, change: Change
) -> None:
    """Nobody asked whether the client was unemployed: the status of the day tells it."""
    any_status = j.rule("any-status", "employment_status", lambda f: "employment_status" in f)
    real = j.definition(eligibility=(DatedRule(any_status, date(2025, 1, 1), None),))
    history = does(REFERRED, (e.IntakeInterviewHeld(told), j.DAY))
    act, given = j.act(definition=real), {"employment_status": stated}
    history = j.recorded(history, referral.assess_eligibility(history, act, given=given), j.DAY)
    case = replayed(history)
    assert (case.eligible, case.change) == (True, change)
    alone = Rules(FROM_THE_START, date.min, lambda _version: real).outcome(history.entries)
    assert isinstance(alone, Outcome)
    assert alone.replayed is case.would_be_eligible


def test_an_older_verdict_that_found_somebody_at_work_unemployed_comes_out_as_it_was_recorded():
    """What was told last was not always what counted; what-if says nothing of that."""
    told = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2023, 1, 1))
    work = e.EmploymentPeriodRecorded(date(2025, 2, 1), None, "work")
    used = e.FactUsed("months_unemployed", 26, (2,))
    verdict = e.EligibilityAssessed(1, "city", True, (used,), ())
    talk = (e.IntakeInterviewHeld(told), date(2025, 1, 9))
    case = replayed(does(REFERRED, talk, (work, j.DAY), (verdict, j.DAY)), OLD)
    assert (case.eligible, case.would_be_eligible) == (True, True)


def test_an_older_verdict_that_found_nothing_told_stays_so_where_a_follow_up_had_told_it():
    """What was not known then is not known, though it counts today where it was told."""
    held = e.FollowUpHeld(e.EmploymentStatus.UNEMPLOYED)
    in_force = j.definition(eligibility=(replace(OLD.eligibility[2], since=date(2025, 1, 1)),))
    verdict = e.EligibilityAssessed(1, "city", False, (), (unknown_of(in_force),))
    case = replayed(does(REFERRED, (held, j.DAY), (verdict, j.DAY)), in_force)
    assert (case.eligible, case.would_be_eligible) == (False, False)


def unknown_of(definition: Definition) -> RuleOutcome:
    (rule,) = definition.rules_in_force(j.DAY, "city")
    return ask(rule, {})


def at_least(fact: str, count: int) -> Any:
    return lambda facts: None if facts.get(fact) is None else facts[fact] >= count


def test_a_phase_would_have_been_stopped():
    nobody = j.rule("nobody", "eligible", lambda _facts: False)
    first, *others = OLD.phases
    asked = {"phases": (replace(first, requires=(nobody,)), *others)}
    case = replayed(TAKEN_IN, j.definition(**asked))
    assert [(x.entry, x.possible) for x in case.phases] == [(5, False)]
    assert "would not let the phase be entered" in sentences(case)[0]
    case = replayed(TAKEN_IN, j.definition(phases=tuple(others)))
    assert [x.why for x in case.phases] == ["there is no such phase"]
    after = (replace(first, after=(Phase.TRAINING,)), *others)
    case = replayed(TAKEN_IN, j.definition(phases=after))
    assert [x.why for x in case.phases] == ["it does not follow the phase before it"]


def test_a_requirement_that_nobody_asked_for_cannot_be_told():
    first, *others = OLD.phases
    grown = j.rule("grown", "age", lambda facts: facts["age"] > 18 if "age" in facts else None)
    asked = (replace(first, requires=(*first.requires, grown)), *others)
    case = replayed(TAKEN_IN, j.definition(phases=asked))
    assert [x.possible for x in case.phases] == [None]
    assert not case.touched
    assert case.untold
    assert sentences(case) == ("intake on 2025-03-03: cannot be told: nobody asked then for age",)


def test_a_phase_is_asked_for_also_where_no_verdict_of_here_stands():
    retracted = does(TAKEN_IN, (e.EntryRetracted(2, Personal("a slip")), LATER))
    case = replayed(retracted, j.definition(phases=tuple(OLD.phases[1:])))
    assert case.change is Change.NOT_JUDGED
    assert [(x.phase, x.possible) for x in case.phases] == [("intake", False)]
    assert case.touched
    assert replayed(retracted, j.definition()).phases == ()


def test_who_would_not_have_been_let_in_could_not_have_entered_and_has_no_deadline():
    never = j.rule("never", "unemployed", lambda _facts: False)
    other = j.definition(eligibility=(DatedRule(never, date(2025, 1, 1), None),))
    case = replayed(TAKEN_IN, replace(other, deadlines=()))
    assert case.change is Change.OUT
    assert [(x.phase, x.possible) for x in case.phases] == [("intake", False)]
    assert case.deadlines == ()


def test_a_tally_counts_each_kind_of_difference():
    tally = Tally(None)
    for history in (
        judged(unemployed_since=SINCE),
        judged(unemployed_since=date(2024, 2, 10)),
        judged(months_unemployed=0),
        REFERRED,
    ):
        tally.add(replayed(history))
    assert (tally.journeys, tally.judged, tally.eligible, tally.would_be) == (4, 3, 1, 2)
    assert tally.days_sooner == 61
    assert [tally.changes[x] for x in (Change.IN, Change.SOONER, Change.UNTOLD)] == [1, 1, 1]
    assert tally.changes[Change.NOT_JUDGED] == 1


NEVER = Title("Never", "Ei koskaan", "fi")


def test_what_would_have_been_is_told_with_the_words_of_the_place():
    """The titles of rules and deadlines are those of the definition, in its language."""
    finnish = translations("fi")
    never = replace(j.rule("never", "unemployed", lambda _facts: False), title=NEVER)
    held = (DatedRule(never, date(2025, 1, 1), None),)
    texts = (Title("basis of never", "laki siitä", "fi"),)
    why, *_ = sentences(replayed(TAKEN_IN, j.definition(eligibility=held, texts=texts)))
    assert why == "would not have been let in: Never: not met (basis of never)"
    assert in_language(why, finnish) == (
        "ei olisi päässyt ohjelmaan: Ei koskaan: ei täyty (laki siitä)"
    )

    talk = Title("Talk", "Haastattelu", "fi")
    soon = replace(OLD.deadlines[0], span=Span(5, "working-days"), title=talk)
    late = replayed(TAKEN_IN, j.definition(deadlines=(soon,)))
    (missed,) = late.deadlines
    (told,) = sentences(late)
    assert told == f"would have missed {missed.deadline}, due on {missed.replayed_due}"
    assert in_language(told, finnish).startswith("määräaika Haastattelu olisi ylittynyt")
