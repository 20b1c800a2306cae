"""`polku evaluate`: survival, comparisons and funnels of journeys in a real database."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from application import programmes
from application.ports import Append, Fresh
from application.vocabulary import VOCABULARY
from domain.client import ClientRegistered
from domain.entry import By
from domain.journey import events as e
from infrastructure.settings import Settings
from interfaces import bootstrap
from tests.interfaces.conftest import Clock, asked

BEGAN = date(2025, 1, 1)
PLACES = {"roma": 20, "milano": 12, "torino": 3}


def journey(
    number: int, place: str, nth: int, genders: Sequence[str], towns: Sequence[str | None]
) -> tuple[Append, Append]:
    """A journey: every second with a plan, every third placed after so many days, some closed."""
    by, day = By("anna", place), lambda days: BEGAN + timedelta(days=days)
    gender, client = genders[number % 2], f"c-{number}"
    referred = e.ReferralMade(client, "follow-me", 1, "desk", place, "desk")
    told = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2024, 1, 1), education=3)
    town = towns[number % len(towns)]
    events = [
        Fresh(referred, day(0)),
        Fresh(e.ReferralAccepted(), day(1)),
        Fresh(e.IntakeInterviewHeld(told), day(5 + nth)),
    ]
    if number % 2:
        events.append(Fresh(e.PlanAgreed(()), day(20)))
    if nth % 3 == 0:
        events.append(Fresh(e.PlacementStarted("p"), day(30 + number)))
    elif nth % 3 == 1:
        events.append(Fresh(e.JourneyClosed("cancelled", "moved-away"), day(25 + number)))
    registered = ClientRegistered(gender=gender, birth_year=1980 + number, municipality=town)
    return (
        Append(f"client:{client}", 0, (Fresh(registered, day(0)),), by),
        Append(f"journey:j-{number}", 0, tuple(events), by),
    )


def follow_me(
    url: str, genders: Sequence[str] = "fm", towns: Sequence[str | None] = (None,)
) -> None:
    """Fill a database with 35 journeys of follow-me in three places."""
    given = Settings(database_url=url)
    with bootstrap.open_office(given, clock=Clock(), inline=False) as office:
        text = bootstrap.shipped_definitions()["follow-me"]
        programmes.publish(office.programmes, asked(date(2024, 12, 1)), text, "follow-me")
        places = [(place, nth) for place, many in PLACES.items() for nth in range(many)]
        pairs = [journey(number, *one, genders, towns) for number, one in enumerate(places)]
        office.log.append_all([append for pair in pairs for append in pair])


@pytest.fixture
def evaluated(polku_on):
    """The commands on a database with the journeys of follow-me."""
    return polku_on(follow_me)


SURVIVAL = ("survival", "--programme", "follow-me", "--from", "referral-accepted")
SURVIVAL += ("--until", "placement-started", "--competing", "journey-closed")
SURVIVAL += ("--as-at", "2025-06-01")
COMPARE = ("compare", "--programme", "follow-me", "--as-at", "2025-06-01")
FUNNEL = ("funnel", "--programme", "follow-me", "--as-at", "2025-06-01")


def test_survival_of_all_and_by_organisation(evaluated):
    found = evaluated("evaluate", *SURVIVAL, "--by", "organisation", "--threshold", "0", "--json")
    value = found.json
    assert (value["journeys"], value["begun"]) == (35, 35)
    names = [group["name"] for group in value["groups"]]
    assert names == ["all", "milano", "roma", "torino"]
    everyone = value["groups"][0]
    assert everyone["ended"] == {"placement-started": 12, "journey-closed": 12}
    assert everyone["censored"] == 11
    assert everyone["curve"][0]["share"] == pytest.approx(34 / 35)
    assert value["log_rank"]["freedom"] == 2
    last = [rows[-1]["share"] for rows in everyone["incidence"].values()]
    assert sum(last) + everyone["curve"][-1]["share"] == pytest.approx(1)


def test_survival_withholds_small_groups_and_single_days(evaluated):
    value = evaluated("evaluate", *SURVIVAL, "--by", "organisation", "--json").json
    everyone, milano, roma, torino = value["groups"]
    assert (value["journeys"], value["begun"], everyone["stays"]) == (35, 35, 35)
    assert torino["withheld"]
    assert torino["stays"] is None
    assert milano["withheld"]
    assert not everyone["withheld"]
    assert not roma["curve"] or not roma["withheld"]
    for row in everyone["curve"]:
        numbers = [*row["ended"].values(), row["censored"]]
        assert all(number == 0 or number >= 5 for number in numbers)
    said = evaluated("evaluate", *SURVIVAL, "--by", "organisation").out
    assert "withheld" in said
    assert "Not yet at 30" in said
    assert "≤ " in said
    exact, told = (
        evaluated("evaluate", *SURVIVAL, "--threshold", number, "--json").json["groups"][0][
            "median"
        ]
        for number in ("0", "5")
    )
    assert exact["days"] <= told["days"]
    assert f"≤ {told['days']:g} (" in said
    every = evaluated("evaluate", *SURVIVAL, "--threshold", "0").out
    assert "≤ " not in every
    assert "91.4%" in every


def test_survival_at_a_moment(evaluated):
    """Nothing was recorded before the clock's first day."""
    found = evaluated("evaluate", *SURVIVAL, "--known-at", "2024-12-30", "--json")
    assert found.code == 2
    assert "follow-me has no journey" in found.err
    earlier = (*SURVIVAL[:-1], "2025-02-05", "--threshold", "0", "--json")
    value = evaluated("evaluate", *earlier).json
    assert value["groups"][0]["ended"] == {"placement-started": 2, "journey-closed": 4}
    assert value["clocks"]["as_at"] == "2025-02-05"


def test_two_groups_are_compared_and_what_it_proves_not_is_said(evaluated):
    ask = ("--outcome", "placement-started", "--treated", "plan-agreed", "--standardise", "gender")
    value = evaluated("evaluate", *COMPARE, *ask, "--json").json
    assert [side["known"] for side in value["sides"]] == [17, 18]
    assert value["is_share"]
    assert value["difference"]["low"] < 0 < value["difference"]["high"]
    assert value["standardised"]["difference"] is None
    assert value["cautions"][0] == "A difference is not an effect."
    said = evaluated("evaluate", *COMPARE, *ask).out
    for word in ("Selection", "Regression to the mean", "Time", "Missing data", "chance"):
        assert word in said
    assert "nobody in the" in said


@pytest.mark.parametrize(
    ("ask", "known"),
    [
        (("--since", "2025-01-02"), [35, 0]),
        (("--by", "gender=f..m"), [18, 17]),
        (("--by", "organisation=roma"), [20, 15]),
    ],
)
def test_groups_are_told_apart_by_time_or_trait(evaluated, ask, known):
    what = ("--outcome", "days:referral-accepted..intake-interview-held", "--threshold", "0")
    value = evaluated("evaluate", *COMPARE, *ask, *what, "--json").json
    assert [side["known"] for side in value["sides"]] == known
    assert not value["is_share"]
    assert evaluated("evaluate", *COMPARE, *ask, *what).code == 0


@pytest.mark.parametrize(
    ("ask", "known", "ungrouped", "told"),
    [
        (("--by", "municipality=bari"), [9, 9], 17, "of 17 journeys it is not known"),
        (("--by", "municipality=bari..lecce"), [9, 9], 17, "of 17 journeys it is not known"),
        (("--by", "municipality=bari..rome"), [9, 0], 17, "of 17 journeys it is not known"),
        (("--by", "organisation=roma"), [20, 15], 0, None),
        (("--by", "municipality=bari", "--threshold", "10"), [None, None], None, "in neither"),
    ],
)
def test_whose_group_is_not_known_is_in_neither_and_counted(polku_on, ask, known, ungrouped, told):
    """All others than those of Bari are those of elsewhere, not those of who knows where."""
    run = polku_on(partial(follow_me, towns=("bari", None, "lecce", None)))
    what = ("--outcome", "plan-agreed", "--threshold", "0")
    found = run("evaluate", *COMPARE, *what, *ask, "--json").json
    assert [side["known"] for side in found["sides"]] == known
    assert found["ungrouped"] == ungrouped
    said = [x for x in found["cautions"] if x.startswith("Groups:")]
    assert (told in said[0]) if told else not said


UNTIL = (*SURVIVAL[:5], "--as-at", "2025-06-01", "--until")
"""How long it takes until something: what is still to be named."""


@pytest.mark.parametrize(
    ("ask", "unseen"),
    [
        ((*UNTIL, "placement-started"), []),
        ((*UNTIL, "journey-closed:moved-away"), []),
        ((*UNTIL, "plan-revised"), []),
        ((*UNTIL, "journey-closed:moved"), ["journey-closed:moved"]),
        (
            (*UNTIL, "journey-closed:moved-away", "--competing", "journey-closed:x"),
            ["journey-closed:x"],
        ),
        (
            (*COMPARE, "--by", "gender=f", "--outcome", "journey-closed:away"),
            ["journey-closed:away"],
        ),
        (
            (*COMPARE, "--treated", "journey-closed:x", "--outcome", "plan-agreed"),
            ["journey-closed:x"],
        ),
        (
            (*COMPARE, "--by", "gender=f", "--outcome", "within:9:journey-closed:x"),
            ["journey-closed:x"],
        ),
        (
            (*FUNNEL, "--outcome", "days:referral-made..placement-started:work"),
            ["placement-started:work"],
        ),
        ((*FUNNEL, "--outcome", "measure:plans-agreed"), []),
    ],
)
def test_a_code_that_no_entry_carries_is_said(evaluated, ask, unseen):
    """As of a slip of the pen: that nobody has come to it is no figure of the programme."""
    found = evaluated("evaluate", *ask, "--json")
    assert found.code == 0
    assert found.json["unseen"] == unseen
    out = evaluated("evaluate", *ask).out
    assert all(f"No entry is {name}" in " ".join(out.split()) for name in unseen)
    assert bool(unseen) == ("No entry is" in out)


def test_a_group_of_few_is_not_compared(evaluated):
    ask = ("--outcome", "plan-agreed", "--by", "organisation=torino")
    value = evaluated("evaluate", *COMPARE, *ask, "--json").json
    assert value["withheld"]
    assert value["difference"] is None
    assert [side["known"] for side in value["sides"]] == [None, None]
    assert "withheld" in evaluated("evaluate", *COMPARE, *ask).out


def test_what_has_not_been_followed_for_so_long_is_missing(evaluated):
    """Whether or not it has come already: all have been followed for 150 days."""
    for days, known in ((400, 0), (150, 35)):
        what = f"within:{days}:placement-started"
        ask = ("--outcome", what, "--by", "gender=f..m", "--threshold", "0")
        value = evaluated("evaluate", *COMPARE, *ask, "--json").json
        assert sum(side["known"] for side in value["sides"]) == known
        assert sum(side["missing"] for side in value["sides"]) == 35 - known
        assert not known or any(
            "of all journeys that count it is known" in x for x in value["cautions"]
        )
        assert known or any("35 of 35" in caution for caution in value["cautions"])


def test_nobody_is_followed_beyond_what_could_be_known(evaluated):
    """All is on record since the first day, and had happened by the last day that is known of."""
    whole = (*SURVIVAL, "--by", "gender", "--threshold", "0", "--json", "--as-at")
    by_then = evaluated("evaluate", *whole, "2025-02-20", "--known-at", "2025-02-20").json
    later = evaluated("evaluate", *whole, "2025-06-01", "--known-at", "2025-02-20").json
    assert later["groups"] == by_then["groups"]
    assert max(row["days"] for row in later["groups"][0]["curve"]) == 49
    days = (datetime.now(UTC).date() - BEGAN).days
    to_come = evaluated("evaluate", *whole, "2190-01-01").json
    assert max(row["days"] for row in to_come["groups"][0]["curve"]) <= days

    ask = ("--outcome", "within:100:placement-started", "--threshold", "0", "--json")
    for way in ((*COMPARE, "--by", "gender=f..m"), FUNNEL):
        known, then = (
            evaluated("evaluate", *way, *ask, "--known-at", day).json
            for day in ("2025-06-01", "2025-02-20")
        )
        sides = [known.get("sides", [known]), then.get("sides", [then])]
        assert [sum(one["missing"] for one in some) for some in sides] == [0, 35]


def test_organisations_and_reference_values(evaluated):
    ask = ("--outcome", "measure:plans-agreed")
    value = evaluated("evaluate", *FUNNEL, *ask, "--json", "--threshold", "0").json
    assert [unit["unit"] for unit in value["units"]] == ["milano", "roma", "torino"]
    parted = (*FUNNEL, *ask, "--json", "--threshold", "0", "--by", "referred-to")
    assert evaluated("evaluate", *parted).json["units"] == value["units"]
    assert {unit["stands"] for unit in value["units"]} == {"within-chance"}
    assert value["value"] == pytest.approx(17 / 35)
    levels = [one["level"] for one in value["references"] if one["unit"] is None]
    assert levels == ["local", "national", "european"]
    assert {one["verdict"] for one in value["references"]} <= {"weakness", "within-chance"}
    hidden = evaluated("evaluate", *FUNNEL, *ask, "--json").json
    assert hidden["withheld"] == ["milano", "torino"]
    said = evaluated("evaluate", *FUNNEL, *ask).out
    assert "95 % within" in said
    assert "Validation protocol" in said


@pytest.mark.parametrize("measure", ["days-to-interview", "placements", "employment"])
def test_funnels_of_medians_and_of_counts(evaluated, measure):
    ask = ("--outcome", f"measure:{measure}", "--threshold", "0")
    value = evaluated("evaluate", *FUNNEL, *ask, "--json").json
    assert value["units"]
    assert evaluated("evaluate", *FUNNEL, *ask, "--centre", "0.5").code == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--from", "placement-begun"), "placement-started"),
        (("--by", "shoe-size"), "--by: 'shoe-size' is not known"),
        (("--competing", "placement-started"), "named twice"),
        (("--from", "handover-declined"), "no journey of follow-me came to handover-declined"),
        (("--programme", "elsewhere"), "elsewhere has no journey"),
    ],
)
def test_what_cannot_be_asked_of_survival_is_said(evaluated, given, said):
    found = evaluated("evaluate", *SURVIVAL, *given)
    assert found.code == 2
    assert said in found.err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--outcome", "plan-agreed"), "say one of --treated, --since and --by"),
        (("--outcome", "plan-agreed", "--by", "gender"), "gender=female..male"),
        (("--outcome", "plan-agreed", "--by", "gender=f..f"), "'f' is named twice"),
        (("--outcome", "plan-agreed", "--since", "soon"), "'soon' is not a day"),
        (("--outcome", "days:plan-agreed", "--by", "gender=f"), "two with dots between"),
        (("--outcome", "within:x:plan-agreed", "--by", "gender=f"), "write the days first"),
        (("--outcome", "measure:luck", "--by", "gender=f"), "cannot be compared"),
    ],
)
def test_what_cannot_be_compared_is_said(evaluated, given, said):
    found = evaluated("evaluate", *COMPARE, *given)
    assert found.code == 2
    assert said in found.err


def test_an_end_nobody_knows_of_is_missing_and_said(evaluated):
    """Of the eleven journeys that closed one turns out to have ended nobody knows where."""
    with bootstrap.open_office(clock=Clock(), inline=False) as office:
        told = e.JourneyClosed("cancelled", "unknown"), date(2025, 5, 1)
        before = len(office.log.load("journey:j-0"))
        office.log.append(Append("journey:j-0", before, (Fresh(*told),), By("anna", "roma")))
    ask = ("--outcome", "measure:employment", "--threshold", "0")
    value = evaluated("evaluate", *FUNNEL, *ask, "--json").json
    assert (value["size"], value["missing"]) == (12, 1)
    said = evaluated("evaluate", *FUNNEL, *ask).out
    assert "Missing: of 1 journey it is not known; it is not in the figures." in said


@pytest.mark.parametrize(
    "ask",
    [
        (*SURVIVAL, "--by", "organisation"),
        (*COMPARE, "--outcome", "plan-agreed", "--by", "gender=f..m"),
        (*FUNNEL, "--outcome", "measure:plans-agreed"),
        ("conformance", "--programme", "follow-me", "--as-at", "2025-06-01"),
    ],
    ids=lambda ask: ask[0],
)
def test_it_is_told_in_the_language_that_is_asked_for(evaluated, ask):
    told = {name: evaluated("evaluate", *ask, "--language", name) for name in ("en", "fi", "it")}
    assert {one.code for one in told.values()} == {0}
    assert len({one.out for one in told.values()}) == 3
    assert told["en"].out == evaluated("evaluate", *ask).out


@pytest.mark.parametrize(
    ("language", "said"), [("fi", ("nainen", "mies")), ("it", ("donna", "uomo"))]
)
def test_genders_are_told_in_the_language_that_is_asked_for(polku_on, language, said):
    people = polku_on(partial(follow_me, genders=("female", "male")))
    told = ("--language", language, "--threshold", "0")
    sides = ("--by", "gender=female..male")
    groups = people("evaluate", *SURVIVAL, "--by", "gender", *told).out
    beside = people("evaluate", *COMPARE, "--outcome", "plan-agreed", *sides, *told).out
    for answer in (groups, beside):
        assert all(word in answer for word in said)
        assert "male" not in answer
    value = people("evaluate", *SURVIVAL, "--by", "gender", "--json").json
    assert {group["name"] for group in value["groups"]} == {"all", "female", "male"}


@pytest.mark.parametrize(("language", "said"), [("fi", "ikä"), ("it", "età")])
def test_what_is_evened_out_is_told_in_the_language_that_is_asked_for(evaluated, language, said):
    ask = (*COMPARE, "--outcome", "plan-agreed", "--treated", "plan-agreed")
    told = evaluated("evaluate", *ask, "--standardise", "age", "--language", language).out
    assert len(re.findall(rf"\b{said}\b", told)) == 2  # over the strata, and in what is not proved
    assert not re.search(r"\bage\b", told)


def test_the_example_in_the_help_is_of_genders_that_polku_knows(evaluated):
    said = " ".join(evaluated("evaluate", "compare", "--help").out.replace("│", " ").split())
    [(first, second)] = re.findall(r"gender=([a-z]+)\.\.([a-z]+)", said)
    assert {first, second} <= set(VOCABULARY["gender"])


def test_a_centre_that_no_share_can_have_is_refused(evaluated):
    found = evaluated("evaluate", *FUNNEL, "--outcome", "plan-agreed", "--centre", "2")
    assert found.code == 2
    assert "between 0 and 1" in found.err


@pytest.mark.parametrize(
    ("outcome", "centre", "said"),
    [
        ("measure:placements", "-1", "-1 is not possible: it is counted from 0 on"),
        ("measure:days-to-interview", "-1", "-1 is not possible: it is counted from 0 on"),
        ("plan-agreed", "nan", "write a number"),
        ("measure:days-to-interview", "inf", "write a number"),
    ],
)
def test_a_centre_that_is_no_figure_of_the_kind_is_refused(evaluated, outcome, centre, said):
    found = evaluated("evaluate", *FUNNEL, "--outcome", outcome, "--centre", centre)
    assert found.code == 2
    assert said in found.err


def test_a_mean_may_be_held_against_one_below_nothing(evaluated):
    """As what was earned after, less what was earned before: it can be less for all."""
    ask = ("--outcome", "change:before..after", "--centre", "-500", "--json")
    assert evaluated("evaluate", *FUNNEL, *ask).code == 0


def test_no_mean_is_of_more_days_than_can_be(evaluated):
    found = evaluated("evaluate", *SURVIVAL, "--within", "inf")
    assert found.code == 2
    assert "--within" in found.err


def test_an_answer_as_json_says_what_it_proves_not_in_the_language(evaluated):
    ask = ("--outcome", "placement-started", "--treated", "plan-agreed", "--standardise", "gender")
    english, finnish, again = (
        evaluated("evaluate", *COMPARE, *ask, "--json", "--language", language)
        for language in ("en", "fi", "fi")
    )
    assert finnish.out == again.out != english.out
    told, words = english.json, finnish.json
    assert words["cautions"][0] == "Ero ei ole vaikutus."
    assert not {*words["cautions"]} & {*told["cautions"]}
    assert [side["known"] for side in words["sides"]] == [side["known"] for side in told["sides"]]
    assert words["sides"][0]["name"] == "plan-agreed"
    assert [*words] == [*told]
