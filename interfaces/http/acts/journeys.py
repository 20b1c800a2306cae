"""The acts of journeys: one address for each, with a body of its own."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Response

from application.acts import new_id
from application.case_file import see
from application.catalogue import JOURNEY_ACTS
from application.intentions import Intention, Who, intended, stream_of
from application.journeys import UnknownJourney, do
from application.permissions import Denied, NotAllowed, way_to
from application.ports import VersionConflict
from application.questions import MOST
from application.scope import Role
from domain.refusals import IllegalTransition, InvalidField, LiesAhead
from interfaces.http.acts.answers import JourneyRecorded, answer, answers_of
from interfaces.http.acts.arrival import Refer
from interfaces.http.acts.fields import Body
from interfaces.http.acts.headers import Key, Seen, version_in
from interfaces.http.acts.table import BODIES, NESTED
from interfaces.http.context import Asking, Here
from interfaces.http.journeys import line_told
from interfaces.http.reading import JourneyId, journeys_of, tongue_of
from interfaces.http.speaking import Speaking
from interfaces.http.withheld import refusal_told

router = APIRouter(tags=["acts"])

ANSWERS = answers_of(JourneyRecorded)


class Stale(VersionConflict):
    """Somebody acted on a journey since the person saw it.

    `changed` is what was recorded since, the newest of it where it is more than a page. It is read
    after the refusal: what others recorded meanwhile is in it, and in `actual`.
    """

    def __init__(self, conflict: VersionConflict, changed: list[dict[str, Any]]) -> None:
        newest = max((one["version"] for one in changed), default=conflict.actual)
        super().__init__(conflict.stream, conflict.expected, max(conflict.actual, newest))
        self.changed = changed


def who_asks(here: Here) -> Who:
    """Return who asks for an act: the scope, and the correlation id of the request."""
    return Who(here.scope, here.correlation)


def intention_in(
    who: Who, code: str, body: Body, key: str, expected_version: int | None
) -> Intention:
    """Return the act that a body asks for."""
    programme = body.programme if isinstance(body, Refer) else None
    own, why = who.key(key), body.opening_reason if isinstance(body, Refer) else None
    if not str(why or "").strip():
        why = None
    return Intention(code, body.fields(), own, body.occurred_on, expected_version, programme, why)


@router.post(
    "/journeys",
    summary="Refer a client",
    status_code=201,
    responses=ANSWERS,
    description=f"{Refer.__doc__} The id of the journey is made, unless one is given.",
)
def refer(body: Refer, here: Asking, key: Key) -> Response:
    """Refer a client to a programme."""
    who = who_asks(here)
    intention = intention_in(who, "refer", body, key, None)
    return _act(here, who, body.journey or new_id("journey", intention.key), body, intention)


def _act(here: Here, who: Who, journey: str, body: Body, intention: Intention) -> Response:
    history = here.office.histories.remembered(stream_of(journey))
    digest, of = intention.said_of(journey), journeys_of(here)
    doing = intended(here.office, who, journey, intention, history, digest, of)
    try:
        return answer(do(here.office, doing))
    except (InvalidField, IllegalTransition) as error:
        told = refusal_told(here, journey, intention.code, error, set())
        if isinstance(told, InvalidField):
            told = in_body(intention.code, body, told)
        raise told from error
    except VersionConflict as conflict:
        raise stale(here, journey, conflict) from None


def in_body(code: str, body: Body, error: InvalidField) -> InvalidField:
    """Return what is wrong with a field, named by its place in the body."""
    nested = NESTED.get(code)
    first = error.field.partition(".")[0].partition("[")[0]
    if nested is None or error.field == "event.occurred_on":
        return error
    if first == "occurred_on" and code == "correct" and not isinstance(error, LiesAhead):
        return InvalidField("event.occurred_on", error.message)
    if first == "event" and "." in error.field:
        return InvalidField(f"{nested}.{error.field.partition('.')[2]}", error.message)
    if first in type(body).model_fields:
        return error
    return InvalidField(f"{nested}.{error.field}", error.message)


def stale(here: Here, journey: str, conflict: VersionConflict) -> VersionConflict | NotAllowed:
    """Return the conflict with what changed since, for who may see the journey."""
    changed = changes(here, journey, conflict.expected, MOST)
    if changed is None and here.scope.role is Role.CLIENT:
        raise UnknownJourney(journey)
    return NotAllowed(Denied.SCOPE) if changed is None else Stale(conflict, changed)


def changes(here: Here, journey: str, since: int, most: int) -> list[dict[str, Any]] | None:
    """Return the newest entries after a version, at most so many, and note the reading.

    None where the person may not see the journey. Raises UnknownJourney.
    """
    tongue = tongue_of(here)
    seen = see(here.office, journey, tongue=tongue)
    if way_to(here.scope, journey, seen.known.journey) is None:
        return None
    shown = here.shown(journey, seen.known.journey).entries(seen.known)
    newest = [x for x in seen.entries[-most:] if x.version > since and shown(x)]
    here.note_entries("changes", journey, seen.known, newest)
    say = Speaking(seen, tongue)
    return [
        line_told(x, say).model_dump(mode="json")
        for x in seen.lines_of(map(here.own_words(seen.known), newest))
    ]


def _endpoint(code: str, body_of: type[Body]) -> Callable[..., Response]:
    def act(journey: JourneyId, body: Body, here: Asking, key: Key, seen: Seen) -> Response:
        who = who_asks(here)
        return _act(here, who, journey, body, intention_in(who, code, body, key, version_in(seen)))

    act.__name__ = code.replace("-", "_")
    act.__annotations__["body"] = body_of
    return act


for _code in JOURNEY_ACTS:
    if _code != "refer":
        router.add_api_route(
            f"/journeys/{{journey}}/acts/{_code}",
            _endpoint(_code, BODIES[_code]),
            methods=["POST"],
            status_code=201,
            summary=_code.replace("-", " ").capitalize(),
            description=BODIES[_code].__doc__,
            responses=ANSWERS,
        )
