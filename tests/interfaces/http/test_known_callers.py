"""Who was identified a moment ago is not asked again; nobody else is taken for them."""

import asyncio
import gc
from dataclasses import replace
from sys import getsizeof
from types import FunctionType, ModuleType, SimpleNamespace

import pytest
from starlette.requests import Request

from interfaces.http.identity_claims import Unauthenticated
from interfaces.http.known_callers import MOST_KNOWN, SECONDS_KNOWN, Known
from tests.interfaces.http.conftest import WORKER


class Desk:
    """Identifies by the token, and counts how often it was asked."""

    def __init__(self):
        self.asked, self.now, self.closed, self.recognised = 0, 0.0, False, None
        self.known = Known(lambda: self.now)

    def identify(self, request):
        self.asked += 1
        if self.closed:
            raise Unauthenticated("expired-token", "get a new one")
        return replace(WORKER, person=request.headers.get("authorization", "nobody"))

    def __call__(self, **headers):
        named = [(name.replace("_", "-").encode(), v.encode()) for name, v in headers.items()]
        request = Request({"type": "http", "headers": named})
        parts = SimpleNamespace(identify=self.identify, recognise=lambda _: self.recognised)
        return asyncio.run(self.known.identify(request, parts)).person


def test_the_same_token_is_known_for_a_moment_and_then_asked_anew():
    desk = Desk()
    assert [desk(authorization="Bearer a") for _ in range(3)] == ["Bearer a"] * 3
    assert desk.asked == 1
    desk.now += SECONDS_KNOWN
    desk.closed = True
    with pytest.raises(Unauthenticated):
        desk(authorization="Bearer a")


def test_another_token_and_another_purpose_are_others():
    desk = Desk()
    assert desk(authorization="Bearer a") == "Bearer a"
    assert desk(authorization="Bearer b") == "Bearer b"
    desk(authorization="Bearer a", polku_purpose="audit")
    assert desk.asked == 3


def test_who_has_no_token_or_was_refused_is_never_known():
    desk = Desk()
    desk()
    desk()
    desk.closed = True
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            desk(authorization="Bearer c")
    assert desk.asked == 4


def test_only_so_many_are_kept():
    desk = Desk()
    for number in range(MOST_KNOWN + 1):
        desk.known._scopes[number.to_bytes(32)] = (WORKER, 1.0)
    desk(authorization="Bearer a")
    assert len(desk.known._scopes) == 1


def kept_by(known):
    """Return everything that hangs on what is known, other than code.

    Not what the process has more of: a thread that has not ended yet may hold its last request.
    """
    there, waiting = {}, [known._scopes]
    while waiting:
        one = waiting.pop()
        if id(one) not in there and not isinstance(one, type | FunctionType | ModuleType):
            there[id(one)] = one
            waiting.extend(gc.get_referents(one))
    return list(there.values())


def test_of_long_headers_little_is_kept_and_no_token():
    desk = Desk()
    desk.recognised = WORKER
    for number in range(100):
        desk(authorization="Bearer a secret", polku_purpose=f"{number}".rjust(60_000, "x"))
    assert len(desk.known._scopes) == 100
    kept = kept_by(desk.known)
    assert sum(map(getsizeof, kept)) < 100_000
    assert not [one for one in kept if isinstance(one, str | bytes) and "secret" in str(one)]


def test_who_can_be_told_at_once_is_asked_for_in_no_thread():
    desk = Desk()
    desk.recognised = replace(WORKER, person="aino")
    assert desk(authorization="Bearer a") == "aino"
    assert desk.asked == 0
