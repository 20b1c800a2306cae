"""From the claims of a verified token to the scope of who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from application.permissions import Denied, NotAllowed
from application.scope import PURPOSES, Purpose, Role, Scope
from domain.wording import Listed, Wording, said

LONGEST = 200
"""Letters of an id or a code at most."""


class Unauthenticated(Exception):
    """Nobody is known by what came with the request (401). The message never holds the token.

    `code` is one of "no-token", "bad-token", "expired-token", "unknown-key", "bad-claims".
    """

    def __init__(self, code: str, message: Wording) -> None:
        super().__init__(message)
        self.code, self.message = code, message

    @property
    def challenge(self) -> str:
        """The WWW-Authenticate header (RFC 6750)."""
        if self.code == "no-token":
            return 'Bearer realm="polku"'
        return f'Bearer realm="polku", error="invalid_token", error_description="{self.code}"'


class ClaimNames(Protocol):
    """Which claims say what; a name may be a way into nested claims ("realm_access.roles")."""

    @property
    def oidc_role_claim(self) -> str:
        """The claim of the role; it may hold several, one of which is Polku's."""
        ...

    @property
    def oidc_organisation_claim(self) -> str:
        """The claim of the organisation's code."""
        ...

    @property
    def oidc_client_claim(self) -> str:
        """The claim of a client's own id."""
        ...

    @property
    def oidc_programmes_claim(self) -> str:
        """The claim of the programmes that a manager answers for."""
        ...

    @property
    def oidc_rights_claim(self) -> str:
        """The claim of the rights that definitions name."""
        ...


@dataclass(frozen=True, slots=True)
class OwnClaims:
    """The names that Polku's own tokens use."""

    oidc_role_claim: str = "polku_role"
    oidc_organisation_claim: str = "polku_organisation"
    oidc_client_claim: str = "polku_client"
    oidc_programmes_claim: str = "polku_programmes"
    oidc_rights_claim: str = "polku_rights"


OF_CLIENTS = "client"
"""The organisation for which clients act, where their token names none."""


def scope_of(claims: Mapping[str, Any], names: ClaimNames) -> Scope:
    """Return the scope that the claims give, with the role's first purpose.

    A client goes by the client's own id: who acts is recorded, exported and kept for good, and the
    subject of a client's token may be a personal code or an address.

    Raises Unauthenticated where a claim is missing or is not what it should be.
    """
    role = _role(_found(claims, names.oidc_role_claim), names.oidc_role_claim)
    organisation = _found(claims, names.oidc_organisation_claim)
    if organisation is None and role is Role.CLIENT:
        organisation = OF_CLIENTS
    person, client = _code(claims.get("sub"), "sub"), None
    if role is Role.CLIENT:
        person = client = _code(_found(claims, names.oidc_client_claim), names.oidc_client_claim)
    return Scope(
        person=person,
        role=role,
        organisation=_code(organisation, names.oidc_organisation_claim),
        purpose=PURPOSES[role][0],
        client=client,
        programmes=frozenset(_codes(claims, names.oidc_programmes_claim)),
        rights=tuple(_codes(claims, names.oidc_rights_claim)),
    )


def purpose_of(role: Role, stated: str | None) -> Purpose:
    """Return the purpose that a request states, or the role's own where it states none.

    Raises NotAllowed for a purpose that is none, or not one of the role.
    """
    allowed = PURPOSES[role]
    if stated is None:
        return allowed[0]
    purpose = next((one for one in allowed if one == stated.strip().lower()), None)
    if purpose is None:
        raise NotAllowed(Denied.PURPOSE)
    return purpose


def _found(claims: Mapping[str, Any], name: str) -> Any:
    """Return a claim by its whole name, else by its way into nested claims."""
    if name in claims:
        return claims[name]
    inner: Any = claims
    for part in name.split("."):
        inner = inner.get(part) if isinstance(inner, Mapping) else None
    return inner


def _role(claim: Any, name: str) -> Role:
    texts = _texts(claim, name)
    roles = [role for role in Role if role in texts]
    if len(roles) != 1:
        must = said("must hold exactly one role of Polku's: {roles}", roles=Listed(Role))
        raise _bad(name, must)
    return roles[0]


def _code(claim: Any, name: str) -> str:
    if not isinstance(claim, str) or not _is_code(claim):
        must = said("must be a text of 1 to {most} letters without spaces", most=LONGEST)
        raise _bad(name, must)
    return claim


def _codes(claims: Mapping[str, Any], name: str) -> list[str]:
    found = _found(claims, name)
    return [] if found is None else [_code(text, name) for text in _texts(found, name)]


def _texts(claim: Any, name: str) -> list[str]:
    """Return the texts of a list, or the words of a text."""
    if isinstance(claim, str):
        return claim.replace(",", " ").split()
    if isinstance(claim, list) and all(isinstance(text, str) for text in claim):
        return claim
    raise _bad(name, said("must be a text or a list of texts"))


def _is_code(text: str) -> bool:
    return 0 < len(text) <= LONGEST and text.isprintable() and not any(map(str.isspace, text))


def _bad(name: str, must: Wording) -> Unauthenticated:
    message = said("the claim {name} of the token {must}", name=name, must=must)
    return Unauthenticated("bad-claims", message)
