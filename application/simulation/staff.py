"""Who works where: a few made-up persons in each organisation, the same in every run."""

from random import Random

from application.simulation.names import NAMES
from domain.definition import Definition
from domain.entry import By

WORKERS = 5
"""How many persons of an organisation work for the programme."""


class Staff:
    """The persons who act for the organisations of a programme."""

    def __init__(self, definition: Definition) -> None:
        names = NAMES.get(definition.country, NAMES["FI"]).families
        self._at: dict[str, list[str]] = {}
        for organisation in definition.organisations:
            rng = Random(f"{definition.programme} {organisation.code}")  # noqa: S311 - play
            family = rng.sample(names, WORKERS)
            self._at[organisation.code] = [_id(name, organisation.code) for name in family]

    def anybody(self, rng: Random, organisation: str, *, but: str = "") -> By:
        """Return a person of the organisation, another than `but`."""
        known = self._at.get(organisation) or [_id("office", organisation)]
        others = [person for person in known if person != but] or known
        return By(rng.choice(others), organisation)

    def lead(self, organisation: str) -> By:
        """Return the person of the organisation who leads the others."""
        return By(self._at.get(organisation, [_id("office", organisation)])[0], organisation)


def _id(family_name: str, organisation: str) -> str:
    plain = family_name.lower().replace("ä", "a").replace("ö", "o").replace(" ", "")
    return f"{plain}@{organisation}"
