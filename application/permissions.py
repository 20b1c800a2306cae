"""Who may do which act and ask which question: by role, and by the way one comes to a journey.

Two questions are asked for an act of a journey. `may_do`: is it within the role at all? `may_act`:
is it, here, given how the person comes to this journey? The responsible organisation and the team
do the case work. Whoever was asked to take over reads, and answers. A partner by an agreement
reads, joins the team, proposes, and records what its own services do. A journey opened out of
scope is read, and no more. Into whose hands a journey goes is for the responsible organisation
alone: a team member cannot take it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from application.catalogue import JOURNEY_ACTS
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
from domain.wording import Wording, said

_CASE_WORKER, _TEAM_LEAD = Role.CASE_WORKER, Role.TEAM_LEAD
_MANAGER, _AUDITOR, _EVALUATOR = Role.PROGRAMME_MANAGER, Role.AUDITOR, Role.EVALUATOR
_CLIENT, _INTEGRATION = Role.CLIENT, Role.INTEGRATION
_CASE_WORK = frozenset({_CASE_WORKER, _TEAM_LEAD})

Roles = Mapping[str, frozenset[Role]]

CLIENT_ACTS: Roles = MappingProxyType(
    {
        "register-client": _CASE_WORK | {_INTEGRATION},
        "change-contact-details": _CASE_WORK | {_INTEGRATION, _CLIENT},
        "give-consent": _CASE_WORK | {_CLIENT},
        "withdraw-consent": _CASE_WORK | {_CLIENT},
    }
)
"""The acts on a client's particulars; a client changes the own ones only."""

KEEPING_ACTS: Roles = MappingProxyType(
    dict.fromkeys(
        (*("place-hold", "release-hold", "erase-client"), *("merge-clients", "split-clients")),
        frozenset({_TEAM_LEAD}),
    )
)
"""What becomes of a client's data, for the responsible organisation alone. Each is asked for by
itself and is no part of a batch: what is erased does not come back, and a merge lets each of two
clients see what is held of the other."""

CONSENT_ACTS = frozenset({"give-consent", "withdraw-consent"})
"""What a client lets others see: recorded by themself, or by the responsible organisation, which
hears it from them; never by those who would see more by it."""

ORGANISATION_ACTS: Roles = MappingProxyType(
    {
        "register-organisation": frozenset({_TEAM_LEAD, _MANAGER, _INTEGRATION}),
        "sign-agreement": frozenset({_TEAM_LEAD, _MANAGER}),
        "end-agreement": frozenset({_TEAM_LEAD, _MANAGER}),
        "publish-need": _CASE_WORK | {_INTEGRATION},
        "fill-need": _CASE_WORK | {_INTEGRATION},
        "withdraw-need": _CASE_WORK | {_INTEGRATION},
        "publish-offering": frozenset({_TEAM_LEAD, _MANAGER, _INTEGRATION}),
        "reserve-seat": _CASE_WORK | {_INTEGRATION},
        "release-seat": _CASE_WORK | {_INTEGRATION},
    }
)
"""The acts of organisations: who works with employers and providers every day, and who signs."""

PROGRAMME_ACTS: Roles = MappingProxyType(
    dict.fromkeys(
        (
            *("publish-programme", "revise-programme", "close-programme"),
            *("join-programme", "leave-programme", "set-target"),
        ),
        frozenset({_MANAGER}),
    )
)
"""The acts of programmes; a manager's are those of the own programmes (`may_manage`)."""

EVALUATION_ACTS: Roles = MappingProxyType(
    dict.fromkeys(("issue-report", "restate-report"), frozenset({_MANAGER, _EVALUATOR}))
)
"""What is given out for others to keep; a manager's are those of the own programmes
(`may_evaluate`)."""

OF_TEAM_LEADS = frozenset({"exempt-deadline", "adopt-definition"})
"""What a case worker does not do alone: to lift a duty for good, and to change the rules that a
journey is under. To move a deadline, and to assign a case worker, is daily work: a journey that
comes in is taken, and a deadline that was moved is still there."""

OF_CLIENTS = frozenset(
    {
        *("agree-plan", "accept-service", "decline-service"),
        *("submit-self-assessment", "give-feedback"),
    }
)
"""What clients do themselves."""

OF_INTEGRATIONS = frozenset(
    {
        *("refer", "record-attendance", "award-certificate", "start-service", "complete-service"),
        *("record-employment-period", "record-unemployment-period", "record-benefit-period"),
    }
)
"""What other systems know better: who comes, who attends, and who is paid."""


def _journey_act_roles(code: str) -> frozenset[Role]:
    workers = frozenset({_TEAM_LEAD}) if code in OF_TEAM_LEADS else _CASE_WORK
    others = {_CLIENT: OF_CLIENTS, _INTEGRATION: OF_INTEGRATIONS}
    return workers | {role for role, acts in others.items() if code in acts}


ACTS: Roles = MappingProxyType(
    {
        **{code: _journey_act_roles(code) for code in JOURNEY_ACTS},
        **CLIENT_ACTS,
        **KEEPING_ACTS,
        **ORGANISATION_ACTS,
        **PROGRAMME_ACTS,
        **EVALUATION_ACTS,
    }
)
"""Every act by its code, and the roles that may do it."""

_EVERYBODY = frozenset(Role)
_OF_JOURNEYS = _EVERYBODY - {_EVALUATOR}
"""Who sees journeys at all: the scope says which."""
_OF_LISTS = _OF_JOURNEYS - {_CLIENT}
_OVERSEEING = frozenset({_TEAM_LEAD, _MANAGER, _AUDITOR})

OF_AUDITORS = (
    *("audit-access", "audit-history", "audit-decisions", "audit-corrections"),
    *("audit-difference", "audit-overviews", "audit-sample", "audit-bundle"),
)
"""What only auditors ask."""

OF_EVALUATION = (
    *("report", "figure", "verification", "restatement"),
    *("issued-reports", "evaluation", "replay", "export"),
)
"""What is found out of all journeys of a programme, under ids alone; a manager's are those of the
own programmes (`may_evaluate`)."""

QUESTIONS: Roles = MappingProxyType(
    {
        "me": _EVERYBODY,
        "journey-page": _OF_JOURNEYS,
        "journey-acts": _OF_JOURNEYS,
        "timeline": _OF_JOURNEYS,
        "deadlines": _OF_JOURNEYS,
        "changes": _OF_JOURNEYS,
        "caseload": _OF_JOURNEYS,
        "client-page": _OF_JOURNEYS,
        "client-search": _CASE_WORK | {_AUDITOR, _INTEGRATION},
        "possible-duplicates": _CASE_WORK | {_AUDITOR, _INTEGRATION},
        "calendar": _CASE_WORK | {_AUDITOR},
        "responsibility": _OF_LISTS - {_INTEGRATION},
        "board": _EVERYBODY - {_CLIENT, _INTEGRATION},
        "programmes": _EVERYBODY,
        "organisations": _EVERYBODY,
        "break-glass": _CASE_WORK,
        **dict.fromkeys(OF_AUDITORS, frozenset({_AUDITOR})),
        "audit-access": frozenset({_AUDITOR}),
        "client-access": _CASE_WORK | {_CLIENT, _AUDITOR},
        "client-copy": _CASE_WORK | {_CLIENT, _AUDITOR},
        "projections-status": _OVERSEEING | {_INTEGRATION},
        **dict.fromkeys(OF_EVALUATION, frozenset({_MANAGER, _AUDITOR, _EVALUATOR})),
    }
)
"""Every question by its code, and the roles that may ask it.

Where a question is about journeys or clients, the answer holds those of the scope only. To open a
journey out of scope ("break-glass") is here because it changes nothing: it lets one read.
"""

_ALLOWED: Roles = MappingProxyType({**ACTS, **QUESTIONS})


def may_do(role: Role, code: str) -> bool:
    """Whether the role may do the act, or ask the question. Raises KeyError for an unknown code."""
    return role in _ALLOWED[code]


class Denied(StrEnum):
    """Why somebody may not do an act. The value is a code that stays; `said` is the sentence."""

    ROLE = "not-in-role"
    SCOPE = "not-in-scope"
    OPENED = "opened-for-reading"
    HANDOVER = "only-asked-to-take-over"
    RESPONSIBLE = "only-for-the-responsible"
    PARTNER = "not-for-a-partner"
    NOT_THEIRS = "not-of-the-partner"
    NOT_OWN = "not-for-oneself"
    PROGRAMME = "not-own-programme"
    PURPOSE = "not-for-this-purpose"
    ORGANISATION = "not-own-organisation"
    CLIENT = "client-not-in-scope"
    OTHERS = "others-serve-the-client-too"
    CLIENT_REFERRED = "client-out-of-scope"
    REFERRER = "not-own-referral"

    @property
    def said(self) -> Wording:
        """What is wrong and what to do next."""
        return _SAID[self]


_SAID: Mapping[Denied, Wording] = MappingProxyType(
    {
        Denied.ROLE: said("Your role does not do this. Ask somebody whose role it is."),
        Denied.SCOPE: said(
            "This journey is not in your scope. Ask the responsible organisation for a "
            "handover or a place in the team, or open it with a reason to read it."
        ),
        Denied.OPENED: said(
            "You have opened this journey to read it. Ask the responsible organisation "
            "to act, or for a place in the team."
        ),
        Denied.HANDOVER: said(
            "Your organisation has been asked to take over. Accept the handover first."
        ),
        Denied.RESPONSIBLE: said(
            "This is for the responsible organisation alone: it decides into whose hands a journey "
            "goes. Ask it."
        ),
        Denied.PARTNER: said(
            "This is for the responsible organisation and the team. Join the team "
            "first, or ask them."
        ),
        Denied.NOT_THEIRS: said(
            "A partner by an agreement acts for its own people and services only. "
            "Name your own organisation, or join the team first."
        ),
        Denied.NOT_OWN: said("A client speaks for themself only. Sign or answer as the client."),
        Denied.PROGRAMME: said(
            "This is not one of the programmes you answer for. Ask its programme manager."
        ),
        Denied.ORGANISATION: said(
            "An organisation signs and ends its own agreements only. Ask somebody of that "
            "organisation."
        ),
        Denied.CLIENT: said(
            "No journey of this client is in the hands of your organisation or your team. Ask the "
            "responsible organisation."
        ),
        Denied.OTHERS: said(
            "Other organisations are responsible for journeys of this client, too, and an erasure "
            "takes theirs with it. Ask whoever keeps the service to erase the client."
        ),
        Denied.CLIENT_REFERRED: said(
            "This client is registered, and no journey of theirs is in your scope. Say in "
            "opening_reason why you refer them: it is recorded, and shown in an audit."
        ),
        Denied.REFERRER: said(
            "You refer clients for your own organisation. Name it as from_organisation, also where "
            "the client came by themself."
        ),
        Denied.PURPOSE: said(
            "Your role does not read for the purpose that was stated. State one of its "
            "own, or none."
        ),
    }
)


class NotAllowed(Exception):
    """Somebody asked for what they may not do; `denied` says why."""

    def __init__(self, denied: Denied) -> None:
        super().__init__(denied.said)
        self.denied = denied


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


_NAMING = {"join-team": "organisation", "leave-team": "organisation", "propose-service": "provider"}
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
    if not history.entries or way_to(scope, journey_id, history.journey) is not None:
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


def may_manage(scope: Scope, code: str, programme: str) -> Denied | None:
    """Say why the person may not do the act of this programme; None: they may."""
    if not may_do(scope.role, code):
        return Denied.ROLE
    return None if programme in scope.programmes else Denied.PROGRAMME


def may_evaluate(scope: Scope, code: str, programme: str | None) -> Denied | None:
    """Say why the person may not ask this of a programme, or of all (None); None: they may."""
    if scope.role is _MANAGER:
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
    journey; `ways` are how the person comes to the client's journeys. To erase a client one is
    responsible for all of them.
    """
    if not may_do(scope.role, code):
        return Denied.ROLE
    if scope.role is Role.CLIENT:
        return None if client in scope.own_ids else Denied.NOT_OWN
    known = list(ways)
    if not known and registered_by in {None, scope.organisation}:
        return None
    alone = code in CONSENT_ACTS or code in KEEPING_ACTS
    tending = {Way.RESPONSIBLE} if alone else {Way.RESPONSIBLE, Way.TEAM}
    if not any(way in tending for way in known):
        return Denied.CLIENT
    spared = code == "erase-client" and any(way is not Way.RESPONSIBLE for way in known)
    return Denied.OTHERS if spared else None
