"""Bodies of corrections, retractions, and the review of decisions that leaned on what was wrong."""

from typing import Any

from interfaces.http.acts.events import EventSaid
from interfaces.http.acts.fields import Body, Name, Said, Version, YesNo, given, maybe


class Correct(Body):
    """An entry should have said something else, or happened on another day."""

    entry: Version = given(3)
    """The entry's number (its version) in the history."""
    event: EventSaid = given(
        {
            "kind": "intake-interview-held",
            "occurred_on": "2025-03-04",
            "fields": {"situation": {"employment": "unemployed", "unemployed_since": "2024-12-01"}},
        }
    )
    """The whole event as it should have been, with the day it really happened."""
    reason: Said = given("The date of the notice was read wrongly.")
    """Why it is corrected."""

    def fields(self) -> dict[str, Any]:
        """Return the fields of the decision."""
        said: dict[str, Any] = {"event": self.event.fields.event()}
        if self.event.occurred_on is not None:
            said["occurred_on"] = self.event.occurred_on
        return {"entry": self.entry, **said, "reason": self.reason}


class Retract(Body):
    """An entry should never have been recorded."""

    entry: Version = given(3)
    """The entry's number (its version) in the history."""
    reason: Said = given("Recorded for another client.")
    """Why it is retracted."""


class ReviewDecision(Body):
    """Somebody looked again at a decision that had relied on a fact corrected since."""

    correction: Version = given(9)
    """The number of the entry that corrected the fact."""
    entry: Version | None = maybe(4)
    """The number of the decision's entry; left out for a deadline."""
    deadline: Name | None = maybe(None, "first-interview/2")
    """The deadline, where it is one that relied on the fact."""
    upheld: YesNo = given(True)
    """Whether the decision stands."""
    reason: Said = given("The client is eligible by the right date too.")
    """Why."""
