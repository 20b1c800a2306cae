"""`polku token`: what it signs is taken by the API of this machine, in development mode only."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import Request

from application.scope import Role
from interfaces import bootstrap
from interfaces.http.identity import Unauthenticated, identifier, verifier

WORKER = ("token", "--role", "case-worker", "--organisation", "mikkeli")


@pytest.fixture
def signing(run, tmp_path, monkeypatch):
    """Run the command in a folder of its own, where the database would be."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "OIDC_ISSUER", "DEVELOPMENT_KEY"):
        monkeypatch.delenv(f"POLKU_{name}", raising=False)
    return run


def scope_of(token: str):
    headers = [(b"authorization", f"Bearer {token.strip()}".encode())]
    return identifier(bootstrap.settings(), lambda _: frozenset())(
        Request({"type": "http", "headers": headers})
    )


def test_the_token_is_all_that_is_said_and_the_api_takes_it(signing):
    said = signing(*WORKER)
    assert (said.code, said.err, said.out.count("\n")) == (0, "", 1)
    scope = scope_of(said.out)
    assert (scope.person, scope.role, scope.organisation) == (
        "case-worker",
        Role.CASE_WORKER,
        "mikkeli",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("token",), "Missing option '--role'. Choose from: case-worker, team-lead,"),
        (("token", "--role", "x"), "Invalid value for '--role': 'x' is not one of 'case-worker',"),
    ],
)
def test_what_is_wrong_is_one_line_in_plain_words(signing, arguments, said):
    found = signing(*arguments)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(f"polku: {said}")
    assert found.err.endswith("; see `polku token --help`\n")
    assert found.err.count("\n") == 1


def test_the_key_is_made_beside_the_database(signing, tmp_path):
    signing(*WORKER)
    assert [file.name for file in tmp_path.iterdir()] == ["polku.db.token-key"]
    signing(*WORKER)
    assert len([*tmp_path.iterdir()]) == 1


def test_for_a_server_the_key_is_in_the_state_folder_or_where_it_is_set(
    signing, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    url = "postgresql://polku:secret@db.example/polku"
    assert signing(*WORKER, url=url).code == 0
    (key,) = (tmp_path / "state" / "polku").iterdir()
    assert key.name.endswith(".token-key")
    assert "secret" not in key.name
    monkeypatch.setenv("POLKU_DEVELOPMENT_KEY", str(tmp_path / "mine"))
    assert signing(*WORKER, url=url).code == 0
    assert Path("mine").exists()


def test_json_says_what_is_in_the_token(signing):
    asked = ("token", "--role", "programme-manager", "--organisation", "ely", "--person", "pia")
    more = ("--programme", "askel", "--programme", "ali", "--right", "service-manager")
    said = signing(*asked, *more, "--json").json
    scope = scope_of(said.pop("token"))
    assert said.pop("expires_at").endswith("+00:00")
    assert said == {
        "role": "programme-manager",
        "organisation": "ely",
        "person": "pia",
        "client": None,
        "programmes": ["ali", "askel"],
        "rights": ["service-manager"],
    }
    assert scope.programmes == {"ali", "askel"}
    assert scope.rights == ("service-manager",)


def test_a_client_comes_with_the_own_id(signing):
    asked = ("token", "--role", "client", "--organisation", "mikkeli")
    assert scope_of(signing(*asked, "--client", "c-1").out).client == "c-1"
    without = signing(*asked)
    assert (without.code, without.out) == (2, "")
    assert "--client" in without.err
    assert "--client" in signing(*WORKER, "--client", "c-1").err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("token", "--role", "king", "--organisation", "x"), "case-worker"),
        (("token", "--role", "auditor"), "--organisation"),
        ((*WORKER, "--programme", "ali"), "--programme"),
        ((*WORKER, "--person", "a b"), "without spaces"),
        ((*WORKER, "--hours", "0"), "--hours"),
        ((*WORKER, "--hours", "nan"), "--hours"),
    ],
)
def test_what_cannot_be_used_is_named(signing, asked, said):
    answer = signing(*asked)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_a_token_can_be_used_for_as_long_as_was_asked(signing):
    began = datetime.now(UTC).replace(microsecond=0)
    said = signing(*WORKER, "--hours", "0.5", "--json").json
    lasts = datetime.fromisoformat(said["expires_at"]) - began
    assert timedelta(minutes=30) <= lasts < timedelta(minutes=31)
    half_an_hour_on = [began.timestamp() + seconds for seconds in (1790, 1900)]
    before, after = (verifier(bootstrap.settings(), now=lambda t=t: t) for t in half_an_hour_on)
    assert before.verify(said["token"])[0].person == "case-worker"
    with pytest.raises(Unauthenticated) as refused:
        after.verify(said["token"])
    assert refused.value.code == "expired-token"


def test_where_a_provider_is_set_tokens_come_from_there(signing, monkeypatch, tmp_path):
    monkeypatch.setenv("POLKU_OIDC_ISSUER", "https://id.example.org")
    said = signing(*WORKER)
    assert (said.code, said.out) == (1, "")
    assert "https://id.example.org" in said.err
    assert [*tmp_path.iterdir()] == []


def test_a_key_that_others_can_read_signs_nothing(signing, tmp_path):
    signing(*WORKER)
    (tmp_path / "polku.db.token-key").chmod(0o644)
    said = signing(*WORKER)
    assert (said.code, said.out) == (1, "")
    assert "chmod 600" in said.err
