"""What many answers have: codes with their titles, clients in a few words, what is withheld."""

from datetime import date

from typing_extensions import TypedDict

from interfaces.http.clocks import Told, listed


class Coded(Told):
    """A code, stable for programs, and its title in the language that was asked for."""

    code: str
    """The code, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""


class Withheld(Told):
    """A kind of data that is not shown to the one who asks, and why."""

    kind: Coded
    """The kind of data, and what it is called."""
    fields: list[str]
    """The fields of the answer that are empty because of it; none where entries are left out."""
    reason: str
    """Why it is not shown, in words."""


@listed
class ClientLink(TypedDict):
    """A client in a few words; the names are null where nobody registered them."""

    id: str
    """Its id, stable for programs."""
    given_name: str | None
    """The given name; null where nobody registered it."""
    family_name: str | None
    """The family name; null where nobody registered it."""
    born: date | None
    """The day of birth; null where nobody told it."""
    goes_by: str | None
    """The id that the person goes by, where this one was merged into it; else null."""


AINO = {
    "id": "c-1042",
    "given_name": "Aino",
    "family_name": "Mäkinen",
    "born": "1991-05-17",
    "goes_by": None,
}
"""A client, as the examples of answers have one."""
