"""Whether the guards of an act would let a decision be made again."""

from domain.entry import Personal, with_texts
from domain.journey.act import Act
from domain.journey.history import History, JourneyEntry, effective, state_of
from domain.journey.repeated import ask_of, before
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import Wording, said, wording_of


def refused(history: History, then: History, act: Act, decision: JourneyEntry) -> Wording | None:
    """Return why a decision would be refused, were it made of a history; None where it would not.

    Of what was known `then` it is asked in the order recorded, as it was made. Of what is known
    today it is asked by the days. A decision that was recorded late may be refused by the days of
    what was known then, too, which nobody has learnt since: so it is asked in the order recorded of
    what was put right.
    """
    if history is then:
        return _refusal(then, act, decision)
    day, version = decision.occurred_on, decision.version
    by_days = _refusal(before(history, day, version), act, decision)
    if by_days is None or by_days != _refusal(before(then, day, version), act, decision):
        return by_days
    return _refusal(_put_right(history, version), act, decision)


def _put_right(history: History, version: int) -> History:
    """Return what was recorded before an entry, in that order, as it stands today."""
    in_force = tuple(x for x in effective(history.entries) if x.version < version)
    return History(history.entries, in_force, state_of(in_force))


def _refusal(history: History, act: Act, decision: JourneyEntry) -> Wording | None:
    try:
        ask_of(history, act, decision._replace(event=with_texts(decision.event, _legible)))
    except (IllegalTransition, InvalidField) as refusal:
        return said("would be refused: {refusal}", refusal=wording_of(refusal))
    return None


_SOMETHING = Personal("(erased)")
"""Stands for a text that was erased: what it said no guard needs, but that it was said."""


def _legible(text: Personal) -> Personal:
    """Return the text, or something in the place of one that was erased."""
    return _SOMETHING if text.text is None and text.sealed is not None else text
