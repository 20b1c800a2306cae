"""Corrections: before and after field by field, what leaned on them, and what became of it."""

from datetime import date, timedelta

import pytest

from application.audit.corrections import Became, corrections
from application.case_file import open_case_file
from application.journeys import act, history
from application.plainly import Changed
from application.ports import Append, Fresh
from domain.definition import Phase
from domain.entry import Personal
from domain.journey import corrections as acts
from domain.journey import course, intake, referral
from domain.journey import events as e
from tests.application.conftest import asked, referred
from tests.domain import journeys as j

SLIP = Personal("a slip of the pen")
LONG = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2023, 1, 1))
SHORT = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2024, 12, 1))


def does(office, decision, on=j.DAY, **fields):
    act(office, "j", asked(on, roles=("team-lead",)), decision, **fields)


def found(office):
    return list(corrections(office, history(office, "j")))


@pytest.fixture
def corrected(memory_office):
    """Found eligible by an interview whose day and spell were wrong, and moved on."""
    office = referred(memory_office)
    does(office, referral.accept_referral)
    does(office, intake.hold_intake_interview, situation=LONG)
    does(office, referral.assess_eligibility)
    does(office, course.enter_phase, phase=Phase.INTAKE)
    said = e.IntakeInterviewHeld(SHORT)
    day = j.DAY + timedelta(days=1)
    does(office, acts.correct, entry=3, event=said, occurred_on=day, reason=SLIP)
    return office


def test_a_correction_says_what_was_and_what_should_have_been(corrected):
    (one,) = found(corrected)
    assert (one.entry.version, one.target, one.reason, one.holds) == (6, 3, SLIP, True)
    assert one.entry.by == j.WORKER
    assert one.changed == (
        Changed("situation.unemployed_since", "2023-01-01", "2024-12-01"),
        Changed("occurred_on", "2025-03-03", "2025-03-04"),
    )


def test_it_names_what_had_leaned_on_it_and_what_became_of_that(corrected):
    (one,) = found(corrected)
    assert [(x.doubt.entry, x.became, x.by) for x in one.leaned] == [
        (4, Became.WAITING, None),
        (5, Became.WAITING, None),
        (None, Became.WAITING, None),
    ]
    assert one.leaned[2].doubt.deadline == "interview/2"
    review = {"correction": 6, "deadline": None, "reason": SLIP}
    does(corrected, acts.review_decision, entry=5, upheld=False, **review)
    does(corrected, referral.assess_eligibility, j.DAY + timedelta(days=2))
    (one,) = found(corrected)
    assert [(x.became, x.by.version) for x in one.leaned[:2]] == [
        (Became.DECIDED_ANEW, 8),
        (Became.NOT_UPHELD, 7),
    ]


def test_a_review_that_upholds_and_a_retraction_settle_it_too(corrected):
    review = {"correction": 6, "deadline": None, "reason": SLIP}
    does(corrected, acts.review_decision, entry=4, upheld=True, **review)
    does(corrected, acts.retract, entry=5, reason=SLIP)
    one, retraction = found(corrected)
    assert [x.became for x in one.leaned[:2]] == [Became.UPHELD, Became.RETRACTED]
    assert (retraction.target, retraction.after) == (5, None)
    assert Changed("phase", "intake", None) in retraction.changed


def test_a_review_after_the_same_entry_was_put_right_once_more_is_what_became_of_both(corrected):
    """A slip that was put right in two steps is looked at once: nothing of the first one waits."""
    said = e.IntakeInterviewHeld(e.Situation(SHORT.employment, date(2024, 11, 1)))
    does(corrected, acts.correct, entry=3, event=said, reason=SLIP)
    review = {"correction": 7, "deadline": None, "reason": SLIP}
    does(corrected, acts.review_decision, entry=4, upheld=True, **review)
    became = [
        [(x.became, x.by and x.by.version) for x in one.leaned[:2]] for one in found(corrected)
    ]
    assert became == [[(Became.UPHELD, 8), (Became.WAITING, None)]] * 2


def test_a_correction_that_was_taken_back_no_more_holds(corrected):
    does(corrected, acts.retract, entry=6, reason=SLIP)
    one, back = found(corrected)
    assert (one.holds, back.holds) == (False, True)
    assert (back.target, back.changed[0]) == (
        3,
        Changed("situation.unemployed_since", "2024-12-01", "2023-01-01"),
    )
    assert one.leaned == ()


def test_a_journey_of_another_system_has_its_corrections_too(memory_office):
    events = (
        e.ReferralMade("c", "elsewhere", 0, "a", "b", "letter"),
        e.ReferralAccepted(),
        e.EntryRetracted(2, SLIP),
    )
    fresh = tuple(Fresh(event, j.DAY) for event in events)
    memory_office.log.append(Append("journey:j", 0, fresh, j.WORKER))
    (one,) = found(memory_office)
    assert (one.target, one.leaned) == (2, ())


def test_a_verdict_about_a_day_before_is_not_what_a_doubted_one_was_settled_by(memory_office):
    referred(memory_office)
    does(memory_office, referral.accept_referral)
    does(memory_office, intake.hold_intake_interview, situation=LONG)
    later = j.DAY + timedelta(days=3)
    does(memory_office, referral.assess_eligibility, later)
    does(memory_office, acts.correct, entry=3, event=e.IntakeInterviewHeld(SHORT), reason=SLIP)
    does(memory_office, referral.assess_eligibility, j.DAY + timedelta(days=1))
    (one,) = found(memory_office)
    assert [(x.doubt.entry, x.became) for x in one.leaned] == [(4, Became.WAITING)]
    does(memory_office, referral.assess_eligibility, later)
    (one,) = found(memory_office)
    assert [(x.became, x.by.version) for x in one.leaned] == [(Became.DECIDED_ANEW, 7)]


def test_a_verdict_is_not_in_doubt_for_a_spell_that_was_stated_with_it_to_be_over(memory_office):
    referred(memory_office)
    does(memory_office, referral.accept_referral)
    does(memory_office, intake.hold_intake_interview, situation=LONG)
    stated = {"employment_status": "employed"}
    does(memory_office, referral.assess_eligibility, given=stated)
    does(memory_office, acts.correct, entry=3, event=e.IntakeInterviewHeld(SHORT), reason=SLIP)
    assert found(memory_office)[0].leaned == ()


def test_an_older_verdict_that_used_such_a_spell_is_in_doubt(memory_office):
    used = (
        e.FactUsed("employment_status", "employed", ()),
        e.FactUsed("months_unemployed", 26, (3,)),
    )
    events = (
        j.REFERRED,
        e.ReferralAccepted(),
        e.IntakeInterviewHeld(LONG),
        e.EligibilityAssessed(1, "city", True, used, ()),
        e.EntryCorrected(3, e.IntakeInterviewHeld(SHORT), j.DAY, SLIP),
    )
    fresh = tuple(Fresh(event, j.DAY) for event in events)
    memory_office.log.append(Append("journey:j", 0, fresh, j.WORKER))
    assert [x.doubt.entry for x in found(memory_office)[0].leaned] == [4]


def test_what_waits_by_the_page_waits_here_also_under_a_version_that_nobody_published(
    memory_office,
):
    events = (
        j.REFERRED,
        e.ReferralAccepted(),
        e.IntakeInterviewHeld(LONG),
        e.EligibilityAssessed(1, "city", True, (e.FactUsed("months_unemployed", 26, (3,)),), ()),
        e.DefinitionAdopted(9, SLIP),
        e.EntryCorrected(3, e.IntakeInterviewHeld(SHORT), j.DAY, SLIP),
    )
    fresh = tuple(Fresh(event, j.DAY) for event in events)
    memory_office.log.append(Append("journey:j", 0, fresh, j.WORKER))
    (one,) = found(memory_office)
    page = open_case_file(memory_office, "j")
    assert [x.doubt for x in one.leaned] == [*page.doubts]
    assert [(x.doubt.entry, x.became) for x in one.leaned] == [(4, Became.WAITING)]
