"""From one event of a journey until another: how many days, and what came first instead.

A spell begins on the day of the first *from*. It ends on the first day, from that day on, on which
*until* or a competing event happened; on the same day *until* comes first, then the competing ones
in the order given. What has not ended is censored on the last day that counts, or, where asked, on
the day on which the journey closed for other reasons and was not opened again.
"""

from dataclasses import dataclass
from datetime import date

from application.evaluation.followed import Followed
from application.evaluation.happenings import Happening
from application.evaluation.survival import CENSORED, Stay


@dataclass(frozen=True, slots=True)
class Span:
    """What begins a spell, what ends it, and what can come first instead.

    `ends_at_closing` says that a spell is censored where the journey closed with nothing of it.
    """

    begins: Happening
    until: Happening
    competing: tuple[Happening, ...] = ()
    ends_at_closing: bool = False


def stay_of(one: Followed, span: Span, last: date) -> Stay | None:
    """Return the days of a journey's spell and how it ended; None where none began by then."""
    began = min(span.begins.days(one.entries, last), default=None)
    if began is None:
        return None
    firsts = [_first(one, what, began, last) for what in (span.until, *span.competing)]
    ends = [(day, number) for number, day in enumerate(firsts, 1) if day is not None]
    if ends:
        day, ended = min(ends)
        return Stay((day - began).days, ended)
    closing = one.journey.closing if span.ends_at_closing else None
    until = closing.on if closing is not None and began <= closing.on <= last else last
    return Stay((until - began).days, CENSORED)


def _first(one: Followed, what: Happening, began: date, last: date) -> date | None:
    return min((day for day in what.days(one.entries, last) if began <= day), default=None)
