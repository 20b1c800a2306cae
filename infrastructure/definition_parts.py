"""The parts of a definition that stand for themselves: each read from its place in the file."""

from datetime import date

from domain.definition import (
    DESTINATIONS,
    END_STATES,
    Body,
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
)
from domain.facts import RESPONDENTS
from domain.kinds import DataKind
from domain.measures import MEASURES
from domain.wording import written
from infrastructure.definition_reading import (
    Reading,
    each,
    not_empty,
    one_of,
    positive,
    read_coded,
    read_period_within,
    read_span,
    read_title,
    some,
)
from infrastructure.marked_yaml import Place, each_code

LEVELS = ("local", "national", "european")
"""How far a reference value reaches."""

OUTSIDE_PROVIDERS = ("employer", "private-provider", "school")
"""Kinds of provider that need not be an organisation of the programme."""


def read_participant(place: Place, reading: Reading) -> Participant:
    """Read an organisation and its roles."""
    keys = place.keys(("code", "title", "roles"), ("municipality", "from", "until", "assumed"))
    since, until = read_period_within(keys, reading)
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
    """Read a service; one that no step can use, by its phases or its days, is noted."""
    keys = place.keys(
        ("code", "title", "phases"), ("providers", "basis", "from", "until", "assumed")
    )
    since, until = read_period_within(keys, reading)
    return Service(
        code=keys["code"].code(),
        title=read_title(keys["title"], reading),
        phases=_phases_of_service(keys["phases"], reading),
        providers=tuple(
            each_code(keys["providers"].items(), reading.providers, "unknown-provider")
        ),
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
    not_empty(keys["levels"])
    if not keys["concepts"].list_items() and not keys["uri_prefix"].given and keys.places:
        place.fault(
            "unusable-frame",
            "no competence can be recorded in it: list its concepts, or give a uri_prefix",
        )
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
    not_empty(place)
    return tuple(each_code(place.items(), reading.events, "unknown-event"))


def read_end_state(place: Place, reading: Reading) -> EndState:
    """Read a way to end, and the destinations that go with it."""
    keys = place.keys(("code", "title", "destinations"))
    not_empty(keys["destinations"])
    return EndState(
        code=one_of(keys["code"], END_STATES, "unknown-end-state", "end state"),
        title=read_title(keys["title"], reading),
        destinations=tuple(
            each_code(keys["destinations"].items(), DESTINATIONS, "unknown-destination")
        ),
    )


def read_target(place: Place, reading: Reading) -> Target:
    """Read a target: how much of a measure is to be reached, in all or by one organisation."""
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


def read_reference_values(place: Place, reading: Reading) -> tuple[ReferenceValue, ...]:
    """Read the values to compare with: each measure once for its level and first paid day."""
    values = each(place, "id", read_reference_value, reading)
    lines: dict[tuple[str, str, int | None], int] = {}
    for value, item in zip(values, place.items(), strict=True):
        key = (value.measure, value.level, value.from_days)
        if "" in key:
            continue
        if key in lines:
            keys = ("measure",) if value.from_days is None else ("from_days",)
            item.child(keys[0]).fault(
                "duplicate-value",
                f"line {lines[key]} has a {value.level} value of {value.measure} for the same "
                "days: keep one",
            )
        lines.setdefault(key, item.line)
    return values


def _value(place: Place, measure: str) -> float:
    value = place.number()
    if value is None:
        return 0
    if value < 0:
        place.fault("bad-number", f"a value cannot be negative, this one is {written(value)}")
    elif measure and MEASURES[measure].unit == "share" and value > 1:
        place.fault("bad-share", f"a share lies between 0 and 1, this one is {written(value)}")
    return value


def read_questionnaire(place: Place, reading: Reading) -> Questionnaire:
    """Read the name of a questionnaire, its version and who answers it."""
    keys = place.keys(("code", "version", "title", "respondents"), ("assumed",))
    not_empty(keys["respondents"])
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
    optional = ("until", "assumed", "sees")
    keys = place.keys(("id", "title", "organisation", "from"), optional)
    since, until = read_period_within(keys, reading)
    return Duty(
        id=keys["id"].code(),
        title=read_title(keys["title"], reading),
        organisation=_organisation(keys["organisation"], reading),
        since=since or date.min,
        until=until,
        assumed=keys["assumed"].flag(),
        sees=tuple(map(DataKind, each_code(keys["sees"].items(), [*DataKind], "unknown-kind"))),
    )


def read_body(place: Place, reading: Reading) -> Body:
    """Read a body that governs the programme."""
    keys = place.keys(("code", "title", "members"), ("assumed",))
    not_empty(keys["members"])
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
