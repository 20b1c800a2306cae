"""Tokens of this machine, for development: signed with a key that is made on first use."""

import json
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from application.scope import Role
from interfaces import bootstrap
from interfaces.http.identity_claims import OwnClaims, scope_of
from interfaces.http.identity_keys import UnknownKey

ISSUER, AUDIENCE, ALGORITHM = "polku-development", "polku", "Ed25519"

READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class UnusableKey(bootstrap.Unusable):
    """The file of the development key cannot be used. The message says what to do."""


@dataclass(frozen=True, slots=True)
class LocalKey:
    """The one key of this machine."""

    key: OKPKey

    def find(self, kid: str | None) -> OKPKey:
        """Return the key. Raises UnknownKey for an id that is not its own."""
        if kid != self.key.kid:
            raise UnknownKey
        return self.key


def local_key(file: Path) -> LocalKey:
    """Return the key of the file, which is made on first use, for this user alone.

    Raises UnusableKey.
    """
    try:
        bootstrap.make_secret_once(file, _make)
        return LocalKey(_read(file))
    except OSError as error:
        raise UnusableKey(
            f"the development key {file} cannot be read or made ({error.strerror}): "
            "set POLKU_DEVELOPMENT_KEY to a file that can be"
        ) from error


def _make() -> bytes:
    key = OKPKey.generate_key("Ed25519", auto_kid=True)
    return json.dumps({**key.as_dict(private=True), "kid": key.kid}).encode()


def _read(file: Path) -> OKPKey:
    if file.stat().st_mode & READABLE_BY_OTHERS:
        raise UnusableKey(f"others can read the development key {file}: chmod 600 {file}")
    try:
        key = OKPKey.import_key(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, TypeError, KeyError, JoseError):
        key = None
    if key is None or not key.is_private or key.kid is None:
        raise UnusableKey(f"{file} holds no development key: delete it, and one is made")
    return key


def sign(
    key: LocalKey,
    role: Role,
    organisation: str,
    *,
    person: str,
    client: str | None = None,
    programmes: Iterable[str] = (),
    rights: Iterable[str] = (),
    seconds: float,
    now: float | None = None,
) -> str:
    """Return a token that runs out after so many seconds.

    Raises Unauthenticated where Polku would not take it: an id with a space in it, for instance.
    """
    issued = int(time.time() if now is None else now)
    names = OwnClaims()
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": person,
        "iat": issued,
        "exp": issued + int(seconds),
        names.oidc_role_claim: role.value,
        names.oidc_organisation_claim: organisation,
        names.oidc_client_claim: client,
        names.oidc_programmes_claim: sorted(programmes),
        names.oidc_rights_claim: sorted(rights),
    }
    scope_of(claims, names)
    header = {"alg": ALGORITHM, "kid": key.key.kid}
    said = {name: value for name, value in claims.items() if value not in (None, [])}
    return jwt.encode(header, said, key.key, registry=JWSRegistry(algorithms=[ALGORITHM]))
