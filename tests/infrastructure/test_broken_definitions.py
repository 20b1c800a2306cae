"""Each case changes one thing of a small sound definition, and names the fault that must come."""

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from domain.faults import DefinitionFaults
from infrastructure.definitions import check, load_definition
from infrastructure.marked_yaml import values_of

SOUND = (Path(__file__).parent / "definitions" / "small.yaml").read_text("utf-8")

RULE = "eligibility[0].versions[0].rule"
FIRST, SECOND = "eligibility[0].versions[0]", "eligibility[0].versions[1]"

REVISION = SOUND[SOUND.index("      - from: 2025-09-01") : SOUND.index("phases:")]
FORMS = SOUND[SOUND.index("  - phase: follow-up") : SOUND.index("follow_up:")]
PLACEMENT = "  - {phase: placement, title: {en: P, fi: T}, after: [training]}\n"


class Case(NamedTuple):
    """`old` becomes `new`; the fault is in the line that holds `at` (if not said: `new`)."""

    name: str
    old: str
    new: str
    code: str
    field: str
    at: str | None = None


def rule(name: str, text: str, code: str) -> Case:
    return Case(name, "rule: months_unemployed >= 12", f"rule: {text}", code, RULE)


CASES = [
    # Keys
    Case(
        "unknown-key", "country: FI", "country: FI\ncolour: red", "unknown-key", "colour", "colour"
    ),
    Case(
        "misspelt-key",
        "services:\n  - code: course",
        "servises: []\nservices:\n  - code: course",
        "unknown-key",
        "servises",
        "servises",
    ),
    Case("missing-key", "version: 1\n", "", "missing-key", "version", "programme:"),
    Case(
        "missing-key-of-a-part",
        "    roles: [municipality]\n",
        "",
        "missing-key",
        "organisations[1].roles",
        "code: village",
    ),
    Case(
        "double-key",
        "country: FI",
        "country: FI\nversion: 2",
        "duplicate-key",
        "version",
        "version: 2",
    ),
    Case(
        "double-key-in-a-part",
        "{code: line-1,",
        "{code: line-1, code: line-2,",
        "duplicate-key",
        "service_lines[0].code",
    ),
    Case("merge-key", "country: FI", "country: FI\n<<: {a: 1}", "unknown-key", "<<", "<<"),
    # Types and YAML's traps
    Case("text-for-number", "version: 1\n", "version: one\n", "wrong-type", "version", "one"),
    Case("quoted-number", "version: 1\n", 'version: "1"\n', "wrong-type", "version", '"1"'),
    Case("version-zero", "version: 1\n", "version: 0\n", "bad-number", "version", "version: 0"),
    Case("version-negative", "version: 1\n", "version: -3\n", "bad-number", "version", "-3"),
    Case("sexagesimal", "version: 1\n", "version: 12:30\n", "wrong-type", "version", "12:30"),
    Case("octal", "version: 1\n", "version: 017\n", "wrong-type", "version", "017"),
    Case("version-half", "version: 1\n", "version: 1.5\n", "wrong-type", "version", "1.5"),
    Case("bare-no", "en: Town,", "en: no,", "wrong-type", "organisations[0].title.en"),
    Case(
        "number-for-text",
        "basis: Town plan\n  - phase",
        "basis: 916\n  - phase",
        "wrong-type",
        "phases[0].requires[0].basis",
        "916",
    ),
    Case(
        "yes-for-true",
        "line-1, title",
        "line-1, assumed: yes, title",
        "wrong-type",
        "service_lines[0].assumed",
    ),
    Case(
        "list-for-text",
        "programme: small-town",
        "programme: [small-town]",
        "wrong-type",
        "programme",
    ),
    Case("text-for-list", "roles: [lead]", "roles: lead", "wrong-type", "organisations[0].roles"),
    Case(
        "text-for-keys",
        "title: {en: Town, fi: Kaupunki}",
        "title: Town",
        "wrong-type",
        "organisations[0].title",
    ),
    Case(
        "text-for-part",
        "  - {code: own-contact, title: {en: Own contact, fi: Oma yhteydenotto}}",
        "  - own-contact",
        "wrong-type",
        "channels[0]",
    ),
    Case("no-value", "rule: unemployed", "rule:", "missing-value", f"{SECOND}.rule", "rule:\n"),
    Case("empty-text", "basis: Town plan, amended", "basis: '  '", "empty-text", f"{SECOND}.basis"),
    Case(
        "empty-list",
        "starts: [referral-accepted]",
        "starts: []",
        "missing-value",
        "deadlines[0].starts",
    ),
    Case(
        "no-channel",
        "channels:\n  - {code: own-contact, title: {en: Own contact, fi: Oma yhteydenotto}}",
        "channels: []",
        "missing-value",
        "channels",
    ),
    # Codes, titles, country
    Case("bad-code", "code: course", "code: Big Course", "bad-code", "services[0].code"),
    Case(
        "double-code",
        "channels:",
        "  - {code: town, title: {en: T, fi: T}, roles: [lead]}\nchannels:",
        "duplicate-code",
        "organisations[2].code",
    ),
    Case(
        "double-phase",
        "services:",
        "  - {phase: intake, title: {en: I, fi: A}, after: [training]}\nservices:",
        "duplicate-code",
        "phases[3].phase",
    ),
    Case(
        "missing-title",
        "{en: Town, fi: Kaupunki}",
        "{en: Town}",
        "missing-title",
        "organisations[0].title.fi",
    ),
    Case(
        "title-of-another-language",
        "{en: Town, fi: Kaupunki}",
        "{en: Town, fi: K, it: C}",
        "unknown-key",
        "organisations[0].title.it",
    ),
    Case("unknown-country", "country: FI", "country: SE", "unknown-country", "country"),
    # Days
    Case("no-such-day", "from: 2025-09-01", "from: 2025-09-31", "bad-date", f"{SECOND}.from"),
    Case("day-month-year", "from: 2025-09-01", "from: 1.9.2025", "bad-date", f"{SECOND}.from"),
    Case(
        "instant-for-day",
        "from: 2025-09-01",
        "from: 2025-09-01 12:30:00",
        "bad-date",
        f"{SECOND}.from",
    ),
    Case(
        "ends-before-it-begins",
        "until: 2027-01-01",
        "until: 2024-01-01",
        "dates-reversed",
        "effective.until",
    ),
    Case(
        "version-ends-on-its-first-day",
        "from: 2025-09-01",
        "from: 2025-09-01\n        until: 2025-09-01",
        "dates-reversed",
        f"{SECOND}.until",
        "until: 2025-09-01",
    ),
    Case(
        "hole-at-the-start",
        "from: 2025-01-01\n",
        "from: 2025-02-01\n",
        "dates-hole",
        f"{FIRST}.from",
        "2025-02-01",
    ),
    Case(
        "hole-between",
        REVISION,
        "        until: 2025-08-01\n" + REVISION.replace("        except: [village]\n", ""),
        "dates-hole",
        f"{SECOND}.from",
        "from: 2025-09-01",
    ),
    Case(
        "hole-at-the-end",
        "except: [village]",
        "except: [village]\n        until: 2026-01-01",
        "dates-hole",
        f"{SECOND}.until",
        "until: 2026-01-01",
    ),
    Case(
        "hole-in-one-place",
        "rule: months_unemployed",
        "until: 2025-09-01\n        rule: months_unemployed",
        "dates-hole",
        f"{FIRST}.until",
        "until: 2025-09-01",
    ),
    Case(
        "same-first-day",
        "from: 2025-09-01",
        "from: 2025-01-01",
        "dates-overlap",
        f"{SECOND}.from",
        "from: 2025-01-01\n        rule: unemployed",
    ),
    Case(
        "overlap",
        REVISION,
        "        until: 2025-12-01\n" + REVISION.replace("        except: [village]\n", ""),
        "dates-overlap",
        f"{SECOND}.from",
        "from: 2025-09-01",
    ),
    Case(
        "only-and-except",
        "except: [village]",
        "except: [village]\n        only: [town]",
        "only-and-except",
        f"{SECOND}.except",
        "except:",
    ),
    Case(
        "no-version",
        SOUND[SOUND.index("    versions:") : SOUND.index("phases:")],
        "    versions: []\n",
        "missing-value",
        "eligibility[0].versions",
        "versions: []",
    ),
    # Days outside the definition's own time
    Case(
        "service-that-ended-before-the-definition",
        "    providers: [school]",
        "    from: 2024-01-01\n    until: 2025-01-01",
        "dates-outside",
        "services[0].until",
        "until: 2025-01-01",
    ),
    Case(
        "service-that-begins-after-the-definition",
        "    providers: [school]",
        "    from: 2027-01-01",
        "dates-outside",
        "services[0].from",
    ),
    Case(
        "participant-who-left-before-the-definition",
        "    roles: [municipality]",
        "    roles: [municipality]\n    until: 2024-06-30",
        "dates-outside",
        "organisations[1].until",
        "until: 2024-06-30",
    ),
    Case(
        "participant-who-joins-after-the-definition",
        "    roles: [municipality]",
        "    roles: [municipality]\n    from: 2027-06-30",
        "dates-outside",
        "organisations[1].from",
        "from: 2027-06-30",
    ),
    Case(
        "version-that-begins-after-the-definition",
        "from: 2025-09-01",
        "from: 2027-01-01",
        "dates-outside",
        f"{SECOND}.from",
        "from: 2027-01-01",
    ),
    Case(
        "duty-after-the-definition",
        "override_roles:",
        "agreement:\n  - {id: d, title: {en: D, fi: T}, organisation: town, from: 2027-01-01}\n"
        "override_roles:",
        "dates-outside",
        "agreement[0].from",
        "  - {id: d,",
    ),
    Case(
        "duty-that-sees-an-unknown-kind",
        "override_roles:",
        "agreement:\n  - {id: d, title: {en: D, fi: T}, organisation: town, from: 2025-01-01, "
        "sees: [thoughts]}\noverride_roles:",
        "unknown-kind",
        "agreement[0].sees[0]",
        "  - {id: d,",
    ),
    Case(
        "hole-in-an-organisation-that-no-version-covers",
        "        rule: months_unemployed >= 12\n",
        "        rule: months_unemployed >= 12\n        only: [town]\n",
        "dates-hole",
        "eligibility[0].versions",
        "      - from: 2025-01-01",
    ),
    Case(
        "hole-where-every-version-excepts",
        "        rule: months_unemployed >= 12\n",
        "        rule: months_unemployed >= 12\n        except: [village]\n",
        "dates-hole",
        "eligibility[0].versions",
        "      - from: 2025-01-01",
    ),
    # Rules
    rule("rule-syntax", "months_unemployed >=", "rule-syntax"),
    rule("rule-with-and", "unemployed and accepted", "rule-syntax"),
    rule("rule-with-one-equals-sign", "months_unemployed = 12", "rule-syntax"),
    rule("rule-too-long", " || ".join(["unemployed"] * 100), "rule-syntax"),
    rule("unknown-fact", "months_unemploied >= 12", "unknown-fact"),
    rule(
        "fact-as-variable",
        'disadvantages.exists(age, age == "a")',
        "unknown-fact",
    ),
    rule("unknown-function", "today() > unemployed_since", "unknown-function"),
    rule("rule-gives-a-number", "months_unemployed", "rule-not-boolean"),
    rule("rule-of-wrong-types", 'months_unemployed > "12"', "rule-type"),
    rule("never-equal", 'education_isced == "3" || unemployed', "fact-without-effect"),
    rule("about-nothing", "1 < 2", "fact-without-effect"),
    rule("always", "unemployed || !unemployed", "fact-without-effect"),
    rule("unknown-channel", 'channel == "own-contakt"', "unknown-value"),
    rule("unknown-status", 'employment_status == "jobless"', "unknown-value"),
    rule(
        "month-that-never-comes",
        "unemployed_since.getMonth() == 12",
        "fact-without-effect",
    ),
    rule("number-beyond-the-engine", f"months_unemployed >= {'9' * 400}", "rule-syntax"),
    rule("rule-true", "true", "wrong-type"),
    Case(
        "requirement-over-unknown-fact",
        "rule: accepted",
        "rule: acepted",
        "unknown-fact",
        "phases[0].requires[0].rule",
    ),
    # Phases and services
    Case(
        "unknown-phase",
        "services:",
        "  - {phase: placment, title: {en: P, fi: S}, after: [training]}\nservices:",
        "unknown-phase",
        "phases[3].phase",
    ),
    Case(
        "after-unknown-phase",
        "after: [training]",
        "after: [training, placement]",
        "unknown-phase",
        "phases[2].after[1]",
    ),
    Case(
        "unreachable-phase",
        "after: [training]",
        "after: [follow-up]",
        "unreachable-phase",
        "phases[2].phase",
        "phase: follow-up",
    ),
    Case("no-start", "after: []", "after: [training]", "no-start", "phases", "- phase: intake"),
    Case(
        "service-without-phase",
        "phases: [training]",
        "phases: []",
        "unusable-service",
        "services[0].phases",
    ),
    Case(
        "service-of-other-phases",
        "phases: [training]",
        "phases: [placement]",
        "unusable-service",
        "services[0].phases",
    ),
    Case(
        "service-of-one-other-phase",
        "phases: [training]",
        "phases: [training, placement]",
        "unknown-phase",
        "services[0].phases[1]",
    ),
    # References
    Case(
        "except-unknown-organisation",
        "except: [village]",
        "except: [village, vilage]",
        "unknown-organisation",
        f"{SECOND}.except[1]",
    ),
    Case(
        "target-of-unknown-organisation",
        "organisation: town",
        "organisation: city",
        "unknown-organisation",
        "targets[0].organisation",
    ),
    Case(
        "unknown-event",
        "ends: [intake-interview-held]",
        "ends: [interview-held]",
        "unknown-event",
        "deadlines[0].ends[0]",
    ),
    Case(
        "event-by-class-name",
        "after: service-completed",
        "after: ServiceCompleted",
        "bad-code",
        "follow_up[0].after",
    ),
    Case(
        "follow-up-after-unknown-event",
        "after: service-completed",
        "after: service-ended",
        "unknown-event",
        "follow_up[0].after",
    ),
    Case(
        "unknown-placement-form",
        "[work-try-out]",
        "[work-try-out, holiday]",
        "unknown-placement-form",
        "placement_forms[1]",
    ),
    Case(
        "unknown-end-state",
        "code: completed",
        "code: finished",
        "unknown-end-state",
        "end_states[0].code",
    ),
    Case(
        "unknown-destination",
        "[employment, unemployed]",
        "[employment, heaven]",
        "unknown-destination",
        "end_states[0].destinations[1]",
    ),
    Case(
        "unknown-respondent",
        "respondents: [client]",
        "respondents: [neighbour]",
        "unknown-respondent",
        "questionnaires[0].respondents[0]",
    ),
    Case(
        "unknown-measure",
        "measure: young-unemployed-or-threatened",
        "measure: happiness",
        "unknown-measure",
        "targets[0].measure",
    ),
    Case(
        "questionnaire-twice-in-one-version",
        "override_roles:",
        "  - {code: feedback, version: 1, title: {en: F, fi: P}, respondents: [staff]}\n"
        "override_roles:",
        "duplicate-code",
        "questionnaires[1].code",
    ),
    Case(
        "follow-up-named-like-a-deadline",
        "{id: one-month,",
        "{id: interview,",
        "duplicate-code",
        "follow_up[0].id",
    ),
    # Parts that nobody could use
    Case(
        "frame-without-levels",
        "override_roles:",
        "competence_frames:\n"
        "  - {code: esco, title: {en: E, fi: E}, uri_prefix: 'x:', levels: []}\n"
        "override_roles:",
        "missing-value",
        "competence_frames[0].levels",
        "levels: []",
    ),
    Case(
        "frame-without-a-competence",
        "override_roles:",
        "competence_frames:\n  - {code: local, title: {en: L, fi: P}, levels: [low]}\n"
        "override_roles:",
        "unusable-frame",
        "competence_frames[0]",
        "code: local",
    ),
    Case(
        "frame-with-an-empty-list-of-concepts",
        "override_roles:",
        "competence_frames:\n"
        "  - {code: local, title: {en: L, fi: P}, levels: [low], concepts: []}\n"
        "override_roles:",
        "unusable-frame",
        "competence_frames[0]",
        "code: local",
    ),
    Case(
        "placement-without-a-form",
        FORMS,
        PLACEMENT + FORMS.replace("work-try-out", ""),
        "missing-value",
        "placement_forms",
        "placement_forms: []",
    ),
    Case(
        "reference-value-twice",
        "override_roles:",
        "reference_values:\n"
        "  - {id: a, title: {en: A, fi: A}, measure: co-payment-share, level: national,"
        " value: 0.5, basis: Law, from_days: 300}\n"
        "  - {id: b, title: {en: B, fi: B}, measure: co-payment-share, level: national,"
        " value: 0.7, basis: Law, from_days: 300}\n"
        "override_roles:",
        "duplicate-value",
        "reference_values[1].from_days",
        "  - {id: b,",
    ),
    Case(
        "reference-value-twice-without-days",
        "override_roles:",
        "reference_values:\n"
        "  - {id: a, title: {en: A, fi: A}, measure: clients, level: local, value: 5, basis: B}\n"
        "  - {id: b, title: {en: B, fi: B}, measure: clients, level: local, value: 7, basis: B}\n"
        "override_roles:",
        "duplicate-value",
        "reference_values[1].measure",
        "  - {id: b,",
    ),
    Case(
        "retention-of-an-unknown-kind",
        "override_roles:",
        "retention:\n  - {kind: plans, months: 12, basis: B}\noverride_roles:",
        "unknown-data-kind",
        "retention[0].kind",
        "  - {kind: plans",
    ),
    Case(
        "retention-twice",
        "override_roles:",
        "retention:\n  - {kind: plan, months: 12, basis: B}\n"
        "  - {kind: plan, months: 24, basis: C}\noverride_roles:",
        "duplicate-code",
        "retention[1].kind",
        "  - {kind: plan, months: 24",
    ),
    Case(
        "retention-too-long",
        "override_roles:",
        "retention:\n  - {kind: plan, months: 1201, basis: B}\noverride_roles:",
        "bad-number",
        "retention[0].months",
        "  - {kind: plan",
    ),
    Case(
        "unknown-provider",
        "providers: [school]",
        "providers: [lead, town, employer, scool]",
        "unknown-provider",
        "services[0].providers[3]",
    ),
    # Numbers and spans
    Case("share-above-one", "value: 0.5", "value: 64", "bad-share", "targets[0].value"),
    Case("share-below-zero", "value: 0.5", "value: -0.5", "bad-number", "targets[0].value"),
    Case("share-infinite", "value: 0.5", "value: .inf", "wrong-type", "targets[0].value"),
    Case("span-zero", "span: 10 working-days", "span: 0 days", "bad-span", "deadlines[0].span"),
    Case(
        "span-negative", "span: 10 working-days", "span: -5 days", "bad-span", "deadlines[0].span"
    ),
    Case("span-without-unit", "span: 10 working-days", "span: 10", "bad-span", "deadlines[0].span"),
    Case("span-of-unknown-unit", "span: 1 month", "span: 1 year", "bad-span", "follow_up[0].span"),
    Case(
        "span-beyond-a-life",
        "span: 10 working-days",
        "span: 99999999 days",
        "bad-span",
        "deadlines[0].span",
    ),
    Case(
        "span-of-101-years", "span: 1 month", "span: 1212 months", "bad-span", "follow_up[0].span"
    ),
    Case(
        "span-of-many-digits",
        "span: 1 month",
        f"span: {'9' * 5000} weeks",
        "bad-span",
        "follow_up[0].span",
    ),
    Case(
        "span-in-other-digits",
        "span: 1 month",
        "span: \u0661 month",
        "bad-span",
        "follow_up[0].span",
    ),
    Case(
        "version-of-many-digits",
        "version: 1\n",
        f"version: {'9' * 5000}\n",
        "bad-number",
        "version",
    ),
    Case("version-in-milliards", "version: 1\n", "version: 1000000000\n", "bad-number", "version"),
    Case("value-infinite", "value: 0.5", f"value: {'9' * 400}", "bad-number", "targets[0].value"),
    Case(
        "value-of-many-digits",
        "value: 0.5",
        f"value: {'9' * 5000}.5",
        "bad-number",
        "targets[0].value",
    ),
    # What texts say in another language
    Case(
        "text-that-nothing-says",
        "override_roles:",
        "texts:\n  - {en: Town plans, fi: Kaupungin suunnitelma}\noverride_roles:",
        "unused-text",
        "texts[0].en",
        "Town plans",
    ),
    Case(
        "text-twice",
        "override_roles:",
        "texts:\n  - {en: Town plan, fi: Suunnitelma}\n  - {en: Town plan, fi: S}\noverride_roles:",
        "duplicate-text",
        "texts[1].en",
        "fi: S}",
    ),
    Case(
        "text-in-one-language",
        "override_roles:",
        "texts:\n  - {en: Town plan}\noverride_roles:",
        "missing-title",
        "texts[0].fi",
        "{en: Town plan}",
    ),
    # The text as a whole
    Case("tab", "    roles: [lead]", "\troles: [lead]", "bad-yaml", "", "\troles"),
    Case("open-bracket", "roles: [lead]", "roles: [lead", "bad-yaml", "", "municipality: town"),
    Case("two-documents", "country: FI", "---\ncountry: FI", "bad-yaml", "", "---"),
    Case("empty-file", SOUND, "", "empty", ""),
    Case("only-comments", SOUND, "# to be written\n", "empty", ""),
    Case("a-list", SOUND, "- programme: small-town\n", "wrong-type", ""),
    Case("a-text", SOUND, "small-town\n", "wrong-type", ""),
    Case("control-character", "en: Town,", "en: To\x07wn,", "bad-yaml", ""),
    Case("too-long", SOUND, "#" * 500_001, "too-long", ""),
    Case("too-deep", SOUND, "[" * 5000, "bad-yaml", ""),
    Case("unknown-alias", "country: FI", "country: *x", "bad-yaml", ""),
]


def line_of(case: Case, text: str) -> int:
    at = case.at if case.at is not None else case.new
    return text[: text.index(at)].count("\n") + 1 if at in text and at else 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_definition_gives_exactly_its_fault_with_line_and_field(
    case: Case, tmp_path: Path
) -> None:
    assert case.old in SOUND
    text = SOUND.replace(case.old, case.new, 1)
    file = tmp_path / f"{case.name}.yaml"
    file.write_text(text, "utf-8")
    faults = check(file)
    assert [(f.code, f.line, f.field) for f in faults] == [
        (case.code, line_of(case, text), case.field)
    ], "\n".join(map(str, faults))
    assert faults[0].file == str(file)
    with pytest.raises(DefinitionFaults) as refused:
        load_definition(text, str(file))
    assert list(refused.value.faults) == faults


@pytest.mark.parametrize("nested", ["[" * 200_000, "[" * 100_000 + "]" * 100_000, "- " * 100_000])
def test_what_is_nested_without_end_is_a_fault_and_no_crash(nested: str) -> None:
    with pytest.raises(DefinitionFaults) as refused:
        load_definition(nested, "deep.yaml")

    assert refused.value.faults[0].code == "bad-yaml"


def test_texts_are_looked_for_in_lists_of_aliases_once() -> None:
    doubled = "".join(f"- &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    node = yaml.compose(f"- &a0 {{basis: Town plan}}\n{doubled}")

    assert [*values_of(node, ("basis",))] == ["Town plan"]
