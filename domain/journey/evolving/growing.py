"""A journey while entries are folded into it: a changed copy for each of them would cost more."""

from typing import Any, Self

from domain.journey.state import BEFORE, Journey


class Growing:
    """Stands in for a journey where it is evolved, and is changed in place.

    Who evolves a journey reads it, and returns it with changes (`_replace`); nobody keeps what was
    before. So whole logs are folded through this, and each journey is made once, at the end.
    """

    service, placement, stay = Journey.service, Journey.placement, Journey.stay
    stays_on, present_team = Journey.stays_on, Journey.present_team

    def __init__(self, journey: Journey) -> None:
        if journey is not BEFORE:
            self.__dict__.update(zip(Journey._fields, journey, strict=True))

    def _replace(self, **changes: Any) -> Self:
        self.__dict__.update(changes)
        return self

    def grown(self) -> Journey:
        """Return the journey as it is now."""
        return tuple.__new__(Journey, {**_BEFORE, **self.__dict__}.values())


_BEFORE = BEFORE._asdict()

for _name, _value in _BEFORE.items():
    setattr(Growing, _name, _value)
