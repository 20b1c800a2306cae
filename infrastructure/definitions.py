"""Programme definitions: read from YAML, checked, and made into the values that decisions use.

A definition file holds one mapping; domain/programmes/etela-savo.yaml explains each key. Its
digest is the SHA-256 (hex) of the text's bytes in UTF-8, exactly as they stand: the same that
`sha256sum FILE` prints, so a published text can be checked with nothing but the file.
"""

import hashlib
from dataclasses import replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from domain.definition import PLACEMENT_FORMS, Coded, Definition, Phase, Title
from domain.faults import DefinitionFaults, Fault
from domain.journey.events import KINDS
from infrastructure import definition_parts as parts
from infrastructure.composing import compose
from infrastructure.definition_reading import (
    Reading,
    each,
    not_empty,
    positive,
    read_coded,
    read_period,
    read_title,
)
from infrastructure.definition_retention import read_retention
from infrastructure.definition_rules import read_eligibility, read_phases
from infrastructure.indicators import read_indicators, try_indicators
from infrastructure.marked_yaml import Faults, Keys, Place, each_code
from infrastructure.said_texts import read_texts

LANGUAGES = {"FI": "fi", "IT": "it"}
"""Countries whose working days Polku knows, and the language of titles there."""

EVENTS = frozenset(KINDS)
"""The names of a journey's events, as deadlines and follow-up points use them."""

_REQUIRED = (
    *("programme", "version", "title", "summary", "effective", "country", "organisations"),
    *("channels", "eligibility", "phases", "services", "placement_forms", "end_states"),
)
_NEEDED = ("organisations", "channels", "end_states")
"""Lists without which no client could be referred, or no journey could end."""

_OPTIONAL = (
    *("service_lines", "needs", "competence_frames", "review_methods", "follow_up", "deadlines"),
    *("exemption_reasons", "targets", "questionnaires", "override_roles", "disadvantages"),
    *("agreement", "bodies", "monitoring", "reference_values", "retention"),
    *("indicators", "texts"),
)


def load_definition(text: str, origin: str) -> Definition:
    """Return the definition that a text describes; `origin` names the text in faults.

    Raises DefinitionFaults with every fault that was found.
    """
    definition, faults = _read(text)
    if definition is None:
        raise DefinitionFaults(tuple(replace(fault, file=origin) for fault in faults))
    return definition


def check(path: Path) -> list[Fault]:
    """Return every fault of a definition file, in the order of its lines; none: it is good.

    What its indicators ask, in SQL or of facts, is tried where the rest is good.
    """
    from infrastructure.indicator_trials import trials  # noqa: PLC0415 - DuckDB: only who checks waits

    try:
        text = definition_text(path)
        if load_definition(text, str(path)).indicators:
            with trials() as tried:
                try_indicators(text, str(path), tried)
    except DefinitionFaults as refused:
        return list(refused.faults)
    return []


def definition_text(path: Path) -> str:
    """Return the text of a definition file as its bytes say, line ends and all.

    Raises DefinitionFaults where the file cannot be read or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        fault = Fault(str(path), 1, "", message, "unreadable")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = "the text is not UTF-8 here: save the file as UTF-8"
        fault = Fault(str(path), line, "", message, "bad-encoding")
    raise DefinitionFaults((fault,))


def shipped_definitions() -> dict[str, str]:
    """Return the texts of the definitions that come with Polku, by the programme's code."""
    folder = files("domain") / "programmes"
    shipped = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda f: f.name
    )
    return {file.name.removesuffix(".yaml"): file.read_bytes().decode("utf-8") for file in shipped}


def digest_of(text: str) -> str:
    """Return the SHA-256 (hex) of a definition's text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@lru_cache(maxsize=64)
def _read(text: str) -> tuple[Definition | None, tuple[Fault, ...]]:
    faults = Faults("")
    place = compose(text, faults)
    definition = None if place is None else _read_definition(place, digest_of(text))
    found = faults.in_order()
    return (None if found else definition), found


def _read_definition(place: Place, digest: str) -> Definition:
    keys = place.keys(_REQUIRED, _OPTIONAL)
    language = _language(keys["country"])
    effective = keys["effective"].keys(("from",), ("until", "assumed"))
    effective["assumed"].flag()
    since, until = read_period(effective)
    reading = Reading(
        language=language,
        since=since,
        until=until,
        organisations=_first_days(keys["organisations"]),
        providers=_providers(keys["organisations"]),
        phases=_words(keys["phases"], "phase"),
        codes={
            name: _words(keys[name], "code")
            for name in ("channels", "service_lines", "disadvantages")
        },
        events=EVENTS,
    )
    _check_due_ids(keys)
    for name in _NEEDED:
        not_empty(keys[name])
    if Phase.PLACEMENT in reading.phases:
        not_empty(keys["placement_forms"])
    return _assemble(keys, reading, digest)


def _assemble(keys: Keys, reading: Reading, digest: str) -> Definition:
    def coded(name: str) -> tuple[Coded, ...]:
        return each(keys[name], "code", read_coded, reading)

    def titled(name: str) -> Title:
        return read_title(keys[name], reading)

    return Definition(
        programme=keys["programme"].code(),
        version=positive(keys["version"]),
        title=titled("title"),
        summary=titled("summary"),
        effective_from=reading.first_day,
        effective_until=reading.until,
        country=keys["country"].word(),
        digest=digest,
        organisations=each(keys["organisations"], "code", parts.read_participant, reading),
        channels=coded("channels"),
        service_lines=coded("service_lines"),
        eligibility=read_eligibility(keys["eligibility"], reading),
        phases=read_phases(keys["phases"], reading),
        services=each(keys["services"], "code", parts.read_service, reading),
        needs=coded("needs"),
        frames=each(keys["competence_frames"], "code", parts.read_frame, reading),
        review_methods=coded("review_methods"),
        placement_forms=tuple(
            each_code(keys["placement_forms"].items(), PLACEMENT_FORMS, "unknown-placement-form")
        ),
        follow_up=each(keys["follow_up"], "id", parts.read_follow_up, reading),
        deadlines=each(keys["deadlines"], "id", parts.read_deadline, reading),
        exemption_reasons=coded("exemption_reasons"),
        end_states=each(keys["end_states"], "code", parts.read_end_state, reading),
        targets=each(keys["targets"], "id", parts.read_target, reading),
        questionnaires=each(
            keys["questionnaires"], "code version", parts.read_questionnaire, reading
        ),
        override_roles=tuple(item.code() for item in keys["override_roles"].items()),
        disadvantages=coded("disadvantages"),
        duties=each(keys["agreement"], "id", parts.read_duty, reading),
        bodies=each(keys["bodies"], "code", parts.read_body, reading),
        monitoring=coded("monitoring"),
        reference_values=parts.read_reference_values(keys["reference_values"], reading),
        retention=each(keys["retention"], "kind", read_retention, reading),
        indicators=read_indicators(keys["indicators"], reading, _words(keys["targets"], "id")),
        texts=read_texts(keys["texts"], lambda at: read_title(at, reading), keys.place),
    )


def _language(place: Place) -> str | None:
    word = place.text()
    if word and word not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        place.fault("unknown-country", f"the country {word!r} is not known; there are: {known}")
    return LANGUAGES.get(word)


def _words(place: Place, key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.child(key).word() for item in place.list_items()))


def _first_days(place: Place) -> dict[str, date | None]:
    """Return each organisation with the day from which it takes part, None where none is read."""
    found: dict[str, date | None] = {}
    for item in place.list_items():
        try:
            day = date.fromisoformat(item.child("from").word())
        except ValueError:
            day = None
        found.setdefault(item.child("code").word(), day)
    return found


def _providers(place: Place) -> set[str]:
    """Return who can provide a service: roles and codes of organisations, and known kinds."""
    roles = {
        role.word() for item in place.list_items() for role in item.child("roles").list_items()
    }
    return {*roles, *_words(place, "code"), *parts.OUTSIDE_PROVIDERS}


def _check_due_ids(keys: Keys) -> None:
    """Deadlines and follow-up points are due alike: an id stands for one of them only."""
    deadlines = set(_words(keys["deadlines"], "id"))
    for item in keys["follow_up"].list_items():
        place = item.child("id")
        if place.word() in deadlines:
            place.fault("duplicate-code", f"a deadline has the id {place.word()!r} already")
