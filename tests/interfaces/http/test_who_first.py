"""Who asks is found out first: a stranger is told nothing else of what is wrong with a request."""

from contextlib import nullcontext

import pytest
from starlette.testclient import TestClient

from application.office import Office
from application.programmes import Programmes
from domain.wording import said
from interfaces.http.app import create_app
from interfaces.http.description import OPEN
from interfaces.http.identity_claims import Unauthenticated
from tests.application.conftest import read_definition
from tests.domain import journeys as j
from tests.interfaces.http.conftest import AMPLE, parts_on

WRITE = {"Idempotency-Key": "k-1", "If-Match": '"1"'}
JSON = {"content-type": "application/json"}

WRONG = {
    "a body that breaks off": {"content": b'{"note": ', "headers": JSON | WRITE},
    "a body that is no text": {"content": b"\xff\xfe", "headers": JSON | WRITE},
    "a form": {"data": {"note": "1"}, "headers": WRITE},
    "an unknown field": {"json": {"no-such-field": 1}, "headers": WRITE},
    "neither key nor version": {"json": {}},
    "a version that is none": {"json": {}, "headers": {"Idempotency-Key": "k", "If-Match": "*"}},
    "a parameter that there is not": {"json": {}, "params": {"no-such-parameter": "1"}},
    "a parameter out of bounds": {"json": {}, "params": {"limit": "-1", "as_at": "soon"}},
    "nothing at all": {},
}


def refuse(_request):
    raise Unauthenticated("no-token", said("send a token"))


@pytest.fixture
def stranger(memory_log):
    office = Office(memory_log, Programmes(memory_log, read_definition), lambda _: j.is_weekday)
    app = create_app(lambda: nullcontext(parts_on(office, identify=refuse)), AMPLE)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def guarded(described):
    """Yield the method and the address of everything that needs a token."""
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            if OPEN not in operation["tags"]:
                yield method.upper(), path.replace("{number}", "x")


def test_a_stranger_is_asked_for_a_token_before_anything_else(stranger, described):
    answers = {
        (method, path, wrong): stranger.request(method, path, **sent).json()["code"]
        for method, path in guarded(described)
        for wrong, sent in WRONG.items()
    }
    assert len(answers) > 80 * len(WRONG)
    assert {asked: code for asked, code in answers.items() if code != "unauthenticated"} == {}
