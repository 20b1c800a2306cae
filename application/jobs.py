"""Long work that goes on after it was asked for: how it stands, and how it is broken off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from application.permissions import may_evaluate
from application.scope import Role, Scope
from domain.wording import said


class State(StrEnum):
    """How a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


GOING = frozenset({State.WAITING, State.RUNNING})
"""The states that a job does not stay in."""


DIED = said("The process that worked at it has ended. Ask for it again.")
FAULT = said("This is a fault of Polku. Tell whoever runs it the id of this job.")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who asked for a job: the person, for which organisation, in which role."""

    person: str
    organisation: str
    role: str


@dataclass(frozen=True, slots=True)
class Job:
    """Work that was asked for, as it stands.

    `kind` is what comes of it, "report" for one. `asked_at` and `ended_at` are instants (UTC).
    `done` of `all` says how far it is in its own steps; `all` is 0 where nobody can tell yet.
    `failure` says what went wrong, in English, and `failures` in other languages, by their codes.
    `file` is what its result is called, empty until there is one. `programme` is the code of the
    one that it is of; None: it is of all.
    """

    id: str
    kind: str
    owner: Owner
    asked_at: datetime
    state: State = State.WAITING
    done: int = 0
    all: int = 0
    ended_at: datetime | None = None
    failure: str = ""
    file: str = ""
    programme: str | None = None
    failures: Mapping[str, str] = field(default_factory=dict)


class Cancelled(Exception):
    """The job that does this was cancelled, or the process is asked to stop."""


class TooManyJobs(Exception):
    """Jobs wait already, as many as may; `own`: they are all of the person who asks."""

    def __init__(self, most: int, *, own: bool) -> None:
        super().__init__(f"{most} jobs wait already")
        self.most, self.own = most, own


class CannotDo(Exception):
    """The work of a job cannot be done; the message says why, `others` in other languages."""

    def __init__(self, message: str, others: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.others = others or {}


class Doing(Protocol):
    """What work is given while it is done."""

    @property
    def folder(self) -> Path:
        """A folder for this job alone, which is removed with it."""
        ...

    def progress(self, done: int, all_: int) -> None:
        """Say how far it is. Raises Cancelled where nobody waits for it any more."""
        ...


Work = Callable[[Doing], Path]
"""Does the work, and returns the file in the job's folder that came of it. Raises CannotDo.

What that says in English may be there in other languages, too (`file_in`).
"""


class Jobs(Protocol):
    """The jobs of a service, told alike by each of its processes."""

    def begin(self, kind: str, owner: Owner, work: Work, programme: str | None = None) -> Job:
        """Have work done as soon as a thread is free. Raises TooManyJobs."""
        ...

    def look(self, job: str) -> Job | None:
        """Return how a job stands; None where there is none, or no more."""
        ...

    def cancel(self, job: str) -> None:
        """Break a job off, and remove what came of it; nothing where it has ended otherwise."""
        ...

    def result(self, job: Job, language: str = "") -> Any:
        """Return what came of a job, open for reading bytes; None where it was removed.

        It is in the `language` where the work kept it so (`file_in`).
        """
        ...


def file_in(language: str, file: str) -> str:
    """Return what a result is called that says in another language what one in English says."""
    return f"{file}.{language}"


def owner_of(scope: Scope) -> Owner:
    """Return whose a job is that somebody asks for."""
    return Owner(scope.person, scope.organisation, scope.role.value)


def may_look(scope: Scope, job: Job) -> bool:
    """Whether somebody is told of a job: who asked for it, in the same role, and auditors.

    A manager is so only while answering for its programme.
    """
    own = scope.role is Role.AUDITOR or owner_of(scope) == job.owner
    return own and may_evaluate(scope, job.kind, job.programme) is None
