"""`polku token`: a token for the API of a Polku in development mode."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from application.scope import Role
from interfaces import bootstrap
from interfaces.cli.terminal import AsJson, BadInput, Refused, answer

YEAR_OF_HOURS = 366 * 24


def token(
    role: Annotated[Role, typer.Option(help="What the person is to Polku.")],
    organisation: Annotated[str, typer.Option(help="For which organisation, by its code.")],
    person: Annotated[
        str | None, typer.Option(help="Who it is, by an id; the role's name without it.")
    ] = None,
    client: Annotated[str | None, typer.Option(help="The client's own id, for that role.")] = None,
    programme: Annotated[
        list[str] | None,
        typer.Option(help="A programme that the manager answers for; may be repeated."),
    ] = None,
    right: Annotated[
        list[str] | None,
        typer.Option(help="A right that definitions name (override_roles); may be repeated."),
    ] = None,
    hours: Annotated[
        float, typer.Option(help="How long it can be used.", min=0.01, max=YEAR_OF_HOURS)
    ] = 8.0,
    as_json: AsJson = False,
) -> None:
    """Sign a token with the key of this machine; works where no identity provider is set.

    The API takes it in the header Authorization, after the word Bearer.

    JSON: token, expires_at, role, organisation, person, client, programmes, rights.
    """
    _check_development()
    _check(role, client, programme)
    said: dict[str, Any] = {
        "person": person or role.value,
        "client": client,
        "programmes": sorted(programme or ()),
        "rights": sorted(right or ()),
    }
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=hours)
    signed = _signed(role, organisation, hours * 3600, said)
    value = {
        "token": signed,
        "expires_at": expires,
        "role": role,
        "organisation": organisation,
        **said,
    }
    answer(as_json, value, lambda to: to.print(signed, soft_wrap=True))


def _signed(role: Role, organisation: str, seconds: float, said: Mapping[str, Any]) -> str:
    """Return the token, signed with the key of this machine. Raises BadInput."""
    from interfaces.http.identity_claims import Unauthenticated
    from interfaces.http.identity_development import local_key, sign

    try:
        key = local_key(bootstrap.settings().development_key_file)
        return sign(key, role, organisation, seconds=seconds, **said)
    except Unauthenticated as error:
        raise BadInput(error.message) from error


def _check_development() -> None:
    """Raise Refused where tokens come from an identity provider."""
    issuer = bootstrap.settings().oidc_issuer
    if issuer is not None:
        raise Refused(
            f"tokens come from {issuer}: get one there, or unset POLKU_OIDC_ISSUER "
            "to work in development mode"
        )


def _check(role: Role, client: str | None, programmes: list[str] | None) -> None:
    if (role is Role.CLIENT) != (client is not None):
        raise BadInput("--client: say the client's id with the role client, and with no other")
    if programmes and role is not Role.PROGRAMME_MANAGER:
        raise BadInput("--programme: only a programme-manager answers for programmes")
