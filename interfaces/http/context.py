"""What every endpoint is given: who asks, in which language, and the parts of the house."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from application.audit.sampling import RootAt
from application.journeys import Office
from application.ports import AccessBook
from application.questions import Views
from application.scope import Scope
from application.transact import Asked, Streams
from domain.access import Answered, Subject
from domain.entry import By
from domain.organisation.state import Organisation
from domain.wording import Tongue


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """How the service is run; each is a setting of Polku of the same name.

    `body_bytes` is the largest body, `requests_per_minute` and `burst` how often one person may
    ask in each process, `threads` how many requests a process works at, `tls` whether browsers
    reach it by TLS alone.
    """

    body_bytes: int = 1_048_576
    requests_per_minute: int = 600
    burst: int = 120
    threads: int = 32
    tls: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a part that the service stands on is as it should be; else `said` what is wrong."""

    part: str
    ready: bool
    said: str = ""


def _nobody(_: Request) -> None:
    return None


def _no_ledger(_: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is made of; put together once, in the bootstrap."""

    office: Office
    organisations: Streams[Organisation]
    views: Views
    accesses: AccessBook
    identify: Callable[[Request], Scope]
    """Return who asks, by the request's token. Raises Unauthenticated."""
    translations: Callable[[str], Tongue]
    """Return how a language ("en", "fi", "it") says things."""
    working: Callable[[], bool]
    """Whether the view projectors of this process run."""
    checks: Callable[[], Sequence[Check]]
    """Look at each part that the service stands on."""
    recognise: Callable[[Request], Scope | None] = _nobody
    """Return who asks where nothing need be waited for to know it, else None. Raises as above."""
    root_at: RootAt = _no_ledger
    """Return the root of the log's ledger at a position, None where there is none."""


@dataclass(frozen=True, slots=True)
class Here:
    """One request: its parts, scope, language and correlation id."""

    parts: Parts
    scope: Scope
    language: str
    correlation: str

    @property
    def office(self) -> Office:
        """All that acts and questions need."""
        return self.parts.office

    @property
    def by(self) -> By:
        """Who acts, for the envelope of an entry."""
        return By(self.scope.person, self.scope.organisation)

    def asked(self, on: date, key: str | None, expected_version: int | None) -> Asked:
        """Return how this person asks for an act that happened on the day.

        A key is the person's own: another's of the same text is another.
        """
        own = None if key is None else f"{self.scope.organisation} {self.scope.person} {key}"
        return Asked(
            self.by, on, self.scope.rights, own, expected_version, correlation=self.correlation
        )

    def note_reading(self, what: str, *, client: str | None, journey: str | None = None) -> None:
        """Note that a client's data is about to be read, before it is answered."""
        self.note_readings(what, [(client, journey)])

    def note_readings(self, what: str, read: Iterable[tuple[str | None, str | None]]) -> None:
        """Note that the data of clients, each with a journey or none, is about to be read."""
        scope, at = self.scope, self.office.log.now()
        subjects = tuple(Subject(client, journey) for client, journey in read)
        if subjects:
            self.parts.accesses.note(
                Answered(
                    person=scope.person,
                    role=scope.role.value,
                    organisation=scope.organisation,
                    purpose=scope.purpose.value,
                    what=what,
                    at=at,
                    correlation=self.correlation,
                    read=subjects,
                )
            )


SECONDS_KNOWN, MOST_KNOWN = 2.0, 5000
"""For how long, and how many, callers are taken as they were last identified."""


class Known:
    """Who was identified by which headers a moment ago: an answer then needs one thread less."""

    def __init__(self, seconds: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._scopes: dict[tuple[str, ...], tuple[Scope, float]] = {}

    async def identify(self, request: Request, parts: Parts) -> Scope:
        """Return who asks. Raises what `Parts.identify` raises."""
        token = request.headers.get("authorization")
        if token is None:
            return await run_in_threadpool(parts.identify, request)
        key = (token, *request.headers.getlist("polku-purpose"))
        found = self._scopes.get(key)
        if found is not None and self._seconds() < found[1]:
            return found[0]
        began = self._seconds()
        scope = parts.recognise(request)
        if scope is None:
            scope = await run_in_threadpool(parts.identify, request)
        if len(self._scopes) >= MOST_KNOWN:
            self._scopes.clear()
        self._scopes[key] = scope, began + SECONDS_KNOWN
        return scope


ASKED = "polku.asked"
"""Under this name a request keeps who asks, once that is known."""


async def here(request: Request) -> Here:
    """Return who asks for what; every endpoint but those of the service itself depends on it.

    The signpost asks it first, before anything of the request is read: FastAPI reads a body before
    it asks a dependency, and would tell a stranger what is wrong with it. Raises what `identify`
    raises, and Problem (429) where the person asks too often.
    """
    known: Here | None = request.scope.get(ASKED)
    if known is None:
        state = request.app.state
        scope = await state.known.identify(request, state.parts)
        state.rate.take(f"{scope.organisation} {scope.person}")
        known = Here(state.parts, scope, request.state.language, request.state.correlation)
        request.scope[ASKED] = known
    return known


Asking = Annotated[Here, Depends(here)]
