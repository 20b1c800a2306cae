"""Indicators read from YAML: those of a definition, and files of one's own.

A file holds a title, indicators, and settings: numbers that its SQL names as `$name`, and that can
be set anew for one report. domain/indicator_sets/esf-plus.yaml is one, and explains each key.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from application.evaluation.tables import tables
from domain.definition import Title
from domain.faults import DefinitionFaults, Fault
from domain.indicators import CLIENTS, JOURNEYS, MEASURES, ROWS, FromFacts, Indicator, IndicatorSet
from infrastructure.composing import compose
from infrastructure.definition_reading import Reading, not_empty, one_of, read_title
from infrastructure.indicator_rules import compile_judged
from infrastructure.marked_yaml import Faults, Keys, Place
from infrastructure.rules import BadRule, nearest
from infrastructure.said_texts import read_texts

Trial = Callable[[Indicator], Iterable[tuple[str, str]]]
"""Tries an indicator's SQL; returns the fields that are wrong, and what is wrong with them."""

REQUIRED = ("id", "title", "measure", "unit")
OPTIONAL = (
    *(
        "of",
        "sql",
        "cel",
        "who",
        "what",
        "by",
        "target",
        "value",
        "part",
        "source",
        "note",
        "assumed",
    ),
)

OF_THE_QUESTION = ("as_at", "known_until", "dictionary", "dictionaries")
"""What SQL can name beside settings: the day asked about, the last day up to it of which anything
is known, the codes of disadvantages, and those of each version of the definition."""

_SETTING = re.compile(r"\$(\w*)")
_BREAKDOWN = re.compile(r"[a-z][a-z0-9_]*(\*[a-z][a-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class Asking:
    """What is needed to read an indicator.

    `title` reads a title, `targets` are the ids of targets that can be named (None: any),
    `settings` the numbers that SQL can name, `tried` tries the SQL. `published`: it is in force as
    it is, and what was let pass then is let pass.
    """

    title: Callable[[Place], Title]
    targets: frozenset[str] | None = None
    settings: Mapping[str, float] = field(default_factory=dict)
    tried: Trial = lambda _indicator: ()
    published: bool = False


def read_indicators(
    place: Place, reading: Reading, targets: Iterable[str]
) -> tuple[Indicator, ...]:
    """Read the indicators of a definition; `targets` are the ids that they can name."""
    titles = lambda at: read_title(at, reading)  # noqa: E731 - a name for one look
    return _each(place, Asking(titles, frozenset(targets), published=True))


def load_indicators(
    text: str,
    origin: str,
    *,
    language: str | None = None,
    given: Mapping[str, float] | None = None,
    tried: Trial = lambda _indicator: (),
) -> IndicatorSet:
    """Return the indicators that a text describes; `origin` names the text in faults.

    Titles are taken in English and in `language`, where they have it. `given` are settings that
    take the place of the file's; those of other names are not looked at. Raises DefinitionFaults
    with every fault that was found.
    """
    faults = Faults(origin)
    place = compose(text, faults)
    if place is None:
        raise DefinitionFaults(faults.in_order())
    keys = place.keys(("title", "indicators"), ("settings", "texts"))
    own = _settings(keys["settings"])
    settings = {name: (given or {}).get(name, number) for name, number in own.items()}
    asking = Asking(lambda at: _title(at, language), None, settings, tried)
    not_empty(keys["indicators"])
    found = IndicatorSet(
        _title(keys["title"], language),
        _each(keys["indicators"], asking),
        settings,
        digest_of(text),
        read_texts(keys["texts"], asking.title, place),
    )
    if faults.found:
        raise DefinitionFaults(faults.in_order())
    return found


def read_set(name: str, language: str, given: Mapping[str, float]) -> IndicatorSet:
    """Return the indicators of a set that comes with Polku, or of a file.

    `given` are settings that take the place of the file's. Raises DefinitionFaults.
    """
    shipped = shipped_indicators()
    text = shipped[name] if name in shipped else text_of(Path(name))
    return load_indicators(text, name, language=language, given=given)


def text_of(path: Path) -> str:
    """Return the text of a file. Raises DefinitionFaults where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        known = ", ".join(shipped_indicators())
        message = f"the file cannot be read: {error.strerror}; with Polku come: {known}"
        raise DefinitionFaults((Fault(str(path), 1, "", message, "unreadable"),)) from error
    except UnicodeDecodeError as error:
        message = "the text is not UTF-8: save the file as UTF-8"
        raise DefinitionFaults((Fault(str(path), 1, "", message, "bad-encoding"),)) from error


def try_indicators(text: str, origin: str, tried: Trial) -> None:
    """Try the SQL of the indicators of a definition that is good otherwise.

    Raises DefinitionFaults with what is wrong.
    """
    faults = Faults(origin)
    place = compose(text, faults)
    if place is not None and (at := place.child("indicators")) is not place:
        _each(at, Asking(lambda title: _title(title, None), tried=tried))
    if faults.found:
        raise DefinitionFaults(faults.in_order())


def digest_of(text: str) -> str:
    """Return the SHA-256 (hex) of a file's text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def shipped_indicators() -> dict[str, str]:
    """Return the texts of the files that come with Polku, by name ("esf-plus")."""
    folder = files("domain") / "indicator_sets"
    shipped = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=str)
    return {f.name.removesuffix(".yaml"): f.read_bytes().decode("utf-8") for f in shipped}


def _each(place: Place, asking: Asking) -> tuple[Indicator, ...]:
    lines: dict[str, int] = {}
    items, found = place.items(), []
    for item in items:
        found.append(read_indicator(item, asking))
        at = item.child("id")
        if at.word() in lines:
            at.fault("duplicate-code", f"{at.word()!r} stands in line {lines[at.word()]} already")
        lines.setdefault(at.word(), at.line)
    counts = {one.id: one.part and one.part[0] for one in found if one.measure == "count"}
    for item, one in zip(items, found, strict=True):
        if not asking.published and one.part:
            _check_whole(item.child("part").child("of"), one.id, one.part[0], counts)
    return tuple(found)


def _check_whole(place: Place, part: str, whole: str, counts: Mapping[str, str | None]) -> None:
    """Note what a part is no part of: small numbers of both would not be looked at together.

    `counts` are the indicators that count, each with what it says it is a part of.
    """
    others = [name for name in counts if name and name != part]
    if whole and whole not in others:
        message = f"there is no other count {whole!r} in this file{nearest(whole, others)}"
        place.fault("unknown-whole", message)
    elif part in (above := _above(part, counts)):
        message = f"{part!r} would be a part of itself, by way of {', '.join(above[:-1])}"
        place.fault("part-of-itself", message)


def _above(part: str, counts: Mapping[str, str | None]) -> list[str]:
    """Return what a count is a part of, and that, and so on, each once."""
    found: list[str] = []
    name = counts.get(part)
    while name and name not in found:
        found.append(name)
        name = counts.get(name)
    return found


def read_indicator(place: Place, asking: Asking) -> Indicator:
    """Read an indicator; what its SQL is made of is tried last, where the rest of it is good."""
    before = len(place.faults.found)
    keys = place.keys(REQUIRED, OPTIONAL)
    measure = one_of(keys["measure"], MEASURES, "unknown-measure", "measure")
    indicator = Indicator(
        id=keys["id"].code(),
        title=asking.title(keys["title"]),
        measure=measure,
        unit=keys["unit"].text(),
        of=_table(keys),
        select=_sql(keys["sql"], asking),
        who=_sql(keys["who"], asking),
        what=_sql(keys["what"], asking),
        facts=_facts(keys["cel"], measure),
        by=_breakdowns(keys["by"]),
        target=_target(keys["target"], asking),
        value=keys["value"].number(),
        part=_part(keys["part"]),
        source=keys["source"].text(),
        note=keys["note"].text(),
        assumed=keys["assumed"].flag(),
    )
    _check_parts(keys, indicator)
    if len(place.faults.found) == before:
        for name, message in asking.tried(indicator):
            field, _, inner = name.partition(".")
            if inner:
                keys[field].child(inner).fault("bad-rule", message)
            else:
                keys[field].fault("bad-sql", message)
    return indicator


def _table(keys: Keys) -> str:
    if not keys["of"].given:
        return JOURNEYS
    word = keys["of"].text()
    if word and word not in tables():
        keys["of"].fault("unknown-table", f"there is no table {word!r}{nearest(word, tables())}")
    return word


def _check_parts(keys: Keys, indicator: Indicator) -> None:
    given = [name for name in ("of", "sql", "cel") if keys[name].given]
    if len(given) > 1:
        keys[given[1]].fault("too-many-sources", f"it asks of {given[0]} already: keep one")
    beside = [name for name in ("who", "what") if keys[name].given and "cel" in given]
    for name in beside:
        keys[name].fault("two-places", "who and what stand within cel here: leave this one out")
    units = (CLIENTS, JOURNEYS, indicator.of if not indicator.select else ROWS)
    if indicator.unit and indicator.unit not in units:
        known = ", ".join(dict.fromkeys(units))
        keys["unit"].fault("unknown-unit", f"{indicator.unit!r} cannot be counted here: {known}")
    if "cel" not in given:
        _check_what(keys.place, keys["what"], indicator.measure)


def _check_what(owner: Place, what: Place, measure: str) -> None:
    if measure == "count" and what.given:
        what.fault("what-without-use", "a count needs no `what`: say in `who` which ones count")
    elif measure not in {"count", ""} and not what.given:
        owner.fault("missing-key", f"a {measure} needs `what`: say what of those is measured")


def _facts(place: Place, measure: str) -> FromFacts | None:
    if not place.given:
        return None
    keys = place.keys(("who",), ("what",))
    _check_what(place, keys["what"], measure)
    counts = _judged(keys["who"])
    measures = _judged(keys["what"]) if keys["what"].given else None
    return FromFacts(keys["who"].text(), keys["what"].text() if measures else "", counts, measures)


def _judged(place: Place) -> Callable[..., bool | int | float | None]:
    try:
        return compile_judged(place.text() or "true")
    except BadRule as refused:
        for fault in refused.faults:
            place.fault(fault.code, fault.message)
        return lambda _facts: None


def _sql(place: Place, asking: Asking) -> str:
    """Read SQL and put the settings in; they are numbers, so that nothing else can come in."""
    text = place.text()

    def put_in(found: re.Match[str]) -> str:
        name = found[1]
        if name in OF_THE_QUESTION:
            return found[0]
        if name not in asking.settings:
            place.fault(
                "unknown-setting", f"there is no setting ${name}{nearest(name, asking.settings)}"
            )
            return "NULL"
        return _number(asking.settings[name])

    return _SETTING.sub(put_in, text)


def _number(number: float) -> str:
    """Return a number as SQL takes it, with all its digits."""
    return str(int(number)) if number == int(number) else repr(number)


def _settings(place: Place) -> dict[str, float]:
    found: dict[str, float] = {}
    if not place.given:
        return found
    names = [str(key.value) for key, _ in getattr(place.node, "value", ()) if hasattr(key, "value")]
    keys = place.keys((), names)
    for name, at in keys.places.items():
        if not re.fullmatch(r"[a-z_]+", name):
            at.fault("bad-code", f"{name!r}: name a setting with small letters and underscores")
        if name in OF_THE_QUESTION:
            at.fault("reserved", f"${name} is the question's own: give the setting another name")
        found[name] = at.number() or 0
    return found


def _breakdowns(place: Place) -> tuple[tuple[str, ...], ...]:
    found: dict[tuple[str, ...], None] = {}
    for item in place.items():
        word = item.text()
        if word and not _BREAKDOWN.fullmatch(word):
            item.fault("bad-breakdown", "name a column, or columns as organisation*gender")
        elif tuple(word.split("*")) in found:
            item.fault("duplicate-code", f"{word!r} is there twice: keep one")
        elif word:
            found[tuple(word.split("*"))] = None
    return tuple(found)


def _target(place: Place, asking: Asking) -> str:
    word = place.code() if place.given else ""
    if word and asking.targets is not None and word not in asking.targets:
        place.fault("unknown-target", f"there is no target {word!r}{nearest(word, asking.targets)}")
    return word


def _part(place: Place) -> tuple[str, str] | None:
    if not place.given:
        return None
    keys = place.keys(("of", "by"))
    return keys["of"].code(), keys["by"].code()


def _title(place: Place, language: str | None) -> Title:
    """Read a title in English, and in the other languages where it has them."""
    keys = place.keys(("en",), ("fi", "it"))
    local = language if language in keys.places else "en"
    for other in keys.places:
        keys[other].text()
    return Title(keys["en"].text(), keys[local].text(), local)
