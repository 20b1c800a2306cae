"""Which of many persons are behind a number, in little memory: journeys come in no order of them.

A million persons take an eighth of a megabyte for each number; a set of their ids takes 40 or more.
"""

from collections.abc import Iterable


class Headcount:
    """Some of all persons, who are numbered from 0 on."""

    __slots__ = ("_bits",)

    def __init__(self, persons: Iterable[int] = ()) -> None:
        """Count these."""
        self._bits = bytearray()
        for person in persons:
            self.add(person)

    def add(self, person: int) -> None:
        """Count a person, once."""
        place, bit = divmod(person, 8)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        self._bits[place] |= 1 << bit

    def __or__(self, other: "Headcount") -> "Headcount":
        """Return those who are in the one or in the other."""
        both = self._number() | other._number()
        made = Headcount()
        made._bits = bytearray(both.to_bytes((both.bit_length() + 7) // 8, "little"))
        return made

    def __len__(self) -> int:
        """Return how many persons they are."""
        return self._number().bit_count()

    def _number(self) -> int:
        return int.from_bytes(self._bits, "little")
