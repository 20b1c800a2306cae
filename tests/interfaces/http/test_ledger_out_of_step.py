"""A log that was changed behind Polku's back takes nothing, and that is said as it is."""

from typing import Any

from tests.infrastructure.tampering import tampering
from tests.interfaces.http.acting import does, headers
from tests.interfaces.http.desk import (
    LEAD,
    Desk,
    desk,  # noqa: F401
)


def test_nothing_is_recorded_in_a_log_that_was_changed_and_reading_goes_on(
    desk: Desk,  # noqa: F811
    described: dict[str, Any],
) -> None:
    desk.refers("j-1", "client-1")
    desk.takes("j-1")
    desk.keep()
    url = desk.log.database.url.render_as_string(hide_password=False)
    with tampering(url) as tamper:
        tamper.run("DELETE FROM events WHERE position = (SELECT max(position) FROM events)")
    asking = desk.asks(LEAD)
    act = {"act": "pause", "journey": "j-1", "version": 3, "body": {"reason": "ill"}}
    answers = [
        does(asking, "j-1", "pause", 3, reason="ill"),
        asking.post("/batch", json={"mode": "all", "acts": [act]}, headers=headers()),
    ]
    for answer in answers:
        told = answer.json()
        assert (answer.status_code, told["code"]) == (503, "ledger-out-of-step")
        assert "`polku audit verify`" in told["detail"]
        assert "retry-after" not in answer.headers
    assert asking.get("/journeys/j-1").status_code == 200
    unavailable = described["components"]["responses"]["Unavailable"]
    assert "ledger-out-of-step" in unavailable["content"]["application/problem+json"]["examples"]
