"""Who may do which act of a programme, of an organisation, and of a client's particulars."""

from collections.abc import Iterable

from application.permissions.denials import Denied
from application.permissions.journeys import Way
from application.permissions.roles import CONSENT_ACTS, KEEPING_ACTS, may_do
from application.scope import Role, Scope


def may_manage(scope: Scope, code: str, programme: str) -> Denied | None:
    """Say why the person may not do the act of this programme; None: they may."""
    if not may_do(scope.role, code):
        return Denied.ROLE
    return None if programme in scope.programmes else Denied.PROGRAMME


def may_evaluate(scope: Scope, code: str, programme: str | None) -> Denied | None:
    """Say why the person may not ask this of a programme, or of all (None); None: they may."""
    if scope.role is Role.PROGRAMME_MANAGER:
        return may_manage(scope, code, programme or "")
    return None if may_do(scope.role, code) else Denied.ROLE


_OWN_ONLY = frozenset({"sign-agreement", "end-agreement"})
"""What opens an organisation's journeys to another, and closes them: for itself alone."""


def may_act_for(scope: Scope, code: str, organisation: str) -> Denied | None:
    """Say why the person may not do the act of this organisation; None: they may."""
    if not may_do(scope.role, code):
        return Denied.ROLE
    if code in _OWN_ONLY and scope.organisation != organisation:
        return Denied.ORGANISATION
    return None


def may_tend(
    scope: Scope, code: str, client: str, registered_by: str | None, ways: Iterable[Way | None]
) -> Denied | None:
    """Say why the person may not change these particulars of a client; None: they may.

    `registered_by` is the organisation that registered the client, and tends them until there is a
    journey; `ways` are how the person comes to the client's journeys, of which no more are asked
    for than needed. To erase a client one is responsible for all of them.
    """
    if not may_do(scope.role, code):
        return Denied.ROLE
    if scope.role is Role.CLIENT:
        return None if client in scope.own_ids else Denied.NOT_OWN
    alone = code in CONSENT_ACTS or code in KEEPING_ACTS
    tending = {Way.RESPONSIBLE} if alone else {Way.RESPONSIBLE, Way.TEAM}
    known: list[Way | None] = []
    for way in ways:
        if way in tending and code != "erase-client":
            return None
        known.append(way)
    if not known and registered_by in {None, scope.organisation}:
        return None
    if not any(way in tending for way in known):
        return Denied.CLIENT
    return Denied.OTHERS if any(way is not Way.RESPONSIBLE for way in known) else None
