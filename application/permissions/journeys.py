"""Who may do which act of a journey: by the way in which they come to it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from application.permissions.denials import Denied
from application.permissions.roles import may_do
from application.scope import Role, Scope, keys_of, may_see
from domain.journey.events import (
    CaseWorkerAssigned,
    EntryCorrected,
    EntryRetracted,
    HandoverAccepted,
    HandoverRequested,
    ReferralAccepted,
    ReferralMade,
)
from domain.journey.history import History
from domain.journey.state import Journey, Status


class Way(StrEnum):
    """How a person comes to a journey; the first that is true counts."""

    OWN = "own"
    RESPONSIBLE = "responsible"
    TEAM = "team"
    HANDOVER = "handover"
    PARTNER = "partner"
    OPENED = "opened"
    OVERSIGHT = "oversight"


_WAY_OF_ROLE = {
    Role.CLIENT: Way.OWN,
    Role.AUDITOR: Way.OVERSIGHT,
    Role.PROGRAMME_MANAGER: Way.OVERSIGHT,
}
_WAY_OF_ORGANISATION = (Way.RESPONSIBLE, Way.TEAM, Way.HANDOVER)


def way_to(scope: Scope, journey_id: str, journey: Journey) -> Way | None:
    """Return how the person comes to the journey; None: it is out of scope."""
    keys = keys_of(journey_id, journey)
    if not may_see(scope, keys):
        return None
    if scope.role in _WAY_OF_ROLE:
        return _WAY_OF_ROLE[scope.role]
    for way in _WAY_OF_ORGANISATION:
        if f"{way}:{scope.organisation}" in keys:
            return way
    return Way.PARTNER if journey.organisation in scope.partners else Way.OPENED


ANSWERS = frozenset({"accept-handover", "decline-handover"})
"""What an organisation does that was asked to take over."""


_NAMING = {
    **dict.fromkeys(("join-team", "leave-team"), "organisation"),
    **dict.fromkeys(("propose-service", "start-service"), "provider"),
}
"""The field of a partner's act that may name no other organisation than its own."""

_ON_SERVICES = frozenset(
    {"start-service", "record-attendance", "interrupt-service", "complete-service"}
)

OF_PARTNERS = (
    frozenset(_NAMING)
    | _ON_SERVICES
    | {"propose-placement", "record-competence", "award-certificate", "advise-employer"}
    | {"give-feedback"}
)
"""What a partner by an agreement does before its people are in the team."""


def may_act(  # noqa: PLR0911 - a line for each way
    scope: Scope,
    code: str,
    journey_id: str,
    journey: Journey,
    fields: Mapping[str, Any] = MappingProxyType({}),
) -> Denied | None:
    """Say why the person may not do the act of this journey; None: they may.

    `fields` are those of the act, as its decision takes them; without them the answer is whether
    the person may at all. Raises KeyError for a code that is no act.
    """
    if not may_do(scope.role, code):
        return Denied.ROLE
    if code == "refer" and _may_refer(scope, journey):
        return None
    match way_to(scope, journey_id, journey):
        case None:
            return Denied.SCOPE
        case Way.RESPONSIBLE:
            return None
        case Way.TEAM:
            return _as_team(code, journey, fields)
        case Way.OWN:
            return _as_client(scope, code, fields)
        case Way.HANDOVER:
            return None if code in ANSWERS else _as_asked(scope, code, journey, fields)
        case Way.PARTNER:
            return _as_partner(scope, code, journey, fields)
        case Way.OPENED | Way.OVERSIGHT:
            return Denied.OPENED


def _as_team(code: str, journey: Journey, fields: Mapping[str, Any]) -> Denied | None:
    """Leave to the responsible organisation whose the journey is, and which client's."""
    if code == "request-handover":
        return Denied.RESPONSIBLE
    made, said_ = journey.referral, fields.get("event")
    if code != "correct" or made is None or not isinstance(said_, ReferralMade):
        return None
    same = (said_.client, said_.to_organisation) == (journey.client, made.to_organisation)
    return None if same else Denied.RESPONSIBLE


def _as_asked(
    scope: Scope, code: str, journey: Journey, fields: Mapping[str, Any]
) -> Denied | None:
    if journey.organisation in scope.partners:
        return _as_partner(scope, code, journey, fields)
    return Denied.HANDOVER


def _may_refer(scope: Scope, journey: Journey) -> bool:
    """Whether there is no journey yet, or the organisation itself referred: it may ask again."""
    made = journey.referral
    if journey.status is Status.NOT_BEGUN or made is None:
        return True
    return made.from_organisation == scope.organisation


def names_another_referrer(scope: Scope, journey: Journey, fields: Mapping[str, Any]) -> bool:
    """Whether a referral, or a correction of one, would say that another organisation referred."""
    event, made = fields.get("event"), journey.referral
    if isinstance(event, ReferralMade):
        known = {scope.organisation, made.from_organisation if made else scope.organisation}
        return event.from_organisation not in known
    said_: str = fields.get("from_organisation", scope.organisation)
    return said_ != scope.organisation


_INTO_HANDS = (
    ReferralMade,
    ReferralAccepted,
    CaseWorkerAssigned,
    HandoverRequested,
    HandoverAccepted,
)
"""Entries that say into whose hands a journey goes, and whose it is."""


def may_put_right(scope: Scope, journey_id: str, history: History, entry: int) -> Denied | None:
    """Say why the person may not correct or retract this entry; None: they may.

    A correction or retraction of an entry counts as that entry.
    """
    target = history.entry(entry)
    while target is not None and isinstance(target.event, EntryCorrected | EntryRetracted):
        target = history.entry(target.event.entry)
    if target is None or not isinstance(target.event, _INTO_HANDS):
        return None
    own = way_to(scope, journey_id, history.journey) is Way.RESPONSIBLE
    return None if own else Denied.RESPONSIBLE


def may_refer_into(scope: Scope, journey_id: str, history: History) -> bool:
    """Whether a client may be referred under the id of a journey: a new one, or one's own.

    Where its referral was retracted, its history is still there: it opens to no other organisation
    than those that it was referred by and to.
    """
    way = way_to(scope, journey_id, history.journey)
    if not history.entries or way not in {None, Way.OPENED}:
        return True
    made = [x.event for x in history.entries if isinstance(x.event, ReferralMade)]
    return any(scope.organisation in {m.from_organisation, m.to_organisation} for m in made)


def _as_partner(
    scope: Scope, code: str, journey: Journey, fields: Mapping[str, Any]
) -> Denied | None:
    if code not in OF_PARTNERS:
        return Denied.PARTNER
    own = {None, scope.organisation}
    if code in _NAMING and fields.get(_NAMING[code]) not in own:
        return Denied.NOT_THEIRS
    known = journey.service(fields.get("reference", "")) if code in _ON_SERVICES else None
    if known is not None and known.provider != scope.organisation:
        return Denied.NOT_THEIRS
    return None


def _as_client(scope: Scope, code: str, fields: Mapping[str, Any]) -> Denied | None:
    """Let a client sign for nobody else, and give nobody else's feedback."""
    if code == "give-feedback" and fields.get("respondent", "client") != "client":
        return Denied.NOT_OWN
    if code == "agree-plan" and not _signs_alone(scope, fields.get("signatories", ())):
        return Denied.NOT_OWN
    return None


def _signs_alone(scope: Scope, signatories: Iterable[Any]) -> bool:
    own = {scope.person, *scope.own_ids}
    return all(s.role == "client" and s.person in own for s in signatories)
