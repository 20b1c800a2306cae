"""The parts of a definition that stand for themselves: each read from its place in the file."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

from domain.calendar import Span, Unit
from domain.definition import (
    DESTINATIONS,
    END_STATES,
    MEASURES,
    Body,
    Coded,
    CompetenceFrame,
    DeadlineRule,
    Duty,
    EndState,
    FollowUpPoint,
    Participant,
    Phase,
    Questionnaire,
    ReferenceValue,
    Service,
    Target,
    Title,
)
from domain.facts import RESPONDENTS
from infrastructure.marked_yaml import Keys, Place, each_code
from infrastructure.rules import nearest

T = TypeVar("T")

LEVELS = ("local", "national", "european")
"""How far a reference value reaches."""

_SPAN = re.compile(r"(-?\d+) (working-day|day|week|month)s?")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the parts of one file need to know of each other while they are read.

    `language` is that of the place (None where the country is not known), `codes` the codes of the
    parts that rules name, `events` the names of all events of a journey.
    """

    language: str | None
    since: date | None
    until: date | None
    organisations: tuple[str, ...]
    phases: tuple[str, ...]
    codes: Mapping[str, Collection[str]]
    events: Collection[str]

    @property
    def first_day(self) -> date:
        """The definition's first day, and any day at all where the file does not say it."""
        return self.since or date.min


def each(
    place: Place, key: str, read: Callable[[Place, Reading], T], reading: Reading
) -> tuple[T, ...]:
    """Read a list of parts; one whose `key` ("code", "id") was there before is noted."""
    lines: dict[str, int] = {}
    found = []
    for item in place.items():
        found.append(read(item, reading))
        name = item.child(key)
        word = name.word()
        if word in lines:
            name.fault("duplicate-code", f"{word!r} stands in line {lines[word]} already")
        elif word:
            lines[word] = name.line
    return tuple(found)


def read_title(place: Place, reading: Reading) -> Title:
    """Read a title in English and in the language of the place."""
    languages = ("en", reading.language) if reading.language else ("en", "fi", "it")
    keys = place.keys((), languages)
    if not place.given or place.is_single():
        return Title("", "", "")
    for language in languages if reading.language else ("en",):
        if language not in keys.places:
            missing = keys[language]
            missing.fault("missing-title", f"there is no title in the language {language!r}")
    local = reading.language or "en"
    return Title(keys["en"].text(), keys[local].text(), local)


def read_coded(place: Place, reading: Reading) -> Coded:
    """Read a code with its title."""
    keys = place.keys(("code", "title"), ("assumed",))
    return Coded(keys["code"].code(), read_title(keys["title"], reading), keys["assumed"].flag())


def read_participant(place: Place, reading: Reading) -> Participant:
    """Read an organisation and its roles."""
    keys = place.keys(("code", "title", "roles"), ("municipality", "from", "until", "assumed"))
    since, until = read_period(keys)
    return Participant(
        code=keys["code"].code(),
        title=read_title(keys["title"], reading),
        roles=some(keys["roles"]),
        municipality=keys["municipality"].code() or None,
        since=since,
        until=until,
        assumed=keys["assumed"].flag(),
    )


def read_service(place: Place, reading: Reading) -> Service:
    """Read a service; one that no phase of the definition can use is noted."""
    keys = place.keys(
        ("code", "title", "phases"), ("providers", "basis", "from", "until", "assumed")
    )
    since, until = read_period(keys)
    return Service(
        code=keys["code"].code(),
        title=read_title(keys["title"], reading),
        phases=_phases_of_service(keys["phases"], reading),
        providers=tuple(item.code() for item in keys["providers"].items()),
        basis=keys["basis"].text() or None,
        since=since,
        until=until,
        assumed=keys["assumed"].flag(),
    )


def _phases_of_service(place: Place, reading: Reading) -> tuple[Phase, ...]:
    words = [item.word() for item in place.items()]
    if place.node is not None and not set(words) & set(reading.phases):
        place.fault("unusable-service", "no phase of the definition offers it: name one that does")
        return ()
    known = each_code(place.items(), reading.phases, "unknown-phase")
    return tuple(Phase(word) for word in known if word in set(Phase))


def read_frame(place: Place, reading: Reading) -> CompetenceFrame:
    """Read a frame of competences and its levels."""
    keys = place.keys(("code", "title", "levels"), ("concepts", "uri_prefix", "assumed"))
    return CompetenceFrame(
        code=keys["code"].code(),
        title=read_title(keys["title"], reading),
        levels=tuple(item.text() for item in keys["levels"].items()),
        concepts=each(keys["concepts"], "code", read_coded, reading),
        uri_prefix=keys["uri_prefix"].text() or None,
        assumed=keys["assumed"].flag(),
    )


def read_follow_up(place: Place, reading: Reading) -> FollowUpPoint:
    """Read a point of the follow-up calendar."""
    keys = place.keys(("id", "title", "span", "after"), ("assumed",))
    return FollowUpPoint(
        id=keys["id"].code(),
        title=read_title(keys["title"], reading),
        span=read_span(keys["span"]),
        after=one_of(keys["after"], reading.events, "unknown-event", "event"),
        assumed=keys["assumed"].flag(),
    )


def read_deadline(place: Place, reading: Reading) -> DeadlineRule:
    """Read a deadline: what is due how long after which events, and which events meet it."""
    keys = place.keys(("id", "title", "span", "starts", "ends", "basis"), ("pausable", "assumed"))
    return DeadlineRule(
        id=keys["id"].code(),
        title=read_title(keys["title"], reading),
        span=read_span(keys["span"]),
        starts=_events(keys["starts"], reading),
        ends=_events(keys["ends"], reading),
        basis=keys["basis"].text(),
        pausable=keys["pausable"].flag() if keys["pausable"].given else True,
        assumed=keys["assumed"].flag(),
    )


def _events(place: Place, reading: Reading) -> tuple[str, ...]:
    _not_empty(place)
    return tuple(each_code(place.items(), reading.events, "unknown-event"))


def read_end_state(place: Place, reading: Reading) -> EndState:
    """Read a way to end, and the destinations that go with it."""
    keys = place.keys(("code", "title", "destinations"))
    _not_empty(keys["destinations"])
    return EndState(
        code=one_of(keys["code"], END_STATES, "unknown-end-state", "end state"),
        title=read_title(keys["title"], reading),
        destinations=tuple(
            each_code(keys["destinations"].items(), DESTINATIONS, "unknown-destination")
        ),
    )


def read_target(place: Place, reading: Reading) -> Target:
    """Read a target."""
    keys = place.keys(("id", "title", "measure", "value"), ("organisation", "assumed"))
    measure = one_of(keys["measure"], MEASURES, "unknown-measure", "measure")
    return Target(
        id=keys["id"].code(),
        title=read_title(keys["title"], reading),
        measure=measure,
        value=_value(keys["value"], measure),
        organisation=_organisation(keys["organisation"], reading) or None,
        assumed=keys["assumed"].flag(),
    )


def read_reference_value(place: Place, reading: Reading) -> ReferenceValue:
    """Read a value to compare with."""
    keys = place.keys(
        ("id", "title", "measure", "level", "value", "basis"), ("from_days", "assumed")
    )
    measure = one_of(keys["measure"], MEASURES, "unknown-measure", "measure")
    return ReferenceValue(
        id=keys["id"].code(),
        title=read_title(keys["title"], reading),
        measure=measure,
        level=one_of(keys["level"], LEVELS, "unknown-level", "level"),
        value=_value(keys["value"], measure),
        basis=keys["basis"].text(),
        from_days=positive(keys["from_days"]) if keys["from_days"].given else None,
        assumed=keys["assumed"].flag(),
    )


def _value(place: Place, measure: str) -> float:
    value = place.number()
    if value is None:
        return 0
    if value < 0:
        place.fault("bad-number", f"a value cannot be negative, this one is {value:g}")
    elif measure and MEASURES[measure].unit == "share" and value > 1:
        place.fault("bad-share", f"a share lies between 0 and 1, this one is {value:g}")
    return value


def read_questionnaire(place: Place, reading: Reading) -> Questionnaire:
    """Read the name of a questionnaire, its version and who answers it."""
    keys = place.keys(("code", "version", "title", "respondents"), ("assumed",))
    _not_empty(keys["respondents"])
    return Questionnaire(
        code=keys["code"].code(),
        version=positive(keys["version"]),
        title=read_title(keys["title"], reading),
        respondents=tuple(
            each_code(keys["respondents"].items(), RESPONDENTS, "unknown-respondent")
        ),
        assumed=keys["assumed"].flag(),
    )


def read_duty(place: Place, reading: Reading) -> Duty:
    """Read what an organisation does under the agreement, and from when."""
    keys = place.keys(("id", "title", "organisation", "from"), ("until", "assumed"))
    since, until = read_period(keys)
    return Duty(
        id=keys["id"].code(),
        title=read_title(keys["title"], reading),
        organisation=_organisation(keys["organisation"], reading),
        since=since or date.min,
        until=until,
        assumed=keys["assumed"].flag(),
    )


def read_body(place: Place, reading: Reading) -> Body:
    """Read a body that governs the programme."""
    keys = place.keys(("code", "title", "members"), ("assumed",))
    _not_empty(keys["members"])
    return Body(
        code=keys["code"].code(),
        title=read_title(keys["title"], reading),
        members=tuple(
            each_code(keys["members"].items(), reading.organisations, "unknown-organisation")
        ),
        assumed=keys["assumed"].flag(),
    )


def _organisation(place: Place, reading: Reading) -> str:
    return one_of(place, reading.organisations, "unknown-organisation", "organisation")


def one_of(place: Place, known: Collection[str], code: str, what: str) -> str:
    """Read a code that must be among the known ones; an empty text where it is not."""
    word = place.code()
    if word and word not in known:
        place.fault(code, f"there is no {what} {word!r}{nearest(word, known)}")
        return ""
    return word


def some(place: Place) -> tuple[str, ...]:
    """Read a list of codes, at least one."""
    _not_empty(place)
    return tuple(item.code() for item in place.items())


def positive(place: Place) -> int:
    """Read a whole number of at least 1."""
    number = place.whole_number()
    if number is not None and number < 1:
        place.fault("bad-number", f"a whole number of at least 1 is wanted, not {number}")
    return number or 0


def read_period(keys: Keys) -> tuple[date | None, date | None]:
    """Read `from` and `until` (excluded; null: open) and note them where they are reversed."""
    since = keys["from"].day() if keys["from"].node is not None else None
    until = None if keys["until"].null() else keys["until"].day()
    if since is not None and until is not None and until <= since:
        keys["until"].fault("dates-reversed", f"it ends on {until}, not after its first day, {since}")
        return since, None
    return since, until


def read_span(place: Place) -> Span:
    """Read a span such as `10 working-days` or `3 months`."""
    word = place.word()
    found = _SPAN.fullmatch(word)
    if place.node is None or found is None:
        if place.node is not None:
            place.fault("bad-span", f"write a span such as 10 working-days or 3 months, not {word}")
        return Span(1, "days")
    count = int(found[1])
    if count < 1:
        place.fault("bad-span", f"a span is at least 1 {found[2]}, not {count}")
    return Span(count, cast("Unit", f"{found[2]}s"))


def _not_empty(place: Place) -> None:
    if place.node is not None and place.is_empty_list():
        place.fault("missing-value", "the list is empty: name at least one")
