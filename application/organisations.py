"""What people do with organisations: agreements, the needs of employers, seats in services."""

from collections.abc import Callable, Iterable
from typing import Concatenate, ParamSpec

from application.acts import do, named
from application.ports import EventLog, Receipt
from application.transact import Asked, Streams
from domain.entry import Entry
from domain.organisation.events import OrganisationEvent
from domain.organisation.state import UNKNOWN, Organisation, fold

P = ParamSpec("P")


def organisations_of(log: EventLog) -> Streams[Organisation]:
    """Return the organisations of a log, those used last folded in memory."""
    return Streams(log, UNKNOWN, _extended)


def act(
    organisations: Streams[Organisation],
    organisation: str,
    asked: Asked,
    decision: Callable[Concatenate[Organisation, P], tuple[OrganisationEvent, ...]],
    *args: P.args,
    **fields: P.kwargs,
) -> Receipt:
    """Do one act of `domain.organisation.decisions` with its fields.

    For instance `act(organisations, "kuopio", asked, decisions.publish_need, need=..., ...)`.
    Raises IllegalTransition or InvalidField where the decision refuses, VersionConflict, KeyReused.
    """
    return do(organisations, named("organisation", organisation), asked, decision, *args, **fields)


def registered_names(organisations: Streams[Organisation], codes: Iterable[str]) -> dict[str, str]:
    """Return the names that organisations were registered by; nothing of who was not."""
    streams = {f"organisation:{code}": code for code in codes}
    found = organisations.newest_of(streams)
    return {streams[at]: one.registered.name for at, one in found.items() if one.registered}


def _extended(
    organisation: Organisation, entries: Iterable[Entry[OrganisationEvent]]
) -> Organisation:
    return fold(entries, organisation)
