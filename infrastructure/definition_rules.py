"""The rules of a definition: dated eligibility, and what each phase requires."""

from domain.definition import DatedRule, Facts, Phase, PhaseRule, Rule, Title
from infrastructure.dated_rules import Version, check_time_line, lay_out
from infrastructure.definition_reading import (
    Reading,
    each,
    note_late,
    read_period,
    read_title,
)
from infrastructure.marked_yaml import Keys, Place, each_code
from infrastructure.rule_trials import examine
from infrastructure.rules import BadRule, CompiledRule, compile_rule, nearest

_PHASES = tuple(phase.value for phase in Phase)


def read_eligibility(place: Place, reading: Reading) -> tuple[DatedRule, ...]:
    """Read the eligibility rules, each laid out in time and place."""
    return tuple(rule for dated in each(place, "id", _read_dated, reading) for rule in dated)


def read_phases(place: Place, reading: Reading) -> tuple[PhaseRule, ...]:
    """Read the phases, and note those that a journey can never reach."""
    phases = each(place, "phase", _read_phase, reading)
    _check_ways(place, phases)
    return phases


def _read_dated(place: Place, reading: Reading) -> tuple[DatedRule, ...]:
    keys = place.keys(("id", "title", "versions"))
    name, title = keys["id"].code(), read_title(keys["title"], reading)
    items = keys["versions"].items()
    if not items and keys["versions"].node is not None:
        keys["versions"].fault("missing-value", "the rule has no version: write at least one")
    versions = [_read_version(item, name, title, reading) for item in items]
    dated = [version for version in versions if version is not None]
    if items and len(dated) == len(items):
        in_time = [v for v in dated if reading.until is None or v.since < reading.until]
        check_time_line(keys["versions"], in_time, reading)
    return tuple(lay_out(dated))


def _read_version(place: Place, name: str, title: Title, reading: Reading) -> Version | None:
    keys = place.keys(
        ("from", "rule", "basis"), ("until", "only", "except", "title", "reference", "assumed")
    )
    since, until = read_period(keys)
    note_late(keys, since, reading)
    if keys["only"].given and keys["except"].given:
        keys["except"].fault("only-and-except", "name the organisations once: by only or by except")
    only, never = _named(keys["only"], reading), _named(keys["except"], reading)
    if keys["title"].node is not None:
        title = read_title(keys["title"], reading)
    rule = None if keys["rule"].null() else _read_rule(keys, name, title, reading)
    if rule is None:
        keys["basis"].text()
    if since is None or only is None or never is None:
        return None
    return Version(keys, rule, since, until, only, never)


def _named(place: Place, reading: Reading) -> tuple[str, ...] | None:
    """Return the organisations of the list; None where they cannot all be told."""
    items = place.items()
    known = tuple(each_code(items, reading.organisations, "unknown-organisation"))
    return known if len(known) == len(items) else None


def _read_rule(keys: Keys, name: str, title: Title, reading: Reading) -> Rule:
    compiled = _compiled(keys["rule"], reading)
    return Rule(
        id=name,
        title=title,
        text=compiled.text if compiled else "",
        basis=keys["basis"].text(),
        needs=compiled.needs if compiled else (),
        says=compiled or _says_nothing,
        reference=keys["reference"].text() or None,
        assumed=keys["assumed"].flag(),
    )


def _compiled(place: Place, reading: Reading) -> CompiledRule | None:
    text = place.text()
    if not text:
        return None
    try:
        rule = compile_rule(text)
    except BadRule as bad:
        for fault in bad.faults:
            place.fault(fault.code, fault.message)
        return None
    for fault in examine(rule, reading.codes):
        place.fault(fault.code, fault.message)
    return rule


def _says_nothing(_facts: Facts) -> bool | None:
    return None


def _read_phase(place: Place, reading: Reading) -> PhaseRule:
    keys = place.keys(("phase", "title", "after"), ("requires",))
    word = keys["phase"].code()
    if word and word not in _PHASES:
        keys["phase"].fault("unknown-phase", f"there is no phase {word!r}{nearest(word, _PHASES)}")
    after = each_code(keys["after"].items(), reading.phases, "unknown-phase")
    return PhaseRule(
        phase=Phase(word) if word in _PHASES else Phase.INTAKE,
        title=read_title(keys["title"], reading),
        after=tuple(Phase(before) for before in after if before in _PHASES),
        requires=each(keys["requires"], "id", _read_requirement, reading),
    )


def _read_requirement(place: Place, reading: Reading) -> Rule:
    keys = place.keys(("id", "title", "rule", "basis"), ("reference", "assumed"))
    return _read_rule(keys, keys["id"].code(), read_title(keys["title"], reading), reading)


def _check_ways(place: Place, phases: tuple[PhaseRule, ...]) -> None:
    if place.node is None:
        return
    places = place.items()
    starts = [item for item in places if item.child("after").is_empty_list()]
    if not starts:
        place.fault("no-start", "no phase can be the first: give one of them `after: []`")
        return
    reached = {phase.phase for phase, item in zip(phases, places, strict=True) if item in starts}
    while more := {p.phase for p in phases if set(p.after) & reached} - reached:
        reached |= more
    for phase, item in zip(phases, places, strict=True):
        known = item.child("phase").word() in _PHASES
        if known and phase.after and phase.phase not in reached:
            item.child("phase").fault(
                "unreachable-phase",
                f"no way leads to {phase.phase.value!r}: it comes only after phases that no "
                "journey can reach",
            )
