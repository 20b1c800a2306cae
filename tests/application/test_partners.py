"""Who has opened journeys to whom: only an agreement of one's own does, and only while it holds."""

from datetime import timedelta

import pytest

from application.organisations import act, organisations_of
from application.partners import FRESH_FOR, Partners
from application.transact import Asked
from domain.entry import By
from domain.organisation import decisions
from domain.organisation.events import OrganisationKind

OULU, KELA, KEMI = "oulu", "kela", "kemi"


class Seconds:
    """A clock that is put on by hand."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def organisations(memory_log):
    found = organisations_of(memory_log)
    for code in (OULU, KELA, KEMI):
        does(found, code, decisions.register, name=code.title(), kind=OrganisationKind.MUNICIPALITY)
    return found


def does(organisations, code, decision, **fields):
    today = organisations.log.now().date()
    act(organisations, code, Asked(By("leena", code), today), decision, **fields)


def sign(organisations, code, *partners, days=(0, None)):
    today = organisations.log.now().date()
    first, last = (None if n is None else today + timedelta(days=n) for n in days)
    does(
        organisations,
        code,
        decisions.sign_agreement,
        agreement=f"a-{code}-{first}",
        partners=partners,
        duties=(),
        start=first,
        end=last,
    )


def test_who_signed_has_opened_its_journeys_to_the_others_and_not_the_other_way(organisations):
    sign(organisations, OULU, OULU, KELA)
    partners = Partners(organisations, Seconds())
    assert partners.of(KELA) == {OULU}
    assert partners.of(OULU) == partners.of(KEMI) == frozenset()


def test_nobody_opens_the_journeys_of_others(organisations):
    sign(organisations, KEMI, OULU, KELA)
    partners = Partners(organisations, Seconds())
    assert partners.of(KELA) == partners.of(OULU) == partners.of(KEMI) == frozenset()


def test_an_agreement_opens_nothing_before_it_begins_and_after_its_end(organisations):
    sign(organisations, OULU, OULU, KELA, days=(1, None))
    sign(organisations, KEMI, KEMI, KELA, days=(-9, -1))
    assert Partners(organisations, Seconds()).of(KELA) == frozenset()


def test_what_was_signed_since_is_seen_as_soon_as_it_is_read_anew(organisations):
    seconds = Seconds()
    partners = Partners(organisations, seconds)
    assert partners.of(KELA) == frozenset()
    sign(organisations, OULU, OULU, KELA)
    assert partners.of(KELA) == frozenset()
    seconds.now = FRESH_FOR + 1
    assert partners.of(KELA) == {OULU}


def test_partners_are_remembered_for_as_long_as_they_are_taken_as_they_were(organisations):
    seconds = Seconds()
    partners = Partners(organisations, seconds)
    sign(organisations, OULU, OULU, KELA)
    assert partners.remembered(KELA) is None
    assert partners.of(KELA) == partners.remembered(KELA) == {OULU}
    assert partners.remembered(KEMI) == frozenset()
    seconds.now = FRESH_FOR + 1
    assert partners.remembered(KELA) is None
