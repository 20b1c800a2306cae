"""What is due or waits for somebody: deadlines, decisions to be reviewed, handovers."""

from collections.abc import Iterable
from datetime import date

from application.case_file import CaseFile, Due
from domain.journey import events as e
from domain.journey.deadlines import DeadlineStatus
from domain.journey.history import JourneyEntry
from domain.journey.reliance import Doubt
from domain.wording import in_words, said
from interfaces.http import journey_models as m
from interfaces.http.speaking import Speaking

_TO_DO = frozenset({DeadlineStatus.OPEN, DeadlineStatus.OVERDUE})


def deadline(due: Due, day: date, say: Speaking) -> m.DeadlineTold:
    """Return a deadline as it stands on the day."""
    one = due.deadline
    left = (one.due - day).days if one.due is not None and due.status in _TO_DO else None
    return m.DeadlineTold.model_construct(
        id=one.id,
        title=say.title("deadline", one.rule).title,
        basis=say.ground(one.basis),
        opened_on=one.opened_on,
        opened_by=one.opened_by,
        due=one.due,
        days_left=left,
        status=say.code("deadline-status", due.status.value),
        met_on=one.met_on,
        met_by=one.met_by,
        exempt=say.maybe("exemption", one.exempt.reason if one.exempt else None),
        moved_on=one.moved.on if one.moved else None,
    )


def review(doubt: Doubt, case: CaseFile, say: Speaking) -> m.ReviewTold:
    """Return a decision that waits for a review, and why in words."""
    what = (
        said("the deadline {deadline}", deadline=case.words.deadline(doubt.deadline))
        if doubt.deadline
        else said(
            "the decision of entry {entry} ({kind})",
            entry=doubt.entry,
            kind=in_words("event", doubt.kind),
        )
    )
    sentence = said(
        "Entry {corrected} was changed by entry {correction}: review {what}, which relied on it",
        corrected=doubt.corrected,
        correction=doubt.correction,
        what=what,
    )
    return m.ReviewTold.model_construct(
        correction=doubt.correction,
        corrected=doubt.corrected,
        kind=doubt.kind,
        entry=doubt.entry,
        deadline=doubt.deadline,
        said=say.text(sentence),
    )


def handovers(case: CaseFile, say: Speaking) -> Iterable[m.HandoverTold]:
    """Yield the handovers asked for, each with the first answer that followed it."""
    entries = case.look.entries
    for index, entry in enumerate(entries):
        if isinstance(entry.event, e.HandoverRequested):
            yield _handover(entry, entry.event, _answer(entries[index + 1 :]), say)


def _answer(later: Iterable[JourneyEntry]) -> JourneyEntry | None:
    """Return the first answer to a handover; None where it waits, or was asked for anew."""
    kinds = e.HandoverAccepted | e.HandoverDeclined | e.HandoverRequested
    first = next((x for x in later if isinstance(x.event, kinds)), None)
    return None if first is None or isinstance(first.event, e.HandoverRequested) else first


def _handover(
    entry: JourneyEntry, asked: e.HandoverRequested, answer: JourneyEntry | None, say: Speaking
) -> m.HandoverTold:
    accepted = answer is not None and isinstance(answer.event, e.HandoverAccepted)
    outcome = "waiting" if answer is None else "accepted" if accepted else "declined"
    return m.HandoverTold.model_construct(
        entry=entry.version,
        requested_on=entry.occurred_on,
        to_organisation=say.title("organisation", asked.to_organisation),
        reason=str(asked.reason),
        brief=str(asked.brief),
        outcome=say.code("handover", outcome),
        answered_on=answer.occurred_on if answer else None,
        answered_by=answer.by.person if answer else None,
    )
