"""Who asks: from a request's bearer token to the scope of the person.

Polku is a resource server: an identity provider (OpenID Connect) signs the tokens, Polku verifies
them with its public keys. Without a provider it is in development mode, and takes tokens that
`polku token` signs with a key of this machine.
"""

import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from fastapi import Request
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError, SecurityWarning
from joserfc.jws import JWSRegistry, extract_compact
from joserfc.jwt import JWTClaimsRegistry

from application.scope import Role, Scope
from domain.wording import said
from interfaces.http.identity_claims import (
    ClaimNames,
    OwnClaims,
    Unauthenticated,
    purpose_of,
    scope_of,
)
from interfaces.http.identity_development import ALGORITHM, AUDIENCE, ISSUER, local_key
from interfaces.http.identity_keys import IssuerKeys, Keys, UnknownKey

__all__ = ["IdentitySettings", "Unauthenticated", "identifier"]

PURPOSE_HEADER = "Polku-Purpose"

LONGEST_TOKEN = 16_384
"""Letters of a token at most."""

TYPES = {"", "jwt", "at+jwt", "application/at+jwt"}
"""What a token may say it is: tokens for a logout, or proofs, are none to come in with."""

FAR = 2.0**40
"""Seconds since 1970 that are as good as never."""

REMEMBERED, REMEMBERED_FOR = 10_000, 300.0
"""How many verified tokens are remembered, and for how many seconds at most: a key that the
issuer withdraws ends soon."""

_WITH_PARTNERS = {Role.CASE_WORKER, Role.TEAM_LEAD, Role.INTEGRATION}


class IdentitySettings(ClaimNames, Protocol):
    """The settings that say whose tokens are taken."""

    @property
    def oidc_issuer(self) -> str | None:
        """The issuer (its URL, as in the tokens); None: development mode."""
        ...

    @property
    def oidc_audience(self) -> str:
        """The audience that a token must be for."""
        ...

    @property
    def oidc_algorithm(self) -> str:
        """The one algorithm that tokens are signed with."""
        ...

    @property
    def oidc_jwks_url(self) -> str | None:
        """Where the issuer's key set is; None: its discovery document says."""
        ...

    @property
    def oidc_leeway_seconds(self) -> int:
        """How far the issuer's clock and this one may be apart."""
        ...

    @property
    def development_key_file(self) -> Path:
        """Where the key of the development mode is."""
        ...


def _nothing(_: str) -> None:
    return None


def identifier(
    settings: IdentitySettings,
    partners: Callable[[str], frozenset[str]],
    remembered: Callable[[str], frozenset[str] | None] = _nothing,
    *,
    now: Callable[[], float] = time.time,
) -> "Identifier":
    """Return what says who asks, by a request's token and stated purpose.

    `partners` gives the organisations with which one has an agreement in force today, `remembered`
    the same where it is known without waiting (else None); `now` is the
    time in seconds since 1970. What it returns raises Unauthenticated, NotAllowed for a purpose
    that is not the role's, and IdentityUnavailable where the issuer's keys cannot be had.
    `Scope.opened` stays empty: `application.accesses.with_opened` asks when it matters.
    """
    tokens = Tokens(verifier(settings, now=now), now=now)
    return Identifier(tokens, partners, remembered)


class Identifier:
    """Says who asks, by the token and the stated purpose of a request: see `identifier`."""

    def __init__(
        self,
        tokens: "Tokens",
        partners: Callable[[str], frozenset[str]],
        remembered: Callable[[str], frozenset[str] | None],
    ) -> None:
        self._tokens, self._partners, self._remembered = tokens, partners, remembered

    def __call__(self, request: Request) -> Scope:
        """Return who asks. Raises as `identifier` says."""
        scope = self._tokens.scope(_bearer(request.headers.get("Authorization")))
        if scope.role in _WITH_PARTNERS:
            scope = replace(scope, partners=self._partners(scope.organisation))
        return _for_purpose(scope, request)

    def at_once(self, request: Request) -> Scope | None:
        """Return who asks where nothing need be waited for to know it, else None."""
        scope = self._tokens.remembered(_bearer(request.headers.get("Authorization")))
        if scope is None or scope.role not in _WITH_PARTNERS:
            return scope and _for_purpose(scope, request)
        partners = self._remembered(scope.organisation)
        if partners is None:
            return None
        return _for_purpose(replace(scope, partners=partners), request)


def _for_purpose(scope: Scope, request: Request) -> Scope:
    return replace(scope, purpose=purpose_of(scope.role, request.headers.get(PURPOSE_HEADER)))


def _bearer(header: str | None) -> str:
    kind, _, token = (header or "").strip().partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        message = said("send a token: the header Authorization with Bearer and the token")
        raise Unauthenticated("no-token", message)
    return token.strip()


def verifier(settings: IdentitySettings, *, now: Callable[[], float] = time.time) -> "Verifier":
    """Return what verifies the tokens that the settings ask for; in development mode its own."""
    if settings.oidc_issuer is None:
        keys = local_key(settings.development_key_file)
        return Verifier(keys, ISSUER, AUDIENCE, ALGORITHM, OwnClaims(), now=now)
    keys_of_issuer = IssuerKeys(
        settings.oidc_issuer, settings.oidc_algorithm, settings.oidc_jwks_url
    )
    return Verifier(
        keys_of_issuer,
        settings.oidc_issuer,
        settings.oidc_audience,
        settings.oidc_algorithm,
        settings,
        leeway=settings.oidc_leeway_seconds,
        now=now,
    )


class Verifier:
    """Verifies tokens of one issuer, for one audience, of one algorithm."""

    def __init__(
        self,
        keys: Keys,
        issuer: str,
        audience: str,
        algorithm: str,
        names: ClaimNames,
        *,
        leeway: int = 0,
        now: Callable[[], float] = time.time,
    ) -> None:
        if algorithm == "EdDSA":  # its name is deprecated for Ed25519, but providers still say it
            warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)
        self._keys, self._names, self.leeway = keys, names, leeway
        self._algorithm = algorithm
        self._registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
        self._registry.max_header_length = LONGEST_TOKEN  # some carry their certificates
        self._claims = JWTClaimsRegistry(
            now=lambda: int(now()),
            leeway=leeway,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    def verify(self, token: str) -> tuple[Scope, float]:
        """Return the scope that a token gives, and until when (seconds since 1970).

        Raises Unauthenticated or IdentityUnavailable.
        """
        if len(token) > LONGEST_TOKEN:
            raise _refused("bad-token")
        try:
            claims = self._verified(token)
            self._claims.validate(claims)
        except UnknownKey:
            raise _refused("unknown-key") from None
        except ExpiredTokenError:
            raise _refused("expired-token") from None
        except (JoseError, ValueError, TypeError, RecursionError):
            raise _refused("bad-token") from None  # no cause: it may hold what the token says
        return scope_of(claims, self._names), min(claims["exp"], FAR) + self.leeway

    def _verified(self, token: str) -> dict[str, Any]:
        header = extract_compact(token.encode(), registry=self._registry).headers()
        kid = header.get("kid")
        fits = header.get("alg") == self._algorithm and _type_of(header) in TYPES
        if not fits or not isinstance(kid, str | None):
            raise _refused("bad-token")
        key = self._keys.find(kid)
        return jwt.decode(token, key, [self._algorithm], self._registry).claims


def _type_of(header: dict[str, Any]) -> str:
    return str(header.get("typ", "")).lower()


_MESSAGES = {
    "bad-token": said("the token cannot be used: get a new one from the identity provider"),
    "unknown-key": said(
        "the token was signed with a key that the identity provider does not show: get a new one"
    ),
    "expired-token": said("the token has run out: get a new one"),
}


def _refused(code: str) -> Unauthenticated:
    return Unauthenticated(code, _MESSAGES[code])


class Tokens:
    """Remembers the scopes of verified tokens, by the tokens' digests, until they run out."""

    def __init__(self, verifier: Verifier, *, now: Callable[[], float] = time.time) -> None:
        self._verifier, self._now = verifier, now
        self._known: dict[bytes, tuple[Scope, float]] = {}
        self._lock = Lock()

    def remembered(self, token: str) -> Scope | None:
        """Return the scope of a token that was verified before and has not run out, else None."""
        known = self._known.get(sha256(token.encode()).digest())
        return known[0] if known is not None and self._now() < known[1] else None

    def scope(self, token: str) -> Scope:
        """Return the scope that a token gives. Raises Unauthenticated or IdentityUnavailable."""
        digest = sha256(token.encode()).digest()
        known, now = self._known.get(digest), self._now()
        if known is not None and now < known[1]:
            return known[0]
        scope, until = self._verifier.verify(token)
        with self._lock:
            if len(self._known) >= REMEMBERED:
                for old in [*islice(self._known, REMEMBERED // 4)]:
                    del self._known[old]
            self._known[digest] = scope, min(until, now + REMEMBERED_FOR)
        return scope
