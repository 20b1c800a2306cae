"""A journey while entries are folded into it: a changed copy for each of them would cost more."""

from typing import Any, Self

from domain.journey.state import BEFORE, Journey, Placement, ServiceCourse

_BEFORE = BEFORE._asdict()


class Growing:
    """Stands in for a journey where it is evolved, and is changed in place.

    Who evolves a journey reads it, and returns it with changes (`_replace`); nobody keeps what was
    before. So whole logs are folded through this, and each journey is made once, at the end.
    Services and placements stand by their references.
    """

    stay, stays_on, present_team = Journey.stay, Journey.stays_on, Journey.present_team

    def __init__(self, journey: Journey) -> None:
        self.__dict__.update(_BEFORE if journey is BEFORE else journey._asdict())
        self.services = {one.reference: one for one in journey.services}
        self.placements = {one.reference: one for one in journey.placements}

    def _replace(self, **changes: Any) -> Self:
        self.__dict__.update(changes)
        return self

    def service(self, reference: str) -> ServiceCourse | None:
        """Return the client's service with the reference."""
        return self.services.get(reference)

    def with_service(self, service: ServiceCourse) -> Self:
        """Put a service in the place of what was known of it, or at the end."""
        self.services[service.reference] = service
        return self

    def placement(self, reference: str) -> Placement | None:
        """Return the placement with the reference."""
        return self.placements.get(reference)

    def with_placement(self, placement: Placement) -> Self:
        """Put a placement in the place of what was known of it, or at the end."""
        self.placements[placement.reference] = placement
        return self

    def grown(self) -> Journey:
        """Return the journey as it is now."""
        known = {
            **self.__dict__,
            "services": tuple(self.services.values()),
            "placements": tuple(self.placements.values()),
        }
        return tuple.__new__(Journey, known.values())
