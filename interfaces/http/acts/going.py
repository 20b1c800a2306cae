"""Bodies of the acts of any phase: phases, handovers, deadlines, pauses, and the end."""

from typing import Annotated

from domain.definition import DESTINATIONS, END_STATES, Phase
from domain.facts import RESPONDENTS
from interfaces.http.acts.fields import (
    Body,
    Day,
    Id,
    Name,
    Names,
    Said,
    Version,
    given,
    maybe,
    one_of,
)
from interfaces.http.acts.values import Answers


class EnterPhase(Body):
    """The journey enters a phase."""

    phase: Phase = given("training")
    """The phase."""
    override: Names | None = maybe(None, ["plan-agreed"])
    """Requirements (their ids) that are set aside by somebody who may."""
    reason: Said | None = maybe(None, "The course begins tomorrow; the plan is signed next week.")
    """Why requirements are set aside: needed where there are any."""


class RequestHandover(Body):
    """Another organisation is asked to take over."""

    to_organisation: Id = given("state-office")
    """The organisation that is asked; it takes part in the programme."""
    reason: Said = given("The client moves to the state office's services.")
    """Why it is to take over."""
    brief: Said | None = maybe("Plan agreed in March; the course goes on until June.")
    """What who takes over needs to know."""


class AcceptHandover(Body):
    """The organisation that was asked takes over."""

    person: Id = given("officer-2")
    """The id of who answers for the journey from that day."""


class DeclineHandover(Body):
    """The organisation that was asked does not take over."""

    reason: Said = given("The client does not live in our area.")
    """Why not."""


class GiveFeedback(Body):
    """The client, an employer or the network gives feedback."""

    respondent: Annotated[str, one_of(RESPONDENTS)] = given("client")
    """Whose feedback it is; a client gives their own."""
    questionnaire: Name = given("feedback")
    """The questionnaire, in a code of the programme's definition."""
    questionnaire_version: Version = given(1)
    """The version of the questionnaire."""
    answers: Answers = given([{"question": "q1", "value": 5}])
    """The answers, one a question."""


class ExemptDeadline(Body):
    """A deadline is lifted."""

    deadline: Name = given("first-interview/2")
    """The deadline, as the journey's page names it."""
    reason: Name = given("illness")
    """Why, in a code of the programme's definition."""
    note: Said | None = maybe("Sick leave until April")
    """What else is to be known."""


class MoveDeadline(Body):
    """A deadline is moved to another day."""

    deadline: Name = given("first-interview/2")
    """The deadline, as the journey's page names it."""
    due: Day = given("2025-04-15")
    """The day until which there is time now."""
    reason: Said = given("The client is abroad until the tenth.")
    """Why it is moved."""


class Pause(Body):
    """The journey rests, and its clocks stand still."""

    reason: Said = given("Parental leave")
    """Why it rests."""
    until: Day | None = maybe("2025-09-01")
    """The day until which it is thought to rest."""


class Resume(Body):
    """The journey goes on, and its clocks run again."""


class AdoptDefinition(Body):
    """The journey goes on under another version of its programme's definition."""

    definition_version: Version = given(2)
    """The version."""
    reason: Said = given("The new rules are better for the client.")
    """Why it is adopted."""


class Close(Body):
    """The journey ends."""

    end_state: Annotated[str, one_of(END_STATES)] = given("completed")
    """How it ends; one of those that the programme's definition has."""
    destination: Annotated[str, one_of(DESTINATIONS)] = given("employment")
    """Where the client goes; one that goes with the end state in the definition."""
    reason: Said | None = maybe("A permanent job at the placement's employer")
    """What else is to be known of the end."""


class Reopen(Body):
    """A closed journey is opened again."""

    reason: Said = given("The job ended in the trial period.")
    """Why it is opened again."""
