"""A way to ask for an act, and what many of them are made of."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from domain.definition import Coded
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.act import Act
from domain.journey.history import History
from domain.policy import RuleOutcome
from domain.wording import Wording, said

Fields: TypeAlias = Mapping[str, Any]
NOTHING: Fields = MappingProxyType({})


class Asked(NamedTuple):
    """The journey, the circumstances, and the versions of the definition that are published."""

    history: History
    act: Act
    versions: tuple[int, ...]


def silent(_attempt: int) -> Fields:
    """Make nothing up."""
    return NOTHING


class Way(NamedTuple):
    """One way to ask for an act.

    `fields` is what makes it this way and no other. Any of the `codes` goes with it, and so does
    any of `optional`, or nothing; one that ends in * stands for all that begin so. `free` makes up
    the rest, at a second attempt something else: to repeat what was recorded records nothing, and
    says little about what could be. `none` says that there is nothing to choose from, where the
    value is no more than a stand-in. `unchanged` marks a way that says what was recorded already:
    the decision need only not refuse it. `requirements` are those of a phase that are not met.
    """

    fields: Fields = NOTHING
    codes: Mapping[str, tuple[Any, ...]] = NOTHING
    optional: Mapping[str, tuple[Any, ...]] = NOTHING
    free: Callable[[int], Fields] = silent
    none: Wording | None = None
    unchanged: bool = False
    requirements: tuple[RuleOutcome, ...] = ()

    def whole(self, attempt: int) -> dict[str, Any]:
        """Return every field of the act, as its decision takes them."""
        known = {name: some for name, some in self.codes.items() if not _begins(some)}
        first = {name: _first(name, some) for name, some in known.items()}
        return {**self.free(attempt), **first, **self.fields}


Ways: TypeAlias = Iterable[Way]

_SEVERAL = frozenset({"needs"})
"""Fields that take any number of the codes."""


def _begins(some: tuple[Any, ...]) -> bool:
    return any(str(value).endswith("*") for value in some)


def _first(name: str, some: tuple[Any, ...]) -> Any:
    return some[:1] if name in _SEVERAL else next(iter(some), "")


WORDS = ("as agreed", "as talked over")


def texts(*names: str) -> Callable[[int], Fields]:
    """Return what makes up these texts."""
    return lambda attempt: {name: Personal(WORDS[attempt]) for name in names}


def texts_at_will(*names: str) -> Callable[[int], Fields]:
    """Return what makes up texts that the act can do without: at a second attempt alone.

    What cannot be told in words, as of a client who was erased, may yet be told without them.
    """
    return lambda attempt: texts(*names)(attempt) if attempt else NOTHING


def words(attempt: int) -> str:
    """Return what a person could write."""
    return WORDS[attempt]


def codes_of(coded: Iterable[Coded]) -> tuple[str, ...]:
    """Return the codes alone."""
    return tuple(c.code for c in coded)


def each(name: str, among: Iterable[Any], none: Wording, **rest: Any) -> Ways:
    """Return a way for each value of a field; one with a stand-in where there is none."""
    ways = [Way({name: value}, **rest) for value in among]
    return ways or (Way({name: ""}, none=none, **rest),)


def participants(act: Act) -> list[str]:
    """Return the organisations that take part on the day."""
    return [p.code for p in act.definition.organisations if p.takes_part(act.on)]


def person(asked: Asked, name: str) -> Callable[[int], Fields]:
    """Return what makes up a person, under this name."""
    worker = asked.act.by.person
    return lambda attempt: {name: (worker, f"{worker}, or another")[attempt]}


def answers(attempt: int) -> Fields:
    """Make up an answer."""
    return {"answers": (e.Answer("1", float(attempt)),)}


NO_QUESTIONNAIRE = said("the definition has no questionnaire")


def signatories(asked: Asked, attempt: int) -> tuple[e.Signatory, ...]:
    """Make up who signs: the client, and a worker."""
    client, worker = asked.history.journey.client, asked.act.by.person
    return (e.Signatory(client, "client"), e.Signatory(worker, ("case-worker", "worker")[attempt]))


def new_reference(code: str, taken: Iterable[str]) -> str:
    """Return a reference that the journey does not have."""
    names, number = set(taken), 1
    while f"{code}-{number}" in names:
        number += 1
    return f"{code}-{number}"
