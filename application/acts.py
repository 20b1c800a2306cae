"""One act on one stream: a decision of the domain with its fields, asked by a person on a day."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID, uuid5

from application.ports import Receipt
from application.transact import Asked, Streams, Versioned, digest_of, transact
from domain.refusals import InvalidField
from domain.wording import said

P = ParamSpec("P")
S = TypeVar("S", bound=Versioned)


def do(
    streams: Streams[S],
    stream: str,
    asked: Asked,
    decision: Callable[Concatenate[S, P], tuple[Any, ...]],
    *args: P.args,
    **fields: P.kwargs,
) -> Receipt:
    """Do the act: its decision's name, the stream and the fields are the request.

    Raises IllegalTransition or InvalidField where the decision refuses, VersionConflict, KeyReused.
    """
    request = digest_of(decision.__qualname__, stream, args, fields, asked.on, asked.by)

    def decide(state: S) -> tuple[Any, ...]:
        return decision(state, *args, **fields)

    return transact(streams, stream, decide, asked, request)


def new_id(kind: str, key: str) -> str:
    """Return an id for a new client or journey: the same for the same idempotency key.

    So what is asked twice under one key makes nothing twice, and whoever is named by the id in a
    request is the same one in its repetition.
    """
    return str(uuid5(_IDS, f"{kind}/{key}"))


_IDS = UUID("5d6e4b58-6a0c-4a0e-9f4e-0f7f6c1f7f5e")


def named(kind: str, id_: str) -> str:
    """Return the name of the stream of a client, a programme or an organisation by its id.

    Raises InvalidField for an id that is empty or has spaces in it.
    """
    if not id_ or any(letter.isspace() for letter in id_):
        raise InvalidField(
            kind, said("{id!r} is no id: an id has one letter at least and no spaces", id=id_)
        )
    return f"{kind}:{id_}"
