"""`polku serve`: the case-worker API over HTTP."""

from __future__ import annotations

import json
import sys
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interfaces import bootstrap
from interfaces.cli.terminal import AsJson, Refused

if TYPE_CHECKING:
    from pathlib import Path

    from interfaces.http.serving import Plan

HostOption = Annotated[
    str | None, typer.Option("--host", help="The address to listen on; by default as set.")
]
PortOption = Annotated[
    int | None,
    typer.Option("--port", min=0, max=65535, help="Its port, 0: a free one; by default as set."),
]
WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=64, help="How many processes answer; default as set."),
]


def serve(
    host: HostOption = None,
    port: PortOption = None,
    workers: WorkersOption = None,
    as_json: AsJson = False,
) -> None:
    """Serve the case-worker API over HTTP until it is stopped; requests that run are ended.

    JSON: address, workers, database, development (whether anybody may make tokens), as soon as it
    listens.
    """
    given = bootstrap.settings()
    host = host or given.listen_host
    development = given.oidc_issuer is None
    if development and not is_loopback(host):
        raise Refused(
            f"no issuer of tokens is set, so only this machine is served, and not {host}: "
            "set POLKU_OIDC_ISSUER, or leave --host out"
        )
    found = bootstrap.status(given)
    if found.state != "current":
        raise Refused(found.said)
    bootstrap.check_keys(given)  # later nobody is told what is wrong with them, or what to do
    if development:
        _check_development_key(given.development_key_file)
    workers = workers or given.workers
    told = {
        "workers": workers,
        "database": found.database,
        "development": development,
    }
    from interfaces.http.serving import Plan

    plan = Plan(workers, given.stop_seconds, given.log_level, given.log_format)
    _serve(host, given.listen_port if port is None else port, plan, told, as_json)


def _check_development_key(file: Path) -> None:
    """Make the key that tokens are signed with where there is none yet. Raises Unusable."""
    from interfaces.http.identity_development import local_key

    local_key(file)


def _serve(host: str, port: int, plan: Plan, told: dict[str, Any], as_json: bool) -> None:
    from interfaces.http import serving

    try:
        on = serving.listen(host, port)
    except serving.CannotListen as error:
        raise Refused(str(error)) from error
    with on:
        _tell({"address": address_of(host, on.getsockname()[1]), **told}, as_json=as_json)
        serving.begin(on, plan)


def address_of(host: str, port: int) -> str:
    """Return the address as a browser takes it."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _tell(told: dict[str, Any], *, as_json: bool) -> None:
    sentence = (
        f"serving {told['database']} on {told['address']} (described at /openapi.json); "
        "Ctrl+C stops it"
    )
    sys.stdout.write((json.dumps(told) if as_json else sentence) + "\n")
    sys.stdout.flush()
    if told["development"]:
        typer.echo(DEVELOPMENT, err=True)


DEVELOPMENT = (
    "polku: DEVELOPMENT MODE: no issuer of tokens is set, so whoever may use this machine can make "
    "a token for any role with `polku token`. Set POLKU_OIDC_ISSUER before real clients are in it."
)


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
