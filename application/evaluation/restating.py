"""What was reported then, what would be reported now for the same day, and why they differ.

Now is the log as it is: all that was recorded since counts, late entries, corrections, retractions
and erasures alike. Of each figure that differs the entries are told without which it would not, of
those that the report could not know: figures are asked again with some of them left out
(`leaving_out`), person by person (`counting_apart`). They are those of journeys and clients, of
what organisations tell that is nobody's, where they run the programme, targets that were set, and
a version of the definition. Of a figure that is withheld so that others do not give one away, they
are those of the others.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import count

from application.evaluation.issuing import report
from application.evaluation.leaving_out import MOST
from application.evaluation.preparing import Desk, again, prepare
from application.evaluation.report import Report
from application.evaluation.since import Changed, Since
from application.evaluation.verifying import compared

STEPS = 3 + MOST
"""How many steps it takes at most: the report of now, that of then, who adds what, and each time
that is asked with some entries left out."""


@dataclass(frozen=True, slots=True)
class Restatement:
    """A report as it was, the same question now, and each figure that differs."""

    then: Report
    now: Report
    changed: tuple[Changed, ...]


def restate(
    desk: Desk, given: Report, on_progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Restatement:
    """Ask the question of a report again, of the log as it is now. Raises as `prepare`.

    `on_progress` is called with how many steps are done, and how many there are at most.
    """
    steps = count(1)

    def on_step() -> None:
        on_progress(next(steps), STEPS)

    on_progress(0, STEPS)
    before = prepare(desk, again(given), given.position)
    after = prepare(desk, again(given, known_at=None))
    now = report(desk, after)
    on_step()
    differing = [one for one in compared(given, now) if not one.agrees]
    since = Since(desk, before, after, now, differing, on_step) if differing else None
    changed = [] if since is None else [since.changed(one) for one in differing]
    every = [_with_others(one, changed) for one in changed]
    # Where nothing was recorded that could make it differ, something else does.
    told = [one if one.causes else replace(one, explained=False) for one in every]
    on_progress(STEPS, STEPS)
    return Restatement(given, now, tuple(told))


def _with_others(one: Changed, changed: Iterable[Changed]) -> Changed:
    """Return a figure that is withheld, or no more, for others' sake with what changed those.

    Nothing that counts in it differs then: what made another one small, or great enough, does it.
    It is not even named where few are counted in all, or where that would tell of others. First
    are asked those of the same indicator.
    """
    figures = (one.figure.reported, one.figure.again)
    if one.causes or not any(figure is None or figure.suppressed for figure in figures):
        return one
    like = [x for x in changed if x.causes and x.figure.indicator == one.figure.indicator]
    causes = {cause for other in like or changed for cause in other.causes}
    told = tuple(sorted(causes, key=lambda cause: cause.position))
    return replace(one, causes=told)
