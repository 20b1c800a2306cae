"""The acts of programmes: their definitions, who runs them, and what they mean to reach."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field, StringConstraints

from application.acts import named
from application.intentions import Intention
from application.office import today_in
from application.permissions import NotAllowed, may_manage
from domain.definition import Definition
from domain.faults import DefinitionFaults, Fault
from domain.programme import decisions
from domain.programme.state import Programme
from domain.refusals import InvalidField
from domain.wording import said
from interfaces.http.acts.answers import ProgrammeRecorded, answer, answers_of
from interfaces.http.acts.fields import Body, Id, Name, given, maybe
from interfaces.http.acts.headers import Key, Seen, version_in
from interfaces.http.acts.journeys import intention_in, who_asks
from interfaces.http.acts.streams import Deed, record
from interfaces.http.context import Asking, Here
from interfaces.http.problems import INVALID, UNKNOWN_PROGRAMME, Problem, Wrong
from interfaces.http.reading import Code, require
from interfaces.http.titles import newest_definition

router = APIRouter(tags=["programmes"])

LONGEST_DEFINITION = 500_000
SHOWN = 50
"""How many faults of a definition are told."""

Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_DEFINITION, pattern=r"^[^\u0000]*$"),
]


class PublishProgramme(Body):
    """A programme begins with the first version of its definition, which names its code."""

    definition: Text = given("programme: duunipolku\nversion: 1\n...")
    """The whole text of the definition, in YAML."""


class ReviseProgramme(Body):
    """The next version of a programme's definition; journeys keep theirs until they adopt it."""

    definition: Text = given("programme: duunipolku\nversion: 2\n...")
    """The whole text of the definition, in YAML."""


class JoinProgramme(Body):
    """An organisation comes to run the programme with the others."""

    organisation: Id = given("kuopio")
    """The code of the organisation."""


class LeaveProgramme(Body):
    """An organisation no longer runs the programme."""

    organisation: Id = given("kuopio")
    """The code of the organisation."""
    reason: Name = given("Its contract ended.")
    """Why."""


class SetTarget(Body):
    """The programme, or one organisation of it, means to reach something."""

    target: Name = given("employed-2025")
    """What the target is called; one of the same name takes the place of the one before."""
    measure: Name = given("share-employed")
    """What is measured, as a code."""
    value: Annotated[float, Field(strict=True, ge=0, le=1e9, allow_inf_nan=False)] = given(0.5)
    """A number, or a share from 0 to 1, as the measure says."""
    organisation: Id | None = maybe(None, "kuopio")
    """The organisation whose target it is; left out where it is the whole programme's."""


class CloseProgramme(Body):
    """The programme ends: nobody is referred to it any more."""

    reason: Name = given("The funding ended.")
    """Why."""


BODIES: Mapping[str, type[Body]] = MappingProxyType(
    {
        "revise-programme": ReviseProgramme,
        "join-programme": JoinProgramme,
        "leave-programme": LeaveProgramme,
        "set-target": SetTarget,
        "close-programme": CloseProgramme,
    }
)
"""The bodies of the acts of a published programme by their codes."""

DECISIONS: Mapping[str, Callable[..., tuple[Any, ...]]] = MappingProxyType(
    {
        "publish-programme": decisions.publish,
        "revise-programme": decisions.revise,
        "join-programme": decisions.join,
        "leave-programme": decisions.leave,
        "set-target": decisions.set_target,
        "close-programme": decisions.close,
    }
)

_DATED = frozenset({"join-programme", "leave-programme", "close-programme"})
"""What can only be recorded of a day that fits those before it."""

_ANSWERS = answers_of(ProgrammeRecorded)


@router.post(
    "/programmes",
    summary="Publish a programme",
    status_code=201,
    responses=_ANSWERS,
    description=PublishProgramme.__doc__,
)
def publish_programme(body: PublishProgramme, here: Asking, key: Key) -> Response:
    """Publish a programme."""
    intention = intention_in(who_asks(here), "publish-programme", body, key, None)
    require(here, intention.code)
    found = definition_in(here, body.definition)
    fields, today = _version(found, body.definition), today_in(here.office, found.country)
    return _act(here, found.programme, intention, fields, today)


def definition_in(here: Here, text: str) -> Definition:
    """Return the definition of a text. Raises Problem with every fault, and where it is."""
    try:
        return here.office.programmes.read_definition(text, "definition")
    except DefinitionFaults as error:
        wrong = [
            Wrong("/definition", f"line {f.line}: {_at_field(f)}{f.message}", f.code)
            for f in error.faults[:SHOWN]
        ]
        detail = said("the definition cannot be used: see its faults under errors")
        raise Problem(INVALID, detail, errors=wrong) from error


def _at_field(fault: Fault) -> str:
    return f"{fault.field}: " if fault.field else ""  # a fault may be of the text as a whole


def _version(found: Definition, text: str) -> dict[str, Any]:
    return {
        "version": found.version,
        "effective_from": found.effective_from,
        "definition": text,
        "digest": found.digest,
    }


def _act(
    here: Here, code: str, intention: Intention, fields: Mapping[str, Any], today: date | None
) -> Response:
    def guard(state: Programme) -> None:
        denied = may_manage(here.scope, intention.code, code)
        if denied is not None:
            raise NotAllowed(denied)
        if not state.versions and intention.code != "publish-programme":
            raise Problem(UNKNOWN_PROGRAMME, said("see GET /programmes for those there are"))

    def decide(state: Programme, on: date) -> tuple[Any, ...]:
        dated = {"on": on} if intention.code in _DATED else {}
        return DECISIONS[intention.code](state, **fields, **dated)

    deed = Deed(named("programme", code), intention, guard, decide, today=today)
    try:
        return answer(record(here, here.office.programmes.streams, deed))
    except InvalidField as error:
        if "definition" in intention.fields and error.field != "occurred_on":
            raise InvalidField("definition", f"{error.field}: {error.message}") from error
        raise


def _today(here: Here, code: str) -> date | None:
    """Return which day it is where the programme is run; None where nobody can tell."""
    try:
        newest = newest_definition(here, code)
    except DefinitionFaults:  # a revision may be what mends it
        return None
    return None if newest is None else today_in(here.office, newest.country)


def _endpoint(code: str, body_of: type[Body]) -> Callable[..., Response]:
    def do(programme: Code, body: Body, here: Asking, key: Key, seen: Seen) -> Response:
        intention = intention_in(who_asks(here), code, body, key, version_in(seen))
        fields = intention.fields
        if isinstance(body, ReviseProgramme):
            denied = may_manage(here.scope, code, programme)
            if denied is not None:
                raise NotAllowed(denied)
            found = definition_in(here, body.definition)
            if found.programme != programme:
                other = said("it is the definition of {other}", other=found.programme)
                raise InvalidField("definition", other)
            fields = _version(found, body.definition)
        return _act(here, programme, intention, fields, _today(here, programme))

    do.__name__ = code.replace("-", "_")
    do.__annotations__["body"] = body_of
    return do


for _code, _body in BODIES.items():
    router.add_api_route(
        f"/programmes/{{programme}}/acts/{_code.removesuffix('-programme')}",
        _endpoint(_code, _body),
        methods=["POST"],
        status_code=201,
        summary=_code.replace("-", " ").capitalize(),
        description=_body.__doc__,
        responses=_ANSWERS,
    )
