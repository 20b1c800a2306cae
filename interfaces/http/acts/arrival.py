"""Bodies of the acts of referral and intake."""

from typing import Any

from pydantic import Field

from interfaces.http.acts.fields import Body, Id, Name, Names, NewId, Said, given, maybe
from interfaces.http.acts.values import Facts, Situation


class Refer(Body):
    """A client is referred to a programme: a journey begins."""

    journey: NewId | None = maybe(None, "oulu-2025-0042")
    """An id for the journey that your system gives; one is made where it is left out."""
    programme: Id = given("duunipolku")
    """The code of the programme."""
    client: Id = given("c-1042")
    """The id of the client."""
    from_organisation: Id = given("tampere")
    """The organisation that refers: your own, whether it takes part in the programme or not."""
    to_organisation: Id = given("tampere")
    """The organisation that is to take the client in; it takes part in the programme."""
    channel: Name = given("employment-services")
    """The way the client comes, in a code of the programme's definition."""
    service_line: Name | None = maybe(None, "service-line-2")
    """The line of service that the client comes from, in a code of the definition."""
    existing_plan: Said | None = maybe("Employment plan of February: full-time work by summer")
    """What an employment plan says that the client brings along."""
    need_definition: Said | None = maybe("Needs a new trade and help with applications")
    """What a definition of service needs says that the client brings along."""
    opening_reason: Said | None = maybe(None, "The client came to our desk today")
    """Why you refer a client who is registered and not in your scope; an audit shows it."""

    def fields(self) -> dict[str, Any]:
        """Return the fields of the decision; the programme, the id and the reason are not."""
        said = super().fields()
        for name in ("programme", "journey", "opening_reason"):
            said.pop(name, None)
        return said


class AssessEligibility(Body):
    """The rules in force on the day are put to the facts; a no is recorded as well as a yes."""

    given: Facts | None = Field(
        default=None, examples=[{"unemployed_since": "2024-01-15", "needs_more_guidance": True}]
    )
    """Facts that you state. Others are taken from the journey and the client register."""


class AcceptReferral(Body):
    """The organisation takes the client in."""


class DeclineReferral(Body):
    """The organisation does not take the client in."""

    reason: Said = given("The client moves to another town next month.")
    """Why not."""


class AssignCaseWorker(Body):
    """A person of the responsible organisation answers for the journey from now on."""

    person: Id = given("worker-7")
    """The id of the case worker."""
    organisation: Id = given("kuopio")
    """The case worker's organisation."""


class HoldIntakeInterview(Body):
    """The first interview was held."""

    situation: Situation = given(
        {"employment": "unemployed", "unemployed_since": "2024-11-15", "education": 3}
    )
    """What the client told of the situation."""
    note: Said | None = maybe("Wants to work with the hands, outdoors if possible.")
    """What else was said, for those who work with the client."""


class DefineServiceNeeds(Body):
    """What the client needs was found out."""

    needs: Names = given(["vocational-training"], min_length=1)
    """The needs, in codes of the programme's definition."""
    service_line: Name | None = maybe(None, "service-line-2")
    """The line of service that is right for the client, in a code of the definition."""
    note: Said | None = maybe("Training first, then a work try-out.")
    """What else is to be known of the needs."""
