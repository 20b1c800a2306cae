"""How many persons of the register a replay cannot know of, whatever ids they have."""

from datetime import date, datetime, timedelta

from application.evaluation.what_if import never_referred
from application.ports import Append, Fresh
from domain.client import ClientRegistered
from domain.entry import By, Personal
from domain.same_person import ClientsMerged, ClientsSplit
from tests.application.simulated import Stage, stage

DAY = date(2025, 3, 3)
WORKER = By("worker", "city")
WHY = Personal("why")


def merged(other: str, *, survives: bool) -> ClientsMerged:
    return ClientsMerged(other, survives, "gdpr-5-1-d", WHY)


def told(on: Stage, client: str, *events: object) -> datetime:
    stream = f"client:{client}"
    fresh = tuple(Fresh(event, DAY) for event in events)
    on.log.append(Append(stream, len(on.log.load(stream)), fresh, WORKER))
    return on.log.load(stream)[-1].recorded_at


def test_who_became_known_after_the_day_asked_about_is_not_among_them() -> None:
    with stage() as on:
        for client in ("a", "b", "c"):
            told(on, client, ClientRegistered())
        late = (Fresh(ClientRegistered(), DAY + timedelta(days=9)),)
        on.log.append(Append("client:d", 0, late, WORKER))
        told(on, "c", merged("d", survives=False))
        told(on, "d", merged("c", survives=True), merged("a", survives=True))
        told(on, "a", merged("d", survives=False))
        assert never_referred(on.office, {"a"}) == never_referred(on.office, {"a"}, as_at=DAY) == 1
        told(on, "a", ClientsSplit("d", "gdpr-5-1-d", WHY))
        told(on, "d", ClientsSplit("a", "gdpr-5-1-d", WHY))
        assert never_referred(on.office, {"a"}) == 2
        assert never_referred(on.office, {"a"}, as_at=DAY) == 2
        assert never_referred(on.office, {"a", "c"}, as_at=DAY) == 1
        assert never_referred(on.office, {"a", "d"}, as_at=DAY) == 1
        assert never_referred(on.office, set(), as_at=DAY - timedelta(days=1)) == 0
        told(on, "d", ClientsSplit("c", "gdpr-5-1-d", WHY))
        told(on, "c", ClientsSplit("d", "gdpr-5-1-d", WHY))
        assert never_referred(on.office, {"a"}) == 3
        assert never_referred(on.office, {"a"}, as_at=DAY) == 2


def test_a_person_of_several_ids_is_one_and_was_referred_under_any_as_far_as_it_was_known() -> None:
    with stage() as on:
        for client in ("a", "b", "c", "d", "e"):
            before = told(on, client, ClientRegistered())
        on.clock.move(before + timedelta(days=30))
        told(on, "a", merged("b", survives=True))
        told(on, "b", merged("a", survives=False))
        told(on, "c", merged("d", survives=True))
        told(on, "d", merged("c", survives=False))
        assert never_referred(on.office, set()) == 3
        assert never_referred(on.office, {"a"}) == never_referred(on.office, {"b"}) == 2
        assert never_referred(on.office, {"b", "d", "e"}) == 0
        assert never_referred(on.office, {"b"}, before) == 4
        assert never_referred(on.office, set(), before - timedelta(days=1)) == 0
        told(on, "a", ClientsSplit("b", "gdpr-5-1-d", WHY))
        told(on, "b", ClientsSplit("a", "gdpr-5-1-d", WHY))
        assert never_referred(on.office, {"b"}) == 3
