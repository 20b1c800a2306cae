"""Who works with a client."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class TeamMemberJoined:
    """A person of a partner joined the client's team."""

    person: str
    organisation: str
    role: str


@dataclass(frozen=True, slots=True)
class TeamMemberLeft:
    """A person left the client's team."""

    person: str
    organisation: str


TeamEvent: TypeAlias = TeamMemberJoined | TeamMemberLeft
