"""What a person asks for in one act, as it came: before the day is known, and who it is about."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from application.accesses import with_opened
from application.acts import named
from application.catalogue import decision_of
from application.journeys import (
    KIND,
    TIME_ZONES,
    Doing,
    Office,
    UnknownJourney,
    facts_of_register,
    today_in,
    today_of,
    with_register,
)
from application.permissions import (
    Denied,
    NotAllowed,
    Way,
    may_act,
    may_do,
    may_refer_into,
    may_tend,
    way_to,
)
from application.programmes import NotPublished
from application.scope import Scope
from application.transact import Asked, digest_of
from domain import client as client_decisions
from domain.client import Client
from domain.definition import Facts
from domain.entry import By
from domain.journey.history import History
from domain.refusals import InvalidField
from domain.wording import said

FactsOf = Callable[[str, date], Facts]
JourneysOf = Callable[[str], Iterable[str]]


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
    referral. A repetition is told by what was asked, not by the day that "today" was.
    """

    code: str
    fields: Mapping[str, Any]
    key: str
    on: date | None = None
    expected_version: int | None = None
    programme: str | None = None

    def said_of(self, *of: str | None) -> str:
        """Return the digest of what is asked of a journey or a client."""
        return digest_of(self.code, of, self.programme, self.fields, self.on)


def intended(
    office: Office, who: Who, journey: str, intention: Intention, history: History, digest: str
) -> Doing:
    """Return the act of a journey, whose history up to now tells which day it is there.

    Whether the person may do it is asked whenever it is decided. `digest` is that of the request.
    """
    return Doing(
        journey,
        asked_by(who, intention, intention.on or _today(office, intention, history)),
        decision_by(intention.code, lambda client, day: facts_of_register(office, client, day)),
        intention.fields,
        intention.programme,
        _guard(office, who.scope, intention, journey),
        digest,
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


def latest_today(office: Office) -> date:
    """Return the day that it is where a new day comes first: for what has no programme."""
    return max(today_in(office, country) for country in ("", *TIME_ZONES))


def require_not_ahead(day: date, today: date) -> None:
    """Raise InvalidField for a day that lies ahead."""
    if day > today:
        ahead = said("{day} lies ahead of today, {today}", day=day, today=today)
        raise InvalidField("occurred_on", ahead)


class UnknownClient(LookupError):
    """There is no client with the id."""

    def __init__(self, client: str) -> None:
        super().__init__(f"there is no client {client!r}: register the person first")
        self.client = client


def client_decision(intention: Intention) -> Callable[[Client, date], tuple[Any, ...]]:
    """Return the decision of an act on a client's particulars."""

    def decide(state: Client, on: date) -> tuple[Any, ...]:
        if intention.code == "register-client":
            return client_decisions.register(state, intention.fields["particulars"], on=on)
        return client_decisions.change_contact_details(state, **intention.fields)

    return decide


def client_guard(
    office: Office, journeys_of: JourneysOf, scope: Scope, code: str, client: str
) -> Callable[[Client], None]:
    """Return what raises NotAllowed or UnknownClient where the person may not do the act.

    A client who is not in the log yet is one that the same batch registers.
    """

    def ways() -> Iterator[Way | None]:
        for journey in journeys_of(client):
            history = office.histories.newest(named(KIND, journey))
            yield way_to(scope, journey, history.journey)

    def guard(state: Client) -> None:
        denied = None if may_do(scope.role, code) else Denied.ROLE
        if denied is None and code != "register-client":
            if state.registered is None:
                raise UnknownClient(client)
            entries = office.log.load(named("client", client))
            by = entries[0].by.organisation if entries else None
            denied = may_tend(scope, code, client, by, ways())
        if denied is not None:
            raise NotAllowed(denied)

    return guard


def stream_of(journey: str) -> str:
    """Return the stream of a journey. Raises UnknownJourney for what can be no id."""
    if not journey or any(letter.isspace() for letter in journey):
        raise UnknownJourney(journey)
    return named(KIND, journey)


def _guard(
    office: Office, scope: Scope, intention: Intention, journey: str
) -> Callable[[History], None]:
    def guard(history: History) -> None:
        if not history.entries and intention.code != "refer":
            raise UnknownJourney(journey)
        denied = may_act(scope, intention.code, journey, history.journey, intention.fields)
        if intention.code == "refer" and not may_refer_into(scope, journey, history):
            denied = denied or Denied.SCOPE
        if denied is Denied.SCOPE and _has_opened(office, scope, journey, history):
            denied = Denied.OPENED
        if denied is not None:
            raise NotAllowed(denied)

    return guard


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
        anywhere = today_in(office, "")
        country = office.programmes.current(intention.programme, anywhere).country
    except NotPublished:
        return anywhere
    return today_in(office, country)
