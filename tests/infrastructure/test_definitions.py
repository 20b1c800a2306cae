"""The definitions that come with Polku, the rules in force by day and place, and the loader."""

import hashlib
import pickle
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.definition import END_STATES, DatedRule, Definition, Facts, Phase
from domain.faults import DefinitionFaults, Fault
from domain.measures import MEASURES
from domain.policy import Eligible, NotEligible, Verdict, judge
from infrastructure import definitions
from infrastructure.definition_parts import OUTSIDE_PROVIDERS
from infrastructure.definitions import (
    EVENTS,
    check,
    digest_of,
    load_definition,
    shipped_definitions,
)
from infrastructure.working_days import COUNTRIES

PROGRAMMES = ("ali", "askel", "duunipolku", "etela-savo", "follow-me")
SOUND = (Path(__file__).parent / "definitions" / "small.yaml").read_text("utf-8")
SHIPPED = shipped_definitions()


def shipped(programme: str) -> Definition:
    return load_definition(SHIPPED[programme], f"{programme}.yaml")


def check_text(text: str) -> list[Fault]:
    try:
        load_definition(text, "text")
    except DefinitionFaults as refused:
        return list(refused.faults)
    return []


def every_rule(definition: Definition) -> list[tuple[str, str]]:
    dated = [(d.rule.id, d.rule.basis) for d in definition.eligibility]
    return dated + [(r.id, r.basis) for p in definition.phases for r in p.requires]


# The five definitions


def test_the_five_service_models_are_shipped():
    assert tuple(SHIPPED) == PROGRAMMES


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_a_shipped_definition_has_no_fault_and_is_complete(programme: str):
    definition = shipped(programme)
    assert definition.programme == programme
    assert definition.version == 1
    assert definition.effective_from == date(2024, 12, 1)
    assert definition.country in COUNTRIES
    assert definition.title.language == {"FI": "fi", "IT": "it"}[definition.country]
    assert all(basis for _, basis in every_rule(definition))
    for part in ("organisations", "channels", "eligibility", "services", "needs", "frames"):
        assert getattr(definition, part), part
    for part in ("review_methods", "follow_up", "deadlines", "targets", "questionnaires"):
        assert getattr(definition, part), part
    assert {state.code for state in definition.end_states} == set(END_STATES)
    assert definition.phase(Phase.FOLLOW_UP) is not None
    assert definition.override_roles


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_title_is_given_in_both_languages(programme: str):
    definition = shipped(programme)
    parts = (
        *(definition.organisations, definition.channels, definition.services, definition.needs),
        *(definition.phases, definition.deadlines, definition.targets, definition.end_states),
    )
    titles = [part.title for group in parts for part in group]
    assert all(title.en and title.local for title in titles)
    assert {title.language for title in titles} == {definition.title.language}


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_ground_source_note_and_level_is_said_in_the_language_of_the_place(programme: str):
    definition = shipped(programme)
    used = {basis for _, basis in every_rule(definition)}
    used |= {one.basis for one in (*definition.deadlines, *definition.retention)}
    used |= {one.basis for one in definition.reference_values}
    used |= {one.basis for one in definition.services if one.basis}
    used |= {text for one in definition.indicators for text in (one.source, one.note) if text}
    used |= {level for frame in definition.frames for level in frame.levels}
    assert used == {text.en for text in definition.texts}
    assert {text.language for text in definition.texts} == {definition.title.language}
    assert all(text.local not in {"", text.en} for text in definition.texts)


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_a_client_can_reach_every_phase_in_some_order(programme: str):
    definition = shipped(programme)
    reached: set[Phase] = set()
    for _ in definition.phases:
        reached |= {p.phase for p in definition.phases if not p.after or reached & set(p.after)}
    assert reached == {p.phase for p in definition.phases}


def test_duunipolku_has_eight_sub_projects_whose_targets_add_up():
    definition = shipped("duunipolku")
    clients = [t for t in definition.targets if t.measure == "clients"]
    whole = next(t.value for t in clients if t.organisation is None)
    assert whole == 870
    assert sum(t.value for t in clients if t.organisation is not None) == whole
    assert {t.organisation for t in clients} - {None} == {o.code for o in definition.organisations}
    assert len(definition.organisations) == 8
    shares = {t.measure: t.value for t in definition.targets if MEASURES[t.measure].unit == "share"}
    assert shares["young-unemployed-or-threatened"] == 0.64
    assert shares["follow-up-path"] == 0.5


def test_askel_says_who_does_what_from_when_and_brings_services_in_while_it_runs():
    definition = shipped("askel")
    duties = {(d.organisation, d.since) for d in definition.duties}
    assert ("kuopio", date(2024, 12, 1)) in duties
    assert ("te-office", date(2024, 12, 1)) in duties
    precision = next(s for s in definition.services if s.code == "precision-licences")
    assert not precision.offered(date(2025, 2, 28))
    assert precision.offered(date(2025, 3, 1))
    siilinjarvi = next(o for o in definition.organisations if o.code == "siilinjarvi")
    assert not siilinjarvi.takes_part(date(2025, 5, 31))
    assert siilinjarvi.takes_part(date(2025, 6, 1))


def test_askel_grows_by_municipalities():
    facts = {"municipality": "siilinjarvi", "months_unemployed": 14}
    before = shipped("askel").rules_in_force(date(2025, 5, 31), "kuopio")
    after = shipped("askel").rules_in_force(date(2025, 6, 1), "kuopio")
    assert isinstance(judge(before, facts), NotEligible)
    assert isinstance(judge(after, facts), Eligible)


def test_ali_takes_people_with_a_disadvantage_of_the_common_dictionary():
    rules = shipped("ali").rules_in_force(date(2025, 3, 1), "desk-feltre")
    assert isinstance(judge(rules, {"disadvantages": ("prison",), "age": 35}), Eligible)
    assert isinstance(judge(rules, {"disadvantages": (), "age": 35}), NotEligible)


def test_follow_me_compares_with_local_national_and_european_values():
    levels = {(r.measure, r.level) for r in shipped("follow-me").reference_values}
    assert {level for measure, level in levels if measure == "plans-agreed"} == {
        *("local", "national", "european")
    }


def test_etela_savo_knows_the_tiers_of_co_payment():
    tiers = [(r.from_days, r.value) for r in shipped("etela-savo").reference_values]
    assert tiers == [(300, 0.5), (1000, 0.7), (None, 37.21)]


# The same person, another day, another place

OLD, NEW = date(2025, 8, 31), date(2025, 9, 1)
RECENT = {"unemployed": True, "months_unemployed": 2, "days_unemployed_of_last_16_months": 60}
ADULT = {"age": 45, "finished_vocational_school": False, "needs_more_guidance": False}
NEWLY_UNEMPLOYED: Facts = {**RECENT, **ADULT, "service_line": "line-1"}


def verdict(facts: Facts, day: date, organisation: str) -> Verdict:
    return judge(shipped("etela-savo").rules_in_force(day, organisation), facts)


def test_before_the_extension_twelve_months_are_asked_everywhere():
    for place in ("mikkeli", "savonlinna", "kangasniemi", "pieksamaki"):
        said = verdict(NEWLY_UNEMPLOYED, OLD, place)
        assert isinstance(said, NotEligible)
        assert said.basis == ("Project plan of Etelä-Savo, client group",)
        title = "Unemployed for 12 months or a young graduate"
        assert said.reasons == (f"{title}: not met ({said.basis[0]})",)


def test_from_the_day_of_the_extension_the_first_day_is_enough_but_not_in_pieksamaki():
    for place in ("mikkeli", "savonlinna", "kangasniemi"):
        said = verdict(NEWLY_UNEMPLOYED, NEW, place)
        assert isinstance(said, Eligible)
        assert said.rules[0].basis.startswith("Amended project plan")
    refused = verdict(NEWLY_UNEMPLOYED, NEW, "pieksamaki")
    assert isinstance(refused, NotEligible)
    assert refused.rules[0].text.startswith("months_unemployed >= 12")
    assert isinstance(verdict(NEWLY_UNEMPLOYED, date(2026, 7, 1), "pieksamaki"), NotEligible)


@pytest.mark.parametrize(
    ("change", "eligible"),
    [
        ({"months_unemployed": 12}, True),
        ({"months_unemployed": 11}, False),
        ({"days_unemployed_of_last_16_months": 367}, True),
        ({"days_unemployed_of_last_16_months": 366}, False),
        ({"age": 29, "finished_vocational_school": True, "needs_more_guidance": True}, True),
        ({"age": 30, "finished_vocational_school": True, "needs_more_guidance": True}, False),
        ({"age": 29, "finished_vocational_school": True, "needs_more_guidance": False}, False),
        ({"months_unemployed": 12, "service_line": "line-2"}, True),
        ({"months_unemployed": 12, "service_line": "line-3"}, False),
    ],
)
def test_the_old_rule_of_etela_savo_to_the_day(change: dict[str, int | bool | str], eligible: bool):
    facts = {**NEWLY_UNEMPLOYED, **change}
    assert isinstance(verdict(facts, OLD, "mikkeli"), Eligible) is eligible
    assert isinstance(verdict(facts, NEW, "pieksamaki"), Eligible) is eligible


def test_a_fact_that_is_not_known_is_asked_for_only_where_it_would_decide():
    asked = verdict({"service_line": "line-1", "months_unemployed": 3, "age": 45}, OLD, "mikkeli")
    assert isinstance(asked, NotEligible)
    assert "days_unemployed_of_last_16_months" in asked.missing
    assert "days unemployed in the last 16 months" in asked.reasons[0]
    known = verdict({"service_line": "line-1", "months_unemployed": 13}, OLD, "mikkeli")
    assert isinstance(known, Eligible)


def test_before_the_programme_no_rule_is_in_force():
    assert shipped("etela-savo").rules_in_force(date(2024, 11, 30), "mikkeli") == ()


DAYS = st.dates(date(2024, 12, 1), date(2030, 12, 31))


@settings(deadline=None)
@given(st.sampled_from(PROGRAMMES), DAYS, st.data())
def test_each_rule_has_exactly_one_version_in_force_on_each_day_in_each_place(
    programme: str, day: date, data: st.DataObject
):
    definition = shipped(programme)
    places = [*(o.code for o in definition.organisations), "joined-later"]
    place = data.draw(st.sampled_from(places))
    ids = [rule.id for rule in definition.rules_in_force(day, place)]
    assert sorted(ids) == sorted({d.rule.id for d in definition.eligibility})


@pytest.mark.parametrize(
    "rule",
    [
        "unemployed_since.getFullYear() == 2024",
        "unemployed_since.getFullYear() < 9999",
        "unemployed_since.getDayOfYear() == 365",
        'unemployed_since < timestamp("9999-12-31T00:00:00Z")',
        'unemployed_since > timestamp("0001-01-01T00:00:00Z")',
        "unemployed_since.getFullYear() == 2024 && unemployed_since.getMonth() >= 6",
        "unemployed_since.getMonth() == 1 && unemployed_since.getDate() == 29",
        "unemployed_since.getDayOfMonth() == 14 && months_unemployed >= 3",
        "unemployed_since.getDayOfWeek() == 1",
        "unemployed_since.getDayOfYear() == 200",
        "unemployed_since.getFullYear() + 10 == 2034",
        "unemployed_since.getFullYear() % 4 == 0",
        'string(unemployed_since).startsWith("2024-03")',
        'unemployed_since == timestamp("2024-02-29T00:00:00Z")',
    ],
)
def test_a_rule_about_a_part_of_a_date_is_good(rule: str):
    assert check_text(SOUND.replace("months_unemployed >= 12", f">-\n          {rule}")) == []


# Time lines of any shape

PLACES = ("town", "village", "hamlet")


@st.composite
def time_lines(draw: st.DrawFn) -> list[tuple[date, tuple[str, ...], tuple[str, ...], bool]]:
    """Versions on different days; the first covers everybody."""
    days = draw(st.lists(st.integers(1, 700), max_size=5, unique=True))
    lines = [(date(2025, 1, 1), (), (), False)]
    for day in days:
        some = tuple(sorted(draw(st.sets(st.sampled_from(PLACES), max_size=2))))
        kind = draw(st.sampled_from(["only", "except", "all"]))
        only, never = (some if kind == "only" else ()), (some if kind == "except" else ())
        lines.append((date(2025, 1, 1) + timedelta(days=day), only, never, draw(st.booleans())))
    return lines


def written(lines: list[tuple[date, tuple[str, ...], tuple[str, ...], bool]]) -> str:
    versions = ""
    for number, (since, only, never, gone) in enumerate(lines):
        rule = "null" if gone else f"months_unemployed >= {number + 1}"
        versions += f"      - {{from: {since}, rule: {rule}, basis: Version {number}"
        versions += f", only: [{', '.join(only)}]" if only else ""
        versions += f", except: [{', '.join(never)}]" if never else ""
        versions += "}\n"
    start, end = SOUND.index("      - from: 2025-01-01"), SOUND.index("phases:")
    hamlet = "  - {code: hamlet, title: {en: Hamlet, fi: Kylä}, roles: [municipality]}\nchannels:"
    return (SOUND[:start] + versions + SOUND[end:]).replace("channels:", hamlet, 1)


@settings(deadline=None)
@given(time_lines(), st.integers(0, 900), st.sampled_from([*PLACES, "joined-later"]))
def test_the_version_in_force_is_the_newest_that_covers_the_place(
    lines: list[tuple[date, tuple[str, ...], tuple[str, ...], bool]], days: int, place: str
):
    definition = load_definition(written(lines), "generated")
    day = date(2025, 1, 1) + timedelta(days=days)
    covering = [
        (since, number)
        for number, (since, only, never, _) in enumerate(lines)
        if since <= day and (not only or place in only) and place not in never
    ]
    _, newest = max(covering)
    expected = [] if lines[newest][3] else [f"Version {newest}"]
    assert [rule.basis for rule in definition.rules_in_force(day, place)] == expected


# The loader


def test_the_digest_is_that_of_the_file_and_of_the_stored_text(tmp_path: Path):
    definition = load_definition(SOUND, "small.yaml")
    assert definition.digest == hashlib.sha256(SOUND.encode()).hexdigest() == digest_of(SOUND)
    assert load_definition(SOUND, "an entry of the log").digest == definition.digest
    assert load_definition(SOUND + "# a remark\n", "small.yaml").digest != definition.digest


def test_a_text_read_twice_gives_equal_definitions_that_can_be_pickled():
    first = load_definition(SOUND, "small.yaml")
    definitions._read.cache_clear()
    again = load_definition(SOUND, "elsewhere")
    assert again is not first
    assert again == first
    copied = pickle.loads(pickle.dumps(again))  # noqa: S301
    assert copied == again
    assert judge(copied.rules_in_force(NEW, "town"), {"unemployed": True}).rules[0].id == (
        "client-group"
    )


def test_every_fault_of_a_file_is_reported_in_one_go_in_the_order_of_lines():
    broken = (
        SOUND.replace("version: 1\n", "version: none\n", 1)
        .replace("rule: unemployed", "rule: unemploid")
        .replace("phases: [training]", "phases: [placement]")
        .replace("[employment, unemployed]", "[work]")
        + "colour: red\n"
    )
    with pytest.raises(DefinitionFaults) as refused:
        load_definition(broken, "broken.yaml")
    faults = refused.value.faults
    assert [f.code for f in faults] == [
        *("wrong-type", "unknown-fact", "unusable-service", "unknown-destination", "unknown-key")
    ]
    assert [f.line for f in faults] == sorted(f.line for f in faults)
    assert str(refused.value).count("\n") == 4
    assert str(faults[1]) == (
        "broken.yaml:27: eligibility[0].versions[1].rule: there is no fact 'unemploid'; "
        "did you mean unemployed or days_unemployed or unemployed_since?"
    )


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        (
            "rule: months_unemployed",
            "until: 2025-09-01\n        rule: months_unemployed",
            "village",
        ),
        ("except: [village]", "except: [village]\n        until: 2026-01-01", "town"),
        ("rule: months_unemployed", "only: [town]\n        rule: months_unemployed", "village"),
        (
            "rule: months_unemployed",
            "except: [village]\n        rule: months_unemployed",
            "village",
        ),
    ],
)
def test_a_hole_names_the_places_where_nothing_is_said(old: str, new: str, where: str):
    faults = check_text(SOUND.replace(old, new, 1))
    assert [(f.code, f.message.rpartition(" (")[2]) for f in faults] == [
        ("dates-hole", f"in {where})")
    ]


def test_each_organisation_without_a_version_is_named():
    others = (
        "  - {code: hamlet, title: {en: Hamlet, fi: Pienkylä}, roles: [municipality]}\nchannels:"
    )
    text = SOUND.replace("rule: months_unemployed", "only: [town]\n        rule: months_unemployed")
    text = text.replace("except: [village]", "except: [village, hamlet]")
    (fault,) = check_text(text.replace("channels:", others, 1))
    assert fault.message == (
        "nothing is said from 2025-01-01 to 2027-01-01: add a version, with `rule: null` if none "
        "is meant (in village, in hamlet)"
    )


def test_a_hole_is_closed_by_saying_that_no_rule_holds_there():
    gap = "      - {from: 2025-01-01, rule: null, only: [village], basis: Town plan}\nphases:"
    text = SOUND.replace("rule: months_unemployed", "only: [town]\n        rule: months_unemployed")
    definition = load_definition(text.replace("phases:", gap, 1), "x")
    assert definition.rules_in_force(NEW, "village") == ()
    assert [r.text for r in definition.rules_in_force(NEW, "town")] == ["unemployed"]


def test_an_organisation_that_joins_later_needs_a_version_from_then_on():
    joins = "    roles: [municipality]\n    from: 2025-06-01\n"
    later = SOUND.replace("    roles: [municipality]\n", joins, 1)
    later = later.replace(
        "rule: months_unemployed", "only: [town]\n        rule: months_unemployed"
    )
    own = "      - {{from: {}, rule: age >= 18, only: [village], basis: Town plan}}\nphases:"
    assert check_text(later.replace("phases:", own.format("2025-06-01"), 1)) == []
    (fault,) = check_text(later.replace("phases:", own.format("2025-07-01"), 1))
    assert fault.code == "dates-hole"
    assert "nothing is said from 2025-06-01 to 2025-07-01" in fault.message


def test_a_version_with_a_fault_in_its_day_brings_no_hole_with_it():
    (fault,) = check_text(SOUND.replace("from: 2025-01-01\n", "from: 2025-02-30\n", 1))
    assert fault.code == "bad-date"


def test_a_part_that_touches_the_definitions_time_by_a_day_is_good():
    assert check_text(SOUND.replace("providers: [school]", "until: 2025-01-02")) == []
    assert check_text(SOUND.replace("providers: [school]", "from: 2026-12-31")) == []


def test_a_provider_is_a_role_an_organisation_or_a_known_kind_from_outside():
    for word in ("lead", "village", *OUTSIDE_PROVIDERS):
        assert check_text(SOUND.replace("providers: [school]", f"providers: [{word}]")) == []


def test_a_frame_has_concepts_or_a_prefix():
    frame = "competence_frames:\n  - {code: f, title: {en: F, fi: K}, levels: [low], "
    for way in ("uri_prefix: 'http://x/'", "concepts: [{code: c, title: {en: C, fi: O}}]"):
        assert check_text(SOUND + frame + way + "}\n") == []


def test_a_measure_may_be_compared_at_each_level_and_from_several_days():
    row = (
        "  - {{id: v{}, title: {{en: V, fi: A}}, measure: co-payment-share, level: {}, value: 0.5, "
        "basis: Law, from_days: {}}}\n"
    )
    rows = [("local", 300), ("national", 300), ("national", 1000)]
    text = "".join(row.format(number, *given) for number, given in enumerate(rows))
    assert check_text(f"{SOUND}reference_values:\n{text}") == []


@pytest.mark.parametrize("span", ["36525 days", "26000 working-days", "5218 weeks", "1200 months"])
def test_a_span_of_a_hundred_years_is_good_and_one_more_is_not(span: str):
    assert check_text(SOUND.replace("span: 1 month", f"span: {span}")) == []
    count, unit = span.split()
    (fault,) = check_text(SOUND.replace("span: 1 month", f"span: {int(count) + 1} {unit}"))
    assert fault.code == "bad-span"
    assert f"at most {count} {unit}" in fault.message


def test_a_fault_does_not_repeat_a_number_of_thousands_of_digits():
    for old in ("version: 1", "span: 1 month", "value: 0.5"):
        key = old.split(":", maxsplit=1)[0]
        (fault,) = check_text(SOUND.replace(old, f"{key}: {'9' * 5000}", 1))
        assert len(fault.message) < 200


def test_an_empty_mapping_lacks_every_key_that_must_be_there():
    with pytest.raises(DefinitionFaults) as refused:
        load_definition("{}", "empty.yaml")
    assert {f.code for f in refused.value.faults} == {"missing-key"}
    assert {f.field for f in refused.value.faults} >= {"programme", "phases", "eligibility"}


def test_faults_name_the_origin_that_was_given_each_time():
    for origin in ("first.yaml", "second.yaml"):
        with pytest.raises(DefinitionFaults) as refused:
            load_definition("[]", origin)
        assert refused.value.faults[0].file == origin


def test_what_may_be_left_out_is_empty_and_deadlines_stop_with_a_pause():
    definition = load_definition(SOUND, "small.yaml")
    assert definition.needs == definition.duties == definition.reference_values == ()
    assert definition.deadlines[0].pausable is True
    still = SOUND.replace("basis: Town plan\nend", "basis: Town plan\n    pausable: false\nend")
    assert load_definition(still, "small.yaml").deadlines[0].pausable is False


def test_a_day_may_stand_in_quotes():
    quoted = SOUND.replace("from: 2025-09-01", "from: '2025-09-01'")
    assert load_definition(quoted, "x").eligibility == load_definition(SOUND, "y").eligibility


def test_a_rule_can_end_without_a_successor_when_that_is_said():
    gone = SOUND.replace("rule: unemployed", "rule: null")
    definition = load_definition(gone, "x")
    assert definition.rules_in_force(NEW, "town") == ()
    assert [r.id for r in definition.rules_in_force(NEW, "village")] == ["client-group"]


def test_a_file_that_is_not_there_or_not_utf_8_is_a_fault_with_its_line(tmp_path: Path):
    missing = check(tmp_path / "missing.yaml")
    assert [(f.code, f.line) for f in missing] == [("unreadable", 1)]
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(SOUND.replace("Kylä", "Kyl\xe4").encode("latin-1"))
    line = SOUND[: SOUND.index("Kylä")].count("\n") + 1
    assert [(f.code, f.line) for f in check(latin)] == [("bad-encoding", line)]
    assert check(tmp_path)[0].code == "unreadable"


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path):
    file = tmp_path / "windows.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())
    assert check(file) == []


def test_a_lone_surrogate_from_another_program_is_a_fault_and_no_crash():
    with pytest.raises(DefinitionFaults) as refused:
        load_definition(SOUND.replace("Kylä", "Kyl\ud800"), "x")
    assert [f.code for f in refused.value.faults] == ["bad-yaml"]
    assert "U+D800" in str(refused.value)


def test_two_versions_of_a_questionnaire_can_stand_side_by_side():
    newer = "  - {code: feedback, version: 2, title: {en: F, fi: P}, respondents: [client]}\n"
    definition = load_definition(SOUND.replace("override_roles", newer + "override_roles"), "x")
    assert [(q.code, q.version) for q in definition.questionnaires] == [
        *(("feedback", 1), ("feedback", 2))
    ]


LINES = {name: text.splitlines() for name, text in SHIPPED.items()}
MISHAPS = ("drop", "repeat", "indent", "cut", "swap", "hash")


@settings(deadline=None)
@given(st.sampled_from(PROGRAMMES), st.sampled_from(MISHAPS), st.data())
def test_a_slip_of_the_pen_gives_a_definition_or_faults_within_the_file(
    programme: str, mishap: str, data: st.DataObject
):
    lines = list(LINES[programme])
    at = data.draw(st.integers(0, len(lines) - 2))
    match mishap:
        case "drop":
            del lines[at]
        case "repeat":
            lines.insert(at, lines[at])
        case "indent":
            lines[at] = "  " + lines[at]
        case "cut":
            lines[at] = lines[at][: len(lines[at]) // 2]
        case "swap":
            lines[at], lines[at + 1] = lines[at + 1], lines[at]
        case "hash":
            lines[at] = lines[at].replace(":", "#", 1)
    try:
        definition = load_definition("\n".join(lines), "slip.yaml")
    except DefinitionFaults as refused:
        faults = list(refused.faults)
    else:
        faults = []
        assert definition.digest == digest_of("\n".join(lines))
    assert all(1 <= fault.line <= len(lines) + 1 for fault in faults)
    assert all(fault.code and fault.message and fault.file == "slip.yaml" for fault in faults)


def test_a_sound_file_has_no_faults(tmp_path: Path):
    file = tmp_path / "small.yaml"
    file.write_text(SOUND, "utf-8")
    assert check(file) == []


def test_events_are_known_by_their_stored_names():
    assert {"referral-made", "referral-accepted", "follow-up-held", "journey-closed"} <= EVENTS


def test_a_dated_rule_holds_from_its_first_day_until_before_its_last():
    rule = shipped("etela-savo").eligibility[0].rule
    dated = DatedRule(rule, date(2025, 1, 1), date(2025, 2, 1), only=("a", "b"), never=("b",))
    assert dated.in_force(date(2025, 1, 1), "a")
    assert dated.in_force(date(2025, 1, 31), "a")
    assert not dated.in_force(date(2025, 2, 1), "a")
    assert not dated.in_force(date(2025, 1, 15), "b")
    assert not dated.in_force(date(2025, 1, 15), "c")
