"""What is wrong with a text that a person wrote as data, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault: the file, the line (counted from 1), the field by its path, and what to do.

    `field` is a path such as `phases[1].requires[0].rule`, empty for the text as a whole. `code`
    is stable; `message` is for a person.
    """

    file: str
    line: int
    field: str
    message: str
    code: str

    def __str__(self) -> str:
        """Return the fault on one line, as compilers write them."""
        where = f"{self.file}:{self.line}: "
        return f"{where}{self.field}: {self.message}" if self.field else where + self.message


class DefinitionFaults(Exception):
    """A programme definition cannot be used; `faults` are all that were found in one go."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
