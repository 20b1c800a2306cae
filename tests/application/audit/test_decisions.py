"""A decision as it was made, and whether it would be made again with what is known today."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application import clients
from application.audit.decisions import KINDS, decisions
from application.audit.rerun import (
    Asking,
    ask_guards,
    ask_rules,
    given_again,
    known_then,
    known_today,
    outside,
)
from application.journeys import act, assess_eligibility, history
from application.office import Office, act_of
from application.ports import Append, Destroying, Fresh
from application.programmes import Programmes
from domain.client import Particulars
from domain.definition import DatedRule, Phase, Title
from domain.entry import Personal, Source
from domain.erasure import ClientErased
from domain.journey import corrections, course, ending, follow_up, intake, plan, referral
from domain.journey import events as e
from domain.journey.under import Under
from domain.policy import Outcome, ask
from domain.wording import in_language
from infrastructure.translations import translations
from tests.application.conftest import asked, publish_trial, referred
from tests.domain import journeys as j

SLIP = Personal("a slip")
SHORT = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2024, 12, 1))
LONG = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2023, 1, 1))


MOST_OF_THE_TIME = j.rule(
    "most-of-the-time",
    "days_unemployed_of_last_16_months",
    lambda facts: int(str(facts["days_unemployed_of_last_16_months"])) >= 367,
)


def does(office, decision, on=j.DAY, **fields):
    act(office, "j", asked(on, roles=("team-lead",)), decision, **fields)


def looked_at(office, entry=None):
    return list(decisions(office, history(office, "j"), entry))


def again(decided):
    return {x.asking: x.differs for x in decided.again}


@pytest.fixture
def refused(memory_office):
    """Refused, because the interview said that the client had been unemployed for three months."""
    referred(memory_office)
    does(memory_office, referral.accept_referral)
    does(memory_office, intake.hold_intake_interview, situation=SHORT)
    does(memory_office, referral.assess_eligibility)
    return memory_office


def test_a_decision_shows_what_it_was_made_on(refused):
    does(refused, intake.define_service_needs, needs=("language",))
    (decided,) = looked_at(refused)
    assert [x.version for x in decided.then.entries] == [1, 2, 3]
    assert decided.under == Under("trial", 2)
    assert (decided.holds, decided.stands_on, decided.outside) == (False, (1,), frozenset())
    assert [(f.name, f.value, f.entries) for f in decided.facts] == [("months_unemployed", 3, (3,))]
    (rule,) = decided.rules
    assert (rule.text, rule.outcome) == ("months_unemployed", Outcome.NOT_MET)


def test_what_was_corrected_later_would_decide_otherwise(refused):
    (before,) = looked_at(refused)
    assert again(before)[Asking.KNOWLEDGE] is False
    said = e.IntakeInterviewHeld(LONG)
    later = j.DAY + timedelta(days=40)
    does(refused, corrections.correct, later, entry=3, event=said, reason=SLIP)
    (decided,) = looked_at(refused)
    assert again(decided)[Asking.KNOWLEDGE] is True
    assert decided.again[0].said == "would find the client eligible"
    assert [f.entries for f in decided.again[0].facts] == [(3,)]
    assert (decided.then, decided.facts, decided.rules) == (
        before.then,
        before.facts,
        before.rules,
    )


def test_what_was_recorded_late_counts_as_known_today(refused):
    does(
        refused,
        intake.hold_intake_interview,
        j.DAY,
        situation=LONG,
        note=Personal("written down later"),
    )
    assert again(looked_at(refused)[0])[Asking.KNOWLEDGE] is True


def test_what_happened_later_does_not(refused):
    does(refused, intake.hold_intake_interview, j.DAY + timedelta(days=1), situation=LONG)
    assert again(looked_at(refused)[0])[Asking.KNOWLEDGE] is False


def test_todays_rule_is_asked_too(refused):
    """From September on the city asks whether a client is unemployed, for however long."""
    assert again(looked_at(refused)[0])[Asking.RULE] is True


def test_a_fact_from_outside_is_taken_as_it_was(memory_office):
    office = referred(memory_office)
    does(office, referral.assess_eligibility, given={"months_unemployed": 13})
    (decided,) = looked_at(office)
    assert (decided.holds, decided.outside) == (True, {"months_unemployed"})
    assert again(decided)[Asking.KNOWLEDGE] is False
    assert again(decided)[Asking.RULE] is None
    said = "cannot be told: nobody asked then for unemployed"
    assert decided.again[1].said == said


def test_what_was_stated_to_be_over_is_over_when_the_decision_is_asked_again(memory_office):
    """The rule asks only for how long, which nobody knew then: what ended it is stored."""
    office = referred(memory_office)
    does(office, referral.accept_referral)
    does(office, intake.hold_intake_interview, situation=LONG)
    does(office, referral.assess_eligibility, given={"employment_status": "employed"})
    (decided,) = looked_at(office)
    assert (decided.holds, decided.outside) == (False, {"unemployed"})
    assert again(decided)[Asking.KNOWLEDGE] is False


def test_a_spell_that_was_stated_is_counted_among_the_days_again(memory_office):
    office = referred(memory_office)
    does(office, referral.accept_referral)
    earlier = {"start": date(2024, 1, 1), "end": date(2024, 8, 31), "kind": "spell"}
    does(office, follow_up.record_unemployment_period, **earlier)
    definition = j.definition(
        eligibility=(DatedRule(MOST_OF_THE_TIME, date(2025, 1, 1), None),),
    )
    found = history(office, "j")
    stated = {"unemployed_since": date(2024, 10, 1)}
    made = referral.assess_eligibility(found, j.act(definition=definition), given=stated)
    found = j.recorded(found, made, j.DAY)
    (verdict,) = (x for x in found.in_force if isinstance(x.event, e.EligibilityAssessed))
    then = known_then(found.entries, verdict)
    given = given_again(verdict, then)
    asked_again = ask_rules(Asking.KNOWLEDGE, verdict, then, definition, (MOST_OF_THE_TIME,), given)
    assert (verdict.event.eligible, asked_again.differs) == (True, False)


WORK = {"start": date(2025, 2, 1), "kind": "work"}


def judged_before(office, eligible, used, missing=()):
    """A verdict as it was recorded by a program that made its facts of entries in another way."""
    (rule,) = j.DEFINITION.rules_in_force(j.DAY, "city")
    outcome = replace(ask(rule, {fact.name: fact.value for fact in used}), missing=missing)
    verdict = Fresh(e.EligibilityAssessed(1, "city", eligible, used, (outcome,)), j.DAY)
    version = history(office, "j").version
    office.log.append(Append("journey:j", version, (verdict,), j.WORKER))


@pytest.fixture
def at_work(memory_office):
    """Let in as unemployed by the interview, though work had been recorded since."""
    office = referred(memory_office)
    does(office, referral.accept_referral)
    does(office, intake.hold_intake_interview, date(2025, 3, 3), situation=LONG)
    does(office, follow_up.record_employment_period, **(WORK | {"start": j.DAY}))
    judged_before(office, True, (e.FactUsed("months_unemployed", 26, (3,)),))
    return office


def test_a_verdict_that_was_told_otherwise_of_the_same_entries_is_decided_the_same(at_work):
    (decided,) = looked_at(at_work)
    assert again(decided)[Asking.KNOWLEDGE] is False
    assert decided.again[0].facts == decided.facts


def test_but_what_was_put_right_since_counts(at_work):
    said = e.IntakeInterviewHeld(SHORT)
    later = j.DAY + timedelta(days=40)
    retracted = {"entry": 4, "reason": SLIP}
    does(at_work, corrections.retract, later, **retracted)
    does(at_work, corrections.correct, later, entry=3, event=said, reason=SLIP)
    (decided,) = looked_at(at_work)
    assert again(decided)[Asking.KNOWLEDGE] is True


def test_what_an_older_verdict_was_not_told_it_is_not_told_of_the_same_entries(memory_office):
    office = referred(memory_office)
    does(office, referral.accept_referral)
    does(office, follow_up.record_employment_period, **WORK)
    judged_before(office, False, (), ("months_unemployed",))
    (decided,) = looked_at(office)
    assert again(decided)[Asking.KNOWLEDGE] is False
    assert [x.outcome for x in decided.again[0].rules] == [Outcome.UNKNOWN]


def test_an_older_decision_that_used_what_was_stated_to_be_over_is_decided_the_same(memory_office):
    office = referred(memory_office)
    does(office, referral.accept_referral)
    does(office, intake.hold_intake_interview, situation=LONG)
    does(office, referral.assess_eligibility)
    (by_entries,) = looked_at(office)
    facts = (e.FactUsed("employment_status", "employed", ()), *by_entries.facts)
    older = Fresh(replace(by_entries.entry.event, facts=facts), j.DAY)
    office.log.append(Append("journey:j", 4, (older,), j.WORKER))
    (decided,) = looked_at(office, 5)
    assert (decided.holds, decided.outside) == (True, {"employment_status"})
    assert again(decided)[Asking.KNOWLEDGE] is False
    said = e.IntakeInterviewHeld(SHORT)
    does(office, corrections.correct, entry=3, event=said, reason=SLIP)
    assert again(looked_at(office, 5)[0])[Asking.KNOWLEDGE] is True


def test_a_phase_was_entered_by_requirements_or_by_an_override(refused):
    overriding = {"override": ("eligible",), "reason": SLIP}
    does(refused, course.enter_phase, phase=Phase.INTAKE, **overriding)
    does(refused, course.enter_phase, phase=Phase.COMPETENCE_REVIEW)
    _, intake_, review = looked_at(refused)
    assert [(r.id, r.outcome) for r in intake_.rules] == [("eligible", Outcome.NOT_MET)]
    assert again(intake_) == dict.fromkeys(Asking, False)
    assert [f.entries for f in review.facts] == [(3,)]
    does(refused, corrections.retract, entry=3, reason=SLIP)
    assert looked_at(refused, review.entry.version)[0].again[0].said == (
        "would not let the phase be entered: interviewed: not met (basis of interviewed)"
    )


def test_nothing_hangs_on_an_overridden_requirement_of_which_nothing_was_known(memory_office):
    """Nobody had judged the client yet."""
    office = referred(memory_office)
    does(office, referral.accept_referral)
    does(office, course.enter_phase, phase=Phase.INTAKE, override=("eligible",), reason=SLIP)
    (intake_,) = looked_at(office)
    assert [(r.id, r.outcome) for r in intake_.rules] == [("eligible", Outcome.UNKNOWN)]
    assert again(intake_) == dict.fromkeys(Asking, False)


def test_a_plan_and_an_end_are_asked_of_their_guards(refused):
    does(refused, plan.draft_plan, steps=j.STEPS)
    does(refused, plan.agree_plan, signatories=j.CLIENT_SIGNS)
    revised = {"steps": j.STEPS[1:], "signatories": j.CLIENT_SIGNS, "reason": SLIP}
    does(refused, plan.revise_plan, **revised)
    does(refused, ending.close, end_state="completed", destination="employment")
    _, agreed, revision, closed = looked_at(refused)
    assert [x.stands_on for x in (agreed, revision, closed)] == [(5,), (6,), (2,)]
    assert all(again(x) == dict.fromkeys(Asking, False) for x in (agreed, revision, closed))
    does(refused, corrections.retract, entry=5, reason=SLIP)
    found = {x.entry.version: x for x in looked_at(refused)}
    assert again(found[6])[Asking.KNOWLEDGE] is True
    assert found[6].again[0].said.startswith("would be refused: ")
    assert "draft a plan first" in found[6].again[0].said
    assert again(found[8])[Asking.KNOWLEDGE] is False


def test_what_a_decision_stood_on_can_turn_out_never_to_have_been(refused):
    """No rule asks for the phase before, or for the client to be taken in: the guards do."""
    overriding = {"override": ("eligible",), "reason": SLIP}
    does(refused, course.enter_phase, phase=Phase.INTAKE, **overriding)
    does(refused, course.enter_phase, phase=Phase.COMPETENCE_REVIEW)
    as_before = dict.fromkeys(Asking, False)

    def asked_again():
        return [x.again[0].differs for x in looked_at(refused)]

    assert asked_again() == [False, False, False]
    does(refused, corrections.retract, entry=5, reason=SLIP)
    assessed, _, review = looked_at(refused)
    assert again(review) == as_before | {Asking.KNOWLEDGE: True, Asking.BOTH: True}
    assert "no phase was entered yet" in review.again[0].said
    assert again(assessed)[Asking.KNOWLEDGE] is False
    does(refused, corrections.retract, entry=2, reason=SLIP)
    assert asked_again() == [False, True, True]
    does(refused, corrections.retract, entry=1, reason=SLIP)
    assert asked_again() == [True, True, True]
    assert "refer the client first" in looked_at(refused)[0].again[0].said


def test_what_a_later_version_lets_nobody_override_would_be_refused(refused):
    overriding = {"override": ("eligible",), "reason": SLIP}
    does(refused, course.enter_phase, phase=Phase.INTAKE, **overriding)
    (entered,) = looked_at(refused, 5)
    asking = act_of(refused, asked(), j.definition(3, override_roles=()))
    told = ask_guards(Asking.RULE, entered.entry, entered.then, entered.then, asking)
    assert told.differs is True
    assert "the role of nobody" in told.said


def test_what_another_version_says_of_a_phase_is_asked_of_it_alone(refused):
    """Where the phase comes is for the guards, what it requires for the rules."""
    overriding = {"override": ("eligible",), "reason": SLIP}
    does(refused, course.enter_phase, phase=Phase.INTAKE, **overriding)
    does(refused, course.enter_phase, phase=Phase.COMPETENCE_REVIEW)
    (review,) = looked_at(refused, 6)
    intake_, own = (j.DEFINITION.phase(x) for x in (Phase.INTAKE, Phase.COMPETENCE_REVIEW))

    def guarded(**otherwise):
        newer = j.definition(3, phases=(intake_, replace(own, **otherwise)))
        of = (review.entry, review.then, review.then, act_of(refused, asked(), newer))
        return ask_guards(Asking.RULE, *of)

    assert guarded(requires=intake_.requires).differs is False
    assert "it can only be the first" in guarded(after=()).said


def test_what_was_recorded_late_is_not_held_against_a_decision_twice(refused):
    """The plan was agreed while the journey stood closed by its days: so it was recorded, late."""
    day = timedelta(days=1)
    does(refused, plan.draft_plan, steps=j.STEPS)
    does(refused, ending.close, j.DAY + day, end_state="completed", destination="employment")
    does(refused, ending.reopen, j.DAY + 3 * day, reason=SLIP)
    does(refused, plan.agree_plan, j.DAY + 2 * day, signatories=j.CLIENT_SIGNS)
    (agreed,) = looked_at(refused, 8)
    assert again(agreed) == dict.fromkeys(Asking, False)
    does(refused, intake.define_service_needs, needs=("language",))
    assert again(looked_at(refused, 8)[0]) == dict.fromkeys(Asking, False)
    does(refused, corrections.retract, entry=5, reason=SLIP)
    assert again(looked_at(refused, 8)[0])[Asking.KNOWLEDGE] is True


def test_a_reason_that_was_erased_was_given_all_the_same(refused):
    does(refused, plan.draft_plan, steps=j.STEPS)
    does(refused, plan.agree_plan, signatories=j.CLIENT_SIGNS)
    revised = {"steps": j.STEPS[1:], "signatories": j.CLIENT_SIGNS, "reason": SLIP}
    does(refused, plan.revise_plan, **revised)
    (revision,) = looked_at(refused, 7)
    gone = Personal(None, "c2VhbGVk")
    steps = tuple(replace(step, goal=gone) for step in j.STEPS[1:])
    event = replace(revision.entry.event, steps=steps, reason=gone)
    erased = revision.entry._replace(event=event)
    of = (erased, revision.then, revision.then, act_of(refused, asked(), j.DEFINITION))
    assert ask_guards(Asking.KNOWLEDGE, *of).differs is False


def test_rules_are_asked_of_the_place_that_is_known_today(memory_office):
    """From September on the state asks for a year, the city for unemployment of any length."""
    autumn = date(2025, 9, 1)
    office = referred(memory_office)
    short = replace(SHORT, unemployed_since=date(2025, 8, 1))
    does(office, referral.accept_referral, autumn)
    does(office, intake.hold_intake_interview, autumn, situation=short)
    does(office, referral.assess_eligibility, autumn)
    (decided,) = looked_at(office)
    assert (decided.holds, again(decided)[Asking.KNOWLEDGE]) == (True, False)
    event = replace(history(office, "j").entries[0].event, to_organisation="state")
    does(office, corrections.correct, autumn, entry=1, event=event, reason=SLIP)
    (decided,) = looked_at(office)
    assert again(decided)[Asking.KNOWLEDGE] is True
    assert again(decided)[Asking.RULE] is False
    assert "not eligible" in decided.again[0].said


def test_what_was_brought_in_cannot_be_asked_again(memory_office):
    source = Source("registry", "d" * 64, "cases", 1, "7")
    events = (j.REFERRED, e.EligibilityAssessed(1, "city", True, (), ()))
    fresh = tuple(Fresh(event, j.DAY, source) for event in events)
    memory_office.log.append(Append("journey:j", 0, fresh, j.WORKER))
    (decided,) = looked_at(memory_office)
    assert again(decided) == dict.fromkeys(Asking, None)
    assert "brought in from registry" in decided.again[0].said


def test_a_definition_that_was_never_published_cannot_be_asked(memory_office):
    events = (e.ReferralMade("c", "elsewhere", 0, "a", "b", "letter"), j.eligible())
    fresh = tuple(Fresh(event, j.DAY) for event in events)
    memory_office.log.append(Append("journey:j", 0, fresh, j.WORKER))
    (decided,) = looked_at(memory_office)
    assert again(decided) == dict.fromkeys(Asking, None)
    assert "never published" in decided.again[0].said


def test_rules_that_are_not_those_of_the_version_cannot_be_asked(memory_office):
    fresh = tuple(Fresh(event, j.DAY) for event in (j.REFERRED, j.eligible()))
    memory_office.log.append(Append("journey:j", 0, fresh, j.WORKER))
    (decided,) = looked_at(memory_office)
    assert "has not the rules that were asked" in decided.again[0].said


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 70))
def test_every_decision_is_made_again_where_nothing_more_is_known(seed, length):
    """By the rules of its own version, of the entries that were there, it says the same."""
    found = j.lawful(seed, length, late=(0, 0, 3, 40))
    for decision in found.entries:
        if not isinstance(decision.event, KINDS):
            continue
        then = known_then(found.entries, decision)
        same = known_today(found.entries[: decision.version], decision, then)
        assert same == then
        if isinstance(decision.event, e.EligibilityAssessed | e.PhaseEntered):
            rules = (
                j.DEFINITION.phase(decision.event.phase).requires
                if isinstance(decision.event, e.PhaseEntered)
                else j.DEFINITION.rules_in_force(decision.occurred_on, then.journey.organisation)
            )
            of = (decision, then, j.DEFINITION, rules, outside(decision, then))
            assert ask_rules(Asking.KNOWLEDGE, *of).differs is False
        assert ask_guards(Asking.KNOWLEDGE, decision, then, then, j.act()).differs is False


@pytest.fixture
def of_age(memory_log):
    """A journey of client "c" in a programme for those who are of age."""
    publish_trial(memory_log)
    of_age = j.rule("of-age", "age", lambda facts: facts.get("age") and int(facts["age"]) >= 18)
    rules = (DatedRule(of_age, date(2025, 1, 1), None),)

    def read(text, _origin):
        return j.definition(int(text), eligibility=rules)

    office = Office(memory_log, Programmes(memory_log, read), lambda _country: j.is_weekday)
    return referred(office)


def born(office, client, year):
    particulars = Particulars(given_name=client, date_of_birth=date(year, 1, 1))
    clients.register(office.clients, client, asked(), particulars)


def assert_otherwise_by_an_age_of_35(decided):
    """By today's knowledge alone it is decided otherwise, and the register tells the age."""
    assert again(decided) == {Asking.KNOWLEDGE: True, Asking.RULE: False, Asking.BOTH: True}
    assert [(f.value, f.name in decided.again[0].outside) for f in decided.again[0].facts] == [
        (35, True)
    ]


def test_what_the_register_came_to_tell_is_todays_knowledge_and_no_rule_of_today(of_age):
    assess_eligibility(of_age, "j", asked())
    born(of_age, "c", 1990)
    (decided,) = looked_at(of_age)
    assert_otherwise_by_an_age_of_35(decided)


def test_what_the_register_told_of_another_client_is_not_known_today(of_age):
    """The journey was another person's: how old that one is, says nothing of whose it is."""
    born(of_age, "c", 2010)
    born(of_age, "d", 1990)
    assess_eligibility(of_age, "j", asked())
    (decided,) = looked_at(of_age)
    assert (decided.holds, again(decided)) == (False, dict.fromkeys(Asking, False))
    right = replace(history(of_age, "j").entries[0].event, client="d")
    does(of_age, corrections.correct, entry=1, event=right, reason=SLIP)
    (decided,) = looked_at(of_age)
    assert_otherwise_by_an_age_of_35(decided)


def test_it_is_known_of_no_other_either_once_that_client_was_erased(of_age):
    born(of_age, "c", 2010)
    born(of_age, "d", 1990)
    assess_eligibility(of_age, "j", asked())
    right = replace(history(of_age, "j").entries[0].event, client="d")
    does(of_age, corrections.correct, entry=1, event=right, reason=SLIP)
    (before,) = looked_at(of_age)
    erased = (Fresh(ClientErased("art-17", ()), j.DAY),)
    gone = Destroying(("client:c",))
    of_age.log.append(Append("client:c", 1, erased, j.WORKER, destroying=gone))
    (decided,) = looked_at(of_age)
    assert (again(decided), decided.facts) == (again(before), before.facts)


def test_what_was_stated_is_taken_as_it_was_whoever_is_the_client(of_age):
    born(of_age, "c", 2010)
    born(of_age, "d", 1990)
    assess_eligibility(of_age, "j", asked(), {"age": 20})
    right = replace(history(of_age, "j").entries[0].event, client="d")
    does(of_age, corrections.correct, entry=1, event=right, reason=SLIP)
    (decided,) = looked_at(of_age)
    assert [f.value for one in decided.again for f in one.facts] == [20, 20, 20]


def test_why_it_would_be_decided_otherwise_is_told_with_the_words_of_the_place():
    never = replace(
        j.rule("never", "unemployed", lambda _facts: False),
        title=Title("Never", "Ei koskaan", "fi"),
    )
    definition = j.definition(texts=(Title("basis of never", "laki siitä", "fi"),))
    found = j.given((j.REFERRED, j.DAY))
    stated = {"unemployed_since": date(2023, 1, 1)}
    found = j.recorded(found, referral.assess_eligibility(found, j.act(), given=stated), j.DAY)
    verdict = found.in_force[-1]
    then = known_then(found.entries, verdict)
    told = ask_rules(Asking.RULE, verdict, then, definition, (never,), stated)
    assert told.said == "would find the client not eligible: Never: not met (basis of never)"
    assert in_language(told.said, translations("fi")).endswith(
        ": Ei koskaan: ei täyty (laki siitä)"
    )
