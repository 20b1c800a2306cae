"""Who works where: a few made-up persons in each organisation, the same in every run."""

from random import Random

from application.simulation.names import NAMES
from domain.definition import Definition
from domain.entry import By

WORKERS = 5
"""How many persons of an organisation work for the programme."""

_INITIALS = "aehjklmprst"


class Staff:
    """The persons who act for the organisations of a programme."""

    def __init__(self, definition: Definition) -> None:
        names = NAMES.get(definition.country, NAMES["FI"])
        rng = Random(f"staff of {definition.programme}")  # noqa: S311 - play, not a secret
        persons = [_id(initial, name) for name in names.families for initial in _INITIALS]
        rng.shuffle(persons)
        self._at: dict[str, list[str]] = {
            organisation.code: [
                persons[(place * WORKERS + n) % len(persons)] for n in range(WORKERS)
            ]
            for place, organisation in enumerate(definition.organisations)
        }

    def anybody(self, rng: Random, organisation: str, *, but: str = "") -> By:
        """Return a person of the organisation, another than `but`."""
        known = self._at.get(organisation) or [f"office of {organisation}"]
        others = [person for person in known if person != but] or known
        return By(rng.choice(others), organisation)

    def lead(self, organisation: str) -> By:
        """Return the person of the organisation who leads the others."""
        return By(self._at.get(organisation, [f"office of {organisation}"])[0], organisation)


def _id(initial: str, family_name: str) -> str:
    plain = family_name.lower().replace("ä", "a").replace("ö", "o").replace(" ", "")
    return f"{initial}.{plain}"
