"""Every coded value of Polku that people read, by its kind: what translations have to know.

What a definition codes (services, needs, organisations ...) has its titles there. Where a text may
be any code (a result, a topic), those are listed that are in use; another is said as it stands.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from application.catalogue import JOURNEY_ACTS
from application.disclosure import CONTENTS
from application.operating import OPERATION
from application.scope import Purpose, Role
from application.views.course import WAITING
from domain.access import JourneyOpened
from domain.client import ClientEvent
from domain.definition import DESTINATIONS, END_STATES, PLACEMENT_FORMS, Phase
from domain.entry import event_name
from domain.facts import FACTS, RESPONDENTS, EmploymentStatus
from domain.issued_report import ReportEvent
from domain.journey.deadlines import DeadlineStatus
from domain.journey.events import KINDS
from domain.journey.plan import StepStatus
from domain.journey.state import MoneyKind, PeriodKind, PlacementStatus, ServiceStatus, Status
from domain.kinds import DataKind
from domain.organisation.events import NeedKind, OrganisationEvent, OrganisationKind
from domain.policy import Outcome
from domain.programme.events import ProgrammeEvent
from domain.wording import Wording, in_words

_TEAM = ("client", "case-worker", "employer", "tutor", "adviser", "referrer", "provider", "school")
"""What people are in a client's team and when they sign, beside what organisations are."""

_PROGRAMME_ROLES = (
    *("alliance-partner", "counsellor", "desk", "employer-contact", "exchange-partner"),
    *("guidance-service", "lead", "lead-project", "partnership", "sibling-project", "sub-project"),
    *("senior-case-worker", "service-manager"),
)

_BESIDE_JOURNEYS = tuple(
    event_name(kind)
    for kind in (
        *get_args(ClientEvent),
        *get_args(ProgrammeEvent),
        *get_args(OrganisationEvent),
        *get_args(ReportEvent),
        JourneyOpened,
    )
)
"""The events of the streams beside journeys, which an audit tells."""

VOCABULARY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "absence": ("illness", "child-ill", "unexcused", "appointment", "other"),
        "access-role": tuple(Role),
        "act": tuple(JOURNEY_ACTS),
        "data-kind": tuple(DataKind),
        "deadline-status": tuple(DeadlineStatus),
        "destination": DESTINATIONS,
        "employment": tuple(EmploymentStatus),
        "end-state": END_STATES,
        "event": (*KINDS, *_BESIDE_JOURNEYS, "deadline"),
        "field": (
            *("given-name", "family-name", "date-of-birth", "local-id", "municipality"),
            *("language", "gender", "birth-year", "address", "phone", "email"),
            *("referred-to", "channel", "form", "kind", "payer", "questionnaire"),
            *("respondent", "service", "topic"),
            *("organisation", "age", "education", "unemployment", "service-line", "definition"),
            *("phase", "status", "end-state", "destination", "employment-at-start", "provider"),
            *("responsible-organisation", "responsible-person", "referred-by", "employer"),
            *("status-at-start", "status-at-leaving", "status-after-six-months", "eligible"),
        ),
        "gender": ("female", "male", "other", "unknown"),
        "handover": ("waiting", "accepted", "declined"),
        "money": tuple(MoneyKind),
        "need-kind": tuple(NeedKind),
        "organisation-kind": tuple(OrganisationKind),
        "outcome": tuple(Outcome),
        "period": tuple(PeriodKind),
        "period-kind": (
            *("full-time", "part-time", "found-by-oneself", "permanent", "fixed-term"),
            *("registered", "labour-market-subsidy", "basic-unemployment-benefit"),
            *("earnings-related-benefit", *PLACEMENT_FORMS),
        ),
        "phase": tuple(Phase),
        "placement-form": PLACEMENT_FORMS,
        "placement-status": tuple(PlacementStatus),
        "purpose": (*Purpose, OPERATION),
        "reading": (
            *(*CONTENTS, "client-copy", "client-access", "retention", "what-if"),
            *("audit-access", "audit-bundle", "audit-corrections", "audit-decisions"),
            *("audit-difference", "audit-history", "audit-overviews", "audit-sample"),
        ),
        "respondent": RESPONDENTS,
        "result": ("reached", "reached-in-part", "not-reached", "completed", "passed"),
        "role": tuple(dict.fromkeys((*_TEAM, *OrganisationKind, *_PROGRAMME_ROLES))),
        "service-status": tuple(ServiceStatus),
        "status": (*Status, WAITING),  # a board tells the one or the other
        "step-status": tuple(StepStatus),
        "stream": ("journey", "client", "programme", "organisation", "report", "access"),
        "topic": (
            *("law-of-taking-on", "insurance", "wage-subsidy", "working-time"),
            *("workplace-adaptation",),
        ),
    }
)
"""Codes by kind."""


def said_where_known(kind: str, code: str) -> str:
    """Return a code as words where it is of the vocabulary; what a place calls otherwise, as is."""
    return in_words(kind, code) if code in VOCABULARY[kind] else code


def coded_messages() -> tuple[Wording, ...]:
    """Return what has to be translated beside the messages in the code: codes, facts, joints."""
    codes = [in_words(kind, str(code)) for kind, every in VOCABULARY.items() for code in every]
    facts = [Wording(fact.title, context="fact") for fact in FACTS.values()]
    joints = [Wording(word, context="list") for word in ("and", "or")]
    return (*codes, *facts, *joints)
