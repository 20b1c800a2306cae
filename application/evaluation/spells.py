"""From one event of a journey until another: how many days, and what came first instead.

A spell begins on the day of the first *from*. It ends on the first day, from that day on, on which
*until* or a competing event happened; on the same day *until* comes first, then the competing ones
in the order given. What has not ended is censored on the last day that counts. Where asked, that is
the day on which the journey closed and was not opened again, whatever came after it: if those alone
were followed on to whom it came then, it would come to all who are at risk on that day.

The entry that begins a spell does not end it: where *until*, or what competes, is the very event
that *from* is, the next one counts, as from one placement until the next.
"""

from dataclasses import dataclass
from datetime import date

from application.evaluation.followed import Followed
from application.evaluation.happenings import Happening, day_of, first_of, first_since
from application.evaluation.survival import CENSORED, Stay


@dataclass(frozen=True, slots=True)
class Span:
    """What begins a spell, what ends it, and what can come first instead.

    `ends_at_closing` says that nobody is followed beyond the closing of the journey.
    """

    begins: Happening
    until: Happening
    competing: tuple[Happening, ...] = ()
    ends_at_closing: bool = False


def stay_of(one: Followed, span: Span, last: date) -> Stay | None:
    """Return the days of a journey's spell and how it ended; None where none began by then."""
    first = first_of(span.begins, one.entries, last)
    if first is None:
        return None
    began = day_of(first)
    until = _followed_until(one, began, last) if span.ends_at_closing else last
    firsts = [
        first_since(first, what, one.entries, until) for what in (span.until, *span.competing)
    ]
    ends = [(day, number) for number, day in enumerate(firsts, 1) if day is not None]
    day, ended = min(ends, default=(until, CENSORED))
    return Stay((day - began).days, ended)


def _followed_until(one: Followed, began: date, last: date) -> date:
    """Return the day of the closing; the last day where there is none of a spell that had begun."""
    closing = one.journey.closing
    return closing.on if closing is not None and began <= closing.on <= last else last
