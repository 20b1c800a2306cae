"""The keys that an issuer signs tokens with: fetched, kept, and fetched anew when they change."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol

import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from domain.wording import said

SECONDS_TO_ANSWER = 5.0
"""How long the issuer may take for one answer, and for each piece of it."""

LARGEST_ANSWER = 1_048_576
"""Bytes of an answer of the issuer at most: a set of keys has some thousands."""

FRESH_FOR = 15 * 60.0
"""Seconds after which the keys are asked for again: a key that was withdrawn ends by then."""

KEPT_FOR = 24 * 3600.0
"""Seconds for which the last keys are used while the issuer does not answer."""

NOT_BEFORE = 10.0
"""Seconds between two questions to the issuer at least: tokens with made-up key ids ask no more."""

MAY_WAIT = 1.0
"""Seconds that a request waits for another one's question to the issuer, where there are keys."""

LEAST_RSA_BITS = 2048


class UnknownKey(Exception):
    """The issuer has no key of that id."""


class IdentityUnavailable(Exception):
    """The issuer's keys cannot be had, so nobody can be identified just now: ask again later."""

    def __init__(self) -> None:
        super().__init__(
            said("the identity provider does not answer, so nobody is known: ask again in a minute")
        )


class Keys(Protocol):
    """Finds the key that a token says it was signed with."""

    def find(self, kid: str | None) -> Key:
        """Return the key of the id. Raises UnknownKey or IdentityUnavailable."""
        ...


def fetch_json(url: str) -> Any:
    """Return what an address answers.

    Raises httpx2.HTTPError or ValueError, and TimeoutError where it does not come to an end.
    """
    import httpx2

    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    until = time.monotonic() + SECONDS_TO_ANSWER
    with httpx2.stream(
        "GET", url, timeout=SECONDS_TO_ANSWER, headers=headers, follow_redirects=False
    ) as answer:
        answer.raise_for_status()
        return json.loads(_whole(answer.iter_bytes(), until))


def _whole(pieces: Iterable[bytes], until: float) -> bytes:
    """Return an answer, as long as it comes in time and is not too large to keep."""
    read = bytearray()
    for piece in pieces:
        read += piece
        if len(read) > LARGEST_ANSWER:
            raise ValueError("the answer is too large to be a set of keys")
        if time.monotonic() > until:
            raise TimeoutError("the answer does not come to an end")
    return bytes(read)


@dataclass(slots=True)
class IssuerKeys:
    """The keys of an issuer that fit the algorithm, by its key set (JWKS).

    Without `jwks_url` the issuer's discovery document tells where the set is.
    """

    issuer: str
    algorithm: str
    jwks_url: str | None = None
    fetch: Callable[[str], Any] = fetch_json
    seconds: Callable[[], float] = time.monotonic
    _keys: tuple[Key, ...] = ()
    _fetched: float | None = None
    _tried: float | None = None
    _asking: Lock = field(default_factory=Lock)

    def find(self, kid: str | None) -> Key:
        """Return the key of the id; without an id the only one there is.

        Raises UnknownKey, or IdentityUnavailable where no keys can be had.
        """
        self._keep_fresh()
        found = self._find(kid)
        if found is None:
            self._ask()
            found = self._find(kid)
        if found is None:
            raise UnknownKey
        return found

    def _find(self, kid: str | None) -> Key | None:
        if kid is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.kid == kid), None)

    def _keep_fresh(self) -> None:
        """Have keys that are new enough. Raises IdentityUnavailable where there are none."""
        if self._age() > FRESH_FOR:
            self._ask()
        if self._age() > KEPT_FOR:
            raise IdentityUnavailable

    def _age(self) -> float:
        return float("inf") if self._fetched is None else self.seconds() - self._fetched

    def _ask(self) -> None:
        """Ask the issuer, one thread at a time and not too often; its failure leaves the keys."""
        if not self._asking.acquire(timeout=MAY_WAIT if self._keys else 2 * SECONDS_TO_ANSWER):
            return
        try:
            now = self.seconds()
            if self._tried is None or now - self._tried >= NOT_BEFORE:
                self._tried = now
                self._keys = tuple(fitting(self._fetch_set(), self.algorithm))
                self._fetched = now
        except Exception as error:  # noqa: BLE001 - whatever it is, the last keys go on
            structlog.get_logger().warning("identity-keys-not-fetched", failure=error)
        finally:
            self._asking.release()

    def _fetch_set(self) -> Iterable[Any]:
        found = self.fetch(self.jwks_url or self._discover())
        keys = found.get("keys") if isinstance(found, Mapping) else None
        if not isinstance(keys, list):
            raise TypeError("the answer is no key set: it has no list of keys")
        return keys

    def _discover(self) -> str:
        found = self.fetch(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found["issuer"] != self.issuer:
            raise ValueError("the discovery document is another issuer's")
        url = str(found["jwks_uri"])
        if url.partition("://")[0] != self.issuer.partition("://")[0]:
            raise ValueError("the key set is served less safely than the issuer")
        return url


def fitting(keys: Iterable[Any], algorithm: str) -> Iterable[Key]:
    """Yield the keys of a set with which tokens of the algorithm can be verified.

    Others, also unknown and unreadable ones, are left out: a set may hold keys of the future.
    """
    for key in keys:
        try:
            read = import_key(key)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
        if _fits(read, algorithm):
            yield read


def _fits(key: Key, algorithm: str) -> bool:
    meant = key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm
    operations = key.get("key_ops") or ["verify"]
    return meant and "verify" in operations and _is_of(key, algorithm)


def _is_of(key: Key, algorithm: str) -> bool:
    match algorithm:
        case "RS256" | "PS256":
            return isinstance(key, RSAKey) and key.public_key.key_size >= LEAST_RSA_BITS
        case "ES256":
            return isinstance(key, ECKey) and key.get("crv") == "P-256"
        case "EdDSA" | "Ed25519":
            return isinstance(key, OKPKey) and key.get("crv") == "Ed25519"
        case _:
            return False
