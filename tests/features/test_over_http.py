"""The features of people before their screens: every act and every question goes over HTTP."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytest_bdd import scenarios, then, when

from tests.features import told
from tests.features.asked import OVER_HTTP, SERVED
from tests.features.conftest import PEOPLE
from tests.features.phrases import DAYS, SLOTS, spoken
from tests.features.served import REGISTER, ServedWorld, Service
from tests.features.words import DAY, NAME, Table, check_rows, code, day, rows, same
from tests.features.words import told as spelled
from tests.features.world import Clock, Refused

scenarios(*OVER_HTTP)

CLIENT = rf"(?P<client>{SLOTS['client']})"


@pytest.fixture(autouse=True)
def world(database_url: str, tmp_path: Path) -> Iterator[ServedWorld]:
    """The people of one scenario, and Polku as it is served to them."""
    clock = Clock()
    with Service.opened(database_url, tmp_path, clock) as service:
        people = {**PEOPLE, "Register": REGISTER}
        yield ServedWorld.at(service, clock, people=people, phrases=SERVED)


@when(spoken(rf"(?P<who>{NAME}) gets no answer, and sends the same again"))
def again(world: ServedWorld, who: str) -> None:
    """The line broke after it was recorded; whoever sent it cannot know that."""
    before = world.recorded()
    answer = world.send_again(who)
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert world.recorded() == before, "it was recorded twice"


KINDS = "|".join(told.LINES)


@then(spoken(rf"the (?P<kind>{KINDS}) shows? (?P<how>this|this among others|nothing)"))
def shown(world: ServedWorld, kind: str, how: str, datatable: Table = (("nothing",),)) -> None:
    found = told.lines(world, kind)
    if how == "nothing":
        assert not found, f"it shows {found}"
    else:
        check_rows(datatable, found, whole=how == "this", in_order=True)


@then(spoken(rf"the (?P<kind>{KINDS}) says nothing of {CLIENT}"))
def not_shown(world: ServedWorld, kind: str, client: str) -> None:
    assert client not in [one.client for one in told.lines(world, kind)]


@then("the page says")
def page(world: ServedWorld, datatable: Table) -> None:
    """Check heads of the page; a row without a head goes on with the one above."""
    expected: dict[str, list[str]] = {}
    for name, cell in datatable:
        expected.setdefault(name or list(expected)[-1], []).append(cell)
    found = {name: told.head(world, name) for name in expected}
    wrong = {n: found[n] for n, cells in expected.items() if not same("; ".join(cells), found[n])}
    assert not wrong, f"the page says {wrong}"


@then(spoken(r"the page's (?P<part>[a-z]+) shows? (?P<how>this|this among others|nothing)"))
def page_part(world: ServedWorld, part: str, how: str, datatable: Table = (("",),)) -> None:
    found = told.part(told.answered(world, "page"), part)
    if how == "nothing":
        assert not found, f"it shows {found}"
    else:
        check_rows(datatable, found, whole=how == "this", in_order=True)


@then(spoken(rf"it is the page that (?P<who>{NAME}) saw of {CLIENT} on (?P<on>{DAY})"), DAYS)
def same_page(world: ServedWorld, who: str, client: str, on: date) -> None:
    """All of it, but for the clocks it was asked at."""
    seen, now = world.kept[who, client, on], told.answered(world, "page")
    assert {**now, "clocks": None} == {**seen, "clocks": None}
    assert now["clocks"]["day"] == seen["clocks"]["day"]


@then("these acts are possible")
def possible(world: ServedWorld, datatable: Table) -> None:
    found = [one for one in told.lines(world, "acts") if one.possible]
    check_rows(datatable, found, whole=False)


@then("these acts are not possible, because")
def impossible(world: ServedWorld, datatable: Table) -> None:
    """Each has its reason in words: that part of it which the table names."""
    found = {one.act: one for one in told.lines(world, "acts")}
    for act, missing in datatable:
        assert act in found, f"no act {act!r}; there are {sorted(found)}"
        assert not found[act].possible, f"{act} is possible"
        assert missing in found[act].missing, f"{act}: {found[act].missing}"


@then("no act is possible")
@then("no other acts are possible than")
def only(world: ServedWorld, datatable: Table = ()) -> None:
    found = {one.act for one in told.lines(world, "acts") if one.possible}
    assert found == {act for (act,) in datatable}


@then("it is told what changed meanwhile")
def meanwhile(world: ServedWorld, datatable: Table) -> None:
    assert isinstance(world.refusal, Refused)
    changed = world.refusal.problem["changed"]
    found = [SimpleNamespace(**told.entry(world, one)) for one in changed]
    check_rows(datatable, found, whole=True, in_order=True)


@then("it is told how to open it with a reason")
def told_how(world: ServedWorld) -> None:
    assert isinstance(world.refusal, Refused)
    assert world.refusal.problem["open"].endswith("/openings")


@then(spoken(rf"on each day from (?P<first>{DAY}) to (?P<last>{DAY}) one alone answered"), DAYS)
def one_alone(world: ServedWorld, first: date, last: date, datatable: Table) -> None:
    """By the list of who answered, there is no day with nobody and none with two."""
    found = told.lines(world, "responsibility")
    spans = [
        (day(r["from"]), day(r["to"]), r["person"], r["organisation"]) for r in rows(datatable)
    ]
    for number in range((last - first).days + 1):
        today = first + timedelta(days=number)
        now = [x for x in found if vars(x)["from"] <= today and (not x.until or today < x.until)]
        wanted = [(code(p), code(o)) for start, end, p, o in spans if start <= today <= end]
        assert [(x.person, x.organisation) for x in now] == wanted, f"on {today}: {now}"
        assert len(now) == 1


@then(spoken(r"the copy has these (?P<part>entries|readings) among others"))
def copied(world: ServedWorld, part: str, datatable: Table) -> None:
    copy = told.answered(world, "copy")
    found = [
        SimpleNamespace(kind=one["kind"], by=one["person"], happened_on=_day_of(one["occurred_on"]))
        for part_of in (copy, *copy["merged"], *copy["journeys"])
        for one in part_of["entries"]
    ]
    if part == "readings":
        found = [
            SimpleNamespace(who=one["person"], what=one["what"], on=_day_of(one["at"]))
            for one in copy["readings"]
        ]
    check_rows(datatable, found, whole=False)


@then("the particulars say")
def particulars(world: ServedWorld, datatable: Table) -> None:
    page = told.answered(world, "particulars")

    def names(ids: Iterable[str]) -> str:
        return "; ".join(sorted(map(world.name_of, ids))) or "nobody"

    found = {
        "goes by": world.name_of(page["id"]),
        "asked for": world.name_of(page["asked_for"] or page["id"]),
        "also": names(one["id"] for one in page["merged"]),
        "journeys": names(one["client"]["id"] for one in page["journeys"]),
        "alike": names(one["id"] for one in page["possible_duplicates"]),
    }
    assert {name: found[name] for name, _ in datatable} == dict(datatable)


@then("the certificate says")
def certified(world: ServedWorld, datatable: Table) -> None:
    certificate = told.answered(world, "certificate")
    found = {
        "client": world.name_of(certificate["client"]),
        "erased": "; ".join(certificate["kinds"] or ("all",)),
        "decided on": spelled(_day_of(certificate["occurred_on"])),
        "by": f"{certificate['person']} of {certificate['organisation']}",
        "ground": certificate["ground"],
        "journeys": str(len(certificate["journeys"])),
        "cleared": "; ".join(certificate["cleared"]),
        "remains": "; ".join(certificate["remains"]),
    }
    wrong = {name: found[name] for name, text in datatable if text not in found[name]}
    assert not wrong, f"the certificate says {wrong}"


def _day_of(text: str) -> date:
    return date.fromisoformat(text[:10])


@then(spoken(r'somewhere in the answer stands "(?P<text>.+)"'))
def somewhere(world: ServedWorld, text: str) -> None:
    assert world.answer is not None
    assert text in str(world.answer.told)


@then(spoken(r'nowhere in the answer stands "(?P<text>.+)"'))
def nowhere(world: ServedWorld, text: str) -> None:
    assert world.answer is not None
    assert text not in str(world.answer.told)
