"""The kinds of personal data that consent is given to: their names alone, which events may use."""

from enum import StrEnum


class DataKind(StrEnum):
    """A kind of data about a client.

    `IDENTITY` is who the client is, and what was decided on keeping the data. `COURSE` is how the
    journey goes on (referral, phases, hands, deadlines, pauses, its end): who shares the journey
    shares it.
    """

    IDENTITY = "identity"
    CONTACT = "contact"
    COURSE = "course"
    SITUATION = "situation"
    COMPETENCES = "competences"
    PLAN = "plan"
    SERVICES = "services"
    PLACEMENTS = "placements"
    FOLLOW_UP = "follow-up"
