"""Acts of a batch that name what another of them makes.

Whatever is named is done first; else acts are done as they stand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from application.batch.items import Broken, Item, Outcome, ReferenceFailed, UnknownReference
from application.transact import digest_of
from domain.journey.events import Signatory
from domain.refusals import InvalidField
from domain.wording import Wording, said

REFERENCE = "$"


def _clients_in(
    told: Mapping[str, Any], id_of: Callable[[str, str, str], str], within: str = ""
) -> dict[str, Any]:
    """Return those of the fields that name clients, with ids in the place of references."""
    found: dict[str, Any] = {}
    if isinstance(told.get("client"), str):
        found["client"] = id_of("client", told["client"], f"{within}client")
    if "signatories" in told:
        signed: Sequence[Signatory] = told["signatories"]
        found["signatories"] = tuple(
            replace(one, person=id_of("client", one.person, f"{within}signatories[{n}].person"))
            for n, one in enumerate(signed)
        )
    return found


def _with_ids(item: Item, id_of: Callable[[str, str, str], str]) -> Item:
    """Return an item with what `id_of` gives for each kind, text and field that tells of whom."""
    said_now = dict(item.intention.fields)
    said_now |= _clients_in(said_now, id_of)
    event: Any = said_now.get("event")  # what a correction says instead
    if event is not None:
        told = {own.name: getattr(event, own.name) for own in fields(event)}
        said_now["event"] = replace(event, **_clients_in(told, id_of, "event."))
    of = id_of(item.kind, item.of, "")
    return replace(item, of=of, intention=replace(item.intention, fields=said_now))


def _named_by(item: Item | Broken) -> list[str]:
    """Return the names that an act gives."""
    found: list[str] = []

    def id_of(_kind: str, text: str, _field: str) -> str:
        if text.startswith(REFERENCE):
            found.append(text.removeprefix(REFERENCE))
        return text

    if isinstance(item, Item):
        _with_ids(item, id_of)
    return found


def in_turn(items: Sequence[Item | Broken]) -> list[int]:
    """Return the places of acts in the order in which they are done: what is named comes first.

    Of acts that name each other none can be first: they are left as they stand, and refused.
    """
    places: dict[str, int] = {}
    for place, item in enumerate(items):
        if item.name is not None:
            places.setdefault(item.name, place)
    wanted = [[places[name] for name in _named_by(item) if name in places] for item in items]
    order: dict[int, None] = {}
    for place in range(len(items)):
        under_way = [(place, iter(wanted[place]))]
        while under_way:
            at, rest = under_way[-1]
            further = next((one for one in rest if one not in order), None)
            if further is None:
                order.setdefault(at)
                under_way.pop()
            elif all(further != one for one, _ in under_way):
                under_way.append((further, iter(wanted[further])))
    return list(order)


@dataclass(frozen=True, slots=True)
class Names:
    """What the acts of a batch are called, for the act of a number: it can name those done before.

    `outcomes` are what became of these, `places` where each act stands in the batch as it came.
    """

    items: Sequence[Item | Broken]
    outcomes: Sequence[Outcome]
    number: int
    places: Sequence[int]

    def check(self, name: str | None) -> None:
        """Raise InvalidField where an act before is called so: a reference would be to either."""
        names = [item.name for item in self.items[: self.number]]
        if name is not None and name in names:
            item = self.places[names.index(name)]
            raise InvalidField("as", said("act {item} is called so too", item=item))

    def put_into(self, item: Item) -> Item:
        """Return the item with ids in the place of references; they are part of what it says.

        The same text is another request where it names what another batch made. Raises
        UnknownReference, ReferenceFailed.
        """
        named: list[str] = []

        def id_of(kind: str, text: str, field: str) -> str:
            if not text.startswith(REFERENCE):
                return text
            named.append(self._made(kind, text, field))
            return named[-1]

        found = _with_ids(item, id_of)
        return replace(found, said=digest_of(item.said, *named)) if named else found

    def _made(self, kind: str, text: str, field: str) -> str:
        """Return the id that a reference stands for. Raises UnknownReference, ReferenceFailed."""
        name = text.removeprefix(REFERENCE)
        for other in reversed(range(self.number)):
            if self.items[other].name == name:
                made = self.outcomes[other]
                if isinstance(made, Exception):
                    raise ReferenceFailed(name, self.places[other], field)
                found, _, id_ = made.stream.partition(":")
                if found == kind:
                    return id_
        raise UnknownReference(name, self._why_unknown(kind, name), field)

    def _why_unknown(self, kind: str, name: str) -> Wording:
        called = (n for n, item in enumerate(self.items) if item.name == name)
        number = next(called, None)
        if number is None:
            return said("no act of the batch is called {name}", name=name or REFERENCE)
        if number == self.number:
            return said("this act itself is called {name}: name another one", name=name)
        item = self.places[number]
        if number > self.number:
            return said(
                "act {item}, called {name}, hangs on this one in turn: neither can be first",
                item=item,
                name=name,
            )
        if kind == "client":
            return said(
                "act {item}, called {name}, is of a journey, and here a client is expected",
                item=item,
                name=name,
            )
        return said(
            "act {item}, called {name}, is of a client, and here a journey is expected",
            item=item,
            name=name,
        )
