"""What the application that answers HTTP is made of, and how it is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fastapi import Request

from application.audit.bundle import Bundle, NotProven
from application.audit.sampling import RootAt
from application.erasing import Clear, Cleared, Left
from application.office import Office
from application.ports import AccessBook
from application.questions import Views
from application.scope import Scope
from application.transact import Streams
from application.unusual import Thresholds
from domain.organisation.state import Organisation
from domain.wording import Tongue, said
from interfaces.evaluating import Evaluating


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
    """Whether a part that the service stands on works; `said` what is wrong, which may be less."""

    part: str
    ready: bool
    said: str = ""


def _nobody(_: Request) -> None:
    return None


def _no_ledger(_: int) -> None:
    return None


def _no_bundle(_journey: str, _language: str) -> Bundle:
    raise NotProven(said("this service has no ledger"))


def _nothing_left(_: Sequence[str]) -> bool:
    return False


def _no_files(_: Sequence[str]) -> Cleared:
    return Cleared({}, (), ())


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
    usual: Thresholds = field(default_factory=Thresholds)
    """What is usual of readings."""
    left: Left = _nothing_left
    """Whether keys of streams are there that an erasure has not destroyed."""
    clear: Clear = _no_files
    """Clear what is left in files of streams whose keys are destroyed."""
    bundle: Callable[[str, str], Bundle] = _no_bundle
    """Return a journey with its proofs in one file, and its page in a language ("en", "fi", "it").

    Raises NotProven and TooLarge."""
    evaluating: Evaluating | None = None
    """What reports, replays and exports are made with; None where this service makes none."""
