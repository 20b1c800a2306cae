"""Who asks: only tokens of the one issuer, for Polku, whole, in time, and in the one algorithm."""

import base64
import json
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from application.permissions import Denied, NotAllowed
from application.scope import PURPOSES, Purpose, Role, Scope
from infrastructure.settings import Settings
from interfaces.http.identity import (
    REMEMBERED_FOR,
    Tokens,
    Unauthenticated,
    Verifier,
    identifier,
    verifier,
)
from interfaces.http.identity_claims import OwnClaims
from interfaces.http.identity_development import UnusableKey, local_key, sign
from interfaces.http.identity_keys import (
    FRESH_FOR,
    KEPT_FOR,
    NOT_BEFORE,
    IdentityUnavailable,
    IssuerKeys,
    UnknownKey,
    fetch_json,
    fitting,
)

ISSUER = "https://id.example.org/realms/polku"
NOW = 1_750_000_000
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1"})
OTHER = RSAKey.generate_key(2048, {"kid": "rsa-2"})
EC = ECKey.generate_key("P-256", {"kid": "ec-1"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed-1"})
ANY = list(JWSRegistry.algorithms)


def claims(**more: Any) -> dict[str, Any]:
    said = {
        "iss": ISSUER,
        "aud": "polku",
        "sub": "ville",
        "iat": NOW - 10,
        "exp": NOW + 600,
        "polku_role": "case-worker",
        "polku_organisation": "mikkeli",
    }
    return {name: value for name, value in {**said, **more}.items() if value is not None}


def token(key: Any = RSA, algorithm: str = "RS256", header: Any = None, **more: Any) -> str:
    head = {"alg": algorithm, "kid": key.kid, **(header or {})}
    head = {name: value for name, value in head.items() if value is not None}
    registry = JWSRegistry(algorithms=ANY, strict_check_header=False)
    return jwt.encode(head, claims(**more), key, registry=registry)


def settings(**more: Any) -> Settings:
    return Settings(**{"oidc_issuer": ISSUER, "oidc_leeway_seconds": 30, **more})


class Clock:
    """A clock that stands where it is put."""

    def __init__(self, seconds: float = NOW) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


class Provider:
    """An identity provider's answers; counts what it is asked."""

    def __init__(self, *keys: Any) -> None:
        self.keys, self.asked, self.answers = list(keys), [], True

    def __call__(self, url: str) -> Any:
        self.asked.append(url)
        if not self.answers:
            raise OSError("nobody answers")
        if url.endswith("/.well-known/openid-configuration"):
            return {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}
        return {"keys": [key.as_dict(private=False) for key in self.keys]}

    @property
    def sets(self) -> int:
        return sum(url.endswith("/keys") for url in self.asked)


def verifies(*keys: Any, now: Clock | None = None, **more: Any) -> Verifier:
    given = settings(**more)
    of_issuer = IssuerKeys(ISSUER, given.oidc_algorithm, fetch=Provider(*(keys or (RSA,))))
    return Verifier(
        of_issuer,
        ISSUER,
        given.oidc_audience,
        given.oidc_algorithm,
        given,
        leeway=given.oidc_leeway_seconds,
        now=now or Clock(),
    )


def code_of(verified: Verifier, said: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        verified.verify(said)
    return refused.value.code


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").lower().encode(), v.encode()) for name, v in headers.items()]
    return Request({"type": "http", "headers": raw})


# The token


def test_a_good_token_gives_the_scope_of_its_claims():
    more = {"polku_rights": ["senior-case-worker"], "polku_programmes": "ali askel"}
    scope, until = verifies().verify(token(**more))
    assert scope == Scope(
        "ville",
        Role.CASE_WORKER,
        "mikkeli",
        Purpose.SERVICE,
        programmes=frozenset({"ali", "askel"}),
        rights=("senior-case-worker",),
    )
    assert until == NOW + 600 + 30


SIGNING = {"RS256": RSA, "PS256": RSA, "ES256": EC, "Ed25519": ED}


@pytest.mark.parametrize("algorithm", SIGNING)
def test_the_algorithm_that_is_set_is_taken_and_no_other(algorithm):
    verified = verifies(RSA, EC, ED, oidc_algorithm=algorithm)
    for other, key in SIGNING.items():
        if other == algorithm:
            assert verified.verify(token(key, other))[0].person == "ville"
        else:
            assert code_of(verified, token(key, other)) == "bad-token"


def test_eddsa_by_its_old_name_is_taken_without_a_warning(recwarn):
    verified = verifies(ED, oidc_algorithm="EdDSA")
    recwarn.clear()
    signed = token(ED, "EdDSA")
    assert verified.verify(signed)[0].person == "ville"
    assert [*recwarn] == []


def test_a_public_key_is_no_secret():
    pem = RSA.as_pem(private=False)
    secret = OctKey.import_key(base64.urlsafe_b64encode(pem).decode(), {"kid": "rsa-1"})
    for key in (secret, OctKey.import_key("x" * 32, {"kid": "rsa-1"})):
        assert code_of(verifies(), token(key, "HS256")) == "bad-token"


def part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, 1, ["RS256"]])
def test_an_unsigned_token_is_none(algorithm):
    for signature in ("", token().rpartition(".")[2]):
        unsigned = f"{part({'alg': algorithm, 'kid': 'rsa-1'})}.{part(claims())}.{signature}"
        assert code_of(verifies(), unsigned) == "bad-token"


def test_what_was_changed_after_the_signature_is_refused():
    head, _, signature = token().split(".")
    assert code_of(verifies(), f"{head}.{part(claims(sub='eve'))}.{signature}") == "bad-token"
    _, body, signature = token(OTHER, header={"kid": "rsa-1"}).split(".")
    assert code_of(verifies(), f"{head}.{body}.{signature}") == "bad-token"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"iss": "https://evil.example.org"}, "bad-token"),
        ({"iss": None}, "bad-token"),
        ({"iss": [ISSUER]}, "bad-token"),
        ({"aud": "another"}, "bad-token"),
        ({"aud": ["another"]}, "bad-token"),
        ({"aud": None}, "bad-token"),
        ({"sub": None}, "bad-token"),
        ({"exp": None}, "bad-token"),
        ({"exp": "tomorrow"}, "bad-token"),
        ({"exp": True}, "bad-token"),
        ({"exp": NOW - 30}, "expired-token"),
        ({"nbf": NOW + 31}, "bad-token"),
        ({"iat": NOW + 31}, "bad-token"),
    ],
)
def test_claims_that_do_not_fit_are_refused(more, code):
    assert code_of(verifies(), token(**more)) == code


@pytest.mark.parametrize(
    "more",
    [
        {"aud": ["another", "polku"]},
        {"exp": NOW - 29},
        {"nbf": NOW + 29},
        {"iat": NOW + 29},
        {"iat": None},
        {"exp": 10**40},
    ],
)
def test_claims_that_fit_are_taken_within_the_leeway(more):
    assert verifies().verify(token(**more))[0].person == "ville"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"kid": "nobody's"}, "unknown-key"),
        ({"kid": 1}, "bad-token"),
        ({"typ": "logout+jwt"}, "bad-token"),
        ({"typ": "dpop+jwt"}, "bad-token"),
        ({"crit": ["future"], "future": 1}, "bad-token"),
    ],
)
def test_headers_that_do_not_fit_are_refused(header, code):
    signed = part({"alg": "RS256", "kid": "rsa-1", **header}) + "." + part(claims()) + ".c2ln"
    assert code_of(verifies(), signed) == code


@pytest.mark.parametrize("header", [{"typ": "at+jwt"}, {"typ": None}, {"x5t": "a", "nonce": "b"}])
def test_headers_that_say_nothing_against_it_are_taken(header):
    assert verifies().verify(token(header=header))[0].person == "ville"


def test_a_token_may_name_no_key_where_there_is_one():
    nameless = token(header={"kid": None})
    assert verifies().verify(nameless)[0].person == "ville"
    assert code_of(verifies(RSA, OTHER), nameless) == "unknown-key"


def test_a_key_that_comes_with_the_token_counts_for_nothing():
    stranger = RSAKey.generate_key(2048, {"kid": "rsa-1"})
    brought = {"jwk": stranger.as_dict(private=False), "jku": "https://evil.example.org/keys"}
    assert code_of(verifies(), token(stranger, header=brought)) == "bad-token"


JUNK = (
    st.text()
    | st.from_regex(r"[\w-]*\.[\w-]*\.[\w-]*", fullmatch=True)
    | st.builds(
        lambda head, body: f"{part(head)}.{part(body)}.c2ln",
        st.dictionaries(
            st.sampled_from(["alg", "kid", "typ", "crit", "b64"]),
            st.none()
            | st.booleans()
            | st.integers()
            | st.text()
            | st.just("RS256")
            | st.lists(st.text()),
        ),
        st.dictionaries(st.text(), st.none() | st.integers() | st.text()),
    )
)


@given(JUNK)
def test_junk_is_refused_and_nothing_else_happens(junk):
    with pytest.raises(Unauthenticated) as refused:
        verifies().verify(junk)
    assert refused.value.code in {"bad-token", "unknown-key"}


@pytest.mark.parametrize("junk", ["[" * 9000, "x" * 20_000, '{"a":' * 9000, "[]", '"RS256"', "1"])
def test_deep_long_and_odd_headers_are_refused(junk):
    head = base64.urlsafe_b64encode(junk.encode()).rstrip(b"=").decode()
    assert code_of(verifies(), f"{head}.e30.c2ln") == "bad-token"


def test_a_refusal_says_nothing_of_the_token():
    said = token(exp=NOW - 100, sub="matti.meikalainen")
    with pytest.raises(Unauthenticated) as refused:
        verifies().verify(said)
    error = refused.value
    told = f"{error} {error.message} {error.challenge} {error.__cause__}"
    assert not any(piece in told for piece in (*said.split("."), "matti"))
    assert error.challenge.startswith('Bearer realm="polku", error="invalid_token"')
    assert error.__suppress_context__


# The claims


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({"polku_role": None}, "polku_role"),
        ({"polku_role": "king"}, "polku_role"),
        ({"polku_role": ["case-worker", "team-lead"]}, "polku_role"),
        ({"polku_role": 5}, "polku_role"),
        ({"polku_organisation": None}, "polku_organisation"),
        ({"polku_organisation": "mik keli"}, "polku_organisation"),
        ({"polku_organisation": ""}, "polku_organisation"),
        ({"polku_organisation": "x" * 201}, "polku_organisation"),
        ({"polku_organisation": ["mikkeli"]}, "polku_organisation"),
        ({"sub": "a b"}, "sub"),
        ({"sub": "a\u0000"}, "sub"),
        ({"polku_role": "client"}, "polku_client"),
        ({"polku_role": "client", "polku_client": 7}, "polku_client"),
        ({"polku_rights": {"a": 1}}, "polku_rights"),
        ({"polku_rights": ["a", 1]}, "polku_rights"),
        ({"polku_programmes": [""]}, "polku_programmes"),
    ],
)
def test_a_claim_that_cannot_be_used_is_named(more, names):
    with pytest.raises(Unauthenticated) as refused:
        verifies().verify(token(**more))
    assert refused.value.code == "bad-claims"
    assert names in refused.value.message


def test_claims_may_have_other_names_and_be_nested():
    names = {
        "oidc_role_claim": "realm_access.roles",
        "oidc_organisation_claim": "https://example.org/unit",
        "oidc_rights_claim": "resource_access.polku.roles",
    }
    said = {
        "polku_role": None,
        "polku_organisation": None,
        "realm_access": {"roles": ["offline_access", "team-lead"]},
        "https://example.org/unit": "kuopio",
        "resource_access": {"polku": {"roles": ["service-manager"]}},
    }
    scope, _ = verifies(**names).verify(token(**said))
    assert (scope.role, scope.organisation) == (Role.TEAM_LEAD, "kuopio")
    assert scope.rights == ("service-manager",)


def test_a_client_acts_for_themself_and_others_have_no_client():
    said = {"polku_client": "c-1", "polku_organisation": None}
    scope, _ = verifies().verify(token(polku_role="client", **said))
    assert (scope.client, scope.organisation) == ("c-1", "client")
    scope, _ = verifies().verify(token(polku_client="c-1"))
    assert scope.client is None


def test_a_client_goes_by_the_id_that_is_pseudonymous_and_others_by_their_subject():
    """A national identity service may make a personal code the subject of a client's token."""
    code = "RSSMRA85T10A562S"
    own, _ = verifies().verify(token(sub=code, polku_role="client", polku_client="c-1"))
    assert (own.person, own.client) == ("c-1", "c-1")
    other, _ = verifies().verify(token(sub="worker-1", polku_client="c-1"))
    assert other.person == "worker-1"


# The keys


@pytest.fixture
def clock() -> Clock:
    return Clock(1000.0)


def keys_of(provider: Provider, clock: Clock, **more: Any) -> IssuerKeys:
    return IssuerKeys(ISSUER, "RS256", fetch=provider, seconds=clock, **more)


def test_keys_are_asked_for_once_and_kept(clock):
    provider = Provider(RSA)
    keys = keys_of(provider, clock)
    assert provider.asked == []
    for _ in range(3):
        assert keys.find("rsa-1").kid == "rsa-1"
    assert provider.asked == [f"{ISSUER}/.well-known/openid-configuration", f"{ISSUER}/keys"]
    clock.seconds += FRESH_FOR + 1
    keys.find("rsa-1")
    assert provider.sets == 2


def test_a_new_key_is_found_at_once_but_the_issuer_is_not_asked_too_often(clock):
    provider = Provider(RSA)
    keys = keys_of(provider, clock, jwks_url=f"{ISSUER}/keys")
    keys.find("rsa-1")
    provider.keys = [RSA, OTHER]
    clock.seconds += NOT_BEFORE
    assert keys.find("rsa-2").kid == "rsa-2"
    for n in range(20):
        with pytest.raises(UnknownKey):
            keys.find(f"made-up-{n}")
    assert provider.asked == [f"{ISSUER}/keys"] * 2


def test_a_withdrawn_key_ends(clock):
    provider = Provider(RSA, OTHER)
    keys = keys_of(provider, clock)
    keys.find("rsa-1")
    provider.keys = [OTHER]
    clock.seconds += FRESH_FOR + 1
    with pytest.raises(UnknownKey):
        keys.find("rsa-1")


def test_while_the_issuer_is_down_the_last_keys_go_on_for_a_while(clock):
    provider = Provider(RSA)
    keys = keys_of(provider, clock)
    keys.find("rsa-1")
    provider.answers = False
    clock.seconds += KEPT_FOR - 1
    assert keys.find("rsa-1").kid == "rsa-1"
    clock.seconds += 2
    with pytest.raises(IdentityUnavailable):
        keys.find("rsa-1")
    provider.answers = True
    clock.seconds += NOT_BEFORE
    assert keys.find("rsa-1").kid == "rsa-1"


def test_without_any_keys_nobody_is_known_and_the_issuer_is_asked_now_and_then(clock):
    provider = Provider(RSA)
    provider.answers = False
    keys = keys_of(provider, clock)
    for _ in range(5):
        with pytest.raises(IdentityUnavailable, match="ask again in a minute"):
            keys.find("rsa-1")
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"issuer": "https://evil.example.org", "jwks_uri": f"{ISSUER}/keys"},
        {"issuer": ISSUER, "jwks_uri": "http://id.example.org/keys"},
        {"issuer": ISSUER},
        [],
        "down for maintenance",
    ],
)
def test_a_discovery_document_that_does_not_fit_is_not_believed(clock, answer):
    keys = keys_of(lambda url: Provider(RSA)(url) if url.endswith("/keys") else answer, clock)
    with pytest.raises(IdentityUnavailable):
        keys.find("rsa-1")


def test_only_keys_that_fit_the_algorithm_are_taken():
    def public(key: Any, **more: Any) -> dict[str, Any]:
        return {**key.as_dict(private=False), **more}

    with pytest.warns(SecurityWarning):
        short = RSAKey.generate_key(1024, {"kid": "short"})
    odd = [
        public(RSA, use="enc"),
        public(RSA, alg="RS512"),
        public(RSA, key_ops=["encrypt"]),
        public(EC),
        public(ED),
        public(short),
        {"kty": "oct", "k": "c2VjcmV0", "kid": "rsa-1"},
        {"kty": "post-quantum"},
        {"kty": "RSA", "n": "!", "e": "AQAB"},
        {},
        None,
        "key",
    ]
    every = [*odd, public(RSA), public(OTHER, use="sig", alg="RS256")]
    with pytest.warns(SecurityWarning):
        taken = {
            algorithm: [key.kid for key in fitting(every, algorithm)]
            for algorithm in ("RS256", "ES256", "Ed25519", "HS256")
        }
    assert taken == {
        "RS256": ["rsa-1", "rsa-2"],
        "ES256": ["ec-1"],
        "Ed25519": ["ed-1"],
        "HS256": [],
    }


class Serving:
    """A real provider on this machine."""

    def __init__(self) -> None:
        serving = self
        self.keys: list[Any] = [RSA]
        self.before: Iterable[bytes] = ()
        """Blanks that are sent before the answer."""

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                say = {"issuer": serving.url, "jwks_uri": f"{serving.url}/keys"}
                if self.path == "/keys":
                    say = {"keys": [key.as_dict(private=False) for key in serving.keys]}
                self.send_response(200)
                self.end_headers()
                with suppress(OSError):  # whoever asked may have hung up
                    for piece in serving.before:
                        self.wfile.write(piece)
                    self.wfile.write(json.dumps(say).encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def serving(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    provider = Serving()
    yield provider
    provider.stop()


def test_keys_come_over_http_and_outlive_the_provider(serving):
    verified = verifier(settings(oidc_issuer=serving.url), now=Clock())
    assert verified.verify(token(iss=serving.url))[0].person == "ville"
    serving.server.shutdown()
    assert verified.verify(token(iss=serving.url, sub="anna"))[0].person == "anna"


def test_a_provider_that_nobody_reaches_makes_nobody_known(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    gone = Serving()
    gone.stop()
    verified = verifier(settings(oidc_issuer=gone.url), now=Clock())
    with pytest.raises(IdentityUnavailable):
        verified.verify(token(iss=gone.url))


def slowly():
    """Send blanks for ten minutes."""
    for _ in range(30_000):
        yield b" "
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (lambda: repeat(b" " * 65_536), "too large"),
        (slowly, "does not come to an end"),
    ],
)
def test_an_answer_without_an_end_is_not_waited_for(serving, monkeypatch, before, why):
    seconds = {"too large": 60.0, "does not come to an end": 0.3}[why]
    monkeypatch.setattr("interfaces.http.identity_keys.SECONDS_TO_ANSWER", seconds)
    serving.before = before()
    began = time.monotonic()
    with pytest.raises((ValueError, TimeoutError), match=why):
        fetch_json(f"{serving.url}/keys")
    assert time.monotonic() - began < 60


# What is remembered


def test_a_token_is_verified_once_in_a_while():
    provider, now = Provider(RSA), Clock()
    of_issuer = IssuerKeys(ISSUER, "RS256", fetch=provider, seconds=now)
    tokens = Tokens(Verifier(of_issuer, ISSUER, "polku", "RS256", OwnClaims(), now=now), now=now)
    said = token(exp=NOW + 7200)
    scope = tokens.scope(said)
    provider.keys = []
    now.seconds += REMEMBERED_FOR - 1
    assert tokens.scope(said) is scope
    now.seconds += FRESH_FOR
    with pytest.raises(Unauthenticated):
        tokens.scope(said)


def test_a_token_that_is_remembered_runs_out_in_time():
    now = Clock()
    tokens = Tokens(verifies(now=now), now=now)
    said = token(exp=NOW + 60)
    tokens.scope(said)
    now.seconds += 89.5  # the leeway counts too
    assert tokens.scope(said).person == "ville"
    now.seconds += 1
    with pytest.raises(Unauthenticated) as refused:
        tokens.scope(said)
    assert refused.value.code == "expired-token"


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr("interfaces.http.identity.REMEMBERED", 4)
    tokens = Tokens(verifies(), now=Clock())
    people = [f"p-{n}" for n in range(10)]
    for person in [*people, *people]:
        assert tokens.scope(token(sub=person)).person == person
    assert len(tokens._known) <= 4


# The request, in development mode


@pytest.fixture
def key_file(tmp_path) -> Path:
    return tmp_path / "key"


@pytest.fixture
def here(key_file) -> Settings:
    return Settings(development_key=key_file)


def own(key_file: Path, role: Role = Role.CASE_WORKER, **more: Any) -> str:
    said = {"person": "ville", "seconds": 3600, **more}
    return sign(local_key(key_file), role, "mikkeli", **said)


def test_a_request_with_a_token_of_this_machine_is_known(here, key_file):
    asked_for: list[str] = []

    def partners(organisation: str) -> frozenset[str]:
        asked_for.append(organisation)
        return frozenset({"kuopio"})

    identify = identifier(here, partners)
    scope = identify(request(Authorization=f"Bearer {own(key_file, rights=['x'])}"))
    assert scope == Scope(
        "ville",
        Role.CASE_WORKER,
        "mikkeli",
        Purpose.SERVICE,
        rights=("x",),
        partners=frozenset({"kuopio"}),
    )
    assert asked_for == ["mikkeli"]
    client = own(key_file, Role.CLIENT, client="c-1")
    scope = identify(request(Authorization=f"bearer  {client} "))
    assert (scope.client, scope.partners, scope.purpose) == ("c-1", frozenset(), Purpose.OWN_DATA)
    assert asked_for == ["mikkeli"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "Basic dXNlcjpwYXNz", "x"])
def test_a_request_without_a_token_is_told_how_to_send_one(here, header):
    with pytest.raises(Unauthenticated) as refused:
        identifier(here, lambda _: frozenset())(request(Authorization=header))
    assert (refused.value.code, refused.value.challenge) == ("no-token", 'Bearer realm="polku"')
    with pytest.raises(Unauthenticated, match="Authorization"):
        identifier(here, lambda _: frozenset())(request())


@pytest.mark.parametrize("role", Role)
def test_a_role_states_its_own_purposes_only(here, key_file, role):
    identify = identifier(here, lambda _: frozenset())
    more = {"client": "c-1"} if role is Role.CLIENT else {}
    bearer = f"Bearer {own(key_file, role, **more)}"
    assert identify(request(Authorization=bearer)).purpose is PURPOSES[role][0]
    for purpose in Purpose:
        asking = request(Authorization=bearer, Polku_Purpose=f" {purpose.value.upper()}")
        if purpose in PURPOSES[role]:
            assert identify(asking).purpose is purpose
        else:
            with pytest.raises(NotAllowed) as refused:
                identify(asking)
            assert refused.value.denied is Denied.PURPOSE


def test_a_token_of_this_machine_runs_out_and_another_machines_is_unknown(here, key_file, tmp_path):
    verified = verifier(here)
    assert code_of(verified, own(key_file, seconds=60, now=time.time() - 61)) == "expired-token"
    assert code_of(verified, own(tmp_path / "another")) == "unknown-key"
    assert code_of(verified, token()) == "bad-token"


def test_a_token_of_this_machine_is_nothing_where_a_provider_is_set(key_file):
    assert code_of(verifies(oidc_algorithm="Ed25519"), own(key_file)) == "unknown-key"


def test_who_was_verified_is_told_at_once_and_only_where_the_partners_are_known(here, key_file):
    fresh = {"mikkeli": frozenset({"kuopio"})}
    identify = identifier(here, lambda _: frozenset({"kuopio"}), fresh.get)
    asking = request(Authorization=f"Bearer {own(key_file)}")
    assert identify.at_once(asking) is None
    assert identify(asking) == identify.at_once(asking)
    with pytest.raises(NotAllowed):
        identify.at_once(request(Authorization=asking.headers["authorization"], Polku_Purpose="x"))
    fresh.clear()
    assert identify.at_once(asking) is None


def test_a_token_that_has_run_out_is_not_told_at_once(here, key_file):
    now = [time.time()]
    identify = identifier(here, lambda _: frozenset(), now=lambda: now[0])
    client = own(key_file, Role.CLIENT, client="c-1", seconds=60)
    asking = request(Authorization=f"Bearer {client}")
    assert identify(asking) == identify.at_once(asking)
    now[0] += 61
    assert identify.at_once(asking) is None


def cost(work):
    """Return the seconds that it takes at best."""
    costs = []
    for _ in range(10):
        began = time.perf_counter()
        for _ in range(50):
            work()
        costs.append((time.perf_counter() - began) / 50)
    return min(costs)


def test_to_know_who_asks_again_costs_a_small_part_of_a_verification(here, key_file):
    """It is 10 microseconds where a verification is 500."""
    said, identify = own(key_file), identifier(here, lambda _: frozenset())
    asking = request(Authorization=f"Bearer {said}")
    assert identify(asking).person
    assert cost(lambda: identify(asking)) < cost(partial(verifier(here).verify, said)) / 4


# The key of this machine


def test_the_key_is_made_once_for_this_user_alone(key_file):
    key = local_key(key_file)
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert local_key(key_file).key == key.key
    assert [*key_file.parent.iterdir()] == [key_file]


def test_all_who_start_at_once_have_the_same_key(tmp_path):
    file, found = tmp_path / "new" / "folder" / "key", []
    threads = [threading.Thread(target=lambda: found.append(local_key(file))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert len({one.key.kid for one in found}) == 1
    assert [*file.parent.iterdir()] == [file]


def test_a_key_that_others_can_read_is_not_used(key_file):
    local_key(key_file)
    key_file.chmod(0o640)
    with pytest.raises(UnusableKey, match="chmod 600"):
        local_key(key_file)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "key", "[]", pytest.param(json.dumps(ED.as_dict(private=False)), id="public-half")],
)
def test_a_file_that_holds_no_key_is_not_used(key_file, text):
    key_file.write_text(text)
    key_file.chmod(0o600)
    with pytest.raises(UnusableKey, match="delete it"):
        local_key(key_file)


def test_a_place_where_no_key_can_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableKey, match="POLKU_DEVELOPMENT_KEY"):
        local_key(tmp_path / "file" / "key")


def test_a_person_that_polku_would_not_take_gets_no_token(key_file):
    with pytest.raises(Unauthenticated, match="sub"):
        own(key_file, person="a b")
