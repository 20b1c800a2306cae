"""What a person asks for in one act, as it came: before the day is known, and who it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from application.accesses import opening_append, with_opened
from application.acts import named
from application.catalogue import decision_of
from application.client_scope import (
    JourneysOf,
    client_in_scope,
    is_registered_by,
    registered_by,
    ways_to_client,
)
from application.journey_clients import facts_of_register, with_register
from application.journeys import Beside, Doing, UnknownJourney
from application.office import KIND, TIME_ZONES, Office, today_in, today_of
from application.permissions import (
    CONSENT_ACTS,
    KEEPING_ACTS,
    Denied,
    NotAllowed,
    may_act,
    may_do,
    may_put_right,
    may_refer_into,
    may_tend,
    names_another_referrer,
)
from application.ports import Append
from application.programmes import NotPublished
from application.scope import Role, Scope
from application.transact import Asked, digest_of
from domain import client as client_decisions
from domain import erasure
from domain.client import Client
from domain.definition import Facts
from domain.entry import By, Personal
from domain.journey.act import Events
from domain.journey.events import ReferralMade
from domain.journey.history import History
from domain.refusals import LiesAhead
from domain.wording import said

FactsOf = Callable[[str, date], Facts]


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks, and the id that goes with the request into its entries."""

    scope: Scope
    correlation: str | None = None

    @property
    def by(self) -> By:
        """The person and the organisation of the envelope."""
        return By(self.scope.person, self.scope.organisation)

    def key(self, key: str) -> str:
        """Return an idempotency key as the person's own: another's of the same text is another."""
        # No id has a space in it, and some have a slash.
        return f"{self.scope.organisation} {self.scope.person} {key}"


@dataclass(frozen=True, slots=True)
class Intention:
    """One act that a person asks for.

    `code` is that of the catalogue, `fields` are the decision's, `on` None means today. `key` is
    the person's own idempotency key, `expected_version` the version seen. `programme` is for a
    referral, and so is `opening_reason`: why a client out of scope is referred. A repetition is
    told by what was asked, not by the day that "today" was.
    """

    code: str
    fields: Mapping[str, Any]
    key: str
    on: date | None = None
    expected_version: int | None = None
    programme: str | None = None
    opening_reason: Personal | None = None

    def said_of(self, *of: str | None) -> str:
        """Return the digest of what is asked of a journey or a client."""
        why = () if self.opening_reason is None else (self.opening_reason,)
        return digest_of(self.code, of, self.programme, self.fields, self.on, *why)


def intended(
    office: Office,
    who: Who,
    journey: str,
    intention: Intention,
    history: History,
    digest: str,
    journeys_of: JourneysOf,
) -> Doing:
    """Return the act of a journey, whose history up to now tells which day it is there.

    Whether the person may do it is asked whenever it is decided. `digest` is that of the request;
    `journeys_of` a client are looked up where a permission needs it.
    """
    return Doing(
        journey,
        asked_by(who, intention, intention.on or _today(office, intention, history)),
        decision_by(intention.code, lambda client, day: facts_of_register(office, client, day)),
        intention.fields,
        intention.programme,
        _guard(office, who.scope, intention, journey, journeys_of),
        digest,
        _opening(office, who, journey, intention, journeys_of),
    )


def asked_by(who: Who, intention: Intention, on: date) -> Asked:
    """Return how the person asks for what happened on the day."""
    return Asked(
        who.by,
        on,
        who.scope.rights,
        intention.key,
        intention.expected_version,
        who.correlation,
    )


def decision_by(code: str, facts_of: FactsOf) -> Callable[..., Any]:
    """Return the decision of an act; eligibility is judged with what the register knows."""
    return with_register(facts_of) if code == "assess-eligibility" else decision_of(code)


NONE_AHEAD: Mapping[str, History] = MappingProxyType({})


def latest_today(office: Office) -> date:
    """Return the day that it is where a new day comes first: for what has no programme."""
    return latest_day(office.log.now())


def latest_day(instant: datetime) -> date:
    """Return the day that it is at an instant where a new day comes first."""
    return max(instant.astimezone(ZoneInfo(zone)).date() for zone in ("UTC", *TIME_ZONES.values()))


def today_for(
    office: Office,
    journeys_of: JourneysOf,
    client: str,
    ahead: Mapping[str, History] = NONE_AHEAD,
) -> date:
    """Return which day it is where a client is served: of several places the latest.

    So a consent from today on counts at once there. `ahead` are the client's journeys, by stream,
    with what is about to be recorded of them. Where nobody serves the client, or a programme is not
    published, it is the latest day that there is. Journeys that cannot be read are left out.
    """
    known = office.histories.readable_of([stream_of(one) for one in journeys_of(client)])
    try:
        days = [today_of(office, history) for history in (known | {**ahead}).values()]
    except NotPublished:
        days = []
    return max(days) if days else latest_today(office)


def require_not_ahead(day: date, today: date) -> None:
    """Raise LiesAhead for a day that lies ahead."""
    if day > today:
        ahead = said("{day} lies ahead of today, {today}", day=day, today=today)
        raise LiesAhead("occurred_on", ahead)


class UnknownClient(LookupError):
    """There is no client with the id."""

    def __init__(self, client: str) -> None:
        super().__init__(f"there is no client {client!r}: register the person first")
        self.client = client


WITHDRAWING = "withdraw-consent"
"""The act that counts under every id of a person: nobody takes consent back by halves."""

HOLDING: Mapping[str, Callable[..., tuple[Any, ...]]] = MappingProxyType(
    {"place-hold": erasure.place_hold, "release-hold": erasure.release_hold}
)
"""The decisions on legal holds by the codes of their acts."""


def client_decision(intention: Intention) -> Callable[[Client, date], tuple[Any, ...]]:
    """Return the decision of an act on a client's particulars, or of a legal hold."""

    def decide(state: Client, on: date) -> tuple[Any, ...]:
        if intention.code == "register-client":
            return client_decisions.register(state, intention.fields["particulars"], on=on)
        if intention.code in CONSENT_ACTS:
            fields = intention.fields
            return client_decisions.consent(state, on=on, code=intention.code, **fields)
        if intention.code in KEEPING_ACTS:
            return HOLDING[intention.code](state.keeping, **intention.fields)
        return client_decisions.change_contact_details(state, **intention.fields)

    return decide


def client_guard(
    office: Office, journeys_of: JourneysOf, scope: Scope, code: str, client: str
) -> Callable[[Client], None]:
    """Return what raises NotAllowed or UnknownClient where the person may not do the act.

    A client who is not in the log yet is one that the same batch registers.
    """

    def guard(state: Client) -> None:
        denied = None if may_do(scope.role, code) else Denied.ROLE
        if denied is None and code != "register-client":
            another = scope.role is Role.CLIENT and client not in scope.own_ids
            if state.registered is None or another:
                raise UnknownClient(client)
            ways = ways_to_client(office, scope, client, journeys_of)
            own = is_registered_by(office, client, scope.organisation)
            by = scope.organisation if own else registered_by(office, client)
            denied = may_tend(scope, code, client, by, ways)
        if denied is not None:
            raise NotAllowed(denied)

    return guard


def stream_of(journey: str) -> str:
    """Return the stream of a journey. Raises UnknownJourney for what can be no id."""
    if not journey or any(letter.isspace() for letter in journey):
        raise UnknownJourney(journey)
    return named(KIND, journey)


def _guard(
    office: Office, scope: Scope, intention: Intention, journey: str, journeys_of: JourneysOf
) -> Callable[[History], None]:
    def guard(history: History) -> None:
        if not history.entries and intention.code != "refer":
            raise UnknownJourney(journey)
        denied = denied_here(office, scope, intention.code, journey, history, intention.fields)
        if denied is Denied.SCOPE and scope.role is Role.CLIENT:
            raise UnknownJourney(journey)
        denied = denied or _names_others(office, scope, intention, history, journeys_of)
        if denied is not None:
            raise NotAllowed(denied)

    return guard


_PUTTING_RIGHT = frozenset({"correct", "retract"})


def denied_here(
    office: Office,
    scope: Scope,
    code: str,
    journey: str,
    history: History,
    fields: Mapping[str, Any],
) -> Denied | None:
    """Say why the person may not do the act of this journey with these fields; None: they may.

    Whom a referral names is asked beside it.
    """
    denied = may_act(scope, code, journey, history.journey, fields)
    if code == "refer" and not may_refer_into(scope, journey, history):
        denied = denied or Denied.SCOPE
    if denied is Denied.SCOPE and _has_opened(office, scope, journey, history):
        denied = Denied.OPENED
    if denied is None and code in _PUTTING_RIGHT and "entry" in fields:
        denied = may_put_right(scope, journey, history, fields["entry"])
    return denied


def _names_others(
    office: Office, scope: Scope, intention: Intention, history: History, journeys_of: JourneysOf
) -> Denied | None:
    """Refuse a referral, or a correction of one, in another's name or of a client out of scope."""
    if names_another_referrer(scope, history.journey, intention.fields):
        return Denied.REFERRER
    client = client_named(intention, history)
    if client is None or intention.opening_reason is not None:
        return None
    if _may_name(office, scope, client, journeys_of):
        return None
    return Denied.CLIENT_REFERRED if intention.code == "refer" else Denied.CLIENT


def client_named(intention: Intention, history: History) -> str | None:
    """Return the client whom an act would make a journey's; None where it is none but before."""
    if intention.code == "refer":
        named_: str | None = intention.fields.get("client")
    else:
        event = intention.fields.get("event")
        named_ = event.client if isinstance(event, ReferralMade) else None
    return None if named_ == history.journey.client else named_


def _may_name(office: Office, scope: Scope, client: str, journeys_of: JourneysOf) -> bool:
    """Whether a client may be named as somebody's: not in the register yet, or in scope."""
    if office.clients.newest(named("client", client)).registered is None:
        return True
    return client_in_scope(office, scope, client, journeys_of)


def _opening(
    office: Office, who: Who, journey: str, intention: Intention, journeys_of: JourneysOf
) -> Beside:
    """Return what says why a client out of scope is referred; nothing of one in scope."""

    def beside(history: History, _events: Events) -> tuple[Append, ...]:
        client, reason = client_named(intention, history), intention.opening_reason
        if client is None or reason is None or _may_name(office, who.scope, client, journeys_of):
            return ()
        today = _today(office, intention, history)
        asked = Asked(who.by, today, correlation=who.correlation)
        return opening_append(office, journey, client, reason, asked)

    return beside


def _has_opened(office: Office, scope: Scope, journey: str, history: History) -> bool:
    """Whether the person has opened the journey out of scope: then it is no use to open it."""
    try:
        return journey in with_opened(office, scope, journey, history.journey).opened
    except NotPublished:
        return False


def _today(office: Office, intention: Intention, history: History) -> date:
    if history.entries or intention.programme is None:
        return today_of(office, history)
    try:
        # On its first day a version is in force there while it is the day before in UTC.
        country = office.programmes.current(intention.programme, latest_today(office)).country
    except NotPublished:
        return today_in(office, "")
    return today_in(office, country)
