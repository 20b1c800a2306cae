"""Which act and which question is within which role at all."""

from collections.abc import Mapping
from types import MappingProxyType

from application.catalogue import JOURNEY_ACTS
from application.scope import Role

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
