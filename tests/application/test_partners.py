"""Who has opened journeys to whom: only an agreement of one's own does, and only while it holds."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from application.organisations import act, organisations_of
from application.partners import FRESH_FOR, Partners, partners_at
from application.transact import Asked
from domain.entry import By
from domain.organisation import decisions
from domain.organisation.events import AgreementSigned, OrganisationKind
from domain.organisation.state import Agreement, Organisation
from infrastructure.event_log import open_log

OULU, KELA, KEMI = "oulu", "kela", "kemi"


class Seconds:
    """A clock that is put on by hand."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


MIDNIGHT = datetime(2025, 3, 3, tzinfo=UTC)


@pytest.fixture
def clock():
    """The instants of the log; a test may put it on."""
    return [MIDNIGHT]


@pytest.fixture
def organisations(clock):
    with open_log("sqlite://", clock=lambda: clock[0]) as log:
        yield registered(organisations_of(log))


def registered(found):
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


HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize(
    ("zones", "midnight"),
    [
        ({}, datetime(2025, 3, 31, tzinfo=UTC)),
        ({OULU: HELSINKI}, datetime(2025, 3, 30, 21, tzinfo=UTC)),  # clocks went on that night
    ],
)
def test_what_ends_with_the_day_is_not_remembered_into_the_next(
    organisations, clock, zones, midnight
):
    clock[0] = datetime(2025, 3, 30, 12, tzinfo=UTC)
    sign(organisations, OULU, OULU, KELA, days=(0, 0))
    seconds = Seconds()
    partners = Partners(organisations, seconds, zones=lambda: zones)
    clock[0] = midnight - timedelta(seconds=1)
    assert partners.of(KELA) == partners.remembered(KELA) == {OULU}
    clock[0], seconds.now = midnight, 1.0
    assert partners.remembered(KELA) is None
    assert partners.of(KELA) == frozenset()


@pytest.mark.parametrize(
    ("first", "last", "opened", "closed"),
    [  # By the calendar of 2024: clocks went on on 31 March.
        ((2024, 2, 29), (2024, 2, 29), (2024, 2, 28, 22), (2024, 2, 29, 22)),
        ((2024, 3, 30), (2024, 3, 31), (2024, 3, 29, 22), (2024, 3, 31, 21)),
        ((2024, 10, 27), (2024, 10, 27), (2024, 10, 26, 21), (2024, 10, 27, 22)),
    ],
)
def test_an_agreement_begins_and_ends_at_midnight_where_it_was_signed(first, last, opened, closed):
    signed = AgreementSigned("a", (OULU, KELA), (), date(*first), date(*last))
    states = {OULU: Organisation(agreements={"a": Agreement(signed)})}
    begin, end = (datetime(*hours, tzinfo=UTC) for hours in (opened, closed))
    moment = timedelta(microseconds=1)
    seen = [
        KELA in partners_at(states, at, {OULU: HELSINKI})
        for at in (begin - moment, begin, end - moment, end)
    ]
    assert seen == [False, True, True, False]


@pytest.mark.parametrize(("hour", "is_open"), [(0, True), (9, True), (10, False), (23, False)])
def test_the_day_is_that_of_who_signed(organisations, clock, hour, is_open):
    """It is 14 hours later there than in UTC, and 12 hours earlier at who asks."""
    sign(organisations, OULU, OULU, KELA, days=(0, 0))
    clock[0] = MIDNIGHT.replace(hour=hour, minute=59)
    zones = {OULU: ZoneInfo("Etc/GMT-14"), KELA: ZoneInfo("Etc/GMT+12")}
    found = Partners(organisations, Seconds(), zones=lambda: zones).of(KELA)
    assert found == ({OULU} if is_open else frozenset())
