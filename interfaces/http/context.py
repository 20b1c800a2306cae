"""What every endpoint is given: who asks, in which language, and the parts of the house."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Request

from application.journeys import Office
from application.ports import AccessBook
from application.questions import Views
from application.scope import Scope
from application.transact import Asked, Streams
from domain.access import Reading
from domain.entry import By
from domain.organisation.state import Organisation


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is made of; put together once, in the bootstrap."""

    office: Office
    organisations: Streams[Organisation]
    views: Views
    accesses: AccessBook
    identify: Callable[[Request], Scope]
    """Return who asks, by the request's token. Raises Unauthenticated."""
    translations: Callable[[str], Any]
    """Return the gettext translations of a language ("en", "fi", "it")."""
    working: Callable[[], bool]
    """Whether the view projectors of this process run."""


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
        own = None if key is None else f"{self.scope.organisation}/{self.scope.person}/{key}"
        return Asked(
            self.by, on, self.scope.rights, own, expected_version, correlation=self.correlation
        )

    def note_reading(self, what: str, *, client: str | None, journey: str | None = None) -> None:
        """Note that a client's data is about to be read, before it is answered."""
        scope = self.scope
        self.parts.accesses.note(
            Reading(
                person=scope.person,
                role=scope.role.value,
                organisation=scope.organisation,
                purpose=scope.purpose.value,
                client=client,
                journey=journey,
                what=what,
                at=self.office.log.now(),
                correlation=self.correlation,
            )
        )


def here(request: Request) -> Here:
    """Return who asks for what; every endpoint but those of health depends on it."""
    parts: Parts = request.app.state.parts
    return Here(
        parts,
        parts.identify(request),
        getattr(request.state, "language", "en"),
        getattr(request.state, "correlation", ""),
    )


Asking = Annotated[Here, Depends(here)]
