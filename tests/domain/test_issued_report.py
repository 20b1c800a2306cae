from dataclasses import replace
from datetime import date
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.issued_report import (
    NEVER_ISSUED,
    Basis,
    IssuedReport,
    ReportEvent,
    ReportIssued,
    ReportRestated,
    SettingUsed,
    fold,
    issue,
    restate,
)
from domain.refusals import IllegalTransition, InvalidField
from tests.domain.streams import entries, histories, lived

BASIS = Basis(None, 7, "ab", 1, "cd", "ef", "0.1.0")
ISSUED = ReportIssued(
    "trial", date(2025, 1, 1), BASIS, ("programme",), (), ("gender",),
    (SettingUsed("long_term_months", 6.0),), 5, 12, "one",
)  # fmt: skip
RESTATED = ReportRestated("r-1", "a late entry", replace(BASIS, at_position=9), "two", 1, (8,))


def told(*events: ReportEvent) -> IssuedReport:
    return fold(entries(*events))


def test_a_report_is_issued_once():
    assert issue(NEVER_ISSUED, report=ISSUED) == (ISSUED,)
    assert issue(told(ISSUED), report=ISSUED) == ()


def test_another_report_cannot_have_its_id():
    with pytest.raises(IllegalTransition, match="another report was issued"):
        issue(told(ISSUED), report=replace(ISSUED, threshold=0))


def test_what_differs_is_restated_and_what_was_said_last_is_not_said_again():
    assert restate(told(ISSUED), restated=RESTATED) == (RESTATED,)
    later = replace(RESTATED, basis=replace(BASIS, at_position=20), reason="again")
    assert restate(told(ISSUED, RESTATED), restated=later) == ()
    third = replace(later, figures_digest="three")
    assert restate(told(ISSUED, RESTATED), restated=third) == (third,)
    assert told(ISSUED, RESTATED, third).figures_digest == "three"


def test_figures_that_come_back_to_what_was_reported_are_restated_too():
    back = replace(RESTATED, figures_digest="one", changed=0, causes=())
    assert restate(told(ISSUED, RESTATED), restated=back) == (back,)


@pytest.mark.parametrize(
    ("state", "restated", "said"),
    [
        (NEVER_ISSUED, RESTATED, "issue it first"),
        (told(ISSUED), replace(RESTATED, figures_digest="one"), "nothing to restate"),
    ],
)
def test_what_cannot_be_restated_is_said(state, restated, said):
    with pytest.raises(IllegalTransition, match=said):
        restate(state, restated=restated)


def test_somebody_says_why_it_is_restated():
    with pytest.raises(InvalidField, match="reason"):
        restate(told(ISSUED), restated=replace(RESTATED, reason=" "))


DIGESTS = st.sampled_from(["one", "two", "three"])


@settings(max_examples=30)
@given(st.lists(DIGESTS, max_size=6))
def test_whatever_is_restated_a_repetition_records_nothing(digests):
    acts = [partial(restate, restated=replace(RESTATED, figures_digest=one)) for one in digests]
    history = lived(fold, [partial(issue, report=ISSUED), *acts])
    said = [x.event.figures_digest for x in history]
    assert all(one != other for one, other in pairwise(said))


@settings(max_examples=30)
@given(history=histories(ReportEvent), cut=st.integers(0, 12))
def test_any_history_folds_and_pieces_equal_the_whole(history, cut):
    whole = fold(history)
    assert fold(history[cut:], fold(history[:cut])) == whole
    assert whole.version == len(history)
