"""What rows are made of is let go of when they are made."""

import gc

from application.ports import Append, Drafted, Fresh
from application.views import VIEWS
from application.views.inline import Inline
from application.views.view import Rules
from domain.journey import events as e
from domain.journey.deadlines import Deadline
from domain.journey.history import History
from tests.domain import journeys as j


def test_nothing_that_is_folded_waits_to_be_collected() -> None:
    """Where views are filled, collecting what held itself took a third of the time."""

    def make() -> int:
        history = j.given(j.REFERRED, e.ReferralAccepted())
        rules = Rules(lambda _code, version: j.definition(version), lambda _country: j.is_weekday)
        of_journeys = [view for view in VIEWS if view.kind == "journey"]
        return sum(len([*view.rows("j", history, rules)]) for view in of_journeys)

    make()
    gc.collect()
    before = gc.get_debug()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        made = make()
        gc.collect()
        left = [one for one in gc.garbage if isinstance(one, History | Deadline | Rules)]
    finally:
        gc.set_debug(before)
        gc.garbage.clear()
        gc.enable()
    assert made
    assert left == []


def test_a_history_of_which_inline_rows_were_made_stays_nowhere() -> None:
    """Its words may be erased next: they would stay in memory until another one is acted on."""

    def rules() -> Rules:
        return Rules(lambda _code, version: j.definition(version), lambda _country: j.is_weekday)

    def make() -> tuple[Drafted, ...]:
        before, after = j.given(j.REFERRED), j.given(j.REFERRED, e.ReferralAccepted())
        entry = after.entries[-1]
        fresh = Fresh(entry.event, entry.occurred_on)
        append = Append("journey:j", before.version, (fresh,), entry.by)
        return inline.of(append, before, (entry,))

    def histories() -> int:
        gc.collect()
        return sum(isinstance(one, History) for one in gc.get_objects())

    inline, there = Inline(VIEWS, rules()), histories()
    assert [one for one in make() if one.rows]
    assert histories() == there
